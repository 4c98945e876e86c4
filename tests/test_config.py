"""Configuration: found, read, checked, layered, and described by a schema that agrees with the reading."""

import tomllib
from dataclasses import fields, replace
from pathlib import Path

import jsonschema
import pytest

from tonelint import schema, settings
from tonelint.config import Config, keys, matches
from tonelint.errors import SourceError, UsageError


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_field_is_a_key_and_the_schema_knows_it():
    attributes = {key.attribute for key in keys()}
    assert attributes == {f.name for f in fields(Config)} - {"root"}
    assert set(schema.schema()["properties"]) == {key.name for key in keys()} | {"extend"}
    assert all("_" not in key.name and key.doc.endswith((".", ")")) for key in keys())


@pytest.mark.parametrize("name", ["tonelint.toml", ".tonelint.toml"])
def test_a_file_of_its_own_is_read(tmp_path, name):
    write(
        tmp_path / name,
        'select = ["EMP"]\nown-names = ["Acme"]\nfail-on = "error"\nmin-confidence = 1\n'
        '[thresholds]\nname-overuse = 4\n[thresholds.balance]\nmarketing = 0.1\n[severities]\nEMP001 = "info"\n'
        '[channels]\n"news/**" = "marketing"\n[per-file-ignores]\n"old/*" = ["ALL"]\n',
    )
    config, path = settings.resolve(tmp_path)
    assert path == tmp_path / name
    assert config == replace(
        Config(),
        select=("EMP",),
        own_names=("Acme",),
        fail_on="error",
        min_confidence=1.0,
        thresholds={"name-overuse": 4.0, "balance.marketing": 0.1},
        severities={"EMP001": "info"},
        channels_by_path=(("news/**", "marketing"),),
        per_file_ignores=(("old/*", ("ALL",)),),
    )
    assert config.root == str(tmp_path)


def test_pyproject_counts_only_with_the_table(tmp_path):
    write(tmp_path / "pyproject.toml", '[tool.tonelint]\nignore = ["TLK"]\n')
    write(tmp_path / "inner/pyproject.toml", '[project]\nname = "tonelint-user"\n')
    config, path = settings.resolve(tmp_path / "inner")
    assert (config.ignore, path) == (("TLK",), tmp_path / "pyproject.toml")


def test_the_nearest_file_wins_and_nothing_is_merged(tmp_path):
    write(tmp_path / "tonelint.toml", 'ignore = ["TLK"]\nallow = ["our family"]\n')
    write(tmp_path / "a/b/.tonelint.toml", 'ignore = ["EMP"]\n')
    assert settings.resolve(tmp_path / "a/b/c")[0].ignore == ("EMP",)
    assert settings.resolve(tmp_path / "a/b/c")[0].allow == ()
    assert settings.resolve(tmp_path / "a")[0].ignore == ("TLK",)


def test_extend_takes_in_another_file_key_by_key(tmp_path):
    write(
        tmp_path / "house/base.toml",
        'allow = ["x"]\nmodel = "m"\nextend-select = ["A"]\n[severities]\nEMP = "info"\nTLK = "error"\n',
    )
    write(
        tmp_path / "tonelint.toml", 'extend = "house/base.toml"\nextend-select = ["B"]\n[severities]\nEMP = "error"\n'
    )
    config = settings.resolve(tmp_path)[0]
    assert config.allow == ("x",)
    assert config.model == str(tmp_path / "house/m"), "paths count from the file that says them"
    assert config.severities == {"EMP": "error", "TLK": "error"}
    assert config.extend_select == ("A", "B")


