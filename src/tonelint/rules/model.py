"""MOD001…MOD012: what the model marks and no pattern of the category hit. The linter raises them from the scores."""

from __future__ import annotations

from tonelint.rules.base import Documentation, Rule
from tonelint.types import CATEGORIES, Fix, Severity

_WHAT = {
    "self-praise": ("The model reads this as praise of the company that the reader cannot check.", 1, "Say what it does for this reader, or name the source."),
    "announcement": ("The model reads this as your own news or feelings made into the event.", 1, "Begin with what changes for the reader."),
    "pressure": ("The model reads this as a push: urgency, scarcity or guilt.", 8, "Give the date and the reason once, and let the reader decide."),
    "assumption": ("The model reads this as telling the reader what they feel, want, know or are.", 4, "Say it only if they told you; otherwise ask."),
    "intrusive": ("The model reads this as closer to the reader than they allowed.", 5, "Say why you know or ask, and ask first."),
    "hollow": ("The model reads this as stock courtesy with nothing specific in it.", 9, "Name the thing you are sorry or grateful for."),
    "blame": ("The model reads this as putting the fault on the customer, or making it small.", 9, "Say what happened and what helps."),
    "deflection": ("The model reads this as handing the work back or shutting the door.", 7, "Do it for them, or give one person and one way."),
    "talking-at": ("The model reads this as an institution speaking to a mass.", 9, "Speak to one reader: you, we, and who does what."),
    "vague-promise": ("The model reads this as a promise without who or when.", 3, "Say who does it and by when: [name] by [day]."),
    "transactional": ("The model reads this as treating the person as a sale, a number or a score.", 6, "Leave it out here, or say what it is good for to them."),
    "dishonest": ("The model reads this as a hidden catch or a claim nobody can keep.", 8, "Put the catch beside the promise, in plain words."),
}  # fmt: skip


def _rule(number: int, category: str) -> Rule:
    summary, principle, better = _WHAT[category]
    return Rule(
        code=f"MOD{number:03d}",
        name=f"model-{category}",
        category=category,
        principle=principle,
        severity=Severity.WARNING,
        fix=Fix.SUGGEST,
        scope="sentence",
        summary=summary,
        check=None,
        docs=Documentation(
            what=f"A sentence that the model marks as *{category}* and that no phrase rule of this category hit.",
            why="Tone is more than set phrases: the model has learnt the category from labelled copy and sees wordings that no list holds. "
            "The finding names the words that weighed most, so that you can judge for yourself.",
            better=better,
            leave="When the words that it names do honest work here. A model errs; the confidence says how often.",
            sources="The annotation guide's definition of the category, through the labelled corpus.",
        ),
    )


RULES: tuple[Rule, ...] = tuple(_rule(i, category) for i, category in enumerate(CATEGORIES, 1))
ADVICE = {category: better for category, (_, _, better) in _WHAT.items()}
