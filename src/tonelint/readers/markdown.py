"""Markdown, as drafts are written in it: an own scanner for blocks, since offsets matter more than every corner of the standard."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tonelint.readers.base import Block, Reading
from tonelint.readers.inline import Inline
from tonelint.readers.text import SUBJECT_LABEL, Line, front_comments, front_matter, joins, split_lines
from tonelint.types import Comment, Role, Span, Tag

_FENCE = re.compile(r"(`{3,}|~{3,})[^`\r\n]*$")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)(.*?)(?:[ \t]+#+)?[ \t]*$")
_HEADING_ID = re.compile(r"[ \t]*\{[:#.][^{}\r\n]{0,200}\}[ \t]*$")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]+(?:\[[ xX]\][ \t]+)?|$)")
_QUOTE = re.compile(r"(?:>[ \t]?)+")
_CALLOUT = re.compile(r"\[![A-Za-z]{2,20}\][-+]?[ \t]*$")
_DEFINITION = re.compile(r"\[([^\[\]^][^\[\]]{0,200})\]:[ \t]*\S+.*$")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,60}\]:[ \t]*")
_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CELL = re.compile(r"(?:[^|\\`]|\\.|`[^`]*`|`)+")
_TOML = re.compile(r"\+\+\+[ \t]*\r?\n.*?\n\+\+\+[ \t]*(?:\r?\n|$)", re.DOTALL)
_ATTRIBUTES = re.compile(r"\{:[^{}\r\n]*\}$")
_RAW_OPEN = re.compile(r"(?i)<(script|style|pre|svg|textarea|iframe)\b")
_ENDED = re.compile(r"[.!?…][\"'”’)*_]*$")


@dataclass(slots=True)
class _Pass:
    """One pass over the lines."""

    text: str
    masked: str
    defined: frozenset[str]
    blocks: list[Block] = field(default_factory=list)
    markup: list[Span] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    def inline(
        self, role: Role, start: int, end: int, *, holes: list[Span] | None = None, breaks: list[int] | None = None
    ) -> None:
        """Blocks of the run ``[start, end)``."""
        if start >= end:
            return
        found = Inline(self.text, self.masked, self.defined)
        found.breaks += breaks or []
        found.scan(start, end)
        self.blocks += found.blocks(role, start, end, holes or ())
        self.markup += [*found.markup, *(holes or ())]
        self.comments += found.comments


def read_markdown(text: str, masked: str, tags: tuple[Tag, ...]) -> Reading:
    """Blocks of a Markdown text. Never raises."""
    blocks, markup, hints, at = front_matter(text, masked)
    comments = [Comment(span, text[span.start + 1 : span.end].strip()) for span in front_comments(text, markup)]
    if not at and (toml := _TOML.match(masked)):
        at = toml.end()
        markup.append(Span(0, at))
    lines = split_lines(masked, at, has_tags=bool(tags))
    defined = frozenset(
        " ".join(found.group(1).lower().split())
        for line in lines
        if line.masked[:1] == "[" and (found := _DEFINITION.match(line.masked))
    )
    state = _Pass(text, masked, defined, blocks, markup, comments)
    _read(state, lines, masked)
    blocks = sorted(state.blocks, key=lambda block: block.pieces[0].span.start if block.pieces else 0)
    return Reading(
        tuple(blocks), tuple(sorted(state.comments, key=lambda c: c.span)), tuple(sorted(state.markup)), hints
    )


def _read(state: _Pass, lines: list[Line], masked: str) -> None:
    paragraph: list[Line] = []
    role = Role.BODY
    in_list = False
    blank = True
    first = True
    i = 0

    def flush() -> None:
        nonlocal paragraph
        if any(not line.silent for line in paragraph):
            _paragraph(state, paragraph, role)
        paragraph = []

    while i < len(lines):
        line = lines[i]
        content = line.masked
        i += 1
        if not content:
            flush()
            blank = True
            continue
        if line.silent:
            paragraph.append(line)
            continue
        indent = line.start - (masked.rfind("\n", 0, line.start) + 1)
        if blank and indent >= 4 and not in_list and not paragraph:
            state.markup.append(Span(line.start, line.end))
            continue
        was_blank, blank = blank, False
        if first and (label := SUBJECT_LABEL.match(content)):
            state.markup.append(Span(line.start, line.start + label.end()))
            state.inline(Role.SUBJECT, line.start + label.end(), line.end)
            first = False
            continue
        first = False
        if fence := _FENCE.match(content):
            flush()
            i = _fenced(state, lines, i - 1, fence.group(1))
            continue
        if raw := _raw_region(masked, line):
            flush()
            end = raw[1]
            state.markup.append(Span(line.start, end))
            if raw[0] == "<!--":
                state.comments.append(Comment(Span(line.start, end), state.text[line.start + 4 : end - 3].strip()))
            while i < len(lines) and lines[i].end <= end:
                i += 1
            if i < len(lines) and lines[i].start < end:
                lines[i] = Line(end, lines[i].end, masked[end : lines[i].end])
            elif end < line.end:
                i -= 1
                lines[i] = _rest(masked, end, line.end)
            continue
        if heading := _HEADING.match(content):
            flush()
            start, end = line.start + heading.start(2), line.start + heading.end(2)
            if mark := _HEADING_ID.search(masked[start:end]):
                end = start + mark.start()
            state.markup += [Span(line.start, start), Span(end, line.end)]
            state.inline(Role.HEADING, start, end)
            in_list = False
            continue
        if (
            paragraph
            and _UNDERLINE.match(content)
            and not was_blank
            and role in (Role.BODY, Role.HEADING)
            and content[0] * 2 == content[:2]
        ):
            role = Role.HEADING
            flush()
            role = Role.BODY
            state.markup.append(Span(line.start, line.end))
            continue
        if _RULE.match(content) or _ATTRIBUTES.match(content):
            flush()
            state.markup.append(Span(line.start, line.end))
            in_list = False
            continue
        if "|" in content and i < len(lines) and "-" in lines[i].masked and _DELIMITER.match(lines[i].masked):
            flush()
            in_list = False
            i = _table(state, lines, i - 1)
            continue
        if _DEFINITION.match(content) and not paragraph:
            state.markup.append(Span(line.start, line.end))
            continue
        quote, item = _QUOTE.match(content), _ITEM.match(content)
        if quote:
            if role is not Role.QUOTE:
                flush()
            role, in_list = Role.QUOTE, False
            start = line.start + quote.end()
            state.markup.append(Span(line.start, start))
            inner = content[quote.end() :]
            if not inner.strip() or _CALLOUT.match(inner):
                flush()
                continue
            paragraph.append(Line(start, line.end, inner))
            continue
        if item and not (paragraph and content[:1].isdigit() and not content.startswith("1") and not in_list):
            flush()
            state.markup.append(Span(line.start, line.start + item.end()))
            role, in_list = Role.LIST_ITEM, True
            start = line.start + item.end()
            if heading := _HEADING.match(content[item.end() :]):
                start += heading.start(2)
            if start < line.end:
                paragraph.append(Line(start, line.end, masked[start : line.end]))
            continue
        if role is Role.QUOTE and paragraph:
            paragraph.append(line)
            continue
        if all(waiting.silent for waiting in paragraph):
            in_list = in_list and indent >= 2
            role = Role.LIST_ITEM if in_list else Role.BODY
        if note := _FOOTNOTE.match(content):
            flush()
            state.markup.append(Span(line.start, line.start + note.end()))
            line = _rest(masked, line.start + note.end(), line.end)
        if line.masked:
            paragraph.append(line)
    flush()


def _rest(masked: str, start: int, end: int) -> Line:
    raw = masked[start:end]
    first = start + len(raw) - len(raw.lstrip())
    return Line(min(first, end), end, raw.strip())


def _fenced(state: _Pass, lines: list[Line], at: int, fence: str) -> int:
    """Past a fenced block; an unclosed one ends with the text."""
    close = re.compile(rf"{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
    end = at + 1
    while end < len(lines) and not close.match(lines[end].masked):
        end += 1
    last = lines[min(end, len(lines) - 1)]
    state.markup.append(Span(lines[at].start, max(last.end, lines[at].end)))
    return end + 1


def _raw_region(masked: str, line: Line) -> tuple[str, int] | None:
    """A comment or raw HTML element that begins the line, and where it ends; None if it has no end."""
    if line.masked.startswith("<!--"):
        end = masked.find("-->", line.start + 4)
        return ("<!--", end + 3) if end >= 0 else None
    if raw := _RAW_OPEN.match(line.masked):
        close = re.compile(rf"(?i)</{raw.group(1)}\s*>").search(masked, line.start)
        return (raw.group(1), close.end()) if close else None
    return None


def _table(state: _Pass, lines: list[Line], at: int) -> int:
    """Past a table; its cells are records, or body text where they hold a sentence."""
    state.markup.append(Span(lines[at + 1].start, lines[at + 1].end))
    rows = [lines[at]]
    end = at + 2
    while end < len(lines) and "|" in lines[end].masked:
        rows.append(lines[end])
        end += 1
    for row in rows:
        for cell in _CELL.finditer(row.masked):
            words = cell.group().strip()
            if words:
                start = row.start + cell.start() + len(cell.group()) - len(cell.group().lstrip())
                role = Role.BODY if _ENDED.search(words) and " " in words else Role.RECORD
                state.inline(role, start, start + len(words))
    return end


def _paragraph(state: _Pass, lines: list[Line], role: Role) -> None:
    """One paragraph, item or quotation; short lines end a run as they do in plain text."""
    holes: list[Span] = []
    breaks: list[int] = []
    before: Line | None = None
    silent = False
    for line in lines:
        if line.silent:
            silent = True
            continue
        if before is not None and before.masked and line.masked:
            raw = state.masked[before.end : before.end + 3]
            hard = raw.startswith("  ") or before.masked.endswith("\\")
            goes_on = (
                joins(before.masked.rstrip("\\"), line.masked, wrapped=not hard) if before.masked != "\\" else False
            )
            if silent:
                goes_on = goes_on and line.masked[0].islower() and not _ENDED.search(before.masked)
            if not goes_on:
                breaks.append(line.start)
            if role is Role.QUOTE and (gap := _gap(state.masked, before.end, line.start)):
                holes.append(gap)
        before, silent = line, False
    if role is not Role.BODY:  # a tag before the first mark of a quotation or item is outside it
        lines = [line for line in lines if not line.silent]
    start, end = lines[0].start, lines[-1].end
    state.inline(role, start, end, holes=holes, breaks=breaks)


def _gap(masked: str, start: int, end: int) -> Span | None:
    """The quote marks between two lines of a quotation."""
    at = masked.find(">", start, end)
    return Span(at, end) if at >= 0 else None
