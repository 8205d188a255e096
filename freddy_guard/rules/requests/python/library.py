"""What the calls stand for that texts and dictionaries are made with: str.format, dict, os.getenv, urljoin."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from freddy_guard.rules.requests.call import Value
from freddy_guard.rules.requests.things import (
    INCOMPLETE,
    Agent,
    Method,
    Partial,
    Ref,
    Series,
    Table,
    Text,
    Thing,
    Unknown,
    concatenated,
    literal,
    merged,
    plain,
    table,
    value,
    values,
)
from freddy_guard.rules.requests.urls import resolved, without_end

if TYPE_CHECKING:
    from freddy_guard.rules.requests.python.evaluate import Evaluator

_BUILTIN = frozenset(
    ["dict", "str", "list", "tuple", "print", "len", "repr", "sorted", "isinstance", "type", "bool", "map"]
)
_TABLES = frozenset(
    [
        *("builtins.dict", "collections.OrderedDict", "types.MappingProxyType", "httpx.Headers", "copy.copy"),
        *("copy.deepcopy", "multidict.CIMultiDict", "multidict.MultiDict", "requests.structures.CaseInsensitiveDict"),
        *("urllib3.HTTPHeaderDict", "urllib3._collections.HTTPHeaderDict", "http.client.HTTPMessage"),
    ]
)
_SAME = frozenset(
    [
        *("builtins.str", "httpx.URL", "yarl.URL", "contextlib.closing", "contextlib.aclosing"),
        *("urllib.parse.quote", "urllib.parse.quote_plus"),
    ]
)
_ENVIRONMENT = frozenset(["os.getenv", "os.environ.get"])
_KEPT = frozenset(
    ["strip", "lstrip", "rstrip", "encode", "decode", "removesuffix", "removeprefix", "lower", "expandtabs"]
)
_ENTERING = frozenset(["enter_context", "enter_async_context"])
_FORMAT = r"(\{\{|\}\}|\{[^{}]*\})"
_PERCENT = r"(%%|%\(\w+\)[sdr]|%[sdr])"


def thing(name: str) -> Thing:
    """Return what a name stands for that the program does not bind."""
    return Ref(f"builtins.{name}") if name in _BUILTIN else Unknown()


def called(evaluator: Evaluator, callee: Thing, node: ast.Call) -> Thing:
    """Return what a call gives back that is neither of the program's own functions nor makes a client."""
    given = [evaluator.thing(argument) for argument in node.args]
    if isinstance(callee, Ref):
        return _by_name(evaluator, callee.name, given, node)
    if isinstance(callee, Method):
        return _method(evaluator, callee, given, node)
    if isinstance(callee, Unknown):
        if not _ENTERING.isdisjoint(callee.names[-1:]) and len(given) == 1:
            return given[0]
        return Unknown((*callee.names, *_words(given)))
    return Unknown()


def _by_name(evaluator: Evaluator, name: str, given: list[Thing], node: ast.Call) -> Thing:
    if name in _TABLES:
        return _table(evaluator, given, node)
    if name in _SAME and given:
        return given[0]
    if name in _ENVIRONMENT and given:
        return _environment(evaluator, given, node)
    if name == "urllib.parse.urljoin" and len(given) == 2:
        return Text(tuple(resolved(base, path) for base in values(given[0]) for path in values(given[1])))
    if name in ("posixpath.join", "os.path.join") and given:
        return concatenated([piece for one in given for piece in (plain("/"), one)][1:])
    if name == "urllib.parse.urlencode" and given:
        return _query(pairs(given[0]))
    if name == "functools.partial" and given:
        return Partial(node)
    if name == "typing.cast" and len(given) == 2:
        return given[1]
    if name.startswith("base64.") and given:
        return Unknown(tuple(found for part in value(given[0]).parts for found in part.names))
    return Unknown((name.rpartition(".")[2], *_words(given)))


def _query(fields: Table) -> Thing:
    """Return the fields of a query as they stand in a URL."""
    pieces = [piece for name, thing in fields.entries for piece in (plain(f"&{name}="), thing)]
    return concatenated(pieces or [Unknown()])


