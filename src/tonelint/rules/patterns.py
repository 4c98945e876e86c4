"""Token patterns: spaCy's syntax as data, compiled to regular expressions so that no spaCy is needed at run time.

A pattern is a list of token descriptions as spaCy's ``Matcher`` takes them
(``[{"NORM": {"IN": ["we", "our"]}}, {"OP": "?"}]``). :func:`expand` turns the shorter *phrase* notation of the rule
files into such lists; :func:`compile_pattern` turns a list into a
regular expression over :attr:`tonelint.tokens.Tokens.stream`. The tests hold that spaCy's ``Matcher`` and the
compiled form hit the same spans.

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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tonelint.errors import UsageError
from tonelint.tokens import OWN_NAME, Tokens, tokenize

TokenPattern = Sequence[Mapping[str, Any]]

_ANY_TEXT, _ANY_NORM = r"[^\t\n]*", r"[^\n]*"
_FLAGS = {
    "IS_PUNCT": r"[^\w\s\t\n]+",
    "IS_UPPER": r"(?=[^\t\n]*[A-Z])[^a-z\t\n]+",
    "IS_TITLE": r"[A-Z][a-z’'\-]*",
    "IS_DIGIT": r"\d+",
    "IS_ALPHA": r"[^\W\d_]+",
    "LIKE_URL": r"(?:https?://|www\.)[^\t\n]+",
    "LIKE_EMAIL": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "LIKE_NUM": r"\d[\d.,:]*(?:st|nd|rd|th)?|(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion)",
}
_OPS = {"": "", "1": "", "?": "?", "*": "*", "+": "+"}
_LIMIT = 200
"""Alternatives that one phrase may expand to."""


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern's hit, in token indices ``[start, end)``; ``mark`` is the run to underline."""

    start: int
    end: int
    mark: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CompiledPattern:
    """A token pattern ready to run. ``anchors`` are norms of which a match must hold at least one."""

    pattern: tuple[Mapping[str, Any], ...]
    source: str
    """The regular expression; compiled on first use, because most of some thousand patterns never meet their anchor."""
    anchors: frozenset[str] | None
    at_start: bool = False
    at_end: bool = False
    mark: tuple[int, int] | None = None
    """Element range ``[start, end)`` to underline."""

    @property
    def regex(self) -> re.Pattern[str]:
        """The compiled form of :attr:`source`."""
        return _compiled(self.source)

    def find(self, tokens: Tokens) -> Iterator[Match]:
        """Leftmost-longest matches that do not overlap, in order."""
        if self.anchors is not None and self.anchors.isdisjoint(tokens.norms):
            return
        for match in self.regex.finditer(tokens.stream):
            start, end = tokens.index_at(match.start("all")), tokens.index_at(match.end("all") - 1) + 1
            mark_start, mark_end = match.span("mark") if self.mark else (0, 0)
            mark = (
                (tokens.index_at(mark_start), tokens.index_at(mark_end - 1) + 1)
                if mark_end > mark_start
                else (start, end)
            )
            yield Match(start, end, mark)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


def _text_class(value: object, *, ignore_case: bool) -> str:
    """The regular expression for a string value or one of spaCy's predicates (IN, NOT_IN, REGEX)."""
    if isinstance(value, str):
        inner = re.escape(value)
    elif isinstance(value, Mapping) and set(value) == {"IN"}:
        inner = "|".join(re.escape(v) for v in sorted(value["IN"], key=len, reverse=True))
    elif isinstance(value, Mapping) and set(value) == {"REGEX"}:
        inner = str(value["REGEX"])
    elif isinstance(value, Mapping) and set(value) == {"NOT_IN"}:
        inner = "(?!(?:" + "|".join(re.escape(v) for v in value["NOT_IN"]) + r")(?=[\t\n]))[^\t\n]*"
    else:
        raise UsageError(f"token pattern: cannot read the value {value!r}")
    return f"(?i:{inner})" if ignore_case else f"(?:{inner})"


def _unit(element: Mapping[str, Any]) -> str:
    """The regular expression of one token unit ``\\n`` text ``\\t`` norm."""
    conditions = []
    for key, value in element.items():
        if key == "OP":
            continue
        if key == "NORM":
            conditions.append(rf"{_ANY_TEXT}\t{_text_class(value, ignore_case=False)}(?=\n)")
        elif key == "LOWER":
            conditions.append(rf"{_text_class(value, ignore_case=True)}\t")
        elif key in ("TEXT", "ORTH"):
            conditions.append(rf"{_text_class(value, ignore_case=False)}\t")
        elif key in _FLAGS:
            body = rf"(?:{_FLAGS[key]})\t"
            conditions.append(body if value else rf"(?!{body})")
        else:
            raise UsageError(f"token pattern: unknown attribute {key!r}")
    if len(conditions) == 1 and set(element) - {"OP"} == {"NORM"}:
        return rf"\n{conditions[0]}"
    return (
        r"\n" + "".join(f"(?={c})" if not c.startswith("(?!") else c for c in conditions) + rf"{_ANY_TEXT}\t{_ANY_NORM}"
    )


