"""Phrase rules: tables in ``phrases/*.toml``, read once and turned into rules.

A file holds ``[[rule]]`` tables with the columns of the catalogue, documentation (``what``, ``why``, ``better``,
``leave``, ``sources``), ``bad`` and ``good`` examples, and ``[[rule.pattern]]`` tables: ``phrases`` in the notation of
:mod:`tonelint.rules.notation`
or ``tokens`` in spaCy's own syntax, a ``confidence``, exceptions (``unless``), and suggestions (``suggest``).
A house's own rules are written in the same format.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from tonelint.errors import UsageError
from tonelint.rules.base import Documentation, Example, Hit, Passage, Rule
from tonelint.rules.notation import phrase
from tonelint.rules.patterns import Match, PatternSet, Source, compile_pattern
from tonelint.rules.rewording import SuggestionSpec, propose
from tonelint.tokens import Tokens
from tonelint.types import Fix, Role, Severity, Span

_RULE_KEYS = {
    "code", "name", "category", "principle", "severity", "fix", "summary", "what", "why", "better", "leave", "sources",
    "bad", "good", "pattern", "unless", "unless-previous", "unless-next", "roles", "not-roles", "channels",
    "not-channels", "moments", "not-moments", "questions", "quoted", "position", "stances", "replies",
}  # fmt: skip
_PATTERN_KEYS = {
    "phrases", "tokens", "confidence", "message", "unless", "unless-inside", "suggest", "channels", "not-channels",
    "moments", "not-moments", "roles", "not-roles", "position", "severity", "unless-next", "unless-previous",
    "questions", "stances", "replies",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conditions:
    """Where a rule or one of its patterns applies. Empty tuples and None mean everywhere."""

    unless: PatternSet | None = None
    unless_previous: PatternSet | None = None
    unless_next: PatternSet | None = None
    unless_inside: PatternSet | None = None
    roles: tuple[str, ...] = ()
    not_roles: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    not_channels: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    not_moments: tuple[str, ...] = ()
    questions: bool | None = None
    """True: only in questions; False: never in questions."""
    position: str | None = None
    """``first``: among the first two sentences that are neither greeting nor subject; ``last``: among the last two
    before the sign-off."""
    stances: tuple[str, ...] = ()
    """Only where the model gives one of these stances, or has no opinion."""
    replies: bool | None = None
    """True: only in answers to a customer's message that is known; False: only elsewhere."""

    def hold(self, passage: Passage, index: int) -> bool:
        """Whether a hit in that sentence may count, as far as its surroundings go."""
        sentence, tokens = passage.sentences[index], passage.tokens[index]
        role = sentence.role.value
        if (self.roles and role not in self.roles) or role in self.not_roles:
            return False
        if (self.channels and passage.channel not in self.channels) or passage.channel in self.not_channels:
            return False
        if (self.moments and passage.moment not in self.moments) or passage.moment in self.not_moments:
            return False
        if self.questions is not None and is_question(sentence.text) is not self.questions:
            return False
        if self.replies is not None and (passage.customer is not None) is not self.replies:
            return False
        if self.stances and (stance := passage.stance(index)) and stance not in self.stances:
            return False
        if self.unless and any_match(self.unless, tokens):
            return False
        if self.position and not _in_position(passage, index, self.position):
            return False
        for condition, offset in ((self.unless_previous, -1), (self.unless_next, 1)):
            if (
                condition
                and (near := passage.near(index, offset)) is not None
                and any_match(condition, passage.tokens[near])
            ):
                return False
        return True


def is_question(text: str) -> bool:
    """Whether a sentence ends in a question mark; closing quotes, emoji and an agent's initials (``^HB``) aside."""
    tail = text.rstrip()[-20:]
    if "?" not in tail:
        return False
    rest = tail[tail.rindex("?") + 1 :]
    return not any(c.isalnum() for c in rest) or _INITIALS.fullmatch(rest) is not None


_INITIALS = re.compile(r"\W*[-–—^~*/]+ ?[A-Z]\w{0,11}\W*")


def any_match(patterns: PatternSet, tokens: Tokens) -> bool:
    """Whether any pattern of the set matches anywhere."""
    return any(True for pattern, _ in patterns.candidates(tokens) for _ in pattern.find(tokens))


def _in_position(passage: Passage, index: int, position: str) -> bool:
    """Whether a sentence is among the two that begin, or end, what the message says between its greeting and its sign-off."""
    spoken = passage.spoken()
    body = (
        i
        for i in (spoken if position == "first" else reversed(spoken))
        if passage.sentences[i].role not in (Role.SUBJECT, Role.GREETING, Role.SIGN_OFF, Role.FOOTER)
    )
    return index in islice(body, 2)


