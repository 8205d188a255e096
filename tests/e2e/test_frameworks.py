"""What a user of pre-commit and of prek lives through, from the first commit to the push."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import BIN, HookRepository, Project
from tests.support.keys import key
from tests.support.repo import Repo
from tests.support.tool import ROOT

KEY, OTHER = key(81), key(82)
LEAK = f"client = Freddy('{KEY}')\n"


def blocked(done: subprocess.CompletedProcess[bytes] | subprocess.CompletedProcess[str], *words: str) -> bool:
    """Return whether it failed for a key, said all these words, and gave no key away."""
    shown = "".join(part if isinstance(part, str) else part.decode() for part in (done.stdout, done.stderr))
    assert KEY[8:20] not in shown
    assert OTHER[8:20] not in shown
    return done.returncode != 0 and all(word in shown for word in (*words, "FG101 hardcoded-key"))


def passed(done: subprocess.CompletedProcess[bytes] | subprocess.CompletedProcess[str]) -> bool:
    assert done.returncode == 0, done
    return True


def test_a_commit_with_a_key_is_blocked_and_one_without_passes(project: Project) -> None:
    assert blocked(project.commit({"new.py": f"\n{LEAK}"}), "new.py:2:18: error")
    assert project.repo.git("log", "--format=%s") == "change"
    assert passed(project.commit({"new.py": "client = Freddy()\n"}))
    assert project.repo.git("log", "--format=%s") == "change\nchange"


def test_what_counts_is_the_index(project: Project) -> None:
    project.repo.stage("new.py", LEAK)
    project.repo.write("new.py", "client = Freddy()\n")
    assert blocked(project.git("commit", "--message=staged"), "new.py:1:18")
    project.repo.stage("new.py")
    project.repo.write("new.py", LEAK)
    assert passed(project.git("commit", "--message=in the worktree alone"))


def test_a_key_that_is_there_already_blocks_no_other_change(project: Project) -> None:
    project.smuggle({"old.py": LEAK})
    assert passed(project.commit({"old.py": f"import freddy\n\n{LEAK}x = 1\n"}))
    assert blocked(project.commit({"old.py": f"{LEAK[:-1]}; other = '{OTHER}'\n"}), "old.py:1:")


@pytest.mark.parametrize("name", ["old.py", "logo.bin"])
def test_all_files_of_a_clean_checkout_are_read(name: str, project: Project) -> None:
    project.smuggle({name: f"\0{LEAK}" if name.endswith(".bin") else LEAK})
    assert project.repo.git("status", "--porcelain") == ""
    assert blocked(project.run("run", "--all-files"), name)
    project.repo.remove(name)
    assert passed(project.run("run", "--all-files"))


def test_a_link_to_a_key_is_found_in_a_checkout_and_in_a_commit(project: Project) -> None:
    project.repo.link("link", f"/srv/{KEY}")
    assert blocked(project.git("commit", "--message=link"), "target of the symlink link")
    project.smuggle({})
    project.repo.git("checkout", "--", "link")
    assert blocked(project.run("run", "--all-files"), "target of the symlink link")


def test_a_file_that_is_gone_from_the_worktree_hinders_nobody(project: Project) -> None:
    (project.repo.path / "app.py").unlink()
    assert passed(project.run("run", "--all-files"))
    assert passed(project.commit({"new.py": "x = 1\n"}))
    project.repo.git("rm", "--quiet", "app.py")
    assert passed(project.git("commit", "--message=gone"))


def test_a_merge_that_brings_a_key_is_blocked(project: Project) -> None:
    project.repo.start("topic")
    project.smuggle({"topic.py": LEAK})
    project.repo.switch("main")
    assert passed(project.commit({"main.py": "x = 1\n"}))
    assert blocked(project.git("merge", "--no-edit", "topic"), "topic.py:1:18")
    project.repo.git("rm", "--quiet", "-f", "topic.py")
    assert passed(project.git("commit", "--no-edit"))
    assert project.repo.git("log", "-1", "--format=%P").count(" ") == 1


def test_a_message_with_a_key_is_blocked(project: Project) -> None:
    assert blocked(project.commit({"a.py": "x = 1\n"}, f"Rotate {KEY}"), "COMMIT_EDITMSG:1:8")
    assert passed(project.commit({"a.py": "x = 1\n"}, "Rotate the key"))


@pytest.fixture
def server(project: Project, tmp_path: Path) -> Repo:
    made = Repo.init(tmp_path / "server", "--bare")
    project.repo.git("remote", "add", "origin", str(made.path))
    return made


def test_a_push_with_a_key_in_the_middle_is_blocked(project: Project, server: Repo) -> None:
    assert passed(project.git("push", "origin", "main"))
    project.repo.start("topic")
    leaking = project.smuggle({"config.py": LEAK})
    project.smuggle({"config.py": "client = Freddy()\n"})
    assert blocked(project.git("push", "origin", "topic"), "config.py:1:18", leaking[:8])
    assert server.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"
    project.repo.git("reset", "--quiet", "--hard", "main")
    assert passed(project.commit({"config.py": "client = Freddy()\n"}))
    assert passed(project.git("push", "origin", "topic"))
    assert server.oid("topic") == project.repo.oid()


@pytest.mark.parametrize("branch", ["main", "other"])
def test_the_first_push_to_an_empty_server(branch: str, project: Project, server: Repo) -> None:
    if branch != "main":
        project.repo.start(branch)
    project.smuggle({"config.py": LEAK})
    project.smuggle({"config.py": "client = Freddy()\n"})
    assert blocked(project.git("push", "--set-upstream", "origin", branch), "config.py:1:18")
    assert server.git("for-each-ref") == ""
    project.repo.git("reset", "--quiet", "--hard", "HEAD~2")
    assert passed(project.git("push", "--set-upstream", "origin", branch))


def test_a_push_that_changes_a_branch_the_server_has(project: Project, server: Repo) -> None:
    assert passed(project.git("push", "origin", "main"))
    assert passed(project.commit({"a.py": "x = 1\n"}))
    assert passed(project.git("push", "origin", "main"))
    project.smuggle({"b.py": LEAK})
    assert blocked(project.git("push", "origin", "main"), "b.py:1:18")
    project.repo.git("reset", "--quiet", "--hard", "HEAD~2")
    project.smuggle({"c.py": "x = 1\n"})
    assert passed(project.git("push", "--force", "origin", "main", "main:other"))
    assert passed(project.git("push", "origin", "--delete", "other"))


def test_the_history_on_demand(project: Project) -> None:
    asked = ("run", "--hook-stage", "manual", "--all-files", "freddy-guard-history")
    assert passed(project.run(*asked))
    project.smuggle({"config.py": LEAK})
    project.repo.remove("config.py")
    assert blocked(project.run(*asked), "config.py:1:18", "no longer in HEAD")


def test_try_repo(project: Project, hook_repository: HookRepository) -> None:
    project.repo.git("rm", "--quiet", "--cached", ".pre-commit-config.yaml")
    asked = ("try-repo", str(hook_repository.path), "freddy-guard", "--all-files")
    project.smuggle({"config.py": LEAK})
    assert blocked(project.run(*asked), "config.py:1:18")


@pytest.mark.parametrize("command", ["pre-commit", "prek"])
def test_the_manifest_is_valid(command: str) -> None:
    done = subprocess.run(
        [BIN / command, "validate-manifest", ROOT / ".pre-commit-hooks.yaml"], capture_output=True, check=False
    )
    assert done.returncode == 0, done
    assert b"arn" not in done.stdout + done.stderr
