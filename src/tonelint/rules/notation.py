"""The phrase notation of the rule files, turned into token patterns.

Phrase notation, elements separated by blanks:

==================  ===============================================================================
``thrilled``        that word (its norm: ``are`` also matches ``'re``, ``not`` also ``n't``)
``glad|pleased``    either
``(a b|c)``         either run of words; may be followed by ``?``, and nested
``very?``           the word or nothing
``award-winning``   with the hyphen or without
``/apologi[sz]e/``  a regular expression that matches the whole norm
``_``               any one word (no punctuation)
``_{0,3}``          up to three words in between, never across ``. ! ? ;``
``<num>``           a number; ``<punct>``, ``<upper>`` (a word in capitals), ``<title>`` (Capitalised), ``<money>``
``<us>``            ``we`` or one of the house's own names; ``<our>`` is ``our``, ``<own> 's`` also
``^`` and ``$``     at the start, at the end of the sentence (closing punctuation aside)
``[`` … ``]``       the words to underline (default: all)
==================  ===============================================================================
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from tonelint.errors import UsageError
from tonelint.rules.patterns import Anchor, CompiledPattern, anchor, best, either
from tonelint.tokens import OWN_NAME, tokenize

_LIMIT = 200
"""Alternatives that one phrase may expand to."""

_CLASSES: dict[str, dict[str, Any]] = {
    "<num>": {"LIKE_NUM": True},
    "<punct>": {"IS_PUNCT": True},
    "<upper>": {"IS_UPPER": True},
    "<title>": {"IS_TITLE": True},
    "<money>": {"NORM": {"REGEX": r"[£$€₹]|rs|usd|eur|gbp|inr"}},
    "<us>": {"NORM": {"IN": ["we", OWN_NAME]}},
    "<our>": {"NORM": {"IN": ["our", OWN_NAME]}},
    "<own>": {"NORM": OWN_NAME},
    "<url>": {"LIKE_URL": True},
    "<email>": {"LIKE_EMAIL": True},
}
_WORD_ONLY = {"NORM": {"REGEX": r"[^\W_].*|'\w+"}}
_GAP = {"NORM": {"REGEX": r"(?![.!?;]+(?=\n))[^\n]+"}}


@dataclass(frozen=True, slots=True)
class _Rated:
    """One run of token descriptions with what is asked of it again and again: there are far fewer runs than patterns."""

    elements: tuple[Mapping[str, Any], ...]
    anchor: Anchor | None
    empty: bool
    """Whether it can match no token at all."""


@dataclass(frozen=True)
class Phrase:
    """A phrase that has been read and stands for one pattern or many, which are made when they are first asked for."""

    slots: tuple[tuple[_Rated, ...], ...]
    """The alternatives of each element."""
    at_start: bool
    at_end: bool
    bracket: tuple[int, int] | None
    """The elements ``[start, end)`` to underline."""
    anchors: frozenset[str] | None
    """Norms of which every match holds at least one."""

    @cached_property
    def patterns(self) -> tuple[CompiledPattern, ...]:
        """Every choice of alternatives."""
        return tuple(map(self._pattern, itertools.product(*self.slots)))

    def _pattern(self, choice: tuple[_Rated, ...]) -> CompiledPattern:
        elements = tuple(itertools.chain.from_iterable(run.elements for run in choice))
        mark = None
        if self.bracket is not None:
            opened, closed = self.bracket
            before = sum(len(run.elements) for run in choice[:opened])
            mark = (before, before + sum(len(run.elements) for run in choice[opened:closed]))
            if mark[0] == mark[1]:
                mark = None
        found = best(run.anchor for run in choice)
        return CompiledPattern(elements, found[1] if found else None, self.at_start, self.at_end, mark)


def expand(text: str) -> tuple[CompiledPattern, ...]:
    """All compiled patterns that a phrase in the notation above stands for. Raises UsageError if it cannot be read."""
    return phrase(text).patterns


def phrase(text: str) -> Phrase:
    """Read a phrase in the notation above. Raises UsageError if it cannot be read."""
    try:
        return _phrase(text)
    except UsageError as error:
        raise UsageError(f"phrase {text!r}: {error}") from error


def _phrase(text: str) -> Phrase:
    at_start = at_end = False
    slots: list[tuple[_Rated, ...]] = []
    opened = closed = None
    for item in _items(text):
        if item == "^" and not slots:
            at_start = True
        elif item == "$":
            at_end = True
        elif item == "[" and opened is None:
            opened = len(slots)
        elif item == "]" and opened is not None and closed is None:
            closed = len(slots)
        elif item in ("[", "]", "^"):
            raise UsageError(f"{item!r} is out of place")
        elif at_end:
            raise UsageError("nothing can follow '$'")
        else:
            slots.append(_rated(item))
    if not slots:
        raise UsageError("it is empty")
    if (opened is None) != (closed is None):
        raise UsageError("a bracket is open or closed alone")
    _count(slots)
    if all(any(run.empty for run in slot) for slot in slots):
        raise UsageError("it matches nothing at all")
    bracket = (opened, closed) if opened is not None and closed is not None else None
    found = best(map(_shared, slots))
    return Phrase(tuple(slots), at_start, at_end, bracket, found[1] if found else None)


def _shared(slot: tuple[_Rated, ...]) -> Anchor | None:
    """Norms of which one must be there whichever alternative is taken."""
    if len(slot) == 1:
        return slot[0].anchor
    anchors = [run.anchor for run in slot if run.anchor is not None]
    return either(anchors) if len(anchors) == len(slot) else None


@cache
def _rated(item: str) -> tuple[_Rated, ...]:
    return tuple(_Rated(tuple(run), anchor(run), all(map(_empty, run))) for run in _alternatives(item))


_Runs = Sequence[Sequence[Mapping[str, Any]]]
"""What one element of a phrase can stand for: alternatives, each a run of token descriptions."""


def _empty(element: Mapping[str, Any]) -> bool:
    """Whether a token description can match no token at all."""
    op = str(element.get("OP", ""))
    return op in ("?", "*") or op.startswith(("{0,", "{,"))


def _count(slots: Sequence[Sequence[object]]) -> None:
    count = 1
    for slot in slots:
        count *= len(slot)
    if count > _LIMIT:
        raise UsageError(f"it stands for {count} patterns; split it (at most {_LIMIT})")


_PLAIN = re.compile(r"(?!cannot$)[A-Za-z]+", re.IGNORECASE)
"""A word that is one token and its own norm."""
_PLAIN_RUNS = re.compile(r"(?!.*\bcannot\b)[A-Za-z]+(?:[| ][A-Za-z]+)*", re.IGNORECASE)
"""Such words only: nearly all elements are, and need no taking apart."""
_REGEX = re.compile(r"/(?:[^/\s]|\\/)+/")


def _items(phrase: str) -> Iterator[str]:
    """The elements of a phrase: brackets and anchors, groups with all that is in them, regular expressions, words."""
    if _SIMPLE.fullmatch(phrase):
        yield from _ITEM.findall(phrase)
        return
    at, size = 0, len(phrase)
    while at < size:
        start, char = at, phrase[at]
        if char.isspace():
            at += 1
            continue
        if char in "[]^$":
            at += 1
        elif char == "(":
            at = _close(phrase, at) + 1
            at += phrase[at : at + 1] == "?"
        elif char == ")":
            raise UsageError("')' without '('")
        else:
            while at < size and not (char := phrase[at]).isspace() and char not in "[]()":
                if run := _RUN.match(phrase, at):
                    at = run.end()
                else:  # a slash: the start of a regular expression, or part of a word
                    regex = _REGEX.match(phrase, at) if at == start or phrase[at - 1] in " |(" else None
                    at = regex.end() if regex else at + 1
        yield phrase[start:at]


_SIMPLE = re.compile(r"[^()/]*")
_ITEM = re.compile(r"[\[\]^$]|[^\s\[\]]+")
_RUN = re.compile(r"[^\s\[\]()/]+")
_INSIDE = re.compile(r"[^()/]+")


def _close(phrase: str, at: int) -> int:
    """Where the group that opens at ``at`` closes; regular expressions are jumped over."""
    depth = 0
    while at < len(phrase):
        if run := _INSIDE.match(phrase, at):
            at = run.end()
            continue
        regex = _REGEX.match(phrase, at) if phrase[at - 1 : at] in ("(", " ", "|") else None
        if regex:
            at = regex.end()
            continue
        depth += (phrase[at] == "(") - (phrase[at] == ")")
        if depth == 0 and phrase[at] == ")":
            return at
        at += 1
    raise UsageError("'(' without ')'")


def _split(text: str) -> Iterator[str]:
    """Parts of ``text`` between its ``|``, groups and regular expressions left whole."""
    start = at = depth = 0
    while at < len(text):
        regex = _REGEX.match(text, at) if at == start or text[at - 1] in "( |" else None
        if regex:
            at = regex.end()
            continue
        depth += (text[at] == "(") - (text[at] == ")")
        if text[at] == "|" and depth == 0:
            yield text[start:at]
            start = at + 1
        at += 1
    yield text[start:]


def _alternatives(item: str) -> _Runs:
    """The runs of token descriptions that one element of a phrase can stand for."""
    optional = item.endswith("?") and len(item) > 1
    body = item[:-1] if optional else item
    inner = body[1:-1] if body.startswith("(") else body
    runs: list[Sequence[Mapping[str, Any]]] = []
    singles: list[str] = []
    if _PLAIN_RUNS.fullmatch(inner):
        alternatives = [words.split() for words in inner.lower().split("|")]
        singles = [words[0] for words in alternatives if len(words) == 1]
        runs = [[{"NORM": word} for word in words] for words in alternatives if len(words) > 1]
    else:
        for alternative in _split(inner) if "(" in inner or "/" in inner else inner.split("|"):
            for run in _sequence(alternative):
                if len(run) == 1 and isinstance(run[0].get("NORM"), str) and "OP" not in run[0]:
                    singles.append(str(run[0]["NORM"]))
                else:
                    runs.append(run)
    if singles:
        runs.insert(0, [{"NORM": singles[0] if len(singles) == 1 else {"IN": list(dict.fromkeys(singles))}}])
    if optional:
        if len(runs) == 1 and len(runs[0]) == 1 and "OP" not in runs[0][0]:
            return [[{**runs[0][0], "OP": "?"}]]
        return [*runs, []]
    return runs


def _sequence(text: str) -> _Runs:
    """All runs that one alternative stands for."""
    if not text.strip():
        raise UsageError("an alternative is empty")
    slots: list[_Runs] = []
    for item in _items(text):
        if item in ("[", "]", "^", "$"):
            raise UsageError(f"{item!r} cannot stand in a group")
        if item.startswith("(") or ("|" in item and len(list(_split(item))) > 1):
            slots.append(_alternatives(item))
        else:
            slots.append([_word(item)])
    _count(slots)
    return [[element for run in choice for element in run] for choice in itertools.product(*slots)]


def _word(word: str) -> list[dict[str, Any]]:
    """The elements of one written word: contractions split, hyphens optional."""
    if _PLAIN.fullmatch(word):
        return [{"NORM": word.lower()}]
    if word in _CLASSES:
        return [dict(_CLASSES[word])]
    if word == "_":
        return [dict(_WORD_ONLY)]
    if gap := re.fullmatch(r"_\{(\d+),(\d+)\}", word):
        return [{**_GAP, "OP": f"{{{gap.group(1)},{gap.group(2)}}}"}]
    if word.startswith("/") and word.endswith("/") and len(word) > 1:
        try:
            re.compile(word[1:-1])
        except re.error as error:
            raise UsageError(f"{word} is not a regular expression: {error}") from error
        return [{"NORM": {"REGEX": word[1:-1]}}]
    if word.endswith("?") and len(word) > 1:
        inner = _word(word[:-1])
        if len(inner) > 1:
            raise UsageError(f"only a single word can be optional, not {word!r}; put it in ( )")
        return [{**inner[0], "OP": "?"}]
    if "?" in word.strip("?"):
        raise UsageError(f"'?' inside the word {word!r}")
    tokens = tokenize(word)
    elements: list[dict[str, Any]] = []
    for i, norm in enumerate(tokens.norms):
        if set(norm) <= set("-–—") and i < len(tokens) - 1:
            elements.append({"NORM": {"IN": ["-", "–"]}, "OP": "?"})
        else:
            elements.append({"NORM": norm})
    return elements
