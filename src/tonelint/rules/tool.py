"""Findings about the use of tonelint itself. The linter raises them; here they are described."""

from __future__ import annotations

from tonelint.rules.base import Documentation, Rule
from tonelint.types import Fix, Severity

RULES: tuple[Rule, ...] = (
    Rule(
        code="TLN001",
        name="unused-suppression",
        category=None,
        principle=0,
        severity=Severity.WARNING,
        fix=Fix.SAFE,
        scope="tool",
        summary="This suppression suppresses nothing.",
        check=None,
        docs=Documentation(
            what="A `tonelint: disable` comment that suppresses nothing, or names a code that does not exist.",
            why="A suppression that outlives its reason hides the next fault in the same place.",
            better="Remove it, or name the code that you mean.",
            leave="Never: either the code is right and something is suppressed, or the comment can go.",
        ),
    ),
)
