"""The labelled corpus: reading, writing, checking and counting ``training_data/``.

People write in a compact text form (:func:`parse_draft`); the repository holds JSON Lines:

* ``messages.jsonl``   one message a line, every sentence labelled
* ``exchanges.jsonl``  the same for replies, with the customer's message
* ``rewrites.jsonl``   sentences with findings, and what an editor would accept instead
* ``contrasts.jsonl``  minimal pairs that turn one label

``python -m tonelint.train.corpus import DRAFT…`` adds drafts, ``… check`` validates, ``… count`` prints the counts.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tonelint.types import CATEGORIES, CHANNELS, MOMENTS, STANCES

Row = dict[str, Any]

CODES = {
    "sp": "self-praise", "an": "announcement", "pr": "pressure", "as": "assumption", "in": "intrusive", "ho": "hollow",
    "bl": "blame", "de": "deflection", "ta": "talking-at", "vp": "vague-promise", "tx": "transactional", "di": "dishonest",
}  # fmt: skip
ROLES = {
    "S": "subject", "E": "preheader", "H": "heading", "P": "body", "L": "list-item", "B": "button", "R": "record",
    "G": "greeting", "C": "sign-off", "F": "footer",
}  # fmt: skip
EVIDENCE = {"A": "acknowledges", "D": "acts", "N": "next_step", "V": "invites"}
LETTERS = {"b": "broadcast", "i": "interested", "n": "neutral"}
FOOLS = (
    "none", "courteous", "apology-only", "ack-no-apology", "polite-blame", "other-question", "parroting", "wrong-matter",
)  # fmt: skip
_LINE = re.compile(r"^([SEHPLBRGCF]) ([bin])(\+?)(?: ([ADNV]+))? \| (.*)$")
_MARK = re.compile(r"\[\[([a-z+]+):(.*?)\]\]")
_META = ("channel", "moment", "kind", "industry", "region", "register", "dialect", "medium")
PARTS = ("messages", "exchanges")


def root() -> Path:
    """The checkout's ``training_data`` folder."""
    return Path(__file__).parents[3] / "training_data"


def unmark(text: str) -> tuple[str, list[Row]]:
    """A sentence without its marks, and its findings with offsets in it."""
    plain, findings, at = "", [], 0
    for match in _MARK.finditer(text):
        plain += text[at : match.start()]
        start = len(plain)
        plain += match.group(2)
        findings += [{"category": CODES[code], "start": start, "end": len(plain)} for code in match.group(1).split("+")]
        at = match.end()
    return plain + text[at:], findings


def parse_draft(text: str, *, batch: str, split: str) -> Iterator[tuple[str, Row, list[Row]]]:
    """``(kind, item, rewrites)`` for each message or exchange of a draft file; raises ValueError with the line that is wrong."""
    item: Row | None = None
    rewrites: list[Row] = []
    kind, number, block, gap = "", 0, 0, True
    for line_number, raw in enumerate(text.splitlines(), 1):
        line = raw.rstrip()
        if line.startswith("# "):
            continue
        if not line:
            gap = True
            continue
        if line.startswith("## "):
            if item is not None:
                yield kind, _close(item), rewrites
            number += 1
            words = line[3:].split()
            kind, pairs = words[0], dict(w.split("=", 1) for w in words[1:] if "=" in w)
            item = {"id": f"{batch}-{number:03d}", "batch": batch, "split": split, **{k: pairs[k] for k in _META}}
            if kind == "exchange":
                item |= {
                    "customer": "",
                    "upset": pairs["upset"] == "yes",
                    "fools": pairs["fools"],
                    "given": [],
                    "asks": [],
                }
            else:
                item |= {"clean": pairs["clean"] == "yes"}
            item["sentences"], rewrites, block, gap = [], [], 0, True
        elif item is None:
            raise ValueError(f"{batch}:{line_number}: text before the first header")
        elif line.startswith("<"):
            item["customer"] += line[1:].strip() + "\n"
        elif match := re.match(r"given ([\w-]+): (.+)$", line):
            item["given"].append({"what": match.group(1), "words": match.group(2).strip()})
        elif match := re.match(r"ask (.+) -> (\d+|-)$", line):
            taken = None if match.group(2) == "-" else int(match.group(2)) - 1
            item["asks"].append({"words": match.group(1).strip(), "sentence": taken})
        elif line.startswith("> "):
            sentence = item["sentences"][-1]
            if not rewrites or rewrites[-1]["sentence"] != len(item["sentences"]) - 1:
                rewrites.append(
                    {"id": item["id"], "split": split, "sentence": len(item["sentences"]) - 1}
                    | {k: sentence[k] for k in ("text", "findings")}
                    | {"rewrites": []}
                )
            rewrites[-1]["rewrites"].append("" if line[2:].strip() == "-" else line[2:].strip())
        elif match := _LINE.match(line):
            role, stance, keeper, evidence, marked = match.groups()
            plain, findings = unmark(marked)
            if gap or role != "P":
                block += 1
            gap = role != "P"
            item["sentences"].append(
                {
                    "text": plain,
                    "role": ROLES[role],
                    "block": block,
                    "stance": LETTERS[stance],
                    "keeper": bool(keeper),
                    "findings": findings,
                    "evidence": [EVIDENCE[e] for e in evidence or ""],
                }
            )
        else:
            raise ValueError(f"{batch}:{line_number}: cannot read {line[:60]!r}")
    if item is not None:
        yield kind, _close(item), rewrites


