"""Inline suppressions: ``tonelint: disable=EMP001`` and its kin, in the comments that the readers found."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tonelint.positions import LineIndex
from tonelint.types import Comment, Finding, Span

_DIRECTIVE = re.compile(
    r"tonelint:\s*(disable-next-line|disable-file|disable|enable)\s*(?:=\s*([\w\-, ]+))?", re.IGNORECASE
)
_ALL = "ALL"


@dataclass(frozen=True, slots=True)
class Suppression:
    """One directive for one code, prefix, name or category; ``ALL`` if none is given."""

    action: str
    code: str
    comment: Comment
    reach: Span
    """Source run in which a finding must begin to be suppressed."""


def parse(comments: Sequence[Comment], text: str, *, entries: Sequence[Span] = ()) -> tuple[Suppression, ...]:
    """The suppressions of a document, in source order.

    A ``disable`` holds until it is enabled, or said again. ``disable-next-line`` reaches the next line that holds more than
    comments; where the file is a list of ``entries`` (source runs, in order) the whole of the next one.
    """
    ordered = sorted(comments, key=lambda c: c.span)
    directives = [
        (
            comment,
            match.group(1).lower(),
            tuple(re.split(r"[\s,]+", match.group(2).strip(" ,"))) if match.group(2) else (_ALL,),
        )
        for comment in ordered
        for match in _DIRECTIVE.finditer(comment.text)
    ]
    if not directives:
        return ()
    following = _Following(text, ordered, entries) if any(a == "disable-next-line" for _, a, _ in directives) else None
    found: list[Suppression] = []
    ends: dict[str, int] = {}  # where what is disabled here for a code would end, seen from the end of the file
    for comment, action, codes in reversed(directives):
        for code in reversed(codes):
            if action == "enable":
                if code.upper() == _ALL:
                    ends = dict.fromkeys((*ends, _ALL), comment.span.start)
                ends[code] = comment.span.start
                continue
            if action == "disable-file":
                reach = Span(0, len(text))
            elif following is not None and action == "disable-next-line":
                reach = following.run(comment.span.end)
            else:
                end = min(ends.get(code, len(text)), ends.get(_ALL, len(text)))
                reach = Span(comment.span.end, max(comment.span.end, end))
                ends[code] = comment.span.start
            found.append(Suppression(action, code, comment, reach))
    return tuple(reversed(found))


class _Following:
    """What comes next after a comment: an entry, or a line that holds more than comments. One pass over the text."""

    def __init__(self, text: str, comments: Sequence[Comment], entries: Sequence[Span]) -> None:
        self._lines = LineIndex(text)
        self._entries = tuple(entries)
        self._starts = [entry.start for entry in self._entries]
        ends = {c.span.start: c.span.end for c in comments}
        count = len(self._lines.starts)
        full = []
        inside = 0  # up to where the last comment that began a line goes
        for number in range(1, count + 1):
            line = self._lines.line_text(number)
            first = self._lines.starts[number - 1] + len(line) - len(line.lstrip())
            last = self._lines.starts[number - 1] + len(line.rstrip())
            inside = max(inside, ends.get(first, 0))
            full.append(first < last > inside)
        self._next = [count + 1] * (count + 2)
        for number in range(count, 0, -1):
            self._next[number] = number if full[number - 1] else self._next[number + 1]

    def run(self, offset: int) -> Span:
        """The source run of what follows."""
        if self._entries:
            at = bisect_left(self._starts, offset)
            return self._entries[at] if at < len(self._entries) else Span(len(self._lines.text), len(self._lines.text))
        line, _ = self._lines.position(offset)
        number = self._next[line + 1]
        starts, size = self._lines.starts, len(self._lines.text)
        if number > len(starts):
            return Span(size, size)
        return Span(starts[number - 1], starts[number] if number < len(starts) else size)


def apply(
    findings: Sequence[Finding],
    suppressions: Sequence[Suppression],
    matches: Callable[[str, Finding], bool],
    message: Callable[[Finding], Span],
) -> tuple[list[Finding], list[Suppression]]:
    """What is left, and the suppressions that suppressed nothing. ``matches(code, finding)`` decides what a code names.

    A finding without words is suppressed by a directive in its ``message`` that is not about a line, or by one that reaches its beginning.
    """
    runs: dict[tuple[str, str], list[int]] = {}
    for i, suppression in enumerate(suppressions):
        runs.setdefault((suppression.action, suppression.code), []).append(i)
    reaches = {key: [suppressions[i].reach.start for i in rows] for key, rows in runs.items()}
    places = {key: [suppressions[i].comment.span.start for i in rows] for key, rows in runs.items()}
    named: dict[str, list[tuple[str, str]]] = {}
    used: set[int] = set()
    kept = []
    for finding in findings:
        if finding.code not in named:
            named[finding.code] = [key for key in runs if matches(key[1], finding)]
        hit = []
        for key in named[finding.code]:
            rows = runs[key]
            span = finding.span or message(finding)
            # of one action and code, no two reaches overlap but where several lines of comments stand above one line
            at = bisect_right(reaches[key], span.start)
            if finding.span is not None or key[0] != "disable-next-line":
                while at and span.start < suppressions[rows[at - 1]].reach.end:
                    hit.append(rows[at - 1])
                    at -= 1
            if finding.span is None and key[0] == "disable":
                first, last = bisect_left(places[key], span.start), bisect_left(places[key], span.end)
                hit += rows[first:last]
        used.update(hit)
        if not hit:
            kept.append(finding)
    return kept, [s for i, s in enumerate(suppressions) if i not in used]
