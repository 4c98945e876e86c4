"""The Python face: one text, many records, threads, fixes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pytest

import tonelint
from tonelint.errors import UsageError
from tonelint.tagging import NoOpinion, TagInput
from tonelint.types import Scores

STOCK = "Dear valued customer, we wrote to you about the parcel on Monday."


class Counting(NoOpinion):
    """Notes how many sentences each batch had."""

    batches: ClassVar[list[int]] = []

    def tag(self, batch: Sequence[TagInput]) -> list[Scores]:
        self.batches.append(len(batch))
        return [Scores(stance={}) for _ in batch]


def linter(**settings) -> tonelint.Linter:
    return tonelint.Linter(config=tonelint.Config(**settings), tagger=NoOpinion())


def codes(result: tonelint.Result) -> list[str]:
    return [f.code for f in result.findings]


def test_a_text_gets_findings_sentences_balance_and_a_message() -> None:
    result = linter().check(STOCK, channel="marketing", id="a1")
    assert "EMP003" in codes(result)
    assert result.id == "a1"
    assert [s.sentence.text for s in result.sentences] == [STOCK]
    assert result.balance.share is None
    assert result.message is not None
    assert result.message.channel == "marketing"
    for finding in result.findings:
        assert finding.span is None or result.text[finding.span.start : finding.span.end] == finding.text


def test_a_channel_that_there_is_not_is_named() -> None:
    with pytest.raises(UsageError, match="no channel 'post'"):
        linter().check(STOCK, channel="post")


def test_settings_by_path_hold_for_the_name() -> None:
    settled = linter(per_file_ignores=(("legal/*", ("EMP003",)),), channels_by_path=(("mails/*", "sales"),))
    assert "EMP003" not in codes(settled.check(STOCK, name="legal/a.txt"))
    assert "EMP003" in codes(settled.check(STOCK, name="b.txt"))
    message = settled.check(STOCK, name="mails/a.txt").message
    assert message is not None
    assert message.channel == "sales"
    told = settled.check(STOCK, name="mails/a.txt", channel="service").message
    assert told is not None
    assert told.channel == "service"


def test_fixes_are_applied_and_a_second_time_change_nothing() -> None:
    result = linter().check(STOCK)
    assert result.apply() == STOCK
    fixed = result.apply(unsafe=True)
    assert "valued" not in fixed
    assert linter().check(fixed).apply(unsafe=True) == fixed


def test_rules_of_the_house_are_known(tmp_path) -> None:
    path = tmp_path / "house.toml"
    path.write_text(
        '[[rule]]\ncode = "ACM001"\nname = "kindly"\ncategory = "talking-at"\nprinciple = 9\nseverity = "warning"\nfix = "none"\n'
        'summary = "Nobody says kindly."\nwhat = "x"\nwhy = "x"\nbetter = "x"\nleave = "x"\n[[rule.pattern]]\nconfidence = 0.9\nphrases = ["kindly note"]\n'
    )
    assert "ACM001" in codes(linter(rules=(str(path),)).check("Kindly note the new hours."))


def test_a_stream_is_lazy_in_order_and_batched() -> None:
    taken = []

    def records():
        for i in range(1000):
            taken.append(i)
            yield {"id": i, "text": STOCK}

    tagger = Counting()
    stream = tonelint.Linter(tagger=tagger).stream(records())
    assert next(stream).id == 0
    assert len(taken) < 200
    assert [next(stream).id for _ in range(99)] == list(range(1, 100))
    assert len(tagger.batches) < 10


def test_a_stream_takes_texts_and_records_as_tag_does() -> None:
    rows = [
        STOCK,
        {"id": "in1", "text": "Where is my parcel? I am furious.", "direction": "in", "thread": 7},
        {"id": "out1", "text": "We sent it.", "thread": "7", "subject": "Dear valued customer", "unknown": 1},
        {"id": ["any"], "text": "<p>Dear valued customer, hello there.</p>", "format": "html", "channel": "support"},
    ]
    first, second, third = linter().stream(rows)
    assert first.id is None
    assert "EMP003" in codes(first)
    assert second.id == "out1"
    assert second.lint.messages[0].source.customer == "Where is my parcel? I am furious."
    assert second.text == "Dear valued customer\n\nWe sent it."
    assert second.apply(unsafe=True) == "We sent it."
    assert third.id == ["any"]
    assert third.message is not None
    assert third.message.channel == "support"
    assert third.apply(unsafe=True) == "<p>Dear customer, hello there.</p>"


def test_a_stream_says_the_same_as_single_checks() -> None:
    texts = [STOCK, "We apologise for any inconvenience.", "Your parcel left Leeds.", ""]
    one = linter()
    assert [codes(r) for r in one.stream(texts)] == [codes(one.check(t)) for t in texts]


@pytest.mark.parametrize("row", [{"id": 1}, {"id": 1, "text": 3}, {"id": 1, "text": "a", "format": "pdf"}])
def test_what_is_no_record_is_told(row: dict) -> None:
    with pytest.raises(UsageError, match=r"text|format"):
        list(linter().stream([row]))


def test_one_linter_serves_many_threads() -> None:
    shared = linter()
    texts = [f"{STOCK} Number {i}." for i in range(40)]
    alone = [json.dumps(codes(shared.check(t))) for t in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda t: json.dumps(codes(shared.check(t))), texts)) == alone


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Try our award-winning pies today.", True),
        ("Try our Award-Winning\nPies today.", True),
        ("Try our award-winning boots today.", False),
        ("Our pies are award-winning.", False),
    ],
)
def test_an_allowed_phrase_passes_where_it_stands(text: str, passes: bool) -> None:
    assert "SLF001" in codes(linter(select=("SLF001",)).check(text))
    assert ("SLF001" in codes(linter(select=("SLF001",), allow=("award-winning pies",)).check(text))) is not passes


def test_a_word_of_the_house_is_no_jargon() -> None:
    text = "We will leverage the omnichannel platform for you."
    found = linter(select=("TLK005",)).check(text).findings
    assert found
    words = tuple(str(f.text).upper() for f in found)
    assert codes(linter(select=("TLK005",), vocabulary=words).check(text)) == []
