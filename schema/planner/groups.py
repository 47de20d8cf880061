"""Sums of entries by group: `totals(groupBy: [PROVINCE, SECTOR], rollUp: true)`.

The type that a group is answered as says what it can be grouped by (`schema/totals.py`). A group
knows its entries: the condition that made it is written again where somebody asks for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString

from graphql import FieldNode, GraphQLField

from schema.planner.arguments import Arguments
from schema.planner.filter import condition
from schema.planner.order import order_of
from schema.planner.paging import length_of
from schema.planner.refusals import QueryRefusedError
from schema.planner.rows import Compiles, Rows, object_type, origin
from schema.planner.source import Summed
from schema.planner.sums import Account, Reading, measures_of, read_of

GROUPS_DEFAULT = 100
PROVINCE, TODAY, ON_DAY = "PROVINCE", "TODAY", "ON_DAY"
"""The dimension that depends on a map, and the maps that are not the event's own."""
_WHOLE = "whole_"
"""What begins the names of sums over all groups, which shares are taken of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """What sums can be grouped by."""

    columns: Mapping[LiteralString, LiteralString]
    """Column of a group's row, as `name::type`, to its SQL over an entry `{self}`."""
    join: LiteralString = ""
    """What else is read for it."""


@dataclass(frozen=True, slots=True)
class _Grouping:
    """The groups of one question."""

    account: Account
    dimensions: Mapping[str, Dimension]
    """Those that are grouped by, in the order they were asked for."""
    known: Mapping[str, Dimension]
    alias: str
    is_rolled_up: bool

    @property
    def fragments(self) -> list[str]:
        """All SQL over an entry that they are made with."""
        return [
            sql for each in self.dimensions.values() for sql in (*each.columns.values(), each.join)
        ]

    def entries(self, alias: str, at: Rows) -> str:
        """Whether an entry is in the group: as `Account.keeps`."""
        here = Rows(alias, at.moment).filling(self.account.arguments)
        parts = [self.account.keeps(alias, at)]
        for dimension in self.dimensions.values():
            same = " AND ".join(
                f"{here.fill(sql)} = {self.alias}.{_name(column)}"
                for column, sql in dimension.columns.items()
            )
            if dimension.join:
                also = here.fill(dimension.join)
                same = f"EXISTS (SELECT 1 FROM (SELECT) AS one {also} WHERE {same})"
            if self.is_rolled_up:
                first = _name(next(iter(dimension.columns)))
                same = f"({self.alias}.{first} IS NULL OR {same})"
            parts.append(same)
        return " AND ".join(parts)

    def rows(self, reading: Reading, at: Rows, wholes: list[str]) -> str:
        """The groups as a sub-select: their dimensions, how deep they are, and their sums."""
        here = Rows(reading.alias, at.moment).filling(self.account.arguments)
        chosen: list[str] = []
        sets: list[str] = []
        depth: list[str] = []
        for name, dimension in self.known.items():
            told = dimension.columns
            if name not in self.dimensions:
                chosen += [f"NULL::{c.partition('::')[2]} AS {_name(c)}" for c in told]
        for name, dimension in self.dimensions.items():
            filled = [here.fill(sql) for sql in dimension.columns.values()]
            chosen += [
                f"{sql} AS {_name(c)}" for c, sql in zip(dimension.columns, filled, strict=True)
            ]
            sets.append(f"({', '.join(filled)})")
            depth.append(f"CASE WHEN GROUPING({filled[0]}) = 0 THEN '{name}' END")
        grouped = f"array_remove(ARRAY[{', '.join(depth)}]::text[], NULL) AS grouped"
        joins = " ".join(here.fill(each.join) for each in self.dimensions.values())
        by = self._sets(sets, with_whole=bool(wholes))
        groups = (
            f"SELECT {', '.join([*chosen, grouped, *reading.chosen])} FROM {reading.item} {joins}"
            f" WHERE {reading.kept} GROUP BY {by}"
        )
        if not wholes:
            return groups
        whole = ", ".join(
            f"max(g.{name}) FILTER (WHERE cardinality(g.grouped) = 0) OVER () AS {_WHOLE}{name}"
            for name in wholes
        )
        return f"SELECT g.*, {whole} FROM ({groups}) AS g"

    def _sets(self, sets: list[str], *, with_whole: bool) -> str:
        if not sets:
            return "()"
        if self.is_rolled_up:
            return f"ROLLUP ({', '.join(sets)})"
        every = ", ".join(each[1:-1] for each in sets)
        return f"GROUPING SETS (({every}), ())" if with_whole else every


