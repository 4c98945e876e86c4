"""Applying suggestions, and proving that nothing else has changed.

An edit is made only if, after it, the file reads the same in everything but the edited words: every template tag, markup tag,
comment and placeholder in its order and to the letter, and every run of text as it read before, with the new words in it and
nothing else. What cannot be shown is not done; the finding stays.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from tonelint.linter import LintResult
from tonelint.rewriting.emptied import empties
from tonelint.rewriting.suggestions import edited
from tonelint.types import Comment, Document, Edit, Finding, PieceKind, Safety, Segment, Span, Suggestion

ROUNDS = 12
"""Fixing one thing may uncover another; what still goes on after so many rounds would go on for ever."""

Lint = Callable[[Document], LintResult]
Read = Callable[[str], Document]


@dataclass(frozen=True, slots=True)
class FixResult:
    """The fixed text, what was applied, and what could not be shown to be safe."""

    text: str
    applied: tuple[Finding, ...]
    refused: tuple[Finding, ...]
    after: LintResult
    """What the linter says of the fixed text."""


@dataclass(frozen=True, slots=True)
class _Choice:
    finding: Finding
    suggestion: Suggestion
    hull: Span = field(init=False)

    def __post_init__(self) -> None:
        edits = self.suggestion.edits
        object.__setattr__(self, "hull", Span(min(e.span.start for e in edits), max(e.span.end for e in edits)))


def applicable(finding: Finding, *, unsafe: bool) -> Suggestion | None:
    """The first suggestion of a finding that may be applied, or None."""
    floor = Safety.UNSAFE if unsafe else Safety.SAFE
    return next((s for s in finding.suggestions if s.edits and s.kind >= floor), None)


def fix(document: Document, *, lint: Lint, read: Read, unsafe: bool = False) -> FixResult:
    """Apply what may be applied until a run finds nothing more to apply.

    ``lint`` and ``read`` are the linter and the reader with all settings bound. The result's text is such that another run
    with the same settings edits nothing: the last round here has tried everything on that very text, and rewrites that breed
    each other without end are not made at all. Pure as long as the two functions are.
    """
    begun, first = document, lint(document)
    result = first
    if not document.fixable:
        return FixResult(document.text, (), (), first)
    applied: list[Finding] = []
    for _ in range(ROUNDS):
        text, done, failed = _round(document, result, read, unsafe=unsafe)
        if not done:
            return FixResult(document.text, tuple(applied), tuple(c.finding for c in failed), result)
        applied += [choice.finding for choice in done]
        document = read(text)
        result = lint(document)
    stuck = tuple(f for f in first.findings if applicable(f, unsafe=unsafe) is not None)
    return FixResult(begun.text, (), stuck, first)


def _round(
    document: Document, result: LintResult, read: Read, *, unsafe: bool
) -> tuple[str, list[_Choice], list[_Choice]]:
    """The text after the first suggestions that can be made, and these; if none can, all that were tried."""
    failed: list[_Choice] = []
    while choices := _choose(result.findings, unsafe=unsafe, without=failed):
        text, done, refused = _apply_proven(document, choices, read)
        failed += refused
        if done:
            return text, done, failed
    return document.text, [], failed


def _choose(findings: Sequence[Finding], *, unsafe: bool, without: Sequence[_Choice]) -> list[_Choice]:
    """Suggestions that do not touch each other; where they would, the most serious and surest finding wins."""
    wanted = [_Choice(f, s) for f in findings if (s := applicable(f, unsafe=unsafe)) is not None]
    wanted.sort(key=lambda c: (-c.finding.severity, -c.finding.confidence, c.hull))
    out = set(without)
    chosen: list[_Choice] = []
    for choice in wanted:
        if choice in out:
            continue
        at = bisect_left(chosen, choice.hull, key=_hull)
        if all(not _near(choice, c) for c in chosen[max(0, at - 1) : at + 1]):
            chosen.insert(at, choice)
    return chosen


def _hull(choice: _Choice) -> Span:
    return choice.hull


def _near(choice: _Choice, other: _Choice) -> bool:
    """Whether the edits of two suggestions overlap or touch."""
    return choice.hull.start <= other.hull.end and other.hull.start <= choice.hull.end


def _apply_proven(
    document: Document, choices: Sequence[_Choice], read: Read
) -> tuple[str, list[_Choice], list[_Choice]]:
    """Apply all that can be proven to do no harm. Halves are tried where a whole does harm, so that one culprit among many
    costs few readings."""
    done: list[_Choice] = []
    failed: list[_Choice] = []

    def attempt(part: Sequence[_Choice]) -> None:
        edits = [e for c in (*done, *part) for e in c.suggestion.edits]
        if harm(document, edits, read(apply(document.text, edits))) is None:
            done.extend(part)
        elif len(part) == 1:
            failed.extend(part)
        else:
            attempt(part[: len(part) // 2])
            attempt(part[len(part) // 2 :])

    if choices:
        attempt(choices)
    return apply(document.text, [e for c in done for e in c.suggestion.edits]), done, failed


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text after edits, which must not overlap; raises ValueError if they do."""
    pieces, at = [], 0
    for edit in sorted(edits):
        if edit.span.start < at:
            raise ValueError(f"edits overlap at {edit.span}")
        pieces += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*pieces, text[at:]])


