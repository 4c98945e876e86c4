"""Plain text, Markdown, HTML and MJML: which blocks, in which roles, with which exact offsets."""

import pytest

from tonelint.readers import FORMATS, READERS, format_of, read
from tonelint.readers import markup as tokens_room
from tonelint.types import PieceKind, Role


def blocks(text, format):
    document = read(text, name="x", format=format)
    return [(s.role.value, s.text) for s in document.segments if not s.alternate]


def test_text_paragraphs_short_lines_items_and_records():
    text = (
        "Hello Maya,\n\nWe moved your parcel to the depot in Leeds this morning, and it\nwill be with you on Thursday.\n\n"
        "Order: 8841\nTotal: $40\n\n- sign for it\n- or let a neighbour\n  take it in\n\nCheers,\nAnna\nBilling"
    )
    assert blocks(text, "text") == [
        ("body", "Hello Maya,"),
        ("body", "We moved your parcel to the depot in Leeds this morning, and it\nwill be with you on Thursday."),
        ("record", "Order: 8841"),
        ("record", "Total: $40"),
        ("list-item", "sign for it"),
        ("list-item", "or let a neighbour\n  take it in"),
        ("body", "Cheers,"),
        ("body", "Anna"),
        ("body", "Billing"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We moved your\nparcel to Leeds.", ["We moved your\nparcel to Leeds."]),
        ("We moved it to\nLeeds.", ["We moved it to\nLeeds."]),
        ("Kind regards\nMaya Stone\nHead of Support", ["Kind regards", "Maya Stone", "Head of Support"]),
        ("It left.\nIt is late.", ["It left.", "It is late."]),
        ("-----\nIt left.\n=====", ["It left."]),
    ],
)
def test_text_lines_that_go_on(text, expected):
    assert [view for _, view in blocks(text, "text")] == expected


def test_text_quotes_are_somebody_elses():
    document = read("We sent it.\n\n> Where is it?\n> I wait.", name="x.txt")
    assert [(s.role, s.text) for s in document.segments] == [
        (Role.BODY, "We sent it."),
        (Role.QUOTE, "Where is it?\nI wait."),
    ]


@pytest.mark.parametrize("format", ["text", "markdown", "html"])
def test_subject_line_and_front_matter(format):
    text = '---\nsubject: "Your parcel" # note\nchannel: support\ntitle: It left\n---\nWe sent it.'
    document = read(text, name="x", format=format)
    assert blocks(text, format) == [("subject", "Your parcel"), ("title", "It left"), ("body", "We sent it.")]
    assert document.messages[0].subject == "Your parcel"
    assert document.messages[0].hints["channel"] == "support"
    assert [c.text for c in document.comments] == ["note"]
    assert blocks("Subject: Your parcel\n\nWe sent it.", format) == [
        ("subject", "Your parcel"),
        ("body", "We sent it."),
    ]


def test_markdown_blocks():
    text = """# Your parcel {#top}

We **sent** it with _care_, see [the map](http://a.example "t") and `track` &amp; a \\* b <https://b.example>.

* one
* [ ] two
  1. three

> They wrote this
> to us

| Day | Place |
|-----|-------|
| Monday | It waits in the depot. |

    some = code

```
more = code
```

![a red van](van.png)

Title
=====

<div class="x">
Inside it.
</div>

[ref]: http://c.example
Last [ref] line.[^1]

[^1]: The note.
"""
    assert blocks(text, "markdown") == [
        ("heading", "Your parcel"),
        ("body", "We sent it with care, see the map and track & a * b https://b.example."),
        ("list-item", "one"),
        ("list-item", "two"),
        ("list-item", "three"),
        ("quote", "They wrote this\nto us"),
        ("record", "Day"),
        ("record", "Place"),
        ("record", "Monday"),
        ("body", "It waits in the depot."),
        ("alt", "a red van"),
        ("heading", "Title"),
        ("body", "Inside it."),
        ("body", "Last ref line."),
        ("body", "The note."),
    ]


def test_markdown_comments_and_hard_breaks():
    document = read("One  \ntwo\\\nThree\n\n<!-- tonelint: disable=X -->\nFour <!-- b --> five.", name="x.md")
    assert [s.text for s in document.segments] == ["One  \ntwo", "Three", "Four  five."]
    assert [c.text for c in document.comments] == ["tonelint: disable=X", "b"]


@pytest.mark.parametrize(
    "text", ["a * b * c", "snake_case_word", "2 ** 3", "[not a link] here", "SALE* today", "a [b](c d"]
)
def test_markdown_marks_that_are_none(text):
    assert blocks(text, "markdown") == [("body", text)]


@pytest.fixture(params=["turbohtml", "stdlib"])
def tokenizer(request, monkeypatch):
    if request.param == "stdlib":
        monkeypatch.setattr(tokens_room, "_turbo", lambda masked: None)
    return request.param


