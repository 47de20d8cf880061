"""The one writer of a process: it gathers the commands in flight and appends them in one call.

    async with Appender(url) as appender:
        placed = await appender.append(entry)

Group commit without waiting for company: while one batch is on its way, the next one gathers. The
lock on the head is held by the database alone, inside the call. What is lost on the way is asked
for again by command id, so that every command is carried out once, whatever breaks.
"""

import asyncio
import logging
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, LiteralString, Self
from uuid import UUID

import asyncpg

from events.entry import Entry, Placed, answer, arguments
from events.log import is_outage
from events.rules import LedgerError, Refusal
from events.seal.kept import HALTED, LedgerHalted

BATCH_COMMANDS_MAX = 512
"""Beyond this a larger batch is no faster (measured), and its callers wait longer."""
SPLIT_COMMANDS_MIN = 16
"""Smaller batches are answered all at once: two calls would cost more than they win."""
QUEUE_COMMANDS_MAX = 4_096
"""Who comes later is told at once that the ledger is busy: a second of waiting, not a minute."""
PATIENCE_SECONDS = 30.0
"""How long a caller waits for an answer; a PostgreSQL that was killed is back in three."""
CALL_SECONDS_MAX = 10.0
CONNECT_SECONDS_MAX = 5.0
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 0.05, 1.0

APPEND: Final[LiteralString] = """
    SELECT place, outcome, first_position, last_position, recorded_at, subject, actual
    FROM ledger.append(
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
    )
"""
DURABLE: Final[LiteralString] = """
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') = 'off'
"""

_log = logging.getLogger(__name__)


class LedgerBusyError(LedgerError):
    """Too many commands are waiting; this one was not looked at. Send it again later."""


class OutcomeUnknownError(LedgerError):
    """No answer in time: the command may have been recorded. Send it again with the same id."""


class NotRecordedError(LedgerError):
    """The database refused an entry that the rules had admitted: a bug, found before recording."""


class _Waiting:
    """An entry and the caller who waits for it."""

    __slots__ = ("answer", "entry", "is_sent")

    def __init__(self, entry: Entry, answer: "asyncio.Future[Placed]") -> None:
        self.entry, self.answer, self.is_sent = entry, answer, False


