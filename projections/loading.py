"""The whole log into empty tables, as fast as they take it.

Three things happen at once: the next page is read, this one is folded on a thread, the one before
is copied into the tables. A version is written when it stands no longer or was not touched for a
while, so that next to nothing is written twice. Memory does not grow with the log.
"""

import asyncio
import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from events.codec import unseal
from events.log import Log
from projections.database import PATIENCE_SECONDS, Connection
from projections.model import Model
from projections.page import Fold
from projections.projection import Row
from projections.standing import Standing
from projections.steps import Event
from projections.tables import Table
from projections.writing import bring, write

PAGE_EVENTS = 5_000
PAGES_AHEAD = 2
"""Folded pages that may wait for the tables."""

Folded: TypeAlias = list[tuple[Table, list[Row], list[Row]]]
Told: TypeAlias = Callable[[int], None]


@dataclass(slots=True)
class Loading:
    """One run, on one connection that has the tables to itself."""

    connection: Connection
    log: Log
    model: Model
    position: int = 0
    recorded_at: datetime | None = None
    fold: Fold = field(init=False)
    _folded: asyncio.Queue[Folded] = field(default_factory=lambda: asyncio.Queue(PAGES_AHEAD))
    _indexed: set[Table] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.fold = Fold([Standing(each, is_whole=True) for each in self.model.tables.values()])

    async def run(self, told: Told) -> None:
        """Fold everything that is recorded, from position 0 on."""
        with without_search_for_cycles():
            async with asyncio.TaskGroup() as tasks:
                writing = tasks.create_task(self._write())
                reading = tasks.create_task(self.log.raw(0, PAGE_EVENTS))
                while raw := await reading:
                    reading = tasks.create_task(self.log.raw(raw[-1][0], PAGE_EVENTS))
                    await self._page(raw)
                    told(self.position)
                await self._finish()
                writing.cancel()

    async def _finish(self) -> None:
        """What is still in memory is written, one read model at a time."""
        for each in self.fold.standing.values():
            await asyncio.to_thread(each.flush)
            await self._folded.put([(each.table, *each.take())])
        await self._folded.join()

    async def _page(self, raw: Sequence[tuple[int, bytes]]) -> None:
        if all(each.is_whole for each in self.fold.standing.values()):
            events, folded = await asyncio.to_thread(_read_and_folded, self.fold, raw)
        else:
            events = await asyncio.to_thread(_read, raw)
            await self._bring(events)
            folded = await asyncio.to_thread(_page_folded, self.fold, events)
        self.position, self.recorded_at = events[-1].position, events[-1].recorded_at
        await self._folded.put(folded)

    async def _bring(self, events: Sequence[Event]) -> None:
        """Rows that were forgotten and are needed again, once all of them are in the tables."""
        missing = await asyncio.to_thread(self.fold.missing, events)
        if missing:
            await self._folded.join()
        for projection, keys in missing.items():
            standing = self.fold.standing[projection]
            if standing.table not in self._indexed:
                await self.connection.execute(standing.table.create_key, timeout=PATIENCE_SECONDS)
                self._indexed.add(standing.table)
            await bring(self.connection, standing, keys)

    async def _write(self) -> None:
        while True:
            for table, opened, closed in await self._folded.get():
                await write(self.connection, table, opened, closed)
            self._folded.task_done()


def _read(raw: Sequence[tuple[int, bytes]]) -> list[Event]:
    return [unseal(position, body) for position, body in raw]


def _page_folded(fold: Fold, events: Sequence[Event]) -> Folded:
    fold.page(events)
    return _taken(fold)


def _read_and_folded(fold: Fold, raw: Sequence[tuple[int, bytes]]) -> tuple[list[Event], Folded]:
    events = _read(raw)
    return events, _page_folded(fold, events)


def _taken(fold: Fold) -> Folded:
    folded = []
    for each in fold.standing.values():
        each.age()
        folded.append((each.table, *each.take()))
    return folded


@contextmanager
def without_search_for_cycles() -> Iterator[None]:
    """Rows and events form no cycles, and the search costs half of the time (measured)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
