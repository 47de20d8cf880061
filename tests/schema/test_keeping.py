"""What keeps answers, by itself: shared questions, bounded bytes, and the day an answer is of."""

import asyncio
from datetime import UTC, datetime

import pytest

from schema.http.counts import Counts
from schema.http.daytime import today
from schema.http.keeping import ENTRY_BYTES, Found, Keeper


async def test_who_shares_a_question_survives_the_one_who_put_it() -> None:
    keeper, asked = Keeper(1_000_000, Counts()), asyncio.Event()

    async def never() -> tuple[str, Found]:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def answers() -> tuple[str, Found]:
        return "key", Found(b"x", 0)

    first = asyncio.create_task(keeper.once("key", never))
    await asked.wait()
    second = asyncio.create_task(keeper.once("key", answers))
    third = asyncio.create_task(keeper.once("key", answers))
    await asyncio.sleep(0)
    third.cancel()
    first.cancel()
    assert (await second).body == b"x"
    for task in (first, third):
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_who_shares_a_question_shares_its_failure() -> None:
    keeper, fail = Keeper(1_000_000, Counts()), asyncio.Event()

    async def fails() -> tuple[str, Found]:
        await fail.wait()
        raise OSError

    tasks = [asyncio.create_task(keeper.once("key", fails)) for _ in range(2)]
    await asyncio.sleep(0)
    fail.set()
    assert [type(each) for each in await asyncio.gather(*tasks, return_exceptions=True)] == [
        OSError,
        OSError,
    ]


async def test_the_bytes_are_bounded_and_what_was_asked_last_stays() -> None:
    keeper = Keeper(3 * (ENTRY_BYTES + 100), Counts())

    async def kept(name: str, size: int = 100) -> None:
        async def ask() -> tuple[str, Found]:
            return name, Found(b"x" * size, 0)

        await keeper.once(name, ask)

    for name in ("a", "b", "c"):
        await kept(name)
    assert keeper.get("a")
    await kept("d")
    await kept("huge", 10_000)
    assert [bool(keeper.get(name)) for name in ("a", "b", "c", "d", "huge")] == [
        True,
        False,
        True,
        True,
        False,
    ]
    assert keeper.bytes == keeper.bytes_max


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-11-25T16:58:59", "2026-11-25"),
        ("2026-11-25T16:59:01", None),
        ("2026-11-25T17:00:59", None),
        ("2026-11-25T17:01:01", "2026-11-26"),
    ],
)
def test_near_midnight_in_vietnam_no_date_is_sure(instant: str, day: str | None) -> None:
    assert today(datetime.fromisoformat(instant).replace(tzinfo=UTC)) == day
