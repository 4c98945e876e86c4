"""Which files a run looks at: names taken as they are, folders walked.

In a folder, ``include`` says which files are read, and ``.gitignore`` files and ``exclude`` say which are not. All
patterns are written as in ``.gitignore`` and hold below ``root``. A file that is named is read whatever they say. The
order is always the same: as named, each folder sorted by name.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tonelint.errors import SourceError, UsageError
from tonelint.source import display_name

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

DEFAULT_INCLUDE = (
    *("*.md", "*.markdown", "*.txt", "*.text", "*.html", "*.htm", "*.xhtml", "*.mjml", "*.eml", "*.po"),
    *(
        "*.j2",
        "*.jinja",
        "*.jinja2",
        "*.njk",
        "*.twig",
        "*.liquid",
        "*.hbs",
        "*.handlebars",
        "*.mustache",
        "*.erb",
        "*.ejs",
    ),
    *("*.haml", "*.blade.php", "*.tpl", "*.hubl", "*.amp", "*.ampscript", "*.vm"),
    *("**/locales/**/*.yml", "**/locales/**/*.yaml", "**/locales/**/*.json", "**/locales/**/*.arb"),
)
"""What is read in a folder: copy, templates and, under ``locales/``, translation files."""
DEFAULT_EXCLUDE = (
    *(".git/", ".hg/", ".svn/", ".jj/", "node_modules/", "bower_components/", ".venv/", "venv/", "site-packages/"),
    *("__pycache__/", ".tox/", ".nox/", ".mypy_cache/", ".pytest_cache/", ".ruff_cache/", ".tonelint_cache/"),
    *("*.min.html", "LICENSE*", "COPYING*", "requirements*.txt", "CMakeLists.txt", "robots.txt", "llms.txt"),
)
"""What no house writes to its customers."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files to read, each once, and what could not be looked at. ``-`` stands for standard input."""

    files: tuple[str, ...]
    errors: tuple[SourceError, ...] = ()
    excluded: tuple[str, ...] = ()
    """Named, but left out because of ``force_exclude``."""


def discover(
    paths: Sequence[str | os.PathLike[str]],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] | None = None,
    extend_exclude: Sequence[str] = (),
    force_exclude: bool = False,
    root: str | os.PathLike[str] | None = None,
) -> Discovery:
    """Find the files that ``paths`` stand for.

    ``include`` replaces :data:`DEFAULT_INCLUDE` if it is not empty, ``exclude`` replaces :data:`DEFAULT_EXCLUDE` if
    it is not None, and ``extend_exclude`` adds to it. ``root`` is the folder that patterns with a slash hang from,
    usually the configuration's; the current one without it. Symbolic links to folders are followed only where they are
    named, so that no loop is ever walked. Raises UsageError for a pattern that cannot be read; a path that is missing
    or may not be read is among the errors.
    """
    here = Path(os.path.abspath(root if root is not None else "."))
    rules = _Rules(
        root=here,
        inside=here if include else Path(here.anchor),  # `locales/` may well be above the folder that is walked
        include=_patterns(include or DEFAULT_INCLUDE, "include"),
        exclude=_excluded(exclude, extend_exclude),
    )
    files: dict[str, None] = {}
    errors: list[SourceError] = []
    excluded: list[str] = []
    for path in paths:
        name = os.fspath(path)
        if name == "-":
            files.setdefault(name)
            continue
        try:
            folder = os.path.isdir(name)
            there = os.path.lexists(name)
        except ValueError:  # a NUL in the name
            folder = there = False
        if not there:
            errors.append(SourceError(display_name(name), "there is no such file or folder"))
        elif force_exclude and _left_out(Path(name), rules, folder=folder):
            excluded.append(name)
        elif folder:
            ignores = _ignores_above(Path(os.path.abspath(name)))
            for found in _walk(name, rules, ignores, errors):
                files.setdefault(found)
        else:
            files.setdefault(name)
    return Discovery(_once(files), tuple(errors), tuple(excluded))


def excludes(
    path: str | os.PathLike[str],
    *,
    root: str | os.PathLike[str],
    exclude: Sequence[str] | None,
    extend_exclude: Sequence[str],
) -> bool:
    """Whether patterns that hang from ``root`` leave a file out, or a folder between the two. Raises UsageError."""
    spec = _excluded(exclude, extend_exclude)
    return _left_out(Path(path), _Rules(Path(root), Path(root), spec, spec), folder=False)


def _excluded(exclude: Sequence[str] | None, extend_exclude: Sequence[str]) -> GitIgnoreSpec:
    return _exclude_spec((*(DEFAULT_EXCLUDE if exclude is None else exclude), *extend_exclude))


@cache
def _exclude_spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return _patterns(patterns, "exclude")


@dataclass(frozen=True, slots=True)
class _Rules:
    root: Path
    inside: Path
    """Where the patterns of ``include`` hang from."""
    include: GitIgnoreSpec
    exclude: GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class _Ignore:
    """One ``.gitignore``; its patterns hang from ``folder``."""

    folder: str
    spec: GitIgnoreSpec


