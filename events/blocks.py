"""The log in blocks, each read once for all who are behind together.

    blocks = Blocks(log)
    await blocks.after(1_234, 500)     # the events 1,235 to 1,500: up to the end of their block

After a restart hundreds come back to where they were, and a moment later to the next page. Were
each of them to read for himself, none would ever catch up. A full block never changes, so the last
few are kept; one that is not full is read anew.
"""

import asyncio
from collections import OrderedDict
from typing import Final

from events.log import Log, Stored

BLOCK_EVENTS: Final = 500
BLOCKS_MAX: Final = 16
BLOCKS_BYTES_MAX: Final = 16 * 1024 * 1024
"""Of their bodies: an event may have 64 KiB."""


class Blocks:
    """Reads the log for those who are behind."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._kept: OrderedDict[int, list[Stored]] = OrderedDict()
        self._reading: dict[int, asyncio.Task[list[Stored]]] = {}
        self._bytes = 0

    async def after(self, position: int, limit: int) -> list[Stored]:
        """Events after a position, up to the end of their block; none if there are none yet."""
        start = position - position % BLOCK_EVENTS
        block = self._kept.get(start)
        if block is None:
            reading = self._reading.get(start)
            if reading is None:
                reading = asyncio.create_task(self._read(start), name="block")
                self._reading[start] = reading
            # One reader who leaves must not take the others' block with him.
            block = await asyncio.shield(reading)
        else:
            self._kept.move_to_end(start)
        return block[position - start :][:limit]

    async def _read(self, start: int) -> list[Stored]:
        try:
            block = await self._log.stored(start, BLOCK_EVENTS)
        finally:
            # Before the task is done: who found it then would be given yesterday's end of the log.
            del self._reading[start]
        if len(block) == BLOCK_EVENTS:
            self._keep(start, block)
        return block

    def _keep(self, start: int, block: list[Stored]) -> None:
        self._kept[start] = block
        self._bytes += _size(block)
        while len(self._kept) > BLOCKS_MAX or self._bytes > BLOCKS_BYTES_MAX:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= _size(dropped)


def _size(block: list[Stored]) -> int:
    return sum(len(each.body) for each in block)
