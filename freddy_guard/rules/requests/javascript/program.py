"""A parsed program: its scopes, what each name is bound to in them, and where each is used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from freddy_guard.rules.requests.javascript.source import Node

FUNCTIONS = frozenset(
    [
        *("function_declaration", "function_expression", "arrow_function", "method_definition"),
        *("generator_function_declaration", "generator_function"),
    ]
)
CLASSES = frozenset(["class_declaration", "class", "abstract_class_declaration"])
LOOPS = frozenset(["for_statement", "for_in_statement", "while_statement", "do_statement"])
_BLOCKS = frozenset(["program", "statement_block", "class_body", "switch_case", "switch_default"])
_BRANCHES = frozenset(["if_statement", "else_clause", *LOOPS])
_SCOPES = FUNCTIONS | frozenset(
    ["program", "statement_block", "for_statement", "for_in_statement", "catch_clause", "switch_body"]
)
_LEAVES = frozenset(["identifier", "shorthand_property_identifier_pattern", "undefined"])
_PATTERNS = frozenset(["object_pattern", "array_pattern"])


class Binding(NamedTuple):
    """What gives a name its value.

    `how` is `is` (the value of `expression`, or what stands in it at `path`), `import` (`path` in the module that is
    the text of `expression`), `grows` (what it was with `expression` behind it), `each` (one of the items of
    `expression`), `may` (a parameter), `local` (a function or a class), or empty: nothing is known. `default` stands
    in where there is no value. `node` is what binds.
    """

    node: Node
    how: str = ""
    expression: Node | None = None
    path: tuple[str, ...] = ()
    default: Node | None = None


class Target(NamedTuple):
    """A name in a pattern: the node, where its value stands in the whole (None: not known), and its default."""

    node: Node
    path: tuple[str, ...] | None = ()
    default: Node | None = None


class Program:
    """A program, with the bindings of each scope, and its calls."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.bindings: dict[tuple[Node, str], list[Binding]] = {}
        self.references: dict[str, list[Node]] = {}
        self.members: dict[str, list[Node]] = {}
        self.calls: list[Node] = []
        self.returns: dict[Node, list[Node]] = {}
        self.classes: list[Node] = []
        self.imports: set[str] = set()
        self._bound: set[Node] = set()
        self._assigned: list[tuple[Target, Binding]] = []
        nodes = list(_walked(root))
        for node in nodes:
            self._bind(node)
        for target, binding in self._assigned:
            scope = self.scope_of(target.node) or root
            self.bindings.setdefault((scope, target.node.text), []).append(binding)
        for bindings in self.bindings.values():
            bindings.sort(key=lambda one: one.node.start)
        for node in nodes:
            self._note(node)

    def _note(self, node: Node) -> None:
        if node.kind in ("identifier", "shorthand_property_identifier") and node not in self._bound:
            self.references.setdefault(node.text, []).append(node)
        elif node.kind == "member_expression" and (member := node.get("property")) is not None:
            self.members.setdefault(member.text, []).append(node)
        elif node.kind in ("call_expression", "new_expression"):
            self.calls.append(node)
        elif node.kind in ("return_statement", "yield_expression") and (function := function_of(node)) is not None:
            self.returns.setdefault(function, []).append(node)
        elif node.kind in CLASSES:
            self.classes.append(node)

    def _bind(self, node: Node) -> None:
        if node.kind == "variable_declarator":
            self._declare(node)
        elif node.kind in FUNCTIONS or node.kind in CLASSES or node.kind == "enum_declaration":
            self._define(node)
        elif node.kind in ("assignment_expression", "augmented_assignment_expression"):
            self._assign(node)
        elif node.kind == "for_in_statement":
            self._iterate(node)
        elif node.kind == "import_statement":
            self._import(node)
        elif node.kind == "catch_clause" and (parameter := node.get("parameter")) is not None:
            for target in targets(parameter):
                self._add(node, target, Binding(node))

    def _add(self, scope: Node, target: Target, binding: Binding) -> None:
        self._bound.add(target.node)
        self.bindings.setdefault((scope, target.node.text), []).append(binding)

    def _declare(self, node: Node) -> None:
        name, value = node.get("name"), node.get("value")
        hoisted = node.parent is not None and node.parent.kind == "variable_declaration"
        scope = self._scope(node, hoisted)
        for target in targets(name) if name is not None else ():
            binding = Binding(node)
            if value is not None and target.path is not None:
                binding = Binding(node, "is", value, target.path, target.default)
            if value is not None:
                self._add(scope, target, binding)
            else:
                self._bound.add(target.node)
                self.bindings.setdefault((scope, target.node.text), [])

    def _define(self, node: Node) -> None:
        name = node.get("name")
        declared = node.kind.endswith("declaration")
        if name is not None and name.kind in ("identifier", "type_identifier"):
            self._add(self._scope(node) if declared else node, Target(name), Binding(node, "local"))
        parameters = node.get("parameters")
        single = node.get("parameter")
        for parameter in parameters.children if parameters is not None else [single] if single is not None else []:
            pattern = parameter.get("pattern") or parameter
            for target in targets(pattern):
                how = "" if pattern.kind == "rest_pattern" else "may"
                default = target.default or (parameter.get("value") if target.path == () else None)
                self._add(node, target, Binding(parameter, how, None, target.path or (), default))

    def _assign(self, node: Node) -> None:
        left, right = node.get("left"), node.get("right")
        if left is None or right is None:
            return
        operator = node.get("operator")
        grown = {"+=": "grows", "??=": "is", "||=": "is"}.get(operator.kind, "") if operator is not None else "is"
        for target in targets(left):
            if target.node.kind in _LEAVES:
                known = target.path is not None
                binding = Binding(node, grown, right, target.path or (), target.default) if known else Binding(node)
                self._bound.add(target.node)
                self._assigned.append((target, binding))

    def _iterate(self, node: Node) -> None:
        left, right, operator = node.get("left"), node.get("right"), node.get("operator")
        if left is None or right is None:
            return
        kind = node.get("kind")
        scope = self._scope(node, hoisted=True) if kind is None or kind.kind == "var" else node
        each = operator is not None and operator.kind == "of"
        for target in targets(left):
            known = each and target.path is not None
            self._add(scope, target, Binding(node, "each", right, target.path or ()) if known else Binding(node))

    def _import(self, node: Node) -> None:
        source = node.get("source")
        for inner in _walked(node):
            if inner.field == "source" and source is None:
                source = inner
        if source is None:
            return
        self.imports.add(source.text.strip("\"'`"))
        for inner in _walked(node):
            name = _imported(inner)
            if name is not None:
                self._add(self.root, Target(name[0]), Binding(node, "import", source, (name[1],)))

    def _scope(self, node: Node, hoisted: bool = False) -> Node:
        kinds = FUNCTIONS if hoisted else _SCOPES
        return next((one for one in node.ancestors if one.kind in kinds), self.root)

    def scope_of(self, node: Node) -> Node | None:
        """Return the scope whose binding a name means, None where none binds it."""
        name = node.text
        return next((one for one in node.ancestors if (one, name) in self.bindings), None)

    def within(self, node: Node) -> Iterator[Node]:
        """Yield a node and all in it."""
        return _walked(node)


