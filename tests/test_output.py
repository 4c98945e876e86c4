"""Reporters: what each says of the same run, in its own format's rules."""

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonelint.config import Config
from tonelint.errors import UsageError
from tonelint.linter import MESSAGE_LABELS, Balance, lint
from tonelint.output import FOR_PEOPLE, REPORTERS, reporter
from tonelint.output.full import bar, full
from tonelint.output.results import FileReport, MessageReport, Run, Style, file_report
from tonelint.output.shapes import file_from_shape, file_shape
from tonelint.output.terminal import excerpt, visible, width, wrap
from tonelint.positions import LineIndex
from tonelint.readers import read
from tonelint.rules import all_rules
from tonelint.tagging import NoOpinion
from tonelint.types import Edit, Finding, Safety, Severity, Span, Suggestion

SCHEMA = json.loads(files("tonelint.output").joinpath("schema.json").read_text(encoding="utf-8"))
SARIF = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
HOSTILE = 'Hi <b>&"there"</b>,\x1b[31m red \x07 ]]> \u202e%0A::error::x\u2028\n\n日本語 our award-winning 👩‍👩‍👧 team\t100%!!!\nBye'


def message(text, **more):
    values = {
        "id": "m1",
        "span": Span(0, len(text)),
        "language": "en",
        "channel": "marketing",
        "moment": "launch",
        "balance": Balance(1, 2, 1),
        "opens": "broadcast",
        "closes": None,
        "labels": dict.fromkeys(MESSAGE_LABELS),
        "keepers": (),
    }
    return MessageReport(**values | more)


def finding(text, words, **more):
    start = text.index(words) if words is not None else 0
    values = {
        "code": "SLF001",
        "name": "self-praise",
        "category": "self-praise",
        "principle": 1,
        "severity": Severity.WARNING,
        "message": "Praise, 100% of it: theirs.\nNot the reader's.",
        "confidence": 0.8125,
        "message_id": "m1",
        "path": "a/b, c.md",
        "span": Span(start, start + len(words)) if words is not None else None,
        "text": words,
        "suggestions": (),
        "url": "docs/rules.md#slf001",
    }
    return Finding(**values | more)


def report(text=HOSTILE, words="award-winning", **more):
    suggestion = ()
    if words is not None:
        start = text.index(words)
        suggestion = (
            Suggestion(Safety.UNSAFE, "our team", (Edit(Span(start, start + len(words) + 1), ""),)),
            Suggestion(Safety.DISPLAY, "[the award] <i>"),
        )
    findings = (
        finding(text, None, code="BAL101", name="unbalanced", category=None, severity=Severity.INFO),
        finding(text, words, suggestions=suggestion),
    )
    return FileReport("a/b, c.md", text, (message(text),), findings, **more)


def run(*reports, **more):
    return Run(reports or (report(),), "1.2.3", all_rules(), **more)


def say(name, results=None, **style):
    return reporter(name)(results or run(), Style(**style))


@pytest.mark.parametrize("name", [name for name, _ in REPORTERS])
def test_every_reporter_takes_anything(name):
    unreadable = FileReport("gone\x1b.md", errors=("there is no such file",))
    for results in (Run(()), run(), run(unreadable), run(report("x", "x")), run(FileReport("empty.md"))):
        text = say(name, results)
        assert text == "" or text.endswith("\n")
        text.encode("utf-8")


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_nothing_in_copy_reaches_a_terminal_as_a_command(name):
    for style in (Style(width=40), Style(width=200, verbose=True), Style(quiet=True), Style(statistics=True)):
        text = reporter(name)(
            run(report(notes=("bad \x1b]0;title\x07",)), FileReport("a\x9bb\nc", errors=("e",))), style
        )
        assert not set(re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028]", text))


def test_colours_only_when_asked():
    assert "\x1b[" in say("full", colour=True)
    bare = re.sub(r"\x1b\[[\d;]*m", "", say("full", colour=True))
    assert "\x1b" not in bare
    assert bare == say("full")


