"""JavaScript and TypeScript, and the scripts of HTML, Vue and Svelte."""

from __future__ import annotations

from collections.abc import Iterator

from freddy_guard.model import Document
from freddy_guard.rules.requests.call import Call


def calls(document: Document) -> Iterator[Call]:
    """Yield the calls of the API in a document."""
    yield from ()
