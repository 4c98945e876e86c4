"""Bytes to text and back, and writing that is never half done."""

import codecs
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonelint import source as source_module
from tonelint.errors import SourceError
from tonelint.source import charset, decode, display_name, encode, load, load_stream, write_atomic

TEXT = "Dear Zoë,\r\nyour “blue” lamp costs €20.\nThanks\r"


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_byte_order_marks_are_told_and_kept(bom, encoding):
    data = bom + TEXT.encode(encoding)
    read = decode(data, "a.txt")
    assert (read.text, read.encoding, read.bom, read.fixable, read.notes) == (TEXT, encoding, bom, True, ())
    assert encode(read) == data
    assert encode(read, "x") == bom + "x".encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_without_a_mark(encoding):
    data = "We will ring you – tomorrow at nine.\n".encode(encoding)
    read = decode(data, "a.txt")
    assert read.encoding == encoding
    assert read.text.startswith("We will")
    assert "without a byte-order mark" in read.notes[0]
    assert encode(read) == data


def test_windows_1252_is_the_last_resort_and_says_so():
    data = "Zoë’s lamp – £20".encode("cp1252")
    read = decode(data, "a.txt")
    assert read.text == "Zoë’s lamp – £20"
    assert read.encoding == "windows-1252"
    assert "not UTF-8" in read.notes[0]
    assert "byte 2" in read.notes[0]
    assert encode(read) == data


@pytest.mark.parametrize(
    ("head", "label"),
    [
        ('<html><head><meta charset="koi8-r"></head>', "koi8-r"),
        ('<META http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        ('<?xml version="1.0" encoding="koi8-r"?>', "koi8-r"),
        ('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=koi8-r\\n"\n', "koi8-r"),
    ],
)
def test_a_declared_charset_is_believed(head, label):
    read = decode((head + "Заказ").encode(label), "a.html")
    assert read.text.endswith("Заказ")
    assert read.encoding == label
    assert "as it declares" in read.notes[0]


def test_a_declared_charset_never_beats_valid_utf8():
    read = decode('<meta charset="koi8-r">Zoë'.encode(), "a.html")
    assert (read.encoding, read.notes) == ("utf-8", ())


@pytest.mark.parametrize("label", ["rot13", "base64", "unicode_escape", "utf-7", "punycode", "no-such", "utf-16", ""])
def test_only_charsets_of_text_are_followed(label):
    assert charset(label) is None


@pytest.mark.parametrize("label", ["Latin1", "US-ASCII", "iso_8859-1", "Windows-1252"])
def test_latin_labels_mean_windows_1252(label):
    assert charset(label) == "windows-1252"


def test_a_few_broken_bytes_do_not_spoil_a_good_file():
    data = "“Curly” – and – “more”, Zoë ".encode() + b"\xff end"
    read = decode(data, "a.txt")
    assert "“Curly”" in read.text
    assert "\ufffd" in read.text
    assert not read.fixable
    assert "not fixed" in read.notes[0]


def test_nul_characters_are_read_and_said():
    read = decode(b"We are sorry\0 about that, and we will mend it today.", "a.txt")
    assert "\0" in read.text
    assert read.notes == ("holds NUL characters",)
    assert read.fixable


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"%PDF-1.7\nHello",
        b"PK\x03\x04rest",
        bytes(range(256)) * 20,
        b"\x00\x01\x02\x03" * 100,
        os.urandom(4096),
    ],
)
def test_binary_is_refused(data):
    with pytest.raises(SourceError, match=r"a\.txt: looks like a binary file"):
        decode(data, "a.txt")


def test_nothing_and_a_mark_alone():
    assert decode(b"", "a.txt").text == ""
    assert decode(codecs.BOM_UTF8, "a.txt").text == ""


@pytest.mark.parametrize(
    ("text", "newline"), [("a\nb\r\nc\r\n", "\r\n"), ("a\nb", "\n"), ("a\rb\rc\n", "\r"), ("a", "\n")]
)
def test_the_usual_newline(text, newline):
    assert decode(text.encode(), "a.txt").newline == newline


@given(st.binary(max_size=400))
def test_decoding_round_trips_or_is_marked(data):
    for name in ("a.txt", "a.eml"):
        try:
            read = decode(data, name)
        except SourceError:
            continue
        assert not read.fixable or encode(read) == data


@given(st.text())
def test_any_text_comes_back(text):
    try:
        data = text.encode()
        read = decode(data, "a.txt")
    except (UnicodeEncodeError, SourceError):
        return
    if read.encoding == "utf-8" and not read.bom:
        assert read.text == text
    assert encode(read) == data


def test_a_character_that_the_encoding_lacks():
    read = decode("Zoë".encode("latin-1"), "a.txt")
    with pytest.raises(SourceError, match=r"windows-1252 has no '\\u4e2d'"):
        encode(read, "中")


