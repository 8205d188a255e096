"""A parsed program: its scopes, what each name is bound to in them, and where in the file a node stands."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp
Scope = ast.Module | ast.ClassDef | Function | ast.Lambda | Comprehension
_COMPREHENSIONS = (ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp)
_SCOPES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, *_COMPREHENSIONS)


_FIELDS = ("body", "orelse", "finalbody")


class Binding(NamedTuple):
    """What gives a name its value.

    `how` is `is` (the value of `expression`), `import` (of the dotted `name`), `enters` (what a with statement enters),
    `grows` (what it was with `expression` behind it), `each` (one of the items of `expression`), `may` (a parameter,
    with its default), `local` (a function or a class), or empty: nothing is known. `node` is the statement.
    """

    node: ast.AST
    how: str = ""
    expression: ast.expr | None = None
    name: str = ""


class Program:
    """A module, with the parent of each node and the bindings of each scope."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.parents: dict[ast.AST, ast.AST] = {}
        self.scopes: dict[ast.AST, Scope] = {}
        self.bindings: dict[tuple[ast.AST, str], list[Binding]] = {}
        self.nodes: list[ast.AST] = []
        self.loads: dict[str, list[ast.Name]] = {}
        self.attributes: dict[str, list[ast.Attribute]] = {}
        self.returns: dict[ast.AST, list[ast.Return | ast.Yield | ast.YieldFrom]] = {}
        self._blocks: dict[ast.AST, tuple[ast.AST, str]] = {}
        self._outside: dict[ast.AST, dict[str, ast.AST]] = {}
        self._reads: dict[ast.Name, ast.Name] = {}
        self._walk(tree)
        self._bind()

    def _walk(self, tree: ast.Module) -> None:
        """Note parent and scope of each node. No recursion: a sum of a thousand texts is deep."""
        waiting: list[tuple[ast.AST, Scope]] = [(tree, tree)]
        while waiting:
            node, scope = waiting.pop()
            self.nodes.append(node)
            self.scopes[node] = scope
            inner: Scope = node if isinstance(node, _SCOPES) else scope
            for child in reversed(list(ast.iter_child_nodes(node))):
                self.parents[child] = node
                waiting.append((child, inner))
            for field in _FIELDS:
                self._blocks.update(dict.fromkeys(_statements(node, field), (node, field)))
            self._note(node)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            self.loads.setdefault(node.id, []).append(node)
        elif isinstance(node, ast.Attribute):
            self.attributes.setdefault(node.attr, []).append(node)
        elif isinstance(node, ast.Return | ast.Yield | ast.YieldFrom):
            self.returns.setdefault(self.scopes[node], []).append(node)
        elif isinstance(node, ast.Global):
            self._outside.setdefault(self.scopes[node], {}).update(dict.fromkeys(node.names, self.tree))
        elif isinstance(node, ast.Nonlocal):
            outer = self.enclosing(self.scopes[node])
            self._outside.setdefault(self.scopes[node], {}).update(dict.fromkeys(node.names, outer))

    def _bind(self) -> None:
        for node in self.nodes:
            for name, binding in _bound(node):
                scope: ast.AST = self.scopes[node]
                if isinstance(node, _SCOPES) and binding.how != "local":
                    scope = node  # a parameter
                while isinstance(node, ast.NamedExpr) and isinstance(scope, _COMPREHENSIONS):
                    scope = self.scopes[scope]
                scope = self._outside.get(scope, {}).get(name, scope)
                self.bindings.setdefault((scope, name), []).append(binding)

    @property
    def used(self) -> set[str]:
        """Return the names that are read, and those of all attributes."""
        return self.loads.keys() | self.attributes.keys()

    def enclosing(self, scope: ast.AST) -> ast.AST:
        """Return the scope around one in which names are looked up: a class's names are not seen in its methods."""
        outer = self.scopes[scope]
        while isinstance(outer, ast.ClassDef):
            outer = self.scopes[outer]
        return outer

    def scope_of(self, node: ast.Name) -> ast.AST | None:
        """Return the scope whose binding a name means, None where none binds it."""
        scope: ast.AST = self._outside.get(self.scopes[node], {}).get(node.id, self.scopes[node])
        while (scope, node.id) not in self.bindings:
            if scope is self.tree:
                return None
            scope = self.enclosing(scope)
        return scope

    def read_of(self, target: ast.Name) -> ast.Name:
        """Return a name that reads what an assignment is about to change."""
        if target not in self._reads:
            node = ast.copy_location(ast.Name(id=target.id, ctx=ast.Load()), target)
            self.scopes[node], self.parents[node] = self.scopes[target], self.parents[target]
            self._reads[target] = node
        return self._reads[target]

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what a node stands in, the nearest first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def block(self, node: ast.AST) -> tuple[ast.AST, str]:
        """Return the list of statements that a node stands in: its owner and the name of the field."""
        while node not in self._blocks and node in self.parents:
            node = self.parents[node]
        return self._blocks.get(node, (self.tree, ""))

    def blocks(self, node: ast.AST) -> list[tuple[ast.AST, str]]:
        """Return the lists of statements that a node stands in, from the inside."""
        found = []
        while node is not self.tree and node in self.parents:
            owner, field = self.block(node)
            found.append((owner, field))
            node = owner
        return found


def _statements(owner: ast.AST, field: str) -> list[ast.AST]:
    found = getattr(owner, field, None)
    return found if isinstance(found, list) else []  # a lambda's body is none


