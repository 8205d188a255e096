"""A line on the terminal for scans that take a while."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from freddy_guard.model import Coverage

_PATIENCE = 1.0  # seconds before the first word
_INTERVAL = 0.2
_OBJECTS = ("commits", "trees", "blobs", "tags")


@contextmanager
def progress(coverage: Coverage, *, quiet: bool) -> Iterator[None]:
    """Show on stderr what was read so far, if a person watches and it takes over a second."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_show, args=(coverage, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _show(coverage: Coverage, done: threading.Event) -> None:
    shown = done.wait(_PATIENCE)
    if shown:
        return
    while not done.wait(_INTERVAL):
        line = (coverage.stage or _reading(coverage))[: _columns() - 1]  # one that wraps is not overwritten
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()
    sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()


def _reading(coverage: Coverage) -> str:
    read = coverage.read.copy()
    counts = [f"{count:,} {kind}" for kind, count in read.items() if kind != "bytes"]
    share = sum(read[kind] for kind in _OBJECTS) / coverage.expected if coverage.expected else 0
    return f"reading{f' {share:4.0%}' if share else ''}: {', '.join(counts)} ({read['bytes'] / 1e6:,.0f} MB)"


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80
