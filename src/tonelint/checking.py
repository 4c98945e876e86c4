"""From paths to reports: settings by path, reading, the cache, fixing, and many files at once."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tonelint import cache, plugins, settings, weights
from tonelint.config import Config, matches
from tonelint.errors import SourceError, TonelintError, UsageError
from tonelint.fixer import applicable, fix
from tonelint.linter import LintResult, lint
from tonelint.output.results import FileReport, file_report
from tonelint.readers import read
from tonelint.rules import all_rules
from tonelint.rules.base import Rule
from tonelint.rules.phrases import load_rules
from tonelint.rules.selection import select
from tonelint.source import Source, display_name, load, write_atomic
from tonelint.tagging import Tagger, load_tagger
from tonelint.types import Document

MANY = 32
"""Files that a worker process should at least have to do; starting one costs about as much as checking a dozen."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What the command line says. Plain values, so that it can be sent to worker processes."""

    given: tuple[str, ...] = ()
    """The values of ``--config``."""
    isolated: bool = False
    overlay: tuple[tuple[str, Any], ...] = ()
    """Attributes of the configuration, and values that go over whatever a file says."""
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, str], ...] = ()
    reply_to: str | None = None
    fix: bool = False
    unsafe: bool = False
    diff: bool = False
    cache: bool = True
    cache_dir: str | None = None
    debug: bool = False
    """Let unexpected errors through."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: its report, and its text before and after where a fix was not written to a file."""

    report: FileReport
    before: str | None = None
    after: str | None = None


@dataclass
class Checker:
    """Checks files one after the other. Keeps configurations, rules and models that it has loaded."""

    setup: Setup
    _configs: dict[Path, Config] = field(default_factory=dict)
    _rules: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[tuple[Rule, ...], tuple[str, ...]]] = field(
        default_factory=dict
    )
    _taggers: dict[str | None, Tagger] = field(default_factory=dict)
    _identities: dict[str | None, str] = field(default_factory=dict)
    _code: str = ""
    wrote: bool = False
    """Whether anything was put into the cache."""

    def base(self, directory: Path) -> Config:
        """The configuration for the files of a directory, command line included, before anything is settled by path."""
        if directory not in self._configs:
            config, _ = settings.resolve(directory, isolated=self.setup.isolated, given=self.setup.given)
            self._configs[directory] = self._overlaid(config)
        return self._configs[directory]

    def _overlaid(self, config: Config) -> Config:
        overlay = dict(self.setup.overlay)
        if "select" in overlay:  # the command line's selection starts afresh, as in ruff
            config = replace(config, ignore=(), extend_select=())
        ignore = (*config.ignore, *self.setup.ignore)
        extend = (*config.extend_select, *self.setup.extend_select)
        extra = (*config.extend_exclude, *overlay.pop("extend_exclude", ()))
        return replace(config, **overlay, ignore=ignore, extend_select=extend, extend_exclude=extra)

    def config(self, path: str) -> Config:
        """The configuration for one file, everything that depends on its path settled."""
        absolute = Path(os.path.abspath(path))
        base = self.base(absolute.parent)
        inside = absolute.is_relative_to(base.root) if base.root else False
        name = (absolute.relative_to(base.root) if inside else absolute).as_posix()
        config = base.at(name)
        overlay = {
            k: v for k, v in self.setup.overlay if k in ("channel", "moment", "min_confidence", "severity", "select")
        }
        here = Path(os.path.relpath(absolute)).as_posix()
        ignored = tuple(
            code for pattern, code in self.setup.per_file_ignores if matches(here, pattern) or matches(name, pattern)
        )
        already = tuple(code for _, codes in config.per_file_ignores for code in codes)
        both = (*already, *ignored)
        return replace(config, **overlay, per_file_ignores=(("*", both),) if both else ())

    def rules(self, config: Config) -> tuple[Rule, ...]:
        """All rules that a configuration knows: built in, of the house's own files, and of plugins."""
        return self._known(config)[0]

    def _known(self, config: Config) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
        wanted = (config.rules, config.plugins)
        if wanted not in self._rules:
            self._rules[wanted] = known_rules(config)
        return self._rules[wanted]

    def tagger(self, config: Config) -> Tagger:
        """The tagger of a configuration, loaded once. Raises ModelError."""
        if config.model not in self._taggers:
            self._taggers[config.model] = load_tagger(config.model)
        return self._taggers[config.model]

    def _identity(self, model: str | None) -> str:
        if model not in self._identities:
            self._identities[model] = "none" if model == "none" else _identity(weights.load(model))
        return self._identities[model]

    def lint(self, document: Document, config: Config) -> LintResult:
        """Lint a document with all rules of its configuration."""
        return lint(document, config, self.tagger(config), rules=self.rules(config), reply_to=self.setup.reply_to)

    def check_path(self, path: str) -> Outcome:
        """Check one file. What cannot be read, or breaks the linter, is an error in its report; bad settings raise."""
        config = self.config(path)
        return self._guarded(path, lambda: self._check(load(path), path, config))

    def check_stream(self, source: Source, name: str) -> Outcome:
        """Check a text that does not come from a file; a fix is in the outcome, nothing is written."""
        config = self.config(name)
        return self._guarded(name, lambda: self._check(source, None, config, name=name))

    def _guarded(self, path: str, check: Callable[[], Outcome]) -> Outcome:
        name = display_name(path)
        try:
            return check()
        except SourceError as error:
            return Outcome(FileReport(name, errors=(error.problem,)))
        except TonelintError:
            raise
        except MemoryError:
            return Outcome(FileReport(name, errors=("not enough memory to check it",)))
        except Exception as error:
            if self.setup.debug:
                raise
            what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            return Outcome(FileReport(name, errors=(f"tonelint broke on this file ({what}); please report it",)))

    def _check(self, source: Source, path: str | None, config: Config, *, name: str | None = None) -> Outcome:
        shown = display_name(path if path is not None else name or source.name)
        report = self._report(source, shown, config)
        if not (self.setup.fix or self.setup.diff) or not source.fixable:
            return Outcome(report)
        if not any(applicable(f, unsafe=self.setup.unsafe) for f in report.findings):
            return Outcome(report, source.text if path is None else None, source.text if path is None else None)
        document = read(source.text, name=shown, dialect=config.dialect)

        def again(text: str) -> Document:
            return read(text, name=shown, format=document.format, dialect=config.dialect)

        done = fix(document, lint=lambda d: self.lint(d, config), read=again, unsafe=self.setup.unsafe)
        if self.setup.diff:
            return Outcome(report, source.text, done.text)
        fixed = file_report(done.after, notes=source.notes, fixed=len(done.applied), refused=len(done.refused))
        if path is None:
            return Outcome(fixed, source.text, done.text)
        if done.text != source.text:
            try:
                write_atomic(path, source, done.text)
            except SourceError as error:
                return Outcome(replace(report, errors=(error.problem,)))
        return Outcome(fixed)

    def _report(self, source: Source, name: str, config: Config) -> FileReport:
        kept = self._kept(source, name, config)
        if kept is not None:
            return kept
        document = read(source.text, name=name, dialect=config.dialect)
        report = file_report(self.lint(document, config), notes=source.notes)
        if self.setup.cache:
            cache.put(self.folder(config), self._key(source, name, config), report)
            self.wrote = True
        return report

    def _kept(self, source: Source, name: str, config: Config) -> FileReport | None:
        if not self.setup.cache:
            return None
        select(self.rules(config), config)  # a selector that names nothing is an error, cache or no cache
        return cache.get(self.folder(config), self._key(source, name, config), text=source.text)

    def _key(self, source: Source, name: str, config: Config) -> str:
        self._code = self._code or cache.code_version()
        return cache.key(
            source.text,
            name=name,
            config=config,
            tagger=self._identity(config.model),
            code=self._code,
            rules=self._known(config)[1],
            reply_to=self.setup.reply_to,
            notes=source.notes,
        )

    def folder(self, config: Config) -> Path:
        """Where results of files with this configuration are kept."""
        told = self.setup.cache_dir or config.cache_dir
        return Path(told) if told else Path(config.root or ".") / cache.FOLDER

    def prune(self) -> None:
        """Keep the caches that were written to small."""
        if self.wrote:
            for folder in {self.folder(config) for config in self._configs.values()}:
                cache.prune(folder)


