"""Reviewdog's diagnostic format; lines from 1, columns from 1 in bytes of UTF-8."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

from tonelint.fixer import apply
from tonelint.output.plain import one_line
from tonelint.output.results import FileReport, Run, Style
from tonelint.positions import utf8_length
from tonelint.types import Finding, Severity, Span, Suggestion

_SEVERITIES = {Severity.INFO: "INFO", Severity.WARNING: "WARNING", Severity.ERROR: "ERROR"}


def rdjson(run: Run, style: Style) -> str:
    """One DiagnosticResult."""
    rows = [row for file in run.files for row in _rows(file)]
    result = {"source": {"name": "tonelint"}, "severity": "WARNING", "diagnostics": rows}
    return json.dumps(result, ensure_ascii=not style.unicode, indent=1).encode("utf-8", "replace").decode() + "\n"


def rdjsonl(run: Run, style: Style) -> str:
    """One Diagnostic a line."""
    rows = [{**row, "source": {"name": "tonelint"}} for file in run.files for row in _rows(file)]
    return "".join(one_line(row, unicode=style.unicode) for row in rows)


def _rows(file: FileReport) -> list[dict[str, Any]]:
    path = PurePath(file.path).as_posix()
    rows: list[dict[str, Any]] = [
        {"message": error, "location": {"path": path}, "severity": "ERROR"} for error in file.errors
    ]
    return rows + [_row(file, finding, path) for finding in file.findings]


def _row(file: FileReport, finding: Finding, path: str) -> dict[str, Any]:
    span, text = file.place_and_text(finding)
    ideas = "".join(f"\n{s.text}" for s in finding.suggestions if s.text and not s.edits)
    code: dict[str, str] = {"value": finding.code}
    if finding.url.startswith("http"):
        code["url"] = finding.url
    row: dict[str, Any] = {
        "message": text + ideas,
        "location": {"path": path, "range": _range(file, span)},
        "severity": _SEVERITIES[finding.severity],
        "code": code,
    }
    if suggestions := [_suggestion(file, s) for s in finding.suggestions if s.edits]:
        row["suggestions"] = suggestions
    return row


def _range(file: FileReport, span: Span) -> dict[str, dict[str, int]]:
    return {"start": _position(file, span.start), "end": _position(file, span.end)}


def _position(file: FileReport, offset: int) -> dict[str, int]:
    line, column = file.lines.position(offset)
    start = offset - column + 1
    return {"line": line, "column": utf8_length(file.text[start:offset]) + 1}


def _suggestion(file: FileReport, suggestion: Suggestion) -> dict[str, Any]:
    """Edits that belong together, as the one replacement that reviewdog can apply."""
    hull = Span(min(e.span.start for e in suggestion.edits), max(e.span.end for e in suggestion.edits))
    moved = [type(e)(Span(e.span.start - hull.start, e.span.end - hull.start), e.text) for e in suggestion.edits]
    return {"range": _range(file, hull), "text": apply(file.text[hull.start : hull.end], moved)}
