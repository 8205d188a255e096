"""How to tell: each reporter turns a report into text, and REPORTERS is the table of them.

Importing this room imports no reporter and no json: a hook pays only for the format that it prints.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from freddy_guard.model import Report


class Style(NamedTuple):
    """How a report for people looks: with ANSI colours or without, and how much it tells (0 or more)."""

    color: bool = False
    verbose: int = 0


PLAIN = Style()

Reporter = Callable[[Report, Style], Iterator[str]]


def _lazy(module: str) -> Reporter:
    def reporter(report: Report, style: Style) -> Iterator[str]:
        render: Reporter = importlib.import_module(f"{__name__}.{module}").render
        return render(report, style)

    return reporter


REPORTERS: dict[str, Reporter] = {
    "text": _lazy("text"),
    "json": _lazy("as_json"),
    "jsonl": _lazy("jsonl"),
    "sarif": _lazy("sarif"),
}


def write(report: Report, name: str, out: BinaryIO, style: Style = PLAIN, encoding: str = "utf-8") -> None:
    """Write a report in the named format to a binary stream.

    A terminal's encoding may lack characters: those are written as escapes, never as an error.
    """
    for chunk in REPORTERS[name](report, style):
        out.write(chunk.encode(encoding, "backslashreplace"))


def write_file(report: Report, name: str, path: str) -> None:
    """Write a report in the named format to a file, in UTF-8 and without colours. Raises OSError."""
    with open(path, "wb") as out:
        write(report, name, out)
