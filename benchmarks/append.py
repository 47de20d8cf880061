"""How many events a second are recorded durably, beside pgbench and the best-known Python library.

    python benchmarks/append.py [SECONDS]

One PostgreSQL of its own, fsync on; all contestants in turn, three rounds, medians. Ours twice:
real commands through `Ledger` (rules, neighbours, canonical bytes), and bare entries through
`Appender`, which is what the others do. Theirs at their best: pgbench inserts one row per
transaction, prepared, with no check but its indexes; `eventsourcing` writes through its recorder,
without aggregates, in its ordered mode.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from itertools import count, islice
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

import asyncpg
import uvloop

from benchmarks.peers import TABLE, Sample, eventsourcing, pgbench
from events.appender import Appender
from events.entry import Entry
from events.ledger import Ledger
from events.log import Log
from events.migrate import migrate
from service.postgres import Postgres, binaries
from service.postgres.account import Account
from service.seed import bulk
from tests.entries import entry

CALLERS = (1, 8, 32, 128)
ROUNDS = 3
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
FACILITIES = 2_000
SEED = 1
COMMANDS_MAX = 30_000  # a second: more than can be carried out, made before the clock starts
CONTESTANTS = ("commands", "entries", "pgbench", "eventsourcing")


async def commands(url: str, callers: int, seconds: float, schemes: Iterator[int]) -> Sample:
    """Schemes from proposal to settlement, each caller his own, one event for each command."""
    waits: list[float] = []
    made = 1 + int(COMMANDS_MAX * seconds / bulk.EVENTS_PER_SCHEME / max(callers, 8))
    chains = [
        [order for _ in range(made) for order in bulk.scheme(SEED, next(schemes), FACILITIES)]
        for _ in range(callers)
    ]
    async with asyncpg.create_pool(url) as pool, Appender(url) as appender:
        ledger = Ledger(Log(pool), appender)
        start = time.perf_counter()

        async def call(orders: bulk.Chain) -> None:
            for order in orders:
                began = time.perf_counter()
                if began - start > seconds:
                    break
                await ledger.handle(order)
                waits.append(time.perf_counter() - began)

        await asyncio.gather(*map(call, chains))
        return Sample.of(waits, time.perf_counter() - start)


async def entries(url: str, callers: int, seconds: float, streams: Iterator[int]) -> Sample:
    """Single events without rules, made before the clock starts, a new stream every ten."""
    waits: list[float] = []
    made = 1 + int(COMMANDS_MAX * seconds / 10 / max(callers, 8))
    says = "Giai đoạn minh họa " * 12
    ready = [
        [
            entry(f"period-bench-{stream}", version, says)
            for stream in islice(streams, made)
            for version in range(10)
        ]
        for _ in range(callers)
    ]
    async with Appender(url) as appender:
        start = time.perf_counter()

        async def call(mine: list[Entry]) -> None:
            for each in mine:
                began = time.perf_counter()
                if began - start > seconds:
                    break
                await appender.append(each)
                waits.append(time.perf_counter() - began)

        await asyncio.gather(*map(call, ready))
        return Sample.of(waits, time.perf_counter() - start)


async def prepare(postgres: Postgres, url: str) -> None:
    """The log, what all schemes need, and the peers' tables."""
    owner = await asyncpg.connect(postgres.url("socai_owner"))
    await migrate(owner)
    await owner.close()
    root = await asyncpg.connect(postgres.url("postgres"))
    await root.execute(TABLE)
    await root.close()
    async with asyncpg.create_pool(url) as pool, Appender(url) as appender:
        ledger = Ledger(Log(pool), appender)
        for order in bulk.frame():
            await ledger.handle(order)
        needed = (bulk.facility(SEED, number)[0] for number in range(FACILITIES))
        await asyncio.gather(*map(ledger.handle, needed))


async def measure(postgres: Postgres) -> dict[tuple[str, int], list[Sample]]:
    """Every contestant at every number of callers, in turn."""
    url, root = postgres.url("socai_service"), postgres.url("postgres")
    await prepare(postgres, url)
    print(f"Memory after {FACILITIES:,} commands: {resident_mb():.0f} MB.\n")
    program = binaries.find(Account.current()).program("pgbench")
    schemes, streams = count(), count()
    found: dict[tuple[str, int], list[Sample]] = {}
    for callers in CALLERS:
        for _ in range(ROUNDS):
            peers = (partial(pgbench, program), eventsourcing)
            samples = [
                await commands(url, callers, SECONDS, schemes),
                await entries(url, callers, SECONDS, streams),
                *[await asyncio.to_thread(peer, root, callers, SECONDS) for peer in peers],
            ]
            for name, sample in zip(CONTESTANTS, samples, strict=True):
                found.setdefault((name, callers), []).append(sample)
            rates = ", ".join(f"{sample.rate:,.0f}" for sample in samples)
            print(f"{callers} callers: {rates}", file=sys.stderr)
    return found


def table(found: dict[tuple[str, int], list[Sample]]) -> Iterator[str]:
    """Markdown: medians, and ours as a multiple of theirs."""
    yield "| callers | commands | entries | pgbench | eventsourcing | × pgbench | × library |"
    yield "|--:|--:|--:|--:|--:|--:|--:|"
    for callers in CALLERS:
        cells: list[str] = []
        rates: dict[str, float] = {}
        for name in CONTESTANTS:
            samples = found[name, callers]
            rates[name] = median(each.rate for each in samples)
            p50 = median(each.p50_ms for each in samples)
            p99 = median(each.p99_ms for each in samples)
            cells.append(f"{rates[name]:,.0f} ({p50:.1f} / {p99:.1f})")
        ours = rates["entries"]
        ratios = (f"{ours / rates[peer]:.1f}" for peer in ("pgbench", "eventsourcing"))
        yield f"| {callers} | {' | '.join([*cells, *ratios])} |"


def resident_mb() -> float:
    """The memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


async def main() -> None:
    """Print the table that README quotes."""
    with tempfile.TemporaryDirectory() as folder:
        async with Postgres(Path(folder) / "socai") as postgres:
            found = await measure(postgres)
    print("Events a second, recorded durably (p50 / p99 ms); ratios of `entries`.\n")
    print("\n".join(table(found)))


if __name__ == "__main__":
    uvloop.run(main())
