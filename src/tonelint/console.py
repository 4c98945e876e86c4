"""What the commands share: writing to the terminal and knowing what it can show."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import BinaryIO

import click

COLOURS = ("auto", "always", "never")


def say(text: str) -> None:
    """One line to people, on standard error; control characters in it are shown, not obeyed."""
    line = "".join(
        c if c.isprintable() else " " if c in "\r\n\t" else c.encode("unicode_escape").decode() for c in text
    )
    with contextlib.suppress(OSError, ValueError):
        click.echo(f"tonelint: {line}", err=True)


def write(text: str, *, people: bool = False) -> None:
    """Text to standard output: in its own encoding for people, in UTF-8 for programs."""
    stream = sys.stdout.buffer
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8") if people else "utf-8"
    rest = memoryview(text.encode(encoding, "replace"))
    while rest:  # under PYTHONUNBUFFERED the stream is raw, and may take only a part
        rest = rest[stream.write(rest) or 0 :]
    stream.flush()


def coloured(told: str) -> bool:
    """Whether standard output gets colours: as told, else by NO_COLOR, FORCE_COLOR, TERM and the terminal."""
    if told != "auto":
        return told == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return on_terminal() and os.environ.get("TERM") != "dumb"


def stdin() -> BinaryIO | None:
    """Standard input in bytes; None if it is closed."""
    return None if sys.stdin is None else sys.stdin.buffer


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    try:
        return sys.stdout.isatty()
    except (ValueError, AttributeError):
        return False


def columns() -> int:
    """Columns of the terminal; 80 where there is none."""
    import shutil

    return max(40, min(120, shutil.get_terminal_size((80, 24)).columns))


def shows_unicode() -> bool:
    """Whether standard output can show more than ASCII."""
    return (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "").startswith("utf")
