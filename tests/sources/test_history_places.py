"""Each place in which a history hides a key: found, and told where it came from. Loose and packed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from freddy_guard.git.plumbing import Git
from freddy_guard.model import Place
from freddy_guard.sources.history import History
from tests.support.keys import key
from tests.support.repo import AUTHOR, Repo
from tests.support.scans import only

KEY = key(1)
LEAK = f'client = Client("{KEY}")\n'
MAIN = ("refs/heads/main",)


class Told(NamedTuple):
    """What a finding must say of its origin."""

    commit: str
    path: str = "app.py"
    place: Place = Place.FILE
    refs: tuple[str, ...] = MAIN
    in_head: bool | None = False


Case = Callable[[Repo], Told]
CASES: dict[str, Case] = {}


def case(function: Case) -> Case:
    CASES[function.__name__] = function
    return function


@case
def in_head(repo: Repo) -> Told:
    return Told(repo.commit({"app.py": LEAK}), in_head=True)


@case
def root_commit_and_deleted(repo: Repo) -> Told:
    leak = repo.commit({"app.py": LEAK})
    repo.remove("app.py")
    return Told(leak)


@case
def added_and_removed_in_the_middle(repo: Repo) -> Told:
    repo.commit({"app.py": "one\n"})
    leak = repo.commit({"app.py": "one\n" + LEAK})
    repo.commit({"app.py": "one\n"})
    return Told(leak)


@case
def untouched_by_later_edits(repo: Repo) -> Told:
    leak = repo.commit({"app.py": LEAK})
    for number in range(3):
        repo.commit({"app.py": LEAK + f"x = {number}\n"})
    return Told(leak, in_head=True)


@case
def back_at_an_older_version(repo: Repo) -> Told:
    """The same blob twice, once at another path: what counts is who brought the key to this path first."""
    repo.commit({"app.py": "none\n"})
    leak = repo.commit({"app.py": "x = 1\n" + LEAK})
    repo.commit({"app.py": "none\n"})
    repo.commit({"app.py": LEAK})
    repo.commit({"app.py": "none\n"})
    return Told(leak)


@case
def brought_by_a_copy_of_a_folder(repo: Repo) -> Told:
    leak = repo.commit({"deep/down/app.py": LEAK})
    return Told(leak, path="deep/down/app.py", in_head=True)


@case
def type_change_to_a_link(repo: Repo) -> Told:
    repo.commit({"app.py": "none\n"})
    repo.git("rm", "--quiet", "app.py")
    repo.link("app.py", f"/srv/{KEY}")
    return Told(repo.commit(), place=Place.SYMLINK, in_head=True)


@case
def mode_change_alone_brings_nothing(repo: Repo) -> Told:
    leak = repo.commit({"app.py": LEAK})
    repo.git("update-index", "--chmod=+x", "app.py")
    repo.commit()
    return Told(leak, in_head=True)


@case
def another_branch(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.start("side")
    leak = repo.commit({"app.py": LEAK})
    repo.switch("main")
    return Told(leak, refs=("refs/heads/side",))


@case
def orphan_branch(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.orphan("pages")
    leak = repo.commit({"app.py": LEAK})
    repo.switch("main")
    return Told(leak, refs=("refs/heads/pages",))


@case
def detached_head(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.git("switch", "--quiet", "--detach")
    return Told(repo.commit({"app.py": LEAK}), refs=("HEAD",), in_head=True)


@case
def pull_request_ref(repo: Repo) -> Told:
    return _outside(repo, "refs/pull/1/head")


@case
def filter_branch_leftover(repo: Repo) -> Told:
    return _outside(repo, "refs/original/refs/heads/main")


@case
def gerrit_change(repo: Repo) -> Told:
    return _outside(repo, "refs/changes/01/1/1")


@case
def remote_branch(repo: Repo) -> Told:
    return _outside(repo, "refs/remotes/origin/wip")


@case
def lightweight_tag(repo: Repo) -> Told:
    return _outside(repo, "refs/tags/v1")


@case
def branch_called_head(repo: Repo) -> Told:
    return _outside(repo, "refs/heads/HEAD")


@case
def annotated_tag_of_a_tag(repo: Repo) -> Told:
    told = _outside(repo, "refs/heads/gone")
    repo.tag("inner", told.commit, "inner")
    repo.tag("outer", "inner", "outer")
    repo.git("update-ref", "-d", "refs/heads/gone")
    repo.git("update-ref", "-d", "refs/tags/inner")
    return told._replace(refs=("refs/tags/outer",))


def _outside(repo: Repo, ref: str) -> Told:
    """Leave a commit that only this ref reaches."""
    repo.commit({"readme": "none\n"})
    repo.git("switch", "--quiet", "--detach")
    leak = repo.commit({"app.py": LEAK})
    repo.ref(ref, leak)
    repo.switch("main")
    return Told(leak, refs=(ref,))


@case
def tag_of_a_blob(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tag("junio", repo.blob(LEAK))
    return Told("", path="", refs=("refs/tags/junio",))


@case
def tag_of_a_tree(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tag("tree", repo.tree({"app.py": repo.blob(LEAK)}), "a tree\n")
    return Told("", refs=("refs/tags/tree",))


@case
def blob_that_nothing_refers_to(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.blob(LEAK)
    return Told("", path="", refs=())


@case
def staged_only(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.stage("app.py", LEAK)
    return Told("", refs=())


@case
def amended_away(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    leak = repo.commit({"app.py": LEAK})
    repo.commit({"app.py": "none\n"}, "amended", "--amend")
    return Told(leak, refs=())


@case
def reset_away(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    leak = repo.commit({"app.py": LEAK})
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    return Told(leak, refs=())


@case
def deleted_branch_without_reflog(repo: Repo) -> Told:
    told = another_branch(repo)
    repo.git("branch", "-D", "side")
    repo.git("reflog", "expire", "--expire=now", "--all")
    return told._replace(refs=())


@case
def stash_of_a_tracked_file(repo: Repo) -> Told:
    repo.commit({"app.py": "none\n"})
    repo.write("app.py", LEAK)
    return Told(repo.stash(), refs=("refs/stash",))


@case
def stash_of_an_untracked_file(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.write("app.py", LEAK)
    repo.stash("--include-untracked")
    return Told(repo.oid("stash^3"), refs=("refs/stash",))


@case
def stash_of_what_only_the_index_has(repo: Repo) -> Told:
    repo.commit({"app.py": "none\n"})
    repo.stage("app.py", LEAK)
    repo.write("app.py", "none at all\n")
    repo.stash()
    return Told(repo.oid("stash^2"), refs=("refs/stash",))


@case
def older_stash(repo: Repo) -> Told:
    told = stash_of_a_tracked_file(repo)
    repo.write("app.py", "other\n")
    repo.stash()
    return told._replace(refs=())


@case
def dropped_stash(repo: Repo) -> Told:
    told = stash_of_a_tracked_file(repo)
    repo.git("stash", "drop", "--quiet")
    return told._replace(refs=())


@case
def evil_merge(repo: Repo) -> Told:
    _fork(repo)
    return Told(repo.evil_merge("side", {"app.py": LEAK}), in_head=True)


@case
def conflict_resolution(repo: Repo) -> Told:
    _fork(repo, "app.py")
    leak = repo.evil_merge("side", {"app.py": LEAK})
    repo.commit({"app.py": "clean\n"})
    return Told(leak)


@case
def merged_branch(repo: Repo) -> Told:
    _fork(repo)
    repo.switch("side")
    leak = repo.commit({"app.py": LEAK})
    repo.switch("main")
    repo.merge("side")
    return Told(leak, refs=("refs/heads/main", "refs/heads/side"), in_head=True)


@case
def octopus(repo: Repo) -> Told:
    _fork(repo)
    repo.start("third")
    repo.commit({"third": "3\n"})
    repo.switch("main")
    repo.merge("side", "third", options=["--no-commit"])
    return Told(repo.commit({"app.py": LEAK}, "octopus"), in_head=True)


@case
def merge_that_takes_ours(repo: Repo) -> Told:
    _fork(repo, "app.py")
    repo.switch("side")
    leak = repo.commit({"app.py": LEAK})
    repo.switch("main")
    repo.merge("side", options=["--strategy=ours"])
    repo.git("branch", "-D", "side")
    return Told(leak)


@case
def unrelated_history(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.orphan("other")
    leak = repo.commit({"app.py": LEAK})
    repo.switch("main")
    repo.merge("other")
    repo.git("branch", "-D", "other")
    return Told(leak, in_head=True)


def _fork(repo: Repo, name: str = "") -> None:
    """Leave the branches main and side, which conflict in the file `name`."""
    repo.commit({"readme": "none\n"})
    repo.start("side")
    repo.commit({name or "side": "side\n"})
    repo.switch("main")
    repo.commit({name or "main": "main\n"})


@case
def cherry_picked(repo: Repo) -> Told:
    told = another_branch(repo)
    repo.commit({"readme": "later\n"})
    repo.git("cherry-pick", told.commit)
    return told._replace(refs=("refs/heads/main", "refs/heads/side"), in_head=True)


@case
def commit_message(repo: Repo) -> Told:
    leak = repo.commit({}, f"subject\n\nbody\ntried with {KEY}\n\nSigned-off-by: x\n")
    return Told(leak, "", Place.COMMIT_MESSAGE, in_head=True)


@case
def message_of_an_amended_commit(repo: Repo) -> Told:
    leak = repo.commit({}, f"wip {KEY}")
    repo.commit({}, "clean", "--amend")
    return Told(leak, "", Place.COMMIT_MESSAGE, refs=())


@case
def author_name(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    leak = repo.commit({}, "x", f"--author={KEY} <a@example.org>")
    return Told(leak, "", Place.IDENTITY, in_head=True)


@case
def committer_address(repo: Repo) -> Told:
    tree = repo.tree({"readme": repo.blob("none\n")})
    text = f"tree {tree}\nauthor {AUTHOR} 1 +0000\ncommitter C <{KEY}@example.org> 1 +0000\n\nx\n"
    repo.ref("refs/heads/main", repo.object("commit", text))
    return Told(repo.oid(), "", Place.IDENTITY, in_head=True)


@case
def extra_header(repo: Repo) -> Told:
    return _with_headers(repo, f"x-token {KEY}")


@case
def continued_header(repo: Repo) -> Told:
    return _with_headers(repo, f"gpgsig -----BEGIN PGP SIGNATURE-----\n \n {KEY}\n -----END PGP SIGNATURE-----")


def _with_headers(repo: Repo, headers: str) -> Told:
    tree = repo.tree({"readme": repo.blob("none\n")})
    repo.ref("refs/heads/main", repo.raw_commit(tree, headers=headers))
    return Told(repo.oid(), "", Place.COMMIT_HEADER, in_head=True)


@case
def tag_message(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tag("v1", "HEAD", f"release\n\nwith {KEY}\n")
    return Told(repo.oid(), "", Place.TAG_MESSAGE, refs=("refs/tags/v1",))


@case
def message_of_a_nested_tag(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tag("inner", "HEAD", f"with {KEY}\n")
    repo.tag("outer", "inner", "outer")
    repo.git("tag", "--delete", "inner")
    return Told(repo.oid(), "", Place.TAG_MESSAGE, refs=("refs/tags/outer",))


@case
def message_of_a_deleted_tag(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tag("v1", "HEAD", f"with {KEY}\n")
    repo.git("tag", "--delete", "v1")
    return Told(repo.oid(), "", Place.TAG_MESSAGE, refs=())


@case
def branch_name(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.git("branch", f"fix/{KEY}/now")
    return Told(repo.oid(), "", Place.REF_NAME, refs=(f"refs/heads/fix/{KEY}/now",), in_head=None)


@case
def tag_name(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tag(KEY, "HEAD", "annotated\n")
    return Told(repo.oid(), "", Place.REF_NAME, refs=(f"refs/tags/{KEY}",), in_head=None)


@case
def name_of_a_deleted_tag(repo: Repo) -> Told:
    tag_name(repo)
    repo.git("tag", "--delete", KEY)
    return Told(repo.oid(), "", Place.REF_NAME, refs=(), in_head=False)


@case
def note(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.note(f"deployed with {KEY}\n")
    path = repo.git("ls-tree", "-r", "--name-only", "refs/notes/commits")
    return Told(repo.oid("refs/notes/commits"), path, Place.NOTE, refs=("refs/notes/commits",))


@case
def note_that_was_removed(repo: Repo) -> Told:
    told = note(repo)
    repo.git("notes", "remove")
    return told


@case
def file_name(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    leak = repo.commit({f"logs/{KEY}.log": "none\n"})
    return Told(leak, f"logs/{KEY}.log", Place.PATH_NAME, in_head=True)


@case
def file_name_of_the_past(repo: Repo) -> Told:
    told = file_name(repo)
    repo.remove(told.path)
    return told._replace(in_head=False)


@case
def folder_name_whose_first_file_is_gone(repo: Repo) -> Told:
    leak = repo.commit({f"{KEY}/a.txt": "a\n", f"{KEY}/b.txt": "b\n"})
    repo.remove(f"{KEY}/a.txt")
    return Told(leak, KEY, Place.PATH_NAME, in_head=True)


@case
def name_in_a_tree_without_a_commit(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tree({KEY: repo.blob("none\n")})
    return Told("", KEY, Place.PATH_NAME, refs=())


@case
def submodule_address(repo: Repo) -> Told:
    other = Repo.init(repo.path.parent / "other")
    other.commit({"a": "a\n"})
    repo.submodule(other, "lib")
    repo.git("config", "--file=.gitmodules", "submodule.lib.url", f"https://x:{KEY}@example.org/lib")
    repo.git("add", ".gitmodules")
    return Told(repo.commit(), ".gitmodules", in_head=True)


@case
def replaced_commit(repo: Repo) -> Told:
    """The side that git hides."""
    leak = repo.commit({"app.py": LEAK})
    clean = repo.raw_commit(repo.tree({"app.py": repo.blob("none\n")}))
    repo.git("replace", leak, clean)
    return Told(leak, in_head=True)


@case
def replacement(repo: Repo) -> Told:
    """The side that git shows."""
    clean = repo.commit({"readme": "none\n"})
    leak = repo.raw_commit(repo.tree({"app.py": repo.blob(LEAK)}))
    repo.git("replace", clean, leak)
    return Told(leak, refs=(f"refs/replace/{clean}",))


@case
def replaced_blob(repo: Repo) -> Told:
    leak = repo.commit({"app.py": LEAK})
    repo.git("replace", repo.oid("HEAD:app.py"), repo.blob("none\n"))
    return Told(leak, in_head=True)


@case
def cut_off_by_a_graft(repo: Repo) -> Told:
    leak = repo.commit({"app.py": LEAK})
    repo.remove("app.py")
    (repo.git_dir / "info").mkdir(exist_ok=True)
    (repo.git_dir / "info" / "grafts").write_text(repo.oid() + "\n")
    return Told(leak)


@case
def hidden_ref(repo: Repo) -> Told:
    repo.config("transfer.hideRefs", "refs/hidden")
    repo.config("log.excludeDecoration", "refs/hidden/*")
    return _outside(repo, "refs/hidden/1")


@pytest.mark.parametrize("name", CASES)
def test_place(repo: Repo, name: str) -> None:
    expected = CASES[name](repo)
    check(repo, expected)
    repo.pack("--keep-unreachable")
    repo.git("pack-refs", "--all")
    check(repo, expected)


def check(repo: Repo, expected: Told) -> None:
    origin = only(History(Git(str(repo.path)))).origin
    assert Told(origin.commit, origin.path, origin.place, origin.refs, origin.in_head) == expected
    if origin.commit and origin.place is not Place.REF_NAME and origin.place is not Place.TAG_MESSAGE:
        assert origin.date == repo.author_date(origin.commit)
        assert origin.author == repo.git(
            "--no-replace-objects", "show", "--no-patch", "--format=%an <%ae>", origin.commit
        )
