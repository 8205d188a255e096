"""The index, and of the files that a framework names those that are not staged."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from freddy_guard.git.plumbing import Git
from freddy_guard.hooks.pre_commit import PreCommit
from freddy_guard.model import Report
from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.scans import Seen, keys, places, scanned, unread

KEY, OTHER = key(1), key(2)
LEAK = f'client = Client("{KEY}")\n'


@pytest.fixture(autouse=True)
def stand_there(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.path)


def run(repo: Repo, *names: str) -> Report:
    return scanned(PreCommit(Git(), names, str(repo.path)))


def seen(repo: Repo, *names: str) -> Sequence[Seen]:
    report = run(repo, *names)
    assert unread(report) == []
    return places(keys(report))


def test_no_names_still_reads_the_index(repo: Repo) -> None:
    repo.stage("app.py", LEAK)
    assert seen(repo) == [Seen("app.py")]


def test_names_of_staged_files_are_read_from_the_index_alone(repo: Repo) -> None:
    repo.commit({"readme": "none\n"})
    repo.stage("app.py", "clean\n")
    repo.write("app.py", LEAK)
    assert seen(repo, "app.py") == []


def test_names_of_other_files_are_read_as_files(repo: Repo) -> None:
    repo.commit({"tracked.py": LEAK, "other.py": "none\n"})
    assert seen(repo, "tracked.py", "other.py") == [Seen("tracked.py")]


def test_all_files_and_a_staged_one(repo: Repo) -> None:
    repo.commit({"tracked.py": LEAK})
    repo.stage("app.py", LEAK)
    assert seen(repo, "tracked.py", "app.py") == [Seen("app.py"), Seen("tracked.py")]


def test_names_from_a_subdirectory(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit({"lib/tracked.py": LEAK})
    repo.stage("lib/app.py", "clean\n")
    repo.write("lib/app.py", LEAK)
    monkeypatch.chdir(repo.path / "lib")
    assert seen(repo, "tracked.py", "app.py", "../lib/app.py") == [Seen("lib/tracked.py")]


def test_absolute_names(repo: Repo) -> None:
    repo.stage("app.py", "clean\n")
    path = repo.write("app.py", LEAK)
    assert seen(repo, str(path)) == []


def test_submodule_is_named_like_a_file(repo: Repo) -> None:
    other = Repo.init(repo.path.parent / "other")
    other.commit({"app.py": LEAK})
    repo.submodule(other, "lib")
    repo.commit()
    report = run(repo, "lib")
    assert keys(report) == []
    assert report.coverage.read["submodules"] == 1


def test_link_is_read_and_not_followed(repo: Repo) -> None:
    repo.write("../outside.py", LEAK)
    os.symlink("../outside.py", repo.path / "link")
    os.symlink(".", repo.path / "here")
    os.symlink(f"/nowhere/{OTHER}", repo.path / "leak")
    repo.git("add", "--all")
    repo.commit()
    report = run(repo, "link", "here", "leak")
    assert [finding.origin.path for finding in keys(report)] == ["leak"]


def test_file_that_is_not_there_is_told(repo: Repo) -> None:
    repo.commit({"gone.py": "none\n", "app.py": LEAK})
    (repo.path / "gone.py").unlink()
    report = run(repo, "gone.py", "app.py")
    assert places(keys(report)) == [Seen("app.py")]
    assert unread(report) == ["gone.py: there is no such file or folder"]


def test_staged_removal_is_no_gap(repo: Repo) -> None:
    repo.commit({"gone.py": LEAK, "app.py": "none\n"})
    repo.git("rm", "--quiet", "gone.py")
    assert seen(repo, "app.py") == []


def test_many_names(repo: Repo) -> None:
    repo.commit({f"f{number}.txt": "x\n" for number in range(300)})
    repo.commit({"app.py": LEAK})
    assert seen(repo, *sorted(os.listdir(repo.path))) == [Seen("app.py")]


def test_dotenv_that_is_tracked_is_told(repo: Repo) -> None:
    repo.commit({".env": "PORT=3000\n"})
    assert [verdict.finding.rule.id for verdict in run(repo, ".env").open()] == ["FG201"]
