"""What names and attributes of a program stand for, through its scopes, classes and functions."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from freddy_guard.rules.requests.call import Value
from freddy_guard.rules.requests.python import library
from freddy_guard.rules.requests.python.agents import canonical
from freddy_guard.rules.requests.python.expressions import KINDS, added, last_name
from freddy_guard.rules.requests.python.program import Binding, Function, Program, position
from freddy_guard.rules.requests.python.touches import Touches
from freddy_guard.rules.requests.things import (
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
    merged,
    value,
    with_name,
)

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
            find = KINDS.get(type(node))
            self._known[node] = find(self, node) if find is not None else Unknown()
            self._depth -= 1
        return self._known[node]

    def texts(self, node: ast.expr | None) -> Value:
        """Return an expression as a string."""
        return value(self.thing(node))

    def name(self, node: ast.Name) -> Thing:
        """Return what a name stands for at a place."""
        scope = self.program.scope_of(node)
        if scope is None:
            return Table() if self._is_nowhere(node) else with_name(library.thing(node.id), node.id)
        references = self.touches.of_name(scope, node.id)
        found = [self._bound(binding, references, node) for binding in self._reaching(scope, node)]
        return with_name(merged(found) if found else Unknown(), node.id)

    def _is_nowhere(self, node: ast.Name) -> bool:
        """Return whether headers are taken from a name that a function and its module bind nowhere: there are none."""
        parent, program = self.program.parents.get(node), self.program
        return (
            isinstance(parent, ast.keyword)
            and parent.arg == "headers"
            and not isinstance(program.scopes[node], ast.Module)
            and not any(isinstance(one, ast.ImportFrom) and one.names[0].name == "*" for one in program.nodes)
        )

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
            return Ref(canonical(binding.name))
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
            return added(before, self.thing(node.value), node.op)
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
        decorators = {last_name(decorator) for decorator in function.decorator_list}
        if not decorators <= _TRANSPARENT:
            return Unknown((function.name,))
        returns = self.program.returns.get(function, [])
        if not returns or any(not isinstance(node, ast.Return) for node in returns):
            return Unknown((function.name,))
        found = merged(self.thing(node.value) if node.value is not None else Nothing() for node in returns)
        return with_name(found, function.name) if isinstance(found, Unknown) else found

    def function(self, thing: Thing) -> Function | None:
        """Return the function of the program that a thing is."""
        if isinstance(thing, Local) and isinstance(thing.node, ast.FunctionDef | ast.AsyncFunctionDef):
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
        return None if any(last_name(decorator) == "staticmethod" for decorator in scope.decorator_list) else owner


def _comprehended(program: Program, node: ast.AST) -> Iterator[ast.AST]:
    """Yield the scopes around those comprehensions that a node stands in: they run where they stand."""
    scope: ast.AST = program.scopes[node]
    while isinstance(scope, ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp):
        scope = program.scopes[scope]
        yield scope


def _default(default: Thing) -> Thing:
    """Return what a parameter may be. Its default is one possibility; a dictionary may be any other."""
    return merged((default, Unknown())) if isinstance(default, Text) else Unknown()
