"""``tonelint inspect`` and the figures of ``tonelint evaluate``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from tonelint.console import say, stdin, write

if TYPE_CHECKING:
    from tonelint.linter import MessageResult
    from tonelint.types import Document

_MANY = 12
"""Messages that are described one by one."""


@click.command()
@click.argument("file", type=click.Path())
@click.option("--stdin-filename", type=click.Path(), help="The name of what `-` reads; its suffix tells the format.")
@click.option(
    "--config", "given", multiple=True, metavar="FILE|'KEY = VALUE'", help="A configuration file, or one setting."
)
@click.option("--isolated", is_flag=True, help="Ignore all configuration files.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def inspect(file: str, stdin_filename: str | None, output_format: str, **options: Any) -> int:  # noqa: ANN401
    """What was read in FILE: format, template dialect, messages, their channel, moment and roles."""
    import json

    from tonelint.checking import Checker, Setup
    from tonelint.cli_check import STDIN
    from tonelint.linter import lint
    from tonelint.output.terminal import visible
    from tonelint.readers import read
    from tonelint.source import load, load_stream
    from tonelint.tagging import NoOpinion

    name = (stdin_filename or "<stdin>") if file == STDIN else file
    source = load_stream(stdin(), name=name) if file == STDIN else load(file)
    checker = Checker(Setup(given=options["given"], isolated=options["isolated"], cache=False))
    config = checker.config(stdin_filename or "stdin" if file == STDIN else file)
    document = read(source.text, name=source.name, dialect=config.dialect)
    result = lint(document, config, NoOpinion(), rules=checker.rules(config))
    segments: dict[int, Counter[str]] = {}
    for segment in document.segments:
        if not segment.alternate:
            segments.setdefault(segment.message, Counter())[segment.role.value] += 1
    newline = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}[source.newline]
    facts: dict[str, Any] = {
        "file": source.name,
        "format": document.format,
        "encoding": source.encoding + (" with byte-order mark" if source.bom else ""),
        "newlines": newline,
        "dialect": document.dialect,
        "tags": _dialects(document),
        "placeholders": sorted({tag.name for tag in document.tags if tag.kind.value == "output" and tag.name}),
        "fixable": source.fixable and document.fixable,
        "segments": len(document.segments),
        "messages": [
            _message(m, dict(Counter(t.sentence.role.value for t in m.sentences)), dict(segments.get(i, {})))
            for i, m in enumerate(result.messages)
        ],
        "notes": [*source.notes, *document.notes],
    }
    if output_format == "json":
        write(json.dumps(facts, ensure_ascii=False, indent=2).encode("utf-8", "replace").decode() + "\n")
        return 0
    lines = [f"{key:<13}{_shown(value)}" for key, value in facts.items() if key not in ("messages", "notes")]
    lines.append(f"{'messages':<13}{len(facts['messages'])}")
    for message in facts["messages"][:_MANY]:
        lines += ["", f"  {message['id']}"]
        for key in ("channel", "moment"):
            message[key] = f"{message[key]} ({', '.join(message.pop(f'{key}_because'))})"
        lines += [
            f"    {key:<11}{_shown(value)}"
            for key, value in message.items()
            if key != "id" and value not in (None, "", {})
        ]
    if len(facts["messages"]) > _MANY:
        lines += ["", f"  and {len(facts['messages']) - _MANY} more"]
    lines += [f"note: {note}" for note in facts["notes"]]
    write("".join(f"{visible(line)}\n" for line in lines), people=True)
    return 0


def _shown(value: object) -> str:
    if isinstance(value, dict) and any(isinstance(inner, dict) for inner in value.values()):
        return "; ".join(f"{key}: {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, dict):
        return ", ".join(f"{key} {number}" for key, number in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _message(message: MessageResult, sentences: dict[str, int], segments: dict[str, int]) -> dict[str, Any]:
    source = message.source
    return {
        "id": source.id,
        "language": message.language if message.judged else f"{message.language}, not judged",
        "channel": message.channel,
        "channel_because": [why for key, why in message.cues if key == "channel"] or ["nothing says otherwise"],
        "moment": message.moment,
        "moment_because": [why for key, why in message.cues if key == "moment"] or ["nothing says more"],
        "subject": source.subject,
        "customer": f"{len(source.customer.split())} words of the customer's" if source.customer else None,
        "entry": "one entry of many: never judged as a whole message" if source.entry else None,
        "roles": sentences or segments,
    }


def _dialects(document: Document) -> dict[str, dict[str, int]]:
    """How many tags of each kind there are in each template language."""
    found: dict[str, Counter[str]] = {}
    for tag in document.tags:
        found.setdefault(tag.dialect, Counter())[tag.kind.value] += 1
    return {dialect: dict(sorted(kinds.items())) for dialect, kinds in sorted(found.items())}


def evaluate(labelled: str, *, model: str | None, output_format: str) -> int:
    """Print the figures of a labelled file. Raises SourceError, UsageError or ModelError."""
    import json

    from tonelint.config import Config
    from tonelint.errors import UsageError
    from tonelint.evaluation import evaluate as measure
    from tonelint.evaluation import table
    from tonelint.linter import LintResult, lint
    from tonelint.readers import read
    from tonelint.source import load
    from tonelint.tagging import load_tagger

    source = load(labelled)
    golds = []
    for number, line in enumerate(source.text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict) or not {"id", "channel", "sentences"} <= set(row):
                raise ValueError("a labelled message has `id`, `channel` and `sentences`")
        except ValueError as error:
            raise UsageError(f"{source.name}:{number}: {error}") from error
        golds.append(row)
    if not golds:
        raise UsageError(f"{source.name}: no labelled messages in it")
    tagger = load_tagger(model)

    def check(text: str, gold: Any) -> LintResult:  # noqa: ANN401
        config = Config(channel=gold["channel"])
        return lint(read(text, name=str(gold["id"]), format="text"), config, tagger, reply_to=gold.get("customer"))

    figures = measure(golds, check).figures()
    if output_format == "json":
        write(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
    else:
        write(table(figures), people=True)
    say(f"{len(golds)} messages")
    return 0
