"""Inline suppressions: ``tonelint: disable=EMP001`` and its kin, in the comments that the readers found."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tonelint.positions import LineIndex
from tonelint.types import Comment, Finding, Span

_DIRECTIVE = re.compile(
    r"tonelint:\s*(disable-next-line|disable-file|disable|enable)\s*(?:=\s*([\w\-, ]+))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One directive. ``codes`` are codes, prefixes, names or categories; ``("ALL",)`` if none is given."""

    action: str
    codes: tuple[str, ...]
    comment: Comment
    reach: Span
    """Source run in which a finding must begin to be suppressed."""


def parse(comments: Sequence[Comment], text: str) -> tuple[Suppression, ...]:
    """The suppressions of a document, in source order. ``enable`` ends what ``disable`` began."""
    directives = [
        (
            comment,
            match.group(1).lower(),
            tuple(re.split(r"[\s,]+", match.group(2).strip())) if match.group(2) else ("ALL",),
        )
        for comment in sorted(comments, key=lambda c: c.span)
        for match in _DIRECTIVE.finditer(comment.text)
    ]
    found = []
    lines = LineIndex(text) if directives else None
    for i, (comment, action, codes) in enumerate(directives):
        if action == "enable" or lines is None:
            continue
        if action == "disable-file":
            reach = Span(0, len(text))
        elif action == "disable-next-line":
            reach = _next_line(lines, comment.span.end)
        else:
            for code in codes:
                ends = [
                    c.span.start
                    for c, a, others in directives[i + 1 :]
                    if a == "enable" and (code in others or "ALL" in others)
                ]
                found.append(
                    Suppression(action, (code,), comment, Span(comment.span.end, ends[0] if ends else len(text)))
                )
            continue
        found += [Suppression(action, (code,), comment, reach) for code in codes]
    return tuple(found)


def _next_line(lines: LineIndex, offset: int) -> Span:
    """The next line that holds anything."""
    line, _ = lines.position(offset)
    for number in range(line + 1, len(lines.starts) + 1):
        if lines.line_text(number).strip():
            end = lines.starts[number] if number < len(lines.starts) else len(lines.text)
            return Span(lines.starts[number - 1], end)
    return Span(len(lines.text), len(lines.text))


def apply(
    findings: Sequence[Finding],
    suppressions: Sequence[Suppression],
    matches: Callable[[str, Finding], bool],
    place: Callable[[Finding], Span],
) -> tuple[list[Finding], list[Suppression]]:
    """What is left, and the suppressions that suppressed nothing. ``matches(code, finding)`` decides what a code names.

    A finding without words is suppressed by a directive that reaches the whole of its message (``place``) or stands before it.
    """
    used: set[int] = set()
    kept = []
    for finding in findings:
        span = place(finding)
        hit = [
            i
            for i, s in enumerate(suppressions)
            if matches(s.codes[0], finding)
            and (
                s.reach.start <= span.start < s.reach.end
                if finding.span
                else s.action == "disable-file" or (s.action == "disable" and s.comment.span.start <= span.start)
            )
        ]
        used.update(hit)
        if not hit:
            kept.append(finding)
    return kept, [s for i, s in enumerate(suppressions) if i not in used]
