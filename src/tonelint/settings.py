"""Configuration files: finding, reading and checking them.

``tonelint.toml``, ``.tonelint.toml`` or ``[tool.tonelint]`` in ``pyproject.toml``; the nearest file upwards wins, and
takes others in only by ``extend = "path"``.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tonelint.config import Config, Key, Override, keys
from tonelint.errors import SourceError, UsageError

NAMES = (".tonelint.toml", "tonelint.toml", "pyproject.toml")
"""In the order in which they are looked for in one directory."""
TABLE = "tool.tonelint"


def find(directory: Path) -> Path | None:
    """The configuration file for a directory: the nearest upwards. Raises UsageError for a broken pyproject.toml."""
    for place in (directory, *directory.parents):
        for name in NAMES:
            path = place / name
            if path.is_file() and (name != "pyproject.toml" or _holds_table(path)):
                return path
    return None


def _holds_table(path: Path) -> bool:
    text = _text(path)
    return "tonelint" in text and "tonelint" in _parse(text, str(path)).get("tool", {})


def load(path: Path) -> Config:
    """Read one configuration file with all that it extends.

    Raises SourceError if it cannot be read, UsageError for anything in it that is wrong; both name file and line.
    """
    table = _chain(path, ())
    return replace(from_table(table, origin=str(path)), root=str(path.parent.resolve()))


def _chain(path: Path, before: tuple[Path, ...]) -> dict[str, Any]:
    """A file's checked table, over those that it extends. Paths in it are made absolute."""
    real = path.resolve()
    if real in before:
        raise UsageError(f"{path}: `extend` goes round in a circle: {' -> '.join(map(str, (*before, real)))}")
    text = _text(path)
    table = _parse(text, str(path))
    prefix = ""
    if path.name == "pyproject.toml":
        table, prefix = table.get("tool", {}).get("tonelint", {}), f"{TABLE}."
    parent = table.pop("extend", None)
    if parent is not None and not isinstance(parent, str):
        raise UsageError(
            f"{_place(path, text, 'extend')}: `extend` is the path of another configuration file, in quotes"
        )
    try:
        from_table(table, origin=str(path))
    except UsageError as error:
        key = re.search(r"`([^`]+)`", str(error))
        place = _place(path, text, key.group(1) if key else "", prefix)
        raise UsageError(str(error).replace(str(path), place, 1)) from error
    table = {name: _absolute(name, value, real.parent) for name, value in table.items()}
    if parent is None:
        return table
    base = real.parent / Path(parent).expanduser()
    if not base.is_file():
        raise UsageError(f"{_place(path, text, 'extend')}: it extends {parent!r}, and {base} is not there")
    merged = _chain(base, (*before, real))
    for name, value in table.items():
        old = merged.get(name)
        if isinstance(value, dict) and isinstance(old, dict):
            value = {**old, **value}  # noqa: PLW2901
        elif name in ("overrides", "extend-select", "extend-exclude") and isinstance(old, list):
            value = [*old, *value]  # noqa: PLW2901
        merged[name] = value
    return merged


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(str(path), "is not UTF-8, as TOML has to be; save it as UTF-8") from error
    except OSError as error:
        raise SourceError(str(path), f"cannot be read ({error.strerror})") from error


