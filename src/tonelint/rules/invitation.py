"""Whether a message lets its reader answer: hooks that want no answer, no way to answer, mailboxes that nobody
reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from tonelint.rules.base import Documentation, Example, Hit, Passage, Rule, display, each_sentence
from tonelint.rules.message import may_judge_whole
from tonelint.rules.notation import phrase
from tonelint.rules.patterns import PatternSet
from tonelint.rules.phrases import PhraseCheck, any_match, family, is_question
from tonelint.types import Fix, Role, Severity

# ----------------------------------------------------------------------------------------------- TLK004 rhetorical-hook

_HOOKS = (
    "(are you)? ready (to|for) _{0,4} (transform|level|take|unlock|supercharge|boost|revolutionise|"
    "revolutionize|elevate|experience|discover|skyrocket|crush|grow|dive|rock|shine|win|party|explore|"
    "upgrade|ditch|say|wow|scale|change|make|get|be|feel|find|save|start)",
    "(are you)? (tired|sick|fed up|bored) (of|with)", "what are you waiting for", "why wait",
    "why not (treat|try|upgrade|join|give|make|take|book|pop|come|add|go|let)",
    "why (settle|pay|struggle|bother|miss|put up|choose|let|stick)",
    "sound (familiar|good|like)", "sounds (familiar|good|great|too)", "who does not (love|like|want|need|enjoy)",
    "who would not (love|like|want)", "who says", "who knew", "who else (loves|wants|is)",
    "(is it not|isn't it) time", "is it time (to|for|you)",
    "(have you)? ever (wondered|wished|dreamed|dreamt|felt|wanted|thought)",
    "what if (you|your|there|we|i) (could|can|were|told|never|had|team)", "how would you like",
    "would not it be (nice|great|lovely|good)", "would it not be (nice|great|lovely|good)",
    "did you know", "guess what", "guess who", "(can you|could you) (imagine|believe|resist|afford)",
    "need we say more", "what is not to (love|like)", "what could be (better|easier|nicer|more)",
    "remember (when|the)", "wish you could", "feeling (lucky|hungry|the|tired|stuck|overwhelmed|peckish)",
    "in the mood for", "dreaming of", "craving", "struggling (to|with)",
    "want (more|to (transform|boost|grow|save|look|feel|win|stand|impress|get more|increase|double))",
    "does (this|that) sound", "is (your|it) _{0,4} holding you back", "how much (longer|more) ", "fancy (a|some|an)",
    "in need of (a|some)", "need (a|some) (break|treat|holiday|inspiration|pick-me-up|boost|hand)",
)  # fmt: skip
_OWN_MATTER = (
    "your (order|booking|account|parcel|invoice|appointment|claim|case|ticket|refund|delivery|password|"
    "reservation|statement|bill|meter|engineer|repair|complaint|request|application|payment|subscription|"
    "plan|slot|room|seat)",
)
_ANSWERABLE = (
    "(reply|write|tell|call|ring|text|phone|mail|email|let) (us|me|back|to|with|and|by|yes|on|here|<num>|know)",
    "(reply|answer) (to|yes|no|here|stop)", "i (can|will|have)", "we (will|have) (changed|refunded|moved)",
)  # fmt: skip


@cache
def _patterns(name: str) -> PatternSet:
    phrases = {
        "hooks": tuple(f"^ _{{0,2}} {phrase}" for phrase in _HOOKS),
        "own": _OWN_MATTER,
        "answerable": _ANSWERABLE,
        "firm": _FIRM,
        "soft": _SOFT,
        "empty": _EMPTY_QUESTIONS,
    }[name]
    return PatternSet(tuple((phrase(text), None) for text in phrases))


def rhetorical_hook(passage: Passage) -> Iterable[Hit]:
    """Questions of the kind that only bait: no word on the reader's own matter, and no answer asked for after it."""
    for index in each_sentence(passage, skip=("quote", "button", "record", "footer")):
        sentence, tokens = passage.sentences[index], passage.tokens[index]
        if not is_question(sentence.text) or not any_match(_patterns("hooks"), tokens):
            continue
        if any_match(_patterns("own"), tokens):
            continue
        following = passage.near(index, 1)
        if following is not None and any_match(_patterns("answerable"), passage.tokens[following]):
            continue
        confidence = 0.7 if passage.channel in ("marketing", "sales") else 0.5
        yield Hit(
            sentence=index,
            view=sentence.view,
            confidence=confidence,
            proposals=display(
                "[Say what it does, as a fact.]", "[Or ask something that you will act on, and say how to answer.]"
            ),
        )


