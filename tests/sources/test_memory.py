"""A second scan of a large history reads only what is new, and says what the first one would say."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from freddy_guard.git.plumbing import Git
from freddy_guard.git.refs import list_refs
from freddy_guard.git.repository import open_repository
from freddy_guard.model import Coverage
from freddy_guard.sources import history
from freddy_guard.sources.memory import DamagedError, recall
from tests.support.keys import key
from tests.support.large import MANY, large_history
from tests.support.oracle import SIGNS
from tests.support.repo import Repo
from tests.support.tool import COMMAND, Result, environment, run

KEY, OTHER, THIRD = key(71), key(72), key(73)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a bare repository with one large pack, whose history had a key for one commit."""
    return large_history(tmp_path_factory.mktemp("large"), KEY).path


@pytest.fixture
def large(original: Path, tmp_path: Path) -> Repo:
    return Repo(Path(shutil.copytree(original, tmp_path / "bare")))


def scan(repo: Repo, *options: str) -> Result:
    return run("history", "--format=json", *options, cwd=repo.path)


def told(result: Result) -> list[tuple[str, str, str, list[str]]]:
    findings = result.json()["findings"]
    return [(found["fingerprint"], found["path"], found["commit"], found["refs"]) for found in findings]


def known(result: Result) -> int:
    return int(result.json()["coverage"].get("objects of earlier scans", 0))


def kept(repo: Repo) -> dict[str, bytes]:
    folder = repo.path / "freddy-guard"
    return {file.name: file.read_bytes() for file in folder.iterdir()} if folder.exists() else {}


def test_nothing_new(large: Repo) -> None:
    first, second = scan(large), scan(large)
    assert len(told(first)) == 1
    assert told(second) == told(first)
    assert (known(first), known(second)) == (0, 3 * MANY)
    assert second.json()["coverage"].get("blobs", 0) == 0


def test_a_new_commit(large: Repo) -> None:
    scan(large)
    tree = large.tree({"new.py": large.blob(f"{OTHER}\n")})
    commit = large.raw_commit(tree, large.oid("main"))
    large.ref("refs/heads/main", commit)
    second = scan(large)
    assert second.json()["coverage"]["blobs"] == 1
    assert told(second) == told(scan(large, "--no-cache"))
    assert len(told(second)) == 2
    assert told(scan(large)) == told(second)


def test_after_git_packed_everything_anew(large: Repo) -> None:
    scan(large)
    large.ref("refs/heads/side", large.raw_commit(large.tree({"b": large.blob(f"{OTHER}\n")}), large.oid("main")))
    scan(large)
    large.git("gc", "--quiet", "--prune=now")
    third = scan(large)
    assert known(third) == 3 * MANY + 3
    assert third.json()["coverage"].get("blobs", 0) == 0
    assert told(third) == told(scan(large, "--no-cache"))


def test_refs_that_moved(large: Repo) -> None:
    scan(large)
    large.ref("refs/heads/other", "main")
    assert told(scan(large))[0][3] == ["refs/heads/main", "refs/heads/other"]


@pytest.mark.parametrize("options", [("--decode-depth=0",), ("--config=off.toml",)], ids=["depth", "rules"])
def test_what_looks_for_other_things_reads_all_again(options: tuple[str, ...], large: Repo) -> None:
    (large.path / "off.toml").write_text('disable = ["FG102"]\n')
    scan(large)
    assert known(scan(large, *options)) == 0


def test_not_asked_for(large: Repo) -> None:
    first = scan(large, "--no-cache")
    assert kept(large) == {}
    assert told(first) == told(scan(large))


def test_damaged_notes(large: Repo) -> None:
    first = scan(large)
    notes = large.path / "freddy-guard" / "history.json"
    data = notes.read_bytes()
    middle = len(data) // 2
    for broken in (data[:middle], b"", data[:middle] + bytes((data[middle] ^ 1,)) + data[middle + 1 :]):
        notes.write_bytes(broken)
        with pytest.raises(DamagedError):
            recall(large.path, "")
    second = scan(large)
    assert (told(second), known(second), second.code) == (told(first), 0, 1)
    notes.write_bytes(data[:middle])
    assert "their notes are damaged" in run("history", cwd=large.path).out


