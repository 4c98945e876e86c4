"""Haml and Slim, as well as a line can be read by itself: what is not prose at a line's head is covered as logic."""

from __future__ import annotations

import re

from tonelint.types import Span, Tag, TagKind

_HEAD = re.compile(
    r"[ \t]*(?:(?P<comment>-#|/)|(?P<code>-(?!-)[^\n]*)|(?P<doctype>!!!|doctype\b)|(?P<filter>:[a-z]+[ \t]*$)"
    r"|(?P<tag>(?:[%.#][\w:-]+)+(?:\{[^{}\n]*\}|\([^()\n]*\)|\[[^\[\]\n]*\])*[<>/]{0,2}))?"
)
_SLIM = re.compile(
    r"[ \t]*(?:p|h[1-6]|div|span|a|ul|ol|li|table|tr|td|th|br|strong|em|b|i|img|title)\b(?=[ .#=\n]|$)[.#\w-]*"
)
_EXPRESSION = re.compile(r"[ \t]*[!&]?=[=<>']{0,2}[^\n]*")
_INSIDE = re.compile(r"#\{[^{}\n]*\}|</?[a-z][^<>\n]{0,400}>")
_STRING = re.compile(r"(?:link_to|button_to|mail_to|_|t|=)?[ (]*([\"'])([^\"'\n]*[A-Za-z][^\"'\n]*)\1")
_HAML = re.compile(r"(?m)^[ \t]*%[a-z]")
_WORD = re.compile(r"-\s*(if|unless|case|else|elsif|when)\b")


def scan(text: str) -> tuple[Tag, ...]:
    """Tags of a Haml or Slim text, in order: element marks and code as logic, ``= …`` and ``#{…}`` as output."""
    tags: list[Tag] = []
    at, skip = 0, -1
    slim = not _HAML.search(text)
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        indent = len(body) - len(body.lstrip())
        if skip >= 0 and (indent > skip or not body.strip()):
            if body.strip():
                tags.append(_tag(at + indent, at + len(body), TagKind.LOGIC, "filter"))
        else:
            skip = _line(body, at, indent, tags, slim=slim)
        at += len(line)
    return tuple(tags)


def _line(body: str, at: int, indent: int, tags: list[Tag], *, slim: bool) -> int:
    """Tags of one line are added; the indent whose inside is to be skipped comes back, or -1."""
    head = _HEAD.match(body)
    kind = head.lastgroup if head else None
    if kind in ("comment", "filter", "doctype", "code"):
        word = _WORD.match(body, indent)
        found = TagKind.COMMENT if kind == "comment" else TagKind.LOGIC
        tags.append(_tag(at + indent, at + len(body), found, word.group(1) if word else kind or ""))
        return indent if kind in ("comment", "filter") else -1
    start = head.end() if head and kind == "tag" else indent
    if slim and kind != "tag" and (element := _SLIM.match(body)):
        start, kind = element.end(), "tag"
    if kind == "tag" and start > indent:
        tags.append(_tag(at + indent, at + start, TagKind.LOGIC, "element"))
    elif body[indent : indent + 1] == "|":
        tags.append(_tag(at + indent, at + indent + 1, TagKind.LOGIC, "element"))
        start = indent + 1
    if expression := _EXPRESSION.match(body, start):
        code = expression.group()
        first = start + len(code) - len(code.lstrip())
        literal = _STRING.search(code)
        default = literal.group(2) if literal and " " in literal.group(2).strip() else None
        if not re.search(r"\bdo\s*(\|[^|]*\|)?\s*$", code) and not re.match(
            r"\s*=\s*(?:render|yield|image_tag|csrf|form)", code
        ):
            tags.append(_tag(at + first, at + expression.end(), TagKind.OUTPUT, code.strip(" =!&")[:80], default))
        else:
            tags.append(_tag(at + first, at + expression.end(), TagKind.LOGIC, "begin"))
        return -1
    for inside in _INSIDE.finditer(body, start):
        if inside.group()[0] == "<":
            tags.append(_tag(at + inside.start(), at + inside.end(), TagKind.LOGIC, "element"))
        else:
            tags.append(_tag(at + inside.start(), at + inside.end(), TagKind.OUTPUT, inside.group()[2:-1].strip()[:80]))
    return -1


def _tag(start: int, end: int, kind: TagKind, name: str, default: str | None = None) -> Tag:
    return Tag(Span(start, end), kind, "haml", name, default)
