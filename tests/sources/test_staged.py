"""What is staged is found, what is not staged never, in whatever form git keeps its index."""

from __future__ import annotations

import pytest

from tests.sources.indexed import APP, LEAK, OTHER, Cases, check
from tests.support.repo import Repo
from tests.support.scans import Seen

CASES = Cases()


@CASES.add
def new_file(repo: Repo) -> list[Seen]:
    repo.commit({"readme": "none\n"})
    repo.stage("app.py", LEAK)
    return APP


@CASES.add
def modified_file(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": "none\n"})
    repo.stage("app.py", LEAK)
    return APP


@CASES.add
def branch_without_commits(repo: Repo) -> list[Seen]:
    repo.stage("deep/app.py", LEAK)
    return [Seen("deep/app.py")]


@CASES.add
def orphan_branch(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": LEAK})
    repo.orphan("pages")
    repo.stage("app.py", LEAK)
    return APP


@CASES.add
def detached_head(repo: Repo) -> list[Seen]:
    repo.commit({"readme": "none\n"})
    repo.git("switch", "--quiet", "--detach")
    repo.stage("app.py", LEAK)
    return APP


@CASES.add
def clean_in_the_worktree_only(repo: Repo) -> list[Seen]:
    repo.stage("app.py", LEAK)
    repo.write("app.py", "none\n")
    return APP


@CASES.add
def deleted_in_the_worktree(repo: Repo) -> list[Seen]:
    repo.commit({"readme": "none\n"})
    repo.stage("app.py", LEAK)
    (repo.path / "app.py").unlink()
    return APP


@CASES.add
def in_the_worktree_only(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": "none\n"})
    repo.write("app.py", LEAK)
    repo.write("untracked.py", LEAK)
    return []


@CASES.add
def in_the_worktree_only_of_a_staged_file(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": "none\n"})
    repo.stage("app.py", "other\n")
    repo.write("app.py", LEAK)
    return []


@CASES.add
def in_head_only(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": LEAK, "other.py": LEAK})
    repo.git("rm", "--quiet", "--cached", "app.py")
    repo.stage("other.py", "none\n")
    return []


@CASES.add
def unchanged_in_head(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": LEAK})
    repo.stage("readme", "none\n")
    return []


@CASES.add
def one_of_two_hunks(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": "".join(f"{number}\n" for number in range(40))})
    lines = [f"{number}\n" for number in range(40)]
    repo.write("app.py", "".join([LEAK, *lines, f"other = '{OTHER}'\n"]))
    repo.git("add", "--patch", stdin="y\nn\n")
    assert OTHER not in repo.git("show", ":app.py")
    return APP


@CASES.add
def the_other_of_two_hunks(repo: Repo) -> list[Seen]:
    lines = [f"{number}\n" for number in range(40)]
    repo.commit({"app.py": "".join(lines)})
    repo.write("app.py", "".join([LEAK, *lines, "more\n"]))
    repo.git("add", "--patch", stdin="n\ny\n")
    return []


@CASES.add
def intent_to_add(repo: Repo) -> list[Seen]:
    repo.commit({"readme": "none\n"})
    repo.write("app.py", LEAK)
    repo.git("add", "--intent-to-add", "app.py")
    return []


@CASES.add
def intent_to_add_without_commits(repo: Repo) -> list[Seen]:
    repo.write("app.py", LEAK)
    repo.git("add", "--intent-to-add", "app.py")
    return []


@CASES.add
def ignored_but_added_by_force(repo: Repo) -> list[Seen]:
    repo.commit({".gitignore": "*.py\n"})
    repo.stage("app.py", LEAK)
    return APP


@CASES.add
def assumed_unchanged(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": "none\n"})
    repo.stage("app.py", LEAK)
    repo.git("update-index", "--assume-unchanged", "app.py")
    return APP


@CASES.add
def assumed_unchanged_in_the_worktree(repo: Repo) -> list[Seen]:
    repo.commit({"app.py": "none\n"})
    repo.git("update-index", "--assume-unchanged", "app.py")
    repo.write("app.py", LEAK)
    return []


@CASES.add
def outside_of_a_sparse_checkout(repo: Repo) -> list[Seen]:
    repo.commit({"in/a": "a\n", "out/b": "b\n"})
    repo.git("sparse-checkout", "set", "--cone", "in")
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{repo.blob(LEAK)},out/app.py")
    return [Seen("out/app.py")]


@CASES.add
def sparse_index(repo: Repo) -> list[Seen]:
    repo.commit({"in/a": "a\n", "out/deep/b": LEAK})
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    assert "out/\n" in repo.git("ls-files", "--sparse") + "\n"
    repo.stage("in/app.py", LEAK)
    return [Seen("in/app.py")]


@CASES.add
def sparse_index_without_a_commit(repo: Repo) -> list[Seen]:
    repo.commit({"in/a": "a\n", "out/deep/app.py": LEAK})
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    repo.git("symbolic-ref", "HEAD", "refs/heads/new")
    return [Seen("out/deep/app.py")]


@CASES.add
def index_version_4(repo: Repo) -> list[Seen]:
    repo.commit({f"long/common/prefix/{number}": "x\n" for number in range(5)})
    repo.stage("long/common/prefix/app.py", LEAK)
    repo.git("update-index", "--index-version=4")
    return [Seen("long/common/prefix/app.py")]


@CASES.add
def split_index(repo: Repo) -> list[Seen]:
    repo.commit({f"{number}": "x\n" for number in range(5)})
    repo.git("update-index", "--split-index")
    repo.stage("app.py", LEAK)
    return APP


@pytest.mark.parametrize("name", CASES)
def test_index(repo: Repo, name: str) -> None:
    check(repo, CASES[name])
