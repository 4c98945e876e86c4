"""Words of a sentence, as the phrase rules see them.

One small tokenizer serves everything that looks at words: phrase rules, own-name detection, rewriting. Its conventions are
those of spaCy's English where a pattern's author would notice: contractions are split (``we're`` is ``we`` + ``'re``) and
hyphens stand alone. Every token also has a *norm*: lower case, straight apostrophes, contractions written out
(``'re`` is ``are``, ``n't`` is ``not``), so that one pattern matches "We're" and "we are".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

OWN_NAME = "<own>"
"""Norm of a word that belongs to one of the house's own names."""

_TOKEN = re.compile(
    r"""
      (?:https?://|www\.)[^\s<>"]+[^\s<>".,;:!?)\]'’]   # link
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                      # mail address
    | [@\#]\w+                                          # handle, hashtag
    | \d+(?:[.,:]\d+)*(?:st|nd|rd|th)?(?![^\W\d_])      # number
    | (?:[^\W\d_]\.){2,}                                # p.m., e.g.
    | \w+(?:['’]\w+)*                                   # word, with its contraction
    | ['’](?:re|ve|ll|s|d|m|t)\b
    | \.{2,}|!+|\?+|[-–—]+
    | \S
    """,
    re.VERBOSE,
)
_CONTRACTION = re.compile(r"(?i)^(.+?)(n['’]t|['’](?:re|ve|ll|s|d|m))$")
_NORMS = {
    "'re": "are",
    "'ve": "have",
    "'ll": "will",
    "'m": "am",
    "n't": "not",
    "ca": "can",
    "wo": "will",
    "sha": "shall",
}
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "‑": "-"})


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text, as parallel tuples. Offsets are view offsets of that text."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    norms: tuple[str, ...]
    stream: str = field(repr=False)
    """All tokens in one string, for compiled patterns: ``\\n`` text ``\\t`` norm, once a token, closed by ``\\n``."""
    stream_starts: tuple[int, ...] = field(repr=False)

    def __len__(self) -> int:
        return len(self.starts)

    def word(self, index: int) -> str:
        """Token ``index`` as written."""
        return self.text[self.starts[index] : self.ends[index]]

    def index_at(self, stream_offset: int) -> int:
        """The token whose unit holds a stream offset."""
        return bisect_right(self.stream_starts, stream_offset) - 1


def tokenize(text: str, *, own_names: Iterable[str] = ()) -> Tokens:
    """Split ``text`` into tokens. Words of ``own_names`` (company and product names) get the norm :data:`OWN_NAME`."""
    starts: list[int] = []
    ends: list[int] = []
    norms: list[str] = []

    def add(start: int, end: int, norm: str) -> None:
        starts.append(start)
        ends.append(end)
        norms.append(norm)

    for match in _TOKEN.finditer(text):
        start, end = match.span()
        word = match.group().translate(_STRAIGHT)
        lower = word.lower()
        if lower == "cannot":
            add(start, start + 3, "can")
            add(start + 3, end, "not")
        elif "'" in word and (parts := _CONTRACTION.match(word)):
            cut = start + parts.end(1)
            # only n't makes a stem irregular: "won't" is "will not", while "ca" or "wo" elsewhere are words of their own
            stem, tail = parts.group(1).lower(), parts.group(2).lower()
            add(start, cut, _NORMS.get(stem, stem) if tail == "n't" else stem)
            add(cut, end, _NORMS.get(tail, tail))
        else:
            add(start, end, _NORMS.get(lower, lower) if lower.startswith("'") else lower)
    for name in own_names:
        _mark_own(text, name, starts, ends, norms)
    units = [f"\n{text[s:e].translate(_CLEAN)}\t{norm}" for s, e, norm in zip(starts, ends, norms, strict=True)]
    at, stream_starts = 0, []
    for unit in units:
        stream_starts.append(at)
        at += len(unit)
    return Tokens(text, tuple(starts), tuple(ends), tuple(norms), "".join(units) + "\n", tuple(stream_starts))


_CLEAN = str.maketrans({"\n": " ", "\t": " "})


def _mark_own(text: str, name: str, starts: list[int], ends: list[int], norms: list[str]) -> None:
    for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text) if name else ():
        for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if start < match.end() and match.start() < end:
                norms[i] = OWN_NAME
