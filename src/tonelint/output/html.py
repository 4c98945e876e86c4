"""One self-contained page: every message with its findings underlined, what it does well, and its balance.

Everything that comes out of a draft is escaped; the page loads nothing and runs no script, and its policy forbids both.
"""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from html import escape
from itertools import accumulate, pairwise

from tonelint.output.concise import summary
from tonelint.output.full import bar
from tonelint.output.results import FileReport, MessageReport, Run, Style
from tonelint.output.terminal import visible
from tonelint.types import Finding, Safety, Span

_LONGEST = 40_000
"""Code points of a message that are shown around its findings; a longer message is cut."""
_KINDS = {Safety.SAFE: "Safe fix", Safety.UNSAFE: "Rewrite", Safety.DISPLAY: "Idea"}
_CSS = """
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5b6472; --page: #fbfbf9; --card: #fff; --line: #e1e3e0;
  --error: #b3261e; --warning: #8a5a00; --info: #1f5f99; --good: #1e6b3a; --goodback: #e5f3e9; --neutral: #c9cdd2 }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e6ea; --soft: #9aa3b0; --page: #14171c; --card: #1b1f26;
  --line: #2c323b; --error: #ff8a80; --warning: #e8b04a; --info: #7db7ea; --good: #7fcf9a; --goodback: #183524;
  --neutral: #48505b } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
h1 { font-size: 1.3rem; margin: 0 0 .25rem } h2 { font-size: 1.05rem; margin: 2.5rem 0 .5rem; overflow-wrap: anywhere }
h3 { font-size: .9rem; margin: 1.25rem 0 .25rem; overflow-wrap: anywhere } p { margin: .3rem 0 }
.soft { color: var(--soft); font-size: .9rem } .failed { color: var(--error) }
article { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: .9rem 1.1rem; margin: .6rem 0 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .6rem 0; unicode-bidi: plaintext }
mark { background: none; color: inherit; text-decoration: underline 2px; text-underline-offset: 3px }
mark.error { text-decoration-color: var(--error) } mark.warning { text-decoration-color: var(--warning) }
mark.info { text-decoration-color: var(--info) }
ins { text-decoration: none; background: var(--goodback) }
mark sup { font-size: .7em; color: var(--soft); margin-left: .15em }
ol, ul { margin: .6rem 0 0; padding-left: 1.6rem } li { margin: .45rem 0 }
b.error { color: var(--error) } b.warning { color: var(--warning) } b.info { color: var(--info) }
.good { color: var(--good) }
svg { display: block; width: 100%; height: 10px; margin: .5rem 0; border-radius: 5px }
.interested { fill: var(--good) } .broadcast { fill: var(--warning) } .neutral { fill: var(--neutral) }
q { quotes: "“" "”" } nav ul { columns: 2 18rem } a { color: inherit }
"""


