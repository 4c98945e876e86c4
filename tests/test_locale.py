"""YAML, JSON and gettext: every entry with its exact places."""

import json
import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tonelint.readers.entries import is_prose
from tonelint.readers.locale import read_json, read_po, read_yaml
from tonelint.readers.yaml_scalars import scalar_pieces
from tonelint.types import PieceKind, Role, Span

READERS = {"yaml": read_yaml, "json": read_json, "po": read_po}


def check_laws(document):
    """The laws that hold for every reading."""
    text = document.text
    for segment in document.segments:
        assert segment.text.strip()
        at = 0
        for piece in segment.pieces:
            assert at <= piece.span.start <= piece.span.end <= len(text)
            at = piece.span.end
            if piece.kind is PieceKind.LITERAL:
                assert text[piece.span.start : piece.span.end] == piece.text
        for view in (Span(0, 1), Span(len(segment.text) - 1, len(segment.text)), Span(0, len(segment.text))):
            assert segment.span.contains(segment.to_source(view))
        assert document.messages[segment.message].span.contains(segment.span)
    assert len({message.id for message in document.messages}) == len(document.messages)
    assert all(message.entry for message in document.messages)
    end = 0
    for tag in document.tags:
        assert end <= tag.span.start < tag.span.end <= len(text)
        end = tag.span.end
    for run in (*document.markup, *(comment.span for comment in document.comments)):
        assert run.end <= len(text)


def read(format, text):
    document = READERS[format](text, name=f"a.{format}")
    assert document.format == format
    check_laws(document)
    return document


def entries(document):
    """Views by id; several segments of one entry as a list."""
    found = {}
    for segment in document.segments:
        if not segment.alternate:
            found.setdefault(document.messages[segment.message].id, []).append(segment.text)
    return {key: texts[0] if len(texts) == 1 else texts for key, texts in found.items()}


def of(document, words):
    """Where words stand in the file."""
    for segment in document.segments:
        at = segment.text.find(words)
        if at >= 0:
            span = segment.to_source(Span(at, at + len(words)))
            return document.text[span.start : span.end]
    raise AssertionError(f"{words!r} is nowhere in {entries(document)}")


@pytest.mark.parametrize(
    "value",
    [
        "Sign in",
        "Save!",
        "Loading…",
        "Thanks",
        "%{count} days left",
        "Hi {{name}}",
        "Zoë’s",
        "“Done”",
        "{n, plural, one {# day} other {# days}}",
    ],
)
def test_prose(value):
    assert is_prose(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "  ",
        "#ff00aa",
        "rgb(1, 2, 3)",
        "https://lamps.example/a?b",
        "help@lamps.example",
        "some_key",
        "camelCase",
        "a.b.c",
        "1234",
        "%d/%m/%Y",
        "%{count}",
        "{{name}}",
        "primary",
        "fa-user",
        "v1.2",
        "<br>",
        "margin: 0; color: red",
        "%b %d, %Y",
        "$t(other.key)",
        "x",
    ],
)
def test_no_prose(value):
    assert not is_prose(value)


def test_fields_for_programs_are_no_prose():
    assert not is_prose("Arial Black", "font")
    assert is_prose("You can write to us here", "url")


# YAML


