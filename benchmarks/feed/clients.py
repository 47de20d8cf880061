"""Many followers in one process: event streams over raw sockets, read and timed, not understood.

    python -m benchmarks.feed.clients PORT COUNT LAST FILE  < request

The request, from standard input, is sent on every connection. Each piece of an answer that ends
with an event counts for all events up to the `id:` in it; FILE gets, for each of those, follower,
first, last and the instant. Ends when every follower has the event at LAST.
"""

import asyncio
import re
import sys
import time
from array import array
from pathlib import Path
from typing import cast

import uvloop

_MARKS = (b"\nid: ", b'"cursor": ', b'"cursor":')
"""What stands before a position: of our event streams, and of stock Strawberry's."""
_POSITION = re.compile(rb"(\d+)[\n,]")
_WIDTH = 4


class Follower(asyncio.Protocol):
    """One connection."""

    def __init__(self, number: int, request: bytes, pieces: "array[float]", last: int) -> None:
        self._number, self._request, self._pieces, self._last = number, request, pieces, last
        self._has = 0
        self._tail = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        cast("asyncio.Transport", transport).write(self._request)  # uvloop's is none by name

    def data_received(self, data: bytes) -> None:
        """Take the last position that is named in what came."""
        now = time.perf_counter()
        position = _last(data) or _last(self._tail + data[:30])
        self._tail = data[-30:]
        if position > self._has:
            self._pieces.extend((self._number, self._has + 1, position, now))
            self._has = position
        if position >= self._last and not self.done.done():
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """It should not be."""
        if not self.done.done():
            error = ConnectionError(f"follower {self._number} was let go")
            self.done.set_exception(exc or error)


def _last(data: bytes) -> int:
    """The last position that is named in a piece; 0 if none is.

    Searched from the end: the pieces come to hundreds of megabytes a second.
    """
    for mark in _MARKS:
        at = data.rfind(mark)
        if at >= 0:
            named = _POSITION.match(data, at + len(mark))
            if named:
                return int(named[1])
    return 0


async def follow(port: int, count: int, last: int) -> "array[float]":
    """All of them, until the last has the last."""
    request, pieces = sys.stdin.buffer.read(), array("d")
    loop = asyncio.get_running_loop()
    followers = []
    for number in range(count):
        _, follower = await loop.create_connection(
            lambda number=number: Follower(number, request, pieces, last), "127.0.0.1", port
        )
        followers.append(follower)
    print("connected", flush=True)
    await asyncio.gather(*(each.done for each in followers))
    assert len(pieces) % _WIDTH == 0
    return pieces


if __name__ == "__main__":
    port, count, last = map(int, sys.argv[1:4])
    Path(sys.argv[4]).write_bytes(uvloop.run(follow(port, count, last)).tobytes())
