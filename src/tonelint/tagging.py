"""From sentences to scores: the one door to every model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

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

    def threshold(self, category: str) -> float:
        """The joined confidence 0…1 from which a finding of this category is reported."""
        ...


@dataclass(frozen=True, slots=True)
class NoOpinion:
    """A tagger that says nothing: phrase rules stand on their own, model rules are silent."""

    identity: str = "none"

    def tag(self, batch: Sequence[TagInput]) -> list[Scores]:
        """Scores without a single probability."""
        return [Scores(stance={}) for _ in batch]

    def threshold(self, category: str) -> float:
        """Patterns are reported from an even chance on."""
        del category
        return 0.5
