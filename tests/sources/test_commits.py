"""A range of commits: what each of them brought, whatever the end of the range looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from freddy_guard.errors import GitError, UsageError
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Finding, Place, Report
from freddy_guard.sources.commits import EVERYTHING, REMOTES, Commits
from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.scans import Seen, keys, places, scanned, unread

KEY = key(1)
LEAK = f'client = Client("{KEY}")\n'


def commits(repo: Repo, *revisions: str, tips: Sequence[str] = (), known_to: str = "") -> Report:
    return scanned(Commits(Git(str(repo.path)), revisions, tips=tips, known_to=known_to))


def brought(report: Report) -> list[tuple[str, str]]:
    assert unread(report) == []
    return [(finding.origin.path, finding.origin.commit) for finding in keys(report)]


def only(report: Report) -> Finding:
    assert unread(report) == []
    (finding,) = keys(report)
    return finding


@pytest.fixture
def base(repo: Repo) -> Repo:
    """Return a history of one commit, tagged `base`."""
    repo.commit({"readme": "none\n"})
    repo.tag("base")
    return repo


def test_key_that_a_later_commit_removes(base: Repo) -> None:
    leak = base.commit({"app.py": LEAK})
    base.commit({"app.py": "none\n"})
    assert brought(commits(base, "base..HEAD")) == [("app.py", leak)]


def test_origin_says_who_brought_it(base: Repo) -> None:
    leak = base.commit({"app.py": LEAK})
    origin = only(commits(base, "base..")).origin
    assert (origin.commit, origin.author, origin.date) == (leak, base.author(leak), base.author_date(leak))
    assert (origin.place, origin.blob, origin.tracked) == (Place.FILE, base.oid("HEAD:app.py"), True)


def test_key_before_the_range_is_none_of_it(base: Repo) -> None:
    base.commit({"app.py": LEAK})
    base.tag("later")
    base.commit({"app.py": LEAK + "more\n", "other": "x\n"})
    assert brought(commits(base, "later..HEAD")) == [("app.py", base.oid())], "the new version of the file has it"
    base.tag("latest")
    base.commit({"other": "y\n"})
    assert brought(commits(base, "latest..HEAD")) == []


def test_first_commit_of_several_is_named(base: Repo) -> None:
    leak = base.commit({"app.py": LEAK})
    base.commit({"app.py": LEAK + "more\n"})
    base.commit({"app.py": "none\n"})
    base.commit({"app.py": LEAK})
    assert brought(commits(base, "base..HEAD")) == [("app.py", leak)]


def test_first_version_at_a_path_counts_even_when_a_later_one_is_the_older_blob(base: Repo) -> None:
    elsewhere = base.commit({"template.py": LEAK})
    first = base.commit({"app.py": "x = 1\n" + LEAK})
    base.commit({"app.py": LEAK})
    assert brought(commits(base, "base..HEAD")) == [("app.py", first), ("template.py", elsewhere)]


def test_commit_is_named_rather_than_a_tag_of_its_tree(base: Repo) -> None:
    leak = base.commit({"app.py": LEAK})
    tag = base.tag("t", "HEAD^{tree}")
    assert brought(commits(base, "base..HEAD", tips=[tag])) == [("app.py", leak)]


def test_root_commit(repo: Repo) -> None:
    leak = repo.commit({"app.py": LEAK})
    assert brought(commits(repo, "HEAD")) == [("app.py", leak)]


@pytest.mark.parametrize(
    "revisions",
    [
        ("base..HEAD",),
        ("HEAD", "^base"),
        ("base...HEAD",),
        ("HEAD^!",),
        ("base..main",),
        ("refs/tags/base..refs/heads/main",),
        ("@~1..@",),
    ],
)
def test_ranges_as_git_takes_them(base: Repo, revisions: tuple[str, ...]) -> None:
    leak = base.commit({"app.py": LEAK})
    assert brought(commits(base, *revisions)) == [("app.py", leak)]


@pytest.mark.parametrize(
    "revision",
    ["nowhere..HEAD", "HEAD..nowhere", "1234567..HEAD", "--all", "-n1", "", " ", "HEAD\n--all", "HEAD:readme"],
)
def test_range_that_is_none_is_a_usage_error(base: Repo, revision: str) -> None:
    with pytest.raises(UsageError):
        commits(base, revision)


def test_empty_revision_does_not_hide_the_others(base: Repo) -> None:
    """`commits "$UNSET" main` must not read nothing and call it clean."""
    base.commit({"app.py": LEAK})
    with pytest.raises(UsageError):
        commits(base, "", "base..HEAD")


def test_empty_range_reads_nothing(base: Repo) -> None:
    report = commits(base, "HEAD..HEAD")
    assert report.coverage.empty
    assert commits(base, "^HEAD").coverage.empty


def test_outside_of_a_repository(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        scanned(Commits(Git(str(tmp_path)), ["HEAD"]))


def test_evil_merge_and_what_the_branch_brought(base: Repo) -> None:
    base.start("side")
    side = base.commit({"side.py": LEAK})
    base.switch("main")
    base.commit({"main": "m\n"})
    merge = base.evil_merge("side", {"merge.py": LEAK})
    assert brought(commits(base, "base..HEAD")) == [("merge.py", merge), ("side.py", side)]
    assert brought(commits(base, "HEAD^!")) == [("merge.py", merge)]


def test_merge_that_takes_over_brings_nothing_of_its_own(base: Repo) -> None:
    base.start("side")
    base.commit({"app.py": LEAK})
    base.switch("main")
    base.commit({"main": "m\n"})
    base.merge("side")
    assert brought(commits(base, "HEAD", "^HEAD^1", "^side")) == []


def link(repo: Repo) -> None:
    repo.link("l", KEY)
    repo.commit()


def header(repo: Repo) -> None:
    repo.ref("HEAD", repo.raw_commit(repo.oid("HEAD^{tree}"), repo.oid(), headers=f"x {KEY}"))


PARTS: dict[str, tuple[Callable[[Repo], object], Place]] = {
    "message": (lambda repo: repo.commit({}, f"x\n\n{KEY}\n"), Place.COMMIT_MESSAGE),
    "author": (lambda repo: repo.commit({}, "x", f"--author={KEY} <a@b>"), Place.IDENTITY),
    "header": (header, Place.COMMIT_HEADER),
    "file name": (lambda repo: repo.commit({f"{KEY}.txt": "x\n"}), Place.PATH_NAME),
    "link": (link, Place.SYMLINK),
}


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_a_commit(base: Repo, part: str) -> None:
    build, place = PARTS[part]
    build(base)
    base.commit({"later": "x\n"})
    origin = only(commits(base, "base..HEAD")).origin
    assert (origin.place, origin.commit) == (place, base.oid("HEAD~1"))


def test_replaced_commits_are_read_as_they_are(base: Repo) -> None:
    leak = base.commit({"app.py": LEAK})
    base.git("replace", leak, base.raw_commit(base.oid("base^{tree}"), base.oid("base")))
    assert brought(commits(base, "base..HEAD")) == [("app.py", leak)]


class TestTips:
    """Objects of any kind that a push sends."""

    def test_annotated_tag(self, base: Repo) -> None:
        tag = base.tag("v1", "HEAD", f"with {KEY}\n")
        origin = only(commits(base, "^base", tips=[tag])).origin
        assert (origin.place, origin.commit, origin.blob) == (Place.TAG_MESSAGE, base.oid(), tag)

    def test_tag_of_a_tag_of_a_commit(self, base: Repo) -> None:
        leak = base.commit({"app.py": LEAK})
        base.tag("inner", "HEAD", "inner\n")
        tag = base.tag("outer", "inner", "outer\n")
        assert brought(commits(base, "^base", tips=[tag])) == [("app.py", leak)]

    def test_blob(self, base: Repo) -> None:
        assert places(keys(commits(base, tips=[base.blob(LEAK)]))) == [Seen("")]

    def test_tree_and_the_names_in_it(self, base: Repo) -> None:
        tree = base.tree({"app.py": base.blob(LEAK), f"{KEY}.txt": base.blob("none\n")})
        found = places(keys(commits(base, tips=[base.tag("t", tree, "a tree\n")])))
        assert found == [Seen(f"{KEY}.txt", Place.PATH_NAME), Seen("app.py")]

    def test_object_that_is_not_there(self, base: Repo) -> None:
        (line,) = unread(commits(base, tips=["1" * 40]))
        assert line.startswith(f"object {'1' * 40}")

    def test_submodules_are_left_out(self, base: Repo) -> None:
        base.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},lib")
        base.commit()
        report = commits(base, tips=[base.tag("t", "HEAD^{tree}")])
        assert (keys(report), unread(report)) == ([], [])


class TestKnownTo:
    """What a remote has is left out."""

    @pytest.fixture
    def pushed(self, base: Repo) -> Repo:
        base.commit({"old.py": LEAK})
        base.ref("refs/remotes/origin/main", base.oid())
        base.commit({"new.py": LEAK})
        base.ref("refs/remotes/backup/main", base.oid())
        base.commit({"newest.py": LEAK})
        return base

    @pytest.mark.parametrize(
        ("known_to", "expected"),
        [
            ("origin", ["new.py", "newest.py"]),
            ("backup", ["newest.py"]),
            (REMOTES, ["newest.py"]),
            (EVERYTHING, []),
            ("elsewhere", ["new.py", "newest.py", "old.py"]),
            ("https://example.org/x.git", ["new.py", "newest.py", "old.py"]),
            ("*", []),
        ],
    )
    def test_remote(self, pushed: Repo, known_to: str, expected: list[str]) -> None:
        report = commits(pushed, "HEAD", known_to=known_to)
        assert [finding.origin.path for finding in keys(report)] == expected


class TestGaps:
    """A range that cannot be read in full is told."""

    def test_shallow_boundary(self, base: Repo, tmp_path: Path) -> None:
        base.commit({"app.py": LEAK})
        base.commit({"later": "x\n"})
        clone = base.clone(tmp_path / "shallow", "--depth=1")
        report = commits(clone, "HEAD")
        assert places(keys(report)) == [Seen("app.py")]
        (line,) = unread(report)
        assert re.search(f"before commit {clone.oid()}: a shallow clone ends here", line)

    def test_range_behind_a_shallow_boundary(self, base: Repo, tmp_path: Path) -> None:
        first = base.oid()
        base.commit({"app.py": LEAK})
        clone = base.clone(tmp_path / "shallow", "--depth=1")
        with pytest.raises(UsageError, match="shallow"):
            commits(clone, f"{first}..HEAD")

    @pytest.mark.parametrize("victim", ["HEAD:lost", "HEAD^{tree}", "HEAD~1^{tree}"])
    @pytest.mark.parametrize("damage", [Repo.lose, Repo.corrupt])
    def test_missing_object(self, base: Repo, victim: str, damage: Callable[[Repo, str], None]) -> None:
        base.commit({"other": "x\n"})
        leak = base.commit({"app.py": LEAK})
        later = base.commit({"lost": "lost\n"})
        damage(base, base.oid(victim))
        report = commits(base, "base..HEAD")
        told = later if victim == "HEAD~1^{tree}" else leak  # what the lost tree held is seen in the next one
        assert [finding.origin.commit for finding in keys(report)] == [told]
        assert not report.coverage.complete

    @pytest.mark.parametrize("damage", [Repo.lose, Repo.corrupt])
    def test_missing_commit_is_an_error_but_not_of_the_user(
        self, base: Repo, damage: Callable[[Repo, str], None]
    ) -> None:
        base.commit({"app.py": LEAK})
        base.commit({"other": "x\n"})
        damage(base, base.oid("HEAD~1"))
        with pytest.raises(GitError):
            commits(base, "base..HEAD")

    def test_partial_clone_fetches_nothing(self, base: Repo, tmp_path: Path) -> None:
        base.commit({"app.py": LEAK})
        base.commit({"app.py": "none\n"})
        clone = base.clone(tmp_path / "partial", "--filter=blob:none")
        marker = tmp_path / "fetched"
        script = tmp_path / "upload-pack"
        script.write_text(f'#!/bin/sh\ntouch "{marker}"\nexec git-upload-pack "$@"\n')
        script.chmod(0o755)
        clone.config("remote.origin.uploadpack", str(script))
        report = commits(clone, "HEAD")
        assert keys(report) == []
        assert [line for line in unread(report) if base.oid("HEAD~1:app.py") in line]
        assert not marker.exists()
