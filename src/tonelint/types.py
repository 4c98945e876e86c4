"""The types that every room shares. Imports nothing of ours.

All positions are half-open ``[start, end)`` offsets in Unicode code points. *Source* offsets count in the decoded file,
*view* offsets in the text that a reader of the message would see (:attr:`Segment.text`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum

STANCES = ("broadcast", "interested", "neutral")
CATEGORIES = (
    "self-praise",
    "announcement",
    "pressure",
    "assumption",
    "intrusive",
    "hollow",
    "blame",
    "deflection",
    "talking-at",
    "vague-promise",
    "transactional",
    "dishonest",
)
CHANNELS = ("marketing", "sales", "service", "support")
MOMENTS = (
    "outage",
    "incident",
    "apology",
    "refusal",
    "complaint",
    "dunning",
    "price-change",
    "terms-change",
    "cancellation",
    "renewal",
    "delivery",
    "receipt",
    "onboarding",
    "security",
    "survey",
    "launch",
    "promotion",
    "newsletter",
    "win-back",
    "outreach",
    "release-notes",
    "other",
)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open run ``[start, end)`` of code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether the other lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end

    def shift(self, by: int) -> Span:
        """The same run, ``by`` code points further on."""
        return Span(self.start + by, self.end + by)


class PieceKind(StrEnum):
    """How a piece of view text came out of the source."""

    LITERAL = "literal"
    """The view text equals the source slice."""
    ENTITY = "entity"
    """The source spells the view text in another way (``&rsquo;``, ``\\n`` in JSON, an escaped Markdown character)."""
    PLACEHOLDER = "placeholder"
    """A template's output tag; the view text is a grammatical stand-in."""


class Role(StrEnum):
    """What a run of text is for in its message."""

    SUBJECT = "subject"
    PREHEADER = "preheader"
    TITLE = "title"
    HEADING = "heading"
    BODY = "body"
    LIST_ITEM = "list-item"
    BUTTON = "button"
    RECORD = "record"
    ALT = "alt"
    GREETING = "greeting"
    SIGN_OFF = "sign-off"
    FOOTER = "footer"
    QUOTE = "quote"
    """Somebody else's words (a customer's quoted mail): context, never judged."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of view text and the source run that it stands for."""

    span: Span
    text: str
    kind: PieceKind


