"""Writing files of our own making (reports, baselines, cached results): the whole of them or nothing."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from tonelint.errors import SourceError


def write_whole(path: Path, text: str) -> None:
    """Write a text as UTF-8. A regular file is replaced in one step, its mode kept; a pipe or device is written to.

    Raises SourceError, naming the file; what stood there before is then still there.
    """
    data = text.encode("utf-8", "backslashreplace")
    temporary: Path | None = None
    try:
        target = Path(os.path.realpath(path))
        mode: int | None = None
        with contextlib.suppress(FileNotFoundError):
            info = target.stat()
            if not stat.S_ISREG(info.st_mode):
                target.write_bytes(data)  # a folder raises, as it should
                return
            mode = stat.S_IMODE(info.st_mode)
            if not os.access(target, os.W_OK):
                raise PermissionError(13, "it is read-only")
        temporary = target.with_name(f".{target.name[:64]}.{secrets.token_hex(4)}.tmp")
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            file.write(data)
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(target)
        temporary = None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SourceError(str(path), f"cannot be written: {reason}; name another place") from error
    finally:  # also on Ctrl-C
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
