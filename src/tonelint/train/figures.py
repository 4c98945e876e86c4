"""Each rule's hits and precision on the corpus's validation part, for ``metrics.json``: ``python -m tonelint.train.figures``.

To be run after the training, and again whenever rules change.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tonelint import weights
from tonelint.config import Config
from tonelint.evaluation import Evaluation, evaluate, gold_of, table
from tonelint.linter import LintResult, lint
from tonelint.readers import read
from tonelint.rules import all_rules
from tonelint.tagging import Tagger, load_tagger
from tonelint.train import corpus


def golds(part: str, folder: Path | None = None) -> Iterator[dict[str, Any]]:
    """Messages, exchanges and the sides of contrasts of one part, as gold."""
    for name in corpus.PARTS:
        yield from (gold_of(row) for row in corpus.read(name, folder) if row["split"] == part)
    for row in corpus.read("contrasts", folder):
        if row["split"] != part:
            continue
        for number, side in enumerate(row["sides"]):
            sentence = {
                "text": side["text"],
                "stance": side["stance"],
                "findings": [f["category"] for f in side["findings"]],
            }
            yield {"id": f"{row['id']}-{number}", "channel": row["channel"], "sentences": [sentence]}


def measure(tagger: Tagger, part: str, *, select: tuple[str, ...] = ("ALL",)) -> Evaluation:
    """Lint a part of the corpus as plain text and count."""
    config = Config(select=select)

    def check(text: str, gold: Mapping[str, Any]) -> LintResult:
        document = read(text, name=str(gold["id"]), format="text")
        return lint(document, replace(config, channel=gold["channel"]), tagger, reply_to=gold.get("customer"))

    return evaluate(golds(part), check)


def main() -> int:
    """Measure, print, and write the rules' figures into the model's ``metrics.json``."""
    folder = weights.load()
    evaluation = measure(load_tagger(str(folder.path)), "validation")
    figures = evaluation.figures()
    print(table(figures))
    patterns = tuple(r.code for r in all_rules() if r.check is not None)
    alone = measure(load_tagger("none"), "validation", select=patterns).figures()["findings"]
    print(
        f"\npattern rules alone: micro precision {alone['micro']['precision']:.3f}, recall {alone['micro']['recall']:.3f}"
    )
    rules = {
        rule.code: figures["rules"].get(rule.code) for rule in all_rules() if rule.category and rule.scope == "sentence"
    }
    path = folder.path / "metrics.json"
    metrics = json.loads(path.read_text(encoding="utf-8"))
    metrics["rules"] = {code: f or {"hits": 0, "precision": 0.0} for code, f in rules.items()}
    metrics["patterns_alone"] = alone
    metrics["linter"] = {key: figures[key] for key in ("stance", "findings", "message_alarms_per_message")}
    path.write_text(json.dumps(metrics, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
