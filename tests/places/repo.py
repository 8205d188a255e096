"""Real git for the generator: quick to set up, deaf to the configuration of whoever runs it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

Env = Mapping[str, str] | None
IDENTITY = {"NAME": "Robin Example", "EMAIL": "robin@example.org", "DATE": "2026-05-04T03:02:01Z"}


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which git sees no configuration but a repository's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    people = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in IDENTITY.items()}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    return {**kept, **people, **quiet, **more}


class Repo:
    """A repository in a folder; every method that changes it is one git command."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def init(cls, path: Path, *options: str) -> Repo:
        """Make a repository. Nothing is compressed hard, nothing is collected behind our back."""
        path.mkdir(parents=True, exist_ok=True)
        repo = cls(path)
        repo.git("init", "--quiet", "--initial-branch=main", *options)
        repo.config(
            ("gc.auto", "0"), ("core.compression", "1"), ("core.autocrlf", "false"), ("commit.gpgSign", "false")
        )
        return repo

    def git(self, *arguments: str, stdin: bytes = b"", check: bool = True, env: Env = None) -> str:
        """Run git and return what it says, without the last newline."""
        return os.fsdecode(self.raw(*arguments, stdin=stdin, check=check, env=env)).removesuffix("\n")

    def raw(self, *arguments: str, stdin: bytes = b"", check: bool = True, env: Env = None) -> bytes:
        """Run git and return the bytes it writes."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, input=stdin, capture_output=True, env=environment(**(env or {}))
        )
        if check and done.returncode:
            raise AssertionError(f"git {arguments[0]} failed: {done.stderr.decode('utf-8', 'replace')}")
        return done.stdout

    def config(self, *settings: tuple[str, str]) -> None:
        """Set configuration values by appending to the file: one write instead of a process each."""
        folder = self.path / ".git"
        file = (folder if folder.is_dir() else self.path) / "config"
        if not file.is_file():
            for name, value in settings:
                self.git("config", name, value)
            return
        with file.open("a", encoding="utf-8") as config:
            for name, value in settings:
                section, _, key = name.rpartition(".")
                head, _, sub = section.partition(".")
                title = f'{head} "{sub}"' if sub else head
                quoted = value.replace("\\", "\\\\").replace('"', '\\"')
                config.write(f'[{title}]\n\t{key} = "{quoted}"\n')

    def write(self, path: str, data: bytes | str) -> None:
        """Write a file of the worktree."""
        target = self.path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data)

    def add(self, *paths: str) -> None:
        self.git("add", "-f", "--", *(paths or (".",)))

    def commit(self, message: str = "change", *options: str, stage: bool = True) -> str:
        """Commit all that lies in the worktree (or, with stage=False, what is staged) and return the commit's id."""
        if stage:
            self.git("add", "-f", "-A")
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", message, *options)
        return self.git("rev-parse", "HEAD")

    def change(self, path: str, data: bytes | str, message: str = "change") -> str:
        """Write a file and commit it."""
        self.write(path, data)
        return self.commit(message)

    def blob(self, data: bytes | str) -> str:
        """Write an object that no tree holds, and return its id."""
        return self.git("hash-object", "-w", "--stdin", stdin=data.encode() if isinstance(data, str) else data)
