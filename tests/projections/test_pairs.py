"""Where the identities are looked at: where the axes of time cross, and by chance."""

from datetime import date, timedelta
from random import Random

import asyncpg
import pytest

from events.log import Log
from projections.columns import INFINITY
from projections.identities import identities, moments
from projections.pairs import CROSSING, pairs
from projections.projector import Projector
from tests.histories import tell
from tests.projections.recording import record

HISTORY = tell(Random(3), 600)
HEAD = len(HISTORY.recorded)


@pytest.fixture
async def served(pool: asyncpg.Pool, superuser_url: str) -> None:
    await record(superuser_url, HISTORY.recorded)
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    await projector.advance()


@pytest.mark.usefixtures("served")
async def test_they_are_the_head_the_year_ends_the_crossings_and_chance(
    pool: asyncpg.Pool,
) -> None:
    tried = await pairs(pool, Random(1), 30)
    assert set(await moments(pool, 1)) <= set(tried)
    crossing = await pool.fetch(CROSSING)
    assert len(crossing) > 30
    met = [line for line in crossing if (line["position"], line["effective_on"]) in tried]
    assert len(met) >= 30
    for position, day in [(line["position"], line["effective_on"]) for line in met[:10]]:
        if (position - 1, day) in tried and (position, INFINITY) in tried:
            assert (position, day - timedelta(days=1)) in tried
    assert len(tried) > 150
    assert len(set(tried)) == len(tried)
    assert all(0 <= position <= HEAD for position, _ in tried)
    assert tried == await pairs(pool, Random(1), 30), "the same seed tries the same"
    assert tried != await pairs(pool, Random(2), 30)
    assert await identities(pool, tried) == []


async def test_a_ledger_without_money_is_looked_at_once(
    pool: asyncpg.Pool, superuser_url: str
) -> None:
    await record(superuser_url, HISTORY.recorded[:2])
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    await projector.advance()
    assert await pairs(pool, Random(1), 30) == [(2, INFINITY)]


@pytest.mark.usefixtures("served")
async def test_what_is_untrue_on_a_few_days_alone_is_found_around_the_entry_that_made_it_so(
    pool: asyncpg.Pool, superuser_url: str
) -> None:
    """One late version is changed: true at the head, and at the end of every year."""
    root = await asyncpg.connect(superuser_url)
    changed = await root.fetchrow(
        "UPDATE model.commitment SET committed = committed + 1 WHERE ctid = ("
        "SELECT min(ctid) FROM model.commitment WHERE until < 1e18 AND valid_to = 'infinity'"
        " AND until - since < 40) RETURNING *"
    )
    await root.close()
    assert changed is not None
    found = await identities(pool, await pairs(pool, Random(1), 200))
    assert {each.subject for each in found} >= {
        f"{changed['scheme_id']} {changed['commitment_id']}"
    }
    assert await identities(pool, await moments(pool, 1)) == []
    assert all(isinstance(each.day, date) for each in found)
