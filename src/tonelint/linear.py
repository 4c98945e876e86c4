"""The linear tagger: hashed n-grams of the sentence and its context, weights as plain arrays, evaluated in numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from tonelint import features
from tonelint.errors import ModelError
from tonelint.tagging import TagInput
from tonelint.tokens import Tokens
from tonelint.types import CATEGORIES, STANCES, Scores, Span
from tonelint.weights import ModelFolder

OUTPUTS = (*STANCES, *CATEGORIES, "keeper")
_SHOWN = 0.2
"""Categories below this probability get no span: nobody will see it."""


@dataclass(frozen=True)
class LinearTagger:
    """Scores by one matrix. ``weights`` has shape ``(features.SIZE, len(OUTPUTS))``; ``scale`` and ``shift`` (each
    ``(len(OUTPUTS),)``) calibrate the logits (temperature for the stance, Platt for the rest)."""

    folder: ModelFolder
    weights: npt.NDArray[np.float32]
    scale: npt.NDArray[np.float32]
    shift: npt.NDArray[np.float32]

    @classmethod
    def load(cls, folder: ModelFolder) -> LinearTagger:
        """From a verified folder. Raises ModelError if the arrays do not fit this version."""
        if folder.config.get("features") != features.VERSION or tuple(folder.config.get("outputs", ())) != OUTPUTS:
            raise ModelError(
                f"{folder.path}: made for another version of tonelint's features; train it again with `tonelint train`"
            )
        file = folder.path / "weights.npz"
        if file.name not in folder.config["files"]:
            raise ModelError(f"{file}: config.json gives no sha256 of it; train it again with `tonelint train`")
        try:
            with file.open("rb") as data, np.load(data, allow_pickle=False) as arrays:
                weights, scale, shift = (arrays[name].astype(np.float32) for name in ("weights", "scale", "shift"))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise ModelError(f"{file}: cannot be read ({error}); train it again with `tonelint train`") from error
        if weights.shape != (features.SIZE, len(OUTPUTS)) or {scale.shape, shift.shape} != {(len(OUTPUTS),)}:
            raise ModelError(f"{file}: weights of shape {weights.shape}; train it again with `tonelint train`")
        return cls(folder, weights, scale, shift)

    @property
    def identity(self) -> str:
        """Hash of the weights."""
        return self.folder.identity

    @property
    def weight(self) -> float:
        """From the model's ``config.json``."""
        return self.folder.weight

    def threshold(self, category: str) -> float:
        """From the model's ``config.json``."""
        return self.folder.threshold(category)

    def pattern_threshold(self, category: str) -> float:
        """From the model's ``config.json``."""
        return self.folder.pattern_threshold(category)

    def precision(self, code: str) -> tuple[int, float] | None:
        """From the model's ``metrics.json``."""
        return self.folder.precision(code)

    def prior(self, category: str) -> float:
        """From the model's ``config.json``."""
        return self.folder.prior(category)

    def tag(self, batch: Sequence[TagInput]) -> list[Scores]:
        """One :class:`Scores` an input."""
        return [self._score(item) for item in batch]

    def _score(self, item: TagInput) -> Scores:
        ids, owners, tokens = features.features(item)
        rows = self.weights[ids] / np.float32(np.sqrt(len(ids)))
        logits = rows.sum(axis=0) * self.scale + self.shift
        stance = np.exp(logits[:3] - logits[:3].max())
        stance /= stance.sum()
        rest = 1.0 / (1.0 + np.exp(-np.clip(logits[3:], -30, 30)))
        categories = {name: float(p) for name, p in zip(CATEGORIES, rest, strict=False)}
        return Scores(
            stance={name: float(p) for name, p in zip(STANCES, stance, strict=True)},
            categories=categories,
            keeper=float(rest[-1]),
            spans={
                name: words
                for column, name in enumerate(CATEGORIES, len(STANCES))
                if categories[name] >= _SHOWN and (words := _heaviest(rows[:, column], owners, tokens)) is not None
            },
        )


def _heaviest(
    evidence: npt.NDArray[np.float32], owners: npt.NDArray[np.int32], tokens: Tokens
) -> tuple[Span, float] | None:
    """The run of tokens with the greatest sum of evidence above the sentence's mean, and its share of all positive evidence."""
    count = len(tokens)
    if not count:
        return None
    own = np.zeros(count, dtype=np.float32)
    inside = owners >= 0
    np.add.at(own, owners[inside], evidence[inside])
    centred = own - max(float(own.mean()), 0.0)
    best, best_run, start, total = 0.0, (0, count), 0, 0.0
    for i, value in enumerate(centred):
        if total <= 0:
            start, total = i, 0.0
        total += float(value)
        if total > best:
            best, best_run = total, (start, i + 1)
    positive = float(own[own > 0].sum())
    share = float(own[best_run[0] : best_run[1]].clip(min=0).sum()) / positive if positive > 0 else 0.0
    return Span(tokens.starts[best_run[0]], tokens.ends[best_run[1] - 1]), share
