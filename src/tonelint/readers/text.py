"""Plain text: paragraphs, short lines, list items, records, quoted lines, a subject line, front matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tonelint.readers.base import Block, Reading
from tonelint.readers.template import LOGIC_FILLER, OUTPUT_FILLER
from tonelint.types import Comment, Piece, PieceKind, Role, Span, Tag

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")
_BULLET = re.compile(r"[ \t]*(?:[-*+•‣▪◦–—·➤►✓✔✅]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+(?=\S)")
_RULE = re.compile(r"[ \t]*[-=_*~#.+|]{3,}[ \t]*$")
_QUOTE = re.compile(r"[ \t]{0,3}>[> \t]*")
SUBJECT_LABEL = re.compile(r"(?i)\s*subject(?: line)?:[ \t]*(?=\S)")
_PREHEADER = re.compile(r"(?i)(?:preheader|preview(?: text)?):[ \t]*(?=\S)")
_RECORD = re.compile(r"(?:[A-Z][\w’'/&.-]*|#)(?:[ \t][\w’'/&().#-]+){0,3}[ \t]?:(?:[ \t]+\S|[ \t]*$)")
_FRONT = re.compile(r"---[ \t]*\r?\n((?:[^\n]*\n)*?)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)")
_FRONT_KEY = re.compile(r"([A-Za-z][\w -]{0,40}):[ \t]*([^\r\n]*)")
_COMMENT = re.compile(r"(?:(?<=\n)|(?<=[ \t]))#[^\r\n]*")
_FRONT_ROLES = {
    "subject": Role.SUBJECT,
    "subject_line": Role.SUBJECT,
    "title": Role.TITLE,
    "preheader": Role.PREHEADER,
    "preview": Role.PREHEADER,
    "preview_text": Role.PREHEADER,
}
_LONG = 52
"""A line of at least so many code points was broken by a mailer or an editor, not by its author's intent."""
_GOES_ON = re.compile(
    r"(?i)\b(?:a|an|the|of|to|in|on|at|by|for|with|from|and|or|but|nor|your|our|my|his|her|their|its|this|that|these|those|is|are|was|"
    r"were|be|been|has|have|had|will|would|can|could|should|may|might|must|than|as|if|when|because|so|we|you|they|i|it|not|into|"
    r"about|after|before|until|between|please)$"
)
_ENDS = re.compile(r"[.!?…:;][\"'”’)\]*_]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its content without indent and line end, in source offsets."""

    start: int
    end: int
    masked: str
    silent: bool = False
    """Whether it holds nothing but tags that print nothing."""


def read_text(text: str, masked: str, tags: tuple[Tag, ...]) -> Reading:
    """Blocks of a plain text. Never raises."""
    blocks, markup, hints, at = front_matter(text, masked)
    comments = [Comment(span, text[span.start + 1 : span.end].strip()) for span in front_comments(text, markup)]
    lines = list(split_lines(masked, at, has_tags=bool(tags)))
    i = 0
    while i < len(lines) and not (lines[i].masked and not lines[i].silent):
        i += 1
    for pattern, role in ((SUBJECT_LABEL, Role.SUBJECT), (_PREHEADER, Role.PREHEADER)):
        if i < len(lines) and (label := pattern.match(lines[i].masked)):
            line = lines[i]
            markup.append(Span(line.start, line.start + label.end()))
            blocks.append(Block(role, (literal(text, line.start + label.end(), line.end),)))
            i += 1
    haml = bool(tags) and tags[0].dialect == "haml"
    paragraph: list[Line] = []
    for line in lines[i:]:
        if line.masked:
            paragraph.append(line)
        elif paragraph:
            blocks += _paragraph(text, paragraph, markup, haml=haml)
            paragraph = []
    if paragraph:
        blocks += _paragraph(text, paragraph, markup, haml=haml)
    return Reading(tuple(blocks), tuple(comments), tuple(markup), hints)


def split_lines(masked: str, at: int, *, has_tags: bool) -> list[Line]:
    """Lines from offset ``at`` on; an empty line has empty content."""
    lines = []
    for match in _LINE.finditer(masked, at):
        raw = match.group()
        content = raw.strip()
        start = match.start() + len(raw) - len(raw.lstrip()) if content else match.start()
        silent = bool(has_tags and content and not content.replace(LOGIC_FILLER, "").strip())
        lines.append(Line(start, start + len(content), content, silent))
    return lines


def front_matter(text: str, masked: str) -> tuple[list[Block], list[Span], dict[str, str], int]:
    """YAML-like front matter: its readable values as blocks, its span as markup, all its keys as hints, and where it ends."""
    blocks: list[Block] = []
    hints: dict[str, str] = {}
    head = _FRONT.match(masked) if masked.startswith("---") else None
    if not head or not _FRONT_KEY.search(head.group(1)):
        return blocks, [], hints, 0
    markup: list[Span] = []
    done = 0
    for entry in _FRONT_KEY.finditer(text, head.start(1), head.end(1)):
        if entry.start() and text[entry.start() - 1] != "\n":
            continue
        start, end = entry.start(2), entry.end(2)
        start, end = _unquoted(text, start, end)
        key = entry.group(1).strip().lower().replace("-", "_")
        hints.setdefault(key, text[start:end])
        role = _FRONT_ROLES.get(key)
        if role and start < end and text[start] not in "|>{[&*!":
            markup.append(Span(done, start))
            done = end
            blocks.append(Block(role, (literal(text, start, end),)))
    markup.append(Span(done, head.end()))
    return blocks, [span for span in markup if len(span)], hints, head.end()


def _unquoted(text: str, start: int, end: int) -> tuple[int, int]:
    value = text[start:end].strip()
    if (
        value[:1] in ("'", '"')
        and (close := value.find(value[0], 1)) > 0
        and value[close + 1 :].lstrip()[:1] in ("", "#")
    ):
        start += len(text[start:end]) - len(text[start:end].lstrip()) + 1
        return start, start + close - 1
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(value)
    if comment := re.search(r"[ \t]#", value):
        return start, start + len(value[: comment.start()].rstrip())
    return start, end


def front_comments(text: str, markup: Sequence[Span]) -> list[Span]:
    """YAML comments of the front matter that ``markup`` covers."""
    return [Span(*match.span()) for span in markup for match in _COMMENT.finditer(text, span.start, span.end)]


def literal(text: str, start: int, end: int) -> Piece:
    """The source run as a piece."""
    return Piece(Span(start, end), text[start:end], PieceKind.LITERAL)


def joins(before: str, after: str, *, wrapped: bool = True) -> bool:
    """Whether a line (masked, stripped, not empty) goes on in the next one, as one sentence or paragraph.

    ``wrapped`` is False where line ends are the author's own, so that a line's length says nothing.
    """
    if _BULLET.match(after) or _RULE.match(after) or _RULE.match(before):
        return False
    if (
        wrapped
        and len(before) - before.count(OUTPUT_FILLER) - before.count(LOGIC_FILLER) >= _LONG
        and not (before.endswith(":") or _RECORD.match(after))
    ):
        return True
    if _ENDS.search(before) or (before.endswith(",") and len(before) <= 40):
        return False
    return after[0].islower() or bool(_GOES_ON.search(before[-12:]))


def _paragraph(text: str, lines: list[Line], markup: list[Span], *, haml: bool) -> list[Block]:
    """Blocks of the lines between two empty ones."""
    blocks: list[Block] = []
    run: list[Line] = []
    role = Role.BODY

    def flush() -> None:
        nonlocal run
        real = [line for line in run if not line.silent]
        if real:
            # a tag before the first mark of a quotation or item is outside it
            blocks.append(_block(text, run if role is Role.BODY else real, role, markup))
        run = []

    last: Line | None = None
    for line in lines:
        if line.silent:
            run.append(line)
            continue
        quoted, bullet = _QUOTE.match(line.masked), _BULLET.match(line.masked)
        if _RULE.match(line.masked):
            flush()
            last = None
            markup.append(Span(line.start, line.end))
            continue
        if quoted:
            if role is not Role.QUOTE or not last:
                flush()
            role = Role.QUOTE
        elif bullet:
            flush()
            role = Role.LIST_ITEM
        elif _RECORD.match(line.masked) and len(line.masked) < 80 and not (last and joins(last.masked, line.masked)):
            flush()
            role = Role.RECORD if len(lines) > 1 or len(line.masked) < 48 else Role.BODY
        elif (
            not last
            or role is Role.QUOTE
            or (haml and line.masked[0] == LOGIC_FILLER)
            or not _continues(last, line, run)
        ):
            flush()
            role = Role.BODY
        run.append(line)
        last = line
    flush()
    return blocks


def _continues(last: Line, line: Line, run: list[Line]) -> bool:
    """Whether a line goes on after another; over a line of mere logic only where it plainly does."""
    if run and run[-1].silent:
        return line.masked[0].islower() and not _ENDS.search(last.masked)
    return joins(last.masked, line.masked)


def _block(text: str, run: list[Line], role: Role, markup: list[Span]) -> Block:
    """One block of lines that belong together. Line ends and indents stay literal; quote marks and bullets are gaps."""
    first, last = run[0], run[-1]
    if role is Role.QUOTE:
        pieces = []
        for line in run:
            mark = _QUOTE.match(line.masked)
            start = line.start + (mark.end() if mark else 0)
            if start > line.start:
                markup.append(Span(line.start, start))
            end = line.end if line is last else min(line.end + 1, len(text))
            pieces.append(literal(text, start, max(start, end)))
        return Block(role, tuple(piece for piece in pieces if piece.text))
    start = first.start
    if role is Role.LIST_ITEM and (mark := _BULLET.match(first.masked)):
        start += mark.end()
        markup.append(Span(first.start, start))
    return Block(role, (literal(text, start, last.end),))
