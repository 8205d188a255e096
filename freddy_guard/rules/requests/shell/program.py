"""The calls in one script: where a client is started, and what it is told to send."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from freddy_guard.rules.requests.call import Call, Value, text
from freddy_guard.rules.requests.shell.clients import Request, requests
from freddy_guard.rules.requests.shell.lexer import commands
from freddy_guard.rules.requests.shell.syntax import Command, Word
from freddy_guard.rules.requests.shell.variables import Field, Variables

_CLIENTS = frozenset(["curl", "wget", "http", "https", "xh", "xhs"])
# What starts another program, which it is told behind its own options.
_STARTERS = frozenset(
    (
        *(
            "sudo",
            "doas",
            "time",
            "timeout",
            "gtimeout",
            "nice",
            "ionice",
            "env",
            "exec",
            "command",
            "nohup",
            "builtin",
        ),
        *("watch", "retry", "run", "docker", "podman", "kubectl", "nerdctl", "xargs", "chronic", "stdbuf", "parallel"),
        *("proxychains", "proxychains4", "torsocks", "docker-compose", "setsid", "flock", "if", "find", "oc", "CMD"),
        *("CMD-SHELL", "op", "doppler", "dotenv", "chamber", "aws-vault", "infisical", "hyperfine", "try", "wait-for"),
    )
)
_SHELLS = frozenset(["sh", "bash", "zsh", "dash", "ash", "ksh"])
_REMOTE = frozenset(["ssh", *_SHELLS])
_DEEP = 3
_NEAR = 50  # commands
_REFUSED = frozenset(["401", "403"])
_TESTS = frozenset(["test", "[", "[["])
_ASSERTS = ("assert", "expect", "check", "refute")


def calls(source: str, given: Mapping[str, Value], depth: int = 0) -> Iterator[Call]:
    """Yield the calls in a script, whose text has one character for each byte."""
    found = commands(source)
    variables = Variables(found, given)
    ours = {command.function for command in found} | set(_aliases(found))
    expected = list(_expected(source, found))
    for command in found:
        if depth < _DEEP:
            yield from _within(source, command, given, depth)
        for call in _calls(command, variables, ours):
            if not any(start <= call.start < end for start, end in expected):
                yield call


def _aliases(found: list[Command]) -> Iterator[str]:
    for command in found:
        if command.words and command.words[0].bare == "alias":
            yield from (word.pieces[0].text.partition("=")[0] for word in command.words[1:] if word.pieces)


def _calls(command: Command, variables: Variables, ours: set[str]) -> Iterator[Call]:
    started = _started(command, variables)
    if started is None:
        return
    client, program, fields, surely = started
    if program in ours:
        return
    end = command.words[-1].end
    for request in requests(program, fields):
        for url in request.urls:
            yield _call(request, client.start, end)._replace(url=url, complete=request.complete and surely)


def _call(request: Request, start: int, end: int) -> Call:
    return Call(start, end, request.library, request.urls[0], request.method, request.headers, request.complete)


def _started(command: Command, variables: Variables) -> tuple[Word, str, list[Field], bool] | None:
    """Return the word that starts a client, its name, its arguments, and whether those are all."""
    for index, word in enumerate(command.words):
        fields: list[Field] = variables.fields(word, command) if index == 0 else [(text(word.plain),)]
        name = _name(fields[0]) if fields else ""
        if name in _CLIENTS:
            for argument in command.words[index + 1 :]:
                fields += variables.fields(argument, command)
            return word, name, fields[1:], not _adds(command, index)
        if index == 0 and name not in _STARTERS:
            return None
    return None


def _name(field: Field) -> str:
    """Return the name of a program: without its folder, the tag of its image and its suffix."""
    literal = field[0].literal if field else None
    return re.sub(r"\.exe\Z|:[\w.-]+\Z", "", (literal or "").rpartition("/")[2]) if literal else ""


def _adds(command: Command, index: int) -> bool:
    """Return whether what starts a client adds arguments of its own."""
    before = [word.plain for word in command.words[:index]]
    placed = any(word.startswith(("-I", "-i", "--replace")) for word in before)
    return "parallel" in before or ("xargs" in before and not placed)


def _within(source: str, command: Command, given: Mapping[str, Value], depth: int) -> Iterator[Call]:
    """Yield the calls in what a shell is told to run: `sh -c '…'`, `ssh host '…'`, here-documents."""
    names = [word.plain.rpartition("/")[2] for word in command.words]
    if not names or not _REMOTE.intersection(names):
        return
    for start, document in command.documents:
        yield from _moved(calls(document, given, depth + 1), start)
    told = command.words[-1]
    if (names[0] == "ssh" or "-c" in " ".join(names).replace("-ec", "-c").replace("-lc", "-c")) and len(names) > 2:
        inner = source[told.start + 1 : told.end - 1]
        quote = source[told.start : told.start + 1]
        if (
            quote in ("'", '"')
            and source[told.end - 1 : told.end] == quote
            and quote not in inner
            and "\\" not in inner
        ):
            yield from _moved(calls(inner, given, depth + 1), told.start + 1)


def _moved(found: Iterator[Call], offset: int) -> Iterator[Call]:
    return (call.moved(lambda at: at + offset) for call in found)


def _expected(source: str, found: list[Command]) -> Iterator[tuple[int, int]]:
    """Yield the spans of commands that want the API to refuse a call: a test that no key means 401."""
    for index, command in enumerate(found):
        if any(_REFUSED.intersection(re.findall(r"\d+", word.plain)) for word in command.words[1:]):
            name = command.words[0].bare
            if name in _TESTS or name.startswith(_ASSERTS):
                yield command.start, command.words[-1].end
                if _wants(source, command):
                    yield from _tested(command, found[max(index - _NEAR, 0) : index])


def _wants(source: str, test: Command) -> bool:
    """Return whether a script goes on only if a test finds a refusal: `[ $code = 401 ] || exit 1`."""
    negates = not {"!=", "-ne"}.isdisjoint(word.plain for word in test.words)
    asks = re.search(r"\b(?:if|elif|while|until)\s+\Z", source[: test.start][-20:]) is not None
    if negates:
        return asks or test.follows == "&&"
    return not asks and test.follows != "&&"


def _tested(test: Command, before: list[Command]) -> Iterator[tuple[int, int]]:
    """Yield where the variables are set that a test reads; `run` of bats sets those that it needs."""
    names = {piece.text for word in test.words for piece in word.pieces if piece.kind == "variable"}
    for command in before:
        for assignment in command.assignments:
            if assignment.name in names:
                yield from ((word.start, word.end) for word in assignment.values)
    ran = next((command for command in reversed(before) if command.words and command.words[0].bare == "run"), None)
    if ran is not None and (not names or not names.isdisjoint(["output", "status", "lines"])):
        yield ran.start, ran.words[-1].end
