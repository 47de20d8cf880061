"""The courier as a child of every server, once there is somebody to bring something to.

async with couriered(config, found.service_url, say):
    …

A process of its own: whom it waits for, and what it makes of a busy day, costs no answer. It is
started for the relay at once, for webhooks when the first one is registered. Of the couriers of
several servers one works (`elected.py`).
"""

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, LiteralString

import asyncpg

from events.log import is_outage
from service.config import Config
from service.courier.elected import CONNECT_SECONDS_MAX, SESSION
from service.courier.run import has_something
from service.parent import command

PAUSE_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 2.0
"""How soon the first webhook is noticed."""
LOOK_SECONDS_MAX: Final = 10.0
LEAVE_SECONDS_MAX: Final = 10.0
REGISTERED: Final[LiteralString] = """
    SELECT EXISTS (SELECT FROM feed.endpoint WHERE removed_at IS NULL)
"""


@asynccontextmanager
async def couriered(config: Config, url: str, say: Callable[[str], None]) -> AsyncIterator[None]:
    """A courier for the length of the block, if there is somebody to bring something to."""
    config.broker.check()
    if not has_something(config):
        yield
        return
    keeping = asyncio.create_task(_kept(config, url, say), name="courier")
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def _kept(config: Config, url: str, say: Callable[[str], None]) -> None:
    """Start it again whenever it ends; what it says is said on our own stderr."""
    told = {**os.environ, **config.webhooks.variables(), "SOCAI_DATABASE_URL": url}
    told.pop("SOCAI_DATABASE_URL_FILE", None)
    if not config.broker.is_wanted:
        await _registered(url)
    while True:
        process = await asyncio.create_subprocess_exec(
            *command("service.courier.run", str(os.getpid())), env=told, start_new_session=True
        )
        try:
            code = await process.wait()
        finally:
            await _ended(process)
        say(f"  the courier ended with code {code}; starting it again")
        await asyncio.sleep(PAUSE_SECONDS)


async def _registered(url: str) -> None:
    """Return when there is a webhook: whoever has none does not pay for a process."""
    while True:
        try:
            connection = await asyncpg.connect(
                url, timeout=CONNECT_SECONDS_MAX, server_settings=SESSION
            )
            try:
                # Nobody announces it.
                while not await connection.fetchval(REGISTERED, timeout=LOOK_SECONDS_MAX):  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_SECONDS)
            finally:
                connection.terminate()
        except Exception as error:
            if not is_outage(error):
                raise
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            return


async def _ended(process: Process) -> None:
    """Told to leave, it lets go of what it holds; killed, it loses nothing either."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), LEAVE_SECONDS_MAX)
    except TimeoutError:
        process.kill()
        await process.wait()
