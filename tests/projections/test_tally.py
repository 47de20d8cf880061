"""The running totals are the sums of the entries, at every position, whoever wrote them."""

import asyncio
from dataclasses import replace
from random import Random
from typing import Any, LiteralString

import asyncpg
import pytest

from events.log import Log
from events.money import AMOUNT_MAX, Vnd
from projections import tally, upkeep
from projections.model import Model, State
from projections.projector import Projector
from projections.rebuild import rebuild
from projections.retry import retry
from tests.histories import History, tell
from tests.projections.facts import BEFORE, PLEDGED, recorded
from tests.projections.poison import HISTORY, POISON, poisoned
from tests.projections.recording import record

Pool = asyncpg.Pool

AT_EVERY_POSITION: LiteralString = """
    SELECT p.position, c.*
    FROM generate_series(0, $1::bigint) AS p(position)
    CROSS JOIN LATERAL (
        SELECT period, province_code, province_from, sector_group,
               coalesce(sum(amount) FILTER (WHERE kind = 'PLEDGE'), 0) AS counterpart,
               coalesce(sum(amount) FILTER (
                   WHERE kind IN ('COMMITMENT', 'REDUCTION', 'CANCELLATION',
                       'REALLOCATION_OUT', 'REALLOCATION_IN')), 0) AS granted,
               coalesce(sum(amount) FILTER (
                   WHERE kind IN ('ADVANCE', 'DISBURSEMENT', 'REVERSAL')), 0) AS disbursed,
               coalesce(sum(amount) FILTER (WHERE kind = 'SETTLEMENT'), 0) AS settled,
               count(*) AS entry_count
        FROM model.entry
        WHERE position <= p.position
        GROUP BY 1, 2, 3, 4) AS c
    ORDER BY 1, 2, 3, 4, 5
"""
TALLIED: LiteralString = """
    SELECT p.position, t.period, t.province_code, t.province_from, t.sector_group,
           t.counterpart, t.granted, t.disbursed, t.settled, t.entry_count
    FROM generate_series(0, $1::bigint) AS p(position)
    JOIN model.tally AS t
      ON t.since >= p.position / $2 * $2 AND t.since <= p.position AND t.until > p.position
    ORDER BY 1, 2, 3, 4, 5
"""
VERSIONS: LiteralString = (
    "SELECT * FROM model.tally ORDER BY since, province_code, province_from, sector_group, period"
)


async def exact(pool: Pool, head: int) -> list[Any]:
    """The versions, once it is sure that they say at every position what the entries say."""
    expected = await pool.fetch(AT_EVERY_POSITION, head)
    assert expected
    assert await pool.fetch(TALLIED, head, tally.CARRY) == expected
    return await pool.fetch(VERSIONS)


@pytest.fixture(autouse=True)
def carry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Totals are carried forward so often that every history has many carries in it."""
    monkeypatch.setattr(tally, "CARRY", 37)


async def followed(pool: Pool, url: str, history: History, size: int) -> Projector:
    """Read models that took a history in, so many events at a time."""
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    for start in range(0, len(history.recorded), size):
        await record(url, history.recorded[start : start + size])
        await projector.advance()
    return projector


@pytest.mark.parametrize(("seed", "size"), [(0, 1), (1, 7), (2, 60), (3, 1_000)])
async def test_at_every_position_they_are_the_sums_of_the_entries_up_to_it(
    pool: Pool, superuser_url: str, seed: int, size: int
) -> None:
    """Pages of any size, effective dates in no order, places that merge meanwhile."""
    history = tell(Random(seed), 400)
    await followed(pool, superuser_url, history, size)
    await exact(pool, len(history.recorded))


async def test_rebuilt_they_are_the_same_to_the_last_version(
    pool: Pool, superuser_url: str
) -> None:
    await followed(pool, superuser_url, HISTORY, 40)
    before = await exact(pool, len(HISTORY.recorded))
    rebuilt = await rebuild(pool, Log(pool))
    assert tally.NAME in rebuilt.compared
    assert rebuilt.differing == ()
    assert await pool.fetch(VERSIONS) == before


async def test_a_total_that_somebody_changed_is_found_and_put_right(
    pool: Pool, superuser_url: str
) -> None:
    await followed(pool, superuser_url, HISTORY, 200)
    before = await exact(pool, len(HISTORY.recorded))
    await pool.execute("UPDATE model.tally SET granted = granted + 1 WHERE since = until - 1")
    assert (await rebuild(pool, Log(pool))).differing == (tally.NAME,)
    assert await pool.fetch(VERSIONS) == before


async def test_what_is_recorded_during_a_rebuild_is_added_on_top(
    pool: Pool, superuser_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new totals go on from the page where the rebuild ended, before the swap and after."""
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    await record(superuser_url, HISTORY.recorded[:300])
    await projector.advance()
    index = Model.index

    async def slow(self: Model, connection: Any) -> None:
        await record(superuser_url, HISTORY.recorded[300:600])
        await projector.advance()
        await index(self, connection)

    monkeypatch.setattr(Model, "index", slow)
    assert (await rebuild(pool, Log(pool))).differing == ()
    await record(superuser_url, HISTORY.recorded[600:])
    await exact(pool, await projector.advance())


