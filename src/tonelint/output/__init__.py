"""Reporters: pure functions from the results of a run to text. This table lists them all."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from tonelint.errors import UsageError

if TYPE_CHECKING:
    from tonelint.output.results import Run, Style

Reporter = Callable[["Run", "Style"], str]
"""The whole output of a run as text that ends in a newline, or the empty string."""

REPORTERS: tuple[tuple[str, str], ...] = (
    ("full", "tonelint.output.full:full"),
    ("concise", "tonelint.output.concise:concise"),
    ("grouped", "tonelint.output.concise:grouped"),
    ("json", "tonelint.output.plain:as_json"),
    ("jsonl", "tonelint.output.plain:as_jsonl"),
    ("sarif", "tonelint.output.sarif:sarif"),
    ("github", "tonelint.output.services:github"),
    ("gitlab", "tonelint.output.services:gitlab"),
    ("junit", "tonelint.output.services:junit"),
    ("rdjson", "tonelint.output.rdjson:rdjson"),
    ("rdjsonl", "tonelint.output.rdjson:rdjsonl"),
    ("html", "tonelint.output.html:html"),
)
"""Name and place of each; imported only when it is asked for."""
FOR_PEOPLE = ("full", "concise", "grouped")
SHOW_NOTES = ("full", "html")
"""Formats that show what a reader had to work around; beside all others it is told on standard error."""


def reporter(name: str, *, extra: tuple[tuple[str, Reporter], ...] = ()) -> Reporter:
    """The reporter of that name, of plugins (``extra``) too. Raises UsageError if there is none."""
    for own, place in REPORTERS:
        if own == name:
            module, function = place.split(":")
            return cast("Reporter", getattr(import_module(module), function))
    for other, function_ in extra:
        if other == name:
            return function_
    known = ", ".join([own for own, _ in REPORTERS] + [other for other, _ in extra])
    raise UsageError(f"no output format {name!r}; there are {known}")
