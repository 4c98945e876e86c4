"""``tonelint tag``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from tonelint.cli_check import STDIN, config_options, found, setup
from tonelint.console import coloured, columns, say, shows_unicode, stdin, write

if TYPE_CHECKING:
    from tonelint.checking import Checker
    from tonelint.config import Config
    from tonelint.source import Source


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--output-format", type=click.Choice(["table", "jsonl"]), default="table", show_default=True)
@click.option(
    "--input-format",
    type=click.Choice(["auto", "jsonl"]),
    default="auto",
    show_default=True,
    help="jsonl: each line is a record with `id` and `text`.",
)
@click.option("--explain", is_flag=True, help="All probabilities, and the words that decided.")
@config_options
def tag(paths: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401
    """Every sentence with its stance, probabilities and categories.

    All rules are run at their default thresholds, whatever is configured.
    """
    from tonelint.checking import Checker

    checker = Checker(setup(options))
    names = paths or ((STDIN,) if options["input_format"] == "jsonl" else (".",))
    if options["input_format"] == "jsonl":
        return _records(checker, names, options)
    files, failed = found(names, checker, options)
    for report in failed:
        say(f"{report.path}: {report.errors[0]}")
    status = 2 if failed else 0
    for name in files:
        source = _load(name, options["stdin_filename"])
        if source is None or not _tag_file(checker, source, name, options):
            status = 2
    return status


def defaults(config: Config) -> Config:
    """The configuration without anything that chooses among findings."""
    from tonelint.config import Config

    plain = Config()
    chosen = (
        "select",
        "ignore",
        "extend_select",
        "per_file_ignores",
        "min_confidence",
        "severity",
        "severities",
        "thresholds",
        "allow",
    )
    return replace(config, **{name: getattr(plain, name) for name in chosen})


def _load(name: str, stdin_filename: str | None) -> Source | None:
    """A source, or None after saying why not."""
    from tonelint.errors import SourceError
    from tonelint.source import load, load_stream

    try:
        return load_stream(stdin(), name=stdin_filename or "<stdin>") if name == STDIN else load(name)
    except SourceError as error:
        say(str(error))
        return None


def _tag_file(checker: Checker, source: Source, path: str, options: dict[str, Any]) -> bool:
    """Tag one file and print it; False after saying what went wrong."""
    from tonelint.output.tags import tag_shapes
    from tonelint.readers import read

    name = source.name
    config = defaults(checker.config(options["stdin_filename"] or "stdin" if path == STDIN else path))
    try:
        result = checker.lint(read(source.text, name=name, dialect=config.dialect), config)
        shapes = tag_shapes(result, path=name) if options["output_format"] == "jsonl" else []
        text = "" if shapes else _table(result, options)
    except Exception as error:
        return _broke(name, error, checker)
    for note in (*source.notes, *result.document.notes):
        say(f"{name}: note: {note}")
    if options["output_format"] == "jsonl":
        _print(shapes)
    else:
        write(text, people=True)
    return True


def _broke(name: str, error: Exception, checker: Checker) -> bool:
    """One bad text must not stop the others; errors of settings and models do stop the run."""
    from tonelint.errors import TonelintError

    if checker.setup.debug or isinstance(error, TonelintError):
        raise error
    what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    say(f"{name}: tonelint broke on this text ({what}); please report it")
    return False


def _table(result: Any, options: dict[str, Any]) -> str:  # noqa: ANN401
    from tonelint.output.results import Style
    from tonelint.output.tags import table

    style = Style(width=columns(), colour=coloured(options["color"]), unicode=shows_unicode())
    return table(result, style, explain=options["explain"])


def _print(shapes: Sequence[dict[str, Any]]) -> None:
    from tonelint.output.plain import one_line

    write("".join(map(one_line, shapes)))


def _records(checker: Checker, names: Sequence[str], options: dict[str, Any]) -> int:
    from tonelint import records
    from tonelint.output.tags import tag_shapes
    from tonelint.types import Span

    status = 0
    for name in names:
        source = _load(name, options["stdin_filename"])
        if source is None:
            status = 2
            continue
        bad: list[str] = []
        base = defaults(checker.config(options["stdin_filename"] or "stdin.jsonl" if name == STDIN else name))
        for record in records.outbound(_parsed(source, bad)):
            channel = base.channel if options["channel"] not in (None, "auto") else record.channel or base.channel
            config = replace(base, channel=channel)
            try:
                read = records.document(record, dialect=config.dialect)
                result = checker.lint(read.document, config)
                if options["output_format"] == "jsonl":
                    given = (record.id, Span(0, len(record.text)))
                    _print(tag_shapes(result, path=source.name, field=read.field, record=given))
                else:
                    write(_table(result, options), people=True)
            except (BrokenPipeError, OSError):
                raise
            except Exception as error:
                if not _broke(f"{source.name}: record {record.id}", error, checker):
                    status = 2
        if bad:
            status = 2
    return status


def _parsed(source: Source, bad: list[str]) -> Iterator[Any]:
    """The records of a file; a line that is none is named, remembered in ``bad``, and passed over."""
    from tonelint import records
    from tonelint.errors import UsageError

    for number, line in enumerate(source.text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield records.parse(line)
        except UsageError as error:
            bad.append(line)
            say(f"{source.name}:{number}: {error}; this line is passed over")
