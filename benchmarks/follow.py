"""How soon a subscriber has what was acknowledged, with 1 and with 200 of them.

    python benchmarks/follow.py [SECONDS]

One PostgreSQL of its own, fsync on. Events arrive at a steady rate whether or not the last one is
through; writer and subscribers live in one process, as in the service. Measured from the moment the
appender's caller goes on to the moment each subscriber holds the event.
"""

import asyncio
import sys
import tempfile
import time
from array import array
from contextlib import aclosing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import asyncpg
import uvloop

from events.appender import Appender
from events.follower import Follower, Listener
from events.log import Log
from events.migrate import migrate
from service.postgres import Postgres
from tests.entries import entry

SUBSCRIBERS = (1, 200)
RATE = 1_000
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0


async def delays(url: str, subscribers: int) -> list[float]:
    """Seconds from acknowledgement to each subscriber, for every event and subscriber."""
    total = int(RATE * SECONDS)
    acknowledged: dict[int, float] = {}
    waits = array("d")  # a million Python objects would make the collector part of the figure
    async with (
        asyncpg.create_pool(url) as pool,
        Listener(url) as listener,
        Appender(url) as appender,
    ):
        log = Log(pool)
        follower, start = Follower(log, listener), (await log.head()).position

        ready = 0

        async def subscribe() -> None:
            nonlocal ready
            after = start
            async with aclosing(follower.follow(start)) as pages:
                async for page in pages:
                    now = time.perf_counter()
                    for each in page:
                        assert each.position == after + 1
                        after = each.position
                        # Whoever has it before its own writer waited for nothing.
                        waits.append(now - acknowledged.get(after, now))
                    ready += after == start + 1
                    if after == start + 1 + total:
                        return

        async def write(number: int) -> None:
            placed = await appender.append(entry(f"period-f{subscribers}-{number}"))
            acknowledged[placed.first] = time.perf_counter()

        async with asyncio.TaskGroup() as group:
            for _ in range(subscribers):
                group.create_task(subscribe())
            await write(-1)
            while ready < subscribers:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
            waits = array("d")
            began = time.perf_counter()
            for number in range(total):
                await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
                group.create_task(write(number))
    assert len(waits) == subscribers * total
    return sorted(waits)


async def main() -> None:
    """Print the table that README quotes."""
    print(f"From acknowledgement to subscriber at {RATE:,} events/s, ms.\n")
    print("| subscribers | p50 | p99 | worst |\n|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        async with Postgres(Path(folder) / "socai") as postgres:
            owner = await asyncpg.connect(postgres.url("socai_owner"))
            await migrate(owner)
            await owner.close()
            for subscribers in SUBSCRIBERS:
                found = await delays(postgres.url("socai_service"), subscribers)
                picked = (found[int(len(found) * part)] for part in (0.5, 0.99))
                shown = (f"{1000 * each:.1f}" for each in (*picked, found[-1]))
                print(f"| {subscribers} | {' | '.join(shown)} |")


if __name__ == "__main__":
    uvloop.run(main())
