"""URLs put together from values of which parts are not known."""

from __future__ import annotations

import re

from freddy_guard.rules.requests.call import Value, text


def without_end(one: Value, chars: str) -> Value:
    """Return a value without these characters at its end."""
    last = one.parts[-1] if one.parts else None
    if last is None or last.text is None:
        return one
    return Value((*one.parts[:-1], last._replace(text=last.text.rstrip(chars))))


def resolved(base: Value, path: Value) -> Value:
    """Join as a browser does: a path with a slash replaces that of the base, one without its last segment."""
    if re.match(r"[A-Za-z][\w+.-]*:", path.pattern):
        return path
    whole = base.pattern
    root = re.match(r"[A-Za-z][\w+.-]*://[^/?#]*", whole)
    keep = len(root[0]) if root and path.pattern.startswith("/") else whole.rfind("/") + 1
    if root and keep < len(root[0]):
        return Value((*base.parts, *text("/").parts, *path.parts))
    return Value((*_head(base, keep).parts, *path.parts))


def origin(base: Value) -> Value:
    """Return scheme and host of a URL."""
    root = re.match(r"[A-Za-z][\w+.-]*://[^/?#]*", base.pattern)
    return _head(base, len(root[0])) if root else base


def beneath(base: Value, path: Value) -> Value:
    """Return a path behind a base, with one slash between them. What is not known may begin with one."""
    stem = without_end(base, "/")
    first = path.pattern[:1]
    return stem.joined(path) if first in ("/", "") else Value((*stem.parts, *text("/").parts, *path.parts))


def _head(one: Value, size: int) -> Value:
    """Return the first characters of a value, a part that is not known counted as one."""
    parts = []
    for part in one.parts:
        length = 1 if part.text is None else len(part.text)
        if size <= 0:
            break
        parts.append(part if part.text is None or length <= size else part._replace(text=part.text[:size]))
        size -= length
    return Value(tuple(parts))
