"""Cases that a rule's own examples cannot hold: markup, templates, and false alarms met later (``tests/rules/CODE.yaml``)."""

from pathlib import Path

import pytest
import yaml

from tonelint.config import Config
from tonelint.linter import lint
from tonelint.readers import read
from tonelint.rules import all_rules
from tonelint.tagging import NoOpinion

FOLDER = Path(__file__).parent / "rules"
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
SUFFIX = {"html": "html", "markdown": "md", "text": "txt", "yaml": "yml"}


@pytest.mark.parametrize(("code", "case"), CASES)
def test_case(code, case):
    document = read(case["text"], name=f"case.{SUFFIX[case['format']]}", format=case["format"])
    found = [f.text for f in lint(document, Config(select=(code,)), NoOpinion()).findings]
    assert found == case["words"]


def test_every_file_is_named_after_a_rule():
    assert {path.stem for path in FOLDER.glob("*.yaml")} <= {rule.code for rule in all_rules()}
