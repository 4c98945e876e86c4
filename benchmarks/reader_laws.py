"""The readers' laws over documents from a grammar of our own: a long run.

    python benchmarks/reader_laws.py [--documents 20000] [--seed 1] [--format text]

Every generated document knows its prose words and its code words (tag names, attributes, styles, scripts, comments), so that
a run also shows that no prose is lost and no code is read. Prints counts a format; exit status 1 on the first broken law.
"""

from __future__ import annotations

import argparse
import html
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from tonelint.readers import read
from tonelint.sentences import split
from tonelint.types import Document, PieceKind, Role, Sentence, TagKind

FORMATS = ("text", "markdown", "html", "mjml")
_WORDS = "parcel order reply team visit letter room lesson bill garden report ticket plan road shop".split()


def violations(document: Document, sentences: tuple[Sentence, ...]) -> list[str]:
    """The laws that a document and its sentences break, in words; empty if none."""
    text, found = document.text, []
    for before, after in zip(document.tags, document.tags[1:], strict=False):
        if after.span.start < before.span.end:
            found.append(f"tags overlap: {before.span}, {after.span}")
    covered = bytearray(len(text) + 1)
    for value, spans in ((1, document.markup), (2, [tag.span for tag in document.tags])):
        for span in spans:
            if span.end > len(text):
                found.append(f"out of bounds: {span}")
            covered[span.start : span.end] = bytes([value]) * len(span)
    printed = {tag.span for tag in document.tags if tag.kind is TagKind.OUTPUT}
    for segment in document.segments:
        end = 0
        for piece in segment.pieces:
            if piece.span.start < end or piece.span.end > len(text):
                found.append(f"piece overlaps or is out of bounds: {piece}")
            end = piece.span.end
            run = covered[piece.span.start : piece.span.end]
            if piece.kind is PieceKind.LITERAL:
                if text[piece.span.start : piece.span.end] != piece.text:
                    found.append(f"literal differs from its source: {piece}")
                if any(run):
                    found.append(f"literal inside a tag or markup: {piece}")
            elif piece.kind is PieceKind.PLACEHOLDER:
                if piece.span not in printed:
                    found.append(f"placeholder without its tag: {piece}")
            elif 2 in run:
                found.append(f"entity inside a tag: {piece}")
            if not piece.text:
                found.append(f"piece that reads as nothing: {piece}")
        if segment.text != segment.text.strip() or not segment.text:
            found.append(f"white space around a segment: {segment.text!r}")
    for sentence in sentences:
        if sentence.text != sentence.segment.text[sentence.view.start : sentence.view.end]:
            found.append(f"sentence differs from its view: {sentence.text!r}")
        if sentence.span != sentence.segment.to_source(sentence.view):
            found.append(f"sentence is elsewhere in the source: {sentence.text!r}")
        if sentence.text != sentence.text.strip() or not any(char.isalnum() for char in sentence.text):
            found.append(f"not a sentence: {sentence.text!r}")
    return found + [f"comment out of bounds: {c.span}" for c in document.comments if c.span.end > len(text)]


def unread(document: Document, prose: list[str], code: list[str]) -> list[str]:
    """Prose words that no view holds, and code words that one does."""
    views = " ".join(segment.text for segment in document.segments)
    words = set(views.replace("\n", " ").translate(str.maketrans('.,!?;:()’"|', "           ")).split())
    return [f"prose lost: {word}" for word in prose if word not in words] + [
        f"code read: {word}" for word in code if word in views
    ]


@dataclass
class Draft:
    """A document while it is generated."""

    random: random.Random
    dialect: str
    prose: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)

    def word(self) -> str:
        word = f"{self.random.choice(_WORDS)}{len(self.prose)}"
        self.prose.append(word)
        return word

    def accented(self) -> str:
        """The rest of a word that begins with é."""
        self.prose.append(f"é{len(self.prose)}")
        return self.prose[-1][1:]

    def name(self) -> str:
        name = f"zq{len(self.code)}q"
        self.code.append(name)
        return name

    def words(self, low: int, high: int) -> str:
        return " ".join(self.word() for _ in range(self.random.randint(low, high)))


