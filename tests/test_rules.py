"""Every rule against the catalogue, its documentation and its own examples."""

import re

import pytest

from tonelint.config import Config
from tonelint.errors import UsageError
from tonelint.linter import lint
from tonelint.readers import read
from tonelint.rules import PHRASE_FAMILIES, all_rules, by_code
from tonelint.rules.base import Example, Passage, Rule
from tonelint.rules.examples import passage, run
from tonelint.rules.invitation import invites
from tonelint.rules.phrases import PhraseCheck, family, is_question, load_rules
from tonelint.rules.rewording import SuggestionSpec
from tonelint.tagging import NoOpinion
from tonelint.types import CATEGORIES, Fix, Safety, Severity, Span

CATALOGUE = """
SLF001 self-praise self-praise 1 warning delete/soften
SLF002 announcement announcement 1 warning rewrite
SLF003 claim-to-care hollow 6 warning delete
TLK001 third-person-customer talking-at 9 warning rewrite
TLK002 institutional-voice talking-at 9 warning rewrite
TLK003 orders talking-at 9 info suggest
TLK004 rhetorical-hook - 9 info suggest
TLK005 house-jargon talking-at 9 info suggest
TLK101 no-invitation - 9 info suggest
TLK102 no-reply deflection 9 warning suggest
EMP001 hollow-apology hollow 9 warning suggest
EMP002 hollow-thanks hollow 9 info suggest
EMP003 hollow-address hollow 6 warning rewrite
EMP004 hollow-empathy hollow 9 info suggest
EMP005 conditional-apology blame 9 warning rewrite
EMP006 empathy-but blame 9 warning rewrite
EMP007 minimising blame 9 warning delete
EMP008 blaming blame 9 error rewrite
EMP101 missing-empathy - 9 error suggest
EMP102 empathy-without-action - 9 warning suggest
EMP103 unanswered - 9 warning none
ASM001 mind-reading assumption 4 warning rewrite
ASM002 presumed-agreement assumption 4 warning delete
ASM003 stereotype assumption 4 warning suggest
ASM004 sweeping-claim assumption 4 info suggest
INT001 surveillance intrusive 5 warning rewrite
INT002 over-familiar intrusive 5 info rewrite
INT003 unexplained-ask intrusive 5 warning suggest
INT101 name-overuse intrusive 5 info none
VAC001 vague-promise vague-promise 3 warning suggest
VAC101 no-next-step - 3 warning suggest
VAC201 contact-gap - 3 warning none
VAC202 open-loop - 3 warning none
TRX001 person-as-number transactional 6 warning rewrite
TRX002 score-begging transactional 6 warning delete
TRX003 upsell-in-service transactional 6 error delete
TRX004 clinging transactional 6 warning rewrite
TIM001 effort-shift deflection 7 warning suggest
TIM002 dead-end deflection 7 error suggest
TIM003 asked-again deflection 7 warning none
TIM004 hollow-availability hollow 7 info suggest
TIM005 empty-touch - 9 info suggest
PRS001 urgency pressure 8 warning delete/soften
PRS002 guilt pressure 8 warning rewrite
PRS003 shouting pressure 8 warning soften
PRS004 loud-typography - 8 info safe
HON001 buried-catch dishonest 8 warning suggest
HON002 unkeepable-absolute dishonest 8 warning soften
HON003 faked-tie dishonest 8 error rewrite
HON004 dressed-up-loss dishonest 8 warning suggest
HON005 newcomers-first - 8 info none
BAL101 unbalanced - 1 warning none
BAL102 self-centred-opening - 2 warning suggest
BAL103 self-centred-closing - 2 info suggest
BAL104 monologue - 1 info none
TPL001 missing-fallback - 7 info suggest
BAL201 eighty-twenty - 1 info none
BAL202 only-in-conflict - 9 info none
BAL203 cold-last-touch - 2 warning none
BAL204 out-of-touch - 2 info none
TLN001 unused-suppression - 0 warning safe
"""
ROWS = {row.split()[0]: row.split()[1:] for row in CATALOGUE.strip().splitlines()}
NEVER_ABOVE_INFO = ("ASM004", "INT002", "TLK004", "TLK005", "EMP004", "TIM004")
RULES = all_rules()
SPEAKING = [r for r in RULES if r.check is not None and r.scope in ("sentence", "message") and not r.needs_stance]
PHRASE_RULES = [rule for name in (*PHRASE_FAMILIES, "no_reply") for rule in family(name)]


