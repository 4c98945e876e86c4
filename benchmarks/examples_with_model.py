"""How many of the rules' own examples still come out right with the shipped model: ``python benchmarks/examples_with_model.py``.

A bad example is right if its rule is reported on it at the model's thresholds; a good one if it is not.
"""

from __future__ import annotations

from collections import Counter

from tonelint.linter import join
from tonelint.rules import all_rules
from tonelint.rules.base import Example, Rule
from tonelint.rules.examples import passage, run
from tonelint.tagging import Tagger, load_tagger


def reported(rule: Rule, example: Example, tagger: Tagger) -> bool:
    """Whether the rule is reported on the example, its patterns moved by the model."""
    message = passage(example, tagger)
    floor = tagger.pattern_threshold(rule.category) if rule.category else 0.5
    for hit in run(rule, example, tagger, floor=0.0):
        scores = message.scores[hit.sentence] if hit.sentence is not None else None
        score = scores.categories.get(rule.category) if scores and rule.category else None
        prior = tagger.prior(rule.category) if rule.category else 0.5
        if join(hit.confidence, score, prior=prior, weight=tagger.weight) >= floor:
            return True
    return False


def main() -> None:
    """Print the share by rule and over all."""
    tagger = load_tagger()
    right, total = Counter[str](), Counter[str]()
    for rule in all_rules():
        if rule.check is None:
            continue
        for kind, examples, wanted in (("bad", rule.bad, True), ("good", rule.good, False)):
            for example in examples:
                total[kind] += 1
                if reported(rule, example, tagger) is wanted:
                    right[kind] += 1
                else:
                    print(f"{rule.code} {kind}: {example.text[:90]!r}")
    for kind in ("bad", "good"):
        print(f"{kind}: {right[kind]} of {total[kind]} ({right[kind] / total[kind]:.1%})")
    print(f"together: {right.total() / total.total():.1%}")


if __name__ == "__main__":
    main()
