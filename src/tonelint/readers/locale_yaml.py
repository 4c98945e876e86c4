"""YAML translation files (Rails and others): the parser's marks for structure, maps of scalars made and checked here.

Events are used, not nodes: nothing recurses, however deep the file, and what comes before a fault is read by the
parser. From the fault on, the file is read line by line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from tonelint.readers import yaml_lines
from tonelint.readers.entries import Entry, as_document, entity
from tonelint.readers.yaml_scalars import scalar_pieces
from tonelint.types import Comment, Document, Span

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\r\n]*")
_DEEPEST = 400
"""More levels than any translation file has, and fewer than any parser's limit."""


@dataclass(slots=True)
class _Frame:
    """One open mapping or sequence."""

    path: tuple[str, ...]
    sequence: bool
    key: str | None = None
    index: int = 0
    is_key: bool = False
    """Whether the whole of it is a key of the frame around it."""


@dataclass(slots=True)
class _Found:
    """What a pass over a file finds."""

    entries: list[Entry] = field(default_factory=list)
    keys: list[Span] = field(default_factory=list)
    scalars: list[Span] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_yaml(text: str, *, name: str, dialect: str | None = None) -> Document:
    """Read a YAML file, all its documents. Never raises on any text.

    What is broken is read line by line, with a note.
    """
    masked = _UNPRINTABLE.sub("_", text)
    found = _Found()
    fault = _parse(text, masked, found)
    if fault is not None:
        found.notes.append(f"is not valid YAML ({fault}); from there on it is read line by line, as far as it can be")
        done = max((span.end for span in found.scalars), default=0)
        for value in yaml_lines.values(text):
            if value.key:
                found.keys.append(value.key)
            if value.span.start >= done:
                found.scalars.append(value.span)
                found.entries.append(Entry(value.id, value.id.rpartition(".")[2], value.span, (value.pieces,)))
    return as_document(
        text,
        found.entries,
        name=name,
        format="yaml",
        dialect=dialect,
        markup=_apart(found.keys),
        comments=_comments(text, found.scalars),
        notes=found.notes,
    )


def _parse(text: str, masked: str, found: _Found) -> str | None:
    """Fill ``found`` from the parser's events; what went wrong, if anything did."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    stack: list[_Frame] = []
    try:
        for event in yaml.parse(masked, Loader=loader):
            if isinstance(event, yaml.ScalarEvent):
                _scalar(text, masked, event, stack, found)
            elif isinstance(event, yaml.AliasEvent):
                _next(stack)
            elif isinstance(event, yaml.CollectionStartEvent):
                if len(stack) >= _DEEPEST:
                    line = event.start_mark.line + 1 if event.start_mark else 0
                    return f"line {line}: more than {_DEEPEST} levels deep"
                top = stack[-1] if stack else None
                is_key = bool(top and not top.sequence and top.key is None)
                path = () if top is None else (*top.path, _step(top))
                stack.append(_Frame(path, isinstance(event, yaml.SequenceStartEvent), is_key=is_key))
            elif isinstance(event, yaml.CollectionEndEvent):
                if stack.pop().is_key:
                    stack[-1].key = "?"
                else:
                    _next(stack)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return f"line {mark.line + 1}: {error.problem or 'not understood'}" if mark else "not understood"
    except (yaml.YAMLError, ValueError, RecursionError, AttributeError) as error:
        return str(error).partition("\n")[0] or "not understood"
    return None


def _step(frame: _Frame) -> str:
    """What leads to the next value in a frame."""
    return str(frame.index) if frame.sequence else frame.key or "?"


def _next(stack: Sequence[_Frame]) -> None:
    """A node of the innermost frame is complete."""
    if not stack:
        return
    top = stack[-1]
    if top.sequence:
        top.index += 1
    else:
        top.key = "?" if top.key is None else None


def _scalar(text: str, masked: str, event: yaml.ScalarEvent, stack: Sequence[_Frame], found: _Found) -> None:
    """A key or a value."""
    first, last = event.start_mark, event.end_mark
    if first is None or last is None:  # both parsers always give them
        return
    span = Span(first.index, max(first.index, last.index))
    found.scalars.append(span)
    top = stack[-1] if stack else None
    if top and not top.sequence and top.key is None:
        top.key = event.value[:200]
        if len(span):
            found.keys.append(span)
        return
    readable = event.tag in (None, "!", "tag:yaml.org,2002:str") and not any(frame.is_key for frame in stack[-1:])
    if readable and event.value.strip():
        pieces = scalar_pieces(text, masked, span, event.style, event.value)
        if pieces is None:  # not understood here: the whole stands for the value
            pieces = entity(span.start, span.end, event.value)
        path = () if top is None else (*top.path, _step(top))
        key = next((part for part in reversed(path) if not part.isdecimal()), "")
        found.entries.append(Entry(".".join(path), key, span, (tuple(pieces),)))
    _next(stack)


def _comments(text: str, scalars: Sequence[Span]) -> Iterator[Comment]:
    """Comments; a ``#`` inside a scalar is none."""
    ordered = sorted(scalars)
    starts = [span.start for span in ordered]
    for match in _COMMENT.finditer(text):
        place = bisect_right(starts, match.start()) - 1
        if place >= 0 and match.start() < ordered[place].end and not _in_header(text, ordered[place], match.start()):
            continue
        yield Comment(Span(*match.span()), match.group().lstrip("#").strip())


def _in_header(text: str, scalar: Span, at: int) -> bool:
    """Whether a place is on the line with the mark of a block scalar, or below its last line."""
    return text[scalar.start] in "|>" and "\n" not in text[scalar.start : at]


def _apart(spans: Sequence[Span]) -> list[Span]:
    """The spans in order, those that overlap an earlier one left out."""
    kept: list[Span] = []
    for span in sorted(spans):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
