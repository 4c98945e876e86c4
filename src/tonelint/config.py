"""The configuration that one run goes by: frozen, and the same for every face of the tool.

The fields of :class:`Config` are the one definition of the keys: reading, checking, the JSON Schema and the table in
``docs/configuration.md`` are all made from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Any, Literal

from tonelint.types import CHANNELS, MOMENTS

BALANCE_SHARE = {"marketing": 0.20, "sales": 0.30, "service": 0.50, "support": 0.50}
THRESHOLDS = (*(f"balance.{channel}" for channel in CHANNELS), "name-overuse")
"""The names of all numbers that ``thresholds`` may set: the least interested share by channel, and how often a name is
too often."""
SEVERITIES = ("info", "warning", "error")
FORMATS = (
    "full",
    "concise",
    "grouped",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "rdjson",
    "rdjsonl",
    "html",
)

Kind = Literal["word", "words", "flag", "probability", "word-table", "words-table", "number-table", "overrides"]


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the configuration, as people write it."""

    name: str
    """In kebab-case."""
    attribute: str
    """Of :class:`Config`."""
    kind: Kind
    doc: str
    choices: tuple[str, ...] = ()
    """Of a word, or of the values of a table."""
    by_path: bool = False
    """Whether ``[[overrides]]`` may set it."""
    path: bool = False
    """Whether the value names files, relative to the file that says so."""


def _key(
    kind: Kind, doc: str, *, name: str = "", choices: tuple[str, ...] = (), by_path: bool = False, path: bool = False
) -> dict[str, Any]:
    return {"kind": kind, "doc": doc, "name": name, "choices": choices, "by_path": by_path, "path": path}


def _words(doc: str, *, default: tuple[str, ...] = (), path: bool = False, by_path: bool = False) -> Any:  # noqa: ANN401
    return field(default=default, metadata=_key("words", doc, path=path, by_path=by_path))


def _word(
    doc: str, *, default: str | None, choices: tuple[str, ...] = (), by_path: bool = False, path: bool = False
) -> Any:  # noqa: ANN401
    return field(default=default, metadata=_key("word", doc, choices=choices, by_path=by_path, path=path))


