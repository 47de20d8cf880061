"""Whoever follows sees every event once, in order, from wherever he begins, whatever breaks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import asyncpg
import pytest

from events.appender import Appender
from events.follower import Follower, Listener
from events.log import Log
from tests.entries import entry, fill, fill_many

NEVER = 3600.0


@pytest.fixture
async def appender(database_url: str) -> AsyncIterator[Appender]:
    async with Appender(database_url) as opened:
        yield opened


@pytest.fixture
def log(pool: asyncpg.Pool) -> Log:
    return Log(pool)


async def first(follower: Follower, events: int, after: int = 0, limit: int = 500) -> list[int]:
    """The positions of so many events."""
    seen: list[int] = []
    async with aclosing(follower.follow(after, limit)) as pages:
        async for page in pages:
            assert 1 <= len(page) <= limit
            seen += [each.position for each in page]
            if len(seen) >= events:
                break
    return seen


async def heard(listener: Listener) -> None:
    while listener.is_deaf:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.01)


async def test_catching_up_goes_over_into_following_without_a_seam(
    log: Log, appender: Appender
) -> None:
    await fill_many(appender, 20)
    seen = asyncio.ensure_future(first(Follower(log, poll_s=0.01), 60, limit=3))
    for _ in range(8):
        await fill_many(appender, 5)
    assert await seen == list(range(1, 61))


async def test_following_begins_after_any_position(log: Log, appender: Appender) -> None:
    await fill_many(appender, 10)
    assert await first(Follower(log), 3, after=7) == [8, 9, 10]


async def test_who_is_ahead_of_the_log_waits_for_it(log: Log, appender: Appender) -> None:
    seen = asyncio.ensure_future(first(Follower(log, poll_s=0.01), 1, after=2))
    await fill(appender, 3)
    assert await seen == [3]


async def test_a_hint_wakes_at_once(log: Log, appender: Appender, database_url: str) -> None:
    """Without it the next look at the log would be in an hour."""
    async with Listener(database_url) as listener:
        await heard(listener)
        follower = Follower(log, listener, poll_s=NEVER)
        for position in (1, 2, 3):
            seen = asyncio.ensure_future(first(follower, 1, after=position - 1))
            await asyncio.sleep(0.01)
            await appender.append(entry("period-x", position - 1))
            async with asyncio.timeout(30):
                assert await seen == [position]


async def test_a_burst_behind_one_hint_is_read_to_its_end(
    log: Log, appender: Appender, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.follower.PAGE_EVENTS", 7)
    async with Listener(database_url) as listener:
        await heard(listener)
        follower = Follower(log, listener, poll_s=NEVER)
        seen = asyncio.ensure_future(first(follower, 100, limit=3))
        await fill_many(appender, 100)
        async with asyncio.timeout(30):
            assert await seen == list(range(1, 101))


async def test_a_lost_hint_costs_one_poll(log: Log, appender: Appender) -> None:
    seen = asyncio.ensure_future(first(Follower(log, poll_s=0.01), 5))
    await fill(appender, 5)
    assert await seen == [1, 2, 3, 4, 5]


async def test_a_forged_hint_costs_one_question(
    log: Log, appender: Appender, database_url: str, pool: asyncpg.Pool
) -> None:
    async with Listener(database_url) as listener:
        await heard(listener)
        seen = asyncio.ensure_future(first(Follower(log, listener, poll_s=0.05), 2))
        for payload in ("9223372036854775807", "", "-1", "³", "abc"):
            await pool.execute("SELECT pg_notify('ledger', $1)", payload)
        await fill(appender, 2)
        assert await seen == [1, 2]
        await pool.execute("SELECT pg_notify('ledger', '9223372036854775807')")
        while not listener._heard:  # noqa: ASYNC110 - it is on its way
            await asyncio.sleep(0.01)
        await listener.beyond(2, NEVER)
        assert listener._heard == 0, "used up"


async def test_all_who_have_caught_up_share_one_reader(
    log: Log, appender: Appender, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = 0
    read = log.read

    async def counted(*arguments: int) -> list[Any]:
        nonlocal reads
        page = await read(*arguments)
        reads += bool(page)
        return page

    monkeypatch.setattr(log, "read", counted)
    follower = Follower(log, poll_s=0.01)
    several = [asyncio.ensure_future(first(follower, 10)) for _ in range(50)]
    await asyncio.sleep(0.1)
    await fill(appender, 10)
    assert await asyncio.gather(*several) == [list(range(1, 11))] * 50
    assert reads <= 10


async def test_who_is_slow_reads_for_himself_and_misses_nothing(
    log: Log, appender: Appender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.follower.SHARED_EVENTS_MAX", 3)
    follower = Follower(log, poll_s=0.01)
    slow = follower.follow(0)
    quick = asyncio.ensure_future(first(follower, 40))
    await appender.append(entry("period-first"))
    seen = [each.position for each in await anext(slow)]
    await fill_many(appender, 39)
    await quick
    async for page in slow:
        seen += [each.position for each in page]
        if len(seen) == 40:
            break
    assert seen == list(range(1, 41))


async def test_who_thinks_holds_no_connection(database_url: str, appender: Appender) -> None:
    """A pool of one serves ten followers that stand at their pages."""
    await fill(appender, 2)
    async with asyncpg.create_pool(database_url, min_size=1, max_size=1) as one:
        follower = Follower(Log(one), poll_s=0.01)
        several = [follower.follow(0, limit=1) for _ in range(10)]
        pages = [await anext(each) for each in several]
        assert [page[0].position for page in pages] == [1] * 10
        assert await one.fetchval("SELECT 1") == 1
        for each in several:
            await each.aclose()


async def test_a_follower_that_never_waits_lets_others_run(log: Log, appender: Appender) -> None:
    """An iterator that yields without ever awaiting would starve everybody."""
    await fill_many(appender, 50)
    follower = Follower(log, poll_s=0.01)
    keeper = follower.follow(50)
    waiting = asyncio.ensure_future(anext(keeper))
    await asyncio.sleep(0.05)
    await fill_many(appender, 50)
    await waiting
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.ensure_future(other())
    await first(follower, 50, after=50, limit=1)
    task.cancel()
    assert turns >= 49, "one between any two pages"
    await keeper.aclose()


async def test_who_leaves_takes_no_page_away_from_the_others(log: Log, appender: Appender) -> None:
    follower = Follower(log, poll_s=0.01)
    stays = asyncio.ensure_future(first(follower, 2))
    leaves = asyncio.ensure_future(first(follower, 2))
    await asyncio.sleep(0.05)
    leaves.cancel()
    await fill(appender, 2)
    assert await stays == [1, 2]
    assert follower._growth is None, "nobody reads for nobody"


async def test_the_listener_says_when_it_is_deaf_and_mends_itself(
    database_url: str, superuser_url: str
) -> None:
    root = await asyncpg.connect(superuser_url)
    try:
        async with Listener(database_url, probe_s=NEVER) as listener:
            await heard(listener)
            await root.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            while not listener.is_deaf:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
            await heard(listener)
            await root.execute("SELECT pg_notify('ledger', '7')")
            async with asyncio.timeout(30):
                await listener.beyond(6, NEVER)
    finally:
        await root.close()