def test_an_unknown_reporter_is_named_with_the_known_ones():
    with pytest.raises(UsageError, match="no output format 'xml'; there are full, concise"):
        reporter("xml")
    assert reporter("mine", extra=(("mine", lambda run, style: "x"),))(run(), Style()) == "x"


# ---------------------------------------------------------------------------------------------------------- for people


def test_full_shows_words_reason_and_suggestions():
    text = "Dear all,\n\nOur award-winning team is here.\n\nBye"
    lines = say("full", run(report(text, words="award-winning", notes=("odd",))), width=100).splitlines()
    assert lines[0] == "a/b, c.md"
    assert lines[1] == "  marketing · launch · en"
    assert lines[2].startswith("  █████▒▒▒▒▒▒▒▒▒▒·····  1 interested, 2 broadcast, 1 neutral (33% interested)")
    assert lines[3] == "  opens broadcast, closes neutral"
    at = lines.index("warning SLF001 self-praise  a/b, c.md:3:5")
    assert lines[at + 1 : at + 6] == [
        "    3 │ Our award-winning team is here.",
        "      │     ─────────────",
        "  Praise, 100% of it: theirs. Not the reader's.",
        "  rewrite: our team",
        "  idea: [the award] <i>",
    ]
    assert "info BAL101 unbalanced  whole message" in lines
    assert lines[-1] == "Found 1 warning and 1 info in 1 of 1 file. 1 fixable with `--fix --unsafe-fixes`."


def test_full_shows_what_is_good():
    text = "Is Friday good?\nBye."
    good = FileReport("a.md", text, (message(text, keepers=(Span(0, 15),)),))
    assert "    1 ✓ Is Friday good?" in say("full", run(good)).splitlines()
    assert "\x1b[32m✓ Is Friday good?\x1b[0m" in say("full", run(good), colour=True)
    assert "Is Friday" not in say("full", run(good), quiet=True)
    assert "+ Is Friday" in say("full", run(good), unicode=False)


@pytest.mark.parametrize("columns", [40, 57, 80])
def test_no_line_is_wider_than_the_terminal(columns):
    long = "word " * 300 + "our award-winning team " + "日本" * 200
    other = FileReport("x" * 90 + ".md", long, (message(long),), report(long).findings, notes=("note " * 40,))
    for line in say("full", run(report(), other), width=columns).splitlines():
        assert width(line) <= columns, line


def test_without_unicode_everything_is_ascii():
    for name in FOR_PEOPLE:
        assert all(
            ord(c) < 128 for c in say(name, run(report("日本 award-winning é 👍", "award-winning")), unicode=False)
        )


def test_quiet_verbose_and_statistics():
    clean = FileReport("clean.md", "x", (message("x"),))
    both = run(report(), clean)
    assert "clean.md" not in say("full", both)
    assert "clean.md" in say("full", both, verbose=True)
    assert "81% sure" in say("full", both, verbose=True)
    assert "Found" not in say("full", both, quiet=True)
    assert say("concise", both, statistics=True, quiet=True) == "1  BAL101  unbalanced\n1  SLF001  self-praise\n"


def test_concise_and_grouped():
    lines = say("concise").splitlines()
    assert lines[0] == "a/b, c.md: BAL101 info: Whole message: Praise, 100% of it: theirs. Not the reader's."
    assert lines[1] == "a/b, c.md:3:9: SLF001 [~] warning: Praise, 100% of it: theirs. Not the reader's."
    grouped = say("grouped").splitlines()
    assert grouped[0] == "a/b, c.md"
    assert grouped[2].startswith("  3:9  SLF001  Praise")


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_the_bar_is_full_and_nobody_is_left_out(a, b, c):
    cells = bar(Balance(a, b, c))
    assert sum(cells) == 20
    assert all(size > 0 for size, n in zip(cells, (a, b, c), strict=True) if n)


def test_a_mark_that_joins_what_stands_before_it_takes_no_column_too_many():
    text = "0000000000000\U0001d16d"
    assert [width(row.text) for row in excerpt(LineIndex(text), Span(13, 13), 12)] == [12]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.data(), st.integers(12, 90))
