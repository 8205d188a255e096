"""What is missing or damaged is scanned around and told: a history is never called clean that was not read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from freddy_guard.git.plumbing import Git
from freddy_guard.model import Report
from freddy_guard.sources.history import History
from tests.support.keys import key
from tests.support.repo import ZERO, Repo, overwrite, zipped
from tests.support.scans import keys, scanned, unread

KEY, OTHER = key(1), key(2)
LEAK = f'client = Client("{KEY}")\n'
GONE = "1234567890" * 4


@pytest.fixture
def leaky(repo: Repo) -> Repo:
    """Return a history that brings a key with its second commit, and much else."""
    repo.commit({"readme": "the first version\n", "lib/a.txt": "a\n"})
    repo.commit({"app.py": LEAK})
    repo.commit({"readme": "third\n", "lib/b.txt": "b\n"})
    repo.tag("v1", "HEAD", "one\n")
    return repo


def history(repo: Repo) -> Report:
    return scanned(History(Git(str(repo.path))))


def told(report: Report) -> list[tuple[str, str]]:
    return [(finding.origin.path, finding.origin.commit) for finding in keys(report)]


Damage = Callable[[Repo, str], None]


def lose(repo: Repo, oid: str) -> None:
    repo.lose(oid)


def corrupt(repo: Repo, oid: str) -> None:
    repo.corrupt(oid)


def empty(repo: Repo, oid: str) -> None:
    """A crash before the data reached the disk leaves this."""
    path = repo.loose(oid)
    path.chmod(0o644)
    path.write_bytes(b"")


def lie_about_the_size(repo: Repo, oid: str) -> None:
    path = repo.loose(oid)
    path.chmod(0o644)
    path.write_bytes(zipped("blob", b"short\n", 1 << 20))


def corrupt_in_the_pack(repo: Repo, oid: str) -> None:
    repo.pack("--depth=0")
    repo.corrupt_packed(oid)


VICTIMS = {
    "blob": "HEAD:lib/b.txt",
    "older blob": "HEAD~2:readme",
    "tree": "HEAD:lib",
    "root tree": "HEAD^{tree}",
    "tag": "v1",
    "commit": "HEAD~2",
}


@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize("damage", [lose, corrupt, empty, corrupt_in_the_pack])
def test_one_damaged_object_is_told_and_all_else_is_read(leaky: Repo, damage: Damage, victim: str) -> None:
    oid, leak = leaky.oid(VICTIMS[victim]), leaky.oid("HEAD~1")
    damage(leaky, oid)
    report = history(leaky)
    assert told(report) == [("app.py", leak)]
    assert not report.coverage.complete
    assert any(oid in line for line in unread(report)) or victim == "commit", unread(report)


def test_lie_about_a_size_is_told(leaky: Repo) -> None:
    leak = leaky.oid("HEAD~1")
    lie_about_the_size(leaky, leaky.oid("HEAD:lib/b.txt"))
    report = history(leaky)
    assert told(report) == [("app.py", leak)]
    assert not report.coverage.complete


@pytest.mark.parametrize("damage", [lose, corrupt, corrupt_in_the_pack])
def test_damaged_commit_that_brought_the_key_leaves_the_key(leaky: Repo, damage: Damage) -> None:
    """The blob is there: the next commit that still has it is told."""
    damage(leaky, leaky.oid("HEAD~1"))
    report = history(leaky)
    assert told(report) == [("app.py", leaky.oid("HEAD"))]
    assert not report.coverage.complete


def test_many_damaged_objects_are_all_told(leaky: Repo) -> None:
    leaky.commit({f"f{number}": f"{number}\n" for number in range(12)})
    victims = [leaky.oid(f"HEAD:f{number}") for number in range(0, 12, 2)]
    leaky.pack("--depth=0")
    leaky.corrupt_packed(*victims)
    report = history(leaky)
    assert len(keys(report)) == 1
    assert all(any(oid in line for line in unread(report)) for oid in victims)


def test_object_nobody_refers_to_may_lack_what_it_names(leaky: Repo) -> None:
    """What `git prune` leaves of old mistakes is no gap in the history."""
    dangling = leaky.raw_commit(leaky.tree({"x.py": leaky.blob(f"k = '{OTHER}'\n")}), GONE)
    report = history(leaky)
    assert unread(report) == []
    assert ("x.py", dangling) in told(report)


def broken_index_of_a_pack(repo: Repo) -> None:
    overwrite(repo.pack().with_suffix(".idx"), 0, b"\0" * 300)


def lost_index_of_a_pack(repo: Repo) -> None:
    repo.pack().with_suffix(".idx").unlink()


def lost_pack(repo: Repo) -> None:
    repo.pack().unlink()


def cut_pack(repo: Repo) -> None:
    pack = repo.pack()
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes()[:-200])


@pytest.mark.parametrize("damage", [broken_index_of_a_pack, lost_index_of_a_pack, lost_pack, cut_pack])
def test_damaged_pack_is_told_and_other_objects_are_read(leaky: Repo, damage: Callable[[Repo], None]) -> None:
    damage(leaky)
    leaky.blob(f"k = '{OTHER}'\n")
    report = history(leaky)
    assert ("", "") in told(report)
    assert not report.coverage.complete


def test_damaged_helpers_of_the_database_are_no_obstacle(leaky: Repo) -> None:
    leak = leaky.oid("HEAD~1")
    leaky.pack("--write-bitmap-index")
    leaky.git("multi-pack-index", "write")
    leaky.git("commit-graph", "write", "--reachable")
    for name in ("pack/multi-pack-index", "info/commit-graph"):
        path = leaky.git_dir / "objects" / name
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:40] + b"\xff" * 400)
    assert told(history(leaky)) == [("app.py", leak)]


def ref_with_garbage(repo: Repo) -> None:
    (repo.git_dir / "refs" / "heads" / "broken").write_text("not an id\n")


def empty_ref(repo: Repo) -> None:
    (repo.git_dir / "refs" / "heads" / "broken").write_text("")


def ref_to_a_missing_object(repo: Repo) -> None:
    (repo.git_dir / "refs" / "heads" / "broken").write_text(f"{GONE}\n")


def ref_to_nothing(repo: Repo) -> None:
    (repo.git_dir / "refs" / "heads" / "broken").write_text(f"{ZERO}\n")


def badly_named_ref(repo: Repo) -> None:
    (repo.git_dir / "refs" / "heads" / "broken..name").write_text(f"{repo.oid('HEAD~1')}\n")


def packed_ref_to_a_missing_object(repo: Repo) -> None:
    repo.git("pack-refs", "--all")
    with (repo.git_dir / "packed-refs").open("a") as file:
        file.write(f"{GONE} refs/tags/zzz-broken\n")


def head_at_a_missing_object(repo: Repo) -> None:
    (repo.git_dir / "HEAD").write_text(f"{GONE}\n")


REFS = [
    ref_with_garbage,
    empty_ref,
    ref_to_a_missing_object,
    ref_to_nothing,
    badly_named_ref,
    packed_ref_to_a_missing_object,
    head_at_a_missing_object,
]


@pytest.mark.parametrize("damage", REFS)
def test_broken_ref_is_told_and_the_others_are_read(leaky: Repo, damage: Callable[[Repo], None]) -> None:
    leak = leaky.oid("HEAD~1")
    damage(leaky)
    report = history(leaky)
    assert told(report) == [("app.py", leak)]
    assert "refs/heads/main" in keys(report)[0].origin.refs
    assert [line for line in unread(report) if "broken" in line or "HEAD" in line]


def test_ref_to_a_ref_that_is_gone_hides_nothing(leaky: Repo) -> None:
    """`refs/remotes/origin/HEAD` after the remote renamed its branch: everyday life, not a gap."""
    leaky.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/master")
    report = history(leaky)
    assert (len(keys(report)), unread(report)) == (1, [])


def test_unborn_head_hides_nothing(leaky: Repo) -> None:
    leaky.orphan("empty")
    report = history(leaky)
    assert (keys(report)[0].origin.in_head, unread(report)) == (False, [])


def test_branch_called_head_does_not_stand_for_an_unborn_head(leaky: Repo) -> None:
    leaky.ref("refs/heads/HEAD", leaky.oid())
    leaky.orphan("empty")
    report = history(leaky)
    assert (keys(report)[0].origin.in_head, unread(report)) == (False, [])


def test_shallow_clone_is_read_and_told(leaky: Repo) -> None:
    clone = leaky.clone(leaky.path.parent / "shallow", "--depth=1")
    report = history(clone)
    assert told(report) == [("app.py", clone.oid())]
    assert unread(report) == [
        f"what came before commit {clone.oid()}: a shallow clone ends here; `git fetch --unshallow` brings the rest"
    ]


@pytest.mark.parametrize("left_out", ["blob:none", "tree:0", "blob:limit=10"])
def test_partial_clone_is_told_and_fetches_nothing(leaky: Repo, tmp_path: Path, left_out: str) -> None:
    clone = leaky.clone(tmp_path / "partial", f"--filter={left_out}")
    marker = trap(clone, tmp_path)
    report = history(clone)
    assert not marker.exists()
    assert [path for path, _ in told(report)] == ["app.py"]  # the checkout has fetched it
    (line,) = unread(report)
    assert "objects that were never fetched: a partial clone" in line
    assert "--no-filter origin" in line


def trap(repo: Repo, folder: Path) -> Path:
    """Make every fetch leave a mark; returns where."""
    marker, script = folder / "fetched", folder / "upload-pack"
    script.write_text(f'#!/bin/sh\ntouch "{marker}"\nexec git-upload-pack "$@"\n')
    script.chmod(0o755)
    repo.config("remote.origin.uploadpack", str(script))
    assert repo.attempt("fetch", "--quiet", "--refetch").returncode in (0, 129)
    assert marker.exists(), "the trap works"
    marker.unlink()
    return marker