@dataclass(frozen=True, slots=True)
class PhraseEntry:
    """One ``[[rule.pattern]]`` table."""

    conditions: Conditions
    confidence: float
    message: str
    suggestions: tuple[SuggestionSpec, ...]
    severity: Severity | None


@dataclass(frozen=True, slots=True)
class PhraseCheck:
    """The check of a phrase rule; a callable so that it compares and pickles as data."""

    patterns: PatternSet
    conditions: Conditions
    quoted: bool
    """Whether words inside quotation marks count too."""

    def __call__(self, passage: Passage) -> Iterable[Hit]:
        """Hits of all patterns in all sentences; of overlapping ones the longest, then the first listed."""
        for index, sentence in enumerate(passage.sentences):
            if sentence.role is Role.QUOTE:
                continue
            for hit in _joined(sentence.text, self._found(passage, index)):
                yield Hit(
                    sentence=index,
                    view=hit.mark.shift(sentence.view.start),
                    message=hit.entry.message,
                    confidence=hit.entry.confidence,
                    severity=hit.entry.severity,
                    proposals=propose(hit.suggestions, sentence=sentence, index=index, match=hit.match, mark=hit.mark),
                )

    def _found(self, passage: Passage, index: int) -> Iterable[_Found]:
        """The matches in a sentence that count. Conditions are asked once an entry, so that time stays linear."""
        tokens = passage.tokens[index]
        matches: list[tuple[Match, PhraseEntry]] = []
        excepted: dict[int, bytearray | None] = {}
        for pattern, entry in self.patterns.candidates(tokens):
            if not isinstance(entry, PhraseEntry):
                raise TypeError(f"not a phrase entry: {entry!r}")
            for match in pattern.find(tokens):
                if id(entry) not in excepted:
                    holds = entry.conditions.hold(passage, index)
                    excepted[id(entry)] = _covered(entry.conditions.unless_inside, tokens) if holds else None
                words = excepted[id(entry)]
                if words is not None and not any(words[match.start : match.end]):
                    matches.append((match, entry))
        if not matches or not self.conditions.hold(passage, index):
            return
        quoted = () if self.quoted else _quotations(tokens.text)
        taken = bytearray(len(tokens))
        for match, entry in sorted(matches, key=lambda found: (found[0].start - found[0].end, found[0].start)):
            mark = Span(tokens.starts[match.mark[0]], tokens.ends[match.mark[1] - 1])
            if any(taken[match.start : match.end]) or any(run.contains(mark) for run in quoted):
                continue
            taken[match.start : match.end] = b"\1" * (match.end - match.start)
            yield _Found(Span(tokens.starts[match.start], tokens.ends[match.end - 1]), mark, entry, entry.suggestions)


@dataclass(frozen=True, slots=True)
class _Found:
    """A match that counts. Spans are offsets in the sentence's text; ``entry`` is the surest of those joined in it."""

    match: Span
    mark: Span
    entry: PhraseEntry
    suggestions: tuple[SuggestionSpec, ...]


_JOINT = re.compile(r"(?i)\s*(?:,|,?\s(?:and|&))?\s*")


def _joined(text: str, found: Iterable[_Found]) -> Iterable[_Found]:
    """Matches in the order of the text; those that only a comma or an "and" parts are one."""
    pending: _Found | None = None
    for hit in sorted(found, key=lambda f: f.mark):
        if pending is None:
            pending = hit
        elif hit.mark.start >= pending.mark.end and _JOINT.fullmatch(text[pending.mark.end : hit.mark.start]):
            kinds = (
                {s.kind for s in pending.suggestions}
                & {s.kind for s in hit.suggestions}
                & {"delete", "delete-sentence"}
            )
            both = (*pending.suggestions, *hit.suggestions)
            pending = _Found(
                Span(pending.match.start, max(pending.match.end, hit.match.end)),
                Span(pending.mark.start, hit.mark.end),
                max(pending.entry, hit.entry, key=lambda e: e.confidence),
                tuple(dict.fromkeys(s for s in both if s.kind in kinds or s.kind == "display")),
            )
        else:
            yield pending
            pending = hit
    if pending is not None:
        yield pending


def _covered(patterns: PatternSet | None, tokens: Tokens) -> bytearray:
    """Which tokens a set of exceptions covers: 1 where one of them matches."""
    covered = bytearray(len(tokens))
    for pattern, _ in patterns.candidates(tokens) if patterns else ():
        for match in pattern.find(tokens):
            covered[match.start : match.end] = b"\1" * (match.end - match.start)
    return covered


