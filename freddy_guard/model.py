"""The nouns: what a source yields, a rule matches, a policy judges and a reporter writes.

A source yields documents, a rule yields matches, a policy yields verdicts, a reporter writes them.
Nothing here reads or writes anything, and nothing here imports the rest of the package. The nouns are named tuples:
immutable and typed like frozen dataclasses, at a seventh of the start-up (0.06 ms a class instead of 0.45).
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

if TYPE_CHECKING:
    from freddy_guard.secret import Secret

Reopen = Callable[[], AbstractContextManager[BinaryIO]]


class Severity(enum.IntEnum):
    """How bad a finding is. Errors and warnings fail a run by default, notes never do."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """Return the lower-case name used in reports and on the command line."""
        return self.name.lower()


class Confidence(enum.StrEnum):
    """How sure a rule is that the finding is what it says."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Place(enum.StrEnum):
    """The kind of place the bytes stood in."""

    FILE = "file"
    SYMLINK = "symlink"
    PATH_NAME = "path-name"
    COMMIT_MESSAGE = "commit-message"
    COMMIT_HEADER = "commit-header"
    IDENTITY = "identity"
    TAG_MESSAGE = "tag-message"
    NOTE = "note"
    REF_NAME = "ref-name"


class Status(enum.StrEnum):
    """What the policy made of a finding: open findings count, all others are kept with a reason."""

    OPEN = "open"
    ALLOWED = "allowed"
    IGNORED = "ignored"
    BASELINED = "baselined"
    KNOWN = "known"


class Origin(NamedTuple):
    """Where a document came from. Empty strings mean "does not apply" or "not known".

    `path` is the name as the system has it (undecodable bytes as surrogate escapes), with `/` between its parts.
    `commit` is the one that introduced the document, `author` and `date` (ISO 8601) are that commit's.
    `refs` are the full names of the refs that reach it. `in_head` is None outside of a repository's history.
    `tracked` says that git tracks, stages or remembers the file, or will (unlike a file that merely lies in a folder).
    """

    path: str = ""
    place: Place = Place.FILE
    blob: str = ""
    commit: str = ""
    author: str = ""
    date: str = ""
    refs: tuple[str, ...] = ()
    in_head: bool | None = None
    tracked: bool = False


class Position(NamedTuple):
    """A place in a file: byte offset from 0, line and column from 1, columns counted in Unicode characters."""

    offset: int = 0
    line: int = 1
    column: int = 1


class Region(NamedTuple):
    """What a finding covers, from `start` up to but not including `end`."""

    start: Position
    end: Position


class Document(NamedTuple):
    """Bytes to search and where they came from.

    A large file comes as several documents, windows that overlap: `start` is the position of `data[0]` in the
    file, and only matches that begin inside `body` (offsets into `data`; None for all of it) belong to this window.
    `before` reads what the same path held in HEAD: what stood there already does not block a commit again. `outer` is
    what this document was decoded from. `reopen` opens the whole file again, for an archive that came in windows.
    """

    data: bytes
    origin: Origin
    start: Position = Position()
    body: tuple[int, int] | None = None
    before: Callable[[], Iterable[Document]] | None = None
    outer: Document | None = None
    reopen: Reopen | None = None


class Match(NamedTuple):
    """What a rule saw at `data[start:end]`. None means: what the rule says by default.

    `fix` is what to write instead, in the language at hand; it may have several lines.
    """

    start: int
    end: int
    secret: Secret | None = None
    severity: Severity | None = None
    confidence: Confidence | None = None
    message: str | None = None
    identity: tuple[str, ...] = ()  # what tells findings without a secret apart, besides the rule's id
    via: tuple[str, ...] = ()
    fix: str = ""


class Rule(NamedTuple):
    """One thing that is wrong, with its proof.

    `keywords` are the cheap signs: `detect` is called only for documents that hold one of them, or whose file name
    matches `names` (every such name holds, in lower case, one of `name_keywords`). `correlate` sees the findings of
    the whole scan instead of one document. A rule with `leaves_out` judges code as it is now: files on disk or staged,
    not what is encoded or packed in them, nor what a range of commits or a history holds; and it says why it leaves a
    document out, "" when it does not. `bad` and `good` are `(path, text)` examples; `<key>` in them stands for
    a key from a seeded generator (`<key:36>` for one with a body of 36): no realistic key is ever written down.
    """

    id: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    remedy: tuple[str, ...]
    description: str
    keywords: tuple[bytes, ...] = ()
    names: Callable[[bytes], bool] | None = None
    name_keywords: tuple[bytes, ...] = ()
    detect: Callable[[Document], Iterator[Match]] | None = None
    correlate: Callable[[Rule, Sequence[Finding]], Iterator[Finding]] | None = None
    leaves_out: Callable[[Document], str] | None = None
    bad: tuple[tuple[str, str], ...] = ()
    good: tuple[tuple[str, str], ...] = ()


