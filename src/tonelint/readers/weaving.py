"""Blocks and template tags woven into segments: stand-ins for what is printed, branches read one by one.

A branch that holds whole sentences ends the run, and each branch is a segment of its own. A branch inside a sentence does
not: the running text takes the first alternative, and every other one is read once more, in that sentence alone, as an
*alternate* segment (at most :data:`MOST_ALTERNATES` a run, never the cross product).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tonelint.readers.base import Block
from tonelint.readers.dialects import BLOCK, BRANCH, MIDDLE
from tonelint.readers.standins import stand_in
from tonelint.types import Piece, PieceKind, Segment, Span, Tag, TagKind

MOST_ALTERNATES = 8
_DEEPEST = 12
"""Branches nested deeper than this are read as running text."""
_LOOPS = frozenset("each list foreach for loop range with repeat ifchanged".split())
_URL = "https://example.com"
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]*_]*\s*$")
_BOUNDARY = re.compile(r"[.!?…][\"'”’)\]]*\s+(?![a-z\s])")
_RIGHT_BOUNDARY = re.compile(r"[.!?…][\"'”’)\]]*(?=\s|$)")


@dataclass(frozen=True, slots=True)
class _Construct:
    """A branching or looping tag with its parts, as indices into the tags."""

    marks: tuple[int, ...]
    """Opening tag, tags that begin the next alternative, closing tag."""
    optional: bool
    """Whether printing nothing is one more alternative."""
    headless: bool
    """Whether what stands before the second mark belongs to no alternative (``case``)."""


@dataclass(slots=True)
class _Fork:
    """A construct inside one block, its alternatives as nodes."""

    arms: list[list[_Node]]


_Node = Piece | _Fork | None
"""None is a place where the run ends."""


@dataclass(slots=True)
class _Open:
    """A construct still open while pairing."""

    key: str
    marks: list[int]
    word: str
    branch: bool
    used: bool = False
    kin: list[int] = field(default_factory=list)


def _pair(text: str, tags: Sequence[Tag]) -> dict[int, _Construct]:
    """Constructs by the index of their opening tag. Tags that do not pair are left out."""
    stack: list[_Open] = []
    counts: dict[str, int] = {}
    found: dict[int, _Construct] = {}
    closed: dict[int, int] = {}  # closing tag -> opening tag, of constructs that print when a value is there

    def close(at: int) -> None:
        last = stack.pop()
        counts[last.key] -= 1
        last.marks.append(at)
        middles = len(last.marks) > 2
        if len(stack) >= _DEEPEST:
            return
        has_else = any(tags[i].name.lower() in ("else", "default") for i in last.marks[1:-1])
        optional = (
            last.branch
            and not has_else
            and last.word not in ("plural", "select", "selectordinal", "blocktrans", "blocktranslate")
        )
        opening = last.marks[0]
        before = closed.get(opening - 1)
        if last.word.startswith("^") and before is not None and before in found:
            sharp = found[before]
            gap = text[tags[opening - 1].span.end : tags[opening].span.start]
            if tags[before].name == "#" + last.key and len(sharp.marks) == 2 and not gap.strip():
                found[before] = _Construct((before, opening, at), optional=False, headless=False)
                return
        found[opening] = _Construct(tuple(last.marks), optional, last.word in ("case", "switch") and middles)
        if last.word.startswith("#"):
            closed[at] = opening

    for i, tag in enumerate(tags):
        if tag.kind is not TagKind.LOGIC:
            continue
        word = tag.name.lower()
        top = stack[-1] if stack else None
        kind, key = _flow(word, tag.dialect, top.key if top else "")
        if kind == "open":
            stack.append(_Open(key, [i], word, (word[:1] in "#^" and key not in _LOOPS) or key in BRANCH))
            counts[key] = counts.get(key, 0) + 1
        elif kind == "middle":
            if top:
                top.marks.append(i)
        elif kind == "end":
            if not key and top:
                close(i)
            elif key and counts.get(key):
                while stack[-1].key != key:
                    counts[stack.pop().key] -= 1
                close(i)
    return found


def _flow(word: str, dialect: str, top: str) -> tuple[str, str]:
    """``open``, ``middle``, ``end`` or nothing, with the key that pairs a tag with its closing tag."""
    if word[:1] in ("#", "^"):
        return "open", word[1:]
    if word[:1] == "/":
        return "end", word[1:].split(maxsplit=1)[0] if word[1:].strip() else ""
    if word == "end":
        return "end", ""
    if word == "next":
        return "end", "for"
    if word.startswith("end") and len(word) > 3:
        return "end", word[3:]
    if (word == "plural" and top.startswith("blocktrans")) or (word == "empty" and top in ("for", "forelse")):
        return "middle", ""
    if word in MIDDLE or (word == "case" and top == "switch"):
        return "middle", ""
    if word in BRANCH or word in BLOCK:
        if word in ("plural", "select", "selectordinal") and dialect != "icu":
            return "", ""
        return "open", "if" if word == "ifnot" and dialect != "jinja" else word
    return "", ""


def weave(text: str, tags: Sequence[Tag], blocks: Iterable[Block], *, message: int = 0) -> tuple[Segment, ...]:
    """Segments of ``blocks``, in the blocks' order, with ``tags`` cut out or replaced by stand-ins. Empty ones are dropped."""
    segments: list[Segment] = []

    def add(block: Block, pieces: Sequence[Piece], alternate: bool) -> None:
        if kept := trimmed(pieces):
            segments.append(Segment(block.role, kept, message=message, alternate=alternate))

    if not tags:
        for block in blocks:
            add(block, block.pieces, False)
        return tuple(segments)
    starts = [tag.span.start for tag in tags]
    constructs = _pair(text, tags)
    for block in blocks:
        atoms = list(_atoms(block, tags, starts))
        if all(isinstance(atom, Piece) for atom in atoms):
            add(block, [atom for atom in atoms if isinstance(atom, Piece)], False)
            continue
        for run in _runs(_nodes(atoms, tags, constructs)):
            add(block, list(_first(run)), False)
            for alternate in _alternates(run):
                add(block, alternate, True)
    return tuple(segments)


