"""Follow the log from a position: what is there, then what comes, without a gap or a repeat.

    async with Listener(url) as listener:
        follower = Follower(log, listener)
        async for page in follower.follow(after=position): ...

The log is asked, and asked again: that is the truth. The database's NOTIFY is only a hint to ask at
once; a hint lost costs one poll, a forged hint one question. All who have caught up share one
reader and its last pages, in which every event stands once; who are behind share blocks. A reader
is a position and nothing more, so memory does not grow with readers. Nobody holds a connection
while he thinks.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator, Awaitable
from types import TracebackType
from typing import Protocol, Self

import asyncpg

from events.blocks import Blocks
from events.log import Log, Stored, is_outage

POLL_SECONDS = 1.0
PAGE_EVENTS = 500
SHARED_EVENTS_MAX = 2_000
"""The newest events, kept for all who have caught up: about two seconds of a busy day."""
SHARED_BYTES_MAX = 16 * 1024 * 1024
"""Of their bodies: an event may have 64 KiB."""
BREATH_SECONDS = 0.005
BREATH_SECONDS_EACH = 100e-6
"""Events that come closer together are one page, for waking a reader costs as much as some twenty
events: with 200 readers 20 ms, with 2,000 a fifth of a second."""
PROBE_SECONDS, PROBE_SECONDS_MAX = 5.0, 2.0
"""How often the listening connection is tried, and how long it may take to answer."""
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 0.05, 1.0
CHANNEL = "ledger"

_log = logging.getLogger(__name__)


class Wake(Protocol):
    """Something that hints at growth of the log."""

    @property
    def is_deaf(self) -> bool:
        """Whether no hint can be heard just now."""
        ...

    async def beyond(self, position: int, timeout_s: float) -> None:
        """Return when the log may reach beyond `position`, or when the time is over."""
        ...


class Listener:
    """One connection per process that listens; it mends itself, and says when it is deaf."""

    def __init__(self, url: str, *, probe_s: float = PROBE_SECONDS) -> None:
        self._url, self._probe_s = url, probe_s
        self._heard = 0
        self._hint = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.is_deaf = True
        """Until it listens, and whenever its connection no longer answers."""

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen(), name="listener")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def beyond(self, position: int, timeout_s: float) -> None:
        """Return when a hint beyond `position` is heard, or when the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self._heard <= position:
                    self._hint.clear()
                    await self._hint.wait()
        # A hint is used up by one question: anybody may send one, with any number in it.
        self._heard = 0

    async def _listen(self) -> None:
        pause = PAUSE_SECONDS
        while True:
            try:
                connection = await asyncpg.connect(self._url, timeout=PROBE_SECONDS_MAX)
                try:
                    await connection.add_listener(CHANNEL, self._hear)
                    self.is_deaf, pause = False, PAUSE_SECONDS
                    await self._probe(connection)
                finally:
                    self.is_deaf = True
                    connection.terminate()
            except Exception as error:  # noqa: BLE001 - whatever it is, listen again
                _log.warning("deaf to the log, polling goes on: %r", error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, PAUSE_SECONDS_MAX)

    async def _probe(self, connection: asyncpg.Connection) -> None:
        """Ask now and then: a connection whose other end has vanished says nothing by itself."""
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _: closed.set())
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(closed.wait(), self._probe_s)
            await connection.fetchval("SELECT 1", timeout=PROBE_SECONDS_MAX)

    def _hear(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        if isinstance(payload, str) and payload.isascii() and payload.isdigit():
            self._heard = max(self._heard, int(payload))
            self._hint.set()


class Silence:
    """A wake that never hints: all is left to the poll."""

    is_deaf = True

    async def beyond(self, position: int, timeout_s: float) -> None:  # noqa: ARG002 - see Wake
        """Wait until the time is over."""
        await asyncio.sleep(timeout_s)


class Follower:
    """Follows the log for any number of readers."""

    def __init__(self, log: Log, wake: Wake | None = None, *, poll_s: float = POLL_SECONDS) -> None:
        self._log, self._wake, self._poll_s = log, wake or Silence(), poll_s
        self._blocks = Blocks(log)
        self._shared: list[Stored] = []
        self._end: int | None = None
        """Where the shared pages end; None while nobody has caught up."""
        self._is_behind = False
        """The last shared page was full: there is more, whatever was hinted."""
        self._growth: asyncio.Task[None] | None = None
        self._is_lost = False
        """The log could not be read when it was last looked at."""
        self._read_at = 0.0
        self._readers = 0
        self.head = 0
        """Where the log ended when it was last looked at, or further."""

    @property
    def is_deaf(self) -> bool:
        """Whether growth is found by polling alone just now."""
        return self._wake.is_deaf

    @property
    def readers(self) -> int:
        """How many follow just now."""
        return self._readers

    async def follow(
        self, after: int, limit: int = PAGE_EVENTS, *, idle: bool = False
    ) -> AsyncGenerator[list[Stored], None]:
        """Pages of events after a position, for ever. An outage delays them, no more.

        `idle`: an empty page each time that the log was looked at in vain.
        """
        self._readers += 1
        has_rested = True
        try:
            while True:
                page = self._newest(after, limit)
                if page is None:
                    page, has_rested = await self._looked(self._blocks.after(after, limit)), True
                if not page:
                    await self._grown(after)
                    has_rested = True
                    if idle and not self._is_lost and not self._newest(after, 1):
                        yield []
                    continue
                if not has_rested:
                    # Pages from memory alone would never let anybody else run.
                    await asyncio.sleep(0)
                after, has_rested = page[-1].position, False
                yield page
        finally:
            self._readers -= 1
            if self._readers == 0:
                self._rest()

    def _newest(self, after: int, limit: int) -> list[Stored] | None:
        """The next page from what is shared; None if it does not reach back or forward so far."""
        if self._end is None or not self._end - len(self._shared) <= after <= self._end:
            return None
        start = len(self._shared) - (self._end - after)
        return self._shared[start : start + limit]

    async def _looked(self, reading: Awaitable[list[Stored]]) -> list[Stored]:
        """A page from the log itself; none during an outage."""
        try:
            page = await reading
            end = page[-1].position if page else (await self._log.head()).position
        except Exception as error:
            if not is_outage(error):
                raise
            _log.warning("the log cannot be read, trying again: %r", error)
            self._is_lost = True
            await asyncio.sleep(self._poll_s)
            return []
        self.head, self._is_lost = max(self.head, end), False
        return page

    async def _grown(self, after: int) -> None:
        """Wait for more, with everybody else who has read all there is."""
        if self._end is None:
            self._end = after
        if self._growth is None or self._growth.done():
            self._growth = asyncio.create_task(self._grow(self._end), name="follower")
        # One reader who leaves must not take the others' page with him.
        await asyncio.shield(self._growth)

    async def _grow(self, end: int) -> None:
        if not self._is_behind:
            await self._wake.beyond(end, self._poll_s)
            gathered = max(BREATH_SECONDS, self._readers * BREATH_SECONDS_EACH)
            breath = self._read_at + gathered - time.monotonic()
            if breath > 0:
                await asyncio.sleep(breath)
        self._read_at = time.monotonic()
        page = await self._looked(self._log.stored(end, PAGE_EVENTS))
        self._is_behind = len(page) == PAGE_EVENTS
        if page:
            self._shared = _newest_of([*self._shared, *page])
            self._end = page[-1].position

    def _rest(self) -> None:
        """Nobody follows any more."""
        if self._growth is not None:
            self._growth.cancel()
        self._growth, self._end, self._is_behind = None, None, False
        self._shared.clear()


def _newest_of(events: list[Stored]) -> list[Stored]:
    """As many of the last ones as may be kept; always the very last."""
    kept, size = 0, 0
    for each in reversed(events[-SHARED_EVENTS_MAX:]):
        size += len(each.body)
        if kept and size > SHARED_BYTES_MAX:
            break
        kept += 1
    return events[-kept:]
