"""What each kind of expression stands for: texts, dictionaries, sums, attributes, calls."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from freddy_guard.rules.requests.python import agents, library
from freddy_guard.rules.requests.things import (
    INCOMPLETE,
    Agent,
    Instance,
    Local,
    Method,
    Nothing,
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
)

if TYPE_CHECKING:
    from freddy_guard.rules.requests.python.evaluate import Evaluator


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name, that of what is called in a call."""
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _constant(_evaluator: Evaluator, node: ast.Constant) -> Thing:
    if node.value is None:
        return Nothing()
    if isinstance(node.value, bytes):
        return plain(node.value.decode("utf-8", "replace"))
    if isinstance(node.value, str):
        return plain(node.value)
    return plain(str(node.value)) if type(node.value) in (int, float) else Unknown()


def _formatted(evaluator: Evaluator, node: ast.JoinedStr) -> Thing:
    return concatenated(evaluator.thing(part) for part in node.values)


def _format_piece(evaluator: Evaluator, node: ast.FormattedValue) -> Thing:
    found = evaluator.thing(node.value)
    known = node.format_spec is None and node.conversion in (-1, ord("s"))
    return found if known or not isinstance(found, Text) else Unknown()


def _dictionary(evaluator: Evaluator, node: ast.Dict) -> Thing:
    whole = Table()
    for key, item in zip(node.keys, node.values, strict=True):
        whole = whole.joined(_entry(evaluator, key, item) if key is not None else table(evaluator.thing(item)))
    return whole


def _entry(evaluator: Evaluator, key: ast.expr, item: ast.expr) -> Table:
    name = literal(evaluator.thing(key))
    return Table(((name, evaluator.thing(item)),)) if name is not None else INCOMPLETE


def _series(evaluator: Evaluator, node: ast.List | ast.Tuple | ast.Set) -> Thing:
    if any(isinstance(item, ast.Starred) for item in node.elts):
        return Unknown()
    return Series(tuple(evaluator.thing(item) for item in node.elts))


def _binary(evaluator: Evaluator, node: ast.BinOp) -> Thing:
    if isinstance(node.op, ast.Mod):
        return library.percent(evaluator.thing(node.left), evaluator.thing(node.right))
    return added(evaluator.thing(node.left), evaluator.thing(node.right), node.op)


def added(left: Thing, right: Thing, operator: ast.operator) -> Thing:
    """Return what an operator makes of two things: of texts their sum, of dictionaries their union."""
    if isinstance(operator, ast.BitOr) and isinstance(left, Table) | isinstance(right, Table):
        return table(left).joined(table(right))
    if isinstance(operator, ast.Add):
        if isinstance(left, Series) and isinstance(right, Series):
            return Series(left.items + right.items)
        if isinstance(left, Text) or isinstance(right, Text):
            return concatenated((left, right))
    if isinstance(operator, ast.Div) and isinstance(left, Text | Unknown) and isinstance(right, Text):
        return concatenated((left, plain("/"), right))  # yarl, furl and pathlib join with a slash
    return Unknown()


def _either(evaluator: Evaluator, node: ast.BoolOp) -> Thing:
    return merged(evaluator.thing(one) for one in node.values)


def _choice(evaluator: Evaluator, node: ast.IfExp) -> Thing:
    return merged((evaluator.thing(node.body), evaluator.thing(node.orelse)))


def _inner(evaluator: Evaluator, node: ast.Await | ast.NamedExpr) -> Thing:
    return evaluator.thing(node.value)


def _name(evaluator: Evaluator, node: ast.Name) -> Thing:
    owner = evaluator.instance(node)
    return Instance(owner) if owner is not None else evaluator.name(node)


def _attribute(evaluator: Evaluator, node: ast.Attribute) -> Thing:
    owner = evaluator.thing(node.value)
    if isinstance(owner, Ref):
        return Ref(f"{owner.name}.{node.attr}")
    if isinstance(owner, Instance) or (isinstance(owner, Local) and isinstance(owner.node, ast.ClassDef)):
        return _member(evaluator, owner.node, node)
    if isinstance(owner, Agent) and node.attr == "headers":
        return owner.headers
    if isinstance(owner, Text | Table | Series | Agent):
        return Method(owner, node.attr)
    return Unknown((*_names(owner), node.attr))


def _member(evaluator: Evaluator, owner: ast.AST, node: ast.Attribute) -> Thing:
    if not isinstance(owner, ast.ClassDef):
        return Unknown((node.attr,))
    function = evaluator.method(owner, node.attr)
    if function is not None and any(
        evaluator.method(one, node.attr) is not function for one in evaluator.derived(owner)
    ):
        return Unknown((node.attr,))
    if function is not None:
        if {"property", "cached_property"} & {last_name(decorator) for decorator in function.decorator_list}:
            return evaluator.returned(function)
        return Method(Instance(owner), node.attr)
    return evaluator.attribute(owner, node.attr, node)


def _names(thing: Thing) -> tuple[str, ...]:
    return thing.names if isinstance(thing, Unknown) else ()


def _item(evaluator: Evaluator, node: ast.Subscript) -> Thing:
    owner = evaluator.thing(node.value)
    key = evaluator.thing(node.slice)
    if isinstance(owner, Table) and (name := literal(key)) is not None:
        found = owner.get(name)
        return found if found is not None else Unknown((name,))
    if isinstance(owner, Series) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
        return owner.items[node.slice.value] if -len(owner.items) <= node.slice.value < len(owner.items) else Unknown()
    return Unknown(tuple(name for name in (*_names(owner), literal(key)) if name))


def _called(evaluator: Evaluator, node: ast.Call) -> Thing:
    callee = evaluator.thing(node.func)
    function = evaluator.function(callee)
    if function is not None:
        return evaluator.returned(function)
    if isinstance(callee, Local) and isinstance(callee.node, ast.ClassDef):
        return Instance(callee.node)
    found = agents.made(evaluator, callee, node)
    return found if found is not None else library.called(evaluator, callee, node)


KINDS: Mapping[type[ast.AST], Callable[..., Thing]] = {
    ast.Constant: _constant,
    ast.JoinedStr: _formatted,
    ast.FormattedValue: _format_piece,
    ast.Dict: _dictionary,
    ast.List: _series,
    ast.Tuple: _series,
    ast.Set: _series,
    ast.BinOp: _binary,
    ast.BoolOp: _either,
    ast.IfExp: _choice,
    ast.Await: _inner,
    ast.NamedExpr: _inner,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _item,
    ast.Call: _called,
}