def test_an_underline_lies_under_its_words_and_in_the_terminal(text, data, columns):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for row in excerpt(LineIndex(text), Span(start, end), columns):
        assert width(row.text) <= columns
        assert row.start + row.length <= columns + 1
        assert "\n" not in row.text
        assert "\x1b" not in row.text


@pytest.mark.parametrize(
    ("text", "words", "shown", "start", "length"),
    [
        ("abc def", "def", "abc def", 4, 3),
        ("日本語 def", "def", "日本語 def", 7, 3),
        ("a 日本 b", "日本", "a 日本 b", 2, 4),
        ("👩‍👩‍👧 def", "def", "👩‍👩‍👧 def", 3, 3),
        ("cafe\u0301 def", "def", "cafe\u0301 def", 5, 3),
        ("\tdef", "def", "    def", 4, 3),
        ("ab\tdef", "def", "ab  def", 4, 3),
        ("\x1b[1mdef", "def", "␛[1mdef", 4, 3),
        ("🇳🇱🇧🇪 def", "def", "🇳🇱🇧🇪 def", 5, 3),
    ],
)
def test_columns_are_those_of_the_terminal(text, words, shown, start, length):
    at = text.index(words)
    (row,) = excerpt(LineIndex(text), Span(at, at + len(words)), 60)
    assert (row.text, row.start, row.length) == (shown, start, length)


def test_long_lines_are_cut_around_the_words():
    text = "a" * 100_000 + " here " + "b" * 100_000
    (row,) = excerpt(LineIndex(text), Span(100_001, 100_005), 50)
    assert row.text.startswith("…")
    assert row.text.endswith("…")
    assert row.text[row.start : row.start + row.length] == "here"
    (row,) = excerpt(LineIndex(text), Span(5, 100_000), 50)
    assert width(row.text) <= 50
    assert row.start == 5


def test_several_lines_are_shown_and_many_are_left_out():
    text = "one two\n  three four\nfive\nsix\nseven eight\n"
    rows = excerpt(LineIndex(text), Span(4, 15), 60)
    assert [(r.line, r.start, r.length) for r in rows] == [(1, 4, 3), (2, 2, 5)]
    rows = excerpt(LineIndex(text), Span(4, text.index(" eight")), 60)
    assert [r.line for r in rows] == [1, 2, 0, 5]


@given(st.text(max_size=200), st.integers(8, 60))
def test_wrapping_keeps_the_words(text, columns):
    lines = wrap(text, columns)
    assert "".join("".join(lines).split()) == "".join(visible(" ".join(text.split())).split())
    assert all(width(line) <= columns for line in lines)


# -------------------------------------------------------------------------------------------------------- for programs


def test_json_is_what_the_schema_says():
    data = json.loads(say("json", run(report(), FileReport("gone.md", errors=("no such file",)))))
    validator = jsonschema.Draft202012Validator({**SCHEMA["$defs"]["check"], "$defs": SCHEMA["$defs"]})
    validator.validate(data)
    first, second = data["files"][0]["findings"]
    assert [first[k] for k in ("line", "column", "end_line", "end_column", "start", "end", "text")] == [None] * 7
    assert HOSTILE[second["start"] : second["end"]] == second["text"] == "award-winning"
    assert (second["line"], second["column"], second["end_line"], second["end_column"]) == (3, 9, 3, 22)
    assert data["files"][1] == {"path": "gone.md", "messages": [], "findings": [], "errors": ["no such file"]}
    assert data["summary"]["by_code"] == {"BAL101": 1, "SLF001": 1}


def test_jsonl_is_a_finding_a_line():
    lines = say("jsonl").splitlines()
    validator = jsonschema.Draft202012Validator({**SCHEMA["$defs"]["finding"], "$defs": SCHEMA["$defs"]})
    assert [json.loads(line)["code"] for line in lines] == ["BAL101", "SLF001"]
    for line in lines:
        validator.validate(json.loads(line))


def test_half_a_surrogate_pair_does_no_harm():
    odd = report("a \ud800 award-winning", "award-winning")
    for name, _ in REPORTERS:
        say(name, run(odd)).encode("utf-8")


