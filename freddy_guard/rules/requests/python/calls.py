"""The calls of a program that send a request, each with all that is known of what it sends."""

from __future__ import annotations

import ast
from typing import NamedTuple

from freddy_guard.rules.requests.call import Call, Url, Value, named, url_of
from freddy_guard.rules.requests.python.agents import Given, authorization, canonical, given, joined_url
from freddy_guard.rules.requests.python.evaluate import Evaluator
from freddy_guard.rules.requests.python.library import pairs
from freddy_guard.rules.requests.python.program import position
from freddy_guard.rules.requests.things import (
    INCOMPLETE,
    Agent,
    Method,
    Nothing,
    Partial,
    Ref,
    Table,
    Text,
    Thing,
    Unknown,
    concatenated,
    literal,
    plain,
    value,
)
from freddy_guard.rules.requests.vendor import HEADER, is_api, is_endpoint

_VERBS = frozenset(["get", "post", "put", "patch", "delete", "head", "options"])
_LATER = {"to_thread": 0, "submit": 0, "run_in_executor": 1, "run_sync": 0, "create_task": -1}
_LIBRARIES = ("requests.Session", "httpx.Client", "httpx.AsyncClient", "aiohttp", "urllib3", "http.client")


_SENDING = (
    _VERBS
    | _LATER.keys()
    | frozenset(
        [
            *("request", "stream", "send", "ws_connect", "open", "urlopen", "urlretrieve", "putrequest"),
            *("request_encode_url", "request_encode_body", "AuthenticatedClient", "Aitronos"),
        ]
    )
)


class Sent(NamedTuple):
    """A request as a call makes it."""

    node: ast.Call
    library: str
    url: Thing
    method: str
    headers: Table
    params: Table = Table()


def may_send(node: ast.Call) -> bool:
    """Return whether a call may send a request, by the look of it: any name may stand for a library's function."""
    return isinstance(node.func, ast.Name | ast.Call) or (
        isinstance(node.func, ast.Attribute) and node.func.attr in _SENDING
    )


def sent(evaluator: Evaluator, node: ast.Call) -> Sent | None:
    """Return the request that a call sends, None where it sends none."""
    callee, arguments = evaluator.thing(node.func), given(evaluator, node)
    if isinstance(callee, Method) and callee.name == "putrequest":
        callee = callee._replace(owner=_finished(evaluator, node))
    if isinstance(callee, Partial):
        arguments = _after(given(evaluator, callee.node), arguments)
        callee = evaluator.thing(callee.node.args[0])
    if isinstance(callee, Ref):
        found = _by_function(canonical(callee.name), arguments, node)
        return _through_opener(evaluator, found) if found is not None else None
    if isinstance(callee, Method) and isinstance(callee.owner, Agent):
        return _by_agent(callee.owner, callee.name, arguments, node)
    return _by_thread(callee, arguments, node)


def _after(first: Given, rest: Given) -> Given:
    """Return the arguments of a call of what functools.partial made."""
    positional = first.positional[1:] + rest.positional
    return Given(positional, first.named.joined(rest.named), first.complete and rest.complete)


def _through_opener(evaluator: Evaluator, request: Sent) -> Sent:
    """Return a request as it leaves: urlopen goes through the opener that is installed, which may add anything."""
    installed = request.library == "urllib.request" and "install_opener" in evaluator.program.used
    return request._replace(headers=request.headers.joined(INCOMPLETE)) if installed else request


def _finished(evaluator: Evaluator, node: ast.Call) -> Thing:
    """Return the connection on which putrequest began a request, as it is when its headers end."""
    ends = (one for one in evaluator.program.attributes.get("endheaders", ()) if position(one) > position(node))
    begun = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    same = [end.value for end in ends if ast.unparse(end.value) == ast.unparse(begun)]
    return evaluator.thing(same[0]) if same else Unknown()


def _by_thread(callee: Thing, arguments: Given, node: ast.Call) -> Sent | None:
    """Return what a thread is told to send: `executor.submit(requests.get, url)`."""
    name = callee.names[-1] if isinstance(callee, Unknown) and callee.names else ""
    at = _LATER.get(name, -1)
    function = arguments.positional[at] if 0 <= at < len(arguments.positional) else None
    if not isinstance(function, Ref):
        return None
    return _by_function(canonical(function.name), arguments._replace(positional=arguments.positional[at + 1 :]), node)


def _by_function(name: str, arguments: Given, node: ast.Call) -> Sent | None:
    library, _, verb = name.rpartition(".")
    if name == "asyncio.to_thread":
        return _by_thread(Unknown(("to_thread",)), arguments, node)
    if library in ("requests", "httpx") and (verb in _VERBS or verb in ("request", "stream")):
        return _plain_call(library, verb, arguments, node)
    if name in ("aiohttp.request", "urllib3.request"):
        return _plain_call(library, "request", arguments, node)
    if name in ("urllib.request.urlopen", "urllib.request.urlretrieve"):
        return _opened(arguments, node, Table())
    if verb in ("AuthenticatedClient", "Aitronos") and ("freddy" in library or "aitronos" in library):
        return _vendors(verb, arguments, node)
    return None


