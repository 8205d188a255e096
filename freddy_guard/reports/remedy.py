"""What to do next: a rule's remedy with the paths at hand, quoted so that its commands can be pasted."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from freddy_guard.model import Rule
from freddy_guard.redact import hide_keys, printable

PATHS_SHOWN = 5


def steps(rule: Rule, paths: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the remedy. One with `{path}` comes once per path, and never where there is none."""
    distinct = [path for path in dict.fromkeys(paths) if path]
    for line in rule.remedy:
        if "{path}" not in line:
            yield line
            continue
        for path in distinct[:PATHS_SHOWN]:
            yield line.replace("{path}", shell_quoted(path))
        if len(distinct) > PATHS_SHOWN:
            indent = line[: len(line) - len(line.lstrip())]
            yield f"{indent}… and {len(distinct) - PATHS_SHOWN} more"


def shell_quoted(path: str) -> str:
    """Return the path as one word of a shell, in printable characters. A key in it is masked all the same.

    What does not print is written in the `$'...'` form of bash, zsh and POSIX 2024.
    """
    if path.isprintable():
        return shlex.quote(hide_keys(path))
    escaped = path.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{printable(escaped)}'"
