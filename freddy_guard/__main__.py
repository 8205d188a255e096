"""`python -m freddy_guard` and the `freddy-guard` command."""

from __future__ import annotations

import gc
import os
import sys


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit code of the contract."""
    gc.disable()  # imports make no garbage, and looking for it takes 3 ms; the scan switches it on again
    try:
        from freddy_guard.cli import run

        return run(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:  # before the command line could take care of it
        return 130
    finally:
        gc.freeze()  # nor is there garbage to look for at the exit, which takes 5 ms


def _import_nothing_from_here() -> None:
    """Look for modules nowhere where we stand, as `python -m` does first: it may hold a `click.py` or a `git/`.

    That is no defence against a stranger's folder, for it may hold a `freddy_guard/` too: `freddy-guard` is.
    """
    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if sys.path and sys.path[0] == os.getcwd() != ours:
        del sys.path[0]


if __name__ == "__main__":
    _import_nothing_from_here()
    sys.exit(main())
