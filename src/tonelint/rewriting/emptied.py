"""Whether edits would leave something standing empty: a paragraph, a link, a pair of emphasis marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tonelint.types import Edit, Piece, PieceKind, Segment, Span

_OPENS = re.compile(r"<(?!/)[^<]*>\Z")
_CLOSES = re.compile(r"</|<br\b", re.IGNORECASE)
_MARKS = frozenset("*_[~")
_TAIL = 4000
"""Longest tag, in code points, that is looked for before a run."""


def empties(text: str, segment: Segment, edits: Sequence[Edit]) -> bool:
    """Whether after ``edits`` (offsets of the source ``text``) the segment would say nothing, or markup would enclose nothing."""
    inside = [e for e in edits if e.span.overlaps(segment.span)]
    if not inside:
        return False
    says = False
    for run in _runs(segment.pieces):
        had, has = _words(text, run, ()), _words(text, run, inside)
        says = says or has
        if had and not has and _enclosed(text, run):
            return True
    return not says and all(p.kind is PieceKind.LITERAL for p in segment.pieces)


def _runs(pieces: Sequence[Piece]) -> Iterator[Span]:
    """Runs of literals that touch each other in the source."""
    run: Span | None = None
    for piece in pieces:
        if piece.kind is PieceKind.LITERAL and run is not None and run.end == piece.span.start:
            run = Span(run.start, piece.span.end)
            continue
        if run is not None:
            yield run
        run = piece.span if piece.kind is PieceKind.LITERAL else None
    if run is not None:
        yield run


def _words(text: str, run: Span, edits: Sequence[Edit]) -> bool:
    """Whether a letter or figure stands in the run after the edits."""
    at, parts = run.start, []
    for edit in sorted(edits):
        if edit.span.overlaps(run):
            parts += [text[at : max(at, edit.span.start)], edit.text]
            at = max(at, min(edit.span.end, run.end))
    return any(c.isalnum() for part in (*parts, text[at : run.end]) for c in part)


def _enclosed(text: str, run: Span) -> bool:
    """Whether markup opens right before the run and closes right after it (a line between two breaks counts)."""
    before, after = text[max(0, run.start - _TAIL) : run.start].rstrip(), text[run.end : run.end + 40].lstrip()
    if before[-1:] == ">":
        return bool(_OPENS.search(before) and _CLOSES.match(after))
    return before[-1:] in _MARKS and after[:1] in (_MARKS | {"]"}) and bool(before and after)
