"""The output for people: what stands there, why it lands badly, and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tonelint.linter import Balance
from tonelint.output.concise import statistics, summary
from tonelint.output.results import FileReport, MessageReport, Run, Style
from tonelint.output.terminal import cut, excerpt, paint, visible, width, wrap
from tonelint.types import Finding, Safety, Span

_KEEPERS = 3
"""Shown of each message, unless ``verbose``."""
_WHOLE = 3
"""Sentences from which on the balance of one message among several says something."""
_HINTS = {Safety.SAFE: "safe fix", Safety.UNSAFE: "rewrite", Safety.DISPLAY: "idea"}
_BAR = 20
_INDENT = 2


def full(run: Run, style: Style) -> str:
    """Findings with their source, file by file, and a summary."""
    if style.statistics:
        return statistics(run, style)
    style = replace(style, width=max(40, style.width))
    blocks = []
    for file in run.files:
        worth = (
            file.findings or file.notes or any(m.keepers for m in file.messages) or style.verbose or len(run.files) == 1
        )
        if worth and not (style.quiet and not file.findings):
            blocks.append(_file(file, style))
    text = "".join(blocks)
    return text if style.quiet else text + summary(run, style)


def _file(file: FileReport, style: Style) -> str:
    lines = [] if style.quiet else _header(file, style)
    lines += [
        paint(line, "dim", colour=style.colour)
        for note in file.notes
        if not style.quiet
        for line in _hang("note: ", note, style)
    ]
    if lines:
        lines.append("")
    found: dict[str, list[Finding]] = {}
    for finding in file.findings:
        found.setdefault(finding.message_id, []).append(finding)
    several = len(file.messages) > 1
    facts = ("channel", "moment", "language") if several else ()
    apart = [name for name in facts if len({getattr(m, name) for m in file.messages}) > 1]
    for message in file.messages:
        if several and (message.id in found or (message.keepers and not style.quiet)):
            lines += [*_message(message, file, style, apart=apart), ""]
        for finding in found.get(message.id, ()):
            lines += [*_finding(finding, file, style), ""]
        if not style.quiet and (kept := _keepers(message, file, style)):
            lines += [*kept, ""]
    return "\n".join(lines) + "\n" if lines else ""


def _message(message: MessageReport, file: FileReport, style: Style, *, apart: Sequence[str]) -> list[str]:
    """The head of one message of several: its name, its place, what sets it ``apart`` from the others, its balance."""
    line, _ = file.lines.position(message.span.start)
    facts = [str(getattr(message, name)) for name in apart]
    name = cut(visible(message.id), style.width - 2, mark="…" if style.unicode else "...")
    dot = " · " if style.unicode else ", "
    told = dot.join([f"line {line}", *facts])
    head = paint(name, "bold", colour=style.colour)
    lines = [f"{head}  {paint(told, 'dim', colour=style.colour)}"]
    if width(name) + 2 + width(told) > style.width:
        lines = [head, *("  " + paint(part, "dim", colour=style.colour) for part in wrap(told, style.width - _INDENT))]
    balance = message.balance
    if balance.interested + balance.broadcast + balance.neutral >= _WHOLE:
        lines += [" " * _INDENT + row for row in balance_lines(balance, style)]
    return lines


def _header(file: FileReport, style: Style) -> list[str]:
    """Path; channel, moment, language; the balance; how it opens and closes."""
    name = visible(file.path)
    if width(name) > style.width:  # the end of a path tells more than its beginning
        keep = style.width - 3
        name = "..." + name[-keep:]
    lines = [paint(name, "bold", colour=style.colour)]
    if not file.messages:
        return lines
    dot = " · " if style.unicode else ", "
    facts = [_one(file, "channel", "channels"), _moment(file), _one(file, "language", "languages")]
    if len(file.messages) > 1:
        facts.append(f"{len(file.messages)} messages")
    lines += wrap(dot.join(f for f in facts if f), style.width - _INDENT)
    balance = file.balance
    if balance.interested + balance.broadcast + balance.neutral:
        lines += balance_lines(balance, style)
        if len(file.messages) == 1:
            message = file.messages[0]
            ends = f"opens {message.opens or 'neutral'}, closes {message.closes or 'neutral'}"
            lines += [paint(line, "dim", colour=style.colour) for line in wrap(ends, style.width - _INDENT)]
    return [lines[0], *(" " * _INDENT + line for line in lines[1:])]


def _one(file: FileReport, attribute: str, many: str) -> str:
    values = {str(getattr(m, attribute)) for m in file.messages}
    return values.pop() if len(values) == 1 else f"{len(values)} {many}"


def _moment(file: FileReport) -> str:
    moment = _one(file, "moment", "moments")
    return "" if moment == "other" else moment


def bar(balance: Balance, cells: int = _BAR) -> tuple[int, int, int]:
    """How many cells each stance takes: interested, broadcast, neutral. One with any sentence takes at least one."""
    counts = (balance.interested, balance.broadcast, balance.neutral)
    total = sum(counts)
    if not total:
        return 0, 0, cells
    sizes = [max(1, round(n / total * cells)) if n else 0 for n in counts]
    sizes[sizes.index(max(sizes))] += cells - sum(sizes)
    return sizes[0], sizes[1], sizes[2]


def balance_lines(balance: Balance, style: Style) -> list[str]:
    """The bar and its figures, in one line or, where that is too narrow, more."""
    marks = ("█", "▒", "·") if style.unicode else ("#", "=", ".")
    names = ("interested", "broadcast", "neutral")
    drawn = "".join(
        paint(mark * cells, name, colour=style.colour)
        for mark, name, cells in zip(marks, names, bar(balance), strict=True)
    )
    counts = (balance.interested, balance.broadcast, balance.neutral)
    told = [f"{n} {name}" for n, name in zip(counts, names, strict=True)]
    share = balance.share
    words = ", ".join(told) + (f" ({share:.0%} interested)" if share is not None else "")
    if _BAR + 2 + _INDENT + width(words) <= style.width:
        return [f"{drawn}  {words}"]
    return [drawn, *wrap(words, style.width - _INDENT)]


def _finding(finding: Finding, file: FileReport, style: Style) -> list[str]:
    severity = finding.severity.word
    head = [
        paint(severity, severity, "bold", colour=style.colour),
        paint(finding.code, "bold", colour=style.colour),
        finding.name,
    ]
    plain = f"{severity} {finding.code} {finding.name}"
    if finding.span is not None:
        line, column = file.lines.position(finding.span.start)
        where = f"{visible(file.path)}:{line}:{column}"
    else:
        where = "whole message"
    if style.verbose:
        where += f"  {finding.confidence:.0%} sure"
    lines = [" ".join(head)]
    if width(plain) + 2 + width(where) <= style.width:
        lines[0] += "  " + paint(where, "dim", colour=style.colour)
    else:
        lines.append(paint("  " + cut(where, style.width - 2, mark="..."), "dim", colour=style.colour))
    if finding.span is not None:
        lines += source(file, finding.span, severity, style)
    lines += ["  " + line for line in wrap(finding.message, style.width - 2)]
    for suggestion in finding.suggestions:
        label = f"{_HINTS[suggestion.kind]}: "
        text = suggestion.text or "(leave it out)"
        first, *rest = _hang(label, text, style)
        lines += [first.replace(label, paint(label, "good", colour=style.colour), 1), *rest]
    return lines


def source(file: FileReport, span: Span, colour_name: str, style: Style) -> list[str]:
    """The source lines of a span with the words underlined."""
    edge, mark, under = ("│", "…", "─") if style.unicode else ("|", "...", "^")
    last, _ = file.lines.position(span.end)
    gutter = max(3, len(str(last)))
    shown = excerpt(file.lines, span, style.width - gutter - 5, mark=mark)
    lines = []
    for row in shown:
        number = str(row.line) if row.line else ""
        left = paint(f"  {number:>{gutter}} {edge} ", "dim", colour=style.colour)
        blank = paint(f"  {'':>{gutter}} {edge} ", "dim", colour=style.colour)
        text = row.text if style.unicode else _ascii(row.text)
        lines.append(left + text)
        if row.length:
            lines.append(blank + " " * row.start + paint(under * row.length, colour_name, colour=style.colour))
    return [line.rstrip() if not style.colour else line for line in lines]


def _ascii(text: str) -> str:
    """What an output without Unicode can show; each column stays one column."""
    return "".join(c if c.isascii() else "?" * max(0, width(c)) for c in text)


def _hang(label: str, text: str, style: Style) -> list[str]:
    """Wrapped text behind a label, the following lines indented under it."""
    indent = " " * (2 + len(label)) if style.width >= 60 else " " * 4
    first, *rest = wrap(label + text, style.width - len(indent))
    return ["  " + first, *(indent + line for line in rest)]


def _keepers(message: MessageReport, file: FileReport, style: Style) -> list[str]:
    """What a message does well, in green."""
    spans = message.keepers
    if not spans:
        return []
    most = len(spans) if style.verbose else _KEEPERS
    tick = "✓" if style.unicode else "+"
    lines = [paint("good", "good", "bold", colour=style.colour) + "  worth keeping"]
    last, _ = file.lines.position(spans[-1].start)
    gutter = max(3, len(str(last)))
    for span in spans[:most]:
        line, _ = file.lines.position(span.start)
        words = visible(" ".join(file.text[span.start : min(span.end, span.start + 4 * style.width)].split()))
        shown = words if style.unicode else _ascii(words)
        shown = cut(shown, style.width - gutter - 5, mark="…" if style.unicode else "...")
        number = paint(f"{line:>{gutter}}", "dim", colour=style.colour)
        lines.append(f"  {number} {paint(f'{tick} {shown}', 'good', colour=style.colour)}")
    if len(spans) > most:
        lines.append(paint(f"  and {len(spans) - most} more", "dim", colour=style.colour))
    return lines
