"""Offsets to lines and columns, and to UTF-16. The only room that knows about lines.

A line ends at ``\\n``, ``\\r\\n`` or a lone ``\\r``, as editors count; not at form feeds or U+2028.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

_NEWLINE = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class LineIndex:
    """Line starts of one text. Lines and columns count from 1, in code points."""

    text: str
    starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", (0, *(m.end() for m in _NEWLINE.finditer(self.text))))

    def position(self, offset: int) -> tuple[int, int]:
        """``(line, column)`` of a source offset; the offset at the end of the text is allowed."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a line, without its end."""
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def utf16(self, offset: int) -> tuple[int, int]:
        """``(line, character)`` counted from 0, the character in UTF-16 units, as language servers speak."""
        line, column = self.position(offset)
        start = self.starts[line - 1]
        return line - 1, utf16_length(self.text[start : start + column - 1])

    def offset(self, line: int, utf16_character: int) -> int:
        """The source offset of a zero-based line and UTF-16 character; past the end of a line means its end."""
        if line >= len(self.starts):
            return len(self.text)
        text, units = self.line_text(line + 1), 0
        for i, char in enumerate(text):
            if units >= utf16_character:
                return self.starts[line] + i
            units += 2 if ord(char) > 0xFFFF else 1
        return self.starts[line] + len(text)


def utf16_length(text: str) -> int:
    """How many UTF-16 code units a text takes."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def utf8_length(text: str) -> int:
    """How many bytes a text takes in UTF-8; lone surrogates count three."""
    return len(text.encode("utf-8", "surrogatepass"))
