"""A key in a file or its name, anywhere in the history: who brought it, and whether HEAD still has it."""

from __future__ import annotations

import pytest

from freddy_guard.model import Place
from tests.sources.told import KEY, LEAK, Cases, Told, check
from tests.support.repo import Repo

CASES = Cases()


@CASES.add
def in_head(repo: Repo) -> Told:
    return Told(repo.commit({"app.py": LEAK}), in_head=True)


@CASES.add
def root_commit_and_deleted(repo: Repo) -> Told:
    leak = repo.commit({"app.py": LEAK})
    repo.remove("app.py")
    return Told(leak)


@CASES.add
def added_and_removed_in_the_middle(repo: Repo) -> Told:
    repo.commit({"app.py": "one\n"})
    leak = repo.commit({"app.py": "one\n" + LEAK})
    repo.commit({"app.py": "one\n"})
    return Told(leak)


@CASES.add
def untouched_by_later_edits(repo: Repo) -> Told:
    leak = repo.commit({"app.py": LEAK})
    for number in range(3):
        repo.commit({"app.py": LEAK + f"x = {number}\n"})
    return Told(leak, in_head=True)


@CASES.add
def back_at_an_older_version(repo: Repo) -> Told:
    """The same blob twice, once at another path: what counts is who brought the key to this path first."""
    repo.commit({"app.py": "none\n"})
    leak = repo.commit({"app.py": "x = 1\n" + LEAK})
    repo.commit({"app.py": "none\n"})
    repo.commit({"app.py": LEAK})
    repo.commit({"app.py": "none\n"})
    return Told(leak)


@CASES.add
def brought_by_a_copy_of_a_folder(repo: Repo) -> Told:
    leak = repo.commit({"deep/down/app.py": LEAK})
    return Told(leak, path="deep/down/app.py", in_head=True)


@CASES.add
def type_change_to_a_link(repo: Repo) -> Told:
    repo.commit({"app.py": "none\n"})
    repo.git("rm", "--quiet", "app.py")
    repo.link("app.py", f"/srv/{KEY}")
    return Told(repo.commit(), place=Place.SYMLINK, in_head=True)


@CASES.add
def mode_change_alone_brings_nothing(repo: Repo) -> Told:
    leak = repo.commit({"app.py": LEAK})
    repo.git("update-index", "--chmod=+x", "app.py")
    repo.commit()
    return Told(leak, in_head=True)


def _fork(repo: Repo, name: str = "") -> None:
    """Leave the branches main and side, which conflict in the file `name`."""
    repo.commit({"readme": "none\n"})
    repo.start("side")
    repo.commit({name or "side": "side\n"})
    repo.switch("main")
    repo.commit({name or "main": "main\n"})


@CASES.add
def evil_merge(repo: Repo) -> Told:
    _fork(repo)
    return Told(repo.evil_merge("side", {"app.py": LEAK}), in_head=True)


@CASES.add
def conflict_resolution(repo: Repo) -> Told:
    _fork(repo, "app.py")
    leak = repo.evil_merge("side", {"app.py": LEAK})
    repo.commit({"app.py": "clean\n"})
    return Told(leak)


@CASES.add
def merged_branch(repo: Repo) -> Told:
    _fork(repo)
    repo.switch("side")
    leak = repo.commit({"app.py": LEAK})
    repo.switch("main")
    repo.merge("side")
    return Told(leak, refs=("refs/heads/main", "refs/heads/side"), in_head=True)


@CASES.add
def octopus(repo: Repo) -> Told:
    _fork(repo)
    repo.start("third")
    repo.commit({"third": "3\n"})
    repo.switch("main")
    repo.merge("side", "third", options=["--no-commit"])
    return Told(repo.commit({"app.py": LEAK}, "octopus"), in_head=True)


@CASES.add
def merge_that_takes_ours(repo: Repo) -> Told:
    _fork(repo, "app.py")
    repo.switch("side")
    leak = repo.commit({"app.py": LEAK})
    repo.switch("main")
    repo.merge("side", options=["--strategy=ours"])
    repo.git("branch", "-D", "side")
    return Told(leak)


@CASES.add
def unrelated_history(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.orphan("other")
    leak = repo.commit({"app.py": LEAK})
    repo.switch("main")
    repo.merge("other")
    repo.git("branch", "-D", "other")
    return Told(leak, in_head=True)


@CASES.add
def cherry_picked(repo: Repo) -> Told:
    _fork(repo)
    repo.switch("side")
    leak = repo.commit({"app.py": LEAK})
    repo.switch("main")
    repo.git("cherry-pick", leak)
    return Told(leak, refs=("refs/heads/main", "refs/heads/side"), in_head=True)


@CASES.add
def submodule_address(repo: Repo) -> Told:
    other = Repo.init(repo.path.parent / "other")
    other.commit({"a": "a\n"})
    repo.submodule(other, "lib")
    repo.git("config", "--file=.gitmodules", "submodule.lib.url", f"https://x:{KEY}@example.org/lib")
    repo.git("add", ".gitmodules")
    return Told(repo.commit(), ".gitmodules", in_head=True)


@CASES.add
def file_name(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    leak = repo.commit({f"logs/{KEY}.log": "none\n"})
    return Told(leak, f"logs/{KEY}.log", Place.PATH_NAME, in_head=True)


@CASES.add
def file_name_of_the_past(repo: Repo) -> Told:
    told = file_name(repo)
    repo.remove(told.path)
    return told._replace(in_head=False)


@CASES.add
def folder_name_whose_first_file_is_gone(repo: Repo) -> Told:
    leak = repo.commit({f"{KEY}/a.txt": "a\n", f"{KEY}/b.txt": "b\n"})
    repo.remove(f"{KEY}/a.txt")
    return Told(leak, KEY, Place.PATH_NAME, in_head=True)


@CASES.add
def name_in_a_tree_without_a_commit(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tree({KEY: repo.blob("none\n")})
    return Told("", KEY, Place.PATH_NAME, refs=())


@pytest.mark.parametrize("name", CASES)
def test_place(repo: Repo, name: str) -> None:
    check(repo, CASES[name])
