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
        path, waiting = origin.path, [origin.path]
        while (slash := waiting[-1].rfind("/")) > 0 and (folder := path[:slash]) not in self._seen:
            self._seen.add(folder)
            waiting.append(folder)
        for path in reversed(waiting):
            data = path.rpartition("/")[2].encode("utf-8", "surrogateescape")
            if self._signs.in_data(data):
                yield Document(data, origin._replace(path=path, place=Place.PATH_NAME))
