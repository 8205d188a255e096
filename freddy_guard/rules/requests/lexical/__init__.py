"""Languages without a parser of their own here: what their tokens say of the enclosing block."""

from __future__ import annotations

from collections.abc import Iterator

from freddy_guard.model import Document
from freddy_guard.rules.requests.call import Call


def calls(document: Document) -> Iterator[Call]:
    """Yield the calls of the API in a document."""
    yield from ()
