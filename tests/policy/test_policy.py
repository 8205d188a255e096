from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest

from freddy_guard.errors import UsageError
from freddy_guard.model import Finding, Origin, Place, Status, Unread
from freddy_guard.policy import Policy
from freddy_guard.policy.baseline import Baseline
from tests.policy.samples import ENV_RULE, RULE_IDS, SIGN, TODAY, document, finding
from tests.support.keys import key

MINE = Origin(path="src/a.py")


def policy(
    text: str = "",
    *,
    origin: Origin = MINE,
    ignore: Sequence[str] = (),
    baseline: Baseline | None = None,
    comments: bool = True,
    watch: bool = False,
    today: datetime.date = TODAY,
) -> Policy:
    made = Policy(ignore=ignore, baseline=baseline, comments=comments, watch=watch, rule_ids=RULE_IDS, today=today)
    made.read(document(text.replace("ALLOW", SIGN), origin))
    return made


def accepted(*seeds: int, owner: str = "", until: str = "") -> Baseline:
    return Baseline(name="base.jsonl").merged(
        map(finding, seeds), reason="revoked", owner=owner, until=until, today=TODAY
    )


SAME = "\n# ALLOW FG101 -- sample\n"
NEXT = "\n# ALLOW-next-line FG101 -- sample\n"


@pytest.mark.parametrize(
    ("text", "found", "allowed"),
    [
        (SAME, finding(line=2), True),
        (SAME, finding(line=1), False),
        (SAME, finding(line=3), False),
        (SAME, finding(line=1, end_line=2), True),
        (SAME, finding(line=1, end_line=2, end_column=1), False),
        (SAME, finding(line=1, end_line=5), True),
        (SAME, finding(line=2, rule=ENV_RULE), False),
        (NEXT, finding(line=3), True),
        (NEXT, finding(line=2), False),
        (NEXT, finding(line=4), False),
        (NEXT, finding(line=3, end_line=9), True),
        ("\n# ALLOW hardcoded-key, FG201 -- sample\n", finding(line=2, rule=ENV_RULE), True),
        ("\n# ALLOW FG101\n", finding(line=2), False),
        ("\n# ALLOW FG101 until=2026-06-14 -- sample\n", finding(line=2), False),
        ("\n# ALLOW FG101 until=2026-06-15 -- sample\n", finding(line=2), True),
    ],
)
def test_a_comment_speaks_for_its_line_or_the_next(text: str, found: Finding, allowed: bool) -> None:
    verdict = policy(text).judge(found)
    assert verdict.status is (Status.ALLOWED if allowed else Status.OPEN)
    assert verdict.reason == ("sample" if allowed else "")
    assert verdict.finding is found


@pytest.mark.parametrize(
    "elsewhere",
    [
        Origin(path="src/b.py"),
        Origin(path="src/a.py", blob="b" * 40),
        Origin(path="src/a.py", commit="c" * 40),
        Origin(path="src/a.py", place=Place.PATH_NAME),
    ],
)
def test_a_comment_speaks_only_where_it_stands(elsewhere: Origin) -> None:
    assert policy(SAME).judge(finding(line=2, origin=elsewhere)).status is Status.OPEN
    assert policy(SAME, origin=elsewhere).judge(finding(line=2, origin=elsewhere)).status is Status.ALLOWED


def test_comments_can_be_switched_off() -> None:
    made = policy("# ALLOW FG101 -- sample\n# ALLOW", comments=False, watch=True)
    assert made.judge(finding()).status is Status.OPEN
    assert made.notices(whole=True) == ()
    assert made.watch is False


@pytest.mark.parametrize(
    ("origin", "by"),
    [
        (Origin(path="tests/x/a.py"), "tests/"),
        (Origin(path="tests/x", place=Place.SYMLINK), "tests/"),
        (Origin(path="tests/x", place=Place.PATH_NAME), "tests/"),
        (Origin(path="tests/caf\udce9"), "tests/"),
        (Origin(path="src/a.py"), None),
        (Origin(path="tests/x", place=Place.REF_NAME), None),
        (Origin(place=Place.COMMIT_MESSAGE), None),
        (Origin(path="tests/keep.py"), None),
    ],
)
def test_paths_are_ignored_by_pattern(origin: Origin, by: str | None) -> None:
    verdict = policy(ignore=["tests/", "!keep.py"]).judge(finding(origin=origin))
    assert verdict.status is (Status.IGNORED if by else Status.OPEN)
    assert verdict.reason == (f"path ignored by pattern {by}" if by else "")


@pytest.mark.parametrize(("owner", "reason"), [("", "revoked"), ("ops", "revoked (owner: ops)")])
def test_the_baseline_gives_reason_and_owner(owner: str, reason: str) -> None:
    verdict = policy(baseline=accepted(1, owner=owner)).judge(finding(1, line=77))
    assert (verdict.status, verdict.reason) == (Status.BASELINED, reason)


def test_the_baseline_ends_with_its_day() -> None:
    base = accepted(1, until="2026-06-20")
    assert policy(baseline=base, today=datetime.date(2026, 6, 20)).judge(finding(1)).status is Status.BASELINED
    assert policy(baseline=base, today=datetime.date(2026, 6, 21)).judge(finding(1)).status is Status.OPEN


