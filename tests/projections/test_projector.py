"""The read models keep up with the log: in pages, in one moment, by several processes at once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import asyncpg
import pytest

from events.envelope import Recorded
from events.facility.facts import FacilityUpdated
from events.log import Log
from projections import upkeep
from projections.model import Model, State
from projections.projector import NotYetProjected, Projector
from projections.replay import replay
from tests.histories import History, tell
from tests.projections.reading import folded, shown
from tests.projections.recording import record

Pool = asyncpg.Pool


@pytest.fixture
def history() -> History:
    return tell(Random(11), 800)


@pytest.fixture
async def projector(pool: Pool) -> Projector:
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    return projector


async def test_the_first_start_makes_empty_read_models(pool: Pool) -> None:
    projector = Projector(pool, Log(pool))
    assert await projector.prepare() is State.ABSENT
    assert await projector.prepare() is State.CURRENT
    assert await projector.advance() == 0
    assert await pool.fetchval("SELECT count(*) FROM model.province") > 63


async def test_what_is_shown_is_what_a_replay_in_memory_gives(
    pool: Pool, superuser_url: str, projector: Projector, history: History
) -> None:
    """At the head and at earlier moments, on any day."""
    await record(superuser_url, history.recorded)
    head = await projector.advance()
    assert head == len(history.recorded)
    assert await shown(pool, head) == folded(await replay(Log(pool)))
    random = Random(1)
    for _ in range(8):
        position = random.randrange(head + 1)
        day = date.fromordinal(random.randrange(736_600, 739_900))
        expected = folded(await replay(Log(pool), position, day))
        assert await shown(pool, position, day) == expected


async def test_pages_of_any_size_make_the_same_versions(
    pool: Pool, superuser_url: str, projector: Projector, history: History, monkeypatch: Any
) -> None:
    monkeypatch.setattr(upkeep, "PAGE_EVENTS_MAX", 3)
    small = Projector(pool, Log(pool))
    await record(superuser_url, history.recorded[:100])
    await small.advance()
    await record(superuser_url, history.recorded[100:])
    # Another process, which remembers nothing, goes on in the middle.
    head = await Projector(pool, Log(pool)).advance()
    assert await shown(pool, head) == folded(await replay(Log(pool)))
    assert await shown(pool, 150) == folded(await replay(Log(pool), 150))


async def test_a_process_killed_in_the_middle_loses_nothing(
    pool: Pool, superuser_url: str, projector: Projector, history: History, monkeypatch: Any
) -> None:
    """Rows and moment are one transaction: it is cut off after the rows, each time."""
    await record(superuser_url, history.recorded)
    monkeypatch.setattr(upkeep, "PAGE_EVENTS_MAX", 20)
    reach = Model.reach

    async def cut_off(*_: Any) -> None:
        raise ConnectionResetError

    cut = Projector(pool, Log(pool))
    for _ in range(3):
        monkeypatch.setattr(Model, "reach", cut_off)
        with pytest.raises(ConnectionResetError):
            await cut.advance()
        monkeypatch.setattr(Model, "reach", reach)
        await cut._upkeep.step()
    head = await cut.advance()
    assert await shown(pool, head) == folded(await replay(Log(pool)))


async def test_two_processes_at_once_count_nothing_twice(
    pool: Pool, superuser_url: str, projector: Projector, history: History, monkeypatch: Any
) -> None:
    monkeypatch.setattr(upkeep, "PAGE_EVENTS_MAX", 5)
    both = Projector(pool, Log(pool)), Projector(pool, Log(pool))
    for start in range(0, len(history.recorded), 60):
        await record(superuser_url, history.recorded[start : start + 60])
        await asyncio.gather(*(each.advance() for each in both))
    head = len(history.recorded)
    assert [each.position for each in both] == [head, head]
    assert await shown(pool, head) == folded(await replay(Log(pool)))


async def test_one_page_at_a_time_is_let_in(pool: Pool, projector: Projector) -> None:
    """Whoever holds the moment, holds it until his page is written."""
    async with pool.acquire() as first, first.transaction():
        await projector.model.hold(first)
        async with pool.acquire() as second, second.transaction():
            await second.execute("SET LOCAL lock_timeout = '50ms'")
            with pytest.raises(asyncpg.LockNotAvailableError):
                await projector.model.hold(second)


async def test_a_writer_reads_what_he_wrote(
    pool: Pool, superuser_url: str, projector: Projector, history: History
) -> None:
    """A wait ends when any process has shown the position, and not before."""
    await record(superuser_url, history.recorded[:10])
    with pytest.raises(NotYetProjected):
        await projector.wait_for(10, 0.05)
    waiting = asyncio.create_task(projector.wait_for(10, 10))
    await Projector(pool, Log(pool)).advance()
    await waiting
    await projector.advance()
    await projector.wait_for(10, 0.01)


async def test_an_outage_ends_the_following_for_a_moment_only(
    pool: Pool, superuser_url: str, projector: Projector, history: History
) -> None:
    class Follower:
        """Fails once; then tells of every page."""

        calls = 0

        async def follow(
            self, after: int, limit: int = 500
        ) -> AsyncIterator[Sequence[Recorded[Any]]]:
            self.calls += 1
            if self.calls == 1:
                raise asyncpg.ConnectionDoesNotExistError("gone")
            while True:
                yield await Log(pool).read(after, limit)
                await asyncio.sleep(0.01)

    following = asyncio.create_task(projector.run(Follower()))
    await record(superuser_url, history.recorded)
    await projector.wait_for(len(history.recorded), 30)
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
    assert await shown(pool, projector.position) == folded(await replay(Log(pool)))


async def test_a_late_fact_changes_the_days_from_its_effective_date_on(
    pool: Pool, superuser_url: str, projector: Projector
) -> None:
    """And what was known before it was recorded stays readable."""
    history = tell(Random(2), 0)
    events = list(history.recorded)
    named: Recorded[Any] = next(each for each in events if each.type == "FacilityRegistered")

    def renamed(position: int, version: int, name: str, on: date) -> Recorded[Any]:
        fact = FacilityUpdated(
            facility_id=named.fact.facility_id, name=name, sector=None, capacity=None,
            ownership=None,
        )  # fmt: skip
        return replace(
            named, position=position, id=type(named.id)(int=position), version=version,
            type="FacilityUpdated", effective_on=on, fact=fact,
            recorded_at=events[-1].recorded_at.replace(hour=20, microsecond=position),
        )  # fmt: skip

    head = len(events)
    events.append(renamed(head + 1, 2, "Sau", date(2020, 6, 1)))
    events.append(renamed(head + 2, 3, "Trước", date(2019, 1, 1)))
    await record(superuser_url, events)
    await projector.advance()

    async def name(position: int, day: date) -> str:
        rows = (await shown(pool, position, day))["facility"]
        return next(row.name for row in rows if row.facility_id == named.fact.facility_id)

    assert await name(head + 1, date(2019, 6, 1)) == named.fact.name
    assert await name(head + 2, date(2018, 6, 1)) == named.fact.name
    assert await name(head + 2, date(2019, 6, 1)) == "Trước"
    # What is recorded last is what is known, of every day that it speaks of.
    assert await name(head + 2, date(2020, 7, 1)) == "Trước"
    assert await name(head + 1, date(2020, 7, 1)) == "Sau"
