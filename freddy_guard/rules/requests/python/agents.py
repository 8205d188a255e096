"""The clients and requests of the HTTP libraries: what makes one, and what it sends by itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from freddy_guard.rules.requests.call import Value
from freddy_guard.rules.requests.python.library import pairs
from freddy_guard.rules.requests.things import (
    INCOMPLETE,
    Agent,
    Method,
    Nothing,
    Ref,
    Series,
    Table,
    Text,
    Thing,
    Unknown,
    concatenated,
    literal,
    plain,
    table,
)
from freddy_guard.rules.requests.urls import beneath, origin

if TYPE_CHECKING:
    from freddy_guard.rules.requests.python.evaluate import Evaluator

# Other names of the same: what stands first becomes what stands behind.
_ALIASES = (
    (r"niquests\.|curl_cffi\.requests\.|pip\._vendor\.requests\.|botocore\.vendored\.requests\.", "requests."),
    (r"requests\.(?:api|sessions|models|auth)\.", "requests."),
    (
        r"requests\.session\Z|requests_futures\.sessions\.FuturesSession\Z|requests_html\.HTMLSession\Z",
        "requests.Session",
    ),
    (r"urllib2\.", "urllib.request."),
    (r"httplib\.", "http.client."),
    (r"six\.moves\.urllib\.request\.", "urllib.request."),
    (r"six\.moves\.http_client\.", "http.client."),
    (r"aiohttp\.(?:client|helpers)\.", "aiohttp."),
    (r"httpx\._(?:client|api|auth|models)\.", "httpx."),
    (r"urllib3\.(?:poolmanager|connectionpool)\.", "urllib3."),
)
_OPENERS = frozenset(["HTTPSHandler", "HTTPHandler", "HTTPCookieProcessor", "ProxyHandler", "HTTPRedirectHandler"])
_BASIC = frozenset(["requests.HTTPBasicAuth", "httpx.BasicAuth", "aiohttp.BasicAuth"])


class Given(NamedTuple):
    """The arguments of a call. `complete` says that there are no others."""

    positional: tuple[Thing, ...]
    named: Table
    complete: bool

    def get(self, name: str, index: int = -1) -> Thing | None:
        """Return an argument by its name, or by its place."""
        found = self.named.get(name)
        return self.positional[index] if found is None and 0 <= index < len(self.positional) else found

    def headers(self, index: int = -1) -> Table:
        """Return the headers that are given."""
        return pairs(self.get("headers", index)).joined(Table(complete=self.complete))

    def params(self) -> Table:
        """Return the fields of the query that are given."""
        return pairs(self.get("params"))


def given(evaluator: Evaluator, node: ast.Call) -> Given:
    """Return the arguments of a call."""
    named = Table()
    for keyword in node.keywords:
        found = evaluator.thing(keyword.value)
        named = named.joined(table(found) if keyword.arg is None else Table(((keyword.arg, found),)))
    starred = any(isinstance(argument, ast.Starred) for argument in node.args)
    positional = () if starred else tuple(evaluator.thing(argument) for argument in node.args)
    return Given(positional, named, named.complete and not starred)


def canonical(name: str) -> str:
    """Return the name under which we know what an import brings."""
    for pattern, replacement in _ALIASES:
        name = re.sub(rf"\A(?:{pattern})", replacement, name)
    return name


def authorization(auth: Thing | None) -> Table:
    """Return the header that a client's `auth` makes: of a pair basic auth, of anything else nobody knows."""
    if auth is None or isinstance(auth, Nothing):
        return Table()
    if isinstance(auth, Series) and len(auth.items) == 2:
        parts = (plain("Basic "), auth.items[0], plain(":"), auth.items[1])
        return Table((("Authorization", concatenated(parts)),))
    return INCOMPLETE


def made(evaluator: Evaluator, callee: Thing, node: ast.Call) -> Thing | None:
    """Return the client or request that a call makes, None where it makes neither."""
    if isinstance(callee, Ref):
        name = canonical(callee.name)
        if name in _BASIC:
            arguments = given(evaluator, node)
            pair = (*arguments.positional, *(value for _, value in arguments.named.entries), plain(""))
            return Series(pair[:2]) if arguments.complete else Unknown()
        make = _MAKERS.get(name)
        return make(name, given(evaluator, node), node) if make else None
    if isinstance(callee, Method) and isinstance(callee.owner, Agent):
        return _by_client(callee.owner, callee.name, given(evaluator, node), node)
    return None


def _session(kind: str, arguments: Given, node: ast.Call) -> Agent:
    base = arguments.get("base_url") or Nothing()
    headers = arguments.headers().joined(authorization(arguments.get("auth")))
    return Agent(kind, node, base, headers, arguments.params())


_HOOKS = ("event_hooks", "transport", "mounts", "app", "middlewares", "trace_configs", "request_class")


def _client(kind: str, arguments: Given, node: ast.Call) -> Agent:
    agent = _session(kind, arguments, node)
    hooked = any(not _is_harmless(arguments.named.get(hook)) for hook in _HOOKS)
    return agent._replace(headers=agent.headers.joined(INCOMPLETE)) if hooked else agent


def _is_harmless(found: Thing | None) -> bool:
    """Return whether a hook is none, or a transport of the library: those add nothing to a request."""
    if isinstance(found, Agent):
        return found.kind in ("httpx.HTTPTransport", "httpx.AsyncHTTPTransport")
    return found is None or isinstance(found, Nothing)


