"""What every language yields: a call of the API, with its URL, its method and its headers as far as they are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

HOLE = "\0"  # stands in a URL for what is not known
_URL = r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?//(?:([^/?#@]*)@)?([^/?#:@]*)(?::[^/?#]*)?([^?#]*)(?:\?([^#]*))?"


class Part(NamedTuple):
    """A piece of a value: text as it stands, or (text is None) the names that say where it comes from.

    The names go from the one in the call to the one it all comes from: `key`, then `FREDDY_API_KEY` of the environment.
    Without text and names the piece is there, and nothing is known of it.
    """

    text: str | None = None
    names: tuple[str, ...] = ()


class Value(NamedTuple):
    """A text put together from parts: none is the empty text."""

    parts: tuple[Part, ...] = ()

    @property
    def literal(self) -> str | None:
        """Return the whole text, None where a part of it is not known."""
        return "".join(self.texts) if all(part.text is not None for part in self.parts) else None

    @property
    def texts(self) -> Iterator[str]:
        """Yield the parts that are known."""
        return (part.text for part in self.parts if part.text is not None)

    @property
    def pattern(self) -> str:
        """Return the text with a HOLE for each part that is not known."""
        return "".join(HOLE if part.text is None else part.text.replace(HOLE, "") for part in self.parts)

    def joined(self, other: Value) -> Value:
        """Return this value with another behind it."""
        return Value(self.parts + other.parts)


UNKNOWN = Value((Part(),))


def text(literal: str) -> Value:
    """Return the value that is this text."""
    return Value((Part(literal),)) if literal else Value()


def named(*names: str) -> Value:
    """Return a value of which only names are known, that in the call first."""
    return Value((Part(None, names),))


def joined(values: Iterable[Value]) -> Value:
    """Return the values one behind the other."""
    return Value(tuple(part for value in values for part in value.parts))


class Url(NamedTuple):
    """A URL taken apart, with a HOLE for each piece that is not known. `rest` are the values of the query's fields."""

    scheme: str
    host: str
    path: str
    userinfo: Value | None = None
    query: tuple[tuple[str, Value], ...] = ()

    @property
    def shown(self) -> str:
        """Return the URL for a message, without what may be secret."""
        return f"{self.scheme or 'https'}://{self.host}{self.path}".replace(HOLE, "…")


def url_of(value: Value) -> Url | None:
    """Take a URL apart. Return None where it does not begin with a scheme or `//`, and a host."""
    match = re.match(_URL, value.pattern)
    if match is None:
        return None
    scheme, userinfo, host, path, query = match.groups()
    holes = iter([part for part in value.parts if part.text is None])
    user = _filled(userinfo, holes) if userinfo is not None else None
    _filled(value.pattern[match.end(2) if userinfo is not None else match.start(3) : match.end(4)], holes)
    return Url((scheme or "").lower(), host.lower(), path, user, tuple(_fields(query or "", holes)))


def _fields(query: str, holes: Iterator[Part]) -> Iterator[tuple[str, Value]]:
    for field in query.split("&"):
        name, _, value = field.partition("=")
        _filled(name, holes)
        if field:
            yield name, _filled(value, holes)


def _filled(pattern: str, holes: Iterator[Part]) -> Value:
    """Return the value of a piece of the pattern; takes its holes from the iterator."""
    pieces = (piece for piece in re.split(f"({HOLE})", pattern) if piece)
    return Value(tuple(next(holes, Part()) if piece == HOLE else Part(piece) for piece in pieces))


class Call(NamedTuple):
    """One call, from byte `start` of the document up to `end`.

    `library` is a key of fixes.FIXES. `method` is in capitals, empty where it is not known. `headers` are in the order
    in which they are set, names as written; `complete` says that nothing else is sent. Basic auth is an Authorization
    header that begins with `Basic `. `documented` says that it stands in a document, where placeholders are right,
    `in_page` that a browser's page shows it to everyone.
    """

    start: int
    end: int
    library: str
    url: Url
    method: str = ""
    headers: tuple[tuple[str, Value], ...] = ()
    complete: bool = True
    documented: bool = False
    in_page: bool = False

    def moved(self, offset: Callable[[int], int]) -> Call:
        """Return the call where the text around it really stands."""
        return self._replace(start=offset(self.start), end=offset(self.end))
