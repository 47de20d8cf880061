"""The read models are built anew beside those that serve, and take their place in one transaction.

Everything happens in that one transaction: whoever interrupts it, a kill included, leaves nothing
behind and the old ones serving. Readers name `model.moment` first, and the swap takes its lock:
they see all of the old or all of the new (`_swap`).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import LiteralString, TypeAlias

import asyncpg

from events.log import Log
from events.rules import LedgerError
from projections.database import PATIENCE_SECONDS, Connection, Pool
from projections.loading import Loading
from projections.model import BESIDE, MOMENT, STATES, TRIAL, Model, State
from projections.tally import follow
from projections.upkeep import Upkeep

LAG_EVENTS_MAX = 200
"""So near to the head the readers are made to wait for the rest."""
SWAP_TRIES_MAX = 50
SWAP_WAIT_SECONDS = 0.2

PREPARE: LiteralString = """
    SET LOCAL idle_in_transaction_session_timeout = 0;
    SET LOCAL statement_timeout = 0;
    SET LOCAL lock_timeout = '1s';
    SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout';
    SET LOCAL max_parallel_maintenance_workers = 2;
    SET LOCAL maintenance_work_mem = '256MB';
    CREATE SCHEMA model_next;
    SET LOCAL lock_timeout = 0
"""
CLOSE_THE_DOOR: LiteralString = """
    SET LOCAL lock_timeout = '500ms';
    LOCK TABLE model.moment IN ACCESS EXCLUSIVE MODE
"""
RENAME_OLD: LiteralString = "ALTER SCHEMA model RENAME TO model_before"
RENAME_NEW: LiteralString = "ALTER SCHEMA model_next RENAME TO model"
DROP_OLD: LiteralString = """
    SET LOCAL lock_timeout = '500ms';
    DROP SCHEMA IF EXISTS model_before CASCADE
"""


class RebuildRunningError(LedgerError):
    """Another process is building the read models anew."""


class RebuildStoppedError(LedgerError):
    """A fact stops a read model that now serves; the old ones go on serving."""


class RebuildWaitedError(LedgerError):
    """Readers left no gap in which the new read models could take the place of the old."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come, and how fast."""

    stage: str
    done: int
    total: int
    rate: float
    """Events per second since the beginning."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it."""

    position: int
    seconds: float
    compared: tuple[str, ...] = ()
    """Read models declared as before, whose old rows were compared with the new."""
    differing: tuple[str, ...] = ()
    """Of these, the ones whose old rows were not what the log says."""


Told: TypeAlias = Callable[[Progress], None]


async def rebuild(
    pool: Pool,
    log: Log,
    told: Told = lambda _: None,
    *,
    model: Model | None = None,
    compare: bool = True,
) -> Rebuilt:
    """Build the read models anew from position 0 and put them in the place of the old."""
    served = model or Model()
    beside = Model(BESIDE, served.projections)
    begun = monotonic()
    async with pool.acquire() as connection:
        await _drop_old(connection)
        async with connection.transaction():
            await _prepare(connection, BESIDE)
            upkeep = await _build(connection, log, beside, told)
            old = await _serving(pool, served)
            await _refuse_worse(connection, beside, old)
            same = await _compared(pool, connection, served, beside, old) if compare else {}
            await _swap(connection, upkeep, is_first=not old)
        await _drop_old(connection)
    return Rebuilt(
        position=upkeep.position,
        seconds=monotonic() - begun,
        compared=tuple(same),
        differing=tuple(name for name, is_same in same.items() if not is_same),
    )


async def checked(pool: Pool, log: Log, told: Told = lambda _: None) -> Mapping[str, str]:
    """Build them beside, compare, and throw them away: what differs, with its first row.

    By digests of every version that ever stood. Nothing is changed, and nobody waits.
    """
    served = Model()
    beside = Model(TRIAL, served.projections)
    async with pool.acquire() as connection:
        trial = connection.transaction()
        await trial.start()
        try:
            await _prepare(connection, TRIAL)
            await _build(connection, log, beside, told)
            old = await _serving(pool, served)
            same = await _compared(pool, connection, served, beside, old)
            return {
                name: await _first_difference(connection, served, beside, name, old)
                for name, is_same in same.items()
                if not is_same
            }
        finally:
            await trial.rollback()


async def _first_difference(
    connection: Connection,
    served: Model,
    beside: Model,
    name: str,
    old: Mapping[str, asyncpg.Record],
) -> str:
    for projection, table in served.tables.items():
        if projection.name == name:
            at = min(old[name]["position"], await connection.fetchval(beside.sql(MOMENT)))
            statement = beside.tables[projection].difference(table)
            return await connection.fetchval(statement, at, timeout=PATIENCE_SECONDS) or ""
    return ""