async def test_they_stop_where_the_account_stops_and_go_on_with_it(
    pool: Pool, superuser_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event in the middle of a page breaks it; once mended it catches up page by page."""
    monkeypatch.setattr("projections.retry.PAGE_EVENTS_MAX", 30)
    projector = Projector(pool, Log(pool), poisoned())
    await projector.prepare()
    await record(superuser_url, HISTORY.recorded)
    head = await projector.advance()
    assert await pool.fetchval("SELECT max(since) < $1 FROM model.tally", POISON)
    await exact(pool, POISON - 1)
    await retry(pool, Log(pool), "commitment")
    await exact(pool, head)
    assert await pool.fetchval("SELECT max(since) > $1 FROM model.tally", POISON)


async def test_a_total_that_the_database_refuses_stops_the_account_alone(
    pool: Pool, superuser_url: str
) -> None:
    """Entries and totals are one transaction: neither is ever without the other."""
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    await pool.execute(f"ALTER TABLE model.tally ADD CHECK (since <> {POISON})")
    await record(superuser_url, HISTORY.recorded)
    assert await projector.advance() == len(HISTORY.recorded)
    states = await pool.fetch("SELECT name, failed_position FROM model.projection")
    assert [tuple(row) for row in states if row[1] is not None] == [("entry", POISON)]
    assert await pool.fetchval("SELECT max(since) < $1 FROM model.tally", POISON)
    await exact(pool, POISON - 1)


async def test_two_processes_at_once_add_nothing_twice(
    pool: Pool, superuser_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "PAGE_EVENTS_MAX", 5)
    both = Projector(pool, Log(pool)), Projector(pool, Log(pool))
    await asyncio.gather(*(each.prepare() for each in both))
    for start in range(0, len(HISTORY.recorded), 60):
        await record(superuser_url, HISTORY.recorded[start : start + 60])
        await asyncio.gather(*(each.advance() for each in both))
    await exact(pool, len(HISTORY.recorded))


async def test_sums_beyond_a_bigint_are_exact(pool: Pool, superuser_url: str) -> None:
    """Of so many of the largest amounts, in one cell; nothing stops."""
    most, count = Vnd(AMOUNT_MAX), 1_100
    before = [recorded(n, each) for n, each in enumerate(BEFORE, 1)]
    pledges = (
        recorded(len(before) + n, replace(PLEDGED, amount=most)) for n in range(1, count + 1)
    )
    await record(superuser_url, (*before, *(replace(each, budget_year=2019) for each in pledges)))
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    await exact(pool, await projector.advance())
    assert await pool.fetchval("SELECT max(counterpart) FROM model.tally") == most * count


async def test_totals_that_were_made_otherwise_are_built_anew(
    pool: Pool, superuser_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How they are made is part of the account's shape: an older database is known by it."""
    await followed(pool, superuser_url, HISTORY, 1_000)
    assert await Projector(pool, Log(pool)).prepare() is State.CURRENT
    monkeypatch.setattr(tally, "CARRY", 38)
    assert await Projector(pool, Log(pool)).prepare() is State.OUTDATED
    await exact(pool, len(HISTORY.recorded))
