"""What a template tag does: its kind, its keyword or the name of what it prints, and its own fallback."""

from __future__ import annotations

import re

from tonelint.readers.dialects import COMMENT, LOGIC, OUTPUT, RAW, Form
from tonelint.readers.standins import of_prose
from tonelint.types import Span, Tag, TagKind

_DEFAULT = re.compile(
    r"""(?:\|\s*default(?:_if_none)?\s*(?:[:(]\s*|\s)(?:value=)?|\bdefaultIfEmpty\s+\S{1,80}\s+|\|\|\s*|\?\?\s*|\?:\s*|\bor\s+
        |personalization_token\([^,]{1,80},\s*|\bfallback=|\bdefault=)(["'])((?:(?!\1).){0,200})\1""",
    re.VERBOSE | re.DOTALL,
)
_MARKETO_DEFAULT = re.compile(r":default=([^{}|]{1,200})$")
_PROSE = re.compile(
    r"""(?:^|[\s(=|,])(?:_[enx]?|__|gettext|ugettext|trans|translate|tr|lang|loc|link_to|button_to|mail_to|l\s+s=|t)\s*[\s(]?\s*
        (["'])((?:(?!\1)[^\\]|\\.){1,2000})\1""",
    re.VERBOSE | re.DOTALL,
)
_LITERAL = re.compile(r"""\s*(["'])((?:(?!\1)[^\\]|\\.){1,2000})\1\s*(?:\|\s*\w+.*)?$""", re.DOTALL)
_ICU_HEAD = re.compile(r"\{\s*([\w.-]+),\s*(plural|select|selectordinal)\s*,")
_ICU_ARM = re.compile(r"\s*(?:offset:\d+\s*)?(=?[\w.-]{1,60})\s*\{")
_AMP_WORD = re.compile(r"(?i)\b(if|elseif|else|endif|for|next)\b")
_AMP_NOISE = re.compile(r"/\*.*?\*/|\"[^\"]*\"|'[^']*'", re.DOTALL)
_ERB_OPEN = re.compile(r"(if|unless|case|for|while|until|switch|foreach|try)\b(?!.*\bend\s*$)", re.DOTALL)
_ERB_MIDDLE = re.compile(r"\}?\s*(elsif|elseif|else|when)\b")
_ERB_BLOCK = re.compile(r"\bdo\s*(?:\|[^|]*\|)?\s*$|\{\s*(?:\|[^|]*\|)?\s*$")
_PHP_OPEN = re.compile(r"\(?.*(?::|\{)\s*$", re.DOTALL)
_ECHO = re.compile(r"(?:print|echo)\b")
_ASSIGNMENT = re.compile(r"[\w.$\[\]'\"]{1,80}\s*=(?![=~])")
_WORD = re.compile(r"[\w]+")
_GO = re.compile(
    r"(if|range|with|define|block)\s|(else|end)\b\s*(?:if\b.*|with\b.*)?$|(?:template|return|break|continue)\b|\$\w+\s*:?=(?!=)"
)
_TT = frozenset("if unless else elsif end foreach for while switch case block filter wrapper try catch".split())
_TT_SILENT = frozenset(
    "set default include process insert call use macro perl meta tags debug last next return stop clear".split()
)
_PRINTING = frozenset("trans translate now url static cycle firstof lorem path".split())


def described(text: str, start: int, end: int, form: Form, dialect: str) -> list[Tag]:
    """The tag (of an ICU argument: all its tags) that ``form`` found at ``[start, end)``; empty if it is none after all."""
    source = text[start:end]
    if form.name == "icu":
        return _icu(text, start, end)
    kind, name, default = form.kind, "", None
    if kind is OUTPUT:
        kind, name, default = _output(source, form)
    elif kind is LOGIC:
        describe = _LOGIC[form.name]
        kind, name, default = describe(source)
    elif kind is RAW:
        name = "raw"
    return [Tag(Span(start, end), kind, form.dialect or dialect, name, default)]


_Described = tuple[TagKind, str, str | None]


def _printed(body: str) -> _Described:
    """An expression that prints a value."""
    prose = _LITERAL.match(body) or _PROSE.search(body)
    if prose and _reads(prose.group(2)):
        return OUTPUT, " ".join(body.split())[:80], of_prose(prose.group(2)) or None
    default = None
    if found := _DEFAULT.search(body):
        default = of_prose(found.group(2)) or None
    elif found := _MARKETO_DEFAULT.search(body):
        default, body = found.group(1).strip() or None, body[: found.start()]
    head = re.split(r"\s\|\|?\s|\||\?\?", body, maxsplit=1)[0] or body
    head = head.replace("${", "").replace("}", "").strip(" -~&@$=!{(")
    return OUTPUT, " ".join(head.split())[:80], default


