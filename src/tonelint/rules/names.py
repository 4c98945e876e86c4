"""The reader's name: used too often, or printed by a template that has nothing to fall back on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tonelint.rules.base import Documentation, Example, Hit, Passage, Rule, display
from tonelint.types import Fix, Role, Sentence, Severity, Span, Tag, TagKind

TOO_OFTEN = 3

_OTHERS = re.compile(
    r"(?i)\b(?:agent|sender|author|signature|manager|advis[eo]r|rep|staff|owner|company|shop|store|site|app|team|"
    r"brand|organi[sz]ation|"
    r"event|product|item|plan|file|project|list|group|course|campaign|host|seller|vendor|merchant|driver|doctor|"
    r"teacher|template|from|"
    r"support|business|workspace|account|repo|repository|page|form|field|domain|bank|service|user "
    r"?group|department|school|venue|line)s?\b"
)
_GIVEN_NAME = re.compile(r"(?i)\b(?:first ?name|given ?name|fname|forename|nick ?name|preferred ?name|salutation)\b")
_ANY_NAME = re.compile(r"(?i)\b(?:full ?name|last ?name|lname|surname|family ?name|display ?name|user ?name|name)\b")
_OPTIONAL = re.compile(
    r"(?i)\b(?:company ?name|company|job ?title|title|city|town|birthday|pet ?name|partner ?name|child "
    r"?name|industry|employer|"
    r"favou?rite ?\w+|interest|hobby|department)\b"
)
_READER = re.compile(
    r"(?i)\b(?:user|customer|contact|recipient|subscriber|person|member|guest|patient|client|lead|prospect|donor|"
    r"profile|student|buyer|"
    r"traveller|attendee|applicant|candidate|you|your)\b"
)
_NO_DEFAULT = frozenset(("printf", "icu", "brace", "laravel"))
"""Dialects in which a template cannot say what to print for nothing; the program that fills them must."""
_NAMED = re.compile(
    r"^\W*(?:hi|hiya|hello|hey|dear|good (?:morning|afternoon|evening)|morning|afternoon|thanks|thank you),?\s+"
    r"(?:(?:mr|mrs|ms|miss|mx|dr|prof)\.?\s+)?(?P<name>[A-Z][\w'’-]+)",
    re.IGNORECASE,
)
_NOT_NAMES = frozenset(
    "there all everyone everybody customer customers guest sir madam team friend friends member members reader readers "
    "you again for to valued colleague colleagues folks subscriber neighbour".split()
)
_FALLBACK = {
    "liquid": '{{ NAME | default: "there" }}',
    "jinja": '{{ NAME | default("there", true) }}',
    "handlebars": "{{#if NAME}}{{NAME}}{{else}}there{{/if}}",
    "erb": '<%= NAME.presence || "there" %>',
    "blade": "{{ NAME ?: 'there' }}",
    "go": '{{ or .NAME "there" }}',
    "php": "<?= NAME ?: 'there' ?>",
    "velocity": "#if($NAME)$NAME#{else}there#end",
    "ampscript": '%%=IIF(EMPTY(NAME),"there",NAME)=%%',
    "mailchimp": "*|IF:NAME|**|NAME|**|ELSE:|*there*|END:IF|*",
}


def _words(name: str) -> str:
    """A field's name as words: ``customer.firstName`` is ``customer first Name``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[\W_]+", " ", name).strip()


def is_reader_name(name: str) -> bool:
    """Whether an output tag of this name prints the name of the person who reads the message."""
    words = _words(name)
    if _GIVEN_NAME.search(words):
        return not _OTHERS.search(_GIVEN_NAME.sub("", words))
    if not _ANY_NAME.search(words):
        return False
    rest = _ANY_NAME.sub("", words)
    return bool(_READER.search(rest) or not rest.strip()) and not _OTHERS.search(rest)


def may_be_empty(name: str) -> bool:
    """Whether an output tag prints a person's name, or another detail of theirs that is often missing."""
    words = _words(name)
    if is_reader_name(name):
        return True
    return bool(_READER.search(words) and _OPTIONAL.search(words)) and not re.search(
        r"(?i)\b(?:system|our|site)\b", words
    )


def _tags(passage: Passage) -> list[Tag]:
    inside = passage.source.span
    return [t for t in passage.document.tags if t.kind is TagKind.OUTPUT and inside.contains(t.span)]


