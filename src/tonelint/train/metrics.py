"""Figures on labelled sentences: agreement, calibration, precision and recall by category, spans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tonelint.train.data import Labelled
from tonelint.types import CATEGORIES, STANCES, Scores

__all__ = ["STANCES", "average_precision", "calibration_error", "f1", "kappa", "table", "thresholds"]


def kappa(gold: Sequence[str], told: Sequence[str]) -> float:
    """Cohen's kappa; 1.0 where chance agreement is already complete."""
    n = len(gold)
    observed = sum(a == b for a, b in zip(gold, told, strict=True)) / n
    left, right = Counter(gold), Counter(told)
    expected = sum(left[k] * right[k] for k in left) / n**2
    return (observed - expected) / (1 - expected) if expected < 1 else 1.0


def f1(hits: int, false: int, missed: int) -> dict[str, float]:
    """Precision, recall and F1 from counts; 0 where undefined. ``support`` is the number of gold cases."""
    precision = hits / (hits + false) if hits + false else 0.0
    recall = hits / (hits + missed) if hits + missed else 0.0
    both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": both, "support": hits + missed}


def calibration_error(points: Sequence[tuple[float, bool]], *, bins: int = 10) -> float:
    """Expected calibration error of ``(probability, right)`` points over equal-width bins."""
    total = 0.0
    for k in range(bins):
        inside = [(p, ok) for p, ok in points if k / bins < p <= (k + 1) / bins]
        if inside:
            total += abs(sum(p for p, _ in inside) - sum(ok for _, ok in inside))
    return total / len(points) if points else 0.0


def average_precision(gold: npt.NDArray[np.int8], logits: npt.NDArray[np.float64]) -> float:
    """Mean over columns of the average precision; columns without a positive are left out."""
    values = []
    for column in range(gold.shape[1]):
        if not gold[:, column].any():
            continue
        order = np.argsort(-logits[:, column], kind="stable")
        right = gold[order, column]
        precision = np.cumsum(right) / np.arange(1, len(right) + 1)
        values.append(float((precision * right).sum() / right.sum()))
    return float(np.mean(values)) if values else 0.0


def thresholds(items: Sequence[Labelled], scores: Sequence[Scores], *, precision: float) -> dict[str, float]:
    """By category, the lowest probability at and above which precision holds on these sentences; between 0.5 and 0.9."""
    found = {}
    for category in CATEGORIES:
        pairs = sorted(
            ((s.categories[category], category in i.findings) for i, s in zip(items, scores, strict=True)), reverse=True
        )
        best, right = 0.9, 0
        for rank, (probability, ok) in enumerate(pairs, 1):
            right += ok
            if rank >= 5 and right / rank >= precision:
                best = probability
        found[category] = round(min(max(best, 0.5), 0.9), 3)
    return found


def table(items: Sequence[Labelled], scores: Sequence[Scores], limits: Mapping[str, float]) -> dict[str, Any]:
    """All figures of the model alone (no phrase rules) on labelled sentences."""
    if not items:
        return {"sentences": 0}
    gold, told = [i.stance for i in items], [s.label for s in scores]
    counts = {c: Counter[str]() for c in CATEGORIES}
    spans: list[bool] = []
    for item, score in zip(items, scores, strict=True):
        for category in CATEGORIES:
            said, true = score.categories[category] >= limits[category], category in item.findings
            counts[category]["hit" if said and true else "false" if said else "missed" if true else "quiet"] += 1
            if said and true and category in score.spans:
                mine = score.spans[category][0]
                spans.append(
                    any(
                        _overlap((mine.start, mine.end), (s.start, s.end)) > 0.5 for c, s in item.spans if c == category
                    )
                )
    total = sum(counts.values(), Counter[str]())
    words = sum(len(i.item.text.split()) for i in items)
    stances = {
        s: f1(
            sum(a == b == s for a, b in zip(gold, told, strict=True)),
            sum(b == s != a for a, b in zip(gold, told, strict=True)),
            sum(a == s != b for a, b in zip(gold, told, strict=True)),
        )
        for s in STANCES
    }
    return {
        "sentences": len(items),
        "stance": {
            "accuracy": sum(a == b for a, b in zip(gold, told, strict=True)) / len(gold),
            "kappa": kappa(gold, told),
            "macro_f1": sum(v["f1"] for v in stances.values()) / len(stances),
            "calibration_error": calibration_error(
                [(s.stance[s.label], s.label == i.stance) for i, s in zip(items, scores, strict=True)]
            ),
            "per_class": stances,
        },
        "findings": {
            "micro": f1(total["hit"], total["false"], total["missed"]),
            "false_alarms_per_1000_words": 1000 * total["false"] / words,
            "span_iou_over_half": sum(spans) / len(spans) if spans else None,
            "per_category": {c: f1(n["hit"], n["false"], n["missed"]) for c, n in counts.items()},
        },
    }


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Intersection over union of two runs."""
    shared = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return shared / (max(a[1], b[1]) - min(a[0], b[0])) if shared else 0.0
