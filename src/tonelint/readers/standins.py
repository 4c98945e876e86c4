"""What a template's output tag reads as: a word or two that keep the sentence a sentence.

The template's own fallback comes first, then what the name of the printed value suggests, then the words before it.
"""

from __future__ import annotations

import re

from tonelint.types import Tag

_BY_NAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"^(?:link_to|url_for)\b|_(?:url|link|path|href)\b", "https://example.com"),
        (r"last_?name|surname|family_?name|\blname", "Lee"),
        (r"full_?name|display_?name", "Sam Lee"),
        (r"agent|sender|author|signature|manager|advisor", "Anna"),
        (r"first_?name|\bfname|forename|given_?name|nick_?name|user_?name|\blogin\b", "Sam"),
        (r"e_?mail", "sam@example.com"),
        (r"phone|mobile|\btel\b", "020 7946 0018"),
        (r"url|link|href|(?:_|\b)path\b|website|domain|uri\b", "https://example.com"),
        (r"percent|\bpct|\brate\b", "20%"),
        (
            r"company|shop|store|organi[sz]ation|\borg\b|brand|business|site_?(?:name|title)|app_?name|vendor|merchant",
            "Acme",
        ),
        (r"team", "Support"),
        (
            r"amount|price|total|cost|balance|\bfee|(?:_|\b)sum\b|refund|money|currency|payment|payout|subtotal|\btax",
            "$20",
        ),
        (
            r"(?:order|invoice|ticket|case|booking|account|tracking|parcel|policy|reference|confirmation)"
            r"(?:_|\.| )?(?:id|no|num|number|nr|ref|code|key)?\b|(?:_|\b|\.)(?:id|number|ref|reference|sku)\b",
            "12345",
        ),
        (r"code|token|\bpin\b|password|coupon|voucher", "AB1234"),
        (
            r"(?:_|\b)(?:days|hours|minutes|weeks|months|years)\b|count|\bqty|quantity|\bnum(?:_|\b)|size|length|\bn\b",
            "3",
        ),
        (r"\byear|\byyyy\b|(?:_|\b)year\b", "2025"),
        (r"month", "May"),
        (r"(?:_|\b)time\b|hour|minute", "10:00"),
        (r"date|day|deadline|expir|(?:_|\b)(?:at|on|until)\b|\bwhen\b|\beta\b|delivery_?window", "Monday"),
        (r"city|town|location|region|venue", "Leeds"),
        (r"country", "Ireland"),
        (r"address|street", "12 Mill Lane"),
        (r"post_?code|\bzip", "LS1 4AP"),
        (r"product|item|article|plan|package|service|model", "Lumo"),
        (r"title|subject|heading|headline|course|event|campaign|book", "The Guide"),
        (
            r"(?:user|customer|person|recipient|contact|lead|member|subscriber|profile|client|guest|buyer|owner)\b",
            "Sam",
        ),
        (r"^(?:the_)?name$|\bmy_name|your_name", "Sam"),
        (r"name", "Lumo"),
    )
)
_GREETING = re.compile(
    r"(?i)\b(?:hi|hiya|hello|hey|dear|morning|afternoon|evening|welcome back|thanks|thank you),?\s*$"
)
_THING_NAME = re.compile(
    r"(?:product|item|plan|package|project|event|course|collective|list|group|file|service|game|campaign|workshop|venue)"
    r"[._ ]?(?:name|title)"
)


VALUES = frozenset((*(text for _, text in _BY_NAME), "it", "item", "thing"))
"""All stand-ins for a bare value: a text of these alone says nothing of its own."""
_PEOPLE = frozenset(("it", "item", "Lumo", "Acme", "The Guide", "12345", "Monday", "Support"))
"""What nobody greets."""
_ARTICLE = re.compile(r"(?i)\b(?:a|(an|the|your|our|my|this|that|their|its|new|each|every))\s+$")


def stand_in(tag: Tag, before: str = "") -> str:
    """View text of an output tag; ``before`` is the view text that leads up to it. Never empty."""
    return tag.default or for_name(tag.name, before)


def for_name(name: str, before: str = "") -> str:
    """View text for a value of this name."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_").replace(" ", "_")
    text = (
        "Lumo"
        if _THING_NAME.search(words)
        else next((text for pattern, text in _BY_NAME if pattern.search(words)), "it")
    )
    if text in _PEOPLE and _GREETING.search(before[-20:]):
        return "Sam"
    if text == "it" and (article := _ARTICLE.search(before[-12:])):
        return "item" if article.group(1) else "thing"
    return text


_INNER = re.compile(
    r"(\w?)(?:%\(([\w.-]{1,60})\)[sdif]|%\{([\w.-]{1,60})\}|\{([\w.-]{0,60})\}|%(\w{1,60})%|%(?:\d+\$)?[sd@])(\w?)"
)
_MARKUP = re.compile(r"<[^<>]{0,200}>|\\[nrt]")


def of_prose(literal: str) -> str:
    """A string literal that a template prints, as a reader would see it: its own placeholders filled, markup dropped."""

    def fill(match: re.Match[str]) -> str:
        before, *names, after = match.groups()
        # a placeholder that touches a word is markup (the start or end of a link), not a value
        value = "" if before or after else for_name(next((name for name in names if name), ""))
        return f"{before}{value}{after}"

    text = _INNER.sub(fill, literal)
    return " ".join(_MARKUP.sub(" ", text).replace("\\'", "'").replace('\\"', '"').split())
