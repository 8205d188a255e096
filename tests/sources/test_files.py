"""Files and folders: everything is read or told, nothing hangs, nothing is followed that was not named."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from freddy_guard.errors import UsageError
from freddy_guard.model import Place, Report
from freddy_guard.sources.files import Files
from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.scans import Seen, keys, places, scanned, unread

KEY, OTHER = key(1), key(2)
LEAK = f'client = Client("{KEY}")\n'


def scan(root: Path, *names: str, respect: bool = False) -> Report:
    """Scan these paths below a folder, or the folder itself."""
    paths = [os.path.join(root, name) for name in names] or [str(root)]
    return scanned(Files(paths, str(root), respect_gitignore=respect))


def seen(root: Path, *names: str) -> Sequence[Seen]:
    report = scan(root, *names)
    assert unread(report) == []
    return places(keys(report))


def write(path: Path, content: str | bytes = LEAK) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_everything_below_a_folder_in_the_order_of_paths(tmp_path: Path) -> None:
    names = [".env", ".hidden/.deep/x.py", "a.py", "a/b.py", "a-b.py", "node_modules/m/index.js", "z"]
    for name in names:
        write(tmp_path / name)
    assert [path for path, _ in seen(tmp_path)] == sorted(names)


def test_paths_are_told_from_the_root_wherever_we_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "lib" / "app.py")
    monkeypatch.chdir(tmp_path / "lib")
    for path in (".", "app.py", "../lib", "./app.py", str(tmp_path / "lib")):
        assert places(keys(scanned(Files([path], str(tmp_path))))) == [Seen("lib/app.py")]


def test_path_outside_of_the_root_is_told_as_given(tmp_path: Path) -> None:
    path = write(tmp_path / "elsewhere" / "app.py")
    assert places(keys(scanned(Files([str(path)], str(tmp_path / "root"))))) == [Seen(str(path))]


def test_root_that_is_the_beginning_of_another_name(tmp_path: Path) -> None:
    path = write(tmp_path / "project-old" / "app.py")
    assert places(keys(scanned(Files([str(path)], str(tmp_path / "project"))))) == [Seen(str(path))]


def test_missing_path_is_a_usage_error_before_anything_is_read(tmp_path: Path) -> None:
    write(tmp_path / "app.py")
    with pytest.raises(UsageError, match="no such file"):
        scan(tmp_path, "app.py", "nowhere")


def test_empty_folder_reads_nothing(tmp_path: Path) -> None:
    assert scan(tmp_path).coverage.empty


def test_empty_file(tmp_path: Path) -> None:
    write(tmp_path / "empty", "")
    report = scan(tmp_path)
    assert (report.coverage.read["files"], unread(report)) == (1, [])


def test_same_file_named_twice_is_told_once(tmp_path: Path) -> None:
    write(tmp_path / "app.py")
    assert seen(tmp_path, "app.py", "app.py", ".") == [Seen("app.py")]


NAMES = [
    b"new\nline.py",
    b"t\tab.py",
    b"quo\"te's.py",
    b"caf\xe9.py",
    "\U0001f511.py".encode(),
    b"-dash.py",
    b"--all",
    b":(top)x.py",
    b"%41.py",
    b" space .py",
    b"\x1b[31mred.py",
    b"back\\slash.py",
    b"d" * 255,
]


@pytest.mark.parametrize("name", NAMES)
def test_odd_names(tmp_path: Path, name: bytes) -> None:
    write(tmp_path / "in" / os.fsdecode(name))
    assert seen(tmp_path) == [Seen(f"in/{os.fsdecode(name)}")]


def test_key_in_a_name(tmp_path: Path) -> None:
    write(tmp_path / KEY / f"{OTHER}.log", "none\n")
    write(tmp_path / KEY / "other.log", "none\n")
    assert seen(tmp_path) == [Seen(KEY, Place.PATH_NAME), Seen(f"{KEY}/{OTHER}.log", Place.PATH_NAME)]


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, int], Path]]:
    """Build a file under very many folders of this name, step by step, and take it down the same way."""
    built: list[tuple[str, int]] = []

    def build(name: str, depth: int) -> Path:
        monkeypatch.chdir(tmp_path)
        built.append((name, depth))
        for _ in range(depth):
            os.mkdir(name)
            os.chdir(name)
        Path("app.py").write_text(LEAK)
        os.chdir(tmp_path)
        return tmp_path

    yield build
    for name, depth in built:
        for _ in range(depth):
            os.chdir(name)
        os.unlink("app.py")
        for _ in range(depth):
            os.chdir("..")
            os.rmdir(name)


def test_path_longer_than_the_system_takes_is_told(deep: Callable[[str, int], Path]) -> None:
    folder = deep("d" * 200, 25)
    write(folder / "app.py")
    report = scan(folder)
    assert places(keys(report)) == [Seen("app.py")]
    assert len(unread(report)) == 1


def test_very_deep_folders(deep: Callable[[str, int], Path]) -> None:
    assert seen(deep("d", 1200)) == [Seen("d/" * 1200 + "app.py")]


def test_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path / "app.py")
    report = scanned(Files([str(tmp_path), "/proc/self/mem"], str(tmp_path)))
    assert places(keys(report)) == [Seen("app.py")]
    assert unread(report) == ["/proc/self/mem: Input/output error"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_forbidden_file_and_folder_are_told(tmp_path: Path) -> None:
    write(tmp_path / "app.py")
    write(tmp_path / "file").chmod(0)
    write(tmp_path / "folder" / "x").parent.chmod(0)
    report = scan(tmp_path)
    (tmp_path / "folder").chmod(0o755)
    assert places(keys(report)) == [Seen("app.py")]
    assert unread(report) == ["file: Permission denied", "folder: Permission denied"]


def test_pipes_and_sockets_do_not_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    write(tmp_path / "app.py")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        report = scan(tmp_path)
    assert places(keys(report)) == [Seen("app.py")]
    assert report.coverage.read["special files"] == 2


class TestLinks:
    def test_target_is_read_and_not_followed(self, tmp_path: Path) -> None:
        write(tmp_path / "outside" / "app.py")
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "file").symlink_to(tmp_path / "outside" / "app.py")
        (tmp_path / "in" / "folder").symlink_to(tmp_path / "outside")
        (tmp_path / "in" / "leak").symlink_to(f"/nowhere/{OTHER}")
        assert seen(tmp_path / "in") == [Seen("leak", Place.SYMLINK)]

    def test_loops_and_broken_ones(self, tmp_path: Path) -> None:
        (tmp_path / "loop").symlink_to("loop")
        (tmp_path / "up").symlink_to(".")
        (tmp_path / "broken").symlink_to("nowhere")
        write(tmp_path / "app.py")
        assert seen(tmp_path) == [Seen("app.py")]

    def test_named_link_to_a_file_is_followed(self, tmp_path: Path) -> None:
        write(tmp_path / "app.py")
        (tmp_path / "link").symlink_to("app.py")
        assert seen(tmp_path, "link") == [Seen("link")]

    @pytest.mark.parametrize("name", ["link", "link/", "link/."])
    def test_named_link_to_a_folder_is_followed(self, tmp_path: Path, name: str) -> None:
        write(tmp_path / "real" / "app.py")
        (tmp_path / "link").symlink_to("real")
        assert seen(tmp_path, name) == [Seen("link/app.py")]

    def test_what_lies_beside_the_target_of_a_link(self, tmp_path: Path) -> None:
        write(tmp_path / "far" / "app.py")
        (tmp_path / "far" / "folder").mkdir()
        (tmp_path / "link").symlink_to("far/folder")
        assert len(seen(tmp_path, "link/../app.py")) == 1

    def test_named_broken_link_and_loop_are_told(self, tmp_path: Path) -> None:
        (tmp_path / "broken").symlink_to("nowhere")
        (tmp_path / "loop").symlink_to("loop")
        assert len(unread(scan(tmp_path, "broken", "loop"))) == 2


class TestGitDirectories:
    """Of a git directory the texts are read that `history` does not see."""

    @pytest.fixture
    def leaky(self, repo: Repo) -> Repo:
        repo.commit({"readme": "none\n"})
        repo.config("remote.origin.url", f"https://x:{KEY}@example.org/x")
        repo.write(".git/hooks/pre-push", f"#!/bin/sh\n# {KEY}\n")
        repo.write(".git/info/exclude", f"# {KEY}\n")
        repo.write(".git/COMMIT_EDITMSG", f"{KEY}\n")
        repo.write(".git/logs/refs/heads/x", f"{KEY}\n")
        repo.write(".git/objects/ab/cdef", f"{KEY}\n")
        return repo

    def test_folder_of_a_worktree(self, leaky: Repo) -> None:
        expected = [".git/config", ".git/hooks/pre-push", ".git/info/exclude"]
        assert [path for path, _ in seen(leaky.path)] == expected

    def test_itself(self, leaky: Repo) -> None:
        assert [path for path, _ in seen(leaky.path / ".git")] == ["config", "hooks/pre-push", "info/exclude"]

    def test_nested_repository_and_a_bare_one(self, tmp_path: Path) -> None:
        for name in ("nested", "bare.git", "bare"):
            inner = Repo.init(tmp_path / "in" / name, *([] if name == "nested" else ["--bare"]))
            inner.config("remote.origin.url", f"https://x:{KEY}@example.org/x")
            write(inner.git_dir / "objects" / "ab" / "cd")
        expected = ["bare.git/config", "bare/config", "nested/.git/config"]
        assert [path for path, _ in seen(tmp_path / "in")] == expected

    def test_submodule_and_linked_worktree(self, leaky: Repo) -> None:
        leaky.git("config", "--unset", "remote.origin.url")
        other = Repo.init(leaky.path.parent / "other")
        other.commit({"a": "a\n"})
        lib = leaky.submodule(other, "lib")
        lib.config("remote.origin.url", f"https://x:{OTHER}@example.org/x")
        linked = leaky.worktree(leaky.path / "linked", "side")
        write(linked.path / "app.py")
        paths = [path for path, _ in seen(leaky.path)]
        assert ".git/modules/lib/config" in paths
        assert "linked/app.py" in paths
        assert not [path for path in paths if "objects" in path]

    @pytest.mark.parametrize("names", [("HEAD",), ("HEAD", "config"), ("objects", "refs", "config")])
    def test_folder_that_only_looks_like_one_is_read(self, tmp_path: Path, names: tuple[str, ...]) -> None:
        for name in names:
            write(tmp_path / name, "x\n")
        write(tmp_path / "app.py")
        assert seen(tmp_path) == [Seen("app.py")]


class TestLargeFiles:
    def test_positions_beyond_the_first_window(self, tmp_path: Path) -> None:
        with (tmp_path / "big").open("wb") as file:
            file.truncate(40 << 20)
            file.seek(0, os.SEEK_END)
            file.write(b"\n  " + LEAK.encode())
        (finding,) = keys(scan(tmp_path))
        assert finding.region.start == ((40 << 20) + 3 + LEAK.index(KEY), 2, 3 + LEAK.index(KEY))

    def test_file_whose_size_is_not_known(self, tmp_path: Path) -> None:
        """Those of /proc say zero, and a log grows while it is read."""
        report = scanned(Files(["/proc/self/environ", "/proc/self/status"], str(tmp_path)))
        assert unread(report) == []
        assert report.coverage.read["bytes"] > 100


class TestDotenv:
    """A file that is not tracked may hold secrets: that is what it is for."""

    def found(self, root: Path, *names: str) -> list[tuple[str, str]]:
        verdicts = scan(root, *names).open()
        return [(verdict.finding.rule.id, verdict.finding.origin.path) for verdict in verdicts]

    def test_tracked_untracked_and_ignored(self, repo: Repo) -> None:
        repo.commit({"a/.env": "PORT=1\n", "b/.env": "PORT=1\n", ".gitignore": "c/\n"})
        repo.write("c/.env", "PORT=1\n")
        repo.write("d/.env", "PORT=1\n")
        repo.write("b/prod.env", "PORT=1\n")
        repo.stage("e/.env", "PORT=1\n")
        expected = [("FG201", "a/.env"), ("FG201", "b/.env"), ("FG201", "e/.env")]
        assert self.found(repo.path) == expected
        assert self.found(repo.path, "a/.env", "d/.env") == [("FG201", "a/.env")]

    def test_outside_of_a_repository(self, tmp_path: Path) -> None:
        write(tmp_path / ".env", "PORT=1\n")
        assert self.found(tmp_path) == []

    def test_tracked_by_a_submodule_and_not_by_us(self, repo: Repo) -> None:
        other = Repo.init(repo.path.parent / "other")
        other.commit({".env": "PORT=1\n"})
        repo.submodule(other, "lib")
        assert self.found(repo.path) == [("FG201", "lib/.env")]

    @pytest.mark.parametrize("name", ["[x]", "*", "a b", ":(top)", "caf\udce9", "new\nline"])
    def test_in_a_folder_with_an_odd_name(self, repo: Repo, name: str) -> None:
        repo.commit({f"{name}/.env": "PORT=1\n"})
        assert self.found(repo.path) == [("FG201", f"{name}/.env")]

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
    def test_in_a_repository_of_another_user(self, repo: Repo) -> None:
        """As in a container that runs as root: git does not answer, and that is told."""
        repo.commit({".env": f"KEY={KEY}\n"})
        for path in (repo.path, repo.path / ".git"):
            os.chown(path, 12345, 12345)
        report = scan(repo.path)
        assert places(keys(report)) == [Seen(".env")]
        (line,) = unread(report)
        assert "another user owns it" in line
