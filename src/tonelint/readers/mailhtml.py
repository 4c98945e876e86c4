"""Where mail programs put the quoted mail and the signature in HTML: told by their classes, ids and borders."""

from __future__ import annotations

import re
from enum import Enum

from tonelint.types import Span


class Held(Enum):
    """What a run of HTML holds that is not the new text."""

    QUOTATION = "quotation"
    SIGNATURE = "signature"


_CANDIDATE = re.compile(r"<(?P<tag>blockquote|div|table|p|span|section)\b(?P<attributes>[^<>]{1,4000})>", re.IGNORECASE)
_TO_ITS_END = re.compile(
    r"type\s*=\s*[\"']?cite|class\s*=\s*[\"'][^\"']*\b(?:gmail_quote|gmail_attr|yahoo_quoted|protonmail_quote|moz-cite-prefix"
    r"|moz-forward-container|zmail_extra|tutanota_quote|freshdesk_quote|front-blockquote|gmail_quote_container|zd-quote)\b",
    re.IGNORECASE,
)
_TO_THE_END = re.compile(
    r"\bid\s*=\s*[\"']?(?:x_)*(?:divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container)\b"
    r"|border(?:-top)?\s*:[^;\"']{0,40}solid\s+#(?:E1E1E1|B5C4DF)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"class\s*=\s*[\"'][^\"']*\b(?:gmail_signature|moz-signature|protonmail_signature_block|email-signature)\b"
    r"|\bid\s*=\s*[\"']?(?:x_)*(?:Signature|ms-outlook-mobile-signature)\b|data-smartmail\s*=\s*[\"']?gmail_signature",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def held_runs(html: str) -> list[tuple[Span, Held]]:
    """The quotations and signatures of an HTML mail, in order and apart from each other. Never raises."""
    masked = _COMMENT.sub(lambda match: " " * len(match.group()), html)
    found: list[tuple[Span, Held]] = []
    at = 0
    while match := _CANDIDATE.search(masked, at):
        at = match.end()
        attributes = match.group("attributes")
        if _TO_THE_END.search(attributes):
            found.append((Span(match.start(), len(html)), Held.QUOTATION))
            break
        if _TO_ITS_END.search(attributes):
            held = Held.QUOTATION
        elif _SIGNATURE.search(attributes):
            held = Held.SIGNATURE
        else:
            continue
        at = _closing(masked, match.group("tag"), match.end())
        found.append((Span(match.start(), at), held))
    return found


def _closing(html: str, tag: str, at: int) -> int:
    """Where the element ends whose content begins at ``at``; the end of the text if it is never closed."""
    depth = 1
    for match in re.compile(rf"<(/?){tag}\b", re.IGNORECASE).finditer(html, at):
        depth += -1 if match.group(1) else 1
        if depth == 0:
            return match.end()
    return len(html)
