"""From sentences to scores: the one door to every model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from tonelint.errors import ModelError
from tonelint.types import Scores


@dataclass(frozen=True, slots=True)
class TagInput:
    """A sentence and the context that a careful annotator would look at. Texts are view texts."""

    text: str
    previous: str = ""
    next: str = ""
    role: str = "body"
    position: float = 0.0
    """Place in the message, 0 (first) … 1 (last)."""
    channel: str = "service"
    heading: str = ""
    """The heading or list lead-in that it stands under."""


def in_context(sentences: Sequence[tuple[str, str]], *, channel: str) -> list[TagInput]:
    """What a tagger sees of the ``(text, role)`` sentences of one message, in order."""
    last = max(1, len(sentences) - 1)
    inputs, heading = [], ""
    for i, (text, role) in enumerate(sentences):
        inputs.append(
            TagInput(
                text=text,
                previous=sentences[i - 1][0] if i else "",
                next=sentences[i + 1][0] if i + 1 < len(sentences) else "",
                role=role,
                position=i / last,
                channel=channel,
                heading="" if role == "heading" else heading,
            )
        )
        if role == "heading" or text.rstrip().endswith(":"):
            heading = text
    return inputs


@runtime_checkable
class Tagger(Protocol):
    """Anything that scores sentences. Must be safe to share between threads."""

    @property
    def identity(self) -> str:
        """A short name that changes whenever the scores could (a hash of the weights); part of cache keys."""
        ...

    def tag(self, batch: Sequence[TagInput]) -> list[Scores]:
        """One :class:`Scores` an input, in order."""
        ...

    @property
    def weight(self) -> float:
        """How much the model's evidence counts beside a pattern's, 0 (not at all) … 1 (as its probabilities say)."""
        ...

    def threshold(self, category: str) -> float:
        """The probability 0…1 from which the model alone raises a finding of this category."""
        ...

    def pattern_threshold(self, category: str) -> float:
        """The joined confidence 0…1 from which a pattern's finding of this category is reported."""
        ...

    def precision(self, code: str) -> tuple[int, float] | None:
        """Hits and precision 0…1 of a rule on the corpus's validation part; None if it was not measured."""
        ...

    def prior(self, category: str) -> float:
        """The share 0…1 of sentences that carry this category in the data that the model learnt from."""
        ...


@dataclass(frozen=True, slots=True)
class NoOpinion:
    """A tagger that says nothing: phrase rules stand on their own, model rules are silent."""

    identity: str = "none"
    weight: float = 0.0

    def tag(self, batch: Sequence[TagInput]) -> list[Scores]:
        """Scores without a single probability."""
        return [Scores(stance={}) for _ in batch]

    def threshold(self, category: str) -> float:
        """Never reached: there is no model."""
        del category
        return 1.0

    def pattern_threshold(self, category: str) -> float:
        """Patterns are reported from an even chance on."""
        del category
        return 0.5

    def precision(self, code: str) -> tuple[int, float] | None:
        """Not measured."""
        del code
        return None

    def prior(self, category: str) -> float:
        """Unknown."""
        del category
        return 0.5


def load_tagger(model: str | None = None) -> Tagger:
    """The tagger of a model folder (the shipped one if None); ``none`` is a tagger without opinion. Raises ModelError."""
    if model == "none":
        return NoOpinion()
    from tonelint import weights

    folder = weights.load(model)
    if folder.config["kind"] == "linear":
        from tonelint.linear import LinearTagger

        return LinearTagger.load(folder)
    if folder.config["kind"] == "encoder":
        from tonelint.encoder import EncoderTagger

        return EncoderTagger.load(folder)
    raise ModelError(
        f"{folder.path}: a model of kind {folder.config['kind']!r}, which this version does not know; upgrade tonelint"
    )
