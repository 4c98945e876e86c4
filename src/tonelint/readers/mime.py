"""The structure of a mail with exact positions, and its decoded texts with maps to the file.

The standard library reads the parameters of headers; it knows no positions, so parts, encoded words and transfer
encodings are found here. Everything takes linear time and no recursion, however deep the parts are nested.
"""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.message import Message

from tonelint.source import charset, from_windows_1252, to_windows_1252
from tonelint.types import Piece, PieceKind, Span

_HEADER = re.compile(r"([!-9;-~]{1,80})[ \t]*:([^\r\n]*(?:(?:\r\n|\n|\r)[ \t]+[^\s][^\r\n]*)*)(?:\r\n|\n|\r|$)")
_BLANK = re.compile(r"[ \t]*(?:\r\n|\n|\r|$)")
_ENVELOPE = re.compile(r"(?:>?From [^\r\n]*(?:\r\n|\n|\r))?")
_DELIMITER = re.compile(r"(?:^|(?<=[\r\n]))--([^\r\n]+)(?:\r\n|\n|\r|$)")
_WORD = re.compile(r"=\?([^?\s*]{1,80})(?:\*[^?\s]{1,20})?\?([bBqQ])\?([^?\r\n]*)\?=")
_FOLD = re.compile(r"(?:\r\n|\n|\r)(?=[ \t])|(?:\r\n|\n|\r)")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_BREAK = r"=[ \t]{0,80}(?:\r\n|\n|\r|\Z)"
_QUOTED = re.compile(rf"(?P<hex>(?:=[0-9A-Fa-f]{{2}}(?:{_BREAK})*)+)|(?P<gap>{_BREAK}|[ \t]{{1,200}}(?=[\r\n]))")
_HEX = re.compile(r"=([0-9A-Fa-f]{2})")
_LINE = re.compile(r"[^\r\n]+")
_LONGEST_PARAMETERS = 4000  # code points of a header that are looked at for parameters
_CHUNK = 76  # code points of base64 to a piece


@dataclass(frozen=True, slots=True)
class Header:
    """One header field; ``span`` is its value in the file, ``value`` the same unfolded, not decoded."""

    name: str
    """In lower case."""
    span: Span
    value: str


@dataclass(slots=True)
class Part:
    """One MIME part. ``start`` and ``end`` bound its body in the file."""

    headers: tuple[Header, ...]
    start: int
    end: int
    parent: int
    """Index of the part that holds it; -1 for the mail itself."""
    type: str = "text/plain"
    boundary: str | None = None
    charset: str | None = None
    """As declared."""
    encoding: str = ""
    attached: bool = False
    flowed: bool = False
    delsp: bool = False
    children: list[int] = field(default_factory=list)


def parse(text: str) -> tuple[list[Part], list[str]]:
    """All parts, each after the one that holds it, and notes on what was broken. Never raises."""
    notes: list[str] = []
    parts: list[Part] = []
    holders: list[int] = []  # open multiparts, outermost first
    boundaries: dict[str, int] = {}  # of them, with their place in holders
    open_part = -1  # the innermost part that has no end yet

    def begin(at: int, holder: int) -> int:
        """Open the part whose headers begin at ``at``, and those that begin with it; where its body begins."""
        nonlocal open_part
        while True:
            headers, start = _headers(text, at)
            part = _described(headers, start, len(text), holder)
            parts.append(part)
            index = open_part = len(parts) - 1
            if holder >= 0:
                parts[holder].children.append(index)
            if part.type.startswith("multipart/") and part.boundary:
                boundaries.setdefault(part.boundary, len(holders))
                holders.append(index)
            elif part.type in ("message/rfc822", "message/global") and part.encoding in ("", "7bit", "8bit", "binary"):
                at, holder = start, index
                continue
            return start

    def finish(at: int, depth: int) -> None:
        """The open parts below a depth end at ``at``."""
        nonlocal open_part
        end = at - 2 if text.startswith("\r\n", at - 2) else at - 1 if at and text[at - 1] in "\r\n" else at
        while open_part >= 0 and open_part != holders[depth]:
            parts[open_part].end = max(parts[open_part].start, min(parts[open_part].end, end))
            open_part = parts[open_part].parent
        for holder in holders[depth + 1 :]:
            boundaries.pop(parts[holder].boundary or "", None)
        del holders[depth + 1 :]

    at = begin(_ENVELOPE.match(text).end(), -1)  # type: ignore[union-attr]  # it matches nothing, too
    if not parts[0].headers:
        notes.append("has no mail headers; read as plain text")
    while holders and (line := _DELIMITER.search(text, at)):
        at = line.end()
        mark = line.group(1).rstrip()
        depth = boundaries.get(mark)
        if depth is not None:
            finish(line.start(), depth)
            at = begin(at, holders[depth])
        elif mark.endswith("--") and (depth := boundaries.get(mark[:-2])) is not None:
            finish(line.start(), depth)
            boundaries.pop(mark[:-2])
            parts[holders[depth]].end = line.start()
            open_part = parts[holders[depth]].parent
            del holders[depth:]
    if holders:
        notes.append("a multipart body is not closed; read to the end")
    for part in parts:
        if part.type.startswith("multipart/") and not part.children:
            notes.append(f"{part.type} without parts (boundary missing or wrong); read as plain text")
            part.type = "text/plain"
    return parts, notes


