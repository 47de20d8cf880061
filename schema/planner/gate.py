"""The gate for documents seen for the first time: they cost a hundred times a known one.

Reading one is work of this thread alone, so that while it is read nobody else is answered. They go
through one by one, in the order they came; between two of them whoever waits for the event loop has
a turn. More than `COLD_MAX` are not let in: they are told so at once, and when to come back.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from schema.planner.refusals import QueryRefusedError

COLD_MAX = 32
"""In work or waiting. At 30 ms for the largest of them, the last one waits a second."""
COLD_DOCUMENTS_BUSY = "COLD_DOCUMENTS_BUSY"
"""To be answered 503, with `retryAfter` (seconds) as the header of that name."""
RETRY_AFTER_S = 1


class Gate:
    """One at a time, fair, bounded."""

    def __init__(self, most: int = COLD_MAX) -> None:
        self._most = most
        self._inside = 0
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and have it for the length of the block."""
        if self._inside >= self._most:
            raise QueryRefusedError(
                COLD_DOCUMENTS_BUSY,
                "Too many new documents at once; ask again, or ask one that was asked before.",
                "Đang có quá nhiều truy vấn mới; xin thử lại sau.",
                limit=self._most,
                value=self._inside + 1,
                retryAfter=RETRY_AFTER_S,
            )
        self._inside += 1
        try:
            async with self._turn:
                await asyncio.sleep(0)  # whoever is ready goes first
                yield
        finally:
            self._inside -= 1
