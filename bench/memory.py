"""Peak memory on very large files and members: python bench/memory.py.

Builds in a temporary folder, with a key at the very end of each: a sparse and a text file of 2 GB, a gzip, a zip and a
tar.gz with a member of 1 GB, and a repository into which a text and a gzip of 1 GB are committed. Runs the tool on one
after the other, and prints the peak of its resident memory (that of the git it starts too), seconds, and whether the
key was found. `--size` takes a fraction for a quick look.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import string
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

BAR = 300  # MB
PROJECT = str(Path(__file__).resolve().parent.parent)
MB = 1 << 20
# Into a pack at once: of a loose object git maps the whole file, and all of that counts as resident memory.
GIT = (
    "git",
    "-c",
    "core.bigFileThreshold=16m",
    "-c",
    "core.compression=1",
    "-c",
    "user.name=b",
    "-c",
    "user.email=b@c",
)


class Case(NamedTuple):
    """A file: its name, how it is written, how large it is or what it unpacks to, and how it is scanned."""

    name: str
    write: Callable[[Path, int], None]
    size: int
    command: str = "scan"


def main() -> int:
    """Run every case. Returns 1 when one takes more memory than it may, or its key is not found."""
    options = _options()
    wrong = 0
    for case in CASES:
        if options.only in case.name:
            with tempfile.TemporaryDirectory(dir=options.folder) as folder:
                wrong += not _holds(case, Path(folder), int(case.size * options.size))
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=float, default=1.0, help="how many times the full size [1]")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the cases whose name holds this")
    parser.add_argument("--folder", help="where to build, with some 3 GB free [the system's temporary folder]")
    return parser.parse_args()


def _holds(case: Case, folder: Path, size: int) -> bool:
    target = folder / "target"
    target.mkdir()
    case.write(target / case.name.partition(" ")[0], size)
    if case.command == "history":
        _committed(target)
    started = time.monotonic()
    found, peak = _run(case.command, target, folder / "report")
    _say(
        f"{case.name:28} {size / MB:6,.0f} MB  peak {peak:4.0f} MB  {time.monotonic() - started:5.1f} s  found: {found}"
    )
    return found and peak <= BAR


def _run(command: str, target: Path, report: Path) -> tuple[bool, float]:
    """Scan, and return whether one key was found and all was read, and the peak of memory in MB."""
    arguments = [sys.executable, "-m", "freddy_guard", command, "--no-config", f"--format=json={report}"]
    environment = {**os.environ, "PYTHONPATH": PROJECT}
    quiet = subprocess.DEVNULL
    child = subprocess.Popen(
        [*arguments, *(["."] if command == "scan" else [])], cwd=target, env=environment, stdout=quiet, stderr=quiet
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    told = json.loads(report.read_text(encoding="utf-8"))
    return len(told["findings"]) == 1 and told["coverage"]["complete"], usage.ru_maxrss / 1024


def _committed(folder: Path) -> None:
    for arguments in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message=large")):
        subprocess.run([*GIT, *arguments], cwd=folder, check=True)
    for file in folder.iterdir():
        if file.is_file():
            file.unlink()


def _key() -> bytes:
    body = random.Random(3).choices(string.ascii_letters + string.digits, k=40)  # noqa: S311 - no secret
    return f"\nak_{''.join(body)}\n".encode()


def _text(size: int) -> Iterator[bytes]:
    """Yield about so many bytes of lines in blocks of a megabyte, and a key."""
    rng = random.Random(4)  # noqa: S311 - as above
    words = ["".join(rng.choices(string.ascii_lowercase, k=rng.randint(2, 12))) for _ in range(500)]
    block = b"".join(f"{rng.choice(words)} = {rng.choice(words)}({rng.random()})\n".encode() for _ in range(MB // 30))
    for _ in range(size // len(block)):
        yield block
    yield _key()


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.seek(size)
        file.write(_key())


def _plain(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.writelines(_text(size))


def _gzip(path: Path, size: int) -> None:
    with gzip.open(path, "wb", 1) as file:
        file.writelines(_text(size))


def _zip(path: Path, size: int) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("dump.sql", "w", force_zip64=True) as file,
    ):
        for piece in _text(size):
            file.write(piece)


def _tar(path: Path, size: int) -> None:
    member = tarfile.TarInfo("dump.sql")
    member.size = sum(map(len, _text(size)))
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        archive.addfile(member, _Joined(_text(size)))


class _Joined:
    """Pieces as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, fewer at the end."""
        while len(self._left) < size and (piece := next(self._pieces, b"")):
            self._left += piece
        data, self._left = self._left[:size], self._left[size:]
        return data


CASES = (
    Case("dump.img (sparse)", _sparse, 2048 * MB),
    Case("dump.sql (text)", _plain, 2048 * MB),
    Case("dump.sql.gz", _gzip, 1024 * MB),
    Case("dump.zip", _zip, 1024 * MB),
    Case("dump.tar.gz", _tar, 1024 * MB),
    Case("dump.sql (text) in git", _plain, 1024 * MB, "history"),
    Case("dump.sql.gz in git", _gzip, 1024 * MB, "history"),
)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
