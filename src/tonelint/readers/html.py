"""HTML and MJML: what a reader of the page or mail would see, block by block."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tonelint.readers.base import Block, Reading
from tonelint.readers.markup import COMMENT, END, REFERENCE, START, TEXT, Token, attribute_span, entity, pieces, tokens
from tonelint.readers.template import LOGIC_FILLER
from tonelint.readers.text import SUBJECT_LABEL, front_comments, front_matter, joins
from tonelint.types import Comment, Piece, PieceKind, Role, Span, Tag

_SKIPPED = frozenset(
    "script style noscript template svg math select textarea pre code kbd samp iframe object audio video canvas map "
    "mj-style mj-attributes mj-html-attributes mj-font mj-breakpoint mj-all mj-class datalist".split()
)
_IN_HEAD = frozenset("head title meta link style script base noscript template".split())
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr mj-image mj-divider mj-spacer mj-include "
    "mj-carousel-image".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 head header hr html legend li main nav ol p section summary table tbody td tfoot th thead title tr ul button caption "
    "script style textarea select pre option optgroup menu template noscript label input".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_TITLES = frozenset(("title", "mj-title"))
_SELF_CLOSING = frozenset("p li td th tr dt dd option".split())
"""Elements that the next of their kind closes."""
_HIDDEN = re.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px|;|\s|$)"
)
_BUTTON_CLASS = re.compile(r"(?i)(?:^|[\s_-])(?:btn|button|cta)(?:[\s_-]|$)|button")
_QUOTE_CLASS = re.compile(r"(?i)gmail_quote|yahoo_quoted|moz-cite|divRplyFwdMsg|appendonsend")
_PREHEADER_CLASS = re.compile(r"(?i)pre-?header|preview-?text")
_CONDITIONAL = re.compile(r"<!--\s*(?:\[if|<!|\[endif)|<!\[|<\?")
_SPELLED_COMMENT = re.compile(r"\s*<\\?!.*>\s*", re.DOTALL)
"""A comment spelled with entities, as raw elements of MJML hold."""
_ENDED = re.compile(r"[.!?…][\"'”’)]*\s*$")
_SHORT = 40


@dataclass(slots=True)
class _Run:
    """A block while it grows."""

    pieces: list[Piece] = field(default_factory=list)
    role: Role = Role.BODY
    row: int = -1
    cell: int = -1
    link: int = -1
    """The one link that holds all of its text; -1 before any text, -2 if none does."""
    words: bool = False
    line: str = ""
    """Text since the last line break, for joining."""


@dataclass(slots=True)
class _Element:
    name: str
    role: Role | None
    skipped: bool
    breaks: bool


class _Reader:
    """State of one pass over the tokens."""

    def __init__(self, text: str, masked: str, start: int) -> None:
        self.text, self.masked, self.start = text, masked, start
        self.done: list[_Run] = []
        self.run = _Run()
        self.markup: list[tuple[int, int]] = []
        self.comments: list[Comment] = []
        self.stack: list[_Element] = []
        self.counts: dict[str, int] = {}
        self.skipping = 0
        self.roles: list[Role] = []
        self.rows: list[int] = []
        self.cells: list[int] = []
        self.links: list[int] = []
        self.serial = 0
        self.breaks: list[Span] = []
        self.seen_text = False

    @property
    def silent(self) -> bool:
        """Whether text here is not for the reader: in a skipped element, or in a head outside title and preview."""
        return self.skipping > 0 or (not self.roles and bool(self.counts.get("head") or self.counts.get("mj-head")))

    def flush(self) -> None:
        if self.run.words:
            self.done.append(self.run)
        self.run = _Run()
        self.breaks = []

    def read(self, token: Token) -> None:
        if token.start < self.start:
            if token.end <= self.start:
                return
            token = token._replace(start=self.start)
        if token.kind == TEXT:
            self.words(token.start, token.end)
        elif token.kind == REFERENCE:
            if self.silent:
                self.mark(token.start, token.end)
            elif (piece := entity(token.start, token.end, token.name)) is not None:
                self.add(piece)
        elif token.kind == START:
            self.open(token)
        elif token.kind == END:
            self.mark(token.start, token.end)
            self.close(token.name)
        else:
            self.mark(token.start, token.end)
            source = self.text[token.start : token.end]
            if token.kind == COMMENT and source.startswith("<!--") and not _CONDITIONAL.match(source):
                self.comments.append(Comment(Span(token.start, token.end), source[4:].removesuffix("-->").strip()))

    def mark(self, start: int, end: int) -> None:
        if self.markup and self.markup[-1][1] == start:
            self.markup[-1] = (self.markup[-1][0], end)
        elif start < end:
            self.markup.append((start, end))

    def words(self, start: int, end: int) -> None:
        if self.silent:
            self.mark(start, end)
        elif start < end:
            words = self.text[start:end]
            if self.run.words or not words.isspace():
                self.add(Piece(Span(start, end), words, PieceKind.LITERAL))

    def add(self, piece: Piece) -> None:
        run = self.run
        shown = self.masked[piece.span.start : piece.span.end] if piece.kind is PieceKind.LITERAL else piece.text
        if LOGIC_FILLER in shown:
            shown = shown.replace(LOGIC_FILLER, "")
        blank = not shown.strip()
        if blank and not run.words and not (shown != piece.text and piece.kind is PieceKind.LITERAL):
            return
        if not blank:
            if self.breaks and run.words:
                if len(self.breaks) > 1 or not joins(run.line.strip() or ".", shown.strip(), wrapped=False):
                    self.flush()
                    run = self.run
                else:
                    at = len(run.pieces)  # white space after the break is there already
                    while at and run.pieces[at - 1].span.start >= self.breaks[0].end:
                        at -= 1
                    run.pieces.insert(at, Piece(self.breaks[0], "\n", PieceKind.ENTITY))
                    run.line = ""
            self.breaks = []
            if not run.words:
                run.words = True
                run.role = self.roles[-1] if self.roles else Role.BODY
                run.row = self.rows[-1] if self.rows else -1
                run.cell = self.cells[-1] if self.cells else -1
                run.link = self.links[-1] if self.links else -2
            elif run.link != (self.links[-1] if self.links else -2):
                run.link = -2
            run.line = (run.line + shown)[-200:]
        if run.pieces and piece.span.start < run.pieces[-1].span.end:
            return
        run.pieces.append(piece)

    def open(self, token: Token) -> None:
        name = token.name
        values = dict(token.attributes)
        breaks = name in _BLOCKS or name.startswith("mj-")
        if name in _SELF_CLOSING and self.stack and self.stack[-1].name == name:
            self.close(name)
        elif breaks and self.stack and self.stack[-1].name == "p":
            self.close("p")
        if self.counts.get("head") and name not in _IN_HEAD and not self.skipping:
            self.close("head")
        shown = self.attributes(token, values) if not self.skipping else []
        at = token.start
        for start, end in shown:
            self.mark(at, start)
            at = end
        self.mark(at, token.end)
        if name == "br":
            if not self.skipping:
                self.breaks.append(Span(token.start, token.end))
            return
        if name in _VOID or (
            self.text.endswith("/>", token.start, token.end) and (":" in name or name in ("path", "rect", "use"))
        ):
            if breaks:
                self.flush()
            return
        role, skipped = self.role_of(name, values)
        breaks = breaks or role is Role.BUTTON
        if breaks:
            self.flush()
        self.stack.append(_Element(name, role, skipped, breaks))
        self.counts[name] = self.counts.get(name, 0) + 1
        self.serial += 1
        if skipped:
            self.skipping += 1
        if role is not None:
            self.roles.append(Role.QUOTE if Role.QUOTE in self.roles[-1:] else role)
        if name == "tr":
            self.rows.append(self.serial)
        elif name in ("td", "th"):
            self.cells.append(self.serial)
        elif name == "a":
            self.links.append(self.serial)

    def role_of(self, name: str, values: dict[str, str]) -> tuple[Role | None, bool]:
        """The role that an element gives its text, and whether it is passed over."""
        if name in _TITLES:
            return Role.TITLE, False
        if name == "mj-preview":
            return Role.PREHEADER, False
        if name in _SKIPPED:
            return None, True
        classes = f"{values.get('class', '')} {values.get('id', '')}"
        hidden = "hidden" in values or bool(_HIDDEN.search(values.get("style", "")))
        if hidden or _PREHEADER_CLASS.search(classes):
            first = (
                not self.seen_text and not any(run.role is not Role.TITLE for run in self.done) and not self.run.words
            )
            if first and name not in ("input", "form", "html", "body"):
                return Role.PREHEADER, False
            return None, hidden and name not in ("html", "body")
        if name == "blockquote" or _QUOTE_CLASS.search(classes):
            return Role.QUOTE, False
        if name in ("button", "mj-button"):
            return Role.BUTTON, False
        if name == "a" and (values.get("role") == "button" or _BUTTON_CLASS.search(classes)):
            return Role.BUTTON, False
        if name in _HEADINGS:
            return Role.HEADING, False
        if name in ("li", "mj-navbar-link", "mj-social-element"):
            return Role.LIST_ITEM, False
        return None, False

    def close(self, name: str) -> None:
        if not self.counts.get(name):
            if name in _BLOCKS:
                self.flush()
            return
        while self.stack:
            element = self.stack.pop()
            self.counts[element.name] -= 1
            if element.breaks:
                self.flush()
            if element.skipped:
                self.skipping -= 1
            if element.role is not None:
                self.roles.pop()
            if element.name == "tr":
                self.rows.pop()
            elif element.name in ("td", "th"):
                self.cells.pop()
            elif element.name == "a":
                self.links.pop()
            if element.name == name:
                return

    def attributes(self, token: Token, values: dict[str, str]) -> list[tuple[int, int]]:
        """Blocks for what an element says in its attributes; where their texts stand."""
        if token.name in ("img", "mj-image", "amp-img", "area"):
            wanted, role = "alt", Role.ALT
        elif token.name == "input" and values.get("type", "").lower() in ("submit", "button", "reset"):
            wanted, role = "value", Role.BUTTON
        else:
            return []
        at = attribute_span(self.masked, token.start, token.end, wanted) if wanted in values else None
        if not at or not self.text[slice(*at)].strip():
            return []
        self.done.append(_Run(list(pieces(self.text, self.masked, *at)), role, words=True))
        return [at]


def read_html(text: str, masked: str, tags: tuple[Tag, ...]) -> Reading:
    """Blocks of an HTML or MJML text. Never raises."""
    blocks, markup, hints, start = front_matter(text, masked)
    comments = [Comment(span, text[span.start + 1 : span.end].strip()) for span in front_comments(text, markup)]
    if label := SUBJECT_LABEL.match(masked, start):  # some template systems put the subject before the markup
        end = min(
            (at for at in (masked.find("\n", label.end()), masked.find("<", label.end())) if at >= 0), default=len(text)
        )
        blocks.append(Block(Role.SUBJECT, tuple(pieces(text, masked, label.end(), end))))
        markup.append(Span(label.start(), label.end()))
        start = end
    reader = _Reader(text, masked, start)
    if start:
        masked = " " * start + masked[start:]
    for token in tokens(masked):
        reader.read(token)
    reader.flush()
    runs = sorted(reader.done, key=lambda run: run.pieces[0].span.start)
    runs = [run for run in runs if not (run.line.lstrip().startswith("<") and _SPELLED_COMMENT.fullmatch(_shown(run)))]
    _settle(runs)
    blocks += [Block(run.role, tuple(run.pieces)) for run in runs]
    spans = sorted((*markup, *(Span(*run) for run in reader.markup)))
    return Reading(tuple(blocks), (*comments, *reader.comments), tuple(spans), hints)


def _shown(run: _Run) -> str:
    return "".join(piece.text for piece in run.pieces)


def _settle(runs: list[_Run]) -> None:
    """Roles that show only when the whole row is known: records, and links that stand alone in a cell."""
    rows: dict[int, list[_Run]] = {}
    cells: dict[int, int] = {}
    for run in runs:
        if run.row >= 0:
            rows.setdefault(run.row, []).append(run)
        if run.cell >= 0:
            cells[run.cell] = cells.get(run.cell, 0) + 1
    for row in rows.values():
        plain = [run for run in row if run.role is Role.BODY]
        short = all(len(run.line.strip()) <= _SHORT and not _ENDED.search(run.line) for run in plain)
        if short and len({run.cell for run in plain}) > 1 and all(run.link < 0 for run in plain):
            for run in plain:
                run.role = Role.RECORD
    for run in runs:
        if (
            run.role is Role.BODY
            and run.link >= 0
            and run.cell >= 0
            and cells[run.cell] == 1
            and len(run.line.strip()) <= _SHORT
        ):
            run.role = Role.BUTTON
