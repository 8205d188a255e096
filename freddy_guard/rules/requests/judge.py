"""One judge for all languages: a call, and what is wrong with it. What is not known is no reason to speak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from freddy_guard.model import Match
from freddy_guard.rules.requests import fixes
from freddy_guard.rules.requests.call import Call, Value
from freddy_guard.rules.requests.names import is_key, is_placeholder, is_unexpanded, published
from freddy_guard.rules.requests.vendor import HEADER, Credential, credential, is_api, is_endpoint

MISSING, WRONG, IN_URL = "FG301", "FG302", "FG303"
INSECURE, BAD_VALUE, CLIENT_SIDE = "FG304", "FG305", "FG306"

# The API key by a name that is not the header's, as people write it from memory or for another vendor.
_MISNAMED = frozenset(
    (
        *("apikey", "xapikey", "xapitoken", "apitoken", "xauthapikey", "xfreddyapikey", "freddyapikey"),
        *("xaitronosapikey", "aitronosapikey", "xfreddykey", "xaccesskey", "xkey", "xfreddytoken", "httpxapikey"),
    )
)
_KEY_FIELDS = frozenset(["apikey", "xapikey", "freddyapikey", "aitronosapikey", "freddykey", "aitronoskey", "apitoken"])
_OTHER_KEYS = frozenset(["authorization", "idempotencykey", "xidempotencykey", "surrogatekey", "xrequestid"])
_LOWER = HEADER.lower()


class Verdict(NamedTuple):
    """What is wrong with a call: a rule's id, what was seen, and why it fails."""

    rule: str
    message: str


def judge(call: Call, code: str) -> Iterator[tuple[str, Match]]:
    """Yield the rule's id and the match for what is wrong with a call, whose text is `code`."""
    for verdict in _verdicts(call):
        identity = (" ".join(code.split()),)
        takes_token = credential(call.method, call.url.path) is Credential.TOKEN
        fix = "" if takes_token and verdict.rule == MISSING else fixes.fix(call, verdict.rule)
        yield verdict.rule, Match(call.start, call.end, message=verdict.message, identity=identity, fix=fix)


def _verdicts(call: Call) -> Iterator[Verdict]:
    if not is_api(call.url.host):
        return
    if call.url.scheme in ("http", "ws"):
        seen = f"{call.url.shown} is called without TLS: the key crosses the network in the clear"
        yield Verdict(INSECURE, seen)
    primary = _in_url(call)
    if primary is None and is_endpoint(call.url):
        primary = _with_header(call) if _has(call, _LOWER) else _without_header(call)
    if primary is not None:
        yield primary


def _in_url(call: Call) -> Verdict | None:
    url = call.url
    if url.userinfo is not None and is_key(url.userinfo):
        return Verdict(IN_URL, f"the API key stands before the host of {url.shown}: {_LOGGED}")
    for name, value in url.query:
        plain = _plain(name)
        bare = plain == "key" and not _has(call, _LOWER) and is_key(value)  # beside the header it sorts or selects
        if value.parts and (plain in _KEY_FIELDS or bare or is_key(value, surely=True)):
            return Verdict(IN_URL, f"the API key is in the query of {url.shown} (?{name}=): {_LOGGED}")
    return None


_LOGGED = f"servers and proxies log URLs, and the API reads it from {HEADER}"


def _with_header(call: Call) -> Verdict | None:
    value = next(value for name, value in reversed(call.headers) if name.lower() == _LOWER)
    if name := published(value):
        return Verdict(CLIENT_SIDE, f"{HEADER} comes from {name}, which the bundler writes into the page: {_READABLE}")
    if call.in_page:
        return Verdict(CLIENT_SIDE, f"{HEADER} is sent by a script in the page: {_READABLE}")
    if credential(call.method, call.url.path) is Credential.NONE:
        return None
    problem = _bad_value(value, call.documented)
    return Verdict(BAD_VALUE, f"{HEADER} {problem}: the API answers 401") if problem else None


_READABLE = "whoever opens it can read the key"


def _bad_value(value: Value, documented: bool) -> str:
    """Return what is wrong with the header's value, "" where nothing is known to be."""
    if value.pattern.lower().startswith(("bearer ", "token ", "basic ")):
        return f"has {value.pattern.split()[0]} before the key; it takes the key alone"
    literal = value.literal
    if literal is None:
        return ""
    piece = is_unexpanded(literal)
    if piece and (piece.startswith("$") or not documented):
        return f"is the text {piece}, which nothing fills in here"
    if documented:
        return ""
    if not literal.strip():
        return "is empty"
    return "is a placeholder" if is_placeholder(literal) else ""


def _without_header(call: Call) -> Verdict | None:
    takes = credential(call.method, call.url.path)
    if not call.complete or takes is Credential.NONE:
        return None
    for name, value in call.headers:
        plain = _plain(name)
        if plain in _MISNAMED or (plain not in _OTHER_KEYS and is_key(value, surely=True)):
            return Verdict(WRONG, f"the API key is sent as {name}: the API reads it from {HEADER} and answers 401")
    authorization = next((value for name, value in call.headers if name.lower() == "authorization"), None)
    if authorization is not None:
        return _authorization(authorization)
    return Verdict(MISSING, _missing(call, takes))


def _authorization(value: Value) -> Verdict | None:
    """Return what is wrong with an Authorization header. A token in it is right unless it is recognisably the key."""
    if not is_key(value):
        return None
    scheme, _, rest = value.pattern.partition(" ")
    scheme = scheme if rest else ""
    seen = "basic auth" if scheme.lower() == "basic" else f"Authorization{f': {scheme}' if scheme.isalpha() else ''}"
    return Verdict(WRONG, f"the API key is sent as {seen}: the API reads it from {HEADER} and answers 401")


def _missing(call: Call, takes: Credential) -> str:
    what = f"{call.method} {call.url.shown}".strip()
    names = ", ".join(dict.fromkeys(name for name, _ in call.headers))
    sent = f"with {names} but without" if names else "without"
    if takes is Credential.TOKEN:
        return (
            f"{what} is sent {sent} a credential: it takes a user's token (Authorization: Bearer), else it answers 401"
        )
    return f"{what} is sent {sent} {HEADER}: the API answers 401"


def _has(call: Call, header: str) -> bool:
    return any(name.lower() == header for name, _ in call.headers)


def _plain(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())
