from __future__ import annotations

import datetime
import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from freddy_guard.errors import UsageError
from freddy_guard.model import Origin
from freddy_guard.policy.baseline import Baseline, Entry
from tests.policy.samples import ENV_RULE, TODAY, finding
from tests.support.keys import key

HEADER = '{"freddy-guard-baseline": 1}\n'
PRINT = finding().fingerprint


def baseline(*seeds: int, until: str = "") -> Baseline:
    return Baseline().merged(map(finding, seeds), reason="old keys, revoked", owner="ops", until=until, today=TODAY)


def line(**values: object) -> str:
    return json.dumps({"rule": "FG101", "fingerprint": PRINT, "reason": "revoked"} | values) + "\n"


def parse(text: str) -> Baseline:
    return Baseline.parse(text.encode(), "base.jsonl")


def test_the_format() -> None:
    text = baseline(1, until="2026-12-31").dump()
    redacted = f"{key(1)[:7]}…{key(1)[-2:]} (43 characters)"
    assert text == HEADER + (
        f'{{"rule": "FG101", "fingerprint": "{PRINT}", "redacted": "{redacted}", "path": "src/a.py", '
        '"reason": "old keys, revoked", "owner": "ops", "until": "2026-12-31", "added": "2026-06-15"}\n'
    )


def test_it_is_sorted_by_fingerprint_and_rule_whatever_the_order() -> None:
    findings = [finding(seed, rule=rule) for seed in range(20) for rule in (ENV_RULE, finding().rule)]
    random.Random(1).shuffle(findings)  # noqa: S311 - the same order in every run is the point
    made = Baseline().merged(findings, reason="old", today=TODAY)
    rows = [json.loads(row) for row in made.dump().splitlines()[1:]]
    keys = [(row["fingerprint"], row["rule"]) for row in rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == 40


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    path, made = tmp_path / "base.jsonl", baseline(1, 2, 3)
    made.write(str(path))
    back = Baseline.load(str(path))
    assert back.entries == made.entries
    assert back.dump() == made.dump()
    assert back.name == str(path)


def test_a_finding_is_known_wherever_it_moves() -> None:
    made = baseline(1)
    moved = finding(1, line=99, origin=Origin(path="elsewhere.py", commit="c" * 40))
    entry = made.lookup(moved)
    assert entry is not None
    assert (entry.reason, entry.owner) == ("old keys, revoked", "ops")
    assert made.lookup(finding(2)) is None
    assert made.lookup(finding(1, rule=ENV_RULE)) is None


def test_a_merge_keeps_what_is_there_and_renews_what_expired() -> None:
    later = TODAY + datetime.timedelta(days=60)
    old = Baseline([*baseline(1).entries, *baseline(2, 3, until="2026-07-01").entries])
    new = old.merged([finding(1), finding(2), finding(4)], reason="new", owner="me", today=later)
    reasons = {entry.fingerprint: (entry.reason, entry.added) for entry in new.entries}
    assert reasons == {
        finding(1).fingerprint: ("old keys, revoked", "2026-06-15"),
        finding(2).fingerprint: ("new", "2026-08-14"),
        finding(3).fingerprint: ("old keys, revoked", "2026-06-15"),
        finding(4).fingerprint: ("new", "2026-08-14"),
    }


@pytest.mark.parametrize(
    ("reason", "until"),
    [("", ""), (" -- ", ""), ("why", "tomorrow"), ("why", "2026-06-14"), ("why", "20270101")],
)
def test_a_merge_wants_a_reason_and_a_day_to_come(reason: str, until: str) -> None:
    with pytest.raises(UsageError):
        Baseline().merged([finding()], reason=reason, until=until, today=TODAY)


def test_pruning_removes_the_unseen_and_the_expired() -> None:
    made = Baseline([*baseline(1, 2).entries, *baseline(3, until="2026-06-20").entries])
    seen = {("FG101", finding(seed).fingerprint) for seed in (1, 3)} | {("FG201", finding(2).fingerprint)}
    kept, removed = made.pruned(seen, TODAY)
    assert {entry.fingerprint for entry in kept.entries} == {finding(1).fingerprint, finding(3).fingerprint}
    assert [entry.fingerprint for entry in removed] == [finding(2).fingerprint]
    kept, removed = made.pruned(seen, datetime.date(2026, 6, 21))
    assert [entry.fingerprint for entry in kept.entries] == [finding(1).fingerprint]
    assert {entry.fingerprint for entry in removed} == {finding(2).fingerprint, finding(3).fingerprint}


def test_the_last_day_still_counts() -> None:
    entry = Entry("FG101", PRINT, until="2026-06-15")
    assert not entry.expired(TODAY)
    assert entry.expired(TODAY + datetime.timedelta(days=1))
    assert not Entry("FG101", PRINT).expired(datetime.date.max)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"added": "2026-05-01"}, {"added": "2026-05-02"}),
        ({"added": "2026-05-01", "until": "2026-07-01"}, {"added": "2026-05-01", "until": "2026-08-01"}),
        ({"added": "2026-05-01"}, {"added": "2026-05-01", "until": "2026-08-01"}),
        ({"reason": "a"}, {"reason": "b"}),
        ({}, {}),
    ],
)
def test_of_the_duplicates_of_a_union_merge_the_same_one_wins(one: dict[str, str], other: dict[str, str]) -> None:
    forth, back = (
        parse(HEADER + first + second) for first, second in ((line(**one), line(**other)), (line(**other), line(**one)))
    )
    assert forth.dump() == back.dump() == parse(HEADER + line(**other)).dump()


