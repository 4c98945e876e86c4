"""JSON: the whole run, or a finding a line."""

from __future__ import annotations

import json

from tonelint.output.results import Run, Style
from tonelint.output.shapes import finding_shape, run_shape


def as_json(run: Run, style: Style) -> str:
    """One object with everything, as ``schema.json`` describes it."""
    return json.dumps(run_shape(run), ensure_ascii=not style.unicode, indent=2).translate(_SURROGATES) + "\n"


def as_jsonl(run: Run, style: Style) -> str:
    """One finding a line."""
    return "".join(one_line(finding_shape(finding, file), unicode=style.unicode) for file, finding in run.findings)


_SURROGATES = {code: f"\\u{code:04x}" for code in range(0xD800, 0xE000)}
"""JSON can hold half a pair, UTF-8 cannot."""


def one_line(value: object, *, unicode: bool = True) -> str:
    """A value as one line of JSON; line separators inside strings are escaped, so that every reader sees one line."""
    text = json.dumps(value, ensure_ascii=not unicode).translate(_SURROGATES)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085") + "\n"
