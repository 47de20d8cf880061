"""Everything one process works with, opened in order and closed in the opposite one.

    async with running(url) as runtime:
        app = application(runtime)

Pools are closed before whoever runs PostgreSQL may stop it: this block is inside that one.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import asyncpg

from events.appender import Appender
from events.follower import Follower, Listener
from events.ledger import Ledger
from events.log import Log
from events.seal.kept import Seal
from events.seal.newest import Newest
from projections.projector import Projector
from schema.access.door import Door
from schema.feed.feed import Feed
from schema.webhooks.desk import Desk
from service.access.door import FrontDoor
from service.access.issuers import Issuer
from service.access.tokens import Tokens
from service.consumers.desk import WebhookDesk
from service.pools import ANSWER_SECONDS_MAX, POOL_CONNECTIONS_MAX, answering, reading
from service.watch import Watch
from service.webhooks import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What a request may use."""

    pool: asyncpg.Pool
    reads: asyncpg.Pool
    """For questions: connections that may only read, and only for so long."""
    log: Log
    ledger: Ledger
    seal: Seal
    follower: Follower
    feed: Feed
    projector: Projector
    newest: Newest
    """Who knows the newest checkpoint."""
    watch: Watch
    door: Door
    """Who knows the callers."""
    desk: Desk
    """Where webhooks are registered."""
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when this process is about to leave: it is no longer ready, but answers to the end."""
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it leaves: whoever listens has to go and come back elsewhere."""


@asynccontextmanager
async def running(
    url: str,
    *,
    projecting: bool = True,
    answer_seconds_max: float = ANSWER_SECONDS_MAX,
    issuers: Sequence[Issuer] = (),
    webhook_key: bytes | None = None,
    webhook_networks: Sequence[Network] = (),
) -> AsyncIterator[Runtime]:
    """The runtime of this process, for the length of the block.

    A command that only records does not keep the read models up: `projecting=False`. Without a
    `webhook_key` no webhook is registered.
    """
    async with (
        reading(url, POOL_CONNECTIONS_MAX) as pool,
        answering(url, answer_seconds_max) as reads,
        Appender(url) as appender,
    ):
        log = Log(pool)
        seal = Seal(log)
        async with following(url, log) as follower:
            newest, projector = Newest(seal), Projector(pool, log)
            runtime = Runtime(
                pool=pool,
                reads=reads,
                log=log,
                ledger=Ledger(log, appender),
                seal=seal,
                follower=follower,
                feed=Feed(follower, log, reads, newest, projector),
                projector=projector,
                newest=newest,
                watch=Watch(pool),
                door=FrontDoor(pool, Tokens(issuers)),
                desk=WebhookDesk(pool, webhook_key, webhook_networks),
            )
            async with _projecting(runtime, wanted=projecting):
                yield runtime


@asynccontextmanager
async def following(url: str, log: Log) -> AsyncIterator[Follower]:
    """A follower with a listening connection of its own."""
    async with Listener(url) as listener:
        yield Follower(log, listener)


@asynccontextmanager
async def _projecting(runtime: Runtime, *, wanted: bool) -> AsyncIterator[None]:
    """Keep the read models up with the log, and an eye on the database, in the background."""
    if not wanted:
        yield
        return
    await runtime.projector.prepare()
    await runtime.watch.look()
    tasks = (
        asyncio.create_task(runtime.projector.run(runtime.follower), name="projector"),
        asyncio.create_task(runtime.newest.run(), name="newest"),
        asyncio.create_task(runtime.watch.run(), name="watch"),
    )
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
