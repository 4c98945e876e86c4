"""Translation files: YAML, JSON and gettext. Every entry is a message of its own, with exact places in the file."""

from __future__ import annotations

from tonelint.readers.locale_json import read_json
from tonelint.readers.locale_po import read_po
from tonelint.readers.locale_yaml import read_yaml

__all__ = ["read_json", "read_po", "read_yaml"]
