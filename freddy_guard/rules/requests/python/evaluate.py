"""What expressions of a program stand for: names, texts, dictionaries, calls of its own functions."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from freddy_guard.rules.requests.call import Value
from freddy_guard.rules.requests.python import builtins
from freddy_guard.rules.requests.python.program import Binding, Program, position
from freddy_guard.rules.requests.python.things import (
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
    value,
    with_name,
)
from freddy_guard.rules.requests.python.touches import Touches

if TYPE_CHECKING:
    from freddy_guard.rules.requests.python.things import Function

STEPS = 200_000  # expressions looked at in one file; then all the rest is unknown
DEPTH = 60  # of expressions in each other
_TRANSPARENT = frozenset(
    ["staticmethod", "classmethod", "property", "cached_property", "lru_cache", "cache", "override"]
)


class Evaluator:
    """Knows what the expressions of one program stand for."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.touches = Touches(program, self)
        self._known: dict[ast.AST, Thing] = {}
        self._classes: dict[ast.AST, list[ast.ClassDef]] | None = None
        self._depth = 0
        self._steps = 0

    def thing(self, node: ast.expr | None) -> Thing:
        """Return what an expression stands for where it stands."""
        if node is None:
            return Unknown()
        if node not in self._known:
            self._steps += 1
            if self._depth > DEPTH or self._steps > STEPS:
                return Unknown()
            self._known[node] = Unknown()  # what asks for itself
            self._depth += 1
            self._known[node] = _KINDS.get(type(node), _unknown)(self, node)
            self._depth -= 1
        return self._known[node]

    def texts(self, node: ast.expr | None) -> Value:
        """Return an expression as a string."""
        return value(self.thing(node))

    def name(self, node: ast.Name) -> Thing:
        """Return what a name stands for at a place."""
        scope = self.program.scope_of(node)
        if scope is None:
            return with_name(builtins.thing(node.id), node.id)
        references = self.touches.of_name(scope, node.id)
        found = [self._bound(binding, references, node) for binding in self._reaching(scope, node)]
        return with_name(merged(found) if found else Unknown(), node.id)

    def _reaching(self, scope: ast.AST, node: ast.Name) -> list[Binding]:
        """Return the bindings that may hold at a place. Seen from another scope, all of them may."""
        bindings = self.program.bindings[scope, node.id]
        if self.program.scopes[node] is not scope and scope not in _comprehended(self.program, node):
            return bindings
        around, found = self.program.blocks(node), []
        # Those before it, backwards, up to the first that always happens. They are in the order of the file.
        for binding in reversed(bindings[: bisect_left(bindings, position(node), key=lambda one: position(one.node))]):
            if not self._is_within(node, binding):
                found.append(binding)
                if binding.how == "may" or self._block(binding) in around:
                    break
        return found[::-1] or bindings

    def _is_within(self, node: ast.AST, binding: Binding) -> bool:
        """Return whether a place is in the very statement that binds: `h = {**h}` means the h before."""
        if binding.how not in ("is", "grows"):
            return False
        return binding.node in self.program.ancestors(node)

    def _block(self, binding: Binding) -> tuple[ast.AST, str]:
        if isinstance(binding.node, ast.withitem):
            return self.program.parents[binding.node], "body"
        if isinstance(binding.node, ast.For | ast.AsyncFor):
            return binding.node, "body"
        return self.program.block(binding.node)

    def _bound(self, binding: Binding, references: Sequence[ast.expr], use: ast.expr) -> Thing:
        node = binding.node
        if binding.how == "import":
            return Ref(binding.name)
        if binding.how == "local" and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return Local(node)
        if binding.how in ("is", "enters"):
            return self.touches.applied(self.thing(binding.expression), references, use)
        if binding.how == "may" and binding.expression is not None:
            return _default(self.thing(binding.expression))
        if binding.how == "each":
            items = self.thing(binding.expression)
            return merged(items.items) if isinstance(items, Series) and items.items else Unknown()
        if binding.how == "grows" and isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            before = self.thing(self.program.read_of(node.target))
            return _sum(before, self.thing(node.value), node.op)
        return Unknown()

    def attribute(self, owner: ast.ClassDef, name: str, use: ast.expr, seen: int = 0) -> Thing:
        """Return what an attribute of the objects of a class stands for, whichever method sets it."""
        references = self.touches.of_attribute(owner, name)
        owners = [owner, *self.derived(owner)]
        bindings = [binding for one in owners for binding in self.program.bindings.get((one, name), ())]
        bindings += [binding for one in owners for binding in self.touches.assigned(one, name)]
        found = [self._bound(binding, references, use) for binding in bindings if binding.how != "local"]
        if found:
            return with_name(merged(found), name)
        for base in owner.bases:
            base_class = self.thing(base)
            if isinstance(base_class, Local) and isinstance(base_class.node, ast.ClassDef) and seen < 5:
                inherited = self.attribute(base_class.node, name, use, seen + 1)
                if inherited != Unknown((name,)):
                    return inherited
        return Unknown((name,))

    def returned(self, function: Function) -> Thing:
        """Return what a function of the program gives back, whatever it is called with."""
        decorators = {_last(decorator) for decorator in function.decorator_list}
        if not decorators <= _TRANSPARENT:
            return Unknown((function.name,))
        returns = self.program.returns.get(function, [])
        if not returns or any(not isinstance(node, ast.Return) for node in returns):
            return Unknown((function.name,))
        found = merged(self.thing(node.value) if node.value is not None else Nothing() for node in returns)
        return with_name(found, function.name) if isinstance(found, Unknown) else found

    def function(self, thing: Thing) -> Function | None:
        """Return the function of the program that a thing is."""
        if isinstance(thing, Local) and not isinstance(thing.node, ast.ClassDef):
            return thing.node
        if isinstance(thing, Method) and isinstance(thing.owner, Instance):
            return self.method(thing.owner.node, thing.name)
        return None

    def method(self, owner: ast.ClassDef, name: str, seen: int = 0) -> Function | None:
        """Return the method of a class, or of one of its bases in the program."""
        for statement in owner.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name == name:
                return statement
        for base in owner.bases:
            found = self.thing(base)
            if isinstance(found, Local) and isinstance(found.node, ast.ClassDef) and seen < 5:
                return self.method(found.node, name, seen + 1)
        return None

    def derived(self, owner: ast.ClassDef) -> list[ast.ClassDef]:
        """Return the classes of the program that are made from a class: their objects are its objects too."""
        if self._classes is None:
            self._classes = {}
            for node in self.program.nodes:
                if isinstance(node, ast.ClassDef):
                    for base in map(self.thing, node.bases):
                        if isinstance(base, Local) and base.node is not node:
                            self._classes.setdefault(base.node, []).append(node)
        return self._classes.get(owner, [])

    def instance(self, node: ast.Name) -> ast.ClassDef | None:
        """Return the class whose object `self` or `cls` is, None for another name."""
        scope = self.program.scope_of(node)
        if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        owner = self.program.parents.get(scope)
        first = next(iter([*scope.args.posonlyargs, *scope.args.args]), None)
        if not isinstance(owner, ast.ClassDef) or first is None or first.arg != node.id:
            return None
        return None if any(_last(decorator) == "staticmethod" for decorator in scope.decorator_list) else owner