@dataclass(frozen=True, slots=True)
class Segment:
    """One readable run of text: a paragraph, heading, list item, button, subject line.

    Pieces are in source order and never overlap; source between two pieces (inline markup, logic tags) has no view text.
    ``text`` is the pieces' text joined.
    """

    role: Role
    pieces: tuple[Piece, ...]
    message: int = 0
    """Index into :attr:`Document.messages`."""
    alternate: bool = False
    """True for a second reading of the same source, with another branch of a template's condition: it can carry findings
    in that branch, and is left out of balance and counts."""
    fixable: bool = True
    """False where the source is an encoded form that is read but never edited (a base64 mail part)."""
    text: str = field(init=False)
    starts: tuple[int, ...] = field(init=False, repr=False)
    """View offset at which each piece begins."""

    def __post_init__(self) -> None:
        at, before, starts = 0, 0, []
        for piece in self.pieces:
            if piece.span.start < before:
                raise ValueError(f"pieces out of order at {piece.span}")
            if piece.kind is PieceKind.LITERAL and len(piece.span) != len(piece.text):
                raise ValueError(f"a literal piece must be as long as its source: {piece}")
            before = piece.span.end
            starts.append(at)
            at += len(piece.text)
        object.__setattr__(self, "text", "".join(piece.text for piece in self.pieces))
        object.__setattr__(self, "starts", tuple(starts))

    @property
    def span(self) -> Span:
        """The source run from the first piece to the last."""
        if not self.pieces:
            return Span(0, 0)
        return Span(self.pieces[0].span.start, self.pieces[-1].span.end)

    def _touched(self, view: Span) -> list[tuple[int, Piece]]:
        """The non-empty pieces that the view span touches, with the view offset at which each begins."""
        if not self.pieces or not len(view):
            return []
        first = max(0, bisect_right(self.starts, view.start) - 1)
        touched = []
        for i in range(first, len(self.pieces)):
            start, piece = self.starts[i], self.pieces[i]
            if start >= view.end:
                break
            if piece.text and start + len(piece.text) > view.start:
                touched.append((start, piece))
        return touched

    def to_source(self, view: Span) -> Span:
        """The source span of a view span: exact in literals, the whole piece anywhere else.

        Raises ValueError if ``view`` is empty or lies outside the text.
        """
        if not 0 <= view.start < view.end <= len(self.text):
            raise ValueError(f"{view} is not a run of a text of {len(self.text)} code points")
        touched = self._touched(view)
        (head_at, head), (tail_at, tail) = touched[0], touched[-1]
        start, end = head.span.start, tail.span.end
        if head.kind is PieceKind.LITERAL:
            start += view.start - head_at
        if tail.kind is PieceKind.LITERAL:
            end = tail.span.start + (view.end - tail_at)
        return Span(start, end)

    def editable(self, view: Span) -> bool:
        """Whether the view span is made of literals only that touch each other in the source."""
        if not self.fixable:
            return False
        touched = self._touched(view)
        return bool(touched) and all(
            piece.kind is PieceKind.LITERAL and (i == 0 or touched[i - 1][1].span.end == piece.span.start)
            for i, (_, piece) in enumerate(touched)
        )


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the source (HTML, template, YAML…), where suppressions live."""

    span: Span
    text: str
    """Without the comment marks."""


class TagKind(StrEnum):
    """What a template tag does."""

    OUTPUT = "output"
    LOGIC = "logic"
    COMMENT = "comment"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Tag:
    """A template tag as it stands in the source."""

    span: Span
    kind: TagKind
    dialect: str
    name: str = ""
    """Of an output tag: what it prints (``customer.first_name``); of a logic tag: its keyword (``if``, ``else``, ``endif``)."""
    default: str | None = None
    """The fallback that the template itself gives, if any."""


@dataclass(frozen=True, slots=True)
class MessageSource:
    """One message inside a document: a mail, a page, a locale entry. Offsets are source offsets."""

    id: str
    span: Span
    subject: str | None = None
    customer: str | None = None
    """The customer's message that this one answers, where the source holds it. Context only."""
    entry: bool = False
    """True for one entry of a locale file or one cell of a table: never judged as a whole message."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """What the source says about it: front matter or headers, keys in lower case."""


@dataclass(frozen=True, slots=True)
class Document:
    """A source text and what can be read in it."""

    name: str
    text: str
    format: str
    segments: tuple[Segment, ...]
    messages: tuple[MessageSource, ...]
    tags: tuple[Tag, ...] = ()
    """Template tags in source order."""
    markup: tuple[Span, ...] = ()
    """Everything else that an edit must leave alone: HTML tags, Markdown link targets, front matter, keys."""
    comments: tuple[Comment, ...] = ()
    dialect: str = "none"
    fixable: bool = True
    notes: tuple[str, ...] = ()
    """What the reader had to work around (unclosed tag, replaced bytes), for people."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence (or heading, item, button…) of a segment."""

    segment: Segment
    view: Span
    """In the segment's text."""
    span: Span
    """In the source."""
    role: Role
    message: int
    block: int
    """Index of its segment among the document's segments."""
    text: str
    """The view text, white space as it stands."""
    alternate: bool = False


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model says of one sentence. All values are probabilities 0…1."""

    stance: Mapping[str, float]
    """Probability of each of :data:`STANCES`; they sum to 1."""
    categories: Mapping[str, float] = field(default_factory=dict)
    """Probability of each finding category; a missing key means that the tagger has no opinion."""
    keeper: float | None = None
    spans: Mapping[str, tuple[Span, float]] = field(default_factory=dict)
    """The words that carry a category most, as a span in :attr:`Sentence.text`, with the share of evidence they hold."""

    @property
    def label(self) -> str:
        """The most probable stance."""
        return max(STANCES, key=lambda stance: self.stance.get(stance, 0.0))


class Severity(IntEnum):
    """How much a finding matters."""

    INFO = 0
    WARNING = 1
    ERROR = 2

    @property
    def word(self) -> str:
        """The name users see."""
        return self.name.lower()

    @classmethod
    def parse(cls, word: str) -> Severity:
        """From ``info``, ``warning`` or ``error``; raises KeyError for anything else."""
        return cls[word.upper()]


class Safety(IntEnum):
    """How far a suggestion may be applied without a person looking at it."""

    DISPLAY = 0
    """Wording with blanks; shown, never applied."""
    UNSAFE = 1
    """A concrete replacement that a person should look at."""
    SAFE = 2
    """The meaning cannot change."""

    @property
    def word(self) -> str:
        """The name users see."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the source run ``span`` by ``text``; an empty span inserts, an empty text deletes."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A better wording. Edits are source edits that belong together; a display suggestion has none."""

    kind: Safety
    text: str
    """The sentence (or words) as it would read, or the advice with blanks."""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has to say about some words, or (``span`` None) about a whole message."""

    code: str
    name: str
    category: str | None
    principle: int
    severity: Severity
    message: str
    """One sentence for the writer: what is wrong and why."""
    confidence: float
    """Probability 0…1 that a careful editor would mark this."""
    message_id: str
    path: str
    span: Span | None
    text: str | None
    """The underlined source words."""
    suggestions: tuple[Suggestion, ...] = ()
    url: str = ""


class Fix(Enum):
    """The column ``fix`` of the rule catalogue: what kind of suggestion a rule makes."""

    NONE = "none"
    SAFE = "safe"
    DELETE = "delete"
    SOFTEN = "soften"
    REWRITE = "rewrite"
    SUGGEST = "suggest"
