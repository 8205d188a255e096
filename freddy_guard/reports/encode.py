"""JSON that is safe to print: strings are redacted on the way in, the invisible is escaped on the way out."""

from __future__ import annotations

import json
import re

from freddy_guard.redact import redact

# json leaves these as they are, yet terminals act on them and some readers of lines take them for line ends.
_INVISIBLE = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def dumps(value: object, indent: int | None = None) -> str:
    """Return the value as JSON, its keys in their given order: compact, or indented for reading."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(_redacted(value), ensure_ascii=False, indent=indent, separators=separators)
    return _INVISIBLE.sub(lambda char: json.dumps(char[0])[1:-1], text)


def _redacted(value: object) -> object:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {_redacted(key): _redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(item) for item in value]
    return value
