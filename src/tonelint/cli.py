"""The command line: a thin face. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tonelint import __version__
from tonelint.cli_check import check
from tonelint.cli_inspect import inspect
from tonelint.cli_tag import tag
from tonelint.console import COLOURS, coloured, columns, say, write
from tonelint.errors import TonelintError


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script: runs a command and exits with its status. No traceback reaches a user."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit status."""
    try:
        if "_TONELINT_COMPLETE" in os.environ:  # the shell asks for completions
            group.main(args=list(arguments) if arguments is not None else None, prog_name="tonelint")
        # not click's own main(): it answers a closed pipe with status 1, and Ctrl-C with an empty line
        with group.make_context("tonelint", list(sys.argv[1:] if arguments is None else arguments)) as context:
            status = group.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("stopped")
        return 130
    except click.ClickException as error:
        hint = getattr(error, "ctx", None)
        way = f" Try `{hint.command_path} --help`." if hint is not None else ""
        say(error.format_message() + way)
        return 2
    except TonelintError as error:
        say(str(error))
        return 2
    except BrokenPipeError:
        _silence()
        return 0
    except OSError as error:
        say(f"cannot write the output: {error.strerror or error}")
        _silence()
        return 2
    except Exception as error:
        if os.environ.get("TONELINT_DEBUG"):
            raise
        say(f"it broke ({type(error).__name__}: {error}); please report it, with what TONELINT_DEBUG=1 shows")
        return 2
    return status if isinstance(status, int) else 0


def _silence() -> None:
    """Nobody reads on: let the interpreter's last flush go nowhere, quietly."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(
    name="tonelint",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=True,
)
@click.version_option(__version__, prog_name="tonelint", message="%(prog)s %(version)s")
def group() -> None:
    """Check the tone of the copy that you send out: does it talk at customers, or take an interest in them?"""


@group.command()
@click.argument("rule", required=False)
@click.option("--all", "everything", is_flag=True, help="Every rule.")
@click.option("--output-format", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
@click.option("--test", "rule_file", type=click.Path(), help="Run the examples of a file with rules of your own.")
@click.option("--color", type=click.Choice(COLOURS), default="auto", show_default=True)
def rule(rule: str | None, everything: bool, output_format: str, rule_file: str | None, color: str) -> int:
    """Explain one rule, by CODE or NAME, or all of them."""
    from tonelint import documentation
    from tonelint.rules import all_rules
    from tonelint.rules.selection import check_selectors

    if rule_file is not None:
        return _test_rules(rule_file)
    known = all_rules()
    if everything == (rule is not None):
        raise click.UsageError(
            "name one rule (a code such as EMP001, or a name), or give --all.", click.get_current_context()
        )
    if everything:
        if output_format == "text":
            write(documentation.listing(known, width=columns(), colour=coloured(color)), people=True)
        else:
            write(
                documentation.all_markdown(known)
                if output_format == "markdown"
                else documentation.as_json(known, alone=False)
            )
        return 0
    wanted = str(rule)
    found = [r for r in known if wanted.upper() == r.code or wanted.lower() == r.name]
    if not found:
        check_selectors([wanted], known)  # says what was perhaps meant
        raise click.UsageError(
            f"{wanted!r} names several rules; `tonelint rule --all` lists them.", click.get_current_context()
        )
    if output_format == "text":
        write(documentation.text(found[0], width=columns(), colour=coloured(color)), people=True)
    else:
        write(
            documentation.markdown(found[0])
            if output_format == "markdown"
            else documentation.as_json(found, alone=True)
        )
    return 0


def _test_rules(path: str) -> int:
    """Run the examples of a house's rules: every bad one must be found, no good one may be."""
    from tonelint.rules.examples import run as try_example
    from tonelint.rules.phrases import load_rules
    from tonelint.source import load
    from tonelint.tagging import NoOpinion

    source = load(path)
    rules = load_rules(source.text, origin=source.name)
    wrong, tried = [], 0
    for own in rules:
        for examples, wanted in ((own.bad, True), (own.good, False)):
            for example in examples:
                tried += 1
                if bool(try_example(own, example, NoOpinion())) is not wanted:
                    said = "is silent on a bad example" if wanted else "speaks on a good example"
                    wrong.append(f"{own.code} {said}: {' '.join(example.text.split())}")
    from tonelint.output.terminal import visible

    write("".join(f"{visible(line)}\n" for line in wrong), people=True)
    write(f"{len(rules)} rules, {tried} examples, {len(wrong)} wrong.\n", people=True)
    return 1 if wrong else 0


@group.group()
def config() -> None:
    """Show, describe or begin a configuration."""


@config.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--config", "given", multiple=True, metavar="FILE|'KEY = VALUE'", help="A file, or one setting.")
@click.option("--isolated", is_flag=True, help="Ignore all configuration files.")
def show(path: str, given: tuple[str, ...], isolated: bool) -> None:
    """The settings that hold for PATH, and where they come from."""
    from tonelint import schema, settings

    place = Path(os.path.abspath(path))
    folder = place if place.is_dir() else place.parent
    found, origin = settings.resolve(folder, isolated=isolated, given=given)
    if not place.is_dir():
        inside = place.is_relative_to(found.root)
        found = found.at((place.relative_to(found.root) if inside else place).as_posix())
    write(f"# {'defaults' if origin is None else f'from {origin}'}\n{schema.to_toml(found)}")


@config.command(name="schema")
def schema_command() -> None:
    """The JSON Schema of a configuration file."""
    import json

    from tonelint import schema

    write(json.dumps(schema.schema(), indent=2, ensure_ascii=False) + "\n")


@config.command()
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def init(force: bool) -> None:
    """Write a tonelint.toml to begin with."""
    from tonelint.schema import STARTER
    from tonelint.writing import write_whole

    path = Path("tonelint.toml")
    if path.exists() and not force:
        raise click.ClickException("tonelint.toml is there already; --force writes over it.")
    write_whole(path, STARTER)
    write(f"Wrote {path}.\n", people=True)


@group.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def train(arguments: tuple[str, ...]) -> int:
    """Build the models again from training_data/ (the same as `python -m tonelint.train`)."""
    import importlib.util

    missing = [name for name in ("sklearn", "scipy") if importlib.util.find_spec(name) is None]
    if missing:
        raise click.ClickException(
            f"training needs {' and '.join(missing)}; install the extra: pip install 'tonelint[train]'"
        )
    from tonelint.train.__main__ import main as build

    return int(build(list(arguments)))


@group.command()
@click.argument("labelled", type=click.Path())
@click.option("--model", metavar="DIR", help="A model folder; `none` runs without a model.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def evaluate(labelled: str, model: str | None, output_format: str) -> int:
    """Measure model and rules on LABELLED, one labelled message a line of JSON."""
    from tonelint.cli_inspect import evaluate as measure

    return measure(labelled, model=model, output_format=output_format)


for _command in (check, tag, inspect):
    group.add_command(_command)
