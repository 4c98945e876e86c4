"""Rules for people: one or all of them, as text, Markdown or JSON. ``docs/rules.md`` is made here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tonelint.output.terminal import paint, wrap
from tonelint.rules.base import Example, Rule

PRINCIPLES = (
    "",
    "interesting and interested",
    "first and last impressions",
    "silence gets filled",
    "assumptions",
    "ask before you hug",
    "love is a verb",
    "quality time",
    "trust and honesty",
    "converse",
)
_HEADINGS = (
    ("What it flags", "what"),
    ("Why it lands badly", "why"),
    ("Better", "better"),
    ("When to leave it", "leave"),
    ("Where this comes from", "sources"),
)
_FAMILIES = {
    "SLF": "Self-praise and announcements",
    "TLK": "Talking at people",
    "EMP": "Empathy",
    "ASM": "Assumptions",
    "INT": "Intrusion",
    "VAC": "Vague promises and silence",
    "TRX": "Transactional talk",
    "TIM": "The customer's time",
    "PRS": "Pressure",
    "HON": "Honesty",
    "BAL": "Balance",
    "TPL": "Templates",
    "MOD": "What the model sees",
    "TLN": "tonelint itself",
}


def facts(rule: Rule) -> str:
    """Category, severity, fix and principle in one line."""
    parts = [f"severity {rule.severity.word}", f"fix: {rule.fix.value}"]
    if rule.category:
        parts.insert(0, f"category {rule.category}")
    if rule.principle:
        parts.append(f"principle {rule.principle}, {PRINCIPLES[rule.principle]}")
    if rule.needs_customer:
        parts.append("needs the customer's message")
    if rule.needs_stance:
        parts.append("needs a model")
    return "; ".join(parts)


def markdown(rule: Rule, *, level: int = 1) -> str:
    """One rule as a section. The anchor before the heading is what ``Finding.url`` points at."""
    mark = "#" * level
    lines = [
        f'<a id="{rule.code.lower()}"></a>',
        "",
        f"{mark} {rule.code} {rule.name}",
        "",
        f"*{facts(rule)}*",
        "",
        rule.summary,
    ]
    for heading, attribute in _HEADINGS:
        text = getattr(rule.docs, attribute).strip()
        if text:
            lines += ["", f"{mark}# {heading}", "", text]
    for heading, examples in (("It speaks on", rule.bad), ("It is silent on", rule.good)):
        if examples:
            lines += ["", f"{mark}# {heading}", "", *(f"- {_example_markdown(e)}" for e in examples)]
    return "\n".join(lines) + "\n"


def _folded(text: str) -> str:
    return " ".join(text.split())


def _where(example: Example) -> str:
    """What of an example's surroundings is not ordinary."""
    told = []
    if example.channel != "service":
        told.append(example.channel)
    if example.moment != "other":
        told.append(example.moment)
    if example.role != "body":
        told.append(example.role)
    return ", ".join(told)


def _example_markdown(example: Example) -> str:
    def quoted(text: str) -> str:
        body, ticks = _folded(text), "`"
        while ticks in body:
            ticks += "`"
        pad = " " if body.startswith("`") or body.endswith("`") else ""
        return f"{ticks}{pad}{body}{pad}{ticks}"

    parts = []
    if example.subject:
        parts.append(f"subject {quoted(example.subject)}: ")
    if example.customer:
        parts.append(f"to {quoted(example.customer)}: ")
    if example.before:
        parts.append(f"after {quoted(example.before)}: ")
    parts.append(quoted(example.text))
    if example.after:
        parts.append(f", before {quoted(example.after)}")
    where = _where(example)
    return "".join(parts) + (f" ({where})" if where else "")


def all_markdown(rules: Sequence[Rule]) -> str:
    """All rules as one document, with a table in front."""
    lines = [
        "# Rules",
        "",
        "Made from the rules themselves by `tonelint rule --all --output-format markdown`; do not edit it by hand.",
        "",
        "The letters of a code name its family; the first digit says what it looks at: `0` a phrase or sentence,",
        "`1` a whole message, `2` an archive or a thread over time. Codes are stable.",
        "",
        "| code | name | category | severity | fix | what it says |",
        "|---|---|---|---|---|---|",
    ]
    for rule in rules:
        cells = (
            f"[{rule.code}](#{rule.code.lower()})",
            rule.name,
            rule.category or "–",
            rule.severity.word,
            rule.fix.value,
        )
        lines.append(f"| {' | '.join(cells)} | {rule.summary.replace('|', chr(92) + '|')} |")
    text = "\n".join(lines) + "\n"
    family = ""
    for rule in rules:
        if rule.code[:3] != family:
            family = rule.code[:3]
            text += f"\n## {_FAMILIES.get(family, family)}\n"
        text += "\n" + markdown(rule, level=3)
    return text


def shape(rule: Rule) -> dict[str, Any]:
    """One rule as a JSON value."""
    return {
        "code": rule.code,
        "name": rule.name,
        "category": rule.category,
        "principle": rule.principle,
        "severity": rule.severity.word,
        "fix": rule.fix.value,
        "scope": rule.scope,
        "summary": rule.summary,
        **{attribute: getattr(rule.docs, attribute) for _, attribute in _HEADINGS},
        "bad": [_example_shape(e) for e in rule.bad],
        "good": [_example_shape(e) for e in rule.good],
        "url": rule.url,
    }


def _example_shape(example: Example) -> dict[str, Any]:
    ordinary = Example("")
    fields = ("before", "after", "channel", "moment", "role", "subject", "customer", "format")
    return {"text": example.text, **{f: v for f in fields if (v := getattr(example, f)) != getattr(ordinary, f)}}


def as_json(rules: Sequence[Rule], *, alone: bool) -> str:
    """Rules as JSON: one object if it is ``alone``, else a list."""
    value: object = shape(rules[0]) if alone else [shape(rule) for rule in rules]
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def text(rule: Rule, *, width: int, colour: bool) -> str:
    """One rule for a terminal."""
    lines = [paint(f"{rule.code} {rule.name}", "bold", colour=colour)]
    lines += [paint(line, "dim", colour=colour) for line in wrap(facts(rule), width)]
    lines += ["", *wrap(rule.summary, width)]
    for heading, attribute in _HEADINGS:
        body = getattr(rule.docs, attribute).strip()
        if body:
            lines += ["", paint(heading, "bold", colour=colour)]
            for paragraph in body.split("\n\n"):
                lines += ["  " + line for line in wrap(paragraph, width - 2)]
    for heading, examples, name in (("It speaks on", rule.bad, "warning"), ("It is silent on", rule.good, "good")):
        if not examples:
            continue
        lines += ["", paint(heading, "bold", colour=colour)]
        for example in examples:
            where = _where(example)
            shown = " ".join(
                p for p in (example.before, example.text, example.after, f"({where})" if where else "") if p
            )
            first, *rest = wrap(_folded(shown), width - 4)
            lines += [paint("  - ", name, colour=colour) + first, *("    " + line for line in rest)]
    return "\n".join(lines) + "\n"


def listing(rules: Sequence[Rule], *, width: int, colour: bool) -> str:
    """All rules for a terminal, a line each."""
    widest = max((len(rule.name) for rule in rules), default=0)
    lines = []
    for rule in rules:
        first, *rest = wrap(rule.summary, max(24, width - widest - 10))
        lines.append(f"{paint(rule.code, rule.severity.word, colour=colour)}  {rule.name:<{widest}}  {first}")
        lines += [" " * (widest + 10) + line for line in rest]
    return "\n".join(lines) + "\n"
