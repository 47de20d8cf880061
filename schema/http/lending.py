"""Connections for plans: borrowed from the pool, and kept for as long as questions come quickly.

Taking one from asyncpg's pool for each question costs as much Python as putting a small question
does. Here the one used last is used next; whatever rested for a moment goes back to the pool, so
that the pool can be closed without asking us.
"""

import asyncio
import logging
from collections import deque
from typing import Any, NamedTuple

import asyncpg

from schema.busy import WAIT_SECONDS_MAX, busy
from schema.http.refusals import RefusedError

REST_SECONDS = 0.05
LEFT_TO_OTHERS = 2
"""Of the pool's connections: the executor reads through them."""

_log = logging.getLogger("socai.graphql")


class Lent:
    """One connection."""

    __slots__ = ("connection", "is_late", "is_rested", "until")

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.is_rested = False
        self.is_late = False
        """It was ended because its statement took too long."""
        self.until = 0.0
        """When that will be."""


class _Waiting(NamedTuple):
    """One who waits for a connection, and until when."""

    lent: "asyncio.Future[Lent | None]"
    until: float


class Lender:
    """The connections of one process that plans are run on."""

    def __init__(self, pool: asyncpg.Pool, seconds: float) -> None:
        self._pool, self._seconds = pool, seconds
        self._most = max(1, pool.get_max_size() - LEFT_TO_OTHERS)
        self._borrowed = 0
        """Taken from the pool, resting or not."""
        self._lent: set[Lent] = set()
        self._resting: list[Lent] = []
        self._waiting: deque[_Waiting] = deque()
        self._look: asyncio.TimerHandle | None = None
        self._returns: set[asyncio.Task[None]] = set()

    async def take(self) -> Lent:
        """A connection, or a refusal if none comes free in time."""
        loop = asyncio.get_running_loop()
        lent = self._resting.pop() if self._resting else await self._found(loop)
        lent.until = loop.time() + self._seconds
        self._lent.add(lent)
        if self._look is None:
            self._look_again(loop)
        return lent

    def give(self, lent: Lent) -> None:
        """It is well, and may be lent again."""
        self._lent.discard(lent)
        if not (self._waiting and self._hand_on(lent)):
            lent.is_rested = False
            self._resting.append(lent)

    def drop(self, lent: Lent) -> None:
        """It may not be well: the pool looks at it."""
        self._lent.discard(lent)
        returning = asyncio.get_running_loop().create_task(self._return(lent))
        self._returns.add(returning)
        returning.add_done_callback(self._returns.discard)

    async def _found(self, loop: asyncio.AbstractEventLoop) -> Lent:
        """One of the pool's, or the one that somebody gives back."""
        if self._borrowed < self._most:
            return await self._borrow()
        waiting = _Waiting(loop.create_future(), loop.time() + WAIT_SECONDS_MAX)
        self._waiting.append(waiting)
        try:
            return await waiting.lent or await self._borrow()
        except asyncio.CancelledError:
            if waiting.lent.done() and not waiting.lent.cancelled():
                self._hand_back(waiting.lent.result())
            raise

    async def _borrow(self) -> Lent:
        self._borrowed += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS_MAX):
                return Lent(await self._pool.acquire())
        except BaseException as error:
            self._borrowed -= 1
            self._hand_on(None)
            if isinstance(error, TimeoutError):
                raise _busy(self._most) from None
            raise

    async def _return(self, lent: Lent) -> None:
        try:
            await self._pool.release(lent.connection)
        except Exception:  # noqa: BLE001 - the pool makes another
            _log.debug("a connection was lost", exc_info=True)
        finally:
            self._borrowed -= 1
            self._hand_on(None)

    def _hand_on(self, lent: Lent | None) -> bool:
        """Whether somebody waited for it. None: there is room to borrow another."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.lent.done():
                waiting.lent.set_result(lent)
                return True
        return False

    def _hand_back(self, lent: Lent | None) -> None:
        """It was handed to somebody who no longer wants it."""
        if lent is not None:
            self.give(lent)
        else:
            self._hand_on(None)

    def _look_again(self, loop: asyncio.AbstractEventLoop) -> None:
        """One timer for all: one for each statement would cost more than the look."""
        self._look = loop.call_later(REST_SECONDS, self._looked, loop)

    def _looked(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give back what nobody wanted, end what takes too long, send away who waits too long."""
        for each in [each for each in self._resting if each.is_rested]:
            self._resting.remove(each)
            self.drop(each)
        for each in self._resting:
            each.is_rested = True
        for each in [each for each in self._lent if each.until < loop.time()]:
            each.is_late = True
            each.connection.terminate()
        while self._waiting and self._waiting[0].until < loop.time():
            late = self._waiting.popleft()
            if not late.lent.done():
                late.lent.set_exception(_busy(self._most))
        self._look = None
        if self._resting or self._lent or self._waiting:
            self._look_again(loop)


def _busy(most: int) -> RefusedError:
    return RefusedError([busy(most)], 503)
