"""A whole ledger in memory, read once with `SELECT *`, and which of its rows stand at a moment."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import asyncpg
import orjson

from projections.catalogue import PROJECTIONS
from projections.reference import REFERENCES

Values: TypeAlias = Mapping[str, Any]
FOREVER = date.max
"""How the driver reads the day 'infinity'."""
ENTRY, EVENT, PROVINCE, PROVINCE_AT = (
    "model.entry",
    "ledger.event",
    "model.province",
    "model.province_at",
)
CHECKPOINT, COSIGNATURE = "seal.checkpoint", "seal.cosignature"
TABLES = (
    EVENT,
    CHECKPOINT,
    COSIGNATURE,
    *(f"model.{each.name}" for each in (*PROJECTIONS, *REFERENCES)),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """What the ledger held at a position; with a date, only what was true on that day."""

    position: int
    effective: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """An object of the graph: columns, and the moment at which whatever is below it is read."""

    type: str
    values: Values
    moment: Moment
    entries: tuple[Values, ...] = ()
    """What a row of sums is made of."""


@dataclass(eq=False)
class World:
    """All rows, with every version of each."""

    tables: Mapping[str, Sequence[Values]]
    commits: Sequence[tuple[datetime, int]]
    """When each batch was recorded, and its last position."""
    head: int
    _at: dict[tuple[str, Moment], Sequence[Values]] = field(default_factory=dict)
    _found: dict[Any, Mapping[Any, Sequence[Values]]] = field(default_factory=dict)

    def at(self, table: str, moment: Moment) -> Sequence[Values]:
        """The rows of a table that stand at a moment."""
        key = table, moment
        if key not in self._at:
            self._at[key] = [each for each in self.tables[table] if _stands(table, each, moment)]
        return self._at[key]

    def find(self, table: str, moment: Moment, same: Values) -> Sequence[Values]:
        """Those of them that have these values; null is like nothing."""
        if None in same.values():
            return ()
        if not same:
            return self.at(table, moment)
        key = table, moment, tuple(same)
        if key not in self._found:
            found = defaultdict(list)
            for each in self.at(table, moment):
                found[tuple(each[name] for name in same)].append(each)
            self._found[key] = found
        return self._found[key].get(tuple(same.values()), ())

    def became(self, values: Values, day: date | None) -> Values | None:
        """The province at `province_code` and `province_from`, on the map of a day.

        Before its beginning a province is itself. None: on the map that it was recorded on.
        """
        code, start = values["province_code"], values["province_from"]
        on = max(day or start, start)
        for each in self.tables[PROVINCE_AT]:
            if (each["code"], each["valid_from"]) == (code, start) and (
                each["at_from"] <= on and not ends(each["at_to"], on)
            ):
                return self.province(each["at_code"], each["at_valid_from"])
        return None

    def province(self, code: str, start: date) -> Values | None:
        """A province by its identity."""
        same = {"code": code, "valid_from": start}
        return next(iter(self.find(PROVINCE, Moment(self.head), same)), None)


async def load(connection: "asyncpg.Connection[Any]") -> World:
    """Read everything. The read models must stand still meanwhile."""
    tables = {name: [dict(row) for row in await _all(connection, name)] for name in TABLES}
    for event in tables[EVENT]:
        event["document"] = orjson.loads(event["body"])
    commits = await _all(connection, "ledger.commit")
    return World(
        tables,
        sorted((row["recorded_at"], row["last_position"]) for row in commits),
        await connection.fetchval("SELECT position FROM model.moment"),
    )


def today() -> date:
    """Which day it is in Vietnam."""
    return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()


def ends(end: date, day: date) -> bool:
    """Whether something that ends on a day is over on another; what has no end never is."""
    return end != FOREVER and end <= day


def around(day: date) -> tuple[date, date, date]:
    """A day with its neighbours: edges are where moments go wrong."""
    return day - timedelta(days=1), day, day + timedelta(days=1)


async def _all(connection: "asyncpg.Connection[Any]", table: str) -> list[asyncpg.Record]:
    return await connection.fetch(f"SELECT * FROM {table}")


def _stands(table: str, row: Values, moment: Moment) -> bool:
    if table in {ENTRY, EVENT}:
        is_known = row["position"] <= moment.position
        return is_known and (moment.effective is None or row["effective_on"] <= moment.effective)
    if "until" not in row:
        return True
    if not row["since"] <= moment.position < row["until"]:
        return False
    if moment.effective is None:
        return bool(row["valid_to"] == FOREVER)
    is_over = ends(row["valid_to"], moment.effective)
    return bool(row["valid_from"] <= moment.effective) and not is_over