@dataclass(frozen=True, slots=True)
class Override:
    """Settings for the files that one of ``paths`` matches; ``values`` are fields of :class:`Config` by attribute."""

    paths: tuple[str, ...]
    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Config:
    """What is checked, how strictly, and by what names the house goes. Defaults are those of the documentation."""

    select: tuple[str, ...] = _words(
        "Codes, prefixes (`EMP`, `EMP1`), names or categories of the rules to run; `ALL` for all.",
        default=("ALL",),
        by_path=True,
    )
    ignore: tuple[str, ...] = _words("Rules not to run. The more specific selector wins.", by_path=True)
    extend_select: tuple[str, ...] = _words("Rules to run besides `select`.", by_path=True)
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = field(
        default=(), metadata=_key("words-table", "Path patterns, and the rules to ignore in files that match.")
    )
    channel: str = _word(
        "The channel that the copy goes out by; thresholds and message rules differ. `auto` infers it.",
        default="auto",
        choices=("auto", *CHANNELS),
        by_path=True,
    )
    moment: str = _word(
        "The occasion of the message; `auto` infers it.", default="auto", choices=("auto", *MOMENTS), by_path=True
    )
    channels_by_path: tuple[tuple[str, str], ...] = field(
        default=(),
        metadata=_key(
            "word-table",
            "Path patterns and their channel; the last that matches wins.",
            name="channels",
            choices=CHANNELS,
        ),
    )
    moments_by_path: tuple[tuple[str, str], ...] = field(
        default=(),
        metadata=_key(
            "word-table", "Path patterns and their moment; the last that matches wins.", name="moments", choices=MOMENTS
        ),
    )
    min_confidence: float | None = field(
        default=None,
        metadata=_key(
            "probability",
            "Report findings from this confidence on, 0 to 1, instead of at each category's threshold.",
            by_path=True,
        ),
    )
    severity: str = _word(
        "Findings below this severity are not reported.", default="info", choices=SEVERITIES, by_path=True
    )
    fail_on: str = _word(
        "The severity from which on the exit status is 1.", default="warning", choices=(*SEVERITIES, "never")
    )
    model: str | None = _word("A model folder; `none` runs without a model.", default=None, path=True)
    own_names: tuple[str, ...] = _words("Company and product names: they count as the company speaking of itself.")
    allow: tuple[str, ...] = _words(
        "Phrases to let pass: a finding whose words lie inside one of them is dropped.", by_path=True
    )
    vocabulary: tuple[str, ...] = _words("Words of the house that are no jargon to its readers.", by_path=True)
    severities: Mapping[str, str] = field(
        default_factory=dict,
        metadata=_key(
            "word-table", "Severity by rule code, prefix, name or category.", choices=SEVERITIES, by_path=True
        ),
    )
    thresholds: Mapping[str, float] = field(
        default_factory=dict,
        metadata=_key(
            "number-table",
            "Numbers of single rules by name; sub-tables may be used.",
            choices=THRESHOLDS,
            by_path=True,
        ),
    )
    overrides: tuple[Override, ...] = field(
        default=(),
        metadata=_key("overrides", "Settings for some `paths` only, as `[[overrides]]`; the last that matches wins."),
    )
    include: tuple[str, ...] = _words("Patterns of the files that are checked when a directory is walked.")
    exclude: tuple[str, ...] = _words("Patterns of files and directories to pass over.")
    extend_exclude: tuple[str, ...] = _words("Patterns to pass over besides `exclude`.")
    force_exclude: bool = field(
        default=False, metadata=_key("flag", "Excludes hold for files named on the command line too.")
    )
    rules: tuple[str, ...] = _words(
        "Files with phrase rules of the house's own, in the format of the built-in ones.", path=True
    )
    plugins: tuple[str, ...] = _words("Installed packages to take rules and reporters from, by entry point name.")
    dialect: str | None = _word("Template dialect; guessed from name and text if absent.", default=None, by_path=True)
    output_format: str | None = _word(
        "How results are printed (a reporter of a plugin may be named too).", default=None
    )
    baseline: str | None = _word("A baseline file: only what is new since is reported.", default=None, path=True)
    cache_dir: str | None = _word("Where results are kept between runs.", default=None, path=True)
    root: str = field(default="", compare=False)
    """The directory that patterns count from: where the configuration file lies. No key of its own."""

    def threshold(self, name: str, default: float) -> float:
        """A number the user may have set."""
        return self.thresholds.get(name, default)

    def at(self, path: str) -> Config:
        """The configuration as it holds for one file: everything that depends on the path, settled.

        ``path`` is relative to :attr:`root`, with forward slashes, or absolute outside of it. What comes back has no
        patterns left but those of the walk: files with the same settings get equal configurations.
        """
        settled: dict[str, Any] = {"overrides": (), "channels_by_path": (), "moments_by_path": ()}
        for pattern, channel in self.channels_by_path:
            if matches(path, pattern):
                settled["channel"] = channel
        for pattern, moment in self.moments_by_path:
            if matches(path, pattern):
                settled["moment"] = moment
        for override in self.overrides:
            if not any(matches(path, pattern) for pattern in override.paths):
                continue
            for name, value in override.values:
                before = settled.get(name, getattr(self, name))
                settled[name] = {**before, **value} if isinstance(value, Mapping) else value
        ignored = tuple(code for pattern, codes in self.per_file_ignores if matches(path, pattern) for code in codes)
        settled["per_file_ignores"] = (("*", ignored),) if ignored else ()
        return replace(self, **settled)


def matches(path: str, pattern: str) -> bool:
    """Whether a path (forward slashes) matches a pattern: as a whole, by its tail, or by a directory above it."""
    path, bare = PurePath(path).as_posix(), pattern.removeprefix("./").removeprefix("/").removeprefix("**/")
    below = f"{bare.rstrip('/')}/*"
    wanted = (below, f"*/{below}") if bare.endswith("/") else (bare, f"*/{bare}", below, f"*/{below}")
    # `*` crosses directories; `a/**/b` also means `a/b`
    return any(fnmatchcase(path, w) or fnmatchcase(path, w.replace("/**/", "/")) for w in wanted)


def keys() -> tuple[Key, ...]:
    """Every key of a configuration file, in the order of the documentation; ``extend`` is seen to while reading."""
    return tuple(
        Key(
            f.metadata["name"] or f.name.replace("_", "-"),
            f.name,
            f.metadata["kind"],
            f.metadata["doc"],
            f.metadata["choices"],
            f.metadata["by_path"],
            f.metadata["path"],
        )
        for f in fields(Config)
        if f.metadata
    )
