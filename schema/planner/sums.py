"""Sums of entries, and what is behind each of them. `groups.py` has those by group.

The type that sums are answered as says how (`schema/totals.py`): its `measures` are aggregates over
entries `{self}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString

from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLOutputType

from schema.planner.arguments import Arguments
from schema.planner.connection import page
from schema.planner.cost import SUM
from schema.planner.filter import condition
from schema.planner.rows import Compiles, NotPlannedError, Related, Rows, object_type, origin
from schema.planner.source import ENTRIES, Behind, Many, Summed, Time


@dataclass(frozen=True, slots=True)
class Account:
    """The entries that sums are made of."""

    compiler: Compiles
    on: LiteralString
    owner: Rows
    """The row that they belong to."""
    arguments: Arguments

    def keeps(self, alias: str, at: Rows) -> str:
        """Whether an entry is one of them: read under an alias, at the moment of some rows."""
        here = Rows(alias, at.moment)
        on = self.owner.filling(self.arguments, alias).fill(self.on)
        parts = [on, here.filling(self.arguments).kept(alias, ENTRIES, Time.LINES)]
        wanted = self.arguments.given_input("filter")
        if wanted is not None:
            entry = object_type(self.compiler.schema.type_map["Entry"])  # type: ignore[arg-type]
            parts.append(condition(self.compiler, entry, here, wanted))
        return " AND ".join(f"({part})" for part in parts if part != "true") or "true"


def measures_of(of: GraphQLObjectType, entry: str) -> dict[str, str]:
    """The aggregates that a type declares; the database computes those that are read."""
    measures: Mapping[str, str] = origin(of).measures  # type: ignore[attr-defined]
    return {name: f'{sql.replace("{self}", entry)} AS "{name}"' for name, sql in measures.items()}


def summed(
    compiler: Compiles, of: GraphQLOutputType, source: Summed, rows: Rows, arguments: Arguments
) -> Related:
    """One row of sums; of no entries it is 0, a true statement."""
    account = Account(compiler, source.on, rows, arguments)
    entry = compiler.alias()
    other = Rows(compiler.alias(), rows.moment, entries=account.keeps)
    compiler.cost.add(SUM)
    measures = ", ".join(measures_of(object_type(of), entry).values())
    sums = f"SELECT {measures} FROM {ENTRIES} AS {entry} WHERE {account.keeps(entry, rows)}"
    return Related(other, f"LATERAL ({sums}) AS {other.alias}", "true")


def behind(
    compiler: Compiles,
    source: Behind,
    definition: GraphQLField,
    nodes: list[FieldNode],
    rows: Rows,
    arguments: Arguments,
) -> str:
    """The entries that a row of sums is made of, or what belongs to one of them."""
    entries = rows.entries
    if entries is None:
        raise NotPlannedError(nodes[0].name.value)

    def kept(other: Rows) -> str:
        if source.on is None:
            return entries(other.alias, other)
        entry = compiler.alias()
        on = Rows(entry, other.moment).filling(arguments, other.alias).fill(source.on)
        return f"EXISTS (SELECT 1 FROM {ENTRIES} AS {entry} WHERE {on} AND {entries(entry, other)})"

    return page(compiler, Many("true"), definition, nodes, rows, arguments, kept)
