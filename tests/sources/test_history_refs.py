"""A key off the beaten track: other branches, odd refs, stashes, and what no ref reaches any more."""

from __future__ import annotations

import pytest

from tests.sources.told import LEAK, Cases, Told, check
from tests.support.repo import Repo

CASES = Cases()


@CASES.add
def another_branch(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.start("side")
    leak = repo.commit({"app.py": LEAK})
    repo.switch("main")
    return Told(leak, refs=("refs/heads/side",))


@CASES.add
def orphan_branch(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.orphan("pages")
    leak = repo.commit({"app.py": LEAK})
    repo.switch("main")
    return Told(leak, refs=("refs/heads/pages",))


@CASES.add
def detached_head(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.git("switch", "--quiet", "--detach")
    return Told(repo.commit({"app.py": LEAK}), refs=("HEAD",), in_head=True)


@CASES.add
def pull_request_ref(repo: Repo) -> Told:
    return _outside(repo, "refs/pull/1/head")


@CASES.add
def filter_branch_leftover(repo: Repo) -> Told:
    return _outside(repo, "refs/original/refs/heads/main")


@CASES.add
def gerrit_change(repo: Repo) -> Told:
    return _outside(repo, "refs/changes/01/1/1")


@CASES.add
def remote_branch(repo: Repo) -> Told:
    return _outside(repo, "refs/remotes/origin/wip")


@CASES.add
def lightweight_tag(repo: Repo) -> Told:
    return _outside(repo, "refs/tags/v1")


@CASES.add
def branch_called_head(repo: Repo) -> Told:
    return _outside(repo, "refs/heads/HEAD")


@CASES.add
def annotated_tag_of_a_tag(repo: Repo) -> Told:
    told = _outside(repo, "refs/heads/gone")
    repo.tag("inner", told.commit, "inner")
    repo.tag("outer", "inner", "outer")
    repo.git("update-ref", "-d", "refs/heads/gone")
    repo.git("update-ref", "-d", "refs/tags/inner")
    return told._replace(refs=("refs/tags/outer",))


@CASES.add
def hidden_ref(repo: Repo) -> Told:
    repo.config("transfer.hideRefs", "refs/hidden")
    repo.config("log.excludeDecoration", "refs/hidden/*")
    return _outside(repo, "refs/hidden/1")


def _outside(repo: Repo, ref: str) -> Told:
    """Leave a commit that only this ref reaches."""
    repo.commit({"readme": "none\n"})
    repo.git("switch", "--quiet", "--detach")
    leak = repo.commit({"app.py": LEAK})
    repo.ref(ref, leak)
    repo.switch("main")
    return Told(leak, refs=(ref,))


@CASES.add
def tag_of_a_blob(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tag("junio", repo.blob(LEAK))
    return Told("", path="", refs=("refs/tags/junio",))


@CASES.add
def tag_of_a_tree(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tag("tree", repo.tree({"app.py": repo.blob(LEAK)}), "a tree\n")
    return Told("", refs=("refs/tags/tree",))


@CASES.add
def blob_that_nothing_refers_to(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.blob(LEAK)
    return Told("", path="", refs=())


@CASES.add
def staged_only(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.stage("app.py", LEAK)
    return Told("", refs=())


@CASES.add
def amended_away(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    leak = repo.commit({"app.py": LEAK})
    repo.commit({"app.py": "none\n"}, "amended", "--amend")
    return Told(leak, refs=())


@CASES.add
def reset_away(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    leak = repo.commit({"app.py": LEAK})
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    return Told(leak, refs=())


@CASES.add
def deleted_branch_without_reflog(repo: Repo) -> Told:
    told = another_branch(repo)
    repo.git("branch", "-D", "side")
    repo.git("reflog", "expire", "--expire=now", "--all")
    return told._replace(refs=())


@CASES.add
def stash_of_a_tracked_file(repo: Repo) -> Told:
    repo.commit({"app.py": "none\n"})
    repo.write("app.py", LEAK)
    return Told(repo.stash(), refs=("refs/stash",))


@CASES.add
def stash_of_an_untracked_file(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.write("app.py", LEAK)
    repo.stash("--include-untracked")
    return Told(repo.oid("stash^3"), refs=("refs/stash",))


@CASES.add
def stash_of_what_only_the_index_has(repo: Repo) -> Told:
    repo.commit({"app.py": "none\n"})
    repo.stage("app.py", LEAK)
    repo.write("app.py", "none at all\n")
    repo.stash()
    return Told(repo.oid("stash^2"), refs=("refs/stash",))


@CASES.add
def older_stash(repo: Repo) -> Told:
    told = stash_of_a_tracked_file(repo)
    repo.write("app.py", "other\n")
    repo.stash()
    return told._replace(refs=())


@CASES.add
def dropped_stash(repo: Repo) -> Told:
    told = stash_of_a_tracked_file(repo)
    repo.git("stash", "drop", "--quiet")
    return told._replace(refs=())


@CASES.add
def replaced_commit(repo: Repo) -> Told:
    """The side that git hides."""
    leak = repo.commit({"app.py": LEAK})
    clean = repo.raw_commit(repo.tree({"app.py": repo.blob("none\n")}))
    repo.git("replace", leak, clean)
    return Told(leak, in_head=True)


@CASES.add
def replacement(repo: Repo) -> Told:
    """The side that git shows."""
    clean = repo.commit({"readme": "none\n"})
    leak = repo.raw_commit(repo.tree({"app.py": repo.blob(LEAK)}))
    repo.git("replace", clean, leak)
    return Told(leak, refs=(f"refs/replace/{clean}",))


@CASES.add
def replaced_blob(repo: Repo) -> Told:
    leak = repo.commit({"app.py": LEAK})
    repo.git("replace", repo.oid("HEAD:app.py"), repo.blob("none\n"))
    return Told(leak, in_head=True)


@CASES.add
def cut_off_by_a_graft(repo: Repo) -> Told:
    leak = repo.commit({"app.py": LEAK})
    repo.remove("app.py")
    (repo.git_dir / "info").mkdir(exist_ok=True)
    (repo.git_dir / "info" / "grafts").write_text(repo.oid() + "\n")
    return Told(leak)


@pytest.mark.parametrize("name", CASES)
def test_place(repo: Repo, name: str) -> None:
    check(repo, CASES[name])