_OUTPUTS = {
    "jinja": ("{{{{ {n} }}}}", '{{{{ {n}|default("it") }}}}', "{{{{ {n}.{n} }}}}"),
    "liquid": ("{{{{ {n} | default: 'it' }}}}", "{{{{${{{n}}}}}}}"),
    "handlebars": ("{{{{{n}}}}}", "{{{{{{{n}}}}}}}"),
    "erb": ("<%= {n} %>", "<%= @{n}.{n} -%>"),
    "mailchimp": ("*|{n}|*",),
    "ampscript": ("%%=v(@{n})=%%",),
    "velocity": ("${{{n}}}", "$!{{{n}}}"),
    "tt": ("[% {n} %]",),
    "none": ("{{{n}}}", "%{{{n}}}", "%({n})s"),
}
_BRANCHES = {
    "jinja": ("{{% if {n} %}}", "{{% else %}}", "{{% endif %}}"),
    "liquid": ("{{%- unless {n} -%}}", "{{%- else -%}}", "{{%- endunless -%}}"),
    "handlebars": ("{{{{#if {n}}}}}", "{{{{else}}}}", "{{{{/if}}}}"),
    "erb": ("<% if {n} %>", "<% else %>", "<% end %>"),
    "mailchimp": ("*|IF:{n}|*", "*|ELSE:|*", "*|END:IF|*"),
    "ampscript": ("%%[ if @{n} then ]%%", "%%[ else ]%%", "%%[ endif ]%%"),
    "velocity": ("#if(${n})", "#{{else}}", "#end"),
    "tt": ("[% IF {n} %]", "[% ELSE %]", "[% END %]"),
}
_COMMENTS = {
    "jinja": "{{# {n} #}}",
    "liquid": "{{% comment %}}{n}{{% endcomment %}}",
    "handlebars": "{{{{!-- {n} --}}}}",
    "erb": "<%# {n} %>",
}


def output(draft: Draft) -> str:
    return draft.random.choice(_OUTPUTS[draft.dialect]).format(n=draft.name())


def inline(draft: Draft, form: str, depth: int = 0) -> str:
    """A few words with whatever may stand in a sentence."""
    kind = draft.random.random()
    if kind < 0.5 or depth > 2:
        return draft.words(1, 4)
    if kind < 0.62:
        return output(draft)
    if kind < 0.7 and draft.dialect in _BRANCHES:
        start, middle, end = (mark.format(n=draft.name()) for mark in _BRANCHES[draft.dialect])
        return (
            f"{start} {draft.word()} {middle} {draft.word()} {end}"
            if draft.random.random() < 0.6
            else f"{start} {draft.word()} {end}"
        )
    if kind < 0.74 and draft.dialect in _COMMENTS:
        return _COMMENTS[draft.dialect].format(n=draft.name())
    if form in ("html", "mjml", "markdown"):
        inner = inline(draft, form, depth + 1)
        pick = draft.random.randint(0, 7)
        if pick == 0:
            return f"<b class={draft.name()}>{inner}</b>"
        if pick == 1:
            return f'<a href="https://{draft.name()}.example/{output(draft)}">{inner}</a>'
        if pick == 2:
            return f"{draft.word()} &amp; {draft.word()}"
        if pick == 3:
            return f"<!-- {draft.name()} -->{inner}"
        if pick == 4:
            return f"&eacute;{draft.accented()}"
        if pick == 5 and draft.dialect in _BRANCHES:
            start, _, end = (mark.format(n=draft.name()) for mark in _BRANCHES[draft.dialect])
            return f"<i title={start.replace('zq', '1 > 0 and zq', 1)}{draft.name()}{end}>{inner}</i>"
        if form == "markdown":
            return draft.random.choice(
                (f"**{draft.word()}**", f"[{draft.word()}](https://{draft.name()}.example)", f"_{draft.word()}_")
            )
    return draft.words(1, 3)


def sentence(draft: Draft, form: str) -> str:
    body = " ".join(inline(draft, form) for _ in range(draft.random.randint(1, 4)))
    return f"We {draft.word()} {body} {draft.word()}{draft.random.choice('..!?')}"


def paragraph(draft: Draft, form: str) -> str:
    glue = " " if form != "text" else draft.random.choice((" ", " ", "\n"))
    return glue.join(sentence(draft, form) for _ in range(draft.random.randint(1, 3)))


