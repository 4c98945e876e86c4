"""Whose words are they? The new text of a mail, its closing, its signature and the mail that it answers.

Lines are told apart here, whatever they come from: the lines of a plain part, or the blocks of an HTML part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Any

from tonelint.types import Span


class Part(StrEnum):
    """What a line of a mail belongs to."""

    NEW = "new"
    CLOSING = "closing"
    """"Best regards," and the name under it."""
    SIGNATURE = "signature"
    HEAD = "head"
    """The line that leads in a quotation ("On Monday … wrote:")."""
    QUOTED = "quoted"
    NOTHING = "nothing"
    """A mark of the mail system, nobody's words."""


_REPLY_MARK = re.compile(
    r"##-.{0,200}-##|.{0,40}\b(?:please )?(?:type your )?reply above (?:this|the) line\b.{0,40}"
    r"|-{2,} ?reply above .{0,80}",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"-{2,} ?(?:original|forwarded) message ?-{2,}|begin forwarded message:"
    r"|on [^\n]{4,200}\bwrote:"
    r"|[^\n]{0,200}\b(?:schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev)\b[^\n]{0,120}:",
    re.IGNORECASE,
)
_HEAD_STARTS = re.compile(r"on (?=.{0,160}(?:\d{4}|\d{1,2}:\d\d|@)).{4,200}", re.IGNORECASE)
_HEAD_ENDS = re.compile(r".{0,200}\bwrote:", re.IGNORECASE)
_FIELD = re.compile(r"[* ]{0,3}(from|sent|date|to|subject|cc):[* ]", re.IGNORECASE)
_UNDERSCORES = re.compile(r"[_-]{20,}")
_DELIMITER = re.compile(r"--|__|—|-- ")
_SENT_FROM = re.compile(r"(?:sent from (?:my|mail for|outlook)|get outlook for|sent via) .{1,60}", re.IGNORECASE)
_NOTICE = re.compile(
    r"\W{0,3}(?:(?:confidentiality|privacy|legal) (?:notice|note|statement)\b|disclaimer\b|confidential(?:ity)?:"
    r"|this (?:e-?mail|message)(?: transmission)?,? (?:and any|is (?:intended|confidential|private)|may contain))",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?:with )?(?:my |our |the )?(?:very )?"
    r"(?:(?:best|kind(?:est)?|warm(?:est)?|many|good)\s(?:and\s\w+\s)?)?(?:regards|wishes)"
    r"|best|all the best|cheers|thanks(?: again| so much| a lot| very much)?|many thanks"
    r"|thank you(?: again| so much| very much)?|(?:yours )?(?:sincerely|faithfully|truly|respectfully)(?: yours)?"
    r"|yours|warmly|kindly|take care|talk soon|see you soon|with (?:thanks|gratitude|sympathy|love|warmth)|love"
    r"|speak soon|until (?:then|soon)|yours ever|cordially)"
    r"[,.!\u2013\u2014-]{0,2}(?:\s+(?P<name>[A-Z][^\s,.!?:;]{0,24}(?:\s+[^\s,.!?:;]{1,24}){0,4}))?",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"p\.?\s?(?:p\.?\s?)?s\b\.?", re.IGNORECASE)
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "da", "sv", "pl")
_LONGEST = 100_000  # code points, lines together, for the library's patterns, which are not linear
_LONGEST_LINE = 1_000


def parts_of(lines: Sequence[str]) -> list[Part]:
    """What each line belongs to. Lines are without their ends; blank ones go with the line before."""
    stripped = [line.strip() for line in lines]
    labels = [Part.NEW] * len(lines)
    _label_quotes(stripped, labels)
    _label_signature(stripped, labels)
    for i, line in enumerate(stripped):
        if not line and i and labels[i] is Part.NEW and labels[i - 1] in (Part.SIGNATURE, Part.QUOTED, Part.HEAD):
            labels[i] = labels[i - 1]
    return labels


def regions(text: str) -> list[tuple[Span, Part]]:
    """Runs of lines of a text that belong together, in order; together they are the whole text."""
    spans = [Span(*match.span()) for match in re.finditer(r"[^\r\n]*(?:\r\n|\n|\r|$)", text) if match.group()]
    labels = parts_of([text[span.start : span.end] for span in spans])
    found: list[tuple[Span, Part]] = []
    for span, label in zip(spans, labels, strict=True):
        if found and found[-1][1] is label:
            found[-1] = (Span(found[-1][0].start, span.end), label)
        else:
            found.append((span, label))
    return found


def answered(text: str) -> str:
    """Of a quoted text without quote marks, the mail that is on top: what leads it in and what it quotes left out."""
    lines = text.splitlines()
    heads = _heads([line.strip() for line in lines])
    kept: list[str] = []
    i = 0
    while i < len(lines):
        if i not in heads:
            kept.append(lines[i])
            i += 1
        elif any(line.strip() for line in kept):
            break
        else:
            i = heads[i]
    return "\n".join(kept).strip()


