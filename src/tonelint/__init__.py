"""tonelint: a linter for the tone of outbound copy."""

__version__ = "0.1.0"
