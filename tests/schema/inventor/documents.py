"""Documents that are valid and that nobody wrote: made over the contract, from a seed.

    invented = invent(oracle, seed=17)
    invented.text, invented.variables

They hold what a code generator or a person may send: aliases, fragments in fragments, on types and
interfaces and unions, fields that are asked twice and merged, switches, variables with and without
values. Pages are small, and what is asked stays within the limits of a document. One document in
ten asks something that must be refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_union_type,
)

from tests.schema.apart import APART
from tests.schema.inventor.calls import Calls
from tests.schema.inventor.inputs import Inputs
from tests.schema.inventor.values import Draws
from tests.schema.inventor.writing import Variables, arguments, literal
from tests.schema.oracle.declared import is_page
from tests.schema.oracle.execute import Oracle
from tests.schema.oracle.wire import naive

FIELDS_MAX = 45
DEPTH_MAX = 4
ROOM = 300
"""How many objects one root field may come to, roughly: what it costs stays within the limit."""
OF_THE_CALLER = APART | {"me"}
"""What depends on who asks: nobody, here. test_introductions.py asks for `me`."""
_OFTEN = ("asOf", "diff", "totals", "changes")
"""Fields that most others are asked for at another moment below, or that hold most logic."""


@dataclass(frozen=True, slots=True)
class Invented:
    """A document and its variables."""

    text: str
    variables: Mapping[str, Any]


def invent(oracle: Oracle, seed: int) -> Invented:
    """The same seed invents the same, over the same ledger."""
    return _Inventor(Random(seed), oracle).document()


@dataclass(slots=True)
class _Fragment:
    name: str
    keys: set[str]
    depth: int
    room: int


@dataclass(slots=True)
class _Inventor:
    random: Random
    oracle: Oracle
    schema: GraphQLSchema = field(init=False)
    variables: Variables = field(init=False)
    calls: Calls = field(init=False)
    fields: int = 0
    aliases: int = 0
    fragments: dict[str, list[_Fragment]] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.schema = naive()
        self.variables = Variables(self.random)
        draws = Draws(self.random, self.oracle, self.schema)
        inputs = Inputs(self.random, draws, self.schema, self.variables)
        is_refused = self.random.random() < 0.1
        self.calls = Calls(self.random, draws, inputs, self.variables, is_refused=is_refused)

    def document(self) -> Invented:
        """One operation and its fragments."""
        query = self.schema.query_type
        assert query
        body = self.selection(query, DEPTH_MAX, ROOM)
        self._keep_used(body)
        declared = f"({', '.join(self.variables.declared)})" if self.variables.declared else ""
        head = f"query Invented{declared} " if declared or self.random.random() < 0.5 else ""
        parts = [f"{head}{{ {body} }}", *self.written.values()]
        self.random.shuffle(parts)
        return Invented("\n".join(parts), self.variables.sent)

    def _keep_used(self, body: str) -> None:
        """Forget fragments and variables that stand nowhere."""
        used: set[str] = set()
        waiting = [body]
        while waiting:
            for name in set(re.findall(r"\.\.\.(F[0-9]+)", waiting.pop())) - used:
                used.add(name)
                waiting.append(self.written[name])
        self.written = {name: each for name, each in self.written.items() if name in used}
        self.variables.keep_used(" ".join([body, *self.written.values()]))

    def selection(self, type_: Any, depth: int, room: int) -> str:
        """The inside of a selection set."""
        return " ".join(self.arranged(type_, self.parts(type_, depth, room, set())))

    def parts(self, type_: Any, depth: int, room: int, taken: set[str]) -> list[str]:
        """Selections of a type. `taken`: which keys of the answer are whose."""
        if is_abstract_type(type_):
            return self._of_abstract(type_, depth, room, taken)
        return self._of_object(type_, depth, room, taken)

    def _of_object(self, type_: Any, depth: int, room: int, taken: set[str]) -> list[str]:
        leaves = [
            name for name, each in type_.fields.items() if is_leaf_type(get_named_type(each.type))
        ]
        objects = [n for n in type_.fields if n not in leaves and n not in OF_THE_CALLER]
        objects += [name for name in _OFTEN for _ in range(3) if name in objects]
        parts: list[str] = []
        count = self.random.choice((1, 2, 3))
        for name in self.random.sample(leaves, min(count, len(leaves))):
            parts += self._field(type_, name, depth, room, taken)
        count = self.random.choice((0, 1, 1, 2)) if leaves else self.random.choice((1, 2, 2, 3))
        if depth > 0 or not leaves:
            for name in self.random.sample(objects, min(count, len(objects))):
                if self.fields < FIELDS_MAX or not parts:
                    parts += self._field(type_, name, depth, room, taken)
        if self.random.random() < 0.15 or not parts:
            parts += [self._keyed("__typename", taken)]
        return parts + self._again(type_, depth, room, taken)

    def _again(self, type_: Any, depth: int, room: int, taken: set[str]) -> list[str]:
        """A fragment that may stand in several places."""
        if self.random.random() < 0.7 or self.fields > FIELDS_MAX:
            return []
        fitting = [
            each
            for each in self.fragments.get(type_.name, ())
            if each.depth <= depth and each.room <= room and not each.keys & taken
        ]
        if fitting:
            chosen = self.random.choice(fitting)
            taken |= chosen.keys
        else:
            before = set(taken)
            inside = " ".join(self._of_object(type_, depth, room, taken))
            chosen = _Fragment(self._named(type_, inside), taken - before, depth, room)
            self.fragments.setdefault(type_.name, []).append(chosen)
        return [f"...{chosen.name}"]

    def _of_abstract(self, type_: Any, depth: int, room: int, taken: set[str]) -> list[str]:
        parts = [] if is_union_type(type_) else [self._keyed("id", taken)]
        possible = self.schema.get_possible_types(type_)
        # Of a hundred kinds of facts a few at a time would leave most unasked for.
        most = max(3, len(possible) // 8)
        for each in self.random.sample(possible, min(len(possible), self.random.randint(1, most))):
            if self.fields < FIELDS_MAX:
                inner = self.arranged(each, self.parts(each, depth - 1, room, taken))
                parts.append(f"... on {each.name} {{ {' '.join(inner)} }}")
        if self.random.random() < 0.5 or not parts:
            parts.append(self._keyed("__typename", taken))
        return parts

    def _field(self, type_: Any, name: str, depth: int, room: int, taken: set[str]) -> list[str]:
        """A field; in two pieces, sometimes, that are merged again."""
        definition: GraphQLField = type_.fields[name]
        self.fields += 1
        given, length = self.calls.given(name, definition, room)
        called = self._keyed(f"{name}{arguments(given)}", taken)
        below = get_named_type(definition.type)
        switch = self._switch(0.06)
        if is_leaf_type(below):
            return [f"{called}{switch}"] * self.random.choice((1,) * 9 + (2,))
        inner = self._below(below, depth, max(1, room // max(1, length)))
        if len(inner) > 1 and self.random.random() < 0.25:
            cut = self.random.randrange(1, len(inner))
            pieces = (inner[:cut], inner[cut:])
            return [f"{called}{self._switch(0.06)} {{ {' '.join(each)} }}" for each in pieces]
        return [f"{called}{switch} {{ {' '.join(inner)} }}"]

    def _below(self, below: Any, depth: int, room: int) -> list[str]:
        if is_page(below):
            return self._page(below, depth, room)
        down = 0 if below.name == "Query" else 1  # another moment of the same, not a step into it
        parts = self.parts(below, depth - down, room, set())
        return self.arranged(below, parts)

    def _page(self, of: GraphQLObjectType, depth: int, room: int) -> list[str]:
        """Some of a connection's parts."""
        node: Any = get_named_type(of.fields["nodes"].type)
        chosen = self.random.sample(list(of.fields), self.random.choice((1, 2, 2, 3)))
        parts = []
        for name in chosen:
            match name:
                case "nodes":
                    parts.append(f"nodes {{ {self.selection(node, depth - 1, room)} }}")
                case "edges":
                    inner = f"node {{ {self.selection(node, depth - 1, room)} }}"
                    both = self.random.choice(
                        ("cursor", inner, f"cursor {inner}", f"{inner} cursor")
                    )
                    parts.append(f"edges {{ {both} }}")
                case "pageInfo":
                    names = ["hasNextPage", "hasPreviousPage", "startCursor", "endCursor"]
                    some = self.random.sample(names, self.random.randint(1, 4))
                    parts.append(f"pageInfo {{ {' '.join(some)} }}")
                case _:
                    parts.append(name)
        return self.arranged(of, parts)

    def _keyed(self, called: str, taken: set[str]) -> str:
        """A field under its own name or another; no key is asked for two things."""
        key = name = called.partition("(")[0]
        if self.random.random() < 0.15:
            key = self.random.choice(("a", "b", "code", "total"))
        while key in taken:
            self.aliases += 1
            key = f"x{self.aliases}"
        taken.add(key)
        return called if key == name else f"{key}: {called}"

    def arranged(self, type_: Any, parts: list[str]) -> list[str]:
        """The same selections, some of them in fragments."""
        if self.random.random() < 0.55 or is_union_type(type_):
            return parts
        first = self.random.randrange(len(parts))
        last = self.random.randint(first, len(parts) - 1)
        inside = " ".join(parts[first : last + 1])
        switch = self._switch(0.2)
        shared = self._of_interface(type_, parts)
        if shared and self.random.random() < 0.5:
            return shared
        way = self.random.random()
        if way < 0.25:
            wrapped = f"...{switch} {{ {inside} }}" if switch else f"... {{ {inside} }}"
        elif way < 0.5:
            wrapped = f"... on {type_.name}{switch} {{ {inside} }}"
        else:
            wrapped = f"...{self._named(type_, inside)}{switch}"
        return [*parts[:first], wrapped, *parts[last + 1 :]]

    def _of_interface(self, type_: Any, parts: list[str]) -> list[str]:
        """The same selections, those that an interface has as well on that interface."""
        for wider in getattr(type_, "interfaces", ()):
            names = [part for part in parts if part in wider.fields]
            if names:
                rest = [part for part in parts if part not in names]
                return [f"... on {wider.name}{{ {' '.join(names)} }}", *rest]
        return []

    def _named(self, type_: Any, inside: str) -> str:
        name = f"F{len(self.written)}"
        self.written[name] = f"fragment {name} on {type_.name} {{ {inside} }}"
        return name

    def _switch(self, chance: float) -> str:
        """A directive, or none."""
        if self.random.random() > chance:
            return ""
        word = self.random.choice(("include", "skip"))
        on: Any = self.random.random() < (0.7 if word == "include" else 0.3)
        if self.random.random() < 0.6:
            on = self.variables.declare(
                self.random.choice(("Boolean!", f"Boolean! = {str(not on).lower()}")), value=on
            )
        again = f" @skip(if: {literal(value=False)})" if word == "include" else ""
        return f" @{word}(if: {literal(on)}){again if self.random.random() < 0.2 else ''}"