def test_a_huge_line(tmp_path):
    path = tmp_path / "line.txt"
    path.write_bytes(b"We hear you. " * 4_000_000)
    assert len(load(path).text) == 52_000_000
    with pytest.raises(SourceError, match="larger than 50 MB"):
        load(path, max_bytes=50_000_000)


# Loading


def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for name, said in [
        ("gone", "no such file"),
        ("nowhere", "no such file"),
        ("pipe", "not a regular file"),
        ("circle", "circle"),
        ("", "is a folder"),
        ("x" * 300, "too long"),
        ("nul\0name", "null byte"),
    ]:
        with pytest.raises(SourceError, match=said):
            load(tmp_path / name)
    with pytest.raises(SourceError, match="not a regular file"):
        load("/dev/null")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(SourceError, match="permission denied"):
        load(path)


def test_denied_by_the_system(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("x")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(SourceError, match="permission denied"):
        load(path)


def test_closed_standard_input():
    with pytest.raises(SourceError, match="standard input is closed"):
        load_stream(None)
    stream = open(os.devnull, "rb")  # noqa: SIM115
    stream.close()
    with pytest.raises(SourceError, match="cannot be read"):
        load_stream(stream)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a\nb.txt", r"a\nb.txt"), ("caf\udce9.txt", r"caf\udce9.txt"), ("Zoë.md", "Zoë.md"), ("a\x1b[0m", r"a\x1b[0m")],
)
def test_names_are_shown_on_one_printable_line(name, shown):
    assert display_name(name) == shown


# Writing


@pytest.fixture
def draft(tmp_path):
    path = tmp_path / "draft.txt"
    path.write_bytes(codecs.BOM_UTF8 + "Dear Zoë,\r\nwe are pleased.\r\n".encode())
    path.chmod(0o640)
    return path


def leftovers(path):
    return [entry.name for entry in path.parent.iterdir() if entry != path]


def test_writing_keeps_mark_newlines_and_mode(draft):
    read = load(draft)
    write_atomic(draft, read, read.text.replace("we are pleased", "your lamp is here"))
    assert draft.read_bytes() == codecs.BOM_UTF8 + "Dear Zoë,\r\nyour lamp is here.\r\n".encode()
    assert stat.S_IMODE(draft.stat().st_mode) == 0o640
    assert leftovers(draft) == []


def test_symbolic_links_are_written_through(draft, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.txt"
    link.symlink_to(draft)
    write_atomic(link, load(link), "new")
    assert link.is_symlink()
    assert draft.read_bytes() == codecs.BOM_UTF8 + b"new"


def test_read_only_targets_are_refused(draft):
    read = load(draft)
    before = draft.read_bytes()
    draft.chmod(0o440)
    with pytest.raises(SourceError, match="read-only"):
        write_atomic(draft, read, "new")
    assert draft.read_bytes() == before


def test_a_file_changed_in_between_is_left_alone(draft):
    read = load(draft)
    draft.write_text("someone else's words")
    with pytest.raises(SourceError, match="changed since it was read"):
        write_atomic(draft, read, "new")
    assert draft.read_text() == "someone else's words"
    assert leftovers(draft) == []


def test_a_file_gone_in_between(draft):
    read = load(draft)
    draft.unlink()
    with pytest.raises(SourceError, match="no such file"):
        write_atomic(draft, read, "new")
    assert leftovers(draft) == []


def test_a_source_that_does_not_round_trip_is_never_written(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("“Curly” – Zoë – “more”".encode() + b"\xff")
    with pytest.raises(SourceError, match="save it as UTF-8"):
        write_atomic(path, load(path), "new")


@pytest.mark.parametrize("step", ["os.fsync", "os.replace", "os.fchmod"])
@pytest.mark.parametrize(
    ("error", "raised", "said"),
    [
        (OSError(28, "No space left on device"), SourceError, "no space left"),
        (KeyboardInterrupt(), KeyboardInterrupt, None),
    ],
)
def test_whatever_happens_the_file_is_whole_and_nothing_is_left(draft, monkeypatch, step, error, raised, said):
    read = load(draft)
    before = draft.read_bytes()

    def fail(*_args, **_kwargs):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(f"tonelint.source.{step}", fail)
        with pytest.raises(raised, match=said):
            write_atomic(draft, read, "new")
    assert draft.read_bytes() == before
    assert leftovers(draft) == []


def test_the_owner_is_kept_where_it_can_be(draft, monkeypatch):
    asked = []
    info = os.stat(draft)
    fake = os.stat_result((info.st_mode, *info[1:4], info.st_uid + 1, info.st_gid, *info[6:]))
    handle = os.open(draft, os.O_RDWR)
    monkeypatch.setattr("tonelint.source.os.fchown", lambda *args: asked.append(args[1:]))
    source_module._take_over(handle, fake)
    os.close(handle)
    assert asked == [(info.st_uid + 1, info.st_gid)]
