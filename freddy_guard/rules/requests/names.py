"""What names and texts say: which of them is the API key, which a user's token, which a placeholder."""

from __future__ import annotations

import re

from freddy_guard.rules.requests.call import Part, Value

_WORD = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+"
_TOKEN_WORDS = frozenset(
    ["token", "tokens", "jwt", "bearer", "session", "access", "refresh", "oauth", "id", "user", "cookie", "password"]
)
_OTHER_KEYS = frozenset(["public", "private", "signing", "secret", "ssh", "cache", "primary", "foreign", "encryption"])
_OURS = frozenset(["freddy", "aitronos"])

# What a bundler writes into the pages that it builds, by the begin of the name.
PUBLISHED = (
    *("NEXT_PUBLIC_", "VITE_", "REACT_APP_", "EXPO_PUBLIC_", "NUXT_PUBLIC_", "NUXT_ENV_", "GATSBY_", "VUE_APP_"),
    *("PUBLIC_", "PARCEL_PUBLIC_", "SNOWPACK_PUBLIC_", "NG_APP_", "STORYBOOK_", "RSBUILD_PUBLIC_"),
)

# A text that stands for a key which somebody should have put there.
_PLACEHOLDERS = (
    r"[<\[{(].*[>\]})]",
    r"(?:ak_)?[xX]{3,}|(?:ak_)?(?:[*.…]|\.\.)+|ak_[xX]*",
    r"(?:ak[_-])?(?:your|insert|enter|put|paste|replace)[\W_].*|ak[_-](?:example|sample)\w*|my[_-]?(?:\w+[_-])?api[_-]?key",
    r"(?:ak[_-])?(?:your|insert|enter|put|paste|replace)\w*(?:key|token|here|me|secret)\w*",
    r".*(?:change|replace)[_-]?me.*|.*(?:key|token)[_ -]?(?:goes[_ -]?)?here.*|.*placeholder.*",
    r"(?:freddy|aitronos|x)?[_-]?api[_-]?key(?:[_-]value)?",
    r"todo|fixme|tbd|none|null|undefined|redacted",
)
# What one language or tool fills in, and another takes as it stands.
_UNEXPANDED = (
    r"\$\{[^}]*\}|\$\([^)]*\)|\$env:\w+|\$[A-Za-z_]\w*",
    r"\{\{[^}]*\}\}|\{[A-Za-z_][\w.\[\]\"'()]*\}|\{\}|#\{[^}]*\}",
    r"%\([A-Za-z_]\w*\)s|%[A-Za-z_]\w*%|%s|<%=.*?%>|\\\([A-Za-z_][\w.]*\)|@[A-Z_]+@",
)
# The key itself, or a text that says where the key belongs.
_KEY_TEXT = (
    r"(?<![A-Za-z0-9])ak_\w{3,}"
    r"|(?i:\b(?:your|my)[_ -]?(?:(?:freddy|aitronos)[_ -]?)?api[_ -]?key\b|[<{\[]api[_ -]?key[>}\]])"
    r"|\$\{?(?:FREDDY|AITRONOS)_API_KEY\b"
)


def words(name: str) -> list[str]:
    """Return the words of a name in snake, kebab, camel or capital case, in lower case."""
    return [word.lower() for word in re.findall(_WORD, name)]


def is_key(value: Value, *, surely: bool = False) -> bool:
    """Return whether a value is recognisably the API key, whatever stands around it.

    `surely`: a name that is nothing but `key` does not do; beside an Authorization header it does.
    """
    return any(_part_is_key(part, surely) for part in value.parts)


def _part_is_key(part: Part, surely: bool) -> bool:
    if part.text is not None:
        return re.search(_KEY_TEXT, part.text) is not None
    for name in reversed(part.names):
        said = _says_key(name)
        if said is None and words(name) == ["key"] and not surely:
            return True
        if said is not None:
            return said
    return False


def _says_key(name: str) -> bool | None:
    """Return whether a name says that it is the API key, None where it does not say."""
    said = words(name)
    joined = "".join(said)
    if not _TOKEN_WORDS.isdisjoint(said) and "apikey" not in joined:
        return False
    if "apikey" in joined or (not _OURS.isdisjoint(said) and "key" in said):
        return True
    if not _OTHER_KEYS.isdisjoint(said):
        return False
    return None


def published(value: Value) -> str:
    """Return the name of a variable that a bundler publishes and that this value comes from, "" without one."""
    names = (name for part in value.parts for name in part.names)
    return next((name for name in names if name.startswith(PUBLISHED)), "")


def is_placeholder(literal: str) -> bool:
    """Return whether a text stands for a key that somebody should have put there. A short fixed value is none."""
    return re.fullmatch("|".join(_PLACEHOLDERS), literal.strip(), re.IGNORECASE) is not None


def is_unexpanded(literal: str) -> str:
    """Return the piece of a text that was to be filled in by a language that does not do so here, "" without one."""
    match = re.search("|".join(_UNEXPANDED), literal)
    return match[0] if match else ""
