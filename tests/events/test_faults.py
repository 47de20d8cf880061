"""Nothing acknowledged is lost, doubled or moved, whatever is killed or cut, and whenever.

SOCAI_SOAK multiplies the kills. What must hold after each is in `tests/checkers.py`.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import pytest

from events.appender import APPEND, Appender, LedgerBusyError, OutcomeUnknownError
from events.entry import arguments
from events.follower import Follower, Listener
from events.ledger import Ledger
from events.log import Log
from events.migrate import migrate
from events.period import OpenPeriod
from service.postgres import Postgres
from service.seed.bulk import frame
from tests.checkers import doubled, gaps, stored, violations
from tests.entries import entry
from tests.proxy import Proxy

SOAK = int(os.environ.get("SOCAI_SOAK", "1"))
CUT = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError)
APPENDING = Path(__file__).with_name("appending.py")


class Burst:
    """Writers that never pause, and one subscriber."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, int] = {}
        self.seen: list[int] = []

    async def write(self, appender: Appender, stream: str) -> None:
        """One event after another; what has an unknown outcome is asked again, as it was."""
        version = 0
        while True:
            asked = entry(stream, version, f"{stream}-{version}")
            placed = None
            while placed is None:
                with suppress(OutcomeUnknownError, LedgerBusyError):
                    placed = await appender.append(asked)
            self.acknowledged[f"{stream}-{version}"] = placed.first
            version += 1

    async def watch(self, follower: Follower) -> None:
        """See everything, from the beginning."""
        async for page in follower.follow(0):
            self.seen += [each.position for each in page]

    async def grows(self, by: int) -> None:
        """Wait until so many more are acknowledged."""
        goal = len(self.acknowledged) + by
        await until(lambda: len(self.acknowledged) >= goal)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what must come; the deadline is only for a test that has failed."""
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


@asynccontextmanager
async def bursting(url: str, writers: int = 16) -> AsyncIterator[Burst]:
    """A burst on the log at `url`; at the end the subscriber has caught up."""
    burst = Burst()
    async with (
        asyncpg.create_pool(url, min_size=1, max_size=3) as pool,
        Listener(url) as listener,
        Appender(url) as appender,
    ):
        follower = Follower(Log(pool), listener, poll_s=0.05)
        watching = asyncio.create_task(burst.watch(follower))
        writing = [
            asyncio.create_task(burst.write(appender, f"period-w{number}"))
            for number in range(writers)
        ]
        yield burst
        for each in writing:
            each.cancel()
        await asyncio.gather(*writing, return_exceptions=True)
        await until(lambda: not appender.in_flight)
        # A connection of its own: those of the pool may be dying still.
        fresh = await asyncpg.connect(url)
        head = await fresh.fetchval("SELECT position FROM ledger.head")
        await fresh.close()
        await until(lambda: len(burst.seen) >= head or watching.done())
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def killed_service(url: str, number: str) -> str:
    """What a service said before it was killed in the middle of its work."""
    command = [sys.executable, str(APPENDING), url, number]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        begun = "".join(service.stdout.readline() for _ in range(40))
        time.sleep(random.uniform(0, 0.1))
        service.kill()
        return begun + service.stdout.read()


async def test_killing_the_postmaster_in_a_burst_loses_nothing(folder: Path) -> None:
    async with Postgres(folder, no_sync=True, failures_max=1_000) as postgres:
        owner = await asyncpg.connect(postgres.url("socai_owner"))
        await migrate(owner)
        await owner.close()
        async with bursting(postgres.url("socai_service")) as burst:
            for _ in range(3 * SOAK):
                await burst.grows(50)
                await asyncio.sleep(random.uniform(0, 0.05))
                os.kill(postgres.pid, signal.SIGKILL)
                await burst.grows(50)
        events = await stored(postgres.url("postgres"))
    assert violations(events, burst.acknowledged, [burst.seen]) == []
    assert len(burst.acknowledged) >= 300


async def test_terminated_connections_in_a_burst_lose_nothing(
    database_url: str, superuser_url: str
) -> None:
    root = await asyncpg.connect(superuser_url)
    try:
        async with bursting(database_url) as burst:
            for _ in range(10 * SOAK):
                await burst.grows(20)
                await root.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
    finally:
        await root.close()
    assert violations(await stored(superuser_url), burst.acknowledged, [burst.seen]) == []


async def test_killing_the_service_in_a_burst_loses_nothing(
    database_url: str, superuser_url: str
) -> None:
    """What it had printed as acknowledged is there; what it had not is there once or not at all."""
    acknowledged: dict[str, int] = {}
    for number in range(3 * SOAK):
        said = await asyncio.to_thread(killed_service, database_url, str(number))
        for line in said.splitlines(keepends=True):
            says, _, position = line.rpartition(" ")
            if line.endswith("\n"):
                acknowledged[says] = int(position)
    assert len(acknowledged) > 100
    assert violations(await stored(superuser_url), acknowledged) == []


async def test_cut_replies_double_nothing(database_url: str, superuser_url: str) -> None:
    acknowledged: dict[str, int] = {}
    async with Proxy(database_url) as proxy, Appender(proxy.url) as appender:
        await appender.append(entry("period-x", 0, "0"))
        for version in range(1, 10 * SOAK):
            proxy.swallow()
            placed = await appender.append(entry("period-x", version, str(version)))
            assert placed.repeated, "it had been recorded; only the answer was lost"
            acknowledged[str(version)] = placed.first
    assert proxy.cuts == len(acknowledged)
    assert violations(await stored(superuser_url), acknowledged) == []


async def test_who_asked_once_is_not_told_of_a_repetition(
    database_url: str, pool: asyncpg.Pool
) -> None:
    """The ledger asked twice, because the first answer was cut; its caller did not."""
    async with Proxy(database_url) as proxy, Appender(proxy.url) as appender:
        ledger = Ledger(Log(pool), appender)
        period, other = (order for order in frame() if isinstance(order.command, OpenPeriod))
        await ledger.handle(period)
        proxy.swallow()
        receipt = await ledger.handle(other)
        assert proxy.cuts == 1
        assert (receipt.position, receipt.repeated) == (2, False)
        assert (await ledger.handle(other)).repeated


async def test_a_wire_that_has_gone_dead_is_given_up(database_url: str, superuser_url: str) -> None:
    """Half open: no answer, no error. The call has a deadline, and the same id is asked again."""
    async with Proxy(database_url) as proxy, Appender(proxy.url, call_s=0.3) as appender:
        await appender.append(entry("period-x", 0, "0"))
        proxy.stall()
        waiting = asyncio.ensure_future(appender.append(entry("period-x", 1, "1")))
        await until(lambda: appender._connection is None)
        proxy.resume()
        assert (await waiting).first == 2
    assert violations(await stored(superuser_url), {"0": 1, "1": 2}) == []


@pytest.mark.parametrize("keeps_id", [True, False])
async def test_without_a_command_id_the_same_cuts_do_double(
    database_url: str, superuser_url: str, *, keeps_id: bool
) -> None:
    """The teeth of the two above: a client that asks anew records anew, and is caught."""
    async with Proxy(database_url) as proxy:
        asked = entry("period-x", 0, "once")
        for attempt in range(2):
            connection = await asyncpg.connect(proxy.url)
            version = await connection.fetchval("SELECT count(*) FROM ledger.event")
            if not keeps_id:
                asked = entry("period-x", version, "once")
            call = await connection.prepare(APPEND)
            if attempt == 0:
                proxy.swallow()
                with pytest.raises(CUT):
                    await call.fetch(*arguments([asked]))
            else:
                await call.fetch(*arguments([asked]))
            connection.terminate()
    events = await stored(superuser_url)
    assert gaps(events) == []
    assert bool(doubled(events)) is not keeps_id
