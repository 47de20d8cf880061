"""Webhooks in tests: registered by hand, delivered by a Deliverer that is in a hurry.

await registered(fund, receiver, principal=AUDITOR, after=500)
async with delivering(fund): ...
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_network
from typing import Any

import asyncpg

from events.mandate import PrincipalId
from schema.feed.audience import Audience
from schema.feed.filters import EVERYTHING, Filter
from service.access.door import FrontDoor
from service.consumers.cursors import Cursor, State, cursors
from service.courier.delivering import Deliverer
from service.courier.means import Tempo
from service.runtime import Runtime
from service.seed.callers import principal
from service.webhooks import Webhooks, secret, written
from tests.service.courier.receiver import Receiver

KEY = bytes(range(32))
SETTINGS = Webhooks(networks=(ip_network("127.0.0.0/8"),), origin="so-cai.example")
AUDITOR = principal("auditor")
"""Sees everything."""
OPERATOR = principal("operator")
"""Sees what is published, and Ninh Bình."""
NOBODY = "nobody-of-ours"
NAME = "kho-bac"


def hurried(failures: int = 0) -> float:
    """How long a test waits between two attempts."""
    return 0.02


TEMPO = Tempo(wake_s=0.05, pause=hurried, failures_max=4, bug_s=0.1)


def secret_of(name: str = NAME, generation: int = 1) -> str:
    """What its receiver was given."""
    return written(secret(KEY, name, generation))


async def registered(
    runtime: Runtime,
    receiver: Receiver,
    *,
    name: str = NAME,
    after: int = 0,
    principal: str = AUDITOR,
    wanted: Filter = EVERYTHING,
    proofs: bool = False,
    is_granted: bool = True,
) -> str:
    """A webhook, as the desk would have registered it; the name of its cursor."""
    async with runtime.pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "INSERT INTO feed.consumer (name, position, state) VALUES ($1, $2, $3)",
            f"webhook/{name}",
            after,
            "LIVE" if is_granted else "PENDING",
        )
        await connection.execute(
            "INSERT INTO feed.endpoint (id, principal, url, filter, proofs, granted_at)"
            " VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN clock_timestamp() END)",
            name,
            principal,
            receiver.url,
            json.dumps(wanted.told()),
            proofs,
            is_granted,
        )
    return f"webhook/{name}"


@asynccontextmanager
async def delivering(runtime: Runtime, tempo: Tempo = TEMPO) -> AsyncGenerator[None]:
    """Deliver for the length of the block; then it ends as a process does that is killed."""
    assert isinstance(runtime.door, FrontDoor)
    deliverer = Deliverer(runtime.pool, runtime.feed, runtime.door, KEY, SETTINGS, tempo=tempo)
    task = asyncio.create_task(deliverer.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def head(runtime: Runtime) -> int:
    """Where the log ends."""
    return (await runtime.log.head()).position


async def cursor(runtime: Runtime, name: str = NAME) -> Cursor:
    """How far it is."""
    (found,) = await cursors(runtime.pool, f"webhook/{name}")
    return found


async def standing(
    runtime: Runtime,
    *,
    position: int | None = None,
    state: State = State.LIVE,
    name: str = NAME,
    seconds: float = 60.0,
) -> Cursor:
    """Until it stands there, and so."""
    async with asyncio.timeout(seconds):
        while True:
            found = await cursor(runtime, name)
            if found.state is state and position in {None, found.position}:
                return found
            await asyncio.sleep(0.02)


async def attempts(runtime: Runtime, name: str = NAME) -> Sequence[asyncpg.Record]:
    """What was written down, the first attempt first."""
    statement = "SELECT * FROM feed.delivery WHERE endpoint = $1 ORDER BY id"
    return await runtime.pool.fetch(statement, name)


async def tried(runtime: Runtime, count: int) -> Sequence[asyncpg.Record]:
    """What was written down, as soon as it is so much."""
    async with asyncio.timeout(60):
        while True:
            rows = await attempts(runtime)
            if len(rows) >= count:
                return rows
            await asyncio.sleep(0.02)


async def satisfied(runtime: Runtime) -> None:
    """Until nobody waits any more for an event to be sent once more."""
    waiting = "SELECT count(*) FROM feed.redelivery WHERE done_at IS NULL"
    async with asyncio.timeout(60):
        while True:
            if not await runtime.pool.fetchval(waiting):
                return
            await asyncio.sleep(0.02)


async def changed(runtime: Runtime, what: str, *values: Any, name: str = NAME) -> None:
    """The endpoint, with something of it changed."""
    await runtime.pool.execute(f"UPDATE feed.endpoint SET {what} WHERE id = $1", name, *values)


async def wished(runtime: Runtime, position: int, name: str = NAME) -> None:
    """An event is to be sent once more."""
    statement = "INSERT INTO feed.redelivery (endpoint, position, asked_by) VALUES ($1, $2, 'lan')"
    await runtime.pool.execute(statement, name, position)


async def audience_of(runtime: Runtime, who: str) -> Audience:
    """What somebody may see today."""
    assert isinstance(runtime.door, FrontDoor)
    return Audience.of(await runtime.door.known(PrincipalId(who)))


async def seen(runtime: Runtime, audience: Audience, wanted: Filter = EVERYTHING) -> list[int]:
    """The positions of all events that somebody wants and may see."""
    page = await runtime.feed.read(0, 10_000)
    return [each.position for each in await runtime.feed.shown(page, wanted, audience)]
