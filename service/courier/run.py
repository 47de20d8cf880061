"""The courier at work: what the ledger brings to others, in one process beside the server.

await run(config, url)       # for ever; the elected one works, others stand by

It keeps nothing in memory that matters: each consumer's cursor is in the database.
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
from service.config import Config
from service.courier.elected import alone
from service.parent import leave_with
from service.pools import reading

CONNECTIONS_MAX = 4
SAID = "  courier: %(message)s"
POLL_SECONDS = 5.0
"""The database hints at growth; a lost hint may cost a consumer so long."""


def has_something(config: Config) -> bool:
    """Whether there is anything to bring to anybody: without it, no courier is started."""
    return config.broker.is_wanted


async def run(config: Config, url: str) -> None:
    """Bring what there is to bring, for ever; alone among all that run on this database."""

    async def work() -> None:
        async with reading(url, CONNECTIONS_MAX) as pool, Listener(url) as listener:
            log = Log(pool)
            follower = Follower(log, listener, poll_s=POLL_SECONDS)
            feed = Feed(follower, log, pool, Newest(Seal(log)))
            await _brought(config, feed, pool)

    await alone(url, work)


async def _brought(config: Config, feed: Feed, pool: asyncpg.Pool) -> None:
    async with asyncio.TaskGroup() as group:
        if config.broker.is_wanted:
            # Who relays nothing does not have the client of NATS.
            from service.courier.relaying import Relay  # noqa: PLC0415

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
