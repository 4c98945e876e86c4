"""Suppressions: what each directive reaches, in which format, and that many of them cost little."""

from __future__ import annotations

import time

import pytest

from tonelint.config import Config
from tonelint.linter import lint
from tonelint.readers import read
from tonelint.rules import all_rules
from tonelint.tagging import NoOpinion

BAD = "Dear valued customer, write to me."


def codes(text: str, name: str, **settings) -> list[str]:
    return [f.code for f in lint(read(text, name=name), Config(**settings), NoOpinion()).findings]


@pytest.mark.parametrize(
    ("name", "comment"),
    [
        ("a.md", "<!-- {} -->"),
        ("a.html", "<!-- {} -->"),
        ("a.mjml", "<!-- {} -->"),
        ("a.html.j2", "{{# {} #}}"),
        ("a.liquid", "{{% comment %}}{}{{% endcomment %}}"),
        ("a.hbs", "{{{{!-- {} --}}}}"),
        ("a.html.erb", "<%# {} %>"),
        ("a.blade.php", "{{{{-- {} --}}}}"),
    ],
)
def test_every_comment_syntax_reaches_the_next_line_and_no_further(name: str, comment: str) -> None:
    text = comment.format("tonelint: disable-next-line=EMP003") + f"\n<p>{BAD}</p>\n\n<p>{BAD}</p>\n"
    assert codes(text, name, select=("EMP003", "TLN001")) == ["EMP003"]


def test_stacked_comments_all_reach_the_line_below_them() -> None:
    comments = "".join(f"<!-- tonelint: disable-next-line={code} -->\n\n" for code in ("SLF001", "EMP003"))
    assert (
        codes(comments + f"{BAD} We are the leading provider of boots.", "a.md", select=("EMP003", "SLF001", "TLN001"))
        == []
    )


@pytest.mark.parametrize("field", ['msgid "hero"\nmsgstr "', 'msgctxt "x"\nmsgid "hero"\nmsgstr ""\n"'])
def test_in_gettext_the_next_line_is_the_next_message(field: str) -> None:
    text = f'# tonelint: disable-next-line=EMP003\n#: app.py:3\n{field}{BAD}"\n\nmsgid "b"\nmsgstr "{BAD}"\n'
    found = lint(read(text, name="a.po"), Config(select=("EMP003", "TLN001")), NoOpinion()).findings
    assert [f.code for f in found] == ["EMP003"]
    assert found[0].span is not None
    assert found[0].span.start > text.index('msgid "b"')


def test_in_yaml_the_next_line_is_the_next_entry_with_all_its_lines() -> None:
    text = f"en:\n  # tonelint: disable-next-line=EMP003\n  a: |\n    One line.\n    {BAD}\n  b: {BAD}\n"
    assert codes(text, "locales/en.yml", select=("EMP003", "TLN001")) == ["EMP003"]


def test_disable_ends_where_it_is_enabled() -> None:
    text = f"{BAD}\n\n<!-- tonelint: disable=EMP003 -->\n{BAD}\n\n<!-- tonelint: enable -->\n{BAD}\n"
    found = lint(read(text, name="a.md"), Config(select=("EMP003", "TLN001")), NoOpinion()).findings
    assert [text.count("\n", 0, f.span.start) for f in found if f.span] == [0, 6]


@pytest.mark.parametrize("action", ["disable", "disable-file"])
def test_a_whole_message_is_suppressed_from_anywhere_in_it(action: str) -> None:
    text = "The shop is closed on Monday. We moved the desk. The door is blue. It is a door.\n"
    assert "TLK101" in codes(text, "a.md", select=("TLK101",), channel="support")
    told = f"{text}\n<!-- tonelint: {action}=TLK101 -->\n"
    assert codes(told, "a.md", select=("TLK101", "TLN001"), channel="support") == []


def test_idle_and_unknown_ones_are_told_and_those_of_rules_that_did_not_run_are_not() -> None:
    text = "<!-- tonelint: disable-file=EMP003 -->\n<!-- tonelint: disable-file=NOPE1 -->\n<!-- tonelint: disable-file=SLF001 -->\nWrite to me."
    found = lint(read(text, name="a.md"), Config(select=("EMP003", "TLN001")), NoOpinion()).findings
    assert [(f.code, f.text, f.message.split(",")[0]) for f in found] == [
        ("TLN001", "<!-- tonelint: disable-file=EMP003 -->", "Nothing here needs `EMP003` to be suppressed any more."),
        ("TLN001", "<!-- tonelint: disable-file=NOPE1 -->", "This suppression names an unknown code"),
    ]


def test_a_text_that_is_not_judged_has_no_idle_ones() -> None:
    text = "<!-- tonelint: disable-file=EMP003 -->\nSehr geehrte Kundin, wir freuen uns, Ihnen heute unser neues Geschäft vorstellen zu dürfen."
    assert codes(text, "a.md") == []


def test_many_directives_take_time_in_line_with_their_number() -> None:
    chosen = tuple(r for r in all_rules() if r.code in ("EMP003", "TLN001"))

    def seconds(number: int) -> float:
        part = f"<!-- tonelint: disable=EMP003 -->\n{BAD}\n\n<!-- tonelint: disable-next-line=SLF001 -->\n"
        document = read(part * number, name="a.md")
        start = time.process_time()
        lint(document, Config(select=("EMP003", "TLN001")), NoOpinion(), rules=chosen)
        return time.process_time() - start

    seconds(50)
    assert seconds(1600) < 12 * max(seconds(200), 0.02)
