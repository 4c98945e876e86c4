"""Templates from a grammar, in every dialect: findings near and inside tags, attributes, comments and branches.

Each comes with the list of its tags in order, so that a run knows for certain what must still be there.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

Row = tuple[str, str, str | None, tuple[str, ...]]
"""Name, text, dialect, tags."""


@dataclass(frozen=True)
class Dialect:
    """How a dialect writes its tags. ``{n}`` is a name; an empty string means that there is no such tag."""

    out: tuple[str, ...]
    branch: tuple[str, str, str] | None = None
    loop: tuple[str, str] | None = None
    comment: str = ""
    suffix: str = ""
    """Put behind ``.html``, ``.txt``… (empty: the dialect is told)."""
    formats: tuple[str, ...] = ("txt", "html", "md")


JINJA = Dialect(
    ("{{{{ {n} }}}}", '{{{{ {n}|default("there") }}}}', "{{{{ {n} | upper }}}}", "{{{{ order.{n} }}}}"),
    ("{% if {n} %}", "{% else %}", "{% endif %}"),
    ("{% for item in {n} %}", "{% endfor %}"),
    "{{# {c} #}}",
    ".j2",
)
DIALECTS: dict[str, Dialect] = {
    "jinja": JINJA,
    "django": Dialect(
        ("{{{{ {n} }}}}", '{{{{ {n}|default:"there" }}}}', "{{{{ order.{n}|date:'j F' }}}}"),
        ("{% if {n} %}", "{% else %}", "{% endif %}"),
        ("{% for item in {n} %}", "{% endfor %}"),
        "{{% comment %}}{c}{{% endcomment %}}",
    ),
    "twig": Dialect(
        ("{{{{ {n} }}}}", "{{{{ {n}|default('there') }}}}", "{{{{ order.{n}|raw }}}}"),
        ("{% if {n} is defined %}", "{% else %}", "{% endif %}"),
        ("{% for item in {n} %}", "{% endfor %}"),
        "{{# {c} #}}",
        ".twig",
    ),
    "nunjucks": Dialect(
        ("{{{{ {n} }}}}", '{{{{ {n} or "there" }}}}', "{{{{ {n} | title }}}}"),
        ("{% if {n} %}", "{% else %}", "{% endif %}"),
        ("{%- for item in {n} -%}", "{%- endfor -%}"),
        "{{# {c} #}}",
        ".njk",
    ),
    "hubl": Dialect(
        ('{{{{ personalization_token("contact.{n}", "there") }}}}', "{{{{ contact.{n} }}}}"),
        ("{% if contact.{n} %}", "{% else %}", "{% endif %}"),
        ("{% for item in {n} %}", "{% endfor %}"),
        "{{# {c} #}}",
    ),
    "liquid": Dialect(
        ("{{{{ {n} }}}}", "{{{{ {n} | default: 'there' }}}}", "{{{{ order.{n} | upcase }}}}", "{{{{-{n}-}}}}"),
        ("{% if {n} == blank %}", "{% else %}", "{% endif %}"),
        ("{% for item in {n} %}", "{% endfor %}"),
        "{{% comment %}}{c}{{% endcomment %}}",
        ".liquid",
    ),
    "handlebars": Dialect(
        ("{{{{{n}}}}}", "{{{{{{{n}}}}}}}", "{{{{upper {n}}}}}"),
        ("{{#if {n}}}", "{{else}}", "{{/if}}"),
        ("{{#each {n}}}", "{{/each}}"),
        "{{{{!-- {c} --}}}}",
        ".hbs",
    ),
    "mustache": Dialect(
        ("{{{{{n}}}}}", "{{{{{{{n}}}}}}}", "{{{{& {n}}}}}"),
        ("{{#{n}}}", "{{/{n}}}{{^{n}}}", "{{/{n}}}"),
        None,
        "{{{{! {c} }}}}",
        ".mustache",
    ),
    "erb": Dialect(
        ("<%= {n} %>", "<%= @user.{n} %>", '<%= {n}.presence || "there" %>'),
        ("<% if {n} %>", "<% else %>", "<% end %>"),
        ("<% {n}.each do |item| %>", "<% end %>"),
        "<%# {c} %>",
        ".erb",
    ),
    "ejs": Dialect(
        ("<%= {n} %>", "<%- {n} %>", "<%= user.{n} %>"),
        ("<% if ({n}) {{ %>", "<% }} else {{ %>", "<% }} %>"),
        ("<% {n}.forEach(item => {{ %>", "<% }}) %>"),
        "<%# {c} %>",
        ".ejs",
    ),
    "blade": Dialect(
        ("{{{{ ${n} }}}}", "{{!! ${n} !!}}", "{{{{ ${n} ?? 'there' }}}}"),
        ("@if(${n})\n", "\n@else\n", "\n@endif"),
        ("@foreach(${n} as $item)\n", "\n@endforeach"),
        "{{{{-- {c} --}}}}",
        ".blade.php",
        ("html",),
    ),
    "ampscript": Dialect(
        ("%%=v(@{n})=%%", "%%{n}%%", "%%=ProperCase(@{n})=%%"),
        ("%%[ IF NOT EMPTY(@{n}) THEN ]%%", "%%[ ELSE ]%%", "%%[ ENDIF ]%%"),
        None,
        "%%[ /* {c} */ ]%%",
        ".amp",
        ("html", "txt"),
    ),
    "mailchimp": Dialect(
        ("*|{N}|*", "*|TITLE:{N}|*"), ("*|IF:{N}|*", "*|ELSE:|*", "*|END:IF|*"), None, "", "", ("html", "txt")
    ),
    "velocity": Dialect(
        ("${{{n}}}", "$!{{lead.{n}}}", "${{lead.{n}}}"),
        ("#if( ${n} )", "#else ", "#end "),
        ("#foreach( $item in ${n} )", "#end "),
        "",
        ".vm",
    ),
    "smarty": Dialect(
        ("{{${n}}}", "{{$user.{n}}}", "{{${n}|upper}}"),
        ("{{if ${n}}}", "{{else}}", "{{/if}}"),
        ("{{foreach ${n} as $item}}", "{{/foreach}}"),
        "{{* {c} *}}",
        ".tpl",
        ("html", "txt"),
    ),
    "mjml": Dialect(("{{{{ {n} }}}}", "{{{{ {n}|default('there') }}}}"), None, None, "", "", ("mjml",)),
    "printf": Dialect(("%s", "%(name)s", "%1$s"), None, None, "", "", ("po", "yml")),
    "ruby": Dialect(("%{{name}}", "%{{count}}", "%{{link}}"), None, None, "", "", ("yml",)),
    "icu": Dialect(("{{name}}", "{{count, number}}", "{{day}}"), None, None, "", "", ("json", "arb")),
}

NAMES = "first_name order_number plan_name city delivery_day parcel agent".split()

FAULTY = (
    "Our award-winning {o} team rings you on Monday.",
    "Your {o} is a world-class, industry-leading{o} gadget.",
    "A revolutionary way to pack {o}, and an unrivalled choice of boxes.",
    "We're excited to announce that {o} left the depot at noon.",
    "We are thrilled to announce that you can now pay at {o}.",
    "As you know, {o}, the lift in {o} is out of order.",
    "As you may be aware, your parcel {o} is on the van.",
    "Please be advised that {o} closes at four.",
    "Kindly be advised that the desk in {o} opens at nine.",
    "Customers are advised that {o} moves on Tuesday.",
    "Dear valued customer {o},",
    "Dear valued customer,",
    "Thank you so much, {o}!!",
    "Welcome back{o}!!!",
    "BUY NOW and keep {o}!!!",
    "LAST CHANCE: {o} ENDS TONIGHT!",
    "Last chance: {o} leaves tonight!",
    "Don't miss out on {o} and the spring walks.",
    "Results guaranteed with {o}.",
    "You'll love our new {o}.",
    "I'm sure you'll agree that {o} looks better.",
    "We value your custom.",
    "We care about every one of you, {o}.",
    "We really value your loyalty. {o} comes on Friday.",
    "{o}{o} is ready!! Our best-in-class, award-winning kit for {o} waits at the desk 🙂!!",
    "Hurry, only {o} left: ORDER NOW!!",
    "Award-winning {o}.",
    "The award-winning{o} kit, {o}award-winning as ever.",
)
FAIR = (
    "Your parcel {o} left the depot this morning.",
    "Tell us by Friday if another day suits you, {o}.",
    "The van comes between nine and eleven.",
    "It is {o}’s turn; the key hangs behind the door.",
    "Your total is 14.50, and nothing is due before May.",
    "Reply to this mail and it reaches Mira at the desk.",
)


@dataclass
class Page:
    """A template as it grows, and its tags in order."""

    random: random.Random
    dialect: Dialect
    escape: str = ""
    """``html``: some characters as entities."""
    parts: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def tag(self, form: str, **values: str) -> None:
        """One tag, from a format string."""
        name = self.random.choice(NAMES)
        text = form.format(n=name, N=name[:8].upper(), **values)
        self.parts.append(text)
        if "tonelint:" not in text:
            self.tags.append(text.strip())

    def out(self) -> None:
        """One output tag."""
        self.tag(self.random.choice(self.dialect.out))

    def sentence(self) -> None:
        """A sentence, more often faulty than not, with its output tags."""
        text = self.random.choice(FAULTY if self.random.random() < 0.7 else FAIR)
        if self.escape == "html" and self.random.random() < 0.5:
            text = text.replace("'", "&rsquo;").replace("’", "&#8217;").replace(", and", "&nbsp;&amp;")
        for i, part in enumerate(text.split("{o}")):
            if i:
                self.out()
            self.parts.append(part)

    def run(self, least: int = 1, most: int = 3) -> None:
        """Some sentences, some of them in branches and loops, comments between them."""
        for i in range(self.random.randint(least, most)):
            self.parts.append(" " if i else "")
            choice = self.random.random()
            if choice < 0.22 and self.dialect.branch:
                opening, middle, closing = self.dialect.branch
                name = self.random.choice(NAMES)
                for form, words in ((opening, True), (middle, True), (closing, False)):
                    text = form.replace("{n}", name).replace("{N}", name[:8].upper())
                    self._logic(text)
                    if words:
                        self.sentence()
            elif choice < 0.32 and self.dialect.loop:
                opening, closing = self.dialect.loop
                self._logic(opening.replace("{n}", self.random.choice(NAMES)))
                self.sentence()
                self._logic(closing)
            elif choice < 0.44 and self.dialect.comment:
                self.comment()
                self.parts.append(" ")
                self.sentence()
            elif choice < 0.52 and self.dialect.branch:  # a branch inside a sentence
                opening, middle, closing = self.dialect.branch
                name = self.random.choice(NAMES)
                self.parts.append("Your ")
                for form, words in ((opening, "award-winning "), (middle, "world-class "), (closing, "")):
                    self._logic(form.replace("{n}", name).replace("{N}", name[:8].upper()))
                    self.parts.append(words)
                self.parts.append("kit comes on Friday!!")
            else:
                self.sentence()

    def _logic(self, text: str) -> None:
        # only Handlebars and its like write doubled braces in logic; elsewhere a doubled brace stands for one
        if self.dialect in (DIALECTS["handlebars"], DIALECTS["mustache"]):
            plain = text
        else:
            plain = text.replace("{{", "{").replace("}}", "}")
        self.parts.append(plain)
        self.tags += [t for t in plain.replace("}}{{", "}}\0{{").split("\0") if t.strip()]
        self.tags = [t.strip() for t in self.tags]

    def comment(self) -> None:
        """A comment: with a finding's words in it, or an idle or a needed suppression."""
        words = self.random.choice(
            (
                "our award-winning note!!",
                "tonelint: disable=TIM001",
                "tonelint: disable-next-line=SLF001",
                "todo: BUY NOW",
            )
        )
        self.tag(self.dialect.comment, c=words)

    @property
    def text(self) -> str:
        """The template so far."""
        return "".join(self.parts)