def _comprehended(program: Program, node: ast.AST) -> Iterator[ast.AST]:
    """Yield the scopes around those comprehensions that a node stands in: they run where they stand."""
    scope: ast.AST = program.scopes[node]
    while isinstance(scope, ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp):
        scope = program.scopes[scope]
        yield scope


def _default(default: Thing) -> Thing:
    """Return what a parameter may be. Its default is one possibility; a dictionary may be any other."""
    return merged((default, Unknown())) if isinstance(default, Text) else Unknown()


def _last(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _unknown(_evaluator: Evaluator, _node: ast.expr) -> Thing:
    return Unknown()


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
        whole = whole.joined(entry(evaluator, key, item) if key is not None else table(evaluator.thing(item)))
    return whole


def entry(evaluator: Evaluator, key: ast.expr, item: ast.expr) -> Table:
    """Return a dictionary of one entry; one whose key is not known may be anything."""
    name = literal(evaluator.thing(key))
    return Table(((name, evaluator.thing(item)),)) if name is not None else INCOMPLETE


def _series(evaluator: Evaluator, node: ast.List | ast.Tuple | ast.Set) -> Thing:
    if any(isinstance(item, ast.Starred) for item in node.elts):
        return Unknown()
    return Series(tuple(evaluator.thing(item) for item in node.elts))


def _binary(evaluator: Evaluator, node: ast.BinOp) -> Thing:
    if isinstance(node.op, ast.Mod):
        return builtins.percent(evaluator.thing(node.left), evaluator.thing(node.right))
    return _sum(evaluator.thing(node.left), evaluator.thing(node.right), node.op)


def _sum(left: Thing, right: Thing, operator: ast.operator) -> Thing:
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
        if {"property", "cached_property"} & {_last(decorator) for decorator in function.decorator_list}:
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
    from freddy_guard.rules.requests.python.agents import made

    callee = evaluator.thing(node.func)
    function = evaluator.function(callee)
    if function is not None:
        return evaluator.returned(function)
    if isinstance(callee, Local) and isinstance(callee.node, ast.ClassDef):
        return Instance(callee.node)
    found = made(evaluator, callee, node)
    return found if found is not None else builtins.called(evaluator, callee, node)


_KINDS: Mapping[type[ast.AST], Callable[..., Thing]] = {
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
