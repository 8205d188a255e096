"""What names stand for that a program does not define, and what the calls give back that make texts and objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from freddy_guard.rules.requests.call import Part, Value
from freddy_guard.rules.requests.things import (
    INCOMPLETE,
    Client,
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
    merged,
    plain,
    table,
    value,
)
from freddy_guard.rules.requests.urls import without_end

if TYPE_CHECKING:
    from freddy_guard.rules.requests.javascript.evaluate import Evaluator
    from freddy_guard.rules.requests.javascript.source import Node

# The libraries by the names of their modules; what they export by itself is their client.
_MODULES: Mapping[str, str] = {
    **dict.fromkeys(("node-fetch", "cross-fetch", "isomorphic-fetch", "isomorphic-unfetch", "unfetch"), "fetch"),
    **dict.fromkeys(
        ("whatwg-fetch", "expo/fetch", "@tauri-apps/plugin-http", "node-fetch-native", "minipass-fetch"), "fetch"
    ),
    **dict.fromkeys(("make-fetch-happen", "undici-fetch", "cross-fetch/polyfill", "fetch-retry-ts"), "fetch"),
    **dict.fromkeys(("axios", "axios/dist/axios", "redaxios", "axios/dist/node/axios.cjs"), "axios"),
    **dict.fromkeys(("ky", "ky-universal"), "ky"),
    **dict.fromkeys(
        ("request", "request-promise", "request-promise-native", "requestretry", "postman-request"), "request"
    ),
    **dict.fromkeys(("https", "http", "follow-redirects/https", "follow-redirects/http"), ""),
    **dict.fromkeys(("ofetch", "ohmyfetch"), "ofetch"),
    **{name: name for name in ("got", "superagent", "undici", "needle", "follow-redirects")},
    "jquery": "jquery",
    "k6/http": "k6",
    "superagent-promise": "superagent",
    "eventsource": "eventsource",
    "xmlhttprequest": "xmlhttprequest",
    "url": "url",
    "ws": "ws",
    "buffer": "buffer",
}
_MODULES = {**_MODULES, **{name: name.rpartition("/")[2] for name, kind in _MODULES.items() if not kind}}
_DEFAULTS: Mapping[str, Thing] = {"eventsource": Ref("EventSource"), "ws": Ref("WebSocket")}
_CLIENTS: Mapping[str, str] = {
    "fetch": "fetch",
    "axios": "axios",
    "$": "jquery",
    "jQuery": "jquery",
    "$fetch": "ofetch",
    "ofetch": "ofetch",
    "got": "got",
    "ky": "ky",
    "superagent": "superagent",
    "needle": "needle",
}
_GLOBAL_CLIENTS = ("fetch", "axios", "$", "jQuery", "$fetch")
_GLOBALS = frozenset(
    [
        *(
            "Headers",
            "Request",
            "URL",
            "URLSearchParams",
            "XMLHttpRequest",
            "EventSource",
            "WebSocket",
            "Object",
            "JSON",
        ),
        *("console", "Buffer", "String", "navigator", "btoa", "encodeURIComponent", "encodeURI", "decodeURIComponent"),
        *("structuredClone", "require", "Promise", "Array", "Number", "Boolean", "Map"),
    ]
)
_WINDOWS = frozenset(["window", "globalThis", "self", "global", "unsafeWindow"])
_SAME = frozenset(
    [
        "String",
        "encodeURIComponent",
        "encodeURI",
        "decodeURIComponent",
        "structuredClone",
        "Object.freeze",
        "Object.seal",
    ]
)
_TABLES = frozenset(["Object.fromEntries", "Object.entries", "Map"])
METHODS = frozenset(["toString", "trim", "get", "href", "concat", "valueOf", "toJSON", "entries"])
_KEPT = frozenset(["toString", "trim", "trimEnd", "trimStart", "valueOf", "toLowerCase", "normalize", "toJSON"])


def unbound(name: str) -> Thing:
    """Return what a name stands for that the program does not bind."""
    if name in _GLOBAL_CLIENTS:
        return Client(_CLIENTS[name])
    if name in _WINDOWS:
        return Ref("globalThis")
    return Ref(name) if name in _GLOBALS else Unknown()


def imported(module: str, name: str) -> Thing:
    """Return what an import brings."""
    if module.startswith("$env/static/public"):
        return Unknown((name, name if name.startswith("PUBLIC_") else f"PUBLIC_{name}"))
    kind = _MODULES.get(module.removeprefix("node:"))
    if kind is None:
        return Unknown((name,) if name not in ("*", "default") else ())
    if name in ("*", "default"):
        return _DEFAULTS.get(kind) or Client(kind)
    return exported(kind, name) or Method(Client(kind), name)


def exported(kind: str, name: str) -> Thing | None:
    """Return what a library has under a name, None where it is a function of its client."""
    if name in ("default", kind):
        return _DEFAULTS.get(kind) or Client(kind)
    if kind == "follow-redirects":
        return Client(name)
    if name in _CLIENTS and (kind != "undici" or name == "fetch"):
        return Client(_CLIENTS[name])
    return Ref(name) if name in _GLOBALS else None


def member(owner: Ref, name: str) -> Thing:
    """Return what a member of something known is."""
    if owner.name == "globalThis":
        found = unbound(name)
        return found if found != Unknown() else Unknown((name,))
    return Ref(f"{owner.name}.{name}")


def enumeration(evaluator: Evaluator, node: Node) -> Table | None:
    """Return an enum as an object, None for another node."""
    body = node.get("body") if node.kind == "enum_declaration" else None
    if body is None:
        return None
    whole = Table()
    for one in body.children:
        name = one.get("name")
        if name is not None:
            whole = whole.joined(Table(((name.text.strip("\"'"), evaluator.thing(one.get("value"))),)))
    return whole


def as_text(found: Thing) -> Thing:
    """Return something as it stands in a text: a URL or the fields of a query are written out."""
    if not isinstance(found, Client) or found.kind not in ("URL", "URLSearchParams"):
        return found if isinstance(found, Text | Unknown) else Unknown()
    fields = [
        piece
        for name, thing in pairs(found.options.get("query")).entries
        for piece in (plain(f"&{name}="), as_text(thing))
    ]
    if found.kind == "URLSearchParams":
        return concatenated(fields or [Unknown()])
    url = found.options.get("url") or Unknown()
    return concatenated((url, plain("?"), *fields)) if fields else url


def every(found: Table, *names: str) -> list[Thing]:
    """Return all values of some keys: each may be the one on its branch."""
    return [thing for name, thing in found.entries if name in names]


def pairs(found: Thing | None) -> Table:
    """Return an object, a list of pairs, or a flat list of names and values, as an object."""
    if isinstance(found, Client) and found.kind == "URLSearchParams":
        return pairs(found.options.get("query"))
    if isinstance(found, Text):
        return _query(found)
    if not isinstance(found, Series):
        return table(found)
    items = [(one.items[0], one.items[1]) for one in found.items if isinstance(one, Series) and len(one.items) == 2]
    if not items and len(found.items) % 2 == 0:
        items = list(zip(found.items[::2], found.items[1::2], strict=True))
    whole = Table(complete=bool(items) or not found.items)
    for key, thing in items:
        name = literal(key)
        whole = whole.joined(Table(((name, thing),)) if name is not None else INCOMPLETE)
    return whole


def _query(found: Text) -> Table:
    """Return the fields of a query that is written as a text."""
    whole = Table()
    for one in found.values:
        name = ""
        for part in one.parts:
            if part.text is None:
                whole = whole.joined(Table(((name, Unknown(part.names)),))) if name else whole
                continue
            *fields, last = part.text.lstrip("?").split("&")
            whole = whole.joined(
                Table(tuple((key, plain(text)) for key, _, text in (f.partition("=") for f in fields)))
            )
            name, _, rest = last.partition("=")
            whole = whole.joined(Table(((name, plain(rest)),))) if rest else whole
    return whole


def called(callee: Thing, given: tuple[Thing, ...] | None) -> Thing:
    """Return what a call gives back that is neither of the program's own functions nor makes a client."""
    if given is None:
        return Unknown()
    if isinstance(callee, Ref):
        return _by_name(callee.name, given)
    if isinstance(callee, Method):
        return _method(callee, given)
    if isinstance(callee, Unknown):
        return Unknown((*callee.names, *(text for one in given if (text := literal(one)))))
    return Unknown()


