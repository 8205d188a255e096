"""What the API asks of a request: its hosts, and which credential each endpoint takes.

Source: the vendor's packages aitronos-sdk 5.0.0 (raw clients and docstrings) and freddy-backend-client 0.1.1, read in
November 2026. Whatever is not listed takes the key: "Pass your API key in the X-API-Key header on every request".
"""

from __future__ import annotations

import enum
import re
from functools import cache

from freddy_guard.rules.requests.call import HOLE, Url

HEADER = "X-API-Key"

# api., freddy-api., staging-api. are known; chat., docs. and flowplate. are no API hosts. A HOLE may stand for a stage.
_HOST = r"(?:[a-z0-9-]*(?:\0|[a-z0-9])-)?api\.aitronos\.(?:com|ch)"


class Credential(enum.Enum):
    """What an endpoint takes."""

    KEY = "an API key"
    TOKEN = "a user's token"  # noqa: S105 - the name of a kind
    NONE = "nothing, or something else, or not known"


# `{}` is one segment. Below /v1; a `*` is any method.
_NONE = """
POST /auth/dev-login /auth/google/authorize /auth/login /auth/logout /auth/password/forgot /auth/password/reset
POST /auth/password/reset/verify /auth/refresh /auth/register /auth/resend-code /auth/validate-email /auth/verify
POST /invitations/complete /user /user/username/check-availability /webhooks/composio
GET /auth/google/callback /config/auth-mode /connectors/pipeline/health /invitations/validate/{}
GET /avatars /avatars/{} /pricing-tiers /pricing-tiers/{} /reference/countries /reference/countries/{}/timezones
GET /reference/timezones /rules/public /streamline/templates/project /streamline/templates/repository
GET /user/profile/images/{} /organizations/{}/files/{}/download
GET /personal-connectors/auth/{} /personal-connectors/callback
* /health /health/{} /healthz /ping /status /version /openapi.json /docs /redoc
"""
_USERS = """
GET /auth/validate /icons/organizations/{} /icons/{} /user /user/deleted /user/devices /user/me /user/welcomedetails
POST /icons/organizations/{} /user/batch /user/profile/image /user/profile/image/url
PUT /auth/password/update /user/current-organization /user/username
PATCH /icons/organizations/{}/{} /user/profile
DELETE /icons/organizations/{}/{} /user/{}
"""
# Endpoints that take the key and have a variable where one above has a word: `/rules/{}` is hardly `/rules/public`.
_KEY = """
GET /rules/{} /user/{} /user/current
GET /personal-connectors/{}/tools /personal-connectors/{}/actions /personal-connectors/{}/health
"""


def is_api(host: str) -> bool:
    """Return whether a host, in lower case, is one of the API's."""
    return re.fullmatch(_HOST, host) is not None


def is_endpoint(url: Url) -> bool:
    """Return whether a URL leads to the API and below /v1."""
    return is_api(url.host) and re.match(r"/v1(?:/[^/]|\0)", url.path) is not None


def credential(method: str, path: str) -> Credential:
    """Return what the endpoint at a path takes. "" is a method that is not known, a HOLE what is not known of the path.

    Where a HOLE may stand for endpoints that take no key, and not for a variable of one that does, it is none. The
    exception is a path of which nothing is known: the key is right with nearly every endpoint.
    """
    if method == "OPTIONS":
        return Credential.NONE  # what a browser asks before a request carries no credential
    segments = (
        path.removeprefix("/v1").replace(HOLE, f"/{HOLE}", path.startswith(f"/v1{HOLE}")).rstrip("/").split("/")[1:]
    )
    verb = "GET" if method == "HEAD" else method
    candidates = [
        (pattern, kind)
        for verbs, pattern, kind in _table()
        if (not verb or verbs in (verb, "*")) and len(pattern) == len(segments)
    ]
    for pattern, kind in candidates:
        if all(map(_is_exactly, segments, pattern)):
            return kind
    if not segments or HOLE in segments[0]:
        return Credential.KEY
    possible = {kind for pattern, kind in candidates if all(map(_may_be, segments, pattern))}
    return Credential.NONE if Credential.NONE in possible else Credential.KEY


def _is_exactly(segment: str, pattern: str) -> bool:
    return bool(segment) if pattern == "{}" else segment == pattern


def _may_be(segment: str, pattern: str) -> bool:
    """Return whether a segment is that of the pattern, or could be with something else in its holes."""
    wild = "[^/]*".join(map(re.escape, segment.split(HOLE)))
    return bool(segment) if pattern == "{}" else re.fullmatch(wild, pattern) is not None


@cache
def _table() -> tuple[tuple[str, tuple[str, ...], Credential], ...]:
    """Return method, segments and credential of each endpoint listed, words before variables."""
    rows = [
        (verb, tuple(path.split("/")[1:]), kind)
        for listing, kind in ((_NONE, Credential.NONE), (_USERS, Credential.TOKEN), (_KEY, Credential.KEY))
        for line in listing.strip().splitlines()
        for verb, *paths in (line.split(),)
        for path in paths
    ]
    return tuple(sorted(rows, key=lambda row: row[1].count("{}")))
