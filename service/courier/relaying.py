"""The relay of the log to NATS JetStream (chuyển tiếp sổ cái): every event once, in order.

    relay = Relay(feed, pool, broker)
    await relay.run()            # for ever; an outage of either side delays it

**The stream is the truth.** Where it ends is read from its last message whenever the relay begins,
and the relay goes on from there: after a crash of ours between sending and moving the cursor, after
a NATS that lost what it had acknowledged, beside a second relay. Every message is fenced by the
sequence that it expects (`stream.py`), so nothing is in the stream twice or out of order.

**The cursor** `nats/<stream>` moves after the acknowledgement, never ahead of it. It says how far
the relay is, whether it goes on, and where an empty stream is filled from: one that we made begins
at the first event, one that somebody purged goes on at the cursor. So what a person does to it
means this: PAUSED, nothing is sent; put back while the stream still has its end, it returns there,
for sending again would be a second copy; put back after a purge, the log is sent again from there.

A stream whose end is no event of this log, or lies beyond it, is not written to.
"""

import asyncio
import logging
import time
from contextlib import aclosing
from dataclasses import replace
from typing import Final

import asyncpg

from events.log import is_outage
from schema.feed.audience import PUBLIC_AUDIENCE, WHOLE
from schema.feed.cloud import cloud
from schema.feed.feed import Feed, Page
from schema.feed.filters import EVERYTHING
from schema.webhooks.desk import State
from service.broker import Broker
from service.consumers.cursors import Cursor, advanced, cursors, failed, opened
from service.courier.stream import Message, Stream, StreamError, joined

WINDOW_EVENTS: Final = 500
"""On their way together. More is no faster on one machine, and all of them wait for the first."""
LOOK_SECONDS: Final = 1.0
"""How soon somebody who turned the cursor is obeyed."""
PAUSE_SECONDS_MAX = 30.0
"""Between two tries; it grows from one look to this, twice as long after each failure in a row."""

_log = logging.getLogger("socai.courier")


class Relay:
    """Brings the log to one stream."""

    def __init__(
        self, feed: Feed, pool: asyncpg.Pool, broker: Broker, *, look_s: float = LOOK_SECONDS
    ) -> None:
        self._feed, self._pool, self._broker, self._look_s = feed, pool, broker, look_s
        self._audience = WHOLE if broker.whole else PUBLIC_AUDIENCE
        self._from = self._to = 0
        """Where the cursor stands, as far as we know; between the two while it is moved."""
        self._again_at = 0.0
        self._said = ""

    async def run(self) -> None:
        """Relay for ever."""
        while True:
            try:
                cursor = await opened(self._pool, self._broker.consumer)
                # Whoever turned a cursor has cleared its failures, and is obeyed at once.
                is_time = cursor.failures == 0 or time.monotonic() >= self._again_at
                if cursor.state is State.LIVE and is_time:
                    await self._tried(cursor)
                    continue
            except Exception as error:
                if not is_outage(error):
                    raise
                self._say(f"the database is away, nothing is relayed: {error!r}")
            await asyncio.sleep(self._look_s)

    async def _tried(self, cursor: Cursor) -> None:
        """Relay until somebody turns the cursor, or until something is in the way."""
        self._from = self._to = cursor.position
        try:
            async with joined(self._broker) as stream:
                if await self._begun(stream, cursor):
                    await self._relayed(stream)
        except StreamError as error:
            pause = min(self._look_s * 2 ** min(cursor.failures, 10), PAUSE_SECONDS_MAX)
            self._again_at = time.monotonic() + pause
            self._say(f"nothing is relayed to stream {self._broker.stream}: {error}")
            await failed(self._pool, replace(cursor, position=self._from), str(error), pause)

    async def _begun(self, stream: Stream, cursor: Cursor) -> bool:
        """Put the cursor where to go on: after what is in the stream. False: somebody else did."""
        end = await stream.end()
        begin = 0 if stream.is_new else cursor.position
        if end is not None:
            begin = end.position
            page = await self._feed.read(begin - 1, 1)
            if not page.items or page.items[0].event_id != end.event_id:
                raise StreamError(
                    f"it ends with an event that is not number {begin} of this log: it belongs to"
                    " another ledger, or this one was put back"
                )
        is_ours = begin == cursor.position and cursor.lag > 0  # what failed is not yet mended
        if not is_ours and not await self._move(begin):
            return False
        self._say(f"relaying to stream {stream.name} after event {begin}")
        return True

    async def _relayed(self, stream: Stream) -> None:
        tasks = (
            asyncio.create_task(self._followed(stream), name="relay"),
            asyncio.create_task(self._turned(), name="relay's cursor"),
        )
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _followed(self, stream: Stream) -> None:
        """Add what comes, piece by piece, until the cursor is not where we left it."""
        async with aclosing(self._feed.follow(self._from, WINDOW_EVENTS)) as pages:
            async for page in pages:
                if page.items:
                    await self._added(stream, page)
                if page.last > self._from and not await self._move(page.last):
                    return

    async def _added(self, stream: Stream, page: Page) -> None:
        shown = await self._feed.shown(page, EVERYTHING, self._audience)
        await stream.add(
            [
                Message(type=each.type, position=each.position, body=cloud(each, self._audience))
                for each in shown
            ]
        )

    async def _move(self, to: int) -> bool:
        """Move the cursor; False: somebody else has."""
        self._to = to
        if not await advanced(self._pool, self._broker.consumer, self._from, to):
            return False
        self._from = to
        return True

    async def _turned(self) -> None:
        """Return when the cursor was turned by somebody else."""
        while True:
            await asyncio.sleep(self._look_s)
            before, name = self._from, self._broker.consumer
            found = [each for each in await cursors(self._pool, name) if each.name == name]
            if not any(self._is_ours(each, before) for each in found):
                return

    def _is_ours(self, cursor: Cursor, before: int) -> bool:
        """Whether it goes on, and stands where we put it."""
        stands = min(before, self._to) <= cursor.position <= max(before, self._to)
        return stands and cursor.state is State.LIVE

    def _say(self, line: str) -> None:
        """Once, until there is something else to say."""
        if line != self._said:
            _log.warning("%s", line)
        self._said = line
