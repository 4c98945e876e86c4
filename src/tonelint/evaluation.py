"""Measuring models and rules against labelled copy: what ``tonelint evaluate`` prints.

Gold is one message a line: ``{"id", "channel", "subject", "customer", "sentences": [{"text", "stance", "findings"}], "message"}``. The
sentences are joined by blank lines, read as plain text and linted like any draft; a gold sentence takes the stance
of the sentence that overlaps it most, and a finding counts for the gold sentence that holds most of its span.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tonelint.linter import LintResult
from tonelint.types import CATEGORIES, STANCES, Finding, Span

GAP = "\n\n"

Check = Callable[[str, Mapping[str, Any]], LintResult]
"""Lints the text of a gold message."""


def layout(gold: Mapping[str, Any]) -> tuple[str, list[Span]]:
    """The text of a gold message and the run of each sentence in it."""
    spans, at = [], 0
    for sentence in gold["sentences"]:
        spans.append(Span(at, at + len(sentence["text"])))
        at += len(sentence["text"]) + len(GAP)
    return GAP.join(s["text"] for s in gold["sentences"]), spans


def gold_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A corpus row (message or exchange) as gold."""
    sentences = [
        {"text": s["text"], "stance": s["stance"], "findings": sorted({f["category"] for f in s["findings"]})}
        for s in row["sentences"]
    ]
    return {
        "id": row["id"],
        "channel": row["channel"],
        "customer": row.get("customer"),
        "sentences": sentences,
        "message": row.get("labels"),
    }


def _shared(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))


@dataclass
class Tally:
    """Counts of hits, false alarms and misses."""

    hits: int = 0
    false: int = 0
    missed: int = 0

    def figures(self) -> dict[str, float | int]:
        """Precision, recall and F1 (0 where undefined), and how many gold cases there are."""
        precision = self.hits / (self.hits + self.false) if self.hits + self.false else 0.0
        recall = self.hits / (self.hits + self.missed) if self.hits + self.missed else 0.0
        both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {"precision": precision, "recall": recall, "f1": both, "support": self.hits + self.missed}


@dataclass
class Evaluation:
    """What was counted over all messages."""

    messages: int = 0
    sentences: int = 0
    words: int = 0
    untagged: int = 0
    stances: list[tuple[str, str]] = field(default_factory=list)
    points: list[tuple[float, bool]] = field(default_factory=list)
    categories: dict[str, Tally] = field(default_factory=lambda: {c: Tally() for c in CATEGORIES})
    rules: dict[str, Tally] = field(default_factory=dict)
    unscored: Counter[str] = field(default_factory=Counter)
    """Findings without a category or a place, by code."""
    message_alarms: int = 0
    """Warnings and errors about a whole message."""
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def add(self, gold: Mapping[str, Any], result: LintResult) -> None:
        """Count one message."""
        _, spans = layout(gold)
        self.messages += 1
        self.words += sum(len(s["text"].split()) for s in gold["sentences"])
        tagged = [t for m in result.messages for t in m.sentences if not t.sentence.alternate]
        got: list[set[str]] = [set() for _ in spans]
        for finding in result.findings:
            self._finding(finding, gold, spans, got)
        for i, (span, sentence) in enumerate(zip(spans, gold["sentences"], strict=True)):
            best = max(tagged, key=lambda t: (_shared(span, t.sentence.span), -len(t.sentence.span)), default=None)
            told = "neutral"
            if best is None or not _shared(span, best.sentence.span):
                self.untagged += 1
            elif best.scores and best.scores.stance:
                told = best.scores.label
                self.points.append((best.scores.stance[told], told == sentence["stance"]))
            self.stances.append((sentence["stance"], told))
            self.sentences += 1
            want = set(sentence.get("findings") or ())
            for category in CATEGORIES:
                if category in want and category not in got[i]:
                    self.categories[category].missed += 1
                    self.wrong.append({"id": gold["id"], "text": sentence["text"], "missed": category})
            if told != sentence["stance"]:
                self.wrong.append(
                    {"id": gold["id"], "text": sentence["text"], "gold": sentence["stance"], "told": told}
                )

    def _finding(self, finding: Finding, gold: Mapping[str, Any], spans: Sequence[Span], got: list[set[str]]) -> None:
        if finding.span is None and finding.severity.word != "info":
            self.message_alarms += 1
        if finding.category is None or finding.span is None:
            self.unscored[finding.code] += 1
            return
        place = finding.span
        best = max(range(len(spans)), key=lambda i: _shared(spans[i], place), default=None)
        rule = self.rules.setdefault(finding.code, Tally())
        if best is None or not _shared(spans[best], place):
            rule.false += 1
            self.categories[finding.category].false += 1
            return
        right = finding.category in (gold["sentences"][best].get("findings") or ())
        if right:
            rule.hits += 1
        else:
            rule.false += 1
            self.wrong.append(
                {
                    "id": gold["id"],
                    "text": gold["sentences"][best]["text"],
                    "false": finding.category,
                    "code": finding.code,
                    "words": finding.text,
                }
            )
        if finding.category not in got[best]:
            got[best].add(finding.category)
            tally = self.categories[finding.category]
            if right:
                tally.hits += 1
            else:
                tally.false += 1

    def figures(self) -> dict[str, Any]:
        """Everything as plain numbers, ready for JSON."""
        total = Tally(
            *(sum(getattr(t, name) for t in self.categories.values()) for name in ("hits", "false", "missed"))
        )
        gold, told = Counter(a for a, _ in self.stances), Counter(b for _, b in self.stances)
        n = max(1, len(self.stances))
        observed = sum(a == b for a, b in self.stances) / n
        chance = sum(gold[s] * told[s] for s in STANCES) / n**2
        per_class = {
            s: Tally(
                sum(a == b == s for a, b in self.stances),
                sum(b == s != a for a, b in self.stances),
                sum(a == s != b for a, b in self.stances),
            ).figures()
            for s in STANCES
        }
        return {
            "messages": self.messages,
            "sentences": self.sentences,
            "untagged": self.untagged,
            "stance": {
                "accuracy": observed,
                "kappa": (observed - chance) / (1 - chance) if chance < 1 else 1.0,
                "macro_f1": sum(float(v["f1"]) for v in per_class.values()) / len(per_class),
                "calibration_error": _calibration(self.points),
                "per_class": per_class,
                "confusion": {f"{a}>{b}": c for (a, b), c in sorted(Counter(self.stances).items())},
            },
            "findings": {
                "micro": total.figures(),
                "false_alarms_per_1000_words": 1000 * total.false / self.words if self.words else None,
                "per_category": {c: t.figures() for c, t in self.categories.items()},
            },
            "rules": {
                code: {"hits": t.hits + t.false, "precision": t.hits / (t.hits + t.false) if t.hits + t.false else None}
                for code, t in sorted(self.rules.items())
            },
            "unscored": dict(sorted(self.unscored.items())),
            "message_alarms_per_message": self.message_alarms / self.messages if self.messages else None,
        }