def _headers(text: str, at: int) -> tuple[tuple[Header, ...], int]:
    """The header fields that begin at ``at``, and where the body begins; a line that is no header begins it too."""
    headers = []
    while match := _HEADER.match(text, at):
        value = match.group(2)
        start = match.start(2) + len(value) - len(value.lstrip())
        end = max(start, match.start(2) + len(value.rstrip()))
        headers.append(Header(match.group(1).lower(), Span(start, end), _FOLD.sub("", text[start:end])))
        at = match.end()
    blank = _BLANK.match(text, at)
    return tuple(headers), blank.end() if blank and (headers or at) else at


def _described(headers: tuple[Header, ...], start: int, end: int, parent: int) -> Part:
    """A part with what its headers say."""
    part = Part(headers, start, end, parent)
    message = Message()
    for wanted in ("content-type", "content-disposition", "content-transfer-encoding"):
        for header in headers:
            if header.name == wanted:
                message[wanted] = header.value[:_LONGEST_PARAMETERS]
                break
    try:
        part.type = message.get_content_type()
        part.boundary = (message.get_boundary() or "").rstrip() or None
        part.charset = message.get_content_charset()
        part.attached = message.get_content_disposition() == "attachment"
        part.flowed = str(message.get_param("format", "")).lower() == "flowed"
        part.delsp = str(message.get_param("delsp", "")).lower() == "yes"
        part.encoding = str(message["content-transfer-encoding"] or "").strip().lower()
    except (ValueError, LookupError, TypeError, AttributeError):  # what the library makes of garbage
        pass
    return part


def header_pieces(text: str, header: Header) -> list[Piece]:
    """A header's value decoded and unfolded, with its map: encoded words are entities."""
    pieces: list[Piece] = []
    at, end = header.span.start, header.span.end
    words: list[re.Match[str]] = []

    def flush() -> None:
        if words:
            data = b"".join(_word_bytes(word) for word in words)
            decoded = decoded_text(data, words[0].group(1))[0]
            pieces.append(Piece(Span(words[0].start(), words[-1].end()), decoded, PieceKind.ENTITY))
            words.clear()

    for word in _WORD.finditer(text, at, end):
        between = text[at : word.start()]
        if not words or between.strip() or word.group(1).lower() != words[-1].group(1).lower():
            flush()
            if between.strip() or not pieces:
                pieces += _unfolded(text, at, word.start())
        words.append(word)
        at = word.end()
    flush()
    pieces += _unfolded(text, at, end)
    return [piece for piece in pieces if piece.text]


def _unfolded(text: str, start: int, end: int) -> Iterator[Piece]:
    """A run of a header with its line folds left out."""
    for fold in _FOLD.finditer(text, start, end):
        yield from _literals(text, start, fold.start(), None)
        start = fold.end()
    yield from _literals(text, start, end, None)


def _word_bytes(word: re.Match[str]) -> bytes:
    payload = word.group(3).encode("utf-8", "replace")
    if word.group(2) in "bB":
        return _from_base64(payload)
    return _from_hex(payload.replace(b"_", b" ").decode("utf-8", "replace"))


def _from_hex(text: str) -> bytes:
    at, found = 0, []
    for code in _HEX.finditer(text):
        found += [text[at : code.start()].encode("utf-8", "replace"), bytes([int(code.group(1), 16)])]
        at = code.end()
    return b"".join((*found, text[at:].encode("utf-8", "replace")))


