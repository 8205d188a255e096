"""Archives as readings: every member, in windows when it is large, and a word for each that could not be read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import nullcontext

from freddy_guard.decode.archives import Member, Problem, Stream, kind_of, unpack
from freddy_guard.decode.limits import Budget, LimitError
from freddy_guard.decode.reading import Fixed, Reading
from freddy_guard.model import Document, Unread
from freddy_guard.text import windows


def unpacked(reading: Reading, unread: list[Unread]) -> Iterator[Reading]:
    """Yield the content of an archive; what cannot be unpacked is appended to `unread`."""
    document = reading.document
    opened = document.reopen() if document.reopen is not None else nullcontext(io.BytesIO(document.data))
    path = document.origin.path or document.origin.blob
    try:
        with opened as file:
            size = file.seek(0, io.SEEK_END) if file.seekable() else len(document.data)
            if file.seekable():
                file.seek(0)
            stream = Stream(file.read, file if file.seekable() else None)
            kind = kind_of(document.data) or "zip"
            for item in unpack(Member(stream, (), ()), Budget(size), kind=kind):
                if isinstance(item, Problem):
                    if "base64" in reading.via:
                        continue  # text that only looked like an archive, or was cut on purpose: it is read as text
                    unread.append(Unread("!".join((path, *item.name)), item.reason, document.origin.path))
                else:
                    yield from _member(item, reading)
    except (LimitError, OSError) as error:
        unread.append(Unread(path, f"not unpacked to its end: {error}", document.origin.path))


def _member(member: Member, reading: Reading) -> Iterator[Reading]:
    origin = reading.document.origin
    for window in windows(member.stream.read, origin):
        document = Document(window.data, origin, body=window.body, outer=reading.document)
        at = Fixed(reading.span(0, 0)[0])
        yield Reading(document, (*reading.via, *member.via), at, (*reading.member, *member.name))
