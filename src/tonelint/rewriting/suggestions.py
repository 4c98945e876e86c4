"""From a rule's proposal in view offsets to a suggestion in source offsets, if it can be made there."""

from __future__ import annotations

from collections.abc import Sequence

from tonelint.rewriting.emptied import empties
from tonelint.rules.base import Passage, Proposal
from tonelint.types import Edit, PieceKind, Safety, Segment, Sentence, Span, Suggestion


def suggestion(passage: Passage, proposal: Proposal) -> Suggestion:
    """A proposal as a suggestion in source offsets. An edit that cannot be made in literals, or would leave a paragraph, a link
    or the like standing empty, is shown, not offered."""
    if proposal.sentence is None or not proposal.edits:
        return Suggestion(Safety.DISPLAY, proposal.text)
    sentence = passage.sentences[proposal.sentence]
    segment = sentence.segment
    edits = []
    for edit in proposal.edits:
        view = _with_blank(segment, edit.view) if edit.view == sentence.view and not edit.text else edit.view
        if not len(view) or not segment.editable(view):
            return Suggestion(Safety.DISPLAY, proposal.text)
        edits.append(Edit(segment.to_source(view), edit.text))
    if empties(passage.document.text, segment, edits):
        return Suggestion(Safety.DISPLAY, "Leave it out." if _deletes(edits) else proposal.text)
    text = _with_tags(passage.document.text, sentence, edits) or proposal.text
    return Suggestion(proposal.kind, text, tuple(sorted(edits)))


def _with_tags(source: str, sentence: Sentence, edits: Sequence[Edit]) -> str | None:
    """How a sentence with placeholders reads after the edits, each placeholder as the template writes it; None without one."""
    parts: list[str] = []
    found = False
    segment = sentence.segment
    for start, piece in zip(segment.starts, segment.pieces, strict=True):
        end = start + len(piece.text)
        if end <= sentence.view.start or start >= sentence.view.end:
            continue
        if piece.kind is PieceKind.PLACEHOLDER:
            found = True
            parts.append(source[piece.span.start : piece.span.end])
        else:
            cut = slice(max(0, sentence.view.start - start), max(0, sentence.view.end - start))
            first = piece.span.start + cut.start if piece.kind is PieceKind.LITERAL else piece.span.start
            parts.append(edited(piece.text[cut], first, edits) if piece.kind is PieceKind.LITERAL else piece.text[cut])
    return " ".join("".join(parts).split()) if found else None


def edited(text: str, at: int, edits: Sequence[Edit]) -> str:
    """A literal that begins at source offset ``at``, after ``edits`` that do not overlap.

    Of an edit that begins before it, only the deletion counts: the new text stands where the edit begins.
    """
    end, parts, done = at + len(text), [], at
    for edit in sorted(edits):
        if edit.span.start >= end or edit.span.end < at:
            continue
        if edit.span.start >= at:
            parts += [text[done - at : edit.span.start - at], edit.text]
        done = max(done, min(edit.span.end, end))
    return "".join([*parts, text[done - at :]])


def _deletes(edits: Sequence[Edit]) -> bool:
    return not any(edit.text for edit in edits)


def _with_blank(segment: Segment, view: Span) -> Span:
    """The run of a sentence that goes, with the white space that parted it from its neighbour, where that can be edited."""
    text, start, end = segment.text, view.start, view.end
    while end < len(text) and text[end].isspace() and segment.editable(Span(end, end + 1)):
        end += 1
    if end == view.end:
        while start and text[start - 1].isspace() and segment.editable(Span(start - 1, start)):
            start -= 1
    wider = Span(start, end)
    return wider if segment.editable(wider) else view
