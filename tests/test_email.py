"""Mail: places in the file, encodings, alternatives, whose words are whose."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonelint.readers.email import read_email
from tonelint.source import decode
from tonelint.types import PieceKind, Role, Span


def check_laws(document):
    """The laws that hold for every reading."""
    text = document.text
    for segment in document.segments:
        assert segment.text.strip()
        at = 0
        for piece in segment.pieces:
            assert at <= piece.span.start <= piece.span.end <= len(text)
            at = piece.span.end
            if piece.kind is PieceKind.LITERAL:
                assert text[piece.span.start : piece.span.end] == piece.text
        for view in (Span(0, 1), Span(len(segment.text) - 1, len(segment.text)), Span(0, len(segment.text))):
            assert segment.span.contains(segment.to_source(view))
        assert 0 <= segment.message < len(document.messages)
    end = 0
    for tag in document.tags:
        assert end <= tag.span.start < tag.span.end <= len(text)
        end = tag.span.end
    for run in (*document.markup, *(comment.span for comment in document.comments)):
        assert run.end <= len(text)


def read(text):
    document = read_email(text, name="a.eml")
    check_laws(document)
    assert not document.fixable
    assert len(document.messages) == 1
    return document


def views(document, *roles):
    return [segment.text for segment in document.segments if not roles or segment.role in roles]


def of(document, words):
    """Where words stand in the file."""
    for segment in document.segments:
        at = segment.text.find(words)
        if at >= 0:
            span = segment.to_source(Span(at, at + len(words)))
            return document.text[span.start : span.end]
    raise AssertionError(f"{words!r} is nowhere in {views(document)}")


HEAD = "From: Ann Lee <ann@lamps.example>\nSubject: Your lamp\n"


def test_a_plain_mail_maps_literally():
    document = read(HEAD + "\nHi Bo,\n\nYour lamp leaves us today.\n")
    assert views(document) == ["Your lamp", "Hi Bo,", "Your lamp leaves us today."]
    assert document.segments[0].role is Role.SUBJECT
    assert document.messages[0].subject == "Your lamp"
    assert of(document, "leaves us") == "leaves us"
    assert document.notes == ()


def test_hints_are_the_headers_that_matter():
    document = read(
        "From: x@y.example\nTo: secret@z.example\nReply-To: help@y.example\nAuto-Submitted: auto-replied\n"
        "List-Unsubscribe: <mailto:u@y.example>\nSubject: a\n  folded\n\nHello there.\n"
    )
    assert document.messages[0].hints == {
        "from": "x@y.example",
        "reply-to": "help@y.example",
        "auto-submitted": "auto-replied",
        "list-unsubscribe": "<mailto:u@y.example>",
        "subject": "a  folded",
    }


def test_quoted_printable_maps_runs_and_soft_breaks():
    document = read(
        HEAD + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        "Hi Zo=C3=\n=AB, your lamp =E2=80=93 the bl=\nue one =3D yours   \nand a ship.\n"
    )
    assert views(document)[1:] == ["Hi Zoë, your lamp – the blue one = yours\nand a ship."]
    assert of(document, "ë") == "=C3=\n=AB"
    assert of(document, "blue") == "bl=\nue"
    assert of(document, "lamp") == "lamp"
    assert of(document, "–") == "=E2=80=93"
    assert not document.segments[1].fixable


def test_base64_maps_to_whole_lines():
    document = read(
        HEAD + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        "SGkgWm/DqywgeW91ciBsYW1wIGxlZnQg\r\ndG9kYXkgYW5kIGFycml2\nZXMgb24gVGh1cnNkYXku\n"
    )
    assert views(document)[1:] == ["Hi Zoë, your lamp left today and arrives on Thursday."]
    assert of(document, "lamp left") == "SGkgWm/DqywgeW91ciBsYW1wIGxlZnQg"
    assert of(document, "today") == "dG9kYXkgYW5kIGFycml2"
    assert not document.segments[1].fixable


def test_base64_in_one_long_line_and_with_letters_split_between_pieces():
    import base64

    body = "Zoë – “curly” " * 60
    document = read(
        HEAD
        + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(body.encode()).decode()
    )
    assert views(document)[1] == body.strip()
    assert len(document.segments[1].pieces) > 5


def test_encoded_words_in_the_subject():
    document = read(
        "Subject: Re: =?utf-8?Q?Zo=C3=AB's_?=\n =?UTF-8?B?bGFtcA==?= is =?iso-8859-1?q?f=FCr?= you\n\nHello there.\n"
    )
    assert document.messages[0].subject == "Re: Zoë's lamp is für you"
    assert of(document, "Zoë's lamp") == "=?utf-8?Q?Zo=C3=AB's_?=\n =?UTF-8?B?bGFtcA==?="
    assert of(document, "is") == "is"
    assert of(document, "für") == "=?iso-8859-1?q?f=FCr?="


def test_format_flowed_is_unfolded():
    document = read(
        HEAD
        + "Content-Type: text/plain; format=flowed\n\nThe lamp that you \nordered is here, \nand so is\n the bulb.\n\n> We \n> wait.\n\n-- \nAnn\n"
    )
    assert views(document, Role.BODY) == ["The lamp that you ordered is here, and so is\nthe bulb."]
    assert views(document, Role.QUOTE) == ["We wait."]
    assert of(document, "you ordered") == "you \nordered"


def test_delsp_drops_the_space_too():
    document = read(HEAD + "Content-Type: text/plain; format=flowed; delsp=yes\n\nA lamp  \nfor Ban \ngalore.\n")
    assert views(document)[1] == "A lamp for Bangalore."


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("iso-8859-1", "Zoë paid £20"),
        ("windows-1252", "Zoë’s “lamp”"),
        ("koi8-r", "Заказ в пути"),
        ("utf-8", "Zoë’s lamp – £20"),
    ],
)
def test_eight_bit_parts_in_their_own_charset(label, words):
    data = (
        b"Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=iso-8859-1\n\nCaf\xe9 Noir\n"
        + f"--b\nContent-Type: text/plain; charset={label}\n\n".encode()
        + words.encode(label)
        + b"\n--b--\n"
    )
    document = read(decode(data, "a.eml").text)
    assert views(document)[1:] == ["Café Noir", words]


@pytest.mark.parametrize("label", ["x-martian", "rot13", "utf-8"])
def test_odd_charsets_fall_back_with_a_note(label):
    document = read(
        f"Subject: a\nContent-Type: text/plain; charset={label}\nContent-Transfer-Encoding: quoted-printable\n\nZo=EB paid =A320.\n"
    )
    assert views(document)[1] == "Zoë paid £20."
    assert "windows-1252" in document.notes[0]


ALTERNATIVES = (
    HEAD
    + "Content-Type: multipart/alternative; boundary=xx\n\n--xx\nContent-Type: text/plain\n\n{plain}\n--xx\nContent-Type: text/html\n\n"
    "<html><body><p>Hi&nbsp;Bo,</p><p>Your <b>lamp</b> leaves us today, and it is wrapped twice this time.</p></body></html>\n--xx--\n"
)


def test_the_plain_alternative_is_read_when_it_says_the_same():
    document = read(ALTERNATIVES.format(plain="Hi Bo,\n\nYour lamp leaves us today, wrapped twice."))
    assert views(document)[1:] == ["Hi Bo,", "Your lamp leaves us today, wrapped twice."]


@pytest.mark.parametrize("plain", ["", "Hi!", "Please view in browser: www.x"])
def test_the_html_alternative_is_read_when_the_plain_one_is_a_stub(plain):
    document = read(ALTERNATIVES.format(plain=plain))
    assert views(document)[1:] == ["Hi Bo,", "Your lamp leaves us today, and it is wrapped twice this time."]
    assert of(document, "lamp") == "lamp"
    assert any(document.text[run.start : run.end] == "<b>" for run in document.markup)


def test_attachments_are_not_read():
    document = read(
        HEAD
        + 'Content-Type: multipart/mixed; boundary=xx\n\n--xx\n\nYour lamp.\n--xx\nContent-Disposition: attachment; filename="a.txt"\n\n'
        "Attached words\n--xx\nContent-Type: image/png\n\nPNG\n--xx\nContent-Disposition: inline\n\nSecond words.\n--xx--\nepilogue\n"
    )
    assert views(document) == ["Your lamp", "Your lamp.", "Second words."]


# Whose words


def test_quotation_closing_and_signature():
    document = read(
        HEAD + "\nHi Bo,\n\nthe lamp leaves us today.\n\nBest,\nAnn\nHead of Lamps\n+44 20 7946 0000\n\n"
        "On Mon, 3 Mar 2025 at 10:11, Bo <bo@x.example> wrote:\n> Where is my lamp?\n> I have waited since May.\n"
    )
    assert views(document, Role.SIGN_OFF) == ["Best,", "Ann"]
    assert views(document, Role.FOOTER)[:2] == ["Head of Lamps", "+44 20 7946 0000"]
    assert document.messages[0].customer == "Where is my lamp?\nI have waited since May."
    assert of(document, "I have waited") == "I have waited"


def test_a_closing_in_one_line_and_a_postscript():
    document = read(HEAD + "\nThe lamp leaves us today.\n\nKind regards, Ann\n\nP.S. The bulb is in the box.\n")
    assert views(document, Role.SIGN_OFF) == ["Kind regards, Ann"]
    assert views(document, Role.BODY)[-1] == "P.S. The bulb is in the box."


def test_thanks_in_the_middle_closes_nothing():
    document = read(
        HEAD
        + "\nHello Bo,\n\nThanks,\nthat photo helped us a lot, and the crack was plain to see for all of us here.\n\n"
        "We have sent a new lamp to you by courier, and it should be there by noon.\n"
    )
    assert not views(document, Role.FOOTER)


def test_a_list_is_no_signature():
    document = read(HEAD + "\nIn the box:\n\n- the lamp\n- the bulb\n- a screwdriver\n")
    assert not views(document, Role.FOOTER)
    assert len(views(document, Role.LIST_ITEM)) == 3


def test_the_signature_mark():
    document = read(HEAD + "\nThe lamp leaves us today.\n\nAnn\n\n-- \nAnn Lee\nLamps Ltd\n")
    assert views(document, Role.FOOTER)[-2:] == ["Ann Lee", "Lamps Ltd"]
    assert "Ann" in views(document, Role.BODY)


def test_words_between_the_quoted_lines_are_new():
    document = read(
        HEAD
        + "\nOn Monday, 3 March 2025 Bo wrote:\n> Where is my lamp?\n\nIt leaves us today.\n\n> And the bulb?\n\nIn the same box.\n"
    )
    assert views(document, Role.BODY) == ["It leaves us today.", "In the same box."]
    assert views(document, Role.QUOTE) == ["Where is my lamp?", "And the bulb?"]


@pytest.mark.parametrize(
    "lead",
    [
        "-----Original Message-----",
        "From: Bo <bo@x.example>\nSent: Monday\nTo: Lamps\nSubject: Lamp",
        "________________________________\nFrom: Bo <bo@x.example>\nSent: Monday\nTo: Lamps",
        "##- Please type your reply above this line -##",
        "On 3 March 2025 at 10:11, Bo Long-Name\n<bo@x.example> wrote:",
        "Am 3. März 2025 um 10:11 schrieb Bo:",
        "Le 3 mars 2025 à 10:11, Bo <bo@x.example> a écrit :",
        "Begin forwarded message:",
    ],
)
def test_ways_to_lead_in_a_quotation(lead):
    document = read(HEAD + f"\nThe lamp leaves us today.\n\n{lead}\n\nWhere is my lamp?\n\nBo\n")
    assert views(document, Role.BODY) == ["The lamp leaves us today."]
    assert document.messages[0].customer == "Where is my lamp?\n\nBo"


def test_the_reply_mark_on_top_hides_nothing():
    document = read(HEAD + "\n##- Please type your reply above this line -##\n\nYour lamp leaves us today.\n")
    assert views(document)[1:] == ["Your lamp leaves us today."]
    assert document.messages[0].customer is None


def test_only_the_mail_that_is_answered_is_the_customers():
    document = read(
        HEAD
        + "\nIt leaves today.\n\nOn 3 March 2025 at 10:11, Bo wrote:\n\n> Where is it?\n>\n> On 1 March 2025 at 09:00, Ann wrote:\n>\n> > We are so proud.\n"
    )
    assert document.messages[0].customer == "Where is it?"


@pytest.mark.parametrize(
    "quotation",
    [
        '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Monday Bo wrote:</div><blockquote>Where is my lamp?</blockquote></div>',
        '<blockquote type="cite"><div>Where is my lamp?</div></blockquote>',
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Bo</div><div>Where is my lamp?</div>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>From: Bo</p></div><p>Where is my lamp?</p>',
    ],
)
def test_quotations_in_html(quotation):
    document = read(
        HEAD + "Content-Type: text/html\n\n<html><body><p>Hi Bo,</p><p>The lamp leaves us today.</p><p>Best,<br>Ann</p>"
        f'<div class="gmail_signature">Head of Lamps</div>{quotation}</body></html>\n'
    )
    assert "Where is my lamp?" in views(document, Role.QUOTE)
    assert "Where is my lamp?" in document.messages[0].customer
    assert views(document, Role.FOOTER) == ["Head of Lamps"]
    assert "The lamp leaves us today." in views(document, Role.BODY)
    assert "Best," in " ".join(views(document, Role.SIGN_OFF))


def test_a_mail_inside_the_mail_is_context():
    document = read(
        HEAD
        + "Content-Type: multipart/mixed; boundary=xx\n\n--xx\n\nThe lamp leaves us today.\n--xx\nContent-Type: message/rfc822\n\n"
        "Subject: Lamp?\n\nWhere is my lamp?\n--xx--\n"
    )
    assert views(document, Role.BODY) == ["The lamp leaves us today."]
    assert document.messages[0].customer == "Where is my lamp?"


# Broken mail


def test_no_headers_at_all():
    document = read("hello there\nwe write to you")
    assert "no mail headers" in document.notes[0]
    assert views(document)


def test_a_boundary_that_never_comes():
    document = read(HEAD + "Content-Type: multipart/mixed; boundary=zz\n\nThe lamp leaves us today.\n")
    assert views(document)[1:] == ["The lamp leaves us today."]
    assert any("boundary missing" in note for note in document.notes)


def test_an_unclosed_multipart_is_said():
    document = read(HEAD + "Content-Type: multipart/mixed; boundary=zz\n\n--zz\n\nThe lamp leaves us today.\n")
    assert views(document)[1:] == ["The lamp leaves us today."]
    assert any("not closed" in note for note in document.notes)


def test_nothing_to_read_is_said():
    document = read(HEAD + "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n")
    assert any("no text" in note for note in document.notes)


@pytest.mark.parametrize("kind", ["multipart", "mail"])
def test_a_thousand_parts_in_each_other(kind):
    text = HEAD
    for i in range(1000):
        text += (
            f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n"
            if kind == "multipart"
            else "Content-Type: message/rfc822\n\nSubject: x\n"
        )
    text += "\nThe lamp leaves us today.\n" + "".join(f"--b{i}--\n" for i in reversed(range(1000)))
    document = read(text)
    assert "The lamp leaves us today." in "".join(views(document))


@pytest.mark.parametrize(
    "body",
    [
        "=C3=A9" * 5_000,
        "> a\nb\n" * 1_500,
        "On " * 3_000 + "wrote:",
        "On 3 March 2025,\n" * 1_500,
        "From: a\n" * 3_000,
        "Date: a\n" * 3_000,
        "Best,\n" * 2_500,
        "--\n" * 2_500,
        "##- reply above this line -##\n" * 1_500,
        "--b\n" * 2_500,
        "a " * 8_000,
        "=\n" * 5_000,
    ],
)
def test_long_and_odd_bodies_take_no_ages(body):
    for head in ("", "Content-Transfer-Encoding: quoted-printable\n", "Content-Type: text/plain; format=flowed\n"):
        began = time.perf_counter()
        read_email(f"{HEAD}{head}\n{body}", name="a.eml")
        assert time.perf_counter() - began < 3


FRAGMENTS = st.sampled_from(
    [
        *(
            "From: a@b\n",
            "Subject: =?utf-8?q?Zo=C3=AB?= x\n",
            "Subject: =?x?b?!!?=\n  more\n",
            "\n",
            "\r\n",
            "\r",
            "> ",
            ">> deep\n",
            "-- \n",
        ),
        *(
            "Content-Type: multipart/alternative; boundary=b\n",
            'Content-Type: multipart/mixed; boundary="c\n',
            "--b\n",
            "--b--\n",
            "--c\n",
        ),
        *(
            "Content-Type: text/html; charset=koi8-r\n",
            "Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-7\n",
        ),
        *(
            "Content-Type: message/rfc822\n",
            "Content-Transfer-Encoding: base64\n",
            "Content-Transfer-Encoding: quoted-printable\n",
        ),
        *(
            "SGVsbG8gWm/Dqw==\n",
            "=C3",
            "=A9",
            "=\n",
            "=E2=80=93 ",
            "soft \n",
            "Zoë ",
            "\x1b$B",
            "\ufffd",
            "\ud800",
            "\0",
            "Best,\n",
            "Anna\n",
        ),
        *(
            "<p>Hello <b>you</b></p>",
            "<div class='gmail_quote'>",
            "</div>",
            "<!--",
            "{{ name }}",
            "{% if x %}",
            "{% endif %}",
            "On Mon, 1 May 2025, Bo wrote:\n",
        ),
        *(
            "Content-Type: text/plain; charset*=utf-8''%ff; x*0=\"\n",
            "Content-Type: ;;;=\n",
            "Content-Disposition: attachment; filename*=''\n",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAGMENTS | st.text(max_size=6), max_size=25))
def test_any_mail_is_read_and_the_laws_hold(fragments):
    read("".join(fragments))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_what_the_library_writes_is_read_back(data):
    from email.message import EmailMessage

    words = data.decode("latin-1").translate(dict.fromkeys([*range(32), *range(127, 161)], 32))
    body = (
        " ".join(("Dear Bo, " + words.replace(">", "").replace("<", "").replace("{", "").replace("%", "")).split())
        + " ok."
    )
    with contextlib.suppress(UnicodeDecodeError):  # letters that are bytes of UTF-8 are taken for bytes of UTF-8
        body.encode("latin-1").decode()
        body = "Dear Bo, ok."
    for cte in ("8bit", "quoted-printable", "base64"):
        mail = EmailMessage()
        mail["Subject"] = "x"
        mail.set_content(body, cte=cte)
        document = read(decode(mail.as_bytes(), "a.eml").text)
        assert "".join("".join(views(document)[1:]).split()) == "".join(body.split())
