"""Every kind of bad input of ``bad_input.toml``: exit status and message, never a traceback, never half a file."""

import errno
import io
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import tonelint
from tonelint import cli
from tonelint import source as source_module

CASES = tomllib.loads((Path(__file__).parent / "bad_input.toml").read_text(encoding="utf-8"))["case"]
GOOD = "Hi Bo,\n\nYour lamp left us today. It should be with you on Thursday.\n"
FIXABLE = "Hi Bo,\n\nAs you know, our prices rose in May. Thank you so much!!\n"


def test_the_table_is_long_enough():
    assert len({case["name"] for case in CASES}) == len(CASES) >= 40
    assert all({"name", "args", "status", "says"} <= set(case) for case in CASES)


def lay_out(case):
    """Put the files of a case into the current folder."""
    files = {"good.md": GOOD.encode(), **{name: text.encode() for name, text in case.get("files", {}).items()}}
    files |= {name: bytes.fromhex(data) for name, data in case.get("bytes", {}).items()}
    files |= {name: what["text"].encode() * what["times"] for name, what in case.get("repeat", {}).items()}
    if case.get("scene") == "odd-name":
        files = {name.encode().decode("unicode_escape"): data for name, data in files.items()}
    if case.get("scene") in ("fixable", "disk-full", "changing", "interrupted"):
        files["fix.md"] = FIXABLE.encode()
    for name in case.get("folders", []):
        os.mkdir(name)
    for name, data in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)
    for name, target in case.get("links", {}).items():
        os.symlink(target, name)
    for name in case.get("fifos", []):
        os.mkfifo(name)
    for name, mode in case.get("modes", {}).items():
        os.chmod(name, int(mode, 8))


def failing(real, number, name):
    """A function of the system that fails on one path."""

    def call(path, *args, **kwargs):
        if name in os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else False:
            raise OSError(number, os.strerror(number))
        return real(path, *args, **kwargs)

    return call


class Broken(io.RawIOBase):
    """A file on a disk that fails."""

    def readable(self):
        return True

    def readinto(self, _buffer):
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def arrange(scene, monkeypatch):
    """What a file cannot hold: a system that fails at the wrong moment."""
    if scene == "open-denied":
        monkeypatch.setattr(source_module, "open", failing(open, errno.EACCES, "secret"), raising=False)
    elif scene == "folder-denied":
        monkeypatch.setattr("tonelint.discovery.os.scandir", failing(os.scandir, errno.EACCES, "closed"))
    elif scene == "vanishing":
        monkeypatch.setattr(source_module, "open", failing(open, errno.ENOENT, "brief"), raising=False)
    elif scene == "read-error":
        monkeypatch.setattr(source_module, "open", lambda *_: io.BufferedReader(Broken()), raising=False)
    elif scene == "truncated-model":
        from tonelint.weights import candidates

        model = next((path for path in candidates() if (path / "config.json").exists()), None)
        if model is None:
            pytest.skip("no model is there to be cut short")
        os.mkdir("model")
        for file in model.iterdir():
            data = file.read_bytes() if file.is_file() else b""
            Path("model", file.name).write_bytes(data if file.suffix == ".json" else data[: len(data) // 2])
    elif scene == "disk-full":
        monkeypatch.setattr("tonelint.source.os.fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    elif scene == "interrupted":
        monkeypatch.setattr("tonelint.source.os.fsync", lambda _: (_ for _ in ()).throw(KeyboardInterrupt()))
    elif scene == "changing":
        real = os.fsync

        def meddle(descriptor):
            real(descriptor)
            Path("fix.md").write_text("Somebody else's words.")

        monkeypatch.setattr("tonelint.source.os.fsync", meddle)


def run_outside(case, tmp_path):
    """Run a case in a process of its own: for what happens to its standard streams."""
    env = {**os.environ, "PYTHONPATH": str(Path(tonelint.__file__).parents[1])}
    command = [sys.executable, "-c", "from tonelint.cli import main; main()", *case["args"]]
    if case["scene"] == "closed-pipe":
        reading, writing = os.pipe()
        os.close(reading)
        out = writing
    else:
        out = os.open("/dev/full", os.O_WRONLY)
    try:
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, cwd=tmp_path, env=env, check=False)
    finally:
        os.close(out)
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_bad_input(case, tmp_path, monkeypatch, capfd):
    if case.get("unless") == "root" and os.geteuid() == 0:
        pytest.skip("no mode stops root")
    if case.get("scene") == "full-output" and not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TONELINT_NO_CACHE", "1")
    monkeypatch.delenv("TONELINT_MODEL", raising=False)
    lay_out(case)
    before = sorted(os.listdir())
    kept = Path(case["keeps"]).read_bytes() if "keeps" in case else b""
    scene = case.get("scene", "")
    if scene in ("closed-pipe", "full-output"):
        status, printed = run_outside(case, tmp_path)
    else:
        arrange(scene, monkeypatch)
        if case.get("stdin") is False:
            monkeypatch.setattr(sys, "stdin", None)
        args = list(case["args"])
        if args[0] == "check" and "--model" not in args:
            args += ["--model", "none"]
        if args[0] == "check" and "--output-format" not in args:
            args += ["--output-format", "full"]
        status = cli.run(args)
        out, err = capfd.readouterr()
        printed = out + err
        if scene != "truncated-model":
            assert sorted(os.listdir()) == before
    assert "Traceback" not in printed
    assert case["says"] in " ".join(printed.split())
    assert status == case["status"], printed
    if kept:
        assert Path(case["keeps"]).read_bytes() == kept