def ids(rule: object) -> str:
    return rule.code if isinstance(rule, Rule) else ""


def examples(kind: str) -> list[object]:
    return [pytest.param(r, e, id=f"{r.code}-{i}") for r in SPEAKING for i, e in enumerate(getattr(r, kind))]


def test_codes_and_names_are_unique():
    assert len({r.code for r in RULES}) == len({r.name for r in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=ids)
def test_the_catalogue_agrees(rule):
    if rule.code.startswith("MOD"):
        assert rule.name == f"model-{rule.category}"
        assert CATEGORIES.index(rule.category) + 1 == int(rule.code[3:])
        return
    name, category, principle, severity, fix = ROWS[rule.code]
    assert (rule.name, rule.category or "-", rule.severity.word) == (name, category, severity)
    assert rule.fix.value in fix.split("/")
    assert str(rule.principle) == principle


def test_rules_about_words_are_all_there():
    present = {r.code for r in RULES}
    assert {c for c in ROWS if re.match(r"(SLF|TLK|ASM)\d|EMP0", c)} <= present
    assert {f"MOD{i:03d}" for i in range(1, 13)} <= present


@pytest.mark.parametrize("rule", RULES, ids=ids)
def test_every_rule_is_documented(rule):
    docs = rule.docs
    for part in (docs.what, docs.why, docs.better, docs.leave):
        assert len(part.split()) >= 3 or part == "Never."
    assert rule.summary.endswith((".", "?"))
    assert "\n" not in rule.summary
    assert len(rule.summary) <= 160
    if rule in SPEAKING:
        assert docs.sources
        assert len(rule.bad) >= 6
        assert len(rule.good) >= 6


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_bad_examples_are_hit(rule, example):
    assert run(rule, example, NoOpinion())


@pytest.mark.parametrize(("rule", "example"), examples("good"))
def test_good_examples_are_not_hit(rule, example):
    assert not run(rule, example, NoOpinion())


@pytest.mark.parametrize("rule", [r for r in RULES if r.code in NEVER_ABOVE_INFO], ids=ids)
def test_some_rules_never_rise_above_info(rule):
    assert rule.severity is Severity.INFO
    entries = [e for _, e in rule.check.patterns.patterns] if isinstance(rule.check, PhraseCheck) else []
    assert all(e.severity in (None, Severity.INFO) for e in entries)
    for example in rule.bad:
        assert all(h.severity in (None, Severity.INFO) for h in run(rule, example, NoOpinion()))


@pytest.mark.parametrize("rule", PHRASE_RULES, ids=ids)
def test_phrase_entries_have_a_confidence_and_a_suggestion(rule):
    entries = {id(e): e for _, e in rule.check.patterns.patterns}.values()
    for entry in entries:
        assert 0.3 <= entry.confidence <= 0.95
        assert entry.suggestions or rule.fix is Fix.NONE
        for suggestion in entry.suggestions:
            if suggestion.kind != "display":
                assert not set("[]") & set(suggestion.text), "blanks can only be shown"
            if suggestion.kind in ("display", "replace"):
                assert suggestion.text


@pytest.mark.parametrize("rule", [r for r in PHRASE_RULES if r.fix in (Fix.DELETE, Fix.SOFTEN, Fix.REWRITE)], ids=ids)
def test_what_the_catalogue_calls_a_rewrite_offers_wording(rule):
    assert any(p.text for e in rule.bad for h in run(rule, e, NoOpinion()) for p in h.proposals)


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_proposals_can_be_made_in_the_text(rule, example):
    message = passage(example, NoOpinion())
    for hit in rule.check(message):
        for proposal in hit.proposals:
            assert proposal.text
            assert bool(proposal.edits) == (proposal.kind is not Safety.DISPLAY)
            if proposal.edits:
                text = message.sentences[proposal.sentence].segment.text
                assert all(0 <= e.view.start < e.view.end <= len(text) for e in proposal.edits)
                assert not any("[" in e.text for e in proposal.edits)


@pytest.mark.parametrize("rule", SPEAKING, ids=ids)
def test_a_rule_is_silent_on_an_empty_message(rule):
    document = read("", name="draft.txt")
    assert not list(rule.check(Passage(document, document.messages[0], (), (), (), "service", "other")))


def test_rules_are_found_by_code_and_name():
    assert by_code(RULES, "slf001") is by_code(RULES, "self-praise")
    with pytest.raises(UsageError):
        by_code(RULES, "SLF999")


# --------------------------------------------------------------------------------------------------- what they reword


@pytest.mark.parametrize(
    ("code", "text", "after"),
    [
        ("SLF001", "Our award-winning, industry-leading platform does the rest.", "Our platform does the rest."),
        ("SLF001", "Our award-winning, reliable van is here.", "Our reliable van is here."),
        ("SLF001", "Our reliable, award-winning van is here.", "Our reliable van is here."),
        ("SLF001", "Our reliable and award-winning van is here.", "Our reliable van is here."),
        ("SLF001", "Our award-winning and reliable van is here.", "Our reliable van is here."),
        ("SLF001", "Our fast, award-winning, simple van is here.", "Our fast, simple van is here."),
        ("SLF001", "In May, world-class riders come.", "In May, riders come."),
        ("SLF001", "It is an award-winning shop.", "It is a shop."),
        ("SLF001", "Our van is award-winning and reliable.", "Our van is reliable."),
        ("SLF001", "Our truly world-class crew is here.", "Our crew is here."),
        ("SLF001", "Award-winning pies from Leeds", "Pies from Leeds"),
        ("SLF002", "We're excited to announce that you can pay by phone.", "You can pay by phone."),
        ("TLK001", "Guests are kindly requested to leave by ten.", "Please leave by ten."),
        ("TLK001", "Customers are advised that the shop closes at noon.", "The shop closes at noon."),
        ("EMP003", "Dear valued customer,", "Dear customer,"),
        ("ASM001", "You'll love the blue one.", "You may like the blue one."),
        ("ASM002", "As you know, prices rose.", "Prices rose."),
        ("ASM002", "The office, as you know, moved in May.", "The office moved in May."),
        ("ASM002", "Prices rose, as you know.", "Prices rose."),
    ],
)
def test_rewording(code, text, after):
    (hit,) = run(by_code(RULES, code), Example(text), NoOpinion())
    assert after in [p.text for p in hit.proposals if p.edits]


@pytest.mark.parametrize(
    "text",
    [
        "Our app is state-of-the-art.",
        "Our app is state-of-the-art and works hard.",
        "Our boots are award-winning, and last for years.",
    ],
)
def test_a_deletion_that_leaves_a_wreck_is_not_offered(text):
    (hit,) = run(by_code(RULES, "SLF001"), Example(text), NoOpinion())
    assert not [p for p in hit.proposals if p.edits]


def test_neighbouring_hits_are_one():
    text = "Try our award-winning, best-in-class and world-class tea."
    (hit,) = run(by_code(RULES, "SLF001"), Example(text), NoOpinion())
    assert text[hit.view.start : hit.view.end] == "award-winning, best-in-class and world-class"


def test_words_quoted_from_somebody_else_are_left():
    rule = by_code(RULES, "SLF001")
    assert not run(rule, Example('Jo wrote that our tea is "world-class and hot" in her review.'), NoOpinion())
    assert run(rule, Example('"World-class tea"'), NoOpinion())


# ------------------------------------------------------------------------------------------------- inviting an answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reply to this mail and I'll call you.", True),
        ("Ring Joan on 01632 960100.", True),
        ("Write to desk@harbourpress.example with the page number.", True),
        ("Which day suits you?", True),
        ("How many are you? ^JB", True),
        ("Contact us if you have questions.", False),
        ("Is there anything else?", False),
        ("How did we do?", False),
        ("Please do not reply to this email.", False),
        ("It comes from no-reply@harbourpress.example.", False),
        ("Order no. 01632 960100", False),
    ],
)
def test_inviting(text, expected):
    message = passage(Example(text), NoOpinion())
    assert any(invites(message, i) for i in message.spoken()) is expected


