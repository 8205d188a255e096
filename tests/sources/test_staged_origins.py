"""What `staged` reads and says: beside the key itself, what HEAD had, and where we stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from freddy_guard.errors import GitError
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Coverage, Status
from freddy_guard.sources.staged import Staged
from tests.sources.indexed import APP, KEY, LEAK, OTHER, staged
from tests.support.repo import Repo
from tests.support.scans import EverySign, Seen, contents, found, keys, places, scanned


def test_sha256(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "repo", "--object-format=sha256")
    repo.stage("app.py", LEAK)
    assert places(staged(repo)) == APP
    repo.commit()
    repo.stage("other.py", f"k = '{OTHER}'\n")
    (finding,) = staged(repo)
    assert (finding.origin.path, len(finding.origin.blob)) == ("other.py", 64)


def test_file_of_60_megabytes(repo: Repo) -> None:
    line = b"x" * 1023 + b"\n"
    repo.stage("big.log", line * (60 << 10) + LEAK.encode())
    (finding,) = staged(repo)
    assert finding.region.start.line == (60 << 10) + 1
    assert finding.region.start.offset == (60 << 20) + LEAK.index(KEY)


KNOWN = {
    "another line changed": (LEAK, LEAK + "more\n", []),
    "the line moved": (LEAK, "first\n" + LEAK, []),
    "the line changed around it": (LEAK, LEAK.replace("client", "other"), []),
    "a new one on the same line": (LEAK, LEAK.replace(KEY, f"{KEY} {OTHER}"), [OTHER]),
    "replaced by another": (LEAK, LEAK.replace(KEY, OTHER), [OTHER]),
    "once more": (LEAK, LEAK + LEAK, []),
    "brought back": ("none\n", LEAK, [KEY]),
}


@pytest.mark.parametrize("name", KNOWN)
def test_key_that_head_has_at_the_path_does_not_block(repo: Repo, name: str) -> None:
    before, after, blocking = KNOWN[name]
    repo.commit({"app.py": before})
    repo.stage("app.py", after)
    report = scanned(Staged(Git(str(repo.path))))
    assert [finding.secret.reveal().decode() for finding in keys(report) if finding.secret] == blocking
    known = [verdict for verdict in report.suppressed() if verdict.status is Status.KNOWN]
    assert bool(known) == (KEY in before and KEY in after)


def test_key_that_head_has_elsewhere_blocks(repo: Repo) -> None:
    repo.commit({"app.py": LEAK})
    repo.stage("copy.py", LEAK)
    assert places(staged(repo)) == [Seen("copy.py")]


def test_key_that_head_has_in_a_large_file_does_not_block(repo: Repo) -> None:
    filler = "x" * (17 << 20) + "\n"
    repo.commit({"app.py": filler + LEAK})
    repo.stage("app.py", "first\n" + filler + LEAK)
    assert staged(repo) == []


def test_origin_says_path_and_blob_and_that_git_knows_it(repo: Repo) -> None:
    repo.stage("app.py", LEAK)
    origin = staged(repo)[0].origin
    assert (origin.path, origin.blob, origin.tracked) == ("app.py", repo.oid(":app.py"), True)
    assert (origin.commit, origin.refs, origin.in_head) == ("", (), None)


def test_reads_nothing_but_what_differs_from_head(repo: Repo) -> None:

    repo.commit({"same": "same\n", "gone": "gone\n", "changed": "old\n"})
    repo.git("rm", "--quiet", "gone")
    repo.stage("changed", "new\n")
    repo.stage("added", "added\n")
    coverage = Coverage()
    source = Staged(Git(str(repo.path)))
    assert contents(source.documents(EverySign(), coverage)) == {"changed": b"new\n", "added": b"added\n"}
    assert coverage.read == {"paths": 2, "blobs": 2, "bytes": 10}
    assert source.paths == {"changed", "added"}


def test_lost_blob_is_told(repo: Repo) -> None:
    repo.stage("app.py", LEAK)
    repo.stage("lost.py", "lost\n")
    repo.lose(repo.oid(":lost.py"))
    report = scanned(Staged(Git(str(repo.path))))
    assert places(keys(report)) == APP
    assert not report.coverage.complete


def test_whole_index_is_read_where_head_cannot_be(repo: Repo) -> None:
    repo.commit({"app.py": LEAK, "readme": "none\n"})
    repo.lose(repo.oid("HEAD^{tree}"))
    assert places(staged(repo)) == APP


def test_no_repository_is_an_error_and_a_bare_one_has_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        scanned(Staged(Git(str(tmp_path))))
    bare = Repo.init(tmp_path / "bare", "--bare")
    assert scanned(Staged(Git(str(bare.path)))).coverage.empty


class TestWhereWeStand:
    """Without a folder named, git's environment says which repository and which index are meant."""

    @pytest.fixture
    def leaky(self, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
        repo.commit({"lib/readme": "none\n"})
        repo.stage("lib/app.py", LEAK)
        monkeypatch.chdir(repo.path)
        return repo

    def check(self) -> None:
        assert places(found(Staged(Git()))) == [Seen("lib/app.py")]

    def test_top(self, leaky: Repo) -> None:
        self.check()

    def test_subdirectory(self, leaky: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
        leaky.config("diff.relative", "true")
        monkeypatch.chdir(leaky.path / "lib")
        self.check()

    def test_subdirectory_of_a_branch_without_commits(self, leaky: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
        leaky.git("symbolic-ref", "HEAD", "refs/heads/new")
        monkeypatch.chdir(leaky.path / "lib")
        self.check()

    def test_linked_worktree(self, leaky: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
        linked = leaky.worktree(leaky.path.parent / "linked", "side")
        monkeypatch.chdir(linked.path)
        assert found(Staged(Git())) == []
        linked.stage("side.py", LEAK)
        assert places(found(Staged(Git()))) == [Seen("side.py")]

    def test_other_index(self, leaky: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        other = {"GIT_INDEX_FILE": str(tmp_path / "index")}
        leaky.git("read-tree", "HEAD", env=other)
        monkeypatch.setenv("GIT_INDEX_FILE", other["GIT_INDEX_FILE"])
        assert found(Staged(Git())) == []
        leaky.git("update-index", "--add", "--cacheinfo", f"100644,{leaky.blob(LEAK)},other.py", env=other)
        assert places(found(Staged(Git()))) == [Seen("other.py")]
        assert places(staged(leaky)) == [Seen("lib/app.py")], "a repository that is named has its own index"

    def test_repository_named_by_the_environment(
        self, leaky: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("GIT_DIR", str(leaky.git_dir))
        monkeypatch.setenv("GIT_WORK_TREE", str(leaky.path))
        monkeypatch.chdir(tmp_path)
        self.check()

    @pytest.mark.parametrize("name", ["LITERAL", "GLOB", "NOGLOB", "ICASE"])
    def test_pathspec_settings_change_nothing(self, leaky: Repo, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        leaky.git("symbolic-ref", "HEAD", "refs/heads/new")
        monkeypatch.setenv(f"GIT_{name}_PATHSPECS", "1")
        self.check()

    def test_trace_does_not_reach_us(self, leaky: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))
        monkeypatch.setenv("GIT_TRACE2_EVENT", str(tmp_path / "trace"))
        self.check()
        assert not (tmp_path / "trace").exists()