class Appender:
    """Appends through a connection of its own. One per process; the head row orders several."""

    def __init__(
        self,
        url: str,
        *,
        queue_max: int = QUEUE_COMMANDS_MAX,
        patience_s: float = PATIENCE_SECONDS,
        call_s: float = CALL_SECONDS_MAX,
    ) -> None:
        self._url, self._queue_max = url, queue_max
        self._patience_s, self._call_s = patience_s, call_s
        self._queue: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._drainer: asyncio.Task[None] | None = None
        self._connection: asyncpg.Connection | None = None
        self._call: Any = None
        self.in_flight = 0
        """Commands that the database is working on."""

    async def __aenter__(self) -> Self:
        self._drainer = asyncio.create_task(self._drain(), name="appender")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drainer is not None:
            self._drainer.cancel()
            with suppress(asyncio.CancelledError):
                await self._drainer
        for waiting in self._queue:
            _fail(waiting, LedgerBusyError("the ledger is closing"))
        self._queue.clear()
        self._disconnect()

    async def append(self, entry: Entry) -> Placed:
        """Record an entry; raises its refusal, or an error if there is no answer in time."""
        if self._drainer is None or self._drainer.done():
            raise LedgerBusyError("the ledger is closed")
        if len(self._queue) >= self._queue_max:
            raise LedgerBusyError(f"{len(self._queue)} commands are waiting")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(entry, loop.create_future())
        self._queue.append(waiting)
        self._arrived.set()
        deadline = loop.call_later(self._patience_s, _expire, waiting)
        try:
            return await waiting.answer
        finally:
            deadline.cancel()

    async def _drain(self) -> None:
        batch: list[_Waiting] = []
        try:
            while True:
                # Nothing is awaited between answering a batch and sending the next one: the
                # callers just answered go on while the database works.
                batch = self._gather()
                if batch:
                    await self._carry_out(batch)
                else:
                    self._arrived.clear()
                    await self._arrived.wait()
        finally:
            for waiting in batch:
                _fail(waiting, OutcomeUnknownError("the ledger closed before the answer came"))

    def _gather(self) -> list[_Waiting]:
        """The next batch, in order of arrival; who would disturb another of it stays behind."""
        batch: list[_Waiting] = []
        behind: list[_Waiting] = []
        ids: set[UUID] = set()
        written: set[str] = set()
        guarded: set[str] = set()
        keys: set[str] = set()
        while self._queue and len(batch) < BATCH_COMMANDS_MAX:
            waiting = self._queue.popleft()
            entry = waiting.entry
            if waiting.answer.done():
                continue
            if (
                entry.stream in written
                or entry.stream in guarded
                or entry.command_id in ids
                or any(guard.stream in written for guard in entry.guards)
                or any(key in keys for key in entry.keys)
            ):
                behind.append(waiting)
                continue
            ids.add(entry.command_id)
            written.add(entry.stream)
            guarded.update(guard.stream for guard in entry.guards)
            keys.update(entry.keys)
            batch.append(waiting)
        self._queue.extendleft(reversed(behind))
        return batch

    async def _carry_out(self, batch: list[_Waiting]) -> None:
        """Answer every caller of the batch, whatever breaks on the way."""
        pause = PAUSE_SECONDS
        while batch:
            try:
                await self._connected()
                await self._send(batch)
            except Exception as error:  # noqa: BLE001 - the drainer outlives every fault
                if not is_outage(error):
                    return await self._fail_or_part(batch, error)
                # Whether it was recorded is not known: asking again with the same ids tells.
                _log.warning("the log cannot be reached, %d wait: %r", len(batch), error)
                self._disconnect()
            else:
                return None
            await asyncio.sleep(pause)
            pause = min(2 * pause, PAUSE_SECONDS_MAX)
            batch = [waiting for waiting in batch if not waiting.answer.done()]
        return None

    async def _fail_or_part(self, batch: list[_Waiting], error: Exception) -> None:
        """One poison entry fails alone: the others are sent one by one."""
        if isinstance(error, asyncpg.PostgresError) and error.sqlstate == HALTED:
            for waiting in batch:
                _fail(waiting, LedgerHalted(reason=str(error)))
            return
        if len(batch) > 1:
            for waiting in batch:
                await self._carry_out([waiting])
            return
        _log.error("the database refused command %s", batch[0].entry.command_id, exc_info=error)
        failed = NotRecordedError(f"{type(error).__name__}: {error}")
        failed.__cause__ = error
        _fail(batch[0], failed)

    async def _send(self, batch: list[_Waiting]) -> None:
        columns = arguments([waiting.entry for waiting in batch])
        for waiting in batch:
            waiting.is_sent = True
        self.in_flight = len(batch)
        try:
            rows = await self._call.fetch(*columns, timeout=self._call_s)
        finally:
            self.in_flight = 0
        answered = {row[0]: row for row in rows}
        told: list[tuple[_Waiting, Placed | Refusal]] = []
        place = 1
        for waiting in batch:
            told.append((waiting, answer(waiting.entry, answered[place])))
            place += len(waiting.entry.lines)
        await self._tell(told)

    async def _tell(self, told: list[tuple[_Waiting, Placed | Refusal]]) -> None:
        """Answer the callers; half of them first if nobody else is waiting.

        Answered together they would come back together, and the database would rest while they
        think, and they while it works. So the others are told while the next batch is on its way:
        at 32 callers half as many events again (measured).
        """
        is_split = not self._queue and len(told) >= SPLIT_COMMANDS_MIN
        half = len(told) // 2 if is_split else len(told)
        _settle_all(told[:half])
        if is_split:
            try:
                await asyncio.sleep(0)
            finally:
                asyncio.get_running_loop().call_soon(_settle_all, told[half:])

    async def _connected(self) -> None:
        if self._connection is not None and not self._connection.is_closed():
            return
        self._connection = await asyncpg.connect(self._url, timeout=CONNECT_SECONDS_MAX)
        await self._connection.execute(DURABLE, timeout=self._call_s)
        self._call = await self._connection.prepare(APPEND, timeout=self._call_s)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
        self._connection = self._call = None


def _expire(waiting: _Waiting) -> None:
    if waiting.is_sent:
        _fail(waiting, OutcomeUnknownError(f"command {waiting.entry.command_id}: no answer yet"))
    else:
        _fail(waiting, LedgerBusyError("the queue did not move in time"))


def _settle_all(told: list[tuple[_Waiting, Placed | Refusal]]) -> None:
    for each in told:
        _settle(*each)


def _settle(waiting: _Waiting, placed: Placed | Refusal) -> None:
    """Tell a caller what became of his entry, if he is still there."""
    if isinstance(placed, Refusal):
        _fail(waiting, placed)
    elif not waiting.answer.done():
        waiting.answer.set_result(placed)


def _fail(waiting: _Waiting, error: Exception) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(error)
