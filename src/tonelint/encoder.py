"""The encoder tagger: a small transformer in ONNX, run by onnxruntime. No torch."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tonelint import encoding
from tonelint.errors import ModelError
from tonelint.tagging import TagInput
from tonelint.types import CATEGORIES, STANCES, Scores, Span
from tonelint.weights import ModelFolder

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

OUTPUTS = (*STANCES, *CATEGORIES, "keeper")
_BATCH = 32
_SHOWN = 0.2
"""Categories below this probability get no span: nobody will see it."""


@dataclass(frozen=True)
class EncoderTagger:
    """Scores by one pass of the encoder. ``scale`` and ``shift`` (each ``(16,)``) calibrate the logits."""

    folder: ModelFolder
    session: InferenceSession
    tokenizer: Tokenizer
    scale: npt.NDArray[np.float64]
    shift: npt.NDArray[np.float64]

    @classmethod
    def load(cls, folder: ModelFolder, *, threads: int | None = None) -> EncoderTagger:
        """From a verified folder. Raises ModelError if the model does not fit this version or cannot be loaded."""
        if folder.config.get("encoding") != encoding.VERSION or tuple(folder.config.get("outputs", ())) != OUTPUTS:
            raise ModelError(
                f"{folder.path}: made for another version of tonelint; train it again with `tonelint train`"
            )
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or min(4, os.cpu_count() or 1)
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(
                str(folder.path / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            tokenizer = Tokenizer.from_file(str(folder.path / "tokenizer.json"))
        except Exception as error:  # both libraries raise types of their own, none of which is public
            raise ModelError(f"{folder.path}: the model cannot be loaded ({error}); reinstall tonelint") from error
        calibration: Mapping[str, Sequence[float]] = folder.config["calibration"]
        return cls(folder, session, tokenizer, np.asarray(calibration["scale"]), np.asarray(calibration["shift"]))

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
        """One :class:`Scores` an input. Inputs of like length are run together."""
        encoded = encoding.encode(self.tokenizer, batch)
        found: list[Scores | None] = [None] * len(encoded)
        order = sorted(range(len(encoded)), key=lambda i: len(encoded[i].ids))
        for at in range(0, len(order), _BATCH):
            rows = order[at : at + _BATCH]
            ids, mask, types = encoding.pad([encoded[i] for i in rows])
            sentence, words = self.session.run(None, {"ids": ids, "mask": mask, "types": types})
            calibrated = sentence.astype(np.float64) * self.scale + self.shift
            for row, i in enumerate(rows):
                found[i] = _scores(calibrated[row], words[row], encoded[i])
        return [s for s in found if s is not None]


def _scores(row: npt.NDArray[np.float64], words: npt.NDArray[np.float32], item: encoding.Encoded) -> Scores:
    stance = np.exp(row[:3] - row[:3].max())
    stance /= stance.sum()
    rest = 1.0 / (1.0 + np.exp(-np.clip(row[3:], -30, 30)))
    own = words[item.first : item.first + len(item.offsets)]
    return Scores(
        stance=dict(zip(STANCES, stance.tolist(), strict=True)),
        categories=dict(zip(CATEGORIES, rest[:-1].tolist(), strict=True)),
        keeper=float(rest[-1]),
        spans={
            category: run(own[:, column], item.offsets)
            for column, category in enumerate(CATEGORIES)
            if rest[column] >= _SHOWN and len(item.offsets)
        },
    )


def run(evidence: npt.NDArray[np.float32], offsets: Sequence[Span]) -> tuple[Span, float]:
    """The run of word pieces with the greatest sum of log-odds, and its share of all positive evidence; never empty."""
    best, best_run, start, total = -np.inf, (0, 1), 0, 0.0
    for i, value in enumerate(evidence.tolist()):
        if total <= 0:
            start, total = i, 0.0
        total += value
        if total > best:
            best, best_run = total, (start, i + 1)
    positive = float(evidence.clip(min=0).sum())
    share = float(evidence[best_run[0] : best_run[1]].clip(min=0).sum()) / positive if positive > 0 else 0.0
    return Span(offsets[best_run[0]].start, offsets[best_run[1] - 1].end), share
