"""How fast the read models are made anew, and the fund is replayed; how much memory it takes.

    python benchmarks/rebuild.py                      on a PostgreSQL of its own, fsync on
    python benchmarks/rebuild.py --events 100000      a shorter log

Each measurement is a process of its own, so that its memory is its own. The anchor is what nobody
can do for less on this machine: one SQL statement over the bodies that adds up every commitment. It
makes one table of fourteen, and no versions; its sums must equal ours.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import monotonic, process_time
from typing import Any, LiteralString

sys.path.insert(0, str(Path(__file__).parents[1]))

import asyncpg

from benchmarks.history import record
from events.log import Log
from events.migrate import migrate
from projections.rebuild import rebuild
from projections.replay import replay
from service.postgres import Postgres

ANCHOR: LiteralString = """
    CREATE TABLE pg_temp.anchor AS
    SELECT data ->> 'schemeId' AS scheme_id,
           data ->> 'commitmentId' AS commitment_id,
           coalesce(sum((data ->> 'amount')::bigint) FILTER (
               WHERE type = 'SupportCommitted'), 0) AS committed,
           coalesce(sum((data ->> 'amount')::bigint) FILTER (
               WHERE type IN ('CommitmentReduced', 'CommitmentCancelled')), 0) AS taken_back,
           coalesce(sum((data ->> 'amount')::bigint) FILTER (
               WHERE type = 'AdvancePaid'), 0) AS advanced,
           coalesce(sum((data ->> 'amount')::bigint) FILTER (
               WHERE type = 'DisbursementPaid'), 0) AS disbursed,
           coalesce(sum((data ->> 'amount')::bigint) FILTER (
               WHERE type = 'PaymentReversed'), 0) AS reversed
    FROM (SELECT type, convert_from(body, 'UTF8')::jsonb -> 'data' AS data
          FROM ledger.event) AS e
    WHERE data ? 'commitmentId'
    GROUP BY 1, 2
"""
UNLIKE: LiteralString = """
    SELECT count(*)
    FROM pg_temp.anchor AS a
    FULL JOIN (SELECT * FROM model.commitment
               WHERE until = 9223372036854775807 AND valid_to = 'infinity') AS c
      USING (scheme_id, commitment_id)
    WHERE (a.committed, a.taken_back, a.advanced, a.disbursed, a.reversed)
       IS DISTINCT FROM (c.committed, c.taken_back, c.advanced, c.disbursed, c.reversed)
"""


async def measured(url: str, what: str) -> dict[str, Any]:
    """One measurement, in this process."""
    async with asyncpg.create_pool(url, min_size=2, max_size=6) as pool:
        log, began, used = Log(pool), monotonic(), process_time()
        if what == "replay":
            done = (await replay(log)).position
        elif what == "anchor":
            done = await _anchor(pool)
        else:
            done = (await rebuild(pool, log, compare=what == "rebuild, compared")).position
        return {
            "events": done,
            "seconds": monotonic() - began,
            "python": process_time() - used,
            "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


async def _anchor(pool: "asyncpg.Pool[asyncpg.Record]") -> int:
    async with pool.acquire() as connection:
        await connection.execute(ANCHOR)
        if await connection.fetchval("SELECT to_regclass('model.commitment') IS NOT NULL"):
            assert await connection.fetchval(UNLIKE) == 0, "the read model is not what SQL adds up"
        return int(await connection.fetchval("SELECT position FROM ledger.head"))


async def _table(sizes: Sequence[int]) -> None:
    print("| what | events | s | events/s | µs Python per event | peak MB |")
    print("|---|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory(prefix="socai-bench-") as folder:
        async with Postgres(Path(folder)) as postgres:
            for size in sizes:
                database = await _prepared(postgres, size)
                for what in ("anchor", "rebuild", "rebuild, compared", "anchor", "replay"):
                    _print(what, _apart(postgres.url("socai_service", database), what))


async def _prepared(postgres: Postgres, events: int) -> str:
    """A database with a log of this length."""
    name = f"rebuild_{events}"
    connection = await asyncpg.connect(postgres.url("postgres", "postgres"))
    await connection.execute(f"CREATE DATABASE {name} OWNER socai_owner")  # type: ignore[arg-type]
    await connection.execute(
        f"GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {name} TO socai_service"  # type: ignore[arg-type]
    )
    await connection.close()
    connection = await asyncpg.connect(postgres.url("socai_owner", name))
    await migrate(connection)
    await record(connection, events)
    await connection.close()
    return name


def _apart(url: str, what: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--url", url, "--what", what]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def _print(what: str, found: dict[str, Any]) -> None:
    events, seconds = found["events"], found["seconds"]
    python = found["python"] / events * 1e6
    print(
        f"| {what} | {events:,} | {seconds:.1f} | {events / seconds:,.0f} | {python:.1f}"
        f" | {found['rss']} |",
        flush=True,
    )


def main() -> None:
    """Measure, or be one of the measurements."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--events", type=int, action="append")
    asked.add_argument("--url")
    asked.add_argument("--what")
    given = asked.parse_args()
    if given.url:
        print(json.dumps(asyncio.run(measured(given.url, given.what))))
    else:
        asyncio.run(_table(given.events or (100_000, 1_000_000)))


if __name__ == "__main__":
    main()
