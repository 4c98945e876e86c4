"""All built-in rules, in the order of the catalogue: the one place that lists them."""

from __future__ import annotations

from functools import cache

from tonelint.errors import UsageError
from tonelint.rules.base import Rule
from tonelint.rules.phrases import family

PHRASE_FAMILIES = (
    "praise", "care", "talking_at", "empathy", "blame", "assumption", "intrusion", "promise",
    "transaction", "time", "pressure",
)  # fmt: skip

_ORDER = ("SLF", "TLK", "EMP", "ASM", "INT", "VAC", "TRX", "TIM", "PRS", "HON", "BAL", "TPL", "MOD", "TLN")


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every built-in rule. Read on first use, so that importing this package costs nothing."""
    from tonelint.rules import balance, honesty, invitation, model, names, promise, tool, transaction, typography

    phrases = tuple(rule for name in PHRASE_FAMILIES for rule in family(name))
    rules = (
        *phrases,
        *invitation.rules(),
        *honesty.rules(),
        *balance.RULES,
        *names.RULES,
        *promise.RULES,
        *transaction.RULES,
        *typography.RULES,
        *model.RULES,
        *tool.RULES,
    )
    return tuple(sorted(rules, key=lambda rule: (_ORDER.index(rule.code[:3]), rule.code)))


def by_code(rules: tuple[Rule, ...], code: str) -> Rule:
    """The rule with that code or name; raises UsageError if there is none."""
    for rule in rules:
        if code.upper() == rule.code or code.lower() == rule.name:
            return rule
    raise UsageError(f"no rule {code!r}")
