"""Collections of Postman: requests with the headers and the authorization that they have or inherit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from freddy_guard.rules.requests.call import Call, Value, joined, text, url_of
from freddy_guard.rules.requests.documents.http import value_of

_DEEP = 30
Headers = list[tuple[str, Value]]


def calls(data: bytes) -> Iterator[Call]:
    """Yield the requests of a collection, none for other JSON."""
    try:
        collection = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(collection, dict) or not isinstance(collection.get("item"), list) or "info" not in collection:
        return
    known = {str(one.get("key")): str(one.get("value") or "") for one in _dicts(collection.get("variable"))}
    at = 0
    for request, auth, scripted in _requests(collection, None, False, 0):
        raw = _raw(request.get("url"))
        written = json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace")
        start = max(data.find(written, at), 0)
        at = start + 1 if start else at
        call = _call(request, auth, raw, known)
        if call is not None and start:
            yield call._replace(start=start, end=start + len(written), complete=call.complete and not scripted)


def _dicts(value: object) -> list[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _requests(
    node: Mapping[str, object], auth: object, scripted: bool, depth: int
) -> Iterator[tuple[dict[str, object], object, bool]]:
    """Yield each request with the authorization that it inherits, and whether a script may change its headers."""
    auth = node.get("auth") or auth
    scripted = scripted or "headers" in json.dumps(node.get("event") or "")
    request = node.get("request")
    if isinstance(request, dict):
        yield request, request.get("auth") or auth, scripted
    if depth < _DEEP:
        for item in _dicts(node.get("item")):
            yield from _requests(item, auth, scripted, depth + 1)


def _raw(url: object) -> str:
    raw = url.get("raw") if isinstance(url, dict) else url
    return raw if isinstance(raw, str) else ""


def _call(request: Mapping[str, object], auth: object, raw: str, known: Mapping[str, str]) -> Call | None:
    headers, complete = list[tuple[str, Value]](), isinstance(request.get("header", []), list)
    for one in _dicts(request.get("header")):
        if not one.get("disabled"):
            headers.append((str(one.get("key") or ""), value_of(str(one.get("value") or ""), known)))
    url = value_of(raw, known)
    if isinstance(auth, dict):
        sent, query, certain = _authorization(auth, known)
        headers, complete = [*sent, *headers], complete and certain
        url = joined((url, text("&" if "?" in raw else "?"), query)) if query is not None else url
    taken = url_of(url if "://" in url.pattern else joined((text("//"), url)))
    method = str(request.get("method") or "GET").upper()
    return Call(0, 0, "", taken, method, tuple(headers), complete) if taken is not None else None


def _authorization(auth: Mapping[str, object], known: Mapping[str, str]) -> tuple[Headers, Value | None, bool]:
    """Return the headers that an authorization sends, its field of the query, and whether it is understood."""
    kind = str(auth.get("type") or "noauth")
    told = auth.get(kind)
    fields = told if isinstance(told, dict) else {str(one.get("key")): one.get("value") for one in _dicts(told)}
    said = {name: value_of(str(value), known) for name, value in fields.items() if value is not None}
    if kind == "noauth":
        return [], None, True
    if kind == "bearer":
        return [("Authorization", joined((text("Bearer "), said.get("token", Value()))))], None, True
    if kind == "basic":
        user = joined((said.get("username", Value()), text(":"), said.get("password", Value())))
        return [("Authorization", joined((text("Basic "), user)))], None, True
    name = said.get("key", Value()).literal
    if kind != "apikey" or not name:
        return [], None, False
    value = said.get("value", Value())
    if str(fields.get("in")) == "query":
        return [], joined((text(f"{name}="), value)), True
    return [(name, value)], None, True
