"""A follower that takes nothing is let go with its cursor, and the others do not wait for it."""

import asyncio
import base64
import json
import socket
import struct
from collections.abc import AsyncIterator, Mapping

import pytest

from schema.http.settings import Settings
from service.runtime import Runtime
from tests.schema.served import served

DOCUMENT = "subscription { events { cursor events { body position type leaf } } }"
SETTINGS = Settings(stalled_seconds=0.5)
AUDITOR = "auditor"
PATIENCE_SECONDS = 20
STREAMS = 20
"""So many hold more than the buffers of a connection."""


@pytest.fixture
async def address(fund: Runtime) -> AsyncIterator[tuple[str, int]]:
    async with served(fund, SETTINGS) as found:
        host, _, port = found.partition(":")
        yield host, int(port)


async def connected(address: tuple[str, int]) -> socket.socket:
    """A socket with little room, so that who does not read is soon noticed."""
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    found.setblocking(False)  # noqa: FBT003 - the name says it
    await asyncio.get_running_loop().sock_connect(found, address)
    return found


async def read_to_the_end(found: socket.socket) -> bytes:
    loop, got = asyncio.get_running_loop(), bytearray()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    async with asyncio.timeout(PATIENCE_SECONDS):
        try:
            while data := await loop.sock_recv(found, 1 << 16):
                got += data
        except ConnectionResetError:
            pass
    return bytes(got)


async def test_a_socket_that_is_not_read_is_closed_with_its_cursor(
    address: tuple[str, int],
) -> None:
    loop = asyncio.get_running_loop()
    with await connected(address) as found:
        key = base64.b64encode(b"0" * 16).decode()
        await loop.sock_sendall(found, _handshake(key))
        assert (await loop.sock_recv(found, 4096)).startswith(b"HTTP/1.1 101 ")
        await loop.sock_sendall(found, _frame({"type": "connection_init"}))
        for number in range(STREAMS):
            said = {"id": str(number), "type": "subscribe", "payload": {"query": DOCUMENT}}
            await loop.sock_sendall(found, _frame(said))
        await asyncio.sleep(SETTINGS.stalled_seconds * 4)
        got = await read_to_the_end(found)
    close = got.rfind(b"Stalled; go on after ")
    assert close > 0
    (code,) = struct.unpack(">H", got[close - 2 : close])
    assert code == 1013
    cursor = int(got[close:].split()[-1])
    assert 0 < cursor <= 600
    assert b'"cursor":%d' % cursor in got[:close]


async def test_an_event_stream_that_is_not_read_ends(address: tuple[str, int]) -> None:
    loop = asyncio.get_running_loop()
    document = " ".join(
        f"a{n}: events {{ body type leaf fact {{ __typename }} }}" for n in range(9)
    )
    body = json.dumps({"query": f"subscription {{ events {{ cursor {document} }} }}"}).encode()
    with await connected(address) as found:
        await loop.sock_sendall(found, _post(body))
        await asyncio.sleep(SETTINGS.stalled_seconds * 4)
        got = await read_to_the_end(found)
    assert b"\r\nid: " in got or b"\nid: " in got
    assert not got.endswith(b"0\r\n\r\n"), "it was cut off, and the client knows"


def _post(body: bytes) -> bytes:
    return (
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
        b"Authorization: Bearer lan\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    )


def _handshake(key: str) -> bytes:
    return (
        "GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    ).encode()


def _frame(said: Mapping[str, object]) -> bytes:
    """A text frame as a client sends it, masked with zeros (RFC 6455 §5.2)."""
    payload = json.dumps(said).encode()
    size = len(payload)
    head = (
        struct.pack(">BB", 0x81, 0x80 | size)
        if size < 126
        else (struct.pack(">BBH", 0x81, 0x80 | 126, size))
    )
    return head + b"\0\0\0\0" + payload
