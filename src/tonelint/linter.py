"""From a document to findings: the one function behind command line, editor, hook and audit."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate

from tonelint import suppressions
from tonelint.config import Config
from tonelint.passages import Job, passages
from tonelint.rewriting.suggestions import suggestion
from tonelint.rules import all_rules
from tonelint.rules.base import Hit, Passage, Rule
from tonelint.rules.model import ADVICE
from tonelint.rules.selection import ignored_for, named, select
from tonelint.tagging import Tagger
from tonelint.types import (
    Comment,
    Document,
    Edit,
    Finding,
    MessageSource,
    PieceKind,
    Role,
    Safety,
    Scores,
    Segment,
    Sentence,
    Severity,
    Span,
    Suggestion,
)

MESSAGE_LABELS = ("upset", "acknowledges", "acts", "next_step", "invites", "missing_empathy", "empathy_without_action")
LEAST_HITS, LEAST_PRECISION = 20, 0.7
"""A rule that hit less often on the corpus's validation part, or was right less often, is reported as ``info``."""
_COUNTING = ("BAL101", "BAL102", "BAL103", "BAL104", "INT101", "TPL001")
_EVEN = 0.5
_REACH = 2.5
"""The farthest, in log-odds, that the model moves a pattern: from 0.8 down to 0.25, or up to 0.98."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Sentences by stance. ``share`` is interested ÷ (interested + broadcast); None when both are nought."""

    interested: int
    broadcast: int
    neutral: int

    @property
    def share(self) -> float | None:
        """The interested share 0…1, or None."""
        told = self.interested + self.broadcast
        return self.interested / told if told else None


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence with what the model says of it."""

    sentence: Sentence
    scores: Scores | None
    keeper: bool


@dataclass(frozen=True, slots=True)
class MessageResult:
    """What is known about one message. ``judged`` is False for a message that is not English."""

    source: MessageSource
    language: str
    channel: str
    moment: str
    judged: bool
    sentences: tuple[TaggedSentence, ...]
    labels: Mapping[str, object] = field(default_factory=dict)
    """Message labels by name; empty where no model for them is there."""
    cues: tuple[tuple[str, str], ...] = ()
    """What decided on ``channel`` and ``moment``, for people: which of the two, and the reason."""

    def _stances(self) -> list[str]:
        return [t.scores.label for t in self.sentences if t.scores and t.scores.stance and not t.sentence.alternate]

    @property
    def balance(self) -> Balance:
        """Sentences by stance, alternate branches left out."""
        count = Counter(self._stances())
        return Balance(count["interested"], count["broadcast"], count["neutral"])

    @property
    def opens(self) -> str | None:
        """Stance of the first sentence that is not neutral."""
        return next((s for s in self._stances() if s != "neutral"), None)

    @property
    def closes(self) -> str | None:
        """Stance of the last sentence that is not neutral."""
        return next((s for s in reversed(self._stances()) if s != "neutral"), None)

    @property
    def keepers(self) -> tuple[Sentence, ...]:
        """What the message does well."""
        return tuple(t.sentence for t in self.sentences if t.keeper)


@dataclass(frozen=True)
class LintResult:
    """Everything that one run says about one document. Findings are in source order, whole-message ones first in their message."""

    document: Document
    findings: tuple[Finding, ...]
    messages: tuple[MessageResult, ...]

    @cached_property
    def by_message(self) -> Mapping[str, tuple[Finding, ...]]:
        """Findings by message id."""
        grouped: dict[str, list[Finding]] = {}
        for finding in self.findings:
            grouped.setdefault(finding.message_id, []).append(finding)
        return {key: tuple(value) for key, value in grouped.items()}


def join(pattern: float, score: float | None, *, prior: float, weight: float) -> float:
    """A pattern's confidence moved by the model: log-odds add, the model's as far as they differ from the category's prior.

    All are probabilities 0…1 but ``weight`` (0: the pattern stands alone). A model that says no more than "rare, as ever" leaves the
    pattern where it is; it can move it by at most :data:`_REACH` log-odds. Without a score the pattern stands.
    """
    if score is None:
        return pattern
    evidence = weight * (_logit(_clip(score)) - _logit(_clip(prior)))
    odds = _logit(_clip(pattern)) + min(max(evidence, -_REACH), _REACH)
    return 1.0 / (1.0 + math.exp(-odds))


def _clip(p: float) -> float:
    return min(max(p, 0.001), 0.999)


def _logit(p: float) -> float:
    return math.log(p / (1.0 - p))


def lint(
    document: Document,
    config: Config,
    tagger: Tagger,
    *,
    rules: Sequence[Rule] | None = None,
    reply_to: str | None = None,
) -> LintResult:
    """Lint one document. Pure: no files, no globals, no printing; the same input gives the same result.

    ``rules`` defaults to all built-in ones; the configuration selects among them. ``reply_to`` is the customer's message that the
    document answers, context only. Raises UsageError for a selector that names no rule.
    """
    return lint_all((Job(document, config, reply_to),), tagger, rules=rules)[0]


def lint_all(jobs: Sequence[Job], tagger: Tagger, *, rules: Sequence[Rule] | None = None) -> list[LintResult]:
    """Lint some documents at once: the same as one after the other, but the model sees all their sentences in one batch."""
    available = tuple(rules) if rules is not None else all_rules()
    found = passages(jobs, tagger)
    return [_judged(job, own, available, tagger) for job, own in zip(jobs, found, strict=True)]


def _judged(job: Job, found: Sequence[tuple[Passage, str]], available: tuple[Rule, ...], tagger: Tagger) -> LintResult:
    document, config = job.document, job.config
    chosen = select(available, config)
    ignored = ignored_for(document.name, config)
    chosen = tuple(
        r for r in chosen if not any(named(c, code=r.code, name=r.name, category=r.category) for c in ignored)
    )
    findings: list[Finding] = []
    results = []
    for passage, tongue in found:
        judged = tongue == "en"
        spoken: list[Finding] = []
        if judged:
            spoken = _findings(passage, chosen, config, tagger)
            findings += spoken
        results.append(
            MessageResult(
                passage.source,
                tongue,
                passage.channel,
                passage.moment,
                judged,
                tuple(_tagged(passage, spoken)) if judged else (),
                cues=passage.cues,
            )
        )
    findings = _suppress(document, findings, chosen, available, tuple(results))
    floor = Severity.parse(config.severity)
    kept = [f for f in findings if f.severity >= floor]
    order = {m.source.id: i for i, m in enumerate(results)}
    kept.sort(key=lambda f: (order[f.message_id], (f.span.start, f.span.end) if f.span else (-1, -1), f.code))
    return LintResult(document, tuple(kept), tuple(results))


def _tagged(passage: Passage, findings: Sequence[Finding]) -> Iterable[TaggedSentence]:
    spans = sorted(f.span for f in findings if f.span and f.category)
    starts = [span.start for span in spans]
    ends = list(accumulate((span.end for span in spans), max))
    for sentence, scores in zip(passage.sentences, passage.scores, strict=True):
        if sentence.role is Role.QUOTE:
            continue
        before = bisect_left(starts, sentence.span.end)
        marked = before > 0 and ends[before - 1] > sentence.span.start
        keeper = bool(
            scores
            and not marked
            and scores.keeper is not None
            and scores.keeper >= _EVEN
            and scores.label == "interested"
        )
        yield TaggedSentence(sentence, scores, keeper and not sentence.alternate)


# --------------------------------------------------------------------------------------------------------- findings


def _findings(passage: Passage, rules: Sequence[Rule], config: Config, tagger: Tagger) -> list[Finding]:
    candidates: list[tuple[Finding, int | None]] = []
    for rule in rules:
        if rule.check is None:
            continue
        for hit in rule.check(passage):
            finding = _finding(passage, rule, hit, config, tagger)
            if finding and finding.confidence >= _threshold(rule.category, config, tagger):
                candidates.append((finding, hit.sentence))
    candidates += _model_findings(passage, rules, config, tagger, candidates)
    return _resolve([f for f, _ in candidates if not _allowed(f, passage.document, config)])


def _threshold(category: str | None, config: Config, tagger: Tagger) -> float:
    """From which joined confidence a rule's finding is reported."""
    if config.min_confidence is not None:
        return config.min_confidence
    return tagger.pattern_threshold(category) if category else _EVEN


