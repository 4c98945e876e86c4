"""Entries of translation files: which values are prose, and how a file of them becomes a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tonelint.readers.base import Inner, lift, read_inner
from tonelint.readers.dialects import vote
from tonelint.types import Comment, Document, MessageSource, Piece, PieceKind, Role, Segment, Span, Tag

_PLACEHOLDER = re.compile(
    r"%[{(][^{}()\n]{0,80}[})][a-z]?|\{\{[^{}\n]{0,200}\}\}|\$t\([^()\n]{0,80}\)|\{[^{},\n]{0,80}\}"
    r"|%(?:\d\$)?[-+ 0#^]?\d{0,3}(?:\.\d)?[a-zA-Z@]|<[^<>\n]{0,400}>|&#?\w{1,10};"
)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_TOKEN = re.compile(r"[\"'“‘(\[¡¿*]*[^\W\d_]+(?:['’&/-][^\W\d_]+)*[\"'”’)\]*.!?…:;,]*")
_CODE = re.compile(
    r"(?:rgb|hsl)a?\([^()]*\)|[\w-]+\s*:\s*[^;]+;.*|(?:https?|mailto|tel|ftp):\S+|[\w.+-]+@[\w-]+\.\S+", re.DOTALL
)
_CAMEL = re.compile(r"[a-z][A-Z]")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>\n]{0,400}>|&(?:#\d{2,6}|#x[0-9a-fA-F]{2,6}|[a-zA-Z]{2,10});")
# Names of fields that programs read, not people.
_CODE_KEYS = frozenset(
    (
        *(
            "id",
            "type",
            "icon",
            "class",
            "classname",
            "style",
            "color",
            "colour",
            "href",
            "url",
            "src",
            "target",
            "rel",
        ),
        *("slug", "format", "formats", "locale", "lang", "language", "charset", "path", "file", "key", "env", "image"),
        *("img", "font", "width", "height", "delimiter", "separator", "order", "version", "name_format", "regex"),
    )
)
_ROLES = {
    "subject": Role.SUBJECT,
    "subject_line": Role.SUBJECT,
    "preheader": Role.PREHEADER,
    "preview_text": Role.PREHEADER,
    "heading": Role.HEADING,
    "headline": Role.HEADING,
    "title": Role.HEADING,
    "button": Role.BUTTON,
    "button_text": Role.BUTTON,
    "cta": Role.BUTTON,
    "submit": Role.BUTTON,
    "alt": Role.ALT,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a file, or one message with its plural forms."""

    id: str
    """Where it is: the path of keys, or the gettext context and message."""
    key: str
    """The last key of the path."""
    span: Span
    """The value as it stands, with its quotes."""
    forms: tuple[tuple[Piece, ...], ...]
    """Each form's text with its map to the file."""


def is_prose(value: str, key: str = "") -> bool:
    """Whether a value is words for people, and not an id, a colour, an address, a date format, a piece of code."""
    text = value.strip()
    words = _PLACEHOLDER.sub(" ", text).strip()
    if not _LETTERS.search(words) or _CODE.fullmatch(text):
        return False
    if key.lower() in _CODE_KEYS and len(words.split()) < 4:
        return False
    if len(text.split()) > 1:
        return True
    return (
        bool(_TOKEN.fullmatch(words))
        and not _CAMEL.search(words)
        and not (words.islower() and words.isascii() and words[-1] not in ".!?")
    )


def as_document(
    text: str,
    entries: Iterable[Entry],
    *,
    name: str,
    format: str,
    dialect: str | None,
    markup: Iterable[Span] = (),
    comments: Iterable[Comment] = (),
    notes: Iterable[str] = (),
) -> Document:
    """The document of a file of entries: one message each, those that are no prose left out.

    ``markup`` are the runs around the values that an edit must leave alone.
    """
    prose = [(entry, forms) for entry in entries if (forms := _prose_forms(entry))]
    views = ["".join(piece.text for piece in form) for _, forms in prose for form in forms]
    spoken = dialect or vote("\n".join(views))
    messages: list[MessageSource] = []
    segments: list[Segment] = []
    inners: list[Inner] = []
    seen: dict[str, int] = {}
    for entry, forms in prose:
        read = [_read(entry, form, spoken, len(messages)) for form in forms]
        if not any(inner.segments for inner in read):
            continue
        seen[entry.id] = seen.get(entry.id, 0) + 1
        unique = entry.id if seen[entry.id] == 1 else f"{entry.id}#{seen[entry.id]}"
        messages.append(MessageSource(unique, entry.span, entry=True))
        inners += read
        segments += [segment for inner in read for segment in inner.segments]
    return Document(
        name=name,
        text=text,
        format=format,
        segments=tuple(segments),
        messages=tuple(messages),
        tags=_apart([tag for inner in inners for tag in inner.tags]),
        markup=tuple(sorted({*markup, *(span for inner in inners for span in inner.markup)})),
        comments=tuple(sorted({*comments, *(c for inner in inners for c in inner.comments)}, key=lambda c: c.span)),
        dialect=spoken,
        notes=tuple(dict.fromkeys((*notes, *(note for inner in inners for note in inner.notes)))),
    )


