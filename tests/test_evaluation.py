"""Figures against gold: what counts as a hit, and that the arithmetic is right."""

import pytest

from tonelint.config import Config
from tonelint.evaluation import Tally, evaluate, gold_of, layout, table
from tonelint.linter import lint
from tonelint.readers import read
from tonelint.tagging import NoOpinion
from tonelint.types import Scores

GOLD = {
    "id": "a",
    "channel": "service",
    "sentences": [
        {"text": "Our award-winning van comes on Monday.", "stance": "broadcast", "findings": ["self-praise"]},
        {"text": "Which hour suits you?", "stance": "interested", "findings": []},
        {"text": "It is a world-class van.", "stance": "neutral", "findings": []},
        {"text": "The best of all vans, says nobody.", "stance": "neutral", "findings": ["hollow"]},
    ],
}


class Scripted(NoOpinion):
    """Stances by turns, and nothing else."""

    __slots__ = ("stances",)

    def __init__(self, *stances):
        super().__init__()
        object.__setattr__(self, "stances", stances)

    def tag(self, batch):
        return [
            Scores(stance={s: 0.8 if s == stance else 0.1 for s in ("broadcast", "interested", "neutral")})
            for stance, _ in zip(self.stances, batch, strict=True)
        ]


def run(tagger, golds=(GOLD,), select=("SLF001",)):
    config = Config(select=select, channel="service", moment="other")
    return evaluate(golds, lambda text, gold: lint(read(text, name=gold["id"], format="text"), config, tagger))


def test_sentences_lie_where_the_layout_says():
    text, spans = layout(GOLD)
    assert [text[s.start : s.end] for s in spans] == [s["text"] for s in GOLD["sentences"]]


def test_a_corpus_row_is_gold():
    row = {
        "id": "r", "channel": "sales", "labels": {"acts": True}, "customer": "Hm?",
        "sentences": [{"text": "t", "stance": "neutral", "findings": [{"category": "blame"}, {"category": "blame"}]}],
    }  # fmt: skip
    gold = gold_of(row)
    assert (gold["customer"], gold["message"], gold["sentences"][0]["findings"]) == ("Hm?", {"acts": True}, ["blame"])


def test_hits_false_alarms_and_misses():
    found = run(Scripted("broadcast", "interested", "broadcast", "neutral")).figures()
    praise, hollow = (found["findings"]["per_category"][c] for c in ("self-praise", "hollow"))
    assert (praise["precision"], praise["recall"], praise["support"]) == (0.5, 1.0, 1)
    assert (hollow["precision"], hollow["recall"], hollow["support"]) == (0.0, 0.0, 1)
    assert found["findings"]["micro"]["f1"] == pytest.approx(0.5)
    assert found["rules"] == {"SLF001": {"hits": 2, "precision": 0.5}}
    words = sum(len(s["text"].split()) for s in GOLD["sentences"])
    assert found["findings"]["false_alarms_per_1000_words"] == pytest.approx(1000 / words)


def test_stances_kappa_and_calibration():
    stance = run(Scripted("broadcast", "interested", "broadcast", "neutral")).figures()["stance"]
    assert stance["accuracy"] == 0.75
    assert stance["kappa"] == pytest.approx((0.75 - 5 / 16) / (1 - 5 / 16))
    assert stance["calibration_error"] == pytest.approx(abs(0.8 - 0.75))
    assert stance["confusion"] == {
        "broadcast>broadcast": 1,
        "interested>interested": 1,
        "neutral>broadcast": 1,
        "neutral>neutral": 1,
    }


def test_what_is_wrong_is_listed_with_its_words():
    wrong = run(Scripted("broadcast", "interested", "broadcast", "neutral")).wrong
    assert {
        "id": "a",
        "text": "It is a world-class van.",
        "false": "self-praise",
        "code": "SLF001",
        "words": "world-class",
    } in wrong
    assert {"id": "a", "text": "The best of all vans, says nobody.", "missed": "hollow"} in wrong
    assert {"id": "a", "text": "It is a world-class van.", "gold": "neutral", "told": "broadcast"} in wrong


def test_without_a_model_every_sentence_is_taken_as_neutral():
    found = run(NoOpinion()).figures()
    assert found["stance"]["accuracy"] == 0.5
    assert found["stance"]["calibration_error"] is None
    assert found["untagged"] == 0


def test_findings_without_place_or_category_are_not_scored():
    found = run(NoOpinion(), select=("TLK101", "PRS004"), golds=[{**GOLD, "sentences": [
        {"text": "Thank you so much!!", "stance": "neutral", "findings": []},
        {"text": "The van comes on Monday.", "stance": "neutral", "findings": []},
        {"text": "It is blue.", "stance": "neutral", "findings": []},
    ]}]).figures()  # fmt: skip
    assert found["findings"]["micro"] == Tally().figures()
    assert found["unscored"]["PRS004"] == 1


def test_nothing_at_all_has_figures_too():
    found = run(NoOpinion(), golds=()).figures()
    assert (found["messages"], found["findings"]["false_alarms_per_1000_words"]) == (0, None)
    assert "0 messages" in table(found)


def test_the_table_says_the_figures():
    shown = table(run(Scripted("broadcast", "interested", "broadcast", "neutral")).figures())
    assert "4 sentences" in shown
    assert "accuracy 0.750" in shown
    assert "SLF001 2 at 0.50" in shown


def test_tally_with_nothing_is_nought():
    assert Tally().figures() == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0}
    assert Tally(3, 1, 2).figures() == {"precision": 0.75, "recall": 0.6, "f1": pytest.approx(2 / 3), "support": 5}
