"""Bytes to text and back: the encoding, byte-order mark and newlines kept, and never a file half written.

Text is decoded without any change of newlines, so that offsets in the text are offsets in the file. Where the bytes
cannot be had back from the text exactly, the source is read but marked not fixable.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import hashlib
import os
import re
import stat
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from tonelint.errors import SourceError

MAX_BYTES = 256 * 1024 * 1024
"""Default limit on the size of one file, in bytes."""

_BOMS = (  # longest first: the UTF-32 mark begins with the UTF-16 one
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office document or an Outlook .msg"),
)
# As browsers read windows-1252: the five bytes without a character stand for themselves, so that any bytes round-trip.
_CP1252 = "".join(bytes([i]).decode("cp1252", "ignore") or chr(i) for i in range(256))
_CP1252_BYTES = codecs.charmap_build(_CP1252)
_DECLARED_CHARSETS = re.compile(
    r"(iso-8859-\d{1,2}|windows-125\d|windows-874|koi8-[ru]|macintosh|mac-roman|ibm\d{3}|cp\d{3,4}|gbk|gb2312|gb18030|big5"
    r"|euc-jp|iso-2022-jp|shift[_-]jis|euc-kr|tis-620)",
    re.IGNORECASE,
)
_DECLARATION = re.compile(
    rb"""<meta\b[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)
    | ^\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)
    | ^"Content-Type:[^"\n]{0,200}?charset=([\w.:-]+)""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_LATIN_1 = {"ascii", "us-ascii", "iso-8859-1", "latin-1", "latin1", "iso8859-1", "cp1252", "windows-1252"}
# Control characters that text does not hold; tab, newline, form feed, return and escape are let be.
_CONTROLS = bytes(i for i in range(32) if i not in (9, 10, 12, 13, 27)) + b"\x7f"
_SAMPLE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was when it was read, to tell whether it has changed since."""

    size: int
    """In bytes."""
    digest: bytes


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded file. ``text`` has the newlines as they stand and no byte-order mark."""

    name: str
    """For showing to people; safe to print."""
    text: str
    encoding: str
    """Name of a Python codec; ``windows-1252`` is read and written as browsers do."""
    bom: bytes = b""
    newline: str = "\n"
    """The line end that occurs most often: ``\\n``, ``\\r\\n`` or ``\\r``."""
    fixable: bool = True
    """False if the bytes cannot be made again from the text."""
    notes: tuple[str, ...] = ()
    stamp: Stamp | None = None
    """None for text that does not come from a file."""


