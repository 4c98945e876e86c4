"""Loud typography: capitals and runs of exclamation marks, with or without a push to act."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tonelint.rules.base import Documentation, Example, Hit, Passage, Proposal, Rule, ViewEdit, display, each_sentence
from tonelint.types import Fix, Role, Safety, Sentence, Severity, Span

_RUN = re.compile(r"!{2,}")
_CAPITALS = re.compile(r"(?<![\w@#/.&-])[A-Z](?:[A-Z]|['’](?=[A-Z]))+(?![\w/.-]*\w)")
_BETWEEN = re.compile(r"[\s,–—&-]{1,4}(?:\$?£?€?\d[\d.,]*\s?%?[\s,]{1,2})?")
"""What may stand between two words in capitals of one run: blanks, a dash, a figure."""

_URGENT = frozenset("NOW HURRY TODAY TONIGHT URGENT IMMEDIATELY".split())
"""Words that push when they alone stand in capitals."""
_PUSHING = frozenset(
    "LAST CHANCE FINAL ONLY MISS LIMITED HOURS DAYS GONE LEFT WAIT ACT ENDS ENDING ENDED DON'T SALE FREE "
    "OFF SAVE BUY SHOP ORDER DEAL DEALS OFFER OFFERS BOOK CLICK CALL JOIN UPGRADE GET GRAB REGISTER SUBSCRIBE "
    "DONATE RENEW PAY CLAIM WIN BIGGEST EVERYTHING HALF PRICE PRICES DISCOUNT EXTRA HUGE NEVER RUN WARNING "
    "ACTION FAST QUICK SPECIAL".split()
)
"""Words of which two in one run of capitals push."""
_PLAIN = frozenset(
    "A AN AND AT BE BEFORE BY FOR FROM HAS HAVE HERE HIS HER IN IS IT ITS MORE MY NEW NO NOT OF ON ONE OR "
    "OUR OUT SO THAT THE THEIR THERE THEY THIS TO UP UNTIL US WE WITH YOU YOUR ALL ANY ARE EVERY FIRST OVER "
    "THESE TIME YOURS WEEKEND WEEK MIDNIGHT SOON BIG BEST ITEMS STOCK SEATS SPOTS PLACES TICKETS MISSED".split()
)
"""Words that may be put in small letters without a look; anything else could be a name."""
_VERBS = (
    r"(?:buy|shop|order|book|grab|save|act|join|sign up|register|donate|click|upgrade|subscribe|get|win|renew|pay|"
    r"claim|vote|call|run|come)"
)
_PUSH = re.compile(
    r"(?i)\b(?:hurry|tonight|last (?:chance|day|call|hours?)|only|limited|don['’]?t (?:miss|wait|delay)|"
    r"miss(?:ing)? out|sale|\d+ ?% off|offers? ends?|ends? (?:today|tonight|soon|tomorrow)|gone|while stocks|"
    r"immediately|urgent|final|hours? left|days? left|rate us)\b|"
    rf"\b{_VERBS}\b[^.!?]{{0,40}}\b(?:now|today|before|soon|fast)\b|"
    rf"(?:^|[.!?:–—]\s+|\b(?:please|kindly|and) ){_VERBS}\b"
)
_ORDINARY = re.compile(
    r"(?i)\b(?:thank|thanks|congrat\w*|welcome|sorry|happy|hello|hi|well done|great|love|bravo|hooray|yay)\b"
)


def check_shouting(passage: Passage) -> Iterable[Hit]:
    """Runs of capitals, and runs of exclamation marks, that push to act."""
    for index in each_sentence(passage):
        sentence = passage.sentences[index]
        if sentence.role not in (Role.BUTTON, Role.FOOTER):
            for span, sure in _shouted(sentence.text):
                yield Hit(
                    index, span.shift(sentence.view.start), confidence=sure, proposals=_soften(sentence, index, span)
                )
        if pushes(sentence.text):
            for match in _RUN.finditer(sentence.text):
                span = Span(*match.span())
                yield Hit(
                    index, span.shift(sentence.view.start), confidence=0.62, proposals=_soften(sentence, index, span)
                )


def check_marks(passage: Passage) -> Iterable[Hit]:
    """Runs of exclamation marks in sentences that do not push."""
    for index in each_sentence(passage):
        sentence = passage.sentences[index]
        if pushes(sentence.text):
            continue
        for match in _RUN.finditer(sentence.text):
            view = Span(*match.span()).shift(sentence.view.start)
            extra = Span(view.start + 1, view.end)
            after = " ".join((sentence.text[: match.start() + 1] + sentence.text[match.end() :]).split())
            yield Hit(
                index, view, confidence=0.95, proposals=(Proposal(Safety.SAFE, after, (ViewEdit(extra, ""),), index),)
            )


def pushes(text: str) -> bool:
    """Whether a sentence with a run of exclamation marks urges the reader to do something."""
    return bool(_PUSH.search(text)) and not _ORDINARY.match(text.lstrip())


def _shouted(text: str) -> Iterable[tuple[Span, float]]:
    """Runs of words in capitals that push, with the confidence; offsets in ``text``."""
    runs: list[list[re.Match[str]]] = []
    for word in _CAPITALS.finditer(text):
        if runs and _BETWEEN.fullmatch(text, runs[-1][-1].end(), word.start()):
            runs[-1].append(word)
        else:
            runs.append([word])
    for run in runs:
        words = [w.group().replace("’", "'") for w in run]
        urgent, pushing = sum(w in _URGENT for w in words), sum(w in _PUSHING for w in words)
        if urgent + pushing >= 2 or (urgent and (len(words) > 1 or text[run[0].end() : run[0].end() + 1] in ("!", ""))):
            yield Span(run[0].start(), run[-1].end()), 0.7 if urgent or pushing > 2 else 0.6
        elif urgent:
            yield Span(run[0].start(), run[-1].end()), 0.55


def _soften(sentence: Sentence, index: int, span: Span) -> tuple[Proposal, ...]:
    """The run in small letters, or one mark instead of many; wording to show where a name might be among the words."""
    text = sentence.text
    words = text[span.start : span.end]
    if words.startswith("!"):
        new = "."
    elif all(
        w.replace("’", "'") in _URGENT | _PUSHING | _PLAIN for w in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", words)
    ):
        first = not any(c.isalnum() for c in text[: span.start])
        new = words.lower()
        new = new[:1].upper() + new[1:] if first else new
    else:
        return display("Write it in small letters, and say the date and the reason once.")
    after = " ".join((text[: span.start] + new + text[span.end :]).split())
    return (Proposal(Safety.UNSAFE, after, (ViewEdit(span.shift(sentence.view.start), new),), index),)


RULES: tuple[Rule, ...] = (
    Rule(
        code="PRS003",
        name="shouting",
        category="pressure",
        principle=8,
        severity=Severity.WARNING,
        fix=Fix.SOFTEN,
        scope="sentence",
        summary="Capitals and rows of exclamation marks shout at the reader to act.",
        check=check_shouting,
        docs=Documentation(
            what="Words in capitals, and runs of exclamation marks, in a sentence that urges the reader to buy, "
            "pay or hurry.",
            why="In writing, capitals are a raised voice. A raised voice says that the argument did not do, and "
            "people step back.",
            better="Small letters, one full stop, and the fact that matters: the date, the price, the reason.",
            leave='Capitals that stress a rule ("do NOT take both"), names, abbreviations and button styles.',
            sources="Eighth principle: trust and honesty, no fake urgency.",
        ),
        bad=(
            Example("BUY NOW and save.", channel="marketing"),
            Example("LAST CHANCE to join the spring course.", channel="marketing"),
            Example("Order today!!!", channel="marketing"),
            Example("The sale ENDS TONIGHT.", channel="marketing"),
            Example("Act NOW!", channel="sales"),
            Example("HURRY, the offer is nearly over.", channel="marketing"),
            Example("FINAL WARNING: pay at once."),
        ),
        good=(
            Example("You must NOT take both tablets."),
            Example("The NHS and the BBC moved offices."),
            Example("Thank you so much!!"),
            Example("OUR STORY", channel="marketing", role="heading"),
            Example("Order number 4471 is now with DHL."),
            Example("SHOP NOW", channel="marketing", role="button"),
            Example("Wow!!! The roses are out.", channel="marketing"),
        ),
    ),
    Rule(
        code="PRS004",
        name="loud-typography",
        category=None,
        principle=8,
        severity=Severity.INFO,
        fix=Fix.SAFE,
        scope="sentence",
        summary="One exclamation mark says it; a row of them says it louder, not better.",
        check=check_marks,
        docs=Documentation(
            what="Two or more exclamation marks in a row, in a sentence that does not push.",
            why="Each mark after the first takes a little seriousness away, and screen readers read them all.",
            better="Keep one, or none. The safe fix keeps one.",
            leave="In somebody else's words, quoted.",
            sources="Eighth principle: trust; plain typography lets the words do the work.",
        ),
        bad=(
            Example("Thank you so much!!"),
            Example("Welcome back!!!"),
            Example("What a match!!"),
            Example("Congratulations!!!! You passed."),
            Example("Hi Sam!!", role="greeting"),
            Example("It worked!!"),
        ),
        good=(
            Example("Thank you so much!"),
            Example("What a match! What a day!"),
            Example("Really?"),
            Example("Is it true?!"),
            Example("Wait… it worked!"),
            Example("Hello!", role="greeting"),
        ),
    ),
)