def _close(item: Row) -> Row:
    """Derive the message labels from the sentences that carry them."""
    carried = {e for s in item["sentences"] for e in s["evidence"]}
    labels: Row = {name: name in carried for name in ("acts", "next_step", "invites")}
    if "customer" in item:
        item["customer"] = item["customer"].strip()
        labels = {"upset": item.pop("upset"), "acknowledges": "acknowledges" in carried} | labels
    item["labels"] = labels
    return item


_SIDE = re.compile(r"^([bin])\+? \| (.*)$")


def parse_contrasts(text: str, *, batch: str, split: str) -> Iterator[Row]:
    """The contrasts of a draft file; raises ValueError with the line that is wrong."""
    item: Row | None = None
    number = 0
    for line_number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("# "):
            continue
        if line.startswith("## "):
            if item is not None:
                yield item
            number += 1
            pairs = dict(w.split("=", 1) for w in line.split() if "=" in w)
            item = {"id": f"{batch}-{number:03d}", "batch": batch, "split": split}
            item |= {k: pairs[k] for k in ("trap", "turns", "channel", "industry")}
            item |= {"role": ROLES[pairs["role"]], "before": [], "sides": []}
        elif item is None:
            raise ValueError(f"{batch}:{line_number}: text before the first header")
        elif line.startswith("<"):
            item["before"].append(line[1:].strip())
        elif match := _SIDE.match(line):
            plain, findings = unmark(match.group(2))
            item["sides"].append({"text": plain, "stance": LETTERS[match.group(1)], "findings": findings})
        else:
            raise ValueError(f"{batch}:{line_number}: cannot read {line[:60]!r}")
    if item is not None:
        yield item


def read(name: str, folder: Path | None = None) -> list[Row]:
    """All rows of one part; an absent file is an empty part."""
    path = (folder or root()) / f"{name}.jsonl"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def write(name: str, rows: Iterable[Row], folder: Path | None = None) -> None:
    """Write one part, sorted by id (and sentence), one row a line."""
    path = (folder or root()) / f"{name}.jsonl"
    ordered = sorted(rows, key=lambda r: (r["id"], r.get("sentence", 0)))
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in ordered), encoding="utf-8")


def splits(folder: Path | None = None) -> Mapping[str, str]:
    """Batch to part; what is not named is training."""
    data = tomllib.loads(((folder or root()) / "splits.toml").read_text(encoding="utf-8"))
    return {batch: part for part, batches in data.items() for batch in batches}


def import_drafts(paths: Iterable[Path], folder: Path | None = None) -> Counter[str]:
    """Add draft files (named by batch) to the corpus; a batch that is there already is replaced."""
    part_of = splits(folder)
    parts = {name: read(name, folder) for name in (*PARTS, "rewrites", "contrasts")}
    done: Counter[str] = Counter()
    for path in paths:
        batch = path.stem
        for name, rows in parts.items():
            parts[name] = [r for r in rows if not r["id"].startswith(f"{batch}-")]
        text, split = path.read_text(encoding="utf-8"), part_of.get(batch, "train")
        if re.search(r"^## contrast ", text, re.MULTILINE):
            new = list(parse_contrasts(text, batch=batch, split=split))
            parts["contrasts"] += new
            done["contrasts"] += len(new)
            continue
        for kind, item, rewrites in parse_draft(text, batch=batch, split=split):
            parts[f"{kind}s"].append(item)
            parts["rewrites"] += rewrites
            done[kind] += 1
            done["sentences"] += len(item["sentences"])
    for name, rows in parts.items():
        write(name, rows, folder)
    return done


_TAGS = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|\*\|.*?\|\*|%%.*?%%|#\{?(?:if|else|end)\}?(?:\([^)]*\))?|\$!?\{.*?\}"
)


