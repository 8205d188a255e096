"""`python -m freddy_guard` and the `freddy-guard` command."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code of the contract."""
    gc.disable()  # imports make no garbage, and looking for it takes 3 ms; the scan switches it on again
    from freddy_guard.cli import run

    return run(list(sys.argv[1:] if argv is None else argv))


if __name__ == "__main__":
    sys.exit(main())
