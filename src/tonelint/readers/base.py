"""What the readers share: blocks, the way of reading one decoded text, and carrying a reading over to another text.

A *structure reader* (text, Markdown, HTML) finds :class:`Block` objects in one text; :func:`read_inner` puts the template
scanner before it and the weaver behind it. A *container reader* (mail, YAML, JSON, gettext) decodes strings out of a file,
calls :func:`read_inner` on each, and carries the result over to the file with :func:`lift`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from tonelint.types import Comment, Document, MessageSource, Piece, PieceKind, Role, Segment, Span, Tag, TagKind


@dataclass(frozen=True, slots=True)
class Block:
    """One run of text as a structure reader finds it: literals and entities only, template tags still inside."""

    role: Role
    pieces: tuple[Piece, ...]
    """In source order; a literal may run across template tags, which the weaver cuts out."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a structure reader found in one text. All offsets are offsets of that text."""

    blocks: tuple[Block, ...]
    comments: tuple[Comment, ...] = ()
    markup: tuple[Span, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inner:
    """A decoded text, read: what :func:`read_inner` gives and :func:`lift` carries over. Offsets belong to one text."""

    segments: tuple[Segment, ...]
    tags: tuple[Tag, ...] = ()
    markup: tuple[Span, ...] = ()
    comments: tuple[Comment, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    dialect: str = "none"
    format: str = "text"


class StructureReader(Protocol):
    """Finds the blocks of ``text``. ``masked`` is as long, with template tags covered; ``tags`` are those tags."""

    def __call__(self, text: str, masked: str, tags: tuple[Tag, ...]) -> Reading:
        """Never raises on any text."""


class ContainerReader(Protocol):
    """Reads a whole file into a document."""

    def __call__(self, text: str, *, name: str, dialect: str | None = None) -> Document:
        """Never raises on any text."""


def read_inner(text: str, *, format: str = "text", dialect: str | None = None, message: int = 0) -> Inner:
    """Read one decoded text.

    ``format`` is ``text``, ``markdown``, ``html`` or ``mjml``; ``dialect`` a template dialect, found by vote when None;
    ``message`` the index that the segments carry. Raises KeyError for another format, nothing for any text.
    """
    from tonelint.readers import template

    reader = structure_reader(format)
    found, tags = template.scan(text, dialect=dialect)
    reading = reader(text, template.mask(text, tags), tags)
    segments = template.weave(text, tags, reading.blocks, message=message)
    own = tuple(
        Comment(tag.span, template.comment_text(text[tag.span.start : tag.span.end], tag.dialect))
        for tag in tags
        if tag.kind is TagKind.COMMENT
    )
    comments = tuple(sorted((*own, *reading.comments), key=lambda comment: comment.span))
    return Inner(segments, tags, reading.markup, comments, reading.hints, reading.notes, found, format)


def structure_reader(format: str) -> StructureReader:
    """The structure reader of a format; raises KeyError if it has none."""
    if format == "text":
        from tonelint.readers.text import read_text

        return read_text
    if format == "markdown":
        from tonelint.readers.markdown import read_markdown

        return read_markdown
    if format in ("html", "mjml"):
        from tonelint.readers.html import read_html

        return read_html
    raise KeyError(format)


def read_document(text: str, *, name: str, format: str = "text", dialect: str | None = None) -> Document:
    """Read a file that is one message: a draft, a page, a template."""
    inner = read_inner(text, format=format, dialect=dialect)
    return document(text, name=name, inner=inner)


def document(text: str, *, name: str, inner: Inner) -> Document:
    """One reading as a document with one message; its id is the document's name."""
    subject = next((s.text for s in inner.segments if s.role is Role.SUBJECT and not s.alternate), None)
    source = MessageSource(
        name, Span(0, len(text)), subject=subject or inner.hints.get("subject"), hints=dict(inner.hints)
    )
    return Document(
        name=name,
        text=text,
        format=inner.format,
        segments=inner.segments,
        messages=(source,),
        tags=inner.tags,
        markup=inner.markup,
        comments=inner.comments,
        dialect=inner.dialect,
        notes=inner.notes,
    )


def lift(inner: Inner, pieces: Iterable[Piece], *, fixable: bool = True) -> Inner:
    """Carry a reading of a decoded text over to the file that spells it.

    ``pieces`` map the decoded text to the file, as in a segment: their texts joined are the decoded text, in order and
    without gaps in the view; LITERAL maps exactly, anything else to the whole piece. With ``fixable=False`` nothing of it
    can be edited. Raises ValueError if the pieces are out of order.
    """
    carrier = Segment(Role.BODY, tuple(pieces))
    size = len(carrier.text)

    def span(of: Span) -> Span | None:
        start, end = min(of.start, size), min(of.end, size)
        return carrier.to_source(Span(start, end)) if start < end else None

    segments = [
        replace(segment, pieces=lifted, fixable=segment.fixable and fixable)
        for segment in inner.segments
        if (lifted := _merge(_lift_pieces(segment.pieces, carrier)))
    ]
    return replace(
        inner,
        segments=tuple(segments),
        tags=tuple(replace(tag, span=at) for tag in inner.tags if (at := span(tag.span))),
        markup=tuple(at for run in inner.markup if (at := span(run))),
        comments=tuple(replace(comment, span=at) for comment in inner.comments if (at := span(comment.span))),
    )


def _lift_pieces(pieces: Iterable[Piece], carrier: Segment) -> Iterable[Piece]:
    """Each piece in the carrier's source; a literal is cut where the carrier's pieces meet."""
    for piece in pieces:
        view = Span(min(piece.span.start, len(carrier.text)), min(piece.span.end, len(carrier.text)))
        if not len(view):
            continue
        if piece.kind is not PieceKind.LITERAL:
            yield Piece(carrier.to_source(view), piece.text, piece.kind)
            continue
        for at, part in carrier._touched(view):
            start, end = max(view.start, at), min(view.end, at + len(part.text))
            text = carrier.text[start:end]
            if part.kind is PieceKind.LITERAL:
                first = part.span.start + start - at
                yield Piece(Span(first, first + end - start), text, PieceKind.LITERAL)
            else:
                yield Piece(part.span, text, PieceKind.ENTITY)


def _merge(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Pieces that stand for the same source become one; literals that touch become one."""
    merged: list[Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last is None or piece.span.start > last.span.end:
            merged.append(piece)
        elif piece.span.start < last.span.end:
            whole = Span(min(last.span.start, piece.span.start), max(last.span.end, piece.span.end))
            merged[-1] = Piece(whole, last.text + piece.text, PieceKind.ENTITY)
        elif last.kind is piece.kind is PieceKind.LITERAL:
            merged[-1] = Piece(Span(last.span.start, piece.span.end), last.text + piece.text, PieceKind.LITERAL)
        else:
            merged.append(piece)
    return tuple(merged)
