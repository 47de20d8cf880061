"""What of a request's variables decides the shape of a plan, and so belongs to its key.

A nullable variable that is null, a switch that is on, the fields of a filter that are there, the
order that is asked for: a plan is made for one set of these. Values alone are parameters.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from graphql import (
    ArgumentNode,
    DocumentNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    Visitor,
    visit,
)

from schema.planner.scope import EVERYTHING, Scope

Variables: TypeAlias = Mapping[str, object]
Shape: TypeAlias = "str | tuple[object, ...] | None"
"""None: null. A text: a value that shapes the plan. A tuple: fields or items, each with its own."""

LEAF = "·"
"""A value that is a parameter, whatever it is."""
OBJECT, LIST = "{", "["


class Structural(Enum):
    """An enum whose members shape the statement: an order, a dimension of totals, a map."""


@dataclass(frozen=True, slots=True)
class Given:
    """What of the variables decides the plan's shape."""

    null: frozenset[str] = frozenset()
    """Variables without a value, whether null was sent or nothing."""
    sent: frozenset[str] = frozenset()
    """Of those, the ones that were sent, or are null by their own default."""
    shapes: tuple[tuple[str, Shape], ...] = ()
    """Switches, and variables that hold structure, by name."""
    scope: Scope = EVERYTHING
    """What the caller may see."""

    def is_unsent(self, node: ValueNode | None) -> bool:
        """Whether a variable stands here that has no value: it is as if nothing stood here."""
        if not isinstance(node, VariableNode):
            return False
        return node.name.value in self.null and node.name.value not in self.sent

    def shape(self, name: str) -> Shape:
        """The shape of a variable."""
        if name in self.null:
            return None
        return dict(self.shapes).get(name, LEAF)


def given(
    operation: OperationDefinitionNode,
    variables: Variables,
    scope: Scope = EVERYTHING,
    sizes: Collection[str] = (),
) -> Given:
    """What these variables of an operation decide. `sizes`: those that are lengths of pages."""
    definitions = operation.variable_definitions
    if not definitions:
        return Given(scope=scope)
    nullable = {
        each.variable.name.value
        for each in definitions
        if not isinstance(each.type, NonNullTypeNode)
    }
    null = frozenset(name for name in nullable if variables.get(name) is None)
    return Given(
        null=null,
        sent=frozenset(name for name in null if name in variables),
        shapes=(*_structured(variables), *_sizes(variables, sizes)),
        scope=scope,
    )


def shape_of(value: object) -> Shape:
    """The shape of one value."""
    match value:
        case None:
            return None
        case Structural():
            return value.name
        case bool():
            return str(value)
        case dict():
            return (OBJECT, *((name, shape_of(each)) for name, each in value.items()))
        case list() if any(isinstance(each, (dict, Structural)) for each in value):
            return (LIST, *map(shape_of, value))
        case _:
            return LEAF


def sizes_of(document: DocumentNode) -> frozenset[str]:
    """The variables that are lengths of pages anywhere in a document.

    Whoever plans a statement wants to know how many rows it is to find: for a length that is not
    known, PostgreSQL supposes a tenth of the table, and reads it accordingly.
    """
    found = _Sizes()
    visit(document, found)
    return frozenset(found.names)


class _Sizes(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        """Note a variable that says how many."""
        if node.name.value in {"first", "last"} and isinstance(node.value, VariableNode):
            self.names.add(node.value.name.value)


def _sizes(variables: Variables, names: Collection[str]) -> Iterator[tuple[str, Shape]]:
    for name in names:
        value = variables.get(name)
        if isinstance(value, int):
            yield name, str(value)


def _structured(variables: Variables) -> Iterator[tuple[str, Shape]]:
    for name, value in variables.items():
        if isinstance(value, (bool, dict, list, Structural)):
            yield name, shape_of(value)
