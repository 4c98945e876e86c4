"""The model that ships: it loads, is what its files say, and does not do worse than its card."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tonelint import weights
from tonelint.tagging import TagInput, load_tagger
from tonelint.types import CATEGORIES, STANCES

pytestmark = pytest.mark.model

FOLDER = Path(__file__).parent.parent / "models" / weights.NAME
FIFTY_MB = 50 * 1024 * 1024
INPUTS = (
    TagInput("Which day suits you, Ada?", previous="Your kite is ready.", position=0.5),
    TagInput("We are proud to be the leading maker of kites.", channel="marketing"),
    TagInput("Order: 4471", role="record"),
    TagInput(""),
    TagInput("🙂"),
    TagInput("word " * 3000),
)


@pytest.fixture(scope="module")
def tagger():
    return load_tagger(str(FOLDER))


def test_every_file_is_what_config_json_says():
    folder = weights.load(str(FOLDER))
    assert folder.config["files"]
    for name in folder.config["files"]:
        assert (FOLDER / name).stat().st_size < FIFTY_MB
    assert {"config.json", "metrics.json", "README.md"} <= {p.name for p in FOLDER.iterdir()}
    assert not [p.name for p in FOLDER.iterdir() if p.suffix in (".pkl", ".pickle", ".joblib", ".pt", ".bin")]


def test_thresholds_and_priors_are_probabilities_of_known_categories():
    config = weights.load(str(FOLDER)).config
    for key in ("thresholds", "priors", "pattern_thresholds"):
        assert set(config.get(key, {})) <= set(CATEGORIES)
        assert all(0.0 <= value <= 1.0 for value in config.get(key, {}).values())
    assert set(config["thresholds"]) == set(CATEGORIES)


def test_it_is_deterministic_and_sums_to_one(tagger):
    first = tagger.tag(INPUTS)
    assert first == load_tagger(str(FOLDER)).tag(INPUTS)
    assert first == [tagger.tag([item])[0] for item in INPUTS]
    for scores in first:
        assert set(scores.stance) == set(STANCES)
        assert sum(scores.stance.values()) == pytest.approx(1.0, abs=1e-5)
        assert set(scores.categories) == set(CATEGORIES)
        assert all(0.0 <= value <= 1.0 for value in (*scores.stance.values(), *scores.categories.values()))


def test_it_tells_a_question_from_a_boast(tagger):
    question, boast, record = (s.label for s in tagger.tag(INPUTS[:3]))
    assert (question, boast, record) == ("interested", "broadcast", "neutral")


def test_the_figures_of_its_card_can_be_had_again(tagger):
    from tonelint.train import data, metrics
    from tonelint.train.__main__ import digest
    from tonelint.train.corpus import root

    items = [s for s in data.load() if s.split == "validation"]
    if not items:
        pytest.skip("no corpus in this checkout")
    told = json.loads((FOLDER / "metrics.json").read_text(encoding="utf-8"))["validation"]
    config = weights.load(str(FOLDER)).config
    mine = metrics.table(items, tagger.tag([s.item for s in items]), config["thresholds"])
    # while the corpus is ahead of the model, its figures may differ, but not by much
    slack = 1e-6 if digest(root()) == config["data"] else 0.05
    for name in ("accuracy", "kappa", "macro_f1", "calibration_error"):
        assert mine["stance"][name] == pytest.approx(told["stance"][name], abs=slack), name
    assert mine["findings"]["micro"]["precision"] == pytest.approx(
        told["findings"]["micro"]["precision"], abs=max(slack, 1e-6) * 2
    )


def test_its_figures_are_above_the_floor():
    told = json.loads((FOLDER / "metrics.json").read_text(encoding="utf-8"))["validation"]
    assert told["stance"]["kappa"] > 0.7
    assert told["stance"]["calibration_error"] < 0.05
    assert told["findings"]["micro"]["precision"] > 0.7


def test_context_matters(tagger):
    """Not a law, but a model that never looked at the neighbours would pass everything above."""
    item = TagInput("Yes.", previous="Shall I send it again?", next="It leaves at nine.", position=0.5)
    alone = replace(item, previous="", next="", heading="")
    assert tagger.tag([item]) != tagger.tag([alone])
