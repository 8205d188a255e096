"""What the detector sees in some bytes: the keys, how they were read and where, and what was not read."""

from __future__ import annotations

from typing import NamedTuple

from freddy_guard.detect import Detector
from freddy_guard.model import Document, Origin, Unread
from freddy_guard.rules.keys import HARDCODED_KEY, MALFORMED_KEY
from tests.support.keys import key

KEY = key(301)
DETECTOR = Detector((HARDCODED_KEY, MALFORMED_KEY))


class Seen(NamedTuple):
    """A key that was found: its text, the decodings, and line and column of its begin and its end on disk."""

    key: str
    via: tuple[str, ...]
    start: tuple[int, int]
    end: tuple[int, int]


class Look(NamedTuple):
    """All that was seen, and the reasons why something was not."""

    seen: list[Seen]
    unread: list[Unread]

    @property
    def keys(self) -> list[str]:
        return [seen.key for seen in self.seen]

    @property
    def reasons(self) -> list[str]:
        return [unread.reason for unread in self.unread]


def look(data: bytes | str, path: str = "freddy/notes.txt") -> Look:
    """Search a file. Its path speaks of Freddy, so that a key of the wrong length is found too."""
    unread: list[Unread] = []
    document = Document(data.encode() if isinstance(data, str) else data, Origin(path=path))
    seen = []
    for finding in DETECTOR.find(document, unread):
        assert finding.secret is not None
        start, end = finding.region
        key = finding.secret.reveal().decode()
        seen.append(Seen(key, finding.via, (start.line, start.column), (end.line, end.column)))
    return Look(sorted(seen, key=lambda seen: seen.start), unread)


def only(data: bytes | str) -> Seen:
    """Search a file in which one key stands and all can be read."""
    found = look(data)
    assert found.unread == []
    (seen,) = found.seen
    return seen