def _from_base64(data: bytes) -> bytes:
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    clean = clean[: len(clean) - (len(clean) % 4 == 1)]
    return base64.b64decode(clean + b"=" * (-len(clean) % 4))


def decoded_text(data: bytes, label: str | None) -> tuple[str, str, str | None]:
    """Bytes by a declared charset, else UTF-8, else windows-1252: text, codec, and a note if the label was no help."""
    declared = _codec(label)
    unknown = f"charset {label[:40]!r} is not known; read as UTF-8 or windows-1252" if label and not declared else None
    for codec in dict.fromkeys((declared or "utf-8", "utf-8")):
        if codec == "windows-1252" and label and label.lower() in ("us-ascii", "ascii"):
            continue  # "ASCII" with high bytes is UTF-8 more often than not
        try:
            return (from_windows_1252(data) if codec == "windows-1252" else data.decode(codec)), codec, unknown
        except UnicodeDecodeError:
            continue
    wrong = f"a part is not the {label[:40]} that it declares; read as windows-1252" if label and declared else unknown
    return from_windows_1252(data), "windows-1252", wrong


def _codec(label: str | None) -> str | None:
    if not label:
        return None
    if label.lower() in ("utf-16", "utf-16le", "utf-16be", "utf-7"):
        return label.lower()
    return charset(label)


def body_pieces(text: str, part: Part) -> tuple[list[Piece], list[str]]:
    """A leaf part's text with its map to the file, and notes: literals where the file spells it out, else entities."""
    notes: list[str] = []
    body = text[part.start : part.end]
    if part.encoding == "base64":
        pieces, note = _base64_pieces(body, part)
    elif part.encoding == "quoted-printable":
        pieces, note = _quoted_pieces(text, part)
    else:
        note = None
        if part.encoding not in ("", "7bit", "8bit", "binary"):
            notes.append(f"transfer encoding {part.encoding[:40]!r} is not known; read as it stands")
        elif part.charset and not _codec(part.charset):
            note = decoded_text(b"", part.charset)[2]
        pieces = list(_literals(text, part.start, part.end, part.charset))
    if note:
        notes.append(note)
    if part.flowed:
        pieces = _without(pieces, _flowed_gaps("".join(piece.text for piece in pieces), delsp=part.delsp))
    return pieces, notes


def _literals(text: str, start: int, end: int, label: str | None) -> Iterator[Piece]:
    """A run that the file spells out; letters that the file's own decoding got wrong, as entities.

    A file with parts in several charsets was decoded as windows-1252, from which its bytes can be had back.
    """
    at = start
    for span, mended in _mended(text, start, end, label):
        if at < span.start:
            yield Piece(Span(at, span.start), text[at : span.start], PieceKind.LITERAL)
        yield Piece(span, mended, PieceKind.ENTITY)
        at = span.end
    if at < end:
        yield Piece(Span(at, end), text[at:end], PieceKind.LITERAL)


def _mended(text: str, start: int, end: int, label: str | None) -> list[tuple[Span, str]]:
    codec = _codec(label) or "utf-8"
    if codec == "iso2022_jp":
        escaped = [line for line in _LINE.finditer(text, start, end) if "\x1b" in line.group()]
        texts = [line.group().encode("ascii", "replace").decode(codec, "replace") for line in escaped]
        return [(Span(*line.span()), mended) for line, mended in zip(escaped, texts, strict=True) if mended]
    runs = list(_NON_ASCII.finditer(text, start, end))
    for attempt in dict.fromkeys(("utf-8", codec)):
        if attempt in ("windows-1252", "utf-16", "utf-16le", "utf-16be", "utf-7"):
            continue
        try:
            return [(Span(*run.span()), to_windows_1252(run.group()).decode(attempt)) for run in runs]
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return []


def _quoted_pieces(text: str, part: Part) -> tuple[list[Piece], str | None]:
    """Quoted-printable: literals are literal, runs of ``=XX`` are entities, soft line breaks are gaps."""
    tokens = list(_QUOTED.finditer(text, part.start, part.end))
    runs = [token for token in tokens if token.lastgroup == "hex"]
    data = [_hex_bytes(run.group()) for run in runs]
    _, codec, note = decoded_text(b" ".join(data), part.charset)
    pieces: list[Piece] = []
    at = part.start
    values = iter(data)
    for token in tokens:
        if at < token.start():
            pieces += _literals(text, at, token.start(), part.charset)
        if token.lastgroup == "hex":
            decoded = _decode(next(values), codec)
            pieces.append(Piece(Span(*token.span()), decoded, PieceKind.ENTITY))
        at = token.end()
    if at < part.end:
        pieces += _literals(text, at, part.end, part.charset)
    return pieces, note


