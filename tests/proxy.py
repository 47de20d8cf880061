"""A wire between a client and a server that can be cut: `async with Proxy(host, port) as proxy`.

`swallow()`: the next answer of the server is thrown away and the connection is cut, so the client
cannot know whether it was heard. `stall()`: nothing comes back any more, and nobody says so.
"""

import asyncio
import contextlib
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

CHUNK_BYTES = 65_536


class Proxy:
    """Forwards TCP to one server, until told otherwise."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._swallow = self._stalled = False
        self.cuts = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for each in self._serving:
            each.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    @property
    def url(self) -> str:
        """The server, as it is reached through here."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        user, at, _ = self._parts.netloc.rpartition("@")
        return self._parts._replace(netloc=f"{user}{at}127.0.0.1:{port}").geturl()

    def swallow(self) -> None:
        """Throw the next answer away, and cut."""
        self._swallow = True

    def stall(self) -> None:
        """From now on nothing comes back on the connections that are open."""
        self._stalled = True

    def resume(self) -> None:
        """New connections work again; the stalled ones stay as they are."""
        self._stalled = False

    def cut(self) -> None:
        """Cut every connection."""
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            await self._connect(reader, writer)
        except OSError:
            """Nobody is there: nobody is here either."""
        finally:
            self._serving.discard(task)
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self._parts.hostname, self._parts.port
        answers, asks = await asyncio.open_connection(host, port)
        self._open |= {writer, asks}
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._forward(reader, asks))
                group.create_task(self._back(answers, writer))
        except* (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open -= {writer, asks}
            asks.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
        raise ConnectionResetError

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK_BYTES):
            if self._stalled:
                await asyncio.Event().wait()
            if self._swallow:
                self._swallow = False
                self.cuts += 1
                break
            writer.write(chunk)
            with contextlib.suppress(ConnectionError):
                await writer.drain()
        raise ConnectionResetError
