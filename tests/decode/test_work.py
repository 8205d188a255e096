"""The work grows with the size of a file, not with its square: counted in calls, for seconds depend on the machine."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from tests.decode.looks import look
from tests.decode.worst import PATTERNS, grown

SIZE = 5_000


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called, those of the interpreter and of `re` too."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: ascii(pattern[:24].decode("latin-1")))
def test_twice_as_much_is_twice_the_work(pattern: bytes) -> None:
    small, large = grown(pattern, SIZE), grown(pattern, 2 * SIZE)
    look(large)  # patterns are compiled, modules imported
    assert calls(lambda: look(large)) < 2.3 * calls(lambda: look(small)) + 500


def test_words_that_end_like_the_prefix_are_not_worth_a_look() -> None:
    line = b"2026-05-04 INFO peak_memory = 12 MB, weak_ref&x=3%20 leak_count: break_even\n"
    assert calls(lambda: look(line * 2000)) < 20 * 2000
