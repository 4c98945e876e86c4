"""How much of a message attends to its reader: the share, the opening, the closing, and long stretches of neither."""

from __future__ import annotations

from collections.abc import Iterable

from tonelint.config import BALANCE_SHARE
from tonelint.rules.base import Check, Documentation, Example, Hit, Passage, Rule, display
from tonelint.rules.message import may_judge_whole
from tonelint.types import Fix, Role, Severity

RUN = 4
"""Broadcast sentences in a row that make a monologue."""
_ASIDE = frozenset({Role.RECORD, Role.ALT})
"""Roles that neither lengthen nor break a run."""


SURE = 0.7
"""Probability from which one sentence's stance may carry a finding."""


def _stances(passage: Passage) -> list[tuple[int, str]]:
    """Index and stance of every spoken sentence; empty where there is no opinion or no message to judge."""
    if not may_judge_whole(passage):
        return []
    stances = [(index, passage.stance(index)) for index in passage.spoken()]
    return [(index, stance) for index, stance in stances if stance is not None]


def check_share(passage: Passage) -> Iterable[Hit]:
    """Whether the interested share lies below the threshold of the channel."""
    said = [stance for _, stance in _stances(passage)]
    interested, broadcast = said.count("interested"), said.count("broadcast")
    threshold = passage.thresholds.get(f"balance.{passage.channel}", BALANCE_SHARE.get(passage.channel, 0.5))
    if not interested + broadcast:
        return
    share = interested / (interested + broadcast)
    if share < threshold:
        noun = "sentence attends" if interested == 1 else "sentences attend"
        message = (
            f"Only {interested} {noun} to the reader against {broadcast} about you: {share:.0%}, "
            f"where {passage.channel} wants {threshold:.0%} or more."
        )
        yield Hit(message=message, confidence=0.9)


def _sure(passage: Passage, index: int) -> bool:
    """Whether the model is sure enough of a single sentence to found a finding on it alone."""
    scores = passage.scores[index]
    return scores is not None and scores.stance.get("broadcast", 0.0) >= SURE


def check_opening(passage: Passage) -> Iterable[Hit]:
    """The first sentence that is not neutral, where it is broadcast."""
    first = next(((index, stance) for index, stance in _stances(passage) if stance != "neutral"), None)
    if first and first[1] == "broadcast" and _sure(passage, first[0]):
        severity = Severity.INFO if passage.channel == "marketing" else None
        advice = display(
            "Open with what concerns [the reader]: their question, what changes for them, what they can do now."
        )
        yield Hit(first[0], passage.sentences[first[0]].view, confidence=0.8, severity=severity, proposals=advice)


def check_closing(passage: Passage) -> Iterable[Hit]:
    """The last sentence that is not neutral, where it is broadcast."""
    last = next(((index, stance) for index, stance in reversed(_stances(passage)) if stance != "neutral"), None)
    if last and last[1] == "broadcast" and _sure(passage, last[0]):
        advice = display("Close with the reader: [what happens next for them], or a question that you want answered.")
        yield Hit(last[0], passage.sentences[last[0]].view, confidence=0.8, proposals=advice)


def check_monologue(passage: Passage) -> Iterable[Hit]:
    """Runs of :data:`RUN` or more broadcast sentences, from the first to the last."""
    run: list[int] = []
    for index, stance in [*_stances(passage), (-1, "")]:
        if stance == "broadcast":
            run.append(index)
        elif index < 0 or passage.sentences[index].role not in _ASIDE:
            if len(run) >= RUN:
                message = f"{len(run)} sentences in a row are about you; the reader has nothing to do but listen."
                yield Hit(run[0], passage.sentences[run[0]].view, message=message, until=run[-1], confidence=0.85)
            run = []


_PRIMACY = (
    "First and second principles: be interested as well as interesting; people remember beginnings and ends. Warm "
    "words help most at the "
    "opening and the closing (Packard, Li and Berger 2023)."
)


_WE = "We have opened three new shops."
_PROUD = "Our team has won the county cup."
_RANGE = "Our range now has forty colours."
_HALL = "We moved to a bigger hall."
_YOURS = "Your lamp left Leeds this morning."
_CHOOSE = "You can choose another day until noon."
_ASK = "Which colour would suit your hall?"
_REST = "The office is closed on Sunday."


def _told(*sentences: str, channel: str = "service") -> Example:
    return Example(" ".join(sentences), channel=channel)


