"""JSON translation files (i18next, ARB, ICU…): a scanner that keeps places and reads on over small faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tonelint.positions import LineIndex
from tonelint.readers.entries import Entry, as_document, unescaped
from tonelint.types import Comment, Document, Piece, Span

_TOKEN = re.compile(
    r"""(?P<string>"[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+(?P<closed>")?|'[^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*+')
    | (?P<comment>//[^\r\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|\#[^\r\n]*)
    | (?P<mark>[{}\[\],:])
    | (?P<atom>[^\s{}\[\],:"'/\#]+|.)""",
    re.VERBOSE | re.DOTALL,
)
_GAP = re.compile(r"[\s\ufeff]*")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LONGEST_PATH = 60
"""Levels of keys that an id shows; what is deeper is named by these and the last."""


@dataclass(slots=True)
class _Frame:
    """One open object or array."""

    path: tuple[str, ...]
    array: bool
    key: str | None = None
    index: int = 0
    silent: bool = False
    """Whether it describes another entry (``"@greeting"`` in ARB) and is not read."""


def read_json(text: str, *, name: str, dialect: str | None = None) -> Document:
    """Read a JSON file. Comments and trailing commas are let pass. Never raises on any text.

    What is broken is read as far as it can be, with a note.
    """
    scan = _Scan(text)
    entries = list(scan.entries())
    return as_document(
        text,
        entries,
        name=name,
        format="json",
        dialect=dialect,
        markup=scan.keys,
        comments=scan.comments,
        notes=scan.notes,
    )


class _Scan:
    """One pass over a text; what it met on the way."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.keys: list[Span] = []
        self.comments: list[Comment] = []
        self.notes: list[str] = []

    def fault(self, at: int, what: str) -> None:
        """Note the first thing that is wrong."""
        if not self.notes:
            line, column = LineIndex(self.text).position(at)
            self.notes.append(f"is not valid JSON (line {line}, column {column}: {what}); read as far as it can be")

    def entries(self) -> Iterator[Entry]:
        """The strings that are values."""
        text, at = self.text, 0
        stack: list[_Frame] = []
        while True:
            at = _GAP.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
            token = _TOKEN.match(text, at)
            if not token:
                break
            at = token.end()
            top = stack[-1] if stack else None
            if token.lastgroup == "comment":
                self.comments.append(_comment(token))
            elif token.lastgroup == "mark":
                self._mark(token, stack)
            elif token.lastgroup in ("string", "closed"):
                if not token.group("closed") and token.group()[0] == '"':
                    self.fault(token.start(), "a string is not closed")
                if top and not top.array and top.key is None:
                    top.key = "".join(piece.text for piece in _value(text, token))
                    self.keys.append(Span(*token.span()))
                elif not (top and top.silent):
                    yield _entry(text, token, top)
            elif top and not top.array and top.key is None:
                if not re.fullmatch(r"[\w$.-]+", token.group()):
                    self.fault(token.start(), f"{token.group()[:20]!r} is not expected here")
                else:
                    top.key = token.group()
                    self.keys.append(Span(*token.span()))
        if stack:
            self.fault(len(text), "a bracket is not closed")

    def _mark(self, token: re.Match[str], stack: list[_Frame]) -> None:
        """Punctuation opens, closes and separates."""
        mark = token.group()
        top = stack[-1] if stack else None
        if mark in "{[":
            path = _path(top)
            silent = bool(top and (top.silent or (top.key or "").startswith("@")))
            stack.append(_Frame(path, mark == "[", silent=silent))
        elif mark in "}]":
            if not top:
                self.fault(token.start(), "a bracket closes nothing")
                return
            if top.array != (mark == "]"):
                self.fault(token.start(), "brackets do not match")
                if not any(frame.array == (mark == "]") for frame in stack[-8:]):
                    return
                while stack[-1].array != (mark == "]"):
                    stack.pop()
            stack.pop()
        elif mark == "," and top:
            top.key = None
            top.index += 1


def _path(frame: _Frame | None) -> tuple[str, ...]:
    """The keys that lead to the next value in a frame."""
    if frame is None:
        return ()
    own = str(frame.index) if frame.array else frame.key or ""
    return (*frame.path[:_LONGEST_PATH], own)


def _entry(text: str, token: re.Match[str], frame: _Frame | None) -> Entry:
    path = _path(frame)
    key = next((part for part in reversed(path) if not part.isdecimal()), "")
    silent = bool(frame and not frame.array and (frame.key or "").startswith("@"))
    forms = () if silent else (tuple(_value(text, token)),)
    return Entry(".".join(path), key, Span(*token.span()), forms)


def _value(text: str, token: re.Match[str]) -> list[Piece]:
    """A string token's content."""
    closed = token.group("closed") or token.group()[0] == "'"
    return unescaped(text, token.start() + 1, token.end() - bool(closed), _ESCAPES)


def _comment(token: re.Match[str]) -> Comment:
    words = token.group()
    if words.startswith("/*"):
        words = words.removeprefix("/*").removesuffix("*/")
    else:
        words = words.lstrip("/#")
    return Comment(Span(*token.span()), words.strip())
