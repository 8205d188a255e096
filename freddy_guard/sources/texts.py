"""One text: what a pipe brings, or the message of the commit that is being made."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from freddy_guard.model import Coverage, Document, Origin, Place, Signs, Unread
from freddy_guard.text import windows

# What git puts under its own mark (`git commit --verbose`) never becomes part of the message.
_SCISSORS = b" ------------------------ >8 ------------------------"


class Stdin:
    """Standard input, as one file called `-`."""

    name = "stdin"

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        """Yield what the pipe brings."""

        def read(size: int) -> bytes:
            data = self._read(size)
            coverage.read["files"] = 1 if data else coverage.read["files"]  # a producer that failed sends nothing
            coverage.read["bytes"] += len(data)
            return data

        yield from (piece for piece in windows(read, Origin(path="-")) if signs.in_data(piece.data))


class Message:
    """The file in which git keeps the message of the commit that is being made. Comment lines are read too.

    Whether git will strip them depends on options that a hook does not see.
    """

    name = "message"

    def __init__(self, path: str) -> None:
        self._path = path

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        """Yield the message, down to git's scissors."""
        try:
            with open(self._path, "rb") as file:
                data = file.read()
        except OSError as error:
            coverage.unread.append(Unread(self._path, error.strerror or "unreadable"))
            return
        coverage.read["messages"] += 1
        coverage.read["bytes"] += len(data)
        lines = data.splitlines(keepends=True)
        end = next((i for i, line in enumerate(lines) if line.rstrip(b"\r\n")[1:] == _SCISSORS), len(lines))
        message = b"".join(lines[:end])
        if signs.in_data(message):
            yield Document(message, Origin(path=self._path, place=Place.COMMIT_MESSAGE))
