"""What is shipped: the names that the build puts into the wheel exist, and a wheel holds the model and works."""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_what_the_build_names_is_there():
    targets = PROJECT["tool"]["hatch"]["build"]["targets"]
    for place in targets["wheel"]["force-include"]:
        assert (ROOT / place).exists(), place
    for place in (*targets["wheel"]["packages"], *targets["sdist"]["include"]):
        assert (ROOT / place).exists(), place
    assert (ROOT / PROJECT["project"]["readme"]).is_file()
    for place in PROJECT["project"]["license-files"]:
        assert (ROOT / place).is_file()


def test_the_model_lies_where_the_wheel_looks_for_it():
    from tonelint import weights

    include = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    (source, target) = next((s, t) for s, t in include.items() if t.startswith("tonelint/_models"))
    assert (
        weights.candidates()[0].relative_to(Path(weights.__file__).parent.parent).as_posix()
        == f"{target}/{weights.NAME}"
    )
    assert (ROOT / source / weights.NAME / "config.json").is_file()


def test_the_version_is_one():
    import tonelint

    assert tonelint.__version__ == PROJECT["project"]["version"]
    assert f"## {tonelint.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_console_script_is_a_function_that_exists():
    module, name = PROJECT["project"]["scripts"]["tonelint"].split(":")
    assert callable(getattr(__import__(module, fromlist=[name]), name))


def test_run_time_dependencies_hold_nothing_of_the_training():
    names = {d.split(">")[0].split("<")[0].split("=")[0].strip().lower() for d in PROJECT["project"]["dependencies"]}
    assert not names & {"torch", "transformers", "scikit-learn", "scipy", "onnx"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.mark.slow
@pytest.mark.model
def test_the_wheel_holds_everything_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        config = json.loads(archive.read("tonelint/_models/tone/config.json"))
        for name, digest in config["files"].items():
            assert hashlib.sha256(archive.read(f"tonelint/_models/tone/{name}")).hexdigest() == digest
        metadata = next(n for n in names if n.endswith("METADATA"))
        assert f"Version: {PROJECT['project']['version']}" in archive.read(metadata).decode()
    for path in (ROOT / "src").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert path.relative_to(ROOT / "src").as_posix() in names
    assert not [n for n in names if n.split("/")[0] not in ("tonelint", metadata.split("/")[0])]
    assert not [n for n in names if n.endswith((".pyc", ".jsonl"))]


@pytest.mark.external
@pytest.mark.slow
def test_the_wheel_installs_into_an_empty_environment_and_works(wheel, tmp_path):
    """Needs an index or a cache with the dependencies."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True, timeout=120)
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", str(wheel)], check=True, timeout=580)
    (tmp_path / "draft.md").write_text("Our award-winning kite came. Which day suits you?\n")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "TONELINT"))}
    done = subprocess.run(
        [str(python), "-m", "tonelint", "check", "--no-cache", "draft.md"],
        cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "SLF001" in done.stdout
    assert done.stderr == ""
