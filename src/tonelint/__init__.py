"""tonelint: a linter for the tone of outbound copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tonelint.api import Linter, Result
    from tonelint.config import Config
    from tonelint.types import Document, Edit, Finding

__version__ = "0.1.0"
__all__ = ["Config", "Document", "Edit", "Finding", "Linter", "Result", "__version__"]

_WHERE = {
    "Linter": "tonelint.api",
    "Result": "tonelint.api",
    "Config": "tonelint.config",
    "Document": "tonelint.types",
    "Edit": "tonelint.types",
    "Finding": "tonelint.types",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Import public names on first use, so that ``tonelint --help`` imports nothing."""
    if name in _WHERE:
        from importlib import import_module

        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'tonelint' has no attribute {name!r}")
