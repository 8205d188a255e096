"""Documents: what stands in the blocks of Markdown and its like, in .http files and collections of requests."""

from __future__ import annotations

from collections.abc import Iterator

from freddy_guard.model import Document
from freddy_guard.rules.requests.call import Call


def calls(document: Document) -> Iterator[Call]:
    """Yield the calls of the API in a document. They are documented: a placeholder is right there."""
    suffix = document.origin.path.rpartition(".")[2].lower()
    for call in _calls(document.data, suffix):
        yield call._replace(documented=True)


def _calls(data: bytes, suffix: str) -> Iterator[Call]:
    if suffix in ("http", "rest"):
        from freddy_guard.rules.requests.documents.http import calls as http_calls

        return http_calls(data.decode("latin-1"))
    if suffix == "json":
        from freddy_guard.rules.requests.documents.collection import calls as collection_calls

        return collection_calls(data)
    from freddy_guard.rules.requests.documents.pages import calls as page_calls

    return page_calls(data, suffix)
