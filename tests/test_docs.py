"""What is generated is up to date, and what it shows is what holds."""

from pathlib import Path

import pytest

from tonelint import docs
from tonelint.rules import all_rules

FOLDER = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("index", [0, 1])
def test_generated_documentation_is_up_to_date(index):
    path, text = list(docs.generated(FOLDER))[index]
    assert path.read_text(encoding="utf-8") == text, f"{path.name} is stale; run `just docs` (python -m tonelint.docs)"


def test_every_finding_points_at_its_rule():
    text = (FOLDER / "rules.md").read_text(encoding="utf-8")
    for rule in all_rules():
        place, _, anchor = rule.url.partition("#")
        assert place == "docs/rules.md"
        assert f'<a id="{anchor}"></a>' in text
