"""Keys planted in every place that a key can stand in, and the search for any trace of them."""

from __future__ import annotations

import base64
import gzip
import io
import itertools
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.support.keys import key
from tests.support.repo import Repo

TRACE = 12  # consecutive characters of a key's body that would be too many
_SEEDS = itertools.count(9000)
_FORBIDDEN: dict[bytes, str] = {}  # every piece of that size, of every form of a key -> which key


def planted(length: int = 40) -> str:
    """Return a new key, whose traces are looked for from now on."""
    seed = next(_SEEDS)
    text = key(seed, length)
    for form in _forms(text.encode()):
        _FORBIDDEN.update({form[at : at + TRACE].lower(): f"key {seed}" for at in range(len(form) - TRACE + 1)})
    return text


def _forms(text: bytes) -> Iterator[bytes]:
    """Yield the body plainly, in hexadecimal and in base64, wherever that begins."""
    yield text[3:]
    yield text.hex().encode()
    for shift in range(3):
        yield base64.b64encode(b"." * shift + text)[4 if shift else 0 : -4]


def traces(data: bytes) -> set[str]:
    """Return which of the planted keys the bytes give away, plainly or encoded."""
    # Without what a visible NUL between the letters would hide, and as a file system shows it that folds cases.
    seen = re.sub(rb"\\x00|\\u0000|\0", b"", data).lower()
    return {_FORBIDDEN[seen[at : at + TRACE]] for at in range(len(seen)) if seen[at : at + TRACE] in _FORBIDDEN}


class Planted:
    """A repository with a key in every place, and the words with which its commands can be called."""

    def __init__(self, path: Path, files: Sequence[str] = ()) -> None:
        """Build it, with a file for each form of a key, or only with these files."""
        self.repo = Repo.init(path)
        self._files = files
        self.names = [f"name_{planted()}.txt", f"folder/{planted()}/inside.txt", f"über_{planted()}"]
        self.branch, self.tag = planted(), planted()
        self.remote = f"https://user:{planted()}@host.example/{planted()}.git"
        self._history()
        self._worktree()
        self._settings()

    def _history(self) -> None:
        repo = self.repo
        repo.commit(
            {**self._contents(), **dict.fromkeys(self.names, f"x = '{planted()}'\n")}, f"Use {planted()}\n\n{planted()}"
        )
        repo.link("link", f"/nowhere/{planted()}")
        repo.commit({}, f"by {planted()}", f"--author={planted()} <{planted()}@example.org>")
        repo.start(self.branch)
        repo.commit({f"{planted()}/.env": _environment()}, "on a branch")
        repo.tag(self.tag, message=f"release {planted()}\n")
        repo.tag("plain")
        repo.note(f"reviewed {planted()}\n")
        repo.switch("main")
        repo.evil_merge(self.branch, {"merged.py": f"k = '{planted()}'\n"})
        repo.write("stashed.txt", f"{planted()}\n")
        repo.git("add", "--all", "--", "stashed.txt")
        repo.stash("--message", f"later {planted()}")
        repo.remove("merged.py")
        repo.blob(f"dangling {planted()}\n")

    def _contents(self) -> dict[str, str | bytes]:
        return {name: content for name, content in _contents().items() if not self._files or name in self._files}

    def _worktree(self) -> None:
        repo = self.repo
        for name, content in self._contents().items():
            repo.stage(f"new/{name}", content)
        repo.stage(f"staged_{planted()}", "")
        repo.write(f"untracked_{planted()}.txt", f"{planted()}\n")
        repo.write("message", f"fixup {planted()}\n\n# {planted()}\n")
        self.loop = f"loop_{planted()}"
        (repo.path / self.loop).symlink_to(self.loop)
        hook = repo.write(".git/hooks/post-commit", f"#!/bin/sh\ncurl -H 'X-API-Key: {planted()}' host.example\n")
        hook.chmod(0o755)

    def _settings(self) -> None:
        self.repo.config("remote.origin.url", self.remote)
        self.repo.config("user.signingkey", planted())
        self.repo.write(
            ".freddy-guard.toml", f'# {planted()}\nignore = ["{planted()}/", "ignored_*"]\nbaseline = "known.jsonl"\n'
        )
        self.repo.write(f"ignored_{planted()}", f"{planted()}\n")

    def copy(self, path: Path) -> Repo:
        """Return a copy that a test may damage."""
        shutil.copytree(self.repo.path, path, symlinks=True)
        return Repo(path)

    def updates(self, kind: str) -> bytes:
        """Return the refs as git tells them to a hook."""
        head, ref = self.repo.oid(), f"refs/heads/{self.branch}"
        line = f"{ref} {head} {ref} {'0' * 40}" if kind == "pre-push" else f"{'0' * 40} {head} {ref}"
        return f"{line}\n".encode()


def _contents() -> dict[str, str | bytes]:
    """Return files that hold keys in every form."""
    sign, half, shared = "freddy-guard: allow", planted(), planted()
    return {
        "plain.py": f"a = '{planted()}'; b = '{planted(39)}'\n",
        "glued.txt": f"{planted()}{planted()}_{planted()}-{planted()}.{planted()}\n",
        "dense.csv": ",".join(planted() for _ in range(12)) + "\n",
        "far.js": f"{'x' * 3000}'{planted()}'{'y' * 230}{planted()}{'z' * 3000}'{planted()}'\n",
        "other.yaml": f"freddy: {planted(38)}\nkey: {planted(44)} {planted()}\n",
        "url.md": f"https://{planted()}:{planted()}@host.example/?key={planted()}&next={planted()}\n",
        "pair.ts": f"const a = 'ak_' + '{planted()[3:]}', b = '{planted()}'\n",
        "split.py": f"a = ('{half[:20]}' '{half[20:]}')  # {planted()}\n",
        "based.txt": f"{base64.b64encode(planted().encode()).decode()} {planted()}\n",
        "hex.txt": f"{planted().encode().hex()} {planted()}\n",
        "percent.txt": f"{''.join(f'%{ord(c):02x}' for c in planted())} {planted()}\n",
        "wide.txt": f"key = '{planted()}'\n".encode("utf-16"),
        "wide2.txt": f"key = '{planted()}'\n".encode("utf-16-be") + planted().encode(),
        "binary.bin": b"\0\1\2" + planted().encode() + b"\0\xff" + planted().encode() + b"\0",
        "allowed.py": f"k = '{planted()}'  # {sign} FG101 -- because {planted()}\nk = 1  # {sign} FG101 -- {planted()}",
        "broken.py": f"k = '{planted()}'  # {sign} {planted()} until={planted()} -- x\n",
        "option.py": f"k = '{planted()}'  # {sign} FG101 {planted()}=1 -- x\n",
        "verb.py": f"# {sign}-{planted()}",
        "box.zip": _zipped(
            {f"{planted()}/{planted()}.txt": f"k = '{planted()}'\n", "sub.zip": _zipped({planted(): planted()})}
        ),
        "cut.zip": _zipped({f"{planted()}.txt": planted() * 50})[:-30],
        "cut.gz": gzip.compress(f"{planted()} {planted()}".encode(), mtime=0)[:-12],
        ".env": _environment(),
        "config/.env.production": f"FREDDY_API_KEY={shared}\n",
        "config/.env.development": f"FREDDY_API_KEY={shared}\n",
    }


def _zipped(members: Mapping[str, str | bytes]) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return box.getvalue()


def _environment() -> str:
    return f"FREDDY_API_KEY={planted()}\n{planted()}=1\nexport {planted()}={planted()}\nDB_PASSWORD={planted()[3:]}\n"
