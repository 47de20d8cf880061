"""What comes over the wire is bounded, and read in one way only."""

from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from schema.http.app import graphql_app
from schema.http.asking import BODY_BYTES_MAX
from service.connections import HEAD_BYTES_MAX
from service.runtime import running
from tests.service.wires import BODY, GET, HOST, LENGTH, POST, code, serving, wire


@pytest.fixture
async def port(database_url: str) -> AsyncIterator[int]:
    async with running(database_url) as runtime, serving(graphql_app(runtime)) as port:
        yield port
        runtime.closing.set()


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
