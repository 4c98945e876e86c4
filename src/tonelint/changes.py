"""What a change in git touches, so that only its own lines are reported."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tonelint.errors import UsageError
from tonelint.output.results import FileReport
from tonelint.types import Finding, Span

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_DIFF = (
    *("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--unified=0", "--find-renames"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules"),
)


@dataclass(frozen=True, slots=True)
class Lines:
    """``count`` lines from line ``first`` (from 1) on, or with 0 the gap behind it; and the lines that they replace."""

    first: int
    count: int
    old_first: int = 0
    old_count: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """Changed lines by the file's real path; None stands for a file that is wholly new or cannot be compared."""

    files: Mapping[Path, tuple[Lines, ...] | None] = field(default_factory=dict)

    def spans(self, path: Path, text: str) -> tuple[Span, ...]:
        """The changed runs of a file's text; an empty span where something was only taken out."""
        lines = self.files.get(path.resolve(), ())
        if lines is None:
            return (Span(0, len(text)),)
        starts = [0, *(i + 1 for i, char in enumerate(text) if char == "\n")] if lines else []

        def start(line: int) -> int:
            return starts[line - 1] if line <= len(starts) else len(text)

        found = []
        for run in lines:
            at = start(run.first + (0 if run.count else 1))
            found.append(Span(at, max(at, start(run.first + run.count) if run.count else at)))
        return tuple(found)


def changed(directory: Path, *, base: str | None = None) -> Changes:
    """What differs: the index from HEAD, or (``base``) the working tree from where it left that revision.

    Lines are those of the files as they lie on disk. Raises UsageError where there is no git, no repository or no such
    revision.
    """
    root = Path(_git(directory, "rev-parse", "--show-toplevel").rstrip(b"\n").decode("utf-8", "surrogateescape"))
    if base is None:
        staged = _parse(_git(root, *_DIFF, "--cached"), root)
        later = _parse(_git(root, *_DIFF), root)
        return Changes({path: _moved(lines, later.get(path, ())) for path, lines in staged.items()})
    try:
        _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}")
    except UsageError as error:
        raise UsageError(f"--diff-base {base!r}: git knows no such revision; fetch it, or name another") from error
    try:
        fork = _git(root, "merge-base", base, "HEAD").strip().decode()
    except UsageError:  # nothing in common, or no commit yet
        fork = base
    files = dict(_parse(_git(root, *_DIFF, fork), root))
    others = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    files |= {(root / name.decode("utf-8", "surrogateescape")).resolve(): None for name in others.split(b"\0") if name}
    return Changes(files)


def _git(directory: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments], cwd=directory, capture_output=True, check=False
        )
    except FileNotFoundError as error:
        raise UsageError("--diff-only needs git, and it is not installed") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = said[0].removeprefix("fatal: ") if said else "git failed"
        raise UsageError(f"--diff-only needs a git repository: {reason}")
    return done.stdout


def _parse(diff: bytes, root: Path) -> dict[Path, tuple[Lines, ...] | None]:
    """The changed lines of the new side, by file. Lines of text are counted off, never read."""
    files: dict[Path, tuple[Lines, ...] | None] = {}
    path: Path | None = None
    rows = diff.split(b"\n")
    at = 0
    while at < len(rows):
        row = rows[at]
        at += 1
        if row.startswith(b"diff --git "):
            path = None
        elif row.startswith(b"+++ "):
            path = _path(row[4:], root)
            if path is not None:
                files[path] = ()
        elif row.startswith(b"Binary files "):
            name = _binary(row)
            if name is not None and (path := _path(name, root)) is not None:
                files[path] = None
        elif (hunk := _HUNK.match(row)) is not None:
            old_first, old, first, new = (int(n) if n is not None else 1 for n in hunk.groups())
            at += old + new
            before = files.get(path) if path is not None else None
            if path is not None and before is not None:
                files[path] = (*before, Lines(first, new, old_first, old))
    return files


def _binary(row: bytes) -> bytes | None:
    found = re.match(rb"Binary files (?:.*) and (.*) differ$", row)
    return found.group(1) if found else None


def _path(name: bytes, root: Path) -> Path | None:
    """The real path of a name as git prints it; None for a file that is gone."""
    name = name.removesuffix(b"\t")
    if name.startswith(b'"') and name.endswith(b'"'):
        name = _unquoted(name[1:-1])
    if name == b"/dev/null":
        return None
    return (root / name.removeprefix(b"b/").decode("utf-8", "surrogateescape")).resolve()


_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


def _unquoted(name: bytes) -> bytes:
    def one(match: re.Match[bytes]) -> bytes:
        code = match.group(1)
        return bytes([int(code, 8)]) if code.isdigit() else _ESCAPES.get(code, code)

    return re.sub(rb"\\([0-7]{3}|.)", one, name, flags=re.DOTALL)


def _moved(lines: tuple[Lines, ...] | None, later: tuple[Lines, ...] | None) -> tuple[Lines, ...] | None:
    """Staged lines as they stand on disk, where unstaged changes (``later``) may lie above or over them."""
    if lines is None or later is None:
        return None
    if not later:
        return lines
    moved: list[Lines] = []
    for run in lines:
        for line in range(run.first, run.first + max(1, run.count)):
            shift, over = 0, None
            for hunk in later:
                if hunk.old_count and hunk.old_first <= line < hunk.old_first + hunk.old_count:
                    over = hunk
                elif line >= hunk.old_first + max(1, hunk.old_count):
                    shift += hunk.count - hunk.old_count
            moved.append(over if over is not None else Lines(line + shift, min(1, run.count)))
    return tuple(dict.fromkeys(moved))


def only(file: FileReport, spans: Sequence[Span]) -> FileReport:
    """A file with the findings that a change touches; a whole-message one if a sentence of its message changed."""
    sentences = {m.id: m.sentences for m in file.messages}

    def touched(finding: Finding) -> bool:
        if finding.span is not None:
            return _touch(finding.span, spans)
        return any(_touch(s, spans) for s in sentences.get(finding.message_id, ())) or _gone(file, finding, spans)

    return replace(file, findings=tuple(f for f in file.findings if touched(f)))


def _touch(span: Span, changed_spans: Iterable[Span]) -> bool:
    return any(span.overlaps(c) for c in changed_spans)


def _gone(file: FileReport, finding: Finding, spans: Iterable[Span]) -> bool:
    """Whether something was taken out of the finding's message."""
    message = file.places.get(finding.message_id)
    return message is not None and any(not len(c) and message.start <= c.start <= message.end for c in spans)
