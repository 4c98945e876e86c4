"""The laws that every reader keeps on any text, and proof that the checks would notice a breach."""

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tonelint.readers import read
from tonelint.readers.base import lift, read_inner
from tonelint.readers.dialects import DIALECTS
from tonelint.sentences import split
from tonelint.types import Piece, PieceKind, Role, Segment, Span

_SPEC = importlib.util.spec_from_file_location(
    "reader_laws", Path(__file__).parent.parent / "benchmarks" / "reader_laws.py"
)
laws = importlib.util.module_from_spec(_SPEC)
import sys  # noqa: E402

sys.modules["reader_laws"] = laws
_SPEC.loader.exec_module(laws)

FRAGMENTS = (
    (
        "We sent it. |Hello |Sam|\n|\n\n|\r\n|\r|\t|  |    |. |! |? |, |: |; |… |{{ a }}|{{ b | default: 'c' }}|{{|}}|{{{d}}}|{% if a %}|{% else %}|"
        "{% elsif b %}|{% endif %}|{% for a in b %}|{% endfor %}|{% comment %}|{% endcomment %}|{% raw %}|{% endraw %}|{#|#}|{{#a}}|{{/a}}|{{^a}}|"
        "{{else}}|{{!-- e --}}|<%= f %>|<% if g %>|<% else %>|<% end %>|<%|%>|[% h %]|[% IF i %]|[% END %]|*#FNAME#*|%%[ if @j then ]%%|%%[ endif ]%%|"
        "%%=v(@k)=%%|${l}|#if($m)|#end|#{else}|@if(n)|@endif|{!! o !!}|{if $p}|{/if}|{$q}|{n, plural, one {# r} other {# s}}|{n, plural,|{t}|%{u}|%(v)s|%s|"
        ":name|<p>|</p>|<b>|</b>|<br>|<br/>|<div style='display:none'>|</div>|<a href='{{ w }}'>|</a>|<td>|</td>|<tr>|<table>|</table>|<li>|<h1>|</h1>|"
        "<title>|</title>|<head>|<body>|<script>|</script>|<style>|</style>|<!--|-->|<!--[if mso]>|<![endif]-->|<img alt='x &amp; y'>|<img alt={{ z }}>|<|>|&amp;|"
        "&rsquo;|&nbsp;|&zwnj;|&#10;|&#x41;|&unknown;|&|\"|'|`|```|~~~|*|**|_|__|~~|# |## |- |1. |> |>> |- [ ] |[|](u)|](|)|![|]|[r]: u|[^1]|[^1]: || a | b ||---|---|"
        "\\|\\*|---|===|---\nsubject: s\n---\n|Subject: |Order: |\x00|\ufeff|\u200b|\u2028|\x0c|\ue000|\ue001|🙂|é|e\u0301|\ud800|p.m. |Dr. |No. 12|3.5|https://a.example/?b=c"
    )
    .replace("#FNAME#", "\x01FNAME\x01")
    .split("|")
)
FRAGMENTS = [part.replace("\x01", "|") for part in FRAGMENTS if part]

texts = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=4)), max_size=12).map("".join),
    st.text(max_size=60),
)
formats = st.sampled_from(("text", "markdown", "html", "mjml"))
dialects = st.one_of(st.none(), st.sampled_from(sorted(DIALECTS)))
SETTINGS = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SETTINGS
@given(texts, formats, dialects)
def test_the_laws_hold_on_any_text(text, format, dialect):
    document = read(text, name="x", format=format, dialect=dialect)
    assert laws.violations(document, split(document)) == []
    assert document == read(text, name="x", format=format, dialect=dialect)


@pytest.mark.parametrize("format", laws.FORMATS)
def test_no_prose_is_lost_and_no_code_is_read(format):
    for seed in range(150):
        broken, document = laws.check(seed, format)
        assert broken == [], f"seed {seed}:\n{document.text}"


@SETTINGS
@given(texts, formats, st.data())
def test_every_view_run_maps_to_the_source_that_spells_it(text, format, data):
    for segment in read(text, name="x", format=format).segments:
        start = data.draw(st.integers(0, len(segment.text) - 1))
        end = data.draw(st.integers(start + 1, len(segment.text)))
        span = segment.to_source(Span(start, end))
        assert segment.span.contains(span)
        if segment.editable(Span(start, end)):
            assert text[span.start : span.end] == segment.text[start:end]


def spelled(text):
    """A text as JSON spells it, between quotes, with the pieces that map it."""
    source, pieces = '"', []
    for char in text:
        spelling = json.dumps(char)[1:-1]
        kind = PieceKind.LITERAL if spelling == char else PieceKind.ENTITY
        pieces.append(Piece(Span(len(source), len(source) + len(spelling)), char, kind))
        source += spelling
    return source + '"', pieces


@SETTINGS
@given(texts, formats)
def test_lifted_readings_keep_the_laws(text, format):
    source, pieces = spelled(text)
    inner = read_inner(text, format=format)
    lifted = lift(inner, pieces)
    assert [s.text for s in lifted.segments] == [s.text for s in inner.segments]
    for segment in lifted.segments:
        for piece in segment.pieces:
            if piece.kind is PieceKind.LITERAL:
                assert source[piece.span.start : piece.span.end] == piece.text
    assert [source[t.span.start : t.span.end] for t in lifted.tags] == [
        json.dumps(text[t.span.start : t.span.end])[1:-1] for t in inner.tags
    ]


