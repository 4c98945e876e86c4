"""``tonelint check``."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tonelint.config import FORMATS, SEVERITIES
from tonelint.console import COLOURS, coloured, columns, on_terminal, say, shows_unicode, stdin, write
from tonelint.types import CHANNELS

if TYPE_CHECKING:
    from tonelint.checking import Checker, Outcome, Setup
    from tonelint.config import Config
    from tonelint.output.results import FileReport, Style

BASELINE = ".tonelint-baseline.json"
STDIN = "-"
Command = Callable[..., Any]


def _comma(_context: click.Context, _parameter: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    """Options that take lists may be repeated, and take commas."""
    return tuple(part.strip() for word in value for part in word.split(",") if part.strip())


def config_options(command: Command) -> Command:
    """Where settings come from, and which model."""
    for option in (
        click.option(
            "--config",
            "given",
            multiple=True,
            metavar="FILE|'KEY = VALUE'",
            help="A configuration file, or one setting.",
            envvar="TONELINT_CONFIG",
        ),
        click.option("--isolated", is_flag=True, help="Ignore all configuration files."),
        click.option(
            "--channel", type=click.Choice(["auto", *CHANNELS]), help="How the copy goes out.  [default: auto]"
        ),
        click.option("--model", metavar="DIR", help="A model folder; `none` runs without a model."),
        click.option(
            "--reply-to", type=click.Path(), metavar="FILE", help="The customer's message that the draft answers."
        ),
        click.option(
            "--stdin-filename", type=click.Path(), help="The name of what `-` reads; its suffix tells the format."
        ),
        click.option("--color", type=click.Choice(COLOURS), default="auto", show_default=True),
        click.option(
            "--exclude",
            multiple=True,
            callback=_comma,
            metavar="PATTERNS",
            help="Files and folders to pass over, instead of the usual ones.",
        ),
        click.option(
            "--extend-exclude",
            multiple=True,
            callback=_comma,
            metavar="PATTERNS",
            help="Files and folders to pass over as well.",
        ),
        click.option("--force-exclude", is_flag=True, help="Excludes hold for paths given by name too."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--select",
    multiple=True,
    callback=_comma,
    metavar="CODES",
    help="Rules to run: codes, prefixes, names, categories or ALL.",
)
@click.option("--ignore", multiple=True, callback=_comma, metavar="CODES", help="Rules not to run.")
@click.option("--extend-select", multiple=True, callback=_comma, metavar="CODES", help="Rules to run as well.")
@click.option("--per-file-ignores", multiple=True, metavar="PATTERN:CODES", help="Rules not to run in some files.")
@click.option(
    "--min-confidence", type=click.FloatRange(0, 1), help="Report from this confidence on, whatever the category."
)
@click.option("--severity", type=click.Choice(SEVERITIES), help="The least severity to report.  [default: info]")
@click.option(
    "--fail-on", type=click.Choice([*SEVERITIES, "never"]), help="What makes the exit status 1.  [default: warning]"
)
@click.option("--fix", is_flag=True, help="Apply the safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: apply the concrete rewrites too.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option(
    "--output-format",
    metavar="FORMAT",
    envvar="TONELINT_OUTPUT_FORMAT",
    help=f"One of {', '.join(FORMATS)}.  [default: full on a terminal, else concise]",
)
@click.option("-o", "--output-file", type=click.Path(), help="Write the results there.")
@click.option("--statistics", is_flag=True, help="Count by rule instead of listing.")
@click.option("-q", "--quiet", is_flag=True, help="Findings and errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Files without findings, confidences and all that is good, too.")
@click.option("--baseline", type=click.Path(), metavar="FILE", help="Report only what this file does not know.")
@click.option(
    "--write-baseline", is_flag=True, help=f"Write what is found now to the baseline ({BASELINE} without --baseline)."
)
@click.option("--diff-only", is_flag=True, help="Report only on changed lines: the index against HEAD.")
@click.option("--diff-base", metavar="REV", help="Report only on lines changed since this revision.")
@click.option("--no-cache", is_flag=True, envvar="TONELINT_NO_CACHE", help="Neither use nor keep results.")
@click.option(
    "--cache-dir",
    type=click.Path(),
    envvar="TONELINT_CACHE_DIR",
    help="Where results are kept.  [default: .tonelint_cache]",
)
@click.option("-j", "--jobs", type=click.IntRange(1), help="At most so many processes.  [default: one a processor]")
@config_options
def check(paths: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401
    """Lint drafts. PATHS are files or folders; `-` reads standard input. Without any, the current folder."""
    from tonelint.checking import Checker

    if options["unsafe_fixes"] and not (options["fix"] or options["diff"]):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff.", click.get_current_context())
    checker = Checker(setup(options))
    names = paths or (".",)
    base = checker.base(_folder(names[0], options["stdin_filename"]))
    chosen = options["output_format"] or base.output_format or _usual(options["output_file"])
    from tonelint import plugins
    from tonelint.output import FOR_PEOPLE, SHOW_NOTES, reporter

    report = reporter(chosen, extra=plugins.load(base.plugins).reporters)
    files, failed = found(names, checker, options)
    outcomes = _check(checker, files, options)
    reports = [*failed, *(outcome.report for outcome in outcomes)]
    for file in reports:
        for error in file.errors:
            say(f"{file.path}: {error}")
    if not reports and not options["quiet"]:
        say("no files to check; name some, or set `include` in the configuration")
    reports, known = _known(reports, options, base.baseline)
    if options["write_baseline"]:
        return 2 if any(file.errors for file in reports) else 0
    people = chosen in FOR_PEOPLE
    if chosen not in SHOW_NOTES and not options["quiet"]:
        for file in reports:
            for note in file.notes:
                say(f"{file.path}: note: {note}")
    style = _style(options, people=people)
    from tonelint import __version__
    from tonelint.output.results import Run

    run = Run(tuple(reports), __version__, checker.rules(base), known)
    _emit(report(run, style), outcomes, options, style, people=people)
    checker.prune()
    return _status(reports, options["fail_on"] or base.fail_on)


def setup(options: dict[str, Any]) -> Setup:
    """What the options of a command say about checking. Options that a command lacks count as not given."""
    from tonelint.checking import Setup, view_text

    overlay: dict[str, Any] = {
        name: options[name]
        for name in ("min_confidence", "severity", "fail_on", "model", "channel")
        if options.get(name) is not None
    }
    overlay |= {name: options[name] for name in ("select", "exclude", "extend_exclude") if options.get(name)}
    if options.get("force_exclude"):
        overlay["force_exclude"] = True
    return Setup(
        given=options["given"],
        isolated=options["isolated"],
        overlay=tuple(overlay.items()),
        ignore=options.get("ignore", ()),
        extend_select=options.get("extend_select", ()),
        per_file_ignores=_per_file(options.get("per_file_ignores", ())),
        reply_to=view_text(options["reply_to"]) if options.get("reply_to") else None,
        fix=bool(options.get("fix")),
        unsafe=bool(options.get("unsafe_fixes")),
        diff=bool(options.get("diff")),
        cache=not options.get("no_cache", True),
        cache_dir=options.get("cache_dir"),
        debug=bool(os.environ.get("TONELINT_DEBUG")),
    )


def _per_file(values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    rows = []
    for value in values:
        pattern, colon, codes = value.rpartition(":")
        if not colon or not pattern or not codes.strip():
            raise click.UsageError(f"--per-file-ignores {value!r}: write PATTERN:CODES.", click.get_current_context())
        rows += [(pattern, code.strip()) for code in codes.split(",") if code.strip()]
    return tuple(rows)


def _folder(name: str, stdin_filename: str | None) -> Path:
    """The folder whose configuration holds for a path as named."""
    path = Path(os.path.abspath(stdin_filename or "stdin" if name == STDIN else name))
    return path if path.is_dir() else path.parent


def _usual(output_file: str | None) -> str:
    return "full" if output_file is None and on_terminal() else "concise"


def found(names: Sequence[str], checker: Checker, options: dict[str, Any]) -> tuple[list[str], list[FileReport]]:
    """The files behind the names, each once and in order, and reports of what could not be looked at."""
    from tonelint.discovery import discover
    from tonelint.errors import SourceError
    from tonelint.output.results import FileReport

    files: dict[str, None] = {}
    failed: list[SourceError] = []
    for name in names:
        config = checker.base(_folder(name, options["stdin_filename"]))
        with_patterns = discover(
            [name],
            include=config.include,
            exclude=config.exclude or None,
            extend_exclude=config.extend_exclude,
            force_exclude=config.force_exclude,
            root=config.root or None,
        )
        for file in with_patterns.files:
            if file == name or not _excluded_below(file, config, checker):
                files.setdefault(file)
        failed += with_patterns.errors
    return list(files), [FileReport(error.path, errors=(error.problem,)) for error in failed]


def _excluded_below(file: str, above: Config, checker: Checker) -> bool:
    """Whether a configuration nearer to a file than that of the folder that was named leaves it out."""
    from tonelint.discovery import excludes

    own = checker.base(Path(os.path.abspath(file)).parent)
    return own.root != above.root and excludes(
        file, root=own.root, exclude=own.exclude or None, extend_exclude=own.extend_exclude
    )


def _check(checker: Checker, files: Sequence[str], options: dict[str, Any]) -> list[Outcome]:
    """Every file's outcome, in order; standard input is read here, everything else in as many processes as pay."""
    from tonelint.checking import Outcome, check_all
    from tonelint.errors import SourceError
    from tonelint.output.results import FileReport
    from tonelint.source import load_stream

    outcomes = iter(check_all(checker, [f for f in files if f != STDIN], jobs=options["jobs"]))
    results = []
    for file in files:
        if file != STDIN:
            results.append(next(outcomes))
            continue
        name = options["stdin_filename"] or "<stdin>"
        try:
            source = load_stream(stdin(), name=name)
        except SourceError as error:
            results.append(Outcome(FileReport(name, errors=(error.problem,))))
            continue
        outcome = checker.check_stream(source, name)
        results.append(
            outcome if outcome.after is not None else replace(outcome, before=source.text, after=source.text)
        )
    return results


