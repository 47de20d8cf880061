"""`socai serve`: answer on a port until told to leave."""

import asyncio
import socket
from collections.abc import Coroutine
from dataclasses import replace
from typing import Annotated, Any

from cyclopts import Parameter

from events.migrate import pending
from service.cli.common import DataFolder, Port, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import say
from service.config import Config
from service.courier.child import couriered
from service.database import Database, connected, database
from service.maintenance import migrated
from service.port import bind, url
from service.postgres import Notice, server_version_check
from service.sealing.child import sealed
from service.server import serve as serve_alone
from service.verifying.night import verifying
from service.webhooks import KEY_FILE
from service.workers import Workers


def serve(
    *,
    host: Annotated[str | None, Parameter(help="[env: SOCAI_HOST; 127.0.0.1]")] = None,
    port: Port = None,
    workers: Annotated[int | None, Parameter(help="[env: SOCAI_WORKERS; 1]")] = None,
    data: DataFolder = None,
) -> None:
    """Serve GraphQL until SIGTERM, then drain: finish what is in flight and leave.

    With SOCAI_DATABASE_URL it migrates nothing; `socai migrate apply` does. With its own
    PostgreSQL it does.
    """
    config = settings(host=host, port=port, workers=workers, data=data)
    with bind(config.host, config.port) as taken:
        run(_serve(config, taken))


async def _serve(config: Config, taken: socket.socket) -> None:
    async with database(config, on_notice=notice) as found:
        await prepared(found)
        say(f"Socai answers at {url(taken)}/graphql ({config.workers} worker(s))")
        say(f"  data: {place(config, found)}")
        if found.own is not None:
            found.own.announce(url(taken))
        await beside(found, _answering(keyed(config, found), found, taken))


async def _answering(config: Config, found: Database, taken: socket.socket) -> None:
    where = found.service_url
    async with (
        sealed(config, found, say),
        verifying(config, where, say),
        couriered(config, where, say),
    ):
        if config.workers > 1:
            await Workers(config, where, taken).serve()
        else:
            await serve_alone(where, taken, config)


def keyed(config: Config, found: Database) -> Config:
    """With our own PostgreSQL we have a key for webhooks as well; otherwise somebody has to say."""
    if found.own is None or config.webhooks.key_file is not None:
        return config
    config.webhooks.key(config.data)
    return replace(
        config, webhooks=replace(config.webhooks, key_file=config.data.absolute() / KEY_FILE)
    )


async def prepared(found: Database) -> None:
    """Migrate our own database; of one that we were given, ask that somebody has."""
    if found.own is not None:
        for name in await migrated(found):
            say(f"  migrated: {name}")
        return
    async with connected(found.service_url) as connection:
        server_version_check(connection)
        missing = await pending(connection)
    if missing:
        raise Stop(
            Exit.NEGATIVE,
            f"the database lacks {len(missing)} migration(s): {', '.join(missing)}",
            then="socai migrate apply",
        )


async def beside(found: Database, serving: Coroutine[Any, Any, object]) -> None:
    """Serve for as long as there is a database; if ours is given up, say so and end."""
    work = asyncio.ensure_future(serving)
    if found.own is None:
        await work
        return
    lost = asyncio.ensure_future(found.own.until_lost())
    try:
        await asyncio.wait({work, lost}, return_when=asyncio.FIRST_COMPLETED)
        if lost.done():
            lost.result()
        await work
    finally:
        # Whoever interrupts us waits until the pools are closed: PostgreSQL stops after that.
        lost.cancel()
        work.cancel()
        await asyncio.gather(work, lost, return_exceptions=True)


def place(config: Config, found: Database) -> str:
    """Where the ledger is kept, for the banner."""
    if found.own is None:
        return config.shown("database_url")
    return f"{config.data.absolute()} (kept when Socai stops)"


def notice(told: Notice) -> None:
    """What our own PostgreSQL has to say."""
    say(f"  {told.text}")