def normal(text: str) -> str:
    """Lower-cased, letters and digits only, template tags left out: what counts as the same sentence."""
    return " ".join(re.findall(r"\w+", _TAGS.sub(" ", text).lower()))


def problems(folder: Path | None = None) -> list[str]:
    """What is wrong with the corpus: labels, spans, ids, splits, duplicates and near-duplicates across parts."""
    found: list[str] = []
    ids: set[str] = set()
    cells: dict[tuple[str, str], set[str]] = {}
    first: dict[str, tuple[str, str]] = {}
    for name in PARTS:
        for row in read(name, folder):
            where = f"{name} {row['id']}"
            if row["id"] in ids:
                found.append(f"{where}: id used twice")
            ids.add(row["id"])
            cells.setdefault((row["industry"], row["kind"]), set()).add(row["split"])
            found += [f"{where}: {text}" for text in _row_problems(row)]
            texts = [s["text"] for s in row["sentences"]] + ([row["customer"]] if "customer" in row else [])
            for text in texts:
                key = normal(text)
                if len(key.split()) <= 4:
                    continue
                if key in first:
                    found.append(f"{where}: {text[:50]!r} stands in {first[key][0]} too")
                first.setdefault(key, (row["id"], row["split"]))
    found += [f"{i} {k}: stands in {' and '.join(sorted(s))}" for (i, k), s in cells.items() if len(s) > 1]
    found += [
        f"{a} ~ {b}: nearly the same sentence in two parts: {text[:60]!r}" for a, b, text in near_duplicates(first)
    ]
    return found


def _row_problems(row: Row) -> Iterator[str]:
    if row["channel"] not in CHANNELS:
        yield f"unknown channel {row['channel']!r}"
    if row["moment"] not in MOMENTS:
        yield f"unknown moment {row['moment']!r}"
    if row["split"] not in ("train", "validation", "test"):
        yield f"unknown split {row['split']!r}"
    if not row["sentences"]:
        yield "no sentence"
    for number, sentence in enumerate(row["sentences"]):
        text = sentence["text"]
        if (
            sentence["stance"] not in STANCES
            or sentence["role"] not in ROLES.values()
            or not text.strip()
            or "[[" in text
        ):
            yield f"sentence {number}: label, role or text is off"
        if sentence["keeper"] and (sentence["findings"] or sentence["stance"] != "interested"):
            yield f"sentence {number}: a keeper is interested and has no finding"
        if sentence["findings"] and row.get("clean"):
            yield f"sentence {number}: a finding in a clean message"
        for finding in sentence["findings"]:
            inside = 0 <= finding["start"] < finding["end"] <= len(text)
            if (
                finding["category"] not in CATEGORIES
                or not inside
                or text[finding["start"] : finding["end"]].strip() == ""
            ):
                yield f"sentence {number}: a finding's category or span is off"
    for ask in row.get("asks", ()):
        if ask["words"] not in re.sub(r"\s+", " ", row["customer"]) and ask["words"] not in row["customer"]:
            yield f"asks for words that the customer did not write: {ask['words'][:40]!r}"
        if ask["sentence"] is not None and not 0 <= ask["sentence"] < len(row["sentences"]):
            yield f"ask {ask['words'][:40]!r} is taken up by a sentence that is not there"
    for given in row.get("given", ()):
        if given["words"] not in row["customer"]:
            yield f"given words that the customer did not write: {given['words'][:40]!r}"
    if row.get("fools", "none") not in FOOLS:
        yield f"unknown fools {row['fools']!r}"


def near_duplicates(first: Mapping[str, tuple[str, str]], *, least: float = 0.8) -> Iterator[tuple[str, str, str]]:
    """Sentences of two parts whose word 3-gram sets overlap by Jaccard ≥ ``least``. ``first``: text to (id, part)."""
    index: dict[tuple[str, ...], list[str]] = {}
    grams = {}
    for text in first:
        words = text.split()
        grams[text] = {tuple(words[i : i + 3]) for i in range(len(words) - 2)}
        for gram in grams[text]:
            index.setdefault(gram, []).append(text)
    for text, own in grams.items():
        shared: Counter[str] = Counter(other for gram in own for other in index[gram] if other < text)
        for other, count in shared.items():
            if first[text][1] != first[other][1] and count / (len(own) + len(grams[other]) - count) >= least:
                yield first[other][0], first[text][0], text


