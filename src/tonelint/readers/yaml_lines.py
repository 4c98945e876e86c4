"""YAML that no parser takes (a template, a slip): keys and values line by line, by indent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tonelint.readers.entries import literal
from tonelint.readers.yaml_scalars import block_pieces, double_quoted, single_quoted
from tonelint.types import Piece, Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")
_KEY = re.compile(
    r"(?P<indent>[ \t]*(?:-[ \t]+)*)(?P<key>\"[^\"\r\n]{1,200}\"|'[^'\r\n]{1,200}'|[\w$.][\w$. /-]{0,200}?)"
    r"[ \t]*:(?=\s|$)[ \t]*"
)
_ITEM = re.compile(r"(?P<indent>[ \t]*)-[ \t]+")
_DOUBLE = re.compile(r"\"((?:[^\"\\\r\n]|\\[^\r\n])*+)\"")
_SINGLE = re.compile(r"'((?:[^'\r\n]|'')*+)'")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r|$)")
_PLAIN = re.compile(r"[^\r\n]*?(?=[ \t]+#|[ \t]*(?:\r\n|\n|\r|$))")
_OTHER = re.compile(r"[\[&*!#]|\{(?![{%])|<%|\{%|---|\.\.\.")


@dataclass(frozen=True, slots=True)
class Value:
    """One value with the path of keys that its indent gives it."""

    id: str
    key: Span | None
    span: Span
    pieces: tuple[Piece, ...]


def values(text: str) -> Iterator[Value]:
    """The values that can be made out, in order. Never raises."""
    path: list[tuple[int, str]] = []
    items: dict[int, int] = {}
    skip_to = 0
    for line in _LINE.finditer(text):
        if line.start() < skip_to:
            continue
        at, key = line.start(), None
        if head := _KEY.match(text, at, line.end()):
            indent = head.end("indent") - head.start("indent")
            while path and path[-1][0] >= indent:
                path.pop()
            path.append((indent, head.group("key").strip("\"' ")))
            key = Span(*head.span("key"))
            at = head.end()
            name = ".".join(part for _, part in path[-60:])
        elif head := _ITEM.match(text, at, line.end()):
            indent = head.end("indent") - head.start("indent")
            while path and path[-1][0] > indent:
                path.pop()
            items[indent] = items.get(indent, -1) + 1
            at = head.end()
            name = ".".join((*(part for _, part in path[-60:]), str(items[indent])))
        else:
            continue
        if block := _BLOCK.match(text, at, line.end()):
            skip_to = _block_end(text, block.end(), indent)
            pieces = block_pieces(text, Span(at, skip_to), folded=text[at] == ">")
            if pieces and skip_to > block.end():
                yield Value(name, key, Span(at, skip_to), tuple(pieces))
            continue
        yield from _one_line(text, at, line.end(), name, key)


def _one_line(text: str, at: int, end: int, name: str, key: Span | None) -> Iterator[Value]:
    """A value that begins and ends on its line."""
    if quoted := _DOUBLE.match(text, at, end):
        yield Value(name, key, Span(*quoted.span()), tuple(double_quoted(text, *quoted.span(1))))
    elif quoted := _SINGLE.match(text, at, end):
        yield Value(name, key, Span(*quoted.span()), tuple(single_quoted(text, *quoted.span(1))))
    elif not _OTHER.match(text, at, end) and (plain := _PLAIN.match(text, at, end)) and plain.group().strip():
        yield Value(name, key, Span(*plain.span()), tuple(literal(text, *plain.span())))


def _block_end(text: str, at: int, indent: int) -> int:
    """Where the lines end that are indented deeper than the key of a block scalar."""
    for line in _LINE.finditer(text, at):
        content = line.group().rstrip("\r\n")
        if not line.group() or (content.strip() and len(content) - len(content.lstrip(" ")) <= indent):
            return line.start()
    return len(text)
