"""Fixing: edits that are proven or not made. Deliberate harm of every kind is refused."""

import importlib.util
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tonelint.config import Config
from tonelint.fixer import applicable, apply, fix, harm
from tonelint.linter import lint
from tonelint.readers import read
from tonelint.rewriting.emptied import empties
from tonelint.tagging import NoOpinion
from tonelint.types import Edit, Finding, Safety, Severity, Span, Suggestion

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
CONFIG = Config(channel="service", moment="other", min_confidence=0.0)


def fixed(text, *, name="a.txt", unsafe=True, dialect=None, config=CONFIG):
    document = read(text, name=name, dialect=dialect)
    return fix(
        document,
        lint=lambda d: lint(d, config, NoOpinion()),
        read=lambda t: read(t, name=name, format=document.format, dialect=dialect),
        unsafe=unsafe,
    )


# --------------------------------------------------------------------------------------------------------- what is fixed


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.txt", "Our award-winning van comes on Monday.", "Our van comes on Monday."),
        ("a.txt", "Award-winning vans come on Monday.", "Vans come on Monday."),
        ("a.txt", "We are proud to announce that your kite left today.", "Your kite left today."),
        ("a.txt", "It is an award-winning kite and a world-class reel for Ada.", "It is a kite and a reel for Ada."),
        ("a.txt", "Thank you so much!! Our award-winning van comes.", "Thank you so much! Our van comes."),
        ("a.txt", "We value your custom. Your kite left today.", "Your kite left today."),
        ("a.txt", "Your kite left today. We value your custom.", "Your kite left today."),
        ("a.txt", "Your kite left the shop on Quay Street at noon.\nWe value your custom. The reel and both of its\nhandles follow.",
         "Your kite left the shop on Quay Street at noon.\nThe reel and both of its\nhandles follow."),
        ("a.txt", "Hi 🙂🙂, our award-winning 🪁 van comes!! 🙂", "Hi 🙂🙂, our 🪁 van comes! 🙂"),
        ("a.txt", "One line.\r\n\r\nThank you so much!!\r\nBye.\r\n", "One line.\r\n\r\nThank you so much!\r\nBye.\r\n"),
        ("a.txt", "\ufeffThank you so much!!\n", "\ufeffThank you so much!\n"),
        ("a.txt", "Thank you so much,\u00a0Ada!!", "Thank you so much,\u00a0Ada!"),
        ("a.md", "- Our **award-winning** van\n- Thank you so much!!\n", "- Our **award-winning** van\n- Thank you so much!\n"),
        ("a.md", "See [our award-winning van](https://a.example/x!!).\n", "See [our van](https://a.example/x!!).\n"),
        ("a.html", "<p>It&rsquo;s ready, Ada!!&nbsp;Thank you so much!!</p>", "<p>It&rsquo;s ready, Ada!&nbsp;Thank you so much!</p>"),
        ("a.html", "<p>We value your custom.</p>\n<p>Come in.</p>", "<p>We value your custom.</p>\n<p>Come in.</p>"),
        ("a.html", "<p>Come in. <b>We value your custom.</b></p>", "<p>Come in. <b>We value your custom.</b></p>"),
        ("a.html", "<ul><li>We value your custom.</li><li>Tea!!</li></ul>", "<ul><li>We value your custom.</li><li>Tea!</li></ul>"),
        ("a.html", "<p>One.<br>We value your custom.<br>Two kites.</p>", "<p>One.<br>We value your custom.<br>Two kites.</p>"),
        ("a.html", "<p>One kite. We value your custom. <i>Two</i> came.</p>", "<p>One kite. <i>Two</i> came.</p>"),
        ("a.html", '<p title="our award-winning van!!">Our award-winning van.</p>', '<p title="our award-winning van!!">Our van.</p>'),
        ("a.html", "<script>x = 'award-winning!!'</script><p>Tea came!!</p>", "<script>x = 'award-winning!!'</script><p>Tea came!</p>"),
        ("a.html", "<p>Our award-winning van <br>&nbsp;comes on Friday.</p>", "<p>Our van <br>&nbsp;comes on Friday.</p>"),
        ("a.txt.j2", "Your award-winning {{ plan }} is here, {{ name }}!!", "Your {{ plan }} is here, {{ name }}!"),
        ("a.txt.j2", "We are proud to announce that {{ name }} came.", "We are proud to announce that {{ name }} came."),
        ("a.txt.j2", "{% if a %}We value your custom.{% else %}Our award-winning van, Ada.{% endif %} Bye, and see you soon.",
         "{% if a %}We value your custom.{% else %}Our van, Ada.{% endif %} Bye, and see you soon."),
        ("a.txt.j2", "Your {% if a %}award-winning {% else %}world-class {% endif %}van came on Friday.",
         "Your {% if a %}{% else %}{% endif %}van came on Friday."),
        ("a.txt.j2", "{# our award-winning van!! #}Our award-winning van came.", "{# our award-winning van!! #}Our van came."),
        ("a.txt.erb", "<% if a %>Our award-winning van came.<% end %>", "<% if a %>Our van came.<% end %>"),
        ("a.yml", "en:\n  a: 'It''s our award-winning van!!'\n", "en:\n  a: 'It''s our van!'\n"),
        ("a.yml", "en:\n  a: We value your custom. %{name} came.\n", "en:\n  a: We value your custom. %{name} came.\n"),
        ("locales/a.json", '{"a": "Our award-winning van, \\"Bo\\"!!"}', '{"a": "Our van, \\"Bo\\"!"}'),
        ("a.po", 'msgid "x"\nmsgstr ""\n"Our award-winning "\n"van came!!"\n', 'msgid "x"\nmsgstr ""\n"Our "\n"van came!"\n'),
    ],
)  # fmt: skip
def test_words_go_and_everything_else_stays(name, text, expected):
    found = fixed(text, name=name)
    assert found.text == expected
    assert fixed(found.text, name=name).text == found.text


