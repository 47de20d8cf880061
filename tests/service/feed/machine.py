"""All that may break: PostgreSQL, the server with its courier, NATS, the wires, the clients.

    async with machine(folder, tmp_path) as built:
        os.kill(built.postgres.pid, signal.SIGKILL)

A server that has ended is started again on the same port, as any supervisor does it.
"""

import asyncio
import base64
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx2

from service.access import keys
from service.cli.output import say
from service.database import OWNER, SERVICE, SUPERUSER, Database, connected, recording
from service.maintenance import migrated
from service.postgres import Postgres
from service.seed import callers
from tests.jetstream import STREAM, Jetstream
from tests.proxy import Proxy
from tests.service.command_line import Running, environment
from tests.service.feed.programs import (
    EXAMPLE,
    Client,
    Program,
    Wish,
    client,
    free_port,
    receiver,
)

WEBHOOK = "kho-bac"
INTEGRATOR = callers.principal("integrator")
COURIER = (f"webhook/{WEBHOOK}", f"nats/{STREAM}")
"""Whom it brings something to."""
REGISTER = (
    'mutation ($id: ID!, $url: String!) { registerWebhook(id: $id, url: $url, after: "0")'
    " { __typename } }"
)
SOME = ("FacilityRegistered", "DisbursementPaid", "MandateConfirmed")
WISHES = (
    Wish(door="socket"),
    Wish(door="sse", types=SOME),
    Wish(door="events", is_public=True),
    Wish(door="pages"),
    Wish(door=EXAMPLE),
)
AGAIN_SECONDS = 0.1
CONNECT_SECONDS_MAX = 5.0
FAILURES_MAX = 1_000
"""PostgreSQL is killed in a row; that is no reason to give it up."""


@dataclass
class Machine:
    """What was built."""

    postgres: Postgres
    database: Proxy
    """The wire to it, of all that work with it."""
    nats: Jetstream
    broker: Proxy
    """The wire to that."""
    server: Program
    clients: Sequence[Client]
    receiver: Client

    @property
    def consumers(self) -> Sequence[Client]:
        """All that write down what they get."""
        return [*self.clients, self.receiver]

    @property
    def couriers(self) -> Sequence[int]:
        """The processes that the server has started to bring things to others."""
        parent = self.server.process.pid if self.server.process else 0
        folders = Path("/proc").glob("[0-9]*")
        return [int(each.name) for each in folders if _is_courier(each, parent)]

    async def behind(self, due: Mapping[str, int]) -> list[str]:
        """Who has not come so far."""
        connection = await asyncpg.connect(self.postgres.url(SERVICE), timeout=CONNECT_SECONDS_MAX)
        try:
            rows = await connection.fetch("SELECT name, position FROM feed.consumer")
        finally:
            connection.terminate()
        far = {each.wish.door: each.cursor for each in self.clients}
        far |= {row["name"]: row["position"] for row in rows}
        return [
            f"{name} at {far.get(name, 0)} of {position}"
            for name, position in due.items()
            if far.get(name, 0) < position
        ]


@asynccontextmanager
async def machine(folder: Path, below: Path) -> AsyncIterator[Machine]:
    """All of it, at work; it ends with the block."""
    async with AsyncExitStack() as stack:
        postgres = Postgres(
            folder, no_sync=True, failures_max=FAILURES_MAX, on_notice=lambda told: say(told.text)
        )
        await stack.enter_async_context(postgres)
        service, owner, root = (postgres.url(each) for each in (SERVICE, OWNER, SUPERUSER))
        await migrated(Database(service_url=service, owner_url=owner, superuser_url=root))
        key = await introduced(service, owner)

        async def wired(url: str) -> Proxy:
            return await stack.enter_async_context(Proxy(url))

        def started(each: Client) -> Client:
            stack.callback(each.program.end)
            each.program.start()
            return each

        database = await wired(postgres.url(SERVICE))
        nats = stack.enter_context(Jetstream(below / "nats"))
        broker = await wired(nats.url)
        port, at = free_port(), free_port()
        hooks = started(receiver(at, await wired(f"http://127.0.0.1:{at}/hooks"), below / "hooks"))
        server = _server(port, below, database.url, broker.url)
        stack.callback(server.end)
        await _ready(server)
        url = f"http://127.0.0.1:{port}"
        await _registered(url, key, hooks.wire.url)
        clients = [
            started(client(each, await wired(url), below / each.door, key)) for each in WISHES
        ]
        keeping = asyncio.create_task(_kept(server))
        stack.callback(keeping.cancel)
        yield Machine(postgres, database, nats, broker, server, clients, hooks)


async def _kept(server: Program) -> None:
    while True:
        if server.has_ended:
            server.start()
        await asyncio.sleep(AGAIN_SECONDS)


async def introduced(service: str, owner: str) -> str:
    """Let somebody in who may follow everything; his key."""
    who = INTEGRATOR
    async with recording(service) as ledger:
        for order in callers.orders():
            if getattr(order.command, "principal", None) == who:
                await ledger.handle(order)
    async with connected(owner) as connection:
        return await keys.create(connection, keys.Terms(principal=who, by="test", days=1))


def _server(port: int, below: Path, database: str, broker: str) -> Program:
    key = below / "webhooks.key"
    key.write_bytes(base64.b64encode(bytes(range(32))))
    told = environment(
        SOCAI_DATABASE_URL=database,
        SOCAI_NATS_URL=broker,
        SOCAI_NATS_WHOLE="on",
        SOCAI_WEBHOOK_KEY_FILE=str(key),
        SOCAI_WEBHOOK_NETWORKS="127.0.0.0/8",
        SOCAI_GRAPHQL_POINTS_PER_MINUTE="0",
        SOCAI_GRAPHQL_POINTS_PER_MINUTE_KEYED="0",
        SOCAI_GRAPHQL_STREAMS_EACH_MAX="1000",  # who was cut off is noticed late
    )
    command = [sys.executable, "-u", "-m", "service", "serve", "--port", str(port)]
    return Program("server", command, below / "server.txt", told)


async def _ready(server: Program) -> None:
    server.start()
    assert server.process is not None
    await asyncio.to_thread(Running(server.process, server.said).ready)


async def _registered(url: str, key: str, receiver: str) -> None:
    async with httpx2.AsyncClient(headers={"authorization": f"Bearer {key}"}) as http:
        asked = {"query": REGISTER, "variables": {"id": WEBHOOK, "url": receiver}}
        answer = (await http.post(f"{url}/graphql", json=asked)).json()
    assert answer == {"data": {"registerWebhook": {"__typename": "WebhookRegistered"}}}


def _is_courier(process: Path, parent: int) -> bool:
    try:
        words = (process / "cmdline").read_bytes()
        told = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return b"service.courier.run" in words and int(told[1]) == parent and told[0] != "Z"
