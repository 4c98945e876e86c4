"""Template dialects as data: how their tags open and close, what tells them apart, which words branch.

Distinctive forms (``{{ }}``, ``{% %}``, ``<% %>``, ``*|X|*``…) are known in every text, because real files mix dialects.
Forms that could be prose or code elsewhere (``{if}``, ``@if``, ``$x``, ``%s``, ``:name``) are known only where the dialect
has been named or voted for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tonelint.types import TagKind

OUTPUT, LOGIC, COMMENT, RAW = TagKind.OUTPUT, TagKind.LOGIC, TagKind.COMMENT, TagKind.RAW

ALIASES = {
    "django": "jinja",
    "jinja2": "jinja",
    "twig": "jinja",
    "nunjucks": "jinja",
    "hubl": "jinja",
    "klaviyo": "jinja",
    "braze": "liquid",
    "shopify": "liquid",
    "mustache": "handlebars",
    "mustachio": "handlebars",
    "ejs": "erb",
    "marketo": "velocity",
    "hugo": "go",
    "python": "printf",
    "ruby": "printf",
    "messageformat": "icu",
}


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of tag. Without ``close`` the opening pattern is the whole tag."""

    name: str
    open: str
    """Pattern of the opening mark, or of the whole tag. No capturing groups."""
    close: str = ""
    """Literal closing mark."""
    kind: TagKind = OUTPUT
    quoted: bool = False
    """Whether a closing mark inside quotes does not count."""
    limit: int = 4000
    """Longest tag in code points; anything longer is an unclosed tag that met a stranger's closing mark."""
    dialect: str = ""
    """The one dialect that has this form; empty for every dialect."""


_PAREN = r"\((?:[^()]++|\((?:[^()]++|\([^()]*+\))*+\))*+\)"
_BLADE = (
    "if|elseif|else|endif|unless|endunless|isset|endisset|empty|endempty|foreach|endforeach|forelse|endforelse|for|endfor|"
    "while|endwhile|switch|case|break|default|endswitch|auth|endauth|guest|endguest|section|endsection|yield|extends|include|"
    "includeIf|component|endcomponent|slot|endslot|push|endpush|stack|lang|choice|csrf|method|php|endphp|verbatim|endverbatim|"
    "parent|stop|show|continue|props|class|error|enderror|once|endonce|production|endproduction|env|endenv"
)
_SMARTY = (
    "if|else|elseif|foreach|foreachelse|for|forelse|while|section|sectionelse|include|include_php|assign|append|capture|block|"
    "literal|ldelim|rdelim|strip|nocache|hook|counter|cycle|extends|function|call|math|mailto|config_load|eval|fetch|debug|"
    "break|continue|widget|l|t"
)

FORMS: tuple[Form, ...] = (
    # order matters where one mark begins like another
    Form("raw4", r"\{\{\{\{", "}}}}", RAW),
    Form("hbs_comment", r"\{\{~?!--", "--}}", COMMENT, limit=200_000),
    Form("blade_comment", r"\{\{--", "--}}", COMMENT, limit=200_000),
    Form("mustache_comment", r"\{\{~?!", "}}", COMMENT, limit=200_000),
    Form("go_comment", r"\{\{-?\s?/\*", "*/}}", COMMENT, limit=200_000),
    Form("go_comment_trim", r"\{\{-?\s?/\*", "*/ -}}", COMMENT, limit=200_000),
    Form("shortcode", r"\{\{[<%]", "}}", LOGIC, quoted=True),
    Form("triple", r"\\?\{\{\{", "}}}", OUTPUT),
    Form("double", r"[@\\]?\{\{", "}}", OUTPUT, quoted=True),
    Form("bang", r"\{!!", "!!}", OUTPUT, quoted=True),
    Form("percent", r"\{%", "%}", LOGIC, quoted=True, limit=20_000),
    Form("hash", r"\{#", "#}", COMMENT, limit=200_000),
    Form("erb_literal", r"<%%", kind=RAW),
    Form("erb_comment", r"<%#", "%>", COMMENT, limit=200_000),
    Form("erb", r"<%", "%>", LOGIC, limit=50_000),
    Form("php", r"<\?(?:php\b|=)", "?>", LOGIC, limit=200_000),
    Form("tt_comment", r"\[%#", "%]", COMMENT, limit=20_000),
    Form("tt", r"\[%", "%]", LOGIC, limit=20_000),
    Form("amp_block", r"%%\[", "]%%", LOGIC, limit=200_000),
    Form("amp_inline", r"%%=", "=%%", OUTPUT),
    Form("amp_field", r"%%[A-Za-z_][\w.]{0,60}(?: [\w.]{1,40}){0,3}%%"),
    Form("mailchimp", r"\*\|[A-Za-z][^|*\n]{0,200}\|\*"),
    Form("selligent", r"\[%\[", "]%]", OUTPUT),
    Form("icu", r"\{\s{0,3}[\w.-]{1,60},\s{0,3}(?:plural|select|selectordinal)\s{0,3},", kind=LOGIC),
    Form("mailjet", r"\[\[(?:[A-Z][A-Z_]{2,40}|(?:data|var):[^\[\]\n]{1,120})\]\]"),
    Form("guillemets", r"<<[A-Za-z][\w. ]{0,60}>>|«[A-Za-z][\w.]{0,60}»"),
    Form("percent_brace", r"%<?\{[\w.\[\]' -]{1,80}\}>?"),
    Form("percent_paren", r"%\([\w. -]{1,60}\)[-+0 #]?\d{0,3}(?:\.\d{1,3})?[sdifrgx]"),
    Form("velocity_brace", r"\$!?\{[^{}\n<>]{1,200}\}"),
    # by dialect only
    Form("smarty_comment", r"\{\*", "*}", COMMENT, limit=200_000, dialect="smarty"),
    Form("smarty_var", r"\{(?=[$'\"])", "}", OUTPUT, quoted=True, dialect="smarty"),
    Form(
        "smarty", rf"\{{/?(?=(?:{_SMARTY})\b|[a-z_]{{1,40}} [a-z_]{{1,40}}=)", "}", LOGIC, quoted=True, dialect="smarty"
    ),
    Form("smarty_end", r"\{/[a-z_]{1,40}\}", kind=LOGIC, dialect="smarty"),
    Form("blade", rf"(?<![\w@.])@(?:{_BLADE})\b(?!@)(?:[ \t]?{_PAREN})?", kind=LOGIC, dialect="blade"),
    Form("velocity_comment", r"##[^\n]{0,4000}", kind=COMMENT, dialect="velocity"),
    Form("velocity_block_comment", r"#\*", "*#", COMMENT, limit=200_000, dialect="velocity"),
    Form("velocity_raw", r"#\[\[", "]]#", RAW, limit=200_000, dialect="velocity"),
    Form(
        "velocity",
        rf"#\{{?(?:(?:if|elseif|foreach|set|macro|define|include|parse|evaluate)\b\}}?[ \t]?{_PAREN}|(?:else|end|stop|break)\b\}}?)",
        kind=LOGIC,
        dialect="velocity",
    ),
    Form("velocity_var", rf"\$!?[a-zA-Z_]\w{{0,60}}(?:\.[a-zA-Z_]\w{{0,60}}(?:{_PAREN})?){{0,6}}", dialect="velocity"),
    Form(
        "printf",
        r"(?<![\w%])%(?:\d{1,2}\$)?[-+0#]?\d{0,3}(?:\.\d{1,3})?(?:l{0,2}[sdif]|@|l?u)(?![\w%])",
        dialect="printf",
    ),
    Form("laravel", r"(?<![\w:/]):[A-Za-z_]{2,40}\b(?!:)", dialect="laravel"),
    Form("brace", r"\{[A-Za-z_][\w.-]{0,60}\}|\{\d{0,2}\}"),
)

