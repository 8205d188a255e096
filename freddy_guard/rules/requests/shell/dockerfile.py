"""Dockerfiles: RUN, HEALTHCHECK, CMD and ENTRYPOINT, as a shell or as a list, and what ENV and ARG set."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from freddy_guard.rules.requests.call import Value
from freddy_guard.rules.requests.code import Builder
from freddy_guard.rules.requests.shell.scripts import Script, given

_LINE = rb"(?:[^\n]*\\[ \t]*\r?\n(?:[ \t]*\#[^\n]*\n)*)*[^\n]*"
_INSTRUCTION = re.compile(
    rb"(?mi)^[ \t]*(?:ONBUILD[ \t]+)?(RUN|HEALTHCHECK|CMD|ENTRYPOINT)[ \t]+((?:--[a-z-]+=\S+[ \t\\\n]+)*(?:CMD[ \t]+)?)"
    rb"(" + _LINE + rb")\n?"
)
_SETS = re.compile(rb"(?mi)^[ \t]*(?:ENV|ARG)[ \t]+(" + _LINE + rb")")
_PAIR = re.compile(r"([A-Za-z_]\w*)(?:=|[ \t]+)(\"[^\"]*\"|'[^']*'|\S*)")


def scripts(data: bytes) -> Iterator[Script]:
    """Yield what a Dockerfile runs."""
    known: dict[str, Value] = {}
    for line in _SETS.finditer(data):
        for name, value in _PAIR.findall(line[1].decode("utf-8", "replace")):
            known |= given(name, value.strip("\"'"))
    for match in _INSTRUCTION.finditer(data):
        start, end = match.span(3)
        document = re.match(rb"<<-?[\"']?(\w+)[\"']?[ \t]*\r?\n", data[start : end + 1])
        if document:
            start += document.end()
            stop = re.compile(rb"(?m)^\t*" + re.escape(document[1]) + rb"\r?$").search(data, start)
            end = stop.start() if stop else start
        code = Builder()
        if not _listed(code, data[start:end], start):
            _lines(code, data[start:end], start)
        yield Script(code.built(), known)


def _lines(code: Builder, text: bytes, origin: int) -> None:
    """Add a command over several lines. A line of comment between them is none of it."""
    at = 0
    for comment in re.finditer(rb"(?m)^[ \t]*#[^\n]*\n", text):
        code.add(text[at : comment.start()], origin + at)
        at = comment.end()
    code.add(text[at:], origin + at)


def _listed(code: Builder, text: bytes, origin: int) -> bool:
    """Add a command given as a list of JSON; return whether it is one."""
    if not text.lstrip().startswith(b"["):
        return False
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not all(isinstance(word, str) for word in words):
        return False
    listed(code, [(word, origin) for word in words], (origin, origin + len(text.rstrip())))
    return True


def listed(code: Builder, words: list[tuple[str, int]], span: tuple[int, int]) -> None:
    """Add a command given as a list of words: no shell expands them, unless the list starts one."""
    if len(words) > 1 and (words[0][0] == "CMD-SHELL" or words[-2][0] in ("-c", "-lc", "-ec")):
        code.add(words[-1][0].encode("utf-8", "replace"), words[-1][1])
        return
    for index, (word, at) in enumerate(words):
        code.add(b"'" + word.replace("'", "'\\''").encode("utf-8", "replace") + b"' ", at)
        if index + 1 == len(words):
            code.add(b"", span[1])