def _transport(kind: str, _arguments: Given, node: ast.Call) -> Agent:
    return Agent(kind, node)


def _aiohttp(kind: str, arguments: Given, node: ast.Call) -> Agent:
    agent = _client(kind, arguments, node)
    return agent._replace(base=arguments.get("base_url", 0) or Nothing())


def _pool(kind: str, arguments: Given, node: ast.Call) -> Agent:
    index = 1 if kind in ("urllib3.PoolManager", "urllib3.ProxyManager") else -1
    return Agent(kind, node, Nothing(), arguments.headers(index))


def _pool_of_host(kind: str, arguments: Given, node: ast.Call) -> Agent:
    scheme = "https://" if "HTTPS" in kind else "http://"
    base = concatenated((plain(scheme), arguments.get("host", 0) or Unknown()))
    return Agent(kind, node, base, arguments.headers())


def _pool_of_url(kind: str, arguments: Given, node: ast.Call) -> Agent:
    return Agent(kind, node, arguments.get("url", 0) or Unknown(), arguments.headers())


def _connection(kind: str, arguments: Given, node: ast.Call) -> Agent:
    scheme = "https://" if kind.endswith("HTTPSConnection") else "http://"
    base = concatenated((plain(scheme), arguments.get("host", 0) or Unknown()))
    return Agent(kind, node, base, Table(complete=arguments.complete))


def _request(kind: str, arguments: Given, node: ast.Call) -> Agent:
    """Make a request of urllib: (url, data, headers, origin_req_host, unverifiable, method)."""
    data = arguments.get("data", 1)
    default = "GET" if data is None or isinstance(data, Nothing) else "POST"
    method = arguments.get("method", 5)
    verb = default if method is None else literal(method) or ""
    return Agent(kind, node, arguments.get("url", 0) or Unknown(), arguments.headers(2), method=verb.upper())


def _opener(kind: str, arguments: Given, node: ast.Call) -> Agent:
    plain_handlers = all(
        isinstance(one, Agent | Ref)
        and (one.kind if isinstance(one, Agent) else one.name).rpartition(".")[2] in _OPENERS
        for one in arguments.positional
    )
    return Agent(kind, node, headers=Table(complete=arguments.complete and plain_handlers))


def _prepared(kind: str, arguments: Given, node: ast.Call) -> Agent:
    """Make a request of requests or httpx, which a client sends later."""
    verb = (literal(arguments.get("method", 0)) or "").upper()
    headers = arguments.headers(2 if kind == "requests.Request" else -1)
    headers = headers.joined(authorization(arguments.get("auth")))
    return Agent(kind, node, arguments.get("url", 1) or Unknown(), headers, arguments.params(), verb)


def _by_client(owner: Agent, name: str, arguments: Given, node: ast.Call) -> Thing | None:
    """Return the request that a client's method makes without sending it."""
    if owner.kind == "requests.Request" and name == "prepare":
        return owner
    first = arguments.get("request", 0)
    if name == "prepare_request" and isinstance(first, Agent):
        return first._replace(headers=owner.headers.joined(first.headers), params=owner.params.joined(first.params))
    if name == "build_request":
        request = _prepared("httpx.Request", arguments, node)
        url = joined_url(owner, request.base)
        return request._replace(base=url, headers=owner.headers.joined(request.headers))
    return None


def joined_url(owner: Agent, url: Thing) -> Thing:
    """Return the URL that a client makes of its base and what a call gives."""
    if not isinstance(owner.base, Text):
        return url if isinstance(owner.base, Nothing) else _absolute(url)
    if not isinstance(url, Text | Unknown):
        return Unknown()
    found = [
        one if _is_absolute(one.pattern) else _under(owner.kind, base, one)
        for base in owner.base.values
        for one in (url.values if isinstance(url, Text) else concatenated((url,)).values)
    ]
    return Text(tuple(dict.fromkeys(found)))


def _absolute(url: Thing) -> Thing:
    known = isinstance(url, Text) and all(_is_absolute(one.pattern) for one in url.values)
    return url if known else Unknown()


def _is_absolute(pattern: str) -> bool:
    return re.match(r"[A-Za-z][\w+.-]*://", pattern) is not None


def _under(kind: str, base: Value, one: Value) -> Value:
    """Put a path behind a base: httpx keeps the path of the base, the others do with one that has no slash."""
    if kind.startswith(("aiohttp.", "urllib3.", "http.client.")) and one.pattern.startswith("/"):
        return origin(base).joined(one)
    return beneath(base, one)


_MAKERS: Mapping[str, Callable[[str, Given, ast.Call], Agent]] = {
    "requests.Session": _session,
    "requests.Request": _prepared,
    "requests.adapters.HTTPAdapter": _transport,
    "requests.HTTPAdapter": _transport,
    "httpx.Client": _client,
    "httpx.AsyncClient": _client,
    "httpx.Request": _prepared,
    "httpx.HTTPTransport": _transport,
    "httpx.AsyncHTTPTransport": _transport,
    "aiohttp.ClientSession": _aiohttp,
    "urllib3.PoolManager": _pool,
    "urllib3.HTTPSConnectionPool": _pool_of_host,
    "urllib3.HTTPConnectionPool": _pool_of_host,
    "urllib3.connection_from_url": _pool_of_url,
    "http.client.HTTPSConnection": _connection,
    "http.client.HTTPConnection": _connection,
    "urllib.request.Request": _request,
    "urllib.request.build_opener": _opener,
    **{f"urllib.request.{name}": _transport for name in _OPENERS},
}