def test_a_report_survives_the_way_through_json():
    original = report()
    shape = json.loads(json.dumps(file_shape(original)))
    again = file_from_shape(shape, text=original.text, notes=original.notes, sentences=[()])
    assert again == original


def test_sarif_is_valid_and_complete():
    log = json.loads(say("sarif", run(report(), FileReport("b c/ü.md", errors=("unreadable",)))))
    jsonschema.Draft4Validator(SARIF).validate(log)
    (only,) = log["runs"]
    assert only["columnKind"] == "unicodeCodePoints"
    whole, placed = only["results"]
    assert whole["message"]["text"].startswith("Whole message: ")
    assert whole["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    assert placed["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a/b%2C%20c.md"
    assert placed["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 22,
    }  # fmt: skip
    assert placed["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": ""}
    assert len({r["partialFingerprints"]["tonelint/v1"] for r in only["results"]}) == 2
    rules = only["tool"]["driver"]["rules"]
    assert rules[placed["ruleIndex"]]["id"] == "SLF001"
    assert all(len(r["shortDescription"]["text"]) <= 1024 and r["help"]["text"] for r in rules)
    assert not only["invocations"][0]["executionSuccessful"]


def test_sarif_keeps_to_the_limit_of_code_scanning(monkeypatch):
    monkeypatch.setattr("tonelint.output.sarif.MOST_RESULTS", 1)
    log = json.loads(say("sarif"))
    assert [r["ruleId"] for r in log["runs"][0]["results"]] == ["SLF001"], "the worst stays"
    note = log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]
    assert note["message"]["text"] == "1 of 2 findings left out."
    jsonschema.Draft4Validator(SARIF).validate(log)


def test_github_escapes_and_puts_the_worst_first():
    rows = say("github", run(report(), FileReport("x:y.md", errors=("a\nb",)))).splitlines()
    first = 'Hi <b>&"there"</b>,\x1b[31m red \x07 ]]> \u202e%0A::error::x\u2028'
    assert rows == [
        "::error file=x%3Ay.md,title=tonelint::a%0Ab",
        "::warning file=a/b%2C c.md,line=3,endLine=3,col=9,endColumn=22,title=SLF001 self-praise::"
        "Praise, 100%25 of it: theirs.%0ANot the reader's.%0Aour team%0A[the award] <i>",
        f"::notice file=a/b%2C c.md,line=1,endLine=1,col=1,endColumn={len(first) + 1},title=BAL101 unbalanced::"
        "Whole message: Praise, 100%25 of it: theirs.%0ANot the reader's.",
    ]


def test_gitlab():
    rows = json.loads(say("gitlab", run(report(), report(), FileReport("z.md", errors=("e",)))))
    assert [r["check_name"] for r in rows] == ["BAL101", "SLF001", "BAL101", "SLF001", "unreadable"]
    assert rows[1]["location"]["positions"] == {"begin": {"line": 3, "column": 9}, "end": {"line": 3, "column": 22}}
    assert rows[0]["location"]["positions"]["begin"] == {"line": 1, "column": 1}
    assert {r["severity"] for r in rows} == {"info", "minor", "critical"}


def test_junit():
    root = ET.fromstring(say("junit", run(report(), FileReport("clean.md", "x"), FileReport("z.md", errors=("<e>",)))))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "2", "1")
    suites = root.findall("testsuite")
    assert [s.get("name") for s in suites] == ["a/b, c.md", "clean.md", "z.md"]
    assert suites[0].findall("testcase/failure")[1].get("message") == "Praise, 100% of it: theirs.\nNot the reader's."
    assert not suites[1].findall("testcase/failure")