def test_extend_in_a_circle_and_to_nowhere(tmp_path):
    write(tmp_path / "tonelint.toml", 'extend = "other.toml"\n')
    with pytest.raises(UsageError, match=r"tonelint\.toml:1: it extends 'other\.toml'"):
        settings.resolve(tmp_path)
    write(tmp_path / "other.toml", 'extend = "tonelint.toml"\n')
    with pytest.raises(UsageError, match="circle"):
        settings.resolve(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('\nselct = ["EMP"]\n', r"tonelint\.toml:2: unknown key `selct`; did you mean `select`\?"),
        ("fail_on = 'error'\n", r":1: unknown key `fail_on`; did you mean `fail-on`\?"),
        ("zzzz = 1\n", r"unknown key `zzzz`; `tonelint config schema`"),
        ('select = "EMP"\n', r"`select` must be a list of strings"),
        ("force-exclude = 1\n", r"`force-exclude` must be true or false, not 1"),
        ("min-confidence = 1.5\n", r"`min-confidence` must be a number from 0 to 1"),
        ("min-confidence = true\n", r"`min-confidence` must be a number"),
        ('channel = "marketting"\n', r"did you mean 'marketing'\?"),
        ('severity = "loud"\n', r"one of info, warning, error"),
        ('[severities]\nEMP = "loud"\n', r"tonelint\.toml:2: `severities\.EMP` cannot be 'loud'"),
        ('[channels]\n"a/*" = 3\n', r"`channels\.a/\*` must be a string"),
        ('[per-file-ignores]\n"a/*" = "EMP"\n', r"`per-file-ignores\.a/\*` must be a list"),
        ("[thresholds]\nname-overuse = 'y'\n", r"`thresholds\.name-overuse` must be a number"),
        (
            "[thresholds]\nbalance.marketting = 1\n",
            r"unknown key `thresholds\.balance\.marketting`; did you mean `balance\.marketing`",
        ),
        ("channels = 'marketing'\n", r"must be a table, written \[channels\]"),
        ("[[overrides]]\nchannel = 'sales'\n", r"`overrides` needs `paths`"),
        ("[[overrides]]\npaths = ['a']\nmodel = 'x'\n", r"unknown key `model`"),
        ("[overrides]\na = 1\n", r"tables, written \[\[overrides\]\]"),
        ("select = [\n", r"not valid TOML: "),
        ("extend = 3\n", r"`extend` is the path"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path, text, says):
    write(tmp_path / "tonelint.toml", text)
    with pytest.raises(UsageError, match=says) as error:
        settings.resolve(tmp_path)
    assert "\n" not in str(error.value)


def test_a_key_in_pyproject_is_placed_by_line(tmp_path):
    write(tmp_path / "pyproject.toml", '[project]\nname = "x"\n\n[tool.tonelint.severitys]\nEMP = "info"\n')
    with pytest.raises(UsageError, match=r"pyproject\.toml:4: unknown key `severitys`; did you mean `severit"):
        settings.resolve(tmp_path)


def test_a_file_that_is_not_there_or_not_utf8(tmp_path):
    with pytest.raises(SourceError, match="nowhere"):
        settings.resolve(tmp_path, given=[str(tmp_path / "nowhere.toml")])
    (tmp_path / "tonelint.toml").write_bytes(b'allow = ["caf\xe9"]\n')
    with pytest.raises(SourceError, match="not UTF-8"):
        settings.resolve(tmp_path)


def test_given_values_go_over_files_and_isolated_ignores_them(tmp_path):
    write(tmp_path / "tonelint.toml", 'ignore = ["TLK"]\nfail-on = "error"\n')
    other = write(tmp_path / "other.toml", 'ignore = ["EMP"]\n')
    config, path = settings.resolve(tmp_path, given=[str(other), "fail-on = 'never'", "severities.EMP = 'info'"])
    assert (config.ignore, config.fail_on, config.severities, path) == (("EMP",), "never", {"EMP": "info"}, other)
    assert settings.resolve(tmp_path, isolated=True)[0] == Config()
    with pytest.raises(UsageError, match=r"--config 'fail = 1': unknown key `fail`"):
        settings.resolve(tmp_path, given=["fail = 1"])


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("news/may.md", "news/**", True),
        ("news/may.md", "news", True),
        ("news/may.md", "news/", True),
        ("news", "news/", False),
        ("site/news/may.md", "news/*.md", True),
        ("site/news/may.md", "**/news/**", True),
        ("may.md", "**/may.md", True),
        ("a/b/c.md", "a/**/c.md", True),
        ("a/c.md", "a/**/c.md", True),
        ("newsroom/a.md", "news/**", False),
        ("a/b.md", "*.txt", False),
        ("a/b.md", "./a/*.md", True),
    ],
)
def test_patterns(path, pattern, expected):
    assert matches(path, pattern) is expected


def test_what_depends_on_the_path_is_settled(tmp_path):
    write(
        tmp_path / "tonelint.toml",
        '[channels]\n"news/**" = "marketing"\n[moments]\n"news/**" = "newsletter"\n[severities]\nEMP = "error"\n'
        '[per-file-ignores]\n"news/old/*" = ["TLK"]\n'
        '[[overrides]]\npaths = "help/**"\nchannel = "support"\nmin-confidence = 0.9\nseverities = { TLK = "info" }\n'
        "thresholds = { balance = { support = 0.6 } }\n[[overrides]]\npaths = ['help/vip/*']\nignore = ['BAL']\n",
    )
    config = settings.resolve(tmp_path)[0]
    news, old = config.at("news/may.md"), config.at("news/old/april.md")
    assert (news.channel, news.moment, news.per_file_ignores) == ("marketing", "newsletter", ())
    assert old.per_file_ignores == (("*", ("TLK",)),)
    vip = config.at("help/vip/a.md")
    assert (vip.channel, vip.min_confidence, vip.ignore) == ("support", 0.9, ("BAL",))
    assert vip.severities == {"EMP": "error", "TLK": "info"}
    assert vip.thresholds == {"balance.support": 0.6}
    assert config.at("x.md") == config.at("y/z.md")
    assert config.at("help/a.md").at("help/a.md") == config.at("help/a.md")


def test_the_schema_accepts_what_the_reader_accepts_and_no_more(tmp_path):
    text = 'channel = "sales"\n[thresholds.balance]\nsales = 0.2\n[[overrides]]\npaths = ["a"]\nseverity = "error"\n[severities]\nEMP = "info"\n'
    checker = jsonschema.Draft202012Validator(schema.schema())
    jsonschema.Draft202012Validator.check_schema(schema.schema())
    checker.validate(tomllib.loads(text))
    checker.validate(tomllib.loads(schema.STARTER))
    for wrong in (
        'channel = "x"',
        "zzz = 1",
        "min-confidence = 2",
        "[[overrides]]\nchannel='sales'",
        '[severities]\nA = "x"',
    ):
        assert not checker.is_valid(tomllib.loads(wrong)), wrong
        with pytest.raises(UsageError):
            settings.from_table(tomllib.loads(wrong), origin="x")


def test_a_configuration_can_be_written_out_and_read_back(tmp_path):
    text = (
        'allow = ["say \\"hi\\"", "back\\\\slash"]\n[channels]\n"a \\"b\\"/*" = "sales"\n[thresholds]\nname-overuse = 5\n'
        '[[overrides]]\npaths = ["a"]\nseverities = { EMP = "info" }\n[per-file-ignores]\n"b" = ["EMP", "TLK"]\n'
    )
    config = settings.from_table(tomllib.loads(text), origin="x")
    assert settings.from_table(tomllib.loads(schema.to_toml(config)), origin="y") == config
    jsonschema.Draft202012Validator(schema.schema()).validate(schema.as_table(config))
    assert settings.from_table(tomllib.loads(schema.STARTER), origin="z") == Config()
