"""Who are behind together read the log once, and what is not full yet is read anew."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import asyncpg
import pytest

from events import blocks
from events.appender import Appender
from events.blocks import Blocks
from events.follower import Follower
from events.log import Log, Stored
from tests.entries import entry, fill_many

SIZE = 10


@pytest.fixture
async def appender(database_url: str) -> AsyncIterator[Appender]:
    async with Appender(database_url) as opened:
        yield opened


class Counted(Log):
    """A log that knows how often it was asked for a page."""

    asked = 0

    async def stored(self, after: int, limit: int) -> list[Stored]:
        self.asked += 1
        return await super().stored(after, limit)


@pytest.fixture
def log(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch) -> Counted:
    monkeypatch.setattr(blocks, "BLOCK_EVENTS", SIZE)
    return Counted(pool)


def positions(page: list[Stored]) -> list[int]:
    return [each.position for each in page]


async def test_a_piece_ends_with_its_block(log: Counted, appender: Appender) -> None:
    await appender.append(entry("period-x", lines=25))
    found = Blocks(log)
    assert positions(await found.after(0, 100)) == list(range(1, 11))
    assert positions(await found.after(3, 4)) == [4, 5, 6, 7]
    assert positions(await found.after(9, 4)) == [10]
    assert positions(await found.after(10, 4)) == [11, 12, 13, 14]
    assert positions(await found.after(20, 100)) == [21, 22, 23, 24, 25]
    assert await found.after(25, 100) == []
    assert await found.after(1_000, 100) == []


async def test_a_full_block_is_read_once(log: Counted, appender: Appender) -> None:
    await appender.append(entry("period-x", lines=25))
    found = Blocks(log)
    pages = await asyncio.gather(*(found.after(n, 100) for n in range(SIZE)))
    assert log.asked == 1
    assert len({id(page[-1]) for page in pages}) == 1, "they share the events themselves"
    await found.after(5, 5)
    assert log.asked == 1


async def test_what_is_not_full_is_read_anew(log: Counted, appender: Appender) -> None:
    found = Blocks(log)
    for count in range(1, 4):
        await appender.append(entry("period-x", count - 1))
        assert positions(await found.after(0, 100)) == list(range(1, count + 1))
    assert log.asked == 3


async def test_no_more_are_kept_than_may_be(
    log: Counted, appender: Appender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCKS_MAX", 2)
    await appender.append(entry("period-x", lines=40))
    found = Blocks(log)
    for after in (0, 10, 20, 10, 0):
        await found.after(after, 100)
    assert log.asked == 4, "the first was dropped, the second was not"
    monkeypatch.setattr(blocks, "BLOCKS_BYTES_MAX", 1)
    for _ in range(2):
        await found.after(30, 100)
    assert log.asked == 6


async def test_a_failure_is_not_kept(log: Counted, appender: Appender) -> None:
    await appender.append(entry("period-x", lines=10))
    found, fetch = Blocks(log), log.fetch

    async def away(*_: object) -> list[asyncpg.Record]:
        raise OSError

    log.fetch = away  # type: ignore[method-assign]
    for each in await asyncio.gather(*(found.after(0, 9) for _ in "12"), return_exceptions=True):
        assert isinstance(each, OSError)
    log.fetch = fetch  # type: ignore[method-assign]
    assert len(await found.after(0, 9)) == 9


async def test_hundreds_who_come_back_read_the_log_once(log: Counted, appender: Appender) -> None:
    await fill_many(appender, 100)
    follower = Follower(log)

    async def followed(after: int) -> list[int]:
        seen: list[int] = []
        async with aclosing(follower.follow(after, 7)) as pages:
            async for page in pages:
                seen += positions(page)
                if seen[-1] == 100:
                    return seen
        raise AssertionError

    found = await asyncio.gather(*(followed(after) for after in [0, 3, 50] * 40))
    assert found == [list(range(after + 1, 101)) for after in [0, 3, 50] * 40]
    assert log.asked < 30