def _txt(page: Page) -> None:
    if page.random.random() < 0.4:
        page.parts.append("Subject: ")
        page.sentence()
        page.parts.append("\n\n")
    for i in range(page.random.randint(1, 4)):
        page.parts.append("\n\n" if i else "")
        page.run()
        if page.random.random() < 0.2:
            page.parts.append("\n")
            page.run(1, 1)


def _md(page: Page) -> None:
    if page.random.random() < 0.3:
        page.parts.append("---\nsubject: Our award-winning news\nchannel: service\n---\n")
    page.parts.append("# ")
    page.sentence()
    page.parts.append("\n\n")
    for _ in range(page.random.randint(1, 4)):
        shape = page.random.choice(("para", "list", "link", "bold", "quote", "code", "comment"))
        if shape == "list":
            for _ in range(page.random.randint(1, 3)):
                page.parts.append("- ")
                page.sentence()
                page.parts.append("\n")
        elif shape == "link":
            page.run(1, 1)
            page.parts.append(" [An award-winning page!!](https://example.org/?a=")
            page.parts.append("1) ")
            page.sentence()
        elif shape == "bold":
            page.sentence()
            page.parts.append(" **We value your custom.** *Thank you so much!!* ")
            page.sentence()
        elif shape == "quote":
            page.parts.append("> ")
            page.sentence()
        elif shape == "code":
            page.parts.append("`award-winning!!` ")
            page.sentence()
            page.parts.append("\n\n```\nOur award-winning code!!\n```")
        elif shape == "comment":
            page.parts.append("<!-- tonelint: disable=TIM001 -->\n")
            page.sentence()
        else:
            page.run()
        page.parts.append("\n\n")


