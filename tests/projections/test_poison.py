"""A fact that a read model cannot bear stops that read model, visibly, and nothing else."""

from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from events.log import Log
from projections.commitment import commitment
from projections.facility import facility
from projections.page import Fold, Stop
from projections.projector import Projector
from projections.replay import replay
from projections.retry import Past, StillStoppedError, retry
from projections.standing import Standing
from tests.projections.memory import Tables
from tests.projections.poison import HISTORY, POISON, poisoned
from tests.projections.reading import folded, shown
from tests.projections.recording import record


@pytest.fixture
async def stopped(pool: asyncpg.Pool, superuser_url: str) -> Projector:
    """The read models after a history with the poison in it."""
    projector = Projector(pool, Log(pool), poisoned())
    await projector.prepare()
    await record(superuser_url, HISTORY.recorded)
    await projector.advance()
    return projector


async def _states(pool: asyncpg.Pool) -> dict[str, Any]:
    return {row["name"]: row for row in await pool.fetch("SELECT * FROM model.projection")}


async def test_one_stops_and_the_others_go_on_in_one_moment(
    pool: asyncpg.Pool, stopped: Projector
) -> None:
    head = len(HISTORY.recorded)
    assert stopped.position == head
    states = await _states(pool)
    assert {name for name, row in states.items() if row["state"] == "STOPPED"} == {
        "commitment", "entry",
    }  # fmt: skip
    assert all(row["position"] == head for row in states.values() if row["state"] == "LIVE")
    broken = states["commitment"]
    assert (broken["failed_position"], broken["position"]) == (POISON, POISON - 1)
    assert (broken["error"], broken["attempts"]) == ("ZeroDivisionError: đồng", 1)
    assert "commitment" in states["entry"]["error"]


async def test_everything_before_the_event_is_applied_and_nothing_after_it(
    pool: asyncpg.Pool, stopped: Projector
) -> None:
    now = await shown(pool, stopped.position)
    whole, before = folded(await replay(Log(pool))), folded(await replay(Log(pool), POISON - 1))
    for name in now:
        assert now[name] == (before if name in {"commitment", "entry"} else whole)[name], name


async def test_it_is_not_skipped_when_it_is_tried_again_in_vain(
    pool: asyncpg.Pool, stopped: Projector
) -> None:
    with pytest.raises(StillStoppedError):
        await retry(pool, Log(pool), "commitment", stopped.model)
    states = await _states(pool)
    assert (states["commitment"]["attempts"], states["entry"]["state"]) == (2, "STOPPED")


async def test_once_mended_it_catches_up_alone_and_goes_on_with_the_others(
    pool: asyncpg.Pool, stopped: Projector
) -> None:
    """With what looks at it, which is shown the rows as they were at each event."""
    await retry(pool, Log(pool), "commitment")
    assert {row["state"] for row in (await _states(pool)).values()} == {"LIVE"}
    assert await shown(pool, stopped.position) == folded(await replay(Log(pool)))
    earlier = POISON + 20
    assert await shown(pool, earlier) == folded(await replay(Log(pool), earlier))


async def test_a_retry_is_shown_rows_as_they_were_at_each_event(
    pool: asyncpg.Pool, superuser_url: str
) -> None:
    """And not as they are by now."""
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    await record(superuser_url, HISTORY.recorded)
    await projector.advance()
    for each in (facility, commitment):
        past, after = Past(projector.model.tables[each]), POISON - 30
        keys = set((await replay(Log(pool))).table(each))
        async with pool.acquire() as connection:
            await past.bring(connection, keys, after)
        for position in range(after, after + 60, 7):
            then = (await replay(Log(pool), position)).table(each)
            assert {key: past.row(key, position) for key in keys} == {
                key: then.get(key) for key in keys
            }


async def test_what_the_database_refuses_stops_only_the_read_model_it_is_for(
    pool: asyncpg.Pool, superuser_url: str
) -> None:
    """The page is halved until the event stands alone."""
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    await pool.execute(f"ALTER TABLE model.payment ADD CHECK (since <> {POISON})")
    await record(superuser_url, HISTORY.recorded)
    assert await projector.advance() == len(HISTORY.recorded)
    states = await _states(pool)
    assert states["payment"]["failed_position"] == POISON
    assert {row["state"] for name, row in states.items() if name != "payment"} == {"LIVE"}
    assert (await shown(pool, projector.position))["payment"] == (
        folded(await replay(Log(pool), POISON - 1))["payment"]
    )


def test_a_fact_that_nobody_named_stops_the_readpoisoned() -> None:
    """It is not passed over in silence."""
    careless = replace(commitment, ignores=commitment.ignores[1:])
    fold = Fold([Standing(Tables().fold.standing[commitment].table, is_whole=True)])
    fold.standing = {careless: fold.standing[commitment]}
    fold.page(HISTORY.recorded)
    (stop,) = fold.stopped.values()
    first = next(each for each in HISTORY.recorded if each.type == "SchemeProposed")
    assert stop == Stop(
        first.position, "UnnamedFactError: commitment neither applies nor ignores SchemeProposed"
    )
