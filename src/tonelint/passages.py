"""From a document to passages: each message with its sentences, what the model says of them, its language, channel and moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tonelint import context, sentences
from tonelint.config import Config
from tonelint.language import language
from tonelint.rules.base import Passage
from tonelint.tagging import Tagger, TagInput, in_context
from tonelint.tokens import Tokens, tokenize
from tonelint.types import Document, MessageSource, Role, Scores, Sentence


@dataclass(frozen=True, slots=True)
class Job:
    """A document to look at: with which settings, and the customer's message that all of it answers (context only)."""

    document: Document
    config: Config
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class _Draft:
    """A message before the model has seen it. ``inputs`` are those of its sentences that are not quotes; none if it is not English."""

    source: MessageSource
    sentences: tuple[Sentence, ...]
    context: context.Context
    language: str
    customer: str | None
    inputs: tuple[TagInput, ...]


def passages(jobs: Iterable[Job], tagger: Tagger) -> list[list[tuple[Passage, str]]]:
    """For each document one passage a message with its language; the sentences of all documents are tagged in one batch."""
    drafted = [(job, _drafts(job)) for job in jobs]
    inputs = [given for _, drafts in drafted for draft in drafts for given in draft.inputs]
    scores = iter(tagger.tag(inputs)) if inputs else iter(())
    return [[(_passage(job, draft, scores), draft.language) for draft in drafts] for job, drafts in drafted]


def _drafts(job: Job) -> list[_Draft]:
    document, config = job.document, job.config
    grouped: dict[int, list[Sentence]] = {i: [] for i in range(len(document.messages))}
    for sentence in sentences.split(document):
        grouped[sentence.message].append(sentence)
    drafts = []
    shared: tuple[context.Context, str] | None = None
    if len(grouped) > 1 and all(m.entry for m in document.messages):
        # entries of one file share a language and a purpose, and each alone is too short to tell either
        text = _text(s for group in grouped.values() for s in group)
        shared = _context(document, document.messages[0], text, (), config, job.reply_to), language(text)
    for index, group in grouped.items():
        source = document.messages[index]
        own = [s for s in group if s.role is not Role.QUOTE]
        customer = job.reply_to if job.reply_to is not None else source.customer
        text = _text(own)
        found, tongue = shared or (_context(document, source, text, own, config, customer), language(text))
        inputs = tuple(tag_inputs(own, channel=found.channel)) if tongue == "en" else ()
        drafts.append(_Draft(source, tuple(group), found, tongue, customer, inputs))
    return drafts


def _passage(job: Job, draft: _Draft, scores: Iterator[Scores]) -> Passage:
    english = draft.language == "en"
    return Passage(
        job.document,
        draft.source,
        draft.sentences,
        tuple(_tokens(s, job.config) for s in draft.sentences) if english else (),
        tuple(next(scores) if english and s.role is not Role.QUOTE else None for s in draft.sentences),
        draft.context.channel,
        draft.context.moment,
        draft.customer,
        job.config.own_names,
        job.config.thresholds,
        draft.context.cues,
    )


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
    told = (("channel", channel), ("moment", moment))
    set_ = {key for key, value in told if value is not None}
    cues = (
        *((key, "set in the configuration") for key, value in told if value is not None),
        *(c for c in found.cues if c[0] not in set_),
    )
    return context.Context(
        channel or found.channel, moment or found.moment, given=channel is not None or found.given, cues=cues
    )
