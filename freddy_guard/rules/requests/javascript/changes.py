"""What one change makes of an object or of the options of a client."""

from __future__ import annotations

from freddy_guard.rules.requests.javascript.clients import VERBS, authorization
from freddy_guard.rules.requests.javascript.library import every, pairs
from freddy_guard.rules.requests.things import INCOMPLETE, Client, Table, Thing, Unknown, literal

Path = tuple[str | None, ...]
_READS = frozenset(
    [
        *(
            "get",
            "has",
            "entries",
            "keys",
            "values",
            "forEach",
            "delete",
            "toString",
            "hasOwnProperty",
            "toJSON",
            "json",
        ),
        *("map", "filter", "join", "includes", "getSetCookie"),
    ]
)
SETS = frozenset(["set", "append", "setHeader", "appendHeader", "setRequestHeader", "setdefault"])
HARMLESS = (
    _READS
    | VERBS.keys()
    | frozenset(
        [
            *("request", "stream", "paginate", "create", "extend", "defaults", "instance", "then", "catch", "finally"),
            *("end", "pipe", "write", "on", "once", "off", "send", "text", "body", "json", "blob", "buffer", "type"),
            *("accept", "timeout", "retry", "redirects", "attach", "field", "responseType", "withCredentials", "ok"),
            *("open", "abort", "addEventListener", "removeEventListener", "overrideMimeType", "getResponseHeader"),
            *("getAllResponseHeaders", "setTimeout", "setEncoding", "destroy", "flushHeaders", "setNoDelay", "clone"),
            *("arrayBuffer", "formData", "emit", "removeListener", "close", "ajax", "getHeader", "sortQuery", "raw"),
            *("isAxiosError", "isCancel", "toFormData", "all", "spread", "serialize", "parse", "agent", "connect"),
            *("Cancel", "CancelToken", "AxiosError", "HTTPError", "fn", "each", "extend", "param", "trim", "ready"),
            *(
                "Client",
                "Pool",
                "Agent",
                "Axios",
                "bind",
                "call",
                "apply",
                "resume",
                "removeAllListeners",
                "raw",
                "Headers",
            ),
        ]
    )
)


def put(thing: Thing, path: Path, found: Thing) -> Thing:
    """Return a thing with something put at a path in it; `*` at the end lays it over what is there."""
    if isinstance(thing, Client):
        return thing._replace(options=_put(thing.options, _normal(thing.kind, path), found))
    return _put(thing, path, found) if isinstance(thing, Table) else thing


def _put(whole: Table, path: Path, found: Thing) -> Table:
    first, *rest = path
    if first == "*":
        return whole.joined(pairs(found))
    if first is None:
        return whole.joined(INCOMPLETE)
    if not rest:
        return whole.joined(Table(((first, found),)))
    held = every(whole, first)
    inner = held[-1] if held and isinstance(held[-1], Table) else Table()
    return whole.joined(Table(((first, _put(inner, tuple(rest), found)),)))


def _normal(kind: str, path: Path) -> Path:
    """Return a path in the options of a client, for what libraries call otherwise."""
    if path[:1] == ("defaults",):
        path = path[1:]
        path = path[1:] if path[:1] == ("options",) else path
    if path[:1] == ("headers",) and len(path) > 1 and path[1] in ("common", *VERBS):
        path = ("headers", *(path[2:] or ("*",)))
    if kind == "URL" and path[:1] == ("searchParams",):
        return ("query", *path[1:])
    if kind == "URL" and path == ("search",):
        return ("query", "*")
    if kind == "URLSearchParams":
        return ("query", *path)
    if kind == "URL" and path[:1] != ("query",) and path != ("hash",):
        return ("url",)
    return path or ("*",)


def chain_link(thing: Client, name: str, given: list[Thing]) -> Thing:
    """Return a request of superagent after one more call in its chain."""
    if name == "set":
        own = pairs(given[0]) if len(given) == 1 else Table()
        if len(given) >= 2:
            key = literal(given[0])
            own = Table(((key, given[1]),)) if key is not None else INCOMPLETE
        return with_options(thing, Table((("headers", own),)))
    if name == "query":
        return with_options(thing, Table((("query", pairs(given[0] if given else Unknown())),)))
    if name == "auth" and given:
        bearer = len(given) > 1 and isinstance(given[-1], Table) and literal(given[-1].get("type")) == "bearer"
        auth = (
            Table((("bearer", given[0]),))
            if bearer
            else Table(tuple((str(at), one) for at, one in enumerate(given[:2])))
        )
        return with_options(thing, Table((("headers", authorization(auth)),)))
    return thing if name in HARMLESS or name == "disableTLSCerts" else unsure(thing)


def with_options(thing: Thing, more: Table) -> Thing:
    """Return a client with more options, or a table with more entries."""
    if isinstance(thing, Client):
        return thing._replace(options=thing.options.joined(more))
    return thing.joined(more) if isinstance(thing, Table) else thing


def unsure(thing: Thing) -> Thing:
    """Return a thing that may hold anything else."""
    return with_options(thing, INCOMPLETE)
