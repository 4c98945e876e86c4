"""What a rule is, what it sees and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tonelint.tokens import Tokens
from tonelint.types import Document, Fix, MessageSource, Role, Safety, Scores, Sentence, Severity, Span

Scope = Literal["sentence", "message", "archive", "tool"]


@dataclass(frozen=True, slots=True)
class Example:
    """A text on which a rule speaks (``bad``) or is silent (``good``). ``text`` is the judged sentence, or the whole message."""

    text: str
    before: str = ""
    """Text of the same message before it."""
    after: str = ""
    channel: str = "service"
    moment: str = "other"
    role: str = "body"
    subject: str | None = None
    customer: str | None = None
    format: str = "text"


@dataclass(frozen=True, slots=True)
class Documentation:
    """What people read about a rule; Markdown, plain words."""

    what: str
    why: str
    """Why it lands badly."""
    better: str
    leave: str
    """When to leave it."""
    sources: str = ""
    """Where the principle comes from, in our own words."""


@dataclass(frozen=True, slots=True)
class ViewEdit:
    """Replace a run of the segment's view text."""

    view: Span
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion in view offsets of one segment, before anybody has checked whether it can be made in the source."""

    kind: Safety
    text: str
    edits: tuple[ViewEdit, ...] = ()
    sentence: int | None = None
    """Index (in the passage) of the sentence whose segment the edits belong to; None where there are none."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check found. ``sentence`` indexes :attr:`Passage.sentences`; ``view`` is in that sentence's *segment* text.

    A hit without ``sentence`` is about the whole message. One with ``sentence`` and without ``view`` means all of it.
    ``until`` makes a hit run to the end of a later sentence.
    """

    sentence: int | None = None
    view: Span | None = None
    message: str = ""
    """Instead of the rule's summary."""
    confidence: float = 0.8
    proposals: tuple[Proposal, ...] = ()
    until: int | None = None
    severity: Severity | None = None
    source_span: Span | None = None
    """A place in the source that no view text holds (a header, a template tag), instead of ``sentence`` and ``view``."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One message, as a rule sees it: all its sentences in order, and what is known about each.

    ``sentences``, ``tokens`` and ``scores`` run in parallel. Alternate sentences (other branches of a template's
    condition) are among them, marked; :meth:`spoken` leaves them out.
    """

    document: Document
    source: MessageSource
    sentences: tuple[Sentence, ...]
    tokens: tuple[Tokens, ...]
    scores: tuple[Scores | None, ...]
    channel: str
    moment: str
    customer: str | None = None
    own_names: tuple[str, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Numbers that the configuration sets, by name (``balance.service``)."""
    cues: tuple[tuple[str, str], ...] = ()
    """Why ``channel`` and ``moment`` are what they are, for people."""
    _spoken: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _places: Mapping[int, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spoken = tuple(i for i, s in enumerate(self.sentences) if not s.alternate and s.role is not Role.QUOTE)
        object.__setattr__(self, "_spoken", spoken)
        object.__setattr__(self, "_places", {index: place for place, index in enumerate(spoken)})

    def spoken(self) -> tuple[int, ...]:
        """Indices of the sentences of the main reading, quotes aside."""
        return self._spoken

    def stance(self, index: int) -> str | None:
        """The stance of a sentence; None where the tagger has no opinion."""
        scores = self.scores[index]
        return scores.label if scores and scores.stance else None

    def near(self, index: int, offset: int) -> int | None:
        """Index of the spoken sentence ``offset`` places after (before, if negative) ``index``, or None."""
        place = self._places.get(index)
        at = -1 if place is None else place + offset
        return self._spoken[at] if 0 <= at < len(self._spoken) else None


Check = Callable[[Passage], Iterable[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the catalogue with the code behind it.

    ``check`` gets a whole message and yields hits; a sentence rule simply looks at each sentence in turn. It must be pure and
    deterministic, and linear in the length of the text.
    """

    code: str
    name: str
    category: str | None
    principle: int
    severity: Severity
    fix: Fix
    scope: Scope
    summary: str
    """One sentence for the writer, used as the finding's message unless a hit brings its own."""
    check: Check | None
    docs: Documentation
    bad: tuple[Example, ...] = ()
    good: tuple[Example, ...] = ()
    needs_customer: bool = False
    needs_stance: bool = False
    """Silent without a model."""

    @property
    def url(self) -> str:
        """Where the rule is explained, relative to the project's documentation."""
        return f"docs/rules.md#{self.code.lower()}"


def whole(sentence: Sentence) -> Span:
    """The view span of a sentence."""
    return sentence.view


def display(*texts: str) -> tuple[Proposal, ...]:
    """Proposals that are shown and never applied."""
    return tuple(Proposal(Safety.DISPLAY, text) for text in texts)


def each_sentence(
    passage: Passage, *, roles: Sequence[str] | None = None, skip: Sequence[str] = ("quote",)
) -> Iterable[int]:
    """Indices of the sentences that a sentence rule looks at, alternates included."""
    for i, sentence in enumerate(passage.sentences):
        if sentence.role.value not in skip and (roles is None or sentence.role.value in roles):
            yield i