def test_a_no_reply_sender_is_a_hit_without_place():
    mail = "From: Acme <no-reply@acme.example>\nSubject: Your form\n\nYour form is here.\n"
    result = lint(read(mail, name="a.eml"), Config(select=("TLK102",)), NoOpinion())
    assert [(f.code, f.span) for f in result.findings] == [("TLK102", None)]
    said = mail + "Please do not reply to this message.\n"
    result = lint(read(said, name="a.eml"), Config(select=("TLK102",)), NoOpinion())
    assert [f.text for f in result.findings] == ["Please do not reply to this"]


def test_locale_entries_are_never_judged_as_messages():
    long = Example("The shop moves. The address is new. The doors open at nine.", channel="support")
    message = passage(long, NoOpinion())
    rule = by_code(RULES, "TLK101")
    assert list(rule.check(message))
    from dataclasses import replace

    assert not list(rule.check(replace(message, source=replace(message.source, entry=True))))


@pytest.mark.parametrize(
    ("text", "expected"), [("Who?", True), ("Who? ^AB", True), ("Who?”", True), ("Who? Me.", False), ("Who", False)]
)
def test_questions(text, expected):
    assert is_question(text) is expected


# ------------------------------------------------------------------------------------------------------ examples, files


def test_an_example_is_judged_in_its_own_sentences():
    rule = by_code(RULES, "SLF001")
    assert not run(rule, Example("Your tea is here.", before="Our world-class tea sells."), NoOpinion())
    assert run(rule, Example("Our world-class tea sells.", after="Your tea is here."), NoOpinion())


