"""Channel and moment of a message, inferred from path, front matter, subject and text. Shown to the user, and overridable.

Cues are data (``context.toml``): each cue is a regular expression with a weight for a channel or a moment. The moment with
the greatest sum wins if it passes a floor; it then votes for its usual channel.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files

from tonelint.types import CHANNELS, MOMENTS

_FLOOR = 2.0
_FIELDS = {"tail": "its end", "hints": "front matter or headers"}
_USUAL, _ANSWER = 2.0, 4.0
"""What the moment's usual channel weighs, and an answer to somebody."""
_HEAD = 1500
"""Code points of the body that are looked at; what a message is for is said early."""


@dataclass(frozen=True, slots=True)
class Context:
    """What kind of message it is, and whether that was told (``given``) or inferred."""

    channel: str
    moment: str
    given: bool = False
    cues: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """For people: what decided, each with ``channel`` or ``moment`` before it; the weightiest first."""


@dataclass(frozen=True, slots=True)
class _Cue:
    pattern: re.Pattern[str]
    field: str
    weight: float
    label: str


@cache
def _cues() -> tuple[tuple[_Cue, ...], tuple[_Cue, ...], Mapping[str, str]]:
    data = tomllib.loads(files("tonelint").joinpath("context.toml").read_text(encoding="utf-8"))

    def read(table: Mapping[str, Mapping[str, list[list[object]]]], labels: tuple[str, ...]) -> tuple[_Cue, ...]:
        cues = []
        for label, fields in table.items():
            if label not in labels:
                raise ValueError(f"context.toml: unknown label {label!r}")
            for name, rows in fields.items():
                for pattern, weight in rows:
                    cues.append(_Cue(re.compile(str(pattern), re.IGNORECASE), name, float(str(weight)), label))
        return tuple(cues)

    return read(data["moment"], MOMENTS), read(data["channel"], CHANNELS), data["usual-channel"]


def _votes(
    cues: tuple[_Cue, ...], texts: Mapping[str, str]
) -> tuple[dict[str, float], dict[str, list[tuple[float, str]]]]:
    """The sum of weights by label, and the words behind it."""
    votes: dict[str, float] = {}
    words: dict[str, list[tuple[float, str]]] = {}
    for cue in cues:
        text = texts.get(cue.field, "")
        if text and (found := cue.pattern.search(text)):
            votes[cue.label] = votes.get(cue.label, 0.0) + cue.weight
            said = " ".join(found.group().split())
            words.setdefault(cue.label, []).append((cue.weight, f"{_FIELDS.get(cue.field, cue.field)} “{said[:60]}”"))
    return votes, words


def _because(key: str, words: list[tuple[float, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((key, text) for _, text in sorted(words, key=lambda row: -row[0]))


def infer(*, path: str, subject: str, text: str, hints: Mapping[str, str], customer: bool) -> Context:
    """Channel and moment of a message. ``hints`` are front matter or headers; ``customer`` says that it answers somebody."""
    told_channel = hints.get("channel", "").lower()
    told_moment = hints.get("moment", "").lower()
    moment_cues, channel_cues, usual = _cues()
    texts = {
        "path": re.sub(r"[_\W]+", " ", path),
        "subject": subject or text[:80],
        "text": text[:_HEAD],
        "tail": text[-600:],
        "hints": " ".join(f"{k}: {v}" for k, v in hints.items()),
    }
    moments, moment_words = _votes(moment_cues, texts)
    best = max(moments, key=lambda m: (moments[m], -MOMENTS.index(m)), default="other")
    moment = best if moments.get(best, 0.0) >= _FLOOR else "other"
    because = _because("moment", moment_words.get(moment, []))
    if told_moment in MOMENTS:
        moment, because = told_moment, (("moment", "said in the file"),)
    channels, channel_words = _votes(channel_cues, texts)
    if moment in usual:
        channels[usual[moment]] = channels.get(usual[moment], 0.0) + _USUAL
        channel_words.setdefault(usual[moment], []).append((_USUAL, f"usual for the moment {moment}"))
    if customer:
        channels["support"] = channels.get("support", 0.0) + _ANSWER
        channel_words.setdefault("support", []).append((_ANSWER, "answers a customer's message"))
    channel = max(CHANNELS, key=lambda c: (channels.get(c, 0.0), c == "service"))
    if told_channel in CHANNELS:
        return Context(told_channel, moment, given=True, cues=(("channel", "said in the file"), *because))
    return Context(channel, moment, cues=(*_because("channel", channel_words.get(channel, [])), *because))


def by_path(path: str, rows: tuple[tuple[str, str], ...]) -> str | None:
    """The value of the last row whose glob matches the path."""
    found = None
    for pattern, value in rows:
        if fnmatch(path, pattern) or fnmatch(path, f"*/{pattern}"):
            found = value
    return found
