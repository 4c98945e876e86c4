"""Short output for terminals and logs: a line a finding, and the lines that every text output ends with."""

from __future__ import annotations

from dataclasses import replace

from tonelint.output.results import Counts, FileReport, Run, Style, count
from tonelint.output.terminal import cut, paint, visible, width, wrap
from tonelint.types import Finding, Safety

_ENDLESS = 10_000
_FLAGS = {Safety.SAFE: " [*]", Safety.UNSAFE: " [~]", Safety.DISPLAY: ""}


def concise(run: Run, style: Style) -> str:
    """``path:line:column: CODE severity: message``, as editors and logs read it."""
    if style.statistics:
        return statistics(run, style)
    lines = [_line(finding, file, style) for file, finding in run.findings]
    text = "".join(f"{line}\n" for line in lines)
    return text if style.quiet else text + summary(run, replace(style, width=_ENDLESS))


def _line(finding: Finding, file: FileReport, style: Style) -> str:
    path = paint(visible(file.path), "bold", colour=style.colour)
    where = ""
    if finding.span is not None:
        line, column = file.lines.position(finding.span.start)
        where = f":{line}:{column}"
    code = paint(finding.code, finding.severity.word, colour=style.colour)
    message = visible(" ".join(finding.message.split()))
    if finding.span is None:
        message = f"Whole message: {message}"
    return f"{path}{where}: {code}{_flag(finding)} {finding.severity.word}: {message}"


def _flag(finding: Finding) -> str:
    return _FLAGS[max((s.kind for s in finding.suggestions if s.edits), default=Safety.DISPLAY)]


def grouped(run: Run, style: Style) -> str:
    """Findings under their file's name, in columns."""
    if style.statistics:
        return statistics(run, style)
    blocks = []
    for file in run.files:
        if not file.findings:
            continue
        rows = []
        for finding in file.findings:
            line, column = file.lines.position(finding.span.start) if finding.span else (0, 0)
            rows.append((f"{line}:{column}" if line else "-", finding))
        left = max(len(where) for where, _ in rows)
        lines = [paint(visible(file.path), "bold", colour=style.colour)]
        for where, finding in rows:
            code = paint(finding.code, finding.severity.word, colour=style.colour)
            first, *rest = wrap(finding.message, max(20, style.width - left - len(finding.code) - 6))
            lines.append(f"  {where:>{left}}  {code}  {first}")
            lines += [" " * (left + len(finding.code) + 6) + line for line in rest]
        blocks.append("\n".join(lines) + "\n\n")
    text = "".join(blocks)
    return text if style.quiet else text + summary(run, style)


def statistics(run: Run, style: Style) -> str:
    """How often each rule spoke, the most frequent first."""
    counts = count(run)
    names = {finding.code: (finding.name, finding.severity.word) for _, finding in run.findings}
    most = max((len(str(n)) for n in counts.by_code.values()), default=1)
    lines = [
        f"{number:>{most}}  {paint(code, names[code][1], colour=style.colour)}  {names[code][0]}"
        for code, number in counts.by_code.items()
    ]
    text = "".join(f"{line}\n" for line in lines)
    return text if style.quiet else text + summary(run, style)


def summary(run: Run, style: Style) -> str:
    """The last lines: how much was found, what can be fixed, what could not be read."""
    counts = count(run)
    checked = sum(1 for file in run.files if not file.errors)
    fixed, refused = sum(f.fixed for f in run.files), sum(f.refused for f in run.files)
    parts = [_found(run, counts, checked)]
    if fixed:
        parts.append(f"Fixed {_number(fixed, 'finding')}.")
    if counts.safe or counts.unsafe:
        ways = []
        if counts.safe:
            ways.append(f"{counts.safe} fixable with `--fix`")
        if counts.unsafe:
            ways.append(f"{counts.unsafe} {'more ' if counts.safe else 'fixable '}with `--fix --unsafe-fixes`")
        parts.append(", ".join(ways) + ".")
    if refused:
        parts.append(f"Not made, because not shown to be harmless: {_number(refused, 'fix', 'fixes')}.")
    if run.baselined:
        parts.append(f"{_number(run.baselined, 'finding')} in the baseline left out.")
    failed = sum(1 for file in run.files if file.errors)
    if failed:
        parts.append(f"{_number(failed, 'file')} could not be checked.")
    worst = "error" if counts.error or failed else "warning" if counts.warning else "info" if counts.info else "good"
    text = " ".join(parts)
    lines = wrap(text, style.width) if width(text) > style.width else [text]
    head = cut(lines[0], style.width, mark="")
    return "\n".join([paint(head, worst, colour=style.colour), *lines[1:]]) + "\n"


def _found(run: Run, counts: Counts, checked: int) -> str:
    if not counts.total:
        return f"Nothing found in {_number(checked, 'file')}."
    named = [
        _number(n, word) if word != "info" else f"{n} info"
        for n, word in ((counts.error, "error"), (counts.warning, "warning"), (counts.info, "info"))
        if n
    ]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    hit = sum(1 for file in run.files if file.findings)
    return f"Found {listed} in {hit} of {_number(checked, 'file')}."


def _number(n: int, word: str, many: str = "") -> str:
    return f"{n} {word if n == 1 else many or word + 's'}"
