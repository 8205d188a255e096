"""Finds requests in a program: what makes them, what is added to them, what sends them."""

from __future__ import annotations

from collections.abc import Iterator

from freddy_guard.rules.requests.call import HOLE, Call, Url, Value, url_of
from freddy_guard.rules.requests.lexical.code import MEMBER, THIS, WORDS, Argument, Chain, Link
from freddy_guard.rules.requests.lexical.effects import Effects
from freddy_guard.rules.requests.lexical.index import Index
from freddy_guard.rules.requests.lexical.lexer import CLOSE, END, NAME, OP
from freddy_guard.rules.requests.lexical.scopes import Binding
from freddy_guard.rules.requests.lexical.things import CLIENT, REQUEST, TABLE, Library, Thing
from freddy_guard.rules.requests.lexical.values import Reader, joined_url
from freddy_guard.rules.requests.vendor import is_api

_PREFIXES = frozenset(["&", "*", "await", "try", "mut", "new", "const", "!", "?"])
_COMPARES = frozenset(["==", "!=", "===", "!=="])
_NOTHINGS = frozenset(["nil", "null", "None", "undefined"])


class Finder:
    """Reads the requests of a program with the tables of some libraries."""

    def __init__(self, reader: Reader, libraries: tuple[Library, ...], tables: Library) -> None:
        self.reader, self.code, self.scopes = reader, reader.code, reader.scopes
        self.libraries, self.tables = libraries, tables
        self.effects = Effects(self)
        self.index = Index(reader)
        self._clients: dict[int, Thing | None] = {}
        self._takers = {
            key.removesuffix("()").rpartition(".")[2]
            for library in libraries
            for table in (
                library.starts,
                library.verbs,
                library.steps,
                library.settings,
                library.clients,
                library.functions,
            )
            for key in table
        } | {"HttpEntity", "Options", "BaseOptions", "stream_context_create"}

    def calls(self) -> Iterator[Call]:
        """Yield the calls of the API."""
        for chain in self.index.chains:
            thing = self.thing(chain)
            if thing is not None and thing.kind == REQUEST:
                self._follow(thing)
                call = self._call(thing)
                if call is not None:
                    yield call

    def _call(self, thing: Thing) -> Call | None:
        url, library = thing.url, thing.library
        if thing.base is not None:
            url = joined_url(thing.base, url or Value(), resolves=library.resolves, folder=library.folder)
        parts = url_of(url) if url is not None else None
        if parts is None or not is_api(parts.host):
            return None
        if any(HOLE in name for name, _ in parts.query):
            thing.complete = False  # the key may be there
        parts = Url(parts.scheme, parts.host, parts.path, parts.userinfo, (*parts.query, *thing.query))
        tokens = self.code.tokens
        start, end = tokens[thing.lo].start, tokens[thing.hi - 1].end
        label = thing.library.label or thing.library.name
        return Call(start, end, label, parts, thing.method, tuple(thing.headers), thing.complete and thing.sent)

    def thing(self, chain: Chain, upto: int | None = None) -> Thing | None:
        """Return what a chain makes, None where that is nothing known, or a variable has it already."""
        links = chain.links[:upto]
        found, begin = self._begin(chain, links)
        if found is None:
            return None
        return self._steps(found, chain, links[begin:])

    def _begin(self, chain: Chain, links: tuple[Link, ...]) -> tuple[Thing | None, int]:
        """Return what the first members of a chain stand for, and how many these are."""
        for k, link in enumerate(links):
            path = ".".join(one.name for one in links[: k + 1]).lstrip("\\")
            found = self._made(path, chain, link)
            if found is not None:
                return found, k + 1
        for k, link in enumerate(links):
            for library in self.libraries:
                if k and link.name in library.on_url and link.called:
                    made = Thing(REQUEST, library, chain.lo, chain.hi)
                    made.url = self.reader.head(chain, k)
                    self.effects.apply(library.on_url[link.name], made, link)
                    return made, k + 1
        return self._variable(links)

    def _made(self, path: str, chain: Chain, link: Link) -> Thing | None:
        for library in self.libraries:
            key = path.removeprefix(library.prefix) + ("()" if link.called else "")
            for kind, table in ((REQUEST, library.starts), (CLIENT, library.clients)):
                spec = self.effects.spec(table, key, link)
                if spec is not None:
                    made = Thing(kind, library, chain.lo, chain.hi)
                    self.effects.apply(spec, made, link)
                    return made
        return None

    def _variable(self, links: tuple[Link, ...]) -> tuple[Thing | None, int]:
        field = bool(links) and links[0].name in THIS and len(links) > 1
        head = links[int(field)] if links else None
        if head is None or head.called or self.code.kind(head.at) != NAME:
            return None, 0
        binding = self.scopes.lookup(head.name, head.at, field=field)
        client = self._client(binding) if binding is not None else self._block_client(head)
        return (client.copy() if client is not None else None), 1 + int(field)

    def _block_client(self, head: Link) -> Thing | None:
        """Return the client that a function hands to its block."""
        block = self.scopes.shadow(head.name, head.at) - 1
        chain, k = self.index.owners.get(block, (None, 0))
        found = self.thing(chain, k + 1) if chain is not None else None
        return found if found is not None and found.kind == CLIENT else None

    def _client(self, binding: Binding) -> Thing | None:
        """Return the client that a name stands for, with all that is set on it."""
        if binding.at not in self._clients:
            self._clients[binding.at] = None
            lo, hi = self.reader.trimmed(binding.lo, binding.hi)
            chain = self.code.chain(lo) if lo < hi else None
            found = self.thing(chain) if chain is not None and chain.hi == hi else None
            if found is not None and found.kind == CLIENT:
                self._clients[binding.at] = found
                self.uses(binding, found)
        return self._clients[binding.at]

    def _steps(self, thing: Thing, chain: Chain, links: tuple[Link, ...]) -> Thing | None:
        """Apply the members of a chain to a thing; return what comes out of it in the end."""
        path: list[str] = []
        for position, link in enumerate(links):
            path.append(link.name)
            key = ".".join(path)
            if thing.kind == CLIENT:
                spec = (
                    self.effects.spec(thing.library.verbs, key, link)
                    if link.called or position + 1 == len(links)
                    else None
                )
                if spec is not None:
                    if _sends(spec) and not self._takes_url(spec, link):
                        return None  # what is sent is seen where it is made
                    client, thing = thing, Thing(REQUEST, thing.library, chain.lo, chain.hi, thing)
                    thing.lo = chain.lo if client.lo != chain.lo else client.lo
                    self.effects.apply(spec, thing, link)
                    path.clear()
                    continue
            spec = self.effects.spec(thing.library.of(thing.kind), key, link)
            if spec is not None:
                self.effects.apply(spec, thing, link)
                path.clear()
            elif link.called and not thing.sent:
                if thing.kind == CLIENT:
                    return None
                thing.lose()
                return thing
        if path and not thing.sent and any("header" in name.lower() for name in path):
            thing.lose()
        return thing

    def _takes_url(self, spec: str, link: Link) -> bool:
        """Return whether a function that takes a request or a URL has a URL here."""
        arguments = self.code.arguments(link) if ":either" in spec else []
        values = [self.reader.value(one.lo, one.hi) for one in arguments[:1]]
        return any(value.pattern.startswith(("http:", "https:")) for value in values)

    def _follow(self, thing: Thing) -> None:
        if not thing.sent or thing.open:
            self.flow(thing.lo, thing.hi, thing)

    def flow(self, lo: int, hi: int, thing: Thing, depth: int = 0) -> None:
        """Follow a thing out of the expression that makes it or stands for it."""
        code = self.code
        while code.text(lo - 1) in _PREFIXES and code.kind(lo - 1) in (OP, NAME):
            lo -= 1
        inner = self.reader.trimmed(lo, hi)[0]
        if thing.kind == TABLE and self._is_taken(lo):
            return
        taken = self.index.handed.get(inner) or self.index.handed.get(lo)
        bound = self.index.bound.get(inner) or self.index.bound.get(lo)
        before = code.kind(lo - 1)
        if taken is not None and self.reader.trimmed(lo, taken[2])[1] == hi:
            self._hand(thing, taken[0], taken[1])
        elif bound is not None and self.reader.trimmed(lo, bound.hi)[1] == hi:
            if depth < 4:
                self.uses(bound, thing, depth + 1)
        elif code.text(lo - 1) in _COMPARES or (code.text(hi) in _COMPARES and code.text(hi + 1) in _NOTHINGS):
            return
        elif before == CLOSE and self.reader.is_cast(code.partner[lo - 1], hi):
            self.flow(code.partner[lo - 1], hi, thing, depth)
        elif code.syntax.name == "powershell" and (code.text(lo - 1).startswith("-h") or code.text(lo - 1) == "@"):
            return
        elif not (lo == 0 or before == END or code.text(lo - 1) in ("{", "}", "do", "end")):
            thing.lose()

    def _is_taken(self, index: int) -> bool:
        """Return whether a table is handed to a function of a library, at once or within another table."""
        code, parent = self.code, self.code.parents[index]
        while parent >= 0:
            chain, k = self.index.owners.get(parent, (None, 0))
            name = chain.links[k].name if chain is not None else ""
            if chain is not None and name not in ("array", "[]"):
                return name in self._takers
            if chain is None and code.text(parent) not in "[{":
                return False
            parent = code.parents[parent]
        return False

    def _hand(self, thing: Thing, chain: Chain, k: int) -> None:
        """See what becomes of a thing that is handed to a function."""
        link = chain.links[k]
        path = ".".join(one.name for one in chain.links[: k + 1]).lstrip("\\")
        library = thing.library
        spec = self.effects.spec(library.functions, path, link)
        if spec is not None:
            self.effects.apply(spec, thing, link, skip=1)
            return
        sends = _sends(library.verbs.get(link.name, "")) if k else False
        client = self.thing(chain, k) if sends else None
        if client is not None and client.kind == CLIENT and client.library is library:
            base, method = thing.base, thing.method
            thing.sent_by(client)
            thing.base, thing.method, thing.sent = thing.base or base, method, True
        elif sends:
            thing.complete = False
        else:
            thing.lose()

    def uses(self, binding: Binding, thing: Thing, depth: int = 0) -> None:
        """Apply to a thing all that is done to a variable that holds it."""
        code = self.code
        spans = self.scopes.life(binding)
        spellings = {binding.name, f"${binding.name}", f"@{binding.name}"}
        mentions = sorted(index for name in spellings for span in spans for index in self.index.mentions(name, span))
        for index in mentions:
            if not self._is_other(binding, index):
                self._use(index, binding, thing, depth)
        if not code.size:
            thing.lose()

    def _is_other(self, binding: Binding, index: int) -> bool:
        """Return whether a name is a member of something else, a label or a name that a function declares."""
        code = self.code
        if code.text(index - 1) in MEMBER and code.kind(index - 1) == OP:
            return code.text(index - 2) not in THIS
        declares = code.kind(index - 1) == NAME and code.syntax.name in ("java", "csharp", "php", "dart", "kotlin")
        if declares and code.text(index - 1) not in WORDS and code.text(index + 1) != "(":
            return True
        if code.text(index + 1) == ":" and code.text(index - 1) in ("(", ",") and code.kind(index + 1) == OP:
            return True
        if self.scopes.shadow(binding.name, index, binding.scope[0]) >= 0:
            return True
        mine = self.scopes.lookup(code.text(index), index)
        return mine is not None and mine.declared and mine.at != binding.at and mine.scope[0] > binding.scope[0]

    def _use(self, index: int, binding: Binding, thing: Thing, depth: int) -> None:
        code = self.code
        owned = code.text(index - 1) in MEMBER and code.kind(index - 1) == OP
        chain = code.chain(index - 2 if owned else index)
        if chain is None:
            return
        links = chain.links[2 if owned else 1 :]
        following = code.text(chain.hi) if code.kind(chain.hi) == OP else ""
        if chain.links[-1].at == index and following in ("=", ":="):
            if code.text(chain.hi + 1) != code.text(index):
                thing.lose()
            return
        if chain.links[-1].at == index and chain.links[-1].called:
            thing.lose()
            return
        if following in MEMBER:
            thing.lose()
            return
        if following in ("=", "+=", "||=", "??=") and links:
            self._assign(chain, links, thing)
            return
        if not links:
            self.flow(chain.lo, chain.hi, thing, depth)
            return
        if thing.kind == CLIENT and self._asks(thing, links):
            return
        was_sent = thing.sent
        self._apply_links(thing, chain, links)
        if thing.sent == was_sent and links[-1].called and self._builds(thing, links):
            self.flow(chain.lo, chain.hi, thing, depth)

    def _asks(self, client: Thing, links: tuple[Link, ...]) -> bool:
        names = [link.name for link in links]
        return any(".".join(names[:n]) in client.library.verbs for n in range(1, len(names) + 1))

    def _builds(self, thing: Thing, links: tuple[Link, ...]) -> bool:
        """Return whether a step returns the thing itself, which may go on from there."""
        return thing.kind == REQUEST and "read" not in thing.library.steps.get(links[-1].name, "read").split()

    def _apply_links(self, thing: Thing, chain: Chain, links: tuple[Link, ...]) -> None:
        code, path = self.code, list[str]()
        for link in links:
            path.append(link.name)
            spec = self.effects.spec(thing.library.of(thing.kind), ".".join(path), link)
            if spec is not None and (link.called or spec in ("", "read", "send")):
                self.effects.apply(spec, thing, link)
                path.clear()
            elif link.called and link.name != "[]" and not thing.sent:
                thing.lose()
                return
        if (any("header" in name.lower() for name in path) and "[]" not in path) or code.text(links[-1].at - 1) == "::":
            thing.lose()

    def _assign(self, chain: Chain, links: tuple[Link, ...], thing: Thing) -> None:
        """Apply an assignment to a member or an item of a thing."""
        code = self.code
        last, end = links[-1], code.statement_end(chain.hi + 1)
        if code.syntax.name == "dart" and ".." in code.source[code.tokens[chain.lo].start : code.tokens[end - 1].end]:
            thing.lose()  # a cascade: more is done behind the value
            return
        key = ".".join(link.name for link in links) + "="
        value = Argument("", chain.hi + 1, end)
        items = [Argument("", *code.inside(last.args))] if last.name == "[]" else []
        if items and items[0].lo == items[0].hi and thing.kind == TABLE:
            self.effects.take("line", thing, value.lo, value.hi)
            return
        spec = thing.library.of(thing.kind).get(key)
        if spec is None and thing.kind == TABLE and code.syntax.name == "powershell":
            thing.headers.append((last.name, self.reader.value(value.lo, value.hi)))
            return
        if spec is None:
            if thing.kind == TABLE or last.name == "[]" or "header" in key.lower():
                thing.lose()
            elif thing.kind == CLIENT:
                thing.complete = False
            return
        self.effects.hand(spec, thing, [*items, value])


def _sends(spec: str) -> bool:
    """Return whether a request is handed to a function."""
    return any(word.rpartition(":")[2] in ("request", "either") for word in spec.split())
