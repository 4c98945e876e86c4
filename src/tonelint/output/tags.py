"""What ``tag`` prints: a line of JSON a message, or a table for people."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from tonelint.linter import LintResult, MessageResult, TaggedSentence
from tonelint.output.full import balance_lines
from tonelint.output.results import FileReport, Style, file_report
from tonelint.output.shapes import finding_shape, message_shape, span_shape
from tonelint.output.terminal import cut, paint, visible, width, wrap
from tonelint.positions import LineIndex
from tonelint.types import STANCES, Finding, Span

Field = Callable[[Span], tuple[str, Span]]
"""Which field a source span lies in, and where."""

_SHOWN = 0.2
"""Categories below this probability are not worth a line of an explanation."""


def whole_text(span: Span) -> tuple[str, Span]:
    """Of a file: everything is its text."""
    return "text", span


def listed(message: MessageResult) -> tuple[TaggedSentence, ...]:
    """The sentences of the main reading, and of another branch those that stand where no other does."""
    main = [t for t in message.sentences if not t.sentence.alternate]
    taken = _Places(t.sentence.span for t in main)
    extra = [t for t in message.sentences if t.sentence.alternate and not list(taken.near(t.sentence.span))]
    return tuple(sorted((*main, *extra), key=lambda t: (t.sentence.span, t.sentence.block))) if extra else tuple(main)


def assigned(message: MessageResult, findings: Sequence[Finding]) -> tuple[list[list[Finding]], list[Finding]]:
    """The findings of a message by its listed sentences, and those that no sentence carries."""
    sentences = listed(message)
    places = _Places(t.sentence.span for t in sentences)
    rows: list[list[Finding]] = [[] for _ in sentences]
    rest = []
    for finding in findings:
        near = [(-_shared(finding.span, span), i) for i, span in places.near(finding.span)] if finding.span else []
        if near:
            rows[min(near)[1]].append(finding)
        else:
            rest.append(finding)
    return rows, rest


class _Places:
    """Spans, asked which of them overlap another; time grows with those found, not with all."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._rows = sorted((span, i) for i, span in enumerate(spans))
        self._starts = [span.start for span, _ in self._rows]
        self._ends = list(accumulate((span.end for span, _ in self._rows), max))

    def near(self, span: Span) -> Iterator[tuple[int, Span]]:
        """The numbers and spans of those that overlap it."""
        at = bisect_left(self._starts, span.end)
        while at and self._ends[at - 1] > span.start:
            at -= 1
            other, number = self._rows[at]
            if other.overlaps(span):
                yield number, other


