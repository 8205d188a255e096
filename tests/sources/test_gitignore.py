"""Which files `--respect-gitignore` leaves out: git itself is the oracle."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from freddy_guard.model import Coverage
from freddy_guard.sources.files import Files
from tests.support.repo import Repo
from tests.support.scans import EverySign, contents

FILES = [
    "a.log", "b.txt", "build/out.o", "build/keep.txt", "deep/build/x.o", "deep/a.log", "deep/er/a.log", "deep/er/b.txt",
    "docs/a.pdf", "docs/sub/a.pdf", "foo", "foo.d/foo", "bar/foo/x", "space name.txt", "trailing ", "#hash", "!bang",
    "caf\u00e9.txt", "[x].txt", "a/b/c/d.txt", "a/c/d.txt", ".env", ".hidden/x", "node_modules/m/i.js",
    "x/node_modules/m.js",    "UPPER.LOG", "back\\slash", "q?.txt",
]  # fmt: skip

PATTERNS: dict[str, dict[str, str]] = {
    "suffix": {"": "*.log\n"},
    "folder": {"": "build/\n"},
    "folder at the top": {"": "/build/\n"},
    "file or folder": {"": "foo\n"},
    "negated": {"": "*.txt\n!b.txt\n"},
    "negated in an ignored folder": {"": "build/\n!build/keep.txt\n"},
    "negated in a folder whose content is ignored": {"": "build/*\n!build/keep.txt\n"},
    "nested file takes back": {"": "*.log\n", "deep": "!a.log\n"},
    "nested file takes back and its own takes it again": {"": "*.log\n", "deep": "!*.log\n", "deep/er": "a.log\n"},
    "nested file adds": {"deep": "b.txt\n/a.log\n"},
    "nested file in an ignored folder": {"": "deep/\n", "deep": "!*\n"},
    "two stars first": {"": "**/a.log\n"},
    "two stars last": {"": "deep/**\n"},
    "two stars between": {"": "a/**/d.txt\n"},
    "star does not cross folders": {"": "docs/*.pdf\n"},
    "question mark and class": {"": "?.log\n[b-c].txt\n"},
    "class negated": {"": "[!a].txt\n"},
    "all but some": {"": "*\n!*/\n!*.txt\n"},
    "all but one folder": {"": "/*\n!/deep/\n"},
    "comment and escapes": {"": "# a.log\n\\#hash\n\\!bang\n"},
    "spaces": {"": "space name.txt\ntrailing\\ \nb.txt   \n"},
    "a mark of the encoding": {"": "\ufeff*.log\n"},
    "carriage returns": {"": "*.log\r\nbuild/\r\n"},
    "not ascii": {"": "caf\u00e9.txt\n"},
    "brackets escaped": {"": "\\[x\\].txt\n"},
    "backslash": {"": "back\\\\slash\n"},
    "slash in the middle anchors": {"": "er/a.log\n"},
    "folder only, and a file is so called": {"": "foo/\n"},
    "dots": {"": ".*\n!.gitignore\n"},
    "no final newline": {"": "*.log"},
    "empty lines and a lone slash": {"": "\n\n/\n*.log\n"},
    "broken class": {"": "[a\n*.log\n"},
    "later wins": {"": "!b.txt\n*.txt\n!a.log\n"},
}


def build(repo: Repo, patterns: dict[str, str]) -> None:
    for name in FILES:
        repo.write(name, f"{name}\n")
    for folder, text in patterns.items():
        repo.write(f"{folder}/.gitignore" if folder else ".gitignore", text)


def read(repo: Repo, *names: str) -> set[str]:
    """Return the files that we read, those of .git apart."""
    paths = [str(repo.path / name) for name in names] or [str(repo.path)]
    source = Files(paths, str(repo.path), respect_gitignore=True)
    coverage = Coverage()
    found = {path for path in contents(source.documents(EverySign(), coverage)) if (repo.path / path).is_file()}
    assert coverage.unread == []
    return {path for path in found if not path.startswith(".git/")}


def kept(repo: Repo) -> set[str]:
    """Return the files that git tracks, and the others that it does not ignore."""
    listing = repo.git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return {name for name in listing.split("\0") if name}


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns(repo: Repo, name: str) -> None:
    build(repo, PATTERNS[name])
    assert read(repo) == kept(repo)


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_where_files_are_tracked(repo: Repo, name: str) -> None:
    build(repo, PATTERNS[name])
    for path in ("a.log", "build/out.o", "deep/er/a.log", "node_modules/m/i.js"):
        repo.stage(path)
    assert read(repo) == kept(repo)


@pytest.mark.parametrize("seed", range(12))
def test_random_patterns(repo: Repo, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same patterns in every run
    parts = [
        "*",
        "**",
        "a",
        "b",
        "c",
        "d.txt",
        "*.txt",
        "*.log",
        "foo",
        "build",
        "deep",
        "er",
        "?",
        "[a-c]",
        "node_*",
        ".*",
    ]

    def pattern() -> str:
        text = "/".join(chance.choices(parts, k=chance.choice((1, 1, 2, 3))))
        return chance.choice(("", "", "!")) + chance.choice(("", "", "/")) + text + chance.choice(("", "", "/"))

    folders = chance.sample(["", "deep", "deep/er", "a", "build", "foo.d"], 3)
    build(repo, {folder: "".join(f"{pattern()}\n" for _ in range(chance.randrange(1, 6))) for folder in folders})
    for path in chance.sample(FILES, 4):
        repo.stage(path)
    assert read(repo) == kept(repo)


def test_folder_below_the_top(repo: Repo) -> None:
    build(repo, {"": "*.log\nbuild/\n"})
    repo.stage("deep/a.log")
    assert read(repo, "deep") == {path for path in kept(repo) if path.startswith("deep/")}
    assert "deep/a.log" in read(repo, "deep")
    assert "deep/er/a.log" not in read(repo, "deep")


def test_what_is_named_is_read_in_any_case(repo: Repo) -> None:
    build(repo, {"": "*.log\nbuild/\ndocs/\n"})
    assert read(repo, "a.log", "docs/sub") == {"a.log", "docs/sub/a.pdf"}
    assert read(repo, "build") == {"build/keep.txt", "build/out.o"}


@pytest.mark.parametrize("name", ["new\nline", "caf\udce9", ":(top)", "[x]", "-n", "a b"])
def test_folders_with_odd_names(repo: Repo, name: str) -> None:
    repo.write(f"{name}/a.log", "x\n")
    repo.write(f"{name}/b.txt", "x\n")
    repo.write(".gitignore", "*.log\n")
    assert read(repo) == {".gitignore", f"{name}/b.txt"}
    assert read(repo, name) == {f"{name}/b.txt"}


def test_through_a_link(repo: Repo, tmp_path: Path) -> None:
    build(repo, {"": "*.log\n"})
    (tmp_path / "link").symlink_to(repo.path)
    source = Files([str(tmp_path / "link" / "deep")], str(tmp_path), respect_gitignore=True)
    assert "link/deep/a.log" not in contents(source.documents(EverySign(), Coverage()))


def test_own_exclude_file(repo: Repo) -> None:
    build(repo, {"": "!a.log\n"})
    repo.write(".git/info/exclude", "*.log\nb.txt\n")
    assert read(repo) == kept(repo)


def test_own_exclude_file_of_a_linked_worktree(repo: Repo) -> None:
    repo.commit()
    repo.write(".git/info/exclude", "*.log\n")
    linked = repo.worktree(repo.path.parent / "linked", "side")
    build(linked, {})
    assert read(linked) == kept(linked) | {".git"}


def test_ignore_file_of_the_user(repo: Repo, tmp_path: Path) -> None:
    build(repo, {})
    (tmp_path / "ignore").write_text("*.log\n")
    repo.config("core.excludesFile", str(tmp_path / "ignore"))
    assert read(repo) == kept(repo)


def test_nested_repository_has_rules_of_its_own(repo: Repo) -> None:
    build(repo, {"": "*.log\nfoo\n"})
    inner = Repo.init(repo.path / "inner")
    build(inner, {"": "b.txt\n"})
    inner.stage("foo")
    inside = {path for path in read(repo) if path.startswith("inner/") and "/.git/" not in path}
    assert inside == {f"inner/{path}" for path in kept(inner)}


def test_nested_repository_that_is_ignored_as_a_whole(repo: Repo) -> None:
    Repo.init(repo.path / "vendor").commit({"a": "x\n"})
    repo.write(".gitignore", "vendor/\n")
    assert read(repo) == {".gitignore"}


def test_submodule_has_rules_of_its_own(repo: Repo) -> None:
    other = Repo.init(repo.path.parent / "other")
    other.commit({"a.log": "x\n"})
    inner = repo.submodule(other, "lib")
    inner.write("b.log", "x\n")
    repo.write(".gitignore", "*.log\nlib/\n")
    assert {path for path in read(repo) if path.startswith("lib/")} == {"lib/.git", "lib/a.log", "lib/b.log"}


def test_outside_of_a_repository_nothing_is_ignored(tmp_path: Path) -> None:
    folder = Repo(tmp_path)
    build(folder, {"": "*.log\n"})
    assert read(folder) == {*FILES, ".gitignore"}