def grouped(
    compiler: Compiles,
    source: Summed,
    definition: GraphQLField,
    nodes: list[FieldNode],
    rows: Rows,
    arguments: Arguments,
) -> str:
    """A list of groups, in the order asked for or by what they are grouped by."""
    of = object_type(definition.type)
    alias = compiler.alias()
    account = Account(compiler, source.on, rows, arguments)
    grouping = _grouping(source, origin(of), alias, account)
    other = Rows(alias, rows.moment, entries=grouping.entries)
    length, limit = length_of("first", arguments, GROUPS_DEFAULT)
    with compiler.cost.inside(length):
        written = compiler.object(of, nodes, other)
    keys = [column for each in grouping.dimensions.values() for column in each.columns]
    by = order_of(compiler, of, keys, other, arguments, nullable=grouping.is_rolled_up).by
    having = _having(compiler, definition, other, arguments)
    texts = (written, by, having, *other.joins)
    measures = measures_of(of)
    wholes = [n for n in measures if read_of([f"{_WHOLE}{n}"], alias, texts)]
    used = [*read_of(measures, alias, texts), *wholes]
    reading = account.read(compiler.alias(), measures, used, grouping.fragments)
    is_hidden = bool(wholes) and bool(grouping.dimensions) and not grouping.is_rolled_up
    kept = f"{having} AND cardinality({alias}.grouped) > 0" if is_hidden else having
    item = f"({grouping.rows(reading, rows, wholes)}) AS {alias}"
    ordered = f" ORDER BY {by}" if by else ""
    return (
        f"(SELECT concat('[', string_agg(row.text, ','), ']') FROM (SELECT {written} AS text"
        f" FROM {item} {' '.join(other.joins)} WHERE {kept}{ordered} LIMIT {limit}) AS row)"
    )


def _grouping(source: Summed, of: type, alias: str, account: Account) -> _Grouping:
    """What the arguments ask to group by."""
    known: Mapping[str, Dimension] = of.dimensions  # type: ignore[attr-defined]
    arguments = account.arguments
    asked = arguments.given_input("groupBy")
    names = tuple(item.said or "" for item in asked.items) if asked else source.by
    chosen = {name: known[name] for name in dict.fromkeys(names)}
    if PROVINCE in chosen:
        maps: Mapping[str, Dimension] = of.maps  # type: ignore[attr-defined]
        chosen[PROVINCE] = maps.get(_map(arguments), chosen[PROVINCE])
    rolled = arguments.given_input("rollUp")
    is_rolled_up = rolled is not None and rolled.said == str(True)
    return _Grouping(account, chosen, known, alias, is_rolled_up)


def _map(arguments: Arguments) -> str:
    """Which map provinces are counted on: that of the event, of today, or of a day."""
    asked = arguments.given_input("geography")
    said = asked.said or "" if asked else ""
    if arguments.given_input("geographyOn") is None:
        return said
    if said == TODAY:
        raise QueryRefusedError(
            "GEOGRAPHY_AMBIGUOUS",
            "Give either the map of today or that of a day, not both.",
            "Chỉ chọn địa giới hiện nay hoặc địa giới của một ngày, không chọn cả hai.",
        )
    return ON_DAY


def _having(compiler: Compiles, definition: GraphQLField, rows: Rows, arguments: Arguments) -> str:
    """The condition that a group meets."""
    wanted = arguments.given_input("having")
    if wanted is None:
        return "true"
    return condition(compiler, object_type(definition.type), rows, wanted)


def _name(column: str) -> str:
    return column.partition("::")[0]
