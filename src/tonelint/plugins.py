"""Rules and reporters from other installed packages, looked up only when the configuration names them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from tonelint.errors import UsageError
from tonelint.rules.base import Rule

GROUPS = ("tonelint.rules", "tonelint.reporters")


@dataclass(frozen=True, slots=True)
class Plugins:
    """What the named plugins bring."""

    rules: tuple[Rule, ...] = ()
    reporters: tuple[tuple[str, Callable[..., str]], ...] = ()


@cache
def load(names: tuple[str, ...]) -> Plugins:
    """The plugins of these names: the name of an entry point, or of the package that has it.

    An entry point of ``tonelint.rules`` is a rule or a tuple of rules, one of ``tonelint.reporters`` a function from a
    run and a style to text. Raises UsageError for a name that nothing installed has, and for a plugin of no use.
    """
    if not names:
        return Plugins()
    rules: list[Rule] = []
    reporters: list[tuple[str, Callable[..., str]]] = []
    for name in names:
        points = [p for group in GROUPS for p in entry_points(group=group) if name in (p.name, p.dist and p.dist.name)]
        if not points:
            raise UsageError(
                f"no installed package brings the plugin {name!r}; install it, or take it out of `plugins`"
            )
        for point in points:
            thing = _loaded(point)
            if point.group == "tonelint.rules":
                rules += _rules(point, thing)
            elif point.group == "tonelint.reporters":
                if not callable(thing):
                    raise UsageError(f"plugin {point.name!r}: its reporter is not a function")
                reporters.append((point.name, thing))
    return Plugins(tuple(rules), tuple(reporters))


def _loaded(point: EntryPoint) -> Any:  # noqa: ANN401
    try:
        return point.load()
    except Exception as error:  # whatever other people's code raises
        raise UsageError(f"plugin {point.name!r} ({point.value}) cannot be loaded: {error}") from error


def _rules(point: EntryPoint, thing: object) -> tuple[Rule, ...]:
    found = thing if isinstance(thing, tuple | list) else (thing,)
    for rule in found:
        if not isinstance(rule, Rule):
            raise UsageError(f"plugin {point.name!r}: {rule!r} is not a tonelint rule")
    return tuple(found)
