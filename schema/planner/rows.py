"""The rows a selection is compiled over, and what the parts of the compiler ask of each other."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import LiteralString, Protocol, TypeAlias

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
)
from strawberry.types.field import StrawberryField

from schema.planner.arguments import Arguments, Parameters
from schema.planner.cost import Cost
from schema.planner.fields import Fields
from schema.planner.moment import Moment
from schema.planner.source import SOURCE, Many, One, Source, Summed, Table
from schema.planner.template import Filling


class NotPlannedError(Exception):
    """The planner does not know this; the executor answers instead."""


Entries: TypeAlias = Callable[[str, "Rows"], str]
"""The condition that an entry is in the sums: of its alias, at the moment of some rows."""


@dataclass(slots=True)
class Rows:
    """One FROM clause that grows by joins while the fields over it are compiled."""

    alias: str
    moment: Moment
    joins: list[str] = field(default_factory=list)
    parsed: bool = False
    entries: Entries | None = None
    """Which entries a row of sums is made of; None: it is none."""

    def filling(self, arguments: Arguments, other: str = "", wanted: str = "") -> Filling:
        """What the words of a fragment over these rows stand for."""
        return Filling(arguments, self.moment, self.alias, other, wanted)

    def document(self) -> str:
        """The event's JSON, parsed once a row."""
        if not self.parsed:
            self.parsed = True
            self.joins.append(
                f"CROSS JOIN LATERAL (SELECT convert_from({self.alias}.body, 'UTF8')::jsonb"
                f" AS document) AS {self.alias}_json"
            )
        return f"{self.alias}_json.document"


@dataclass(frozen=True, slots=True)
class Related:
    """Rows that are related to the row at hand."""

    rows: Rows
    item: str
    """What stands in FROM."""
    condition: str
    """How they belong to the row, at the moment and in the scope of the question."""
    settle: Callable[[Sequence[str]], str] | None = None
    """What stands in FROM instead, once it is known which texts read it."""

    def read_by(self, *texts: str) -> "Related":
        """The rows, made for those who read them: sums are taken over what has the least rows."""
        return self if self.settle is None else replace(self, item=self.settle(texts))

    def where_also(self, condition: str) -> "Related":
        """Fewer of them."""
        return replace(self, condition=f"{self.condition} AND ({condition})")

    def where(self, *conditions: str) -> str:
        """FROM and WHERE, with the joins that were added meanwhile."""
        together = " AND ".join([self.condition, *conditions])
        return f"FROM {self.item} {' '.join(self.rows.joins)} WHERE {together}"


class Compiles(Protocol):
    """What the parts of the compiler (`connection.py`, `filter.py` …) need of it."""

    schema: GraphQLSchema
    fields: Fields
    parameters: Parameters
    cost: Cost
    moments: list[str]
    conditions: int

    def object(self, type_: GraphQLObjectType, nodes: Sequence[FieldNode], rows: Rows) -> str:
        """The JSON object of a row."""
        ...

    def related(
        self, of: GraphQLOutputType, source: One | Many | Summed, rows: Rows, arguments: Arguments
    ) -> Related:
        """Other rows: a fresh alias, their FROM item and their condition."""
        ...

    def arguments(self, node: FieldNode | None, definition: GraphQLField) -> Arguments:
        """The arguments of a field; its defaults where there is no node."""
        ...

    def alias(self) -> str:
        """A name that no other rows of the statement have."""
        ...

    def named(self, sql: str) -> str:
        """A position that a sub-select finds, once for the whole statement."""
        ...

    def once_more(self) -> AbstractContextManager[None]:
        """What is compiled meanwhile is another form of what was: it counts for nothing more."""
        ...


def object_type(of: GraphQLOutputType) -> GraphQLObjectType:
    """The object type inside lists and non-nulls."""
    named = get_named_type(of)
    if not isinstance(named, GraphQLObjectType):
        raise NotPlannedError(named.name)
    return named


def source_of(definition: GraphQLField) -> Source | None:
    """What the planner knows of a field; None: the executor's business."""
    declared = definition.extensions.get("strawberry-definition")
    return declared.metadata.get(SOURCE) if isinstance(declared, StrawberryField) else None


def column_of(definition: GraphQLField, name: str) -> str:
    """The column that a field without a word about it is named after."""
    return str(getattr(definition.extensions["strawberry-definition"], "python_name", name))


def is_page(of: GraphQLOutputType) -> bool:
    """Whether a field answers a connection."""
    named = get_named_type(of)
    return isinstance(named, GraphQLObjectType) and {"nodes", "pageInfo"} <= named.fields.keys()


def node_type(of: GraphQLOutputType) -> GraphQLObjectType:
    """The type of the rows behind a field, whether they come as pages or not."""
    found = object_type(of)
    return object_type(found.fields["nodes"].type) if is_page(of) else found


def origin(of: GraphQLOutputType) -> type:
    """The class that declares a type."""
    definition = object_type(of).extensions["strawberry-definition"]
    return definition.origin


def table_of(of: GraphQLOutputType) -> Table:
    """The table that the rows of this type live in."""
    return origin(of).table  # type: ignore[attr-defined]


def node_prefix(type_: GraphQLObjectType) -> str:
    """What the identities of this type begin with."""
    return type_.name.lower()


def node_condition(type_: GraphQLObjectType) -> LiteralString:
    """The row of this type that an identity names."""
    return origin(type_).by_id  # type: ignore[attr-defined]


def columns(keys: Sequence[str]) -> list[str]:
    """Names without their types."""
    return [key.partition("::")[0] for key in keys]