def _calibration(points: Sequence[tuple[float, bool]], bins: int = 10) -> float | None:
    total = 0.0
    for k in range(bins):
        inside = [(p, ok) for p, ok in points if k / bins < p <= (k + 1) / bins]
        total += abs(sum(p for p, _ in inside) - sum(ok for _, ok in inside))
    return total / len(points) if points else None


def evaluate(golds: Iterable[Mapping[str, Any]], check: Check) -> Evaluation:
    """Lint and count every message."""
    evaluation = Evaluation()
    for gold in golds:
        evaluation.add(gold, check(layout(gold)[0], gold))
    return evaluation


def table(figures: Mapping[str, Any]) -> str:
    """The figures for people."""
    stance, findings = figures["stance"], figures["findings"]
    micro = findings["micro"]
    error = stance["calibration_error"]
    lines = [
        f"{figures['messages']} messages, {figures['sentences']} sentences, {figures['untagged']} untagged (taken as neutral)",
        f"stance    accuracy {stance['accuracy']:.3f}  macro-F1 {stance['macro_f1']:.3f}  kappa {stance['kappa']:.3f}"
        f"  calibration error {'–' if error is None else f'{error:.3f}'}",
        *(
            f"  {name:14} P {v['precision']:.2f}  R {v['recall']:.2f}  F1 {v['f1']:.2f}  n {v['support']}"
            for name, v in stance["per_class"].items()
        ),
        f"findings  micro P {micro['precision']:.3f}  R {micro['recall']:.3f}  F1 {micro['f1']:.3f}"
        f"  false alarms per 1000 words {findings['false_alarms_per_1000_words'] or 0:.1f}",
        *(
            f"  {name:14} P {v['precision']:.2f}  R {v['recall']:.2f}  F1 {v['f1']:.2f}  n {v['support']}"
            for name, v in findings["per_category"].items()
        ),
        "rules     " + "  ".join(f"{code} {v['hits']} at {v['precision']:.2f}" for code, v in figures["rules"].items()),
        f"warnings and errors about a whole message: {figures['message_alarms_per_message'] or 0:.2f} a message",
    ]
    if figures["unscored"]:
        lines.append(
            "not scored (no category, or no place): " + "  ".join(f"{c} {n}" for c, n in figures["unscored"].items())
        )
    return "\n".join(lines)
