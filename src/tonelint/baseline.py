"""Baselines: what a house has decided to live with, so that only new findings are reported.

A finding is known by its rule, its words and the words around them, never by line numbers: editing elsewhere in the
file leaves it known. The same words twice are two findings; a third is new.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tonelint.errors import SourceError
from tonelint.types import Finding
from tonelint.writing import write_whole

FORMAT = 1
_WORD = re.compile(r"\w+")
_GAP = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)")
_NEIGHBOURS = 4
_REACH = 200
"""Code points before and after a finding in which its neighbouring words are looked for."""


def fingerprint(finding: Finding, text: str, *, path: str | None = None) -> str:
    """Sixteen hexadecimal digits for a finding in ``text``, the same wherever in the file it stands.

    A finding without words is known by its rule and its message's id (that of a message that is the whole file is its
    ``path``, and left out, so that a moved file keeps its findings).
    """
    if finding.span is None:
        parts = [finding.code, "message", "" if finding.message_id == (path or finding.path) else finding.message_id]
    else:
        start, end = finding.span.start, finding.span.end
        # in its own paragraph only: what is put above or below it leaves it known
        before = _WORD.findall(_GAP.split(text[max(0, start - _REACH) : start])[-1])[-_NEIGHBOURS:]
        after = _WORD.findall(_GAP.split(text[end : end + _REACH])[0])[:_NEIGHBOURS]
        parts = [finding.code, *map(_normal, (" ".join(before), text[start:end], " ".join(after)))]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fingerprints(findings: Sequence[Finding], text: str, *, path: str | None = None) -> list[str]:
    """One fingerprint a finding, in order; those that would be the same get a number behind a colon."""
    seen: Counter[str] = Counter()
    marks = []
    for finding in findings:
        mark = fingerprint(finding, text, path=path)
        seen[mark] += 1
        marks.append(mark if seen[mark] == 1 else f"{mark}:{seen[mark]}")
    return marks


def _normal(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


@dataclass(frozen=True, slots=True)
class Baseline:
    """Fingerprints that are known, with how often, by file and rule; files by path from the baseline's folder."""

    files: Mapping[str, Mapping[str, Mapping[str, int]]]

    def new(self, findings: Sequence[Finding], text: str, *, path: str) -> tuple[Finding, ...]:
        """The findings of a file that the baseline does not know."""
        known = {code: Counter(marks) for code, marks in self.files.get(path, {}).items()}
        fresh = []
        for finding in findings:
            left = known.get(finding.code, Counter())
            mark = fingerprint(finding, text)
            if left[mark] > 0:
                left[mark] -= 1
            else:
                fresh.append(finding)
        return tuple(fresh)


def collect(files: Iterable[tuple[str, Sequence[Finding], str]]) -> Baseline:
    """A baseline of everything in ``(path, findings, text)``."""
    rows: dict[str, dict[str, dict[str, int]]] = {}
    for path, findings, text in files:
        for finding in findings:
            marks = rows.setdefault(path, {}).setdefault(finding.code, {})
            mark = fingerprint(finding, text)
            marks[mark] = marks.get(mark, 0) + 1
    return Baseline(rows)


def load(path: Path) -> Baseline:
    """Read a baseline file. Raises SourceError if it cannot be read or is none."""
    mend = "write it again with --write-baseline"
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SourceError(str(path), "there is no such baseline; make one with --write-baseline") from error
    except OSError as error:
        raise SourceError(str(path), f"the baseline cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise SourceError(str(path), f"not a baseline ({error}); {mend}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise SourceError(str(path), f"not a baseline of this version's format; {mend}")
    files: Any = data.get("files")
    if not _sound(files):
        raise SourceError(str(path), f"not a baseline; {mend}")
    return Baseline(files)


def _sound(files: object) -> bool:
    return isinstance(files, dict) and all(
        isinstance(rules, dict)
        and all(isinstance(marks, dict) and all(isinstance(n, int) for n in marks.values()) for marks in rules.values())
        for rules in files.values()
    )


def dump(baseline: Baseline) -> str:
    """A baseline as the text of its file: sorted, a line a fingerprint, so that changes read well in a review."""
    files = {p: {c: dict(sorted(m.items())) for c, m in sorted(r.items())} for p, r in sorted(baseline.files.items())}
    return json.dumps({"format": FORMAT, "files": files}, indent=1, ensure_ascii=False) + "\n"


def save(path: Path, baseline: Baseline) -> None:
    """Write a baseline file, the whole of it or nothing. Raises SourceError."""
    write_whole(path, dump(baseline))