def _atoms(block: Block, tags: Sequence[Tag], starts: Sequence[int]) -> Iterator[Piece | int]:
    """A block's pieces with its tags between them: stand-ins as pieces, logic tags as their index."""
    done = -1  # the last tag already yielded, when a tag spans two pieces
    before = ""
    for piece in block.pieces:
        first = max(0, bisect_left(starts, piece.span.start) - 1)
        at, end = piece.span.start, piece.span.end
        covered = False
        for i in range(first, len(tags)):
            tag = tags[i]
            if tag.span.start >= end:
                break
            if tag.span.end <= at:
                continue
            covered = True
            if piece.kind is PieceKind.LITERAL and tag.span.start > at:
                before = piece.text[at - piece.span.start : tag.span.start - piece.span.start]
                yield Piece(Span(at, tag.span.start), before, PieceKind.LITERAL)
            at = min(tag.span.end, end)
            if i <= done:
                continue
            done = i
            if tag.kind is TagKind.OUTPUT and tag.span.start >= piece.span.start and tag.span.end <= end:
                shown = stand_in(tag, before)
                if shown != _URL or not before.endswith(_URL):  # a link put together from two values is one link
                    yield Piece(tag.span, shown, PieceKind.PLACEHOLDER)
                before = shown
            elif tag.kind is TagKind.LOGIC:
                yield i
        if not covered:
            before = piece.text
            yield piece
        elif piece.kind is PieceKind.LITERAL and at < end:
            before = piece.text[at - piece.span.start :]
            yield Piece(Span(at, end), before, PieceKind.LITERAL)


def _nodes(atoms: Sequence[Piece | int], tags: Sequence[Tag], constructs: dict[int, _Construct]) -> list[_Node]:
    """Atoms as a tree; constructs that do not lie wholly in the block are gaps, and their middles end the run."""
    present = {atom for atom in atoms if isinstance(atom, int)}
    root: list[_Node] = []
    levels: list[tuple[_Construct, _Fork]] = []
    current = root
    parents: list[list[_Node]] = []
    for atom in atoms:
        if isinstance(atom, Piece):
            current.append(atom)
        elif atom in constructs and present.issuperset(constructs[atom].marks):
            fork = _Fork([[]])
            current.append(fork)
            parents.append(current)
            levels.append((constructs[atom], fork))
            current = fork.arms[0]
        elif levels and atom == levels[-1][0].marks[-1]:
            construct, fork = levels.pop()
            current = parents.pop()
            if construct.headless:
                fork.arms.pop(0)
            if construct.optional:
                fork.arms.append([])
        elif levels and atom in levels[-1][0].marks:
            current = []
            levels[-1][1].arms.append(current)
        elif tags[atom].name.lower() in MIDDLE:
            current.append(None)
    return root


def _first(nodes: Iterable[_Node]) -> Iterator[Piece]:
    """The pieces of the first alternatives."""
    for node in nodes:
        if isinstance(node, Piece):
            yield node
        elif node is not None and node.arms:
            yield from _first(node.arms[0])


