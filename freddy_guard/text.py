"""Byte offsets become lines and columns, and a line becomes a snippet that shows no secret."""

from __future__ import annotations

import re
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
        self._codec, mark = codec_of(document.data) if document.start.offset == 0 else ("utf-8", 0)
        self._first = mark
        self._rewind()

    def _rewind(self) -> None:
        self._offset = self._line_start = self._first
        self._line, self._column = self._start.line, self._start.column

    def position(self, offset: int) -> Position:
        """Return the position in the file of `data[offset]`. Line ends are LF, CRLF and a lone CR."""
        if offset < self._offset:
            self._rewind()
        if self._codec != "utf-8":
            return self._wide_position(offset)
        data, begin = self._data, self._offset
        ends = data.count(b"\n", begin, offset) + data.count(b"\r", begin, offset) - data.count(b"\r\n", begin, offset)
        if ends:
            last = max(data.rfind(b"\n", begin, offset), data.rfind(b"\r", begin, offset))
            self._line_start, self._column = last + 1, 1
            self._line += ends
        self._offset = offset
        column = self._column + len(data[self._line_start : offset].decode("utf-8", "replace"))
        return Position(self._start.offset + offset, self._line, column)

    def _wide_position(self, offset: int) -> Position:
        text = self._data[self._first : offset].decode(self._codec, "replace")
        lines = re.split(r"\r\n|\r|\n", text)
        return Position(offset, len(lines), len(lines[-1]) + 1)

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


def snippet(data: bytes, match: Match, matches: Iterable[Match]) -> tuple[str, tuple[int, int]]:
    """Return the first line of a match, every secret in it masked, and the columns of the match in it."""
    if match.secret is None:
        text = printable(data[match.start : match.end].decode("utf-8", "replace"))
        return text, (0, len(text))
    codec, mark = codec_of(data)
    others = sorted((m for m in matches if m.secret is not None), key=lambda m: m.start)
    left = _masked(data, max(mark, match.start - 4 * SHOWN), match.start, others, codec)
    right = _masked(data, match.end, match.end + 4 * SHOWN, others, codec)
    left = _shown(re.split(r"[\r\n]", left)[-1])[-SHOWN:]
    right = _shown(re.split(r"[\r\n]", right)[0])[:SHOWN]
    middle = mask(match.secret.reveal())
    return left + middle + right, (len(left), len(left) + len(middle))


def _masked(data: bytes, start: int, end: int, matches: list[Match], codec: str) -> str:
    """Return the text of `data[start:end]` with what other matches cover masked."""
    pieces, at = [], start
    for match in matches:
        if match.end > at and match.start < end and match.secret is not None:
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