_VOTES: tuple[tuple[str, int, str], ...] = (
    ("handlebars", 2, r"\{\{[{#^/>!&~]"),
    (
        "liquid",
        6,
        r"\{%-?\s*(?:assign|capture|endunless|unless|elsif|liquid|connected_content)\b|\{\{\s?\$\{|\|\s?default:\s",
    ),
    ("jinja", 2, r"\{%|#\}"),
    ("go", 4, r"\{\{-?\s?(?:if|range|with|end|define|block|partial|i18n|template|\.[A-Z]|\$\.)|\{\{[<%]"),
    (
        "blade",
        4,
        r"(?m)^\s{0,40}@(?:if|foreach|endif|component|section|extends|lang|include)\b|\{!!|\{\{--|\{\{\s?\$[a-z]",
    ),
    ("erb", 3, r"<%"),
    ("tt", 3, r"\[%"),
    ("php", 3, r"<\?(?:php\b|=)"),
    ("ampscript", 5, r"%%[\[=]|%%\w{1,40}%%"),
    ("mailchimp", 3, r"\*\|[A-Za-z]"),
    ("velocity", 3, r"#(?:if|elseif|set|foreach)\s?\(|#end\b|\$!\{|\$\{[a-z]\w*\."),
    ("smarty", 3, r"\{\$[a-z]|\{/?(?:if|foreach|section|l)\b|\{\*"),
    ("icu", 6, r"\{\s?\w{1,60},\s?(?:plural|select)"),
    ("printf", 1, r"(?<![\w%])%(?:\d\$)?(?:[sd@](?![\w%])|\(\w)|%\{\w"),
    ("handlebars", 1, r"\{\{"),
    ("brace", 1, r"\{\w{1,60}\}"),
)
VOTES = tuple((name, weight, re.compile(pattern)) for name, weight, pattern in _VOTES)
DIALECTS = frozenset((*(name for name, _, _ in _VOTES), "laravel", "haml", "none"))
MARKS = re.compile(r"[{%<\[*$#@:]")
"""A text without any of these has no tags in any dialect."""

BRANCH = frozenset(
    "if unless ifnot ifequal ifnotequal ifchanged case switch plural select selectordinal blocktrans blocktranslate isset "
    "auth guest interested".split()
)
"""Words that open alternatives."""
BLOCK = frozenset(
    "for each foreach forelse range with block section while autoescape filter capture spaceless begin define tablerow cache form "
    "paginate component slot push wrapper trans language strip nocache macro call embed sandbox apply function literal once "
    "error production env".split()
)
"""Words that open a stretch read once."""
MIDDLE = frozenset("else elsif elseif elif when default foreachelse sectionelse".split())
"""Words that begin the next alternative."""


def canonical(dialect: str) -> str:
    """The dialect that a user's word for it means; raises KeyError for an unknown one."""
    name = ALIASES.get(dialect.lower(), dialect.lower())
    if name not in DIALECTS:
        raise KeyError(dialect)
    return name


def vote(text: str) -> str:
    """The dialect whose distinctive marks weigh most in the first 200,000 code points; ``none`` without any."""
    head = text[:200_000]
    if not MARKS.search(head):
        return "none"
    tally: dict[str, int] = {}
    for name, weight, pattern in VOTES:
        if hits := sum(1 for _, _ in zip(pattern.finditer(head), range(200), strict=False)):
            tally[name] = tally.get(name, 0) + weight * hits
    return max(tally, key=lambda name: tally[name]) if tally else "none"