def test_two_deletions_never_empty_a_paragraph_between_them():
    text = "<p>We value your custom. We really value your loyalty.</p><p>Bye.</p>"
    found = fixed(text, name="a.html")
    assert found.text.count("<p></p>") == 0
    assert "value" in found.text
    assert len(found.applied) <= 1


def test_only_safe_fixes_without_being_asked():
    text = "Our award-winning van came. Thank you so much!!"
    found = fixed(text, unsafe=False)
    assert found.text == "Our award-winning van came. Thank you so much!"
    assert [f.code for f in found.applied] == ["PRS004"]


def test_what_cannot_be_edited_is_left():
    mail = "Subject: Tea\nContent-Transfer-Encoding: quoted-printable\n\nOur award-winning =\nvan came!!\n"
    found = fixed(mail, name="a.eml")
    assert (found.text, found.applied) == (mail, ())


def test_a_document_that_is_not_fixable_is_left():
    document = replace(read("Thank you so much!!", name="a.txt"), fixable=False)
    found = fix(document, lint=lambda d: lint(d, CONFIG, NoOpinion()), read=lambda t: read(t, name="a.txt"))
    assert (found.text, found.applied) == (document.text, ())


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.md", "Tea came.\n\n<!-- tonelint: disable=EMP001 -->\n\nBye.\n", "Tea came.\n\n\nBye.\n"),
        ("a.md", "Tea came.\n<!-- tonelint: disable=EMP001 -->\nBye now.\n", "Tea came.\n\nBye now.\n"),
        ("a.html", "<p>Tea.</p>\r\n  <!-- tonelint: disable=EMP001 -->  \r\n<p>Bye.</p>", "<p>Tea.</p>\r\n<p>Bye.</p>"),
        ("a.txt.j2", "Tea {# tonelint: disable=EMP001 #}came.", "Tea came."),
        ("a.yml", "en:\n  # tonelint: disable=EMP001\n  a: Tea came.\n", "en:\n  a: Tea came.\n"),
        (
            "a.md",
            "<!-- tonelint: disable=EMP001,SLF001 -->\n\nTea came.\n",
            "<!-- tonelint: disable=EMP001,SLF001 -->\n\nTea came.\n",
        ),
    ],
)
def test_an_idle_suppression_goes_with_its_line(name, text, expected):
    found = fixed(text, name=name, unsafe=False)
    assert found.text == expected


