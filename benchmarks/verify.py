"""How fast the log is verified from its bytes, and how much memory that takes.

    python benchmarks/verify.py                       on a PostgreSQL of its own, fsync on
    python benchmarks/verify.py --events 100000       a shorter log

Each measurement is a process of its own, so that its memory is its own. Ours reads every body,
hashes it, makes the tree, and holds the leaves, the kept subtrees, every signed root, the columns,
the times and the streams against it. The anchor is the one statement that hashes every body inside
the database: it sends nothing, makes no tree, and looks at nothing but the leaf.
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
from events.migrate import migrate
from events.seal.audit import Trust, audited
from events.seal.memory import Memory
from events.seal.signer import Signer
from service.postgres import Postgres

ORIGIN = "ledger.example/benchmark"
ANCHOR: LiteralString = """
    SELECT count(*) FILTER (WHERE sha256('\\x00'::bytea || body) <> leaf)
    FROM ledger.event
"""
EVENTS: LiteralString = "SELECT position FROM ledger.head"
STREAMS: LiteralString = """
    INSERT INTO ledger.stream (name, version, position)
    SELECT stream, max(version), max(position)
    FROM ledger.event
    GROUP BY stream
"""


async def measured(url: str, what: str, folder: Path) -> dict[str, Any]:
    """One measurement, in this process."""
    memory = Memory(folder)
    connection = await asyncpg.connect(url)
    began, used = monotonic(), process_time()
    if what == "anchor":
        assert await connection.fetchval(ANCHOR) == 0
    else:
        trust = Trust(pinned=[each.verifier for each in memory.signing_keys()])
        found = await audited(connection, trust, lambda _: None)
        last = memory.last_signed()
        assert last is not None
        assert (found.flaws, found.root) == ([], last[0].root), "it is whole, and says so"
    seconds, python = monotonic() - began, process_time() - used
    done = await connection.fetchval(EVENTS)
    await connection.close()
    return {
        "events": done,
        "seconds": seconds,
        "python": python,
        "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


async def _table(sizes: Sequence[int]) -> None:
    print("| what | events | s | events/s | µs Python per event | peak MB |")
    print("|---|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory(prefix="socai-bench-") as name:
        async with Postgres(Path(name) / "data") as postgres:
            for size in sizes:
                folder = Path(name) / f"seal-{size}"
                database = await _prepared(postgres, size, folder)
                url = postgres.url("socai_service", database)
                for what in ("anchor", "audit", "anchor", "audit"):
                    _print(what, _apart(url, what, folder))


async def _prepared(postgres: Postgres, events: int, folder: Path) -> str:
    """A database with a signed log of this length."""
    name = f"verify_{events}"
    connection = await asyncpg.connect(postgres.url("postgres", "postgres"))
    await connection.execute(f"CREATE DATABASE {name} OWNER socai_owner")  # type: ignore[arg-type]
    await connection.execute(
        f"GRANT CONNECT ON DATABASE {name} TO socai_service, socai_signer"  # type: ignore[arg-type]
    )
    await connection.close()
    connection = await asyncpg.connect(postgres.url("socai_owner", name))
    await migrate(connection)
    await record(connection, events)
    await connection.execute(STREAMS)
    await connection.close()
    memory = Memory(folder)
    memory.begin(ORIGIN)
    connection = await asyncpg.connect(postgres.url("socai_signer", name))
    await Signer(connection, memory).look()
    await connection.close()
    return name


def _apart(url: str, what: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--url", url, "--what", what, "--folder", str(folder)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def _print(what: str, found: dict[str, Any]) -> None:
    events, seconds = found["events"], found["seconds"]
    python = found["python"] / events * 1e6
    print(
        f"| {what} | {events:,} | {seconds:.2f} | {events / seconds:,.0f} | {python:.1f}"
        f" | {found['rss']} |",
        flush=True,
    )


def main() -> None:
    """Measure, or be one of the measurements."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--events", type=int, action="append")
    asked.add_argument("--url")
    asked.add_argument("--what")
    asked.add_argument("--folder", type=Path)
    given = asked.parse_args()
    if given.url:
        print(json.dumps(asyncio.run(measured(given.url, given.what, given.folder))))
    else:
        asyncio.run(_table(given.events or (100_000, 1_000_000)))


if __name__ == "__main__":
    main()