def harm(before: Document, edits: Sequence[Edit], after: Document) -> str | None:
    """What edits would damage, in words; None if it is shown that they change nothing but the words they replace."""
    if after.text != apply(before.text, edits):
        return "text outside the edits"
    removed = [c for c in before.comments if any(_removes(before, e, c) for e in edits)]
    gone = [e for e in edits if any(_removes(before, e, c) for c in removed)]
    for edit in edits:
        if edit in gone:
            continue
        if any(edit.span.overlaps(t.span) for t in before.tags):
            return "a template tag"
        if any(edit.span.overlaps(m) for m in before.markup):
            return "markup"
        if (_MARKS & set(edit.text)) - set(before.text[edit.span.start : edit.span.end]):
            return "new marks"
    dead = [c.span for c in removed]
    tags = [t.span for t in before.tags if not any(d.contains(t.span) for d in dead)]
    if _texts(before, tags) != _texts(after, [t.span for t in after.tags]):
        return "template tags"
    kept = [m for m in before.markup if not any(d.contains(m) for d in dead)]
    if "".join(_texts(before, kept)) != "".join(_texts(after, after.markup)):  # words gone, two tags may touch
        return "markup"
    if [c.text for c in before.comments if c not in removed] != [c.text for c in after.comments]:
        return "comments"
    if [m.id for m in before.messages] != [m.id for m in after.messages]:
        return "messages"
    if set(after.notes) - set(before.notes):  # the reader had to work around something new
        return "the form of the file"
    if _fixed_pieces(before, edits) != _fixed_pieces(after, ()):
        return "placeholders"
    if _views(before, edits) != _views(after, ()):
        return "other words"
    if any(own and empties(before.text, segment, own) for segment, own in _by_segment(before, edits)):
        return "a place that would stand empty"
    return None


_MARKS = frozenset("{}<>[]`\\|#$@*_&%~^\n\r\t\0")
"""What some format or template language takes for its own; new words that bring one are not words."""


def _removes(document: Document, edit: Edit, comment: Comment) -> bool:
    """Whether an edit takes a comment out, and nothing with it but the white space around."""
    if edit.text or not edit.span.contains(comment.span):
        return False
    around = document.text[edit.span.start : comment.span.start] + document.text[comment.span.end : edit.span.end]
    return not around.strip()


def _texts(document: Document, spans: Sequence[Span]) -> list[str]:
    return [document.text[s.start : s.end] for s in spans]


def _fixed_pieces(document: Document, edits: Sequence[Edit]) -> list[str]:
    """Source of all pieces that are not literal, in order."""
    return [
        document.text[p.span.start : p.span.end]
        for segment in document.segments
        if not segment.alternate
        for p in segment.pieces
        if p.kind is not PieceKind.LITERAL and not any(e.span.contains(p.span) and len(p.span) for e in edits)
    ]


def _by_segment(document: Document, edits: Sequence[Edit]) -> Iterator[tuple[Segment, Sequence[Edit]]]:
    """Every segment with the edits that touch it, in order."""
    ordered = sorted(edits)
    starts, ends = [e.span.start for e in ordered], [e.span.end for e in ordered]
    for segment in document.segments:
        span = segment.span
        yield segment, ordered[bisect_left(ends, span.start) : bisect_right(starts, span.end)]


_STAND_IN = "\ufffc"


def _views(document: Document, edits: Sequence[Edit]) -> list[tuple[bool, str]]:
    """What each segment would read after the edits: whether it is an alternate, and its text. Placeholders are blanked, because
    a stand-in may turn on its neighbours; white space is one blank. Without markup it is the look of a line that parts
    paragraphs from greetings and the like, so that segments that follow each other are one there."""
    found: list[tuple[bool, str]] = []
    for segment, own in _by_segment(document, edits):
        words = "".join(
            edited(piece.text, piece.span.start, own)
            if piece.kind is PieceKind.LITERAL
            else _STAND_IN
            if piece.kind is PieceKind.PLACEHOLDER
            else piece.text
            for piece in segment.pieces
        )
        found.append((segment.alternate, " ".join(words.split())))
    if document.format in ("markdown", "html", "mjml"):
        return found
    return [(kind, " ".join(words for _, words in group)) for kind, group in groupby(found, key=itemgetter(0))]
