"""How fast the fund is exported, and that its size is not to be seen in the memory it takes.

    python benchmarks/export.py                       20,000 and 200,000 events
    python benchmarks/export.py --events 1000000

One PostgreSQL of its own, fsync on; each export is the command that a person gives, a process of
its own. `floor` is the command on a table of one row: what Python and its packages take before a
row is read. Lines are events for the log, rows for everything else.
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).parents[1]))

import asyncpg

from benchmarks.history import record
from events.log import Log
from events.migrate import migrate
from projections.rebuild import rebuild
from service.postgres import Postgres

SIZES = (20_000, 200_000)
FORMATS = (
    ("floor", ("ndjson", "--table", "period")),
    ("ndjson, the log", ("ndjson", "--everything")),
    ("ndjson, entries", ("ndjson", "--table", "entry")),
    ("csv, entries", ("csv", "--table", "entry")),
    ("csv, all tables", ("csv",)),
    ("parquet, entries", ("parquet", "--table", "entry")),
    ("parquet, all tables", ("parquet",)),
    ("xlsx, all tables", ("xlsx",)),
)
DONE = re.compile(r"^exported: ([\d,]+) \w+ in", re.MULTILINE)


async def created(postgres: Postgres, events: int) -> str:
    """The name of an empty database."""
    name = f"export_{events}"
    connection = await asyncpg.connect(postgres.url("postgres", "postgres"))
    await connection.execute(f"CREATE DATABASE {name} OWNER socai_owner")  # type: ignore[arg-type]
    await connection.execute(
        f"GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {name} TO socai_service"  # type: ignore[arg-type]
    )
    await connection.close()
    return name


async def filled(owner: str, service: str, events: int) -> None:
    """A history of this length, and its read models."""
    connection = await asyncpg.connect(owner)
    await migrate(connection)
    await record(connection, events)
    await connection.close()
    async with asyncpg.create_pool(service, min_size=2, max_size=4) as pool:
        await rebuild(pool, Log(pool), compare=False)


def fill(owner: str, service: str, events: int) -> None:
    """In a process of its own: a child's peak begins with what its parent holds."""
    command = (sys.executable, __file__, "--fill", owner, service, "--events", str(events))
    subprocess.run(command, check=True)


def exported(url: str, words: Sequence[str], folder: Path) -> tuple[int, float, int, int]:
    """Lines, seconds, peak MB and MB of the file."""
    file = folder / "file"
    command = [sys.executable, "-m", "service", "export", "--format", *words]
    began = monotonic()
    program = subprocess.Popen(
        [*command, "--output", str(file), "--force"],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "SOCAI_DATABASE_URL": url, "TMPDIR": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stderr is not None
    said = program.stderr.read()
    _, status, used = os.wait4(program.pid, 0)
    took = monotonic() - began
    program.returncode = os.waitstatus_to_exitcode(status)
    done = DONE.search(said)
    assert program.returncode == 0, said
    assert done is not None, said
    lines = int(done[1].replace(",", ""))
    return lines, took, used.ru_maxrss // 1024, file.stat().st_size // 2**20


async def table(sizes: Sequence[int]) -> None:
    """Measure, and print."""
    print("| format | events | lines | s | lines/s | peak MB | file MB |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory(prefix="socai-bench-") as folder:
        async with Postgres(Path(folder) / "postgres") as postgres:
            for events in sizes:
                name = await created(postgres, events)
                url, owner = (postgres.url(f"socai_{role}", name) for role in ("service", "owner"))
                fill(owner, url, events)
                for what, words in FORMATS:
                    lines, took, peak, size = exported(url, words, Path(folder))
                    print(
                        f"| {what} | {events:,} | {lines:,} | {took:.1f} | {lines / took:,.0f}"
                        f" | {peak} | {size} |",
                        flush=True,
                    )


def main() -> None:
    """Measure exports of ledgers of some sizes, or make one."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--events", type=int, action="append")
    asked.add_argument("--fill", nargs=2)
    given = asked.parse_args()
    if given.fill:
        asyncio.run(filled(*given.fill, *given.events))
    else:
        asyncio.run(table(given.events or SIZES))


if __name__ == "__main__":
    main()