def _known(reports: list[FileReport], options: dict[str, Any], configured: str | None) -> tuple[list[FileReport], int]:
    """The reports without what a baseline knows or no change touches; with ``--write-baseline``, that is written."""
    from tonelint import baseline, changes

    told = options["baseline"] or configured
    if options["write_baseline"]:
        path = Path(told or BASELINE)
        folder = path.absolute().parent
        known = baseline.collect((_from(folder, f.path), f.findings, f.text) for f in reports)
        baseline.save(path, known)
        number = sum(len(file.findings) for file in reports)
        say(f"wrote {number} {'finding' if number == 1 else 'findings'} to {path}")
        return reports, 0
    left = 0
    if told:
        path = Path(told)
        known = baseline.load(path)
        folder = path.absolute().parent
        fresh = [replace(f, findings=known.new(f.findings, f.text, path=_from(folder, f.path))) for f in reports]
        left = sum(len(old.findings) - len(new.findings) for old, new in zip(reports, fresh, strict=True))
        reports = fresh
    if options["diff_only"] or options["diff_base"] is not None:
        touched = changes.changed(Path.cwd(), base=options["diff_base"])
        reports = [changes.only(f, touched.spans(Path(f.path), f.text)) for f in reports]
    return reports, left


def _from(folder: Path, path: str) -> str:
    """A path as a baseline in that folder names it."""
    return Path(os.path.relpath(path, folder)).as_posix()