def _parse(text: str, origin: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{origin}: not valid TOML: {error}") from error


def _place(path: Path, text: str, key: str, prefix: str = "") -> str:
    """``path:line`` of a key, as near as a look at the text can tell."""
    names = [key, key.rsplit(".", 1)[-1]]
    for name in names:
        if not name:
            continue
        found = re.search(
            rf"""^[ \t]*(?:["']?{re.escape(name)}["']?[ \t.=]|\[\[?{re.escape(prefix + name)}[\].])""",
            text,
            re.MULTILINE,
        )
        if found:
            return f"{path}:{text.count(chr(10), 0, found.start()) + 1}"
    return str(path)


def _absolute(name: str, value: object, directory: Path) -> object:
    key = next(k for k in keys() if k.name == name)
    if not key.path:
        return value
    if isinstance(value, list):
        return [str(directory / Path(v).expanduser()) for v in value]
    if name == "model" and value == "none":
        return value
    return str(directory / Path(str(value)).expanduser())


def from_table(table: Mapping[str, Any], *, origin: str, base: Config | None = None) -> Config:
    """A configuration from a parsed table, over ``base``. Raises UsageError, naming ``origin`` and the key."""
    values = {}
    for name, value in table.items():
        key = _known(name, keys(), origin)
        values[key.attribute] = _value(key, value, origin, name)
    return replace(base or Config(), **values)


def _known(name: str, among: Iterable[Key], origin: str) -> Key:
    rows = {key.name: key for key in among}
    if name in rows:
        return rows[name]
    close = difflib.get_close_matches(name.replace("_", "-").lower(), rows, n=1, cutoff=0.5)
    hint = f"; did you mean `{close[0]}`?" if close else "; `tonelint config schema` lists the keys"
    raise UsageError(f"{origin}: unknown key `{name}`{hint}")


def _value(key: Key, value: object, origin: str, name: str) -> Any:  # noqa: ANN401
    """A TOML value as the attribute holds it."""

    def wrong(what: str) -> UsageError:
        return UsageError(f"{origin}: `{name}` must be {what}, not {value!r}")

    match key.kind:
        case "word":
            if not isinstance(value, str):
                raise wrong("a string")
            return _chosen(key, value, origin, name)
        case "words":
            if isinstance(value, str) or not isinstance(value, list) or not all(isinstance(v, str) for v in value):
                raise wrong(f'a list of strings, as in {name} = ["…"]')
            return tuple(value)
        case "flag":
            if not isinstance(value, bool):
                raise wrong("true or false")
            return value
        case "probability":
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise wrong("a number from 0 to 1")
            return float(value)
        case "overrides":
            if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
                raise wrong("tables, written [[overrides]]")
            return tuple(_override(row, origin) for row in value)
        case _:
            if not isinstance(value, dict):
                raise wrong(f"a table, written [{name}]")
            return _table(key, value, origin, name)


def _chosen(key: Key, value: str, origin: str, name: str) -> str:
    if key.choices and value not in key.choices:
        close = difflib.get_close_matches(value.lower(), key.choices, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"one of {', '.join(key.choices)}"
        raise UsageError(f"{origin}: `{name}` cannot be {value!r}; {hint}")
    return value


def _table(key: Key, value: dict[str, Any], origin: str, name: str) -> Any:  # noqa: ANN401
    if key.kind == "number-table":
        numbers = dict(_flat(value))
        for part, number in numbers.items():
            if key.choices and part not in key.choices:
                close = difflib.get_close_matches(part, key.choices, n=1, cutoff=0.4)
                hint = f"did you mean `{close[0]}`?" if close else f"there are {', '.join(key.choices)}"
                raise UsageError(f"{origin}: unknown key `{name}.{part}`; {hint}")
            if isinstance(number, bool) or not isinstance(number, int | float):
                raise UsageError(f"{origin}: `{name}.{part}` must be a number, not {number!r}")
        return {part: float(number) for part, number in numbers.items()}
    if key.kind == "words-table":
        for part, row in value.items():
            if not isinstance(row, list) or not all(isinstance(v, str) for v in row):
                raise UsageError(f"{origin}: `{name}.{part}` must be a list of strings, not {row!r}")
        return tuple((part, tuple(row)) for part, row in value.items())
    for part, word in value.items():
        if not isinstance(word, str):
            raise UsageError(f"{origin}: `{name}.{part}` must be a string, not {word!r}")
        _chosen(key, word, origin, f"{name}.{part}")
    return dict(value) if key.attribute == "severities" else tuple(value.items())


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _override(row: Mapping[str, Any], origin: str) -> Override:
    paths = row.get("paths")
    if isinstance(paths, str):
        paths = [paths]
    if not isinstance(paths, list) or not paths or not all(isinstance(p, str) for p in paths):
        raise UsageError(f'{origin}: `overrides` needs `paths`, as in paths = ["support/**"]')
    allowed = tuple(k for k in keys() if k.by_path)
    values = []
    for name, value in row.items():
        if name != "paths":
            key = _known(name, allowed, f"{origin}: [[overrides]]")
            values.append((key.attribute, _value(key, value, origin, name)))
    return Override(tuple(paths), tuple(values))


def resolve(directory: Path, *, isolated: bool = False, given: Iterable[str] = ()) -> tuple[Config, Path | None]:
    """The configuration for a directory, and the file that it came from.

    ``given`` are the values of ``--config``: files (the last one replaces what would be found) and inline
    ``key = value`` pairs, which go over everything. Without a file, and with one that is given, patterns count from
    the current directory. Raises UsageError or SourceError.
    """
    files: list[str] = []
    inline: list[str] = []
    for value in given:
        (inline if "=" in value and not Path(value).is_file() else files).append(value)
    path: Path | None = Path(files[-1]) if files else None
    if path is None and not isolated:
        path = find(directory.resolve())
    config = load(path) if path else Config()
    if path is None or files:
        config = replace(config, root=str(Path.cwd()))
    for text in inline:
        origin = f"--config {text!r}"
        config = from_table(_parse(text, origin), origin=origin, base=config)
    return config, path
