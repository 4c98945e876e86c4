"""Baselines: known findings stay known while the file is edited around them."""

import json

import pytest

from tonelint import baseline
from tonelint.errors import SourceError
from tonelint.types import Finding, Severity, Span

TEXT = "Hello. We are proud of our award-winning team today. See you on Friday."


def finding(text, words, *, code="SLF001", nth=0, message_id="a.md"):
    span = None
    if words is not None:
        at = -1
        for _ in range(nth + 1):
            at = text.index(words, at + 1)
        span = Span(at, at + len(words))
    return Finding(code, "name", None, 1, Severity.WARNING, "m", 0.8, message_id, "a.md", span, words)


def test_editing_elsewhere_and_moving_keep_a_finding_known():
    known = baseline.collect([("a.md", [finding(TEXT, "award-winning")], TEXT)])
    for text in (
        "A new first line.\n\n" + TEXT,
        TEXT.replace("Friday", "Monday"),
        TEXT.replace("proud of our", "Proud of\nour"),
    ):
        assert known.new([finding(text, "award-winning")], text, path="a.md") == ()


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        (TEXT.replace("award-winning", "leading"), "leading", "SLF001"),
        (TEXT, "award-winning", "SLF002"),
        (TEXT.replace("We are proud of our", "Come and meet the"), "award-winning", "SLF001"),
    ],
)
def test_other_words_rules_and_neighbours_are_new(text, words, code):
    known = baseline.collect([("a.md", [finding(TEXT, "award-winning")], TEXT)])
    fresh = finding(text, words, code=code)
    assert known.new([fresh], text, path="a.md") == (fresh,)
    assert known.new([finding(TEXT, "award-winning")], TEXT, path="b.md") != ()


def test_the_same_words_once_more_are_new():
    text = "So sorry.\nSo sorry."
    once, twice = finding(text, "sorry"), finding(text, "sorry", nth=1)
    alone = "So sorry. " * 9
    many = [finding(alone, "sorry", nth=4)] * 3
    known = baseline.collect([("a.md", many[:2], alone), ("b.md", [once], text)])
    assert known.new(many, alone, path="a.md") == (many[2],)
    assert known.new([once, twice], text, path="b.md") == (twice,)


def test_whole_messages_are_known_by_their_message():
    whole, entry = finding(TEXT, None), finding(TEXT, None, message_id="en.greeting")
    assert baseline.fingerprint(whole, TEXT) != baseline.fingerprint(entry, TEXT)
    known = baseline.collect([("a.md", [whole], TEXT)])
    assert known.new([whole, entry], "all new words", path="a.md") == (entry,)


def test_fingerprints_of_one_file_are_unique():
    same = [finding(TEXT, "award-winning")] * 3
    marks = baseline.fingerprints(same, TEXT)
    assert len(set(marks)) == 3
    assert marks[1] == f"{marks[0]}:2"


def test_a_baseline_is_written_and_read_back(tmp_path):
    known = baseline.collect([("b.md", [finding(TEXT, None)], TEXT), ("a.md", [finding(TEXT, "award-winning")], TEXT)])
    path = tmp_path / "base.json"
    baseline.save(path, known)
    assert baseline.load(path) == known
    assert list(json.loads(path.read_text())["files"]) == ["a.md", "b.md"]
    assert "award" not in path.read_text(), "no copy in it"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 99, "files": {}}',
        '{"format": 1, "files": {"a": {"b": {"c": "x"}}}}',
        '{"format": 1, "files": 3}',
    ],
)
def test_what_is_no_baseline_is_said(tmp_path, text):
    path = tmp_path / "base.json"
    path.write_text(text)
    with pytest.raises(SourceError, match=r"base\.json: not a baseline.*--write-baseline"):
        baseline.load(path)


def test_a_baseline_that_is_not_there(tmp_path):
    with pytest.raises(SourceError, match="there is no such baseline"):
        baseline.load(tmp_path / "none.json")


def test_a_baseline_that_cannot_be_written_leaves_the_old_one(tmp_path):
    path = tmp_path / "base.json"
    path.mkdir()
    with pytest.raises(SourceError, match="cannot be written"):
        baseline.save(path, baseline.Baseline({}))
    assert list(tmp_path.iterdir()) == [path]
