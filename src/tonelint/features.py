"""Hashed features of a sentence in its context, for the linear tagger: the same code at training and at run time."""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

import numpy as np
import numpy.typing as npt

from tonelint.tagging import TagInput
from tonelint.tokens import Tokens, tokenize

BITS = 17
SIZE = 1 << BITS
VERSION = 1
"""Raised whenever a feature changes: weights of another version cannot be used."""

_CONTEXT_WORDS = 40
"""Words of a neighbour that are looked at."""


def _hash(feature: str) -> int:
    return crc32(feature.encode("utf-8", "surrogatepass")) & (SIZE - 1)


def _shape(tokens: Tokens, text: str) -> Iterator[str]:
    count = len(tokens)
    yield f"len:{min(count, 40) // 4}"
    if count <= 3:
        yield f"short:{count}"
    for mark in "?!:%*":
        if mark in text:
            yield f"has:{mark}"
    stripped = text.rstrip()
    yield f"end:{stripped[-1:] if not stripped[-1:].isalnum() else 'w'}"
    letters = [c for c in text if c.isalpha()]
    if len(letters) > 4 and sum(c.isupper() for c in letters) > 0.7 * len(letters):
        yield "caps"
    if any(c.isdigit() for c in text):
        yield "digit"


def features(item: TagInput) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Tokens]:
    """Feature ids (shape ``(n,)``, below :data:`SIZE`), the token each belongs to (−1: none), and the sentence's tokens."""
    tokens = tokenize(item.text)
    norms = ["<num>" if n[:1].isdigit() else n for n in tokens.norms]
    ids: list[int] = []
    owners: list[int] = []

    def add(feature: str, owner: int = -1) -> None:
        ids.append(_hash(feature))
        owners.append(owner)

    add("bias")
    for i, norm in enumerate(norms):
        add(f"w:{norm}", i)
        if i + 1 < len(norms):
            add(f"b:{norm} {norms[i + 1]}", i)
        if i + 2 < len(norms):
            add(f"t:{norm} {norms[i + 1]} {norms[i + 2]}", i + 1)
        if len(norm) > 5:
            add(f"x:{norm[:5]}", i)
            add(f"s:{norm[-3:]}", i)
    for i, norm in enumerate(norms[:3]):
        add(f"first{i}:{norm}", i)
    for name in _shape(tokens, item.text):
        add(f"{name}")
        add(f"{name}|{item.role}")
    add(f"role:{item.role}")
    add(f"channel:{item.channel}")
    add(f"role:{item.role}|channel:{item.channel}")
    place = "first" if item.position <= 0.0 else "last" if item.position >= 1.0 else str(int(item.position * 4))
    add(f"place:{place}")
    add(f"place:{place}|role:{item.role}")
    for side, text in (("p", item.previous), ("n", item.next), ("h", item.heading)):
        if not text:
            add(f"{side}:none")
            continue
        for norm in tokenize(text[:400]).norms[:_CONTEXT_WORDS]:
            add(f"{side}:{'<num>' if norm[:1].isdigit() else norm}")
    return np.asarray(ids, dtype=np.int32), np.asarray(owners, dtype=np.int32), tokens