async def _prepare(connection: Connection, schema: str) -> None:
    try:
        await connection.execute(PREPARE.replace("model_next", schema))
    except (asyncpg.LockNotAvailableError, asyncpg.DuplicateSchemaError) as error:
        # The name is taken by a transaction that has not ended: it waits, or it was just faster.
        raise RebuildRunningError("another process is building the read models anew") from error


async def _build(connection: Connection, log: Log, beside: Model, told: Told) -> Upkeep:
    """Everything that is recorded, in new tables with their indexes."""
    begun, head = monotonic(), (await log.head()).position

    def say(stage: str, done: int) -> None:
        rate = done / max(monotonic() - begun, 1e-6)
        told(Progress(stage=stage, done=done, total=max(head, done), rate=rate))

    await beside.create(connection)
    loading = Loading(connection, log, beside)
    await loading.run(lambda done: say("folding", done))
    say("adding up", loading.position)
    for projection, table in beside.tables.items():
        to = loading.fold.reached(projection, loading.position)
        await follow(connection, table, 0, to)
    say("indexing", loading.position)
    await beside.index(connection)
    await beside.stop(connection, loading.fold.stopped)
    await beside.reach(connection, loading.position, loading.recorded_at)
    say("built", loading.position)

    @asynccontextmanager
    async def same() -> AsyncIterator[Connection]:
        yield connection

    upkeep = Upkeep(beside, log, same)
    upkeep.position = loading.position
    return upkeep


async def _serving(pool: Pool, served: Model) -> Mapping[str, asyncpg.Record]:
    """What is known of the read models that now serve; empty if there are none."""
    async with pool.acquire() as connection:
        if await served.state(connection) is State.ABSENT:
            return {}
        return {row["name"]: row for row in await connection.fetch(served.sql(STATES))}


async def _refuse_worse(
    connection: Connection, beside: Model, old: Mapping[str, asyncpg.Record]
) -> None:
    for row in await connection.fetch(beside.sql(STATES)):
        was_live = row["name"] in old and old[row["name"]]["state"] == "LIVE"
        if row["state"] != "LIVE" and was_live:
            raise RebuildStoppedError(f"{row['name']} stops after position {row['position']}")


async def _compared(
    pool: Pool,
    connection: Connection,
    served: Model,
    beside: Model,
    old: Mapping[str, asyncpg.Record],
) -> dict[str, bool]:
    """Of the read models that are declared as before: whether old and new rows are the same."""
    same: dict[str, bool] = {}
    reached = await connection.fetchval(beside.sql(MOMENT))
    for projection in beside.projections:
        before = old.get(projection.name)
        if before is None or before["shape"] != served.shapes[projection.name]:
            continue
        at = min(before["position"], reached)
        now = beside.digests(projection)
        for name, digest in served.digests(projection).items():
            # Two connections, two processors.
            digests = await asyncio.gather(
                pool.fetchrow(digest, at, timeout=PATIENCE_SECONDS),
                connection.fetchrow(now[name], at, timeout=PATIENCE_SECONDS),
            )
            same[name] = digests[0] == digests[1]
    return same


async def _swap(connection: Connection, upkeep: Upkeep, *, is_first: bool) -> None:
    """Take the place of the old, when no reader is in the middle of a statement."""
    if is_first:
        await connection.execute(RENAME_NEW)
        return
    for _ in range(SWAP_TRIES_MAX):
        while await upkeep.step() > LAG_EVENTS_MAX:
            pass
        try:
            async with connection.transaction():
                await connection.execute(CLOSE_THE_DOOR)
                shown = await connection.fetchval(MOMENT)
                while upkeep.position < shown:
                    await upkeep.step()
                await connection.execute(RENAME_OLD)
                await connection.execute(RENAME_NEW)
        except asyncpg.LockNotAvailableError:
            await asyncio.sleep(SWAP_WAIT_SECONDS)
        else:
            return
    raise RebuildWaitedError("readers never left a gap in which to take the place of the old")


async def _drop_old(connection: Connection) -> None:
    """Whoever still reads the old ones may finish; what stays is dropped the next time."""
    for _ in range(SWAP_TRIES_MAX):
        try:
            async with connection.transaction():
                await connection.execute(DROP_OLD)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            await asyncio.sleep(SWAP_WAIT_SECONDS)
        else:
            return
