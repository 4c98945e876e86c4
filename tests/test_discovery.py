"""Which files a run looks at."""

import contextlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonelint.discovery import DEFAULT_INCLUDE, discover
from tonelint.errors import UsageError


@pytest.fixture
def house(tmp_path, monkeypatch):
    """An empty folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(*names, text="Hello"):
    for name in names:
        folder = os.path.dirname(name)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(name, "w") as file:
            file.write(text)


def test_a_folder_holds_copy_templates_and_locales(house):
    make(
        "a.md",
        "b.html.erb",
        "c.py",
        "d.eml",
        "e.json",
        "config/locales/en.yml",
        "locales/x/en.json",
        "data/f.yaml",
        "z.blade.php",
    )
    make("g.mjml", "h.txt", "i.po", "j.liquid", "k.png")
    assert discover(["."]).files == (
        *("a.md", "b.html.erb", "config/locales/en.yml", "d.eml", "g.mjml", "h.txt", "i.po", "j.liquid"),
        *("locales/x/en.json", "z.blade.php"),
    )


def test_inside_locales_too(house, monkeypatch):
    make("config/locales/en/mail.yml")
    assert discover(["config/locales/en"]).files == ("config/locales/en/mail.yml",)
    assert discover(["."], root="config/locales/en").files == ("config/locales/en/mail.yml",)
    monkeypatch.chdir("config/locales/en")
    assert discover(["."]).files == ("mail.yml",)


def test_named_files_are_taken_whatever_they_are(house):
    make("notes.py", "copy.yaml", "node_modules/x/readme.md")
    files = ("notes.py", "copy.yaml", "node_modules/x/readme.md", "-")
    assert discover(files).files == files


def test_order_is_as_named_and_sorted_below(house):
    make("b/z.md", "b/a.md", "b/m/1.md", "a.md", "B.md")
    assert discover(["b", "a.md", "."]).files == ("b/a.md", "b/m/1.md", "b/z.md", "a.md", "B.md")


def test_each_file_once_whatever_the_way(house):
    make("d/a.md")
    os.symlink("a.md", "d/b.md")
    assert discover(["d", "d/a.md", "./d/../d/a.md"]).files == ("d/a.md",)


def test_loops_and_links_to_folders(house):
    make("d/a.md", "other/b.md")
    os.symlink("..", "d/up")
    os.symlink(".", "d/self")
    os.symlink("../other", "d/other")
    assert discover(["d"]).files == ("d/a.md",)
    assert discover(["d/other"]).files == ("d/other/b.md",)  # named, so followed


def test_what_cannot_be_read_in_a_walk_is_passed_over(house):
    make("a.md")
    os.symlink("gone.md", "dangling.md")
    os.symlink("circle.md", "circle.md")
    os.mkfifo("pipe.md")
    found = discover(["."])
    assert (found.files, found.errors) == (("a.md",), ())


def test_missing_paths_are_errors_and_the_rest_goes_on(house):
    make("a.md")
    found = discover(["gone", "a.md", "x\0y"])
    assert found.files == ("a.md",)
    assert [str(error) for error in found.errors] == [
        "gone: there is no such file or folder",
        r"x\x00y: there is no such file or folder",
    ]


def test_a_folder_that_may_not_be_read(house, monkeypatch):
    make("a.md", "closed/b.md", "z.md")
    real = os.scandir

    def scandir(path):
        if "closed" in os.fspath(path):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("tonelint.discovery.os.scandir", scandir)
    found = discover(["."])
    assert found.files == ("a.md", "z.md")
    assert [str(error) for error in found.errors] == ["closed: the folder cannot be read: permission denied"]


def test_exclude_replaces_and_extend_exclude_adds(house):
    make("a.md", "drafts/b.md", "old/c.md", "node_modules/d.md")
    assert discover(["."], exclude=["old"]).files == ("a.md", "drafts/b.md", "node_modules/d.md")
    assert discover(["."], extend_exclude=["old/", "drafts/*.md"]).files == ("a.md",)
    assert discover(["."], extend_exclude=["*.md", "!a.md"]).files == ("a.md",)


def test_include_replaces(house):
    make("a.md", "b.copy", "sub/c.copy")
    assert discover(["."], include=["*.copy"]).files == ("b.copy", "sub/c.copy")
    assert discover(["."], include=["/*.copy"]).files == ("b.copy",)
    assert discover(["."], include=[*DEFAULT_INCLUDE, "sub/*.copy"]).files == ("a.md", "sub/c.copy")


def test_patterns_hang_from_the_root(house):
    make("house/mail/a.md", "house/web/b.md")
    assert discover(["house"], extend_exclude=["/mail"], root="house").files == ("house/web/b.md",)
    assert (
        discover(["house/mail"], extend_exclude=["/mail"], root="house").files == ()
    )  # a folder's name undoes nothing
    assert discover(["house/mail/a.md"], extend_exclude=["/mail"], root="house").files == ("house/mail/a.md",)


def test_files_outside_the_root_still_match_by_name(house, tmp_path):
    make("other/a.md", "other/b.draft.md", "config/x")
    assert discover(["other"], extend_exclude=["*.draft.md"], root="config").files == ("other/a.md",)


def test_names_are_excluded_only_by_force(house):
    make("old/a.md", "b.md", "old/deep/c.md")
    paths = ["old/a.md", "b.md", "old/deep", "old/deep/c.md"]
    assert discover(paths, extend_exclude=["old/"]).files == ("old/a.md", "b.md", "old/deep/c.md")
    found = discover(paths, extend_exclude=["old/"], force_exclude=True)
    assert found.files == ("b.md",)
    assert found.excluded == ("old/a.md", "old/deep", "old/deep/c.md")


@pytest.mark.parametrize("pattern", ["[z-a]", "a[", "", "!", "  "])
def test_a_pattern_that_is_none(house, pattern):
    with pytest.raises(UsageError, match=r"exclude: .* is not a file pattern"):
        discover(["."], extend_exclude=[pattern])
    if pattern:
        with pytest.raises(UsageError, match="include: "):
            discover(["."], include=[pattern])


def test_gitignore_is_honoured(house):
    make("a.md", "build/b.md", "sub/c.md", "sub/keep.md", "sub/deep/d.md", "x.tmp.md")
    make(".gitignore", text="build/\n*.tmp.md\n[z-a]\n!\n/sub/deep\n")
    make("sub/.gitignore", text="*.md\n!keep.md\n")
    assert discover(["."]).files == ("a.md", "sub/keep.md")
    assert discover(["build/b.md"]).files == ("build/b.md",)


def test_gitignore_above_counts_inside_a_repository_only(house):
    make("repo/.gitignore", text="*.tmp.md\n/sub/old/\n")
    make("repo/sub/a.tmp.md", "repo/sub/b.md", "repo/sub/old/c.md", "repo/sub/secret.md")
    assert len(discover(["repo/sub"]).files) == 4
    make("repo/.git/info/exclude", text="secret.md\n")
    assert discover(["repo/sub"]).files == ("repo/sub/b.md",)


def test_very_deep_folders(house):
    deep = "/".join(["d"] * 400)
    os.makedirs(deep)
    make(f"{deep}/a.md")
    assert discover(["."]).files == (f"{deep}/a.md",)


def test_odd_names(house):
    odd = ["new\nline.md", os.fsdecode(b"caf\xe9.md"), "Zoë.md", " .md"]
    make(*odd)
    assert set(discover(["."]).files) == set(odd)


@given(st.lists(st.text(min_size=1, max_size=12), max_size=3))
def test_any_pattern_is_read_or_refused(patterns):
    with contextlib.suppress(UsageError):
        discover(["/dev/null"], extend_exclude=patterns, force_exclude=True)
