"""The rows a selection is compiled over, and what the parts of the compiler ask of each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import LiteralString, Protocol

from graphql import FieldNode, GraphQLObjectType, GraphQLOutputType, get_named_type

from schema.planner.arguments import Arguments, Parameters
from schema.planner.fields import Fields
from schema.planner.moment import Moment
from schema.planner.source import Many, One, Table


class NotPlannedError(Exception):
    """The planner does not know this; the executor answers instead."""


@dataclass(slots=True)
class Rows:
    """One FROM clause that grows by joins while the fields over it are compiled."""

    alias: str
    moment: Moment
    joins: list[str] = field(default_factory=list)
    parsed: bool = False

    def document(self) -> str:
        """The event's JSON, parsed once a row."""
        if not self.parsed:
            self.parsed = True
            self.joins.append(
                f"CROSS JOIN LATERAL (SELECT convert_from({self.alias}.body, 'UTF8')::jsonb"
                f" AS document) AS {self.alias}_json"
            )
        return f"{self.alias}_json.document"


class Compiles(Protocol):
    """What the parts of the compiler (`connection.py`, `asof.py`) need of it."""

    fields: Fields
    parameters: Parameters
    moments: list[str]

    def object(self, type_: GraphQLObjectType, nodes: Sequence[FieldNode], rows: Rows) -> str:
        """The JSON object of a row."""
        ...

    def related(
        self, of: GraphQLOutputType, source: One | Many, rows: Rows, arguments: Arguments
    ) -> tuple[Rows, str, str]:
        """A fresh alias for the related rows, their FROM item and their condition."""
        ...


def object_type(of: GraphQLOutputType) -> GraphQLObjectType:
    """The object type inside lists and non-nulls."""
    named = get_named_type(of)
    if not isinstance(named, GraphQLObjectType):
        raise NotPlannedError(named.name)
    return named


def _origin(of: GraphQLOutputType) -> type:
    definition = object_type(of).extensions["strawberry-definition"]
    return definition.origin


def table_of(of: GraphQLOutputType) -> Table:
    """The table that the rows of this type live in."""
    return _origin(of).table  # type: ignore[attr-defined]


def node_prefix(type_: GraphQLObjectType) -> str:
    """What the identities of this type begin with."""
    return type_.name.lower()


def node_condition(type_: GraphQLObjectType) -> LiteralString:
    """The row of this type that an identity names."""
    return _origin(type_).by_id  # type: ignore[attr-defined]


def columns(keys: Sequence[str]) -> list[str]:
    """Names without their types."""
    return [key.partition("::")[0] for key in keys]