def test_damaged_ids(large: Repo) -> None:
    first = scan(large)
    ids = next((large.path / "freddy-guard").glob("*.ids"))
    ids.write_bytes(ids.read_bytes()[:-20])
    large.ref("refs/heads/side", large.raw_commit(large.tree({}), large.oid("main")))
    large.git("gc", "--quiet", "--prune=now")  # now the ids are needed
    second = scan(large)
    assert known(second) == 0
    assert [found[0] for found in told(second)] == [found[0] for found in told(first)]


def test_no_key_is_kept(large: Repo) -> None:
    blob = large.blob(f"{OTHER}\n")
    large.ref(f"refs/heads/{THIRD}", large.raw_commit(large.tree({f"{OTHER}.txt": blob}), large.oid("main")))
    first = scan(large)
    assert len(told(first)) >= 3
    for name, data in kept(large).items():
        assert not any(secret.encode() in data for secret in (KEY, OTHER, THIRD)), name
        assert (large.path / "freddy-guard" / name).stat().st_mode & 0o777 == 0o600
    assert told(scan(large)) == told(first)


def test_what_could_not_be_read_is_told_again(large: Repo) -> None:
    blob = large.oid("main~500:app.py")
    large.corrupt_packed(blob)
    first, second = scan(large), scan(large)
    unread = [item["what"] for item in first.json()["coverage"]["unread"]]
    assert f"object {blob}" in unread
    assert [item["what"] for item in second.json()["coverage"]["unread"]] == unread
    assert (first.code, second.code) == (1, 1)


def test_a_folder_that_cannot_be_made(large: Repo) -> None:
    (large.path / "freddy-guard").write_text("a file\n")
    assert [len(told(scan(large))), known(scan(large))] == [1, 0]


def test_a_pack_that_goes_while_it_is_read(large: Repo) -> None:
    git, coverage = Git(str(large.path)), Coverage()
    reading = history.Scan(git, open_repository(git), list_refs(git, coverage), SIGNS, coverage)
    _, store = reading.open("")
    assert store is not None
    large.git("repack", "-a", "-d", "-f", "--quiet", "--depth=5")  # as `git gc` does in the background
    assert not reading.read_new(store, None, 1)
    assert [gap.reason for gap in coverage.unread if gap.what.startswith("pack ")]


def test_two_at_once(large: Repo) -> None:
    command = [*COMMAND, "history", "--format=json"]
    both = [
        subprocess.Popen(command, cwd=large.path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    outs = [process.communicate()[0] for process in both]
    assert outs[0] == outs[1]
    assert known(scan(large)) == 3 * MANY


def test_killed_at_any_moment(large: Repo) -> None:
    expected = told(scan(large, "--no-cache"))
    chance = random.Random(9)  # noqa: S311 - a few moments suffice here; bench/kill.py takes two hundred
    command = [*COMMAND, "history", "--format=json"]
    for _ in range(3):
        process = subprocess.Popen(
            command, cwd=large.path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.1, 0.8))
        process.kill()
        process.wait()
        assert told(scan(large)) == expected
        if chance.random() < 0.5:
            shutil.rmtree(large.path / "freddy-guard", ignore_errors=True)


def test_refs_that_went_forward_and_went(large: Repo) -> None:
    large.ref("refs/heads/old", "main~3")
    scan(large)
    blob = large.oid("main~2399:app.py")  # that of the commit which brought the key
    for number, tree in enumerate([{"x": large.blob("nothing\n")}, {"back.py": blob}]):
        large.ref("refs/heads/main", large.raw_commit(large.tree(tree), large.oid("main"), message=f"{number}\n"))
        if number:
            large.git("update-ref", "-d", "refs/heads/old")
        again = scan(large)
        assert known(again) >= 3 * MANY
        assert told(again) == told(scan(large, "--no-cache"))
        assert again.json()["findings"] == scan(large, "--no-cache").json()["findings"]


def test_a_branch_and_a_tag_that_came(large: Repo) -> None:
    scan(large)
    large.ref("refs/heads/same", "main")
    large.ref("refs/tags/v1", "main~3000")  # before the key came
    large.ref("refs/heads/ahead", large.raw_commit(large.tree({"x": large.blob("x\n")}), large.oid("main")))
    again, fresh = scan(large), scan(large, "--no-cache")
    assert again.json()["findings"] == fresh.json()["findings"]
    assert told(again)[0][3] == ["refs/heads/ahead", "refs/heads/main", "refs/heads/same"]
