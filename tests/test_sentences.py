"""Sentences: split in the view, placed in the source, with roles refined."""

import pytest

from tonelint.readers import read
from tonelint.sentences import split
from tonelint.types import Role


def texts(text, format="text"):
    return [s.text for s in split(read(text, name="x", format=format)) if not s.alternate]


def roles(text, format="text"):
    return [(s.role.value, s.text) for s in split(read(text, name="x", format=format)) if not s.alternate]


@pytest.mark.parametrize(
    "text",
    [
        "Your visit is at 5 p.m. on Monday.",
        "Order No. 1234 left the depot.",
        "Dr. Stone and Mrs. Lee will see you at St. Anne Road.",
        "It costs $3.50, e.g. for a small box, i.e. under 2 kg.",
        "See https://a.example/b?c=d.e for the map.",
        "It took a while… but it left.",
        "Wait ... we found it.",
        "We sent it on Tue. 4 Mar. at noon",
        "Yours is version 2.0.1 now.",
        "We moved your\nparcel to the depot.",
        "It left today 🙂",
        "It left today. -AB",
        "Mail us at a.b@c.example today.",
    ],
)
def test_one_sentence_stays_one(text):
    assert texts(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It left. It is late! Is it? Yes.", ["It left.", "It is late!", "Is it?", "Yes."]),
        ("It left 🙂. It is late.", ["It left 🙂.", "It is late."]),
        ("Come at 5 p.m. We open then.", ["Come at 5 p.m.", "We open then."]),
        ("(It left today.) It is late.", ["(It left today.)", "It is late."]),
        ("They said “no.” We asked again.", ["They said “no.”", "We asked again."]),
        ("It left.  \n  It is late.", ["It left.", "It is late."]),
        ("🙂\n\n---\n\n!!!", []),
        ("", []),
        ("…", []),
    ],
)
def test_sentences_are_told_apart(text, expected):
    assert texts(text) == expected


def test_half_a_character_does_no_harm():
    assert texts("It left \ud800 today. It is late.") == ["It left \ud800 today.", "It is late."]


def test_headings_items_buttons_and_short_lines_are_sentences():
    html = "<h1>Your parcel. Today.</h1><ul><li>one</li><li>two</li></ul><button>Track it. Now.</button><p>Cheers,<br>Anna</p>"
    assert texts(html, "html") == ["Your parcel.", "Today.", "one", "two", "Track it. Now.", "Cheers,", "Anna"]


def test_spans_lie_in_the_source():
    source = "<p>It&rsquo;s <b>late</b>.  We asked {{ carrier }} why.</p>"
    sentences = split(read(source, name="x.html"))
    assert [source[s.span.start : s.span.end] for s in sentences] == [
        "It&rsquo;s <b>late</b>.",
        "We asked {{ carrier }} why.",
    ]
    assert [s.text for s in sentences] == ["It’s late.", "We asked it why."]
    assert all(s.text == s.segment.text[s.view.start : s.view.end] for s in sentences)
    assert {s.block for s in sentences} == {0}


def test_alternates_are_marked():
    sentences = split(read("It {% if a %}left{% else %}waits{% endif %} today.", name="x.txt"))
    assert [(s.text, s.alternate) for s in sentences] == [("It left today.", False), ("It waits today.", True)]


def test_roles():
    text = (
        "Hi Maya,\n\nYour parcel left.\n\nOrder: 8841\n\n{{ order_id }}\n\nHello is a good word to begin with.\n\nKind regards,\nAnna Stone\n"
        "Support team\n\nYou are receiving this mail because you asked for it. Unsubscribe\n\n© 2025 Acme, 12 Mill Lane"
    )
    assert roles(text) == [
        ("greeting", "Hi Maya,"),
        ("body", "Your parcel left."),
        ("record", "Order: 8841"),
        ("record", "12345"),
        ("body", "Hello is a good word to begin with."),
        ("sign-off", "Kind regards,"),
        ("sign-off", "Anna Stone"),
        ("sign-off", "Support team"),
        ("footer", "You are receiving this mail because you asked for it."),
        ("footer", "Unsubscribe"),
        ("footer", "© 2025 Acme, 12 Mill Lane"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Dear customer, we moved your parcel.",
        "Thank you for the photos.",
        "Best of all, it is free.",
        "Hi! Your parcel is at the depot.",
    ],
)
def test_sentences_that_only_begin_like_a_greeting_or_a_closing(text):
    assert Role.BODY in {s.role for s in split(read(text, name="x.txt"))}


def test_a_name_is_a_sign_off_only_after_the_closing_line():
    assert roles("Anna Stone\n\nYour parcel left.") == [("body", "Anna Stone"), ("body", "Your parcel left.")]


def test_quoted_words_keep_their_role():
    assert roles("> Where is it? I wait.") == [("quote", "Where is it?"), ("quote", "I wait.")]
