"""Objects as they come out of a repository, and the raw form of commits, tags and trees."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from freddy_guard.git.changes import commit_changes
from freddy_guard.git.objects import (
    LARGE,
    Object,
    all_objects,
    existing,
    kinds_of,
    parse_commit,
    some_objects,
    tree_entries,
)
from freddy_guard.git.plumbing import Git
from freddy_guard.model import Coverage
from tests.support.repo import Repo, zipped

GONE = "1234567890" * 4


def git(repo: Repo) -> Git:
    return Git(str(repo.path))


class TestSomeObjects:
    def test_order_and_content(self, repo: Repo) -> None:
        blobs = [repo.blob(text) for text in ("one", "two\n", "", "\0\xff\n\n")]
        asked = [blobs[2], blobs[0], blobs[3], blobs[1], blobs[0]]
        found = [(item.oid, item.data) for item in some_objects(git(repo), asked, Coverage())]
        assert found == [(blobs[2], b""), (blobs[0], b"one"), (blobs[3], b"\0\xc3\xbf\n\n"), (blobs[1], b"two\n")]

    def test_kinds(self, repo: Repo) -> None:
        commit = repo.commit({"a": "x\n"})
        tag = repo.tag("v1", "HEAD", "one\n")
        asked = [tag, commit, repo.oid("HEAD^{tree}"), repo.oid("HEAD:a")]
        assert [item.kind for item in some_objects(git(repo), asked, Coverage())] == ["tag", "commit", "tree", "blob"]

    @pytest.mark.parametrize("damage", [Repo.lose, Repo.corrupt])
    @pytest.mark.parametrize("victims", [(0,), (1,), (4,), (0, 1), (3, 4), (0, 2, 4), (0, 1, 2, 3, 4)])
    def test_damage_costs_only_what_is_damaged(
        self, repo: Repo, damage: Callable[[Repo, str], None], victims: tuple[int, ...]
    ) -> None:
        blobs = [repo.blob(f"content number {number}\n") for number in range(5)]
        for victim in victims:
            damage(repo, blobs[victim])
        coverage = Coverage()
        found = [item.oid for item in some_objects(git(repo), blobs, coverage)]
        assert found == [oid for number, oid in enumerate(blobs) if number not in victims]
        assert [unread.what for unread in coverage.unread] == [f"object {blobs[victim]}" for victim in victims]

    def test_damage_inside_a_pack(self, repo: Repo) -> None:
        repo.commit({f"f{number}": f"content number {number}\n" for number in range(6)})
        blobs = [repo.oid(f"HEAD:f{number}") for number in range(6)]
        repo.pack("--depth=0")
        repo.corrupt_packed(blobs[0], blobs[3])
        coverage = Coverage()
        found = [item.oid for item in some_objects(git(repo), blobs, coverage)]
        assert found == [blobs[1], blobs[2], blobs[4], blobs[5]]
        assert [unread.what for unread in coverage.unread] == [f"object {blobs[0]}", f"object {blobs[3]}"]

    @pytest.mark.parametrize("size", [0, 3, 100, LARGE + 100])
    def test_size_that_lies(self, repo: Repo, size: int) -> None:
        blobs = [repo.blob(f"content number {number}\n") for number in range(5)]
        path = repo.loose(blobs[1])
        path.chmod(0o644)
        path.write_bytes(zipped("blob", b"content number 1\n", size))
        coverage = Coverage()
        found = [item.oid for item in some_objects(git(repo), blobs, coverage) if item.drain()]
        assert [oid for oid in found if oid != blobs[1]] == [blobs[0], *blobs[2:]]
        assert [unread.what for unread in coverage.unread] == [f"object {blobs[1]}"]


def whole(item: Object) -> bytes:
    return item.data if item.data is not None else b"".join(iter(lambda: item.read(1 << 20), b""))


class TestLargeBlobs:
    CONTENT = b"0123456789abcdef" * (LARGE >> 4) + b"the end"

    @pytest.fixture
    def oids(self, repo: Repo) -> list[str]:
        return [repo.blob(self.CONTENT), repo.blob("small\n")]

    def test_read_in_pieces(self, repo: Repo, oids: list[str]) -> None:
        read = [whole(item) for item in some_objects(git(repo), oids, Coverage())]
        assert read == [self.CONTENT, b"small\n"]

    @pytest.mark.parametrize("size", [0, 1, 1000])
    def test_read_in_part_or_not_at_all(self, repo: Repo, oids: list[str], size: int) -> None:
        ends = [
            item.read(size) if item.data is None else item.data for item in some_objects(git(repo), oids, Coverage())
        ]
        assert ends == [self.CONTENT[:size], b"small\n"]


class TestAllObjects:
    def test_each_once_reachable_or_not(self, repo: Repo) -> None:
        repo.commit({"a": "x\n"})
        repo.pack()
        repo.commit({"b": "y\n"})
        repo.git("repack", "-q", "-a")  # without -d: everything is in two places
        repo.blob("dangling\n")
        listing = repo.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").splitlines()
        coverage = Coverage()
        found = [item.oid for item in all_objects(git(repo), coverage)]
        assert sorted(found) == sorted(listing)
        assert coverage.unread == []

    def test_empty_repository(self, repo: Repo) -> None:
        assert list(all_objects(git(repo), Coverage())) == []


class TestPartialClone:
    """What was never fetched is told, in one go and without asking the remote."""

    @pytest.fixture
    def partial(self, repo: Repo, tmp_path: Path) -> Repo:
        for number in range(8):
            repo.commit({"a": f"content number {number}\n", f"b{number % 2}": f"{number}\n"})
        clone = repo.clone(tmp_path / "partial", "--filter=tree:0")
        clone.git("remote", "set-url", "origin", "/nowhere")
        return clone

    def test_objects(self, partial: Repo) -> None:
        commits = partial.git("rev-list", "HEAD").splitlines()
        trees = [item.first("tree").decode() for item in map(parse_commit, raw(partial, commits))]
        coverage = Coverage()
        found = [item.oid for item in some_objects(git(partial), [*trees[::-1], *commits], coverage)]
        assert found == [trees[0], *commits]
        assert [unread.what for unread in coverage.unread] == [f"object {oid}" for oid in trees[:0:-1]]
        assert {unread.reason for unread in coverage.unread} == {"was never fetched"}
        assert existing(git(partial), [*trees, GONE]) == {trees[0]}

    def test_changes(self, partial: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
        commits = [
            (oid, parents)
            for oid, *parents in map(str.split, partial.git("rev-list", "--parents", "HEAD").splitlines())
        ]
        started = []
        start = Git._start

        def counting(self: Git, arguments: Iterable[str], *, piped: bool = True) -> subprocess.Popen[bytes]:
            started.append(arguments)
            return start(self, arguments, piped=piped)

        monkeypatch.setattr(Git, "_start", counting)
        coverage = Coverage()
        changes = list(commit_changes(git(partial), commits, coverage))
        assert {(change.commit, change.path) for change in changes} == {
            (commits[0][0], name) for name in ("a", "b0", "b1")
        }
        assert [unread.what for unread in coverage.unread] == [f"commit {oid}" for oid, _ in commits]
        assert len(started) < 6


def raw(repo: Repo, oids: list[str]) -> list[bytes]:
    return [item.data or b"" for item in some_objects(git(repo), oids, Coverage())]


def test_kinds_of_what_is_there_and_what_is_not(repo: Repo) -> None:
    commit = repo.commit({"a": "x\n"})
    names = [commit, GONE, "HEAD^{tree}", "nowhere", "HEAD:a"]
    assert kinds_of(git(repo), names) == ["commit", "", "tree", "", "blob"]
    assert kinds_of(git(repo), []) == []


def test_kinds_around_damage(repo: Repo) -> None:
    repo.commit({f"f{number}": f"content number {number}\n" for number in range(4)})
    blobs = [repo.oid(f"HEAD:f{number}") for number in range(4)]
    repo.corrupt(blobs[0])
    repo.corrupt(blobs[2])
    kinds = kinds_of(git(repo), blobs)
    assert len(kinds) == 4
    assert (kinds[1], kinds[3]) == ("blob", "blob")


def test_tree_entries(repo: Repo) -> None:
    blob = repo.blob("x\n")
    lines = [
        f"100644 blob {blob}\ta b",
        f"100755 blob {blob}\tnew\nline",
        f"120000 blob {blob}\tcaf\udce9",
        f"040000 tree {repo.tree({'x': blob})}\tsub",
        f"160000 commit {GONE}\tmodule",
    ]
    tree = repo.git("mktree", "--missing", "-z", stdin="".join(f"{line}\0" for line in lines))
    data = next(iter(some_objects(git(repo), [tree], Coverage()))).data or b""
    entries = tree_entries(data, 20)
    assert [entry[:2] for entry in entries] == [
        (b"100644", b"a b"),
        (b"120000", b"caf\xe9"),
        (b"160000", b"module"),
        (b"100755", b"new\nline"),
        (b"40000", b"sub"),
    ]
    assert (entries[0][2].hex(), entries[2][2].hex()) == (blob, GONE)


WHO = b"Ada <ada@example.org> 1700000000 +0230"


class TestCommits:
    def test_headers_continued_lines_and_message(self) -> None:
        parents = b"\nparent " + b"1" * 40 + b"\nparent " + b"2" * 40
        people = b"\nauthor " + WHO + b"\ncommitter C <c@x> 1700000100 +0000"
        others = b"\ngpgsig -----BEGIN\n \n middle\n -----END\nencoding latin-1"
        data = b"tree " + GONE.encode() + parents + people + others + b"\n\ncaf\xe9\n\nbody\n"
        commit = parse_commit(data)
        assert commit.parents == ("1" * 40, "2" * 40)
        assert commit.first("gpgsig") == b"-----BEGIN\n\nmiddle\n-----END"
        assert commit.first("encoding") == b"latin-1"
        assert commit.first("nothing") == b""
        assert commit.message == b"caf\xe9\n\nbody\n"
        assert (commit.author, commit.date, commit.time) == (
            "Ada <ada@example.org>",
            "2023-11-15T00:43:20+02:30",
            1_700_000_100,
        )

    def test_tag(self) -> None:
        tag = parse_commit(b"object " + GONE.encode() + b"\ntype commit\ntag v1\ntagger " + WHO + b"\n\nmessage\n")
        assert (tag.first("object"), tag.first("tag"), tag.author) == (GONE.encode(), b"v1", "Ada <ada@example.org>")
        assert (tag.date, tag.time, tag.message) == ("2023-11-15T00:43:20+02:30", 1_700_000_000, b"message\n")

    @pytest.mark.parametrize(
        ("identity", "author", "date"),
        [
            ("A <a@x> 0 +0000", "A <a@x>", "1970-01-01T00:00:00+00:00"),
            ("A <a@x> 1700000000 -0330", "A <a@x>", "2023-11-14T18:43:20-03:30"),
            ("A <a@x> -1 +0000", "A <a@x>", "1969-12-31T23:59:59+00:00"),
            ("<> 1 +0000", "<>", "1970-01-01T00:00:01+00:00"),
            (" 1 +0000", "", "1970-01-01T00:00:01+00:00"),
            ("A <a@x>", "A <a@x>", ""),
            ("A <a@x> 99999999999999999 +0000", "A <a@x>", ""),
            ("A <a@x> 1 +9999", "A <a@x>", ""),
            ("A <a@x> soon +0000", "A <a@x> soon +0000", ""),
            ("", "", ""),
        ],
    )
    def test_identities_well_formed_or_not(self, identity: str, author: str, date: str) -> None:
        commit = parse_commit(f"tree {GONE}\nauthor {identity}\n\n".encode())
        assert (commit.author, commit.date) == (author, date)

    @pytest.mark.parametrize("data", [b"", b"\n", b"\n\n", b"tree", b" x\ny", b"a b\n c", b"\xff\xfe\n\n\n"])
    def test_no_data_can_break_it(self, data: bytes) -> None:
        commit = parse_commit(data)
        assert (commit.parents, commit.time, commit.author) == ((), 0, "")
