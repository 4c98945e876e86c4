"""gettext ``.po`` files: the translation is read, or where there is none the message itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tonelint.positions import LineIndex
from tonelint.readers.entries import Entry, as_document, unescaped
from tonelint.types import Comment, Document, Piece, Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")
_FIELD = re.compile(r"[ \t]*(msgctxt|msgid_plural|msgid|msgstr(?:\[\d{1,3}\])?)[ \t]*(?=\"|$|[\r\n])")
_STRING = re.compile(r"[ \t]*\"((?:[^\"\\\r\n]|\\[^\r\n])*+)(\")?")
_NUMBER = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2}))")
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


@dataclass(slots=True)
class _Field:
    """One ``msgid``, ``msgstr``… with its strings."""

    name: str
    start: int
    end: int
    pieces: list[Piece] = field(default_factory=list)

    @property
    def value(self) -> str:
        """What the strings say together."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class _Unit:
    """One entry of the file."""

    fields: list[_Field] = field(default_factory=list)
    fuzzy: bool = False

    def first(self, name: str) -> _Field | None:
        """The first field of a name."""
        return next((item for item in self.fields if item.name == name), None)


def read_po(text: str, *, name: str, dialect: str | None = None) -> Document:
    """Read a gettext file. Obsolete and fuzzy entries and the header are passed over. Never raises on any text."""
    comments: list[Comment] = []
    notes: list[str] = []
    markup: list[Span] = []
    entries = [
        entry
        for unit in _units(text, comments, notes)
        if (entry := _entry(unit, markup)) is not None and not unit.fuzzy
    ]
    return as_document(
        text, entries, name=name, format="po", dialect=dialect, markup=markup, comments=comments, notes=notes
    )


def _units(text: str, comments: list[Comment], notes: list[str]) -> Iterator[_Unit]:
    """The entries in order; comments and faults are noted on the way."""
    unit = _Unit()
    open_field: _Field | None = None
    for line in _LINE.finditer(text):
        raw = line.group().strip()
        start = line.start()
        if raw.startswith("#"):
            if any(item.name.startswith("msgstr") for item in unit.fields):
                yield unit
                unit = _Unit()
            open_field = None
            if raw.startswith("#,"):
                unit.fuzzy = unit.fuzzy or "fuzzy" in raw
            elif not raw.startswith(("#~", "#|", "#:")):
                hash_at = text.index("#", start)
                comments.append(Comment(Span(hash_at, hash_at + len(raw)), raw.lstrip("#.").strip()))
            continue
        if not raw:
            if unit.fields:
                yield unit
            if unit.fields or line.group():
                unit, open_field = _Unit(fuzzy=unit.fuzzy and not unit.fields), None
            continue
        head = _FIELD.match(text, start, line.end())
        if head:
            keyword = head.group(1)
            if keyword in ("msgctxt", "msgid") and any(item.name.startswith("msgstr") for item in unit.fields):
                yield unit
                unit = _Unit()
            open_field = _Field(keyword, head.start(1), head.end())
            unit.fields.append(open_field)
            start = head.end()
        string = _STRING.match(text, start, line.end())
        if string and open_field:
            open_field.pieces += unescaped(text, string.start(1), string.end(1), _ESCAPES, numbers=_NUMBER)
            open_field.end = string.end()
            if not string.group(2):
                _fault(text, notes, string.start(1), "a string is not closed")
        elif not head:
            _fault(text, notes, line.start(), "neither a comment nor a message")
    if unit.fields:
        yield unit


def _fault(text: str, notes: list[str], at: int, what: str) -> None:
    """Note the first thing that is wrong."""
    if not notes:
        line, _ = LineIndex(text).position(at)
        notes.append(f"is not a valid gettext file (line {line}: {what}); read as far as it can be")


def _entry(unit: _Unit, markup: list[Span]) -> Entry | None:
    """What is read of an entry; None for the header and for what has no message."""
    message = unit.first("msgid")
    context = unit.first("msgctxt")
    if message is None or (not message.value and context is None):
        return None
    translated = [item for item in unit.fields if item.name.startswith("msgstr") and item.value.strip()]
    chosen = translated or [item for item in unit.fields if item.name in ("msgid", "msgid_plural") and item.value]
    if not chosen:
        return None
    markup += [Span(item.start, item.end) for item in unit.fields if item not in chosen and item.start < item.end]
    identity = f"{context.value}|{message.value}" if context else message.value
    return Entry(
        identity,
        context.value.rpartition(".")[2] if context else "",
        Span(chosen[0].start, chosen[-1].end),
        tuple(tuple(item.pieces) for item in chosen),
    )
