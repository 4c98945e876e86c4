"""A sentence in its context as token ids: the same code when an encoder is trained and when it is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tonelint.errors import ModelError
from tonelint.tagging import TagInput
from tonelint.types import Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

VERSION = 1
"""Raised whenever the layout changes: weights of another version cannot be used."""
SENTENCE, PREVIOUS, NEXT, FRAME = 96, 28, 20, 24
"""At most so many word pieces of each part: together below 176."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One input. ``ids`` and ``types`` have shape ``(n,)``; ``types`` is 1 on the sentence's own word pieces.

    ``offsets`` are the code-point runs in the sentence of its word pieces, which begin at index ``first``.
    """

    ids: npt.NDArray[np.int64]
    types: npt.NDArray[np.int64]
    first: int
    offsets: tuple[Span, ...]


def place(position: float) -> str:
    """Where in the message a sentence stands, as a word."""
    return (
        "first"
        if position <= 0.0
        else "last"
        if position >= 1.0
        else ("early", "middle", "late")[min(2, int(position * 3))]
    )


def encode(tokenizer: Tokenizer, items: Sequence[TagInput]) -> list[Encoded]:
    """``[CLS] channel role place: heading [SEP] previous [SEP] sentence [SEP] next [SEP]``, each part cut to its length."""
    texts: list[str] = []
    for item in items:
        frame = f"{item.channel} {item.role.replace('-', ' ')} {place(item.position)}: {item.heading}"
        texts += [" ".join(frame.split()), item.previous, item.text, item.next]
    parts = tokenizer.encode_batch(texts, add_special_tokens=False)
    begin, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if begin is None or end is None:
        raise ModelError("the model's tokenizer.json has no [CLS] or no [SEP] token; install the model again")
    found = []
    for i in range(0, len(parts), 4):
        frame_ids, previous, sentence, following = (p.ids for p in parts[i : i + 4])
        head = [begin, *frame_ids[:FRAME], end, *previous[-PREVIOUS:], end]
        own = sentence[:SENTENCE] or [end]
        tail = [end, *following[:NEXT], end]
        ids = np.asarray([*head, *own, *tail], dtype=np.int64)
        types = np.zeros(len(ids), dtype=np.int64)
        types[len(head) : len(head) + len(own)] = 1
        offsets = tuple(Span(a, b) for a, b in parts[i + 2].offsets[:SENTENCE])
        found.append(Encoded(ids, types, len(head), offsets))
    return found


def pad(
    batch: Sequence[Encoded], *, multiple: int = 1
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """``ids``, ``mask`` and ``types`` of a batch, each of shape ``(len(batch), width)``, padded with 0.

    ``width`` is the longest input's length, rounded up to a ``multiple``: few shapes spare a library that prepares itself for each.
    """
    width = -(-max(len(e.ids) for e in batch) // multiple) * multiple
    ids, mask, types = (np.zeros((len(batch), width), dtype=np.int64) for _ in range(3))
    for row, item in enumerate(batch):
        ids[row, : len(item.ids)] = item.ids
        mask[row, : len(item.ids)] = 1
        types[row, : len(item.ids)] = item.types
    return ids, mask, types
