"""Second labels: handing out messages without their labels, taking the answers back, and how far two hands agree.

``export`` draws a share of each batch and writes it without labels; ``import`` reads answers; ``report`` prints agreement
before settlement; ``disagreements`` lists what a third reading has to settle; ``settle`` takes its decisions over into the corpus.

An answer file holds, for each message, ``## ID``, one line a sentence (``NUMBER STANCE[+] [codes]``: ``3 n ho,de``) and a line
``labels acts=yes next_step=no invites=yes`` (with ``upset`` and ``acknowledges`` for exchanges).
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tonelint.train import corpus
from tonelint.train.metrics import f1, kappa
from tonelint.types import CATEGORIES

_ANSWER = re.compile(r"^(\d+)[.:]?\s+([bin])(\+?)(?:\s+([a-z,+ ]+))?$")
_CODE_OF = {category: code for code, category in corpus.CODES.items()}
LABELS = ("upset", "acknowledges", "acts", "next_step", "invites")


def draw(rows: Sequence[corpus.Row], *, share: float, seed: int) -> list[corpus.Row]:
    """At least that share of each batch's items, drawn with a seed of its own so that batches added later change nothing."""
    drawn = []
    for batch in sorted({r["batch"] for r in rows}):
        group = sorted((r for r in rows if r["batch"] == batch), key=lambda r: r["id"])
        count = -(-int(len(group) * share * 1000) // 1000) if share < 1 else len(group)
        drawn += random.Random(f"{seed}:{batch}").sample(group, max(1, count))
    return sorted(drawn, key=lambda r: r["id"])


def sheet(row: corpus.Row) -> str:
    """One message as the second hand sees it: the text, and nothing of its labels."""
    lines = [f"## {row['id']} channel={row['channel']} medium={row['medium']}"]
    if "customer" in row:
        lines += [f"< {line}" for line in row["customer"].splitlines()]
    lines += [f"{i}. [{s['role']}] {s['text']}" for i, s in enumerate(row["sentences"], 1)]
    return "\n".join(lines) + "\n"


def parse_answers(text: str, *, origin: str) -> list[corpus.Row]:
    """Second labels of an answer file; raises ValueError naming the line that cannot be read."""
    rows: list[corpus.Row] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("# "):
            continue
        if line.startswith("## "):
            rows.append({"id": line.split()[1], "sentences": [], "labels": {}})
        elif line.startswith("labels"):
            rows[-1]["labels"] = {k: v == "yes" for k, v in (pair.split("=") for pair in line.split()[1:])}
        elif match := _ANSWER.match(line):
            place, stance, keeper, codes = match.groups()
            if int(place) != len(rows[-1]["sentences"]) + 1:
                raise ValueError(f"{origin}:{number}: sentence {place} is out of order")
            try:
                findings = sorted({corpus.CODES[c] for c in re.split(r"[,+ ]+", (codes or "").strip()) if c})
            except KeyError as error:
                raise ValueError(f"{origin}:{number}: unknown code {error}") from error
            rows[-1]["sentences"].append(
                {"stance": corpus.LETTERS[stance], "findings": findings, "keeper": bool(keeper)}
            )
        else:
            raise ValueError(f"{origin}:{number}: cannot read {line[:60]!r}")
    return rows


def pairs(folder: Path | None = None) -> list[tuple[corpus.Row, corpus.Row]]:
    """``(first, second)`` labels of every item that has both. The first are those that the writer gave, before settlement."""
    settled = {(r["id"], r["sentence"]): r for r in corpus.read("settled", folder)}
    rows = {r["id"]: r for part in corpus.PARTS for r in corpus.read(part, folder)}
    found = []
    for second in corpus.read("second_labels", folder):
        row = rows.get(second["id"])
        if row is None:
            continue
        first = {"id": row["id"], "labels": dict(row["labels"]), "sentences": []}
        for i, sentence in enumerate(row["sentences"]):
            old = settled.get((row["id"], i))
            first["sentences"].append(
                {"text": sentence["text"]}
                | (
                    {"stance": old["first"]["stance"], "findings": old["first"]["findings"]}
                    if old
                    else {
                        "stance": sentence["stance"],
                        "findings": sorted({f["category"] for f in sentence["findings"]}),
                    }
                )
            )
        found.append((first, second))
    return found


def report(both: Sequence[tuple[corpus.Row, corpus.Row]]) -> dict[str, Any]:
    """Agreement of two hands: Cohen's kappa of the stance, F1 by finding (symmetric), F1 of message labels."""
    stances: list[tuple[str, str]] = []
    counts = {c: Counter[str]() for c in CATEGORIES}
    labels = {name: Counter[str]() for name in LABELS}
    for first, second in both:
        for one, other in zip(first["sentences"], second["sentences"], strict=True):
            stances.append((one["stance"], other["stance"]))
            for category in CATEGORIES:
                counts[category][_cell(category in one["findings"], category in other["findings"])] += 1
        for name in LABELS:
            if name in first["labels"] and name in second["labels"]:
                labels[name][_cell(first["labels"][name], second["labels"][name])] += 1
    by_finding = {
        c: f1(n["both"], n["second"], n["first"])["f1"]
        for c, n in counts.items()
        if n["both"] + n["first"] + n["second"]
    }
    total = sum(counts.values(), Counter[str]())
    return {
        "items": len(both),
        "sentences": len(stances),
        "stance_kappa": kappa([a for a, _ in stances], [b for _, b in stances]) if stances else None,
        "finding_f1": by_finding,
        "finding_mean_f1": sum(by_finding.values()) / len(by_finding) if by_finding else None,
        "finding_micro_f1": f1(total["both"], total["second"], total["first"])["f1"],
        "labels_f1": {
            name: f1(n["both"], n["second"], n["first"])["f1"] for name, n in labels.items() if sum(n.values())
        },
    }


def _cell(one: bool, other: bool) -> str:
    return "both" if one and other else "first" if one else "second" if other else "neither"


def disagreements(both: Sequence[tuple[corpus.Row, corpus.Row]], rows: dict[str, corpus.Row]) -> Iterable[str]:
    """What a third reading settles: the sentence with its neighbours, and both labels in an order that does not tell whose is whose."""
    for first, second in both:
        for i, (one, other) in enumerate(zip(first["sentences"], second["sentences"], strict=True)):
            if one["stance"] == other["stance"] and set(one["findings"]) == set(other["findings"]):
                continue
            row = rows[first["id"]]
            texts = [s["text"] for s in row["sentences"]]
            choices = [_label(one), _label(other)]
            random.Random(f"{first['id']}:{i}").shuffle(choices)
            lines = [f"## {first['id']} {i + 1} channel={row['channel']} role={row['sentences'][i]['role']}"]
            if "customer" in row:
                lines.append(f"< {' '.join(row['customer'].split())[:300]}")
            lines += [f"  before: {texts[i - 1]}"] if i else []
            lines.append(f"  {texts[i]}")
            lines += [f"  after: {texts[i + 1]}"] if i + 1 < len(texts) else []
            yield "\n".join([*lines, f"  ? {choices[0]}   or   {choices[1]}", ""])


def _label(sentence: corpus.Row) -> str:
    return " ".join([sentence["stance"][0], *(_CODE_OF[c] for c in sorted(sentence["findings"]))])


def settle(text: str, folder: Path | None = None) -> int:
    """Take decisions (``ID NUMBER STANCE[+] [codes] ; case``, ``code:words`` for the span of a finding) over into the corpus.

    Returns how many sentences changed; what the first hand had said is kept in ``settled.jsonl``. Raises ValueError for a line
    that cannot be read or words that are not in the sentence.
    """
    parts = {name: corpus.read(name, folder) for name in corpus.PARTS}
    rows = {r["id"]: r for part in parts.values() for r in part}
    record = {(r["id"], r["sentence"]): r for r in corpus.read("settled", folder)}
    changed = 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = re.match(r"^(\S+) (\d+) ([bin])(\+?)(.*?)(?:;\s*(.*))?$", line)
        if not match or match.group(1) not in rows:
            raise ValueError(f"line {number}: cannot read {line[:60]!r}")
        sentence = rows[match.group(1)]["sentences"][int(match.group(2)) - 1]
        old = {"stance": sentence["stance"], "findings": sorted({f["category"] for f in sentence["findings"]})}
        findings = []
        for code, words in re.findall(r"([a-z]{2})(?::\"([^\"]*)\")?(?:[,\s]|$)", match.group(5)):
            category = corpus.CODES[code]
            known = [f for f in sentence["findings"] if f["category"] == category]
            if known and not words:
                findings += known
                continue
            start = sentence["text"].find(words) if words else 0
            if start < 0:
                raise ValueError(f"line {number}: {words!r} does not stand in the sentence")
            findings.append(
                {"category": category, "start": start, "end": start + len(words) if words else len(sentence["text"])}
            )
        sentence["stance"] = corpus.LETTERS[match.group(3)]
        sentence["findings"] = findings
        sentence["keeper"] = (
            (bool(match.group(4)) or sentence["keeper"]) and not findings and sentence["stance"] == "interested"
        )
        new = {"stance": sentence["stance"], "findings": sorted({f["category"] for f in findings})}
        key = (match.group(1), int(match.group(2)) - 1)
        first = record[key]["first"] if key in record else old
        record[key] = {
            "id": key[0],
            "sentence": key[1],
            "first": first,
            "settled": new,
            "case": (match.group(6) or "").strip(),
        }
        changed += new != old
        row = rows[match.group(1)]
        if row.get("clean") and findings:
            row["clean"] = False
    for name, part in parts.items():
        corpus.write(name, part, folder)
    corpus.write("settled", record.values(), folder)
    _refresh_rewrites(rows, folder)
    return changed


def _refresh_rewrites(rows: dict[str, corpus.Row], folder: Path | None) -> None:
    """Rewrites follow their sentence: its findings are the settled ones; a sentence without findings needs no rewrite."""
    kept = []
    for rewrite in corpus.read("rewrites", folder):
        findings = rows[rewrite["id"]]["sentences"][rewrite["sentence"]]["findings"]
        if findings:
            kept.append(rewrite | {"findings": findings})
    corpus.write("rewrites", kept, folder)


def main(arguments: list[str] | None = None) -> int:
    """Command line of this module."""
    parser = argparse.ArgumentParser(
        prog="python -m tonelint.train.agreement", description="Second labels and agreement."
    )
    parser.add_argument("action", choices=("export", "import", "report", "disagreements", "settle"))
    parser.add_argument(
        "files", nargs="*", type=Path, help="export: the folder to write to; import, settle: answer files"
    )
    parser.add_argument("--share", type=float, default=0.31)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", default="", help="export: only batches that begin with this")
    options = parser.parse_args(arguments)
    rows = {r["id"]: r for part in corpus.PARTS for r in corpus.read(part)}
    if options.action == "export":
        for batch in sorted({r["batch"] for r in rows.values() if r["batch"].startswith(options.batch)}):
            drawn = draw([r for r in rows.values() if r["batch"] == batch], share=options.share, seed=options.seed)
            (options.files[0] / f"{batch}.txt").write_text("\n".join(sheet(r) for r in drawn), encoding="utf-8")
    elif options.action == "import":
        known = {r["id"]: r for r in corpus.read("second_labels")}
        for path in options.files:
            for answer in parse_answers(path.read_text(encoding="utf-8"), origin=str(path)):
                row = rows.get(answer["id"])
                if row is None or len(row["sentences"]) != len(answer["sentences"]):
                    raise ValueError(
                        f"{path}: {answer['id']} has {len(answer['sentences'])} answers and does not fit the corpus"
                    )
                known[answer["id"]] = answer
        corpus.write("second_labels", known.values())
    elif options.action == "disagreements":
        print("\n".join(disagreements(pairs(), rows)))
    elif options.action == "settle":
        print(sum(settle(path.read_text(encoding="utf-8")) for path in options.files), "sentences changed")
    else:
        for key, value in report(pairs()).items():
            print(f"{key}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