def test_rails_yaml():
    document = read(
        "yaml",
        "# tonelint: disable=EMP001\nen:\n  mail:\n    subject: Your lamp, %{name}\n    one: 'It''s on its way'  # said once\n"
        '    other: "Caf\\u00e9 \\"Noir\\"\\nopens"\n    body: |\n      Hi %{name},\n\n      your lamp leaves us today.\n    css: some_class\n    list:\n    - First words\n    - Second words\n',
    )
    found = entries(document)
    assert list(found) == [
        "en.mail.subject",
        "en.mail.one",
        "en.mail.other",
        "en.mail.body",
        "en.mail.list.0",
        "en.mail.list.1",
    ]
    assert found["en.mail.subject"].startswith("Your lamp, ")
    assert found["en.mail.one"] == "It's on its way"
    assert found["en.mail.other"] == 'Café "Noir"\nopens'
    assert found["en.mail.body"][1] == "your lamp leaves us today."
    assert found["en.mail.list.1"] == "Second words"
    assert document.segments[0].role is Role.SUBJECT
    assert [document.text[tag.span.start : tag.span.end] for tag in document.tags] == ["%{name}"] * 2
    assert of(document, "'") == "''"
    assert of(document, "é") == "\\u00e9"
    assert of(document, "Second") == "Second"
    assert [comment.text for comment in document.comments] == ["tonelint: disable=EMP001", "said once"]
    assert "subject" in {document.text[run.start : run.end] for run in document.markup}
    assert document.notes == ()
    assert document.fixable


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("plain words\n  go on\n\n  and on  # not this", "plain words go on\nand on"),
        ("'quoted words\n  go on'", "quoted words go on"),
        ('"double words \\\n  go on\n\n\n  and on"', "double words go on\n\nand on"),
        (">\n  folded words\n  go on\n\n  new\n    deep\n  back\n", "folded words go on\nnew\n  deep\nback\n"),
        (">-\n  folded words\n  go on\n\n", "folded words go on"),
        ("|+\n  kept words\n\n\n", "kept words\n\n\n"),
        ("|\r\n  windows lines\r\n  go on\r\n", "windows lines\ngo on\n"),
        ("|2-\n    deep words\n   less\n", "  deep words\n less"),
        ("&anchor some words", "some words"),
        ("!!str some words", "some words"),
        ('"emoji 🎉 and \\U0001F389 done"', "emoji 🎉 and 🎉 done"),
    ],
)
def test_every_way_to_write_a_scalar(source, value):
    text = f"words: {source}"
    assert yaml.safe_load(text)["words"] == value
    document = read("yaml", text)
    joined = " ".join(" ".join(segment.text for segment in document.segments).split())
    assert joined == " ".join(value.split())
    assert any(piece.kind is PieceKind.LITERAL for segment in document.segments for piece in segment.pieces)


def test_several_documents_aliases_and_repeated_keys():
    document = read(
        "yaml", "a: &x Some words\nb: *x\na: Other words\n---\na: Third words\n? [odd, key]\n: Fourth words\n"
    )
    assert entries(document) == {"a": "Some words", "a#2": "Other words", "a#3": "Third words", "?": "Fourth words"}


def test_values_with_markup_are_read_as_html():
    document = read("yaml", "a_html: 'Hello <b>dear</b> reader &amp; friend'\n")
    assert entries(document) == {"a_html": "Hello dear reader & friend"}
    assert of(document, "dear") == "dear"
    assert of(document, "&") == "&amp;"


@pytest.mark.parametrize(
    "text",
    [
        'en:\n  a: "First words"\n  b: {{ broken }} words: here\n  c: Last words\n',
        "en:\n  a: First words\n<% if x %>\n  b: 'Middle words'\n<% end %>\n  c: Last words\n",
        'en:\n  a: First words\n  bad: "never closed\n  c: Last words\n',
        "en:\n\ta: First words\n  b: [one, two\n  c: Last words\n",
        "en:\n  a: First words\n  bad: 'it's broken'\n  c: Last words # really\n",
        "en:\n  a: First words\n  @bad: x\n  b: |\n    Block words\n    go on\n  c: Last words\n",
    ],
)
def test_broken_yaml_is_read_line_by_line_and_said(text):
    document = read("yaml", text)
    assert "line by line" in document.notes[0]
    assert "line " in document.notes[0]
    words = {segment.text for segment in document.segments}
    assert {"First words", "Last words"} <= words
    assert any(id.startswith("en.") and id.endswith(".c") for id in entries(document))


def test_characters_that_yaml_forbids():
    document = read("yaml", "a: Bell \x07 rings\nb: \ufeffMarked words\nc: Half \ud800 pair\n")
    assert entries(document) == {"a": "Bell \x07 rings", "b": "\ufeffMarked words", "c": "Half \ud800 pair"}


def test_very_deep_yaml():
    assert "levels deep" in read("yaml", "[" * 100_000).notes[0]
    read("yaml", "".join("  " * i + "a:\n" for i in range(300)) + "  " * 301 + "some words")


# JSON


