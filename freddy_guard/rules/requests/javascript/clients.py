"""The clients and requests of the HTTP libraries: what makes one, and what its options say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from freddy_guard.rules.requests.javascript.library import as_text, every, exported, is_nothing, pairs
from freddy_guard.rules.requests.javascript.source import Node
from freddy_guard.rules.requests.things import (
    INCOMPLETE,
    Client,
    Local,
    Method,
    Ref,
    Table,
    Text,
    Thing,
    Unknown,
    concatenated,
    literal,
    merged,
    plain,
    table,
    value,
    values,
)
from freddy_guard.rules.requests.urls import beneath, resolved

VERBS: Mapping[str, str] = {
    **{verb: verb.upper() for verb in ("get", "post", "put", "patch", "delete", "head", "options")},
    "del": "DELETE",
    "getJSON": "GET",
    "getUri": "GET",
    **{f"{verb}Form": verb.upper() for verb in ("post", "put", "patch")},
}
_CALLBACK = r"cb|callback|done|next|fn|resolve|reject|handler|listener|on[A-Z]\w*|handle[A-Z]\w*"
_MAKING = frozenset(["create", "extend", "defaults", "instance", "agent"])
_URLS, _BASES = ("url", "uri"), ("baseURL", "prefixUrl", "baseUrl", "prefix")
_PARAMS = ("params", "searchParams", "query", "qs")
_HEADERS = ("headers", "header")
# Options by which anything may be done to a request on its way.
_HOOKS = frozenset(
    [
        *("hooks", "adapter", "transformRequest", "dispatcher", "beforeSend", "onRequest", "handlers", "interceptors"),
        *("fetch", "handler", "oauth", "aws", "jar", "getToken", "bearerToken", "responseHandlers", "request"),
    ]
)
_HOOK_HARMLESS = frozenset(["jar"])


class Sent(NamedTuple):
    """A request as a call makes it."""

    node: Node
    library: str
    url: Thing
    method: str
    headers: Table
    params: Table = Table()


def member(owner: Client, name: str) -> Thing:
    """Return what a member of a client is."""
    if owner.kind == "URL":
        return _part_of_url(owner, name)
    if owner.kind == "Request" and name in ("headers", "url"):
        return owner.options.get(name) or Unknown()
    found = exported(owner.kind, name)
    if found is not None:
        return owner if isinstance(found, Client) and found.kind == owner.kind else found
    if owner.kind in ("axios", "got", "ky") and name == "defaults":
        return owner.options if owner.node is not None else Method(owner, name)
    return Method(owner, name)


def _part_of_url(owner: Client, name: str) -> Thing:
    if name == "href":
        return as_text(owner)
    if name == "searchParams":
        return Client("URLSearchParams", owner.node, Table(tuple(every_query(owner.options))))
    return Method(owner, name) if name in ("toString", "toJSON") else Unknown()


def every_query(options: Table) -> list[tuple[str, Thing]]:
    """Return the entries that are fields of a query."""
    return [("query", thing) for thing in every(options, "query")]


def made(callee: Thing, given: tuple[Thing, ...] | None, node: Node) -> Thing | None:
    """Return the client, request or table of headers that a call makes, None where it makes none of them."""
    if isinstance(callee, Client) and callee.kind == "superagent" and given is not None and len(given) == 2:
        return Client("superagent.Request", node, _told(given[1], literal(given[0]) or ""))
    if isinstance(callee, Ref):
        return _new(callee.name, given, node)
    if isinstance(callee, Method) and isinstance(callee.owner, Client):
        return _by_client(callee.owner, callee.name, given, node)
    return None


def _told(url: Thing, method: str) -> Table:
    return Table((("url", as_text(url)), ("method", plain(method))))


def _new(name: str, given: tuple[Thing, ...] | None, node: Node) -> Thing | None:
    first = given[0] if given else None
    if name == "Headers":
        return pairs(first) if given is not None else INCOMPLETE
    if name in ("XMLHttpRequest", "Request", "URL", "URLSearchParams") and given is None:
        return Unknown()
    if name == "XMLHttpRequest":
        return Client(name, node)
    if name == "Request":
        return Client(name, node, request_options(given or ()))
    if name == "URLSearchParams":
        return Client(name, node, Table((("query", pairs(first)),)))
    if name == "URL" and given:
        return Client(name, node, Table((("url", _resolved(given)),)))
    return None


def _resolved(given: tuple[Thing, ...]) -> Thing:
    path = as_text(given[0])
    if len(given) < 2:
        return path
    base = as_text(given[1])
    if not isinstance(base, Text) or not isinstance(path, Text):
        # Of a path that is not known only the host is: it may begin with a slash.
        return concatenated((path,)) if isinstance(path, Text) else Unknown()
    return Text(tuple(dict.fromkeys(resolved(left, right) for left in base.values for right in path.values)))


def is_callback(one: Thing) -> bool:
    """Return whether an argument is a function to be called with the answer."""
    name = one.names[0] if isinstance(one, Unknown) and one.names else ""
    return isinstance(one, Local) or re.fullmatch(_CALLBACK, name) is not None


def request_options(given: tuple[Thing, ...]) -> Table:
    """Return the options of `(url, options)`, `(options)` or `(request, options)`, callbacks left out."""
    whole = Table()
    for index, one in enumerate(given):
        if is_callback(one) or index > 1 or (index and isinstance(given[0], Table)):
            break
        if isinstance(one, Client) and one.kind == "Request":
            whole = whole.joined(one.options)
        elif index == 0 and not isinstance(one, Table):
            whole = whole.joined(Table((("url", as_text(one)),)))
        else:
            whole = whole.joined(table(one))
    return whole


def _by_client(owner: Client, name: str, given: tuple[Thing, ...] | None, node: Node) -> Thing | None:
    if owner.kind == "superagent" and name in VERBS:
        return Client(
            "superagent.Request", node, owner.options.joined(_told(given[0] if given else Unknown(), VERBS[name]))
        )
    if owner.kind == "undici" and name in ("Client", "Pool"):
        base = as_text(given[0]) if given else Unknown()
        return Client(
            "undici.Client", node, Table((("baseURL", base),)).joined(table(given[1] if given and given[1:] else None))
        )
    if name in _MAKING and owner.kind in ("axios", "got", "ky", "ofetch", "request", "superagent"):
        own = INCOMPLETE if given is None else Table()
        for one in given or ():
            own = own.joined(one.options if isinstance(one, Client) else table(one))
        return Client(owner.kind, node, owner.options.joined(own))
    if owner.kind in ("https", "http") and name in ("request", "get"):
        return Client("ClientRequest", node)
    return None


def sent_with(node: Node, library: str, options: Table, method: str) -> Sent:
    """Return the request that a client makes by options: its own, then those of the call."""
    headers = Table(complete=options.complete)
    for one in every(options, *_HEADERS):
        headers = headers.joined(_flat(pairs(one)))
    for one in every(options, "auth"):
        headers = headers.joined(authorization(one))
    for one in every(options, "username"):
        headers = headers.joined(
            authorization(Table((("user", one), *((("password", p)) for p in every(options, "password")))))
        )
    if any(name in _HOOKS - _HOOK_HARMLESS and not is_nothing(thing) for name, thing in options.entries):
        headers = headers.joined(INCOMPLETE)
    params = Table()
    for one in every(options, *_PARAMS):
        params = params.joined(pairs(one))
    told = every(options, "method", "type")
    verb = method or (literal(told[-1]) or "" if told else "GET")
    return Sent(node, library, _url(library, options), verb.upper(), headers, params)


def _flat(headers: Table) -> Table:
    """Return headers with those for all methods, or for one, among them: axios keeps them apart."""
    whole = Table(complete=headers.complete)
    for name, thing in headers.entries:
        parted = isinstance(thing, Table) and name in ("common", *VERBS)
        whole = whole.joined(table(thing) if parted else Table(((name, thing),)))
    return whole


def authorization(auth: Thing) -> Table:
    """Return the header that the option `auth` makes: of a user and a password, of a token, or of a pair in a text."""
    if is_nothing(auth):
        return Table()
    if isinstance(auth, Text):
        return Table((("Authorization", concatenated((plain("Basic "), auth))),))
    if not isinstance(auth, Table) or not auth.complete:
        return INCOMPLETE
    bearer = auth.get("bearer")
    pieces = (
        (plain("Bearer "), as_text(bearer)) if bearer is not None else (plain("Basic "), *map(as_text, _given(auth)))
    )
    return Table((("Authorization", concatenated(pieces)),))


def _given(auth: Table) -> list[Thing]:
    return [thing for _, thing in auth.entries]


def _url(library: str, options: Table) -> Thing:
    """Return the URL that options tell: whole, beneath a base, or in pieces."""
    hosts = every(options, "hostname", "host")
    urls = [as_text(one) for one in every(options, *_URLS)]
    if hosts:
        scheme = every(options, "protocol") or [plain("http:" if library == "http" else "https:")]
        path = every(options, "path", "pathname") or [plain("/")]
        return concatenated((as_text(scheme[-1]), plain("//"), as_text(merged(hosts)), as_text(merged(path))))
    bases = [as_text(one) for one in every(options, *_BASES)]
    if not bases:
        return merged(urls) if urls else Unknown()
    base = merged(bases)
    if not isinstance(base, Text):
        return merged(urls) if urls and all(_is_absolute(one) for one in urls) else Unknown()
    below = merged(urls or [as_text(one) for one in every(options, "path")] or [plain("")])
    found = [
        right if "://" in right.pattern else beneath(left, right) for left in base.values for right in values(below)
    ]
    return Text(tuple(dict.fromkeys(found)))


def _is_absolute(found: Thing) -> bool:
    return "://" in value(found).pattern