@pytest.mark.parametrize(
    "text",
    [
        HEADER.replace("\n", "\r\n") + line().replace("\n", "\r\n"),
        "\ufeff" + HEADER + line(),
        "\n" + HEADER + "\n" + line() + "\n\n",
        HEADER + line() + HEADER + line(),
        HEADER + line().rstrip("\n"),
    ],
)
def test_harmless_differences_are_tolerated(text: str) -> None:
    assert parse(text).dump() == parse(HEADER + line()).dump()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "base.jsonl:1: the baseline is empty"),
        (line(), "base.jsonl:1: a baseline begins with"),
        ('{"freddy-guard-baseline": 2}\n', "base.jsonl:1: the version of this baseline is not 1; upgrade"),
        (
            f"{HEADER}<<<<<<< HEAD\n{line()}=======\n>>>>>>> x\n",
            "base.jsonl:2: a merge conflict was left here; keep",
        ),
        (f"{HEADER}{line()}||||||| base\n", "base.jsonl:3: a merge conflict"),
        (f"{HEADER}{line()}=======\n", "base.jsonl:3: a merge conflict"),
        (f"{HEADER}{line()}>>>>>>> x\n", "base.jsonl:3: a merge conflict"),
        (f"{HEADER}\n{line()[:-5]}\n", "base.jsonl:3: this line is not a JSON object; restore"),
        (f"{HEADER}[]\n", "base.jsonl:2: this line is not a JSON object"),
        (f"{HEADER}{'[' * 100_000}\n", "base.jsonl:2: this line is not a JSON object"),
        (f"{HEADER}{line(reason='')}", "base.jsonl:2: the entry has no reason; fill in"),
        (f"{HEADER}{line(reason=' - ')}", "base.jsonl:2: the entry has no reason; fill in"),
        (f"{HEADER}{line(rule='')}", "base.jsonl:2: the entry names no rule"),
        (f"{HEADER}{line(fingerprint='abc')}", 'base.jsonl:2: "fingerprint" must be 64 hex digits'),
        (f"{HEADER}{line(until='soon')}", 'base.jsonl:2: "until" must be a date'),
        (f"{HEADER}{line(added='20260101')}", 'base.jsonl:2: "added" must be a date'),
        (f"{HEADER}{line(owner=3)}", "base.jsonl:2: owner must be a string"),
        (f"{HEADER}{line(untill='2026-12-31')}", 'base.jsonl:2: unknown key "untill"; did you mean "until"?'),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert str(caught.value).startswith(said)


def test_bytes_that_are_no_utf8() -> None:
    with pytest.raises(UsageError, match=r"^base.jsonl:2: "):
        Baseline.parse(HEADER.encode() + b'{"rule": "\xff"}\n', "base.jsonl")


def test_it_never_holds_plaintext(tmp_path: Path) -> None:
    named = finding(1, origin=Origin(path=f"dir\udce9/{key(2)}.txt"))
    made = Baseline().merged([named], reason=f"it is {key(3)}", owner=key(4), today=TODAY)
    by_hand = parse(HEADER + line(redacted=key(1), path=key(2), reason=f"it is {key(3)}", owner=key(4)))
    for one in (made, by_hand):
        one.write(str(tmp_path / "base.jsonl"))
        text = (tmp_path / "base.jsonl").read_text("utf-8") + repr(one.entries)
        assert not [seed for seed in range(1, 5) if key(seed)[8:30] in text]