def compile_pattern(
    pattern: TokenPattern, *, at_start: bool = False, at_end: bool = False, mark: tuple[int, int] | None = None
) -> CompiledPattern:
    """Compile a spaCy token pattern. Raises UsageError for attributes or operators that it does not know."""
    # opening quotes and bullets do not count as the start
    parts: list[str] = [r"\A(?:\n(?:[\"'“”‘’*(\[]|[-–—•]+)\t[^\n]*){0,3}"] if at_start else []
    parts.append("(?P<all>")
    anchors: frozenset[str] | None = None
    for i, element in enumerate(pattern):
        op = str(element.get("OP", ""))
        if op in _OPS:
            suffix = _OPS[op]
        elif re.fullmatch(r"\{\d*,?\d*\}", op):
            suffix = op if not op.startswith("{,") else "{0" + op[1:]
        else:
            raise UsageError(f"token pattern: operator {op!r} is not supported")
        unit = _unit(element)
        if mark and i == mark[0]:
            parts.append("(?P<mark>")
        parts.append(f"(?:{unit}){suffix}" if suffix else unit)
        if mark and i + 1 == mark[1]:
            parts.append(")")
        if suffix in ("", "+"):
            words = _literal_norms(element)
            if words and (anchors is None or _rarity(words) < _rarity(anchors)):
                anchors = words
    parts.append(")")
    parts.append(r"(?=(?:\n[.!?…\"'”’)\]]+\t[^\n]*){0,4}\n\Z)" if at_end else r"(?=\n)")
    return CompiledPattern(tuple(pattern), "".join(parts), anchors, at_start, at_end, mark)


_COMMON = frozenset(
    (
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "do", "for", "from", "have", "i",
        "if", "in", "is", "it", "its", "more", "most", "not", "of", "on", "or", "our", "so", "that", "the", "their",
        "there", "this", "to", "up", "us", "was", "we", "were", "what", "will", "with", "you", "your", "'s",
        "<own>",
    )
)  # fmt: skip


def _rarity(words: frozenset[str]) -> tuple[int, int]:
    return (sum(word in _COMMON for word in words), len(words))


def _literal_norms(element: Mapping[str, Any]) -> frozenset[str] | None:
    """The closed set of norms that an element can match, if it is closed."""
    value = element.get("NORM")
    if isinstance(value, str):
        return frozenset((value,))
    if isinstance(value, Mapping) and set(value) == {"IN"}:
        return frozenset(value["IN"])
    return None


# ---------------------------------------------------------------------------------------------------- phrase notation

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


def expand(phrase: str) -> list[CompiledPattern]:
    """All compiled patterns that a phrase in the notation above stands for. Raises UsageError if it cannot be read."""
    at_start = at_end = False
    slots: list[_Runs] = []
    opened = closed = None
    for item in _items(phrase):
        if item == "^" and not slots:
            at_start = True
        elif item == "$":
            at_end = True
        elif item == "[" and opened is None:
            opened = len(slots)
        elif item == "]" and opened is not None and closed is None:
            closed = len(slots)
        elif item in ("[", "]", "^"):
            raise UsageError(f"phrase {phrase!r}: {item!r} is out of place")
        elif at_end:
            raise UsageError(f"phrase {phrase!r}: nothing can follow '$'")
        else:
            slots.append(_alternatives(item, phrase))
    if not slots:
        raise UsageError(f"phrase {phrase!r} is empty")
    if (opened is None) != (closed is None):
        raise UsageError(f"phrase {phrase!r}: a bracket is open or closed alone")
    _count(slots, phrase)
    patterns = []
    for choice in itertools.product(*slots):
        elements = [element for run in choice for element in run]
        if not elements or all(_empty(element) for element in elements):
            raise UsageError(f"phrase {phrase!r} matches nothing at all")
        mark = None
        if opened is not None and closed is not None:
            before = sum(len(run) for run in choice[:opened])
            mark = (before, before + sum(len(run) for run in choice[opened:closed]))
            if mark[0] == mark[1]:
                mark = None
        patterns.append(compile_pattern(elements, at_start=at_start, at_end=at_end, mark=mark))
    return patterns


_Runs = list[list[dict[str, Any]]]
"""What one element of a phrase can stand for: alternatives, each a run of token descriptions."""


def _empty(element: Mapping[str, Any]) -> bool:
    """Whether a token description can match no token at all."""
    op = str(element.get("OP", ""))
    return op in ("?", "*") or op.startswith(("{0,", "{,"))


