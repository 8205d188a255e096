"""Configuration: what a TOML table may say, what it means, and from which file and line each value came."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from freddy_guard.errors import UsageError
from freddy_guard.redact import printable

DEDICATED, SHARED = ".freddy-guard.toml", "pyproject.toml"
TABLE = "freddy-guard"
_NAMES = ("fail-on", "ignore", "disable", "baseline", "respect-gitignore", "format")
FAIL_ON = ("error", "warning", "note", "never")

_MENTION = rb"freddy[-_]guard"
_HEADER = r"(?m)^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*[\"']?freddy-guard[\"']?[ \t]*\]"


class Config(NamedTuple):
    """All that can be configured. `origins` tells the file and line of each TOML key, or `default`."""

    fail_on: str = "warning"
    ignore: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()
    baseline: str = ".freddy-guard-baseline.jsonl"
    respect_gitignore: bool = False
    formats: tuple[str, ...] = ()
    origins: Mapping[str, str] = dict.fromkeys(_NAMES, "default")


def load(root: str | None, explicit: str | None = None) -> Config:
    """Return the configuration in `explicit`, else the one found in `root`, else the defaults.

    Raises `UsageError` if a file can't be read or understood, or if `explicit` configures nothing.
    """
    if explicit is not None:
        return _explicit(explicit)
    found = find(root) if root is not None else None
    if found is None:
        return Config()
    name, data = found
    config = parse(data, name, name == DEDICATED)
    shared = _read(os.path.join(root or "", SHARED)) if name == DEDICATED else None
    if shared is None or not re.search(_HEADER, shared.decode("utf-8", "replace")):
        return config
    return _noted(config, f"wins over [tool.{TABLE}] in {SHARED}")


def find(root: str) -> tuple[str, bytes] | None:
    """Return the name of the file in this folder that configures us, and what it holds.

    That is `.freddy-guard.toml`, else a `pyproject.toml` that mentions us.

    Raises `UsageError` if the file is there and can't be read.
    """
    data = _read(os.path.join(root, DEDICATED))
    if data is not None:
        return DEDICATED, data
    data = _read(os.path.join(root, SHARED))
    return (SHARED, data) if data is not None and re.search(_MENTION, data) else None


def parse(data: bytes, name: str, dedicated: bool) -> Config:
    """Return what these bytes configure. `dedicated`: the whole file is ours, not only one table of it.

    Raises `UsageError`, with `name` and the line where it is known, for anything that is not understood.
    """
    text, table = _table(data, name, dedicated)
    values: dict[str, object] = {}
    origins = dict.fromkeys(KEYS, "default")
    for key, value in table.items():
        where = f"{printable(name)}{_line(text, key, dedicated)}"
        attribute, read = KEYS.get(key) or _unknown(where, key, dedicated)
        values[attribute] = read(where, key, value)
        origins[key] = where
    return Config(**values, origins=origins)  # type: ignore[arg-type]  # KEYS pairs each attribute with its type


def suggestion(word: str, options: Iterable[str]) -> str:
    """Return `; did you mean "..."?` with the option most like this word, or nothing if none is like it."""
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), list(options), 1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _explicit(path: str) -> Config:
    data = _read(path)
    if data is None:
        raise UsageError(f"{printable(path)}: there is no such configuration file")
    dedicated = os.path.basename(path) != SHARED
    if not dedicated and not _table(data, path, dedicated)[1]:
        raise UsageError(f"{printable(path)}: it has no [tool.{TABLE}] table, so it configures nothing")
    return parse(data, path, dedicated)


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{printable(path)}: the configuration can't be read: {error.strerror}") from None


def _noted(config: Config, note: str) -> Config:
    origins = {k: where if where == "default" else f"{where} ({note})" for k, where in config.origins.items()}
    return config._replace(origins=origins)


def _table(data: bytes, name: str, dedicated: bool) -> tuple[str, dict[str, object]]:
    if not dedicated and not re.search(_MENTION, data):
        return "", {}
    text = _decoded(data, name)
    document = _toml(text, name)
    if dedicated:
        return text, document
    tool = document.get("tool")
    tool = tool if isinstance(tool, dict) else {}
    if "freddy_guard" in tool:
        raise UsageError(f"{printable(name)}: [tool.freddy_guard] is not read; write [tool.{TABLE}]")
    table = tool.get(TABLE, {})
    if not isinstance(table, dict):
        raise UsageError(f"{printable(name)}: tool.{TABLE} must be a table, not {_kind(table)}")
    return text, table


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{printable(name)}:{line}: this is not UTF-8; save the file as UTF-8") from None


def _toml(text: str, name: str) -> dict[str, object]:
    import tomllib  # 3 ms: not for those who configure nothing

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        said = str(error) if isinstance(error, ValueError) else "nested too deeply"
        line = re.search(r"at line (\d+)", said)
        where = f"{printable(name)}:{line[1]}" if line else printable(name)
        raise UsageError(f"{where}: this is not valid TOML: {printable(said)}") from None


def _line(text: str, key: str, dedicated: bool) -> str:
    header = None if dedicated else re.search(_HEADER, text)
    start = header.end() if header else 0
    found = re.compile(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*=", re.MULTILINE).search(text, start)
    return f":{text.count(chr(10), 0, found.start()) + 1}" if found and (dedicated or header) else ""


def _unknown(where: str, key: str, dedicated: bool) -> tuple[str, _Read]:
    if dedicated and key == "tool":
        raise UsageError(f"{where}: in this file the keys stand at the top level; remove the [tool.{TABLE}] header")
    known = suggestion(key.replace("_", "-"), KEYS) or f"; the keys are {', '.join(KEYS)}"
    raise UsageError(f'{where}: unknown key "{printable(key)}"{known}')


def _choice(where: str, key: str, value: object) -> str:
    if isinstance(value, str) and value in FAIL_ON:
        return value
    given = f'"{printable(value)[:40]}"' if isinstance(value, str) else _kind(value)
    raise UsageError(f"{where}: {key} must be one of {', '.join(FAIL_ON)}, not {given}")


def _strings(where: str, key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
        return tuple(value)
    given = "" if isinstance(value, list) else f", not {_kind(value)}"
    raise UsageError(f'{where}: {key} must be an array of strings that are not empty, like ["..."]{given}')


def _string(where: str, key: str, value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise UsageError(f"{where}: {key} must be a string that is not empty{_but(value)}")


def _boolean(where: str, key: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise UsageError(f"{where}: {key} must be true or false{_but(value)}")


def _but(value: object) -> str:
    return "" if value == "" else f", not {_kind(value)}"


def _kind(value: object) -> str:
    kinds = {
        str: "a string",
        bool: "a boolean",
        int: "an integer",
        float: "a float",
        list: "an array",
        dict: "a table",
    }
    return kinds.get(type(value), "a date or time")


_Read = Callable[[str, str, object], object]
KEYS: Mapping[str, tuple[str, _Read]] = {
    "fail-on": ("fail_on", _choice),
    "ignore": ("ignore", _strings),
    "disable": ("disable", _strings),
    "baseline": ("baseline", _string),
    "respect-gitignore": ("respect_gitignore", _boolean),
    "format": ("formats", _strings),
}