def test_rdjson_columns_are_bytes_and_edits_one_replacement():
    data = json.loads(say("rdjson"))
    row = data["diagnostics"][1]
    line = HOSTILE.split("\n")[2]
    start = len(line[: line.index("award")].encode()) + 1
    assert row["location"]["range"]["start"] == {"line": 3, "column": start}
    assert row["suggestions"] == [
        {
            "range": {"start": {"line": 3, "column": start}, "end": {"line": 3, "column": start + 14}},
            "text": "",
        }
    ]
    assert [json.loads(x)["severity"] for x in say("rdjsonl").splitlines()] == ["INFO", "WARNING"]


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text, self.attributes = [], "", []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def test_html_is_one_escaped_page_that_loads_nothing():
    text = say("html", run(report(words="award-winning"), FileReport("<x>.md", errors=("<script>alert(1)</script>",))))
    page = Page()
    page.feed(text)
    assert not {"script", "img", "link", "iframe", "i"} & set(page.tags)
    assert page.tags.count("meta") == 4
    assert not any(name.startswith("on") or name in ("src", "style") for name, _ in page.attributes)
    assert all(value.startswith("#") for name, value in page.attributes if name == "href")
    policy = next(v for n, v in page.attributes if n == "content" and "default-src" in v)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert 'Hi <b>&"there"</b>,␛[31m red ␇' in page.text
    assert '<mark class="warning" title="SLF001 self-praise">award-winning<sup>2</sup></mark>' in text
    assert "1 interested, 2 broadcast, 1 neutral" in page.text


def test_html_cuts_runs_that_overlap_and_keeps_every_letter():
    text = "one two three four"
    findings = (finding(text, "one two three"), finding(text, "two three four", severity=Severity.ERROR))
    file = FileReport("a", text, (message(text, keepers=(Span(4, 7),)),), findings)
    body = re.search(r"<pre>(.*)</pre>", say("html", run(file)), re.DOTALL).group(1)
    assert re.sub(r"<sup>.*?</sup>|<[^>]+>", "", body) == text
    assert '<ins><mark class="error" title="SLF001 self-praise; SLF001 self-praise">two</mark></ins>' in body


def test_html_leaves_out_markup_between_sentences():
    text = "<p>One our team.</p>\n<p>Two.</p>"
    sentences = (Span(3, 16), Span(24, 28))
    file = FileReport("a", text, (message(text, sentences=sentences),), (finding(text, "our"),))
    body = re.search(r"<pre>(.*)</pre>", say("html", run(file)), re.DOTALL).group(1)
    assert re.sub(r"<sup>.*?</sup>|<[^>]+>", "", body) == "One our team.\nTwo.\n"


def test_a_finding_without_words_stands_at_its_messages_first_line():
    text = "\n\n  First line\nsecond\n\nThird"
    third = text.index("Third")
    messages = (message(text, span=Span(0, third)), message(text, id="m2", span=Span(third, len(text))))
    file = FileReport("a", text, messages)
    place, said = file.place_and_text(finding(text, None))
    assert (text[place.start : place.end], said[:15]) == ("First line", "Whole message: ")
    assert text[file.place(finding(text, None, message_id="m2")).start :] == "Third"
    assert file.place(finding(text, "second")) == Span(text.index("second"), text.index("second") + 6)


def test_a_message_that_is_not_english_is_named():
    from tonelint.config import Config
    from tonelint.linter import lint
    from tonelint.readers import read
    from tonelint.tagging import NoOpinion

    german = (
        "Sehr geehrte Kundin, Ihre Bestellung ist heute bei uns eingegangen und wird morgen verschickt. Vielen Dank!"
    )
    (note,) = file_report(lint(read(german, name="a.txt"), Config(), NoOpinion())).notes
    assert note == "is not in English (de) and not judged"


def test_full_heads_each_message_of_a_file_with_several():
    text = 'en:\n  first: "Dear valued customer, hello."\n  second: "Your parcel left Leeds."\n  third: "Dear valued customer, bye."\n'
    report = file_report(lint(read(text, name="locales/en.yml"), Config(select=("EMP003",)), NoOpinion()))
    lines = full(Run((report,)), Style(width=80)).splitlines()
    heads = [line for line in lines if line.startswith("en.")]
    assert heads == ["en.first  line 2", "en.third  line 4"]
    assert lines.index(heads[0]) < lines.index(heads[1])
    alone = file_report(lint(read("Dear valued customer, hello.", name="a.md"), Config(), NoOpinion()))
    assert not [line for line in full(Run((alone,)), Style(width=80)).splitlines() if line.startswith("a.md  line")]
