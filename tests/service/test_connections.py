"""Connections that are slow, large or many, against a real server by raw sockets."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any, cast

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from schema.http.app import graphql_app
from schema.http.asking import BODY_BYTES_MAX
from schema.http.settings import Settings
from schema.http.sockets import MESSAGE_BYTES_MAX
from service import connections
from service.connections import HEAD_BYTES_MAX, Connection, Patience
from service.runtime import Runtime, running

HOST = b"host: socai\r\n"
BODY = b'{"query":"{ ledger { position } }"}'
POST = b"POST /graphql HTTP/1.1\r\n" + HOST + b"content-type: application/json\r\n"
LENGTH = b"content-length: %d\r\n" % len(BODY)
GET = b"GET /graphql?query=%7Bledger%7Bposition%7D%7D HTTP/1.1\r\n" + HOST
LARGE = b"x" * 50_000_000
SHORT = 0.3


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
async def serving(app: Any, most: int = 1_000) -> AsyncIterator[int]:
    """The port of an app behind our connections."""
    http = cast("Any", partial(Connection, most))
    config = uvicorn.Config(
        app, port=0, http=http, lifespan="off", log_level="error", ws_max_size=MESSAGE_BYTES_MAX
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    looking = asyncio.create_task(Patience(server.server_state.connections).run())
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        looking.cancel()
        server.force_exit = server.should_exit = True
        await task


@pytest.fixture
async def port(database_url: str) -> AsyncIterator[int]:
    async with running(database_url) as runtime, serving(graphql_app(runtime)) as port:
        yield port
        runtime.closing.set()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server without patience."""
    for name in ("HEAD", "BODY", "STALLED"):
        monkeypatch.setattr(connections, f"{name}_SECONDS_MAX", SHORT)
    monkeypatch.setattr(connections, "LOOK_SECONDS", SHORT / 5)
    monkeypatch.setattr(connections, "KEEP_ALIVE_SECONDS", SHORT)


def code(answer: bytes) -> tuple[int, str]:
    """The status of a refusal and its name."""
    head, _, body = answer.partition(b"\r\n\r\n")
    error = json.loads(body)["errors"][0]["extensions"]
    assert error["messageVi"]
    return int(head.split()[1]), error["code"]


async def drip(line: Wire, text: bytes) -> None:
    """One byte after the other, never pausing for long."""
    for each in text:
        await line.send(bytes([each]))
        await asyncio.sleep(0.02)


@pytest.mark.usefixtures("hasty")
async def test_a_head_that_comes_drop_by_drop_is_not_waited_for(port: int) -> None:
    async with wire(port) as line:
        with pytest.raises(ConnectionError):
            await drip(line, b"GET /graphql HTTP/1.1\r\nhost: " + b"x" * 1_000)
    async with wire(port) as line:
        await line.send(b"GET /graphql HTTP/1.1\r\nhost:")
        assert code(await line.rest()) == (408, "REQUEST_TOO_SLOW")


@pytest.mark.usefixtures("hasty")
async def test_a_second_head_is_waited_for_no_longer_than_the_first(port: int) -> None:
    async with wire(port) as line:
        await line.send(POST, LENGTH, b"\r\n", BODY)
        assert b" 200 " in await line.some()
        await line.send(b"POST /gr")
        assert code(await line.rest()) == (408, "REQUEST_TOO_SLOW")


@pytest.mark.usefixtures("hasty")
async def test_a_body_that_does_not_come_is_not_waited_for(port: int) -> None:
    async with wire(port) as line:
        await line.send(POST, LENGTH, b"\r\n", BODY[:5])
        assert code(await line.rest()) == (408, "REQUEST_TOO_SLOW")


@pytest.mark.usefixtures("hasty")
async def test_a_connection_that_says_nothing_is_let_go_without_a_word(port: int) -> None:
    async with wire(port) as line:
        assert await line.rest() == b""


@pytest.mark.usefixtures("hasty")
async def test_an_answer_may_take_longer_than_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    async def late(_: Scope, __: Receive, send: Send) -> None:
        await asyncio.sleep(4 * SHORT)
        await _respond(send, b"late")

    async with serving(late) as port, wire(port) as line:
        await line.send(GET, b"connection: close\r\n\r\n")
        assert (await line.rest()).endswith(b"late")


async def _respond(send: Send, body: bytes) -> None:
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def let_go(monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.Event]:
    """Set when the server has lost a connection."""
    lost, seen = Connection.connection_lost, asyncio.Event()

    def note(self: Connection, error: Exception | None) -> None:
        seen.set()
        lost(self, error)

    monkeypatch.setattr(Connection, "connection_lost", note)
    yield seen


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("asked", [1, 50])
async def test_a_client_that_takes_no_answer_is_let_go(
    monkeypatch: pytest.MonkeyPatch, asked: int
) -> None:
    """Its answer stays in memory for as long, however many it asks for at once."""
    sent = 0

    async def large(_: Scope, __: Receive, send: Send) -> None:
        nonlocal sent
        sent += 1
        await _respond(send, LARGE)

    with let_go(monkeypatch) as gone:
        async with serving(large) as port, wire(port) as line:
            await line.send((GET + b"\r\n") * asked)
            await asyncio.wait_for(gone.wait(), 10)
    assert sent <= 2  # the next one waits for the first to be taken


