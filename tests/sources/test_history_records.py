"""A key in what is no file: messages, identities, headers, notes, the names of branches and tags."""

from __future__ import annotations

import pytest

from freddy_guard.model import Place
from tests.sources.told import KEY, Cases, Told, check
from tests.support.repo import AUTHOR, Repo

CASES = Cases()


@CASES.add
def commit_message(repo: Repo) -> Told:
    leak = repo.commit({}, f"subject\n\nbody\ntried with {KEY}\n\nSigned-off-by: x\n")
    return Told(leak, "", Place.COMMIT_MESSAGE, in_head=True)


@CASES.add
def message_of_an_amended_commit(repo: Repo) -> Told:
    leak = repo.commit({}, f"wip {KEY}")
    repo.commit({}, "clean", "--amend")
    return Told(leak, "", Place.COMMIT_MESSAGE, refs=())


@CASES.add
def author_name(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    leak = repo.commit({}, "x", f"--author={KEY} <a@example.org>")
    return Told(leak, "", Place.IDENTITY, in_head=True)


@CASES.add
def committer_address(repo: Repo) -> Told:
    tree = repo.tree({"readme": repo.blob("none\n")})
    text = f"tree {tree}\nauthor {AUTHOR} 1 +0000\ncommitter C <{KEY}@example.org> 1 +0000\n\nx\n"
    repo.ref("refs/heads/main", repo.object("commit", text))
    return Told(repo.oid(), "", Place.IDENTITY, in_head=True)


@CASES.add
def extra_header(repo: Repo) -> Told:
    return _with_headers(repo, f"x-token {KEY}")


@CASES.add
def continued_header(repo: Repo) -> Told:
    return _with_headers(repo, f"gpgsig -----BEGIN PGP SIGNATURE-----\n \n {KEY}\n -----END PGP SIGNATURE-----")


def _with_headers(repo: Repo, headers: str) -> Told:
    tree = repo.tree({"readme": repo.blob("none\n")})
    repo.ref("refs/heads/main", repo.raw_commit(tree, headers=headers))
    return Told(repo.oid(), "", Place.COMMIT_HEADER, in_head=True)


@CASES.add
def tag_message(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tag("v1", "HEAD", f"release\n\nwith {KEY}\n")
    return Told(repo.oid(), "", Place.TAG_MESSAGE, refs=("refs/tags/v1",))


@CASES.add
def message_of_a_nested_tag(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tag("inner", "HEAD", f"with {KEY}\n")
    repo.tag("outer", "inner", "outer")
    repo.git("tag", "--delete", "inner")
    return Told(repo.oid(), "", Place.TAG_MESSAGE, refs=("refs/tags/outer",))


@CASES.add
def message_of_a_deleted_tag(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tag("v1", "HEAD", f"with {KEY}\n")
    repo.git("tag", "--delete", "v1")
    return Told(repo.oid(), "", Place.TAG_MESSAGE, refs=())


@CASES.add
def branch_name(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.git("branch", f"fix/{KEY}/now")
    return Told(repo.oid(), "", Place.REF_NAME, refs=(f"refs/heads/fix/{KEY}/now",), in_head=None)


@CASES.add
def tag_name(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.tag(KEY, "HEAD", "annotated\n")
    return Told(repo.oid(), "", Place.REF_NAME, refs=(f"refs/tags/{KEY}",), in_head=None)


@CASES.add
def name_of_a_deleted_tag(repo: Repo) -> Told:
    tag_name(repo)
    repo.git("tag", "--delete", KEY)
    return Told(repo.oid(), "", Place.REF_NAME, refs=(), in_head=False)


@CASES.add
def note(repo: Repo) -> Told:
    repo.commit({"readme": "none\n"})
    repo.note(f"deployed with {KEY}\n")
    path = repo.git("ls-tree", "-r", "--name-only", "refs/notes/commits")
    return Told(repo.oid("refs/notes/commits"), path, Place.NOTE, refs=("refs/notes/commits",))


@CASES.add
def note_that_was_removed(repo: Repo) -> Told:
    told = note(repo)
    repo.git("notes", "remove")
    return told


@pytest.mark.parametrize("name", CASES)
def test_place(repo: Repo, name: str) -> None:
    check(repo, CASES[name])