def test_the_nearest_silencer_gives_the_reason_and_none_looks_unused() -> None:
    made = policy("# ALLOW FG101 -- sample", ignore=["src/"], baseline=accepted(1), watch=True)
    assert made.judge(finding(1)).status is Status.ALLOWED
    assert made.notices(whole=True) == ()
    made = policy(ignore=["src/"], baseline=accepted(1))
    assert made.judge(finding(1)).status is Status.IGNORED
    assert made.notices(whole=True) == ()


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("watch", [True, False])
def test_what_is_unused_is_said_only_where_it_can_be_known(whole: bool, watch: bool) -> None:
    made = policy("\n# ALLOW FG101, FG201 -- sample", ignore=["docs/"], baseline=accepted(2), watch=watch)
    made.judge(finding(1, line=2))
    comment = ["src/a.py:2: allow comment: it silences no FG201; remove it"]
    others = [
        "base.jsonl: 1 of 1 entries silenced nothing here; "
        "`freddy-guard baseline prune` removes those that neither files nor history need",
        "ignore: pattern docs/ silenced nothing here",
    ]
    assert made.notices(whole=whole) == tuple(sorted(others * whole + comment * watch))


def test_what_is_broken_is_always_said() -> None:
    text = "# ALLOW\n# ALLOW FG101\n# ALLOW FG101 until=2026-01-01 -- x\n# ALLOW FG102 -- x\n"
    made = policy(text, baseline=accepted(2, until="2026-06-15"), today=datetime.date(2026, 7, 1))
    notices = made.notices(whole=False)
    assert [notice.split(": ")[0] for notice in notices] == [
        "base.jsonl", "src/a.py:1", "src/a.py:2", "src/a.py:3", "src/a.py:4",
    ]  # fmt: skip
    assert notices[0].endswith("it expired on 2026-06-15; remove the key, or renew the entry")
    assert made.notices(whole=True) == notices


def test_an_expired_entry_is_said_once() -> None:
    made = policy(baseline=accepted(1, until="2026-06-15"), today=datetime.date(2026, 7, 1))
    made.judge(finding(1))
    assert len(made.notices(whole=True)) == 1


def test_comments_that_only_history_holds_are_not_said_to_be_unused() -> None:
    made = policy(watch=True)
    for blob in "abc":
        old = Origin(path="old.py", blob=blob * 40, commit="c" * 40, in_head=False)
        made.read(document(f"# {SIGN} FG101 -- sample\n# {SIGN}\n", old))
    assert [notice.split(":")[0] for notice in made.notices(whole=True)] == ["old.py (in history)"]


def test_a_message_is_named_by_its_commit() -> None:
    message = Origin(place=Place.COMMIT_MESSAGE, commit="0123456789abcdef" * 2)
    made = policy("subject\n\nALLOW FG101", origin=message)
    assert made.notices(whole=False)[0].startswith("commit-message of 0123456789ab:3: allow comment: a reason")


def test_no_notice_and_no_reason_shows_a_key() -> None:
    origin = Origin(path=f"{key(1)}\udce9.txt")
    base = Baseline().merged([finding(2, origin=origin)], reason="x", today=TODAY)
    made = policy(
        f"# ALLOW {key(3)} -- x\n# ALLOW FG101 -- x",
        origin=origin,
        baseline=base,
        watch=True,
        ignore=[key(4)],
    )
    ignored = made.judge(finding(1, origin=Origin(path=key(4))))
    made_again = policy(ignore=[key(4), key(5)])
    text = "\n".join([*made.notices(whole=True), *made_again.notices(whole=True), ignored.reason])
    assert ignored.status is Status.IGNORED
    assert not [seed for seed in range(1, 6) if key(seed)[8:30] in text]
    text.encode()


def test_a_wrong_pattern_is_a_usage_error() -> None:
    with pytest.raises(UsageError):
        policy(ignore=["!"]).judge(finding())
    with pytest.raises(UsageError):
        policy(ignore=["!"]).notices(whole=True)


def test_notices_do_not_depend_on_the_order_of_reading() -> None:
    origins = [Origin(path=f"{name}.py") for name in "cab"]
    told = []
    for order in (origins, origins[::-1]):
        made = policy(watch=True)
        for origin in order:
            made.read(document(f"# {SIGN}\n# {SIGN} FG101 -- x", origin))
        told.append(made.notices(whole=True))
    assert told[0] == told[1]
    assert len(told[0]) == 6


def test_what_can_not_be_read_may_be_ignored_by_its_path_and_is_told_all_the_same() -> None:
    made = policy(ignore=["*.rar"])
    assert made.accept(Unread("old.rar", "rar archives are not read", "old.rar"))
    assert not made.accept(Unread("old.7z", "encrypted", "old.7z"))
    assert not made.accept(Unread("object *.rar", "missing"))
    assert made.notices(whole=True) == ("old.rar: not read (rar archives are not read), and ignored by pattern *.rar",)