def _holder(sentences: Sequence[Sentence], span: Span) -> Sentence | None:
    """The sentence in which a tag prints; None for tags in attributes, records and the small print."""
    for sentence in sentences:
        apart = sentence.role in (Role.RECORD, Role.FOOTER, Role.ALT, Role.QUOTE)
        if not apart and sentence.span.contains(span) and any(p.span.overlaps(span) for p in sentence.segment.pieces):
            return sentence
    return None


def check_overuse(passage: Passage) -> Iterable[Hit]:
    """The reader's name, or its placeholder, three times or more in one message; the hit is at the last."""
    limit = int(passage.thresholds.get("name-overuse", TOO_OFTEN))
    spoken = [passage.sentences[i] for i in passage.spoken()]
    tags = [t for t in _tags(passage) if is_reader_name(t.name) and _holder(spoken, t.span) is not None]
    if len(tags) >= limit:
        yield Hit(message=_often(len(tags)), source_span=tags[-1].span, confidence=0.85)
        return
    name = _greeted(passage)
    if not name:
        return
    # not the sign-off: the writer may share the name
    places = [
        (i, match.start(), match.end())
        for i in passage.spoken()
        if passage.sentences[i].role not in (Role.SIGN_OFF, Role.FOOTER, Role.RECORD)
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", passage.sentences[i].text)
    ]
    if len(places) >= limit:
        index, start, end = places[-1]
        yield Hit(
            index,
            Span(start, end).shift(passage.sentences[index].view.start),
            message=_often(len(places)),
            confidence=0.85,
        )


def _often(count: int) -> str:
    return f"The reader's name stands here {count} times; after the greeting it sounds like a sales script."


def _greeted(passage: Passage) -> str | None:
    """The name in the greeting, if it is written out."""
    for index in passage.spoken()[:4]:
        sentence = passage.sentences[index]
        match = _NAMED.match(sentence.text)
        if match and match["name"][:1].isupper() and match["name"].lower() not in _NOT_NAMES:
            short = len(sentence.text.split()) <= 6
            return match["name"] if short or sentence.role is Role.GREETING else None
    return None


def check_fallback(passage: Passage) -> Iterable[Hit]:
    """Output tags of details that may be empty, without a default and without a condition around them."""
    tags = [t for t in _tags(passage) if t.default is None and t.dialect not in _NO_DEFAULT and may_be_empty(t.name)]
    if not tags:
        return
    guarded = _guards(passage)
    told: set[str] = set()
    for tag in tags:
        if tag.name in told:  # mended in one place, it is mended in the writer's mind
            continue
        sentence = _holder(passage.sentences, tag.span)
        if sentence is None or not _needed(passage, sentence, tag):
            continue
        path = re.split(r"[.\s>]+", tag.name.strip().lower())
        known = (path[-1], ".".join(path[:-1])) if len(path) > 1 else (path[-1],)
        if any(span.contains(tag.span) and any(k in condition for k in known) for span, condition in guarded):
            continue
        advice = _FALLBACK.get(tag.dialect, "[the field, or a word that fits when it is empty]").replace(
            "NAME", tag.name
        )
        told.add(tag.name)
        message = f"If `{tag.name}` is empty, this sentence breaks in front of the reader."
        yield Hit(source_span=tag.span, message=message, confidence=0.8, proposals=display(advice))


def _needed(passage: Passage, sentence: Sentence, tag: Tag) -> bool:
    """Whether the sentence says something besides the tag, so that a gap would show."""
    source = passage.document.text
    around = source[sentence.span.start : tag.span.start] + source[tag.span.end : sentence.span.end]
    return any(c.isalpha() for c in around)


def _guards(passage: Passage) -> list[tuple[Span, str]]:
    """Stretches of the source that stand under a condition, with the condition's text in small letters."""
    source = passage.document.text
    stack: list[tuple[int, str]] = []
    found: list[tuple[Span, str]] = []
    for tag in passage.document.tags:
        if tag.kind is not TagKind.LOGIC:
            continue
        text = source[tag.span.start : tag.span.end].lower()
        word = tag.name.lower().lstrip("#^/@")
        if re.search(r"(?:\bend\w*|[{|]\s*/|end:if)", text[:14]) or word.startswith("end"):
            if stack:
                start, condition = stack.pop()
                found.append((Span(start, tag.span.end), condition))
        elif re.match(r"\W*(?:if|unless|with|isset|interested)\b", text) or word in ("if", "unless", "with", "isset"):
            stack.append((tag.span.start, text))
        elif re.match(r"\W*(?:for|each|foreach|block|case|section|range|while)\b", text):
            stack.append((tag.span.start, ""))
        elif text.startswith(("{{#", "{{^")):
            stack.append((tag.span.start, text))
    return found