# --------------------------------------------------------------------------------------------------- deliberate breakage


def proposing(*edits, kind=Safety.UNSAFE):
    """A linter that proposes the same edits in every text, wherever the words are found."""

    def run(document):
        found = []
        for old, new in edits:
            at = document.text.find(old)
            if at >= 0:
                span = Span(at, at + len(old))
                suggestion = Suggestion(kind, new, (Edit(span, new),))
                found.append(Finding("X001", "x", None, 1, Severity.INFO, old, 1.0, "a", "a", span, old, (suggestion,)))
        return replace(lint(document, Config(select=("TLN001",)), NoOpinion()), findings=tuple(found))

    return run


def attempt(text, *edits, name="a.html"):
    document = read(text, name=name)
    return fix(document, lint=proposing(*edits), read=lambda t: read(t, name=name), unsafe=True)


@pytest.mark.parametrize(
    ("name", "text", "old", "new"),
    [
        ("a.txt.j2", "Hello {{ name }}, tea is here.", "{{ name }}", "Ada"),
        ("a.txt.j2", "Hello {{ name }}, tea is here.", "o {{ n", "o {{ m"),
        ("a.txt.j2", "Hello {{ name }}, tea is here.", "tea is", "{{ tea }} is"),
        ("a.txt.j2", "Hello {{ name }}, tea is here.", "tea is", "{% if tea is"),
        ("a.txt.j2", "Hello { { name }}, tea is here.", "{ {", "{{"),
        ("a.html", "<p>Tea is <b>here</b>, Ada.</p>", "<b>", ""),
        ("a.html", "<p>Tea is <b>here</b>, Ada.</p>", "Tea is", "Tea </p><p>is"),
        ("a.html", "<p>Tea is here, Ada.</p>", "Tea is", "Tea < is"),
        ("a.html", "<p>Tea &amp; cake, Ada.</p>", "cake, Ada", "cake &amp; Ada"),
        ("a.html", "<p>Tea &amp; cake, Ada.</p>", "&amp;", "and"),
        ("a.html", "<p>Tea is here.</p><!-- a note -->", "<!-- a note -->", ""),
        ("a.html", "<p>Tea is here.</p><p>Bye.</p>", "here.</p><p>Bye", "here. Bye"),
        ("a.html", "<p>Tea is here.</p>", "Tea is here.", ""),
        ("a.html", '<p><a href="https://a.example/">Tea</a> is here.</p>', "https://a.example/", "https://b.example/"),
        ("a.html", '<p><a href="https://a.example/">Tea</a> is here.</p>', "Tea", ""),
        ("a.md", "So it is 7. Tea is here.", "So it is ", ""),
        ("a.md", "Tea is here now.", "Tea is", "# Tea is"),
        ("a.md", "Tea is here now.", "is here", "is `here"),
        ("a.md", "Tea is here. `code`", "Tea is here", "Tea is ` here"),
        ("a.md", "**Tea** is here.", "Tea", ""),
        ("a.md", "Tea is here.\nCake is here.", "Tea is here.", "Tea is here.\n"),
        ("a.yml", "en:\n  a: 'Tea is here.'\n", "is here", "isn't here"),
        ("a.yml", "en:\n  a: Tea is here.\n", "Tea is", "Tea: is"),
        ("a.yml", "en:\n  a: Tea is here.\n", "Tea is", "%{tea} is"),
        ("a.yml", "en:\n  a: Tea is here.\n", "is here", "is #here"),
        ("locales/a.json", '{"a": "Tea is here."}', "Tea is", 'Tea" is'),
        ("locales/a.json", '{"a": "Tea is here."}', '"a"', '"b"'),
        ("a.po", 'msgid "x"\nmsgstr "Tea is here."\n', "Tea is", 'Tea" is'),
        ("a.po", 'msgid "x"\nmsgstr "Tea is here."\n', '"x"', '"y"'),
    ],
)
def test_harm_is_refused(name, text, old, new):
    found = attempt(text, (old, new), name=name)
    assert found.text == text
    assert len(found.refused) == 1
    assert not found.applied


