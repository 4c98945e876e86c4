"""Template tags: found in raw text in every dialect, covered, and woven into readable views."""

import time

import pytest

from tonelint.readers.base import read_inner
from tonelint.readers.template import comment_text, mask, scan
from tonelint.types import PieceKind, TagKind


def views(text, *, dialect=None, format="text"):
    inner = read_inner(text, format=format, dialect=dialect)
    return [s.text for s in inner.segments if not s.alternate]


def alternates(text, *, dialect=None, format="text"):
    return [s.text for s in read_inner(text, format=format, dialect=dialect).segments if s.alternate]


def tags(text, dialect=None):
    return [text[t.span.start : t.span.end] for t in scan(text, dialect=dialect)[1]]


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("Hello {{ first_name }}, {% if a %}x{% endif %}", "jinja"),
        ("Hello {{ first_name | default: 'you' }} {% assign a = 1 %}", "liquid"),
        ("Hello {{${first_name}}}", "liquid"),
        ("{{#if a}}x{{/if}} {{{b}}}", "handlebars"),
        ("Hello {{first_name}}", "handlebars"),
        ("Hello <%= @user.name %>", "erb"),
        ("@if($a)\nHello {{ $name }}\n@endif", "blade"),
        ("%%[ SET @a = 1 ]%% Hello %%=v(@a)=%%", "ampscript"),
        ("Hello *|FNAME|*", "mailchimp"),
        ("#if($a)Hello#end $!{lead.name}", "velocity"),
        ("{if $a}Hello{/if} {$name}", "smarty"),
        ("[% IF a %]Hello[% END %]", "tt"),
        ("{{ if .Name }}Hello {{ .Name }}{{ end }}", "go"),
        ("<?php if ($a): ?>Hello <?= $name ?><?php endif; ?>", "php"),
        ("{n, plural, one {# day} other {# days}}", "icu"),
        ("Hello %s, you have %(count)d left", "printf"),
        ("Hello {name}", "brace"),
        ("Hello there.", "none"),
    ],
)
def test_the_dialect_is_found_by_vote(text, dialect):
    assert scan(text)[0] == dialect


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{{ x | default: "there }}" }} b', ['{{ x | default: "there }}" }}']),
        ("{{!-- }} --}} {{ a }}", ["{{!-- }} --}}", "{{ a }}"]),
        ("{{ a's }} and b's {{ c }}", ["{{ a's }}", "{{ c }}"]),
        ("{{ open and {{ shut }}", ["{{ shut }}"]),
        ("{{ never closed", []),
        ("{% if a\n   and b %}x{% endif %}", ["{% if a\n   and b %}", "{% endif %}"]),
        ("{% comment %}{{ x }}{% endcomment %}y", ["{% comment %}{{ x }}{% endcomment %}"]),
        ("{% raw %}{{ x }}{% endraw %}{{ y }}", ["{% raw %}", "{% endraw %}", "{{ y }}"]),
        ("{{${a}}} {{custom.${zip code}}}", ["{{${a}}}", "{{custom.${zip code}}}"]),
        ("%%[ if @a > 1 then ]%%x%%[ endif ]%%", ["%%[ if @a > 1 then ]%%", "%%[ endif ]%%"]),
        ("*|IF:A|*x*|ELSE:|*y*|END:IF|*", ["*|IF:A|*", "*|ELSE:|*", "*|END:IF|*"]),
        ("<%# note %><%= a %>", ["<%# note %>", "<%= a %>"]),
        ("%{a} %(b)s {c} ${d} <<E f>>", ["%{a}", "%(b)s", "{c}", "${d}", "<<E f>>"]),
        ("Save 20% today, 5 < 6 {and so on}, a {b c}.", []),
    ],
)
def test_tags_are_found_whole(text, expected):
    assert tags(text) == expected


