"""Finding, verifying and describing model folders. Nothing is ever fetched."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tonelint.errors import ModelError

FORMAT = 1
_VALUES: Mapping[str, type | tuple[type, ...]] = {
    "files": str,
    "thresholds": (int, float),
    "pattern_thresholds": (int, float),
    "priors": (int, float),
}
NAME = "tone"
_MEND = "reinstall tonelint, or name a model folder with --model or TONELINT_MODEL"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A verified model folder: its path and its ``config.json``."""

    path: Path
    config: Mapping[str, Any]
    rules: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Of ``metrics.json``: hits and precision of each rule on the corpus's validation part, by code."""

    @property
    def identity(self) -> str:
        """Changes whenever any weight does."""
        digests = "".join(sorted(str(d) for d in self.config["files"].values()))
        digests += json.dumps(
            [self.config.get(k) for k in ("thresholds", "pattern_thresholds", "pattern_weight", "priors")]
        )
        digests += json.dumps(self.rules, sort_keys=True)
        return hashlib.sha256(digests.encode()).hexdigest()[:16]

    @property
    def weight(self) -> float:
        """How much the model's evidence counts beside a pattern's, 0…1."""
        return float(self.config.get("pattern_weight", 0.5))

    def threshold(self, category: str) -> float:
        """From which probability 0…1 the model alone raises a finding of the category."""
        return float(self.config["thresholds"].get(category, 0.5))

    def pattern_threshold(self, category: str) -> float:
        """From which joined confidence 0…1 a pattern's finding of the category is reported."""
        return float(self.config.get("pattern_thresholds", {}).get(category, 0.5))

    def precision(self, code: str) -> tuple[int, float] | None:
        """How often a rule hit on the validation part of the corpus, and how often rightly (0…1); None if it was not measured."""
        figures = self.rules.get(code)
        return (int(figures["hits"]), float(figures["precision"])) if figures else None

    def prior(self, category: str) -> float:
        """Share 0…1 of training sentences with the category."""
        return float(self.config.get("priors", {}).get(category, 0.02))


def candidates() -> tuple[Path, ...]:
    """Where the shipped model may lie: the package's copy, then the checkout's."""
    package = Path(__file__).parent
    checkout = package.parents[1]
    places = [package / "_models" / NAME]
    if (checkout / "pyproject.toml").is_file():
        places.append(checkout / "models" / NAME)
    return tuple(places)


def find(named: str | None = None) -> Path:
    """The model folder to use: ``named``, else ``TONELINT_MODEL``, else the shipped one. Raises ModelError if there is none."""
    told = named or os.environ.get("TONELINT_MODEL")
    if told:
        path = Path(told)
        if not (path / "config.json").is_file():
            raise ModelError(f"{told}: not a model folder (it has no config.json); {_MEND}")
        return path
    for path in candidates():
        if (path / "config.json").is_file():
            return path
    raise ModelError(
        f"the model that ships with tonelint is missing (looked in {', '.join(map(str, candidates()))}); {_MEND}"
    )


def load(named: str | None = None) -> ModelFolder:
    """Find a model folder and verify every file against its sha256. Raises ModelError, saying which file is wrong and how to mend it."""
    path = find(named)
    try:
        config = json.loads((path / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path / 'config.json'}: cannot be read ({error}); {_MEND}") from error
    if not isinstance(config, dict) or not {"format", "kind"} <= set(config):
        raise ModelError(f"{path / 'config.json'}: not a tonelint model; {_MEND}")
    if config["format"] != FORMAT:
        raise ModelError(
            f"{path}: model format {config['format']}, this version reads {FORMAT}; install the tonelint version that it was made for"
        )
    for key in ("files", "thresholds", *(k for k in ("pattern_thresholds", "priors") if k in config)):
        if not isinstance(config.get(key), dict) or not all(isinstance(v, _VALUES[key]) for v in config[key].values()):
            raise ModelError(
                f"{path / 'config.json'}: not a tonelint model (`{key}` is missing or of another shape); {_MEND}"
            )
    if not config["files"] or any(Path(name).name != name for name in config["files"]):
        raise ModelError(f"{path / 'config.json'}: `files` must name the model's files in that folder; {_MEND}")
    for name, digest in config["files"].items():
        verify(path / name, str(digest))
    return ModelFolder(path, config, _rule_figures(path / "metrics.json"))


def _rule_figures(file: Path) -> Mapping[str, Mapping[str, float]]:
    """The rules' figures; none where the file is absent or of another shape, for a model of one's own need not measure them."""
    try:
        rules = json.loads(file.read_text(encoding="utf-8"))["rules"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    shaped = isinstance(rules, dict) and all(
        isinstance(r, dict) and {"hits", "precision"} <= set(r) for r in rules.values()
    )
    return rules if shaped else {}


def verify(file: Path, digest: str) -> None:
    """Raise ModelError unless the file is there and has that sha256 (hex)."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ModelError(f"{file}: missing or unreadable ({error.strerror}); {_MEND}") from error
    if data.startswith(b"version https://git-lfs"):
        raise ModelError(f"{file}: a git-lfs pointer, not the model itself; run `git lfs pull` in that checkout")
    if hashlib.sha256(data).hexdigest() != digest:
        raise ModelError(f"{file}: damaged or not the file that config.json describes (its sha256 differs); {_MEND}")
