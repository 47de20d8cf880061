"""Connections for plans: the last one again, never too many, and all of them back in the end."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import asyncpg
import pytest

from schema.http import lending
from schema.http.lending import LEFT_TO_OTHERS, Lender
from schema.http.refusals import RefusedError


@pytest.fixture
async def small(database_url: str) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """A pool of which one connection may be lent."""
    pool = asyncpg.create_pool(database_url, min_size=0, max_size=1 + LEFT_TO_OTHERS)
    yield await pool
    pool.terminate()


async def waiting(lender: Lender) -> "asyncio.Task[lending.Lent]":
    """One more who wants a connection."""
    task = asyncio.create_task(lender.take())
    await asyncio.sleep(0)
    return task


async def test_the_one_used_last_is_used_next(pool: asyncpg.Pool) -> None:
    lender = Lender(pool, 5)
    first, second = await lender.take(), await lender.take()
    lender.give(first)
    lender.give(second)
    assert await lender.take() is second


async def test_a_connection_goes_to_who_has_waited_longest(small: asyncpg.Pool) -> None:
    lender = Lender(small, 5)
    lent = await lender.take()
    first, second = await waiting(lender), await waiting(lender)
    lender.give(lent)
    assert await first is lent
    assert not second.done()
    lender.give(lent)
    assert await second is lent


async def test_who_leaves_while_he_waits_takes_no_connection_along(small: asyncpg.Pool) -> None:
    """Neither before it is handed to him, nor between that and his taking it."""
    lender = Lender(small, 5)
    lent = await lender.take()
    gone, late, last = [await waiting(lender) for _ in range(3)]
    gone.cancel()
    lender.give(lent)
    late.cancel()
    assert await asyncio.wait_for(last, 5) is lent
    for task in (gone, late):
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_who_waits_too_long_is_refused_by_name(
    small: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lender = Lender(small, 5)
    lent = await lender.take()
    monkeypatch.setattr(lending, "WAIT_SECONDS_MAX", 0.01)
    with pytest.raises(RefusedError) as refused:
        await lender.take()
    assert refused.value.status == 503
    assert (refused.value.errors[0].extensions or {})["code"] == "BUSY"
    lender.give(lent)
    assert await lender.take() is lent


async def test_a_statement_that_takes_too_long_loses_its_connection(small: asyncpg.Pool) -> None:
    lender = Lender(small, 0.01)
    lent = await lender.take()
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await lent.connection.fetchval("SELECT pg_sleep(60)")
    assert lent.is_late


async def test_a_lost_connection_is_replaced_also_for_who_waits(small: asyncpg.Pool) -> None:
    lender = Lender(small, 5)
    lent = await lender.take()
    task = await waiting(lender)
    lent.connection.terminate()
    lender.drop(lent)
    again = await asyncio.wait_for(task, 5)
    assert await again.connection.fetchval("SELECT 1") == 1


class Unreachable:
    """A pool whose database is away."""

    def get_max_size(self) -> int:
        return 1 + LEFT_TO_OTHERS

    async def acquire(self) -> None:
        await asyncio.sleep(0)
        raise OSError


async def test_a_database_that_cannot_be_reached_blocks_nobody_for_ever() -> None:
    """Whoever fails to borrow makes room for the next."""
    lender = Lender(cast("asyncpg.Pool", Unreachable()), 5)
    tasks = [await waiting(lender) for _ in range(3)]
    found = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    assert [type(each) for each in found] == [OSError] * 3


async def test_what_nobody_wants_goes_back_so_that_the_pool_can_be_closed(
    small: asyncpg.Pool,
) -> None:
    lender = Lender(small, 5)
    lender.give(await lender.take())
    await asyncio.wait_for(small.close(), 5)