def _html(page: Page, *, block: str = "p") -> None:
    page.parts.append("<!doctype html>\n<html><head><title>")
    page.sentence()
    page.parts.append("</title><style>p { color: #333 }</style></head>\n<body>\n")
    for _ in range(page.random.randint(2, 5)):
        shape = page.random.choice(("p", "list", "table", "image", "link", "comment", "inline", "breaks", "script"))
        if shape == "list":
            page.parts.append("<ul>")
            for _ in range(page.random.randint(1, 3)):
                page.parts.append("<li>")
                page.sentence()
                page.parts.append("</li>")
            page.parts.append("</ul>")
        elif shape == "table":
            page.parts.append("<table><tr><td>")
            page.run(1, 2)
            page.parts.append("</td><td><strong>We value your custom.</strong></td></tr></table>")
        elif shape == "image":
            page.parts.append('<p><img src="a.png" alt="')
            page.parts.append("Our award-winning shop!!")
            page.parts.append('"> ')
            page.sentence()
            page.parts.append("</p>")
        elif shape == "link":
            page.parts.append('<p><a class="award-winning" title="Thank you so much!!" href="https://example.org/')
            page.out()
            page.parts.append('">')
            page.sentence()
            page.parts.append("</a> ")
            page.run(1, 1)
            page.parts.append("</p>")
        elif shape == "comment":
            page.parts.append("<!-- Our award-winning comment!! --><p>")
            page.run(1, 1)
            page.parts.append("</p>\n<!-- tonelint: disable=TIM001 -->\n")
        elif shape == "inline":
            page.parts.append("<p>Our <b>award-winning</b> <i>world-class</i>, <em>best-in-class kit</em> for ")
            page.out()
            page.parts.append(". <span>Thank you so much!!</span> ")
            page.sentence()
            page.parts.append("</p>")
        elif shape == "breaks":
            page.parts.append("<p>")
            page.sentence()
            page.parts.append("<br>\nWe value your custom.<br/>")
            page.sentence()
            page.parts.append("</p>")
        elif shape == "script":
            page.parts.append('<script>var a = "BUY NOW!!!";</script>')
        else:
            page.parts.append("<p>")
            page.run()
            page.parts.append("</p>")
        page.parts.append("\n")
    page.parts.append("</body></html>\n")


