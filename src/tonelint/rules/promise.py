"""Whether the reader of a service or support message can say what happens next."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tonelint.rules.base import Documentation, Example, Hit, Passage, Rule, display
from tonelint.rules.message import may_judge_whole, prose
from tonelint.types import Fix, Role, Severity

_OPEN_MOMENTS = frozenset(
    ("outage", "incident", "apology", "refusal", "complaint", "dunning", "cancellation", "delivery")
)
"""Moments in which something is unfinished for the reader, or feels so."""
_WHEN = (
    r"(?:today|tonight|tomorrow|now|immediately|right away|straight away|this (?:morning|afternoon|evening|week|month)|"
    r"next (?:week|month|\w+day)|(?:by|on|before|until|from|at|after) (?:the )?"
    r"(?:end of|close of|\d|\w+day\b|noon|midnight|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|within|"
    r"in (?:the next )?(?:an?|\d+|one|two|three|four|five|six|seven|ten) (?:\w+ )?(?:minute|hour|day|week|month)s?|"
    r"\d+ (?:working |business )?(?:minute|hour|day|week)s?|\d{1,2}(?::\d\d|\s?[ap]\.?m))"
)
_DOING = (
    r"(?:send|refund|call|ring|email|write|reply|fix|replace|repair|collect|deliver|credit|check|update|contact|book|"
    r"ship|visit|come|pay|post)"
)
_TIMED = re.compile(rf"(?i)\b{_WHEN}\b")
_FUTURE = re.compile(
    r"(?i)\b(?:will|shall|['’]ll|going to|is due|are due|is booked|is "
    r"scheduled|arrives?|leaves?|comes?|goes|starts?|ends?|"
    r"reopens?|expects?|expected|should|calls?|hears?|gets?|have until|by|within)\b"
)
_PARTICIPLES = (
    r"(?:refunded|sent|fixed|replaced|changed|cancelled|canceled|closed|updated|added|removed|corrected|booked|credited|"
    r"restored|resolved|reset|arranged|moved|issued|extended|waived|taken off|stopped|deleted|renewed|posted|shipped|"
    r"dispatched|merged|turned|switched|written off|ordered|reopened|unlocked|delivered|processed|completed|confirmed|"
    r"activated|paid)"
)
_DONE = re.compile(
    rf"(?i)\b(?:(?:i|we)(?: have|['’]ve)?(?: now| just| already| also)? {_PARTICIPLES}|"
    r"i(?: have|['’]ve|['’]m| am) (?!noted|forwarded|passed|received|read|been|always|seen|heard|sorry|sure|afraid|"
    r"so|very|glad|happy|also|saddened|disappointed|concerned|surprised)"
    r"(?:now |just |already )?\w+(?:ed|ing|set|put|given|made)\b|"
    rf"(?:is|are|has been|have been|was|were) (?:now |already )?{_PARTICIPLES}|"
    r"(?:is|are) (?:now )?(?:ready|active|live|complete|done|back|on (?:its|the|their) way|sorted|in place|out now|"
    r"available|working again)|"
    r"(?:no|nothing) (?:further |more |else )?(?:action |steps? )?(?:is |are )?"
    r"(?:needed|required|necessary|left|owed|to do)|"
    r"(?:don['’]t|do not|needn['’]t) (?:need|have) to do|all set|nothing for you to do)\b"
)
_INSTRUCTION = re.compile(
    r"(?i)(?:^|[,;:–—]\s+|\b(?:please|kindly|then|and|or|to do (?:this|so),?|you can(?: also)?|you could|you may|"
    r"you(?:['’]ll)? need to|you should|just|simply|try to|try) )"
    r"(?:reply|respond|answer|call|ring|text|dm|message|send|share|open|click|tap|press|choose|select|go to|visit|log|"
    r"sign|enter|type|check|update|install|restart|reset|follow|use|download|bring|return|post|print|pay|complete|fill|"
    r"contact|e-?mail|write|confirm|tell|let us|let me|give|drop|"
    r"track|see|read|try|head|keep|take|turn|switch|unplug|hold|"
    r"wait|book|change|remove|delete|add|clear|reach|rebook|provide|upload|set|leave|put)\b"
)
_EVENT = re.compile(
    rf"(?i)\b(?:once|when|as soon as|after|if)\b.+\b(?:will|['’]ll|i|we)\b.+\b{_DOING}\b|"
    rf"\b(?:will|['’]ll)\b.+\b{_DOING}\b.+\b(?:once|when|if)\b"
)
_TROUBLE = re.compile(
    r"(?i)\b(?:not work\w*|broken|still|never|late|delay\w*|refund|wrong|charged|lost|missing|fail\w*|error|issues?|"
    r"problems?|complain\w*|disappoint\w*|terrible|worst|awful|angry|annoy\w*|frustrat\w*|wait(?:ed|ing)|times?|again|"
    r"crash\w*|bugs?|poor|bad|rude|useless|stuck|damaged|where is|no (?:reply|answer|response|signal)|can['’]?t|cannot|"
    r"doesn['’]?t|won['’]?t)\b"
)
_ASKING = re.compile(
    r"(?i)\b(?:which|what|when|where|would|could|can|may|do|did|is|are|shall|should) "
    r".*\byou(?:r)?\b.*\?"
)


def check_next_step(passage: Passage) -> Iterable[Hit]:
    """Messages about an open matter in which no sentence says what comes next, or that it is done."""
    if passage.channel not in ("service", "support") or not may_judge_whole(passage):
        return
    if passage.moment not in _OPEN_MOMENTS and not (passage.customer and _TROUBLE.search(passage.customer)):
        return
    if any(passage.sentences[i].role is Role.BUTTON for i in passage.spoken()):
        return
    said = prose(passage)
    if said and not any(says_next(passage.sentences[i].text) for i in said):
        yield Hit(
            confidence=0.6, proposals=display("[name] will [do what] by [day, time]; until then you need do nothing.")
        )


def says_next(text: str) -> bool:
    """Whether a sentence says what happens next and when, what to do now, what is asked, or that it is done."""
    return bool(
        _DONE.search(text)
        or _INSTRUCTION.search(text.lstrip("•-–* "))
        or _EVENT.search(text)
        or _ASKING.search(text)
        or (_TIMED.search(text) and _FUTURE.search(text))
    )


RULES: tuple[Rule, ...] = (
    Rule(
        code="VAC101",
        name="no-next-step",
        category=None,
        principle=3,
        severity=Severity.WARNING,
        fix=Fix.SUGGEST,
        scope="message",
        summary="After this message the reader cannot say what happens next, who does it, and when.",
        check=check_next_step,
        docs=Documentation(
            what="A service or support message about an open matter without a next step: no who and when, nothing "
            "that the reader can do now, "
            "no word that it is done.",
            why="Silence gets filled. Who does not know what comes next rings, writes again, or assumes the worst.",
            better='End the middle with one line: who does what by when. "Nothing for you to do" is a next step too.',
            leave="When the matter is closed and both sides know it.",
            sources="Third principle: silence gets filled; things need closure.",
        ),
        bad=(
            Example(
                "We are sorry for the trouble with your line. Your comments have been noted. We value every customer.",
                channel="support",
                moment="complaint",
            ),
            Example(
                "Thank you for your review. We regret that the room was cold. Our hotel strives for the highest "
                "standards.",
                channel="support",
                moment="complaint",
            ),
            Example(
                "There is a fault at the exchange. Some customers have no signal. We apologise for any inconvenience.",
                moment="outage",
            ),
            Example(
                "Your complaint matters to us. It will be looked into. Thank you for your patience.",
                channel="support",
                moment="complaint",
            ),
            Example(
                "Your parcel is delayed. This is because of the weather. We thank you for your understanding.",
                moment="delivery",
            ),
            Example(
                "I understand how annoying this is. The part is out of stock. We hope to have it again in due course.",
                channel="support",
                customer="Where is my part?",
            ),
        ),
        good=(
            Example(
                "I'm sorry that the line is down again. Ravi comes on Saturday between 9 and 11. You need do nothing.",
                channel="support",
                moment="complaint",
            ),
            Example(
                "There is a fault at the exchange. Two engineers are on it. The next update comes at 15:00.",
                moment="outage",
            ),
            Example(
                "Thank you for the photo. The hinge is broken. I've sent a new one to your address.",
                channel="support",
                moment="complaint",
            ),
            Example(
                "That is annoying. Hold both buttons for ten seconds. The screen comes back.",
                channel="support",
                customer="It is black.",
            ),
            Example("Your order is confirmed. The total is £12. We wish you a good weekend.", moment="receipt"),
            Example(
                "Our spring range is here. It has six colours. Each is dyed by hand.",
                channel="marketing",
                moment="launch",
            ),
        ),
    ),
)