def test_one_culprit_does_not_stop_the_others():
    text = "<p>" + " ".join(f"Word{i:02d} is here." for i in range(40)) + "</p>"
    edits = [(f"Word{i:02d}", "Word<" if i == 17 else f"W{i:02d}") for i in range(40)]
    found = attempt(text, *edits)
    assert len(found.applied) == 39
    assert [f.text for f in found.refused] == ["Word17"]
    assert found.text == text.replace("Word", "W").replace("W17", "Word17")


def test_one_culprit_costs_few_readings():
    text = "<p>" + " ".join(f"Word{i:03d} is here." for i in range(256)) + "</p>"
    document, count = read(text, name="a.html"), []

    def counted(fresh):
        count.append(1)
        return read(fresh, name="a.html")

    edits = [(f"Word{i:03d}", "<p>" if i == 100 else "W") for i in range(256)]
    assert len(fix(document, lint=proposing(*edits), read=counted, unsafe=True).applied) == 255
    assert len(count) < 60


def test_rewrites_that_breed_each_other_without_end_are_not_made():
    found = attempt("<p>Tea is here.</p>", ("Tea", "Cake"), ("Cake", "Tea"))
    assert (found.text, found.applied, len(found.refused)) == ("<p>Tea is here.</p>", (), 1)


def test_what_was_refused_lets_its_neighbour_through():
    found = attempt("<p>Tea is here.</p>", ("Tea is", "Tea < is"), ("is here", "was there"))
    assert found.text == "<p>Tea was there.</p>"


def test_edits_that_touch_are_not_made_together():
    found = attempt("<p>Tea is here.</p>", ("Tea is", "Cake is"), ("is here", "was there"))
    assert found.text in ("<p>Cake is here.</p>", "<p>Tea was there.</p>", "<p>Cake was there.</p>")


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ((Edit(Span(11, 15), ""),), "a template tag"),
        ((Edit(Span(0, 3), ""),), "markup"),
        ((Edit(Span(3, 8), "Bye <"),), "new marks"),
    ],
)
def test_harm_says_what(edits, said):
    text = "<p>Hello, {{ name }}, tea is here.</p>"
    before = read(text, name="a.html.j2")
    found = harm(before, edits, read(apply(text, edits), name="a.html.j2"))
    assert found == said


def test_harm_sees_a_reader_that_reads_another_text():
    before = read("<p>Tea is here.</p>", name="a.html")
    edit = Edit(Span(3, 6), "Cake")
    assert harm(before, (edit,), read("<p>Cake is here.</p>", name="a.html")) is None
    assert harm(before, (edit,), read("<p>Cake is there.</p>", name="a.html")) == "text outside the edits"
    gone = Edit(Span(3, 15), "")
    assert harm(before, (gone,), read("<p></p>", name="a.html")) in ("other words", "a place that would stand empty")


def test_overlapping_edits_are_an_error():
    with pytest.raises(ValueError, match="overlap"):
        apply("abcdef", (Edit(Span(0, 3), "x"), Edit(Span(2, 4), "y")))
    assert apply("abcdef", (Edit(Span(4, 6), ""), Edit(Span(0, 1), "X"), Edit(Span(2, 2), "-"))) == "Xb-cd"


