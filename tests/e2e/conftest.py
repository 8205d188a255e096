"""A hook repository as users name it in their configuration, and projects whose hooks pre-commit or prek installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.repo import Repo
from tests.support.tool import ROOT

SHIPPED = ("freddy_guard", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
CONFIG = ".pre-commit-config.yaml"
BIN = Path(sys.executable).parent


class HookRepository(NamedTuple):
    """A committed copy of this project."""

    path: Path
    revision: str


class Project:
    """A user's repository with our hooks, run by one of the frameworks."""

    def __init__(self, framework: str, repo: Repo, env: Mapping[str, str]) -> None:
        self.repo, self.env = repo, env
        self._framework = framework

    def copy(self, path: Path) -> Project:
        """Return the same project in another folder."""
        shutil.copytree(self.repo.path, path, symlinks=True)
        return Project(self._framework, Repo(path), self.env)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the framework itself."""
        env = {**os.environ, **self.env}
        command = [str(BIN / self._framework), *arguments]
        return subprocess.run(command, cwd=self.repo.path, env=env, capture_output=True, text=True, check=False)

    def git(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[bytes]:
        """Run git, hooks included."""
        return self.repo.attempt(*arguments, stdin=stdin, env=self.env)

    def commit(self, files: Mapping[str, str], message: str = "change") -> subprocess.CompletedProcess[bytes]:
        """Stage these files and commit, hooks included."""
        for name, content in files.items():
            self.repo.stage(name, content)
        return self.git("commit", "--message", message)

    def smuggle(self, files: Mapping[str, str], message: str = "unseen") -> str:
        """Commit without the hooks."""
        return self.repo.commit(files, message, "--no-verify")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for what is built once: the same for all the processes of this run of the tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "hooks"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def hook_repository(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> HookRepository:
    made = Repo.init(tmp_path_factory.mktemp("hooks") / "freddy-guard")
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, made.path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, made.path / name)
    made.git("add", "--all")
    revision = made.commit(message="a release")
    with suppress(OSError):  # another process was quicker: its commit has the same id, for all in it is the same
        made.path.rename(shared / "freddy-guard")
    return HookRepository(shared / "freddy-guard", revision)


@pytest.fixture(scope="session")
def frameworks(shared: Path) -> dict[str, str]:
    """Return an environment in which both keep what they install apart from the user's; each has a lock of its own."""
    return {
        "PRE_COMMIT_HOME": str(shared / "pre-commit"),
        "PREK_HOME": str(shared / "prek"),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


@pytest.fixture(scope="session", params=["pre-commit", "prek"])
def installed(
    request: pytest.FixtureRequest,
    hook_repository: HookRepository,
    frameworks: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    """Return a project in which a framework has installed its hooks and their environments: once, for it takes long."""
    repo = Repo.init(tmp_path_factory.mktemp(request.param) / "project")
    repo.commit(
        {CONFIG: configuration(hook_repository), "app.py": "import os\n\n\nprint(os.environ['FREDDY_API_KEY'])\n"}
    )
    made = Project(request.param, repo, frameworks)
    done = made.run("install", "--install-hooks")
    assert done.returncode == 0, done
    return made


@pytest.fixture
def project(installed: Project, tmp_path: Path) -> Project:
    return installed.copy(tmp_path / "project")


def configuration(hooks: HookRepository) -> str:
    return f"""\
default_install_hook_types: [pre-commit, pre-merge-commit, commit-msg, pre-push]
repos:
- repo: {hooks.path}
  rev: {hooks.revision}
  hooks:
  - id: freddy-guard
  - id: freddy-guard-message
  - id: freddy-guard-push
  - id: freddy-guard-history
"""
