"""The command line: what goes where, and which exit status it ends with."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from tonelint import cli
from tonelint.tagging import NoOpinion
from tonelint.types import Scores

BAD = "Dear all,\n\nOur award-winning team is here.\n\nSee you on Friday.\n"
GOOD = "Dear Anna,\n\nyour parcel left Leeds this morning. Is Friday fine for you?\n"
SCHEMA = json.loads(files("tonelint.output").joinpath("schema.json").read_text(encoding="utf-8"))


class Scripted(NoOpinion):
    """A tagger that reads the stance off simple words."""

    def tag(self, batch):
        def stance(text):
            return "broadcast" if "our " in text.lower() else "interested" if "your" in text else "neutral"

        def scores(text):
            said = {s: 0.8 if s == stance(text) else 0.1 for s in ("broadcast", "interested", "neutral")}
            return Scores(said, {}, float("?" in text))

        return [scores(item.text) for item in batch]


class Folder:
    identity = "scripted"
    config = ()


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "TONELINT_MODEL", "TONELINT_DEBUG", "TONELINT_OUTPUT_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tonelint.checking.load_tagger", lambda model: NoOpinion() if model == "none" else Scripted())
    monkeypatch.setattr("tonelint.checking.weights.load", lambda model: Folder())
    return tmp_path


def put(**texts):
    for name, text in texts.items():
        path = Path(name.replace("__", "/").replace("_dot_", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def tonelint(*arguments, stdin=None):
    """Status, standard output and standard error of a command line."""
    status = None

    import click

    @click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False)
    @click.argument("rest", nargs=-1, type=click.UNPROCESSED)
    def outer(rest):
        nonlocal status
        status = cli.run(list(rest))

    result = CliRunner().invoke(outer, ["--", *map(str, arguments)], input=stdin, catch_exceptions=False)
    return status, result.stdout, result.stderr


def codes(out):
    return [f["code"] for file in json.loads(out)["files"] for f in file["findings"]]


# ---------------------------------------------------------------------------------------------------- exit status


def test_status_0_1_2():
    put(bad_dot_md=BAD, good_dot_md=GOOD)
    only = ("--select", "SLF")
    assert tonelint("check", "good.md", *only)[0] == 0
    assert tonelint("check", "bad.md", *only)[0] == 1
    assert tonelint("check", "bad.md", *only, "--fail-on", "error")[0] == 0
    assert tonelint("check", "bad.md", *only, "--fail-on", "never")[0] == 0
    assert tonelint("check", "bad.md", *only, "--ignore", "SLF001")[0] == 0
    assert tonelint("check", "bad.md", "missing.md", *only)[0] == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check", "bad.md", "--no-such"), "No such option"),
        (("check", "bad.md", "--channel", "pigeon"), "pigeon"),
        (("check", "bad.md", "--select", "SLF01X"), "did you mean"),
        (("check", "bad.md", "--output-format", "xml"), "no output format 'xml'"),
        (("check", "bad.md", "--config", "selct = []"), "did you mean `select`"),
        (("check", "bad.md", "--config", "none.toml"), "none.toml"),
        (("check", "bad.md", "--baseline", "none.json"), "there is no such baseline"),
        (("check", "bad.md", "--reply-to", "none.txt"), "none.txt"),
        (("check", "bad.md", "--unsafe-fixes"), "--fix"),
        (("check", "bad.md", "--per-file-ignores", "x"), "PATTERN:CODES"),
        (("check", "bad.md", "--config", "rules = ['none.toml']"), "`rules` in the configuration: none.toml"),
        (("check", "bad.md", "--config", "plugins = ['none']"), "no installed package brings the plugin 'none'"),
        (("check", "bad.md", "--output-file", "no/such/folder/x"), "cannot be written"),
        (("check", "bad.md", "--min-confidence", "2"), "0<=x<=1"),
        (("nonsense",), "No such command"),
        (("rule", "SLF999"), "no rule, prefix, name"),
        (("rule",), "name one rule"),
        (("rule", "SLF"), "names several"),
        (("tag", "--input-format", "jsonl", "none.jsonl"), "none.jsonl"),
        (("inspect", "none.md"), "none.md"),
        (("evaluate", "none.jsonl"), "none.jsonl"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_2(arguments, says):
    put(bad_dot_md=BAD)
    status, _, err = tonelint(*arguments)
    assert status == 2
    assert says in err
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err


def test_unreadable_files_are_named_and_the_others_checked(monkeypatch):
    put(a_dot_md=BAD, c_dot_md=BAD)
    Path("b.md").write_bytes(b"%PDF-1.7\n\0\0\0")
    status, out, err = tonelint("check", "a.md", "b.md", "missing.md", "c.md", "--output-format", "json")
    assert status == 2
    assert codes(out).count("SLF001") == 2
    assert "tonelint: b.md: looks like a binary file" in err
    assert "tonelint: missing.md: there is no such file" in err


def test_a_bug_on_one_file_costs_only_that_file(monkeypatch):
    from tonelint import checking

    put(a_dot_md=BAD, b_dot_md=BAD)
    original = checking.read

    def read(text, *, name, **more):
        if name == "a.md":
            raise ZeroDivisionError("oh\nno")
        return original(text, name=name, **more)

    monkeypatch.setattr(checking, "read", read)
    status, out, err = tonelint("check", ".", "--output-format", "json", "--no-cache")
    assert status == 2
    assert codes(out) == codes(tonelint("check", "b.md", "--output-format", "json")[1])
    assert err == "tonelint: a.md: tonelint broke on this file (ZeroDivisionError: oh no); please report it\n"


def test_interrupted(monkeypatch):
    put(a_dot_md=BAD)

    def stop(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("tonelint.checking.lint", stop)
    assert tonelint("check", "a.md", "--no-cache") == (130, "", "tonelint: stopped\n")


# ------------------------------------------------------------------------------------------------------- selection


def test_what_is_selected():
    put(a_dot_md=BAD, old__b_dot_md=BAD)

    def found(*more):
        return codes(tonelint("check", ".", "--output-format", "json", *more)[1])

    assert found("--select", "SLF001") == ["SLF001", "SLF001"]
    assert found("--select", "SLF", "--ignore", "SLF001") == []
    assert found("--select", "EMP", "--extend-select", "self-praise") == ["SLF001", "SLF001"]
    assert found("--select", "SLF", "--per-file-ignores", "old/*:SLF001") == ["SLF001"]
    assert found("--select", "SLF", "--severity", "error") == []
    assert found("--select", "SLF", "--min-confidence", "1") == []
    assert found("--select", "SLF", "--exclude", "old") == ["SLF001"]
    assert found("--select", "SLF", "--config", "severities.SLF = 'error'", "--severity", "error") == ["SLF001"] * 2


def test_configuration_counts_and_the_command_line_goes_over_it():
    put(tonelint_dot_toml='ignore = ["SLF"]\nfail-on = "never"\n', a_dot_md=BAD)
    assert "SLF001" not in tonelint("check", "a.md")[1]
    assert tonelint("check", "a.md")[0] == 0
    assert "SLF001" in tonelint("check", "a.md", "--isolated")[1]
    assert "SLF001" in tonelint("check", "a.md", "--select", "SLF")[1]
    assert tonelint("check", "a.md", "--select", "SLF", "--fail-on", "warning")[0] == 1


def test_the_nearest_configuration_holds_for_each_file():
    put(
        tonelint_dot_toml='select = ["SLF"]\n',
        a_dot_md=BAD,
        sub__tonelint_dot_toml='select = ["TLN"]\n',
        sub__b_dot_md=BAD,
    )
    out = tonelint("check", ".", "--output-format", "concise")[1]
    assert "a.md:3:5: SLF001" in out
    assert "sub/b.md" not in out


def test_overrides_and_patterns_count_from_the_configuration(monkeypatch):
    put(
        tonelint_dot_toml='[channels]\n"news/**" = "sales"\n[[overrides]]\npaths = "news/x.md"\nignore = ["SLF"]\n',
        news__x_dot_md=BAD,
        news__y_dot_md=BAD,
    )
    monkeypatch.chdir("news")
    data = json.loads(tonelint("check", ".", "--output-format", "json")[1])
    assert [file["messages"][0]["channel"] for file in data["files"]] == ["sales", "sales"]
    assert "SLF001" not in [f["code"] for f in data["files"][0]["findings"]]
    assert "SLF001" in [f["code"] for f in data["files"][1]["findings"]]
    data = json.loads(tonelint("check", "y.md", "--channel", "support", "--output-format", "json")[1])
    assert data["files"][0]["messages"][0]["channel"] == "support"


def test_own_rules_and_their_test():
    rule = """
