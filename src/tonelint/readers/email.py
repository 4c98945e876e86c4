"""Mail (``.eml``): subject and text with their places in the file; whose words are whose. Read, never edited."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tonelint.readers import mime, quoting
from tonelint.readers.base import Inner, lift, read_inner
from tonelint.readers.mailhtml import Held, held_runs
from tonelint.types import Comment, Document, MessageSource, Piece, PieceKind, Role, Segment, Span, Tag

_HINTS = (
    *(
        "from",
        "sender",
        "subject",
        "reply-to",
        "auto-submitted",
        "x-autoreply",
        "x-auto-response-suppress",
        "precedence",
    ),
    *("list-unsubscribe", "list-id", "feedback-id", "x-campaign", "in-reply-to"),
)
_STUB = 0.2
"""A plain part with less than this share of the HTML part's text only points to it."""
_VIEW_ELSEWHERE = (
    *("view in browser", "view in your browser", "view online", "view this email", "view this message"),
    *("html email", "html version", "html-compatible"),
)
_READABLE = ("text/plain", "text/html")


def read_email(text: str, *, name: str, dialect: str | None = None) -> Document:
    """Read a mail. Never raises on any text; what is broken is read as far as it can be, with a note.

    The document is one message. Quoted text becomes its ``customer`` and segments of the role QUOTE.
    """
    parts, notes = mime.parse(text)
    hints: dict[str, str] = {}
    read: list[Inner] = []
    subject = None
    for header in parts[0].headers:
        if header.name in _HINTS and header.name not in hints:
            pieces = mime.header_pieces(text, header)
            hints[header.name] = "".join(piece.text for piece in pieces).strip()
            if header.name == "subject" and hints["subject"]:
                subject = hints["subject"]
                read.append(_all_as(Role.SUBJECT, _lifted(subject_inner(pieces, dialect), pieces)))
    attached: list[Inner] = []
    for index in _chosen(text, parts):
        body, said = _read_part(text, parts[index], dialect)
        notes += said
        (attached if _inside_mail(parts, index) else read).extend(body)
    if not any(part.type in _READABLE for part in parts):
        notes.append(f"holds no text that can be read, only {parts[-1].type[:60]}")
    read += [_all_as(Role.QUOTE, inner) for inner in attached]
    segments = tuple(segment for inner in read for segment in inner.segments)
    message = MessageSource(name, Span(0, len(text)), subject=subject, customer=_customer(segments), hints=hints)
    return Document(
        name=name,
        text=text,
        format="email",
        segments=segments,
        messages=(message,),
        tags=_in_order(tag for inner in read for tag in inner.tags),
        markup=_disjoint(
            [span for inner in read for span in inner.markup]
            + [h.span for p in parts for h in p.headers if h.name != "subject"]
        ),
        comments=tuple(sorted((comment for inner in read for comment in inner.comments), key=_where)),
        dialect=next((inner.dialect for inner in read if inner.dialect != "none"), "none"),
        fixable=False,
        notes=tuple(dict.fromkeys((*notes, *(note for inner in read for note in inner.notes)))),
    )


def subject_inner(pieces: Iterable[Piece], dialect: str | None) -> Inner:
    """A subject line, read; line ends are spaces, so that no second paragraph begins."""
    view = "".join(piece.text for piece in pieces)
    return read_inner(view.translate({10: " ", 13: " "}), dialect=dialect)


def _chosen(text: str, parts: Sequence[mime.Part]) -> list[int]:
    """The leaf parts to read, in order: of alternatives the plain one, unless it is missing or a stub."""
    chosen: dict[int, list[int]] = {}
    for index in range(len(parts) - 1, -1, -1):  # what a part holds comes after it
        part = parts[index]
        below = [leaf for child in part.children for leaf in chosen.pop(child, [])]
        if part.children and part.type == "multipart/alternative":
            plain = [leaf for leaf in below if parts[leaf].type == "text/plain"]
            html = [leaf for leaf in below if parts[leaf].type == "text/html"]
            if plain and html:
                below = html if _is_stub(text, [parts[i] for i in plain], [parts[i] for i in html]) else plain
        elif not part.children:
            named = any(h.name == "content-disposition" and "filename" in h.value.lower() for h in part.headers)
            below = [index] if part.type in _READABLE and not part.attached and not named else []
        chosen[index] = below
    return chosen.get(0, [])


def _is_stub(text: str, plain: Sequence[mime.Part], html: Sequence[mime.Part]) -> bool:
    """Whether the plain alternative has too little of what the HTML one says."""
    words = " ".join("".join(p.text for part in plain for p in mime.body_pieces(text, part)[0]).split())
    rich = 0
    for part in html:
        pieces, _ = mime.body_pieces(text, part)
        inner = read_inner("".join(piece.text for piece in pieces), format="html")
        rich += sum(len(segment.text) for segment in inner.segments if not segment.alternate)
    if len(words) < _STUB * rich:
        return True
    return len(words) < 0.5 * rich and any(phrase in words.lower() for phrase in _VIEW_ELSEWHERE)