def decode(data: bytes, name: str) -> Source:
    """Bytes as text; ``name`` is for messages, and its suffix tells mail from other formats.

    By byte-order mark, as UTF-8, by the charset that the text itself declares, else as windows-1252 with a note. Raises
    SourceError for what looks like a binary file.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text, notes = _strict_or_replaced(data[len(bom) :], encoding)
            return _source(data, name, text, encoding, bom=bom, notes=notes)
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise SourceError(name, f"looks like a binary file ({what}); tonelint reads text")
    wide = _wide_encoding(data)
    if wide:
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(wide)
            if not _controls(text[:_SAMPLE].encode("utf-8", "replace")):
                note = f"read as {wide.upper()} without a byte-order mark"
                return _source(data, name, text, wide, notes=(note,))
    _refuse_binary(data, name)
    notes = ("holds NUL characters",) if b"\0" in data else ()
    try:
        return _source(data, name, data.decode("utf-8"), "utf-8", notes=notes)
    except UnicodeDecodeError as error:
        at = error.start
    return _decode_legacy(data, name, at, notes)


def _decode_legacy(data: bytes, name: str, at: int, notes: tuple[str, ...]) -> Source:
    """Bytes that are not UTF-8; ``at`` is the first byte that shows it."""
    if name.lower().endswith(".eml"):  # the parts of a mail declare their own charsets; the reader sees to them
        return _source(data, name, from_windows_1252(data), "windows-1252", notes=notes)
    declared = declared_charset(data)
    if declared and declared not in ("utf-8", "windows-1252"):
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(declared)
            return _source(data, name, text, declared, notes=(*notes, f"read as {declared}, as it declares"))
    mended = data.decode("utf-8", "replace")
    bad = mended.count("\ufffd")
    if sum(1 for char in mended if char > "\x7f") - bad > bad:  # good UTF-8 with a few broken bytes
        note = f"is UTF-8 with broken bytes (the first at byte {at}), shown as \ufffd; the file is not fixed"
        return _source(data, name, mended, "utf-8", notes=(*notes, note))
    if declared != "windows-1252":
        said = "declares UTF-8 but is not" if declared == "utf-8" else "is not UTF-8"
        notes = (*notes, f"{said} (byte {at}); read as windows-1252. Save it as UTF-8 if letters look wrong")
    return _source(data, name, from_windows_1252(data), "windows-1252", notes=notes)


def encode(source: Source, text: str | None = None) -> bytes:
    """The bytes of a source, or of another text in its encoding, with its byte-order mark.

    Raises SourceError if the encoding lacks a character of the text.
    """
    text = source.text if text is None else text
    try:
        if source.encoding == "windows-1252":
            return source.bom + to_windows_1252(text)
        return source.bom + text.encode(source.encoding)
    except UnicodeEncodeError as error:
        char = text[error.start : error.start + 1]
        raise SourceError(
            source.name, f"its encoding {source.encoding} has no {char!a}; save the file as UTF-8 and run again"
        ) from None


def load(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> Source:
    """Read and decode a file. Raises SourceError, naming the file, whatever the reason."""
    name = display_name(path)
    try:
        info = os.stat(path)
        if stat.S_ISDIR(info.st_mode):
            raise SourceError(name, "is a folder, not a file")
        if not stat.S_ISREG(info.st_mode):  # reading a pipe or a device might never end
            raise SourceError(name, "is not a regular file; to check what a program prints, pipe it in and give `-`")
        with open(path, "rb") as file:
            data = file.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        raise SourceError(name, f"cannot be read: {_reason(error)}") from None
    except MemoryError:
        raise SourceError(name, "cannot be read: not enough memory") from None
    _refuse_large(data, name, max_bytes)
    return replace(decode(data, name), stamp=_stamp(data))


def load_stream(stream: BinaryIO | None, *, name: str = "<stdin>", max_bytes: int = MAX_BYTES) -> Source:
    """Read and decode a binary stream to its end; ``None`` stands for a standard input that is closed."""
    if stream is None:
        raise SourceError(name, "standard input is closed; give a file or pipe text in")
    try:
        data = stream.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        raise SourceError(name, f"cannot be read: {_reason(error)}") from None
    _refuse_large(data, name, max_bytes)
    return decode(data, name)


def write_atomic(path: str | os.PathLike[str], source: Source, text: str) -> None:
    """Replace the file's text: the whole of it or, whatever happens, nothing.

    The text goes to a temporary file in the same folder and takes the target's place in one step, with its mode, owner
    (where the system lets us), encoding and byte-order mark. A symbolic link stays one: its target is written. Raises
    SourceError if the source is not fixable, the file is read-only or has changed since ``source`` was loaded, the
    encoding lacks a character, or the system refuses.
    """
    name = display_name(path)
    if not source.fixable:
        raise SourceError(name, "its bytes cannot be kept exactly, so it is not written; save it as UTF-8 first")
    data = encode(source, text)
    target = os.path.realpath(path)
    temporary: str | None = None
    try:
        info = os.stat(target)
        if not stat.S_ISREG(info.st_mode):
            raise SourceError(name, "is not a regular file, so it is not written")
        if not info.st_mode & 0o222 or not os.access(target, os.W_OK):
            raise SourceError(name, "is read-only, so it is not written; make it writable and run again")
        handle, temporary = tempfile.mkstemp(prefix=".tonelint-", suffix=".tmp", dir=os.path.dirname(target))
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            _take_over(file.fileno(), info)
            os.fsync(file.fileno())
        if source.stamp is not None and _stamp(Path(target).read_bytes()) != source.stamp:
            raise SourceError(name, "has changed since it was read, so it is not written; run again")
        os.replace(temporary, target)
        temporary = None
    except OSError as error:
        raise SourceError(name, f"cannot be written, and is as it was: {_reason(error)}") from None
    finally:  # also on Ctrl-C
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
    _sync_folder(os.path.dirname(target))


def display_name(path: str | os.PathLike[str]) -> str:
    """A path for showing: one line, printable, whatever bytes its name holds."""
    name = os.fspath(path).encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in name)


def declared_charset(data: bytes) -> str | None:
    """The charset that an HTML ``meta``, XML declaration or gettext header names, as a Python codec; None if none."""
    match = _DECLARATION.search(data[:4096])
    return charset(next(filter(None, match.groups())).decode("ascii", "replace")) if match else None


def charset(label: str) -> str | None:
    """A charset's label as the name of a Python codec that decodes text; None if there is none.

    Labels of ASCII and Latin-1 mean ``windows-1252``, as in browsers.
    """
    label = label.strip().strip("\"'").lower()
    if label.replace("_", "-") in _LATIN_1:
        return "windows-1252"
    if label in ("utf-8", "utf8"):
        return "utf-8"
    if not _DECLARED_CHARSETS.fullmatch(label):
        return None
    try:
        return codecs.lookup(label).name
    except LookupError:
        return None


def from_windows_1252(data: bytes) -> str:
    """Any bytes as windows-1252, as browsers read it."""
    return codecs.charmap_decode(data, "strict", _CP1252)[0]


def to_windows_1252(text: str) -> bytes:
    """The way back; raises UnicodeEncodeError for a character that it lacks."""
    return codecs.charmap_encode(text, "strict", _CP1252_BYTES)[0]


def _strict_or_replaced(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as error:
        note = f"holds broken {encoding.upper()} (first at byte {error.start}), shown as \ufffd; the file is not fixed"
        return data.decode(encoding, "replace"), (note,)


def _source(
    data: bytes, name: str, text: str, encoding: str, *, bom: bytes = b"", notes: tuple[str, ...] = ()
) -> Source:
    source = Source(name, text, encoding, bom=bom, newline=_newline(text), notes=notes)
    try:
        exact = encode(source) == data
    except SourceError:
        exact = False
    return source if exact else replace(source, fixable=False)


def _newline(text: str) -> str:
    pairs = text.count("\r\n")
    counts = {"\n": text.count("\n") - pairs, "\r\n": pairs, "\r": text.count("\r") - pairs}
    return max(counts, key=lambda end: counts[end])


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by where the NUL bytes of its Latin letters stand."""
    sample = data[:_SAMPLE]
    if b"\0" not in sample or len(data) % 2 or len(data) < 4:
        return None
    quarters = [sample[i::4].count(0) / max(1, len(sample[i::4])) for i in range(4)]
    even, odd = (quarters[0] + quarters[2]) / 2, (quarters[1] + quarters[3]) / 2
    if len(data) % 4 == 0 and min(quarters[2:]) > 0.9 and min(quarters[1:]) > 0.7 and quarters[0] < 0.1:
        return "utf-32-le"
    if len(data) % 4 == 0 and min(quarters[:2]) > 0.9 and min(quarters[:3]) > 0.7 and quarters[3] < 0.1:
        return "utf-32-be"
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    if even > 0.4 and odd < 0.05:
        return "utf-16-be"
    return None


