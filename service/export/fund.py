"""The fund at one moment, read in streams: all of a file is of one transaction.

    async with opened(url, Wanted(position=1042, release="2026.11.0")) as fund:
        async for page in fund.pages(entry):     # lists of rows, as the driver has them
            ...
        async for row in fund.rows(commitment):  # NamedTuples of the read model
            ...

Rows leave the database through a cursor, a page at a time, so that memory does not grow with the
fund. Until the block ends, read models that are built anew wait with taking the place of these.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, LiteralString

import asyncpg

from events.codec import unseal
from events.envelope import Recorded
from events.rules import LedgerError, value
from projections.catalogue import PROJECTIONS
from projections.columns import INFINITY, Column, columns_of, reader
from projections.model import LIVE
from projections.projection import Projection
from projections.tables import Table
from service.database import connected
from service.export.moment import Moment, checkpoint_for
from service.export.view import ADVANCE_PCT, PROVINCE_NAME, PUBLISHED, SECTOR_NAME, View

PAGE_ROWS = 2_000
HOLD: Final[LiteralString] = "LOCK TABLE model.moment IN ACCESS SHARE MODE"
"""First of all: what is read from now on is of one set of read models (projections/rebuild.py)."""
PATIENCE: Final[LiteralString] = """
    SELECT set_config(name, '0', true)
    FROM pg_settings
    WHERE name IN (
        'idle_in_transaction_session_timeout', 'statement_timeout', 'transaction_timeout')
"""
"""A large fund takes longer than a request may, and whoever reads a pipe may be slow."""
STANDS: Final[LiteralString] = """
    SELECT position, stopped
    FROM model.moment
"""
RECORDED: Final[LiteralString] = """
    SELECT recorded_at
    FROM ledger.event
    WHERE position = $1
"""
EVENTS: Final[LiteralString] = """
    SELECT position, body
    FROM ledger.event
    WHERE position > $1 AND position <= $2
    ORDER BY position
"""
STORY: Final[LiteralString] = """
    SELECT position, body
    FROM ledger.event
    WHERE stream = $1 AND position <= $2
    ORDER BY version