def _mjml(page: Page) -> None:
    page.parts.append("<mjml><mj-head><mj-title>")
    page.sentence()
    page.parts.append("</mj-title><mj-preview>")
    page.sentence()
    page.parts.append("</mj-preview></mj-head><mj-body><mj-section><mj-column>\n")
    for _ in range(page.random.randint(1, 4)):
        kind = page.random.choice(("mj-text", "mj-button", "mj-image"))
        if kind == "mj-image":
            page.parts.append('<mj-image src="a.png" alt="Our award-winning shop!!" />\n')
            continue
        page.parts.append(
            f"<{kind}{' href=' + chr(34) + 'https://example.org/?b=1&amp;c=2' + chr(34) if kind == 'mj-button' else ''}>"
        )
        page.run(1, 2)
        page.parts.append(f"</{kind}>\n")
    page.parts.append("</mj-column></mj-section></mj-body></mjml>\n")


def _yml(page: Page) -> None:
    page.parts.append("en:\n  mail:\n")
    for i in range(page.random.randint(3, 7)):
        style = page.random.choice(("plain", "single", "double", "block", "fold"))
        start = len(page.parts)
        page.sentence()
        words = "".join(page.parts[start:])
        del page.parts[start:]
        if style == "plain" and not (": " in words or words[:1] in "%{*&!|>'\"@`#[" or " #" in words):
            text = f"    line_{i}: {words}\n"
        elif style == "single":
            text = f"    line_{i}: '" + words.replace("'", "''") + "'\n"
        elif style == "block":
            text = f"    line_{i}: |\n      {words}\n      Thank you so much!!\n"
        elif style == "fold":
            text = f"    line_{i}: >-\n      {words}\n      We value your custom. The van comes at nine.\n"
        else:
            text = f"    line_{i}: {json.dumps(words, ensure_ascii=page.random.random() < 0.5)}\n"
        page.parts.append(text)


