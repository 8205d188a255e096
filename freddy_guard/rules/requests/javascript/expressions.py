"""What each kind of expression stands for: texts, objects, sums, attributes, calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from freddy_guard.rules.requests.javascript import clients, library
from freddy_guard.rules.requests.javascript.library import as_text
from freddy_guard.rules.requests.javascript.program import CLASSES
from freddy_guard.rules.requests.javascript.source import Node
from freddy_guard.rules.requests.things import (
    INCOMPLETE,
    Client,
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
)

if TYPE_CHECKING:
    from freddy_guard.rules.requests.javascript.evaluate import Evaluator

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r": ""}


def _string(_evaluator: Evaluator, node: Node) -> Thing:
    return plain("".join(_fragment(child) for child in node.children))


def _fragment(node: Node) -> str:
    if node.kind != "escape_sequence":
        return node.text
    body = node.text[1:]
    code = re.fullmatch(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,5})\}", body)
    if code is None:
        return _ESCAPES.get(body[:1], body)
    return chr(int(code[1] or code[2] or code[3], 16)).encode("utf-8", "replace").decode()


def _template(evaluator: Evaluator, node: Node) -> Thing:
    return concatenated(
        as_text(evaluator.thing(child.children[0] if child.children else None))
        if child.kind == "template_substitution"
        else plain(_fragment(child))
        for child in node.children
    )


def _number(_evaluator: Evaluator, node: Node) -> Thing:
    return plain(node.text)


def _nothing(_evaluator: Evaluator, _node: Node) -> Thing:
    return Nothing()


def _object(evaluator: Evaluator, node: Node) -> Thing:
    whole = Table()
    for child in node.children:
        whole = whole.joined(_member(evaluator, child))
    return whole


def _member(evaluator: Evaluator, node: Node) -> Table:
    if node.kind == "shorthand_property_identifier":
        return Table(((node.text, evaluator.name(node)),))
    if node.kind == "spread_element":
        return library.pairs(evaluator.thing(node.children[0] if node.children else None))
    key = node.get("key") or node.get("name")
    name = _key(evaluator, key) if key is not None else None
    if name is None:
        return INCOMPLETE
    if node.kind == "method_definition":
        getter = node.text.startswith("get ") and name != "get"
        return Table(((name, evaluator.returned(node, ()) if getter else Local(node)),))
    return Table(((name, evaluator.thing(node.get("value"))),))


def _key(evaluator: Evaluator, key: Node) -> str | None:
    if key.kind == "computed_property_name":
        return literal(evaluator.thing(key.children[0] if key.children else None))
    return literal(evaluator.thing(key)) if key.kind == "string" else key.text


def _array(evaluator: Evaluator, node: Node) -> Thing:
    if any(child.kind == "spread_element" for child in node.children):
        return Unknown()
    return Series(tuple(evaluator.thing(child) for child in node.children))


def _binary(evaluator: Evaluator, node: Node) -> Thing:
    operator = node.get("operator")
    sign = operator.kind if operator is not None else ""
    if sign == "+":
        return _sum(evaluator, node)
    left, right = evaluator.thing(node.get("left")), evaluator.thing(node.get("right"))
    if sign in ("||", "??"):
        return merged((left, right))
    if sign == "&&":
        return merged((Nothing(), right))
    return Unknown()


def _sum(evaluator: Evaluator, node: Node) -> Thing:
    """Return a sum, if one of its terms is a text. No recursion: it may have a thousand terms."""
    terms: list[Node | None] = []
    one: Node | None = node
    while one is not None and one.kind == "binary_expression" and (sign := one.get("operator")) and sign.kind == "+":
        terms.append(one.get("right"))
        one = one.get("left")
    things = [as_text(evaluator.thing(term)) for term in (one, *reversed(terms))]
    if any(isinstance(thing, Text) for thing in things):
        return concatenated(things)
    return Unknown(tuple(name for thing in things if isinstance(thing, Unknown) for name in thing.names))


def _choice(evaluator: Evaluator, node: Node) -> Thing:
    return merged((evaluator.thing(node.get("consequence")), evaluator.thing(node.get("alternative"))))


def _first(evaluator: Evaluator, node: Node) -> Thing:
    return evaluator.thing(node.children[0]) if node.children else Unknown()


def _last(evaluator: Evaluator, node: Node) -> Thing:
    return evaluator.thing(node.children[-1]) if node.children else Unknown()


def _assigned(evaluator: Evaluator, node: Node) -> Thing:
    return evaluator.thing(node.get("right"))


def _local(_evaluator: Evaluator, node: Node) -> Thing:
    return Local(node)


def _name(evaluator: Evaluator, node: Node) -> Thing:
    return evaluator.name(node)


def _this(evaluator: Evaluator, node: Node) -> Thing:
    return evaluator.this(node)


def _attribute(evaluator: Evaluator, node: Node) -> Thing:
    name = node.get("property")
    return attribute(evaluator, evaluator.thing(node.get("object")), name.text, node) if name else Unknown()


def attribute(evaluator: Evaluator, owner: Thing, name: str, use: Node) -> Thing:
    """Return what an attribute of something is."""
    if isinstance(owner, Instance):
        return evaluator.attribute(owner.node, name, use)
    if isinstance(owner, Local):
        return evaluator.attribute(owner.node, name, use) if owner.node.kind in CLASSES else Unknown((name,))
    if isinstance(owner, Ref):
        return library.member(owner, name)
    if isinstance(owner, Table):
        found = owner.get(name)
        return found if found is not None else Method(owner, name) if name in library.METHODS else Unknown((name,))
    if isinstance(owner, Client):
        return clients.member(owner, name)
    if isinstance(owner, Text | Series):
        return Method(owner, name)
    names = owner.names if isinstance(owner, Unknown) else ()
    return Method(Unknown(names), name) if name in library.METHODS else Unknown((*names, name))


def _item(evaluator: Evaluator, node: Node) -> Thing:
    owner, key = evaluator.thing(node.get("object")), literal(evaluator.thing(node.get("index")))
    if key is None:
        return Unknown(owner.names) if isinstance(owner, Unknown) else Unknown()
    return followed(evaluator, owner, (key,), node)


def followed(evaluator: Evaluator, found: Thing, path: tuple[str, ...], use: Node | None = None) -> Thing:
    """Return what stands at a path in something."""
    for name in path:
        if isinstance(found, Series):
            found = found.items[int(name)] if name.isdigit() and int(name) < len(found.items) else Unknown()
        elif use is not None or not isinstance(found, Instance | Local):
            found = attribute(evaluator, found, name, use or evaluator.program.root)
        else:
            found = attribute(evaluator, found, name, evaluator.program.root)
    return found


def arguments(evaluator: Evaluator, node: Node) -> tuple[Thing, ...] | None:
    """Return the arguments of a call, None where a spread makes that unknown."""
    given = node.get("arguments")
    if given is None:
        return ()
    if given.kind != "arguments" or any(child.kind == "spread_element" for child in given.children):
        return None
    return tuple(evaluator.thing(child) for child in given.children)


def _called(evaluator: Evaluator, node: Node) -> Thing:
    function = node.get("function") or node.get("constructor")
    given = arguments(evaluator, node)
    if function is not None and function.kind == "import":
        return library.imported(literal(given[0]) or "", "*") if given else Unknown()
    callee = evaluator.thing(function)
    local = evaluator.function(callee)
    if local is not None:
        return evaluator.returned(local, given)
    if isinstance(callee, Local) and callee.node.kind in CLASSES:
        return Instance(callee.node)
    found = clients.made(callee, given, node)
    if found is not None:
        is_chain = isinstance(found, Client) and found.kind == "superagent.Request"
        return evaluator.touches.chained(found, node) if is_chain and isinstance(found, Client) else found
    return library.called(callee, given)


KINDS: Mapping[str, Callable[[Evaluator, Node], Thing]] = {
    "string": _string,
    "template_string": _template,
    "number": _number,
    "null": _nothing,
    "undefined": _nothing,
    "false": _nothing,
    "object": _object,
    "array": _array,
    "binary_expression": _binary,
    "ternary_expression": _choice,
    "parenthesized_expression": _first,
    "as_expression": _first,
    "satisfies_expression": _first,
    "non_null_expression": _first,
    "type_assertion": _last,
    "await_expression": _first,
    "sequence_expression": _last,
    "assignment_expression": _assigned,
    "arrow_function": _local,
    "function_expression": _local,
    "generator_function": _local,
    "class": _local,
    "identifier": _name,
    "this": _this,
    "member_expression": _attribute,
    "subscript_expression": _item,
    "call_expression": _called,
    "new_expression": _called,
}
