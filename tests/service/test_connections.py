"""Connections that are slow, large or many, against a real server by raw sockets."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from starlette.types import Receive, Scope, Send

from schema.http.app import graphql_app
from schema.http.settings import Settings
from service import connections
from service.connections import Connection
from service.runtime import Runtime, running
from tests.service.wires import BODY, GET, LENGTH, POST, Wire, code, serving, wire

LARGE = b"x" * 50_000_000
SHORT = 0.3


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
