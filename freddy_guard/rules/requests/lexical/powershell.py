"""PowerShell: Invoke-RestMethod and Invoke-WebRequest, by their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from freddy_guard.rules.requests.call import Call, Part, Url, Value, text, url_of
from freddy_guard.rules.requests.lexical.finder import Finder
from freddy_guard.rules.requests.lexical.lexer import CLOSE, END, NAME, OP, OPEN, TEXT
from freddy_guard.rules.requests.lexical.libraries.powershell import INVOKE
from freddy_guard.rules.requests.lexical.things import REQUEST, Thing
from freddy_guard.rules.requests.vendor import is_api

_COMMANDS = frozenset(["invoke-restmethod", "invoke-webrequest", "irm", "iwr", "curl", "wget"])
_SWITCHES = frozenset(
    [
        "usebasicparsing",
        "skipcertificatecheck",
        "passthru",
        "skiphttperrorcheck",
        "disablekeepalive",
        "resume",
        "verbose",
        "debug",
        "noproxy",
        "preserveauthorizationonredirect",
        "allowinsecureredirect",
        "skipheadervalidation",
        "followrellink",
    ]
)
_HARMLESS = frozenset(
    [
        "body",
        "contenttype",
        "outfile",
        "timeoutsec",
        "infile",
        "useragent",
        "maximumredirection",
        "form",
        "erroraction",
        "statuscodevariable",
        "responseheadersvariable",
        "retryintervalsec",
        "maximumretrycount",
        "proxy",
        "httpversion",
        "sessionvariable",
        "warningaction",
        "transferencoding",
        "errorvariable",
        "connectiontimeoutseconds",
        "operationtimeoutseconds",
        "sslprotocol",
        "maximumfollowrellink",
        "custommethod",
        "ea",
    ]
)
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")


class Parameter(NamedTuple):
    """A parameter of a command, in lower case and "" for one by its place, and the range of its value."""

    name: str
    lo: int
    hi: int


class Commands:
    """Reads the commands of a program."""

    def __init__(self, finder: Finder) -> None:
        self.finder, self.code, self.reader = finder, finder.code, finder.reader

    def calls(self) -> Iterator[Call]:
        """Yield the calls of the API."""
        for index, token in enumerate(self.code.tokens):
            if token.kind == NAME and token.text in _COMMANDS and self._begins(index):
                end = self._end(index)
                call = self._call(index, end, list(self._parameters(index + 1, end)))
                if call is not None:
                    yield call

    def _begins(self, index: int) -> bool:
        before = self.code.kind(index - 1)
        return (
            before in (END, OPEN) or self.code.text(index - 1) in ("=", "|", "return", "}", "+=")
        ) and self.code.text(index + 1) not in ("=", ".")

    def _end(self, index: int) -> int:
        code = self.code
        while (
            index < code.size
            and code.kind(index) not in (END, CLOSE)
            and not (code.kind(index) == OP and code.text(index) in ("|", "||", "&&"))
        ):
            index = code.after(index)
        return index

    def _parameters(self, at: int, end: int) -> Iterator[Parameter]:
        code = self.code
        while at < end:
            if code.kind(at) == NAME and code.text(at).startswith("-"):
                name = code.text(at)[1:]
                at += 1 + (code.text(at + 1) == ":" and not code.tokens[at + 1].spaced)
                takes = (
                    name not in _SWITCHES and at < end and not (code.kind(at) == NAME and code.text(at).startswith("-"))
                )
                stop = self._operand(at, end) if takes else at
                yield Parameter(name, at, stop)
                at = stop
            else:
                stop = self._operand(at, end)
                yield Parameter("@" if self._is_splat(at) else "", at, stop)
                at = stop

    def _is_splat(self, at: int) -> bool:
        return self.code.text(at) == "@" and self.code.kind(at + 1) == NAME

    def _operand(self, at: int, end: int) -> int:
        """Return where an argument ends: at the next blank outside of brackets."""
        code = self.code
        at = code.after(at)
        while at < end and not code.tokens[at].spaced:
            at = code.after(at)
        return at

    def _call(self, lo: int, hi: int, parameters: list[Parameter]) -> Call | None:
        thing = Thing(REQUEST, INVOKE, lo, hi)
        thing.method, thing.sent = "GET", True
        given: dict[str, Parameter] = {}
        for parameter in parameters:
            self._take(thing, parameter, given)
        self._authentication(thing, given)
        url = url_of(thing.url) if thing.url is not None else None
        if url is None or not is_api(url.host):
            return None
        if self.code.text(lo) in ("curl", "wget") and any(
            len(one.name) == 1 or one.name.startswith("-") for one in parameters
        ):
            return None
        tokens = self.code.tokens
        parts = Url(*url[:4], (*url.query, *thing.query))
        return Call(
            tokens[lo].start, tokens[hi - 1].end, INVOKE.name, parts, thing.method, tuple(thing.headers), thing.complete
        )

    def _take(self, thing: Thing, parameter: Parameter, given: dict[str, Parameter]) -> None:
        name, lo, hi = parameter
        if name == "@":
            self._splat(thing, lo + 1, given)
        elif name in ("", "uri") and thing.url is None:
            thing.url = self._value(lo, hi)
        elif name == "method":
            literal = self._value(lo, hi).literal
            thing.method = literal.upper() if literal else ""
        elif name and "headers".startswith(name):
            self.finder.effects.take("headers", thing, lo, hi)
        elif name in ("authentication", "token"):
            given[name] = parameter
        elif name and not (name in _HARMLESS or name in _SWITCHES):
            thing.complete = False

    def _authentication(self, thing: Thing, given: Mapping[str, Parameter]) -> None:
        if "token" in given:
            token = self._value(given["token"].lo, given["token"].hi)
            thing.headers.append(("Authorization", text("Bearer ").joined(token)))
        elif given:
            thing.complete = False

    def _splat(self, thing: Thing, at: int, given: dict[str, Parameter]) -> None:
        """Take the parameters that a table has."""
        name = "$" + self.code.text(at)
        binding = self.finder.scopes.lookup(name, at)
        items = (
            self.finder.effects.tables.items(*self.reader.trimmed(binding.lo, binding.hi))
            if binding is not None
            else None
        )
        if binding is None or items is None:
            thing.complete = False
            return
        for item in items:
            key = self.finder.effects.tables.label_of(item)
            self._take(thing, Parameter(key.lower() if key else "?", item.lo, item.hi), given)
        if self.finder.effects.options.changed(binding):
            thing.lose()

    def _value(self, lo: int, hi: int) -> Value:
        """Return what an argument stands for: an expression, or a bare word with variables in it."""
        code = self.code
        if lo >= hi:
            return Value()
        if code.kind(lo) in (TEXT, OPEN) or (code.text(lo)[0] in "$@[" and code.chain(lo) is not None):
            chain = code.chain(lo)
            if code.kind(lo) != NAME or (chain is not None and chain.hi == hi):
                return self.reader.value(lo, hi)
        return self._word(code.source[code.tokens[lo].start : code.tokens[hi - 1].end], lo)

    def _word(self, word: str, at: int) -> Value:
        parts: list[Part] = []
        for index, piece in enumerate(_VARIABLE.split(word)):
            found = self.finder.scopes.lookup(piece.lower(), at) if index % 2 else None
            if index % 2:
                parts += self.reader.value(found.lo, found.hi).parts if found is not None else (Part(None, (piece,)),)
            elif piece:
                parts.append(Part(piece))
        return Value(tuple(parts))