def _plain_call(library: str, verb: str, arguments: Given, node: ast.Call) -> Sent:
    takes_method = verb in ("request", "stream")
    method = literal(arguments.get("method", 0)) or "" if takes_method else verb
    headers = arguments.headers().joined(authorization(arguments.get("auth")))
    url = arguments.get("url", int(takes_method)) or Unknown()
    params = pairs(arguments.get("params", 1 if library == "requests" and verb == "get" else -1))
    return Sent(node, library, url, method.upper(), headers, params)


def _by_agent(owner: Agent, name: str, arguments: Given, node: ast.Call) -> Sent | None:
    if owner.kind == "urllib.request.build_opener":
        return _opened(arguments, node, owner.headers) if name == "open" else None
    if name == "send":
        return _sent_later(owner, arguments)
    if owner.kind in ("requests.Request", "httpx.Request", "urllib.request.Request"):
        return None
    if name == "putrequest":
        method, url = literal(arguments.get("method", 0)) or "", arguments.get("url", 1) or Unknown()
        return Sent(node, "http.client", joined_url(owner, url), method.upper(), owner.headers)
    takes_method = name in ("request", "stream", "urlopen", "request_encode_url", "request_encode_body")
    if not takes_method and name not in _VERBS and name != "ws_connect":
        return None
    return _client_call(owner, name, takes_method, arguments, node)


def _client_call(owner: Agent, name: str, takes_method: bool, arguments: Given, node: ast.Call) -> Sent:
    method = literal(arguments.get("method", 0)) or "" if takes_method else name
    own = arguments.headers(3 if owner.kind.startswith("http.client") else -1)
    if owner.kind.startswith("urllib3.") and arguments.get("headers") is not None:
        headers = own  # they take the place of those of the pool
    else:
        headers = owner.headers.joined(own).joined(authorization(arguments.get("auth")))
    library = next(one for one in _LIBRARIES if owner.kind.startswith(one))
    fields = arguments.get("fields") if owner.kind.startswith("urllib3.") and method.upper() == "GET" else None
    params = owner.params.joined(arguments.params()).joined(pairs(fields))
    url = joined_url(owner, arguments.get("url", int(takes_method)) or Unknown())
    return Sent(node, library, url, method.upper() if name != "ws_connect" else "GET", headers, params)


def _opened(arguments: Given, node: ast.Call, headers: Table) -> Sent | None:
    """Return what urlopen or an opener sends: a URL, or a request that was made before."""
    target = arguments.get("url", 0) or arguments.get("fullurl") or Unknown()
    if isinstance(target, Agent):
        if target.kind != "urllib.request.Request":
            return None
        return Sent(target.node, "urllib.request", target.base, target.method, headers.joined(target.headers))
    data = arguments.get("data", 1)
    method = "GET" if data is None or isinstance(data, Nothing) else "POST"
    return Sent(node, "urllib.request", target, method, headers.joined(Table(complete=arguments.complete)))


def _sent_later(owner: Agent, arguments: Given) -> Sent | None:
    request = arguments.get("request", 0)
    if not isinstance(request, Agent) or request.kind not in ("requests.Request", "httpx.Request"):
        return None
    library = owner.kind if owner.kind in _LIBRARIES else request.kind.partition(".")[0]
    headers = request.headers if owner.headers.complete else request.headers.joined(INCOMPLETE)
    return Sent(request.node, library, request.base, request.method, headers, request.params)


def _vendors(name: str, arguments: Given, node: ast.Call) -> Sent | None:
    """Return what the vendor's clients send with each call. The generated one sends its token as a Bearer token."""
    base = arguments.get("base_url", 0 if name == "AuthenticatedClient" else -1)
    if base is None:
        return None
    url = concatenated((base, plain("/v1/"), Unknown())) if isinstance(base, Text) else Unknown()
    if name == "Aitronos":
        return Sent(node, "aitronos", url, "", Table(((HEADER, Unknown()),)))
    token, prefix = arguments.get("token") or Unknown(), arguments.get("prefix") or plain("Bearer")
    header = literal(arguments.get("auth_header_name") or plain("Authorization"))
    if header is None:
        return None
    credential = token if literal(prefix) == "" else concatenated((prefix, plain(" "), token))
    headers = Table(((header, credential),)).joined(arguments.headers())
    return Sent(node, "freddy_client", url, "", headers)


def call_of(request: Sent, span: tuple[int, int]) -> Call | None:
    """Return the call with the URL that leads to the API, None where none does."""
    if not isinstance(request.url, Text):
        return None
    found = [url for one in request.url.values if (url := url_of(one)) is not None and is_api(url.host)]
    if not found:
        return None
    url = next(filter(is_endpoint, found), found[0])
    query = tuple((name, value(thing)) for name, thing in request.params.entries)
    headers = tuple((name, _header(thing)) for name, thing in request.headers.entries)
    whole = url._replace(query=url.query + query)
    return Call(*span, request.library, _plain(whole), request.method, headers, request.headers.complete)


def _plain(url: Url) -> Url:
    return url._replace(path=url.path.replace("//", "/"))


def _header(thing: Thing) -> Value:
    """Return a header's value. None takes a header away in one library and fails in another: nothing is known."""
    return named() if isinstance(thing, Nothing) else value(thing)