def position(node: ast.AST) -> tuple[int, int]:
    """Return where a node begins, and where what a with statement enters does."""
    node = node.context_expr if isinstance(node, ast.withitem) else node
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _bound(node: ast.AST) -> Iterator[tuple[str, Binding]]:
    """Yield the names that a node binds."""
    find = _BINDERS.get(type(node))
    return find(node) if find is not None else iter(())


def _assigned(node: ast.Assign) -> Iterator[tuple[str, Binding]]:
    for target in node.targets:
        yield from _targets(target, node.value, node)


def _annotated(node: ast.AnnAssign | ast.NamedExpr) -> Iterator[tuple[str, Binding]]:
    if isinstance(node.target, ast.Name) and node.value is not None:
        yield node.target.id, Binding(node, "is", node.value)


def _grown(node: ast.AugAssign) -> Iterator[tuple[str, Binding]]:
    if isinstance(node.target, ast.Name):
        yield node.target.id, Binding(node, "grows", node.value)


def _defined(node: Function | ast.ClassDef) -> Iterator[tuple[str, Binding]]:
    yield node.name, Binding(node, "local")
    if not isinstance(node, ast.ClassDef):
        yield from _parameters(node)


def _caught(node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar) -> Iterator[tuple[str, Binding]]:
    if node.name:
        yield node.name, Binding(node)


def _deleted(node: ast.Delete) -> Iterator[tuple[str, Binding]]:
    return ((target.id, Binding(node)) for target in node.targets if isinstance(target, ast.Name))


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Binding]]:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            dotted = f"{'.' * node.level}{node.module or ''}.{alias.name}"
            yield alias.asname or alias.name, Binding(node, "import", name=dotted)
        elif alias.asname:
            yield alias.asname, Binding(node, "import", name=alias.name)
        else:
            top = alias.name.partition(".")[0]
            yield top, Binding(node, "import", name=top)


def _targets(target: ast.expr, source: ast.expr, node: ast.AST) -> Iterator[tuple[str, Binding]]:
    if isinstance(target, ast.Name):
        yield target.id, Binding(node, "is", source)
    elif isinstance(target, ast.Tuple | ast.List):
        alike = isinstance(source, ast.Tuple | ast.List) and len(source.elts) == len(target.elts)
        for index, part in enumerate(target.elts):
            if alike and isinstance(source, ast.Tuple | ast.List):
                yield from _targets(part, source.elts[index], node)
            else:
                yield from ((name, Binding(node)) for name in _names(part))


def _names(target: ast.AST) -> Iterator[str]:
    return (part.id for part in ast.walk(target) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))


def _each(node: ast.For | ast.AsyncFor | ast.comprehension) -> Iterator[tuple[str, Binding]]:
    if isinstance(node.target, ast.Name):
        yield node.target.id, Binding(node, "each", node.iter)
    else:
        yield from ((name, Binding(node)) for name in _names(node.target))


def _entered(node: ast.withitem) -> Iterator[tuple[str, Binding]]:
    if isinstance(node.optional_vars, ast.Name):
        yield node.optional_vars.id, Binding(node, "enters", node.context_expr)
    elif node.optional_vars is not None:
        yield from ((name, Binding(node)) for name in _names(node.optional_vars))


def _parameters(node: Function | ast.Lambda) -> Iterator[tuple[str, Binding]]:
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    defaults += arguments.defaults
    pairs = [*zip(positional, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    for argument, default in pairs:
        yield argument.arg, Binding(node, "may", default)
    for rest in (arguments.vararg, arguments.kwarg):
        if rest is not None:
            yield rest.arg, Binding(node)


_BINDERS: Mapping[type[ast.AST], Callable[..., Iterator[tuple[str, Binding]]]] = {
    ast.Import: _imported,
    ast.ImportFrom: _imported,
    ast.Assign: _assigned,
    ast.AnnAssign: _annotated,
    ast.NamedExpr: _annotated,
    ast.AugAssign: _grown,
    ast.For: _each,
    ast.AsyncFor: _each,
    ast.comprehension: _each,
    ast.withitem: _entered,
    ast.FunctionDef: _defined,
    ast.AsyncFunctionDef: _defined,
    ast.ClassDef: _defined,
    ast.Lambda: _parameters,
    ast.ExceptHandler: _caught,
    ast.MatchAs: _caught,
    ast.MatchStar: _caught,
    ast.Delete: _deleted,
}


def read(source: bytes) -> ast.Module | None:
    """Return the tree of a source, None where Python cannot read it: half of a merge is nobody's request."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in somebody's text is not our word to say
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def parse(source: bytes) -> Program | None:
    """Return the program of a source, None where Python cannot read it."""
    tree = read(source)
    return Program(tree) if tree is not None else None


class Places:
    """Byte offsets of lines and columns, as Python counts them."""

    def __init__(self, source: bytes) -> None:
        ends = [match.end() for match in re.finditer(rb"\r\n|\r|\n", source)]
        self._starts = [3 if source.startswith(b"\xef\xbb\xbf") else 0, *ends]
        self._size = len(source)

    def span(self, node: ast.expr) -> tuple[int, int]:
        """Return where an expression begins and ends."""
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int | None, column: int | None) -> int:
        return min(self._starts[min(line or 1, len(self._starts)) - 1] + (column or 0), self._size)