def _label_quotes(lines: Sequence[str], labels: list[Part]) -> None:
    """Quoted lines, what leads them in, and marks of the mail system."""
    heads = _heads(lines)
    written = False
    for i, line in enumerate(lines):
        if line.startswith(">"):
            labels[i] = Part.QUOTED
    i = 0
    while i < len(lines):
        if _REPLY_MARK.fullmatch(lines[i]):
            labels[i] = Part.NOTHING
            if written:
                labels[i + 1 :] = [Part.QUOTED] * (len(lines) - i - 1)
                return
        elif i in heads and labels[i] is not Part.QUOTED:
            end = heads[i]
            labels[i:end] = [Part.HEAD] * (end - i)
            following = next((k for k in range(end, len(lines)) if lines[k]), None)
            if following is None or labels[following] is not Part.QUOTED:  # no marks: all of the rest is the other mail
                for k in range(end, len(lines)):
                    labels[k] = Part.HEAD if k in heads else Part.QUOTED
                return
            i = end
            continue
        written = written or bool(lines[i] and labels[i] is Part.NEW)
        i += 1


def _heads(lines: Sequence[str]) -> dict[int, int]:
    """Lines that lead in a quotation, each with the line after its end."""
    found: dict[int, int] = {}
    for i, line in enumerate(lines):
        if len(line) > _LONGEST_LINE:
            continue
        if _HEAD.fullmatch(line):
            found[i] = i + 1
        elif _HEAD_STARTS.fullmatch(line) and i + 1 < len(lines) and _HEAD_ENDS.fullmatch(lines[i + 1]):
            found[i] = i + 2
        elif (field := _FIELD.match(line)) and field.group(1).lower() in ("from", "sent", "date"):
            end = i
            names = set()
            while end < min(len(lines), i + 12) and (more := _FIELD.match(lines[end])):
                names.add(more.group(1).lower())
                end += 1
            if len(names) >= 3 and "from" in names:
                found[i] = end
    found |= {i: end for i, end in _library_heads(lines).items() if i not in found}
    for i, end in list(found.items()):
        if i and _UNDERSCORES.fullmatch(lines[i - 1]):
            found[i - 1] = end
        for inside in range(i + 1, end):
            found.pop(inside, None)
    return found


def _library_heads(lines: Sequence[str]) -> dict[int, int]:
    """What mail-parser-reply knows of the ways in which mail programs lead in a quotation."""
    if sum(map(len, lines)) > _LONGEST or any(len(line) > _LONGEST_LINE for line in lines):
        return {}
    text = "\n".join(lines)
    if not re.search(r":[ ]*$", text, re.MULTILINE):
        return {}
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    found = {}
    for match in _library_pattern().finditer(text):
        run = match.group()
        if not run.strip() or not re.search(
            r"(?m)(?:wrote|schrieb.*|a écrit.*|escribió.*|scritto.*|schreef.*|skrev.*):\s*\Z", run
        ):
            continue  # its header blocks ("From: …") are looser than ours
        first = text.count("\n", 0, match.start() + len(run) - len(run.lstrip()))
        found[first] = text.count("\n", 0, match.end()) + 1
    return found


@cache
def _library_pattern() -> Any:  # noqa: ANN401  # the library is not typed
    from mailparser_reply import EmailReplyParser

    return EmailReplyParser(languages=list(_LANGUAGES)).read("").HEADER_REGEX


def _label_signature(lines: Sequence[str], labels: list[Part]) -> None:
    """The closing and the signature of the new text that comes last."""
    new = [i for i, label in enumerate(labels) if label is Part.NEW]
    written = [i for i in new if lines[i]]
    end = len(new)
    for place, i in enumerate(new):
        line = lines[i]
        below = len(new) - place
        if (_DELIMITER.fullmatch(line) and place and below <= 40) or _SENT_FROM.fullmatch(line) or _NOTICE.match(line):
            end = place
            break
    for i in new[end:]:
        labels[i] = Part.SIGNATURE
    written = [i for i in new[:end] if lines[i]]
    for place in range(len(written) - 1, max(-1, len(written) - 16), -1):
        closing = _CLOSING.fullmatch(lines[written[place]])
        if not closing or (place == 0 and len(written) > 3):
            continue
        after = written[place + 1 :]
        labels[written[place]] = Part.CLOSING
        if after and not closing.group("name") and _is_name(lines[after[0]]):
            labels[after[0]] = Part.CLOSING
            _label_blank(lines, labels, written[place], after[0])
            after = after[1:]
        if after and all(_is_signature(lines[i]) for i in after):
            for i in after:
                labels[i] = Part.SIGNATURE
        return


def _label_blank(lines: Sequence[str], labels: list[Part], first: int, last: int) -> None:
    """Empty lines inside a closing belong to it."""
    for i in range(first + 1, last):
        if not lines[i]:
            labels[i] = Part.CLOSING


def _is_name(line: str) -> bool:
    """Whether a line under a closing can be who signs."""
    return len(line) <= 50 and len(line.split()) <= 6 and line[-1] not in "?!:" and not _POSTSCRIPT.match(line)


def _is_signature(line: str) -> bool:
    """Whether a line under the name can be a job title, an address, a number."""
    return len(line) <= 90 and not _POSTSCRIPT.match(line) and not (line[-1] in ".!?" and len(line.split()) > 5)
