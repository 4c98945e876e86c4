"""Templates are never harmed: fix copies of many, and let real engines say whether their tags are still the same.

    python benchmarks/templates.py [FOLDER] [--generated 360] [--seed 1] [--model none] [--show]

Every file of FOLDER (templates of your own or of others; they are only read) and so many templates from the grammar in
``template_grammar.py``, in every dialect, are fixed with all unsafe fixes in memory. Each is parsed before and after: by jinja2,
python-liquid or chevron where the dialect is theirs, by ``html.parser``, PyYAML, ``json`` and polib where the format is theirs, by
mjml if npm has installed it, and always by a plain search for tags that knows nothing of tonelint's own scanner. Prints counts; exit
status 1 if a tag sequence changed or a second run edits anything.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from template_grammar import generated

from tonelint.config import Config
from tonelint.fixer import FixResult, applicable, fix
from tonelint.linter import LintResult, lint
from tonelint.readers import format_of, read
from tonelint.source import decode
from tonelint.tagging import Tagger, load_tagger
from tonelint.types import Document, PieceKind, Role

Tokens = list[Any]
Engine = Callable[[str], Tokens]


@dataclass(frozen=True)
class Case:
    """One template: its name (the suffix tells the format), its text, its dialect as its users call it, and (if generated) its tags."""

    name: str
    text: str
    dialect: str | None = None
    tags: tuple[str, ...] | None = None


@dataclass
class Count:
    """What a run adds up."""

    files: int = 0
    findings: int = 0
    applied: int = 0
    refused: int = 0
    edited: int = 0
    changed: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    engines: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    dialects: Counter[str] = field(default_factory=Counter)


# ------------------------------------------------------------------------------------------------------------ engines


def jinja(text: str) -> Tokens:
    """All tokens of jinja2 but the text between the tags."""
    from jinja2 import Environment

    found = [(kind, value) for _, kind, value in Environment().lex(text)]
    return [(k, v) for k, v in found if k != "data"]


def liquid(text: str) -> Tokens:
    """All tokens of python-liquid but the text between the tags."""
    from liquid import Environment

    return [(t.kind, t.value) for t in Environment().tokenizer()(text) if t.kind != "content"]


def mustache(text: str) -> Tokens:
    """All tokens of chevron but the text between the tags."""
    from chevron.tokenizer import tokenize

    return [t for t in tokenize(text) if t[0] != "literal"]


_SPOKEN = frozenset(("alt", "title", "aria-label", "value", "placeholder", "label", "content", "summary"))
"""Attributes with words for readers: their tags must stay, their words may change."""


class _Events(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.events: Tokens = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = [(k, tuple(plain(v or "")) if k in _SPOKEN else v) for k, v in attrs]
        self.events.append(("start", tag, kept))
        self.silent += tag in ("script", "style")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.silent -= tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.events.append(("end", tag))
        self.silent -= tag in ("script", "style") and self.silent > 0

    def handle_data(self, data: str) -> None:
        if self.silent:
            self.events.append(("code", data))

    def handle_entityref(self, name: str) -> None:
        self.events.append(("entity", name))

    def handle_charref(self, name: str) -> None:
        self.events.append(("entity", name))

    def handle_comment(self, data: str) -> None:
        self.events.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.events.append(("declaration", decl))


def html(text: str) -> Tokens:
    """Tags, attributes, entities, comments, scripts and styles, by the parser of the standard library."""
    parser = _Events()
    parser.feed(text)
    parser.close()
    return parser.events


def _shape(value: object) -> object:
    """Keys, types and tags of a value from a locale file, without its words."""
    if isinstance(value, dict):
        return {str(k): _shape(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_shape(v) for v in value]
    return plain(value) if isinstance(value, str) else value


def yaml(text: str) -> Tokens:
    """Keys, and the tags in each value."""
    import yaml as pyyaml

    return [_shape(document) for document in pyyaml.safe_load_all(text)]


def json_file(text: str) -> Tokens:
    """Keys, and the tags in each value."""
    return [_shape(json.loads(text))]


def gettext(text: str) -> Tokens:
    """Source strings, and the tags in each translation."""
    import polib

    return [(e.msgid, plain(e.msgstr), {k: plain(v) for k, v in e.msgstr_plural.items()}) for e in polib.pofile(text)]


_PLAIN = re.compile(
    r"""\{\{\{?.*?\}\}\}? | \{%.*?%\} | \{\#.*?\#\} | <%.*?%> | <\?.*?\?> | \[%.*?%\] | %%\[.*?\]%% | %%=.*?=%% | %%\w+%% | \*\|.*?\|\*
      | \$!?\{.*?\} | \#(?:if|elseif|foreach|set)\s?\( | \#(?:else|end)\b | @(?:if|else|elseif|endif|foreach|endforeach)\b | \{!!.*?!!\}
      | \{[\$/]?\w[^{}\n]*\} | %\(?\w+\)?s | %[sd] | %\{\w+\} | \$!?[a-z]\w* | \{\*.*?\*\}""",
    re.VERBOSE | re.DOTALL,
)


def plain(text: str) -> Tokens:
    """Whatever looks like a tag in any dialect."""
    return _PLAIN.findall(text)


def mjml(text: str) -> Tokens:
    """Nothing but whether mjml accepts the file (its parse tree says no more than html.parser's events)."""
    done = subprocess.run(["mjml", "-i", "-s"], input=text, capture_output=True, text=True, timeout=60, check=False)
    return [done.returncode]


_BY_FORMAT: dict[str, tuple[tuple[str, Engine], ...]] = {
    "html": (("html.parser", html),),
    "mjml": (("html.parser", html), *((("mjml", mjml),) if shutil.which("mjml") else ())),
    "yaml": (("yaml", yaml),),
    "json": (("json", json_file),),
    "po": (("polib", gettext),),
}
_BY_DIALECT: dict[str, tuple[tuple[str, Engine], ...]] = {
    "jinja": (("jinja2", jinja),),
    "liquid": (("python-liquid", liquid),),
    "handlebars": (("chevron", mustache),),
}


def engines(document: Document) -> Iterator[tuple[str, Engine]]:
    """The engines that can read a document."""
    yield from _BY_DIALECT.get(document.dialect, ())
    yield from _BY_FORMAT.get(document.format, ())
    yield "plain search", plain


_SUPPRESSION = re.compile(
    r"""(?:<!--|\{\#|\{%\ comment\ %\}|\{\{!(?:--)?|<%\#|\{\{--|%%\[\ /\*|\{\*|\#)\s*tonelint:[\w\-= ]*
        (?:-->|\#\}|\{%\ endcomment\ %\}|(?:--)?\}\}|%>|\*/\ \]%%|\*\}|$)""",
    re.VERBOSE | re.MULTILINE,
)


def difference(case: Case, document: Document, text: str, count: Count | None = None) -> str | None:
    """What an engine, or the list of the tags that were written, finds changed in the fixed ``text``; None if nothing."""
    count = count or Count()
    was, now = (_SUPPRESSION.sub("", whole) for whole in (case.text, text))  # an idle one is taken out: that is no harm
    for name, engine in engines(document):
        try:
            before = engine(was)
        except Exception:  # not that engine's file: another dialect with the same marks, or broken from the start
            count.unreadable[name] += 1
            continue
        count.engines[name] += 1
        try:
            after = engine(now)
        except Exception as error:
            return f"{name} cannot read it any more: {type(error).__name__}: {error}"
        if before != after:
            return f"{name}: {_first(before, after)}"
    if case.tags is not None:
        at = 0
        for tag in case.tags:
            found = text.find(tag, at)
            if found < 0:
                return f"tag lost: {tag!r}"
            at = found + len(tag)
        for tag in set(case.tags):
            if text.count(tag) != case.text.count(tag):
                return f"tag doubled: {tag!r}"
    return None


def _first(before: Tokens, after: Tokens) -> str:
    for a, b in zip(before, after, strict=False):
        if a != b:
            return f"{a!r} became {b!r}"
    return f"{len(before)} tokens became {len(after)}"


# ---------------------------------------------------------------------------------------------------------------- runs


def fixed(case: Case, tagger: Tagger, config: Config) -> tuple[Document, LintResult, FixResult, FixResult]:
    """The document, its findings, and what fixing it once and a second time gives."""

    def again(text: str) -> Document:
        return read(text, name=case.name, format=document.format, dialect=case.dialect)

    def check(fresh: Document) -> LintResult:
        return lint(fresh, config, tagger)

    document = read(case.text, name=case.name, dialect=case.dialect)
    first = fix(document, lint=check, read=again, unsafe=True)
    return document, check(document), first, fix(again(first.text), lint=check, read=again, unsafe=True)


def run(cases: Sequence[Case], *, tagger: Tagger, config: Config, show: bool = False) -> Count:
    """Fix every case and compare."""
    count = Count()
    for case in cases:
        document, result, first, second = fixed(case, tagger, config)
        count.files += 1
        count.findings += len(result.findings)
        count.applied += len(first.applied)
        count.refused += len(first.refused)
        count.edited += first.text != case.text
        count.dialects[case.dialect or document.dialect] += 1
        if problem := difference(case, document, first.text, count):
            count.changed.append(f"{case.name}: {problem}")
        if second.text != first.text or second.applied:
            count.again.append(f"{case.name}: {[(f.code, f.text) for f in second.applied]}")
        left = [f for f in first.after.findings if applicable(f, unsafe=True)]
        if len(left) > len(first.refused):
            count.again.append(
                f"{case.name}: applicable and neither applied nor refused: {[(f.code, f.text) for f in left]}"
            )
        if show:
            for finding in first.refused:
                print(f"refused   {case.name}: {finding.code} {finding.text!r}")
    return count


def folder(root: Path) -> Iterator[Case]:
    """The templates under a folder."""
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        if format_of(path.name) != (None, None):
            yield Case(str(path.relative_to(root)), decode(path.read_bytes(), path.name).text)


def planted(case: Case) -> Case:
    """The same template with faults of ours in its prose: real ones seldom hold many."""
    document = read(case.text, name=case.name, dialect=case.dialect)
    spots: dict[int, str] = {}
    for segment in document.segments:
        words = [p for p in segment.pieces if p.kind is PieceKind.LITERAL and len(p.text.split()) > 2]
        if not segment.fixable or segment.alternate or not words or segment.role in (Role.QUOTE, Role.RECORD):
            continue
        first, last = words[0], words[-1]
        spots[first.span.start + first.text.find(" ", first.text.find(first.text.split()[0])) + 1] = "award-winning "
        if last.text.rstrip().endswith("."):
            spots[last.span.start + len(last.text.rstrip())] = " Thank you so much!! We value your custom."
    text, at = "", 0
    for spot in sorted(spots):
        text, at = text + case.text[at:spot] + spots[spot], spot
    return Case(case.name, text + case.text[at:], case.dialect)


def table(title: str, count: Count) -> str:
    """The counts for people."""
    rows = [
        f"{title}: {count.files} files, {count.findings} findings, {count.applied} fixes applied in {count.edited} files, "
        f"{count.refused} refused, {len(count.changed)} changed tag sequences, {len(count.again)} edited by a second run",
        "  dialects: " + ", ".join(f"{name} {n}" for name, n in sorted(count.dialects.items())),
        "  parsed by: " + ", ".join(f"{name} {n}" for name, n in sorted(count.engines.items())),
    ]
    if count.unreadable:
        rows.append("  not theirs: " + ", ".join(f"{name} {n}" for name, n in sorted(count.unreadable.items())))
    return "\n".join(
        [*rows, *(f"  CHANGED {line}" for line in count.changed), *(f"  AGAIN {line}" for line in count.again)]
    )


def main() -> int:
    """Run, print, and say by the exit status whether all was well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--generated", type=int, default=360)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", default="none", help="a model folder; without one every pattern's proposal is tried")
    parser.add_argument("--show", action="store_true", help="print what was refused")
    options = parser.parse_args()
    tagger = load_tagger(options.model)
    config = Config(min_confidence=0.0 if options.model == "none" else None)
    bad = 0
    real = list(folder(options.folder)) if options.folder else []
    for title, cases in (
        ("real templates", real),
        ("the same with faults planted", [planted(case) for case in real]),
        ("generated templates", [Case(*row) for row in generated(options.generated, seed=options.seed)]),
    ):
        if cases:
            begun = time.perf_counter()
            count = run(cases, tagger=tagger, config=config, show=options.show)
            print(table(title, count), f"  {time.perf_counter() - begun:.1f} s", sep="\n")
            bad += len(count.changed) + len(count.again)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