def _finding(passage: Passage, rule: Rule, hit: Hit, config: Config, tagger: Tagger) -> Finding | None:
    span: Span | None = hit.source_span
    confidence = hit.confidence
    if hit.sentence is not None:
        sentence = passage.sentences[hit.sentence]
        view = hit.view if hit.view is not None else sentence.view
        if sentence.role is Role.QUOTE:  # somebody else's words are never judged, whatever a rule says
            return None
        if not len(view) or not _written(sentence.segment, view):
            return None
        span = sentence.segment.to_source(view)
        if hit.until is not None:
            span = Span(span.start, max(span.end, passage.sentences[hit.until].span.end))
        scores = passage.scores[hit.sentence]
        if scores and rule.category:
            score = scores.categories.get(rule.category)
            confidence = join(confidence, score, prior=tagger.prior(rule.category), weight=tagger.weight)
    return Finding(
        code=rule.code,
        name=rule.name,
        category=rule.category,
        principle=rule.principle,
        severity=_severity(rule, hit, passage, config, tagger),
        message=hit.message or rule.summary,
        confidence=round(confidence, 4),
        message_id=passage.source.id,
        path=passage.document.name,
        span=span,
        text=passage.document.text[span.start : span.end] if span else None,
        suggestions=tuple(suggestion(passage, p) for p in hit.proposals),
        url=rule.url,
    )


