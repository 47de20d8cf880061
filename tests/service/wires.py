"""Raw connections to a real server behind our own connections."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

import uvicorn

from schema.http.sockets import MESSAGE_BYTES_MAX
from service.connections import Connection, Patience

HOST = b"host: socai\r\n"
BODY = b'{"query":"{ ledger { position } }"}'
POST = b"POST /graphql HTTP/1.1\r\n" + HOST + b"content-type: application/json\r\n"
LENGTH = b"content-length: %d\r\n" % len(BODY)
GET = b"GET /graphql?query=%7Bledger%7Bposition%7D%7D HTTP/1.1\r\n" + HOST


class Wire:
    """One raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, *parts: bytes) -> None:
        for part in parts:
            self._writer.write(part)
            await self._writer.drain()

    async def rest(self) -> bytes:
        """Whatever comes until the server hangs up, which must be soon."""
        async with asyncio.timeout(10):
            return await self._reader.read()

    async def some(self) -> bytes:
        async with asyncio.timeout(10):
            return await self._reader.read(65_536)


@asynccontextmanager
async def wire(port: int) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4096)
    try:
        yield Wire(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def serving(app: Any, most: int = 1_000, room: int = 0) -> AsyncIterator[int]:
    """The port of an app behind our connections; `room`: bytes on their way to a client."""
    http = cast("Any", partial(Connection, most))
    config = uvicorn.Config(
        app, port=0, http=http, lifespan="off", log_level="error", ws_max_size=MESSAGE_BYTES_MAX
    )
    server = uvicorn.Server(config)
    taken = socket.create_server(("127.0.0.1", 0))
    if room:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, room)  # those accepted inherit it
    task = asyncio.create_task(server.serve(sockets=[taken]))
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    looking = asyncio.create_task(Patience(server.server_state.connections).run())
    try:
        yield taken.getsockname()[1]
    finally:
        looking.cancel()
        server.force_exit = server.should_exit = True
        await task


def code(answer: bytes) -> tuple[int, str]:
    """The status of a refusal and its name."""
    head, _, body = answer.partition(b"\r\n\r\n")
    error = json.loads(body)["errors"][0]["extensions"]
    assert error["messageVi"]
    return int(head.split()[1]), error["code"]
