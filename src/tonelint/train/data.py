"""Labelled sentences in their context, from the corpus or from a file in the evaluation's gold format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tonelint.tagging import TagInput, in_context
from tonelint.train import corpus
from tonelint.types import Span


@dataclass(frozen=True, slots=True)
class Labelled:
    """One sentence with its gold labels. ``spans`` are ``(category, span)`` with offsets in the sentence."""

    message: str
    split: str
    item: TagInput
    stance: str
    findings: frozenset[str]
    spans: tuple[tuple[str, Span], ...]
    keeper: bool


def sentences(rows: Iterable[dict[str, Any]]) -> list[Labelled]:
    """The sentences of corpus rows (messages, exchanges)."""
    found = []
    for row in rows:
        items = in_context([(s["text"], s["role"]) for s in row["sentences"]], channel=row["channel"])
        for item, sentence in zip(items, row["sentences"], strict=True):
            spans = tuple((f["category"], Span(f["start"], f["end"])) for f in sentence["findings"])
            found.append(
                Labelled(
                    row["id"],
                    row["split"],
                    item,
                    sentence["stance"],
                    frozenset(category for category, _ in spans),
                    spans,
                    bool(sentence.get("keeper")),
                )
            )
    return found


def load(folder: Path | None = None) -> list[Labelled]:
    """All labelled sentences of the corpus, in a fixed order."""
    return [s for part in corpus.PARTS for s in sentences(corpus.read(part, folder))]


def contrasts(folder: Path | None = None) -> list[tuple[dict[str, Any], list[Labelled]]]:
    """Each contrast with its sides as labelled sentences."""
    pairs = []
    for row in corpus.read("contrasts", folder):
        sides = []
        for side in row["sides"]:
            items = in_context([(t, "body") for t in (*row.get("before", ()), side["text"])], channel=row["channel"])
            item = replace(items[-1], role=row.get("role", "body"))
            spans = tuple((f["category"], Span(f["start"], f["end"])) for f in side["findings"])
            sides.append(
                Labelled(row["id"], row["split"], item, side["stance"], frozenset(c for c, _ in spans), spans, False)
            )
        pairs.append((row, sides))
    return pairs


def without_roles(items: Sequence[Labelled]) -> list[Labelled]:
    """Copies as plain text would show them: a reader of plain text cannot tell a button from a short paragraph."""
    return [
        replace(s, item=replace(s.item, role="body"))
        for s in items
        if s.item.role not in ("body", "greeting", "sign-off")
    ]


def gold(path: Path) -> list[dict[str, Any]]:
    """Rows of a gold file (one message a line). Raises ValueError naming the line that is not JSON."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except ValueError as error:
                raise ValueError(f"{path}:{number}: not JSON: {error}") from error
    return rows
