"""The Python face: ``tonelint.Linter``."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from tonelint.config import Config
from tonelint.fixer import fix
from tonelint.linter import Balance, LintResult, MessageResult, TaggedSentence, lint
from tonelint.readers import read
from tonelint.rules.base import Rule
from tonelint.tagging import Tagger, load_tagger
from tonelint.types import Document, Finding

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Result:
    """What :meth:`Linter.check` says about one text. Offsets are code points in that text."""

    id: str | None
    text: str
    lint: LintResult
    _linter: Linter
    _config: Config
    _reply_to: str | None

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
        """The text with the safe fixes applied; with ``unsafe`` the concrete rewrites too."""
        linter, config, reply_to = self._linter, self._config, self._reply_to
        document = self.lint.document

        def again(text: str) -> Document:
            return read(text, name=document.name, format=document.format, dialect=config.dialect)

        def check(fresh: Document) -> LintResult:
            return lint(fresh, config, linter.tagger, rules=linter.rules, reply_to=reply_to)

        return fix(document, lint=check, read=again, unsafe=unsafe).text


class Linter:
    """Checks texts. Loads its model on first use; one instance may be shared between threads."""

    def __init__(
        self, *, config: Config | None = None, tagger: Tagger | None = None, rules: Sequence[Rule] | None = None
    ) -> None:
        self.config = config or Config()
        self.rules = tuple(rules) if rules is not None else None
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
        """Check one text. ``format`` is a reader's name (``text``, ``markdown``, ``html``…); ``reply_to`` the customer's message."""
        config = self.config if channel == "auto" else replace(self.config, channel=channel)
        document = read(text, name=name, format=format, dialect=config.dialect)
        found = lint(document, config, self.tagger, rules=self.rules, reply_to=reply_to)
        return Result(id, text, found, self, config, reply_to)

    def stream(self, records: Iterable[str | Mapping[str, Any]]) -> Iterator[Result]:
        """Check texts or records (fields as in ``tag --input-format jsonl``) lazily, in order. ``"in"`` records are passed over."""
        waiting = iter(records)
        while batch := list(islice(waiting, _BATCH)):
            for record in batch:
                fields: Mapping[str, Any] = {"text": record} if isinstance(record, str) else record
                if fields.get("direction", "out") == "in":
                    continue
                yield self.check(
                    str(fields["text"]),
                    channel=fields.get("channel") or "auto",
                    reply_to=fields.get("customer"),
                    format=fields.get("format") or "text",
                    name=str(fields.get("id", "<text>")),
                    id=fields.get("id"),
                )