class Finding(NamedTuple):
    """A match that knows where it stands. `snippet` is its first line, redacted; `caret` the columns to underline."""

    rule: Rule
    severity: Severity
    confidence: Confidence
    message: str
    origin: Origin
    region: Region
    fingerprint: str
    secret: Secret | None = None
    via: tuple[str, ...] = ()
    snippet: str = ""
    caret: tuple[int, int] = (0, 0)
    fix: str = ""


class Verdict(NamedTuple):
    """A finding with what the policy made of it, and why."""

    finding: Finding
    status: Status = Status.OPEN
    reason: str = ""


class Unread(NamedTuple):
    """Something the scan was asked to read and could not, with the reason. It makes a scan incomplete.

    `path` is that of the file, where it is one, so that a pattern can ignore it.
    """

    what: str
    reason: str
    path: str = ""


class Coverage:
    """The receipt: what a scan read, counted by kind, and what it did not read, and why. Sources fill it in.

    `left_out` is what was read, but by its size or kind is not for some of the rules: that makes no scan incomplete.
    For who watches: `expected` objects are to be read, 0 where that is not known, and `stage` says what is done then.
    """

    __slots__ = ("expected", "left_out", "read", "stage", "unread")

    def __init__(self, read: Mapping[str, int] | None = None, unread: Iterable[Unread] = ()) -> None:
        self.read: Counter[str] = Counter(read)
        self.unread = list(unread)
        self.left_out: list[Unread] = []
        self.expected = 0
        self.stage = ""

    @property
    def complete(self) -> bool:
        """Return whether all that was asked for was read."""
        return not self.unread

    @property
    def empty(self) -> bool:
        """Return whether nothing at all was read."""
        return not any(self.read.values())


class Report(NamedTuple):
    """All that one scan has to say. `notices` speak of the silencers: unused, expired or without a reason."""

    source: str
    verdicts: tuple[Verdict, ...]
    coverage: Coverage
    notices: tuple[str, ...] = ()

    def open(self) -> list[Verdict]:
        """Return the verdicts that count."""
        return [verdict for verdict in self.verdicts if verdict.status is Status.OPEN]

    def suppressed(self) -> list[Verdict]:
        """Return the verdicts that were silenced, each with its reason."""
        return [verdict for verdict in self.verdicts if verdict.status is not Status.OPEN]


class Signs(Protocol):
    """What makes bytes or a file name worth a closer look. Sources ask before they build a document."""

    def in_data(self, data: bytes) -> bool:
        """Return whether some reading of these bytes may hold what a rule looks for. Quick, and never wrongly no."""

    def matched(self, data: bytes) -> bool:
        """Return whether some rule matches these bytes under some path, or they cannot all be read. Not quick."""

    def looked(self, data: bytes) -> tuple[bool, list[Unread]]:
        """Return whether some rule matches these bytes under some path, and what of them cannot be read. Not quick."""

    def in_name(self, name: bytes) -> bool:
        """Return whether a file of this name must be looked at whatever it holds."""

    def in_names(self, data: bytes) -> bool:
        """Return whether bytes that hold many names may hold one that `in_name` wants, or that matches. Quick."""

    # Of git's deltas, many in a row: see decode.seams.

    def in_deltas(self, data: bytes) -> Iterator[int]:
        """Yield where deltas of blobs and commits may hold a sign, or a piece of one that goes on in their bases."""

    def stand(self, delta: bytes, places: Sequence[int]) -> bool:
        """Return whether something of what was found at these places of one delta is more than chance."""

    def in_heads(self, texts: Sequence[bytes]) -> Iterator[int]:
        """Yield the numbers of those deltas that begin with what must be read as a whole."""

    def in_tree_deltas(self, data: bytes) -> Iterator[int]:
        """Yield where deltas of trees may hold a name that `in_name` wants, or that matches."""

    def hands_on(self, data: bytes) -> bool:
        """Return whether a delta against these bytes could make a match out of what it copies."""


class Source(Protocol):
    """Where bytes come from."""

    @property
    def name(self) -> str:
        """Return what this source reads, for the report: `files`, `staged`, `commits`, `history`..."""

    def documents(self, signs: Signs, coverage: Coverage) -> Iterable[Document]:
        """Yield every document that shows a sign, in the order of the report; count all that was read."""