def _style(options: dict[str, Any], *, people: bool) -> Style:
    from tonelint.output.results import Style

    to_file = options["output_file"] is not None
    colour = options["color"] == "always" if to_file else coloured(options["color"])
    return Style(
        width=80 if to_file else columns(),
        colour=people and colour,
        unicode=to_file or not people or shows_unicode(),
        quiet=options["quiet"],
        verbose=options["verbose"],
        statistics=options["statistics"],
    )


def _emit(text: str, outcomes: Sequence[Outcome], options: dict[str, Any], style: Style, *, people: bool) -> None:
    """Results where they belong. Standard output carries what was asked for: a diff, a fixed text, or the results."""
    if options["output_file"] is not None:
        from tonelint.writing import write_whole

        write_whole(Path(options["output_file"]), text)
    if options["diff"]:
        for outcome in outcomes:
            write(_diff(outcome, style), people=on_terminal())
    elif options["fix"] and any(_streamed(o) for o in outcomes):
        for outcome in outcomes:
            if _streamed(outcome) and outcome.after is not None:
                write(outcome.after)
        if options["output_file"] is None:
            with suppress(OSError):
                click.echo(text, err=True, nl=False)
    elif options["output_file"] is None:
        write(text, people=people)


def _streamed(outcome: Outcome) -> bool:
    return outcome.after is not None


def _diff(outcome: Outcome, style: Style) -> str:
    """What would change, as a unified diff that `patch` takes; on a terminal, with control characters shown."""
    import difflib

    from tonelint.output.terminal import paint, visible

    if outcome.before is None or outcome.after is None or outcome.before == outcome.after:
        return ""
    before, after = (_split(text) for text in (outcome.before, outcome.after))
    path = outcome.report.path
    rows = []
    colours = {"-": "error", "+": "good", "@": "info"}
    for line in difflib.unified_diff(before, after, f"a/{path}", f"b/{path}"):
        body = line.removesuffix("\n")
        if on_terminal():
            body = visible(body)
        end = "" if line.endswith("\n") or line.startswith(("---", "+++", "@@")) else "\n\\ No newline at end of file"
        name = colours.get(body[:1])
        rows.append((paint(body, name, colour=style.colour) if name else body) + end + "\n")
    return "".join(rows)


def _split(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one, as in `diff`."""
    parts = text.split("\n")
    lines = [f"{part}\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


def _status(reports: Sequence[FileReport], fail_on: str) -> int:
    """2 if anything could not be read, 1 if anything found is serious enough, else 0."""
    from tonelint.types import Severity

    if any(file.errors for file in reports):
        return 2
    if fail_on == "never":
        return 0
    floor = Severity.parse(fail_on)
    return 1 if any(f.severity >= floor for file in reports for f in file.findings) else 0