def _by_name(name: str, given: tuple[Thing, ...]) -> Thing:
    if name == "require" and given:
        return imported(literal(given[0]) or "", "*")
    if name in _SAME and given:
        return as_text(given[0]) if name.islower() or isinstance(given[0], Client) else given[0]
    if name in _TABLES and given:
        return pairs(given[0])
    if name == "Object.assign":
        whole = Table()
        for one in given:
            whole = whole.joined(pairs(one))
        return whole
    if name in ("btoa", "Buffer.from") and given:
        return Unknown(tuple(found for part in value(as_text(given[0])).parts for found in part.names))
    return Unknown()


def _method(callee: Method, given: tuple[Thing, ...]) -> Thing:
    owner, name = callee
    if isinstance(owner, Client) and name in _KEPT:
        return as_text(owner)
    if isinstance(owner, Series):
        if name == "join":
            separator = given[0] if given else plain(",")
            return concatenated([piece for one in owner.items for piece in (separator, as_text(one))][1:])
        return owner if name == "filter" else Unknown()
    if isinstance(owner, Table) and name == "get" and given and (key := literal(given[0])) is not None:
        return owner.get(key) or Unknown((key,))
    if isinstance(owner, Text):
        return _cut(owner, name, given)
    if isinstance(owner, Unknown):
        return Unknown((*owner.names, *(text for one in given if (text := literal(one)))))
    return Unknown()


def _cut(owner: Text, name: str, given: tuple[Thing, ...]) -> Thing:
    if name in _KEPT:
        return owner
    if name == "concat":
        return concatenated((owner, *(as_text(one) for one in given)))
    if name in ("replace", "replaceAll") and len(given) == 2:
        old = literal(given[0])
        if old is None:  # a pattern: in a URL it cuts the slashes at its end
            return Text(tuple(without_end(one, "/") for one in owner.values)) if literal(given[1]) == "" else Unknown()
        return merged(_replaced(one, old, as_text(given[1])) for one in owner.values)
    return Unknown(tuple(found for one in owner.values for part in one.parts for found in part.names))


def _replaced(one: Value, old: str, new: Thing) -> Thing:
    pieces: list[Thing] = []
    for part in one.parts:
        found = part.text.split(old) if part.text is not None and old else []
        if not found:
            pieces.append(Text((Value((Part(part.text, part.names),)),)))
        for index, piece in enumerate(found):
            pieces += [new, plain(piece)] if index else [plain(piece)]
    return concatenated(pieces)


def is_nothing(found: Thing | None) -> bool:
    """Return whether something is not given."""
    return found is None or isinstance(found, Nothing)