def shortfalls(folder: Path | None = None) -> list[str]:
    """What the corpus promises and does not hold: sizes, variety, and the mix of the exchanges."""
    rows = {name: read(name, folder) for name in (*PARTS, "contrasts", "rewrites")}
    messages, exchanges = rows["messages"], rows["exchanges"]
    upset = [e for e in exchanges if e["labels"]["upset"]]
    acknowledged = sum(e["labels"]["acknowledges"] for e in upset) / max(1, len(upset))
    fooling = sum(e["fools"] != "none" for e in upset) / max(1, len(upset))
    lengths = [len(e["sentences"]) for e in exchanges]
    wanted = [
        ("messages", len(messages), 1200),
        ("sentences in messages", sum(len(m["sentences"]) for m in messages), 9000),
        ("exchanges", len(exchanges), 1500),
        ("contrasts", len(rows["contrasts"]), 1500),
        ("rewritten sentences", len(rows["rewrites"]), 3500),
        ("clean messages", sum(m["clean"] for m in messages), 250),
        ("industries", len({m["industry"] for m in messages}), 25),
        ("kinds of message", len({m["kind"] for m in messages}), 40),
        ("moments", len({m["moment"] for m in messages}), len(MOMENTS)),
        ("channels", len({m["channel"] for m in messages}), len(CHANNELS)),
    ]
    found = [f"{what}: {have}, promised {least}" for what, have, least in wanted if have < least]
    if not 0.4 <= acknowledged <= 0.6:
        found.append(f"upset customers who are acknowledged: {acknowledged:.0%}, promised 40 to 60%")
    if fooling < 0.5:
        found.append(f"upset customers with a reply that fools keyword matchers: {fooling:.0%}, promised half")
    if not lengths or min(lengths) < 1 or max(lengths) > 12:
        found.append(f"replies of {min(lengths, default=0)} to {max(lengths, default=0)} sentences, promised 1 to 12")
    for part, least in (("train", 0.75), ("validation", 0.07), ("test", 0.07)):
        share = sum(m["split"] == part for m in messages) / max(1, len(messages))
        if share < least:
            found.append(f"{part} part: {share:.0%} of the messages")
    second = {r["id"] for r in read("second_labels", folder)}
    for batch in sorted({r["batch"] for r in (*messages, *exchanges)}):
        group = [r["id"] for r in (*messages, *exchanges) if r["batch"] == batch]
        share = sum(i in second for i in group) / len(group)
        if share < 0.3:
            found.append(f"{batch}: {share:.0%} labelled a second time, promised 30%")
    return found


def counts(folder: Path | None = None) -> Mapping[str, Counter[str]]:
    """Counts by every dimension of the data card."""
    table: dict[str, Counter[str]] = {}

    def count(dimension: str, value: object) -> None:
        table.setdefault(dimension, Counter())[str(value)] += 1

    for name in PARTS:
        for row in read(name, folder):
            count("items", name)
            count(f"{name} by split", row["split"])
            for dimension in _META:
                count(dimension, row[dimension])
            if row.get("clean"):
                count("items", "clean messages")
            for label, value in row["labels"].items():
                count(f"{name}: {label}", "yes" if value else "no")
            if "fools" in row and row["labels"]["upset"]:
                count("fools (upset customers)", row["fools"])
                count("acknowledged (upset customers)", row["labels"]["acknowledges"])
            for sentence in row["sentences"]:
                count("sentences", name)
                count("sentences by split", row["split"])
                count("stance", sentence["stance"])
                count("role", sentence["role"])
                count("keeper", sentence["keeper"])
                for finding in sentence["findings"]:
                    count("findings", finding["category"])
            count("length (sentences)", min(len(row["sentences"]), 30) // 5 * 5)
    for row in read("rewrites", folder):
        count("items", "rewritten sentences")
        count("rewrites a sentence", len(row["rewrites"]))
    for row in read("contrasts", folder):
        count("items", "contrasts")
        count("contrast traps", row["trap"])
        count("contrasts by split", row["split"])
    return table


def main(arguments: list[str] | None = None) -> int:
    """Command line of this module."""
    parser = argparse.ArgumentParser(
        prog="python -m tonelint.train.corpus", description="Import, check and count the corpus."
    )
    parser.add_argument("action", choices=("import", "check", "count"))
    parser.add_argument("drafts", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    if options.action == "import":
        print(*(f"{k} {v}" for k, v in sorted(import_drafts(options.drafts).items())), sep="\n")
        return 0
    if options.action == "count":
        for dimension, values in counts().items():
            print(
                f"{dimension}: "
                + ", ".join(f"{k} {v}" for k, v in sorted(values.items(), key=lambda kv: (-kv[1], kv[0])))
            )
        return 0
    found, missing = problems(), shortfalls()
    print(*found, *missing, sep="\n")
    print(f"{len(found)} problems, {len(missing)} promises not kept")
    return 1 if found or missing else 0


if __name__ == "__main__":
    sys.exit(main())
