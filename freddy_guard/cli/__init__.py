"""The command line: how it starts, and every way in which it can end."""

from __future__ import annotations

import os

from freddy_guard import __version__
from freddy_guard.cli.console import complain, discard_stdout, open_streams
from freddy_guard.errors import ExitCode, FreddyGuardError
from freddy_guard.redact import printable

PROGRAM, COMPLETION = "freddy-guard", "_FREDDY_GUARD_COMPLETE"
_FRAMES = 4  # of an internal error: enough to find it


def run(argv: list[str]) -> int:
    """Run the command line and turn every way it can end into an exit code and words for people."""
    open_streams()
    try:
        return int(_invoke(argv))
    except FreddyGuardError as error:
        complain(f"{PROGRAM}: {printable(str(error))}")
        return int(error.exit_code)
    except KeyboardInterrupt:
        complain(f"{PROGRAM}: interrupted; nothing is said of what was not read yet")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:  # -h and --version, which click writes itself; to be safe, not called clean
        discard_stdout()
        return int(ExitCode.INCOMPLETE)
    except Exception as error:  # whatever it is: no traceback and no text, for they could quote a key
        complain(_unexpected(error))
        return int(ExitCode.INCOMPLETE)


def _invoke(argv: list[str]) -> int:
    instruction = os.environ.get(COMPLETION)
    if instruction is None and argv[:2] == ["hook", "pre-commit"] and not any(arg.startswith("-") for arg in argv[2:]):
        # As git and the frameworks call it: names at most, nothing to parse. click would take half of the time.
        from freddy_guard.cli.committing import pre_commit
        from freddy_guard.cli.given import Options

        return pre_commit(tuple(argv[2:]), Options())
    from freddy_guard.cli.commands import complete, invoke

    return complete(instruction) if instruction else invoke(argv)


def _unexpected(error: Exception) -> str:
    places, frame = [], error.__traceback__
    while frame:
        places.append(f"{os.path.basename(frame.tb_frame.f_code.co_filename)}:{frame.tb_lineno}")
        frame = frame.tb_next
    return (
        f"{PROGRAM} {__version__}: an internal error: {type(error).__name__} at {', '.join(places[-_FRAMES:])}\n"
        "The scan is incomplete. Please report these lines: it is a bug of ours."
    )
