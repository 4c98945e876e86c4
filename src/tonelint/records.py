"""Records: one message a line of JSON, as exports hold them, and the documents that are read from them."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from tonelint.errors import UsageError
from tonelint.readers import read
from tonelint.types import CHANNELS, Comment, Document, MessageSource, Piece, Role, Segment, Span

FORMATS = ("text", "markdown", "html")
_GAP = "\n\n"
_THREADS = 50_000
"""Threads whose last customer's message is remembered."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record. ``id`` is whatever was given; ``customer`` what it answers, told or found in its thread."""

    id: Any
    text: str
    format: str = "text"
    channel: str | None = None
    subject: str | None = None
    customer: str | None = None
    thread: str | None = None
    inbound: bool = False


@dataclass(frozen=True, slots=True)
class RecordDocument:
    """A record as a document: its subject, a gap, its text. ``body`` is where the text begins in ``document.text``."""

    document: Document
    body: int

    def field(self, span: Span) -> tuple[Literal["text", "subject"], Span]:
        """Which field a source span lies in, and where in it."""
        if self.body and span.start < self.body - len(_GAP):
            return "subject", Span(span.start, min(span.end, self.body - len(_GAP)))
        start = max(0, span.start - self.body)
        return "text", Span(start, max(start, span.end - self.body))


def parse(line: str) -> Record:
    """One line as a record; unknown keys are passed over. Raises UsageError, saying what is wrong."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise UsageError("not a record: a line holds one JSON object with `id` and `text`")
    if "id" not in row:
        raise UsageError("a record needs an `id`")
    return from_row(row)


def from_row(row: Mapping[str, Any]) -> Record:
    """A record from its fields; ``id`` is None if there is none. Raises UsageError, saying what is wrong."""
    if not isinstance(row.get("text"), str):
        raise UsageError("a record needs `text`, a string")
    told = row.get("format") or "text"
    if told not in FORMATS:
        raise UsageError(f"`format` cannot be {told!r}; one of {', '.join(FORMATS)}")
    channel = row.get("channel")
    for name in ("subject", "customer"):
        if not isinstance(row.get(name), str | None):
            raise UsageError(f"`{name}` must be a string or null")
    return Record(
        id=row.get("id"),
        text=row["text"],
        format=told,
        channel=channel if channel in CHANNELS else None,
        subject=row.get("subject") or None,
        customer=row.get("customer") or None,
        thread=None if row.get("thread") is None else str(row["thread"]),
        inbound=row.get("direction", "out") == "in",
    )


def outbound(records: Iterable[Record]) -> Iterator[Record]:
    """The records to judge, in order. Inbound ones are context: the last of a thread is what the next one answers."""
    heard: OrderedDict[str, str] = OrderedDict()
    for record in records:
        if record.inbound:
            if record.thread is not None:
                heard[record.thread] = record.text
                heard.move_to_end(record.thread)
                if len(heard) > _THREADS:
                    heard.popitem(last=False)
            continue
        if record.customer is None and record.thread is not None and record.thread in heard:
            yield replace(record, customer=heard[record.thread])
        else:
            yield record


def document(record: Record, *, dialect: str | None = None, subject: bool = True) -> RecordDocument:
    """A record as a document with one message; without ``subject`` its subject is told, and not judged."""
    name = str(record.id)
    body = read(record.text, name=name, format=record.format, dialect=dialect)
    if record.subject is None or not subject:
        return RecordDocument(_named(body, name, record), 0)
    head = read(record.subject, name=name, format="text", dialect=dialect)
    by = len(record.subject) + len(_GAP)
    subjects = tuple(replace(s, role=Role.SUBJECT) for s in head.segments)
    whole = replace(
        body,
        text=f"{record.subject}{_GAP}{record.text}",
        segments=(*subjects, *(_shifted(s, by) for s in body.segments)),
        messages=tuple(replace(m, span=m.span.shift(by)) for m in body.messages),
        tags=(*head.tags, *(replace(t, span=t.span.shift(by)) for t in body.tags)),
        markup=(*head.markup, *(m.shift(by) for m in body.markup)),
        comments=(*head.comments, *(Comment(c.span.shift(by), c.text) for c in body.comments)),
    )
    return RecordDocument(_named(whole, name, record), by)


def _shifted(segment: Segment, by: int) -> Segment:
    return replace(segment, pieces=tuple(Piece(p.span.shift(by), p.text, p.kind) for p in segment.pieces))


def _named(read_document: Document, name: str, record: Record) -> Document:
    first = read_document.messages[0] if read_document.messages else MessageSource(name, Span(0, len(record.text)))
    only = replace(
        first,
        id=name,
        subject=record.subject or first.subject,
        customer=record.customer if record.customer is not None else first.customer,
    )
    return replace(
        read_document, messages=(only,), segments=tuple(replace(s, message=0) for s in read_document.segments)
    )