_QUOTED = re.compile(r"“[^“”]*”|«[^«»]*»|\"[^\"]*\"")
_QUOTATIONS = 8
"""Quotations of one sentence that are looked at; a sentence with more is no sentence."""


def _quotations(text: str) -> tuple[Span, ...]:
    """Runs between double quotation marks inside a sentence; none where the sentence holds no other words."""
    runs = [Span(*match.span()) for _, match in zip(range(_QUOTATIONS), _QUOTED.finditer(text), strict=False)]
    return tuple(run for run in runs if any(c.isalnum() for c in text[: run.start] + text[run.end :]))


def load_rules(text: str, *, origin: str) -> tuple[Rule, ...]:
    """Rules of one TOML file; ``origin`` names it in errors. Raises UsageError for anything not as documented."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{origin}: not valid TOML: {error}") from error
    tables = data.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise UsageError(f"{origin}: rules are written as tables, each under a line [[rule]]")
    rules = []
    for number, table in enumerate(tables, 1):
        try:
            rules.append(_rule(table))
        except (KeyError, ValueError, TypeError, AttributeError, UsageError) as error:
            what = f"missing key {error}" if isinstance(error, KeyError) else str(error)
            raise UsageError(f"{origin}: rule {table.get('code', number)}: {what}") from error
    return tuple(rules)


def _rule(table: Mapping[str, Any]) -> Rule:
    if unknown := set(table) - _RULE_KEYS:
        raise UsageError(f"unknown key {sorted(unknown)[0]!r}")
    pairs: list[tuple[Source, object]] = []
    for row in table["pattern"]:
        if unknown := set(row) - _PATTERN_KEYS:
            raise UsageError(f"unknown key {sorted(unknown)[0]!r} in a pattern")
        entry = PhraseEntry(
            conditions=_conditions(row),
            confidence=float(row.get("confidence", 0.8)),
            message=str(row.get("message", "")),
            suggestions=tuple(SuggestionSpec.parse(s) for s in row.get("suggest", ())),
            severity=Severity.parse(row["severity"]) if "severity" in row else None,
        )
        compiled: list[Source] = [phrase(text) for text in row.get("phrases", ())]
        compiled += [compile_pattern(tokens) for tokens in row.get("tokens", ())]
        if not compiled:
            raise UsageError("a pattern needs phrases or tokens")
        pairs += [(source, entry) for source in compiled]
    return Rule(
        code=table["code"],
        name=table["name"],
        category=table.get("category"),
        principle=int(table["principle"]),
        severity=Severity.parse(table["severity"]),
        fix=Fix(table.get("fix", "none")),
        scope="sentence",
        summary=table["summary"],
        check=PhraseCheck(PatternSet(tuple(pairs)), _conditions(table), bool(table.get("quoted", False))),
        docs=Documentation(
            **{key: str(table[key]).strip() for key in ("what", "why", "better", "leave")},
            sources=str(table.get("sources", "")).strip(),
        ),
        bad=tuple(parse_example(e) for e in table.get("bad", ())),
        good=tuple(parse_example(e) for e in table.get("good", ())),
    )


def parse_example(value: str | Mapping[str, Any]) -> Example:
    """An example as the files write it: a string, or a table with the fields of :class:`Example`."""
    return Example(text=value) if isinstance(value, str) else Example(**value)


def _set(phrases: Iterable[str]) -> PatternSet | None:
    pairs = tuple((phrase(text), None) for text in phrases)
    return PatternSet(pairs) if pairs else None


def _conditions(table: Mapping[str, Any]) -> Conditions:
    return Conditions(
        unless=_set(table.get("unless", ())),
        unless_previous=_set(table.get("unless-previous", ())),
        unless_next=_set(table.get("unless-next", ())),
        unless_inside=_set(table.get("unless-inside", ())),
        roles=tuple(table.get("roles", ())),
        not_roles=tuple(table.get("not-roles", ())),
        channels=tuple(table.get("channels", ())),
        not_channels=tuple(table.get("not-channels", ())),
        moments=tuple(table.get("moments", ())),
        not_moments=tuple(table.get("not-moments", ())),
        questions=table.get("questions"),
        position=table.get("position"),
        stances=tuple(table.get("stances", ())),
        replies=table.get("replies"),
    )


@cache
def family(name: str) -> tuple[Rule, ...]:
    """The rules of a built-in file ``phrases/<name>.toml``."""
    path = files("tonelint.rules").joinpath("phrases", f"{name}.toml")
    return load_rules(path.read_text(encoding="utf-8"), origin=f"phrases/{name}.toml")
