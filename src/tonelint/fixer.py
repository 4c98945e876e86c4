"""Applying suggestions, and proving that nothing else has changed.

An edit is made only if, after it, the file reads the same in everything but the edited words: every template tag, markup tag,
comment and placeholder in its order and to the letter. What cannot be shown is not done; the finding stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tonelint.linter import LintResult
from tonelint.types import Document, Edit, Finding, PieceKind, Safety, Span, Suggestion

ROUNDS = 8
"""Fixing one thing may uncover another; after so many rounds what is left is left."""

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

    @property
    def key(self) -> tuple[str, str | None, str]:
        return self.finding.code, self.finding.text, self.suggestion.text


def applicable(finding: Finding, *, unsafe: bool) -> Suggestion | None:
    """The first suggestion of a finding that may be applied, or None."""
    floor = Safety.UNSAFE if unsafe else Safety.SAFE
    return next((s for s in finding.suggestions if s.edits and s.kind >= floor), None)


def fix(document: Document, *, lint: Lint, read: Read, unsafe: bool = False) -> FixResult:
    """Apply what may be applied until a run finds nothing more to apply.

    ``lint`` and ``read`` are the linter and the reader with all settings bound. The result's text is such that another run
    with the same settings edits nothing. Pure as long as the two functions are.
    """
    result = lint(document)
    if not document.fixable:
        return FixResult(document.text, (), (), result)
    applied: list[Finding] = []
    refused: dict[tuple[str, str | None, str], Finding] = {}
    for _ in range(ROUNDS):
        choices = _choose(result.findings, unsafe=unsafe, refused=refused)
        if not choices:
            break
        text, done, failed = _apply_proven(document, choices, read)
        refused |= {choice.key: choice.finding for choice in failed}
        if not done:
            break
        applied += [choice.finding for choice in done]
        document = read(text)
        result = lint(document)
    else:
        # still editing after all rounds: a rewrite that breeds its like must not be made at all
        stuck = _choose(result.findings, unsafe=unsafe, refused=refused)
        refused |= {choice.key: choice.finding for choice in stuck}
    return FixResult(document.text, tuple(applied), tuple(refused.values()), result)


def _choose(
    findings: Sequence[Finding], *, unsafe: bool, refused: dict[tuple[str, str | None, str], Finding]
) -> list[_Choice]:
    """Suggestions that do not touch each other; where they would, the most serious and surest finding wins."""
    wanted = [_Choice(f, s) for f in findings if (s := applicable(f, unsafe=unsafe)) is not None]
    wanted.sort(key=lambda c: (-c.finding.severity, -c.finding.confidence, c.hull))
    chosen: list[_Choice] = []
    for choice in wanted:
        near = Span(max(0, choice.hull.start - 1), choice.hull.end + 1)
        if choice.key not in refused and not any(near.overlaps(c.hull) or near.contains(c.hull) for c in chosen):
            chosen.append(choice)
    return sorted(chosen, key=lambda c: c.hull)


def _apply_proven(
    document: Document, choices: Sequence[_Choice], read: Read
) -> tuple[str, list[_Choice], list[_Choice]]:
    """Apply all if that can be proven, else one after the other, leaving out those that cannot."""
    edits = [e for c in choices for e in c.suggestion.edits]
    text = apply(document.text, edits)
    if harm(document, edits, read(text)) is None:
        return text, list(choices), []
    done: list[_Choice] = []
    failed: list[_Choice] = []
    for choice in choices:
        trial = [e for c in (*done, choice) for e in c.suggestion.edits]
        (done if harm(document, trial, read(apply(document.text, trial))) is None else failed).append(choice)
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
    removed = [c for c in before.comments if any(e.span == c.span and not e.text for e in edits)]
    for edit in edits:
        if any(edit.span.overlaps(t.span) for t in before.tags):
            return "a template tag"
        if any(edit.span.overlaps(m) for m in before.markup) and not any(edit.span == c.span for c in removed):
            return "markup"
    if _texts(before, [t.span for t in before.tags]) != _texts(after, [t.span for t in after.tags]):
        return "template tags"
    kept = [m for m in before.markup if not any(m == c.span or c.span.contains(m) for c in removed)]
    if _texts(before, kept) != _texts(after, after.markup):
        return "markup"
    comments = [c.text for c in before.comments if c not in removed]
    if comments != [c.text for c in after.comments]:
        return "comments"
    if len(before.messages) != len(after.messages) or _fixed_pieces(before, edits) != _fixed_pieces(after, ()):
        return "placeholders"
    return None


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
