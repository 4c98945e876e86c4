"""Template tags in raw text: found, never rendered, and covered by filler of the same length.

Tags are found in the raw source before any other reader sees it, since templates cross the borders of HTML and Markdown.
The scanner takes linear time on any text: a search for a closing mark never starts before the place where the last one
ended, and a tag has a greatest length.
"""

from __future__ import annotations

import re
from functools import cache

from tonelint.readers import haml
from tonelint.readers.dialects import COMMENT, FORMS, LOGIC, OUTPUT, RAW, Form, canonical, vote
from tonelint.readers.keywords import described
from tonelint.readers.weaving import weave
from tonelint.types import Span, Tag

__all__ = ["LOGIC_FILLER", "OUTPUT_FILLER", "comment_text", "mask", "scan", "weave"]

OUTPUT_FILLER = "\ue000"
"""Covers output tags in masked text. What is a tag is known by offsets, never by this character: sources may hold it."""
LOGIC_FILLER = "\ue001"
"""Covers tags that print nothing."""


@cache
def _openings(dialect: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A fast search for places where a tag may begin, and the pattern of all opening marks of a dialect."""
    marks = r"[{$\\]|%[\[=%({<A-Za-z_]|<[%?<]|«|\[[%\[]|\*\|"
    marks += {"velocity": "|#", "blade": "|@", "printf": "|%", "laravel": "|:"}.get(dialect, r"|@\{\{")
    forms = "|".join(f"(?P<{form.name}>{form.open})" for form in FORMS if form.dialect in ("", dialect))
    return re.compile(marks), re.compile(forms)


_FORMS = {form.name: form for form in FORMS}


@cache
def _body(form: Form) -> re.Pattern[str]:
    """The rest of a tag up to its closing mark, quotes respected; no second opening mark outside quotes."""
    again = r"|\{\{" if form.close == "}}" else "|" + form.open if form.close == "%}" else ""
    opener = {"}": "{", "}}": "{", "%}": "{"}.get(form.close, "")
    plain = re.escape("".join(sorted({form.close[0], opener, "'", '"', "\n", *("$" if form.close == "}}" else "")})))
    inner = r"\$\{[^{}\n]{0,200}\}|" if form.close == "}}" else ""
    return re.compile(
        rf"(?:{inner}[^{plain}]++|\"[^\"\n]{{0,400}}+\"|'[^'\n]{{0,400}}+'|(?!{re.escape(form.close)}{again}).)*+"
        rf"{re.escape(form.close)}",
        re.DOTALL,
    )


class _Closings:
    """Where closing marks stand; each is looked for once only."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[str, int] = {}

    def after(self, mark: str, at: int) -> int:
        """Start of the first ``mark`` at or after ``at``; -1 without one. ``at`` never falls for the same mark."""
        known = self.known.get(mark, 0)
        if known == -1 or known > at:
            return known
        known = self.text.find(mark, at)
        self.known[mark] = known
        return known

    def pattern_after(self, pattern: re.Pattern[str], at: int) -> tuple[int, int]:
        """The same for a pattern: its span, or ``(-1, -1)``."""
        if self.known.get(pattern.pattern) == -1:
            return -1, -1
        match = pattern.search(self.text, at)
        if not match:
            self.known[pattern.pattern] = -1
            return -1, -1
        return match.span()


_END_COMMENT = re.compile(r"\{%[-~]?\s{0,20}endcomment\s{0,20}[-~]?%\}")
_END_RAW = {
    word: re.compile(rf"\{{%[-~]?\s{{0,20}}end{word}\s{{0,20}}[-~]?%\}}") for word in ("raw", "verbatim", "javascript")
}
_END_VERBATIM = re.compile(r"@endverbatim\b")
_END_PHP = re.compile(r"@endphp\b")
_END_LITERAL = re.compile(r"\{/literal\}")


def scan(text: str, *, dialect: str | None = None) -> tuple[str, tuple[Tag, ...]]:
    """All template tags of ``text`` in source order, and the dialect: the given one, else the one voted for.

    Tags never overlap. Unclosed tags are not tags. Raises KeyError for an unknown dialect, and nothing for any text.
    """
    name = canonical(dialect) if dialect else vote(text)
    if name == "haml":
        return name, haml.scan(text)
    marks, openings = _openings(name)
    closings = _Closings(text)
    tags: list[Tag] = []
    at = 0
    while mark := marks.search(text, at):
        at = mark.start()
        opening = openings.match(text, at)
        if not opening:
            at += 1
            continue
        form = _FORMS[opening.lastgroup or ""]
        end = opening.end() if not form.close else _end(text, form, opening, closings)
        if end < 0:
            at = (
                opening.end()
                if form.close and len(opening.group()) > 1 and closings.known.get(form.close) == -1
                else at + 1
            )
            continue
        found = described(text, at, end, form, name)
        found, end = _stretch(text, found, end, closings)
        tags += found
        at = max(end, at + 1)
    return name, tuple(tags)


def _end(text: str, form: Form, opening: re.Match[str], closings: _Closings) -> int:
    """Where the tag ends, or -1 if it does not close."""
    start = opening.end()
    close = closings.after(form.close, start)
    if close < 0:
        return -1
    end = close + len(form.close)
    if form.quoted:
        match = _body(form).match(text, start, min(len(text), opening.start() + form.limit))
        if match:
            return match.end()
    if end - opening.start() > form.limit:
        return -1
    if form.kind in (OUTPUT, LOGIC) and form.close in ("}}", "%}", "%>", "%]", "}}}"):
        mark = {"}}": "{{", "}}}": "{{", "%}": "{%", "%>": "<%", "%]": "[%"}[form.close]
        if text.find(mark, start, close) >= 0:
            return -1
    return end


def _stretch(text: str, found: list[Tag], end: int, closings: _Closings) -> tuple[list[Tag], int]:
    """Comment blocks become one comment; raw blocks keep their two tags and nothing is looked for between them."""
    if not found or found[-1].kind not in (LOGIC, RAW):
        return found, end
    tag = found[-1]
    source = text[tag.span.start : tag.span.end]
    if tag.name == "comment":
        _, until = closings.pattern_after(_END_COMMENT, end)
        if until > 0:
            return [Tag(Span(tag.span.start, until), COMMENT, tag.dialect, "comment")], until
    elif tag.name in _END_RAW or (tag.name == "verbatim@") or (tag.name == "literal" and source.startswith("{")):
        pattern = _END_LITERAL if tag.name == "literal" else _END_RAW.get(tag.name, _END_VERBATIM)
        start, until = closings.pattern_after(pattern, end)
        if until > 0:
            first = Tag(tag.span, RAW, tag.dialect, tag.name)
            return [first, Tag(Span(start, until), RAW, tag.dialect, "end" + tag.name)], until
    elif tag.name == "php" and source == "@php":
        _, until = closings.pattern_after(_END_PHP, end)
        if until > 0:
            return [Tag(Span(tag.span.start, until), LOGIC, tag.dialect, "php")], until
    return found, end


def mask(text: str, tags: tuple[Tag, ...]) -> str:
    """``text`` with every tag covered by filler of the same length, so that offsets stay."""
    if not tags:
        return text
    parts, at = [], 0
    for tag in tags:
        start, end = max(at, tag.span.start), tag.span.end
        if end <= start:
            continue
        parts += [text[at:start], (OUTPUT_FILLER if tag.kind is OUTPUT else LOGIC_FILLER) * (end - start)]
        at = end
    parts.append(text[at:])
    return "".join(parts)


_COMMENT_OPEN = re.compile(
    r"\s*(?:\{%[-~]?\s*comment\b[^%]*%\}|\{%[-~]?\s*#|\{\{~?!(?:--)?|\{\{--|\{\{-?\s?/\*|\{[#*]-?|<%#|\[%#|##|#\*|-?#|/\*?|//)"
)
_COMMENT_CLOSE = re.compile(
    r"(?:\{%[-~]?\s*endcomment\s*[-~]?%\}|[-~]?%\}|(?:--)?~?\}\}|\*/ ?-?\}\}|-?[#*]\}|-?%>|-?%\]|\*#|\*/)\s*$"
)


def comment_text(source: str, dialect: str) -> str:
    """What a template comment says, without its marks and the white space around it."""
    opened = _COMMENT_OPEN.match(source)
    inner = source[opened.end() :] if opened else source
    closed = _COMMENT_CLOSE.search(inner[-60:])
    if closed:
        inner = inner[: len(inner) - (min(len(inner), 60) - closed.start())]
    return inner.strip()
