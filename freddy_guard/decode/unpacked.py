"""Archives as readings: every member, in windows when it is large, and a word for each that could not be read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial

from freddy_guard.decode import limits
from freddy_guard.decode.archives import Member, unpack
from freddy_guard.decode.archives.streams import Stream
from freddy_guard.decode.kinds import HEAD, kind_of
from freddy_guard.decode.limits import Budget, LimitError, filled
from freddy_guard.decode.reading import Fixed, Reading
from freddy_guard.model import Document, Unread
from freddy_guard.text import windows


def unpacked(reading: Reading, budget: Budget, unread: list[Unread]) -> Iterator[Reading]:
    """Yield the content of an archive; what cannot be unpacked is appended to `unread`."""
    document = reading.document
    opened = document.reopen() if document.reopen is not None else nullcontext(io.BytesIO(document.data))
    path, came = document.origin.path or document.origin.blob, False
    try:
        with opened as file:
            seekable = file.seekable()
            budget.packed(file.seek(0, io.SEEK_END) if seekable else len(document.data))
            if seekable:
                file.seek(0)
            stream = Stream(file.read, file if seekable else None)
            for item in unpack(Member(stream), budget, limits.DEPTH, kind=kind_of(document.data[:HEAD]) or "zip"):
                if isinstance(item, Member):
                    for child in _member(item, reading, budget):
                        came = came or bool(child.document.data)
                        yield child
                elif came or "base64" not in reading.via:  # text may look like an archive by chance
                    unread.append(Unread("!".join((path, *item.name)), item.reason, document.origin.path))
    except (LimitError, OSError) as error:
        unread.append(Unread(path, f"not unpacked to its end: {error}", document.origin.path))


def _member(member: Member, reading: Reading, budget: Budget) -> Iterator[Reading]:
    origin = reading.document.origin
    for window in windows(partial(filled, member.stream.read), origin):
        if not reading.via:  # else it is itself a piece of something
            budget.next_text()
        document = Document(window.data, origin, body=window.body, outer=reading.document)
        at = Fixed(reading.span(0, 0)[0])
        yield Reading(document, (*reading.via, *member.via), at, (*reading.member, *member.name))