def _json(page: Page) -> None:
    rows = {}
    for i in range(page.random.randint(3, 7)):
        start = len(page.parts)
        page.sentence()
        rows[f"line_{i}"] = "".join(page.parts[start:])
        del page.parts[start:]
    rows["count"] = "{count, plural, one {# award-winning kit!!} other {# award-winning kits!!}}"
    page.parts.append(json.dumps(rows, indent=2, ensure_ascii=page.random.random() < 0.5) + "\n")


def _po(page: Page) -> None:
    page.parts.append('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n')
    for i in range(page.random.randint(3, 6)):
        start = len(page.parts)
        page.sentence()
        words = "".join(page.parts[start:]).replace('"', '\\"')
        del page.parts[start:]
        half = words.find(" ", len(words) // 2)
        split = f'""\n"{words[:half]}"\n"{words[half:]}"' if half > 0 and page.random.random() < 0.4 else f'"{words}"'
        page.parts.append(f'#, c-format\nmsgid "line {i}"\nmsgstr {split}\n\n')


_WRITERS = {
    "txt": _txt, "md": _md, "html": _html, "mjml": _mjml, "yml": _yml, "json": _json, "arb": _json, "po": _po,
}  # fmt: skip


def generated(number: int, *, seed: int) -> Iterator[Row]:
    """``number`` templates, the dialects in turn; the same seed gives the same templates."""
    names = list(DIALECTS)
    for i in range(number):
        name = names[i % len(names)]
        dialect = DIALECTS[name]
        source = random.Random(f"{seed}:{i}")
        format = dialect.formats[i // len(names) % len(dialect.formats)]
        page = Page(source, dialect, escape="html" if format in ("html", "mjml") else "")
        _WRITERS[format](page)
        text = page.text
        ending = source.random()
        if ending < 0.15 and format not in ("po",):
            text = text.replace("\n", "\r\n")
        if ending > 0.9:
            text = "\ufeff" + text if format in ("txt", "html", "md") else text
        suffix = ".php" if dialect.suffix == ".blade.php" else dialect.suffix
        file = f"{name}-{i}{dialect.suffix}" if suffix == ".php" else f"{name}-{i}.{format}{suffix}"
        told = None if dialect.suffix else {"mjml": "jinja"}.get(name, name)
        yield file, text, told, () if "\r" in text else tuple(page.tags)