def html(run: Run, style: Style) -> str:
    """The page as a text."""
    digest = base64.b64encode(hashlib.sha256(_CSS.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>tonelint report</title>\n<style>{_CSS}</style>\n</head>\n"
    )
    files = [(i, file) for i, file in enumerate(run.files) if file.errors or file.findings or file.messages]
    told = summary(run, Style(width=10_000)).strip()
    body = [
        "<body>\n<header><h1>Tone of the copy</h1>",
        f'<p class="soft">{_text(told)} tonelint {_text(run.version)}</p></header>',
    ]
    if len(files) > 1:
        rows = "".join(
            f'<li><a href="#file-{i}">{_text(file.path)}</a> <span class="soft">{len(file.findings)}</span></li>'
            for i, file in files
        )
        body.append(f"<nav><ul>{rows}</ul></nav>")
    body.append("<main>")
    body += [_file(i, file) for i, file in files]
    body.append("</main>\n</body>\n</html>\n")
    del style
    return (head + "\n".join(body)).encode("utf-8", "replace").decode()


def _text(text: str) -> str:
    return escape(visible(text))


def _file(number: int, file: FileReport) -> str:
    parts = [f'<section id="file-{number}">\n<h2>{_text(file.path)}</h2>']
    parts += [f'<p class="failed">{_text(error)}</p>' for error in file.errors]
    parts += [f'<p class="soft">Note: {_text(note)}</p>' for note in file.notes]
    by_message: dict[str, list[Finding]] = {}
    for finding in file.findings:
        by_message.setdefault(finding.message_id, []).append(finding)
    for message in file.messages:
        found = by_message.get(message.id, [])
        if len(file.messages) == 1 or found or message.keepers:
            parts.append(_message(file, message, found, alone=len(file.messages) == 1))
    parts.append("</section>")
    return "\n".join(parts)


def _message(file: FileReport, message: MessageReport, findings: Sequence[Finding], *, alone: bool) -> str:
    facts = [message.channel, "" if message.moment == "other" else message.moment, message.language]
    if message.opens or message.closes:
        facts.append(f"opens {message.opens or 'neutral'}, closes {message.closes or 'neutral'}")
    parts = ["<article>"]
    if not alone:
        parts.append(f"<h3>{_text(message.id)}</h3>")
    parts.append(f'<p class="soft">{_text(" · ".join(f for f in facts if f))}</p>')
    parts.append(_balance(message))
    parts.append(f"<pre>{_marked(file.text, message, findings)}</pre>")
    if findings:
        rows = "\n".join(_finding(file, finding) for finding in findings)
        parts.append(f"<ol>\n{rows}\n</ol>")
    if message.keepers:
        kept = "".join(
            f"<li>{_text(' '.join(file.text[span.start : span.end].split())[:400])}</li>" for span in message.keepers
        )
        parts.append(f'<p class="good">Worth keeping</p>\n<ul class="good">{kept}</ul>')
    parts.append("</article>")
    return "\n".join(parts)


def _balance(message: MessageReport) -> str:
    balance = message.balance
    told = f"{balance.interested} interested, {balance.broadcast} broadcast, {balance.neutral} neutral"
    if not balance.interested + balance.broadcast + balance.neutral:
        return ""
    at, rects = 0, []
    for name, cells in zip(("interested", "broadcast", "neutral"), bar(balance, 100), strict=True):
        rects.append(f'<rect class="{name}" x="{at}" y="0" width="{cells}" height="10"/>')
        at += cells
    share = f" ({balance.share:.0%} interested)" if balance.share is not None else ""
    drawn = "".join(rects)
    return (
        f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{told}">{drawn}</svg>\n'
        f'<p class="soft">{told}{share}</p>'
    )


def _marked(text: str, message: MessageReport, findings: Sequence[Finding]) -> str:
    """The message's source text, findings underlined and numbered, keepers tinted. Runs that overlap are cut apart.

    What stands between its sentences (markup, mostly) is left out.
    """
    span = message.span
    end = min(span.end, max(span.start + _LONGEST, max((f.span.end for f in findings if f.span), default=0)))
    numbered = [(f.span, f, i) for i, f in enumerate(findings, 1) if f.span is not None]
    spoken = _Runs(message.sentences, span.start, end)
    # a finding about a run of sentences does not show the markup between them; one about a tag or comment shows that
    apart = [s for s, _, _ in numbered if not spoken.touch(s)]
    read, kept = _Runs((*message.sentences, *apart), span.start, end), _Runs(message.keepers, span.start, end)
    points = read.cuts | kept.cuts | _Runs((s for s, _, _ in numbered), span.start, end).cuts | {span.start, end}
    waiting = sorted(numbered, key=lambda row: row[0], reverse=True)
    open_: list[tuple[Span, Finding, int]] = []
    parts: list[str] = []
    for start, stop in pairwise(sorted(points)):
        open_ = [row for row in open_ if row[0].end >= stop]
        while waiting and waiting[-1][0].start <= start:
            row = waiting.pop()
            if row[0].end >= stop:
                open_.append(row)
        if message.sentences and not read.hold(start) and not text[start:stop].isspace():
            parts.append("\n" if parts and not parts[-1].endswith("\n") else "")
            continue
        shown = _lines(text[start:stop])
        here = sorted(open_, key=lambda row: row[2])
        if here:
            worst = max(f.severity for _, f, _ in here).word
            ends = [str(i) for s, _, i in here if s.end == stop]
            note = f"<sup>{','.join(ends)}</sup>" if ends else ""
            titles = escape("; ".join(f"{f.code} {f.name}" for _, f, _ in here))
            shown = f'<mark class="{worst}" title="{titles}">{shown}{note}</mark>'
        if kept.hold(start):
            shown = f"<ins>{shown}</ins>"
        parts.append(shown)
    if end < span.end:
        parts.append('<span class="soft"> … (cut)</span>')
    return "".join(parts)


class _Runs:
    """Spans within bounds: where they begin and end, and whether any of them holds a place."""

    def __init__(self, spans: Iterable[Span], start: int, end: int) -> None:
        clipped = sorted((min(max(s.start, start), end), min(max(s.end, start), end)) for s in spans)
        self.cuts = {place for run in clipped for place in run}
        self._starts = [run[0] for run in clipped]
        self._ends = list(accumulate((run[1] for run in clipped), max))

    def hold(self, place: int) -> bool:
        """Whether a place, and with it the run up to the next cut, lies in one of them."""
        return self.touch(Span(place, place + 1))

    def touch(self, span: Span) -> bool:
        """Whether any of them overlaps a span."""
        before = bisect_left(self._starts, span.end)
        return before > 0 and self._ends[before - 1] > span.start


def _lines(text: str) -> str:
    """Text with its line breaks and tabs, all other control characters shown."""
    folded = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join("\t".join(map(_text, line.split("\t"))) for line in folded.split("\n"))


def _finding(file: FileReport, finding: Finding) -> str:
    severity = finding.severity.word
    where = "whole message"
    if finding.span is not None:
        line, column = file.lines.position(finding.span.start)
        where = f"line {line}, column {column}"
    hints = "".join(
        f"<li>{_KINDS[s.kind]}: {_text(s.text) if s.text else 'leave it out'}</li>" for s in finding.suggestions
    )
    return (
        f'<li><b class="{severity}">{severity}</b> <b>{_text(finding.code)}</b> {_text(finding.name)} '
        f'<span class="soft">{where}</span><br>{_text(finding.message)}{f"<ul>{hints}</ul>" if hints else ""}</li>'
    )
