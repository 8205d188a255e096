"""FG301, FG302 and FG305: calls that the API answers with 401, for the key is not where it reads it."""

from __future__ import annotations

from freddy_guard.model import Confidence, Rule, Severity
from freddy_guard.rules.requests.rooms import GATE, detector, left_out

_REMEDY = (
    "Send the key in the X-API-Key header, and read it from the environment:",
    '  Python  headers={"X-API-Key": os.environ["FREDDY_API_KEY"]}',
    '  Node    headers: { "X-API-Key": process.env.FREDDY_API_KEY }',
    '  shell   -H "X-API-Key: $FREDDY_API_KEY"',
)

MISSING_HEADER = Rule(
    id="FG301",
    name="missing-header",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    message="a call of the API without X-API-Key",
    remedy=_REMEDY,
    description=(
        "A call of an endpoint that takes a credential, with headers that are fully known and hold neither X-API-Key "
        "nor Authorization: the API answers 401. Headers are those of the call, of the client object that makes it, "
        "and what is added to either later. Where any part of them is not known (a parameter, an import, a spread) "
        "the rule is silent. Endpoints that take no credential never count; for those that take a user's token alone "
        "the finding says so.\n\n"
        "Mocks, comments, constants, other hosts and endpoints outside of /v1 are no calls."
    ),
    keywords=(GATE,),
    leaves_out=left_out,
    detect=detector("FG301"),
    bad=(
        ("models.py", 'import requests\nrequests.get("https://api.aitronos.com/v1/models")\n'),
        (
            "ask.py",
            "import httpx\n"
            'with httpx.Client(base_url="https://api.aitronos.com/v1") as client:\n'
            '    client.post("/model/response", json={})\n',
        ),
    ),
    good=(
        (
            "models.py",
            "import os, requests\n"
            'requests.get("https://api.aitronos.com/v1/models", headers={"X-API-Key": os.environ["FREDDY_API_KEY"]})\n',
        ),
        ("given.py", 'import requests\nrequests.get("https://api.aitronos.com/v1/models", headers=given)\n'),
        ("login.py", 'import requests\nrequests.post("https://api.aitronos.com/v1/auth/login", json={})\n'),
        ("me.py", 'import requests\nrequests.get("https://api.aitronos.com/v1/user/me", auth=Bearer(token))\n'),
    ),
)

WRONG_HEADER = Rule(
    id="FG302",
    name="wrong-header",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    message="the API key is sent in another header than X-API-Key",
    remedy=_REMEDY,
    description=(
        "The API key in Authorization (Bearer, Token, Basic or bare), in a header with another name (Api-Key, ApiKey, "
        "X-APIKey, X_API_KEY, X-Api-Token), or as the token of a generated client, and no X-API-Key: the API answers "
        "401. Authorization: Bearer is right with a user's token, so only a value that is recognisably the API key "
        "counts: by its prefix, or by the name of the variable that it comes from."
    ),
    keywords=(GATE,),
    leaves_out=left_out,
    detect=detector("FG302"),
    bad=(
        (
            "models.py",
            "import os, requests\n"
            'KEY = os.environ["FREDDY_API_KEY"]\n'
            'requests.get("https://api.aitronos.com/v1/models", headers={"Authorization": f"Bearer {KEY}"})\n',
        ),
        (
            "threads.py",
            'import requests\nrequests.get("https://api.aitronos.com/v1/threads", headers={"Api-Key": key})\n',
        ),
    ),
    good=(
        (
            "me.py",
            "import requests\n"
            'requests.get("https://api.aitronos.com/v1/user/me", headers={"Authorization": f"Bearer {token}"})\n',
        ),
    ),
)

BAD_HEADER_VALUE = Rule(
    id="FG305",
    name="bad-header-value",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    message="X-API-Key is sent with a value that is no key",
    remedy=("X-API-Key takes the key alone, and the key comes from the environment: FREDDY_API_KEY.", *_REMEDY[1:]),
    description=(
        "X-API-Key is empty, a placeholder, text that nothing fills in (`${KEY}` in plain quotes, `{key}` without f, "
        "`$KEY` in single quotes of a shell), or has `Bearer ` before the key: the API answers 401. A short fixed "
        "value is a key of a test and no placeholder. In documentation placeholders are right."
    ),
    keywords=(GATE,),
    leaves_out=left_out,
    detect=detector("FG305"),
    bad=(
        (
            "models.py",
            'import requests\nrequests.get("https://api.aitronos.com/v1/models", headers={"X-API-Key": "{api_key}"})\n',
        ),
        (
            "threads.py",
            "import requests\n"
            'requests.get("https://api.aitronos.com/v1/threads", headers={"X-API-Key": f"Bearer {key}"})\n',
        ),
    ),
    good=(
        (
            "models.py",
            'import requests\nrequests.get("https://api.aitronos.com/v1/models", headers={"X-API-Key": f"{key}"})\n',
        ),
    ),
)
