"""The Python face: ``tonelint.Linter``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from tonelint import records
from tonelint.checking import known_rules
from tonelint.config import Config
from tonelint.errors import UsageError
from tonelint.fixer import fix
from tonelint.linter import Balance, LintResult, MessageResult, TaggedSentence, lint, lint_all
from tonelint.passages import Job
from tonelint.readers import read
from tonelint.rules.base import Rule
from tonelint.tagging import Tagger, load_tagger
from tonelint.types import CHANNELS, Document, Finding

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Result:
    """What :meth:`Linter.check` says about one text, or :meth:`Linter.stream` about one record.

    Offsets are code points in ``text``: of a record with a subject, that is the subject, an empty line, and its text.
    """

    id: Any
    text: str
    lint: LintResult
    _linter: Linter
    _config: Config
    _reply_to: str | None
    _read: Callable[[str], Document]
    """Reads a text that stands instead of what was judged, subject aside."""
    _body: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in order."""
        return self.lint.findings

    @property
    def sentences(self) -> tuple[TaggedSentence, ...]:
        """All sentences with their scores, in order."""
        return tuple(s for m in self.lint.messages for s in m.sentences)

    @property
    def balance(self) -> Balance:
        """Sentences by stance over the whole text."""
        parts = [m.balance for m in self.lint.messages]
        return Balance(sum(b.interested for b in parts), sum(b.broadcast for b in parts), sum(b.neutral for b in parts))

    @property
    def message(self) -> MessageResult | None:
        """The first message; a text has one, unless it is a mailbox or a locale file."""
        return self.lint.messages[0] if self.lint.messages else None

    def apply(self, *, unsafe: bool = False) -> str:
        """The text (a subject aside) with the safe fixes applied; with ``unsafe`` the concrete rewrites too."""
        linter, config, reply_to = self._linter, self._config, self._reply_to

        def check(fresh: Document) -> LintResult:
            return lint(fresh, config, linter.tagger, rules=linter.rules, reply_to=reply_to)

        return fix(self._read(self._body), lint=check, read=self._read, unsafe=unsafe).text


class Linter:
    """Checks texts. Loads its model on first use; one instance may be shared between threads.

    ``rules`` stands instead of all those that the configuration knows. Raises UsageError if those cannot be had.
    """

    def __init__(
        self, *, config: Config | None = None, tagger: Tagger | None = None, rules: Sequence[Rule] | None = None
    ) -> None:
        self.config = config or Config()
        self.rules = tuple(rules) if rules is not None else known_rules(self.config)[0]
        self._tagger = tagger
        self._lock = threading.Lock()

    @property
    def tagger(self) -> Tagger:
        """The tagger, loaded once. Raises ModelError if the model cannot be used."""
        with self._lock:
            if self._tagger is None:
                self._tagger = load_tagger(self.config.model)
            return self._tagger

    def check(
        self,
        text: str,
        *,
        channel: str = "auto",
        reply_to: str | None = None,
        format: str = "text",
        name: str = "<text>",
        id: str | None = None,
    ) -> Result:
        """Check one text. ``format`` is a reader's name (``text``, ``markdown``, ``html``…); ``reply_to`` the customer's message.

        ``name`` is a path as the configuration's patterns see it. Raises UsageError for a channel, format or setting that there is not.
        """
        config = self._settled(name, None if channel == "auto" else channel)

        def again(changed: str) -> Document:
            return read(changed, name=name, format=format, dialect=config.dialect)

        document = again(text)
        found = lint(document, config, self.tagger, rules=self.rules, reply_to=reply_to)
        return Result(id, text, found, self, config, reply_to, again, text)

    def stream(self, given: Iterable[str | Mapping[str, Any]]) -> Iterator[Result]:
        """Check texts or records (fields as in ``tag --input-format jsonl``) lazily, in order, many in one batch of the model.

        ``"in"`` records are context: what the next ``"out"`` one of their thread answers. Raises UsageError for what is no record.
        """
        waiting = records.outbound(records.from_row({"text": r} if isinstance(r, str) else r) for r in given)
        while batch := list(islice(waiting, _BATCH)):
            prepared = [(r, self._settled(str(r.id), r.channel)) for r in batch]
            jobs = [Job(records.document(r, dialect=config.dialect).document, config) for r, config in prepared]
            for (record, config), result in zip(prepared, lint_all(jobs, self.tagger, rules=self.rules), strict=True):
                yield self._result(record, config, result)

    def _settled(self, name: str, channel: str | None) -> Config:
        """The configuration for one text; a channel that is told goes over it."""
        if channel is not None and channel not in CHANNELS:
            raise UsageError(f"no channel {channel!r}; there are auto, {', '.join(CHANNELS)}")
        config = self.config.at(name)
        return config if channel is None else replace(config, channel=channel)

    def _result(self, record: records.Record, config: Config, result: LintResult) -> Result:
        def again(changed: str) -> Document:
            return records.document(replace(record, text=changed), dialect=config.dialect, subject=False).document

        return Result(record.id, result.document.text, result, self, config, None, again, record.text)
