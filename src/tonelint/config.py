"""The configuration that one run goes by: frozen, and the same for every face of the tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BALANCE_SHARE = {"marketing": 0.20, "sales": 0.30, "service": 0.50, "support": 0.50}


@dataclass(frozen=True, slots=True)
class Config:
    """What is checked, how strictly, and by what names the house goes. Defaults are those of the documentation."""

    select: tuple[str, ...] = ("ALL",)
    """Codes, prefixes, names or categories of the rules to run."""
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Glob pattern and the codes that are ignored in files that match it."""
    channel: str = "auto"
    moment: str = "auto"
    channels_by_path: tuple[tuple[str, str], ...] = ()
    """Glob pattern and channel."""
    moments_by_path: tuple[tuple[str, str], ...] = ()
    min_confidence: float | None = None
    """Replaces the thresholds of all categories; a probability 0…1."""
    severity: str = "info"
    """Findings below this severity are not reported."""
    fail_on: str = "warning"
    model: str | None = None
    """A model folder; ``none`` runs without a model."""
    own_names: tuple[str, ...] = ()
    """Company and product names: they count as the company speaking of itself."""
    allow: tuple[str, ...] = ()
    """Phrases to let pass: a finding whose words lie inside one of them is dropped."""
    vocabulary: tuple[str, ...] = ()
    """Words of the house that are no jargon to its readers."""
    severities: Mapping[str, str] = field(default_factory=dict)
    """Severity by rule code, prefix or name."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Numbers by name: ``balance.marketing``, ``name-overuse``, …"""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    rules: tuple[str, ...] = ()
    """Files with phrase rules of the house's own, in the format of the built-in ones."""
    plugins: tuple[str, ...] = ()
    dialect: str | None = None
    """Template dialect; guessed from name and text if None."""

    def threshold(self, name: str, default: float) -> float:
        """A number the user may have set."""
        return self.thresholds.get(name, default)
