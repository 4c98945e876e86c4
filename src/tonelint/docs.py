"""``python -m tonelint.docs``: write what is generated of the documentation, in a checkout."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tonelint import documentation, schema
from tonelint.errors import TonelintError
from tonelint.rules import all_rules
from tonelint.writing import write_whole

_BEGIN, _END = "<!-- keys: generated -->\n", "<!-- keys: end -->\n"


def generated(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every generated file of the documentation's folder, and what should stand in it.

    Raises TonelintError if ``configuration.md`` has lost the marks between which its table stands.
    """
    yield folder / "rules.md", documentation.all_markdown(all_rules())
    path = folder / "configuration.md"
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise TonelintError(f"{path}: put {_BEGIN.strip()} and {_END.strip()} where the table of keys should stand")
    yield path, before + _BEGIN + "\n" + schema.markdown() + "\n" + _END + after


def main() -> int:
    """Write what differs; the exit status."""
    folder = Path(__file__).parents[2] / "docs"
    try:
        for path, text in generated(folder):
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                write_whole(path, text)
    except TonelintError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
