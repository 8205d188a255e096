"""What an expression of a program can stand for, as far as it is known without running it.

A `node` is one of the tree of the language's own parser.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from freddy_guard.rules.requests.call import UNKNOWN, Part, Value, joined, text

ALTERNATIVES = 8  # values of one expression that are told apart


class Unknown(NamedTuple):
    """Anything, with the names that say where it comes from."""

    names: tuple[str, ...] = ()


class Nothing(NamedTuple):
    """None."""


class Text(NamedTuple):
    """A string: one of these."""

    values: tuple[Value, ...]


class Table(NamedTuple):
    """A dictionary with texts as keys, and whether it holds nothing else. An entry may be there on one branch only."""

    entries: tuple[tuple[str, Thing], ...] = ()
    complete: bool = True

    def get(self, key: str) -> Thing | None:
        """Return the last value of a key."""
        return next((value for name, value in reversed(self.entries) if name == key), None)

    def joined(self, other: Table) -> Table:
        """Return this with another laid over it."""
        return Table(self.entries + other.entries, self.complete and other.complete)


class Series(NamedTuple):
    """A list or a tuple."""

    items: tuple[Thing, ...]


class Ref(NamedTuple):
    """What an import brings: a module or something in one."""

    name: str


class Local(NamedTuple):
    """A function or a class of the program."""

    node: Any


class Instance(NamedTuple):
    """An object of a class of the program."""

    node: Any


class Method(NamedTuple):
    """A method of something that the program does not define."""

    owner: Thing
    name: str


class Partial(NamedTuple):
    """A function with some of its arguments given: what functools.partial makes in a call."""

    node: Any


class Agent(NamedTuple):
    """An object of a library that sends requests, or is one. `kind` is its dotted name, `node` what made it."""

    kind: str
    node: Any
    base: Thing = Nothing()
    headers: Table = Table()
    params: Table = Table()
    method: str = ""


class Client(NamedTuple):
    """An object of a library that is told all by options, or the library itself. What is called with them decides.

    `node` is the call that made it, None for a library.
    """

    kind: str
    node: Any = None
    options: Table = Table()


Thing = Unknown | Nothing | Text | Table | Series | Ref | Local | Instance | Method | Partial | Agent | Client
INCOMPLETE = Table(complete=False)


def plain(literal: str) -> Text:
    """Return a string that is known."""
    return Text((text(literal),))


def concatenated(things: Iterable[Thing]) -> Text:
    """Return the string made of these, one behind the other, in all its alternatives."""
    made: list[Value] = [Value()]
    for thing in things:
        made = [joined((left, right)) for left in made for right in values(thing)][:ALTERNATIVES]
    return Text(tuple(dict.fromkeys(made)))


def values(thing: Thing) -> tuple[Value, ...]:
    """Return what a thing is as a string, alternatives included."""
    if isinstance(thing, Text):
        return thing.values
    return (Value((Part(None, thing.names),)),) if isinstance(thing, Unknown) else (UNKNOWN,)


def value(thing: Thing) -> Value:
    """Return what a thing is as one string; of several that differ only the names are known."""
    found = values(thing)
    if len(found) == 1:
        return found[0]
    return Value((Part(None, tuple(name for one in found for part in one.parts for name in part.names)),))


def literal(thing: Thing | None) -> str | None:
    """Return a string that is fully known, None where it is not."""
    return value(thing).literal if isinstance(thing, Text) else None


def with_name(thing: Thing, name: str) -> Thing:
    """Return a thing that a name stands for: the name says something of the value, even of a text."""
    if isinstance(thing, Unknown):
        return Unknown((name, *thing.names))
    if isinstance(thing, Text):
        return Text(tuple(_named(one, name) for one in thing.values))
    return thing


def _named(one: Value, name: str) -> Value:
    if len(one.parts) != 1:
        return one
    return Value((one.parts[0]._replace(names=(name, *one.parts[0].names)),))


def table(thing: Thing | None) -> Table:
    """Return a thing as a dictionary: one that is not known may hold anything."""
    if isinstance(thing, Table):
        return thing
    return Table() if thing is None or isinstance(thing, Nothing) else INCOMPLETE


def merged(things: Iterable[Thing]) -> Thing:
    """Return what is one of these. A key of a dictionary counts as set where one of them has it."""
    found = list(dict.fromkeys(things))
    if len(found) == 1:
        return found[0]
    some = [thing for thing in found if not isinstance(thing, Nothing)]
    if len(some) == 1 and not isinstance(some[0], Unknown):
        return some[0]
    if some and all(isinstance(thing, Table) for thing in some):
        return _joined(table(thing) for thing in some)
    if any(isinstance(thing, Text) for thing in some) and all(isinstance(thing, Text | Unknown) for thing in some):
        both = [one for thing in some for one in values(thing)]
        return Text(tuple(dict.fromkeys(both))[:ALTERNATIVES])
    agents = [thing for thing in some if isinstance(thing, Agent)]
    if agents and len(agents) == len(some) and len({agent.kind for agent in agents}) == 1:
        headers, params = (_joined(agent.headers for agent in agents), _joined(agent.params for agent in agents))
        return agents[0]._replace(headers=headers, params=params, base=merged(agent.base for agent in agents))
    clients = [thing for thing in some if isinstance(thing, Client)]
    if clients and len(clients) == len(some) and len({client.kind for client in clients}) == 1:
        return clients[0]._replace(options=_joined(client.options for client in clients))
    return Unknown(tuple(name for thing in some if isinstance(thing, Unknown) for name in thing.names))


def _joined(tables: Iterable[Table]) -> Table:
    whole = Table()
    for one in tables:
        whole = whole.joined(one)
    return whole
