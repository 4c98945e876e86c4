"""SARIF 2.1.0, as code scanning reads it."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from tonelint.baseline import fingerprints
from tonelint.output.results import FileReport, Run, Style
from tonelint.rules.base import Rule
from tonelint.types import Finding, Severity, Span, Suggestion

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 25_000
"""GitHub refuses a run with more."""
_LONGEST = 1024
_LEVELS = {Severity.INFO: "note", Severity.WARNING: "warning", Severity.ERROR: "error"}
_PROBLEMS = {Severity.INFO: "recommendation", Severity.WARNING: "warning", Severity.ERROR: "error"}
_BASE = "%SRCROOT%"


def sarif(run: Run, style: Style) -> str:
    """One SARIF log with one run."""
    pairs = [
        (file, finding, mark)
        for file in run.files
        for finding, mark in zip(file.findings, fingerprints(file.findings, file.text), strict=True)
    ]
    notes = [_notification(file.path, error, "error") for file in run.files for error in file.errors]
    if len(pairs) > MOST_RESULTS:
        notes.append(_notification(None, f"{len(pairs) - MOST_RESULTS} of {len(pairs)} findings left out.", "warning"))
        worst = sorted(range(len(pairs)), key=lambda i: (-pairs[i][1].severity, -pairs[i][1].confidence))[:MOST_RESULTS]
        pairs = [pairs[i] for i in sorted(worst)]
    spoke = {finding.code for _, finding, _ in pairs}
    rules = [rule for rule in run.rules if rule.code in spoke]
    places = {rule.code: i for i, rule in enumerate(rules)}
    invocation: dict[str, Any] = {"executionSuccessful": not any(file.errors for file in run.files)}
    if notes:
        invocation["toolExecutionNotifications"] = notes
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "tonelint", "semanticVersion": run.version, "rules": list(map(_rule, rules))}
                },
                "automationDetails": {"id": "tonelint/"},
                "columnKind": "unicodeCodePoints",
                "newlineSequences": ["\r\n", "\n", "\r"],
                "invocations": [invocation],
                "results": [_result(file, finding, mark, places) for file, finding, mark in pairs],
            }
        ],
    }
    return json.dumps(log, ensure_ascii=not style.unicode, indent=1).encode("utf-8", "replace").decode() + "\n"


def _notification(path: str | None, text: str, level: str) -> dict[str, Any]:
    note: dict[str, Any] = {"level": level, "message": {"text": text}}
    if path is not None:
        note["locations"] = [{"physicalLocation": {"artifactLocation": artifact(path)}}]
    return note


def artifact(path: str) -> dict[str, str]:
    """A file as SARIF names it: relative to the root of the repository, or by an absolute URI."""
    pure = PurePath(path)
    if pure.is_absolute():
        return {"uri": "file://" + quote(pure.as_posix().encode("utf-8", "replace"))}
    return {"uri": quote(pure.as_posix().encode("utf-8", "replace")), "uriBaseId": _BASE}


def _rule(rule: Rule) -> dict[str, Any]:
    docs = rule.docs
    text = f"{docs.what}\n\nWhy it lands badly: {docs.why}\n\nBetter: {docs.better}\n\nWhen to leave it: {docs.leave}"
    tags = ["tone", *([rule.category] if rule.category else [])]
    shape: dict[str, Any] = {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": _short(rule.summary)},
        "fullDescription": {"text": _short(docs.what or rule.summary)},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": tags, "problem.severity": _PROBLEMS[rule.severity]},
    }
    if rule.url.startswith("http"):
        shape["helpUri"] = rule.url
    return shape


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _result(file: FileReport, finding: Finding, mark: str, places: dict[str, int]) -> dict[str, Any]:
    span, text = file.place_and_text(finding)
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": {"artifactLocation": artifact(file.path), "region": region(file, span)}}],
        "partialFingerprints": {"tonelint/v1": mark},
        "rank": round(100 * finding.confidence, 2),
    }
    if finding.code in places:
        result["ruleIndex"] = places[finding.code]
    if fixes := [_fix(file, s) for s in finding.suggestions if s.edits]:
        result["fixes"] = fixes
    return result


def region(file: FileReport, span: Span) -> dict[str, int]:
    """A span in lines and columns, both from 1, the end column past the last code point."""
    line, column = file.lines.position(span.start)
    end_line, end_column = file.lines.position(span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _fix(file: FileReport, suggestion: Suggestion) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": region(file, edit.span), "insertedContent": {"text": edit.text}} for edit in suggestion.edits
    ]
    kind = f"{suggestion.kind.word} fix"
    return {
        "description": {"text": f"{suggestion.text} ({kind})" if suggestion.text else kind},
        "artifactChanges": [{"artifactLocation": artifact(file.path), "replacements": replacements}],
    }