@pytest.mark.parametrize(
    ("text", "dialect", "expected"),
    [
        (
            "{* note *}{if $a}x{else}y{/if}{$b|escape:'html'} {c d}",
            "smarty",
            ["{* note *}", "{if $a}", "{else}", "{/if}", "{$b|escape:'html'}"],
        ),
        ("@if(f(1, (2))) x @else y @endif a@if.example", "blade", ["@if(f(1, (2)))", "@else", "@endif"]),
        ("#set($a = 1)#if($a)$b.c#{else}x#end #9", "velocity", ["#set($a = 1)", "#if($a)", "$b.c", "#{else}", "#end"]),
        ("Pay %1$s by %@, 20% off", "printf", ["%1$s", "%@"]),
        ("Dear :first_name, at 10:30 :smile:", "laravel", [":first_name"]),
    ],
)
def test_forms_of_one_dialect_only(text, dialect, expected):
    assert tags(text, dialect) == expected
    assert len(tags(text, "none")) < len(expected)


def test_the_mask_is_as_long_and_covers_every_tag():
    text = "a {{ b\n }} c {# d #} e"
    found = scan(text)[1]
    masked = mask(text, found)
    assert len(masked) == len(text)
    for tag in found:
        assert len(set(masked[tag.span.start : tag.span.end])) == 1
    assert [t.kind for t in found] == [TagKind.OUTPUT, TagKind.COMMENT]


def test_filler_in_the_source_is_no_tag():
    assert views("\ue000 we write {{ x }} here \ue001.") == ["\ue000 we write it here \ue001."]


@pytest.mark.parametrize(
    ("tag", "view"),
    [
        ("{{ customer.first_name }}", "Sam"),
        ("{{ name | default: 'friend' }}", "friend"),
        ('{{ name|default("friend") }}', "friend"),
        ("{{lead.First Name:default=friend}}", "friend"),
        ("<%= name || 'friend' %>", "friend"),
        ("{{ order.number }}", "12345"),
        ("{{ delivery_date }}", "Monday"),
        ("{{ total_price }}", "$20"),
        ("{{ reset_url }}", "https://example.com"),
        ("{{ company_name }}", "Acme"),
        ("{{ item_count }}", "3"),
        ("{{ _('We moved it, %(name)s.') }}", "We moved it, Sam."),
        ("<%= link_to 'Track the parcel', tracking_path %>", "Track the parcel"),
        ("{{ 'mail.greeting' | trans }}", "it"),
        ("{{ whatever }}", "it"),
    ],
)
def test_stand_ins(tag, view):
    assert views(f"So: {tag} then") == [f"So: {view} then"]


def test_a_greeting_makes_a_person_of_any_value():
    assert views("Dear {{ x }},") == ["Dear Sam,"]


def test_logic_and_comments_leave_nothing():
    assert views("Your {# c #}parcel{% set a = 1 %} left.") == ["Your parcel left."]


def test_branches_that_hold_whole_sentences_are_segments_of_their_own():
    text = "Hello. {% if a %}We sent it.{% elif b %}We hold it.{% else %}We lost it.{% endif %} Reply here."
    assert views(text) == ["Hello.", "We sent it.", "We hold it.", "We lost it.", "Reply here."]
    assert alternates(text) == []


def test_branches_inside_a_sentence_are_read_one_by_one():
    text = "It is fine. Your parcel {% if a %}left{% elsif b %}waits{% else %}is late{% endif %} today. Reply here."
    assert views(text) == ["It is fine. Your parcel left today. Reply here."]
    assert alternates(text) == ["Your parcel waits today.", "Your parcel is late today."]


def test_a_condition_without_else_is_also_read_without_it():
    assert alternates("Your parcel{% if a %} with its gift{% endif %} left.") == ["Your parcel left."]


def test_never_the_cross_product_and_never_more_than_eight():
    one = "{% if a %}b{% else %}c{% endif %} "
    assert len(alternates(f"We {one * 3}go.")) == 3
    assert len(alternates(f"We {one * 20}go.")) == 8


