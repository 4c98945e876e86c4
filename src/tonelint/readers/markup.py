"""HTML tokens with exact offsets: from turbohtml, or from the standard library where that is missing or not exact."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from typing import NamedTuple

from tonelint.types import Piece, PieceKind, Span

TEXT, START, END, COMMENT, DOCTYPE, REFERENCE = range(6)
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u200e\u200f\u2007"))
"""Code points that mail builders pad preheaders with; they read as nothing."""


class Token(NamedTuple):
    """One token; its offsets are source offsets."""

    kind: int
    start: int
    end: int
    name: str
    """Tag name in lower case; of a reference, the text that it stands for."""
    attributes: tuple[tuple[str, str], ...] = ()


def tokens(masked: str) -> list[Token]:
    """The tokens of an HTML text in order; they never overlap. Markup without an end may be missing at the end."""
    try:
        found = _turbo(masked)
    except ImportError:
        found = None
    return stdlib_tokens(masked) if found is None else found


def _turbo(masked: str) -> list[Token] | None:
    """Tokens by turbohtml, or None where its offsets cannot be trusted for this text."""
    from turbohtml import Tokenizer

    even = masked.replace("\r\n", " \n").replace("\r", "\n") if "\r" in masked else masked
    tokenizer = Tokenizer(resolve_references=False, capture_source=True)
    raw = [*tokenizer.feed(even), *tokenizer.close()]
    found: list[Token] = []
    at = 0
    starts: list[int] | None = None
    for token in raw:
        kind = int(token.type)
        source = (token.source if kind else token.data) or ""
        size = len(source)
        if not even.startswith(source, at):
            # markup that the tokenizer dropped (an empty end tag): take its own word for where it is
            starts = starts or [0, *(match.end() for match in re.finditer("\n", even))]
            if token.line > len(starts):
                return None
            at = starts[token.line - 1] + token.col
            if not even.startswith(source, at) or (found and at < found[-1].end):
                return None
        attributes: tuple[tuple[str, str], ...] = ()
        if kind == START and token.attrs:
            attributes = tuple((name.lower(), value or "") for name, value in token.attrs)
        name = (
            token.data if kind == REFERENCE else token.tag.lower() if token.tag and kind in (START, END) else ""
        ) or ""
        found.append(Token(kind, at, at + size, name, attributes))
        at += size
    return found


class _Parser(HTMLParser):
    """Collects what the standard parser sees, with its line and column."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.seen: list[tuple[int, int, int, str, tuple[tuple[str, str], ...]]] = []

    def _add(self, kind: int, name: str = "", attributes: tuple[tuple[str, str], ...] = ()) -> None:
        self.seen.append((*self.getpos(), kind, name, attributes))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(START, tag, tuple((name, value or "") for name, value in attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._add(END, tag)

    def handle_data(self, data: str) -> None:
        self._add(TEXT)

    def handle_entityref(self, name: str) -> None:
        self._add(REFERENCE, f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._add(REFERENCE, f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._add(COMMENT)

    def handle_decl(self, decl: str) -> None:
        self._add(DOCTYPE)

    def handle_pi(self, data: str) -> None:
        self._add(COMMENT)

    def unknown_decl(self, data: str) -> None:
        self._add(COMMENT)


def stdlib_tokens(masked: str) -> list[Token]:
    """The same tokens from ``html.parser``: slower, and without a dependency."""
    parser = _Parser()
    try:
        parser.feed(masked)
        parser.close()
    except (AssertionError, ValueError):  # what it could not read is left out
        pass
    starts = [0, *(match.end() for match in re.finditer("\n", masked))]
    places = [starts[line - 1] + column for line, column, *_ in parser.seen] + [len(masked)]
    found: list[Token] = []
    for (start, following), (_, _, kind, name, attributes) in zip(pairwise(places), parser.seen, strict=True):
        end = max(start, following)
        if end > start:
            found.append(_token(kind, start, end, name, attributes))
    return found


def _token(kind: int, start: int, end: int, name: str, attributes: tuple[tuple[str, str], ...]) -> Token:
    """A token of the standard parser; a reference that stands for nothing is text."""
    if kind != REFERENCE:
        return Token(kind, start, end, name, attributes)
    spelled = html.unescape(name)
    return Token(TEXT, start, end, "") if spelled == name else Token(REFERENCE, start, end, spelled)


_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def pieces(text: str, masked: str, start: int, end: int) -> Iterator[Piece]:
    """Pieces of a run that may hold character references (an attribute's value); masked references are no references."""
    at = start
    for reference in _REFERENCE.finditer(masked, start, end):
        spelled = html.unescape(reference.group())
        if spelled == reference.group():
            continue
        if reference.start() > at:
            yield Piece(Span(at, reference.start()), text[at : reference.start()], PieceKind.LITERAL)
        if piece := entity(reference.start(), reference.end(), spelled):
            yield piece
        at = reference.end()
    if at < end:
        yield Piece(Span(at, end), text[at:end], PieceKind.LITERAL)


def entity(start: int, end: int, spelled: str) -> Piece | None:
    """A character reference as a piece; None if it reads as nothing."""
    spelled = spelled.translate(INVISIBLE).replace("\xa0", " ")
    return Piece(Span(start, end), spelled, PieceKind.ENTITY) if spelled else None


def attribute_span(masked: str, start: int, end: int, name: str) -> tuple[int, int] | None:
    """Where the value of an attribute stands in the tag ``[start, end)``, without its quotes."""
    pattern = re.compile(rf"(?i)[\s\"'/]{name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))")
    match = pattern.search(masked, start, end)
    return match.span(match.lastindex or 0) if match else None