def test_the_first_suggestion_that_may_be_applied_is_taken():
    edit = (Edit(Span(0, 1), ""),)
    kinds = (Suggestion(Safety.DISPLAY, "d"), Suggestion(Safety.UNSAFE, "u", edit), Suggestion(Safety.SAFE, "s", edit))
    finding = Finding("X", "x", None, 1, Severity.INFO, "m", 1.0, "a", "a", Span(0, 1), "T", kinds)
    assert applicable(finding, unsafe=True).text == "u"
    assert applicable(finding, unsafe=False).text == "s"
    assert applicable(replace(finding, suggestions=kinds[:1]), unsafe=True) is None


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("<p>Tea is here.</p>", "Tea is here.", True),
        ("<p>Tea is here. Bye.</p>", "Tea is here. ", False),
        ("<p>Tea <b>is</b> here.</p>", "is", True),
        ("<p>Tea <b>is</b> here.</p>", "Tea ", False),
        ("<p>Tea <b>is</b> here.</p>", " here.", False),
        ("<p>Tea<br>Cake is here<br>Bye</p>", "Cake is here", True),
        ("<td><a href='#'>Tea</a> and cake</td>", "Tea", True),
    ],
)
def test_what_would_stand_empty(text, words, expected):
    document = read(text, name="a.html")
    edit = Edit(Span(text.index(words), text.index(words) + len(words)), "")
    assert any(empties(text, s, (edit,)) for s in document.segments) is expected


# ---------------------------------------------------------------------------------------------------------- properties

PARTS = st.sampled_from(
    (
        "Our award-winning van ", "We value your custom. ", "Thank you so much!! ", "BUY NOW!!! ", "We are proud to announce that ",
        "As you know, ", "Dear valued customer, ", "tea came. ", "{{ a }}", "{% if b %}", "{% else %}", "{% endif %}", "<b>", "</b>",
        "<p>", "</p>", "<br>", "&amp; ", "&nbsp;", "\n", "\r\n", "\n\n", "- ", "# ", "**", "_", "[", "](u)", "`", "<!-- x -->",
        "<!-- tonelint: disable=EMP001 -->", "{# tonelint: disable #}", "🙂 ", "\ufeff", "'", '"', "<", "{", "1. ", "%{c} ", ": ",
    )
)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PARTS, max_size=14).map("".join), st.sampled_from(("a.txt", "a.md", "a.html", "a.html.j2", "a.yml")))
def test_a_second_run_edits_nothing_and_tags_stay(text, name):
    if name == "a.yml":
        text = "en:\n  a: |\n" + "".join(f"    {line}\n" for line in text.split("\n"))
    first = fixed(text, name=name)
    before, after = read(text, name=name), read(first.text, name=name)
    assert [text[t.span.start : t.span.end] for t in before.tags if t.kind.value != "comment"] == [
        first.text[t.span.start : t.span.end] for t in after.tags if t.kind.value != "comment"
    ]
    second = fixed(first.text, name=name)
    assert second.text == first.text
    assert second.applied == ()


# ------------------------------------------------------------------------------------------------------------ templates