def _count(slots: Sequence[_Runs], phrase: str) -> None:
    count = 1
    for slot in slots:
        count *= len(slot)
    if count > _LIMIT:
        raise UsageError(f"phrase {phrase!r} stands for {count} patterns; split it (at most {_LIMIT})")


_PLAIN = re.compile(r"(?!cannot$)[A-Za-z]+")
"""A word that is one token and its own norm: most of them, so they take a short cut."""
_REGEX = re.compile(r"/(?:[^/\s]|\\/)+/")


def _items(phrase: str) -> Iterator[str]:
    """The elements of a phrase: brackets and anchors, groups with all that is in them, regular expressions, words."""
    at = 0
    while at < len(phrase):
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
            raise UsageError(f"phrase {phrase!r}: ')' without '('")
        else:
            while at < len(phrase) and not phrase[at].isspace() and phrase[at] not in "[]()":
                regex = _REGEX.match(phrase, at) if phrase[at - 1 : at] in ("", " ", "|", "(") or at == start else None
                at = regex.end() if regex else at + 1
        yield phrase[start:at]


def _close(phrase: str, at: int) -> int:
    """Where the group that opens at ``at`` closes; regular expressions are jumped over."""
    depth = 0
    while at < len(phrase):
        regex = _REGEX.match(phrase, at) if phrase[at - 1 : at] in ("(", " ", "|") else None
        if regex:
            at = regex.end()
            continue
        depth += (phrase[at] == "(") - (phrase[at] == ")")
        if depth == 0:
            return at
        at += 1
    raise UsageError(f"phrase {phrase!r}: '(' without ')'")


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


def _alternatives(item: str, phrase: str) -> _Runs:
    """The runs of token descriptions that one element of a phrase can stand for."""
    optional = item.endswith("?") and len(item) > 1
    body = item[:-1] if optional else item
    inner = body[1:-1] if body.startswith("(") else body
    runs: _Runs = []
    singles: list[str] = []
    for alternative in _split(inner) if "(" in inner or "/" in inner else inner.split("|"):
        if _PLAIN.fullmatch(alternative):
            singles.append(alternative.lower())
            continue
        for run in _sequence(alternative, phrase):
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


def _sequence(text: str, phrase: str) -> _Runs:
    """All runs that one alternative stands for."""
    if not text.strip():
        raise UsageError(f"phrase {phrase!r}: an alternative is empty")
    slots: list[_Runs] = []
    for item in _items(text):
        if item in ("[", "]", "^", "$"):
            raise UsageError(f"phrase {phrase!r}: {item!r} cannot stand in a group")
        if item.startswith("(") or ("|" in item and len(list(_split(item))) > 1):
            slots.append(_alternatives(item, phrase))
        else:
            slots.append([_word(item, phrase)])
    _count(slots, phrase)
    return [[element for run in choice for element in run] for choice in itertools.product(*slots)]


def _word(word: str, phrase: str) -> list[dict[str, Any]]:
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
        return [{"NORM": {"REGEX": word[1:-1]}}]
    if word.endswith("?") and len(word) > 1:
        inner = _word(word[:-1], phrase)
        if len(inner) > 1:
            raise UsageError(f"phrase {phrase!r}: only a single word can be optional, not {word!r}; put it in ( )")
        return [{**inner[0], "OP": "?"}]
    if "?" in word.strip("?"):
        raise UsageError(f"phrase {phrase!r}: '?' inside the word {word!r}")
    tokens = tokenize(word)
    elements: list[dict[str, Any]] = []
    for i, norm in enumerate(tokens.norms):
        if set(norm) <= set("-–—") and i < len(tokens) - 1:
            elements.append({"NORM": {"IN": ["-", "–"]}, "OP": "?"})
        else:
            elements.append({"NORM": norm})
    return elements


@dataclass(frozen=True, slots=True)
class PatternSet:
    """Many patterns, indexed by their anchors so that only those that can match are run."""

    patterns: tuple[tuple[CompiledPattern, object], ...]
    """Each with the thing that it stands for."""
    by_anchor: Mapping[str, tuple[int, ...]] = field(init=False)
    always: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        index: dict[str, list[int]] = {}
        always = []
        for i, (pattern, _) in enumerate(self.patterns):
            if pattern.anchors is None:
                always.append(i)
            for word in pattern.anchors or ():
                index.setdefault(word, []).append(i)
        object.__setattr__(self, "by_anchor", {word: tuple(rows) for word, rows in index.items()})
        object.__setattr__(self, "always", tuple(always))

    def candidates(self, tokens: Tokens) -> Iterable[tuple[CompiledPattern, object]]:
        """The patterns worth running on these tokens, in their order."""
        rows = set(self.always)
        for norm in set(tokens.norms):
            rows.update(self.by_anchor.get(norm, ()))
        return (self.patterns[i] for i in sorted(rows))
