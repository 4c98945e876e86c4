"""Segments to sentences: split in the view, with spans in the source, and roles refined by what the sentence says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from tonelint.readers.standins import VALUES
from tonelint.types import Document, PieceKind, Role, Segment, Sentence, Span

_WHOLE = frozenset((Role.BUTTON, Role.RECORD, Role.ALT))
"""Roles whose text is one sentence, whatever stands in it."""
_SPACES = str.maketrans(
    {"\n": " ", "\r": " ", "\t": " ", "\x0b": " ", "\x0c": " ", "\x85": " ", "\u2028": " ", "\u2029": " "}
)
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character, which the splitter's UTF-8 cannot hold."""
_ABBREVIATED = re.compile(
    r"(?:\b(?:No|Nr|no|nr|Art|Ref|ref|Tel|tel|Fig|Vol|vol|approx|Approx|incl|excl|min|max|est|Est|ext|Ext|dept|"
    r"Dept|Acct|acct|Inv|inv|"
    r"St|Ave|Rd|Bldg|Mt|Ft|vs|cf|ca|Mr|Mrs|Ms|Mx|Dr|Prof|Sr|Jr|Rev|Hon|Gen|Messrs|e\.g|i\.e|etc|viz|Inc|Ltd|Co|"
    r"Corp|Bros|Mon|Tue|Tues|"
    r"Wed|Thu|Thur|Thurs|Fri|Sat|Sun|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\.|\b[ap]\.m\.|\b[A-Z]\.)\s*$"
)
_MAY_END = re.compile(r"(?:\b(?:etc|Inc|Ltd|Co|Corp|Bros|Jr|Sr|St|Ave|Rd|no)\.|\b[ap]\.m\.)\s*$")
"""Of these, the ones that also end sentences: they do when a capital letter follows."""
_SIGNATURE = re.compile(r"\s*(?:[-–—^*/~]+\s?[A-Z][\w.]{0,15}|[-–—]\s?[A-Z][a-z]+(?: [A-Z][a-z]+)?)\s*$")
_EMOJI_ONLY = re.compile(r"[^\w]+$")
_GREETING = re.compile(
    r"(?i)(?:@\w+\s+)?(?:hi|hiya|hello|hey|dear|greetings|good (?:morning|afternoon|evening|day)|hola|howdy|welcome|"
    r"to whom it may concern)\b"
)
_SIGN_OFF = re.compile(
    r"(?i)(?:(?:with |our |my )?(?:(?:kind(?:est)?|best|warm(?:est)?|many|friendly) )?(?:regards|wishes|thanks)|"
    r"best|cheers|sincerely|"
    r"yours(?: (?:sincerely|faithfully|truly))?|(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|"
    r"all the best|take care|"
    r"thanks(?: (?:again|so much|a lot))?|thank you|many thanks|talk soon|see you(?: soon)?|until (?:then|"
    r"next time)|love|respectfully|"
    r"warmly|cordially|ta|best of luck|\w+ly yours|have a (?:great|good|nice|lovely) (?:day|one|weekend|week|"
    r"evening))[\s,.!:;–—-]*$"
)
_FOOTER = re.compile(
    r"(?i)\bunsubscribe\b|©|\(c\) ?\d{4}|\bcopyright\b|all rights reserved|registered (?:office|in england|"
    r"company|charity|address)|"
    r"\bcompany (?:no|number|registration)\b|\bvat (?:no|number|reg)|manage (?:your )?(?:e-?mail )?preferences|"
    r"update (?:your )?preferences|"
    r"(?:you(?:’|')?(?:re| are)|you) receiv(?:ing|ed) this (?:e-?mail|mail|message|newsletter)|this (?:e-?mail|"
    r"mail|message) was sent (?:to|by|from)|"
    r"view (?:this (?:e-?mail )?)?(?:it )?(?:in (?:your|a) browser|online)|privacy policy|terms (?:of|and|"
    r"&) (?:use|service|conditions)|\bopt[- ]out\b"
)
_ADDRESS = re.compile(
    r"\b(?:\d{1,5}[a-z]? (?:[A-Z][\w’']+ ){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Way|Square|Sq|"
    r"Blvd|Boulevard|Court|Place|Suite)\b"
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|[A-Z]{2} \d{5}\b)"
)
_RECORD = re.compile(r"(?:[A-Z#][\w’'/&.#-]*)(?: [\w’'/&()#.-]+){0,3} ?:\s*\S{1,30}(?:\s\S{1,20}){0,3}$")
_ENDED = re.compile(r"[.!?…][\"'”’)]*$")


def split(document: Document) -> tuple[Sentence, ...]:
    """All sentences of a document, in its segments' order.

    A heading, item, cell, button or short line is a sentence of its own. White space around a sentence is not in it; a
    sentence without a letter or digit is left out. Never raises on a document that a reader made.
    """
    sentences: list[Sentence] = []
    for block, segment in enumerate(document.segments):
        for view in _views(segment):
            text = segment.text[view.start : view.end]
            role = _role(segment, view, text)
            span = segment.to_source(view)
            sentences.append(Sentence(segment, view, span, role, segment.message, block, text, segment.alternate))
    return _placed(sentences)


