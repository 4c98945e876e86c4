"""Markdown inside a block: emphasis, links, images, code, escapes, entities and inline HTML, as pieces of the source."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from tonelint.readers.base import Block
from tonelint.readers.markup import attribute_span, entity, pieces
from tonelint.types import Comment, Piece, PieceKind, Role, Span

_TOKEN = re.compile(
    r"""(?P<escape>\\[!-/:-@\[-`{-~])
      | (?P<hard>\\\r?\n)
      | (?P<code>`+)
      | (?P<comment><!--)
      | (?P<auto><(?:https?://|mailto:)[^<>\s]{1,2000}>|<[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}>)
      | (?P<tag></?[A-Za-z][\w:-]{0,40}(?:\s(?:[^<>"']|"[^"]{0,2000}"|'[^']{0,2000}'){0,4000})?/?>)
      | (?P<reference>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)
      | (?P<note>\[\^[^\[\]\s]{1,60}\])
      | (?P<image>!\[)
      | (?P<open>\[)
      | (?P<close>\](?:\((?:[^()<>\n]|\([^()\n]{0,500}\)|<[^<>\n]{0,2000}>){0,2000}\)|\[[^\[\]\n]{0,200}\])?)
      | (?P<mark>\*{1,3}|_{1,3}|~~|==)
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK_TAG = re.compile(
    r"(?i)</?(?:address|article|aside|blockquote|br|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|"
    r"li|main|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|button)\b"
)
_RAW_TAG = re.compile(r"(?i)<(script|style|pre|textarea|svg|iframe|video|select)\b")


class Inline:
    """What is not literal text in one run of Markdown, found in one pass."""

    def __init__(self, text: str, masked: str, defined: frozenset[str]) -> None:
        self.text, self.masked, self.defined = text, masked, defined
        self.gaps: list[Span] = []
        self.entities: list[Piece] = []
        self.breaks: list[int] = []
        self.images: list[tuple[int, int]] = []
        self.comments: list[Comment] = []
        self.markup: list[Span] = []

    def gap(self, start: int, end: int) -> None:
        """Note a run of markup that has no view text."""
        self.gaps.append(Span(start, end))
        self.markup.append(Span(start, end))

    def scan(self, start: int, end: int) -> None:
        """Find everything between two offsets."""
        masked = self.masked
        brackets: list[tuple[int, int, bool]] = []
        marks: dict[str, list[tuple[int, int]]] = {}
        ticks: dict[str, bool] = {}  # marks that no longer close
        at = start
        while token := _TOKEN.search(masked, at, end):
            kind, source = token.lastgroup, token.group()
            first, at = token.span()
            if kind == "escape":
                self.entities.append(Piece(Span(first, at), source[1], PieceKind.ENTITY))
            elif kind == "hard":
                self.gap(first, first + 1)
                self.breaks.append(first + 1)
            elif kind == "code":
                at = self._code(first, at, end, source, ticks)
            elif kind == "comment":
                close = -1 if ticks.get("<!--") else masked.find("-->", at, end)
                ticks["<!--"] = close < 0
                if close >= 0:
                    self.gap(first, close + 3)
                    self.comments.append(Comment(Span(first, close + 3), self.text[at:close].strip()))
                    at = close + 3
            elif kind == "auto":
                self.entities.append(Piece(Span(first, at), self.text[first + 1 : at - 1], PieceKind.ENTITY))
                self.markup.append(Span(first, at))
            elif kind == "tag":
                at = self._tag(first, at, end)
            elif kind == "reference":
                spelled = html.unescape(source)
                if spelled != source:
                    piece = entity(first, at, spelled)
                    if piece:
                        self.entities.append(piece)
                    else:
                        self.gap(first, at)
            elif kind == "note":
                self.gap(first, at)
            elif kind in ("image", "open"):
                brackets.append((first, at, kind == "image"))
            elif kind == "close" and brackets:
                self._link(brackets.pop(), first, at)
            elif kind == "mark":
                self._mark(source, first, at, start, end, marks)

    def _code(self, first: int, at: int, end: int, ticks: str, dead: dict[str, bool]) -> int:
        """Inline code reads as its words, whole: nobody edits code for its tone."""
        if dead.get(ticks):
            return at
        close = re.compile(rf"(?<!`){ticks}(?!`)").search(self.masked, at, end)
        if not close:
            dead[ticks] = True
            return at
        inside = self.text[at : close.start()].strip()
        if inside:
            self.entities.append(Piece(Span(first, close.end()), inside, PieceKind.ENTITY))
        self.markup.append(Span(first, close.end()))
        return close.end()

    def _tag(self, first: int, at: int, end: int) -> int:
        source = self.masked[first:at]
        if (raw := _RAW_TAG.match(source)) and not source.endswith("/>"):
            close = re.compile(rf"(?i)</{raw.group(1)}\s*>").search(self.masked, at, end)
            if close:
                at = close.end()
                self.gap(first, at)
                self.breaks.append(first)
                return at
        if source[1:4].lower() == "img" and (value := attribute_span(self.masked, first, at, "alt")):
            self.gaps.append(Span(first, at))
            self.markup += [Span(first, value[0]), Span(value[1], at)]
            self.images.append(value)
            return at
        self.gap(first, at)
        if _BLOCK_TAG.match(source):
            self.breaks.append(first)
        return at

    def _link(self, opening: tuple[int, int, bool], first: int, at: int) -> None:
        before, inside, image = opening
        bare = at == first + 1
        if bare and " ".join(self.masked[inside:first].lower().split()) not in self.defined:
            return
        if image:
            self.gaps.append(Span(before, at))
            self.markup += [Span(before, inside), Span(first, at)]
            if first > inside:
                self.images.append((inside, first))
            return
        self.gap(before, inside)
        self.gap(first, at)

    def _mark(
        self, source: str, first: int, at: int, start: int, end: int, marks: dict[str, list[tuple[int, int]]]
    ) -> None:
        """Emphasis marks are gaps where they pair: they open before a word and close after one."""
        before = self.masked[first - 1] if first > start else " "
        after = self.masked[at] if at < end else " "
        opened = marks.setdefault(source, [])
        inside_word = source[0] == "_" and before.isalnum() and after.isalnum()
        if opened and not before.isspace() and not (source[0] == "_" and after.isalnum()):
            self.gap(*opened.pop())
            self.gap(first, at)
        elif not after.isspace() and not inside_word and not (source[0] == "_" and before.isalnum()):
            opened.append((first, at))

    def pieces(self, start: int, end: int, holes: Iterable[Span] = ()) -> list[list[Piece]]:
        """The pieces of ``[start, end)`` in order, a list for each run between two breaks."""
        cuts: list[tuple[int, int, Piece | None]] = [(span.start, span.end, None) for span in (*self.gaps, *holes)]
        cuts += [(piece.span.start, piece.span.end, piece) for piece in self.entities]
        cuts += [(at, at, None) for at in self.breaks]
        cuts.sort(key=lambda cut: (cut[0], cut[1]))
        runs: list[list[Piece]] = [[]]
        at = start
        for first, last, piece in cuts:
            if first < at and (first != last or first < start):
                at = max(at, min(last, end))
                continue
            if first > end or (first == end and last > end):
                break
            if first > at:
                runs[-1].append(Piece(Span(at, first), self.text[at:first], PieceKind.LITERAL))
                at = first
            if first == last:
                runs.append([])
            elif piece:
                runs[-1].append(piece)
            at = max(at, last)
        if at < end:
            runs[-1].append(Piece(Span(at, end), self.text[at:end], PieceKind.LITERAL))
        return [run for run in runs if run]

    def blocks(self, role: Role, start: int, end: int, holes: Sequence[Span] = ()) -> list[Block]:
        """Blocks of a run, its images' texts among them."""
        found = [Block(role, tuple(run)) for run in self.pieces(start, end, holes)]
        return found + [Block(Role.ALT, tuple(pieces(self.text, self.masked, *image))) for image in self.images]