def _written(segment: Segment, view: Span) -> bool:
    """Whether any of these words stand in the text itself: what only a template prints is nobody's wording here."""
    return any(
        piece.kind is not PieceKind.PLACEHOLDER and start < view.end and view.start < start + len(piece.text)
        for start, piece in zip(segment.starts, segment.pieces, strict=True)
    )


def _severity(rule: Rule, hit: Hit, passage: Passage, config: Config, tagger: Tagger) -> Severity:
    """The rule's severity, the hit's own, the moment's, what was measured, and last what the user set (the most specific selector)."""
    severity = hit.severity if hit.severity is not None else rule.severity
    if not proven(rule, tagger.precision(rule.code)):
        severity = Severity.INFO
    if rule.category == "announcement" and passage.moment in ("release-notes", "launch"):
        severity = min(severity, Severity.INFO)
    best = -1
    for selector, word in config.severities.items():
        if named(selector, code=rule.code, name=rule.name, category=rule.category) and len(selector) > best:
            best, severity = len(selector), Severity.parse(word)
    return severity


def proven(rule: Rule, figures: tuple[int, float] | None) -> bool:
    """Whether a rule may be more than ``info``: measured often enough and right often enough. What only counts needs no proof."""
    counts = rule.scope != "sentence" or rule.code in _COUNTING
    return counts or figures is None or (figures[0] >= LEAST_HITS and figures[1] >= LEAST_PRECISION)


def _model_findings(
    passage: Passage,
    rules: Sequence[Rule],
    config: Config,
    tagger: Tagger,
    candidates: Sequence[tuple[Finding, int | None]],
) -> list[tuple[Finding, int | None]]:
    """MODnnn: what the model marks and no rule of the category hit in that sentence."""
    taken = {(f.category, index) for f, index in candidates}
    found: list[tuple[Finding, int | None]] = []
    for rule in rules:
        if rule.check is not None or not rule.code.startswith("MOD") or rule.category is None:
            continue
        threshold = config.min_confidence if config.min_confidence is not None else tagger.threshold(rule.category)
        for index, (sentence, scores) in enumerate(zip(passage.sentences, passage.scores, strict=True)):
            score = scores.categories.get(rule.category) if scores else None
            if scores is None or score is None or score < threshold or (rule.category, index) in taken:
                continue
            words, _ = scores.spans.get(rule.category, (Span(0, len(sentence.text)), 0.0))
            quoted = " ".join(sentence.text[words.start : words.end].split())
            named_words = f" The words that weighed most: “{quoted}”." if len(words) < len(sentence.text) else ""
            hit = Hit(
                sentence=index,
                view=words.shift(sentence.view.start),
                confidence=score,
                message=rule.summary + named_words,
            )
            finding = _finding(passage, rule, hit, config, tagger)
            if finding:
                advice = Suggestion(Safety.DISPLAY, ADVICE[rule.category])
                found.append((replace(finding, confidence=round(score, 4), suggestions=(advice,)), index))
    return found


def _allowed(finding: Finding, document: Document, config: Config) -> bool:
    """Whether the house lets these words pass: as a phrase around them, or as a word that its readers know."""
    if finding.span is None:
        return False
    if finding.code == "TLK005" and _plain(finding.text or "") in map(_plain, config.vocabulary):
        return True
    for phrase in config.allow:
        words = _plain(phrase).split()
        reach = 2 * len(phrase)
        first = max(0, finding.span.start - reach)
        around = _plain(document.text[first : finding.span.end + reach])
        for found in re.finditer(r"\s+".join(map(re.escape, words)), around) if words else ():
            if found.start() <= finding.span.start - first and finding.span.end - first <= found.end():
                return True
    return False


