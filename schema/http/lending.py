"""Connections for plans: borrowed from the pool, and kept for as long as questions come quickly.

Taking one from asyncpg's pool for each question costs as much Python as putting a small question
does. Here the one used last is used next; whatever rested for a moment goes back to the pool, so
that the pool can be closed without asking us.
"""

import asyncio
import logging
from collections import deque
from typing import Any

import asyncpg

from schema.http.refusals import RefusedError, refusal

WAIT_SECONDS_MAX = 5.0
REST_SECONDS = 0.05
LEFT_TO_OTHERS = 2
"""Of the pool's connections: the executor reads through them."""

_log = logging.getLogger("socai.graphql")


class Lent:
    """One connection, with the time that a statement on it may take."""

    __slots__ = ("_seconds", "connection", "is_rested")

    def __init__(self, connection: Any, seconds: float) -> None:
        self.connection, self._seconds = connection, seconds
        self.is_rested = False

    def fetchrow(self, query: str, *arguments: object) -> Any:
        """One row."""
        return self.connection.fetchrow(query, *arguments, timeout=self._seconds)


class Lender:
    """The connections of one process that plans are run on."""

    def __init__(self, pool: asyncpg.Pool, seconds: float) -> None:
        self._pool, self._seconds = pool, seconds
        self._most = max(1, pool.get_max_size() - LEFT_TO_OTHERS)
        self._out = 0
        """Taken from the pool, resting or not."""
        self._resting: list[Lent] = []
        self._waiting: deque[asyncio.Future[Lent | None]] = deque()
        self._sweep: asyncio.TimerHandle | None = None
        self._returns: set[asyncio.Task[None]] = set()

    async def take(self) -> Lent:
        """A connection, or a refusal if none comes free in time."""
        if self._resting:
            return self._resting.pop()
        try:
            async with asyncio.timeout(WAIT_SECONDS_MAX):
                if self._out < self._most:
                    return await self._borrow()
                return await self._wait() or await self._borrow()
        except TimeoutError:
            raise _busy(self._most) from None

    def give(self, lent: Lent) -> None:
        """It is well, and may be lent again."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(lent)
                return
        lent.is_rested = False
        self._resting.append(lent)
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(REST_SECONDS, self._send_back)

    def drop(self, lent: Lent) -> None:
        """It may not be well: the pool looks at it."""
        returning = asyncio.get_running_loop().create_task(self._return(lent))
        self._returns.add(returning)
        returning.add_done_callback(self._returns.discard)

    async def _borrow(self) -> Lent:
        self._out += 1
        try:
            return Lent(await self._pool.acquire(), self._seconds)
        except BaseException:
            self._freed()
            raise

    async def _wait(self) -> Lent | None:
        """The connection that somebody gave, or None: there is room for another."""
        waiting: asyncio.Future[Lent | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            return await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():  # given, and then no longer wanted
                given = waiting.result()
                self._freed(room=False) if given is None else self.give(given)
            raise

    def _freed(self, *, room: bool = True) -> None:
        """There is room for another connection; whoever waits longest may borrow it."""
        self._out -= room
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(None)
                return

    async def _return(self, lent: Lent) -> None:
        try:
            await self._pool.release(lent.connection)
        except Exception:  # noqa: BLE001 - the pool makes another
            _log.debug("a connection was lost", exc_info=True)
        finally:
            self._freed()

    def _send_back(self) -> None:
        """Give back what nobody wanted since the last look."""
        rested = [each for each in self._resting if each.is_rested]
        self._resting = [each for each in self._resting if not each.is_rested]
        for each in rested:
            self.drop(each)
        for each in self._resting:
            each.is_rested = True
        loop = asyncio.get_running_loop()
        more = bool(self._resting)
        self._sweep = loop.call_later(REST_SECONDS, self._send_back) if more else None


def _busy(most: int) -> RefusedError:
    return refusal(
        "BUSY",
        f"All {most} connections are at work; ask again.",
        f"Cả {most} kết nối đều đang bận; xin hỏi lại.",
        status=503,
        connections=most,
    )