# ------------------------------------------------------------------------------------------------- TLK101 no-invitation

_PHONE = re.compile(r"(?<![\w./:-])\+?\(?\d[\d() .-]{6,}\d(?![\w/])")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DEAF = re.compile(r"(?i)^(?:no|do|dont)?[-_.]?(?:not)?[-_.]?repl(?:y|ies)\b|noreply|no-reply|donotreply")
_FIRM = (
    "(reply|respond|answer) (directly|straight|simply|just)? (to (this|me|us)|here|back|by|with|and|at|yes|no)",
    "(just|simply) (reply|respond|answer|hit reply|press reply)",
    "hit reply", "press reply", "please (reply|respond)", "replying (to|here|with)",
    "write (back|to (me|us|<title>))", "(call|ring|phone|text|message|dm|whatsapp|mail|email|contact|ask) me",
    "(drop|send|shoot|give) (me|us) (a|an|your|the|some)", "(ask|speak to|talk to|look for|ring|call|email) <title>",
    "my (direct|number|line|mobile|extension|desk)", "(dm|message) us", "i am (here|around|in|on|at)",
    "your (account manager|adviser|advisor|contact) is",
)  # fmt: skip
_SOFT = (
    "(let|tell) (me|us) (know)? (what|when|which|whether|how|where|by|if) _{1,12}",
    "tell us (more|about)",
    "what do you think",
)
_EMPTY_QUESTIONS = (
    "is there anything else", "anything else (we|i) can", "(how|what) did we do", "how likely", "how would you rate",
    "(can|will|would) you rate", "how are we doing", "how was your experience", "(forgot|forgotten) your password",
    "(need|want) (help|more)", "(have|any|got) (a|any|some|more)? (questions|question|queries)",
    "(problems|trouble) (viewing|reading)", "can not (see|read)", "let us know what you think",
    "(need|require|want) (any|some|more|further|additional) (help|assistance|information|details)",
    "(further|other|additional) (queries|questions|assistance)", "(free|hesitate) to (let|contact|reach|get|ask)",
    "on the go", "what has changed", "not you", "was this (helpful|email|page)", "(did|do) you (know|like)",
    "(want|wish) to (unsubscribe|stop)", "why (am i|did i)", "not interested",
)  # fmt: skip


def invites(passage: Passage, index: int) -> bool:
    """Whether a sentence asks the reader something genuine, or gives a person, an address or a line to answer to."""
    sentence, tokens = passage.sentences[index], passage.tokens[index]
    text = sentence.text
    if any(not _DEAF.search(found.group()) for found in _ADDRESS.finditer(text)):
        return True
    if sentence.role is Role.RECORD:
        return False
    if (
        _PHONE.search(text)
        and sum(c.isdigit() for c in text) >= 7
        and re.search(r"(?i)\b(?:call|phone|ring|tel|text|on|at|line|whatsapp|mobile)\b", text)
    ):
        return True
    if sentence.role is Role.FOOTER:
        return False
    if any_match(no_reply_words(), tokens):
        return False
    if any_match(_patterns("firm"), tokens):
        return True
    if any_match(_patterns("empty"), tokens):
        return False
    if any_match(_patterns("soft"), tokens):
        return True
    return is_question(text) and not any_match(_patterns("hooks"), tokens)


@cache
def no_reply_words() -> PatternSet:
    """The phrases of TLK102: an invitation in the same breath is none."""
    check = family("no_reply")[0].check
    if not isinstance(check, PhraseCheck):
        raise TypeError("phrases/no_reply.toml holds one phrase rule")
    return check.patterns


_ANSWERED = frozenset(
    (
        "outage",
        "incident",
        "apology",
        "refusal",
        "complaint",
        "dunning",
        "price-change",
        "terms-change",
        "cancellation",
    )
)
"""Moments after which a reader may well have something to say; nobody answers a receipt."""


def no_invitation(passage: Passage) -> Iterable[Hit]:
    """One hit where nothing asks the reader anything or lets them answer, in a message that they may well want to answer."""
    answered = passage.customer is not None or passage.channel in ("support", "sales") or passage.moment in _ANSWERED
    if not answered or not may_judge_whole(passage) or any(invites(passage, i) for i in passage.spoken()):
        return
    yield Hit(
        confidence=0.6,
        proposals=display("Reply to this mail and it reaches [name].", "[A question whose answer you will act on.]"),
    )


# ------------------------------------------------------------------------------------------------------ TLK102 no-reply

_SENDER = re.compile(r"(?i)\b(?:no|do[-_.]?not|dont)[-_.]?reply")


