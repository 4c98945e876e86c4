"""Text for terminals: widths, wrapping, colours, and other people's control characters made harmless."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wcwidth import wcswidth, wcwidth

from tonelint.positions import LineIndex
from tonelint.types import Span

TAB = 4
_NAMED = {
    "\x7f": "␡",
    "\x85": "␤",
    "\u2028": "␤",
    "\u2029": "␤",
}
_BIDI = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u200e", "\u200f", "\u061c"}
_CODES = {
    "error": "31",
    "warning": "33",
    "info": "36",
    "good": "32",
    "dim": "2",
    "bold": "1",
    "interested": "32",
    "broadcast": "33",
    "neutral": "2",
}


def visible(text: str) -> str:
    """The text with all that a terminal might obey (escapes, control characters, direction marks) shown as symbols.

    Newlines and tabs are symbols too; what lays text out in lines has taken them out before.
    """
    return "".join(map(_shown, text))


def _shown(char: str) -> str:
    if char < " ":
        return chr(0x2400 + ord(char))
    if char in _NAMED:
        return _NAMED[char]
    if "\x80" <= char <= "\x9f" or "\ud800" <= char <= "\udfff":
        return "\ufffd"
    if char in _BIDI:
        return f"<U+{ord(char):04X}>"
    return char


def width(text: str) -> int:
    """Columns that a visible text takes."""
    return sum(_cell_width(cluster) for cluster in clusters(text))


def _cell_width(cluster: str) -> int:
    return max(0, wcswidth(cluster))


def clusters(text: str) -> list[str]:
    """What a terminal draws as one: letters with their marks, emoji joined or coloured, flags."""
    found: list[str] = []
    flag = False
    for char in text:
        is_flag = "\U0001f1e6" <= char <= "\U0001f1ff"
        joins = bool(found) and (
            wcwidth(char) == 0
            or found[-1].endswith("\u200d")
            or "\U0001f3fb" <= char <= "\U0001f3ff"
            or (is_flag and flag)
        )
        flag = is_flag and not (joins and flag)
        if joins:
            found[-1] += char
        else:
            found.append(char)
    return found


def cut(text: str, columns: int, *, mark: str = "…") -> str:
    """The beginning of a visible text that fits, with a mark where something is missing."""
    if width(text) <= columns:
        return text
    kept, used = "", width(mark)
    for cluster in clusters(text):
        used += _cell_width(cluster)
        if used > columns:
            break
        kept += cluster
    return kept + mark


def wrap(text: str, columns: int) -> list[str]:
    """Words in lines of at most so many columns; a word that is longer is broken."""
    columns = max(8, columns)
    lines: list[str] = []
    line = ""
    for word in visible(" ".join(text.split())).split(" "):
        rest = word
        while width(rest) > columns:
            if line:
                lines.append(line)
                line = ""
            head = cut(rest, columns, mark="") or clusters(rest)[0]
            lines.append(head)
            rest = rest[len(head) :]
        if line and width(line) + 1 + width(rest) > columns:
            lines.append(line)
            line = rest
        else:
            line = f"{line} {rest}" if line else rest
    if line:
        lines.append(line)
    return lines or [""]


def paint(text: str, *names: str, colour: bool) -> str:
    """Text in the named colours, or as it is."""
    if not colour or not text:
        return text
    return f"\x1b[{';'.join(_CODES[name] for name in names)}m{text}\x1b[0m"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One source line as it is shown, and the columns (from 0) that are underlined. Line 0: lines left out."""

    line: int
    text: str
    start: int
    length: int


def excerpt(lines: LineIndex, span: Span, columns: int, *, most: int = 4, mark: str = "…") -> list[Excerpt]:
    """The source lines of a span, cut around it to ``columns``; of more than ``most`` lines, the first and the last."""
    first, _ = lines.position(span.start)
    last, _ = lines.position(max(span.start, span.end - 1))
    numbers: Iterable[int] = range(first, last + 1)
    gap = last - first + 1 > most
    if gap:
        numbers = (first, first + 1, 0, last)
    shown = []
    for number in numbers:
        if number == 0:
            shown.append(Excerpt(0, mark, 0, 0))
            continue
        start, end = _bounds(lines, number)
        inside = Span(min(max(span.start, start), end), max(min(span.end, end), min(max(span.start, start), end)))
        if number not in (first, last) or (number != first and inside.start == start):
            blank = len(lines.text[inside.start : inside.end]) - len(lines.text[inside.start : inside.end].lstrip())
            inside = Span(min(inside.start + blank, inside.end), inside.end)
        if not len(inside) and first != last:
            continue
        shown.append(_line(lines.text, number, Span(start, end), inside, columns=columns, mark=mark))
    return shown


def _bounds(lines: LineIndex, number: int) -> tuple[int, int]:
    """Where a line begins and ends, its line end left out, without copying it."""
    start = lines.starts[number - 1]
    end = lines.starts[number] if number < len(lines.starts) else len(lines.text)
    while end > start and lines.text[end - 1] in "\r\n":
        end -= 1
    return start, end


def _line(text: str, number: int, line: Span, inside: Span, *, columns: int, mark: str) -> Excerpt:
    columns = max(12, columns)
    # a look at so much is enough to fill the columns, however long the line is
    left = max(line.start, inside.start - 4 * columns)
    right = min(line.end, inside.start + 8 * columns)
    end = min(inside.end, right)
    head, head_width = _expand(text[left : inside.start], 0)
    body, body_width = _expand(text[inside.start : end], head_width)
    tail, tail_width = _expand(text[end:right], head_width + body_width)
    if left > line.start or right < line.end or head_width + body_width + tail_width > columns:
        room = max(columns - body_width - tail_width, columns // 3 if body_width <= columns // 2 else columns // 6)
        if left > line.start or head_width > room:
            head = mark + _last(head, max(0, room - width(mark)))
            head_width = width(head)
        rest = columns - head_width
        joined = cut(body + tail, rest if right == line.end else rest - width(mark), mark=mark)
        body_width, tail = min(body_width, rest), ""
        body = joined if right == line.end or joined.endswith(mark) else joined + mark
    shown = (head + body + tail).rstrip()  # a mark may join what stands before it, and take a column more
    return Excerpt(number, cut(shown, columns, mark=mark), head_width, max(1, body_width))


def _last(text: str, columns: int) -> str:
    kept: list[str] = []
    used = 0
    for cluster in reversed(clusters(text)):
        used += _cell_width(cluster)
        if used > columns:
            break
        kept.append(cluster)
    return "".join(reversed(kept))


def _expand(text: str, column: int) -> tuple[str, int]:
    """A run of a line as it is shown from a column on, and how wide it is."""
    shown: list[str] = []
    used = 0
    for i, part in enumerate(text.split("\t")):
        if i:
            gap = TAB - (column + used) % TAB
            shown.append(" " * gap)
            used += gap
        seen = visible(part)
        shown.append(seen)
        used += width(seen)
    return "".join(shown), used
