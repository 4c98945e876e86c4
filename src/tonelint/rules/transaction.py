"""Selling inside a service matter."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from tonelint.rules.base import Documentation, Example, Hit, Passage, Proposal, Rule, ViewEdit, display, each_sentence
from tonelint.rules.notation import phrase
from tonelint.rules.patterns import PatternSet
from tonelint.rules.phrases import any_match
from tonelint.tokens import tokenize
from tonelint.types import Fix, Role, Safety, Severity, Span

_SELLING = (
    "^ [ (upgrade|upgrading) (now|today)? to "
    "(a|an|the|our|<own>|business|premium|pro|platinum|plus|gold|annual|unlimited|<title>) _{0,6} ]",
    "^ [ upgrade (now|today) ]",
    "(can|could|should|may|and|not|please) [ (also)? upgrade to "
    "(our|the|<own>|business|premium|pro|platinum|plus|gold|annual|unlimited|<title>) _{0,4} ]",
    "[ (go|try) (annual|premium|pro|platinum|plus|unlimited|gold) ]",
    "[ why not (explore|try|add|upgrade|treat|book|take|discover|check out|browse|have a look "
    "at|join|pick|order|make) _{0,8} ]",
    "[ (can|may|could|might) (i|we) (also)? interest you in _{0,8} ]",
    "[ (you|students|customers|members|many) (might|may) (also|well)? (like|love|enjoy|be interested in) "
    "(our|the|to try|this|these|a) _{0,8} ]",
    "[ (customers|people|others|shoppers) who _{1,5} (also|loved|bought) _{0,6} ]",
    "[ (use|with|quote|enter) (the)? (promo|discount|voucher)? code <upper> ]",
    "[ (<num>|/\\d+/) % off ]",
    "[ (<num>|/\\d+/) % (discount|off) (on|for)? (your)? (next)? _{0,2} ]",
    "[ (off|discount on|special (rate|rates|offer|offers|price) (for|on)) your next _{1,2} ]",
    "[ (yearly|annual) (billing|plan|membership|season) (saves|and save|gets) _{0,4} ]",
    "[ save (up to)? (<num>|<money>) _{0,3} (with|by|when you|if you|on (our|the|a)) _{1,4} ]",
    "[ (add|adding) _{1,6} for (just|only|an extra)? <money> ]",
    "[ (for|from) (just|only) <money> <num> (a month|more|extra|per|each)? ]",
    "[ (only|just) <money> <num> (more|a month|extra) ]",
    "[ (our|the) (new)? (premium|pro|business|platinum|gold|plus|family|team|annual|enterprise) "
    "(plan|package|tier|card|membership|cover|account) (also)? "
    "(gives|has|includes|offers|get|lets|comes|at|is|you|can) _{0,5} ]",
    "[ with (our|the|a) (premium|pro|business|platinum|gold|plus|family|team|annual|enterprise) "
    "(plan|package|tier|card|membership|cover|account|season) _{0,3} ]",
    "[ (ask|thought) (us|me)? about our (new|latest|platinum|premium|business|gold|other) _{1,4} ]",
    "[ (discover|explore|shop|browse|check out|see|try) (all|out)? our "
    "(new|latest|full|best-selling|exclusive|festive|summer|winter|spring|autumn|premium|special|other|range|sale) "
    "_{0,3} ]",
    "^ [ (shop|buy|subscribe) (now|today|our|the _ sale) ]",
    "[ (shop|browse) our _{1,3} ]",
    "[ (grab|snap up|get|pick up) _{0,2} (early-bird|discounted|cheap) (tickets|deals|offers) _{0,3} ]",
    "[ get <num> (months|weeks|month) free ]",
    "[ while (you wait|you are (here|waiting|at it)|we fix (this|it)) ,? "
    "(why|ask|check|explore|discover|did|have|take|try|our|customers|enjoy) _{0,6} ]",
    "[ unlock _{1,8} (from|for|with our) <money> ]",
    "[ (qualify|eligible) for our (premium|pro|business|platinum|gold|plus) _{0,2} ]",
    "[ did you know (that)? (you can|<title>|our|yearly|annual|we|premium) _{1,10} (<money>|%|save|saves|off) ]",
    "[ (best-selling|bestselling) _{1,2} ]",
    "[ (book|take|start) (a|your) free (tour|trial|demo|consultation) (today|now) ]",
    "[ (shall|should|may|can) (i|we) connect you to sales ]",
)  # fmt: skip
_MAKING_GOOD = (
    "(as|by way of) (an|a|our)? (apology|thank "
    "you|compensation|gesture|goodwill)", "to (say sorry|make up|make it (right|up)|apologise|apologize|thank)",
    "for (the|your|all the) (trouble|inconvenience|delay|wait|upset|bother|"
    "disruption)", "goodwill", "(on us|on the house|free of charge|at no (extra)? (cost|charge))",
    "/(refund|compensat|reimburs)\\w*/", "our (mistake|fault|error)", "(have|has|'ve) (added|credited|taken|put|"
                                                                      "applied|given|issued|knocked|upgraded)",
    "i (will|have|am) _{0,3} (upgrade|upgraded|upgrading|taken|apply|"
    "applied)", "(upgrade|upgrading|update) to (the)? (latest|version|newest|v|ios|android|windows|<num>)",
)  # fmt: skip
_TROUBLE = (
    "/(sorry|apolog\\w*|outage|outages|complaint|fault|faulty|broken|unfortunately|inconvenience|regret|"
    "regrettably|delayed|delay|delays|disruption|incident|downtime)/",
    "(problem|issue|trouble|mistake|error) "
    "(with|you|that|on|in)", "(has|have|was|were) (been)? "
                             "(cancelled|canceled|declined|delayed|damaged|lost|"
                             "late)", "(can|could) not (be)? (refund|offer|find|deliver|process)",
)  # fmt: skip
_ASKED_TO_BUY = (
    "(upgrade|price|prices|cost|costs|how "
    "much|discount|offer|quote|recommend|available|plans|package|cheaper|buy|purchase|voucher|code|deal)",
)
_IN_TROUBLE = frozenset(
    ("outage", "incident", "apology", "refusal", "complaint", "cancellation", "dunning", "security")
)
_SELLING_MOMENTS = frozenset(
    ("promotion", "newsletter", "launch", "win-back", "outreach", "release-notes", "renewal", "price-change")
)


@cache
def _patterns(phrases: tuple[str, ...]) -> PatternSet:
    return PatternSet(tuple((phrase(text), None) for text in phrases))


def check_upsell(passage: Passage) -> Iterable[Hit]:
    """Selling sentences where the message, or what stands around them, is about trouble or a service matter."""
    service = passage.channel in ("service", "support")
    if not service and passage.moment not in _IN_TROUBLE:
        return
    asked = passage.customer is not None and _asked_to_buy(passage.customer)
    for index in each_sentence(passage, skip=("quote", "footer", "record")):
        tokens = passage.tokens[index]
        found = [match for pattern, _ in _patterns(_SELLING).candidates(tokens) for match in pattern.find(tokens)]
        if not found or any_match(_patterns(_MAKING_GOOD), tokens):
            continue
        trouble = passage.moment in _IN_TROUBLE or _trouble_near(passage, index)
        if not trouble and (asked or passage.moment in _SELLING_MOMENTS):
            continue
        best = max(found, key=lambda match: (match.mark[1] - match.mark[0], -match.start))
        span = Span(tokens.starts[best.mark[0]], tokens.ends[best.mark[1] - 1])
        sentence = passage.sentences[index]
        yield Hit(
            index,
            span.shift(sentence.view.start),
            confidence=0.76 if trouble else 0.6,
            severity=None if trouble else Severity.WARNING,
            proposals=(
                Proposal(Safety.UNSAFE, "(delete this sentence)", (ViewEdit(sentence.view, ""),), index),
                *display("Leave it for another day, when the matter is settled."),
            ),
        )


def _trouble_near(passage: Passage, index: int) -> bool:
    """Whether one of the two sentences before or the one after, or the sentence itself, speaks of trouble."""
    if any_match(_patterns(_TROUBLE), passage.tokens[index]):
        return True
    near = (passage.near(index, offset) for offset in (-2, -1, 1))
    return any(
        i is not None and _judged(passage, i) and any_match(_patterns(_TROUBLE), passage.tokens[i]) for i in near
    )


def _judged(passage: Passage, index: int) -> bool:
    return passage.sentences[index].role not in (Role.FOOTER, Role.RECORD, Role.SIGN_OFF)


def _asked_to_buy(text: str) -> bool:
    return any_match(_patterns(_ASKED_TO_BUY), tokenize(text))


RULES: tuple[Rule, ...] = (
    Rule(
        code="TRX003",
        name="upsell-in-service",
        category="transactional",
        principle=6,
        severity=Severity.ERROR,
        fix=Fix.DELETE,
        scope="sentence",
        summary="Selling while the reader has a matter open tells them that the matter is not what you care about.",
        check=check_upsell,
        docs=Documentation(
            what="An offer, an upgrade or a discount code inside the answer to a complaint, an outage, a delay, an "
            "apology or another "
            "service matter.",
            why="The reader waits for help and gets a till. Of everything a company can write in such an hour, "
            "this is told on most.",
            better="Settle the matter. Sell, if at all, another day and in another message.",
            leave="Compensation that is named as such, an answer to somebody who asked what to buy, and a way out "
            "of the trouble that happens to cost less.",
            sources="Sixth principle: love is a verb; people want to be valued, not transacted with.",
        ),
        bad=(
            Example(
                "While you wait, why not explore our winter range?",
                before="Your parcel is delayed by two days.",
                moment="delivery",
            ),
            Example(
                "Upgrade to Premium today!",
                before="I'm sorry that the sync failed.",
                channel="support",
                moment="complaint",
            ),
            Example("Can I interest you in a late checkout for £20?", channel="support", moment="complaint"),
            Example("You may also like our boiler cover.", channel="support", moment="outage"),
            Example(
                "Use code SORRY15 for 15% off your next order.", before="We apologise for the delay.", channel="support"
            ),
            Example("Add priority boarding for just €12.", channel="support", moment="complaint"),
        ),
        good=(
            Example("Upgrade to version 4.2, which mends the sync.", channel="support", moment="complaint"),
            Example(
                "I've taken 15% off your next bill to make up for the delay.", channel="support", moment="complaint"
            ),
            Example("Discover our new range.", channel="marketing", moment="promotion"),
            Example("Your upgrade is done.", channel="support"),
            Example(
                "The smaller plan costs £8 and does all you need.",
                customer="Which plan should I take?",
                channel="support",
            ),
            Example("Your parcel leaves on Monday.", before="I'm sorry about the delay.", moment="delivery"),
            Example("As an apology, the next month is free of charge.", channel="support", moment="outage"),
        ),
    ),
)