def _views(segment: Segment) -> Iterator[Span]:
    """The view spans of a segment's sentences."""
    text = segment.text
    if segment.role in _WHOLE:
        boundaries = [(0, len(text))]
    else:
        boundaries = list(_boundaries(_SURROGATE.sub("\ufffd", text.translate(_SPACES))))
    for start, end in boundaries:
        raw = text[start:end]
        first = start + len(raw) - len(raw.lstrip())
        last = start + len(raw.rstrip())
        if first < last and any(char.isalnum() for char in raw):
            yield Span(first, last)


def _boundaries(text: str) -> Iterator[tuple[int, int]]:
    """Sentence boundaries of a text without line breaks."""
    terminal = _TERMINAL.search(text)
    if not terminal or not _WORD_CHARACTER.search(text, terminal.end()):
        yield 0, len(text)
        return
    from sentencex import get_sentence_boundaries

    cuts = {found["start_index"] for found in get_sentence_boundaries("en", text)}
    cuts.update(match.end() for match in _CLOSED.finditer(text))
    cuts.discard(0)
    places = [*sorted(cuts), len(text)]
    start = 0
    for at, following in pairwise(places):
        if _splits(text[max(start, at - 200) : at], text[at:following]):
            yield start, at
            start = at
    yield start, len(text)


_CLOSED = re.compile(r"[.!?…][\"'”’)\]]+\s+(?=[\"'“‘(\[]?[A-Z])")
"""Ends inside brackets or quotes, which the splitter passes over."""
_TERMINAL = re.compile(r"[.!?…。！？]")
_WORD_CHARACTER = re.compile(r"\w")


def _splits(before: str, after: str) -> bool:
    """Whether a boundary between two runs of text is one."""
    following = after.lstrip()
    if not following or not any(char.isalnum() for char in following):
        return False
    if not any(char.isalnum() for char in before):
        return False
    if _SIGNATURE.fullmatch(after):
        return False
    if before[-1:] and not before[-1].isspace() and following[0].isalnum() and not after[:1].isspace():
        return not following[0].islower()
    if _ABBREVIATED.search(before[-12:]):
        return bool(_MAY_END.search(before[-12:])) and following[0].isupper()
    return not (following[0].islower() and before.rstrip().endswith(("…", "...", "..")))


def _role(segment: Segment, view: Span, text: str) -> Role:
    """The role of a sentence as far as it and its segment tell."""
    role = segment.role
    if role not in (Role.BODY, Role.LIST_ITEM):
        return role
    if not _own_words(segment, view):
        return Role.RECORD
    bare = text.strip(" *_-–—")
    if view.start == 0 and role is Role.BODY and len(bare) <= 60 and (match := _GREETING.match(bare)):
        rest = bare[match.end() :].rstrip(" ,!.:;–—-")
        if (
            len(rest.split()) <= 5
            and not re.search(r"[.?]\s|\bto\b|\bback\b|\bthe\b|\byour\b", rest)
            and not bare.endswith("?")
        ):
            return Role.GREETING
    if role is Role.BODY and _SIGN_OFF.fullmatch(bare):
        return Role.SIGN_OFF
    if _FOOTER.search(text):
        return Role.FOOTER
    if len(text) <= 60 and not _ENDED.search(text) and (_RECORD.match(text) or not re.search(r"[A-Za-z]{2}", text)):
        return Role.RECORD
    return role


def _own_words(segment: Segment, view: Span) -> bool:
    """Whether a sentence holds a letter or digit that is not a stand-in for a bare value."""
    at = 0
    for piece in segment.pieces:
        first, last = max(view.start, at), min(view.end, at + len(piece.text))
        if (
            first < last
            and any(char.isalnum() for char in piece.text[first - at : last - at])
            and (piece.kind is not PieceKind.PLACEHOLDER or piece.text not in VALUES)
        ):
            return True
        at += len(piece.text)
        if at >= view.end:
            break
    return False


def _placed(sentences: list[Sentence]) -> tuple[Sentence, ...]:
    """Roles that depend on the place in the message: names after the closing line, addresses at its end."""
    last: dict[int, int] = {}
    for i, sentence in enumerate(sentences):
        if not sentence.alternate:
            last[sentence.message] = i
    closing: dict[int, int] = {}
    for i, sentence in enumerate(sentences):
        if sentence.role is Role.SIGN_OFF:
            closing[sentence.message] = i
    for i, sentence in enumerate(sentences):
        if sentence.role not in (Role.BODY, Role.RECORD, Role.LIST_ITEM):
            continue
        after = i - closing.get(sentence.message, len(sentences))
        words = len(sentence.text.split())
        if (
            0 < after <= 4
            and words <= 6
            and not _ENDED.search(sentence.text)
            and all(
                s.role in (Role.SIGN_OFF, Role.BODY, Role.RECORD) and len(s.text.split()) <= 6
                for s in sentences[i - after : i]
            )
        ):
            sentences[i] = replace(sentence, role=Role.SIGN_OFF)
        elif (
            last.get(sentence.message, 0) - i <= 6
            and words <= 20
            and _ADDRESS.search(sentence.text)
            and not _ENDED.search(sentence.text)
        ):
            sentences[i] = replace(sentence, role=Role.FOOTER)
    return tuple(sentences)
