"""The names of files and folders: a key can be one."""

from __future__ import annotations

from collections.abc import Iterator

from freddy_guard.model import Document, Origin, Place, Signs


class Names:
    """Turns paths into documents, each folder once."""

    def __init__(self, signs: Signs) -> None:
        self._signs = signs
        self._seen: set[str] = set()

    def documents(self, origin: Origin) -> Iterator[Document]:
        """Yield the path of `origin` up to each part that shows a sign."""
        path = origin.path
        if not self._signs.in_data(path.encode("utf-8", "surrogateescape")):
            return
        parts = path.split("/")
        for depth, part in enumerate(parts, 1):
            prefix = "/".join(parts[:depth])
            if prefix in self._seen or not self._signs.in_data(part.encode("utf-8", "surrogateescape")):
                continue
            self._seen.add(prefix)
            name = origin._replace(path=prefix, place=Place.PATH_NAME)
            yield Document(part.encode("utf-8", "surrogateescape"), name)
