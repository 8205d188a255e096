"""FG101 and FG102: a Freddy key in plaintext, and a value that was meant to be one.

The shape, its edges and the conditions were measured over 90 GB of packages and histories; docs/rules.md says how.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from freddy_guard.model import Confidence, Document, Match, Place, Rule, Severity
from freddy_guard.rules.placeholders import is_placeholder
from freddy_guard.secret import PREFIX, Secret

# The vendor's page says 42 characters in all, its own sample has 43: both lengths are keys.
LENGTHS = (39, 40)
SAMPLE = b"1234567890abcdef" * 2 + b"12345678"  # the documentation's sample, which is no secret

# Patterns are compiled at their first use (re keeps them): a hook that meets no key compiles none.
# Literal first: a lookbehind in front of the literal makes the same search twenty times slower.
_SHAPE = rb"ak_[A-Za-z0-9]{36,45}"
_LEFT_SIZE = 32
_LEFT = rb"""(?x)(?: \A | [^A-Za-z0-9_-]                    # nothing glued on the left
          | (?:\\|%(?:25)*5[cC])[nrtfvabe0]                 # an escape's last letter is not a letter
          | %(?:25)*[0-9A-Fa-f]{2} | %(?:25)*u[0-9A-Fa-f]{4}
          | \\x[0-9A-Fa-f]{2} | \\u+[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8} | \\[xu]\{[0-9A-Fa-f]{1,8}\} | \\[0-7]{3}
          | =(?:3D|20|22|27|0A|0D|09)                       # quoted-printable
          | _x[0-9A-F]{4}_ | \#0[0-7]{2}                    # as Office and syslog write characters
          | \[[0-9;:]{1,16}[mK]                             # ANSI colour, as text
          | (?:\x1b|\x9b|\\(?:e|x1[bB]|033|u001[bB]))(?:\[?[0-9;:?]*|\([0-9A-Z]?)[A-Za-z]   # and any terminal sequence
          | (?:\A | [^A-Za-z0-9_-] | \\[nrtfv])[_-]{1,2}    # _key_ and -key in a patch, but not x_ak_
        )\Z"""
_RIGHT = rb"[A-Za-z0-9]|_+[A-Za-z0-9]"  # the token goes on; a hyphen may follow (`<key>-prod`)

_CONTEXT = rb"(?i)freddy|aitronos"
_HEADER = rb"(?i)x-api-key"
_OTHER_VENDORS = (
    rb"(?i)ideal.?postcodes|longcat|meituan|composio|pagar\.?me|arkheia|arkova|apibase|autousers|canopy|agentexchange|"
    rb"artifacta|armoriq|alphamolt|meetergo|agentcall|signalseal|automatos|clerk|antchain|ngrok|aeternity|redfox|"
    rb"apito|proofslip|khpay|oddsockets|axonpush|modal\.com"
)

ROTATION = (
    "Rotate the key now; removing it from the file does not make it secret again:",
    "  1. create a new key in Freddy (https://chat.aitronos.com, Settings -> API Keys)",
    "  2. update your applications; read the key from the environment: FREDDY_API_KEY",
    "  3. test in staging  4. deploy to production  5. delete the old key",
)


def tokens(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the span of every token of a key's shape, 36 to 44 characters after the prefix, edges checked."""
    for shape in re.finditer(_SHAPE, data):
        start, end = shape.span()
        if end - start - len(PREFIX) > 44 or re.match(_RIGHT, data[end : end + 64]):
            continue
        if re.search(_LEFT, data[max(0, start - _LEFT_SIZE) : start]) and not _is_placeholder(data[start:end]):
            yield start, end


def _is_placeholder(token: bytes) -> bool:
    body = token[len(PREFIX) :]
    return body != SAMPLE and is_placeholder(body)


def key_spans(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the span of every key: right length, right edges, no placeholder, not the documentation's sample."""
    for start, end in tokens(data):
        if end - start - len(PREFIX) in LENGTHS and data[start + len(PREFIX) : end] != SAMPLE:
            yield start, end


def _detect_key(document: Document) -> Iterator[Match]:
    data = document.data
    for start, end in tokens(data):
        if end - start - len(PREFIX) not in LENGTHS:
            continue
        secret = Secret(data[start:end])
        if data[start + len(PREFIX) : end] == SAMPLE:
            message = "the documentation's sample key, not a secret"
            yield Match(start, end, secret, Severity.NOTE, Confidence.HIGH, message)
        else:
            confidence, message = _opinion(document, start, end)
            yield Match(start, end, secret, confidence=confidence, message=message)


def _opinion(document: Document, start: int, end: int) -> tuple[Confidence, str]:
    """Return how sure we are that the key is Freddy's. It is a leaked key in any case, so never silence."""
    if vendor := re.search(_OTHER_VENDORS, _line(document.data, start, end)):
        name = vendor[0].decode("ascii", "replace")
        return Confidence.MEDIUM, f"a Freddy-shaped API key; {name} on the line says it may be another vendor's"
    if in_context(document):
        return Confidence.HIGH, "a Freddy API key in plaintext"
    return Confidence.MEDIUM, "a Freddy-shaped API key in plaintext"


def in_context(document: Document) -> bool:
    """Return whether the file or its path speaks of Freddy, in the clear or in what this was decoded from."""
    inner: Document | None = document
    while inner is not None:
        if _speaks_of_freddy(inner.data):
            return True
        inner = inner.outer
    return bool(re.search(_CONTEXT, document.origin.path.encode("utf-8", "surrogateescape")))


@lru_cache(maxsize=4)
def _speaks_of_freddy(data: bytes) -> bool:
    # Asked for each key of a file, answered once: bytes keep their hash, and the file at hand is found by identity.
    return re.search(_CONTEXT, data) is not None


def _line(data: bytes, start: int, end: int) -> bytes:
    left = data.rfind(b"\n", max(0, start - 400), start) + 1 or max(0, start - 400)
    right = data.find(b"\n", end, end + 400)
    return data[left : right if right >= 0 else end + 400]


def _detect_malformed(document: Document) -> Iterator[Match]:
    data = document.data
    # A blob of a history has no path yet when it is first looked at: its path may be what speaks of Freddy.
    undecided = not document.origin.path and document.origin.place is Place.FILE
    context = None if undecided else False
    for start, end in tokens(data):
        size = end - start - len(PREFIX)
        if size in LENGTHS:
            continue
        if context is False:
            context = in_context(document)
        if context is False and not re.search(_HEADER, _line(data, start, end)):
            continue
        message = f"a key of {size} characters after ak_ where a Freddy key has 39 or 40: cut or doubled while pasting?"
        yield Match(start, end, Secret(data[start:end]), message=message)


HARDCODED_KEY = Rule(
    id="FG101",
    name="hardcoded-key",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    message="a Freddy API key in plaintext",
    remedy=(*ROTATION, "A key that was never real: write `freddy-guard: allow FG101 -- why` beside it."),
    description=(
        "`ak_` and 39 or 40 letters and digits, with nothing glued to either side. An error everywhere, in tests and "
        "documentation too: a random key is a key wherever it stands. Confidence is high when the file or its path "
        "names Freddy or Aitronos, medium otherwise. Placeholders are no keys; the documentation's own sample key "
        "is a note."
    ),
    keywords=(PREFIX,),
    detect=_detect_key,
    bad=(
        ("app.py", 'client = Aitronos(api_key="<key>")'),
        (".env", "FREDDY_API_KEY=<key:39>\n"),
        ("cell.ipynb", '"print(1)\\n<key>"'),
        ("deploy.log", "key=%3D<key>&next"),
        ("README.md", "_<key>_ is the key"),
    ),
    good=(
        (".env.example", "FREDDY_API_KEY=ak_your_api_key_here\n"),
        ("cache.py", 'name = "bre<key>"'),
        ("build.sh", "cp db x_<key>"),
        ("README.md", "ak_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("client.py", 'api_key = os.environ["FREDDY_API_KEY"]'),
    ),
)

MALFORMED_KEY = Rule(
    id="FG102",
    name="malformed-key",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    message="a value of a Freddy key's shape but not of its length",
    remedy=(
        "A Freddy key is ak_ and 39 or 40 letters and digits. A cut one answers 401, and most of it has leaked:",
        "rotate the key it was copied from (Settings -> API Keys), and read it from FREDDY_API_KEY.",
    ),
    description=(
        "`ak_` and 36 to 44 letters and digits but not 39 or 40, in a file that names Freddy or Aitronos, or in an "
        "`X-API-Key` header: a key that was cut or doubled while it was pasted. Other lengths belong to other vendors "
        "and stay silent."
    ),
    keywords=(PREFIX,),
    detect=_detect_malformed,
    bad=((".env", "FREDDY_API_KEY=<key:38>\n"), ("a.sh", 'curl -H "X-API-Key: <key:36>" https://api.aitronos.com')),
    good=(("a.txt", "token <key:38>"), (".env", "FREDDY_API_KEY=<key:64>\n"), (".env", "FREDDY_API_KEY=<key:29>\n")),
)