def test_an_example_has_its_role_subject_and_customer():
    message = passage(Example("Tea", role="button", subject="Hello there", customer="Where is it?"), NoOpinion())
    assert message.source.subject == "Hello there"
    assert [s.role.value for s in message.sentences] == ["subject", "button"]
    assert message.customer == "Where is it?"


RULE = """
[[rule]]
code = "HSE001"
name = "house"
category = "hollow"
principle = 9
severity = "info"
summary = "No."
what = "a"
why = "b"
better = "c"
leave = "d"
[[rule.pattern]]
phrases = ["tea"]
"""


def test_conditions_of_a_pattern():
    def hits(extra: str, example: Example) -> int:
        (rule,) = load_rules(RULE + extra, origin="house.toml")
        return len(run(rule, example, NoOpinion()))

    tea = Example("Tea is here.", channel="support", moment="apology")
    assert hits("", tea) == 1
    assert hits('unless = ["here"]', tea) == 0
    assert hits('unless-inside = ["tea is"]', tea) == 0
    assert hits('unless-inside = ["is here"]', tea) == 1
    assert hits('channels = ["sales"]', tea) == 0
    assert hits('not-channels = ["support"]', tea) == 0
    assert hits('moments = ["outage"]', tea) == 0
    assert hits('not-moments = ["apology"]', tea) == 0
    assert hits('roles = ["heading"]', tea) == 0
    assert hits('not-roles = ["body"]', tea) == 0
    assert hits("questions = true", tea) == 0
    assert hits("replies = true", tea) == 0
    assert hits("replies = true", Example("Tea is here.", customer="Where?")) == 1
    assert hits('unless-previous = ["milk"]', Example("Tea is here.", before="Milk is out.")) == 0
    assert hits('unless-next = ["milk"]', Example("Tea is here.", after="Milk is out.")) == 0
    assert hits('position = "first"', Example("Tea is here.", before="One.\n\nTwo.")) == 0
    assert hits('position = "last"', Example("Tea is here.", before="One.\n\nTwo.")) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (RULE.replace("principle = 9", ""), "principle"),
        (RULE + "colour = 1", "colour"),
        (RULE.replace('code = "HSE001"', 'code = "HSE001"\nshade = 1'), "shade"),
        (RULE.replace('phrases = ["tea"]', ""), "phrases or tokens"),
        (RULE.replace('["tea"]', '["(tea"]'), "without"),
        (RULE + 'suggest = ["burn"]', "suggestion"),
        (RULE.replace('"hollow"', '"hollow'), "house.toml"),
    ],
)
def test_a_rule_file_that_is_wrong_says_where(text, message):
    with pytest.raises(UsageError, match=re.escape(message)) as error:
        load_rules(text, origin="house.toml")
    assert "house.toml" in str(error.value)


def test_suggestion_specifications():
    assert SuggestionSpec.parse({"replace": "x", "safe": True}) == SuggestionSpec("replace", "x", True)
    for wrong in ("burn", {"replace": "x", "delete": True}, {"replace": "x", "loud": True}):
        with pytest.raises(UsageError):
            SuggestionSpec.parse(wrong)


def test_long_runs_are_not_reworded():
    text = "Our world-class tea " * 150
    hits = run(by_code(RULES, "SLF001"), Example(text), NoOpinion())
    assert hits
    assert not [p for h in hits for p in h.proposals if p.edits]


def test_spans_lie_in_the_sentence():
    for rule in SPEAKING:
        for example in rule.bad:
            message = passage(example, NoOpinion())
            for hit in rule.check(message):
                if hit.sentence is not None and hit.view is not None:
                    assert message.sentences[hit.sentence].view.contains(Span(hit.view.start, hit.view.end))
