"""The courier at work: what the ledger brings to others, in one process beside the server.

await run(config, url)       # for ever; the elected one works, others stand by

Webhooks, and the relay to NATS. It keeps nothing in memory that matters: the cursor of each
consumer is in the database.
"""

import asyncio
import logging
import os
import signal

import asyncpg
import uvloop

from events.follower import Follower, Listener
from events.log import Log
from events.seal.kept import Seal
from events.seal.newest import Newest
from schema.feed.feed import Feed
from service.access.door import FrontDoor
from service.access.tokens import Tokens
from service.config import Config
from service.courier.delivering import Deliverer
from service.courier.elected import alone
from service.parent import leave_with
from service.pools import POOL_CONNECTIONS_MAX, reading

SAID = "  courier: %(message)s"


def has_something(config: Config) -> bool:
    """Whether there may be anything to bring to anybody."""
    return config.broker.is_wanted or config.webhooks.key_file is not None


async def run(config: Config, url: str) -> None:
    """Bring what there is to bring, for ever; alone among all that run on this database."""

    async def work() -> None:
        async with reading(url, POOL_CONNECTIONS_MAX) as pool, Listener(url) as listener:
            log = Log(pool)
            newest = Newest(Seal(log))
            feed = Feed(Follower(log, listener), log, pool, newest)
            async with asyncio.TaskGroup() as group:
                group.create_task(newest.run(), name="newest")
                _deliver(group, config, pool, feed)
                _relay(group, config, pool, feed)

    await alone(url, work)


def _deliver(group: asyncio.TaskGroup, config: Config, pool: asyncpg.Pool, feed: Feed) -> None:
    if config.webhooks.key_file is None:
        return
    key, door = config.webhooks.key(None), FrontDoor(pool, Tokens(config.oidc_issuers))
    deliverer = Deliverer(pool, feed, door, key, config.webhooks)
    group.create_task(deliverer.run(), name="webhooks")


def _relay(group: asyncio.TaskGroup, config: Config, pool: asyncpg.Pool, feed: Feed) -> None:
    if not config.broker.is_wanted:
        return
    from service.courier.relaying import Relay  # noqa: PLC0415 - it needs what not all have

    group.create_task(Relay(feed, pool, config.broker).run(), name="relay")


async def until_told(config: Config, url: str) -> None:
    """Run until SIGTERM or SIGINT."""
    working = asyncio.ensure_future(run(config, url))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, working.cancel)
    try:
        await working
    except asyncio.CancelledError:
        logging.getLogger("socai.courier").info("told to leave")


def main(parent: int) -> None:
    """As the child of a server, which says by SOCAI_DATABASE_URL where the log is."""
    leave_with(parent)
    logging.basicConfig(level=logging.INFO, format=SAID)
    config = Config.from_env(os.environ)
    uvloop.run(until_told(config, os.environ["SOCAI_DATABASE_URL"]))