def _walk(top: str, rules: _Rules, ignores: tuple[_Ignore, ...], errors: list[SourceError]) -> Iterator[str]:
    """The files below a folder, sorted by name level by level; nothing here recurses, however deep the folders."""
    waiting: list[tuple[str, tuple[_Ignore, ...]]] = [(top, ignores)]
    while waiting:
        folder, above = waiting.pop()
        if not os.path.isdir(folder):  # a file, put there to keep its place in the order
            yield folder
            continue
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            reason = "permission denied" if isinstance(error, PermissionError) else error.strerror
            errors.append(SourceError(display_name(folder), f"the folder cannot be read: {reason}"))
            continue
        here = above
        if any(entry.name == ".gitignore" for entry in entries):
            here = (*above, *_ignore_file(os.path.join(folder, ".gitignore"), os.path.abspath(folder)))
        found: list[tuple[str, tuple[_Ignore, ...]]] = []
        for entry in entries:
            path = os.path.normpath(entry.path) if folder == "." else entry.path
            absolute = os.path.abspath(path)
            if _is_folder(entry):
                if not _matches(rules.exclude, rules.root, absolute, folder=True) and not _ignored(
                    absolute, here, True
                ):
                    found.append((path, here))
            elif (
                _matches(rules.include, rules.inside, absolute)
                and not _matches(rules.exclude, rules.root, absolute)
                and not _ignored(absolute, here, False)
                and os.path.isfile(path)  # no pipe, socket, device or dangling link
            ):
                found.append((path, here))
        waiting += reversed(found)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _left_out(path: Path, rules: _Rules, *, folder: bool) -> bool:
    """Whether a named path, or a folder that it lies in, is excluded."""
    absolute = Path(os.path.abspath(path))
    if _matches(rules.exclude, rules.root, str(absolute), folder=folder):
        return True
    inside = [parent for parent in absolute.parents if parent != rules.root and parent.is_relative_to(rules.root)]
    return any(_matches(rules.exclude, rules.root, str(parent), folder=True) for parent in inside)


def _matches(spec: GitIgnoreSpec, root: Path, absolute: str, *, folder: bool = False) -> bool:
    return bool(spec.check_file(_relative(absolute, str(root)) + ("/" if folder else "")).include)


def _relative(absolute: str, root: str) -> str:
    """A path below ``root`` from there, with ``/``; any other path by all its folders, so that names still match."""
    prefix = root if root.endswith(os.sep) else root + os.sep
    path = absolute[len(prefix) :] if absolute.startswith(prefix) else os.path.splitdrive(absolute)[1].lstrip(os.sep)
    return path.replace(os.sep, "/")


def _ignored(absolute: str, ignores: tuple[_Ignore, ...], folder: bool) -> bool:
    """Whether git would ignore it: the ``.gitignore`` nearest to it that says anything decides."""
    for ignore in reversed(ignores):
        said = ignore.spec.check_file(_relative(absolute, ignore.folder) + ("/" if folder else "")).include
        if said is not None:
            return said
    return False


def _ignores_above(folder: Path) -> tuple[_Ignore, ...]:
    """The ``.gitignore`` files between a folder and the top of its repository, the top's first; none outside of one."""
    chain = [folder, *folder.parents]
    top = next((i for i, parent in enumerate(chain) if (parent / ".git").exists()), None)
    if top is None:
        return ()
    ignores = [*_ignore_file(str(chain[top] / ".git" / "info" / "exclude"), str(chain[top]))]
    for parent in reversed(chain[1 : top + 1]):  # the folder's own is read when it is walked
        ignores += _ignore_file(str(parent / ".gitignore"), str(parent))
    return tuple(ignores)


def _ignore_file(path: str, folder: str) -> Iterator[_Ignore]:
    """A ``.gitignore``, if it can be read; lines that are no pattern are passed over, as git does."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return
    yield _Ignore(folder, _spec(lines, forgiving=True))


def _patterns(patterns: Iterable[str], key: str) -> GitIgnoreSpec:
    """Raises UsageError, naming the pattern, if one cannot be read."""
    for pattern in patterns:
        if not _readable(pattern):
            raise UsageError(f"{key}: {pattern!r} is not a file pattern; patterns are written as in .gitignore")
    return _spec(patterns)


def _readable(pattern: str) -> bool:
    """Whether it is a pattern; an unclosed ``[`` matches nothing in git, and is never what somebody wanted."""
    try:
        spec = _spec([pattern])
    except ValueError:
        return False
    return bool(pattern.strip()) and any(item.include is not None for item in spec.patterns)


def _spec(lines: Iterable[str], *, forgiving: bool = False) -> GitIgnoreSpec:
    import re

    from pathspec import GitIgnoreSpec

    kept = list(lines)
    try:
        return GitIgnoreSpec.from_lines(kept)
    except (ValueError, re.error) as error:
        if not forgiving:
            raise ValueError(str(error)) from None
    good = []
    for line in kept:
        try:
            GitIgnoreSpec.from_lines([line])
        except (ValueError, re.error):
            continue
        good.append(line)
    return GitIgnoreSpec.from_lines(good)


def _once(files: Iterable[str]) -> tuple[str, ...]:
    """Each file once, whatever ways lead to it."""
    seen: set[str] = set()
    kept = []
    for file in files:
        key = file if file == "-" else os.path.realpath(file)
        if key not in seen:
            seen.add(key)
            kept.append(file)
    return tuple(kept)
