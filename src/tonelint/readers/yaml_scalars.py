"""The map of a YAML scalar from the text that it means to the file that spells it, checked against the parser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tonelint.readers.entries import entity, literal, unescaped
from tonelint.types import Piece, PieceKind, Span

_BREAK = r"(?:\r\n|[\n\r\x85\u2028\u2029])"
_FOLD = re.compile(rf"[ \t]*{_BREAK}(?:[ \t]*{_BREAK})*[ \t]*")
_BREAKS = re.compile(_BREAK)
_ESCAPED_BREAK = re.compile(rf"\\{_BREAK}(?:[ \t]*{_BREAK})*[ \t]*")
_LINE = re.compile(rf"([^\n\r\x85\u2028\u2029]*)({_BREAK}|$)")
_HEADER = re.compile(rf"[|>]([+-]?)([1-9]?)([+-]?)[ \t]*(?:#[^\r\n]*)?(?:{_BREAK}|$)")
_PROPERTIES = re.compile(rf"(?:[&!][^\s]*(?:[ \t]*{_BREAK})?[ \t]+)*")
ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


def scalar_pieces(text: str, masked: str, span: Span, style: str | None, value: str) -> list[Piece] | None:
    """The pieces whose texts joined are ``value``, or None if this is not how the file spells it.

    ``style`` is the parser's: ``'``, ``"``, ``|``, ``>``, or nothing for a plain scalar. ``masked`` is what the parser
    saw, as long as ``text``.
    """
    start = span.start
    if text[start : start + 1] in ("&", "!"):
        start = _PROPERTIES.match(text, start, span.end).end()  # type: ignore[union-attr]  # it matches nothing, too
    ways: Iterable[list[Piece] | None]
    if style in ("|", ">"):
        block = Span(start, span.end)
        ways = (block_pieces(text, block, folded=style == ">", value=value, indent=k) for k in _indents(text, block))
    elif style == '"':
        ways = [double_quoted(text, start + 1, span.end - 1)]
    elif style == "'":
        ways = [single_quoted(text, start + 1, span.end - 1)]
    else:
        ways = [_folded(text, start, start + len(text[start : span.end].rstrip()))]
    return next((pieces for pieces in ways if pieces is not None and _spelt(masked, pieces) == value), None)


def _spelt(masked: str, pieces: Iterable[Piece]) -> str:
    """What the pieces mean in the text that the parser saw."""
    return "".join(
        masked[piece.span.start : piece.span.end] if piece.kind is PieceKind.LITERAL else piece.text for piece in pieces
    )


def _indents(text: str, block: Span) -> Iterable[int | None]:
    """The indents that a block scalar may have: its first line's, or if its mark gives a number, any from there on."""
    header = _HEADER.match(text, block.start, block.end)
    if not header or not header.group(2):
        return (None,)
    return range(int(header.group(2)), int(header.group(2)) + 40)


def single_quoted(text: str, start: int, end: int) -> list[Piece]:
    """The inside of a scalar in single quotes: two quotes are one, line breaks fold."""
    pieces: list[Piece] = []
    at = start
    while (quote := text.find("''", at, end)) >= 0:
        pieces += _folded(text, at, quote)
        pieces += entity(quote, quote + 2, "'")
        at = quote + 2
    return pieces + _folded(text, at, end)


def double_quoted(text: str, start: int, end: int) -> list[Piece]:
    """The inside of a scalar in double quotes: escapes, line breaks fold."""
    pieces: list[Piece] = []
    at = start
    while (slash := text.find("\\", at, end)) >= 0:
        pieces += _folded(text, at, slash)
        if joined := _ESCAPED_BREAK.match(text, slash, end):
            at = joined.end()
            continue
        stop = min(end, slash + {"x": 4, "u": 6, "U": 10}.get(text[slash + 1 : slash + 2], 2))
        pieces += unescaped(text, slash, stop, ESCAPES)
        at = stop
    return pieces + _folded(text, at, end)


def _folded(text: str, start: int, end: int) -> list[Piece]:
    """A run in which one line break is a space, and each further one a line break."""
    pieces: list[Piece] = []
    for fold in _FOLD.finditer(text, start, end):
        pieces += literal(text, start, fold.start())
        breaks = sum(1 for _ in _BREAKS.finditer(fold.group()))
        pieces += entity(fold.start(), fold.end(), " " if breaks == 1 else "\n" * (breaks - 1))
        start = fold.end()
    return pieces + literal(text, start, end)


def block_pieces(
    text: str, span: Span, *, folded: bool, value: str | None = None, indent: int | None = None
) -> list[Piece] | None:
    """A block scalar from its mark on; None if the span is not one. ``value`` is what one without content means.

    ``indent`` is counted from the line's beginning, and told by the first line with content if None.
    """
    header = _HEADER.match(text, span.start, span.end)
    if not header:
        return None
    lines = [match for match in _LINE.finditer(text, header.end(), span.end) if match.group()]
    written = [line.group(1) for line in lines if line.group(1).strip(" ")]
    if not written:
        return entity(span.start, span.end, value or "")
    if indent is None:
        indent = len(written[0]) - len(written[0].lstrip(" "))
    pieces = list(_block_lines(text, lines, indent, folded=folded))
    chomp = header.group(1) or header.group(3)
    tail = 0
    while pieces and not pieces[-1].text.strip("\n"):
        tail += len(pieces.pop().text)
    wanted = {"-": 0, "+": tail}.get(chomp, min(tail, 1))
    if wanted and pieces:
        pieces += entity(pieces[-1].span.end, span.end, "\n" * wanted)
    return pieces


def _block_lines(text: str, lines: list[re.Match[str]], indent: int, *, folded: bool) -> Iterator[Piece]:
    """The lines of a block scalar without their indent; where folded, a break between two plain lines is a space."""
    pending: list[re.Match[str]] = []  # line ends since the last line with content
    last_deep = False
    begun = False
    for line in lines:
        content = line.group(1)
        own = len(content) - len(content.lstrip(" "))
        if not content.strip(" ") and len(content) <= indent:
            pending.append(line)
            continue
        if own < indent:  # a comment or key below the block
            break
        deep = content[indent : indent + 1] in (" ", "\t")
        if begun or pending:
            yield from _breaks(pending, begun=begun, fold=folded and begun and not deep and not last_deep)
        start = line.start() + indent
        yield from literal(text, start, line.end(1))
        pending, last_deep, begun = [line], deep, True
    for line in pending:
        if line.group(2):
            yield from entity(line.start(2), line.end(2), "\n")


def _breaks(pending: list[re.Match[str]], *, begun: bool, fold: bool) -> Iterator[Piece]:
    """The line ends before a line of a block: each for itself, or all as what they fold to."""
    if fold:
        view = " " if len(pending) == 1 else "\n" * (len(pending) - 1)
        yield Piece(Span(pending[0].start(2), pending[-1].end(2)), view, PieceKind.ENTITY)
        return
    for line in pending:
        kind = PieceKind.LITERAL if line.group(2) == "\n" else PieceKind.ENTITY
        yield Piece(Span(line.start(2), line.end(2)), "\n", kind)
