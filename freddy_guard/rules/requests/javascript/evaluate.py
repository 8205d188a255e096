"""What names and attributes of a program stand for, through its scopes, classes and functions."""

from __future__ import annotations

from collections.abc import Sequence

from freddy_guard.rules.requests.javascript import library
from freddy_guard.rules.requests.javascript.expressions import KINDS, followed
from freddy_guard.rules.requests.javascript.program import CLASSES, FUNCTIONS, Binding, Program, block_of, function_of
from freddy_guard.rules.requests.javascript.source import Node
from freddy_guard.rules.requests.javascript.touches import REFERENCES, Touches
from freddy_guard.rules.requests.things import (
    Instance,
    Local,
    Method,
    Nothing,
    Series,
    Text,
    Thing,
    Unknown,
    concatenated,
    literal,
    merged,
    with_name,
)

STEPS = 200_000  # expressions looked at in one file; then all the rest is unknown
DEPTH = 50  # of expressions in each other
_BINDINGS = 100  # of one name that are looked at; with more of them nothing is known
_FRAMES = 4  # of functions that call each other
_EACH = frozenset(["map", "forEach", "flatMap", "filter"])


class Evaluator:
    """Knows what the expressions of one program stand for."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.touches = Touches(program, self)
        self._known: dict[Node, Thing] = {}
        self._classes: dict[Node, list[Node]] | None = None
        self._methods: dict[Node, dict[str, Node]] = {}
        self._frames: list[dict[Node, Thing]] = []
        self._depth = 0
        self._steps = 0

    def thing(self, node: Node | None) -> Thing:
        """Return what an expression stands for where it stands."""
        if node is None or node.broken:
            return Unknown()
        if node not in self._known:
            self._steps += 1
            kind = KINDS.get(node.kind)
            if self._depth > DEPTH or self._steps > STEPS or kind is None:
                return Unknown()
            self._known[node] = Unknown()  # what asks for itself
            self._depth += 1
            self._known[node] = kind(self, node)
            self._depth -= 1
        return self._known[node]

    def name(self, node: Node) -> Thing:
        """Return what a name stands for at a place."""
        name, scope = node.text, self.program.scope_of(node)
        references = self.touches.of_name(scope, name)
        if scope is None:
            return with_name(self.touches.applied(library.unbound(name), references, node), name)
        bindings = self._reaching(scope, name, node) if len(self.program.bindings[scope, name]) <= _BINDINGS else []
        found = merged(self._bound(binding, references, node) for binding in bindings) if bindings else Unknown()
        return with_name(found, name)

    def _reaching(self, scope: Node, name: str, node: Node) -> list[Binding]:
        """Return the bindings that may hold at a place. Seen from another function, all of them may."""
        bindings = self.program.bindings[scope, name]
        function = function_of(node)
        around, found = {node, *node.ancestors}, []
        for binding in reversed(bindings):
            if binding.how == "local" or binding.node.start > node.start or binding.node in around - {scope}:
                found += [binding] if binding.how == "local" else []
                continue
            found.append(binding)
            same = binding.how == "may" or function_of(binding.node) is function
            if same and (binding.how in ("may", "each") or block_of(binding.node) in around) and binding.how != "grows":
                return found[::-1]
            if not same:
                return bindings
        return found[::-1] or bindings

    def _bound(self, binding: Binding, references: Sequence[Node], use: Node) -> Thing:
        found = self._value(binding)
        if binding.default is not None:
            found = merged((self.thing(binding.default), found if not isinstance(found, Nothing) else Unknown()))
        return self.touches.applied(found, references, use)

    def _value(self, binding: Binding) -> Thing:
        if binding.how == "import":
            module = literal(self.thing(binding.expression)) or ""
            return library.imported(module, binding.path[0])
        if binding.how == "local":
            return library.enumeration(self, binding.node) or Local(binding.node)
        if binding.how == "is":
            return followed(self, self.thing(binding.expression), binding.path)
        if binding.how == "each":
            items = self.thing(binding.expression)
            found = merged(items.items) if isinstance(items, Series) and items.items else Unknown()
            return followed(self, found, binding.path)
        if binding.how == "may":
            return followed(self, self._argument(binding.node), binding.path)
        if binding.how == "grows" and (left := binding.node.get("left")) is not None and left.kind == "identifier":
            return concatenated((self.name(left), self.thing(binding.expression)))
        return Unknown()

    def _argument(self, parameter: Node) -> Thing:
        """Return what a parameter is, where it is known what the function is called with."""
        for frame in reversed(self._frames):
            found: Thing | None = frame.get(parameter)
            if found is not None:
                return found
        function = function_of(parameter)
        given = function.parent if function is not None else None
        call = given.parent if given is not None and given.kind == "arguments" else None
        callee = call.get("function") if call is not None else None
        if function is None or callee is None or callee.kind != "member_expression":
            return Unknown()
        items = self.thing(callee.get("object"))
        method = callee.get("property")
        first = parameters(function)[:1] == [parameter]
        if first and method is not None and method.text in _EACH and isinstance(items, Series) and items.items:
            return merged(items.items)
        return Unknown()

    def returned(self, function: Node, arguments: tuple[Thing, ...] | None) -> Thing:
        """Return what a function of the program gives back. The arguments are None where they are not known."""
        name = function.get("name")
        nothing = Unknown((name.text,) if name is not None else ())
        body = function.get("body")
        if function.kind.startswith("generator") or body is None or len(self._frames) >= _FRAMES:
            return nothing
        frame = {}
        for index, parameter in enumerate(parameters(function)):
            if arguments is not None:
                frame[parameter] = arguments[index] if index < len(arguments) else Nothing()
        found = self._within(frame, function, body)
        return with_name(found, name.text) if isinstance(found, Unknown) and name is not None else found

    def _within(self, frame: dict[Node, Thing], function: Node, body: Node) -> Thing:
        known, self._known = self._known, {} if frame else self._known
        self._frames.append(frame)
        try:
            if body.kind != "statement_block":
                return self.thing(body)
            returns = self.program.returns.get(function, [])
            if not returns or any(node.kind != "return_statement" for node in returns):
                return Unknown()
            return merged(self.thing(node.children[0]) if node.children else Nothing() for node in returns)
        finally:
            self._frames.pop()
            self._known = known

    def function(self, thing: Thing) -> Node | None:
        """Return the function of the program that a thing is."""
        if isinstance(thing, Local) and isinstance(thing.node, Node) and thing.node.kind in FUNCTIONS:
            return thing.node
        if isinstance(thing, Method) and isinstance(thing.owner, Instance):
            return self.method(thing.owner.node, thing.name)
        return None

    def method(self, owner: Node, name: str, seen: int = 0) -> Node | None:
        """Return the method of a class, or of its base in the program."""
        if owner not in self._methods:
            found = [one for one in _members(owner) if one.kind == "method_definition"]
            self._methods[owner] = {_name(one): one for one in found}
        if name in self._methods[owner]:
            return self._methods[owner][name]
        base = self.base(owner)
        return self.method(base, name, seen + 1) if base is not None and seen < 5 else None

    def base(self, owner: Node) -> Node | None:
        """Return the class of the program that another is made from."""
        heritage = next((child for child in owner.children if child.kind == "class_heritage"), None)
        clause = heritage.children[0] if heritage is not None and heritage.children else None
        found = self.thing(clause.get("value") if clause is not None else None)
        return found.node if isinstance(found, Local) and found.node.kind in CLASSES else None

    def _derived(self, owner: Node) -> list[Node]:
        """Return the classes of the program that are made from a class: their objects are its objects too."""
        if self._classes is None:
            self._classes = {}
            for one in self.program.classes:
                base = self.base(one)
                if base is not None and base is not one:
                    self._classes.setdefault(base, []).append(one)
        return self._classes.get(owner, [])

    def related(self, one: Node, other: Node) -> bool:
        """Return whether objects of one class may be objects of another."""
        return one is other or self.base(one) is other or self.base(other) is one

    def this(self, node: Node) -> Thing:
        """Return what `this` is at a place: an object of the class, or the literal that the method stands in."""
        inner = node
        for outer in node.ancestors:
            if outer.kind == "class_body" and outer.parent is not None:
                return Instance(outer.parent)
            if outer.kind == "object" and inner.kind in ("method_definition", "pair"):
                held = inner.get("value")
                if held is None or held.kind == "function_expression":
                    return self.thing(outer)
            if outer.kind in ("function_declaration", "generator_function_declaration"):
                return Unknown()
            if outer.kind == "function_expression" and (outer.parent is None or outer.parent.kind != "pair"):
                return Unknown()
            inner = outer
        return Unknown()

    def attribute(self, owner: Node, name: str, use: Node, seen: int = 0) -> Thing:
        """Return what an attribute of the objects of a class stands for, whichever method sets it."""
        method = self.method(owner, name)
        if method is not None:
            if any(self.method(one, name) is not method for one in self._derived(owner)):
                return Unknown((name,))
            is_getter = method.text.lstrip().removeprefix("static ").startswith("get ")
            return self.returned(method, ()) if is_getter else Method(Instance(owner), name)
        references = self.touches.of_attribute(owner, name)
        if len(references) > REFERENCES:
            return Unknown((name,))
        found = [self._default(node) for node in self._fields(owner, name)]
        found += [self.thing(node) for node in self.touches.assigned(owner, name)]
        if found:
            return with_name(self.touches.applied(merged(found), references, use), name)
        base = self.base(owner)
        return self.attribute(base, name, use, seen + 1) if base is not None and seen < 5 else Unknown((name,))

    def _fields(self, owner: Node, name: str) -> list[Node]:
        """Return where a class declares an attribute with a value: as a field, or as a parameter of the constructor."""
        found = []
        for member in _members(owner):
            if member.kind in ("public_field_definition", "field_definition") and _name(member) == name:
                found += [member] if member.get("value") is not None else []
            elif member.kind == "method_definition" and _name(member) == "constructor":
                for parameter in parameters(member):
                    kept = any(child.kind in ("accessibility_modifier", "readonly") for child in parameter.children)
                    pattern = parameter.get("pattern")
                    found += [parameter] if kept and pattern is not None and pattern.text == name else []
        return found

    def _default(self, node: Node) -> Thing:
        found = self.thing(node.get("value"))
        is_parameter = node.kind.endswith("parameter")
        return merged((found, Unknown())) if is_parameter and isinstance(found, Text) else _unless(is_parameter, found)


def _unless(unknown: bool, found: Thing) -> Thing:
    return Unknown() if unknown else found


def parameters(function: Node) -> list[Node]:
    """Return the parameters of a function."""
    single, several = function.get("parameter"), function.get("parameters")
    return [single] if single is not None else several.children if several is not None else []


def _members(owner: Node) -> list[Node]:
    body = owner.get("body")
    return body.children if body is not None else []


def _name(member: Node) -> str:
    name = member.get("name") or member.get("property")
    return name.text if name is not None else ""