def _environment(evaluator: Evaluator, given: list[Thing], node: ast.Call) -> Thing:
    named = Unknown(tuple(_words(given[:1])))
    defaults = [*given[1:], *(evaluator.thing(keyword.value) for keyword in node.keywords if keyword.arg == "default")]
    return (
        merged((*defaults[:1], named)) if defaults and isinstance(defaults[0], Text) and _is_url(defaults[0]) else named
    )


def _is_url(found: Text) -> bool:
    """Return whether a default is one that counts: that of an address does, that of a key is a run-time matter."""
    return any("://" in one.pattern for one in found.values)


def _words(given: list[Thing]) -> list[str]:
    return [found for one in given if (found := literal(one))]


def _table(evaluator: Evaluator, given: list[Thing], node: ast.Call) -> Thing:
    whole = Table()
    for one in given:
        whole = whole.joined(pairs(one))
    return whole.joined(keywords(evaluator, node))


def keywords(evaluator: Evaluator, node: ast.Call) -> Table:
    """Return the arguments of a call that have names; those of a dictionary that is not known may be any."""
    whole = Table()
    for keyword in node.keywords:
        given = evaluator.thing(keyword.value)
        whole = whole.joined(table(given) if keyword.arg is None else Table(((keyword.arg, given),)))
    return whole


def pairs(found: Thing | None) -> Table:
    """Return a dictionary, or a list of pairs, as a dictionary."""
    if isinstance(found, Agent):
        return found.headers
    if not isinstance(found, Series):
        return table(found)
    whole = Table()
    for item in found.items:
        name = literal(item.items[0]) if isinstance(item, Series) and len(item.items) == 2 else None
        known = isinstance(item, Series) and name is not None
        whole = whole.joined(Table(((str(name), item.items[1]),)) if known and isinstance(item, Series) else INCOMPLETE)
    return whole


def _method(evaluator: Evaluator, callee: Method, given: list[Thing], node: ast.Call) -> Thing:
    owner, name = callee
    if isinstance(owner, Text):
        if name in _KEPT:
            return _cut(owner, name, given)
        if name == "format":
            return _formatted(owner, _FORMAT, given, keywords(evaluator, node))
        if name == "join" and len(given) == 1 and isinstance(given[0], Series):
            pieces = [piece for one in given[0].items for piece in (owner, one)]
            return concatenated(pieces[1:])
    if isinstance(owner, Table):
        if name == "copy":
            return owner
        if name == "get" and given and (key := literal(given[0])) is not None:
            found = owner.get(key)
            return found if found is not None else Unknown((key,))
    return Unknown()


def _cut(owner: Text, name: str, given: list[Thing]) -> Thing:
    """Return a text with its ends cut, where they are known: else as it is."""
    chars = literal(given[0]) if given else None
    if name not in ("rstrip", "strip", "removesuffix") or not chars:
        return owner
    return Text(tuple(without_end(one, chars) for one in owner.values))


def percent(left: Thing, right: Thing) -> Thing:
    """Return what the operator of the old way of formatting makes."""
    if not isinstance(left, Text):
        return Unknown()
    given: list[Thing] = list(right.items) if isinstance(right, Series) else [right]
    return _formatted(left, _PERCENT, given, right if isinstance(right, Table) else Table())


def _formatted(template: Text, fields: str, given: list[Thing], names: Table) -> Thing:
    found: list[Thing] = []
    for one in template.values:
        if any(part.text is None and part.names == () for part in one.parts):
            return Unknown()
        found.append(concatenated(_filled(one, fields, given, names)))
    return merged(found)


def _filled(template: Value, fields: str, given: list[Thing], names: Table) -> Iterator[Thing]:
    waiting = iter(given)
    for part in template.parts:
        if part.text is None:
            yield Text((Value((part,)),))
            continue
        for piece in re.split(fields, part.text):
            if re.fullmatch(fields, piece):
                yield _field(piece, waiting, given, names)
            elif piece:
                yield plain(piece)


def _field(piece: str, waiting: Iterator[Thing], given: list[Thing], names: Table) -> Thing:
    if piece in ("{{", "}}", "%%"):
        return plain(piece[0])
    name = re.sub(r"[!:].*", "", piece[1:-1]) if piece[0] == "{" else "".join(re.findall(r"\((\w+)\)", piece))
    if name.isdigit():
        return given[int(name)] if int(name) < len(given) else Unknown()
    return (names.get(name) or Unknown((name,))) if name else next(waiting, Unknown())