def _imported(node: Node) -> tuple[Node, str] | None:
    """Return the name that a part of an import binds, and what it stands for in the module."""
    if node.kind == "import_specifier":
        name, alias = node.get("name"), node.get("alias")
        return (alias or name, name.text) if name is not None else None
    if node.kind == "identifier" and node.parent is not None:
        if node.parent.kind == "namespace_import":
            return node, "*"
        if node.parent.kind in ("import_clause", "import_require_clause"):
            return node, "default"
    return None


def targets(pattern: Node, path: tuple[str, ...] | None = ()) -> Iterator[Target]:
    """Yield the names that a pattern binds."""
    if pattern.kind in _LEAVES:
        yield Target(pattern, path)
    elif pattern.kind == "object_pattern":
        for part in pattern.children:
            yield from _part(part, path)
    elif pattern.kind == "array_pattern":
        for index, part in enumerate(pattern.children):
            yield from targets(part, (*path, str(index)) if path is not None else None)
    elif pattern.kind in ("assignment_pattern", "object_assignment_pattern"):
        left, right = pattern.get("left"), pattern.get("right")
        for target in _part(left, path) if left is not None else ():
            yield target._replace(default=right if target.default is None else target.default)
    elif pattern.kind == "rest_pattern":
        for part in pattern.children:
            yield from targets(part, None)


def _part(part: Node, path: tuple[str, ...] | None) -> Iterator[Target]:
    key, value = part.get("key"), part.get("value")
    if part.kind == "pair_pattern" and key is not None and value is not None:
        computed = path is None or key.kind == "computed_property_name"
        yield from targets(value, None if path is None or computed else (*path, key.text.strip("\"'")))
    elif part.kind == "shorthand_property_identifier_pattern":
        yield Target(part, (*path, part.text) if path is not None else None)
    else:
        yield from targets(part, path)


def _walked(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


def function_of(node: Node) -> Node | None:
    """Return the function that a node stands in, None outside of all."""
    return next((one for one in node.ancestors if one.kind in FUNCTIONS), None)


def statement_of(node: Node) -> Node:
    """Return the statement that a node stands in, the innermost."""
    while node.parent is not None and node.parent.kind not in _BLOCKS:
        node = node.parent
    return node


def block_of(node: Node) -> Node:
    """Return what must happen for a node to happen: the list of statements that it stands in, or its branch."""
    while node.parent is not None:
        parent = node.parent
        if parent.kind in _BLOCKS:
            return parent
        if parent.kind in _BRANCHES and node.field in ("consequence", "body", ""):
            return node
        if parent.kind in ("ternary_expression",) or (parent.kind == "binary_expression" and node.field == "right"):
            return node
        node = parent
    return node
