"""Of all couriers of a database one works; when it ends, another does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import asyncpg

from service.courier.elected import alone
from tests.proxy import Proxy

AGAIN_SECONDS = 0.05


class Courier:
    """One that says whether it is at work."""

    def __init__(self) -> None:
        self.works = asyncio.Event()

    async def work(self) -> None:
        self.works.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.works.clear()


@asynccontextmanager
async def running(url: str) -> AsyncIterator[Courier]:
    courier = Courier()
    task = asyncio.create_task(alone(url, courier.work, again_s=AGAIN_SECONDS, probe_s=0.2))
    try:
        yield courier
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def works(courier: Courier) -> None:
    async with asyncio.timeout(20):
        await courier.works.wait()


async def rests(courier: Courier) -> None:
    async with asyncio.timeout(20):
        while courier.works.is_set():  # noqa: ASYNC110 - what ends is not announced
            await asyncio.sleep(0.01)


async def either_works(*couriers: Courier) -> None:
    async with asyncio.timeout(20):
        while not any(each.works.is_set() for each in couriers):  # noqa: ASYNC110 - likewise
            await asyncio.sleep(0.01)


async def test_one_works_another_stands_by_and_takes_over(database_url: str) -> None:
    async with AsyncExitStack() as heirs:
        async with running(database_url) as first:
            await works(first)
            second = await heirs.enter_async_context(running(database_url))
            await asyncio.sleep(5 * AGAIN_SECONDS)
            assert not second.works.is_set()
        await works(second)


async def test_who_loses_the_lock_stops_at_once(database_url: str) -> None:
    async with running(database_url) as first:
        await works(first)
        async with running(database_url) as second:
            await asyncio.sleep(3 * AGAIN_SECONDS)
            await _cut_off(database_url)
            await rests(first)
            await either_works(first, second)
            assert first.works.is_set() != second.works.is_set()


async def test_a_connection_that_says_nothing_any_more_ends_the_work(database_url: str) -> None:
    async with Proxy(database_url) as wire, running(wire.url) as courier:
        await works(courier)
        wire.stall()
        await rests(courier)
        wire.resume()
        wire.cut()
        await works(courier)


async def test_without_a_database_it_waits(database_url: str) -> None:
    async with Proxy(database_url) as wire:
        wire.stall()
        async with running(wire.url) as courier:
            await asyncio.sleep(3 * AGAIN_SECONDS)
            assert not courier.works.is_set()
            wire.resume()
            wire.cut()
            await works(courier)


async def _cut_off(url: str) -> None:
    """As a database does to whoever holds the lock when an operator tells it to."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            """
            SELECT pg_terminate_backend(l.pid)
            FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
            WHERE l.locktype = 'advisory' AND d.datname = current_database()
            """
        )
    finally:
        await connection.close()
