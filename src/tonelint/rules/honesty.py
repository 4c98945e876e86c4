"""Catches and faked ties that need more than a phrase: asterisks, terms that apply, subject lines, renewals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from tonelint.rules.base import (
    Check,
    Documentation,
    Example,
    Hit,
    Passage,
    Proposal,
    Rule,
    ViewEdit,
    display,
    each_sentence,
)
from tonelint.rules.phrases import family
from tonelint.types import Fix, Role, Safety, Severity, Span

_MONEY = r"(?:[£$€₹₦]\s?\d[\d.,]*|\d[\d.,]*\s?%)"
_PROMISE = re.compile(
    r"(?i)(?<!\w)(?:"
    r"free(?!\s+(?:to|time|from))(?:\s+\w+){0,2}|half[- ]price|unlimited(?:\s+\w+)?|"
    r"no (?:fees?|charges?|costs?|deposit|interest|catch|price rises?)(?: whatsoever)?|zero (?:fees?|cost|interest)|"
    r"interest[- ]free|cashback|bonus(?:es)?|guaranteed?|lifetime \w+|risk[- ]free|money back|cancel any ?time|gift|"
    rf"(?:save|get|enjoy|win|earn|from(?: only| just)?|only|just)\s+(?:up to\s+)?{_MONEY}(?:\s+off)?|"
    rf"{_MONEY}\s+(?:off|back|cashback|more|discount|a month|per month)|(?:best|lowest) price)(?!\w)"
)
_PRICE = re.compile(_MONEY)
"""A bare price: a promise only where an asterisk takes something back."""
_STAR = re.compile(r"(?<=[\w%!.)’'\"”?])\s?[*†‡]{1,2}(?=[\s.,;:!?)]|$)")
_OPENING_STAR = re.compile(r"(?<![\w*])\*{1,2}(?=[^\W_])")
_CATCH = re.compile(
    r"(?i)\b(?:(?:"
    r"(?:other |some |usual )?(?:t\s?&\s?c['’]?s?|terms(?: (?:and|&) "
    r"conditions)?|conditions|exclusions|restrictions|exceptions)|"
    r"(?:[\w-]+ )?(?:fees?|charges?|postage|surcharges?)(?: of [£$€₹₦]?\s?[\d.,]+)?|minimum spend|minimum term)"
    r" (?:may |will |do |also )?(?:appl(?:y|ies)|be added|be charged)|"
    r"subject to (?:status|availability|terms|conditions|credit|eligibility|approval)|"
    r"plus (?:a )?(?:booking|service|delivery|handling|admin\w*) (?:fee|charge)s?|(?:is|are) billed separately)"
)
_REPLY = re.compile(r"(?i)\s*(?:(?:re|fwd?|fw|aw)\s?:\s*)+")
_WAY_ON = re.compile(
    r"(?i)\b(?:compare|shop around|call|ring|reply|talk to|cheaper|lower|switch|downgrade|other plans?|different "
    r"plan|cancel|leave|"
    r"ombudsman|same (?:price|as)|fixed? (?:it|the price)|discount|choose|change your (?:plan|cover)|contact)\b"
)
_RENEWAL_PRICE = re.compile(
    r"(?i)\b(?:(?:renewal|new|annual|monthly|updated) (?:price|premium|rate|fee|subscription|cost)|"
    r"(?:price|premium|subscription|plan|membership|policy) will (?:be|go up|increase|rise|renew)|renews? (?:at|for))\b"
    r"[^.!?]{0,60}[£$€₹]\s?\d"
)


def check_catch(passage: Passage) -> Iterable[Hit]:
    """The promise to which an asterisk, or terms told after it, belong."""
    for index in each_sentence(passage):
        text = passage.sentences[index].text
        catch = _CATCH.search(text)
        if (star := _starred(text)) is not None:
            yield _hit(passage, index, star, 0.72)
        elif catch and (promise := _last(_PROMISE, text[: catch.start()])):
            yield _hit(passage, index, promise, 0.62)
        elif catch:
            for offset in (-1, -2):
                near = passage.near(index, offset)
                if near is None or _starred(passage.sentences[near].text) is not None:
                    break
                if promise := _last(_PROMISE, passage.sentences[near].text):
                    yield _hit(passage, near, promise, 0.58)
                    break


def _starred(text: str) -> Span | None:
    """The promise that ends in an asterisk, with the asterisk.

    None where the star is emphasis, a bullet or marks a required field.
    """
    for star in _STAR.finditer(text):
        before = text[: star.start()]
        if len(_OPENING_STAR.findall(before)) % 2:
            continue
        if promise := _first(_PROMISE, before) or _first(_PRICE, before):
            short = len(before[promise.start :].split()) <= 7
            return Span(promise.start, star.end()) if short else promise
    return None


def _first(pattern: re.Pattern[str], text: str) -> Span | None:
    match = pattern.search(text)
    return Span(match.start(), match.start() + len(match.group().rstrip())) if match else None


def _last(pattern: re.Pattern[str], text: str) -> Span | None:
    found = None
    for match in pattern.finditer(text):
        found = Span(match.start(), match.start() + len(match.group().rstrip()))
    return found


def _hit(passage: Passage, index: int, span: Span, sure: float) -> Hit:
    advice = display("[the promise], and what it costs or needs, in the same sentence.")
    return Hit(index, span.shift(passage.sentences[index].view.start), confidence=sure, proposals=advice)


def check_reply_mark(passage: Passage) -> Iterable[Hit]:
    """“Re:” or “Fwd:” before the subject of a mail that answers nothing."""
    hints = passage.source.hints
    if (
        passage.channel not in ("marketing", "sales")
        or passage.customer is not None
        or "in-reply-to" in hints
        or "references" in hints
    ):
        return
    if any(s.role is Role.QUOTE for s in passage.sentences):
        return
    for index, sentence in enumerate(passage.sentences):
        mark = _REPLY.match(sentence.text) if sentence.role is Role.SUBJECT else None
        if mark is None:
            continue
        rest = sentence.text[mark.end() :]
        at = sentence.view.start
        first = len(sentence.text) - len(sentence.text.lstrip())
        view = Span(at + first, at + len(sentence.text[: mark.end()].rstrip()))
        edits = (ViewEdit(Span(at + first, at + mark.end() + 1), rest[:1].upper()),) if rest else ()
        fix = (Proposal(Safety.UNSAFE, rest[:1].upper() + rest[1:], edits, index),) if rest else ()
        yield Hit(
            index,
            view,
            message="“Re:” on a mail that answers nothing fakes a talk that never was.",
            confidence=0.85,
            proposals=fix,
        )


def check_renewal(passage: Passage) -> Iterable[Hit]:
    """A price at renewal in a message that shows no way to do better."""
    if passage.moment not in ("renewal", "price-change"):
        return
    spoken = passage.spoken()
    if any(_WAY_ON.search(passage.sentences[i].text) for i in spoken):
        return
    for index in spoken:
        if match := _RENEWAL_PRICE.search(passage.sentences[index].text):
            view = Span(*match.span()).shift(passage.sentences[index].view.start)
            message = "A price at renewal with no word on how this customer could do better rewards leaving."
            yield Hit(index, view, message=message, confidence=0.55)
            return


@dataclass(frozen=True, slots=True)
class Together:
    """Several checks as one."""

    checks: tuple[Check, ...]

    def __call__(self, passage: Passage) -> Iterable[Hit]:
        """The hits of all checks, in their order."""
        for check in self.checks:
            yield from check(passage)


_CATCH_RULE = Rule(
    code="HON001",
    name="buried-catch",
    category="dishonest",
    principle=8,
    severity=Severity.WARNING,
    fix=Fix.SUGGEST,
    scope="sentence",
    summary="The catch to this promise hides behind an asterisk or after the fact; readers take it for a trick.",
    check=check_catch,
    docs=Documentation(
        what='A promise (free, a saving, a price) with an asterisk, with "terms apply", or with a fee named after it.',
        why="The promise is read in big letters and the catch is found at the till. From then on every promise is "
        "read for its asterisk.",
        better='Put the catch into the promise: "Free delivery over £40; below that it is £4."',
        leave="An asterisk on a form's required field, a footnote that adds a source or a name, terms that take "
        "nothing back.",
        sources="Eighth principle: trust and honesty; no hidden catch, no quiet charge.",
    ),
    bad=(
        Example("Free delivery on everything*", channel="marketing"),
        Example("Save 40% on all boots. Terms apply.", channel="marketing"),
        Example("No price rises, ever*", channel="marketing"),
        Example("The first year is free (service fee of £9 applies).", channel="marketing"),
        Example("Unlimited data for £10 a month*.", channel="marketing"),
        Example("Get £50 off, subject to status.", channel="marketing"),
        Example("Free returns *", channel="marketing"),
    ),
    good=(
        Example("Delivery is free over £40; below that it is £4.", channel="marketing"),
        Example("First name*", role="record"),
        Example("*Measured by the county lab in May 2024.", role="footer"),
        Example("The *free* seeds are by the door."),
        Example("The new terms apply from 1 May."),
        Example("You can pay the fee at the desk."),
        Example("Feel free to bring the dog."),
        Example("Your refund of £12 is on its way."),
    ),
)


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of the family: phrases from the file, with what needs position added."""
    added: dict[str, Check] = {"HON003": check_reply_mark, "HON005": check_renewal}
    phrases = tuple(
        replace(rule, check=Together((rule.check, added[rule.code]))) if rule.check and rule.code in added else rule
        for rule in family("honesty")
    )
    return (_CATCH_RULE, *phrases)
