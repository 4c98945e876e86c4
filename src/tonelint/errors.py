"""What goes wrong that a user can mend. Every message says what is wrong and what to do."""

from __future__ import annotations


class TonelintError(Exception):
    """Base of all errors that are reported as one line, without a traceback, with exit status 2."""


class UsageError(TonelintError):
    """An option, a configuration key or a rule selection that cannot be followed."""


class SourceError(TonelintError):
    """A file that could not be read or written. ``path`` names it."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class ModelError(TonelintError):
    """Model files that are missing, damaged or of another version."""
