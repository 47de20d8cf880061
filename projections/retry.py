"""A read model that stood still is brought up to the moment, alone, and goes on with the others.

What it looks at has gone on without it. So it is shown those rows as they were just after each
event, which the versions still tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import LiteralString

from events.log import Log
from events.rules import LedgerError
from projections.database import Connection, Pool
from projections.model import CREEP, RESUME, TELL, Model
from projections.page import Fold, Stop
from projections.projection import Key, Projection, Row
from projections.standing import Standing
from projections.steps import Event
from projections.tables import Table
from projections.upkeep import PAGE_EVENTS_MAX
from projections.writing import bring, write

STATE: LiteralString = """
    SELECT state, position
    FROM model.projection
    WHERE name = $1
"""


class StillStoppedError(LedgerError):
    """The read model stopped again."""


@dataclass(slots=True)
class Past:
    """Rows of another read model as they were at each position of a page."""

    table: Table
    spans: dict[Key, list[tuple[int, int, Row]]] = field(default_factory=dict)

    async def bring(self, connection: Connection, keys: set[Key], after: int) -> None:
        """Read every version that stood after a position."""
        self.spans.clear()
        wanted = zip(*map(self.table.key_written, keys), strict=True)
        for record in await connection.fetch(self.table.current_since, *wanted, after):
            *got, since, until, _, _ = record
            row = self.table.read(tuple(got))
            key = self.table.projection.key_of_row(row)
            self.spans.setdefault(key, []).append((since, until, row))

    def row(self, key: Key, position: int) -> Row | None:
        """The row as it was just after the event at a position."""
        spans = self.spans.get(key, ())
        return next((row for since, until, row in spans if since <= position < until), None)


async def retry(pool: Pool, log: Log, name: str, model: Model | None = None) -> None:
    """Bring back a read model that stopped, with what it looks at and what looks at it."""
    model = model or Model()
    wanted = next(each for each in model.projections if each.name == name)
    before, after = {wanted}, {wanted}
    for each in reversed(model.projections):
        if any(each in other.looks_at for other in before):
            before.add(each)
    for each in model.projections:
        if each.looks_at & after:
            after.add(each)
    for each in model.projections:
        if each in before | after:
            await _Alone(pool, log, model, each).catch_up()


@dataclass(slots=True)
class _Alone:
    pool: Pool
    log: Log
    model: Model
    projection: Projection

    async def catch_up(self) -> None:
        """Page after page; the last one ends where the others stand."""
        while True:
            state, position = await self._state(self.pool)
            if state == "LIVE":
                return
            events = await self.log.read(position, PAGE_EVENTS_MAX)
            async with self.pool.acquire() as connection, connection.transaction():
                stop = await self._page(connection, position, events)
            if stop is not None:
                raise StillStoppedError(f"{self.projection.name} at {stop.position}: {stop.error}")

    async def _page(
        self, connection: Connection, position: int, events: Sequence[Event]
    ) -> Stop | None:
        moment, _ = await self.model.hold(connection)
        if await self._state(connection) != ("STOPPED", position):
            return None
        events = [each for each in events if each.position <= moment]
        stop = await self._fold(connection, position, events)
        name, sql, reached = self.projection.name, self.model.sql, position + len(events)
        if stop is not None:
            await self.model.stop(connection, {self.projection: stop})
        elif reached == moment:
            await connection.execute(sql(RESUME), name, reached)
            await connection.execute(sql(TELL))
        else:
            await connection.execute(sql(CREEP), name, reached)
        return stop

    async def _fold(
        self, connection: Connection, position: int, events: Sequence[Event]
    ) -> Stop | None:
        standing = Standing(self.model.tables[self.projection])
        others = {each: Past(self.model.tables[each]) for each in self.projection.looks_at}
        fold = Fold([standing], others)
        for projection, keys in fold.missing(events).items():
            if projection is self.projection:
                await bring(connection, standing, keys)
            else:
                await others[projection].bring(connection, keys, position)
        fold.page(events)
        standing.flush()
        await write(connection, standing.table, *standing.take())
        return fold.stopped.get(self.projection)

    async def _state(self, connection: Connection | Pool) -> tuple[str, int]:
        row = await connection.fetchrow(self.model.sql(STATE), self.projection.name)
        return (row["state"], row["position"]) if row is not None else ("LIVE", 0)
