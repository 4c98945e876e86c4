"""Suggestions that phrase rules carry as data: deletion, replacement, unwrapping a frame, wording with blanks.

A specification says what to do with the words that matched; here it becomes edits of the view text, with the case of
the first letter, the blanks and the commas carried over. Whether an edit may be made in the source is decided later,
by the linter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tonelint.errors import UsageError
from tonelint.rules.base import Proposal, ViewEdit
from tonelint.types import Safety, Sentence, Span

_LONGEST = 2_000
"""Code points of a sentence that is reworded. What is longer is no sentence, and every rewording costs its length."""
_KINDS = ("delete", "delete-sentence", "replace", "frame", "display")


@dataclass(frozen=True, slots=True)
class SuggestionSpec:
    """What to do with a match.

    ``delete`` takes the underlined words out; ``delete-sentence`` the sentence; ``replace`` puts ``text`` for the
    underlined words; ``frame`` deletes from the start of the sentence to the end of the match and lets the rest begin the
    sentence ("We are proud to announce that" …); ``display`` shows ``text`` and changes nothing.
    """

    kind: str
    text: str = ""
    safe: bool = False

    @classmethod
    def parse(cls, value: str | Mapping[str, Any]) -> SuggestionSpec:
        """From ``"delete"`` or a table such as ``{replace = "…"}``, ``{display = "…"}``; raises UsageError
        otherwise."""
        if isinstance(value, str):
            value = {value: True}
        kinds = [k for k in value if k in _KINDS]
        if len(kinds) != 1 or set(value) - {*_KINDS, "safe"}:
            raise UsageError(f"a suggestion is one of {', '.join(_KINDS)}, not {dict(value)!r}")
        text = value[kinds[0]]
        return cls(kinds[0], text if isinstance(text, str) else "", bool(value.get("safe", False)))


def propose(
    specs: tuple[SuggestionSpec, ...], *, sentence: Sentence, index: int, match: Span, mark: Span
) -> tuple[Proposal, ...]:
    """Proposals for a match. ``match`` and ``mark`` are offsets in the sentence, ``index`` its place."""
    proposals = []
    for spec in specs:
        if spec.kind == "display":
            proposals.append(Proposal(Safety.DISPLAY, spec.text))
            continue
        if len(sentence.text) > _LONGEST:
            continue
        edits = _edits(spec, sentence.text, match, mark)
        if edits is None:
            continue
        after = apply(sentence.text, edits)
        if not reads_well(after) and after:
            continue
        proposals.append(
            Proposal(
                Safety.SAFE if spec.safe else Safety.UNSAFE,
                " ".join(after.split()) or "(delete this sentence)",
                tuple(ViewEdit(edit.view.shift(sentence.view.start), edit.text) for edit in edits),
                index,
            )
        )
    return tuple(proposals)


def apply(text: str, edits: tuple[ViewEdit, ...]) -> str:
    """The text after edits in its own offsets, which must not overlap."""
    for edit in sorted(edits, key=lambda e: e.view.start, reverse=True):
        text = text[: edit.view.start] + edit.text + text[edit.view.end :]
    return text


def _edits(spec: SuggestionSpec, text: str, match: Span, mark: Span) -> tuple[ViewEdit, ...] | None:
    if spec.kind == "delete-sentence":
        return (ViewEdit(Span(0, len(text)), ""),)
    if spec.kind == "replace":
        return (ViewEdit(mark, _like(text[mark.start : mark.end], spec.text)),)
    if spec.kind == "frame":
        return _unwrap(text, match.end)
    return _delete(text, mark)


def _like(old: str, new: str) -> str:
    """``new`` with the case of ``old``: capitals throughout, or a first capital."""
    letters = [c for c in old if c.isalpha()]
    if len(letters) > 3 and all(c.isupper() for c in letters):
        return new.upper()
    if letters and letters[0].isupper() and old.lstrip()[:1].isupper():
        return new[:1].upper() + new[1:]
    return new


def _unwrap(text: str, end: int) -> tuple[ViewEdit, ...] | None:
    """Delete everything up to ``end``; what remains must be able to stand as a sentence."""
    rest = re.match(r"[\s,:—–-]*", text[end:])
    start = end + (rest.end() if rest else 0)
    remaining = text[start:]
    if len(remaining.split()) < 3 or not remaining[:1].isalnum():
        return None
    return (ViewEdit(Span(0, start + 1), remaining[:1].upper()),)


_INTENSIFIERS = re.compile(r"(?i)\b(?:very|truly|really|simply|totally|absolutely|so|most|quite|utterly|genuinely)\s+$")
_JOINED_BEFORE = re.compile(r"(?i)\s*,?\s+(?:and|or|&)\s+$")
_JOINED_AFTER = re.compile(r"(?i)\s*,?\s+(?:and|or|&)\s+(?=[^\W\d_])")
_AFTER_BE = re.compile(r"(?i)(?:\b(?:is|are|was|were|be|been|being)|[’'](?:s|re))\s+$")
_LIKE_ADJECTIVE = re.compile(
    r"(?i)(?:[\w’'-]+(?:able|ible|al|ant|ary|ed|en|ent|est|ful|ic|ive|less|ory|ous|ing)|[\w’'-]*-[\w’'-]+|"
    r"(?:easy|fast|quick|safe|simple|secure|strong|warm|new|friendly|happy|ready|cheap|fair|free|kind|open|clear|light|clean|fresh))"
    r"(?=\s*(?:[.!?,;:)]|$|and\b|for\b|to\b|in\b|at\b|by\b))"
)
_LISTED = re.compile(
    r"(?i)\b(?:a|an|the|our|your|its|their|this|that|these|those|of|with)\s+[\w’'-]+(?:,\s*[\w’'-]+)*,\s*$"
)
_ADVERBIAL = re.compile(
    r"(?i)^\W*(?:for|in|on|at|by|with|during|after|before|from|to|since|until|under|over)\s+\S+(?:\s+\S+)?,\s*$"
)


def _delete(text: str, mark: Span) -> tuple[ViewEdit, ...] | None:
    """Delete a run with what joined it to its neighbours; mend the first letter and the article."""
    start, end = mark.start, mark.end
    if intensifier := _INTENSIFIERS.search(text[:start]):
        start = intensifier.start()
    before, after = text[:start], text[end:]
    if not any(c.isalnum() for c in before + after):
        return (ViewEdit(Span(0, len(text)), ""),)
    if not any(c.isalnum() for c in before):  # at the start: the rest begins the sentence
        joined = _JOINED_AFTER.match(after)
        end += joined.end() if joined else 0
        while end < len(text) and text[end] in " \n,;:–—-":
            end += 1
        return (ViewEdit(Span(start, end + 1), text[end : end + 1].upper()),) if end < len(text) else None
    joined = _JOINED_AFTER.match(after)
    if joined and _AFTER_BE.search(before) and not _LIKE_ADJECTIVE.match(after[joined.end() :]):
        return None  # "is award-winning and works": what is joined may be another verb
    start, end = _with_joints(text, start, end)
    edits = [ViewEdit(Span(start, end), "")]
    article = re.search(r"\b([Aa])(n?)\s+$", text[:start])
    follows = text[end : end + 1].lower()
    if article and follows.isalpha():
        wants_n = follows in "aeiou"
        if wants_n != bool(article.group(2)):
            edits.insert(
                0, ViewEdit(Span(article.start(1), article.end(2)), article.group(1) + ("n" if wants_n else ""))
            )
    return tuple(edits)


def _with_joints(text: str, start: int, end: int) -> tuple[int, int]:
    """The run inside a sentence that goes with the deleted words: what joined them to their neighbours."""
    before, after = text[:start], text[end:]
    word = not re.search(r"\s", text[start:end])
    stop = after[:1] in (".", "!", "?", ";", ":", ")") or not after.strip()
    if joined := _JOINED_AFTER.match(after):  # "award-winning and reliable"
        return start, end + joined.end()
    if joined := _JOINED_BEFORE.search(before):  # "reliable and award-winning"
        return joined.start(), end
    comma_before, comma_after = before.rstrip().endswith(","), after.startswith(",")
    if comma_before and comma_after:
        cut = len(before.rstrip()) - 1
        return cut, end if word else end + 1
    if comma_after:  # "our award-winning, reliable platform"
        return start, end + len(after) - len(after[1:].lstrip())
    if stop:
        return len(before.rstrip(" \n,;–—")), end
    # "our reliable, award-winning platform"
    if comma_before and _LISTED.search(before) and not _ADVERBIAL.match(before):
        return len(before.rstrip()) - 1, end
    if before[-1:].isspace() and after[:1].isspace():
        return start, end + len(after) - len(after.lstrip())
    return start, end


_LEFTOVERS = re.compile(
    r"(?i)\b(?:a|an|the|our|your|and|or|but|to|of|with|that|is|are|was|very|so)\s*[.!?]*$"
    r"|\b(?:and and|or or|the the|a a|to to|and or)\b|^[,;:]|,\s*,|\s[,.](?:\s|$)"
)


def reads_well(text: str) -> bool:
    """A cheap check for wrecks that deletions leave: a dangling article or conjunction, doubled commas, bare marks."""
    return any(c.isalnum() for c in text) and not _LEFTOVERS.search(text.strip())
