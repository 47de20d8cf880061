"""The courier as a child of every server that has something to bring.

async with couriered(config, found.service_url, say):
    …

A process of its own: whom it waits for, and what it makes of a busy day, costs no answer. Of the
couriers of several servers one works (`elected.py`).
"""

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from service.config import Config
from service.courier.run import has_something
from service.parent import command

PAUSE_SECONDS: Final = 1.0
LEAVE_SECONDS_MAX: Final = 10.0


@asynccontextmanager
async def couriered(config: Config, url: str, say: Callable[[str], None]) -> AsyncIterator[None]:
    """A courier for the length of the block, if there is somebody to bring something to."""
    config.broker.check()
    if not has_something(config):
        yield
        return
    keeping = asyncio.create_task(_kept(url, say), name="courier")
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def _kept(url: str, say: Callable[[str], None]) -> None:
    """Start it again whenever it ends; what it says is said on our own stderr."""
    told = {**os.environ, "SOCAI_DATABASE_URL": url}
    told.pop("SOCAI_DATABASE_URL_FILE", None)
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
