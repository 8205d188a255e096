"""The last door before an output: masks what looks like a key, makes visible what could act on a terminal."""

from __future__ import annotations

import re

from freddy_guard.secret import mask

# No look at the edges: to mask a look-alike costs nothing here. The tail is for keys glued to each other: the
# `ak` of the second would pass as the end of the first, and its body would stay bare.
_KEY_SHAPED = r"ak_[A-Za-z0-9]{16,}(?:_[A-Za-z0-9]{16,})*"
_SURROGATE = "[\ud800-\udfff]"


def hide_keys(text: str) -> str:
    """Return the text with every key-shaped run masked and all else as it was."""
    if "ak_" not in text:
        return text
    return re.sub(_KEY_SHAPED, lambda run: mask(run[0].encode()), text)


def redact(text: str) -> str:
    r"""Return the text for a machine: keys masked, undecodable bytes as `\xNN`, hence valid Unicode."""
    return hide_keys(re.sub(_SURROGATE, lambda char: _visible(char[0]), text))


def printable(text: str) -> str:
    """Return the text for a person, on one line: keys masked, and as visible escapes all that does not print.

    That is undecodable bytes, control characters, line ends, overrides of the text's direction, zero-width
    characters, all spaces but the plain one. A text that went through once comes out as it is the next time.
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _visible(char) for char in text)
    return hide_keys(text)


def _visible(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # os.fsdecode hides the byte 0xNN as U+DCNN
        return f"\\x{code - 0xDC00:02x}"
    if 0x80 <= code <= 0xFF:  # a character, not that byte
        return f"\\u{code:04x}"
    return char.encode("unicode_escape").decode("ascii")
