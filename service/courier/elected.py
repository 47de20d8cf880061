"""One courier among those that every server starts: who holds an advisory lock is the one.

    await alone(url, work)      # for ever: waits for its turn, works, and waits again

The lock belongs to a connection of its own. Its loss stops the work at once: another one may have
been elected by then. What is written twice all the same is fenced where it is written: a cursor
moves only from where it was thought to stand, and see `stream.py`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, LiteralString

import asyncpg

from events.log import is_outage

AGAIN_SECONDS: Final = 1.0
"""How often who stands by asks. Waiting in the statement would hold back the vacuum."""
PROBE_SECONDS, PROBE_SECONDS_MAX = 5.0, 2.0
"""How often the holder's connection is tried, and how long it may take to answer."""
CONNECT_SECONDS_MAX: Final = 10.0
SESSION: Final = {
    "application_name": "socai-courier",
    # Of a machine that vanished, the database knows after some eleven seconds, not two hours.
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}
ELECTED: Final[LiteralString] = """
    SELECT pg_try_advisory_lock(hashtextextended('socai courier', 0))
"""
PROBED: Final[LiteralString] = """
    SELECT 1
"""

_log = logging.getLogger("socai.courier")


async def alone(
    url: str,
    work: Callable[[], Awaitable[None]],
    *,
    again_s: float = AGAIN_SECONDS,
    probe_s: float = PROBE_SECONDS,
) -> None:
    """Work for as long as this process is the elected one; for ever. An outage delays it."""
    while True:
        try:
            connection = await asyncpg.connect(
                url, timeout=CONNECT_SECONDS_MAX, server_settings=SESSION
            )
            try:
                await _elected(connection, again_s)
                await _while_connected(connection, work, probe_s)
            finally:
                connection.terminate()
        except Exception as error:
            if not is_outage(error):
                raise
            _log.warning("the database is away, nothing is brought: %r", error)
        await asyncio.sleep(again_s)


async def _elected(connection: asyncpg.Connection, again_s: float) -> None:
    """Return when the lock is ours."""
    stands_by = False
    while not await connection.fetchval(ELECTED, timeout=PROBE_SECONDS_MAX):
        if not stands_by:
            _log.info("another courier is at work; this one stands by")
        stands_by = True
        await asyncio.sleep(again_s)


async def _while_connected(
    connection: asyncpg.Connection, work: Callable[[], Awaitable[None]], probe_s: float
) -> None:
    closed = asyncio.Event()
    connection.add_termination_listener(lambda _: closed.set())
    tasks = (
        asyncio.ensure_future(work()),
        asyncio.create_task(_probed(connection, closed, probe_s), name="courier's lock"),
    )
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _probed(connection: asyncpg.Connection, closed: asyncio.Event, probe_s: float) -> None:
    """Never return while the connection answers: one whose other end vanished says nothing."""
    while not closed.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(closed.wait(), probe_s)
        await connection.fetchval(PROBED, timeout=PROBE_SECONDS_MAX)
