"""A history of more objects than from which on a pack is read as a file."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from tests.support.repo import Repo

MANY = 3_400  # commits of three objects each: more than the ten thousand from which on a pack is read as a file


def _commits(key: str) -> Iterator[bytes]:
    chance = random.Random(4)  # noqa: S311 - the same history in every run
    text = ["a line\n"] * 50
    for number in range(MANY):
        text[chance.randrange(50)] = f"line {chance.random()}\n"
        if number == 1000:
            text[7] = f'client = Client("{key}")\n'
        if number == 1001:
            text[7] = "client = Client()\n"
        data = "".join(text).encode()
        yield b"commit refs/heads/main\ncommitter C <c@example.com> %d +0000\ndata 1\nx\n" % (1700000000 + number)
        yield b"M 100644 inline app.py\ndata %d\n%s\n" % (len(data), data)


def large_history(folder: Path, key: str) -> Repo:
    """Make a bare repository with one large pack, whose history had a key for one commit."""
    repo = Repo.init(folder, "--bare")
    repo.git("fast-import", "--quiet", stdin=b"".join(_commits(key)))
    repo.git("repack", "-a", "-d", "-f", "--quiet", "--depth=50")
    return repo
