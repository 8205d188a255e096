"""A secret in memory: it prints redacted, knows its fingerprint, and is revealed only on purpose."""

from __future__ import annotations

from typing import NoReturn

PREFIX = b"ak_"
SHOWN_HEAD, SHOWN_TAIL = 4, 2


class Secret:
    """The bytes of a key. Every way of printing it gives `redacted`; `reveal()` is the only way in."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        """Return the plaintext. Never let the result reach an output, a log, a cache or an exception."""
        return self._value

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the key's text, 64 hex digits: `printf %s "$KEY" | sha256sum` gives the same."""
        return digest(self._value)

    @property
    def redacted(self) -> str:
        """Return the form that may be shown: `ak_1a2b…9z (43 characters)`."""
        return f"{mask(self._value)} ({len(self._value)} characters)"

    def __repr__(self) -> str:
        return f"Secret({self.redacted})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never pickled or copied to disk")


def mask(value: bytes) -> str:
    """Return `value` without its middle: the prefix, four first and two last characters of the body are left."""
    body = value.removeprefix(PREFIX)
    if len(body) < 4 * (SHOWN_HEAD + SHOWN_TAIL):
        return (PREFIX if body is not value else b"").decode() + "…"
    head, tail = body[:SHOWN_HEAD], body[-SHOWN_TAIL:]
    return f"{PREFIX.decode()}{head.decode('ascii', 'replace')}…{tail.decode('ascii', 'replace')}"


def digest(*parts: bytes) -> str:
    """Return the SHA-256 of the parts joined by NUL, 64 hex digits."""
    # hashlib loads OpenSSL (9 ms of CPU): a hook that finds nothing must not pay for it.
    from hashlib import sha256

    return sha256(b"\0".join(parts)).hexdigest()