def block(draft: Draft, form: str) -> str:
    """One block of a format."""
    pick = draft.random.randint(0, 9)
    body = paragraph(draft, form)
    if form == "text":
        return {
            0: f"- {body}",
            1: f"Cheers {draft.word()},\nAnna {draft.word()}",
            2: f"Order: {draft.word()}",
            3: f"> {body}",
        }.get(pick, body)
    if form == "markdown":
        table = f"| {draft.word()} | {draft.word()} |\n|---|---|\n| {draft.word()} | {draft.word()} |"
        return (
            {
                0: f"# {body}",
                1: f"- {body}\n- {draft.word()}",
                2: f"> {body}",
                3: f"```\n{draft.name()}\n```",
                4: table,
                5: f"![{draft.word()}](https://{draft.name()}.example/a.png)",
                6: f"<div class={draft.name()}>\n{body}\n</div>",
                7: f"<!--\n{draft.name()}\n-->",
            }.get(pick, body)
            if pick != 4
            else table
        )
    shell = "mj-text" if form == "mjml" else draft.random.choice(("p", "div", "td", "li", "h2"))
    return {
        0: f"<{shell} style='color: {draft.name()}'>{body}</{shell}>",
        1: f"<{shell}>{body}<br>{draft.word()}<br/><br />{draft.word()}</{shell}>",
        2: f'<img src={draft.name()} alt="{draft.word()} &amp; {draft.word()}">',
        3: f"<style>.{draft.name()} {{ color: red }}</style>"
        if form == "html"
        else f"<mj-style>.{draft.name()}</mj-style>",
        4: f"<script>if (a < {draft.name()}) b();</script>",
        5: f"<!--[if mso]><p>{draft.name()}</p><![endif]-->",
        6: f"<table><tr><td>{draft.word()}</td><td>{draft.word()}</td></tr></table>",
        7: f"<blockquote>{body}</blockquote>",
    }.get(pick, f"<{shell}>\n  {body}\n</{shell}>")


def generate(seed: int, form: str) -> tuple[str, Draft]:
    """One document of a format, the same for the same seed."""
    draft = Draft(random.Random(f"{form} {seed}"), "none")
    draft.dialect = draft.random.choice(list(_OUTPUTS))
    parts = []
    for _ in range(draft.random.randint(1, 6)):
        part = block(draft, form)
        if draft.dialect in _BRANCHES and draft.random.random() < 0.15:
            start, middle, end = (mark.format(n=draft.name()) for mark in _BRANCHES[draft.dialect])
            part = f"{start}\n{part}\n{middle}\n{block(draft, form)}\n{end}"
            if form == "markdown":
                part = part.replace("\n", "\n\n", 1)
        parts.append(part)
    text = "\n\n".join(parts) if form in ("text", "markdown") else "\n".join(parts)
    # words of a part that was thrown away by a choice were never written
    written = set(re.findall(r"[a-zé]+\d+", html.unescape(text)))
    draft.prose = [word for word in draft.prose if word in written]
    if draft.random.random() < 0.1:
        text = text.replace("\n", "\r\n")
    return text, draft


def check(seed: int, form: str) -> tuple[list[str], Document]:
    """What one generated document breaks."""
    text, draft = generate(seed, form)
    document = read(text, name="x", format=form, dialect=None if draft.dialect == "none" else draft.dialect)
    sentences = split(document)
    return violations(document, sentences) + unread(document, draft.prose, draft.code), document


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000, help="generated documents a format")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=FORMATS, action="append")
    options = parser.parse_args()
    for form in options.format or FORMATS:
        counts: Counter[str] = Counter()
        began = time.perf_counter()
        for seed in range(options.seed, options.seed + options.documents):
            broken, document = check(seed, form)
            if broken:
                print(f"{form}, seed {seed}: {broken[0]}\n{document.text}")
                return 1
            counts.update(
                documents=1,
                segments=len(document.segments),
                alternates=sum(segment.alternate for segment in document.segments),
                tags=len(document.tags),
                placeholders=sum(piece.kind is PieceKind.PLACEHOLDER for s in document.segments for piece in s.pieces),
                quotes=sum(segment.role is Role.QUOTE for segment in document.segments),
                characters=len(document.text),
            )
        print(f"{form}: no law broken; {dict(counts)}; {time.perf_counter() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
