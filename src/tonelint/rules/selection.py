"""Which rules run: by code, prefix, name or category."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from pathlib import PurePath

from tonelint.config import Config
from tonelint.errors import UsageError
from tonelint.rules.base import Rule
from tonelint.types import CATEGORIES


def named(selector: str, *, code: str, name: str, category: str | None) -> bool:
    """Whether a selector names a rule: ``ALL``, a code or its beginning (``EMP``, ``EMP1``), a name, or a category."""
    wanted = selector.strip()
    return (
        wanted.upper() == "ALL"
        or (wanted.isalnum() and wanted.isascii() and code.startswith(wanted.upper()))
        or wanted.lower() == name
        or wanted.lower() == category
    )


def check_selectors(selectors: Iterable[str], rules: Sequence[Rule]) -> None:
    """Raise UsageError, with a suggestion, for a selector that names no rule."""
    for selector in selectors:
        if not any(named(selector, code=r.code, name=r.name, category=r.category) for r in rules):
            known = ["ALL", *CATEGORIES, *(r.code for r in rules), *(r.name for r in rules)]
            close = difflib.get_close_matches(selector, known, n=1) or difflib.get_close_matches(
                selector.upper(), known, n=1
            )
            hint = f"; did you mean {close[0]!r}?" if close else "; `tonelint rule --all` lists them"
            raise UsageError(f"no rule, prefix, name or category {selector!r}{hint}")


def select(rules: Sequence[Rule], config: Config) -> tuple[Rule, ...]:
    """The rules that the configuration chooses. The most specific selector wins, as in ruff; of equals, ``ignore``."""
    check_selectors((*config.select, *config.extend_select, *config.ignore), rules)

    def weight(selectors: Iterable[str], rule: Rule) -> int:
        best = -1
        for selector in selectors:
            wanted = selector.strip()
            if not named(wanted, code=rule.code, name=rule.name, category=rule.category):
                continue
            if wanted.upper() == "ALL":
                best = max(best, 0)
            elif wanted.isalnum() and rule.code.startswith(wanted.upper()):
                best = max(best, len(wanted))
            else:  # a name is as specific as a code, a category as a family
                best = max(best, len(rule.code) if wanted.lower() == rule.name else 3)
        return best

    chosen = (*config.select, *config.extend_select)
    return tuple(r for r in rules if (on := weight(chosen, r)) >= 0 and weight(config.ignore, r) < on)


def ignored_for(path: str, config: Config) -> tuple[str, ...]:
    """Selectors ignored in a file, by ``per-file-ignores``. Patterns match the path, its tail, or the file's name."""
    pure = PurePath(path)
    return tuple(
        code
        for pattern, codes in config.per_file_ignores
        if fnmatch(path, pattern) or fnmatch(pure.name, pattern) or fnmatch(path, f"*/{pattern}")
        for code in codes
    )
