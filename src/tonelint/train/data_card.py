"""The corpus's data card, written from the corpus: ``python -m tonelint.train.data_card`` writes ``training_data/README.md``."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tonelint.train import agreement, corpus

_OPENING = """# The corpus: data card

Written by `python -m tonelint.train.data_card`; do not edit by hand.

Outbound copy and customers' messages in English, **written for this corpus and labelled by language models**, sentence by sentence, by tonelint's annotation guide.
No text of any other author, company or customer is in it; names, places and products are invented. **People agree with each other less than the hands that labelled it do**, because
the hands are readings by the same kind of model: the agreement below must not be quoted as human agreement.

## What is in it

* `messages.jsonl`: whole messages as people draft them, good, mediocre and bad sentences in one; every sentence with stance, findings with spans, keeper, role, and the sentences that carry a label of the whole message
* `exchanges.jsonl`: customers' messages and replies, labelled in the same way, with what the customer asks and which sentence takes it up, and what the customer already gave
* `contrasts.jsonl`: minimal pairs that turn one label by one change
* `rewrites.jsonl`: sentences with findings and what an editor would accept instead; an empty rewrite deletes the sentence
* `second_labels.jsonl`, `settled.jsonl`: the second hand's labels, and what a third reading decided where the hands differed, with the guide's case
* `splits.toml`: which batches are validation and test; `schema.json`: the shape of every row

`python -m tonelint.train.corpus check` validates all of it, `python -m tonelint.train.cheats` prints [what a model could cheat by](cheats.md).

## How it was made

Twelve writers, each with five industries and a region's English of their own, wrote whole messages in a compact text form in which a sentence, its role, its labels and its rewrites stand together; three more wrote the contrasts. No script composed
text; scripts numbered, validated and counted, and gave names in the greetings of clean messages a fallback. A batch is one industry by one writer. Validation and test are whole batches, so no industry, and no cell of industry and kind, stands in two parts.
Then a second hand labelled a share of every batch without seeing the first labels, and a third reading settled what differed. The labels in the corpus are the settled ones; agreement is that before settlement. Sentences that only one hand has read
hold more mistakes than the others.
"""

_CLOSING = """
## What it must not be used for

Judging or ranking people; claims about how real customers feel or how real companies write; languages other than English; any figure of human agreement.

## Known gaps

* It is written, not found: real copy has more boilerplate, more half-finished sentences, more formatting and more products than any writer invents, and models lose on real copy what they reach here.
* The first batches (writers one to three) are livelier than companies mostly are; the later ones are drier.
* Sales has fewer messages than the other channels; legal letters, sector regulation and very long documents are thin.
* Stock sentences of more than four words occur once only, because duplicates are not allowed; in the wild they are the most frequent ones.
* Spans were marked by one hand.
"""


def _table(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])))


def card(folder: Path | None = None) -> str:
    """The card as Markdown."""
    lines = [_OPENING, "## Agreement of two hands, before settlement", ""]
    both = agreement.pairs(folder)
    if both:
        figures = agreement.report(both)
        settled = corpus.read("settled", folder)
        changed = sum(r["first"] != r["settled"] for r in settled)
        lines += [
            f"{figures['items']} messages and exchanges, {figures['sentences']} sentences: Cohen's kappa of the stance "
            f"{figures['stance_kappa']:.3f}; F1 between hands over findings, mean of the categories {figures['finding_mean_f1']:.3f}, "
            f"micro {figures['finding_micro_f1']:.3f}.",
            "",
            "| finding | F1 between hands |",
            "|---|---|",
            *(f"| {name} | {value:.2f} |" for name, value in figures["finding_f1"].items()),
            "",
            "Labels of the whole message, F1: "
            + ", ".join(f"{k} {v:.2f}" for k, v in figures["labels_f1"].items())
            + ".",
            "",
            f"The third reading settled {len(settled)} sentences and changed the first hand's label in {changed} of them.",
            "",
        ]
    lines += ["## Counts", "", "`python -m tonelint.train.corpus count` prints them.", ""]
    for dimension, values in corpus.counts(folder).items():
        shown = values if len(values) <= 80 else Counter(dict(values.most_common(80)))
        lines.append(f"* **{dimension}**: {_table(shown)}" + (" …" if len(values) > len(shown) else ""))
    return "\n".join(lines) + "\n" + _CLOSING


def main() -> int:
    """Write the card."""
    (corpus.root() / "README.md").write_text(card(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