PAGE = """<!DOCTYPE html>
<html><head><title>Your &amp; parcel</title><style>p { color: red }</style><meta name="x" content="y"></head>
<body><div style="display:none">It left today&zwnj;&nbsp;&zwnj;</div><span style="display: none">hidden</span>
<h1>Good news</h1>
<p class="a">We&rsquo;ve sent <b>your</b> parcel.<br>It comes<br/>
on Thursday.<br><br>Bye</p>
<!--[if mso]><p>Outlook</p><![endif]--><!-- tonelint: disable=X -->
<script>if (a < b) "c";</script>
<ul><li>one<li>two</ul>
<img src="x" alt="A &quot;red&quot; van"><input type="submit" value="Send">
<table><tr><td>Total</td><td>$40</td></tr><tr><td><a href="u">Track it</a></td></tr></table>
<a class="btn btn-big" href="u">Pay now</a>
<pre>code</pre><blockquote>They wrote</blockquote><div class="gmail_quote">Earlier</div>
</body></html>"""


def test_html_blocks(tokenizer):
    assert blocks(PAGE, "html") == [
        ("title", "Your & parcel"),
        ("preheader", "It left today"),
        ("heading", "Good news"),
        ("body", "We’ve sent your parcel."),
        ("body", "It comes\n\non Thursday."),
        ("body", "Bye"),
        ("list-item", "one"),
        ("list-item", "two"),
        ("alt", 'A "red" van'),
        ("button", "Send"),
        ("record", "Total"),
        ("record", "$40"),
        ("button", "Track it"),
        ("button", "Pay now"),
        ("quote", "They wrote"),
        ("quote", "Earlier"),
    ]


def test_html_offsets_comments_and_markup(tokenizer):
    document = read(PAGE, name="x.html")
    assert [c.text for c in document.comments] == ["tonelint: disable=X"]
    for segment in document.segments:
        for piece in segment.pieces:
            source = PAGE[piece.span.start : piece.span.end]
            assert source == piece.text or (piece.kind is PieceKind.ENTITY and source[0] in "&<")
    covered = "".join(PAGE[s.start : s.end] for s in document.markup)
    assert "display:none" in covered
    assert "if (a < b)" in covered
    assert "red van" not in covered


@pytest.mark.parametrize(
    "text",
    ["a\r\n<b>c</b>\rd &amp; e", "</>a<p>b", "<p\r\nclass=x>a</p>\x00 b", "a < b & c", "<p>a<!-- b", "a<p", "<style>b"],
)
def test_html_oddities_keep_their_offsets(tokenizer, text):
    for segment in read(text, name="x", format="html").segments:
        for piece in segment.pieces:
            if piece.kind is PieceKind.LITERAL:
                assert text[piece.span.start : piece.span.end] == piece.text


def test_mjml():
    text = (
        "<mjml><mj-head><mj-title>News</mj-title><mj-preview>It left</mj-preview><mj-style>.a { b: c }</mj-style></mj-head><mj-body>"
        '<mj-text>We sent <a href="u">it</a>.</mj-text><mj-button href="u">Track it</mj-button><mj-image alt="a van"/></mj-body></mjml>'
    )
    assert blocks(text, "mjml") == [
        ("title", "News"),
        ("preheader", "It left"),
        ("body", "We sent it."),
        ("button", "Track it"),
        ("alt", "a van"),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.md", ("markdown", None)),
        ("a/b.TXT", ("text", None)),
        ("welcome.html.erb", ("html", "erb")),
        ("mail.md.liquid", ("markdown", "liquid")),
        ("mail.text.erb", ("text", "erb")),
        ("mail.blade.php", (None, "blade")),
        ("mail.hbs", (None, "handlebars")),
        ("en.yml.erb", ("yaml", "erb")),
        ("mail.html.haml", ("text", "haml")),
        ("a.eml", ("email", None)),
        ("app_en.arb", ("json", "icu")),
        ("README", (None, None)),
    ],
)
def test_formats_by_name(name, expected):
    assert format_of(name) == expected


def test_a_bare_template_suffix_is_sniffed():
    assert read("<p>Hello {{ name }}</p>", name="a.j2").format == "html"
    assert read("Hello {{ name }}, 3 < 4", name="a.j2").format == "text"
    assert read("Hello {% if a %}b{% endif %}", name="a.tpl").dialect == "jinja"
    assert [
        s.text for s in read("{if $a}<script>b(c)</script>{/if}<label>Your name</label>", name="a.tpl").segments
    ] == ["Your name"]


def test_a_comment_spelled_with_entities_is_not_read():
    assert blocks("<mj-raw>&lt;!--[if !mso]&gt;&lt;!--&gt;</mj-raw><mj-text>It left.</mj-text>", "mjml") == [
        ("body", "It left.")
    ]


def test_every_format_has_a_reader():
    assert set(FORMATS) == set(READERS) == {"text", "markdown", "html", "mjml", "email", "yaml", "json", "po"}
    with pytest.raises(KeyError):
        read("x", name="x", format="wordstar")


def test_a_document_is_one_message():
    document = read("We sent it.", name="a.txt")
    assert [(m.id, m.span.start, m.span.end) for m in document.messages] == [("a.txt", 0, 11)]