_EXAMPLES: dict[str, tuple[tuple[Example, ...], tuple[Example, ...]]] = {
    "BAL101": (
        (
            _told(_WE, _PROUD, _RANGE, _YOURS),
            _told(_WE, _PROUD, _REST),
            _told(_PROUD, _HALL, _RANGE, channel="marketing"),
            _told(_YOURS, _WE, _RANGE, channel="support"),
            _told(_WE, _RANGE, _PROUD, _HALL, _CHOOSE, channel="sales"),
            _told(_REST, _HALL, _WE, channel="sales"),
        ),
        (
            _told(_YOURS, _CHOOSE, _REST),
            _told(_YOURS, _WE, _REST),
            _told(_WE, _PROUD, _RANGE, _CHOOSE, channel="marketing"),
            _told(_WE, _PROUD, _ASK, channel="sales"),
            _told(_REST, "The shop is in Mill Lane.", "The doors are blue."),
            _told(_ASK, _YOURS, _WE, channel="support"),
        ),
    ),
    "BAL102": (
        (
            _told(_WE, _YOURS, _CHOOSE),
            _told(_REST, _PROUD, _YOURS),
            _told(_RANGE, _ASK, _CHOOSE, channel="marketing"),
            _told(_HALL, _YOURS, _REST, channel="support"),
            _told(_PROUD, _PROUD, _ASK, channel="sales"),
            _told(_WE, _REST, _CHOOSE),
        ),
        (
            _told(_YOURS, _WE, _CHOOSE),
            _told(_REST, _YOURS, _WE),
            _told(_ASK, _RANGE, _RANGE, channel="marketing"),
            _told(_CHOOSE, _HALL, _REST, channel="support"),
            _told(_REST, _REST, _ASK, channel="sales"),
            _told(_YOURS, _REST, _PROUD),
        ),
    ),
    "BAL103": (
        (
            _told(_YOURS, _CHOOSE, _WE),
            _told(_YOURS, _PROUD, _REST),
            _told(_ASK, _CHOOSE, _RANGE, channel="marketing"),
            _told(_YOURS, _REST, _HALL, channel="support"),
            _told(_ASK, _PROUD, _PROUD, channel="sales"),
            _told(_CHOOSE, _REST, _WE),
        ),
        (
            _told(_WE, _CHOOSE, _YOURS),
            _told(_WE, _YOURS, _REST),
            _told(_RANGE, _RANGE, _ASK, channel="marketing"),
            _told(_HALL, _REST, _CHOOSE, channel="support"),
            _told(_REST, _ASK, _REST, channel="sales"),
            _told(_PROUD, _REST, _YOURS),
        ),
    ),
    "BAL104": (
        (
            _told(_WE, _PROUD, _RANGE, _HALL, _YOURS),
            _told(_YOURS, _WE, _PROUD, _RANGE, _HALL),
            _told(_WE, _PROUD, _RANGE, _HALL, _WE, _ASK, channel="marketing"),
            _told(_REST, _HALL, _WE, _RANGE, _PROUD, channel="sales"),
            _told(_CHOOSE, _RANGE, _HALL, _WE, _PROUD, _YOURS),
            _told(_HALL, _HALL, _WE, _WE, channel="support"),
        ),
        (
            _told(_WE, _PROUD, _RANGE, _YOURS),
            _told(_WE, _PROUD, _YOURS, _RANGE, _HALL),
            _told(_WE, _PROUD, _REST, _RANGE, _HALL),
            _told(_YOURS, _CHOOSE, _ASK, _YOURS),
            _told(_REST, _REST, _REST, _REST),
            _told(_HALL, _ASK, _WE, _ASK, _RANGE, channel="marketing"),
        ),
    ),
}


def _rule(code: str, name: str, check: Check, *, severity: Severity, summary: str, docs: Documentation) -> Rule:
    bad, good = _EXAMPLES[code]
    at_a_place = code in ("BAL102", "BAL103")
    return Rule(
        code=code,
        name=name,
        category=None,
        principle=2 if at_a_place else 1,
        severity=severity,
        fix=Fix.SUGGEST if at_a_place else Fix.NONE,
        scope="message",
        summary=summary,
        check=check,
        docs=docs,
        bad=bad,
        good=good,
        needs_stance=True,
    )


RULES: tuple[Rule, ...] = (
    _rule(
        "BAL101",
        "unbalanced",
        check_share,
        severity=Severity.WARNING,
        summary="Too little of this message attends to the reader.",
        docs=Documentation(
            what="The share of sentences that attend to the reader, of all that attend to the reader or make them "
            "look at you, lies below "
            "the threshold of the channel: 0.20 in marketing, 0.30 in sales, 0.50 in service and support. Pronouns "
            "are not counted; the "
            "model judges each sentence's job.",
            why="Most companies spend four fifths of their words on themselves. A reader who is only an audience "
            "leaves like one.",
            better="Turn two features into what this reader can now do, answer the question they have, ask one you "
            "want answered.",
            leave="A message that is news by agreement, such as a press release. The thresholds can be set: "
            "`balance.marketing` and so on.",
            sources=_PRIMACY + ' Counting "you" against "we" measures little, so it is not done here.',
        ),
    ),
    _rule(
        "BAL102",
        "self-centred-opening",
        check_opening,
        severity=Severity.WARNING,
        summary="The message opens with you; readers decide by the opening whether it concerns them.",
        docs=Documentation(
            what="The first sentence that is not mere form is about the company. In marketing this is told as "
            "information only.",
            why="First impressions stay. An opening about the sender says that the reader may stop here.",
            better="Open with their matter: the answer, the change for them, the date.",
            leave="Where the reader asked who you are.",
            sources=_PRIMACY,
        ),
    ),
    _rule(
        "BAL103",
        "self-centred-closing",
        check_closing,
        severity=Severity.INFO,
        summary="The message closes with you; the last thing said is what readers take along.",
        docs=Documentation(
            what="The last sentence that is not mere form is about the company.",
            why="People remember ends. A pitch as the last word undoes the help before it.",
            better="Close with the next step for them, or with one question.",
            leave="Where the call to action is what the reader asked for.",
            sources=_PRIMACY,
        ),
    ),
    _rule(
        "BAL104",
        "monologue",
        check_monologue,
        severity=Severity.INFO,
        summary="Four or more sentences in a row are about you.",
        docs=Documentation(
            what="A run of four or more sentences that make the reader look at the company, with none for the "
            "reader in between.",
            why="After the third, people skim for the part that concerns them, and there is none.",
            better="Break the run: after two sentences say what it means for them, or cut.",
            leave="A story that the reader asked for.",
            sources=_PRIMACY,
        ),
    ),
)