@pytest.mark.usefixtures("hasty")
async def test_a_client_that_takes_a_long_answer_steadily_has_all_of_it() -> None:
    async def large(_: Scope, __: Receive, send: Send) -> None:
        await _respond(send, LARGE)

    got = 0
    async with serving(large) as port, wire(port) as line:
        await line.send(GET, b"connection: close\r\n\r\n")
        start = asyncio.get_running_loop().time()
        while piece := await line.some():
            got += len(piece)
            if got % 7 == 0:
                await asyncio.sleep(0.005)
        assert asyncio.get_running_loop().time() - start > 2 * SHORT
    assert got > len(LARGE)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /graphql?query=" + b"x" * (HEAD_BYTES_MAX + 1) + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        GET + b"x: " + b"x" * (HEAD_BYTES_MAX + 1) + b"\r\n\r\n",
        GET + b"".join(b"x%d: 1\r\n" % each for each in range(10_000)) + b"\r\n",
        GET + b"x: " + b"x" * 2_000_000,
        POST + b"transfer-encoding: chunked\r\n\r\n0\r\nx: " + b"x" * 2_000_000,
    ],
    ids=["address", "header", "headers", "no end", "trailer"],
)
async def test_a_head_or_a_trailer_is_bounded(port: int, sent: bytes) -> None:
    async with wire(port) as line:
        try:
            await line.send(*(sent[at : at + 65_536] for at in range(0, len(sent), 65_536)))
            answer = await line.rest()
        except ConnectionError:
            return
    assert code(answer) == (431, "HEAD_TOO_LARGE")


async def test_a_head_that_is_large_is_answered(port: int) -> None:
    async with wire(port) as line:
        await line.send(GET, b"x: ", b"x" * (HEAD_BYTES_MAX - 1_000))
        await line.send(b"\r\nconnection: close\r\n\r\n")
        assert (await line.rest()).startswith(b"HTTP/1.1 200 ")


async def test_a_large_body_behind_a_small_head_is_no_large_head(port: int) -> None:
    body = BODY[:-1] + b',"extensions":{"x":"' + b"x" * (BODY_BYTES_MAX - 1_000) + b'"}}'
    async with wire(port) as line:
        await line.send(
            POST + b"connection: close\r\ncontent-length: %d\r\n\r\n" % len(body) + body
        )
        assert (await line.rest()).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "headers",
    [
        LENGTH + b"transfer-encoding: chunked\r\n",
        b"transfer-encoding: chunked\r\n" + LENGTH,
        LENGTH + b"content-length: 0\r\n",
        b"content-length: +35\r\n",
        b"content-length: 35, 35\r\n",
        b"transfer-encoding: xchunked\r\n",
        b"transfer-encoding: chunked, identity\r\n",
        b"transfer-encoding : chunked\r\n",
        b"content-length\r\n: 35\r\n",
        b"x: 1\n",
        b"x: \0\r\n",
    ],
)
async def test_whatever_says_two_things_about_its_length_is_answered_once_at_most(
    port: int, headers: bytes
) -> None:
    """A proxy may read it otherwise: nothing behind it may be taken for another request."""
    inner = GET + b"x-second: 1\r\n\r\n"
    async with wire(port) as line:
        await line.send(POST + headers + b"\r\n0\r\n\r\n" + inner)
        answer = await line.rest()
    assert answer.count(b"HTTP/1.1 ") == 1
    assert code(answer)[0] == 400


async def test_who_comes_when_all_connections_are_taken_is_told_so_and_nobody_else_is(
    empty: Runtime,
) -> None:
    async with serving(graphql_app(empty), most=2) as port, wire(port) as first, wire(port) as last:
        for line in (first, last):
            await line.send(POST, LENGTH, b"\r\n", BODY)
            assert b" 200 " in await line.some()
        async with wire(port) as more:
            assert code(await more.rest()) == (503, "TOO_MANY_CONNECTIONS")
        await first.send(POST, LENGTH, b"connection: close\r\n\r\n", BODY)
        assert b" 200 " in await first.rest()
        async with wire(port) as more:
            await more.send(POST, LENGTH, b"\r\n", BODY)
            assert b" 200 " in await more.some()


async def test_a_message_that_is_small_outside_and_large_inside_ends_its_socket(port: int) -> None:
    protocol = Subprotocol("graphql-transport-ws")
    async with connect(
        f"ws://127.0.0.1:{port}/graphql", subprotocols=[protocol], compression="deflate"
    ) as socket:
        assert "permessage-deflate" in str(
            socket.response and socket.response.headers["sec-websocket-extensions"]
        )
        await socket.send('{"type":"ping","payload":{"x":"' + " " * 20_000_000 + '"}}')
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 1009


@pytest.fixture
async def empty(database_url: str) -> AsyncIterator[Runtime]:
    async with running(database_url) as runtime:
        yield runtime


async def test_open_streams_are_bounded_for_each_and_for_all(empty: Runtime) -> None:
    settings = Settings(streams_each_max=2)
    async with serving(graphql_app(empty, settings)) as port:
        events = b"accept: text/event-stream\r\n"
        feed = b'{"query":"subscription { events { cursor } }"}'
        sent = POST + events + b"content-length: %d\r\n\r\n" % len(feed) + feed
        async with wire(port) as first, wire(port) as second:
            for line in (first, second):
                await line.send(sent)
                assert b" 200 " in await line.some()
            async with wire(port) as third:
                await third.send(sent)
                assert b"TOO_MANY_STREAMS" in await third.some()
        empty.closing.set()
