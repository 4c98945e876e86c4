"""The one function: confidence, selection, severity, overlaps, order, suppressions, context, purity."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonelint.config import Config
from tonelint.linter import join, lint
from tonelint.readers import read
from tonelint.rewriting.suggestions import suggestion
from tonelint.rules.base import Documentation, Hit, Passage, Proposal, Rule, ViewEdit
from tonelint.tagging import NoOpinion
from tonelint.types import CATEGORIES, Fix, Role, Safety, Scores, Severity, Span

CONFIG = Config(channel="service", moment="other")
probability = st.floats(0.0, 1.0)


class Scripted:
    """A tagger that says one thing of every sentence, and keeps what it was asked."""

    identity = "scripted"

    def __init__(self, weight=1.0, **categories):
        self.weight, self.seen = weight, []
        self.categories = {name.replace("_", "-"): value for name, value in categories.items()}

    def tag(self, batch):
        self.seen.append(list(batch))
        stance = {"broadcast": 0.2, "interested": 0.7, "neutral": 0.1}
        return [Scores(stance, self.categories, keeper=0.9) for _ in batch]

    def threshold(self, category):
        return 0.6

    def pattern_threshold(self, category):
        return 0.5

    def prior(self, category):
        return 0.1

    def precision(self, code):
        return None


def rule(code, check, *, category="hollow", severity=Severity.WARNING):
    return Rule(
        code=code, name=code.lower(), category=category, principle=1, severity=severity, fix=Fix.NONE, scope="sentence",
        summary="So it is.", check=check, docs=Documentation("w", "w", "b", "l"),
    )  # fmt: skip


def word(text, *, confidence=0.8, code="AAA001", category="hollow", **options):
    """A rule that marks a word wherever it stands."""

    def check(passage):
        for i, sentence in enumerate(passage.sentences):
            at = sentence.text.find(text)
            if at >= 0:
                yield Hit(i, Span(at, at + len(text)).shift(sentence.view.start), confidence=confidence, **options)

    return rule(code, check, category=category)


def run(text, *rules, name="a.txt", config=CONFIG, tagger=None, **options):
    return lint(read(text, name=name), config, tagger or NoOpinion(), rules=rules or None, **options)


# ---------------------------------------------------------------------------------------------------------- confidence


@given(probability, st.none() | probability, probability, probability)
def test_join_is_a_probability_and_moves_towards_the_evidence(pattern, score, prior, weight):
    joined = join(pattern, score, prior=prior, weight=weight)
    assert 0.0 <= joined <= 1.0
    if score is None or weight == 0.0 or score == prior:
        assert joined == pytest.approx(min(max(pattern, 0.001), 0.999), abs=1e-9) or joined == pattern
    elif 0.01 < pattern < 0.99:
        assert (joined >= pattern - 1e-9) if score >= prior else (joined <= pattern + 1e-9)


def test_join_has_a_reach():
    assert join(0.8, 0.999, prior=0.001, weight=1.0) == pytest.approx(0.98, abs=0.005)
    assert join(0.8, 0.001, prior=0.5, weight=1.0) == pytest.approx(0.25, abs=0.01)


def test_the_model_moves_a_pattern_across_its_threshold():
    assert run("Tea is here.", word("Tea", confidence=0.45)).findings == ()
    raised = run("Tea is here.", word("Tea", confidence=0.45), tagger=Scripted(hollow=0.5))
    assert [f.code for f in raised.findings] == ["AAA001"]
    assert run("Tea is here.", word("Tea", confidence=0.8), tagger=Scripted(hollow=0.001)).findings == ()
    assert run("Tea is here.", word("Tea", confidence=0.8), tagger=Scripted(weight=0.0, hollow=0.001)).findings != ()


def test_min_confidence_replaces_all_thresholds():
    for least, count in ((0.3, 1), (0.5, 0)):
        found = run("Tea is here.", word("Tea", confidence=0.4), config=replace(CONFIG, min_confidence=least))
        assert len(found.findings) == count


def test_the_model_speaks_where_no_rule_of_the_category_did():
    tagger = Scripted(hollow=0.9)
    alone = run("Tea is here.", tagger=tagger, config=replace(CONFIG, select=("MOD",)))
    assert [(f.category, f.text) for f in alone.findings] == [("hollow", "Tea is here.")]
    assert alone.findings[0].suggestions[0].kind is Safety.DISPLAY
    from tonelint.rules import all_rules

    models = tuple(r for r in all_rules() if r.code.startswith("MOD"))
    both = run("Tea is here.", *models, word("Tea"), tagger=tagger)
    assert [f.code for f in both.findings] == ["AAA001"]


# ------------------------------------------------------------------------------------------------------------ overlaps


def test_one_finding_a_category_where_spans_overlap_and_the_surer_wins():
    rules = (word("Tea is", code="AAA001", confidence=0.6), word("is here", code="AAA002", confidence=0.9))
    assert [f.code for f in run("Tea is here.", *rules).findings] == ["AAA002"]
    other = word("Tea is", code="BBB001", category="blame")
    assert {f.code for f in run("Tea is here.", other, rules[1]).findings} == {"BBB001", "AAA002"}


def test_a_source_span_that_two_branches_share_is_reported_once():
    text = "Your {% if a %}green {% else %}black {% endif %}tea is award-winning, Ada."
    found = run(text, name="a.txt.j2", config=replace(CONFIG, select=("SLF001",))).findings
    assert [f.text for f in found] == ["award-winning"]


def test_findings_are_in_source_order_whole_messages_first():
    whole = rule("ZZZ001", lambda passage: [Hit(confidence=0.9)], category=None)
    found = run("Tea is here. Cake is here. Tea again.", word("Tea"), word("Cake", code="AAA002"), whole).findings
    assert [(f.code, f.text) for f in found] == [
        ("ZZZ001", None),
        ("AAA001", "Tea"),
        ("AAA002", "Cake"),
        ("AAA001", "Tea"),
    ]
    assert found[0].span is None


def test_a_hit_may_run_to_a_later_sentence_and_an_empty_one_is_none():
    long = rule("AAA001", lambda p: [Hit(0, until=1)], category=None)
    assert run("Tea is here. Cake too. Bye.", long).findings[0].text == "Tea is here. Cake too."
    assert run("Tea is here.", rule("AAA001", lambda p: [Hit(0, Span(3, 3))])).findings == ()


# ------------------------------------------------------------------------------------------------- selection, severity


def test_rules_are_selected_and_ignored_by_path():
    config = replace(CONFIG, per_file_ignores=(("drafts/*", ("AAA",)),))
    assert run("Tea is here.", word("Tea"), name="drafts/a.txt", config=config).findings == ()
    assert run("Tea is here.", word("Tea"), name="b.txt", config=config).findings != ()
    assert run("Tea is here.", word("Tea"), config=replace(CONFIG, ignore=("AAA001",))).findings == ()


def test_the_most_specific_severity_wins_and_the_floor_hides():
    config = replace(CONFIG, severities={"ALL": "info", "AAA001": "error", "hollow": "info"})
    assert run("Tea is here.", word("Tea"), config=config).findings[0].severity is Severity.ERROR
    hidden = replace(CONFIG, severity="error")
    assert run("Tea is here.", word("Tea"), config=hidden).findings == ()
    assert run("Tea is here.", word("Tea", severity=Severity.ERROR), config=hidden).findings != ()


def test_an_announcement_in_release_notes_is_information():
    news = word("Tea", category="announcement")
    assert run("Tea is here.", news).findings[0].severity is Severity.WARNING
    noted = run("Tea is here.", news, config=replace(CONFIG, moment="release-notes"))
    assert noted.findings[0].severity is Severity.INFO


def test_words_that_the_house_allows_pass():
    config = replace(CONFIG, allow=("green  Tea",))
    assert run("Green tea is here.", word("Green tea"), config=config).findings == ()
    assert run("Green tea is here.", word("Green tea is"), config=config).findings != ()


# -------------------------------------------------------------------------------------------------------- the messages


def test_what_is_not_english_is_named_and_not_judged():
    tagger = Scripted(hollow=0.9)
    text = (
        "Sehr geehrte Frau Berg, Ihr Paket ist heute nicht bei uns angekommen, und wir wissen leider nicht, wo es ist."
    )
    result = run(text, word("Paket"), tagger=tagger)
    (message,) = result.messages
    assert (message.language, message.judged, message.sentences, result.findings) == ("de", False, (), ())
    assert tagger.seen in ([], [[]])


def test_all_sentences_of_a_file_are_tagged_in_one_batch():
    tagger = Scripted()
    result = run("en:\n  a: Tea is here now.\n  b: Cake is here now. It is warm.\n", tagger=tagger, name="a.yml")
    assert [len(batch) for batch in tagger.seen] == [3]
    assert len(result.messages) == 2
    assert {m.channel for m in result.messages} == {"service"}


def test_quotes_are_context_and_never_judged():
    text = "Tea is here.\n\nOn Monday Ada wrote:\n> Tea is late, and I am cross.\n"
    result = run(f"Subject: News\nFrom: a@b.example\n\n{text}", word("Tea"), name="a.eml")
    assert all(t.sentence.role is not Role.QUOTE for m in result.messages for t in m.sentences)
    assert len([f for f in result.findings if f.text == "Tea"]) == 1
    assert result.messages[0].source.customer


def test_balance_opening_and_closing_come_from_the_stances():
    result = run("Which day suits you? Tea is here.", word("nothing"), tagger=Scripted())
    (message,) = result.messages
    assert (message.balance.interested, message.balance.share, message.opens, message.closes) == (
        2,
        1.0,
        "interested",
        "interested",
    )
    silent = run("Which day suits you?", word("nothing")).messages[0]
    assert (silent.balance.share, silent.opens, silent.closes) == (None, None, None)


def test_a_marked_sentence_is_no_keeper():
    result = run("Tea is here. Cake is too.", word("Tea"), tagger=Scripted(hollow=0.1))
    assert [s.text for s in result.messages[0].keepers] == ["Cake is too."]


def test_the_channel_and_the_customer_reach_the_rules():
    seen = []
    spy = rule("AAA001", lambda passage: seen.append(passage) or ())
    run(
        "Tea is here.",
        spy,
        name="promo/a.txt",
        config=Config(channels_by_path=(("promo/*", "marketing"),)),
        reply_to="Where is it?",
    )
    run("Tea is here.", spy, name="b.txt", config=Config(channel="sales", moment="survey"))
    assert (seen[0].channel, seen[0].customer) == ("marketing", "Where is it?")
    assert (seen[1].channel, seen[1].moment, seen[1].customer) == ("sales", "survey", None)
    assert isinstance(seen[0], Passage)


def test_findings_are_grouped_by_message():
    result = run("en:\n  a: Tea is here.\n  b: Cake.\n  c: Tea was here.\n", word("Tea"), name="a.yml")
    assert [len(v) for v in result.by_message.values()] == [1, 1]


# --------------------------------------------------------------------------------------------------------- suggestions


def proposed(text, *edits, name="a.txt", sentence=0):
    passages = []
    run(text, rule("AAA001", lambda passage: passages.append(passage) or ()), name=name)
    passage = passages[0]
    view = passage.sentences[sentence].text

    def edit(old, new):
        at = view.index(old) + passage.sentences[sentence].view.start
        return ViewEdit(Span(at, at + len(old)), new)

    made = suggestion(passage, Proposal(Safety.UNSAFE, "as it would read", tuple(edit(*e) for e in edits), sentence))
    return made.kind, made.text, [(text[e.span.start : e.span.end], e.text) for e in made.edits]


def test_a_suggestion_is_in_source_offsets():
    assert proposed("Tea is here.", ("is", "was")) == (Safety.UNSAFE, "as it would read", [("is", "was")])


@pytest.mark.parametrize(
    ("name", "text", "old"),
    [
        ("a.html", "<p>Tea &amp; cake came.</p>", "Tea & cake"),
        ("a.html", "<p>Tea <b>and</b> cake came.</p>", "Tea and"),
        ("a.txt.j2", "Tea for {{ name }} came.", "for Sam"),
        ("a.html", "<p>Tea <b>and</b> cake came.</p>", "and"),
        ("a.html", "<p>Tea and cake came.</p>", "Tea and cake came."),
    ],
)
def test_what_literals_do_not_carry_is_shown_and_not_offered(name, text, old):
    kind, _, edits = proposed(text, (old, ""), name=name)
    assert (kind, edits) == (Safety.DISPLAY, [])


def test_a_sentence_goes_with_the_blank_that_parted_it():
    assert proposed("Tea is here. Cake is too.", ("Tea is here.", ""))[2] == [("Tea is here. ", "")]
    assert proposed("Tea is here. Cake is too.", ("Cake is too.", ""), sentence=1)[2] == [(" Cake is too.", "")]


def test_a_suggestion_shows_placeholders_as_the_template_writes_them():
    assert proposed("Tea for {{ name }} is here.", ("is", "was"), name="a.txt.j2")[1] == "Tea for {{ name }} was here."


# --------------------------------------------------------------------------------------------------------------- purity


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ("Our award-winning tea. ", "{{ a }}", "<b>", "</b>", "\n\n", "Thank you so much!! ", "Why? ", "é🙂 ")
        ),
        max_size=10,
    )
)
def test_the_same_input_gives_the_same_result_and_places_are_true(parts):
    text = "".join(parts)
    document = read(text, name="a.html")
    first = lint(document, CONFIG, Scripted(hollow=0.3))
    assert first == lint(document, CONFIG, Scripted(hollow=0.3))
    for finding in first.findings:
        assert finding.category in (*CATEGORIES, None)
        assert 0.0 <= finding.confidence <= 1.0
        if finding.span is not None:
            assert text[finding.span.start : finding.span.end] == finding.text
        for made in finding.suggestions:
            assert (made.kind is Safety.DISPLAY) is (not made.edits)
            for edit in made.edits:
                assert edit.span.end <= len(text)
