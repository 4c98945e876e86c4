"""The cache: right or absent, never wrong, and never in the way."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tonelint import cache
from tonelint.config import Config
from tonelint.linter import MESSAGE_LABELS, Balance
from tonelint.output.results import FileReport, MessageReport
from tonelint.types import Edit, Finding, Safety, Severity, Span, Suggestion

TEXT = "Our award-winning team."


def report():
    suggestion = Suggestion(Safety.UNSAFE, "Our team.", (Edit(Span(4, 18), ""),))
    finding = Finding(
        "SLF001",
        "self-praise",
        "self-praise",
        1,
        Severity.WARNING,
        "Praise.",
        0.9,
        "a",
        "a",
        Span(4, 17),
        "award-winning",
        (suggestion,),
        "u",
    )
    labels = dict.fromkeys(MESSAGE_LABELS)
    message = MessageReport(
        "a", Span(0, 23), "en", "sales", "other", Balance(0, 1, 0), "broadcast", "broadcast", labels, (), (Span(0, 23),)
    )
    return FileReport("a", TEXT, (message,), (finding,), notes=("a note",))


def key(**more):
    values = {"text": TEXT, "name": "a", "config": Config(), "tagger": "t", "code": "1"} | more
    return cache.key(values.pop("text"), **values)


def test_what_was_kept_comes_back_whole(tmp_path):
    folder = tmp_path / "c"
    assert cache.get(folder, key(), text=TEXT) is None
    cache.put(folder, key(), report())
    assert cache.get(folder, key(), text=TEXT) == report()
    assert (folder / ".gitignore").read_text() == "*\n"
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "more",
    [
        {"text": TEXT + " "},
        {"name": "b"},
        {"config": replace(Config(), select=("EMP",))},
        {"config": replace(Config(), channel="support")},
        {"config": replace(Config(), thresholds={"x": 1.0})},
        {"tagger": "other"},
        {"code": "2"},
        {"rules": ("[[rule]]",)},
        {"reply_to": "Help!"},
        {"reply_to": ""},
        {"notes": ("x",)},
    ],
)
def test_everything_that_a_result_depends_on_is_in_the_key(more):
    assert key(**more) != key()


def test_what_changes_no_result_is_not():
    config = replace(Config(), fail_on="error", output_format="json", root="/elsewhere", cache_dir="x")
    assert key(config=config) == key()


def test_every_setting_is_decided_about():
    names = set(Config.__dataclass_fields__)
    assert names >= cache._PRESENTATION


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"file": {}}', "null", '{"file": 3, "notes": [], "sentences": []}'])
def test_a_damaged_entry_counts_as_none(tmp_path, damage):
    cache.put(tmp_path, key(), report())
    (path,) = tmp_path.glob("??/*.json")
    path.write_text(damage)
    assert cache.get(tmp_path, key(), text=TEXT) is None
    cache.put(tmp_path, key(), report())
    assert cache.get(tmp_path, key(), text=TEXT) == report()


def test_entries_with_other_sentences_than_messages_count_as_none(tmp_path):
    cache.put(tmp_path, key(), report())
    (path,) = tmp_path.glob("??/*.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"sentences": []}))
    assert cache.get(tmp_path, key(), text=TEXT) is None


def test_a_folder_that_cannot_be_written_is_passed_over(tmp_path):
    (tmp_path / "file").write_text("x")
    cache.put(tmp_path / "file", key(), report())
    cache.put(tmp_path / "file" / "below", key(), report())
    assert cache.get(tmp_path / "file", key(), text=TEXT) is None
    assert (tmp_path / "file").read_text() == "x"


def test_the_longest_unused_go(tmp_path):
    marks = [key(name=str(i)) for i in range(6)]
    for i, mark in enumerate(marks):
        cache.put(tmp_path, mark, report())
        os.utime(cache._path(tmp_path, mark), (i, i))
    cache.get(tmp_path, marks[0], text=TEXT)
    assert cache.prune(tmp_path, most=2) == 4
    left = [mark for mark in marks if cache.get(tmp_path, mark, text=TEXT)]
    assert left == [marks[0], marks[5]]


def test_many_at_once(tmp_path):
    marks = [key(name=str(i % 5)) for i in range(200)]

    def work(mark):
        cache.put(tmp_path, mark, report())
        cache.prune(tmp_path, most=3)
        kept = cache.get(tmp_path, mark, text=TEXT)
        return kept is None or kept == report()

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, marks))
    assert not list(tmp_path.rglob("*.tmp"))


def test_the_code_version_changes_with_the_code():
    assert cache.code_version() == cache.code_version()
    assert len(cache.code_version()) == 16
