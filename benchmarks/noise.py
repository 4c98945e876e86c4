"""How quiet the linter is, in one run: ``python benchmarks/noise.py [FOLDER…] [--model none]``.

* on the corpus's clean messages, which a good editor would leave alone: findings of any kind per 1,000 words
* on the files of each folder: errors, and findings whose words lie in markup or in template code (there must be none)
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from pathlib import Path

from tonelint.config import Config
from tonelint.discovery import discover
from tonelint.linter import lint
from tonelint.readers import read
from tonelint.source import load
from tonelint.tagging import Tagger, load_tagger
from tonelint.train import corpus
from tonelint.types import Document, Span


def clean_copy(tagger: Tagger) -> None:
    """Findings on clean messages, by part of the corpus and rule."""
    for part in ("train", "validation", "test"):
        words, found, messages = 0, Counter[str](), 0
        for row in corpus.read("messages"):
            if not row["clean"] or row["split"] != part:
                continue
            text = "\n\n".join(s["text"] for s in row["sentences"])
            words, messages = words + len(text.split()), messages + 1
            result = lint(read(text, name=row["id"], format="text"), replace(Config(), channel=row["channel"]), tagger)
            found.update(f.code for f in result.findings)
        if words:
            rate = 1000 * sum(found.values()) / words
            print(
                f"clean {part}: {messages} messages, {words} words, {rate:.2f} findings per 1,000 words: {dict(found.most_common())}"
            )


def code_runs(document: Document) -> list[Span]:
    """Source runs that are not prose: template tags and markup."""
    return [t.span for t in document.tags] + list(document.markup)


def folder(path: Path, tagger: Tagger) -> None:
    """Check every file below a folder."""
    files = list(discover([str(path)]).files)
    files += [str(f) for f in sorted(path.rglob("*")) if f.is_file() and str(f) not in files and f.suffix != ".tsv"]
    errors, inside, findings, words = 0, 0, Counter[str](), 0
    for name in files:
        try:
            document = read(load(name).text, name=name)
            result = lint(document, Config(), tagger)
        except Exception as error:  # counting failures is what this script is for
            errors += 1
            print(f"ERROR {name}: {error!r}")
            continue
        words += sum(len(s.text.split()) for s in document.segments if not s.alternate)
        runs = code_runs(document)
        for finding in result.findings:
            findings[finding.code] += 1
            if (
                finding.span
                and finding.code not in ("TPL001", "INT101")
                and any(run.contains(finding.span) for run in runs)
            ):
                inside += 1
                print(f"INSIDE CODE {name}: {finding.code} {finding.text!r}")
    told = f"{errors} errors, {sum(findings.values())} findings, {inside} inside markup or template code"
    print(f"{path}: {len(files)} files, {words} words, {told}")
    print(f"  {dict(findings.most_common())}")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--model")
    options = parser.parse_args()
    tagger = load_tagger(options.model)
    clean_copy(tagger)
    for path in options.folders:
        folder(path, tagger)


if __name__ == "__main__":
    main()
