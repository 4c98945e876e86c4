"""From a document to passages: each message with its sentences, what the model says of them, its language, channel and moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tonelint import context, sentences
from tonelint.config import Config
from tonelint.language import language
from tonelint.rules.base import Passage
from tonelint.tagging import Tagger, TagInput, in_context
from tonelint.tokens import Tokens, tokenize
from tonelint.types import Document, MessageSource, Role, Sentence


def passages(document: Document, config: Config, tagger: Tagger, reply_to: str | None) -> list[tuple[Passage, str]]:
    """One passage a message with its language; all sentences of the document are tagged in one batch."""
    grouped: dict[int, list[Sentence]] = {i: [] for i in range(len(document.messages))}
    for sentence in sentences.split(document):
        grouped[sentence.message].append(sentence)
    drafts: list[tuple[MessageSource, list[Sentence], context.Context, str, str | None]] = []
    inputs: list[TagInput] = []
    shared: tuple[context.Context, str] | None = None
    if len(grouped) > 1 and all(m.entry for m in document.messages):
        # entries of one file share a language and a purpose, and each alone is too short to tell either
        text = _text(s for group in grouped.values() for s in group)
        shared = _context(document, document.messages[0], text, (), config, reply_to), language(text)
    for index, group in grouped.items():
        source = document.messages[index]
        own = [s for s in group if s.role is not Role.QUOTE]
        customer = reply_to if reply_to is not None else source.customer
        text = _text(own)
        found, tongue = shared or (_context(document, source, text, own, config, customer), language(text))
        drafts.append((source, group, found, tongue, customer))
        if tongue == "en":
            inputs += tag_inputs(own, channel=found.channel)
    scores = iter(tagger.tag(inputs)) if inputs else iter(())
    found_passages = []
    for source, group, found, tongue, customer in drafts:
        english = tongue == "en"
        scored = tuple(next(scores) if english and s.role is not Role.QUOTE else None for s in group)
        found_passages.append(
            (
                Passage(
                    document,
                    source,
                    tuple(group),
                    tuple(_tokens(s, config) for s in group) if english else (),
                    scored,
                    found.channel,
                    found.moment,
                    customer,
                    config.own_names,
                    config.thresholds,
                ),
                tongue,
            )
        )
    return found_passages


def _text(group: Iterable[Sentence]) -> str:
    return "\n".join(s.text for s in group if not s.alternate and s.role is not Role.QUOTE)


def _tokens(sentence: Sentence, config: Config) -> Tokens:
    return tokenize(sentence.text, own_names=config.own_names)


def tag_inputs(group: Sequence[Sentence], *, channel: str) -> list[TagInput]:
    """What the tagger sees of the sentences of one message, in order. An alternate stands where its main reading stood."""
    contexts = iter(in_context([(s.text, s.role.value) for s in group if not s.alternate], channel=channel))
    inputs: list[TagInput] = []
    for sentence in group:
        if not sentence.alternate:
            inputs.append(next(contexts))
        elif inputs:
            inputs.append(replace(inputs[-1], text=sentence.text, role=sentence.role.value))
        else:
            inputs.append(TagInput(text=sentence.text, role=sentence.role.value, channel=channel))
    return inputs


def _context(
    document: Document, source: MessageSource, text: str, own: Sequence[Sentence], config: Config, customer: str | None
) -> context.Context:
    subject = source.subject or next((s.text for s in own if s.role in (Role.SUBJECT, Role.TITLE)), "")
    found = context.infer(
        path=document.name, subject=subject, text=text, hints=source.hints, customer=customer is not None
    )
    channel = context.by_path(document.name, config.channels_by_path) or (
        config.channel if config.channel != "auto" else None
    )
    moment = context.by_path(document.name, config.moments_by_path) or (
        config.moment if config.moment != "auto" else None
    )
    return context.Context(channel or found.channel, moment or found.moment, given=channel is not None or found.given)
