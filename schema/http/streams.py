"""GraphQL over Server-Sent Events: what an event stream is made of, and one operation on its own.

Lines end with LF, and nothing else: urql looks for two of them. An event of the feed carries the
cursor as its `id`, so that a browser's EventSource comes back with it and goes on where it was.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing, suppress
from typing import Any

from starlette.types import Receive, Send

from schema.http.following import Part
from schema.http.refusals import RefusedError
from schema.http.responding import EVENT_STREAM
from schema.http.settings import Settings

COMMENT = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"


def next_event(payload: bytes, cursor: int = 0) -> bytes:
    """One answer."""
    lines = payload.replace(b"\n", b"\ndata: ") if b"\n" in payload else payload
    named = b"id: %d\n" % cursor if cursor else b""
    return b"event: next\n%bdata: %b\n\n" % (named, lines)


class EventStream:
    """A response that goes on: frames as they come, a comment when none does."""

    def __init__(
        self, receive: Receive, send: Send, closing: asyncio.Event, settings: Settings
    ) -> None:
        self._receive, self._send = receive, send
        self._closing, self._quiet = closing, settings.ping_seconds
        self._stalled_seconds = settings.stalled_seconds
        self.is_stalled = False
        """The client took nothing any more, and was let go."""

    async def write(self, frame: bytes) -> None:
        """Send a frame. Waits for a slow client, but not for ever."""
        try:
            async with asyncio.timeout(self._stalled_seconds):
                await self._send({"type": "http.response.body", "body": frame, "more_body": True})
        except TimeoutError:
            self.is_stalled = True
            raise

    async def open(self) -> None:
        """Begin the response."""
        start = {"type": "http.response.start", "status": 200, "headers": list(EVENT_STREAM)}
        await self._send(start)
        await self.write(COMMENT)  # some browsers open a stream with its first bytes alone

    async def run(self, work: Coroutine[Any, Any, None] | None = None) -> None:
        """Until the work is done, the client has gone or the service goes."""
        ends: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(self._gone()),
            asyncio.ensure_future(self._closing.wait()),
        ]
        if work is not None:
            ends.append(asyncio.ensure_future(work))
        try:
            with suppress(TimeoutError):
                while not await _first(ends, self._quiet):
                    await self.write(COMMENT)
                await self._send({"type": "http.response.body", "body": b""})
        finally:
            for each in ends:
                each.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def _first(ends: list[asyncio.Future[Any]], seconds: float) -> bool:
    """Whether one of them ended in time; raises what it raised."""
    done, _ = await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for each in done:
        each.result()
    return bool(done)


async def alone(answers: AsyncGenerator[Part, None], stream: EventStream) -> None:
    """A stream of its own for one operation: the answers, or the errors, then the end."""
    await stream.open()
    await stream.run(_answered(answers, stream))


async def refused_alone(error: RefusedError, stream: EventStream) -> None:
    """A refusal, to a client that understands events alone."""
    await stream.open()
    await stream.run(stream.write(next_event(error.body()) + COMPLETE))


async def _answered(answers: AsyncGenerator[Part, None], stream: EventStream) -> None:
    try:
        async with aclosing(answers) as parts:
            async for part in parts:
                await stream.write(next_event(part.body, part.cursor))
    except RefusedError as error:
        await stream.write(next_event(error.body()))
    await stream.write(COMPLETE)
