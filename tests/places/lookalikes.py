"""Texts that look like a key and are none, each drawn anew: the other vendors, the placeholders, the tails of words."""

from __future__ import annotations

import string
from collections.abc import Callable

from tests.places.model import BASE36, HEX, Draw
from tests.support.keys import BASE62

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
URL_SAFE = BASE62 + "-_"
PREFIX = "ak_"
Make = Callable[[Draw], str]


def _size(draw: Draw) -> int:
    return draw.random.choice((39, 40))


def glued(before: str, alphabet: str = BASE62) -> Make:
    """Return how to draw a word that ends like the prefix, with a body of the right length behind it."""
    return lambda draw: before + PREFIX + draw.body(_size(draw), alphabet)


def followed(after: str) -> Make:
    return lambda draw: PREFIX + draw.body(_size(draw)) + after.replace("*", draw.body(8))


def sized(size: int, alphabet: str = BASE62) -> Make:
    return lambda draw: PREFIX + draw.body(size, alphabet)


def moded(mode: str, size: int, alphabet: str = BASE62) -> Make:
    return lambda draw: f"{PREFIX}{mode}_{draw.body(size, alphabet)}"


def fixed(text: str) -> Make:
    """Return a text that holds no key whatever is drawn; `@` stands for the prefix."""
    return lambda draw: text.replace("@", PREFIX)


def _parted(draw: Draw) -> str:
    """A token of 43 url-safe characters: somewhere before its 39th there is a hyphen or an underscore."""
    body = list(draw.body(40))
    body[draw.random.randint(5, 36)] = draw.random.choice("-_")
    return PREFIX + "".join(body)


def _blob(draw: Draw) -> str:
    """A url-safe blob with the prefix and letters enough behind it, in its middle."""
    return draw.body(30) + PREFIX + draw.body(_size(draw)) + draw.body(60, URL_SAFE)


def _jwt(draw: Draw) -> str:
    return f"eyJhbGciOiJIUzI1NiJ9.{draw.body(40, URL_SAFE)}x{_blob(draw)}.{draw.body(43, URL_SAFE)}"


def _camel(draw: Draw) -> str:
    words = "".join(draw.word().capitalize() for _ in range(9))
    return PREFIX + draw.word()[:4] + words[:35] + "1"


def _repeated(draw: Draw) -> str:
    piece = draw.body(draw.random.randint(2, 13))
    return PREFIX + (piece * 20)[: _size(draw)]


def _counted(draw: Draw) -> str:
    letters = string.ascii_lowercase + string.digits
    start = draw.random.randint(0, 20)
    return PREFIX + (letters * 3)[start : start + _size(draw)]


def _masked(draw: Draw) -> str:
    return PREFIX + draw.body(4) + draw.random.choice("*x•.") * 35


def one(char: str) -> Make:
    return lambda draw: PREFIX + char * _size(draw)


def word(text: str) -> Make:
    """Return how to draw a body that has a word in it which nobody's generator writes."""
    return lambda draw: PREFIX + draw.body(12) + text + draw.body(_size(draw) - 12 - len(text))


def cased(prefix: str) -> Make:
    return lambda draw: prefix + draw.body(_size(draw))


TAILS = ["pe", "le", "bre", "so", "we", "spe", "twe", "X", "z", "9", "_x", "A"]
PREFIXES = ["tl_", "docst_", "cev_1_", "c3_live_", "c", "b", "d", "w", "my-", "x__"]
MODES = ["live", "test", "prod", "dev", "production", "ac", "ios", "android", "pub"]
WORDS = ["EXAMPLE", "placeholder", "changeme", "redacted", "Sample", "dummy", "YourApiKey"]
PLACEHOLDERS = ["@your_api_key_here", "@your_key", "@...", "@xxx", "@<key>", "@YOUR-KEY", "@"]
TEMPLATES = (
    "`@${crypto.randomBytes(20).toString('hex')}`",
    "f'@{secrets.token_urlsafe(32)}'",
    'printf("@%s", buf)',
    "/^@[a-zA-Z0-9]{40}$/",
    "'@' + token_hex(20)",
    "@\\w{40}",
    "startswith('@')",
    "LIKE '@%'",
)
LOOKALIKES: tuple[tuple[str, Make], ...] = (
    *((f"word before: {text}", glued(text)) for text in TAILS),
    *((f"prefix of others: {text}", glued(text)) for text in PREFIXES),
    ("backup of a hash", glued("b", HEX)),
    ("class name", lambda draw: ".bre" + PREFIX + draw.body(32)),
    *((f"goes on: {text}", followed(text)) for text in ("_*", "__*", "_a", "_*_*")),
    *((f"{size} characters", sized(size)) for size in (3, 20, 27, 29, 32, 35, 36, 38, 41, 42, 44, 45, 48, 64, 100)),
    *((f"{size} hex digits", sized(size, HEX)) for size in (32, 38, 41, 48, 64, 128)),
    *((f"{size} base36", sized(size, BASE36)) for size in (32, 38, 44)),
    *((f"{size} base58", sized(size, BASE58)) for size in (48, 49, 50)),
    *((f"mode {mode}", moded(mode, 30)) for mode in MODES),
    *((f"mode {mode}, full length", moded(mode, 35)) for mode in MODES[:2]),
    ("mode and hex", moded("live", 32, HEX)),
    ("mode with a colon", lambda draw: f"{PREFIX}live:{draw.body(39)}"),
    ("url-safe token", _parted),
    ("url-safe blob", _blob),
    ("signed token", _jwt),
    *((f"wrong case {prefix}", cased(prefix)) for prefix in ("AK_", "Ak_", "aK_")),
    *((f"other prefix {prefix}", cased(prefix)) for prefix in ("ak-", "ak.", "ak", "sk_", "ak _", "a_k_")),
    *((f"only {char}", one(char)) for char in "xXa0_"),
    ("letters of one case", lambda draw: PREFIX + draw.body(_size(draw), string.ascii_lowercase)),
    ("capitals only", lambda draw: PREFIX + draw.body(_size(draw), string.ascii_uppercase)),
    ("digits only", lambda draw: PREFIX + draw.body(_size(draw), string.digits)),
    ("few characters", lambda draw: PREFIX + draw.body(_size(draw), "abc123")),
    ("repeated piece", _repeated),
    ("counted up", _counted),
    ("camel case", _camel),
    *((f"word in it: {text}", word(text)) for text in WORDS),
    ("masked", _masked),
    ("documented sample", fixed("@" + "1234567890abcdef" * 2 + "12345678")),
    ("documented sample, cut", fixed("@1234567890abcdef1234567890abcdef")),
    *((f"placeholder {text}", fixed(text)) for text in PLACEHOLDERS),
    *((f"template {text}", fixed(text)) for text in TEMPLATES),
    ("function names", fixed("validate_bre@return_continue_in_except_star_and_finally_clauses_of_try")),
    ("many words", fixed("le@detector pe@frontier_allocation_bytes keyclo@realm mlk_kecc@f1600_x1_scalar_aarch64_asm")),
)