def test_i18next_and_nesting():
    document = read(
        "json",
        '\ufeff{"mail": {"subject": "Your lamp, {{name}}", "items_one": "One lamp", "items": ["First words", {"x": "Second \\"words\\""}]},\n'
        ' "style": "some_class", "n": 5, "Emoji \\ud83c\\udf89": "Tab\\tand \\u00e9 \\ud83c\\udf89", "html": "Dear <b>reader</b>"}',
    )
    found = entries(document)
    assert found["mail.items.0"] == "First words"
    assert found["mail.items.1.x"] == 'Second "words"'
    assert found["Emoji 🎉"] == "Tab\tand é 🎉"
    assert found["html"] == "Dear reader"
    assert of(document, "🎉") == "\\ud83c\\udf89"
    assert of(document, '"') == '\\"'
    assert [document.text[tag.span.start : tag.span.end] for tag in document.tags] == ["{{name}}"]
    assert document.notes == ()


def test_arb_and_icu_plurals():
    text = json.dumps(
        {
            "@@locale": "en",
            "basket": "You have {count, plural, one {# lamp} other {# lamps}} in your basket.",
            "@basket": {"description": "Not for readers at all"},
            "whole": "{count, plural, =0 {Nothing is here yet.} one {One lamp is waiting.} other {# lamps are waiting.}}",
        },
        indent=1,
    )
    document = read_json(text, name="app_en.arb", dialect="icu")
    check_laws(document)
    views = [segment.text for segment in document.segments]
    assert not any("description" in view or "Not for readers" in view for view in views)
    assert not any("plural" in view or "other" in view or "{" in view for view in views)
    assert any(view.startswith("You have") and view.endswith("in your basket.") for view in views)
    assert {"Nothing is here yet.", "One lamp is waiting."} <= set(views)


def test_comments_and_trailing_commas_are_let_pass():
    document = read(
        "json", '// tonelint: disable=EMP001\n{\n "a": "Some words", /* why */\n b: \'Other words\',\n}\n# end'
    )
    assert entries(document) == {"a": "Some words", "b": "Other words"}
    assert [comment.text for comment in document.comments] == ["tonelint: disable=EMP001", "why", "end"]
    assert document.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "Some words", "b": {"c": "Other words"',
        '{"a": "Some words" "b": "x", "c": "Other words}\n',
        '{"a": "Some words", oops!, "c": "Other words"]]',
        '}{"a": "Some words", "c": "Other words"}',
        '{"a": "Some words", "x": [1, 2}, "c": "Other words"}',
    ],
)
def test_broken_json_is_read_as_far_as_it_goes(text):
    document = read("json", text)
    assert "not valid JSON (line " in document.notes[0]
    assert "Some words" in [segment.text for segment in document.segments]


def test_very_deep_json():
    document = read("json", '{"a":' * 10_000 + '"Some words"' + "}" * 10_000)
    assert [segment.text for segment in document.segments] == ["Some words"]


# gettext


PO = r"""# Translators
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"

#. For the button
#: app.py:3
msgid "Sign in"
msgstr ""

# tonelint: disable=EMP001
#, python-format
msgctxt "mail.subject"
msgid "Your lamp, %(name)s"
msgstr "Dear %(name)s, "
"your \"lamp\" is\there\n"
"and so is the bulb"

#, fuzzy
msgid "Fuzzy words"
msgstr "Fuzzy translation"

msgid "One lamp"
msgid_plural "%d lamps"
msgstr[0] "One single lamp"
msgstr[1] "%d single lamps"

#~ msgid "Obsolete words"
#~ msgstr "Obsolete translation"
msgid "Octal \303 and \x41"
msgstr ""
"""


def test_gettext():
    document = read("po", PO)
    found = entries(document)
    assert set(found) == {"Sign in", "mail.subject|Your lamp, %(name)s", "One lamp", "Octal Ã and A"}
    assert found["Sign in"] == "Sign in"
    assert found["One lamp"] == ["One single lamp", document.segments[-2].text]
    assert of(document, "lamp") == "lamp"
    assert of(document, '"') == '\\"'
    assert of(document, "is\there") == "is\\there"
    assert [comment.text for comment in document.comments] == [
        "Translators",
        "For the button",
        "tonelint: disable=EMP001",
    ]
    assert document.notes == ()


