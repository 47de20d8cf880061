"""Connections to the database: for a process's own work, and for questions, which may only read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

POOL_CONNECTIONS_MAX = 10
"""Per process, for its own work. The appender and the listener have a connection each."""
ANSWER_CONNECTIONS_MAX = 10
"""Per process, for questions."""
ANSWER_SECONDS_MAX = 10.0
STATEMENT_BYTES_MAX = 256 * 1024
"""A question that asks for much is a long statement, and is worth preparing all the more."""
CONNECT_SECONDS_MAX = 10.0
STATEMENT_SECONDS_MAX = 60.0
SESSION = {
    "application_name": "socai",
    "datestyle": "ISO",  # the text of a date is part of an answer
    "jit": "off",  # compiling a deep question takes longer than answering it
    "plan_cache_mode": "force_generic_plan",  # planning a page takes longer than reading it
    "timezone": "UTC",
}
"""What an answer must not depend on the server for."""


@asynccontextmanager
async def reading(url: str, connections: int) -> AsyncIterator[asyncpg.Pool]:
    """A pool; closed at the end even if a statement is still running."""
    async with _closed(
        asyncpg.create_pool(
            url,
            min_size=1,
            max_size=connections,
            timeout=CONNECT_SECONDS_MAX,
            command_timeout=STATEMENT_SECONDS_MAX,
            reset=_as_it_is,
            server_settings=SESSION,
        )
    ) as pool:
        yield pool


@asynccontextmanager
async def answering(url: str, seconds: float) -> AsyncIterator[asyncpg.Pool]:
    """Connections for questions. The database itself ends a statement that outlives its asker."""
    told = {
        **SESSION,
        "default_transaction_read_only": "on",
        "statement_timeout": str(int(seconds * 1000)),
    }
    async with _closed(
        asyncpg.create_pool(
            url,
            min_size=0,
            max_size=ANSWER_CONNECTIONS_MAX,
            timeout=CONNECT_SECONDS_MAX,
            max_cacheable_statement_size=STATEMENT_BYTES_MAX,
            reset=_as_it_is,
            server_settings=told,
        )
    ) as pool:
        yield pool


@asynccontextmanager
async def _closed(opening: asyncpg.Pool) -> AsyncIterator[asyncpg.Pool]:
    try:
        yield await opening
    finally:
        try:
            await asyncio.wait_for(opening.close(), CONNECT_SECONDS_MAX)
        except TimeoutError:
            opening.terminate()


async def _as_it_is(_: asyncpg.Connection) -> None:
    """Nobody here sets, listens or locks for a session: a reset would be a round trip for nothing.

    It costs small reads a quarter to a third of their rate (measured).
    """
