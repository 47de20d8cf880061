"""A connection for a question, or the news that none comes free: within a second, whoever asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from asyncpg import Pool

from schema.planner.refusals import QueryRefusedError

BUSY = "BUSY"
WAIT_SECONDS_MAX = 1.0
"""Who waits longer would rather ask again; those behind him wait in vain."""


@asynccontextmanager
async def connection(pool: Pool) -> AsyncIterator[Any]:
    """One of the pool's."""
    try:
        taken = await pool.acquire(timeout=WAIT_SECONDS_MAX)
    except TimeoutError:
        raise busy(pool.get_max_size()) from None
    try:
        yield taken
    finally:
        with suppress(TimeoutError):  # it would not be stopped, and is closed: what was raised, is
            await pool.release(taken)


def busy(most: int) -> QueryRefusedError:
    """All connections are at work."""
    return QueryRefusedError(
        BUSY,
        f"All {most} connections are at work; ask again.",
        f"Cả {most} kết nối đều đang bận; xin hỏi lại.",
        connections=most,
    )
