"""Results kept between runs, by what they depend on. A cache that cannot be read or written costs time, nothing else.

One small JSON file an entry, written whole or not at all, so that many runs may share a folder. Old entries go when
there are too many. Entries quote the copy that was checked: the folder is for its owner's eyes only.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from tonelint import __version__
from tonelint.config import Config
from tonelint.errors import SourceError
from tonelint.output.results import FileReport
from tonelint.output.shapes import file_from_shape, file_shape, span_from_shape, span_shape
from tonelint.writing import write_whole

FOLDER = ".tonelint_cache"
MOST = 5000
"""Entries; after a run that wrote any, the longest unused above that number are removed."""
_PRESENTATION = {
    "fail_on",
    "output_format",
    "baseline",
    "cache_dir",
    "include",
    "exclude",
    "extend_exclude",
    "force_exclude",
}
"""Settings that change what is shown of a result, or which files are read, but no result."""


def code_version() -> str:
    """Changes with the package's version and with any of its files, so that a checkout never sees stale results."""
    digest = hashlib.sha256(__version__.encode())
    package = Path(__file__).parent
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".toml") and path.is_file():
            info = path.stat()
            digest.update(f"{path.relative_to(package)}\0{info.st_size}\0{info.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:16]


def key(
    text: str,
    *,
    name: str,
    config: Config,
    tagger: str,
    code: str,
    rules: Sequence[str] = (),
    reply_to: str | None = None,
    notes: Sequence[str] = (),
) -> str:
    """What a result depends on, as a hash.

    ``config`` has everything that depends on the path settled (:meth:`Config.at`); ``tagger`` is the tagger's identity,
    ``code`` that of the program, ``rules`` the texts of rule files of the house's own.
    """
    settings = {
        f.name: getattr(config, f.name) for f in fields(config) if f.name not in _PRESENTATION and f.name != "root"
    }
    parts = (repr(sorted(settings.items())), name, tagger, code, *rules, "\0", *notes, "\0", repr(reply_to), text)
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def get(folder: Path, entry: str, *, text: str) -> FileReport | None:
    """A kept result, or None. An entry that cannot be understood counts as none."""
    path = _path(folder, entry)
    try:
        shape = json.loads(path.read_text(encoding="utf-8"))
        report = file_from_shape(
            shape["file"],
            text=text,
            notes=tuple(map(str, shape["notes"])),
            sentences=[[span_from_shape(s) for s in row] for row in shape["sentences"]],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # the longest unused go first
    return report


def put(folder: Path, entry: str, report: FileReport) -> None:
    """Keep a result. What goes wrong is passed over."""
    path = _path(folder, entry)
    shape = {
        "file": file_shape(report),
        "notes": list(report.notes),
        "sentences": [[span_shape(s) for s in m.sentences] for m in report.messages],
    }
    with contextlib.suppress(OSError, SourceError, ValueError):
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700)
            (folder / ".gitignore").write_text("*\n", encoding="utf-8")
            (folder / "CACHEDIR.TAG").write_text(
                "Signature: 8a477f597d28d172789f06886806bc55\n# Results of tonelint; may be deleted.\n",
                encoding="utf-8",
            )
        path.parent.mkdir(exist_ok=True)
        write_whole(path, json.dumps(shape))


def prune(folder: Path, *, most: int = MOST) -> int:
    """Remove the longest unused entries above ``most``; how many went. Another run may do the same at the same time."""
    entries = []
    for path in folder.glob("??/*.json"):
        with contextlib.suppress(OSError):
            entries.append((path.stat().st_mtime_ns, str(path)))
    gone = 0
    for _, name in sorted(entries)[: max(0, len(entries) - most)]:
        with contextlib.suppress(OSError):
            os.unlink(name)
            gone += 1
    return gone


def _path(folder: Path, entry: str) -> Path:
    return folder / entry[:2] / f"{entry[2:]}.json"