RULES: tuple[Rule, ...] = (
    Rule(
        code="INT101",
        name="name-overuse",
        category="intrusive",
        principle=5,
        severity=Severity.INFO,
        fix=Fix.NONE,
        scope="message",
        summary="The reader's name three times or more in one message sounds like a sales script.",
        check=check_overuse,
        docs=Documentation(
            what="The name from the greeting, or the placeholder for it, three times or more in one message. The "
            "number can be set: `name-overuse`.",
            why="Once is polite, twice is warm, three times is a technique, and people know the technique.",
            better="Keep it in the greeting. Show that you mean this reader by naming their matter.",
            leave="Where the name tells people apart: two guests, a parent and a child.",
            sources="Fifth principle: ask before you hug.",
        ),
        bad=(
            Example("Hi Asha,\n\nGreat news, Asha! The loft is done. See you soon, Asha.", channel="marketing"),
            Example("Dear Tom,\n\nAs you know, Tom, we care. That is why, Tom, we write.", channel="marketing"),
            Example("Hello Priya,\n\nPriya, this is for you. Only you, Priya, get it.", channel="marketing"),
            Example("Dear Ms Okafor,\n\nWe thought of you, Okafor. Okafor, it is your day."),
            Example("Hi {{ first_name }},\n\n{{ first_name }}, it is back. Come in, {{ first_name }}!"),
            Example("Morning Lee,\n\nThe van is full, Lee. You know what that means, Lee: it leaves at ten."),
        ),
        good=(
            Example("Hi Asha,\n\nThe loft is done. Thank you for waiting.", channel="service"),
            Example("Dear Tom,\n\nYour parcel left today. Thanks, Tom.", channel="service"),
            Example("Hello there,\n\nThere is news. There are two dates. There is tea.", channel="service"),
            Example("Hi {{ first_name }},\n\n{{ agent.name }} has your key. Ask for {{ agent.name }} at the desk."),
            Example("Hi May,\n\nThe hall opens at six.\n\nKind regards,\nMay"),
            Example("Ben has the map. Ben leads the walk. Meet Ben at the gate."),
        ),
    ),
    Rule(
        code="TPL001",
        name="missing-fallback",
        category=None,
        principle=7,
        severity=Severity.INFO,
        fix=Fix.SUGGEST,
        scope="sentence",
        summary="If this field is empty, the sentence breaks in front of the reader.",
        check=check_fallback,
        docs=Documentation(
            what="A template prints a person's name, or another detail that may be missing, with no default and no "
            'condition: "Hi {{ first_name }}," '
            'turns into "Hi ,".',
            why="A gap where the name should be says that nobody looked, which is the opposite of what the name "
            "was there for.",
            better="Give a default in the template's own syntax, or put the phrase under a condition.",
            leave="Fields that always exist: order numbers, amounts, links, dates.",
            sources="Seventh principle: do not waste the customer's time; the details show who took it.",
        ),
        bad=(
            Example("Hi {{ first_name }},\n\nYour lamp left Leeds today, and it comes on Thursday."),
            Example("Dear {{ customer.first_name }},\n\nThank you for the order."),
            Example("Hello *|FNAME|*,\n\nThe hall opens at six."),
            Example("Your order is in, <%= @user.first_name %>, and leaves today."),
            Example("Dear {{ contact.last_name }},\n\nThe doors open at six."),
            Example("We hear that {{ contact.company }} is moving house."),
        ),
        good=(
            Example('Hi {{ first_name | default: "there" }},\n\nYour lamp left Leeds today.'),
            Example("Hi{% if first_name %} {{ first_name }}{% endif %},\n\nYour lamp left today."),
            Example("Your order {{ order.number }} left Leeds today."),
            Example("Ask for {{ agent.name }} at the desk."),
            Example("The ticket costs {{ event.price }} and is yours until {{ hold.date }}."),
            Example("{{ first_name }}"),
        ),
    ),
)
