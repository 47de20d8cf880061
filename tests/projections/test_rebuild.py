"""The read models are built anew beside the old, and readers never see half of either."""

import asyncio
from dataclasses import replace
from random import Random
from typing import Any

import asyncpg
import pytest

from events.envelope import Recorded
from events.log import Log
from projections import projector as projecting
from projections import rebuild as rebuilding
from projections import tally
from projections.catalogue import PROJECTIONS
from projections.facility import facility
from projections.model import Model, ModelOutdatedError, State
from projections.projector import Projector
from projections.rebuild import Progress, RebuildRunningError, RebuildStoppedError, rebuild
from projections.replay import replay
from tests.histories import tell
from tests.projections.reading import folded, shown
from tests.projections.recording import record

HISTORY = tell(Random(12), 800)
HEAD = len(HISTORY.recorded)
MOMENT = """
    WITH moment AS MATERIALIZED (SELECT position FROM model.moment)
    SELECT (SELECT position FROM moment) AS moment,
           (SELECT count(*) FROM model.entry) AS entries,
           (SELECT count(*) FROM model.commitment) AS commitments,
           (SELECT count(*) FROM model.facility) AS facilities,
           (SELECT max(position) FROM model.projection) AS reached
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"


@pytest.fixture
async def served(pool: asyncpg.Pool, superuser_url: str) -> Projector:
    """Read models that have followed the log live, in many pages."""
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    for start in range(0, HEAD, 40):
        await record(superuser_url, HISTORY.recorded[start : start + 40])
        await projector.advance()
    return projector


async def test_rebuilt_from_nothing_they_are_the_same_to_the_last_version(
    pool: asyncpg.Pool, served: Projector
) -> None:
    """Compared by the digest of every version, and at the head row by row."""
    told: list[Progress] = []
    before = {
        each.name: sorted(
            map(tuple, await pool.fetch(f"SELECT * FROM model.{each.name}")), key=repr
        )
        for each in PROJECTIONS
    }
    rebuilt = await rebuild(pool, Log(pool), told.append)
    assert rebuilt.position == HEAD
    assert set(rebuilt.compared) == {*before, tally.NAME}
    assert rebuilt.differing == ()
    for name, rows in before.items():
        now = await pool.fetch(f"SELECT * FROM model.{name}")
        assert sorted(map(tuple, now), key=repr) == rows, name
    assert await shown(pool, HEAD) == folded(await replay(Log(pool)))
    assert (told[-1].stage, told[-1].done, told[-1].total) == ("built", HEAD, HEAD)
    assert not await pool.fetchval(
        "SELECT count(*) FROM pg_namespace WHERE nspname IN ('model_next', 'model_before')"
    )


async def test_what_somebody_changed_behind_our_back_is_found_and_put_right(
    pool: asyncpg.Pool, served: Projector
) -> None:
    await pool.execute(
        "UPDATE model.commitment SET committed = committed + 1 WHERE since = until - 1"
    )
    await pool.execute("UPDATE model.entry SET amount = amount + 1")
    rebuilt = await rebuild(pool, Log(pool))
    assert "entry" in rebuilt.differing
    assert await shown(pool, HEAD) == folded(await replay(Log(pool)))


async def test_the_projector_goes_on_after_the_swap(pool: asyncpg.Pool, superuser_url: str) -> None:
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    await record(superuser_url, HISTORY.recorded[:150])
    await projector.advance()
    await rebuild(pool, Log(pool))
    await record(superuser_url, HISTORY.recorded[150:])
    assert await projector.advance() == HEAD
    assert await shown(pool, HEAD) == folded(await replay(Log(pool)))


async def test_events_recorded_meanwhile_are_in_it(
    pool: asyncpg.Pool, superuser_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log goes on while they are built: old and new both follow it."""
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    await record(superuser_url, HISTORY.recorded[:100])
    await projector.advance()
    index = Model.index

    async def slow(self: Model, connection: Any) -> None:
        await record(superuser_url, HISTORY.recorded[100:])
        await projector.advance()
        await index(self, connection)

    monkeypatch.setattr(Model, "index", slow)
    rebuilt = await rebuild(pool, Log(pool))
    assert (rebuilt.position, rebuilt.differing) == (HEAD, ())
    assert await shown(pool, HEAD) == folded(await replay(Log(pool)))


