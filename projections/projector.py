"""The read models follow the log: `run` in the background, `wait_for` before an answer.

projector = Projector(pool, log)
await projector.prepare()                  # make them, or build them anew
task = create_task(projector.run(follower))
await projector.wait_for(receipt.position, 2.0)
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import asyncpg

from events.log import Log
from projections.database import Connection, Pool
from projections.model import MOMENT, Model, State
from projections.rebuild import RebuildRunningError, rebuild
from projections.upkeep import PAGE_EVENTS_MAX, Upkeep

LOOK_SECONDS = 0.25
"""How often a waiting reader asks the database, in case another process moved the moment."""
LONG_LOG_EVENTS = 20_000
"""From so many on, read models that are not there are made by a rebuild: it is faster."""
PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.1, 5.0

_log = logging.getLogger(__name__)


class NotYetProjected(Exception):  # noqa: N818 - an answer: ask again
    """The read models have not reached this position in time."""


class Follows(Protocol):
    """Catch up, then live: `events.follower.Follower`."""

    def follow(self, after: int, limit: int = ...) -> AsyncIterator[Sequence[object]]:
        """Pages of events after a position, for ever."""


class Projector:
    """Keeps the read models that readers see up with the log."""

    def __init__(self, pool: Pool, log: Log, model: Model | None = None) -> None:
        self.model = model or Model()
        self._pool = pool
        self._events = log
        self._upkeep = Upkeep(self.model, log, pool.acquire)
        self._one = asyncio.Lock()
        self._moved = asyncio.Condition()

    @property
    def position(self) -> int:
        """Where the read models stood when this process last looked."""
        return max(self._upkeep.position, 0)

    async def prepare(self) -> State:
        """Make the read models if there are none, build them anew if they were declared otherwise.

        For the start of a process, and there alone: two versions of it that run side by side would
        otherwise build each other's read models for ever. Answers what was found.
        """
        async with self._pool.acquire() as connection:
            found = await self.model.state(connection)
        state = found
        if found is State.ABSENT and (await self._events.head()).position < LONG_LOG_EVENTS:
            state = await self._made()
        while state in {State.ABSENT, State.OUTDATED}:
            try:
                await rebuild(self._pool, self._events, model=self.model)
            except (RebuildRunningError, asyncpg.DuplicateSchemaError):
                await asyncio.sleep(LOOK_SECONDS)
            async with self._pool.acquire() as connection:
                state = await self.model.state(connection)
        return found

    async def advance(self) -> int:
        """Take in everything that is recorded; the position reached."""
        async with self._one:
            while await self._upkeep.step():
                await self._tell()
        return self.position

    async def run(self, follower: Follows) -> None:
        """Keep up until cancelled; an outage ends it for a moment only."""
        pause = PAUSE_SECONDS_MIN
        while True:
            try:
                await self._made()
                await self.advance()
                pause = PAUSE_SECONDS_MIN
                async for _ in follower.follow(self.position, PAGE_EVENTS_MAX):
                    await self.advance()
            except Exception as error:  # noqa: BLE001 - whatever it is, silence would be worse
                _log.warning("read models stand at %s: %r", self.position, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, PAUSE_SECONDS_MAX)

    async def wait_for(self, position: int, seconds: float) -> None:
        """Return when what stands at this position can be read."""
        try:
            async with asyncio.timeout(seconds):
                while self.position < position and await self._shown() < position:
                    await self._until(position)
        except TimeoutError:
            raise NotYetProjected(position) from None

    async def _until(self, position: int) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS), self._moved:
                await self._moved.wait_for(lambda: self.position >= position)
        except TimeoutError:
            return

    async def _shown(self) -> int:
        """Where the read models stand, whoever moved them."""
        shown: int = await self._pool.fetchval(self.model.sql(MOMENT))
        return shown

    async def _tell(self) -> None:
        async with self._moved:
            self._moved.notify_all()

    async def _made(self) -> State:
        """What stands in the database; made if there was nothing."""
        async with self._pool.acquire() as connection:
            state = await self.model.state(connection)
            if state is State.ABSENT:
                await self._create(connection)
        return state

    async def _create(self, connection: Connection) -> None:
        try:
            async with connection.transaction():
                await connection.execute(f"CREATE SCHEMA {self.model.schema}")
                await self.model.create(connection)
                await self.model.index(connection)
        except (asyncpg.DuplicateSchemaError, asyncpg.UniqueViolationError):
            # Another process was faster; it has made all of them, or none.
            if await self.model.state(connection) is not State.CURRENT:
                raise
