"""The configuration for people and their tools: its JSON Schema, the table of keys, and a configuration as TOML."""

from __future__ import annotations

from typing import Any

from tonelint.config import Config, Key, keys


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a configuration file."""
    rows = {key.name: _schema(key) for key in keys()}
    rows["extend"] = {
        "type": "string",
        "description": "Another configuration file, relative to this one, to start from.",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tonelint configuration",
        "description": "tonelint.toml, .tonelint.toml, or [tool.tonelint] in pyproject.toml",
        "type": "object",
        "properties": dict(sorted(rows.items())),
        "additionalProperties": False,
    }


def _schema(key: Key) -> dict[str, Any]:
    word: dict[str, Any] = {"type": "string", **({"enum": list(key.choices)} if key.choices else {})}
    words = {"type": "array", "items": {"type": "string"}}
    shapes: dict[str, dict[str, Any]] = {
        "word": word,
        "words": words,
        "flag": {"type": "boolean"},
        "probability": {"type": "number", "minimum": 0, "maximum": 1},
        "word-table": {"type": "object", "additionalProperties": word},
        "words-table": {"type": "object", "additionalProperties": words},
        "number-table": _numbers(key.choices),
    }
    if key.kind == "overrides":
        inner = {k.name: _schema(k) for k in keys() if k.by_path}
        paths = {"anyOf": [{"type": "string"}, {**words, "minItems": 1}], "description": "Path patterns."}
        row = {
            "type": "object",
            "properties": {"paths": paths, **inner},
            "required": ["paths"],
            "additionalProperties": False,
        }
        return {"type": "array", "items": row, "description": key.doc}
    shape: dict[str, Any] = {**shapes[key.kind], "description": key.doc}
    default = getattr(Config(), key.attribute)
    if default not in (None, (), {}):
        shape["default"] = list(default) if isinstance(default, tuple) else default
    return shape


def _numbers(names: tuple[str, ...]) -> dict[str, Any]:
    """Dotted names as nested tables of numbers, and as they stand, in quotes."""
    rows: dict[str, Any] = {name: {"type": "number"} for name in names}
    for name in names:
        table, dot, last = name.rpartition(".")
        if dot:
            rows.setdefault(table, {"type": "object", "properties": {}, "additionalProperties": False})
            rows[table]["properties"][last] = {"type": "number"}
    return {"type": "object", "properties": rows, "additionalProperties": False}


def as_table(config: Config) -> dict[str, Any]:
    """A configuration as the table that would give it, everything spelled out but what is unset."""
    table: dict[str, Any] = {}
    for key in keys():
        value = getattr(config, key.attribute)
        if value is None or (key.kind == "overrides" and not value):
            continue
        table[key.name] = _plain(key, value)
    return table


def _plain(key: Key, value: Any) -> Any:  # noqa: ANN401
    if key.kind == "overrides":
        rows = {k.attribute: k for k in keys()}
        return [{"paths": list(o.paths), **{rows[a].name: _plain(rows[a], v) for a, v in o.values}} for o in value]
    if key.kind == "words-table":
        return {pattern: list(codes) for pattern, codes in value}
    if key.kind in ("word-table", "number-table"):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def markdown() -> str:
    """The table of keys for the documentation."""
    lines = ["| key | what it is | default | by path |", "|---|---|---|---|"]
    kinds = {
        "word": "text", "words": "list of texts", "flag": "true or false", "probability": "0 to 1",
        "word-table": "table of texts", "words-table": "table of lists", "number-table": "table of numbers",
        "overrides": "tables",
    }  # fmt: skip
    for key in keys():
        default = getattr(Config(), key.attribute)
        shown = "" if default in (None, (), {}) else f"`{_toml(_plain(key, default))}`"
        what = f"{key.doc} ({kinds[key.kind]}{': ' + ', '.join(f'`{c}`' for c in key.choices) if key.choices else ''})"
        lines.append(f"| `{key.name}` | {what} | {shown} | {'yes' if key.by_path else ''} |")
    lines.append("| `extend` | Another configuration file, relative to this one, to start from. (text) | | |")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """A plain value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_quoted(str(k))} = {_toml(v)}" for k, v in value.items()) + " }" if value else "{}"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    escaped = "".join(
        {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}.get(
            c, c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}"
        )
        for c in text
    )
    return f'"{escaped}"'


def to_toml(config: Config) -> str:
    """A configuration as a file that would give it."""
    table = as_table(config)
    rows = [
        f"{name} = {_toml(value)}"
        for name, value in table.items()
        if name != "overrides" and not isinstance(value, dict)
    ]
    for name, value in table.items():
        if isinstance(value, dict) and value:
            rows += ["", f"[{name}]", *(f"{_quoted(k)} = {_toml(v)}" for k, v in value.items())]
    for row in table.get("overrides", ()):
        rows += ["", "[[overrides]]", *(f"{name} = {_toml(value)}" for name, value in row.items())]
    return "\n".join(rows) + "\n"


STARTER = """\
# tonelint's configuration. `tonelint config schema` describes every key.

# Your company and product names: they count as the company speaking of itself.
own-names = []

# Phrases that may pass, and words of the house that are no jargon to its readers.
allow = []
vocabulary = []

# Rules not to run, by code, prefix, name or category.
ignore = []

# What goes out by which channel: marketing, sales, service or support.
[channels]
# "newsletters/**" = "marketing"
# "helpdesk/macros/**" = "support"
"""
