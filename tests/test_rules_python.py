"""Rules that need position, neighbours or stances, on messages with scripted stances."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonelint import sentences
from tonelint.config import Config
from tonelint.linter import lint
from tonelint.readers import read
from tonelint.rules import all_rules, by_code
from tonelint.rules.base import Example, Passage
from tonelint.rules.examples import passage, run
from tonelint.rules.message import may_judge_whole
from tonelint.rules.names import is_reader_name, may_be_empty
from tonelint.rules.promise import says_next
from tonelint.rules.typography import check_marks, check_shouting
from tonelint.tagging import NoOpinion, TagInput
from tonelint.types import Role, Safety, Scores

B, I, N = "broadcast", "interested", "neutral"  # noqa: E741
RULES = all_rules()


@dataclass(frozen=True)
class Scripted:
    """Gives the stances of a script in turn; without one, ``we`` is broadcast and ``you`` is interested."""

    script: tuple[str, ...] = ()
    identity: str = field(default="scripted")

    def tag(self, batch):
        return [Scores({self._of(i, given): 1.0}) for i, given in enumerate(batch)]

    def threshold(self, category):
        return 0.5

    def precision(self, code):
        return None

    def _of(self, place: int, given: TagInput) -> str:
        if self.script:
            return self.script[place]
        words = set(given.text.lower().replace(".", " ").replace("?", " ").split())
        return I if words & {"you", "your"} else B if words & {"we", "our"} else N


def message(*stances: str, channel: str = "service", text: str | None = None) -> Passage:
    words = text or " ".join(f"Sentence {chr(97 + i)} speaks of tea." for i in range(len(stances)))
    return passage(Example(words, channel=channel), Scripted(stances))


def hits(code: str, given: Passage):
    return list(by_code(RULES, code).check(given))


def spoken(text: str, name: str = "draft.txt", **about: object) -> Passage:
    """The first message of a text, without any opinion on it."""
    document = read(text, name=name)
    inside = tuple(s for s in sentences.split(document) if s.message == 0)
    return replace(
        passage(Example("x", **about), NoOpinion()),
        document=document,
        source=document.messages[0],
        sentences=inside,
        scores=(None,) * len(inside),
    )


# ------------------------------------------------------------------------------------------------------- whole messages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The shop moves. The doors are blue. The tea is hot.", True),
        ("The shop moves. The doors are blue.", False),
        ("", False),
        ("Home\n\nSettings\n\nLog out", False),
    ],
)
def test_what_may_be_judged_whole(text, expected):
    assert may_judge_whole(passage(Example(text), NoOpinion())) is expected


def test_records_and_entries_are_no_messages():
    given = passage(Example("The shop moves. The doors are blue. The tea is hot."), NoOpinion())
    assert not may_judge_whole(replace(given, source=replace(given.source, entry=True)))
    records = tuple(replace(s, role=Role.RECORD) for s in given.sentences)
    assert not may_judge_whole(replace(given, sentences=records))
    quotes = tuple(replace(s, role=Role.QUOTE) for s in given.sentences)
    assert not may_judge_whole(replace(given, sentences=quotes))


# --------------------------------------------------------------------------------------------------------------- balance


@pytest.mark.parametrize("code", ["BAL101", "BAL102", "BAL103", "BAL104"])
def test_balance_examples(code):
    rule = by_code(RULES, code)
    for example in rule.bad:
        assert run(rule, example, Scripted()), example.text
    for example in rule.good:
        assert not run(rule, example, Scripted()), example.text


@pytest.mark.parametrize("code", ["BAL101", "BAL102", "BAL103", "BAL104"])
def test_balance_is_silent_without_opinion_and_on_entries(code):
    given = message(B, B, B, B, B)
    assert hits(code, given)
    assert not hits(code, replace(given, scores=(Scores({}),) * 5))
    assert not hits(code, replace(given, scores=(None,) * 5))
    assert not hits(code, replace(given, source=replace(given.source, entry=True)))


@pytest.mark.parametrize(
    ("channel", "at", "below"),
    [
        ("marketing", (I, B, B, B, B), (I, B, B, B, B, B)),
        ("sales", (I, I, I, B, B, B, B, B, B, B), (I, I, B, B, B, B, B)),
        ("service", (I, B, N), (I, B, B)),
        ("support", (I, B, N), (I, B, B)),
    ],
)
def test_the_share_against_the_threshold_of_the_channel(channel, at, below):
    assert not hits("BAL101", message(*at, channel=channel))
    (hit,) = hits("BAL101", message(*below, channel=channel))
    assert hit.sentence is None
    assert hit.source_span is None
    assert hit.severity is None


def test_the_share_can_be_set_and_neutral_does_not_count():
    given = replace(message(I, B, N), thresholds={"balance.service": 0.6})
    assert hits("BAL101", given)
    assert not hits("BAL101", message(N, N, N))


def test_opening_and_closing_point_at_the_sentence():
    given = message(N, B, I, B, N)
    (opening,) = hits("BAL102", given)
    (closing,) = hits("BAL103", given)
    assert (opening.sentence, closing.sentence) == (1, 3)
    assert opening.view == given.sentences[1].view
    assert not hits("BAL102", message(N, I, B))
    assert not hits("BAL103", message(B, I, N))


def test_an_opening_in_marketing_is_information():
    (hit,) = hits("BAL102", message(B, I, I, channel="marketing"))
    assert hit.severity is not None
    assert hit.severity.word == "info"
    (hit,) = hits("BAL102", message(B, I, I, channel="support"))
    assert hit.severity is None


def test_a_monologue_runs_to_its_last_sentence():
    given = message(I, B, B, B, B, B, I, B, B, B, B)
    assert [(h.sentence, h.until) for h in hits("BAL104", given)] == [(1, 5), (7, 10)]
    assert not hits("BAL104", message(B, B, B, N, B, B, B))


@given(st.lists(st.sampled_from([B, I, N]), min_size=3, max_size=12))
def test_opening_closing_and_share_agree_with_the_result(stances):
    text = " ".join(f"Sentence {chr(97 + i)} speaks of tea." for i in range(len(stances)))
    config = Config(select=("BAL101", "BAL102", "BAL103"), channel="service")
    result = lint(read(text, name="draft.txt"), config, Scripted(tuple(stances)))
    (told,) = result.messages
    codes = {f.code for f in result.findings}
    assert ("BAL102" in codes) == (told.opens == B)
    assert ("BAL103" in codes) == (told.closes == B)
    assert ("BAL101" in codes) == (told.balance.share is not None and told.balance.share < 0.5)


# ------------------------------------------------------------------------------------------------------------ typography


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LAST CHANCE to join the course.", ["LAST CHANCE"]),
        ("The sale ENDS TONIGHT in Leeds.", ["ENDS TONIGHT"]),
        ("Order today!!!", ["!!!"]),
        ("BUY NOW!!", ["BUY NOW", "!!"]),
        ("You must NOT take both.", []),
        ("The BBC and the NHS moved.", []),
        ("Thank you so much!!", []),
        ("Only NOW do we know the cause.", ["NOW"]),
    ],
)
def test_what_counts_as_shouting(text, words):
    given = passage(Example(text, channel="marketing"), NoOpinion())
    said = given.sentences[0].segment.text
    assert [said[h.view.start : h.view.end] for h in check_shouting(given)] == words


def test_shouting_is_softened_only_without_names():
    given = passage(Example("LAST CHANCE to see it.", channel="marketing"), NoOpinion())
    (hit,) = check_shouting(given)
    assert [p.text for p in hit.proposals if p.edits] == ["Last chance to see it."]
    given = passage(Example("LAST CHANCE IN LEEDS to see it.", channel="marketing"), NoOpinion())
    (hit,) = check_shouting(given)
    assert not [p for p in hit.proposals if p.edits]


@pytest.mark.parametrize(
    ("text", "after"), [("What a day!!", "What a day!"), ("Hello Sam!!! You passed.", "Hello Sam! You passed.")]
)
def test_the_safe_fix_keeps_one_mark(text, after):
    result = lint(read(text, name="draft.txt"), Config(select=("PRS004",)), NoOpinion())
    (finding,) = result.findings
    (fix,) = finding.suggestions
    assert fix.kind is Safety.SAFE
    for edit in fix.edits:
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert text == after


@given(st.text(alphabet="aA !?.", max_size=40))
def test_a_run_of_marks_is_either_pushing_or_loud(text):
    given = passage(Example(text), NoOpinion())
    loud = {(h.sentence, h.view) for h in check_marks(given)}
    pushing = {(h.sentence, h.view) for h in check_shouting(given)}
    assert not loud & pushing
    for index, view in loud:
        assert set(given.sentences[index].segment.text[view.start : view.end]) == {"!"}


# --------------------------------------------------------------------------------------------------------------- honesty


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Free delivery on everything* in May.", "Free delivery on everything*"),
        ("Save 40% on boots. Terms apply.", "Save 40%"),
        ("The first year is free (service fee of £9 applies).", "free"),
        ("Delivery is free over £40.", None),
        ("The *free* seeds are by the door.", None),
        ("Name* and address* of the sender.", None),
        ("The new terms apply from 1 May.", None),
    ],
)
def test_the_promise_is_underlined_and_not_the_catch(text, words):
    given = passage(Example(text, channel="marketing"), NoOpinion())
    found = [given.sentences[h.sentence].segment.text[h.view.start : h.view.end] for h in hits("HON001", given)]
    assert found == ([words] if words else [])


MAIL = "From: Ann <ann@acme.example>\nTo: sam@example.com\nSubject: {subject}\n{more}\n{text}\n"


def faked(subject: str, more: str = "", channel: str = "sales", text: str = "Our lamps are brighter.") -> list[str]:
    document = read(MAIL.format(subject=subject, more=more, text=text), name="a.eml")
    result = lint(document, Config(select=("HON003",), channel=channel), NoOpinion())
    return [f.text for f in result.findings]


def test_a_reply_that_answers_nothing():
    assert faked("Re: your lamps") == ["Re:"]
    assert faked("FWD: Re: your lamps") == ["FWD: Re:"]
    assert not faked("Your lamps")
    assert not faked("Regional lamps")
    assert not faked("Re: your lamps", channel="support")
    assert not faked("Re: your lamps", more="In-Reply-To: <1@acme.example>\n")
    assert not faked("Re: your lamps", text="Here they are.\n\nOn 4 May 2026, Sam wrote:\n> Where are my lamps?")


def test_a_renewal_without_a_way_to_do_better():
    price = "Your renewal price is £312 for the year."
    assert hits("HON005", passage(Example(price, moment="renewal"), NoOpinion()))
    assert not hits("HON005", passage(Example(price, moment="receipt"), NoOpinion()))
    better = Example(f"{price} Call us, and we look for a cheaper plan.", moment="renewal")
    assert not hits("HON005", passage(better, NoOpinion()))


# ------------------------------------------------------------------------------------------------------ selling in trouble

SELLING = "Why not try our new lamps?"


def test_selling_by_moment_and_by_neighbours():
    def sure(**about: str) -> list[float]:
        return [h.confidence for h in hits("TRX003", passage(Example(SELLING, **about), NoOpinion()))]

    assert sure(moment="complaint", channel="support") > sure(channel="support") > []
    assert sure(before="I'm sorry about the delay.") == sure(moment="outage")
    assert sure(moment="complaint", channel="marketing")
    assert not sure(channel="marketing")
    assert not sure(moment="promotion")
    assert not sure(channel="support", customer="Which lamp do you recommend?")
    assert sure(channel="support", customer="Which lamp do you recommend?", before="Sorry, the first one was broken.")


@pytest.mark.parametrize(
    "text",
    [
        "I've taken 15% off your next bill to make up for the delay.",
        "As an apology, here is 20% off.",
        "Upgrade to version 4.2, which mends the fault.",
        "Your upgrade is done.",
    ],
)
def test_making_good_is_no_sale(text):
    assert not hits("TRX003", passage(Example(text, moment="complaint", channel="support"), NoOpinion()))


# ------------------------------------------------------------------------------------------------------------- next step


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ravi comes on Saturday between 9 and 11.", True),
        ("I've refunded the £12.", True),
        ("Please press Repeat in the app.", True),
        ("Nothing more is needed.", True),
        ("We will call you when the part arrives.", True),
        ("Which day suits you?", True),
        ("We are looking into it.", False),
        ("Your comments have been noted.", False),
        ("We value your feedback.", False),
        ("It was a long day.", False),
    ],
)
def test_what_is_a_next_step(text, expected):
    assert says_next(text) is expected


def test_a_next_step_is_wanted_only_where_something_is_open():
    vague = "We are sorry to read this. Our hotel is old. It will be looked into."
    assert hits("VAC101", passage(Example(vague, channel="support", moment="complaint"), NoOpinion()))
    assert hits("VAC101", passage(Example(vague, channel="support", customer="The room was cold, again."), NoOpinion()))
    assert not hits("VAC101", passage(Example(vague, channel="support", customer="Thank you all!"), NoOpinion()))
    assert not hits("VAC101", passage(Example(vague, channel="marketing", moment="complaint"), NoOpinion()))
    assert not hits("VAC101", passage(Example("We are sorry.", channel="support", moment="complaint"), NoOpinion()))


# ------------------------------------------------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("name", "reader", "empty"),
    [
        ("first_name", True, True),
        ("customer.firstName", True, True),
        ("FNAME", True, True),
        ("name", True, True),
        ("user.name", True, True),
        ("contact.company", False, True),
        ("agent.first_name", False, False),
        ("company.name", False, False),
        ("product.name", False, False),
        ("order.number", False, False),
        ("total", False, False),
        ("reset_link", False, False),
    ],
)
def test_whose_name_a_field_is(name, reader, empty):
    assert is_reader_name(name) is reader
    assert may_be_empty(name) is empty


def test_the_last_use_of_the_name_is_marked():
    text = "Hi {{ first_name }},\n\nIt is back, {{ first_name }}. Come and see, {{ first_name }}, any day.\n"
    (hit,) = hits("INT101", spoken(text))
    assert hit.source_span.start == text.rindex("{{")
    text = "Hi Asha,\n\nIt is back, Asha. Come and see, Asha, any day.\n\nKind regards,\nAsha\n"
    given = passage(Example(text), NoOpinion())
    (hit,) = hits("INT101", given)
    assert given.sentences[hit.sentence].text.startswith("Come")


def test_how_often_is_too_often_can_be_set():
    given = passage(Example("Hi Asha,\n\nIt is back, Asha. Come and see."), NoOpinion())
    assert not hits("INT101", given)
    assert hits("INT101", replace(given, thresholds={"name-overuse": 2}))


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Hi {{ first_name }},\n\nIt is here.", "{{ first_name }}"),
        ('Hi {{ first_name | default: "there" }},\n\nIt is here.', None),
        ("{% if first_name %}Hi {{ first_name }},{% else %}Hello,{% endif %}\n\nIt is here.", None),
        ("{% if order.late %}Hi {{ first_name }},{% endif %}\n\nIt is here.", "{{ first_name }}"),
        ("Hi *|FNAME|*,\n\nIt is here.", "*|FNAME|*"),
        ("Your order {{ order.number }} costs {{ total }}.", None),
        ("Hi {name},\n\nIt is here.", None),
        ("Hi %s,\n\nIt is here.", None),
    ],
)
def test_a_name_without_a_fallback(text, tag):
    found = [text[h.source_span.start : h.source_span.end] for h in hits("TPL001", spoken(text))]
    assert found == ([tag] if tag else [])


def test_the_finding_points_at_the_tag():
    text = "<p>Hi {{ first_name }},</p><p>It is <a href='/{{ name }}'>here</a>.</p>"
    result = lint(read(text, name="mail.html"), Config(select=("TPL001",)), NoOpinion())
    assert [f.text for f in result.findings] == ["{{ first_name }}"]
    assert all(s.kind is Safety.DISPLAY for f in result.findings for s in f.suggestions)
