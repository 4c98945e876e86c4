"""From text to a document: which reader reads what, and :func:`read`, which picks one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath

from tonelint.readers.base import ContainerReader, read_document
from tonelint.readers.dialects import DIALECTS, canonical
from tonelint.types import Document

__all__ = ["DIALECTS", "FORMATS", "READERS", "SUFFIXES", "format_of", "read"]


def _text(text: str, *, name: str, dialect: str | None = None) -> Document:
    return read_document(text, name=name, format="text", dialect=dialect)


def _markdown(text: str, *, name: str, dialect: str | None = None) -> Document:
    return read_document(text, name=name, format="markdown", dialect=dialect)


def _html(text: str, *, name: str, dialect: str | None = None) -> Document:
    return read_document(text, name=name, format="html", dialect=dialect)


def _mjml(text: str, *, name: str, dialect: str | None = None) -> Document:
    return read_document(text, name=name, format="mjml", dialect=dialect)


def _email(text: str, *, name: str, dialect: str | None = None) -> Document:
    from tonelint.readers.email import read_email

    return read_email(text, name=name, dialect=dialect)


def _yaml(text: str, *, name: str, dialect: str | None = None) -> Document:
    from tonelint.readers.locale import read_yaml

    return read_yaml(text, name=name, dialect=dialect)


def _json(text: str, *, name: str, dialect: str | None = None) -> Document:
    from tonelint.readers.locale import read_json

    return read_json(text, name=name, dialect=dialect)


def _po(text: str, *, name: str, dialect: str | None = None) -> Document:
    from tonelint.readers.locale import read_po

    return read_po(text, name=name, dialect=dialect)


READERS: Mapping[str, ContainerReader] = {
    "text": _text,
    "markdown": _markdown,
    "html": _html,
    "mjml": _mjml,
    "email": _email,
    "yaml": _yaml,
    "json": _json,
    "po": _po,
}
"""Every format and its reader; the modules behind them are imported on first use."""
FORMATS = tuple(READERS)

SUFFIXES: Mapping[str, tuple[str | None, str | None]] = {
    ".txt": ("text", None),
    ".text": ("text", None),
    ".md": ("markdown", None),
    ".markdown": ("markdown", None),
    ".mdx": ("markdown", None),
    ".html": ("html", None),
    ".htm": ("html", None),
    ".xhtml": ("html", None),
    ".mjml": ("mjml", None),
    ".eml": ("email", None),
    ".yml": ("yaml", None),
    ".yaml": ("yaml", None),
    ".json": ("json", None),
    ".arb": ("json", "icu"),
    ".po": ("po", None),
    ".pot": ("po", None),
    ".erb": (None, "erb"),
    ".ejs": (None, "erb"),
    ".j2": (None, "jinja"),
    ".jinja": (None, "jinja"),
    ".jinja2": (None, "jinja"),
    ".twig": (None, "jinja"),
    ".njk": (None, "jinja"),
    ".liquid": (None, "liquid"),
    ".hbs": (None, "handlebars"),
    ".handlebars": (None, "handlebars"),
    ".mustache": (None, "handlebars"),
    ".blade.php": (None, "blade"),
    ".php": (None, "php"),
    ".tpl": (None, "smarty"),
    ".haml": ("text", "haml"),
    ".slim": ("text", "haml"),
    ".amp": (None, "ampscript"),
    ".vm": (None, "velocity"),
}
"""Format and template dialect by suffix; None where the suffix does not say."""

_MARKUP = re.compile(
    r"(?i)</?(?:!doctype|html|head|body|table|tbody|tr|td|th|div|p|br|hr|a|span|h[1-6]|ul|ol|li|dl|dt|img|strong|b|i|u|em|small|"
    r"mj\w*|mjml|center|font|form|input|select|option|label|button|script|style|section|nav|header|footer|main|pre|blockquote)\b[^<>]*>"
)


def format_of(name: str) -> tuple[str | None, str | None]:
    """Format and dialect that a file's name tells: a template suffix over another one takes the inner one's format."""
    lower = PurePath(name).name.lower()
    found: str | None = None
    dialect: str | None = None
    while True:
        suffix = ".blade.php" if lower.endswith(".blade.php") else PurePath(lower).suffix
        if suffix not in SUFFIXES:
            return found, dialect
        inner, named = SUFFIXES[suffix]
        dialect = dialect or named
        if inner and dialect == "haml":
            return "text", dialect
        if inner:
            return inner, dialect
        lower = lower[: -len(suffix)]


def sniffed(text: str) -> str:
    """``html`` or ``text``, by what the first 20,000 code points hold."""
    return "html" if _MARKUP.search(text[:20_000]) else "text"


def read(text: str, *, name: str, format: str | None = None, dialect: str | None = None) -> Document:
    """Read ``text``, which came from the file or field ``name``.

    ``format`` is one of :data:`FORMATS`, told by the name's suffix when None (a bare template suffix, or none: HTML if it
    looks like it, else text); ``dialect`` one of :data:`DIALECTS` or its usual name, found in the text when None. Raises
    KeyError for an unknown format or dialect, and nothing for any text.
    """
    told, spoken = format_of(name)
    if format is None:
        format = told or sniffed(text)
    if dialect is not None:
        dialect = canonical(dialect)
    elif spoken is not None and not (spoken == "smarty" and "{%" in text):
        dialect = spoken
    return READERS[format](text, name=name, dialect=dialect)
