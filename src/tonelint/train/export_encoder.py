"""Export a fine-tuned encoder: ONNX, int8, calibrated, measured: ``python -m tonelint.train.export_encoder CHECKPOINT``."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from tonelint import __version__, encoding, weights
from tonelint.encoder import OUTPUTS, EncoderTagger
from tonelint.train import card, corpus, data, fit_linear, metrics
from tonelint.train.__main__ import digest
from tonelint.train.fit_encoder import Plan, ToneEncoder, base_folder, build_model, load_tokenizer, logits
from tonelint.types import CATEGORIES

PARITY = 1e-3
"""Greatest difference of a logit between torch and ONNX before quantisation."""
PATTERN_WEIGHT = 0.3


class Exported(nn.Module):
    """The encoder with its sentence heads joined: ``(batch, 16)`` and ``(batch, length, 12)`` logits."""

    def __init__(self, model: ToneEncoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of all heads."""
        stance, categories, keeper, words = self.model(ids, mask, types)
        return torch.cat([stance, categories, keeper], dim=-1), words


def to_onnx(model: ToneEncoder, sample: Sequence[encoding.Encoded], file: Path) -> float:
    """Write fp32 ONNX; returns the greatest difference of a logit from torch on ``sample``. Raises ValueError above :data:`PARITY`."""
    import onnxruntime

    exported = Exported(model.eval())
    inputs = tuple(torch.from_numpy(a) for a in encoding.pad(sample))
    names = ("ids", "mask", "types")
    axes = {name: {0: torch.export.Dim("batch"), 1: torch.export.Dim("length")} for name in names}
    torch.onnx.export(
        exported,
        inputs,
        str(file),
        input_names=list(names),
        output_names=["sentence", "words"],
        dynamic_shapes=axes,
        dynamo=True,
        external_data=False,
    )
    with torch.inference_mode():
        expected = exported(*inputs)[0].numpy()
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    found = session.run(None, dict(zip(names, encoding.pad(sample), strict=True)))[0]
    difference = float(np.abs(expected - found).max())
    if difference > PARITY:
        raise ValueError(f"ONNX differs from torch by {difference:.2e} (at most {PARITY})")
    return difference


def quantise(source: Path, target: Path) -> None:
    """Dynamic int8: weights to 8 bits, activations at run time."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=True, reduce_range=False)


def raw_logits(tagger: EncoderTagger, items: Sequence[Any]) -> np.ndarray[Any, Any]:
    """Uncalibrated logits of an exported model, shape ``(len(items), 16)``."""
    encoded = encoding.encode(tagger.tokenizer, items)
    out = np.zeros((len(items), len(OUTPUTS)))
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i].ids))
    for at in range(0, len(order), 64):
        rows = order[at : at + 64]
        ids, mask, types = encoding.pad([encoded[i] for i in rows])
        out[rows] = tagger.session.run(None, {"ids": ids, "mask": mask, "types": types})[0]
    return out


def export(checkpoint: Path, output: Path, *, base: str | None = None) -> dict[str, Any]:
    """Export ``checkpoint/best.pt`` to a model folder, calibrated on the validation part; returns its metrics."""
    folder = base_folder(base)
    model = build_model(folder, Plan())
    model.load_state_dict(torch.load(checkpoint / "best.pt", weights_only=True))
    tokenizer = load_tokenizer(folder)
    items = data.load()
    parts = {name: [s for s in items if s.split == name] for name in ("train", "validation", "test")}
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / "model.onnx"
        sample = encoding.encode(tokenizer, [s.item for s in parts["validation"][:16]])
        difference = to_onnx(model, sample, plain)
        output.mkdir(parents=True, exist_ok=True)
        for old in output.iterdir():
            old.unlink()
        quantise(plain, output / "model.onnx")
    source = Path(folder) / "tokenizer.json"
    if source.exists():
        shutil.copy(source, output / "tokenizer.json")
    else:
        tokenizer.save(str(output / "tokenizer.json"))
    config: dict[str, Any] = {
        "format": weights.FORMAT,
        "kind": "encoder",
        "encoding": encoding.VERSION,
        "outputs": list(OUTPUTS),
        "calibration": {"scale": [1.0] * len(OUTPUTS), "shift": [0.0] * len(OUTPUTS)},
        "thresholds": {},
        "pattern_thresholds": {},
        "pattern_weight": PATTERN_WEIGHT,
        "priors": {c: round(sum(c in s.findings for s in parts["train"]) / len(parts["train"]), 4) for c in CATEGORIES},
        "seed": 0,
        "data": digest(corpus.root()),
        "version": __version__,
        "files": {n: hashlib.sha256((output / n).read_bytes()).hexdigest() for n in ("model.onnx", "tokenizer.json")},
    }
    _write(output / "config.json", config)
    tagger = EncoderTagger.load(weights.load(str(output)))
    validation = [s.item for s in parts["validation"]]
    told = raw_logits(tagger, validation)
    loss = float(np.abs(told - logits(model, tokenizer, validation)).mean())
    scale, shift = fit_linear.calibrate(told, fit_linear.targets(parts["validation"]))
    config["calibration"] = {"scale": [round(float(x), 5) for x in scale], "shift": [round(float(x), 5) for x in shift]}
    _write(output / "config.json", config)
    tagger = EncoderTagger.load(weights.load(str(output)))
    scored = {name: tagger.tag([s.item for s in rows]) for name, rows in parts.items() if name != "train"}
    config["thresholds"] = metrics.thresholds(parts["validation"], scored["validation"], precision=0.8)
    _write(output / "config.json", config)
    results: dict[str, Any] = {name: metrics.table(parts[name], scored[name], config["thresholds"]) for name in scored}
    text = card.text(config, results, counts={k: len(v) for k, v in parts.items()})
    results["export"] = {"torch_to_onnx": difference, "int8_mean_logit_change": loss}
    _write(output / "metrics.json", results)
    (output / "README.md").write_text(text, encoding="utf-8")
    return results


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m tonelint.train.export_encoder")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--output", type=Path, default=corpus.root().parent / "models" / "tone")
    parser.add_argument("--base")
    options = parser.parse_args(arguments)
    results = export(options.checkpoint, options.output, base=options.base)
    print(json.dumps({k: v for k, v in results.items() if k != "rules"}, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
