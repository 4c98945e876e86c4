"""What build services read: GitHub annotations, GitLab code quality, JUnit."""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from xml.sax.saxutils import escape, quoteattr

from tonelint.baseline import fingerprints
from tonelint.output.results import FileReport, Run, Style
from tonelint.types import Finding, Severity

_COMMANDS = {Severity.INFO: "notice", Severity.WARNING: "warning", Severity.ERROR: "error"}
_GITLAB = {Severity.INFO: "info", Severity.WARNING: "minor", Severity.ERROR: "major"}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _hints(finding: Finding) -> str:
    return "".join(f"\n{s.text}" for s in finding.suggestions if s.text)


def github(run: Run, style: Style) -> str:
    """Workflow commands. The worst findings come first, because GitHub shows only the first few of a step."""
    del style
    rows = [
        f"::error file={_property(_posix(file.path))},title=tonelint::{_data(error)}"
        for file in run.files
        for error in file.errors
    ]
    for file, finding in sorted(run.findings, key=lambda pair: -pair[1].severity):
        span, text = file.place_and_text(finding)
        line, column = file.lines.position(span.start)
        end_line, end_column = file.lines.position(span.end)
        properties = {"file": _posix(file.path), "line": str(line), "endLine": str(end_line)}
        if line == end_line:  # GitHub wants columns of one line only
            properties |= {"col": str(column), "endColumn": str(end_column)}
        properties["title"] = f"{finding.code} {finding.name}"
        listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        rows.append(f"::{_COMMANDS[finding.severity]} {listed}::{_data(text + _hints(finding))}")
    return "".join(f"{row}\n" for row in rows)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _posix(path: str) -> str:
    return PurePath(path).as_posix()


def gitlab(run: Run, style: Style) -> str:
    """A code quality report."""
    rows = []
    for file in run.files:
        for finding, mark in zip(file.findings, fingerprints(file.findings, file.text), strict=True):
            span, text = file.place_and_text(finding)
            start, end = file.lines.position(span.start), file.lines.position(span.end)
            rows.append(
                {
                    "description": f"{finding.code}: {text}",
                    "check_name": finding.code,
                    # the same words in two files are two issues
                    "fingerprint": f"{mark}-{_posix(file.path)}",
                    "severity": _GITLAB[finding.severity],
                    "location": {
                        "path": _posix(file.path),
                        "positions": {
                            "begin": {"line": start[0], "column": start[1]},
                            "end": {"line": end[0], "column": end[1]},
                        },
                    },
                }
            )
        rows += [
            {
                "description": error,
                "check_name": "unreadable",
                "fingerprint": f"unreadable-{_posix(file.path)}",
                "severity": "critical",
                "location": {"path": _posix(file.path), "lines": {"begin": 1}},
            }
            for error in file.errors
        ]
    return json.dumps(rows, ensure_ascii=not style.unicode, indent=1).encode("utf-8", "replace").decode() + "\n"


def junit(run: Run, style: Style) -> str:
    """A test suite a file, a failed case a finding; a file without findings is a case that passed."""
    del style
    suites = []
    totals = [0, 0, 0]
    for file in run.files:
        cases = [_case(file, finding) for finding in file.findings]
        cases += [
            f'<testcase name="read">\n      <error message={_attribute(e)}/>\n    </testcase>' for e in file.errors
        ]
        if not cases:
            cases = ['<testcase name="tonelint"/>']
        sizes = (len(cases), len(file.findings), len(file.errors))
        totals = [a + b for a, b in zip(totals, sizes, strict=True)]
        head = f'<testsuite name={_attribute(file.path)} tests="{sizes[0]}" failures="{sizes[1]}" errors="{sizes[2]}">'
        suites.append("  " + head + "".join(f"\n    {case}" for case in cases) + "\n  </testsuite>\n")
    head = f'<testsuites name="tonelint" tests="{totals[0]}" failures="{totals[1]}" errors="{totals[2]}">'
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}\n{"".join(suites)}</testsuites>\n'


def _case(file: FileReport, finding: Finding) -> str:
    span, text = file.place_and_text(finding)
    line, column = file.lines.position(span.start)
    name = f"{finding.code} {finding.name} ({line}:{column})"
    where = _NO_XML.sub("\ufffd", f"{file.path}:{line}:{column}: {finding.severity.word}: {text}{_hints(finding)}")
    return (
        f'<testcase name={_attribute(name)} classname={_attribute(file.path)} line="{line}" column="{column}">\n'
        f"      <failure type={_attribute(finding.severity.word)} message={_attribute(text)}>"
        f"{escape(where)}</failure>\n    </testcase>"
    )


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
