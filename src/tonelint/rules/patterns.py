"""Token patterns: spaCy's syntax as data, compiled to regular expressions so that no spaCy is needed at run time.

A pattern is a list of token descriptions as spaCy's ``Matcher`` takes them
(``[{"NORM": {"IN": ["we", "our"]}}, {"OP": "?"}]``). :func:`tonelint.rules.notation.expand` turns the shorter *phrase*
notation of the rule files into such lists; here a list becomes a regular expression over
:attr:`tonelint.tokens.Tokens.stream`. The tests hold that spaCy's ``Matcher`` and the compiled form hit the same spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from tonelint.errors import UsageError
from tonelint.tokens import Tokens

TokenPattern = Sequence[Mapping[str, Any]]


class Source(Protocol):
    """A pattern, or something that stands for several (:class:`tonelint.rules.notation.Phrase`)."""

    @property
    def anchors(self) -> frozenset[str] | None:
        """Norms of which every match of its patterns holds at least one."""
        ...

    @property
    def patterns(self) -> tuple[CompiledPattern, ...]:
        """The patterns that it stands for."""
        ...


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


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern's hit, in token indices ``[start, end)``; ``mark`` is the run to underline."""

    start: int
    end: int
    mark: tuple[int, int]


@dataclass(frozen=True)
class CompiledPattern:
    """A token pattern ready to run. ``anchors`` are norms of which a match must hold at least one."""

    pattern: tuple[Mapping[str, Any], ...]
    anchors: frozenset[str] | None
    at_start: bool = False
    at_end: bool = False
    mark: tuple[int, int] | None = None
    """Element range ``[start, end)`` to underline."""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled form; made on first use, because most of some thousand patterns never meet their anchor."""
        return re.compile(_regex(self.pattern, self.at_start, self.at_end, self.mark))

    @property
    def patterns(self) -> tuple[CompiledPattern, ...]:
        """Itself: a :class:`Source` of one pattern."""
        return (self,)

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
    """Compile a spaCy token pattern. Raises UsageError for attributes, operators or expressions that it does not know."""
    found = anchor(pattern)
    compiled = CompiledPattern(tuple(pattern), found[1] if found else None, at_start, at_end, mark)
    try:
        _ = compiled.regex  # a fault in a house's own pattern is told when the file is read, not at the first match
    except re.error as error:
        raise UsageError(f"token pattern: not a regular expression: {error}") from error
    return compiled


def _regex(pattern: TokenPattern, at_start: bool, at_end: bool, mark: tuple[int, int] | None) -> str:
    # opening quotes and bullets do not count as the start
    parts: list[str] = [r"\A(?:\n(?:[\"'“”‘’*(\[]|[-–—•]+)\t[^\n]*){0,3}"] if at_start else []
    parts.append("(?P<all>")
    for i, element in enumerate(pattern):
        suffix = _suffix(element)
        unit = _unit(element)
        if mark and i == mark[0]:
            parts.append("(?P<mark>")
        parts.append(f"(?:{unit}){suffix}" if suffix else unit)
        if mark and i + 1 == mark[1]:
            parts.append(")")
    parts.append(")")
    parts.append(r"(?=(?:\n[.!?…\"'”’)\]]+\t[^\n]*){0,4}\n\Z)" if at_end else r"(?=\n)")
    return "".join(parts)


def _suffix(element: Mapping[str, Any]) -> str:
    op = str(element.get("OP", ""))
    if op in _OPS:
        return _OPS[op]
    if re.fullmatch(r"\{\d*,?\d*\}", op):
        return op if not op.startswith("{,") else "{0" + op[1:]
    raise UsageError(f"token pattern: operator {op!r} is not supported")


Anchor = tuple[tuple[int, int], frozenset[str]]
"""Norms of which one must be there, after how poorly they tell (lower is better)."""


def anchor(run: TokenPattern) -> Anchor | None:
    """The rarest closed set of norms that a run of token descriptions cannot match without."""
    return best(
        (_rarity(words), words)
        for element in run
        if element.get("OP", "") in ("", "1", "+") and (words := _literal_norms(element))
    )


def best(anchors: Iterable[Anchor | None]) -> Anchor | None:
    """Of some anchors that a match must all hold, the one that tells most; None if there is none."""
    found: Anchor | None = None
    for candidate in anchors:
        if candidate is not None and (found is None or candidate[0] < found[0]):
            found = candidate
    return found


_COMMON = frozenset(
    (
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "do", "for", "from", "have", "i",
        "if", "in", "is", "it", "its", "more", "most", "not", "of", "on", "or", "our", "so", "that", "the", "their",
        "there", "this", "to", "up", "us", "was", "we", "were", "what", "will", "with", "you", "your", "'s",
        "<own>",
    )
)  # fmt: skip


def either(anchors: Iterable[Anchor]) -> Anchor:
    """An anchor for something that holds to one of several."""
    words = frozenset().union(*(words for _, words in anchors))
    return _rarity(words), words


def _rarity(words: frozenset[str]) -> tuple[int, int]:
    return len(words & _COMMON), len(words)


def _literal_norms(element: Mapping[str, Any]) -> frozenset[str] | None:
    """The closed set of norms that an element can match, if it is closed."""
    value = element.get("NORM")
    if isinstance(value, str):
        return frozenset((value,))
    if isinstance(value, Mapping) and "IN" in value and len(value) == 1:
        return frozenset(value["IN"])
    return None


@dataclass(frozen=True)
class PatternSet:
    """Many patterns, indexed by their anchors so that only those that can match are made and run."""

    sources: tuple[tuple[Source, object], ...]
    """Each with the thing that it stands for."""
    by_anchor: Mapping[str, tuple[int, ...]] = field(init=False)
    always: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        index: dict[str, list[int]] = {}
        always = []
        for i, (source, _) in enumerate(self.sources):
            if source.anchors is None:
                always.append(i)
            for word in source.anchors or ():
                index.setdefault(word, []).append(i)
        object.__setattr__(self, "by_anchor", {word: tuple(rows) for word, rows in index.items()})
        object.__setattr__(self, "always", tuple(always))

    @property
    def patterns(self) -> tuple[tuple[CompiledPattern, object], ...]:
        """All patterns, each with its thing."""
        return tuple((pattern, thing) for source, thing in self.sources for pattern in source.patterns)

    def candidates(self, tokens: Tokens) -> Iterable[tuple[CompiledPattern, object]]:
        """The patterns worth running on these tokens, in their order."""
        norms = set(tokens.norms)
        rows = set(self.always)
        for norm in norms:
            rows.update(self.by_anchor.get(norm, ()))
        for row in sorted(rows):
            source, thing = self.sources[row]
            for pattern in source.patterns:
                if pattern.anchors is None or not pattern.anchors.isdisjoint(norms):
                    yield pattern, thing