def test_a_wrapped_string_cannot_be_edited_across_its_lines():
    document = read("po", 'msgid "a"\nmsgstr "We are proud "\n"to tell you"\n')
    segment = document.segments[0]
    assert segment.text == "We are proud to tell you"
    assert not segment.editable(Span(0, 20))
    assert segment.editable(Span(0, 12))


@pytest.mark.parametrize("text", ['msgid "Some words\nmsgstr ""\n', 'msgid "Some words"\nwhat is this\nmsgstr ""\n'])
def test_broken_gettext_is_said(text):
    document = read("po", text)
    assert "not a valid gettext file (line " in document.notes[0]
    assert "Some words" in [segment.text for segment in document.segments]


# Any text


ODD = st.text(max_size=8) | st.sampled_from(
    [
        "\\",
        '"',
        "'",
        "\n",
        "\r\n",
        "  ",
        ": ",
        "- ",
        "# ",
        "|\n  ",
        ">-\n",
        "{{x}}",
        "%{n}",
        "{n, plural, one {a b} other {c d}}",
        "<b>",
        "&amp;",
        "{",
        "}",
        "[",
        "]",
        ",",
        "&a ",
        "*a ",
        "!!x ",
        "---\n",
        "some words ",
        "\\u00e9",
        "\\ud83c",
        "�",
        "\x00",
        "\x85",
        "\u2028",
        "\ufeff",
        "🎉",
        "\t",
        "{% if x %}",
        "{% endif %}",
        "//",
        "/*",
        "msgid ",
        "msgstr ",
        "msgstr[1] ",
        "msgctxt ",
        "#~ ",
        "#, fuzzy\n",
        '"some words"',
        '"a": ',
        "\\x4",
        "\\101",
        "? ",
        "a: ",
        "%",
    ]
)


@pytest.mark.parametrize("format", ["yaml", "json", "po"])
@settings(max_examples=250, deadline=None)
@given(fragments=st.lists(ODD, max_size=16))
def test_any_text_is_read_and_the_laws_hold(format, fragments):
    read(format, "".join(fragments))


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]) | st.sampled_from("\n ab'\"\\#:-\t"), max_size=60
).map(lambda text: f"Dear reader, {text} so it is.")


@settings(max_examples=150, deadline=None)
@given(value=WORDS, style=st.sampled_from([None, "'", '"', "|", ">"]), width=st.sampled_from([20, 80]))
def test_what_yaml_writes_is_read_back(value, style, width):
    text = yaml.safe_dump({"x": value}, default_style=style, width=width, allow_unicode=True)
    if style is None:  # the writer chose one of the others
        check_laws(read_yaml(text, name="a.yml"))
    event = next(item for item in yaml.parse(text) if isinstance(item, yaml.ScalarEvent) and item.value != "x")
    span = Span(event.start_mark.index, event.end_mark.index)
    pieces = scalar_pieces(text, text, span, event.style, event.value)
    assert pieces is not None
    assert "".join(piece.text for piece in pieces) == event.value
    check_laws(read_yaml(text, name="a.yml"))


@settings(max_examples=150, deadline=None)
@given(value=WORDS, plain=st.booleans())
def test_what_json_writes_is_read_back(value, plain):
    text = json.dumps({"x": value}, ensure_ascii=plain)
    document = read_json(text, name="a.json")
    check_laws(document)
    assert document.messages[0].id == "x"


@pytest.mark.parametrize("format", ["yaml", "json", "po"])
@pytest.mark.parametrize(
    "text",
    [
        "a: " + "x " * 100_000,
        "a: 'b'\n" * 5_000,
        "'" * 50_000,
        '"' * 50_000,
        "\\" * 50_000,
        "{" * 50_000,
        "[," * 30_000,
        '"a":' * 10_000,
        'msgid "' * 10_000,
        'msgstr "\\1\\\\1"\n' * 5_000,
        "#\n" * 30_000,
        "- " * 30_000,
        "a: |\n" * 5_000,
        "\n" * 50_000 + "{",
    ],
)
def test_long_and_odd_files_take_no_ages(format, text):
    began = time.perf_counter()
    READERS[format](text, name="a")
    assert time.perf_counter() - began < 4
