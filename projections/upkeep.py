"""One set of read models keeps up with the log: a page, a transaction, one moment.

Several processes may do so at once; the lock on the moment lets one page in at a time. What a
process
remembers of the rows is worth nothing as soon as another has moved the moment.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias

from events.envelope import Recorded
from events.log import Log
from projections import reference
from projections.database import Connection
from projections.model import Model
from projections.page import Fold, Stop
from projections.projection import Projection
from projections.standing import Standing
from projections.tally import follow
from projections.writing import WriteRefusedError, bring, write

PAGE_EVENTS_MAX = 2_000
"""How much of the log one transaction takes in: some 50 ms of work while others wait."""

Borrow: TypeAlias = Callable[[], AbstractAsyncContextManager[Any]]
"""A connection for the length of a block."""


class Upkeep:
    """What is remembered between pages."""

    def __init__(self, model: Model, log: Log, borrow: Borrow) -> None:
        self.model = model
        self.position = -1
        """Where the read models stood when this process last looked; -1: it has not yet."""
        self._log = log
        self._borrow = borrow
        self._fold: Fold | None = None
        self._limit = PAGE_EVENTS_MAX

    async def step(self) -> int:
        """Take in one page; how many events it held. 0: nothing more, for now."""
        if self.position < 0:
            await self._look()
        events = await self._log.read(self.position, self._limit)
        if not events:
            return 0
        changes = await reference.changes(self._log, events)
        try:
            async with self._borrow() as connection, connection.transaction():
                try:
                    reached = await self.page(connection, events, changes)
                except TimeoutError:
                    connection.terminate()  # a dead wire: no rollback is heard over it either
                    raise
        except WriteRefusedError as refused:
            self._fold = None
            await self._narrow(events, refused)
            return len(events)
        except BaseException:
            self._fold = None
            raise
        self.position = reached
        self._limit = min(self._limit * 2, PAGE_EVENTS_MAX)
        return len(events)

    async def page(
        self,
        connection: Connection,
        events: Sequence[Recorded[Any]],
        changes: Sequence[Recorded[Any]],
    ) -> int:
        """Take in these events, unless another process was faster; the position reached."""
        position, live = await self.model.hold(connection)
        fold = self._remembered(position, live)
        if events[0].position != position + 1:
            return position
        before = dict(fold.stopped)
        for projection, keys in fold.missing(events).items():
            await bring(connection, fold.standing[projection], keys)
        fold.page(events)
        last = events[-1]
        for projection, standing in fold.standing.items():
            standing.flush()
            opened, closed = standing.take()
            await write(connection, standing.table, opened, closed)
            to = fold.reached(projection, last.position)
            await follow(connection, standing.table, position, to, has_grown=bool(opened))
            standing.age()
        await reference.follow(connection, self.model.schema, changes, position, last.position)
        stops = {each: stop for each, stop in fold.stopped.items() if each not in before}
        await self.model.stop(connection, stops)
        await self.model.reach(connection, last.position, last.recorded_at)
        return last.position

    def _remembered(self, position: int, live: frozenset[Projection]) -> Fold:
        """The fold as it was left, if it still holds."""
        fold = self._fold
        going = fold.standing.keys() - fold.stopped.keys() if fold is not None else None
        if fold is None or position != self.position or going != live:
            is_whole = position == 0
            standing = [
                Standing(self.model.tables[each], is_whole=is_whole)
                for each in self.model.projections
                if each in live
            ]
            self._fold = fold = Fold(standing)
            self.position = position
        return fold

    async def _look(self) -> None:
        async with self._borrow() as connection:
            self.position, _ = await self.model.hold(connection)

    async def _narrow(self, events: Sequence[Recorded[Any]], refused: WriteRefusedError) -> None:
        """Halve the page until the event stands alone; then the read model that it breaks stops."""
        if len(events) > 1:
            self._limit = len(events) // 2
            return
        broken = refused.table.projection
        stops = {broken: Stop(events[0].position, str(refused))}
        for each in self.model.projections:
            if each.looks_at & stops.keys():
                error = f"it looks at {broken.name}, which stands still"
                stops[each] = Stop(events[0].position, error)
        async with self._borrow() as connection, connection.transaction():
            await self.model.hold(connection)
            await self.model.stop(connection, stops)