def _refuse_binary(data: bytes, name: str) -> None:
    """Raise SourceError if too much of the beginning is no character of any text."""
    sample = data[:_SAMPLE]
    controls = _controls(sample)
    if controls == 0:
        return
    try:
        sample.decode("utf-8")
        limit = 0.1  # a stray NUL in good UTF-8 is an accident, not a picture
    except UnicodeDecodeError as error:
        limit = 0.1 if error.start >= len(sample) - 3 else 0.02
    if controls > limit * len(sample):
        raise SourceError(name, "looks like a binary file; tonelint reads text")


def _controls(sample: bytes) -> int:
    """How many bytes are control characters that text does not hold."""
    return len(sample) - len(sample.translate(None, _CONTROLS))


def _refuse_large(data: bytes, name: str, max_bytes: int) -> None:
    if len(data) > max_bytes:
        raise SourceError(name, f"is larger than {max_bytes / 1e6:,.0f} MB, the most that is read; split it")


def _stamp(data: bytes) -> Stamp:
    return Stamp(len(data), hashlib.blake2b(data, digest_size=16).digest())


def _take_over(descriptor: int, info: os.stat_result) -> None:
    """Give the new file the old one's owner, where the system allows it, and its mode."""
    if sys.platform == "win32":
        return
    mine = os.fstat(descriptor)
    if (mine.st_uid, mine.st_gid) != (info.st_uid, info.st_gid):
        with contextlib.suppress(OSError):
            os.fchown(descriptor, info.st_uid, info.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(info.st_mode))  # after the owner: a change of owner clears bits


def _sync_folder(folder: str) -> None:
    """Make the renaming itself last through a power cut, where folders can be synced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: Exception) -> str:
    """Why the system refused, in plain words."""
    known = {
        errno.ENOENT: "there is no such file",
        errno.EACCES: "permission denied",
        errno.EPERM: "permission denied",
        errno.ENOSPC: "no space left on the disk",
        errno.EDQUOT: "no space left in the quota",
        errno.EROFS: "the disk is read-only",
        errno.ELOOP: "its symbolic links run in a circle",
        errno.ENAMETOOLONG: "its name is too long",
        errno.EIO: "the disk reported an error",
    }
    if isinstance(error, OSError):
        return known.get(error.errno or 0) or error.strerror or type(error).__name__
    return str(error)