"""


class ModelsBehindError(LedgerError):
    """The read models do not stand where the file wants them."""


class CannotHoldError(LedgerError):
    """The format has no room for what it should hold."""


@value
class Wanted:
    """What to open: a moment, and how much of it."""

    position: int
    effective: date | None = None
    view: View = PUBLISHED
    table: Projection | None = None
    """The one read model that is asked for; None: all of them."""
    release: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """The fund at a moment, on a connection of its own."""

    moment: Moment
    view: View
    tables: Sequence[Projection]
    """What is asked for, of what may be seen."""
    connection: "asyncpg.Connection[asyncpg.Record]"

    def columns(self, of: Projection) -> tuple[Column, ...]:
        """The columns that `pages` has: those that may be seen, and what is looked up by them."""
        own = self.view.columns(of)
        joined = (
            Column(name, int if name == ADVANCE_PCT else str, is_array=False, is_nullable=True)
            for name, _, _ in _joins([each.name for each in own])
        )
        return (*own, *joined)

    async def count(self, of: Projection) -> int:
        """How many rows of a read model the moment has."""
        statement = f"SELECT count(*) FROM ({Table(LIVE, of).at}) AS t WHERE {self.view.rows(of)}"  # noqa: S608 - names of declarations
        found: int = await self.connection.fetchval(statement, *self._at(statement))
        return found

    async def pages(self, of: Projection) -> AsyncIterator[list[asyncpg.Record]]:
        """The rows of a read model in the order of its key, a page at a time."""
        own = tuple(each.name for each in self.view.columns(of))
        joins = _joins(own)
        columns = ", ".join((*(f"t.{name}" for name in own), *(sql for _, sql, _ in joins)))
        async for page in self._pages(of, columns, " ".join(join for _, _, join in joins)):
            yield page

    async def rows(self, of: Projection, by: Sequence[str] = ()) -> AsyncIterator[Any]:
        """The rows as the read model declares them; what may not be seen is None.

        They come in the order of the key, or by other columns that tell them apart.
        """
        seen = {each.name for each in self.view.columns(of)}
        declared = columns_of(of.row)
        columns = ", ".join(
            f"t.{each.name}" if each.name in seen else f"NULL AS {each.name}" for each in declared
        )
        read = _reader(of, seen)
        async for page in self._pages(of, columns, "", by):
            for row in page:
                yield read(tuple(row))

    async def events(self, after: int = 0) -> AsyncIterator[list[asyncpg.Record]]:
        """Position and recorded bytes of every event up to the moment, a page at a time."""
        async for page in self._cursor(EVENTS, after, self.moment.position):
            yield page

    async def story(self, stream: str) -> AsyncIterator[Recorded[Any]]:
        """What happened to one stream up to the moment, in order; whatever it is of."""
        async for page in self._cursor(STORY, stream, self.moment.position):
            for position, body in page:
                event = unseal(position, body)
                if self.moment.effective is None or event.effective_on <= self.moment.effective:
                    yield event

    async def _pages(
        self, of: Projection, columns: str, joins: str, by: Sequence[str] = ()
    ) -> AsyncIterator[list[asyncpg.Record]]:
        order = ", ".join(f"t.{each}" for each in by or of.key)
        statement = (
            f"SELECT {columns} FROM ({Table(LIVE, of).at}) AS t {joins}"  # noqa: S608 - names of declarations
            f" WHERE {self.view.rows(of)} ORDER BY {order}"
        )
        async for page in self._cursor(statement, *self._at(statement)):
            yield page

    async def _cursor(
        self, statement: str, *arguments: object
    ) -> AsyncIterator[list[asyncpg.Record]]:
        cursor = await self.connection.cursor(statement, *arguments)
        while page := await cursor.fetch(PAGE_ROWS):
            yield page

    def _at(self, statement: str) -> tuple[int, date]:
        assert "$2" in statement  # noqa: S101 - both parameters are always there
        return self.moment.position, self.moment.effective or INFINITY


@asynccontextmanager
async def opened(url: str, wanted: Wanted) -> AsyncIterator[Fund]:
    """The fund at a moment that the read models have reached, for the length of the block."""
    async with (
        connected(url) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await connection.execute(HOLD)
        await connection.execute(PATIENCE)
        tables = (wanted.table,) if wanted.table else wanted.view.tables
        await _checked(connection, wanted.position, tables)
        yield Fund(
            moment=Moment(
                position=wanted.position,
                recorded_at=await connection.fetchval(RECORDED, wanted.position),
                effective=wanted.effective,
                note=await checkpoint_for(connection, wanted.position),
                release=wanted.release,
            ),
            view=wanted.view,
            tables=tables,
            connection=connection,
        )


async def _checked(
    connection: asyncpg.Connection, position: int, tables: Sequence[Projection]
) -> None:
    """No file is made of read models that lack something of the moment."""
    stands = await connection.fetchrow(STANDS)
    if stands is None or stands["position"] < position:
        raise ModelsBehindError(f"the read models have not reached position {position} yet")
    still = [each.name for each in tables if each.name in stands["stopped"]]
    if still:
        raise ModelsBehindError(f"these read models stand still: {', '.join(still)}")


def _joins(columns: Sequence[str]) -> list[tuple[str, str, str]]:
    """Names to codes, the limit of a day: what it is called, where it is read, which table."""
    found = []
    if {"province_code", "province_from"} <= set(columns):
        on = "(p.code, p.valid_from) = (t.province_code, t.province_from)"
        join = f"LEFT JOIN model.province AS p ON {on} AND p.since <= $1 AND p.until > $1"
        found.append((PROVINCE_NAME, f"p.name AS {PROVINCE_NAME}", join))
    if "sector_group" in columns:
        join = "LEFT JOIN model.sector_group AS g ON g.code = t.sector_group"
        found.append((SECTOR_NAME, f"g.name AS {SECTOR_NAME}", join))
    if {"activity", "committed_on"} <= set(columns):
        on = "l.activity = t.activity AND l.valid_from <= t.committed_on"
        known = "l.valid_to > t.committed_on AND l.since <= $1 AND l.until > $1"
        join = f"LEFT JOIN model.advance_limit AS l ON {on} AND {known}"
        found.append((ADVANCE_PCT, f"l.share_pct AS {ADVANCE_PCT}", join))
    return found


def _reader(of: Projection, seen: set[str]) -> Any:  # noqa: ANN401 - rows of any read model
    """From the driver's values to a row: enums and arrays, where they may be seen."""
    declared = columns_of(of.row)
    if len(seen) == len(declared):
        return reader(of.row, declared)
    shown = tuple(each for each in declared if each.name in seen)
    places = [n for n, each in enumerate(declared) if each.name in seen]
    read = reader(lambda *values: values, shown)  # type: ignore[arg-type]
    empty = (None,) * len(declared)

    def partly(values: tuple[Any, ...]) -> Any:  # noqa: ANN401 - likewise
        row = list(empty)
        for place, got in zip(places, read([values[n] for n in places]), strict=True):  # type: ignore[arg-type]
            row[place] = got
        return of.row(*row)

    return partly


def named(name: str) -> Projection | None:
    """The read model of that name."""
    return next((each for each in PROJECTIONS if each.name == name), None)
