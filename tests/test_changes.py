"""Changed lines, as git tells them."""

import subprocess

import pytest

from tonelint import changes
from tonelint.errors import UsageError
from tonelint.linter import Balance
from tonelint.output.results import FileReport, MessageReport
from tonelint.types import Finding, Severity, Span

TEXT = "one\ntwo\nthree\nfour\nfive\n"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "user.email", "a@example.org")
    git(tmp_path, "config", "user.name", "A")
    git(tmp_path, "config", "diff.noprefix", "true")
    return tmp_path


def git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder, **files):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")


def words(found, path):
    text = path.read_text(encoding="utf-8")
    return [text[s.start : s.end] for s in found.spans(path, text)]


def test_staged_lines_only(repository):
    commit(repository, a=TEXT, b=TEXT)
    path = repository / "a"
    path.write_text(TEXT.replace("two", "TWO").replace("five\n", "five\nsix\n"))
    git(repository, "add", "a")
    (repository / "b").write_text("other\n")
    found = changes.changed(repository)
    assert words(found, path) == ["TWO\n", "six\n"]
    assert words(found, repository / "b") == []


def test_staged_lines_are_found_again_under_unstaged_ones(repository):
    commit(repository, a=TEXT)
    path = repository / "a"
    path.write_text(TEXT.replace("four", "FOUR"))
    git(repository, "add", "a")
    path.write_text("zero\nzero\n" + TEXT.replace("four", "FOUR").replace("five", "FIVE").replace("one\n", ""))
    assert words(changes.changed(repository), path) == ["FOUR\n"]
    path.write_text(TEXT.replace("four", "FOUR!"))
    assert words(changes.changed(repository), path) == ["FOUR!\n"]


def test_the_first_commit(repository):
    (repository / "a").write_text(TEXT)
    git(repository, "add", "a")
    assert words(changes.changed(repository), repository / "a") == [TEXT]


def test_since_a_revision_with_renames_and_new_files(repository):
    commit(repository, a=TEXT)
    git(repository, "checkout", "-q", "-b", "topic")
    git(repository, "mv", "a", "c")
    commit(repository, c=TEXT.replace("three", "THREE"))
    git(repository, "checkout", "-q", "main")
    commit(repository, a="main went on\n" + TEXT)
    git(repository, "checkout", "-q", "topic")
    (repository / "new").write_text("new\n")
    found = changes.changed(repository, base="main")
    assert words(found, repository / "c") == ["THREE\n"]
    assert words(found, repository / "new") == ["new\n"]


def test_names_and_lines_that_look_like_a_diff(repository):
    odd = 'a "b"\tü.md'
    commit(repository, **{odd: "x\n"})
    (repository / odd).write_text("+++ b/other\n@@ -1 +1 @@\nx\n--- a/x\n")
    git(repository, "add", "-A")
    assert words(changes.changed(repository), repository / odd) == ["+++ b/other\n@@ -1 +1 @@\n", "--- a/x\n"]


def test_a_file_that_git_cannot_compare_counts_wholly(repository):
    path = repository / "a"
    path.write_bytes("héllo\n".encode("utf-16"))
    git(repository, "add", "a")
    assert changes.changed(repository).spans(path, "héllo\n") == (Span(0, 6),)


def test_from_a_folder_below(repository):
    (repository / "sub").mkdir()
    commit(repository, a=TEXT)
    (repository / "a").write_text(TEXT + "six\n")
    git(repository, "add", "a")
    assert words(changes.changed(repository / "sub"), repository / "a") == ["six\n"]


def test_what_cannot_be_done_is_said(repository, tmp_path_factory, monkeypatch):
    commit(repository, a=TEXT)
    for name in ("nowhere", "--output=x", "-p"):
        with pytest.raises(UsageError, match="git knows no such revision"):
            changes.changed(repository, base=name)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")
    with pytest.raises(UsageError, match="--diff-only needs a git repository"):
        changes.changed(tmp_path_factory.mktemp("plain"))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="git, and it is not installed"):
        changes.changed(repository)


def test_findings_that_a_change_touches():
    text = "First one.\nSecond one.\nThird one.\n"
    sentences = (Span(0, 10), Span(11, 22), Span(23, 33))
    message = MessageReport(
        "m", Span(0, len(text)), "en", "service", "other", Balance(0, 0, 3), None, None, {}, (), sentences
    )

    def finding(span):
        return Finding("SLF001", "n", None, 1, Severity.INFO, "m", 1.0, "m", "a", span, None)

    file = FileReport("a", text, (message,), (finding(None), finding(Span(0, 5)), finding(Span(11, 17))))

    def left(*spans):
        return [f.span for f in changes.only(file, spans).findings]

    assert left(Span(11, 23)) == [None, Span(11, 17)]
    assert left() == []
    assert left(Span(10, 11)) == [], "a blank line is no sentence"
    assert left(Span(11, 11)) == [None], "a sentence was taken out"
    assert left(Span(0, len(text))) == [None, Span(0, 5), Span(11, 17)]