def _inside_mail(parts: Sequence[mime.Part], index: int) -> bool:
    """Whether a part belongs to another mail that this one carries."""
    while index >= 0:
        index = parts[index].parent
        if index > 0 and parts[index].type.startswith("message/"):
            return True
    return False


def _read_part(text: str, part: mime.Part, dialect: str | None) -> tuple[list[Inner], list[str]]:
    """A text part in its regions, lifted to the file, and notes."""
    pieces, notes = mime.body_pieces(text, part)
    encoded = part.encoding in ("quoted-printable", "base64")
    if part.type == "text/html":
        return [_lifted(_read_html(pieces, dialect), pieces, encoded=encoded)], notes
    view = "".join(piece.text for piece in pieces)
    found: list[Inner] = []
    regions = quoting.regions(view)
    for (_, label), own in zip(regions, _split(pieces, [span for span, _ in regions]), strict=True):
        inner = _lifted(read_inner("".join(piece.text for piece in own), dialect=dialect), own, encoded=encoded)
        role = _ROLES.get(label)
        if label is not quoting.Part.NOTHING:
            found.append(_all_as(role, inner) if role else inner)
    return found, notes


_ROLES = {
    quoting.Part.CLOSING: Role.SIGN_OFF,
    quoting.Part.SIGNATURE: Role.FOOTER,
    quoting.Part.HEAD: Role.FOOTER,
    quoting.Part.QUOTED: Role.QUOTE,
}


def _read_html(pieces: Sequence[Piece], dialect: str | None) -> Inner:
    """An HTML part, its quotations and signature told by markup first, then by words."""
    view = "".join(piece.text for piece in pieces)
    inner = read_inner(view, format="html", dialect=dialect)
    held = held_runs(view)
    starts = [span.start for span, _ in held]
    roles: dict[int, Role] = {}
    free: list[int] = []
    for i, segment in enumerate(inner.segments):
        place = bisect_right(starts, segment.span.start) - 1
        if place >= 0 and segment.span.start < held[place][0].end:
            roles[i] = Role.QUOTE if held[place][1] is Held.QUOTATION else Role.FOOTER
        elif segment.role not in (Role.PREHEADER, Role.TITLE, Role.SUBJECT, Role.ALT) and not segment.alternate:
            free.append(i)
    labels = quoting.parts_of([" ".join(inner.segments[i].text.split()) for i in free])
    for i, label in zip(free, labels, strict=True):
        if (label is not quoting.Part.CLOSING or inner.segments[i].role is Role.BODY) and label in _ROLES:
            roles[i] = _ROLES[label]
        elif label is quoting.Part.NOTHING:
            roles[i] = Role.FOOTER
    segments = (replace(s, role=roles[i]) if i in roles else s for i, s in enumerate(inner.segments))
    return replace(inner, segments=tuple(segments))


def _customer(segments: Iterable[Segment]) -> str | None:
    """What the mail answers: the quoted text as it reads, without what that text quotes itself."""
    quoted = (segment.text.strip() for segment in segments if segment.role is Role.QUOTE and not segment.alternate)
    return quoting.answered("\n\n".join(quoted)) or None


def _lifted(inner: Inner, pieces: Sequence[Piece], *, encoded: bool = False) -> Inner:
    """Over to the file; what stands there in an encoding is marked as not to be edited."""
    return lift(inner, pieces, fixable=not encoded and all(piece.kind is PieceKind.LITERAL for piece in pieces))


def _all_as(role: Role, inner: Inner) -> Inner:
    return replace(inner, segments=tuple(replace(segment, role=role) for segment in inner.segments))


def _split(pieces: Sequence[Piece], spans: Sequence[Span]) -> list[list[Piece]]:
    """The pieces of each of some runs of the view, which follow each other from its beginning to its end."""
    found: list[list[Piece]] = [[] for _ in spans]
    at, k = 0, 0
    for piece in pieces:
        end = at + len(piece.text)
        start = at
        while start < end:
            stop = min(end, spans[k].end)
            if start < stop:
                found[k].append(mime.part_of(piece, start - at, stop - at))
            if stop == spans[k].end and k + 1 < len(spans):
                k += 1
            start = stop
        at = end
    return found


def _in_order(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Tags by place; of those that an encoding maps to the same place, the first."""
    kept: list[Tag] = []
    for tag in sorted(tags, key=lambda tag: tag.span):
        if not kept or tag.span.start >= kept[-1].span.end:
            kept.append(tag)
    return tuple(kept)


def _disjoint(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, those that overlap joined."""
    kept: list[Span] = []
    for span in sorted(spans):
        if kept and span.start < kept[-1].end:
            kept[-1] = Span(kept[-1].start, max(kept[-1].end, span.end))
        elif len(span):
            kept.append(span)
    return tuple(kept)


def _where(comment: Comment) -> Span:
    return comment.span