def _prose_forms(entry: Entry) -> list[tuple[Piece, ...]]:
    return [form for form in entry.forms if is_prose("".join(piece.text for piece in form), entry.key)]


def _read(entry: Entry, form: Sequence[Piece], dialect: str, message: int) -> Inner:
    """One form, read and lifted."""
    view = "".join(piece.text for piece in form)
    html = entry.key.lower().endswith(("_html", "html")) or _MARKUP.search(view)
    inner = lift(read_inner(view, format="html" if html else "text", dialect=dialect, message=message), form)
    role = _ROLES.get(entry.key.lower())
    if role and all(segment.role in (Role.BODY, Role.RECORD) for segment in inner.segments):
        inner = replace(inner, segments=tuple(replace(segment, role=role) for segment in inner.segments))
    return inner


def _apart(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Tags by place; of those that an escape maps to the same place, the first."""
    kept: list[Tag] = []
    for tag in sorted(tags, key=lambda tag: tag.span):
        if not kept or tag.span.start >= kept[-1].span.end:
            kept.append(tag)
    return tuple(kept)


def literal(text: str, start: int, end: int) -> list[Piece]:
    """A run of the file as it stands; nothing for an empty one."""
    return [Piece(Span(start, end), text[start:end], PieceKind.LITERAL)] if start < end else []


def entity(start: int, end: int, view: str) -> list[Piece]:
    """A run of the file that spells ``view``; nothing if it spells nothing."""
    return [Piece(Span(start, end), view, PieceKind.ENTITY)] if view else []


_HEX_LENGTH = {"x": 2, "u": 4, "U": 8}


def unescaped(
    text: str, start: int, end: int, letters: Mapping[str, str], *, numbers: re.Pattern[str] | None = None
) -> list[Piece]:
    """A run with backslash escapes: ``letters`` give what single letters mean; ``x``, ``u`` and ``U`` take hex digits.

    ``numbers`` matches a whole escape whose first group is an octal number, or its second a hexadecimal one. An escape
    that means nothing stands for its letter. Two ``\\u`` that make one character are one piece.
    """
    pieces: list[Piece] = []
    at = start
    while (slash := text.find("\\", at, end)) >= 0 and slash + 1 < end:
        pieces += literal(text, at, slash)
        number = numbers.match(text, slash, end) if numbers else None
        if number:
            at = number.end()
            view = chr(int(number.group(1), 8) if number.group(1) else int(number.group(2), 16))
        else:
            at, view = _escape(text, slash, end, letters)
        pieces += entity(slash, at, view)
    return pieces + literal(text, at, end)


def _escape(text: str, at: int, end: int, letters: Mapping[str, str]) -> tuple[int, str]:
    """Where the escape at ``at`` ends, and what it means."""
    letter = text[at + 1]
    if letter in letters:
        return at + 2, letters[letter]
    code = _code(text, at, end)
    if code is None:
        return at + 2, letter
    stop = at + 2 + _HEX_LENGTH[letter]
    if 0xD800 <= code < 0xDC00 and text.startswith("\\u", stop):
        low = _code(text, stop, end)
        if low is not None and 0xDC00 <= low < 0xE000:
            return stop + 6, chr(0x10000 + ((code - 0xD800) << 10) + low - 0xDC00)
    return stop, "\ufffd" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


def _code(text: str, at: int, end: int) -> int | None:
    """The number that the hex escape at ``at`` gives, if it is one."""
    digits = text[at + 2 : min(at + 2 + _HEX_LENGTH.get(text[at + 1], 0), end)]
    whole = len(digits) == _HEX_LENGTH.get(text[at + 1], -1)
    return int(digits, 16) if whole and all(digit in "0123456789abcdefABCDEF" for digit in digits) else None
