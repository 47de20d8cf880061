"""Server-Sent Events: what was recorded, then what comes, for as long as somebody listens.

A reader is a position. Where nothing is for him he is told how far the log was read, so that he
comes back to the right place however little concerns him. Who takes nothing is let go.
"""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Final

from schema.access.door import Caller
from schema.feed.audience import Audience
from schema.feed.feed import Page
from schema.http.allowance import ENTRY_POINTS, Allowance
from schema.http.counts import Counts
from schema.http.refusals import refused
from schema.http.streams import EventStream
from schema.seal import PROOF_POINTS
from service.feeding.asking import Asked
from service.feeding.frames import RETRY, Frame, Frames, farewell, heartbeat
from service.feeding.proving import proven
from service.runtime import Runtime

FRAME_EVENTS: Final = 100
"""Sent together: of a reader who takes nothing so many are held, and no more."""
PROVEN_EVENTS: Final = 100
"""Read together, where each has a proof."""


class Streaming:
    """The event streams of one process."""

    def __init__(
        self, runtime: Runtime, frames: Frames, counts: Counts, allowance: Allowance
    ) -> None:
        self._runtime, self._frames = runtime, frames
        self._counts, self._allowance = counts, allowance

    async def send(self, asked: Asked, caller: Caller, stream: EventStream) -> None:
        """Until the reader has gone, has no right any more, takes nothing, or we go."""
        self._counts.streams += 1
        try:
            await stream.open()
            await stream.run(self._write(asked, caller, stream))
        finally:
            self._counts.streams -= 1
            self._counts.dropped += stream.is_stalled

    async def _write(self, asked: Asked, caller: Caller, stream: EventStream) -> None:
        async with aclosing(self._frames_of(asked, caller)) as frames:
            async for frame in frames:
                await stream.write(frame.body)
                self._counts.streamed += frame.count

    async def _frames_of(self, asked: Asked, caller: Caller) -> AsyncGenerator[Frame, None]:
        """What is sent; the last one says why it is the last."""
        sealed, cursor = self._runtime.newest.sealed, asked.after
        here = Page(cursor + 1, cursor, (), self._runtime.follower.head, sealed)
        yield Frame(RETRY + heartbeat(here), 0, cursor)
        told, size, said = time.monotonic(), sealed.size, cursor
        try:
            async with aclosing(self._pages(asked, lambda: cursor > said)) as pages:
                async for page in pages:
                    frames = await self._frames_in(page, asked, caller)
                    for frame in frames:
                        await self._allowance.pace(caller.payer, cost(frame.count, asked))
                        yield frame
                        told, cursor = time.monotonic(), frame.last
                        said = cursor
                    rest = len(page.items) - sum(frame.count for frame in frames)
                    await self._allowance.pace(caller.payer, rest)
                    cursor, now = page.last, time.monotonic()
                    is_due = not page.items or now - told >= self._runtime.feed.quiet_s
                    if is_due or page.sealed.size > size:
                        yield Frame(heartbeat(page), 0, cursor)
                        told, size, said = now, page.sealed.size, cursor
        except Exception as error:  # noqa: BLE001 - a bug is logged there and named to the reader
            yield Frame(farewell(refused(error), cursor), 0, cursor)

    def _pages(self, asked: Asked, owes: Callable[[], bool]) -> AsyncGenerator[Page, None]:
        feed = self._runtime.feed
        if asked.proofs:
            return proven(feed, self._runtime.newest, asked.after, PROVEN_EVENTS)
        return feed.follow(asked.after, owes=owes)

    async def _frames_in(self, page: Page, asked: Asked, caller: Caller) -> list[Frame]:
        """Of a page, for whoever the reader is by now."""
        await caller.look()
        audience = Audience.of(caller.principal)
        shown = await self._runtime.feed.shown(page, asked.wanted, audience)
        return [
            await self._frames.of(shown[start : start + FRAME_EVENTS], asked, audience)
            for start in range(0, len(shown), FRAME_EVENTS)
        ]


def cost(count: int, asked: Asked) -> int:
    """Points: one for each event, and what its proof takes."""
    return count * (ENTRY_POINTS + (PROOF_POINTS if asked.proofs else 0))