@pytest.mark.parametrize(
    ("text", "dialect", "expected"),
    [
        ("We {{#if a}}sent{{else}}hold{{/if}} it.", None, "We hold it."),
        ("We {{#a}}sent{{/a}}{{^a}}hold{{/a}} it.", None, "We hold it."),
        ("We <% if a %>sent<% else %>hold<% end %> it.", None, "We hold it."),
        ("We <% if (a) { %>sent<% } else { %>hold<% } %> it.", None, "We hold it."),
        ("We @if($a) sent @else hold @endif it.", "blade", "We  hold  it."),
        ("We %%[if @a then]%%sent%%[else]%%hold%%[endif]%% it.", None, "We hold it."),
        ("We *|IF:A|*sent*|ELSE:|*hold*|END:IF|* it.", None, "We hold it."),
        ("We #if($a)sent#{else}hold#end it.", None, "We hold it."),
        ("We {if $a}sent{else}hold{/if} it.", "smarty", "We hold it."),
        ("We [% IF a %]sent[% ELSE %]hold[% END %] it.", None, "We hold it."),
        ("We {{ if .A }}sent{{ else }}hold{{ end }} it.", None, "We hold it."),
        ("We {% case a %}{% when 1 %}sent{% else %}hold{% endcase %} it.", None, "We hold it."),
        ("We sent {n, plural, one {# box} other {# boxes}}.", None, "We sent 3 boxes."),
        (
            "We sent {% blocktrans count n=n %}a box{% plural %}boxes{% endblocktrans %} today.",
            None,
            "We sent boxes today.",
        ),
        ("We <?php if ($a): ?>sent<?php else: ?>hold<?php endif; ?> it.", None, "We hold it."),
    ],
)
def test_branches_in_every_dialect(text, dialect, expected):
    assert alternates(text, dialect=dialect) == [expected]


def test_branches_over_several_lines_and_blocks():
    text = "Hi Sam,\n\n{% if a %}\nWe sent it.\n\nIt left today.\n{% else %}\nWe hold it.\n{% endif %}\n\nBye"
    assert views(text) == ["Hi Sam,", "We sent it.", "It left today.", "We hold it.", "Bye"]
    html = "{% if a %}<p>We sent it.</p>{% else %}<p>We hold it.</p>{% endif %}"
    assert views(html, format="html") == ["We sent it.", "We hold it."]


def test_tags_cross_the_borders_of_html():
    text = '<a {% if a %}href="{{ url }}"{% endif %}>Track {{ order_id }}</a> <{{ tag }}>now</{{ tag }}>'
    assert views(text, format="html")[0].startswith("Track 12345")


def test_placeholders_map_to_their_tags():
    text = "Hello {{ first_name }}, welcome"
    segment = read_inner(text).segments[0]
    piece = next(p for p in segment.pieces if p.kind is PieceKind.PLACEHOLDER)
    assert text[piece.span.start : piece.span.end] == "{{ first_name }}"


@pytest.mark.parametrize(
    "source",
    [
        "{# tonelint: disable=X #}",
        "{% comment %} tonelint: disable=X {% endcomment %}",
        "{% # tonelint: disable=X %}",
        "{{! tonelint: disable=X }}",
        "{{!-- tonelint: disable=X --}}",
        "{{-- tonelint: disable=X --}}",
        "<%# tonelint: disable=X %>",
        "[%# tonelint: disable=X %]",
        "{{/* tonelint: disable=X */}}",
        "{* tonelint: disable=X *}",
    ],
)
def test_comments_are_read_without_their_marks(source):
    assert comment_text(source, "") == "tonelint: disable=X"
    dialect = "smarty" if source.startswith("{*") else None
    inner = read_inner(f"a {source} b", dialect=dialect)
    assert [c.text for c in inner.comments] == ["tonelint: disable=X"]
    assert inner.segments[0].text == "a  b"


def test_haml_reads_the_prose():
    text = "%h1 Hello #{@name},\n%p\n  Your parcel left.\n-# note\n%p= link_to 'Track the parcel', url\n:css\n  p { a: b }\nBye"
    assert views(text, dialect="haml") == ["Hello Sam,", "Your parcel left.", "Track the parcel", "Bye"]


def test_an_unknown_dialect_is_refused():
    with pytest.raises(KeyError):
        scan("x", dialect="cobol")


@pytest.mark.parametrize(
    "text",
    [
        "{{ '" * 40_000,
        "{{" * 80_000,
        "{% if a %}" * 15_000,
        "%%[" * 50_000,
        "{n, plural, one {" * 10_000,
        "![]((" * 30_000,
        "<!--" * 40_000,
    ],
)
def test_hostile_text_takes_linear_time(text):
    def took(part):
        start = time.perf_counter()
        for format in ("text", "html", "markdown"):
            read_inner(part, format=format)
        return time.perf_counter() - start

    took(text[:100])
    assert took(text) < 30 * max(took(text[: len(text) // 8]), 0.02)