def _text(nodes: Iterable[_Node]) -> str:
    return "".join(piece.text for piece in _first(nodes))


def _runs(nodes: Sequence[_Node]) -> Iterator[list[_Node]]:
    """Runs of nodes: forks that hold whole sentences end a run, and each of their arms is a run (or more) of its own."""
    run: list[_Node] = []
    tail = ""
    for i, node in enumerate(nodes):
        if node is None:
            yield run
            run, tail = [], ""
        elif isinstance(node, Piece):
            run.append(node)
            tail = (tail + node.text)[-80:]
        elif _whole(node, tail, nodes[i + 1 : i + 9]):
            yield run
            run, tail = [], ""
            for arm in node.arms:
                yield from _runs(arm)
        else:
            run.append(node)
            tail = (tail + _text(node.arms[0] if node.arms else ()))[-80:]
    yield run


def _whole(fork: _Fork, before: str, after: Sequence[_Node]) -> bool:
    """Whether each arm of a fork is made of whole sentences."""
    if before.strip() and not _SENTENCE_END.search(before):
        return False
    if any(None in arm for arm in fork.arms):
        return True
    texts = [_text(arm).strip() for arm in fork.arms]
    if not any(texts):
        return False
    return not _text(after).strip() or all(not text or _SENTENCE_END.search(text) for text in texts)


def _forks(
    nodes: Iterable[_Node], path: tuple[tuple[int, int], ...] = ()
) -> Iterator[tuple[tuple[tuple[int, int], ...], int]]:
    """Every fork as the path that leads to it (position, arm) and its number of arms; outer ones first."""
    for i, node in enumerate(nodes):
        if isinstance(node, _Fork):
            yield (*path, (i, 0)), len(node.arms)
            for k, arm in enumerate(node.arms):
                yield from _forks(arm, (*path, (i, k)))


def _alternates(run: Sequence[_Node]) -> Iterator[list[Piece]]:
    """The sentences of the other alternatives, each with the first alternative everywhere else."""
    count = 0
    for path, arms in _forks(run):
        for arm in range(1, arms):
            if count == MOST_ALTERNATES:
                return
            count += 1
            before, inside, after = _chosen(run, (*path[:-1], (path[-1][0], arm)))
            yield _sentence(before, inside, after)


def _chosen(nodes: Sequence[_Node], path: tuple[tuple[int, int], ...]) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """Pieces before, inside and after the arm that a path leads to."""
    (i, k), rest = path[0], path[1:]
    before, after = list(_first(nodes[:i])), list(_first(nodes[i + 1 :]))
    fork = nodes[i]
    arm = fork.arms[k] if isinstance(fork, _Fork) else []
    if not rest:
        return before, list(_first(arm)), after
    first, inside, last = _chosen(arm, rest)
    return before + first, inside, last + after


def _sentence(before: list[Piece], inside: list[Piece], after: list[Piece]) -> list[Piece]:
    """The arm with what belongs to its sentence on both sides."""
    left = "".join(piece.text for piece in before)
    start = 0
    for match in _BOUNDARY.finditer(left):
        start = match.end()
    if _SENTENCE_END.search(left[-40:]) and left[-1:].isspace():
        start = len(left)
    right = "".join(piece.text for piece in after)
    end = len(right)
    middle = "".join(piece.text for piece in inside)
    if _SENTENCE_END.search(middle) and (not right or right[0].isspace()):
        end = 0
    elif boundary := _RIGHT_BOUNDARY.search(right):
        end = boundary.end()
    return [*cut(before, start, len(left)), *inside, *cut(after, 0, end)]


def cut(pieces: Sequence[Piece], start: int, end: int) -> list[Piece]:
    """The pieces of the view run ``[start, end)``; what is not literal is kept whole where touched."""
    kept, at = [], 0
    for piece in pieces:
        size = len(piece.text)
        first, last = max(start - at, 0), min(end - at, size)
        at += size
        if first >= last:
            continue
        if piece.kind is PieceKind.LITERAL and last - first < size:
            kept.append(
                Piece(Span(piece.span.start + first, piece.span.start + last), piece.text[first:last], piece.kind)
            )
        else:
            kept.append(piece)
    return kept


def trimmed(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Pieces without white space at either end; nothing if there is nothing else."""
    text = "".join(piece.text for piece in pieces)
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    if start >= end:
        return ()
    if start == 0 and end == len(text):
        return tuple(piece for piece in pieces if piece.text)
    return tuple(cut(pieces, start, end))