def test_lifting_whole_pieces_merges_what_shares_one():
    text = "We sent <b>it</b> today."
    inner = read_inner(text, format="html")
    coarse = [Piece(Span(0, 16), text[:12], PieceKind.ENTITY), Piece(Span(16, 32), text[12:], PieceKind.ENTITY)]
    lifted = lift(inner, coarse, fixable=False)
    assert [s.text for s in lifted.segments] == ["We sent it today."]
    assert [(p.span, p.kind) for p in lifted.segments[0].pieces] == [
        (Span(0, 16), PieceKind.ENTITY),
        (Span(16, 32), PieceKind.ENTITY),
    ]
    assert not lifted.segments[0].fixable


GOOD = '<p>Hello {{ first_name }}, we&rsquo;ve <b>sent</b> it.</p><p class="a">It left today.</p>'


def broken_segment(document, i, change):
    segments = list(document.segments)
    segments[i] = replace(segments[i], pieces=tuple(change(list(segments[i].pieces))))
    return replace(document, segments=tuple(segments))


def with_piece(k, **changes):
    def change(pieces):
        pieces[k] = replace(pieces[k], **changes)
        return pieces

    return change


BREACHES = {
    "a literal is one off": lambda d: broken_segment(d, 1, with_piece(0, span=d.segments[1].pieces[0].span.shift(1))),
    "a literal says something else": lambda d: broken_segment(d, 1, with_piece(0, text="It left tonigh")),
    "a placeholder is elsewhere": lambda d: broken_segment(d, 0, with_piece(1, span=Span(10, 12))),
    "a placeholder has no tag": lambda d: replace(d, tags=()),
    "a literal inside a tag": lambda d: broken_segment(
        d,
        0,
        with_piece(
            1,
            kind=PieceKind.LITERAL,
            text=d.text[d.segments[0].pieces[1].span.start : d.segments[0].pieces[1].span.end],
        ),
    ),
    "a literal inside markup": lambda d: replace(
        d, segments=(*d.segments, Segment(Role.BODY, (Piece(Span(0, 3), "<p>", PieceKind.LITERAL),)))
    ),
    "an entity inside a tag": lambda d: broken_segment(d, 0, with_piece(1, kind=PieceKind.ENTITY)),
    "a piece out of bounds": lambda d: broken_segment(d, 1, with_piece(0, span=Span(500, 514))),
    "a piece that reads as nothing": lambda d: broken_segment(d, 0, with_piece(3, text="")),
    "white space around a segment": lambda d: replace(
        d, segments=(*d.segments, Segment(Role.BODY, (Piece(Span(8, 9), " ", PieceKind.LITERAL),)))
    ),
    "tags overlap": lambda d: replace(d, tags=(*d.tags, d.tags[0])),
    "markup out of bounds": lambda d: replace(d, markup=(*d.markup, Span(80, 900))),
    "a comment out of bounds": lambda d: replace(d, comments=(laws_comment(),)),
}


def laws_comment():
    from tonelint.types import Comment

    return Comment(Span(80, 900), "x")


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_noticed(breach):
    good = read(GOOD, name="x.html")
    assert laws.violations(good, split(good)) == []
    assert laws.violations(BREACHES[breach](good), ()) != []


def test_a_breach_of_a_sentence_is_noticed():
    document = read(GOOD, name="x.html")
    first = split(document)[0]
    for wrong in (
        replace(first, span=first.span.shift(1)),
        replace(first, text="Hello"),
        replace(first, view=Span(0, 3)),
    ):
        assert laws.violations(document, (wrong,)) != []
    assert laws.violations(document, (replace(first, view=Span(5, 6), span=Span(8, 9), text=" "),)) != []


def test_overlapping_pieces_cannot_be_made():
    with pytest.raises(ValueError, match="out of order"):
        Segment(Role.BODY, (Piece(Span(0, 4), "Some", PieceKind.LITERAL), Piece(Span(2, 6), "me w", PieceKind.LITERAL)))


def test_lost_prose_and_read_code_are_noticed():
    document = read("We sent order1. zq2q", name="x.txt")
    assert laws.unread(document, ["order1"], []) == []
    assert laws.unread(document, ["order9"], ["zq2q"]) == ["prose lost: order9", "code read: zq2q"]


@pytest.mark.parametrize(
    ("room", "name", "wrong"),
    [
        ("template", "mask", lambda text, tags: text),
        ("template", "scan", lambda text, *, dialect=None: ("none", ())),
        ("weaving", "stand_in", lambda tag, before="": tag.name),
        ("weaving", "_alternates", lambda run: iter(())),
        ("html", "_SKIPPED", frozenset()),
        ("html", "entity", lambda start, end, spelled: None),
        ("text", "_QUOTE", __import__("re").compile("(?!)")),
        ("inline", "_CODE", None),
    ],
)
def test_a_broken_reader_is_noticed(monkeypatch, room, name, wrong):
    """Each of these breaks a reader on purpose; the generated documents must show it."""
    module = importlib.import_module(f"tonelint.readers.{room}")
    if name == "_CODE":
        monkeypatch.setattr(module.Inline, "gap", lambda self, start, end: None)
    else:
        monkeypatch.setattr(module, name, wrong)
    if (room, name) == ("text", "_QUOTE"):
        assert read("> They wrote", name="x.txt").segments[0].text != "They wrote"
        return

    def noticed(seed, format):
        broken, _ = laws.check(seed, format)
        return bool(broken)

    assert any(noticed(seed, format) for format in laws.FORMATS for seed in range(60))
