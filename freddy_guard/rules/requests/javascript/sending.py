"""The calls of a program that send a request, each with all that is known of what it sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from freddy_guard.rules.requests.call import Call, Url, Value, named, url_of
from freddy_guard.rules.requests.javascript.clients import VERBS, Sent, is_callback, request_options, sent_with
from freddy_guard.rules.requests.javascript.evaluate import Evaluator
from freddy_guard.rules.requests.javascript.expressions import arguments
from freddy_guard.rules.requests.javascript.library import as_text
from freddy_guard.rules.requests.javascript.source import Node
from freddy_guard.rules.requests.things import (
    INCOMPLETE,
    Client,
    Method,
    Nothing,
    Ref,
    Table,
    Text,
    Thing,
    literal,
    table,
    value,
)
from freddy_guard.rules.requests.vendor import is_api, is_endpoint

Given = tuple[Thing, ...] | None
_WITH_BODY = frozenset(["post", "put", "patch", "postForm", "putForm", "patchForm"])
_ALSO_DIRECT = frozenset(["fetch", "raw", "native", "stream", "paginate", "request", "json", "pipeline", "connect"])
_OPTIONS_SECOND = frozenset(["got", "ky", "ofetch", "request", "fetch"])


def sent(evaluator: Evaluator, node: Node) -> Sent | None:
    """Return the request that a call sends, None where it sends none."""
    callee = evaluator.thing(node.get("function") or node.get("constructor"))
    if isinstance(callee, Client):
        return _directly(evaluator, callee, arguments(evaluator, node), node)
    if isinstance(callee, Method) and isinstance(callee.owner, Client):
        by = _BY_KIND.get(callee.owner.kind, _by_verb)
        return by(evaluator, callee.owner, callee.name, arguments(evaluator, node), node)
    if isinstance(callee, Ref) and callee.name in ("EventSource", "WebSocket", "navigator.sendBeacon"):
        return _without_headers(callee.name, arguments(evaluator, node), node)
    return None


def _options(client: Client, given: Given) -> Table:
    """Return the options of the client and of a call of the form `(url, options)` or `(options)`."""
    own = INCOMPLETE if given is None else request_options(given)
    return client.options.joined(own)


def _directly(evaluator: Evaluator, client: Client, given: Given, node: Node) -> Sent | None:
    if client.kind == "superagent":
        return _by_superagent(evaluator, client, "", given, node)
    if client.kind == "needle":
        return _by_needle(
            evaluator, client, literal(given[0]) or "" if given else "", given[1:] if given else None, node
        )
    if client.kind not in ("axios", *_OPTIONS_SECOND):
        return None
    first = given[0] if given else None
    if isinstance(first, Client) and first.kind == "Request":
        return sent_with(first.node if len(given or ()) == 1 else node, client.kind, _options(client, given), "")
    return sent_with(node, client.kind, _options(client, given).joined(_later(evaluator, client, node)), "")


def _later(evaluator: Evaluator, client: Client, node: Node) -> Table:
    """Return what is done to a request after the call that began it, where the library allows that."""
    if client.kind not in ("https", "http", "request"):
        return Table()
    return evaluator.touches.chained(Client("ClientRequest", node), node).options


def _by_verb(evaluator: Evaluator, client: Client, name: str, given: Given, node: Node) -> Sent | None:
    """Return what `(url, options)` sends, or with axios `(url, body, options)`."""
    if (name not in VERBS and name not in _ALSO_DIRECT) or client.kind in ("Request", "URL", "URLSearchParams"):
        return None
    if given is not None and client.kind == "axios" and name in _WITH_BODY:
        given = (*given[:1], *given[2:])
    options = _options(client, given).joined(_later(evaluator, client, node))
    return sent_with(node, client.kind, options, VERBS.get(name, ""))


def _by_k6(_evaluator: Evaluator, client: Client, name: str, given: Given, node: Node) -> Sent | None:
    if given is not None and name in ("request", "asyncRequest"):
        verb, given = literal(given[0]) or "" if given else "", given[1:]
    else:
        verb = VERBS.get(name, "")
    if name not in VERBS and name not in ("request", "asyncRequest"):
        return None
    bodied = verb not in ("GET", "HEAD")
    cut = (*given[:1], *given[2 if bodied else 1 :]) if given is not None else None
    return sent_with(node, "k6", _options(client, cut), verb)


def _by_needle(_evaluator: Evaluator, client: Client, name: str, given: Given, node: Node) -> Sent | None:
    """Return what needle sends: `(url, body, options)`, without a body for those that have none."""
    if name not in VERBS and name.lower() not in VERBS:
        return None
    verb = VERBS[name if name in VERBS else name.lower()]
    bodied = verb in ("POST", "PUT", "PATCH", "DELETE")
    given = tuple(one for one in given if not is_callback(one)) if given is not None else None
    if not given or len(given) > 3:
        return None
    own = table(given[2] if len(given) > 2 and bodied else given[1] if len(given) > 1 and not bodied else None)
    if isinstance(own, Table) and len(given) > 2 and not bodied and isinstance(given[2], Table):
        own = table(given[2])
    return sent_with(node, "needle", client.options.joined(Table((("url", as_text(given[0])),))).joined(own), verb)


def _by_https(evaluator: Evaluator, client: Client, name: str, given: Given, node: Node) -> Sent | None:
    if name not in ("request", "get"):
        return None
    options = _options(client, given).joined(_later(evaluator, client, node))
    return sent_with(node, client.kind, options, "GET" if name == "get" else "")


def _by_xhr(evaluator: Evaluator, client: Client, name: str, given: Given, node: Node) -> Sent | None:
    """Return what an XMLHttpRequest sends that is opened, with all headers that are set on it anywhere."""
    if name != "open" or given is None or len(given) < 2 or client.node is None:
        return None
    made = evaluator.touches.chained(Client(client.kind, client.node), client.node)
    options = made.options.joined(Table((("url", as_text(given[1])),)))
    return sent_with(node, "XMLHttpRequest", options, literal(given[0]) or "")


def _by_superagent(evaluator: Evaluator, client: Client, name: str, given: Given, node: Node) -> Sent | None:
    """Return what a chain sends: it spans all of the chain."""
    made = evaluator.thing(node)
    if not isinstance(made, Client) or made.kind != "superagent.Request" or made.node is not node:
        return None
    return sent_with(_chain(node), "superagent", made.options, "")


def _chain(node: Node) -> Node:
    """Return the whole expression of the calls on a call."""
    parent = node.parent
    while parent is not None and parent.kind == "member_expression" and node.field == "object":
        call = parent.parent
        if call is None or call.kind != "call_expression" or parent.field != "function":
            break
        name = parent.get("property")
        if name is not None and name.text in ("then", "catch", "finally", "end"):
            break
        node, parent = call, call.parent
    return node


def _by_jquery(_evaluator: Evaluator, client: Client, name: str, given: Given, node: Node) -> Sent | None:
    if name == "ajax":
        return sent_with(node, "jquery", _options(client, given), "")
    if name not in ("get", "post", "getJSON") or given is None:
        return None
    own = request_options(given[:1])
    fields = given[1] if len(given) > 1 and name != "post" and isinstance(given[1], Table) else Table()
    options = client.options.joined(own).joined(Table((("params", fields),)))
    return sent_with(node, "jquery", options, VERBS[name])


def _by_undici(_evaluator: Evaluator, client: Client, name: str, given: Given, node: Node) -> Sent | None:
    if name not in ("request", "stream", "pipeline"):
        return None
    return sent_with(node, "undici", _options(client, given), "")


def _no_request(*_: object) -> None:
    return None


_BY_KIND: Mapping[str, Callable[[Evaluator, Client, str, Given, Node], Sent | None]] = {
    "https": _by_https,
    "http": _by_https,
    "XMLHttpRequest": _by_xhr,
    "superagent": _by_superagent,
    "jquery": _by_jquery,
    "undici": _by_undici,
    "undici.Client": _by_undici,
    "needle": _by_needle,
    "k6": _by_k6,
    "superagent.Request": _no_request,
    "ClientRequest": _no_request,
}


def _without_headers(name: str, given: Given, node: Node) -> Sent | None:
    """Return what a browser's object sends that takes no headers. Those for Node take some as another argument."""
    if not given:
        return None
    headers = Table(complete=len(given) == 1 or name == "navigator.sendBeacon")
    return Sent(node, name, as_text(given[0]), "POST" if "." in name else "GET", headers)


