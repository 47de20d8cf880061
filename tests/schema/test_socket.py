"""graphql-transport-ws, message by message: what the protocol says is what happens."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx2 import AsyncClient
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from schema.http.operations import OPERATIONS_MAX
from schema.http.settings import Settings
from schema.http.sockets import MESSAGE_BYTES_MAX
from service.runtime import Runtime
from tests.schema.served import served
from tests.schema.test_stream import open_periods

PROTOCOL = Subprotocol("graphql-transport-ws")
HEAD = {"query": "{ ledger { position } }"}
FEED = {"query": "subscription { events { cursor } }"}


@pytest.fixture
async def address(empty: Runtime) -> AsyncIterator[str]:
    async with served(empty) as address:
        yield f"ws://{address}/graphql"


async def said(socket: ClientConnection) -> dict[str, Any]:
    """The next message that is no ping."""
    while (message := json.loads(await asyncio.wait_for(socket.recv(), 10)))["type"] == "ping":
        pass
    return message


async def say(socket: ClientConnection, **message: object) -> None:
    await socket.send(json.dumps(message))


async def opened(socket: ClientConnection) -> None:
    await say(socket, type="connection_init")
    assert await said(socket) == {"type": "connection_ack"}


async def code(socket: ClientConnection) -> tuple[int, str]:
    """How the server hung up."""
    await asyncio.wait_for(socket.wait_closed(), 10)
    assert socket.close_code is not None
    return socket.close_code, socket.close_reason or ""


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (["nonsense"], 4400),
        (["[]"], 4400),
        ([b"{}"], 4400),
        (['{"type":"nonsense"}'], 4400),
        (['{"type":"connection_init","payload":7}'], 4400),
        (['{"type":"subscribe","id":"","payload":{}}'], 4400),
        (['{"type":"subscribe","id":"1"}'], 4400),
        (['{"type":"subscribe","id":"1","payload":{}}'], 4401),
        (['{"type":"connection_init"}'] * 2, 4429),
        (["x" * (MESSAGE_BYTES_MAX + 1)], 1009),
        (["đ" * (MESSAGE_BYTES_MAX - 1)], 1009),
    ],
)
async def test_what_breaks_the_protocol_ends_the_socket_with_its_code(
    address: str, messages: list[str | bytes], expected: int
) -> None:
    async with connect(address, subprotocols=[PROTOCOL]) as socket:
        for message in messages:
            await socket.send(message)
        assert (await code(socket))[0] == expected


async def test_an_id_in_use_ends_the_socket(address: str) -> None:
    async with connect(address, subprotocols=[PROTOCOL]) as socket:
        await opened(socket)
        for _ in range(2):
            await say(socket, type="subscribe", id="one", payload=FEED)
        assert await code(socket) == (4409, "Subscriber for one already exists")


async def test_an_id_is_free_again_when_its_operation_has_ended(address: str) -> None:
    async with connect(address, subprotocols=[PROTOCOL]) as socket:
        await opened(socket)
        await say(socket, type="subscribe", id="one", payload=FEED)
        await say(socket, type="complete", id="one")
        for _ in range(2):
            await say(socket, type="subscribe", id="one", payload=HEAD)
            message = await said(socket)
            assert message["payload"]["data"] == {"ledger": {"position": 0}}
            assert (message["type"], message["id"]) == ("next", "one")
            assert await said(socket) == {"type": "complete", "id": "one"}


async def test_an_id_that_is_used_again_at_once_is_in_use(address: str) -> None:
    """The end of the first operation under it is not the end of the second."""
    async with connect(address, subprotocols=[PROTOCOL]) as socket:
        await opened(socket)
        await say(socket, type="subscribe", id="one", payload=FEED)
        await say(socket, type="complete", id="one")
        await say(socket, type="subscribe", id="one", payload=FEED)
        await say(socket, type="ping")
        assert (await said(socket))["type"] == "pong"
        await say(socket, type="subscribe", id="one", payload=FEED)
        assert (await code(socket))[0] == 4409


async def test_another_protocol_is_not_spoken(address: str) -> None:
    async with connect(address) as socket:
        assert await code(socket) == (4406, "Subprotocol not acceptable")


async def test_who_does_not_introduce_himself_is_let_go(empty: Runtime) -> None:
    async with (
        served(empty, Settings(init_seconds=0.01)) as address,
        connect(f"ws://{address}/graphql", subprotocols=[PROTOCOL]) as socket,
    ):
        assert await code(socket) == (4408, "Connection initialisation timeout")


async def test_who_shows_no_sign_of_life_is_let_go(empty: Runtime) -> None:
    """Two pings without a pong."""
    async with (
        served(empty, Settings(init_seconds=1.0, ping_seconds=0.01)) as address,
        connect(f"ws://{address}/graphql", subprotocols=[PROTOCOL]) as socket,
    ):
        await opened(socket)
        assert [json.loads(await socket.recv())["type"] for _ in range(2)] == ["ping", "ping"]
        assert await code(socket) == (4408, "No pong")


async def test_who_answers_pings_stays(empty: Runtime) -> None:
    async with (
        served(empty, Settings(init_seconds=1.0, ping_seconds=0.5)) as address,
        connect(f"ws://{address}/graphql", subprotocols=[PROTOCOL]) as socket,
    ):
        await opened(socket)
        for _ in range(3):
            assert json.loads(await socket.recv()) == {"type": "ping"}
            await say(socket, type="pong")


async def test_a_ping_is_answered_with_what_it_holds(address: str) -> None:
    async with connect(address, subprotocols=[PROTOCOL]) as socket:
        await say(socket, type="ping", payload={"a": 1})
        assert await said(socket) == {"type": "pong", "payload": {"a": 1}}
        await say(socket, type="ping")
        assert await said(socket) == {"type": "pong"}


async def test_a_refusal_is_an_error_of_its_operation_alone(address: str) -> None:
    async with connect(address, subprotocols=[PROTOCOL]) as socket:
        await opened(socket)
        for payload in ({"query": "{ nope }"}, {"query": "{"}, {"query": 7}, {"a": 1}):
            await say(socket, type="subscribe", id="bad", payload=payload)
            message = await said(socket)
            assert (message["type"], message["id"]) == ("error", "bad")
            assert message["payload"][0]["message"]
        await say(socket, type="subscribe", id="good", payload=HEAD)
        assert (await said(socket))["type"] == "next"


async def test_one_socket_carries_a_bounded_number_of_operations(address: str) -> None:
    async with connect(address, subprotocols=[PROTOCOL]) as socket:
        await opened(socket)
        for number in range(OPERATIONS_MAX + 1):
            await say(socket, type="subscribe", id=str(number), payload=FEED)
        message = await said(socket)
        assert (message["type"], message["id"]) == ("error", str(OPERATIONS_MAX))
        assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"


async def test_what_is_stopped_says_nothing_more(empty: Runtime, address: str) -> None:
    async with connect(address, subprotocols=[PROTOCOL]) as socket:
        await opened(socket)
        for identity in ("one", "two"):
            await say(socket, type="subscribe", id=identity, payload=FEED)
        await open_periods(empty, 2001, 1)
        assert {(await said(socket))["id"] for _ in range(2)} == {"one", "two"}
        await say(socket, type="complete", id="one")
        await say(socket, type="ping")
        assert (await said(socket))["type"] == "pong"
        await open_periods(empty, 2002, 1)
        message = await said(socket)
        assert message["id"] == "two"
        assert message["payload"]["data"]["events"]["cursor"] == 2


async def test_a_foreign_page_opens_no_socket(empty: Runtime) -> None:
    """A browser asks nobody before it opens one, so we look where it comes from."""
    known = Settings(origins=frozenset({"https://app.example.vn"}))
    async with served(empty, known) as address:
        for origin in (f"http://{address}", "https://app.example.vn"):
            async with connect(
                f"ws://{address}/graphql", subprotocols=[PROTOCOL], origin=Origin(origin)
            ) as socket:
                await opened(socket)
        with pytest.raises(InvalidStatus) as refused:
            await connect(
                f"ws://{address}/graphql",
                subprotocols=[PROTOCOL],
                origin=Origin("https://evil.example"),
            )
        assert refused.value.response.status_code == 403


async def test_who_holds_as_many_sockets_as_he_may_is_told_to_try_later(empty: Runtime) -> None:
    """Once one of them is closed, there is room again; also for the other kind of stream."""
    async with served(empty, Settings(streams_each_max=2)) as host:
        url = f"ws://{host}/graphql"
        first = await connect(url, subprotocols=[PROTOCOL])
        async with (
            connect(url, subprotocols=[PROTOCOL]) as second,
            AsyncClient(base_url=f"http://{host}/graphql") as http,
        ):
            await opened(first)
            await opened(second)
            async with connect(url, subprotocols=[PROTOCOL]) as third:
                assert await code(third) == (1013, "Too many open connections")
            refused = await http.put("")
            assert refused.status_code == 429
            error = refused.json()["errors"][0]["extensions"]
            assert (error["code"], error["streamsMax"]) == ("TOO_MANY_STREAMS", 2)
            await first.close()
            while (await http.put("")).status_code == 429:  # noqa: ASYNC110 - a moment, nobody tells
                await asyncio.sleep(0.01)
            async with connect(url, subprotocols=[PROTOCOL]) as third:
                assert (await code(third))[0] == 1013


async def test_a_process_holds_as_many_sockets_as_it_may(empty: Runtime) -> None:
    async with (
        served(empty, Settings(streams_max=1)) as host,
        connect(f"ws://{host}/graphql", subprotocols=[PROTOCOL]) as first,
        connect(f"ws://{host}/graphql", subprotocols=[PROTOCOL]) as second,
    ):
        await opened(first)
        assert (await code(second))[0] == 1013
