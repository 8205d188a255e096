"""What a push sends and a server receives: the lines come from git itself, or from a framework's environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from freddy_guard.errors import UsageError
from freddy_guard.git.plumbing import Git
from freddy_guard.hooks.pushes import pre_push, pre_receive
from freddy_guard.model import Place
from tests.support.keys import key
from tests.support.repo import ZERO, Repo
from tests.support.scans import Seen, found, places, scanned

KEY = key(1)
LEAK = f'client = Client("{KEY}")\n'
APP = [Seen("app.py")]
NOTHING: Mapping[str, str] = {}


class Pushing(Repo):
    """A clone whose pushes are only recorded: a hook keeps what git says and then refuses."""

    def __init__(self, repo: Repo) -> None:
        super().__init__(repo.path)
        self.said = self.git_dir / "said"
        hook = self.git_dir / "hooks" / "pre-push"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f'#!/bin/sh\ncat > "{self.said}"\necho "$1" >> "{self.said}"\nexit 1\n')
        hook.chmod(0o755)

    def push(self, *refspecs: str, remote: str = "origin") -> list[Seen]:
        """Return where the hook finds keys in what `git push` would send."""
        assert self.attempt("push", remote, *refspecs).returncode
        *lines, name = self.said.read_text().splitlines()
        assert name == remote
        return places(found(pre_push(Git(str(self.path)), name, lines, NOTHING)))


@pytest.fixture
def remote(repo: Repo) -> Repo:
    """Return a repository with one commit on main."""
    repo.commit({"readme": "none\n"})
    return repo


@pytest.fixture
def clone(remote: Repo, tmp_path: Path) -> Pushing:
    return Pushing(remote.clone(tmp_path / "clone"))


class TestPrePush:
    def test_update_whose_middle_commit_had_the_key(self, clone: Pushing) -> None:
        clone.commit({"app.py": LEAK})
        clone.commit({"app.py": "none\n"})
        assert clone.push("main") == APP

    def test_new_branch(self, clone: Pushing) -> None:
        clone.start("side")
        clone.commit({"app.py": LEAK})
        assert clone.push("side") == APP

    def test_new_branch_with_a_root_of_its_own(self, clone: Pushing) -> None:
        clone.orphan("pages")
        clone.commit({"app.py": LEAK})
        assert clone.push("pages") == APP

    def test_deleted_branch_sends_nothing(self, remote: Repo, clone: Pushing) -> None:
        remote.git("branch", "side")
        clone.commit({"app.py": LEAK})
        assert clone.push(":side") == []

    def test_several_refs_at_once(self, clone: Pushing) -> None:
        clone.start("a")
        clone.commit({"a.py": LEAK})
        clone.start("b", "origin/main")
        clone.commit({"b.py": LEAK})
        assert clone.push("a", "b") == [Seen("a.py"), Seen("b.py")]

    def test_revision_with_spaces(self, clone: Pushing) -> None:
        clone.commit({"app.py": LEAK}, "fix the build")
        assert clone.push("HEAD^{/fix the build}:refs/heads/new") == APP

    def test_what_the_remote_has_is_not_sent(self, remote: Repo, tmp_path: Path) -> None:
        remote.commit({"app.py": LEAK})
        clone = Pushing(remote.clone(tmp_path / "later"))
        clone.start("side")
        clone.commit({"other": "x\n"})
        assert clone.push("side") == []

    def test_merge_of_what_the_remote_has(self, remote: Repo, clone: Pushing) -> None:
        remote.commit({"app.py": LEAK})
        clone.start("side")
        clone.commit({"side.py": "s\n"})
        clone.git("fetch", "--quiet")
        clone.merge("origin/main")
        assert clone.push("side") == []

    def test_forced_over_commits_that_we_never_saw(self, remote: Repo, clone: Pushing) -> None:
        remote.commit({"theirs.py": "x\n"})
        clone.commit({"app.py": LEAK})
        assert clone.push("+main") == APP

    def test_forced_after_an_amend(self, remote: Repo, clone: Pushing) -> None:
        clone.commit({"app.py": LEAK}, "amended", "--amend")
        assert clone.push("+main") == APP

    def test_annotated_tag(self, clone: Pushing) -> None:
        clone.tag("v1", "HEAD", f"with {KEY}\n")
        assert clone.push("v1") == [Seen("", Place.TAG_MESSAGE)]

    def test_tag_of_a_commit_on_no_branch(self, clone: Pushing) -> None:
        clone.git("switch", "--quiet", "--detach")
        clone.commit({"app.py": LEAK})
        clone.tag("v1", "HEAD", "one\n")
        assert clone.push("v1") == APP

    def test_lightweight_tag_of_a_blob(self, clone: Pushing) -> None:
        clone.tag("blob", clone.blob(LEAK))
        assert clone.push("blob") == [Seen("")]

    def test_names_of_refs(self, clone: Pushing) -> None:
        assert clone.push(f"main:refs/heads/{KEY}") == [Seen("", Place.REF_NAME)]
        clone.tag(f"v/{KEY}", "HEAD", "annotated: its own name is in it\n")
        assert clone.push(f"v/{KEY}") == [Seen("", Place.REF_NAME)]

    def test_notes_and_everything_else_of_a_mirror(self, clone: Pushing) -> None:
        clone.note(f"with {KEY}\n")
        (seen,) = clone.push("refs/notes/*")
        assert seen.place is Place.FILE

    def test_to_an_address_without_a_name(self, remote: Repo, clone: Pushing) -> None:
        clone.commit({"app.py": LEAK})
        assert clone.push("main", remote=str(remote.path)) == APP

    def test_without_lines_it_is_everything_that_the_remote_lacks(self, clone: Pushing) -> None:
        clone.start("side")
        clone.commit({"side.py": LEAK})
        clone.switch("main")
        clone.commit({"main.py": LEAK})
        clone.git("switch", "--quiet", "--detach")
        clone.commit({"head.py": LEAK})
        clone.tag("v1", "HEAD~1", f"with {KEY}\n")
        expected = {Seen("", Place.TAG_MESSAGE), Seen("head.py"), Seen("main.py"), Seen("side.py")}
        for name in ("origin", ""):
            assert set(places(found(pre_push(Git(str(clone.path)), name, [], NOTHING)))) == expected

    @pytest.mark.parametrize(
        "line", ["x", "a b c", f"main {ZERO} refs/heads/main", "refs/heads/main x y z", "a b c d e"]
    )
    def test_lines_that_git_does_not_write(self, clone: Pushing, line: str) -> None:
        with pytest.raises(UsageError):
            pre_push(Git(str(clone.path)), "origin", [line], NOTHING)

    def test_deletion_alone_reads_nothing(self, clone: Pushing) -> None:
        report = scanned(
            pre_push(Git(str(clone.path)), "origin", [f"(delete) {ZERO} refs/heads/x {clone.oid()}"], NOTHING)
        )
        assert report.coverage.complete
        assert report.coverage.empty


class TestFramework:
    """pre-commit keeps standard input to itself and tells of one ref in the environment."""

    def push(self, repo: Repo, environ: Mapping[str, str], lines: Sequence[str] = ()) -> list[Seen]:
        return places(found(pre_push(Git(str(repo.path)), "", lines, environ)))

    def test_from_and_to(self, clone: Pushing) -> None:
        clone.commit({"app.py": LEAK})
        clone.commit({"app.py": "none\n"})
        environ = {"PRE_COMMIT_FROM_REF": clone.oid("origin/main"), "PRE_COMMIT_TO_REF": clone.oid()}
        assert self.push(clone, environ) == APP

    def test_names_instead_of_ids(self, clone: Pushing) -> None:
        clone.commit({"app.py": LEAK})
        assert self.push(clone, {"PRE_COMMIT_FROM_REF": "origin/main", "PRE_COMMIT_TO_REF": "HEAD"}) == APP

    def test_what_the_remote_has_is_left_out(self, remote: Repo, clone: Pushing) -> None:
        base = clone.oid()
        remote.commit({"app.py": LEAK})
        clone.commit({"other": "x\n"})
        clone.git("fetch", "--quiet")
        clone.merge("origin/main")
        environ = {"PRE_COMMIT_FROM_REF": base, "PRE_COMMIT_TO_REF": "HEAD", "PRE_COMMIT_REMOTE_NAME": "origin"}
        assert self.push(clone, environ) == []

    def test_annotated_tag(self, clone: Pushing) -> None:
        clone.commit({"other": "x\n"})
        tag = clone.tag("v1", "HEAD", f"with {KEY}\n")
        environ = {"PRE_COMMIT_FROM_REF": "origin/main", "PRE_COMMIT_TO_REF": tag}
        assert self.push(clone, environ) == [Seen("", Place.TAG_MESSAGE)]

    def test_branch_with_a_root_of_its_own(self, clone: Pushing) -> None:
        clone.orphan("pages")
        clone.commit({"app.py": LEAK})
        environ = {"PRE_COMMIT_LOCAL_BRANCH": "refs/heads/pages", "PRE_COMMIT_REMOTE_NAME": "origin"}
        assert self.push(clone, environ) == APP

    def test_name_of_the_remote_branch(self, clone: Pushing) -> None:
        environ = {"PRE_COMMIT_TO_REF": "HEAD", "PRE_COMMIT_REMOTE_BRANCH": f"refs/heads/{KEY}"}
        assert self.push(clone, environ) == [Seen("", Place.REF_NAME)]

    def test_base_that_is_not_here(self, clone: Pushing) -> None:
        clone.commit({"app.py": LEAK})
        assert self.push(clone, {"PRE_COMMIT_FROM_REF": "1" * 40, "PRE_COMMIT_TO_REF": "HEAD"}) == APP

    def test_commit_that_is_not_here(self, clone: Pushing) -> None:
        with pytest.raises(UsageError, match="no such commit"):
            self.push(clone, {"PRE_COMMIT_FROM_REF": "HEAD", "PRE_COMMIT_TO_REF": "1" * 40})


class TestPreReceive:
    """Here the objects are in the database already; the quarantine has a test of its own."""

    def receive(self, repo: Repo, *lines: str) -> list[Seen]:
        return places(found(pre_receive(Git(str(repo.path)), lines)))

    def test_new_commits_only(self, remote: Repo) -> None:
        remote.commit({"old.py": LEAK})
        old = remote.oid()
        remote.git("switch", "--quiet", "--detach")
        new = remote.commit({"app.py": LEAK})
        remote.switch("main")
        assert self.receive(remote, f"{old} {new} refs/heads/main") == APP

    def test_new_branch_deletion_and_tag(self, remote: Repo) -> None:
        old = remote.oid()
        remote.git("switch", "--quiet", "--detach")
        new = remote.commit({"app.py": LEAK})
        remote.switch("main")
        lines = [
            f"{ZERO} {new} refs/heads/new",
            f"{old} {ZERO} refs/heads/gone",
            f"{ZERO} {remote.blob(LEAK)} refs/tags/b",
        ]
        assert self.receive(remote, *lines) == [Seen(""), Seen("app.py")]

    def test_reference_names(self, remote: Repo) -> None:
        line = f"{ZERO} {remote.oid()} refs/heads/{KEY}"
        assert self.receive(remote, line) == [Seen("", Place.REF_NAME)]

    @pytest.mark.parametrize("line", ["x", "a b refs/heads/main", f"{ZERO} {ZERO}"])
    def test_lines_that_git_does_not_write(self, remote: Repo, line: str) -> None:
        with pytest.raises(UsageError):
            self.receive(remote, line)