def no_reply(passage: Passage) -> Iterable[Hit]:
    """The words that say so; a header alone gives a hit without a place."""
    words = family("no_reply")[0].check
    said = False
    for hit in words(passage) if words else ():
        said = True
        yield hit
    hints = passage.source.hints
    if not said and not hints.get("reply-to") and _SENDER.search(hints.get("from", "")):
        yield Hit(
            confidence=0.8,
            message="The sender is a no-reply address: the reader who answers is talking to nobody.",
            proposals=display("From: [an address that somebody reads]"),
        )


# ---------------------------------------------------------------------------------------------------------------- rules

RHETORICAL_HOOK = Rule(
    code="TLK004",
    name="rhetorical-hook",
    category=None,
    principle=9,
    severity=Severity.INFO,
    fix=Fix.SUGGEST,
    scope="sentence",
    summary="Nobody waits for the answer to this question; it is a hook, and readers feel it.",
    check=rhetorical_hook,
    docs=Documentation(
        what='A question that wants no answer: "Ready to transform your business?", "Tired of slow builds?".',
        why="A question promises that somebody listens. When the next line sells, the promise is broken, and the "
        'reader who thought "no" has stopped reading.',
        better="Say what the thing does, as a fact, or ask what you want to know and say how to answer.",
        leave="A question about the reader's own order or case, and one that is followed by how to answer it.",
        sources="Ninth principle: converse. Annotators agree well on whether a question is asked to be answered.",
    ),
    bad=(
        Example("Ready to transform your business?", channel="marketing"),
        Example("Tired of cleaning gutters?", channel="marketing"),
        Example("What are you waiting for?", channel="marketing"),
        Example("Why settle for less?", channel="marketing"),
        Example("Sound familiar?", before="Your inbox is full by nine.", channel="sales"),
        Example("Did you know that a third of all sheds leak?", channel="marketing"),
        Example("Who doesn't love cake?", channel="marketing"),
    ),
    good=(
        Example("Ready to collect your order?", after="Bring the code to the desk."),
        Example("Which day suits you for the fitting?", channel="sales"),
        Example("Tired of our mails?", after="Reply stop and they end today.", channel="marketing"),
        Example("Is the hall step-free, and do you need a ramp?"),
        Example("Would you like the seat by the window?"),
        Example("Do you want us to try your neighbour?"),
        Example("What if your parcel is late?", after="Ring Sue on 01632 960118."),
    ),
)

NO_INVITATION = Rule(
    code="TLK101",
    name="no-invitation",
    category=None,
    principle=9,
    severity=Severity.INFO,
    fix=Fix.SUGGEST,
    scope="message",
    summary="Nothing in this message asks the reader anything or lets them answer.",
    check=no_invitation,
    docs=Documentation(
        what="A message of three sentences or more with no genuine question and no person, address or line to "
        "answer to.",
        why="It is an announcement over a loudspeaker. Readers with a question go looking for a way in, or do "
        "not bother.",
        better='One line is enough: "Reply to this mail and it reaches Dana in billing."',
        leave="Receipts, codes, deliveries, newsletters: the rule looks at replies, at sales mails, and at bad news "
        "(an outage, a refusal, a price rise…), and leaves the rest alone.",
        sources="Ninth principle: a conversation has two ends.",
    ),
    bad=(
        Example("The shop moves on Monday. The new address is 4 Mill Lane. The doors open at nine.", channel="support"),
        Example("Your plan has changed. The new price is £12. It applies from June.", channel="support"),
        Example("We had a good year. Our team has grown. We thank everybody who took part.", channel="support"),
        Example(
            "Your form has arrived. It is being read. The result will be posted on the site. Is there anything else?",
            channel="support",
        ),
        Example("The lift is out of order. It will be repaired. Please use the stairs.", channel="support"),
        Example("The match is off. Tickets stay valid. Contact us if you have questions.", channel="support"),
    ),
    good=(
        Example("The shop moves on Monday. The new address is 4 Mill Lane. Reply here if you want the old key back."),
        Example("Your plan has changed. The new price is £12. Ask Dana on 01632 960455 what it means for you."),
        Example("We had a good year. Our team has grown. Which of the walks should we repeat?"),
        Example("Your form has arrived. I read it tonight. Write to me at jo@hartpress.example if a page is missing."),
        Example("The lift is out of order."),
        Example("Your code is 448812. It works for ten minutes."),
    ),
)


@cache
def rules() -> tuple[Rule, ...]:
    """TLK004, TLK101 and TLK102."""
    return RHETORICAL_HOOK, NO_INVITATION, replace(family("no_reply")[0], check=no_reply)
