"""Arguments of a field become parameters of the statement.

A literal is known when the plan is made; a variable is read at each request. Whether a nullable
variable is null belongs to the key of the plan (`Given`), so that a plan never asks at run time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    NullValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    value_from_ast,
)

from schema.planner.refusals import QueryRefusedError

Variables: TypeAlias = Mapping[str, object]
Getter: TypeAlias = Callable[[Variables], object]


@dataclass(frozen=True, slots=True)
class Given:
    """What of the variables decides the plan's shape: null or not, and the values of switches."""

    null: frozenset[str]
    switches: frozenset[str]
    """Boolean variables of `@skip` and `@include` that are true."""


@dataclass(slots=True)
class Parameters:
    """The parameters of one statement, in order, and the checks to make before it runs."""

    getters: list[Getter] = field(default_factory=list)
    checks: list[Callable[[Variables], None]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    """Which parameters are positions asked for; one beyond the head is refused."""

    def add(self, getter: Getter, sql_type: str) -> str:
        """A new parameter, as SQL."""
        self.getters.append(lambda variables: _plain(getter(variables)))
        return f"${len(self.getters)}::{sql_type}"


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one field as it stands in the document."""

    parameters: Parameters
    given: Given
    definitions: Mapping[str, GraphQLArgument]
    nodes: Mapping[str, ValueNode]

    @classmethod
    def of(
        cls, node: FieldNode, definition: GraphQLField, to: Parameters, given: Given
    ) -> "Arguments":
        """Read a field's arguments."""
        nodes = {argument.name.value: argument.value for argument in node.arguments or ()}
        return cls(to, given, definition.args, nodes)

    def is_null(self, name: str) -> bool:
        """Whether the argument is null or absent; known when the plan is made."""
        node = self.nodes.get(name)
        if isinstance(node, VariableNode) and node.name.value in self.given.null:
            return self._default(name) is None
        absent = node is None and self._default(name) is None
        return absent or isinstance(node, NullValueNode)

    def getter(self, name: str) -> Getter:
        """How to read the argument from a request's variables."""
        node, of = self.nodes.get(name), self.definitions[name].type
        if node is None:
            return _constant(self._default(name))
        if isinstance(node, VariableNode):
            return _variable(node.name.value, self._default(name))
        return _constant(value_from_ast(node, of))

    def parameter(self, name: str, sql_type: str) -> str:
        """The argument as a parameter of the statement; null is written out."""
        if self.is_null(name):
            return f"NULL::{sql_type}"
        return self.parameters.add(self.getter(name), sql_type)

    def _default(self, name: str) -> object:
        default = self.definitions[name].default_value
        return None if default is Undefined else default


def _constant(got: object) -> Getter:
    return lambda _: got


def _variable(name: str, default: object) -> Getter:
    return lambda variables: variables.get(name, default)


def _plain(got: object) -> object:
    """As the driver wants it: an enum by its name, text that PostgreSQL can hold."""
    if isinstance(got, str) and "\x00" in got:
        raise QueryRefusedError(
            "BAD_TEXT", "Text may not hold the character U+0000.", "Văn bản có ký tự U+0000."
        )
    return got.name if isinstance(got, Enum) else got
