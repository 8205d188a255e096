"""Byte offsets become lines and columns, and a line becomes a snippet that shows no secret."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from freddy_guard.model import Document, Match, Origin, Position, Region, Reopen
from freddy_guard.redact import printable
from freddy_guard.secret import mask

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
WINDOW = 16 << 20  # bytes searched at once: a larger file comes in pieces, so that memory stays bounded
LEAD, TAIL = 64, 4096  # bytes of the neighbours that a window also holds, for edges and for keys across the cut
SHOWN = 60  # characters of the line on either side of a match

# Whatever else on the line could be a secret, of any vendor or in any encoding, is not for a report.
_LONG_WORD = r"(?=[A-Za-z0-9+/_=-]*[0-9])[A-Za-z0-9+/_=-]{24,}"


class Lines:
    """Finds the line and column of offsets in one document; quick for offsets in rising order."""

    def __init__(self, document: Document) -> None:
        self._data = document.data
        self._start = document.start
        self._codec, self._first = codec_of(document.data) if document.start.offset == 0 else ("utf-8", 0)
        self._rewind()

    def _rewind(self) -> None:
        self._offset, self._line, self._column = self._first, self._start.line, self._start.column

    def position(self, offset: int) -> Position:
        """Return the position in the file of `data[offset]`. Line ends are LF, CRLF and a lone CR."""
        if offset < self._offset:
            self._rewind()
        # Counted on from the offset before: a line of megabytes with a thousand keys is read once.
        ends, rest = self._narrow(offset) if self._codec == "utf-8" else self._wide(offset)
        self._line += ends
        self._column = len(rest) + (1 if ends else self._column)
        self._offset = max(offset, self._first)
        return Position(self._start.offset + offset, self._line, self._column)

    def _narrow(self, offset: int) -> tuple[int, str]:
        """Return how many lines end on the way to this offset, and what stands on the last one."""
        data, begin = self._data, self._offset
        ends = data.count(b"\n", begin, offset) + data.count(b"\r", begin, offset) - data.count(b"\r\n", begin, offset)
        if ends:
            begin = max(data.rfind(b"\n", begin, offset), data.rfind(b"\r", begin, offset)) + 1
        return ends, data[begin:offset].decode("utf-8", "replace")

    def _wide(self, offset: int) -> tuple[int, str]:
        lines = re.split(r"\r\n|\r|\n", self._data[self._offset : offset].decode(self._codec, "replace"))
        return len(lines) - 1, lines[-1]

    def region(self, start: int, end: int) -> Region:
        """Return the region of `data[start:end]`."""
        return Region(self.position(start), self.position(end))


def codec_of(data: bytes) -> tuple[str, int]:
    """Return the encoding of a text and the size of its mark: UTF-16 and UTF-32 by the mark or by their zero bytes."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return codec, len(mark)
    head = data[:64]
    if len(head) >= 8 and not any(head[1::2]):
        return "utf-16-le", 0
    if len(head) >= 8 and not any(head[::2]):
        return "utf-16-be", 0
    return "utf-8", 0


class Secrets:
    """The secrets in a document, to mask them in the snippets of each other."""

    def __init__(self, matches: Iterable[Match]) -> None:
        self._sorted = sorted((match for match in matches if match.secret is not None), key=lambda match: match.start)
        self._longest = max((match.end - match.start for match in self._sorted), default=0)

    def between(self, start: int, end: int) -> Iterator[Match]:
        """Yield those that touch these offsets, in their order."""
        at = bisect_left(self._sorted, start - self._longest, key=lambda match: match.start)
        while at < len(self._sorted) and (match := self._sorted[at]).start < end:
            if match.end > start:
                yield match
            at += 1


def snippet(data: bytes, match: Match, secrets: Secrets) -> tuple[str, tuple[int, int]]:
    """Return the first line of a match, every secret in it masked, and the columns of the match in it."""
    if match.secret is None:
        line = re.split(rb"[\r\n]", data[match.start : min(match.end, match.start + 8 * SHOWN)], maxsplit=1)[0]
        text = _shown(line.decode("utf-8", "replace"))[: 2 * SHOWN]
        return text, (0, len(text))
    codec, mark = codec_of(data)
    left = _masked(data, max(mark, match.start - 4 * SHOWN), match.start, secrets, codec)
    right = _masked(data, match.end, match.end + 4 * SHOWN, secrets, codec)
    left = _shown(re.split(r"[\r\n]", left)[-1])[-SHOWN:]
    right = _shown(re.split(r"[\r\n]", right)[0])[:SHOWN]
    middle = mask(match.secret.reveal())
    return left + middle + right, (len(left), len(left) + len(middle))


def _masked(data: bytes, start: int, end: int, secrets: Secrets, codec: str) -> str:
    """Return the text of `data[start:end]` with what other matches cover masked."""
    pieces, at = [], start
    for match in secrets.between(start, end):
        if match.end > at and match.secret is not None:
            pieces += [data[at : max(at, match.start)].decode(codec, "replace"), mask(match.secret.reveal())]
            at = min(match.end, end)
    pieces.append(data[at:end].decode(codec, "replace"))
    return "".join(pieces)


def _shown(text: str) -> str:
    return re.sub(_LONG_WORD, lambda word: word[0][:4] + "…", printable(text.replace("\t", " ")))


def windows(
    read: Callable[[int], bytes], origin: Origin, size: int = WINDOW, reopen: Reopen | None = None
) -> Iterator[Document]:
    """Yield what `read(n)` gives (fewer than n bytes only at the end) as documents of bounded size that overlap.

    A file that fits is one document. Otherwise every byte lies in the `body` of exactly one window, and the first
    window can `reopen` the whole.
    """
    data = read(size + TAIL)
    if len(data) < size + TAIL:
        yield Document(data, origin)
        return
    start, begin = Position(), 0
    while True:
        more = len(data) - begin >= size + TAIL
        end = _cut(data, begin + size) if more else len(data)
        window = Document(data, origin, start, (begin, end), reopen=None if start.offset else reopen)
        yield window
        if not more:
            return
        lead = _cut(data, max(0, end - LEAD))
        start = Lines(window).position(lead)
        data = data[lead:]
        begin = end - lead
        data += read(size + TAIL - (len(data) - begin))


def _cut(data: bytes, offset: int) -> int:
    """Return the nearest offset at or before this one that parts neither a CRLF nor a UTF-8 character."""
    for back in range(min(4, offset)):
        if data[offset - back] & 0xC0 != 0x80:
            offset -= back
            break
    return offset - 1 if data[max(0, offset - 1) : offset + 1] == b"\r\n" else offset
