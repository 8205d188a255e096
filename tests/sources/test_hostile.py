"""A stranger's repository runs none of its code while it is scanned, whatever its configuration says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from freddy_guard.git.plumbing import Git
from freddy_guard.hooks.pre_commit import PreCommit
from freddy_guard.hooks.pushes import pre_push
from freddy_guard.model import Source
from freddy_guard.sources.commits import Commits
from freddy_guard.sources.files import Files
from freddy_guard.sources.history import History
from freddy_guard.sources.staged import Staged
from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.scans import keys, scanned

LEAK = f'k = "{key(1)}"\n'
HOOKS = (
    "applypatch-msg commit-msg fsmonitor-watchman post-checkout post-commit post-index-change post-merge post-rewrite "
    "pre-applypatch pre-auto-gc pre-commit pre-merge-commit pre-push pre-rebase pre-receive prepare-commit-msg "
    "proc-receive push-to-checkout query-watchman reference-transaction sendemail-validate update"
)
COMMANDS = (
    "cat-file check-ignore config diff diff-files diff-index diff-tree fetch for-each-ref log ls-files ls-tree "
    "merge-base rev-list rev-parse show status symbolic-ref"
)


def configuration(script: str, hooks: str) -> str:
    """Return every setting that makes git run something, as far as we know them."""
    lines = [
        f"[core]\n\tfsmonitor = {script}\n\thooksPath = {hooks}\n\tpager = {script}\n\teditor = {script}",
        f"\tsshCommand = {script}\n\taskPass = {script}\n\tgitProxy = {script}\n\talternateRefsCommand = {script}",
        f"[diff]\n\texternal = {script}",
        f'[diff "evil"]\n\tcommand = {script}\n\ttextconv = {script}\n\tcachetextconv = true',
        f'[filter "evil"]\n\tclean = {script}\n\tsmudge = {script}\n\tprocess = {script}\n\trequired = true',
        f'[merge "evil"]\n\tdriver = {script}',
        f"[gpg]\n\tprogram = {script}\n[credential]\n\thelper = !{script}\n[log]\n\tshowSignature = true",
        f"[uploadpack]\n\tpackObjectsHook = {script}\n[interactive]\n\tdiffFilter = {script}",
        f"[fetch]\n\tbundleURI = ext::{script}\n[protocol]\n\tallow = always\n[submodule]\n\trecurse = true",
        f'[submodule "lib"]\n\tupdate = !{script}\n\turl = ext::{script}\n\tactive = true',
        f'[remote "origin"]\n\turl = ext::{script}\n\tuploadpack = {script}\n\tpromisor = true\n\tvcs = evil',
        "\tfetch = +refs/heads/*:refs/remotes/origin/*\n\tpartialclonefilter = blob:none",
        "[trace2]\n\teventTarget = /tmp/should-never-be-written",
        *(f"[alias]\n\t{command} = !{script}" for command in COMMANDS.split()),
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "something-ran"


@pytest.fixture
def hostile(repo: Repo, tmp_path: Path, marker: Path) -> Repo:
    """Return a repository full of traps, with a branch, a stash, a lost object and something staged."""
    repo.commit({"readme": "none\n", "lost": "lost\n"})
    repo.commit({"app.py": LEAK, ".gitignore": "*.log\n"})
    lost = repo.oid("HEAD:lost")
    script, hooks = tmp_path / "evil", tmp_path / "hooks"
    for path in (script, *(hooks / hook for hook in HOOKS.split())):
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'#!/bin/sh\necho "$0 $*" >> "{marker}"\n')
        path.chmod(0o755)
    repo.stage("staged.py", LEAK)
    repo.write("untracked.log", LEAK)
    included = tmp_path / "included"
    included.write_text(configuration(str(script), str(hooks)))
    with (repo.git_dir / "config").open("a") as file:
        file.write(configuration(str(script), str(hooks)) + f"[include]\n\tpath = {included}\n")
    for name in (".gitattributes", ".git/info/attributes"):
        repo.write(name, "* filter=evil diff=evil merge=evil\n")
    repo.lose(lost)
    return repo


SOURCES: dict[str, Callable[[Path], Source]] = {
    "staged": lambda path: Staged(Git(str(path))),
    "commits": lambda path: Commits(Git(str(path)), ["HEAD"]),
    "history": lambda path: History(Git(str(path))),
    "files": lambda path: Files([str(path)], str(path)),
    "files that git does not ignore": lambda path: Files([str(path)], str(path), respect_gitignore=True),
    "hook pre-commit": lambda path: PreCommit(Git(str(path)), [str(path / "app.py")], str(path)),
    "hook pre-push": lambda path: pre_push(Git(str(path)), "origin", [], {}),
}


@pytest.mark.parametrize("name", SOURCES)
def test_nothing_runs(hostile: Repo, marker: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    report = scanned(SOURCES[name](hostile.path))
    assert not marker.exists(), marker.read_text()
    assert keys(report), "and yet it is read"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("arguments", [("status",), ("diff",), ("fetch", "origin"), ("commit", "-m", "x")])
def test_the_traps_work(hostile: Repo, marker: Path, arguments: tuple[str, ...]) -> None:
    hostile.attempt(*arguments)
    assert marker.exists()


def test_lost_objects_are_not_fetched_by_a_git_that_knows_no_better(
    hostile: Repo, marker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before 2.44 git has no GIT_NO_LAZY_FETCH: what stops it there is that no protocol is allowed."""
    from freddy_guard.git import plumbing

    monkeypatch.delitem(plumbing._SAFE_ENVIRONMENT, "GIT_NO_LAZY_FETCH")
    hostile.git("config", "--unset-all", "remote.origin.vcs")
    for name in ("commits", "history"):
        report = scanned(SOURCES[name](hostile.path))
        assert not report.coverage.complete
    assert not marker.exists(), marker.read_text()