async def test_an_interrupted_rebuild_leaves_the_old_ones_serving(
    pool: asyncpg.Pool, served: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing of itself."""

    async def interrupted(*_: Any, **__: Any) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(rebuilding, "_swap", interrupted)
    with pytest.raises(asyncio.CancelledError):
        await rebuild(pool, Log(pool))
    assert await shown(pool, HEAD) == folded(await replay(Log(pool)))
    assert not await pool.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname = 'model_next'")
    monkeypatch.undo()
    assert (await rebuild(pool, Log(pool))).differing == ()


async def test_a_second_rebuild_at_the_same_time_is_refused(
    pool: asyncpg.Pool, served: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap = rebuilding._swap
    refused = 0

    async def meanwhile(*arguments: Any, **named: Any) -> None:
        nonlocal refused
        monkeypatch.setattr(rebuilding, "_swap", swap)
        with pytest.raises(RebuildRunningError):
            await rebuild(pool, Log(pool))
        refused += 1
        await swap(*arguments, **named)

    monkeypatch.setattr(rebuilding, "_swap", meanwhile)
    await rebuild(pool, Log(pool))
    assert refused == 1


async def test_readers_never_see_a_mixed_moment(pool: asyncpg.Pool, superuser_url: str) -> None:
    """Each rebuild jumps over a piece of the log: every answer is from before it, or from after."""
    await Projector(pool, Log(pool)).prepare()
    answers: set[tuple[Any, ...]] = set()
    expected = {tuple(await pool.fetchrow(MOMENT) or ())}
    ended = asyncio.Event()

    async def read() -> None:
        async with pool.acquire() as connection:
            while not ended.is_set():
                answers.add(tuple(await connection.fetchrow(MOMENT) or ()))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(4):
            tasks.create_task(read())
        for start in range(0, HEAD, 40):
            await record(superuser_url, HISTORY.recorded[start : start + 40])
            await rebuild(pool, Log(pool), compare=False)
            expected.add(tuple(await pool.fetchrow(MOMENT) or ()))
        ended.set()
    assert answers <= expected
    assert len(answers) > 2


async def test_a_changed_declaration_is_built_anew_at_the_start(
    pool: asyncpg.Pool, superuser_url: str, served: Projector
) -> None:
    """And a process that still has the old declaration keeps its hands off."""
    changed = replace(facility, version=facility.version + 1)
    newer = Model(projections=tuple(changed if each is facility else each for each in PROJECTIONS))
    projector = Projector(pool, Log(pool), newer)
    assert await projector.prepare() is State.OUTDATED
    assert await projector.prepare() is State.CURRENT
    version = await pool.fetchval("SELECT version FROM model.projection WHERE name = 'facility'")
    assert version == changed.version
    await record(superuser_url, [_one_more()])
    with pytest.raises(ModelOutdatedError):
        await served.advance()
    assert await projector.advance() == HEAD + 1


async def test_over_a_long_log_the_first_start_is_a_rebuild(
    pool: asyncpg.Pool, superuser_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And of two processes that start at once, one makes the read models."""
    monkeypatch.setattr(projecting, "LONG_LOG_EVENTS", HEAD)
    await record(superuser_url, HISTORY.recorded)
    both = Projector(pool, Log(pool)), Projector(pool, Log(pool))
    await asyncio.gather(*(each.prepare() for each in both))
    assert [await each.advance() for each in both] == [HEAD, HEAD]
    assert await shown(pool, HEAD) == folded(await replay(Log(pool)))


async def test_a_rebuild_that_would_stop_what_serves_is_refused(
    pool: asyncpg.Pool, served: Projector
) -> None:
    def broken(event: Any) -> Any:
        raise ZeroDivisionError(event.position)

    worse = replace(facility, version=2, opens=dict.fromkeys(facility.opens, broken))
    model = Model(projections=tuple(worse if each is facility else each for each in PROJECTIONS))
    with pytest.raises(RebuildStoppedError):
        await rebuild(pool, Log(pool), model=model)
    assert await shown(pool, HEAD) == folded(await replay(Log(pool)))


async def test_a_reader_who_does_not_finish_is_waited_for(
    pool: asyncpg.Pool, served: Projector
) -> None:
    """His transaction goes on with what it has begun to read."""
    async with pool.acquire() as connection:
        transaction = connection.transaction(isolation="repeatable_read")
        await transaction.start()
        before = tuple(await connection.fetchrow(MOMENT) or ())
        running = asyncio.create_task(rebuild(pool, Log(pool)))
        while not await pool.fetchval(WAITING):
            assert not running.done()
        assert tuple(await connection.fetchrow(MOMENT) or ()) == before
        assert not running.done()
        await transaction.commit()
    await running


def _one_more() -> Any:
    last = HISTORY.recorded[-1]
    first: Recorded[Any] = HISTORY.recorded[0]
    fact = replace(first.fact, code="2021-2025")
    return replace(
        first,
        position=HEAD + 1,
        id=type(first.id)(int=HEAD + 1),
        stream="period-2021-2025",
        recorded_at=last.recorded_at.replace(year=2027),
        fact=fact,
    )
