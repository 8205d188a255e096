"""What happens to objects and clients after they were made: items set, headers added, handed to somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from freddy_guard.rules.requests.javascript.changes import HARMLESS, SETS, Path, chain_link, put, unsure, with_options
from freddy_guard.rules.requests.javascript.clients import VERBS
from freddy_guard.rules.requests.javascript.library import pairs
from freddy_guard.rules.requests.javascript.program import LOOPS, Program, function_of, statement_of, targets
from freddy_guard.rules.requests.javascript.source import Node
from freddy_guard.rules.requests.things import (
    INCOMPLETE,
    Client,
    Instance,
    Local,
    Method,
    Ref,
    Series,
    Table,
    Thing,
    Unknown,
    literal,
)

if TYPE_CHECKING:
    from freddy_guard.rules.requests.javascript.evaluate import Evaluator

_WRAPPERS = frozenset(
    ["parenthesized_expression", "non_null_expression", "as_expression", "satisfies_expression", "await_expression"]
)
_HOLDERS = _WRAPPERS | frozenset(
    ["pair", "object", "spread_element", "ternary_expression", "array", "binary_expression"]
)
_LOGS = frozenset(
    [
        *("log", "debug", "info", "warn", "error", "trace", "stringify", "dir", "keys", "entries", "values", "freeze"),
        *(
            "isArray",
            "expect",
            "table",
            "seal",
            "from",
            "useRef",
            "useMemo",
            "String",
            "axiosRetry",
            "rateLimit",
            "bind",
        ),
    ]
)
REFERENCES = 300  # uses of one name that are looked at; with more of them nothing is known
_LENGTH = 12  # of members of members
_LINKS = 40  # of a chain of calls
_DEPTH = 4  # of names for one thing, and of functions that it is handed to


class Touches:
    """Finds and applies what a program does to one of its objects."""

    def __init__(self, program: Program, evaluator: Evaluator) -> None:
        self._program = program
        self._evaluator = evaluator
        self._names: dict[str, dict[Node | None, list[Node]]] = {}
        self._attributes: dict[tuple[Node, str], list[Node]] = {}
        self._links = 0

    def of_name(self, scope: Node | None, name: str) -> list[Node]:
        """Return where a name of a scope is used, but for plain calls: those change nothing."""
        if name not in self._names:
            found: dict[Node | None, list[Node]] = {}
            for node in self._program.references.get(name, ()):
                if not _is_plain_call(node):
                    found.setdefault(self._program.scope_of(node), []).append(node)
            self._names[name] = found
        return self._names[name].get(scope, [])

    def of_attribute(self, owner: Node, name: str) -> list[Node]:
        """Return where an attribute of the objects of a class is used."""
        if (owner, name) not in self._attributes:
            self._attributes[owner, name] = []  # what asks for itself
            members = self._program.members.get(name, ())
            self._attributes[owner, name] = [node for node in members if self._is_of(node, owner)]
        return self._attributes[owner, name]

    def _is_of(self, node: Node, owner: Node) -> bool:
        holder = node.get("object")
        if holder is None or holder.kind not in ("this", "identifier"):
            return False
        found = self._evaluator.thing(holder)
        return isinstance(found, Instance | Local) and self._evaluator.related(found.node, owner)

    def assigned(self, owner: Node, name: str) -> Iterator[Node]:
        """Yield what the methods of a class assign to an attribute of their object."""
        for node in self.of_attribute(owner, name):
            parent = node.parent
            if parent is not None and parent.kind == "assignment_expression" and node.field == "left":
                right = parent.get("right")
                yield right if right is not None else node

    def applied(self, thing: Thing, references: Sequence[Node], use: Node) -> Thing:
        """Return a thing as it is at a place, after what may have been done to it."""
        if isinstance(thing, Series):
            grown = any(_path(one)[1:2] in (("push",), ("unshift",), ("splice",)) for one in references)
            return Unknown() if grown else thing
        if isinstance(thing, Table | Client):
            if len(references) > REFERENCES:
                return unsure(thing)
            every_one = _is_kept(use)
            for reference in references:
                if reference is not use and (every_one or self._counts(reference, use)):
                    thing = self._touched(thing, reference, (), 0) if not _is_broken(reference) else unsure(thing)
        return thing

    def chained(self, thing: Client, node: Node) -> Client:
        """Return what a call made after all that is done to it, in the same expression or under a name."""
        found = self._touched(thing, node, (), 0)
        return found if isinstance(found, Client) else thing

    def _counts(self, reference: Node, use: Node) -> bool:
        """Return whether something done at one place may have been done before another."""
        if reference.start < use.start or function_of(reference) is not function_of(use):
            return True
        loops = {node for node in use.ancestors if node.kind in LOOPS}
        return any(node in loops for node in reference.ancestors)

    def _touched(self, thing: Thing, node: Node, path: Path, depth: int) -> Thing:
        """Return a thing after what is done at one place, where `node` is what it has at `path`."""
        parent = node.parent
        while parent is not None and parent.kind in _WRAPPERS:
            node, parent = parent, parent.parent
        if parent is None:
            return thing
        if parent.kind == "ERROR" or depth > _DEPTH or len(path) > _LENGTH:
            return unsure(thing)
        if parent.kind == "member_expression" and node.field == "object":
            name = parent.get("property")
            return self._touched(thing, parent, (*path, name.text if name is not None else None), depth)
        if parent.kind == "subscript_expression" and node.field == "object":
            return self._touched(thing, parent, (*path, literal(self._evaluator.thing(parent.get("index")))), depth)
        if parent.kind in ("assignment_expression", "augmented_assignment_expression") and node.field == "left":
            return put(thing, path, self._evaluator.thing(parent.get("right"))) if path else thing
        if parent.kind in ("variable_declarator", "assignment_expression"):
            return self._renamed(thing, parent.get("name") or parent.get("left"), path, depth)
        if parent.kind in ("call_expression", "new_expression") and node.field in ("function", "constructor"):
            return self._method(thing, path, parent, depth) if path else thing
        if parent.kind == "arguments" and parent.parent is not None:
            return self._handed(thing, path, parent.parent, parent.children.index(node), depth)
        return thing

    def _renamed(self, thing: Thing, target: Node | None, path: Path, depth: int) -> Thing:
        """Return a thing after what is done to it under another name."""
        if target is None:
            return thing
        if target.kind == "member_expression":
            holder, name = target.get("object"), target.get("property")
            found = self._evaluator.thing(holder)
            if not isinstance(found, Instance) or name is None:
                return thing
            references = [(one, path) for one in self.of_attribute(found.node, name.text) if one is not target]
        else:
            references = [
                (one, (*path, *bound.path))
                for bound in targets(target)
                if bound.path is not None
                for one in self.of_name(self._program.scope_of(bound.node), bound.node.text)
            ]
        for reference, inner in references:
            thing = self._touched(thing, reference, inner, depth + 1)
        return thing

    def _method(self, thing: Thing, path: Path, call: Node, depth: int) -> Thing:
        *whole, name = path
        given = self._given(call)
        place = tuple(whole)
        if name == "use" and whole[-2:] == ["interceptors", "request"]:
            return self._intercepted(thing, given)
        if name == "use" and whole[-1:] == ["response"]:
            return thing
        if isinstance(thing, Client) and thing.kind == "superagent.Request" and not whole:
            self._links += 1
            found = chain_link(thing, name or "", given) if self._links < _LINKS else unsure(thing)
            found = self._touched(found, call, (), depth) if self._links < _LINKS else found
            self._links -= 1
            return found
        if isinstance(thing, Client) and thing.kind == "jquery" and name == "ajaxSetup":
            return thing._replace(options=thing.options.joined(pairs(given[0] if given else Unknown())))
        if name in SETS and len(given) >= 2:
            headers = (
                ("headers",) if isinstance(thing, Client) and thing.kind != "URLSearchParams" and not place else place
            )
            return put(thing, (*headers, literal(given[0])), given[1])
        if isinstance(thing, Client) and thing.kind in ("URL", "URLSearchParams"):
            return thing
        return thing if name in HARMLESS or (name or "")[:1].isupper() else unsure(thing)

    def _given(self, call: Node) -> list[Thing]:
        arguments = call.get("arguments")
        return [self._evaluator.thing(one) for one in arguments.children] if arguments is not None else []

    def _intercepted(self, thing: Thing, given: list[Thing]) -> Thing:
        """Return a client with what its interceptor adds to a request."""
        function = self._evaluator.function(given[0]) if given else None
        before = Table((("headers", Table()),))
        found = self._evaluator.returned(function, (before,)) if function is not None else Unknown()
        return with_options(thing, found if isinstance(found, Table) else INCOMPLETE)

    def _handed(self, thing: Thing, path: Path, call: Node, index: int, depth: int) -> Thing:
        """Return a thing after a call that it is an argument of: who gets it may do anything to it."""
        callee = call.get("function") or call.get("constructor")
        found = self._evaluator.thing(callee)
        if isinstance(found, Ref) and found.name == "Object.assign":
            for one in self._given(call)[1:] if index == 0 else ():
                thing = put(thing, (*path, "*"), one)
            return thing
        if self._only_reads(found, callee):
            return thing
        function = self._evaluator.function(found)
        if isinstance(found, Local) and function is None:
            function = self._evaluator.method(found.node, "constructor")
        if function is None:
            return unsure(thing)
        single, several = function.get("parameter"), function.get("parameters")
        parameters = [single] if single is not None else several.children if several is not None else []
        if index >= len(parameters) or "rest" in parameters[index].kind:
            return unsure(thing) if index < len(parameters) else thing
        return self._renamed(thing, parameters[index].get("pattern") or parameters[index], path, depth)

    def _only_reads(self, found: Thing, callee: Node | None) -> bool:
        if isinstance(found, Ref | Client):
            return True
        if isinstance(found, Method):
            return not isinstance(found.owner, Unknown | Instance) or found.name in _LOGS
        name = callee.get("property") if callee is not None and callee.kind == "member_expression" else callee
        return isinstance(found, Unknown) and name is not None and name.text in (_LOGS | VERBS.keys())


def _path(node: Node) -> tuple[str, ...]:
    """Return a name with the members that are taken of it."""
    found = [node.text]
    while (parent := node.parent) is not None and parent.kind == "member_expression" and node.field == "object":
        name = parent.get("property")
        found.append(name.text if name is not None else "")
        node = parent
    return tuple(found)


def _is_kept(use: Node) -> bool:
    """Return whether what is used is put into something with a name: what is done later is done to that too."""
    node = use
    while node.parent is not None and node.parent.kind in _HOLDERS:
        node = node.parent
    return (
        node is not use
        and node.parent is not None
        and node.parent.kind in ("variable_declarator", "assignment_expression")
    )


def _is_plain_call(node: Node) -> bool:
    """Return whether a name is only called, or a verb of it: `send(url)`, `client.get(url)`."""
    parent = node.parent
    if parent is not None and parent.kind == "member_expression" and node.field == "object":
        name = parent.get("property")
        if name is None or name.text not in VERBS:
            return False
        node, parent = parent, parent.parent
    return parent is not None and parent.kind == "call_expression" and node.field == "function" and not parent.broken


def _is_broken(reference: Node) -> bool:
    """Return whether the statement that a name stands in cannot be read."""
    return statement_of(reference).broken