@pytest.fixture(scope="module")
def templates():
    sys.path.insert(0, str(BENCHMARKS))
    try:
        spec = importlib.util.spec_from_file_location("templates", BENCHMARKS / "templates.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules["templates"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(BENCHMARKS))
    return module


def test_generated_templates_of_every_dialect_are_not_harmed(templates):
    """A short run of ``benchmarks/templates.py``."""
    cases = [templates.Case(*row) for row in templates.generated(57, seed=3)]
    count = templates.run(cases, tagger=NoOpinion(), config=Config(min_confidence=0.0))
    assert count.changed == []
    assert count.again == []
    assert count.applied > 150
    assert count.refused < 0.05 * count.applied
    assert {"jinja2", "python-liquid", "chevron", "html.parser", "yaml", "json", "polib", "plain search"} <= set(
        count.engines
    )
    assert len(count.dialects) >= 12


@pytest.mark.parametrize(
    ("name", "text", "harmed"),
    [
        ("a.txt.j2", "Tea for {{ name }}.", "Tea for {{ nam }}."),
        ("a.txt.j2", "Tea {% if a %}x{% endif %}.", "Tea {% if a %}x."),
        ("a.txt.liquid", "Tea {{ a | default: 'you' }}.", "Tea {{ a | default: 'me' }}."),
        ("a.txt.mustache", "Tea {{#a}}x{{/a}}.", "Tea {{^a}}x{{/a}}."),
        ("a.html", "<p>Tea <b>is</b>.</p>", "<p>Tea is.</p>"),
        ("a.html", '<p><a href="x">Tea</a></p>', '<p><a href="y">Tea</a></p>'),
        ("a.html", "<p>Tea &amp; cake</p>", "<p>Tea & cake</p>"),
        ("a.html", "<p>x</p><script>a!!</script>", "<p>x</p><script>a!</script>"),
        ("a.yml", "en:\n  a: Tea %{b}\n", "en:\n  b: Tea %{b}\n"),
        ("a.yml", "en:\n  a: Tea\n", "en:\n  a: Tea: b\n"),
        ("a.json", '{"a": "Tea {b}"}', '{"a": "Tea b"}'),
        ("a.po", 'msgid "x"\nmsgstr "Tea %s"\n', 'msgid "x"\nmsgstr "Tea s"\n'),
    ],
)
def test_the_judges_notice_harm(templates, name, text, harmed):
    case = templates.Case(name, text)
    document = read(text, name=name)
    assert templates.difference(case, document, text) is None
    assert templates.difference(case, document, harmed) is not None


def test_many_findings_take_time_in_proportion():
    unit = "Our award-winning van came. Thank you so much!!\n\n"

    def timed(times):
        begun = time.process_time()
        assert len(fixed(unit * times).applied) == 2 * times
        return time.process_time() - begun

    timed(5)
    short, long = timed(40), timed(160)
    assert long < 12 * short + 0.2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda d: replace(d, tags=d.tags[1:]), "template tags"),
        (lambda d: replace(d, markup=d.markup[1:]), "markup"),
        (lambda d: replace(d, comments=()), "comments"),
        (lambda d: replace(d, messages=()), "messages"),
        (lambda d: replace(d, notes=("something was mended",)), "the form of the file"),
        (lambda d: replace(d, segments=d.segments[1:]), "placeholders"),
        (lambda d: replace(d, segments=d.segments[:-1]), "other words"),
        (lambda d: d, None),
    ],
)
def test_every_sign_of_harm_counts_alone(wrong, said):
    text = "<p>Hello, {{ name }}.</p><!-- a note --><p>Tea is here.</p>"
    before = read(text, name="a.html.j2")
    edit = Edit(Span(text.index("Tea"), text.index("Tea") + 3), "Cake")
    assert harm(before, (edit,), wrong(read(apply(text, (edit,)), name="a.html.j2"))) == said


def test_an_edit_in_markup_is_harm_even_if_it_reads_the_same():
    text = "<p  class='a'>Tea is here.</p>"
    edit = Edit(Span(2, 4), " ")
    assert harm(read(text, name="a.html"), (edit,), read(apply(text, (edit,)), name="a.html")) == "markup"


def test_a_comment_never_takes_words_with_it():
    text = "<p>Tea is here, so it <!-- tonelint: disable=X --> stays warm.</p>"
    edit = Edit(Span(text.index("it <"), text.index(" stays")), "")
    assert harm(read(text, name="a.html"), (edit,), read(apply(text, (edit,)), name="a.html")) is not None
