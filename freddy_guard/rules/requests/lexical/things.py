"""Requests, the clients that send them and the tables of headers that go into them, while they are put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from freddy_guard.rules.requests.call import Value

CLIENT, REQUEST, TABLE = "client", "request", "table"
NOTHING: Mapping[str, str] = {}


class Library(NamedTuple):
    """An HTTP library: what its functions and members do with what they are handed, each told in a few words.

    A key is a path of names, with `()` where something that makes a thing is called; `name(` with a first argument
    behind it tells calls apart by that. The words are for the arguments in their order, as `label:word` for one
    with a name: `url`, `base`, `method`, `name` and `value` (of a header), `headers`, `lines` ("Name: value"),
    `pairs`, `query`, `options` (a table, whose keys are in `options`), `bearer`, `auth`, `user`, `pass`, `request`
    (which is sent by this), `either` (a request or a URL), `_` no matter what, `*` neither this nor those behind
    it, `?` not known. Words for no argument: a method in capitals, `send` (it is sent by this), `open` (it is sent
    when it is read), `read` (nothing is changed), `block` (more in the block behind it). `needs` is what a program
    that uses the library has in it, `prefix` what may stand before its names, `label` its name in fixes.FIXES,
    `resolves` whether a path replaces that of the base URL, as in browsers, `folder` whether one without a slash in
    front does not.
    """

    name: str
    needs: str
    clients: Mapping[str, str] = NOTHING
    settings: Mapping[str, str] = NOTHING
    starts: Mapping[str, str] = NOTHING
    verbs: Mapping[str, str] = NOTHING
    steps: Mapping[str, str] = NOTHING
    options: Mapping[str, str] = NOTHING
    functions: Mapping[str, str] = NOTHING
    on_url: Mapping[str, str] = NOTHING
    resolves: bool = False
    folder: bool = False
    prefix: str = ""
    label: str = ""

    def of(self, kind: str) -> Mapping[str, str]:
        """Return what can be done with a thing of a kind."""
        return self.settings if kind == CLIENT else self.steps


class Thing:
    """A request, a client or a table, as far as it is known. Not `complete`: there may be headers that are not seen."""

    def __init__(self, kind: str, library: Library, lo: int, hi: int, client: Thing | None = None) -> None:
        self.kind, self.library, self.lo, self.hi = kind, library, lo, hi
        self.base: Value | None = None
        self.url: Value | None = None
        self.method = ""
        self.headers: list[tuple[str, Value]] = []
        self.query: list[tuple[str, Value]] = []
        self.complete = True
        self.sent = False
        self.open = False  # sent when it is read, and to be completed until then
        if client is not None:
            self.sent_by(client)

    def sent_by(self, client: Thing) -> None:
        """Take what a client adds to each request; what the request has itself comes behind it and counts."""
        self.base = client.base
        self.headers[:0] = client.headers
        self.query += client.query
        self.complete = self.complete and client.complete

    def copy(self) -> Thing:
        """Return the same thing, to be changed on its own."""
        made = Thing(self.kind, self.library, self.lo, self.hi)
        made.__dict__.update(self.__dict__, headers=list(self.headers), query=list(self.query))
        return made

    def lose(self) -> None:
        """Forget the headers: somebody else may have changed them."""
        self.complete = False
        self.headers.clear()