def _reads(literal: str) -> bool:
    """Whether a string literal is words for people, not a message key, a path or a format."""
    if "://" in literal or not re.search(r"[A-Za-z]{2}|\bI\b", literal):
        return False
    return " " in literal.strip() or bool(re.fullmatch(r"[A-Z][a-z’']+[.,!?:]?", literal.strip()))


def _output(source: str, form: Form) -> _Described:
    if form.name == "double":
        return _double(source)
    if form.name in ("triple", "bang"):
        return _printed(source.lstrip("\\")[3 : -len(form.close)].strip(" ~-"))
    if form.name == "amp_inline":
        inner = re.sub(r"(?i)^\s*(?:v|propercase|uppercase|lowercase|trim)\s*\(|\)\s*$", "", source[3:-3].strip())
        return _printed(inner)
    if form.name == "mailchimp":
        return _mailchimp(source[2:-2])
    if form.name == "smarty_var":
        return _printed(source[1:-1])
    return (
        OUTPUT,
        source.strip("%{}$!*|[]()@:<> sdifgx" if source[:2] in ("%(", "%{", "%<") else "%{}$!*|[]():<>«» ")[:80],
        None,
    )


def _double(source: str) -> _Described:
    body = source[source.index("{{") + 2 : -2]
    body = body.strip().strip("~-").strip() if not body.startswith("&") else body[1:].strip()
    first = body[:1]
    if first and first in "#^":
        word = body[1:].strip("* ").split(None, 1)
        return LOGIC, (first + word[0] if word else "else"), None
    if first == "/":
        return LOGIC, "/" + body[1:].strip(), None
    if first and first in ">*=":
        return LOGIC, first, None
    if re.match(r"else(?:\s|$)", body):
        return LOGIC, "else", None
    if go := _GO.match(body):
        return LOGIC, (go.group(1) or go.group(2) or "set"), None
    return _printed(body)


def _mailchimp(body: str) -> _Described:
    word, _, rest = body.partition(":")
    upper = word.upper()
    if upper in ("IF", "IFNOT", "INTERESTED"):
        return LOGIC, upper.lower(), None
    if upper in ("ELSEIF", "ELSE"):
        return LOGIC, upper.lower(), None
    if upper == "END":
        return LOGIC, "end" + rest.lower(), None
    return OUTPUT, body[:80], None


def _percent(source: str) -> _Described:
    body = source[2:-2].strip("-~+ \t\r\n")
    if body.startswith("#"):
        return COMMENT, "comment", None
    found = _WORD.match(body)
    word = found.group().lower() if found else ""
    if word in _PRINTING and (word not in ("trans", "translate") or re.match(r"\w+\s+[_(]?\s*[\"'\w]", body)):
        rest = body[len(word) :].strip()
        literal = _LITERAL.match(re.split(r"\s(?:as|with|context|noop)\s", rest)[0])
        if word in ("trans", "translate") and literal and re.search(r"[A-Za-z]", literal.group(2)):
            prose = of_prose(literal.group(2)) if _reads(literal.group(2)) else None
            return OUTPUT, rest[:80], prose or None
        return OUTPUT, {"now": "date", "static": "url"}.get(word, word), None
    return LOGIC, word, None


def _erb(source: str) -> _Described:
    body = source[2:-2]
    printing = body[:1] in ("=", "-", "_") and body[:1] != "_"
    trimmed = body.lstrip("=-_").rstrip("-_ \t\r\n").strip()
    if middle := _ERB_MIDDLE.match(trimmed):
        return LOGIC, middle.group(1), None
    if body[:1] != "=" and (opened := _ERB_OPEN.match(trimmed)):
        return LOGIC, opened.group(1), None
    if re.match(r"end\b(?!\s*=)|\}", trimmed) and body[:1] != "=":
        return LOGIC, "end", None
    if _ERB_BLOCK.search(trimmed):
        return LOGIC, "begin", None
    if printing and not (body[:1] == "-" and _ASSIGNMENT.match(trimmed)):
        return _printed(trimmed)
    return LOGIC, (trimmed.split(None, 1) or ["set"])[0][:40], None


