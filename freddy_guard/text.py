"""Byte offsets become lines and columns, and a line becomes a snippet that shows no secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from freddy_guard.model import Document, Match, Origin, Position, Region
from freddy_guard.redact import printable
from freddy_guard.secret import mask

BOM = b"\xef\xbb\xbf"
WINDOW = 16 << 20  # bytes searched at once: a larger file comes in pieces, so that memory stays bounded
LEAD, TAIL = 64, 4096  # bytes of the neighbours that a window also holds, for edges and for keys across the cut
SHOWN = 60  # characters of the line on either side of a match

_LINE_END = rb"[\r\n]"
# Whatever else on the line could be a secret, of any vendor or in any encoding, is not for a report.
_LONG_WORD = r"(?=[A-Za-z0-9+/_=-]*[0-9])[A-Za-z0-9+/_=-]{24,}"


class Lines:
    """Finds the line and column of offsets in one document; quick for offsets in rising order."""

    def __init__(self, document: Document) -> None:
        self._data = document.data
        self._start = document.start
        self._rewind()

    def _rewind(self) -> None:
        self._offset, self._line, self._line_start = 0, self._start.line, 0
        self._column = self._start.column
        if self._start.offset == 0 and self._data.startswith(BOM):
            self._line_start = len(BOM)

    def position(self, offset: int) -> Position:
        """Return the position in the file of `data[offset]`. Line ends are LF, CRLF and a lone CR."""
        if offset < self._offset:
            self._rewind()
        data, begin = self._data, self._offset
        crlf = data.count(b"\r\n", begin, offset)
        ends = data.count(b"\n", begin, offset) + data.count(b"\r", begin, offset) - crlf
        if ends:
            last = max(data.rfind(b"\n", begin, offset), data.rfind(b"\r", begin, offset))
            self._line_start, self._column = last + 1, 1
            self._line += ends
        self._offset = offset
        column = self._column + len(data[self._line_start : offset].decode("utf-8", "replace"))
        return Position(self._start.offset + offset, self._line, column)

    def region(self, start: int, end: int) -> Region:
        """Return the region of `data[start:end]`."""
        return Region(self.position(start), self.position(end))


def snippet(data: bytes, match: Match, matches: Iterable[Match]) -> tuple[str, tuple[int, int]]:
    """Return the first line of a match, every secret in it masked, and the columns of the match in that text."""
    if match.secret is None:
        text = printable(data[match.start : match.end].decode("utf-8", "replace"))
        return text, (0, len(text))
    left_edge = max(_line_start(data, match.start), match.start - 4 * SHOWN)
    right_edge = min(_line_end(data, match.end), match.end + 4 * SHOWN)
    others = sorted((m for m in matches if m.secret is not None), key=lambda m: m.start)
    left = _masked(data, left_edge, match.start, others)[-SHOWN:]
    right = _masked(data, match.end, right_edge, others)[:SHOWN]
    middle = mask(match.secret.reveal())
    return left + middle + right, (len(left), len(left) + len(middle))


def _masked(data: bytes, start: int, end: int, matches: list[Match]) -> str:
    pieces, at = [], start
    for match in matches:
        if match.end > at and match.start < end and match.secret is not None:
            pieces += [data[at : max(at, match.start)].decode("utf-8", "replace"), mask(match.secret.reveal())]
            at = min(match.end, end)
    pieces.append(data[at:end].decode("utf-8", "replace"))
    text = printable("".join(pieces).replace("\t", " "))
    return re.sub(_LONG_WORD, lambda token: token[0][:4] + "…", text)


def _line_start(data: bytes, offset: int) -> int:
    return max(data.rfind(b"\n", 0, offset), data.rfind(b"\r", 0, offset)) + 1


def _line_end(data: bytes, offset: int) -> int:
    end = re.search(_LINE_END, data[offset : offset + 4 * SHOWN])
    return offset + end.start() if end else min(len(data), offset + 4 * SHOWN)


def windows(read: Callable[[int], bytes], origin: Origin, size: int = WINDOW) -> Iterator[Document]:
    """Yield what `read(n)` gives (fewer than n bytes only at the end) as documents of bounded size that overlap.

    A file that fits is one document. Otherwise every byte lies in the `body` of exactly one window.
    """
    data = read(size + TAIL)
    if len(data) < size + TAIL:
        yield Document(data, origin)
        return
    start, begin = Position(), 0
    while True:
        more = len(data) - begin >= size + TAIL
        end = _cut(data, begin + size) if more else len(data)
        window = Document(data, origin, start, (begin, end))
        yield window
        if not more:
            return
        lead = _cut(data, end - LEAD)
        start = Lines(window).position(lead)
        data = data[lead:]
        begin = end - lead
        data += read(size + TAIL - (len(data) - begin))


def _cut(data: bytes, offset: int) -> int:
    """Return the nearest offset at or before this one that parts neither a CRLF nor a UTF-8 character."""
    if data[offset - 1 : offset + 1] == b"\r\n":
        return offset - 1
    for back in range(min(4, offset)):
        if data[offset - back] & 0xC0 != 0x80:
            return offset - back
    return offset