def _hex_bytes(run: str) -> bytes:
    return bytes(int(code.group(1), 16) for code in _HEX.finditer(run))


def _base64_pieces(body: str, part: Part) -> tuple[list[Piece], str | None]:
    """Base64: a piece for each line, or for each 76 letters of a long one."""
    spans: list[Span] = []
    chunks: list[bytes] = []
    rest = b""
    for line in _LINE.finditer(body):
        for start in range(line.start(), line.end(), _CHUNK):
            end = min(start + _CHUNK, line.end())
            rest += re.sub(r"[^A-Za-z0-9+/]", "", body[start:end]).encode()
            whole = len(rest) - len(rest) % 4
            if whole:
                spans.append(Span(part.start + start, part.start + end))
                chunks.append(base64.b64decode(rest[:whole]))
                rest = rest[whole:]
    if len(rest) > 1 and spans:
        chunks[-1] += base64.b64decode(rest + b"=" * (4 - len(rest)))
    elif len(rest) > 1:
        spans.append(Span(part.start, part.end))
        chunks.append(base64.b64decode(rest + b"=" * (4 - len(rest))))
    _, codec, note = decoded_text(b"".join(chunks), part.charset)
    decoder = None if codec == "windows-1252" else codecs.getincrementaldecoder(codec)("replace")
    texts = [decoder.decode(chunk) if decoder else from_windows_1252(chunk) for chunk in chunks]
    return [Piece(span, decoded, PieceKind.ENTITY) for span, decoded in zip(spans, texts, strict=True) if decoded], note


def _decode(data: bytes, codec: str) -> str:
    return from_windows_1252(data) if codec == "windows-1252" else data.decode(codec, "replace")


def _flowed_gaps(view: str, *, delsp: bool) -> list[Span]:
    """What ``format=flowed`` (RFC 3676) drops: soft line ends, the quote marks behind them, stuffed spaces."""
    gaps: list[Span] = []
    soft: tuple[int, int] | None = None  # quote depth of the line before, and where its end begins
    for match in re.finditer(r"([^\r\n]*)(\r\n|\n|\r|\Z)", view):
        line, start = match.group(1), match.start()
        depth = len(line) - len(line.lstrip(">"))
        content = depth + (1 if line[depth : depth + 1] == " " and not depth else 0)
        signature = line[content:] == "-- "
        if soft and soft[0] == depth and not signature:
            quoted = depth + (1 if line[depth : depth + 1] == " " else 0)
            gaps.append(Span(soft[1], start + (quoted if depth else content)))
        elif content > depth:
            gaps.append(Span(start + depth, start + content))
        flowing = line.endswith(" ") and not signature and len(line) > content and match.group(2)
        soft = (depth, match.start(2) - (1 if delsp else 0)) if flowing else None
    return [gap for gap in gaps if len(gap)]


def _without(pieces: Iterable[Piece], gaps: list[Span]) -> list[Piece]:
    """The pieces less some runs of the view; an entity keeps its place with what is left of its text."""
    kept: list[Piece] = []
    at, i = 0, 0
    for piece in pieces:
        start, end = at, at + len(piece.text)
        while i < len(gaps) and gaps[i].end <= start:
            i += 1
        k = i
        while start < end:
            cut = gaps[k] if k < len(gaps) and gaps[k].start < end else None
            stop = max(start, cut.start) if cut else end
            if start < stop:
                left = part_of(piece, start - at, stop - at)
                if kept and kept[-1].kind is not PieceKind.LITERAL and kept[-1].span == left.span:
                    left = Piece(left.span, kept.pop().text + left.text, left.kind)
                kept.append(left)
            start = min(cut.end, end) if cut else end
            k += 1
        at += len(piece.text)
    return kept


def part_of(piece: Piece, start: int, end: int) -> Piece:
    """The run ``[start, end)`` of a piece's text, exact in a literal."""
    if piece.kind is PieceKind.LITERAL:
        return Piece(Span(piece.span.start + start, piece.span.start + end), piece.text[start:end], piece.kind)
    return Piece(piece.span, piece.text[start:end], piece.kind)