def _identity(folder: weights.ModelFolder) -> str:
    """A model's weights, and its thresholds and other figures, which change results as much."""
    return f"{folder.identity} {json.dumps(folder.config, sort_keys=True, default=str)}"


def known_rules(config: Config) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """All rules that a configuration knows, and what tells those apart that are not built in. Raises UsageError."""
    sources = [_rule_file(path) for path in config.rules]
    own = [rule for source in sources for rule in load_rules(source.text, origin=source.name)]
    extra = plugins.load(config.plugins)
    return (*all_rules(), *own, *extra.rules), tuple(s.text for s in sources) + tuple(map(repr, extra.rules))


def _rule_file(path: str) -> Source:
    try:
        return load(path)
    except SourceError as error:
        raise UsageError(f"`rules` in the configuration: {error}") from error


# ------------------------------------------------------------------------------------------------------- many at once


def workers(files: int, *, jobs: int | None) -> int:
    """How many processes pay for so many files; ``jobs`` is the most that the user wants, None for one a processor."""
    most = jobs if jobs is not None else os.cpu_count() or 1
    return max(1, min(most, files // MANY))


def check_all(checker: Checker, paths: Sequence[str], *, jobs: int | None = None) -> Iterator[Outcome]:
    """Check files, in the order given, in as many processes as pay."""
    number = workers(len(paths), jobs=jobs)
    if number < 2:
        yield from map(checker.check_path, paths)
        return
    for path in paths:
        checker.config(path)  # configuration errors before any work
    pool = ProcessPoolExecutor(number, mp_context=get_context("spawn"), initializer=_begin, initargs=(checker.setup,))
    try:
        yield from pool.map(_one, paths, chunksize=max(1, min(16, len(paths) // (4 * number))))
    except BrokenProcessPool as error:
        raise TonelintError("a worker process died, perhaps for want of memory; run again with --jobs 1") from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        checker.wrote = True


_worker: Checker | None = None


def _begin(setup: Setup) -> None:
    """In a worker: Ctrl-C is the parent's business."""
    global _worker  # noqa: PLW0603 — a worker process has one checker
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker = Checker(setup)


def _one(path: str) -> Outcome:
    if _worker is None:
        raise TonelintError("a worker process was not set up")
    return _worker.check_path(path)


def view_text(path: str) -> str:
    """What people read in a file (for ``--reply-to``): its segments' text, without markup. Raises SourceError."""
    source = load(path)
    document = read(source.text, name=source.name)
    return "\n".join(_texts(document)) or source.text


def _texts(document: Document) -> Iterable[str]:
    return (segment.text.strip() for segment in document.segments if not segment.alternate and segment.text.strip())
