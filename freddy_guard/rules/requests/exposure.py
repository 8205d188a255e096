"""FG303, FG304 and FG306: calls that show the key to somebody else."""

from __future__ import annotations

from freddy_guard.model import Confidence, Rule, Severity
from freddy_guard.rules.requests.rooms import GATE, detector, left_out

KEY_IN_URL = Rule(
    id="FG303",
    name="key-in-url",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    message="the API key is in the URL",
    remedy=(
        "Send the key in the X-API-Key header; the API does not read it from the URL.",
        "Servers, proxies and browsers log URLs: rotate a key that was sent in one.",
    ),
    description=(
        "The API key in the query of a URL, written there or given as the client's parameters, or before the host. "
        "The API does not read it there, and whatever stands between writes URLs into its logs."
    ),
    keywords=(GATE,),
    leaves_out=left_out,
    detect=detector("FG303"),
    bad=(
        (
            "usage.py",
            'import requests\nrequests.get("https://api.aitronos.com/v1/models", params={"api_key": key})\n',
        ),
        (
            "jobs.py",
            "from urllib.request import urlopen\n"
            'urlopen(f"https://api.aitronos.com/v1/scrape/jobs?key={FREDDY_API_KEY}")\n',
        ),
    ),
    good=(
        (
            "models.py",
            'import requests\nrequests.get("https://api.aitronos.com/v1/models", params={"page": 2}, headers=given)\n',
        ),
    ),
)

INSECURE_TRANSPORT = Rule(
    id="FG304",
    name="insecure-transport",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    message="the API is called without TLS",
    remedy=(
        "Write https:// in the call, or in the constant that it uses.",
        "A key that went over http:// may have been read on the way: rotate it.",
    ),
    description=(
        "A call of an API host over http://, in the call itself or by the base URL that it uses: the key crosses the "
        "network in the clear. Other hosts, such as a local mock, do not count."
    ),
    keywords=(GATE,),
    leaves_out=left_out,
    detect=detector("FG304"),
    bad=(
        (
            "models.py",
            "import requests\n"
            'BASE = "http://api.aitronos.com/v1"\n'
            'requests.get(BASE + "/models", headers={"X-API-Key": key})\n',
        ),
    ),
    good=(
        ("local.py", '# https://api.aitronos.com\nimport requests\nrequests.get("http://localhost:8000/v1/models")\n'),
        ("base.py", 'BASE = "http://api.aitronos.com/v1"\n'),
    ),
)

CLIENT_SIDE_KEY = Rule(
    id="FG306",
    name="client-side-key",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    message="the API key is sent by the browser",
    remedy=(
        "Call the API on your server, with the key from FREDDY_API_KEY, and let the page call your server.",
        "A key that was published is known: rotate it.",
    ),
    description=(
        "X-API-Key is fed from a variable that the bundler writes into the page (NEXT_PUBLIC_, VITE_, REACT_APP_, "
        "EXPO_PUBLIC_, NUXT_PUBLIC_, GATSBY_, VUE_APP_, `$env/static/public`), or sent by a script that stands in the "
        "page itself: whoever opens the page can read the key."
    ),
    keywords=(GATE,),
    leaves_out=left_out,
    detect=detector("FG306"),
    bad=(
        (
            "build.py",
            "import os, requests\n"
            'key = os.environ["NEXT_PUBLIC_FREDDY_API_KEY"]\n'
            'requests.get("https://api.aitronos.com/v1/models", headers={"X-API-Key": key})\n',
        ),
    ),
    good=(
        (
            "build.py",
            "import os, requests\n"
            'key = os.environ["FREDDY_API_KEY"]\n'
            'requests.get("https://api.aitronos.com/v1/models", headers={"X-API-Key": key})\n',
        ),
    ),
)
