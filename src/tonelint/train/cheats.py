"""What would make a model cheat: ``python -m tonelint.train.cheats`` prints the report of the data card.

A words-only and a first-word-only classifier are trained on the training part; they must fail on the contrasts. The n-grams most tied to
each label are listed with how often they stand in sentences of other labels. Length and place by label are tabulated.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from tonelint.train import data
from tonelint.train.data import Labelled
from tonelint.train.metrics import kappa
from tonelint.types import CATEGORIES, STANCES

STRONGEST = 50


def words(text: str) -> list[str]:
    """Lower-cased words; digits folded."""
    return [re.sub(r"\d", "0", w) for w in re.findall(r"[\w']+|[!?%]", text.lower())]


def words_only(ngrams: int = 2) -> Pipeline:
    """Bag of words and word pairs, logistic regression."""
    vectorizer = CountVectorizer(
        tokenizer=words, token_pattern=None, lowercase=False, ngram_range=(1, ngrams), binary=True
    )
    return make_pipeline(vectorizer, LogisticRegression(max_iter=1000, C=3.0, class_weight="balanced"))


def first_word(text: str) -> str:
    """The first word alone."""
    return (words(text) or [""])[0]


def fit_all(train: Sequence[Labelled], view: Callable[[str], str]) -> dict[str, Pipeline]:
    """A stance classifier, and one for each category that occurs often enough, on one view of the sentences."""
    texts = [view(s.item.text) for s in train]
    models = {"stance": words_only().fit(texts, [s.stance for s in train])}
    for category in CATEGORIES:
        gold = [category in s.findings for s in train]
        if sum(gold) >= 5:
            models[category] = words_only().fit(texts, gold)
    return models


def pairs_right(models: dict[str, Pipeline], view: Callable[[str], str], part: str) -> tuple[int, int]:
    """``(pairs with every side right, pairs)`` of the contrasts of a part, on the label that each pair turns."""
    right = total = 0
    for row, sides in data.contrasts():
        if row["split"] != part or row["turns"] not in models:
            continue
        told = models[row["turns"]].predict([view(s.item.text) for s in sides])
        gold = [s.stance if row["turns"] == "stance" else row["turns"] in s.findings for s in sides]
        total += 1
        right += all(a == b for a, b in zip(gold, told, strict=True))
    return right, total


def strongest(items: Sequence[Labelled], positive: Callable[[Labelled], bool]) -> list[tuple[float, str, int, int]]:
    """The n-grams (1 to 3 words) most tied to a label: ``(log odds ratio z-score, n-gram, sentences with the label, without)``.

    Log odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008).
    """
    inside, outside = Counter[str](), Counter[str]()
    for item in items:
        tokens = words(item.item.text)
        grams = {" ".join(tokens[i : i + n]) for n in (1, 2, 3) for i in range(len(tokens) - n + 1)}
        (inside if positive(item) else outside).update(grams)
    a0, b0 = sum(inside.values()), sum(outside.values())
    scored = []
    for gram, count in inside.items():
        other = outside[gram]
        prior = (count + other) / (a0 + b0) * 500 + 0.01
        rest = 500 + 0.01 * len(inside)
        delta = math.log((count + prior) / (a0 + rest - count - prior)) - math.log(
            (other + prior) / (b0 + rest - other - prior)
        )
        scored.append((delta / math.sqrt(1 / (count + prior) + 1 / (other + prior)), gram, count, other))
    return sorted(scored, reverse=True)[:STRONGEST]


def main() -> int:
    """Print the report."""
    items = data.load()
    train, test = ([s for s in items if s.split == part] for part in ("train", "test"))
    train = train + [s for row, sides in data.contrasts() if row["split"] == "train" for s in sides]
    print("# What a model could cheat by\n\n`python -m tonelint.train.cheats` prints this page.\n")
    print("| model | stance kappa, test part | test pairs with every side right |\n|---|---|---|")
    for name, view in (("words and word pairs", str), ("first word only", first_word)):
        models = fit_all(train, view)
        told = models["stance"].predict([view(s.item.text) for s in test])
        right, total = pairs_right(models, view, "test")
        share = f"{right} of {total} ({right / total:.0%})" if total else "–"
        print(f"| {name} | {kappa([s.stance for s in test], list(told)):.3f} | {share} |")
    print(
        "\n## Length and place by label\n\n| label | sentences | mean words | median place (0 first, 1 last) |\n|---|---|---|---|"
    )
    for label in (*STANCES, *CATEGORIES):
        group = [s for s in items if label in (s.stance, *s.findings)]
        if group:
            lengths, places = [len(s.item.text.split()) for s in group], [s.item.position for s in group]
            print(f"| {label} | {len(group)} | {np.mean(lengths):.1f} | {np.median(places):.2f} |")
    print(
        f"\n## The {STRONGEST} n-grams most tied to each label\n\nEach with (sentences with the label / sentences without it)."
    )
    for label in (*STANCES, *CATEGORIES):
        rows = strongest(items, lambda s, label=label: label in (s.stance, *s.findings))  # type: ignore[misc]
        print(f"\n### {label}\n\n" + ", ".join(f"“{gram}” ({a}/{b})" for _, gram, a, b in rows))
        alone = [gram for _, gram, _, b in rows if b == 0]
        print("\nIn no sentence of another label, so honest evidence or nothing: " + (", ".join(alone) or "none") + ".")
    return 0


if __name__ == "__main__":
    sys.exit(main())