@pytest.mark.parametrize("text", ["{key}\n", '{{"{key}": ""}}\n', '{{"rule": "{key}"}}\n', '{{"until": "{key}"}}\n'])
def test_no_error_shows_a_key(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(HEADER + text.format(key=key(1)))
    assert key(1)[8:30] not in str(caught.value)


def test_no_file_is_an_empty_baseline_and_no_reading_is_an_error(tmp_path: Path) -> None:
    assert Baseline.load(str(tmp_path / "none.jsonl")).entries == ()
    with pytest.raises(UsageError, match="can't be read"):
        Baseline.load(str(tmp_path))


def test_writing_replaces_the_file_in_one_step(tmp_path: Path) -> None:
    real, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    baseline(1).write(str(real))
    link.symlink_to(real)
    with real.open("rb") as reader:
        baseline(1, 2).write(str(link))
        assert reader.read().decode() == baseline(1).dump()
    assert link.is_symlink()
    assert real.read_text("utf-8") == baseline(1, 2).dump()
    assert sorted(os.listdir(tmp_path)) == ["link.jsonl", "real.jsonl"]
    assert real.read_bytes().count(b"\r") == 0


def test_what_can_not_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="can't be written"):
        baseline(1).write(str(tmp_path / "folder"))
    with pytest.raises(UsageError, match="can't be written"):
        baseline(1).write(str(tmp_path / "missing" / "base.jsonl"))
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="can't be written"):
        baseline(1).write(str(tmp_path / "file" / "base.jsonl"))
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


class Branches:
    """A repository with a baseline on main, to be changed on two branches and merged with real git."""

    def __init__(self, folder: Path, seeds: list[int], attributes: str = "") -> None:
        self.folder, self.path = folder, folder / "base.jsonl"
        self.git("init", "-q", "-b", "main")
        (folder / ".gitattributes").write_text(attributes)
        self.commit(Baseline().merged(map(finding, seeds), reason="old", today=TODAY))

    def git(self, *args: str) -> subprocess.CompletedProcess[str]:
        identity = ["-c", "user.name=T", "-c", "user.email=t@example.com"]
        env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", *identity, *args]
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)

    def commit(self, made: Baseline) -> None:
        made.write(str(self.path))
        self.git("add", "-A")
        assert self.git("commit", "-qm", "change").returncode == 0

    def add(self, branch: str, *seeds: int) -> None:
        self.git("switch", "-q", "-c", branch, "main")
        self.commit(Baseline.load(str(self.path)).merged(map(finding, seeds), reason=branch, today=TODAY))

    def merge(self, *, clean: bool) -> None:
        assert (self.git("merge", "-q", "--no-edit", "one").returncode == 0) is clean


def by_fingerprint(count: int) -> list[int]:
    return sorted(range(count), key=lambda seed: finding(seed).fingerprint)


def test_entries_of_two_branches_merge_cleanly(tmp_path: Path) -> None:
    seeds = by_fingerprint(40)
    branches = Branches(tmp_path, [seed for place, seed in enumerate(seeds) if place not in (5, 20, 33)])
    branches.add("one", seeds[5], seeds[33])
    branches.add("two", seeds[20])
    branches.merge(clean=True)
    merged = Baseline.load(str(branches.path))
    assert [entry.fingerprint for entry in merged.entries] == [finding(seed).fingerprint for seed in seeds]
    assert branches.path.read_text("utf-8") == merged.dump()


def test_neighbours_conflict_and_the_markers_are_reported(tmp_path: Path) -> None:
    branches = Branches(tmp_path, [])
    branches.add("one", 1)
    branches.add("two", 2)
    branches.merge(clean=False)
    with pytest.raises(UsageError, match=r"base\.jsonl:2: a merge conflict"):
        Baseline.load(str(branches.path))


def test_neighbours_merge_with_the_union_driver(tmp_path: Path) -> None:
    branches = Branches(tmp_path, [], attributes="*.jsonl merge=union\n")
    branches.add("one", 1, 3)
    branches.add("two", 2, 3)
    branches.merge(clean=True)
    merged = Baseline.load(str(branches.path))
    assert {entry.fingerprint for entry in merged.entries} == {finding(seed).fingerprint for seed in (1, 2, 3)}