def _shared(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def tag_shapes(
    result: LintResult, *, path: str | None, field: Field = whole_text, record: tuple[Any, Span] | None = None
) -> list[dict[str, Any]]:
    """One object a message, as ``schema.json`` describes it. ``record`` is a record's id and the span of its text."""
    report = file_report(result)
    shapes = []
    indexes: dict[str, LineIndex] = {}
    for message, flat in zip(result.messages, report.messages, strict=True):
        rows, rest = assigned(message, result.by_message.get(message.source.id, ()))
        shape = message_shape(flat)
        if record is not None:
            shape |= {"id": record[0], **span_shape(record[1])}
        shape["path"] = path
        shape["findings"] = [_whole(f, report, field) for f in rest]
        shape["sentences"] = [
            _sentence(tagged, found, report, field, indexes)
            for tagged, found in zip(listed(message), rows, strict=True)
        ]
        shapes.append(shape)
    return shapes


def _whole(finding: Finding, report: FileReport, field: Field) -> dict[str, Any]:
    """A finding that no sentence carries; if it has words after all, in their field's offsets."""
    if finding.span is None or (by := finding.span.start - field(finding.span)[1].start) == 0:
        return finding_shape(finding, report)
    suggestions = tuple(
        replace(s, edits=tuple(replace(e, span=e.span.shift(-by)) for e in s.edits)) for s in finding.suggestions
    )
    moved = replace(finding, span=finding.span.shift(-by), suggestions=suggestions)
    return finding_shape(moved, FileReport(report.path, report.text[by:]))


def _sentence(
    tagged: TaggedSentence, findings: Sequence[Finding], report: FileReport, field: Field, indexes: dict[str, LineIndex]
) -> dict[str, Any]:
    sentence, scores = tagged.sentence, tagged.scores
    name, span = field(sentence.span)
    if name not in indexes:
        offset = sentence.span.start - span.start
        indexes[name] = LineIndex(report.text[offset:]) if offset else report.lines
    line, column = indexes[name].position(span.start)
    told = scores.stance if scores is not None else {}
    return {
        "field": name,
        "role": sentence.role.value,
        "start": span.start,
        "end": span.end,
        "line": line,
        "column": column,
        "text": sentence.text,
        "stance": scores.label if scores is not None and told else None,
        "probabilities": {s: round(float(told[s]), 4) for s in sorted(STANCES)} if told else None,
        "keeper": tagged.keeper,
        "findings": [
            {
                "code": f.code,
                "category": f.category,
                "start": field(f.span)[1].start if f.span else None,
                "end": field(f.span)[1].end if f.span else None,
                "confidence": f.confidence,
            }
            for f in findings
        ],
    }


def table(result: LintResult, style: Style, *, explain: bool = False) -> str:
    """A line a sentence: where, which stance and how sure, the sentence, and what was found in it."""
    report = file_report(result)
    lines: list[str] = []
    for message in result.messages:
        facts = [message.channel, "" if message.moment == "other" else message.moment, message.language]
        lines.append(paint(visible(message.source.id), "bold", colour=style.colour))
        lines.append("  " + (" · " if style.unicode else ", ").join(f for f in facts if f))
        if not message.judged:
            lines += ["  not in English, not judged", ""]
            continue
        balance = message.balance
        if balance.interested + balance.broadcast + balance.neutral:
            lines += ["  " + line for line in balance_lines(balance, style)]
        rows, rest = assigned(message, result.by_message.get(message.source.id, ()))
        last = max((report.lines.position(t.sentence.span.start)[0] for t in listed(message)), default=1)
        for tagged, findings in zip(listed(message), rows, strict=True):
            lines += _row(tagged, findings, report, style, gutter=max(3, len(str(last))), explain=explain)
        for finding in rest:
            lines += [
                "  " + line for line in wrap(f"{finding.code} {finding.name}: {finding.message}", style.width - 2)
            ]
        lines.append("")
    return "\n".join(lines) + "\n"


def _row(
    tagged: TaggedSentence, findings: Sequence[Finding], report: FileReport, style: Style, *, gutter: int, explain: bool
) -> list[str]:
    sentence, scores = tagged.sentence, tagged.scores
    line, _ = report.lines.position(sentence.span.start)
    stance = scores.label if scores is not None and scores.stance else "-"
    sure = f"{scores.stance[stance]:4.0%}" if scores is not None and scores.stance else "    "
    codes = " ".join(f.code for f in findings)
    good = ("✓ " if style.unicode else "+ ") if tagged.keeper else ""
    left = f"{line:>{gutter}}  {stance:<10} {sure}  "
    text = " ".join(visible(" ".join(sentence.text.split())).split())
    room = max(16, style.width - width(left) - (len(codes) + 2 if codes else 0) - len(good))
    mark = "…" if style.unicode else "..."
    shown = text if explain else cut(text, room, mark=mark)
    name = stance if stance in STANCES else "dim"
    head = f"{line:>{gutter}}  {paint(f'{stance:<10}', name, colour=style.colour)} {sure}  "
    rows = [head + paint(good, "good", colour=style.colour) + shown + (f"  {codes}" if codes and not explain else "")]
    if not explain:
        return rows
    rows = [head + paint(good, "good", colour=style.colour) + wrap(shown, room)[0]]
    rows += [" " * width(left) + part for part in wrap(shown, room)[1:]]
    indent = " " * (gutter + 2)
    if scores is not None and scores.stance:
        told = ", ".join(f"{s} {scores.stance[s]:.0%}" for s in STANCES)
        keep = f", keeper {scores.keeper:.0%}" if scores.keeper is not None else ""
        rows += [indent + part for part in wrap(f"{sentence.role.value}: {told}{keep}", style.width - len(indent))]
        for category, score in sorted(scores.categories.items(), key=lambda item: -item[1]):
            if score >= _SHOWN:
                words = _words(tagged, category)
                rows += [indent + p for p in wrap(f"model: {category} {score:.0%}{words}", style.width - len(indent))]
    for finding in findings:
        said = f"{finding.code} {finding.name} ({finding.confidence:.0%}): {' '.join((finding.text or '').split())}"
        rows += [
            indent + paint(p, finding.severity.word, colour=style.colour) for p in wrap(said, style.width - len(indent))
        ]
    return rows


def _words(tagged: TaggedSentence, category: str) -> str:
    scores = tagged.scores
    if scores is None or category not in scores.spans:
        return ""
    span, _ = scores.spans[category]
    words = " ".join(tagged.sentence.text[span.start : span.end].split())
    return f", most for “{words}”" if words else ""
