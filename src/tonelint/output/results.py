"""What reporters work on: the results of a run, flat, and free of documents and models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tonelint.linter import MESSAGE_LABELS, Balance, LintResult, MessageResult
from tonelint.positions import LineIndex
from tonelint.rules.base import Rule
from tonelint.types import Finding, Safety, Severity, Span


@dataclass(frozen=True, slots=True)
class MessageReport:
    """One message, without its sentences. ``labels`` holds every message label; None where no model judged it."""

    id: str
    span: Span
    language: str
    channel: str
    moment: str
    balance: Balance
    opens: str | None
    closes: str | None
    labels: Mapping[str, object]
    keepers: tuple[Span, ...]
    sentences: tuple[Span, ...] = ()
    """Where each sentence stands."""


@dataclass(frozen=True)
class FileReport:
    """One file: what was found in it, or (``errors``) why it could not be judged. Spans are offsets in ``text``."""

    path: str
    text: str = ""
    messages: tuple[MessageReport, ...] = ()
    findings: tuple[Finding, ...] = ()
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fixed: int = 0
    """How many findings were mended in this run."""
    refused: int = 0
    """How many fixes could not be shown to be safe and were left out."""

    @cached_property
    def lines(self) -> LineIndex:
        """The lines of the text."""
        return LineIndex(self.text)

    @cached_property
    def places(self) -> Mapping[str, Span]:
        """The span of each message by id."""
        return {message.id: message.span for message in self.messages}

    @property
    def balance(self) -> Balance:
        """Sentences by stance over all messages."""
        parts = [m.balance for m in self.messages]
        return Balance(sum(b.interested for b in parts), sum(b.broadcast for b in parts), sum(b.neutral for b in parts))

    def place(self, finding: Finding) -> Span:
        """Where a finding stands; for one without words, the first line of its message that holds anything."""
        if finding.span is not None:
            return finding.span
        message = self.places.get(finding.message_id, Span(0, len(self.text)))
        body = self.text[message.start : message.end]
        start = message.start + len(body) - len(body.lstrip())
        if start >= message.end:
            return Span(message.start, message.start)
        line, _ = self.lines.position(start)
        return Span(start, max(start, min(message.end, self.lines.starts[line - 1] + len(self.lines.line_text(line)))))

    def place_and_text(self, finding: Finding) -> tuple[Span, str]:
        """For formats that demand a place: the place, and the message, which then says that it is about all of it."""
        text = finding.message if finding.span is not None else f"Whole message: {finding.message}"
        return self.place(finding), text


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that one run has to report."""

    files: tuple[FileReport, ...]
    version: str = "0"
    rules: tuple[Rule, ...] = ()
    """The rules that were known; formats that describe rules draw on them."""
    baselined: int = 0
    """Findings left out because a baseline knows them."""

    @property
    def findings(self) -> tuple[tuple[FileReport, Finding], ...]:
        """All findings with their files, in order."""
        return tuple((file, finding) for file in self.files for finding in file.findings)


@dataclass(frozen=True, slots=True)
class Style:
    """How text for people is laid out."""

    width: int = 80
    """Columns of the terminal."""
    colour: bool = False
    unicode: bool = True
    """Whether the output can show more than ASCII."""
    quiet: bool = False
    verbose: bool = False
    statistics: bool = False


def file_report(
    result: LintResult, *, path: str | None = None, notes: tuple[str, ...] = (), fixed: int = 0, refused: int = 0
) -> FileReport:
    """The report of one linted document; ``notes`` come before the reader's own."""
    document = result.document
    foreign = [m for m in result.messages if not m.judged]
    if foreign:
        tongues = ", ".join(sorted({m.language for m in foreign}))
        some = f"{len(foreign)} of {len(result.messages)} messages are" if len(result.messages) > 1 else "is"
        notes = (*notes, f"{some} not in English ({tongues}) and not judged")
    return FileReport(
        path=path if path is not None else document.name,
        text=document.text,
        messages=tuple(message_report(m) for m in result.messages),
        findings=result.findings,
        notes=(*notes, *document.notes),
        fixed=fixed,
        refused=refused,
    )


def message_report(result: MessageResult) -> MessageReport:
    """One message as reporters see it."""
    return MessageReport(
        id=result.source.id,
        span=result.source.span,
        language=result.language,
        channel=result.channel,
        moment=result.moment,
        balance=result.balance,
        opens=result.opens,
        closes=result.closes,
        labels={name: result.labels.get(name) for name in MESSAGE_LABELS},
        keepers=tuple(sentence.span for sentence in result.keepers),
        sentences=tuple(tagged.sentence.span for tagged in result.sentences),
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings there are, by severity and by what can be done about them."""

    error: int = 0
    warning: int = 0
    info: int = 0
    safe: int = 0
    """Findings with a safe fix."""
    unsafe: int = 0
    """Findings whose best fix is an unsafe one."""
    by_code: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All findings."""
        return self.error + self.warning + self.info


def count(run: Run) -> Counts:
    """Count the findings of a run."""
    severities = dict.fromkeys(Severity, 0)
    kinds = dict.fromkeys(Safety, 0)
    codes: dict[str, int] = {}
    for _, finding in run.findings:
        severities[finding.severity] += 1
        codes[finding.code] = codes.get(finding.code, 0) + 1
        best = max((s.kind for s in finding.suggestions if s.edits), default=Safety.DISPLAY)
        kinds[best] += 1
    return Counts(
        severities[Severity.ERROR],
        severities[Severity.WARNING],
        severities[Severity.INFO],
        kinds[Safety.SAFE],
        kinds[Safety.UNSAFE],
        dict(sorted(codes.items(), key=lambda item: (-item[1], item[0]))),
    )
