"""``python -m tonelint.train``: the corpus in, ``models/tone`` out."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tonelint.errors import TonelintError
from tonelint.train import corpus, require
from tonelint.types import CATEGORIES

PRECISION = 0.8
"""Precision on the validation part that a category's threshold is set for."""
ALONE = 0.97
PATTERN_WEIGHT = 0.15
"""How far the words of a linear model may move a pattern: on validation no more pays (benchmarks/examples_with_model.py)."""
STRENGTHS = (3.0, 10.0, 30.0, 100.0)


def digest(folder: Path) -> str:
    """sha256 of the corpus, so that a model says what it was trained on."""
    total = hashlib.sha256()
    for name in ("messages", "exchanges", "contrasts"):
        path = folder / f"{name}.jsonl"
        total.update(path.read_bytes() if path.exists() else b"")
    return total.hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the training; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tonelint.train", description="Build the models again from training_data/."
    )
    parser.add_argument("--data", type=Path, default=corpus.root(), help="folder with the corpus")
    parser.add_argument(
        "--output", type=Path, default=corpus.root().parent / "models" / "tone", help="model folder to write"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        require("sklearn", "scipy")
        return build(options.data, options.output, seed=options.seed)
    except TonelintError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def build(folder: Path, output: Path, *, seed: int) -> int:
    """Fit, calibrate, export and measure the linear model."""
    import numpy as np

    from tonelint import __version__, features
    from tonelint.linear import OUTPUTS, LinearTagger
    from tonelint.train import card, data, fit_linear, metrics
    from tonelint.weights import FORMAT, load

    started = time.monotonic()
    labelled = data.load(folder)
    parts = {name: [s for s in labelled if s.split == name] for name in ("train", "validation", "test")}
    train = parts["train"] + data.without_roles(parts["train"])
    for row, sides in data.contrasts(folder):
        if row["split"] == "train":
            train += sides
    print(f"{len(train)} training rows, {len(parts['validation'])} validation, {len(parts['test'])} test", flush=True)
    best: tuple[float, float, Any] | None = None
    for strength in STRENGTHS:
        fitted = fit_linear.fit(train, parts["validation"], strength=strength, seed=seed)
        logits = fit_linear.matrix(parts["validation"]) @ fitted.weights * fitted.scale + fitted.shift
        quality = metrics.kappa(
            [s.stance for s in parts["validation"]],
            [metrics.STANCES[i] for i in np.asarray(logits)[:, :3].argmax(axis=1)],
        ) + metrics.average_precision(fit_linear.targets(parts["validation"])[:, 3:-1], np.asarray(logits)[:, 3:-1])
        print(f"strength {strength}: kappa + mean average precision on validation {quality:.3f}", flush=True)
        if best is None or quality > best[0]:
            best = (quality, strength, fitted)
    if best is None:
        raise TonelintError(f"{folder}: the corpus is empty")
    _, strength, fitted = best
    output.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        output / "weights.npz",
        weights=fitted.weights.astype(np.float16),
        scale=fitted.scale.astype(np.float32),
        shift=fitted.shift.astype(np.float32),
    )
    config: dict[str, Any] = {
        "format": FORMAT,
        "kind": "linear",
        "features": features.VERSION,
        "outputs": list(OUTPUTS),
        "thresholds": {},
        "pattern_thresholds": {},
        "pattern_weight": PATTERN_WEIGHT,
        "priors": {c: round(sum(c in s.findings for s in parts["train"]) / len(parts["train"]), 4) for c in CATEGORIES},
        "strength": strength,
        "seed": seed,
        "data": digest(folder),
        "version": __version__,
        "files": {"weights.npz": hashlib.sha256((output / "weights.npz").read_bytes()).hexdigest()},
    }
    _write(output / "config.json", config)
    tagger = LinearTagger.load(load(str(output)))
    scored = {name: tagger.tag([s.item for s in rows]) for name, rows in parts.items() if name != "train"}
    learnt = metrics.thresholds(parts["validation"], scored["validation"], precision=PRECISION)
    # a model that sees words and no sense moves patterns, and speaks alone only where it is all but certain
    config["thresholds"] = {category: max(value, ALONE) for category, value in learnt.items()}
    _write(output / "config.json", config)
    results = {name: metrics.table(parts[name], scored[name], config["thresholds"]) for name in scored}
    _write(output / "metrics.json", results)
    (output / "README.md").write_text(
        card.text(config, results, counts={k: len(v) for k, v in parts.items()}), encoding="utf-8"
    )
    print(json.dumps(results["validation"], indent=1))
    print(f"done in {time.monotonic() - started:.0f} s")
    return 0


def _write(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