def call_of(request: Sent, in_page: bool) -> Call | None:
    """Return the call with the URL that leads to the API, None where none does."""
    if not isinstance(request.url, Text):
        return None
    found = [url for one in request.url.values if (url := url_of(one)) is not None and is_api(url.host)]
    if not found:
        return None
    url = next(filter(is_endpoint, found), found[0])
    query = tuple((name, value(as_text(thing))) for name, thing in request.params.entries)
    entries = dict.fromkeys(request.headers.entries)
    headers = tuple((name, _header(thing)) for name, thing in entries)
    whole = url._replace(query=url.query + query)
    shown = in_page and not any(name.lower() == "x-api-key" and _is_typed(one) for name, one in headers)
    node = request.node
    library = {"jquery": "jQuery", "http": "https"}.get(request.library, request.library)
    return Call(
        node.start, node.end, library, _plain(whole), request.method, headers, request.headers.complete, in_page=shown
    )


# Where a page has what its user gives it.
_TYPED = frozenset(["value", "prompt", "localStorage", "sessionStorage", "getItem", "FormData", "formData", "input"])


def _is_typed(one: Value) -> bool:
    return any(name in _TYPED for part in one.parts for name in part.names)


def _plain(url: Url) -> Url:
    return url._replace(path=url.path.replace("//", "/"))


def _header(thing: Thing) -> Value:
    return named() if isinstance(thing, Nothing) else value(as_text(thing))
