"""A relay as the courier runs it, between a real log and a real nats-server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

import pytest

from events.appender import Appender
from events.follower import Follower, Listener
from events.log import Log
from events.seal.kept import Seal
from events.seal.newest import Newest
from schema.feed.feed import Feed
from service.broker import Broker
from service.courier.relaying import Relay
from service.pools import reading
from tests.jetstream import STREAM, Jetstream

LOOK_SECONDS = 0.1
Relaying = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
def jetstream(tmp_path: Path) -> Iterator[Jetstream]:
    with Jetstream(tmp_path / "nats") as server:
        yield server


@pytest.fixture
async def appender(database_url: str) -> AsyncIterator[Appender]:
    async with Appender(database_url) as appender:
        yield appender


@pytest.fixture
def relaying(jetstream: Jetstream, request: pytest.FixtureRequest) -> Relaying:
    @asynccontextmanager
    async def at_work(
        *, whole: bool = True, stream: str = STREAM, url: str | None = None
    ) -> AsyncIterator[None]:
        """A relay for the length of the block; at its end it is cut off in the middle."""
        source = url or request.getfixturevalue("database_url")
        broker = Broker(urls=(jetstream.url,), stream=stream, whole=whole)
        async with reading(source, 4) as pool, Listener(source) as listener:
            log = Log(pool)
            feed = Feed(Follower(log, listener), log, pool, Newest(Seal(log)))
            relay = Relay(feed, pool, broker, look_s=LOOK_SECONDS)
            working = asyncio.create_task(relay.run())
            try:
                yield
            finally:
                working.cancel()
                with suppress(asyncio.CancelledError):
                    await working

    return at_work
