"""The house: which room may use which, what starts fast, and that nothing heavy is loaded before it is needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "tonelint"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
LONGEST = 400
LONGER = {
    "linter.py": "the one function that everybody calls, with what it gives back",
    "train/corpus.py": "one format: how it is written, read, checked and counted",
}
"""Files over about 400 lines, and why."""
HEAVY = (
    "numpy",
    "onnxruntime",
    "spacy",
    "torch",
    "transformers",
    "sklearn",
    "scipy",
    "tokenizers",
    "py3langid",
    "turbohtml",
)
NEVER = ("torch", "transformers", "sklearn", "scipy", "tonelint.train")


def loaded(code, *arguments, cwd):
    """The top-level names that a fresh interpreter has imported after running ``code``."""
    script = f"import sys\nsys.argv = ['tonelint', *{list(arguments)!r}]\ntry:\n    {code}\nexcept SystemExit:\n    pass\nprint('LOADED', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=ENVIRONMENT,
        timeout=120,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("LOADED")]
    assert lines, done.stderr
    return set(lines[-1].split()[1:])


CLI = "from tonelint.cli import main; main()"


def test_the_rooms_import_only_from_those_above_them():
    pytest.importorskip("importlinter")
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        capture_output=True, text=True, cwd=ROOT, env=ENVIRONMENT, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("check", "--help"), ("train", "--help")])
def test_help_loads_nothing_heavy(arguments, tmp_path):
    assert loaded(CLI, *arguments, cwd=tmp_path) & {*HEAVY, "tonelint.rules", "tonelint.readers"} == set()


def test_importing_the_package_loads_nothing_heavy(tmp_path):
    names = loaded("import tonelint", cwd=tmp_path)
    assert names & {*HEAVY, "tonelint.rules", "click"} == set()


@pytest.mark.model
def test_check_never_loads_the_training_room_or_its_libraries(tmp_path):
    (tmp_path / "a.html").write_text("<p>Our award-winning kite came, {{ name }}!!</p>")
    (tmp_path / "b.md").write_text("# Kites\n\nWhich day suits you?\n")
    (tmp_path / "c.yml").write_text("en:\n  a: Tea came.\n")
    for command in (("check", "--fix", "--unsafe-fixes", "--no-cache", "."), ("tag", "b.md")):
        names = loaded(CLI, *command, cwd=tmp_path)
        assert names & set(NEVER) == set()
        assert "tonelint.linter" in names


def test_plain_text_without_a_model_needs_no_numpy(tmp_path):
    (tmp_path / "a.txt").write_text("Our award-winning kite came.\n")
    assert loaded(CLI, "check", "--model", "none", "--no-cache", "a.txt", cwd=tmp_path) & set(HEAVY) == set()


def test_rules_are_read_quickly(tmp_path):
    """Four thousand patterns are not compiled at start: only a phrase whose anchor is met is multiplied and compiled."""
    code = (
        "import time; from tonelint.rules import all_rules; from tonelint.rules import patterns; made = []; "
        "patterns._regex = lambda *a, f=patterns._regex: made.append(a) or f(*a); begun = time.process_time(); all_rules(); "
        "took = time.process_time() - begun; print(len(made), took)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=ENVIRONMENT,
        timeout=60,
        check=True,
    )
    made, took = done.stdout.split()
    assert int(made) < 50
    assert float(took) < 1.5  # a quarter of a second on an idle machine


def test_files_stay_readable():
    long = {
        p.relative_to(SOURCE).as_posix(): n
        for p in SOURCE.rglob("*.py")
        if (n := len(p.read_text().splitlines())) > LONGEST * 1.05
    }
    assert set(long) <= set(LONGER), long


def test_nothing_is_fetched_at_run_time():
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for name in ("urllib.request", "requests", "httpx", "http.client", "huggingface_hub"):
            assert f"import {name}" not in text, path
            assert f"from {name} " not in text, path
