"""Results as plain JSON values, as ``schema.json`` describes them, and back (for the cache)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tonelint.linter import Balance
from tonelint.output.results import Counts, FileReport, MessageReport, Run, count
from tonelint.types import Edit, Finding, Safety, Severity, Span, Suggestion


def span_shape(span: Span) -> dict[str, int]:
    """``{"start", "end"}``."""
    return {"start": span.start, "end": span.end}


def balance_shape(balance: Balance) -> dict[str, Any]:
    """Counts by stance and the interested share, rounded to four places."""
    share = balance.share
    return {
        "interested": balance.interested,
        "broadcast": balance.broadcast,
        "neutral": balance.neutral,
        "share": None if share is None else round(share, 4),
    }


def message_shape(message: MessageReport) -> dict[str, Any]:
    """A MESSAGE, without its keepers."""
    return {
        "id": message.id,
        **span_shape(message.span),
        "language": message.language,
        "channel": message.channel,
        "moment": message.moment,
        "balance": balance_shape(message.balance),
        "opens": message.opens,
        "closes": message.closes,
        "message": dict(message.labels),
    }


def finding_shape(finding: Finding, file: FileReport) -> dict[str, Any]:
    """A FINDING. Positions count in the file's text; all of them are None for a finding without words."""
    span = finding.span
    line, column = file.lines.position(span.start) if span else (None, None)
    end_line, end_column = file.lines.position(span.end) if span else (None, None)
    return {
        "code": finding.code,
        "name": finding.name,
        "category": finding.category,
        "principle": finding.principle,
        "severity": finding.severity.word,
        "message": finding.message,
        "confidence": finding.confidence,
        "message_id": finding.message_id,
        "path": finding.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "start": span.start if span else None,
        "end": span.end if span else None,
        "text": finding.text,
        "suggestions": [suggestion_shape(s) for s in finding.suggestions],
        "url": finding.url,
    }


def suggestion_shape(suggestion: Suggestion) -> dict[str, Any]:
    """Kind, text and edits of a suggestion."""
    return {
        "kind": suggestion.kind.word,
        "text": suggestion.text,
        "edits": [{**span_shape(edit.span), "text": edit.text} for edit in suggestion.edits],
    }


def file_shape(file: FileReport) -> dict[str, Any]:
    """One entry of ``files``."""
    messages = [{**message_shape(m), "keepers": [span_shape(k) for k in m.keepers]} for m in file.messages]
    return {
        "path": file.path,
        "messages": messages,
        "findings": [finding_shape(f, file) for f in file.findings],
        "errors": list(file.errors),
    }


def run_shape(run: Run) -> dict[str, Any]:
    """The whole of ``check --output-format json``."""
    return {"version": run.version, "files": [file_shape(file) for file in run.files], "summary": summary_shape(run)}


def summary_shape(run: Run) -> dict[str, Any]:
    """The figures of a run."""
    counts: Counts = count(run)
    return {
        "files": len(run.files),
        "files_with_findings": sum(1 for file in run.files if file.findings),
        "files_with_errors": sum(1 for file in run.files if file.errors),
        "findings": counts.total,
        "error": counts.error,
        "warning": counts.warning,
        "info": counts.info,
        "fixable": counts.safe,
        "fixable_unsafe": counts.unsafe,
        "fixed": sum(file.fixed for file in run.files),
        "baselined": run.baselined,
        "by_code": dict(counts.by_code),
    }


def file_from_shape(
    shape: Mapping[str, Any], *, text: str, notes: tuple[str, ...], sentences: Sequence[Sequence[Span]]
) -> FileReport:
    """A report from :func:`file_shape` and what it leaves out (``sentences``: the spans in each message).

    Raises KeyError, TypeError or ValueError if it is none.
    """
    return FileReport(
        path=shape["path"],
        text=text,
        messages=tuple(_message(m, s) for m, s in zip(shape["messages"], sentences, strict=True)),
        findings=tuple(_finding(f) for f in shape["findings"]),
        errors=tuple(shape["errors"]),
        notes=notes,
    )


def span_from_shape(shape: Mapping[str, Any]) -> Span:
    """The other way round."""
    return Span(shape["start"], shape["end"])


def _message(shape: Mapping[str, Any], sentences: Sequence[Span]) -> MessageReport:
    balance = shape["balance"]
    return MessageReport(
        id=shape["id"],
        span=span_from_shape(shape),
        language=shape["language"],
        channel=shape["channel"],
        moment=shape["moment"],
        balance=Balance(balance["interested"], balance["broadcast"], balance["neutral"]),
        opens=shape["opens"],
        closes=shape["closes"],
        labels=dict(shape["message"]),
        keepers=tuple(span_from_shape(k) for k in shape["keepers"]),
        sentences=tuple(sentences),
    )


def _finding(shape: Mapping[str, Any]) -> Finding:
    return Finding(
        code=shape["code"],
        name=shape["name"],
        category=shape["category"],
        principle=shape["principle"],
        severity=Severity.parse(shape["severity"]),
        message=shape["message"],
        confidence=shape["confidence"],
        message_id=shape["message_id"],
        path=shape["path"],
        span=span_from_shape(shape) if shape["start"] is not None else None,
        text=shape["text"],
        suggestions=tuple(_suggestion(s) for s in shape["suggestions"]),
        url=shape["url"],
    )


def _suggestion(shape: Mapping[str, Any]) -> Suggestion:
    edits = tuple(Edit(span_from_shape(e), e["text"]) for e in shape["edits"])
    return Suggestion(Safety[shape["kind"].upper()], shape["text"], edits)