[[rule]]
code = "ACM001"
name = "no-synergy"
principle = 9
severity = "error"
summary = "We do not say synergy."
what = "w"
why = "w"
better = "b"
leave = "l"
bad = ["We bring synergy to you."]
good = ["We bring milk to you."]
[[rule.pattern]]
phrases = ["synergy"]
"""
    put(
        house_dot_toml=rule,
        a_dot_md="We bring synergy to you all.\n",
        tonelint_dot_toml='rules = ["house.toml"]\nselect = ["ACM"]\n',
    )
    assert (
        "a.md:1:10: ACM001 error: We do not say synergy." in tonelint("check", "a.md", "--output-format", "concise")[1]
    )
    assert tonelint("rule", "--test", "house.toml") == (0, "1 rules, 2 examples, 0 wrong.\n", "")
    put(house_dot_toml=rule.replace("milk", "synergy"))
    status, out, _ = tonelint("rule", "--test", "house.toml")
    assert status == 1
    assert "ACM001 speaks on a good example: We bring synergy to you." in out


def test_excludes_hold_for_named_files_only_when_forced():
    put(a_dot_md=BAD)
    assert tonelint("check", "a.md", "--exclude", "*.md")[0] == 1
    status, _out, err = tonelint("check", "a.md", "--exclude", "*.md", "--force-exclude")
    assert (status, "no files to check" in err) == (0, True)


# ------------------------------------------------------------------------------------------------- input and output


def test_standard_input():
    status, out, _ = tonelint("check", "-", "--stdin-filename", "x.md", "--output-format", "concise", stdin=BAD)
    assert status == 1
    assert "x.md:3:5: SLF001" in out
    assert "<stdin>:3:5: SLF001" in tonelint("check", "-", "--output-format", "concise", stdin=BAD)[1]


def test_output_goes_to_a_file_whole_or_not_at_all(monkeypatch):
    put(a_dot_md=BAD, out_dot_json="old")
    status, out, _ = tonelint("check", "a.md", "--output-format", "json", "-o", "out.json")
    assert (status, out) == (1, "")
    assert "SLF001" in Path("out.json").read_text()
    Path("out.json").write_text("old")
    monkeypatch.setattr(
        "pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    status, _, err = tonelint("check", "a.md", "--no-cache", "-o", "out.json")
    assert status == 2
    assert "No space left" in err
    assert Path("out.json").read_text() == "old"
    assert sorted(p.name for p in Path().iterdir() if not p.name.startswith(".tonelint_cache")) == ["a.md", "out.json"]


def test_json_of_a_whole_run_is_what_the_schema_says():
    put(
        a_dot_md=BAD,
        b_dot_html=f"<p>{GOOD}</p>",
        locales__en_dot_yml="en:\n  hi: Our award-winning app is here\n  bye: Bye\n",
    )
    data = json.loads(tonelint("check", ".", "--output-format", "json")[1])
    jsonschema.Draft202012Validator({**SCHEMA["$defs"]["check"], "$defs": SCHEMA["$defs"]}).validate(data)
    assert len(data["files"]) == 3
    assert data["files"][0]["messages"][0]["balance"]["broadcast"] == 1


def test_colours():
    put(a_dot_md=BAD)
    assert "\x1b[" not in tonelint("check", "a.md", "--output-format", "full")[1]
    assert "\x1b[" in tonelint("check", "a.md", "--output-format", "full", "--color", "always")[1]


def test_the_environment_decides_about_colours(monkeypatch):
    from tonelint.console import coloured

    monkeypatch.setattr("tonelint.console.on_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert coloured("auto")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not coloured("auto")
    assert coloured("always")
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not coloured("auto")


# ------------------------------------------------------------------------------------------------------ fix and diff


EXCITED = "Dear Anna,\n\nyour parcel left Leeds this morning!!!\n"


def test_fix_diff_and_standard_input():
    put(a_dot_md=BAD)
    status, out, _ = tonelint("check", "a.md", "--diff", "--unsafe-fixes")
    assert out.startswith("--- a/a.md\n+++ b/a.md\n")
    assert "-Our award-winning team is here.\n+Our team is here.\n" in out
    assert Path("a.md").read_text() == BAD
    assert status == 1
    status, _, _ = tonelint("check", "a.md", "--fix", "--unsafe-fixes", "--select", "SLF")
    fixed = BAD.replace("award-winning ", "")
    assert (status, Path("a.md").read_text()) == (0, fixed)
    assert "Nothing found" in tonelint("check", "a.md", "--fix", "--unsafe-fixes", "--select", "SLF")[1]
    status, out, err = tonelint("check", "-", "--fix", "--unsafe-fixes", "--select", "SLF", stdin=BAD)
    assert (status, out) == (0, fixed)
    assert "Fixed 1 finding" in err
    assert tonelint("check", "-", "--fix", "--select", "SLF", stdin=BAD)[1] == BAD
    assert tonelint("check", "-", "--diff", "--select", "TLN", stdin=BAD)[:2] == (0, "")


def test_without_unsafe_fixes_a_rewrite_is_not_made():
    put(a_dot_md=BAD)
    assert tonelint("check", "a.md", "--fix")[0] == 1
    assert Path("a.md").read_text() == BAD


def test_a_read_only_file_is_named_and_left():
    put(a_dot_md=BAD)
    Path("a.md").chmod(0o444)
    status, _, err = tonelint("check", "a.md", "--fix", "--unsafe-fixes")
    assert (status, Path("a.md").read_text()) == (2, BAD)
    assert "a.md: is read-only" in err


# ------------------------------------------------------------------------------------------------ baseline, changes


def test_baseline_and_what_is_new():
    put(sub__a_dot_md=BAD)
    status, _, err = tonelint("check", ".", "--write-baseline")
    assert status == 0
    assert "to .tonelint-baseline.json" in err
    assert tonelint("check", ".", "--baseline", ".tonelint-baseline.json")[0] == 0
    put(sub__a_dot_md="Our world-class app is new.\n\n" + BAD)
    status, out, _ = tonelint(
        "check", ".", "--baseline", ".tonelint-baseline.json", "--select", "SLF", "--output-format", "concise"
    )
    assert status == 1
    assert "SLF001" in out
    assert "sub/a.md:1:5" in out
    assert "sub/a.md:5:5" not in out
    assert "1 finding in the baseline left out." in out


def test_diff_only():
    put(a_dot_md=BAD)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}
    for arguments in (
        ("init", "-q"),
        ("add", "a.md"),
        ("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "x"),
    ):
        subprocess.run(["git", *arguments], check=True, env=environment)
    assert tonelint("check", "a.md", "--diff-only")[0] == 0
    put(a_dot_md=BAD + "\nOur world-class app is new.\n")
    assert tonelint("check", "a.md", "--diff-only")[0] == 0
    out = tonelint("check", "a.md", "--diff-base", "HEAD", "--select", "SLF", "--output-format", "concise")[1]
    assert out.startswith("a.md:7:5: SLF001")
    assert "a.md:3:5" not in out


# ------------------------------------------------------------------------------------------------------ cache, jobs


def test_the_cache_is_used_and_right(monkeypatch):
    put(a_dot_md=BAD)
    first = tonelint("check", "a.md", "--output-format", "json")[1]
    assert Path(".tonelint_cache").is_dir()
    monkeypatch.setattr("tonelint.checking.lint", None)
    assert tonelint("check", "a.md", "--output-format", "json")[1] == first
    assert tonelint("check", "a.md", "--output-format", "json", "--no-cache")[0] == 2
    assert tonelint("check", "a.md", "--select", "NOPE1")[0] == 2


def test_no_cache_leaves_nothing_and_cache_dir_is_elsewhere(tmp_path):
    put(a_dot_md=BAD)
    tonelint("check", "a.md", "--no-cache")
    assert not Path(".tonelint_cache").exists()
    tonelint("check", "a.md", "--cache-dir", "other")
    assert Path("other/.gitignore").exists()
    assert not Path(".tonelint_cache").exists()


def test_processes_only_when_they_pay():
    from tonelint.checking import MANY, workers

    assert workers(3, jobs=8) == 1
    assert workers(10 * MANY, jobs=1) == 1
    assert workers(4 * MANY, jobs=3) == 3
    assert workers(2 * MANY, jobs=9) == 2


def test_processes_give_the_same_in_the_same_order():
    names = [f"f{i:02}.md" for i in range(70)]
    for i, name in enumerate(names):
        Path(name).write_text(BAD if i % 2 else GOOD)
    common = ("check", *reversed(names), "--output-format", "jsonl", "--no-cache", "--model", "none")
    one = tonelint(*common, "--jobs", "1")
    assert tonelint(*common, "--jobs", "2") == one
    assert one[0] == 1


# -------------------------------------------------------------------------------------------------------------- tag


def test_tag_tells_every_sentence_as_the_schema_says():
    put(tonelint_dot_toml='ignore = ["ALL"]\n', a_dot_md=BAD)
    status, out, _ = tonelint("tag", "a.md", "--output-format", "jsonl")
    assert status == 0
    (row,) = map(json.loads, out.splitlines())
    jsonschema.Draft202012Validator({**SCHEMA["$defs"]["tag"], "$defs": SCHEMA["$defs"]}).validate(row)
    assert [s["text"] for s in row["sentences"]] == [
        "Dear all,",
        "Our award-winning team is here.",
        "See you on Friday.",
    ]
    second = row["sentences"][1]
    assert (second["stance"], second["line"], second["column"], second["field"]) == ("broadcast", 3, 1, "text")
    found = next(f for f in second["findings"] if f["code"] == "SLF001")  # whatever is configured
    assert BAD[found["start"] : found["end"]] == "award-winning"
    assert all(f["start"] is None for f in row["findings"])


RECORDS = [
    {
        "id": 7,
        "text": "Our award-winning team is here.",
        "subject": "Our leading app",
        "channel": "sales",
        "weird": [1],
    },
    {"id": "in1", "text": "Where is my parcel?", "direction": "in", "thread": "t", "channel": "support"},
    {"id": "out1", "text": "<p>your parcel left this morning.</p>", "format": "html", "thread": "t"},
    {"id": None, "text": ""},
]


def test_tag_of_records():
    lines = "\n".join(map(json.dumps, RECORDS))
    status, out, err = tonelint("tag", "--input-format", "jsonl", "--output-format", "jsonl", stdin=lines)
    assert (status, err) == (0, "")
    rows = list(map(json.loads, out.splitlines()))
    assert [row["id"] for row in rows] == [7, "out1", None]
    validator = jsonschema.Draft202012Validator({**SCHEMA["$defs"]["tag"], "$defs": SCHEMA["$defs"]})
    for row in rows:
        validator.validate(row)
    first = rows[0]
    assert first["channel"] == "sales"
    assert (first["start"], first["end"]) == (0, len(RECORDS[0]["text"]))
    for sentence in first["sentences"]:
        source = RECORDS[0][sentence["field"]]
        assert source[sentence["start"] : sentence["end"]] == sentence["text"]
        assert (sentence["line"], sentence["column"]) == (1, sentence["start"] + 1)
        for found in sentence["findings"]:
            assert source[found["start"] : found["end"]] in ("award-winning", "leading")
    assert {s["field"] for s in first["sentences"]} == {"subject", "text"}
    html = RECORDS[2]["text"]
    assert [html[s["start"] : s["end"]] for s in rows[1]["sentences"]] == ["your parcel left this morning."]


def test_an_inbound_record_is_what_the_next_one_answers():
    from tonelint import records

    parsed = [records.parse(json.dumps(r)) for r in RECORDS]
    out = list(records.outbound(parsed))
    assert [r.customer for r in out] == [None, "Where is my parcel?", None]
    assert records.document(out[1]).document.messages[0].customer == "Where is my parcel?"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[]", "not a record"),
        ('{"id": 1}', "needs `text`"),
        ('{"text": "a"}', "needs an `id`"),
        ('{"id": 1, "text": "a", "format": "pdf"}', "`format` cannot be 'pdf'"),
    ],
)
def test_a_bad_record_is_named_and_passed_over(line, says):
    status, out, err = tonelint(
        "tag", "--input-format", "jsonl", "--output-format", "jsonl", stdin=line + '\n{"id": 2, "text": "Hi."}\n'
    )
    assert status == 2
    assert [json.loads(x)["id"] for x in out.splitlines()] == [2]
    assert says in err
    assert "<stdin>:1:" in err


def test_tag_for_people():
    put(a_dot_md=BAD + "\nIs Friday fine for your team?\n")
    out = tonelint("tag", "a.md")[1]
    assert any(line.split()[:3] == ["3", "broadcast", "80%"] and line.endswith("SLF001") for line in out.splitlines())
    out = tonelint("tag", "a.md", "--explain")[1]
    assert "broadcast 80%, interested 10%, neutral 10%, keeper 0%" in out
    assert "SLF001 self-praise" in out


# ------------------------------------------------------------------------------------------------- the other commands


def test_rule():
    out = tonelint("rule", "slf001")[1]
    assert out.startswith("SLF001 self-praise\n")
    assert tonelint("rule", "self-praise")[1] == out
    assert json.loads(tonelint("rule", "SLF001", "--output-format", "json")[1])["name"] == "self-praise"
    listed = json.loads(tonelint("rule", "--all", "--output-format", "json")[1])
    assert len({r["code"] for r in listed}) == len(listed) > 20
    assert "SLF001" in tonelint("rule", "--all")[1]


def test_config_commands():
    assert json.loads(tonelint("config", "schema")[1])["title"] == "tonelint configuration"
    assert tonelint("config", "init")[0] == 0
    status, _, err = tonelint("config", "init")
    assert (status, "--force" in err) == (2, True)
    put(tonelint_dot_toml='allow = ["x"]\n[channels]\n"a.md" = "sales"\n')
    shown = tonelint("config", "show", "a.md")[1]
    assert shown.startswith("# from ")
    assert 'allow = ["x"]' in shown
    assert 'channel = "sales"' in shown


def test_excludes_of_a_nested_configuration_hold_below_it(tmp_path):
    for folder in ("mails", "mails/drafts"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text("Dear valued customer, hello.\n")
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "a.md").write_text("Dear valued customer, hello.\n")
    put(tonelint_dot_toml="")
    (tmp_path / "mails" / "tonelint.toml").write_text('extend-exclude = ["/drafts/"]\n')
    _, out, _ = tonelint("check", ".", "--output-format", "json", "--select", "EMP003")
    paths = [Path(file["path"]).as_posix() for file in json.loads(out)["files"]]
    assert paths == ["drafts/a.md", "mails/a.md"]
    _, out, _ = tonelint("check", "mails/drafts/a.md", "--output-format", "json", "--select", "EMP003")
    assert [file["path"] for file in json.loads(out)["files"]] == ["mails/drafts/a.md"]
    assert (
        json.loads(tonelint("check", "mails/drafts/a.md", "--force-exclude", "--output-format", "json")[1])["files"]
        == []
    )


def test_inspect():
    put(a_dot_md_dot_j2="---\nsubject: Hello\nchannel: sales\n---\nHi {{ name }},\n\nyour parcel is here.\n")
    facts = json.loads(tonelint("inspect", "a.md.j2", "--output-format", "json")[1])
    assert (facts["format"], facts["dialect"], facts["placeholders"]) == ("markdown", "jinja", ["name"])
    assert facts["tags"] == {"jinja": {"output": 1}}
    message = facts["messages"][0]
    assert (message["channel"], message["channel_because"]) == ("sales", ["said in the file"])
    assert (message["moment"], message["moment_because"]) == ("other", ["nothing says more"])
    shown = tonelint("inspect", "a.md.j2")[1]
    assert "dialect      jinja" in shown
    assert "tags         jinja: output 1" in shown
    assert "channel    sales (said in the file)" in shown
    assert "set in the configuration" in tonelint("inspect", "a.md.j2", "--config", "moment = 'receipt'")[1]
    assert "format       text" in tonelint("inspect", "-", stdin="Hello.")[1]


def test_evaluate(monkeypatch):
    monkeypatch.setattr("tonelint.tagging.load_tagger", lambda model: Scripted())
    gold = {
        "id": "g",
        "channel": "sales",
        "sentences": [{"text": "Our award-winning team.", "stance": "broadcast", "findings": ["self-praise"]}],
    }
    put(gold_dot_jsonl=json.dumps(gold) + "\n", broken_dot_jsonl="{}\n")
    status, out, _ = tonelint("evaluate", "gold.jsonl", "--output-format", "json")
    assert status == 0
    assert json.loads(out)["stance"]["accuracy"] == 1.0
    assert tonelint("evaluate", "gold.jsonl")[0] == 0
    status, _, err = tonelint("evaluate", "broken.jsonl")
    assert (status, "broken.jsonl:1" in err) == (2, True)


def test_train_says_which_extra_is_needed(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    status, _, err = tonelint("train")
    assert (status, "tonelint[train]" in err) == (2, True)


# --------------------------------------------------------------------------------------------------- a process of its own


@pytest.fixture
def importable(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(cli.__file__).parents[1]))


def start(*arguments, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "tonelint", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more
    )


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["--version"], ["config", "schema"]])
def test_help_imports_nothing_heavy(arguments, importable):
    code = (
        "import sys\nfrom tonelint.cli import run\nassert run(sys.argv[1:]) == 0\n"
        "heavy = {'numpy', 'onnxruntime', 'spacy', 'yaml', 'turbohtml', 'tokenizers', 'pathspec', 'py3langid', 'wcwidth'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_pipe_is_no_error(importable):
    put(a_dot_md=BAD * 500)
    process = start("check", "a.md", "--no-cache", "--model", "none", "--output-format", "full", "--select", "SLF")
    process.stdout.read(10)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), err) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said(importable):
    put(a_dot_md=BAD)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tonelint", "check", "a.md", "--no-cache", "--model", "none"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr.decode()) == (
        2,
        "tonelint: cannot write the output: No space left on device\n",
    )


def test_ctrl_c_ends_with_one_line(importable):
    process = start("check", "-", "--no-cache", "--model", "none", stdin=subprocess.PIPE)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err.decode()) == (130, b"", "tonelint: stopped\n")
