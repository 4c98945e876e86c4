"""Taggers and their files: finding, verifying, refusing, and what the linear tagger makes of a sentence."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonelint import features, weights
from tonelint.errors import ModelError
from tonelint.linear import OUTPUTS, LinearTagger
from tonelint.tagging import NoOpinion, Tagger, TagInput, in_context, load_tagger
from tonelint.types import CATEGORIES, STANCES


def save(folder, arrays=None, **changes):
    """A small model: every word of "tea" speaks for broadcast and hollow."""
    if arrays is None:
        table = np.zeros((features.SIZE, len(OUTPUTS)), dtype=np.float16)
        for feature in ("w:tea", "b:green tea", "x:kettl"):
            table[features._hash(feature), [0, OUTPUTS.index("hollow")]] = 40.0
        arrays = {"weights": table, "scale": np.ones(len(OUTPUTS)), "shift": np.zeros(len(OUTPUTS))}
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "weights.npz", **arrays)
    config = {
        "format": weights.FORMAT,
        "kind": "linear",
        "features": features.VERSION,
        "outputs": list(OUTPUTS),
        "thresholds": {"hollow": 0.7},
        "pattern_thresholds": {"hollow": 0.4},
        "priors": {"hollow": 0.1},
        "files": {"weights.npz": hashlib.sha256((folder / "weights.npz").read_bytes()).hexdigest()},
    }
    for key, value in changes.items():
        config[key] = value
        if value is None:
            del config[key]
    (folder / "config.json").write_text(json.dumps(config))
    return folder


@pytest.fixture
def model(tmp_path):
    return save(tmp_path / "model")


# ---------------------------------------------------------------------------------------------------------- the files


def test_a_named_folder_wins_then_the_environment_then_what_ships(model, tmp_path, monkeypatch):
    other = save(tmp_path / "other")
    monkeypatch.setenv("TONELINT_MODEL", str(other))
    assert weights.find(str(model)) == model
    assert weights.find() == other
    monkeypatch.delenv("TONELINT_MODEL")
    monkeypatch.setattr(weights, "candidates", lambda: (tmp_path / "absent", model))
    assert weights.find() == model
    monkeypatch.setattr(weights, "candidates", lambda: (tmp_path / "absent",))
    with pytest.raises(ModelError, match=r"ships with tonelint is missing.*absent.*reinstall"):
        weights.find()


def test_the_checkouts_model_is_looked_for_after_the_packages():
    package, checkout = weights.candidates()
    assert package.parts[-2:] == ("_models", "tone")
    assert checkout.parts[-2:] == ("models", "tone")


def test_a_sound_folder_loads_and_says_what_it_is(model):
    folder = weights.load(str(model))
    assert (folder.threshold("hollow"), folder.pattern_threshold("hollow"), folder.prior("hollow")) == (0.7, 0.4, 0.1)
    assert (folder.threshold("blame"), folder.pattern_threshold("blame"), folder.weight) == (0.5, 0.5, 0.5)
    assert folder.precision("SLF001") is None
    (model / "metrics.json").write_text(json.dumps({"rules": {"SLF001": {"hits": 4, "precision": 0.75}}}))
    assert weights.load(str(model)).precision("SLF001") == (4, 0.75)
    for text in ("[]", "{", '{"rules": []}', '{"rules": {"SLF001": 3}}'):
        (model / "metrics.json").write_text(text)
        assert weights.load(str(model)).precision("SLF001") is None


def test_the_identity_turns_with_the_weights_and_the_thresholds(model, tmp_path):
    first = weights.load(str(model)).identity
    assert weights.load(str(save(tmp_path / "same"))).identity == first
    assert weights.load(str(save(tmp_path / "b", thresholds={"hollow": 0.8}))).identity != first
    table = {"weights": np.ones((features.SIZE, len(OUTPUTS)), np.float16), "scale": np.ones(16), "shift": np.zeros(16)}
    assert weights.load(str(save(tmp_path / "c", table))).identity != first


def damaged(model):
    data = bytearray((model / "weights.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (model / "weights.npz").write_bytes(data)


def truncated(model):
    (model / "weights.npz").write_bytes((model / "weights.npz").read_bytes()[:-100])


def pointer(model):
    (model / "weights.npz").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")


def missing(model):
    (model / "weights.npz").unlink()


def not_json(model):
    (model / "config.json").write_text("{")


def not_utf8(model):
    (model / "config.json").write_bytes(b"\xff\xfe\x00")


def no_config(model):
    (model / "config.json").unlink()


def a_list(model):
    (model / "config.json").write_text("[1]")


def an_array_short(model):
    save(model, {"weights": np.zeros((features.SIZE, len(OUTPUTS)), np.float16), "scale": np.ones(16)})


def of_another_shape(model):
    save(model, {"weights": np.zeros((8, 16), np.float16), "scale": np.ones(16), "shift": np.zeros(16)})


def with_a_short_scale(model):
    save(model, {"weights": np.zeros((features.SIZE, 16), np.float16), "scale": np.ones(3), "shift": np.zeros(16)})


def no_archive(model):
    (model / "weights.npz").write_bytes(b"not an archive")
    save_config(model)


def a_broken_archive(model):
    truncated(model)
    save_config(model)


def a_pickle(model):
    np.savez(model / "weights.npz", weights=np.array([{}], dtype=object), scale=np.ones(16), shift=np.ones(16))
    save_config(model)


def save_config(model):
    config = json.loads((model / "config.json").read_text())
    config["files"]["weights.npz"] = hashlib.sha256((model / "weights.npz").read_bytes()).hexdigest()
    (model / "config.json").write_text(json.dumps(config))


def changed(**changes):
    return lambda model: save(model, **changes)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (damaged, r"weights\.npz: damaged.*sha256.*reinstall"),
        (truncated, r"weights\.npz: damaged.*sha256"),
        (pointer, r"weights\.npz: a git-lfs pointer.*git lfs pull"),
        (missing, r"weights\.npz: missing or unreadable"),
        (not_json, r"config\.json: cannot be read"),
        (not_utf8, r"config\.json: cannot be read"),
        (no_config, r"no config\.json"),
        (a_list, "not a tonelint model"),
        (changed(kind=None), "not a tonelint model"),
        (changed(format=weights.FORMAT + 1), f"format {weights.FORMAT + 1}, this version reads {weights.FORMAT}"),
        (changed(files=None), "`files`"),
        (changed(files=[]), "`files`"),
        (changed(files={}), "`files`"),
        (changed(files={"../weights.npz": "00"}), "`files`"),
        (changed(thresholds=[0.5]), "`thresholds`"),
        (changed(thresholds={"hollow": "high"}), "`thresholds`"),
        (changed(priors=3), "`priors`"),
        (changed(kind="oracle"), "'oracle'.*upgrade"),
        (changed(features=features.VERSION + 1), "another version"),
        (changed(outputs=["broadcast"]), "another version"),
        (an_array_short, "cannot be read.*train it again"),
        (of_another_shape, r"shape \(8, 16\)"),
        (with_a_short_scale, "shape"),
        (no_archive, "cannot be read"),
        (a_broken_archive, "cannot be read"),
        (a_pickle, "cannot be read"),
    ],
)
def test_what_cannot_be_trusted_is_refused_in_one_line(model, harm, said):
    harm(model)
    with pytest.raises(ModelError, match=said) as raised:
        load_tagger(str(model))
    assert str(model) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_weights_that_nobody_vouches_for_are_refused(model):
    (model / "README.md").write_text("x")
    save(model, files={"README.md": hashlib.sha256(b"x").hexdigest()})
    with pytest.raises(ModelError, match="gives no sha256"):
        load_tagger(str(model))


# ---------------------------------------------------------------------------------------------------------- the tagger


def test_there_is_a_tagger_without_opinion():
    tagger = load_tagger("none")
    assert isinstance(tagger, NoOpinion)
    assert isinstance(tagger, Tagger)
    (scores,) = tagger.tag([TagInput("Green tea")])
    assert (scores.stance, scores.categories, scores.keeper) == ({}, {}, None)
    assert tagger.threshold("hollow") == 1.0


def test_the_linear_tagger_says_what_its_weights_say(model):
    tagger = load_tagger(str(model))
    assert isinstance(tagger, LinearTagger)
    assert isinstance(tagger, Tagger)
    tea, rain = tagger.tag([TagInput("We have green tea here."), TagInput("It rained all day.")])
    assert tea.label == "broadcast"
    assert tea.categories["hollow"] > 0.9
    words, share = tea.spans["hollow"]
    assert "We have green tea here."[words.start : words.end] == "green tea"
    assert share == pytest.approx(1.0)
    assert rain.categories["hollow"] == pytest.approx(0.5)
    assert set(tea.categories) == set(CATEGORIES)


inputs = st.builds(
    TagInput,
    text=st.text(max_size=50),
    previous=st.text(max_size=20),
    next=st.text(max_size=20),
    role=st.sampled_from(("body", "heading", "button")),
    position=st.floats(0, 1),
    channel=st.sampled_from(("service", "marketing")),
    heading=st.text(max_size=20),
)


@pytest.fixture(scope="module")
def rough(tmp_path_factory):
    table = np.random.default_rng(1).normal(0, 3, (features.SIZE, len(OUTPUTS))).astype(np.float16)
    arrays = {"weights": table, "scale": np.ones(len(OUTPUTS)), "shift": np.zeros(len(OUTPUTS))}
    return load_tagger(str(save(tmp_path_factory.mktemp("models") / "rough", arrays)))


@settings(max_examples=60)
@given(st.lists(inputs, max_size=4))
def test_scores_are_probabilities_and_a_batch_is_its_parts(rough, batch):
    scored = rough.tag(batch)
    assert scored == [rough.tag([item])[0] for item in batch]
    for item, scores in zip(batch, scored, strict=True):
        assert set(scores.stance) == set(STANCES)
        assert sum(scores.stance.values()) == pytest.approx(1.0, abs=1e-5)
        for value in (*scores.stance.values(), *scores.categories.values(), scores.keeper):
            assert 0.0 <= value <= 1.0
        for span, share in scores.spans.values():
            assert 0 <= span.start < span.end <= len(item.text)
            assert 0.0 <= share <= 1.0 + 1e-5


@settings(max_examples=60)
@given(inputs)
def test_features_are_rows_of_the_table_and_know_their_token(item):
    ids, owners, tokens = features.features(item)
    assert len(ids) == len(owners) > 0
    assert ids.min() >= 0
    assert ids.max() < features.SIZE
    assert owners.min() >= -1
    assert owners.max() < max(1, len(tokens))


def test_features_stay_what_the_shipped_weights_were_trained_on():
    """A change here needs a new ``features.VERSION`` and new weights."""
    item = TagInput(
        "You're 2nd of 10!",
        previous="Hello Ada,",
        next="",
        role="body",
        position=0.5,
        channel="service",
        heading="The queue",
    )
    ids, owners, _ = features.features(item)
    found = hashlib.sha256(ids.tobytes() + owners.tobytes()).hexdigest()[:16]
    assert (features.VERSION, found) == (1, "d763adbdd281b46a")


def test_context_is_the_neighbours_the_place_and_the_heading():
    sentences = [("Prices", "heading"), ("Here they are:", "body"), ("Tea 2.00", "record"), ("Bye.", "body")]
    found = in_context(sentences, channel="service")
    assert [i.previous for i in found] == ["", "Prices", "Here they are:", "Tea 2.00"]
    assert [i.next for i in found] == ["Here they are:", "Tea 2.00", "Bye.", ""]
    assert [i.heading for i in found] == ["", "Prices", "Here they are:", "Here they are:"]
    assert [round(i.position, 2) for i in found] == [0.0, 0.33, 0.67, 1.0]
    assert in_context([], channel="service") == []


def test_no_pickle_is_ever_read():
    source = (Path(weights.__file__).parent / "linear.py").read_text()
    assert "allow_pickle=False" in source
    for path in Path(weights.__file__).parent.rglob("*.py"):
        if "train" not in path.parts:
            assert not {"pickle", "joblib", "dill"} & {
                w.strip() for w in path.read_text().replace("import ", "\n").split("\n")
            }, path
