"""Rules on their own examples: a passage made of one :class:`Example`, and what a rule says of it.

The documentation shows these examples and the tests run them; a house can try its own rules on theirs.
"""

from __future__ import annotations

from dataclasses import replace

from tonelint import sentences
from tonelint.readers import read
from tonelint.rules.base import Example, Hit, Passage, Rule
from tonelint.tagging import Tagger, in_context
from tonelint.tokens import tokenize
from tonelint.types import Document, Role, Sentence, Span

_PLAIN = ("text", "markdown")
"""Formats in which a subject can stand as a line of its own."""


def passage(example: Example, tagger: Tagger, *, own_names: tuple[str, ...] = ()) -> Passage:
    """The first message of an example, read as a file of its format would be and scored by ``tagger``.

    ``before``, ``text`` and ``after`` are joined by blank lines; a subject stands in front where the format allows it.
    A role other than ``body`` is given to the judged sentences whatever the reader made of them. Raises KeyError for an
    unknown format, ValueError for an unknown role.
    """
    text, judged = _text(example)
    document = _with_subject(read(text, name=f"example.{example.format}", format=example.format), example.subject)
    spoken = tuple(
        _as(s, example.role) if s.span.overlaps(judged) else s for s in sentences.split(document) if s.message == 0
    )
    inputs = in_context([(s.text, s.role.value) for s in spoken], channel=example.channel)
    source = document.messages[0]
    return Passage(
        document,
        source,
        spoken,
        tuple(tokenize(s.text, own_names=own_names) for s in spoken),
        tuple(tagger.tag(inputs)) if inputs else (),
        example.channel,
        example.moment,
        example.customer if example.customer is not None else source.customer,
        own_names,
    )


def run(
    rule: Rule, example: Example, tagger: Tagger, *, own_names: tuple[str, ...] = (), floor: float = 0.5
) -> list[Hit]:
    """What a rule says of an example: hits in its judged sentences, and hits about the whole message or its source.

    Hits with a confidence 0…1 below ``floor`` would not be reported and are left out.
    """
    if rule.check is None:
        return []
    message = passage(example, tagger, own_names=own_names)
    _, judged = _text(example)
    return [
        hit
        for hit in rule.check(message)
        if hit.confidence >= floor and (hit.sentence is None or _reaches(message, hit, judged))
    ]


def _reaches(message: Passage, hit: Hit, judged: Span) -> bool:
    if hit.sentence is None:
        return True
    last = hit.until if hit.until is not None else hit.sentence
    subjects = (Role.SUBJECT, Role.PREHEADER)
    return any(
        s.span.overlaps(judged) or s.role in subjects
        for s in message.sentences[hit.sentence : max(hit.sentence, last) + 1]
    )


def _text(example: Example) -> tuple[str, Span]:
    """The example's source text, and where the judged text stands in it."""
    head = [f"Subject: {example.subject}"] if example.subject and example.format in _PLAIN else []
    before = "".join(f"{part}\n\n" for part in (*head, example.before) if part)
    after = f"\n\n{example.after}" if example.after else ""
    return f"{before}{example.text}{after}", Span(len(before), len(before) + len(example.text))


def _with_subject(document: Document, subject: str | None) -> Document:
    if subject is None:
        return document
    first, *rest = document.messages
    return replace(document, messages=(replace(first, subject=subject), *rest))


def _as(sentence: Sentence, role: str) -> Sentence:
    return sentence if role == "body" else replace(sentence, role=Role(role))
