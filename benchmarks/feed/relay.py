"""How fast the relay brings a log to JetStream, and what the courier costs while nothing happens.

    python -m benchmarks.feed.relay [EVENTS]

A PostgreSQL and a nats-server of its own; the courier runs as it does in production, in a process
of its own. Everything is relayed, from an empty stream. Needs nats-server.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from events.appender import Appender
from events.migrate import migrate
from service.database import OWNER, SERVICE, connected
from service.postgres import Postgres
from tests.entries import entry
from tests.jetstream import Jetstream, count

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
LINES = 100
IDLE_SECONDS = 20.0
TICKS = os.sysconf("SC_CLK_TCK")


async def filled(url: str) -> None:
    """A log of so many events."""
    async with Appender(url) as appender:
        for start in range(0, EVENTS // LINES, 50):
            entries = range(start, min(start + 50, EVENTS // LINES))
            await asyncio.gather(
                *(appender.append(entry(f"period-{each}", lines=LINES)) for each in entries)
            )


def megabytes(pid: int) -> float:
    """What a process holds in memory."""
    told = Path(f"/proc/{pid}/status").read_text()
    return int(told.split("VmRSS:")[1].split()[0]) / 1024


def cpu_seconds(pid: int) -> float:
    """What a process has used of a processor."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICKS


async def relayed(url: str, server: Jetstream) -> None:
    """Start a courier, wait until all is there, then look at it while nothing happens."""
    told = {**os.environ, "SOCAI_DATABASE_URL": url, "SOCAI_NATS_URL": server.url}
    with subprocess.Popen(  # noqa: ASYNC220 - nothing else is done meanwhile
        [sys.executable, "-m", "service", "courier"], env=told | {"SOCAI_NATS_WHOLE": "on"}
    ) as courier:
        try:
            while not await count(server.url):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
            held: list[tuple[int, float]] = []
            began, used = time.perf_counter(), cpu_seconds(courier.pid)
            while (there := await count(server.url)) < EVENTS:
                held.append((there, megabytes(courier.pid)))
                await asyncio.sleep(0.1)
            seconds = time.perf_counter() - began
            print(f"relayed {EVENTS:,} events in {seconds:.1f} s: {EVENTS / seconds:,.0f}/s")
            print(f"  processor of the courier: {cpu_seconds(courier.pid) - used:.1f} s")
            for part in (0.1, 0.5, 0.9):
                there, memory = next(each for each in held if each[0] >= part * EVENTS)
                print(f"  memory at {there:>9,}: {memory:.0f} MB")
            used = cpu_seconds(courier.pid)
            await asyncio.sleep(IDLE_SECONDS)
            idle = (cpu_seconds(courier.pid) - used) / IDLE_SECONDS
            print(f"  idle: {megabytes(courier.pid):.0f} MB, {100 * idle:.2f} % of a processor")
        finally:
            courier.terminate()


async def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as folder, Jetstream(Path(folder) / "nats") as server:
        async with Postgres(Path(folder) / "socai") as postgres:
            async with connected(postgres.url(OWNER)) as owner:
                await migrate(owner)
            await filled(postgres.url(SERVICE))
            await relayed(postgres.url(SERVICE), server)


if __name__ == "__main__":
    asyncio.run(main())
