"""Sums of entries, and what is behind each of them. `groups.py` has those by group.

The type that sums are answered as says how (`schema/totals.py`). They are taken over the entries,
or over the running totals where these say the same (`tallied.py`).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString

from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLOutputType

from schema.planner.arguments import Arguments
from schema.planner.connection import page
from schema.planner.cost import SUM, TALLIED
from schema.planner.filter import condition
from schema.planner.rows import (
    Compiles,
    NotPlannedError,
    Related,
    Rows,
    object_type,
    origin,
    table_of,
)
from schema.planner.source import ENTRIES, Behind, Many, Series, Summed, Time
from schema.planner.tallied import by_cell, cells, kept_by_cell

ANY = "entry_count"
"""The measure that is summed where none is read, so that there is a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure of a row of sums: an aggregate over rows `{self}`."""

    entries: LiteralString
    """Over entries."""
    tally: LiteralString | None = None
    """The same over running totals of cells; None: it cannot be added up from them."""


@dataclass(frozen=True, slots=True)
class Account:
    """The entries that sums are made of, or the lines of the journal."""

    compiler: Compiles
    source: Summed | Series
    owner: Rows
    """The row that they belong to."""
    arguments: Arguments

    def keeps(self, alias: str, at: Rows) -> str:
        """Whether an entry is one of them: read under an alias, at the moment of some rows."""
        filling = Rows(alias, at.moment).filling(self.arguments)
        kept = filling.kept(alias, self._lines, Time.LINES)
        return _all([kept, *self._belongs(alias, at)])

    def read(
        self,
        alias: str,
        measures: Mapping[str, Measure],
        read: Collection[str],
        by: Iterable[str] = (),
    ) -> "Reading":
        """What some measures are summed over, grouped by fragments over rows `{self}`."""
        at = self.owner
        here = Rows(alias, at.moment).filling(self.arguments)
        if not self._is_tallied(measures, read, by):
            self.compiler.cost.add(SUM)
            sums = {n: here.fill(each.entries) for n, each in measures.items() if n in read}
            return Reading(alias, f"{self._lines} AS {alias}", self.keeps(alias, at), sums)
        self.compiler.cost.add(TALLIED)
        self.arguments.parameters.reads_head |= at.moment.position is None
        tallied = {n: each.tally for n, each in measures.items() if n in read}
        sums = {n: here.fill(tally) for n, tally in tallied.items() if tally}
        rows = f"{cells(at.moment)} AS {alias}"
        return Reading(alias, rows, _all(self._belongs(alias, at)), sums)

    def _is_tallied(
        self, measures: Mapping[str, Measure], read: Collection[str], by: Iterable[str]
    ) -> bool:
        """Whether the running totals say all that is asked, to the last đồng."""
        return (
            self._lines == ENTRIES
            and self.owner.moment.effective is None
            and ENTRIES not in self.arguments.given.scope.rows
            and all(measures[name].tally for name in read)
            and by_cell(by, "self")
            and by_cell([self.source.on], "other")
            and kept_by_cell(self._line, self.arguments.given_input("filter"))
        )

    def _belongs(self, alias: str, at: Rows) -> list[str]:
        """Whose they are, and the filter."""
        parts = [self.owner.filling(self.arguments, alias).fill(self.source.on)]
        wanted = self.arguments.given_input("filter")
        if wanted is not None:
            parts.append(condition(self.compiler, self._line, Rows(alias, at.moment), wanted))
        return parts

    @property
    def _line(self) -> GraphQLObjectType:
        name = self.source.of.type_name
        return object_type(self.compiler.schema.type_map[name])  # type: ignore[arg-type]

    @property
    def _lines(self) -> LiteralString:
        return table_of(self._line).rows


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows to sum, which of them, and the aggregates over them."""

    alias: str
    item: str
    kept: str
    sums: Mapping[str, str]

    @property
    def chosen(self) -> list[str]:
        """The aggregates, each under the name of its measure."""
        return [f'{sql} AS "{n}"' for n, sql in self.sums.items()]


def measures_of(of: GraphQLOutputType) -> Mapping[str, Measure]:
    """The figures that a type declares; the database computes those that are read."""
    measures: Mapping[str, Measure] = origin(of).measures  # type: ignore[attr-defined]
    return measures


def read_of(names: Iterable[str], alias: str, texts: Iterable[str]) -> list[str]:
    """Which columns of some rows stand in texts of SQL."""
    found = {each for text in texts for each in re.findall(rf"\b{alias}\.(\w+)", text)}
    return [name for name in names if name in found]


def summed(
    compiler: Compiles, of: GraphQLOutputType, source: Summed, rows: Rows, arguments: Arguments
) -> Related:
    """One row of sums; of no entries it is 0, a true statement."""
    account = Account(compiler, source, rows, arguments)
    other = Rows(compiler.alias(), rows.moment, entries=account.keeps)
    measures = measures_of(of)

    def settled(texts: Sequence[str]) -> str:
        read = read_of(measures, other.alias, texts)
        reading = account.read(compiler.alias(), measures, read or [ANY])
        sums = f"SELECT {', '.join(reading.chosen)} FROM {reading.item} WHERE {reading.kept}"
        return f"LATERAL ({sums}) AS {other.alias}"

    return Related(other, "", "true", settled)


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


def _all(parts: Sequence[str]) -> str:
    return " AND ".join(f"({part})" for part in parts if part != "true") or "true"
