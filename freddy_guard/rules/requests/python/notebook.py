"""Notebooks: their cells of code as one program, and where in the file each byte of it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from freddy_guard.rules.requests.code import Code
from freddy_guard.rules.requests.python.program import read

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)
_MAGIC = re.compile(rb"(?m)^[ \t]*[%!?][^\n]*|^[ \t]*[\w.]+\?+[ \t]*$")


def joined_cells(data: bytes) -> Code | None:
    """Return the code of a notebook, None where it is none. A cell that Python cannot read is left out."""
    try:
        notebook = json.loads(data)
        kinds = [cell["cell_type"] for cell in notebook["cells"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    source, starts, origins = bytearray(), [0], [0]
    for kind, strings in zip(kinds, _sources(data), strict=False):
        if kind == "code":
            _append(strings, source, starts, origins)
    return Code(bytes(source), starts, origins)


def _append(strings: list[tuple[int, bytes]], source: bytearray, starts: list[int], origins: list[int]) -> None:
    """Add a cell, each character with the place that it has in the file."""
    cell, places = bytearray(), []
    for start, raw in strings:
        at = start + 1
        for piece in _ESCAPE.findall(raw[1:-1].decode("utf-8", "replace")):
            char = json.loads(f'"{piece}"', strict=False).encode("utf-8", "replace")
            cell += char
            places += [at] * len(char)
            at += len(piece.encode())
    text = _MAGIC.sub(lambda magic: b"#" * len(magic[0]), bytes(cell))
    if read(text) is None:
        return
    for index, place in enumerate(places):
        starts.append(len(source) + index)
        origins.append(place)
    source += text + b"\n"


def _sources(data: bytes) -> Iterator[list[tuple[int, bytes]]]:
    """Yield the strings of the `source` of each cell, with where they stand: json tells no places."""
    depth, key, inside = 0, b"", -1
    found: list[tuple[int, bytes]] = []
    path: list[bytes] = []
    expects_key = False
    for token in _TOKEN.finditer(data):
        piece = token[0]
        if piece in (b"{", b"["):
            path.append(key if piece == b"{" else key + b"[")
            depth, expects_key = depth + 1, piece == b"{"
            if piece == b"{" and depth == 3 and path[1] == b"cells[":
                inside, found = depth, []
            key = b"" if piece == b"{" else key
        elif piece in (b"}", b"]"):
            if depth == inside and piece == b"}":
                yield found
                inside = -1
            depth -= 1
            path.pop()
        elif piece[:1] == b'"' and expects_key:
            key, expects_key = piece[1:-1], False
        elif piece == b",":
            expects_key = bool(path) and not path[-1].endswith(b"[")
        elif piece[:1] == b'"' and key == b"source" and inside > 0 and depth in (inside, inside + 1):
            found.append((token.start(), piece))