def _php(source: str) -> _Described:
    if source.startswith("<?="):
        return _printed(source[3:-2].strip(" ;\r\n\t"))
    body = source[5:-2].strip(" ;\r\n\t")
    if _ECHO.match(body):
        return _printed(body[5:].strip(" ();"))
    if middle := _ERB_MIDDLE.match(body):
        return LOGIC, middle.group(1), None
    if opened := re.match(r"(if|foreach|for|while|switch)\b", body):
        return LOGIC, opened.group(1) if _PHP_OPEN.match(body) else "set", None
    if body == "}" or re.match(r"end(?:if|foreach|for|while|switch)\b", body):
        return LOGIC, "end", None
    return LOGIC, "set", None


def _tt(source: str) -> _Described:
    body = source[2:-2].strip("-~+= \t\r\n")
    found = _WORD.match(body)
    word = found.group() if found else ""
    lower = word.lower()
    if word.isupper() and lower in _TT:
        return LOGIC, lower, None
    if (word.isupper() and lower in _TT_SILENT) or _ASSIGNMENT.match(body) or not body:
        return LOGIC, "set", None
    return _printed(body)


def _amp_block(source: str) -> _Described:
    left: list[str] = []
    for found in _AMP_WORD.finditer(_AMP_NOISE.sub(" ", source[3:-3])):
        word = found.group().lower()
        if word in ("endif", "next") and any(w in ("if", "for") for w in left):
            while left and left.pop() not in ("if", "for"):
                pass
        elif word not in ("else", "elseif") or not left:
            left.append(word)
    if not left:
        return LOGIC, "set", None
    return LOGIC, "endfor" if left[0] == "next" else left[0], None


def _blade(source: str) -> _Described:
    found = re.match(r"@(\w+)", source)
    word = found.group(1) if found else ""
    if word in ("lang", "choice", "yield"):
        return _printed(f"lang{source[len(word) + 1 :]}" if word == "lang" else source[1:])
    if word in ("empty", "case") and "(" not in source:
        return LOGIC, "else", None
    if word == "verbatim":
        return LOGIC, "verbatim@", None
    if word == "section" and "," in source:
        return LOGIC, "set", None
    return LOGIC, {"case": "when", "default": "else", "stop": "endsection", "show": "endsection"}.get(word, word), None


def _smarty(source: str) -> _Described:
    body = source[1:-1].strip()
    if body.startswith("/"):
        return LOGIC, body, None
    word = body.split(None, 1)[0] if body else ""
    if word in ("l", "t"):
        return _printed(body)
    if word in ("ldelim", "rdelim", "math", "mailto", "counter", "cycle", "eval", "fetch"):
        return OUTPUT, word, None
    return LOGIC, word, None


def _velocity(source: str) -> _Described:
    found = _WORD.search(source)
    return LOGIC, found.group() if found else "", None


def _shortcode(source: str) -> _Described:
    body = source[3:-3].strip()
    return LOGIC, "shortcode" + (" end" if body.startswith("/") else ""), None


_LOGIC = {
    "percent": _percent,
    "erb": _erb,
    "php": _php,
    "tt": _tt,
    "amp_block": _amp_block,
    "blade": _blade,
    "smarty": _smarty,
    "smarty_end": _smarty,
    "velocity": _velocity,
    "shortcode": _shortcode,
}


def _icu(text: str, start: int, end: int) -> list[Tag]:
    """``{n, plural, one {…} other {…}}``: its marks as logic tags, its texts left between them. Empty if it never closes."""
    head = _ICU_HEAD.match(text, start)
    if not head:
        return []
    tags: list[Tag] = []
    opened, at, word = start, end, head.group(2)
    while arm := _ICU_ARM.match(text, at):
        tags.append(Tag(Span(opened, arm.end()), LOGIC, "icu", word if not tags else "when"))
        depth, at = 1, arm.end()
        while depth:
            mark = re.compile(r"[{}#]").search(text, at, arm.end() + 2000)
            if not mark:
                return []
            at = mark.end()
            if mark.group() == "#":
                if word != "select" and depth == 1:
                    tags.append(Tag(Span(mark.start(), at), OUTPUT, "icu", "count"))
            elif mark.group() == "{":
                if inner := re.compile(r"\{\s*([\w.-]{1,60})(?:,[^{}]{0,60})?\}").match(text, mark.start()):
                    tags.append(Tag(Span(*inner.span()), OUTPUT, "icu", inner.group(1)))
                    at = inner.end()
                else:
                    depth += 1
            else:
                depth -= 1
        opened = at - 1
    close = re.compile(r"\s*\}").match(text, at)
    if not tags or not close:
        return []
    return [*tags, Tag(Span(opened, close.end()), LOGIC, "icu", "end" + word)]