def _plain(text: str) -> str:
    """In lower case, with straight apostrophes; as long as before."""
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text).replace("\u2019", "'")


def _resolve(findings: Sequence[Finding]) -> list[Finding]:
    """One finding a category and overlapping span: the surest, then the first in the catalogue. The same code never twice on one span."""
    kept: list[Finding] = []
    seen: set[tuple[str, Span | None]] = set()
    taken: dict[str, list[Span]] = {}  # by category, in order; those kept never overlap
    for finding in sorted(findings, key=lambda f: (f.code.startswith("MOD"), -f.confidence)):
        span = finding.span
        if (finding.code, span) in seen:
            continue
        if finding.category is not None and span is not None:
            spans = taken.setdefault(finding.category, [])
            at = bisect_left(spans, span)
            if any(span.overlaps(near) for near in spans[max(0, at - 1) : at + 1]):
                continue
            spans.insert(at, span)
        seen.add((finding.code, span))
        kept.append(finding)
    return kept


# ----------------------------------------------------------------------------------------------------- suppressions


def _suppress(
    document: Document,
    findings: list[Finding],
    chosen: Sequence[Rule],
    available: Sequence[Rule],
    results: tuple[MessageResult, ...],
) -> list[Finding]:
    bounds = {m.source.id: m.source.span for m in results}
    entries = tuple(bounds.values()) if results and all(m.source.entry for m in results) else ()
    directives = suppressions.parse(document.comments, document.text, entries=entries)
    if not directives:
        return findings

    def matches(code: str, finding: Finding) -> bool:
        return named(code, code=finding.code, name=finding.name, category=finding.category)

    kept, unused = suppressions.apply(findings, directives, matches, lambda f: bounds[f.message_id])
    rule = next((r for r in chosen if r.code == "TLN001"), None)
    if rule is None or not any(m.judged for m in results):
        return kept
    known = {code: _names(code, available) or _names(code, all_rules()) for code in {d.code for d in unused}}
    selected = {code for code in known if _names(code, chosen)}
    starts = [m.source.span.start for m in results]
    for directive in unused:
        code, comment = directive.code, directive.comment
        if known[code] and code not in selected:
            continue  # the rule did not run, so nobody can say that the suppression is idle
        message = results[max(0, bisect_right(starts, comment.span.start) - 1)]
        kept.append(_unused(document, rule, comment, code, exists=known[code], message_id=message.source.id))
    return kept


def _names(code: str, rules: Sequence[Rule]) -> bool:
    """Whether a selector names any of the rules."""
    return any(named(code, code=r.code, name=r.name, category=r.category) for r in rules)


def _unused(document: Document, rule: Rule, comment: Comment, code: str, *, exists: bool, message_id: str) -> Finding:
    span = comment.span
    message = (
        f"Nothing here needs `{code}` to be suppressed any more."
        if exists
        else f"This suppression names an unknown code, `{code}`."
    )
    alone = len(suppressions.parse((comment,), document.text)) == 1
    edits = (Edit(_line_of(document, span), ""),) if alone and document.fixable else ()
    return Finding(
        code=rule.code,
        name=rule.name,
        category=None,
        principle=rule.principle,
        severity=rule.severity,
        message=message,
        confidence=1.0,
        message_id=message_id,
        path=document.name,
        span=span,
        text=document.text[span.start : span.end],
        suggestions=(Suggestion(Safety.SAFE if edits else Safety.DISPLAY, "Remove the suppression.", edits),),
        url=rule.url,
    )


def _line_of(document: Document, span: Span) -> Span:
    """A comment with its line, if it has that to itself and the lines around it stay apart without it."""
    text = document.text
    start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    rest = _LINE_END.match(text, span.end)
    if text[start : span.start].strip() or rest is None:
        return span
    before = text[:start].rstrip("\r\n")
    blank = text[len(before) : start].count("\n") != 1 or not text[rest.end() :].split("\n", 1)[0].strip()
    return Span(start, rest.end()) if blank or document.format not in ("text", "markdown") else span


_LINE_END = re.compile(r"[ \t]*(?:\r\n|\n|\r|\Z)")
