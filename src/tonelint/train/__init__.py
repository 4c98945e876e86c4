"""Building the models from ``training_data/``. Nothing at run time imports this; it needs the extra ``train``."""

from __future__ import annotations

from importlib.util import find_spec

from tonelint.errors import TonelintError


def require(*modules: str) -> None:
    """Raise TonelintError, with the line to type, unless all modules can be imported."""
    missing = [m for m in modules if find_spec(m) is None]
    if missing:
        raise TonelintError(f"training needs {', '.join(missing)}: pip install 'tonelint[train]'")
