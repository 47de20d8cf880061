"""GraphQL over Server-Sent Events, frame by frame, in both of its modes."""

import asyncio
import json
from codecs import getincrementaldecoder
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from schema.http.operations import OPERATIONS_MAX
from schema.http.settings import Settings
from service.runtime import Runtime
from tests.schema.served import served
from tests.schema.test_stream import open_periods

EVENTS = {"accept": "text/event-stream"}
TOKEN = "X-GraphQL-Event-Stream-Token"
HEAD = {"query": "{ ledger { position } }"}
FEED = "subscription ($n: Int = 100) { events(batchSize: $n) { cursor } }"
Frame = dict[str, str]


@pytest.fixture
async def client(empty: Runtime) -> AsyncIterator[AsyncClient]:
    async with served(empty) as address, AsyncClient(base_url=f"http://{address}/graphql") as http:
        yield http


class Stream:
    """An event stream as a browser reads it; frames end with two LF and hold no CR."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self.comments = 0
        self._chunks = response.aiter_bytes()
        self._text = ""
        self._decoder = getincrementaldecoder("utf-8")()

    async def frame(self) -> Frame:
        """The next one that is no comment."""
        while True:
            while "\n\n" not in self._text:
                chunk = await asyncio.wait_for(anext(self._chunks), 10)
                self._text += self._decoder.decode(chunk)
            assert "\r" not in self._text
            frame, _, self._text = self._text.partition("\n\n")
            if not frame.startswith(":"):
                return dict(_field(line) for line in frame.split("\n"))
            self.comments += 1

    async def ended(self) -> bool:
        """Whether nothing follows."""
        return not self._text and [each async for each in self._chunks] == []


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value.removeprefix(" ")


@asynccontextmanager
async def streamed(client: AsyncClient, method: str, **sent: Any) -> AsyncIterator[Stream]:
    headers = EVENTS | sent.pop("headers", {})
    async with client.stream(method, "", headers=headers, **sent) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield Stream(response)


def payload(frame: Frame) -> Any:
    assert frame["event"] == "next"
    return json.loads(frame["data"])


async def test_a_query_is_one_event_and_the_end(client: AsyncClient) -> None:
    async with streamed(client, "POST", json=HEAD) as stream:
        assert payload(await stream.frame())["data"] == {"ledger": {"position": 0}}
        assert await stream.frame() == {"event": "complete", "data": ""}
        assert await stream.ended()


@pytest.mark.parametrize("query", ["{", "{ nope }", "query ($x: Int!) { __typename }"])
async def test_a_refusal_is_an_event_too(client: AsyncClient, query: str) -> None:
    """A status would reach nobody behind an EventSource."""
    async with streamed(client, "GET", params={"query": query}) as stream:
        assert payload(await stream.frame())["errors"][0]["message"]
        assert (await stream.frame())["event"] == "complete"


async def test_a_subscription_goes_on_and_its_events_bear_their_cursor(
    empty: Runtime, client: AsyncClient
) -> None:
    await open_periods(empty, 2001, 2)
    asked = {"query": FEED, "variables": {"n": 1}}
    async with streamed(client, "POST", json=asked) as stream:
        for cursor in (1, 2):
            frame = await stream.frame()
            assert payload(frame)["data"] == {"events": {"cursor": cursor}}
            assert frame["id"] == str(cursor)
        await open_periods(empty, 2003, 1)
        assert (await stream.frame())["id"] == "3"


async def test_a_browser_that_comes_back_goes_on_where_it_was(
    empty: Runtime, client: AsyncClient
) -> None:
    """Its EventSource asks the same address again, and says the last id it had."""
    await open_periods(empty, 2001, 3)
    asked = {"query": FEED, "variables": '{"n": 1}'}
    async with streamed(client, "GET", params=asked, headers={"Last-Event-ID": "2"}) as stream:
        assert (await stream.frame())["id"] == "3"


async def test_a_subscription_streams_also_to_who_would_rather_have_json(
    client: AsyncClient, empty: Runtime
) -> None:
    """As urql does: it lists both in every request."""
    await open_periods(empty, 2001, 1)
    headers = {"accept": "application/json, text/event-stream"}
    async with streamed(client, "POST", json={"query": FEED}, headers=headers) as stream:
        assert payload(await stream.frame())["data"] == {"events": {"cursor": 1}}


async def test_a_quiet_stream_is_kept_alive_with_comments(empty: Runtime) -> None:
    async with (
        served(empty, Settings(ping_seconds=0.01)) as address,
        AsyncClient(base_url=f"http://{address}/graphql") as client,
        streamed(client, "POST", json={"query": FEED}) as stream,
    ):
        feed = asyncio.create_task(stream.frame())
        while stream.comments < 3:  # noqa: ASYNC110 - it is what we wait for
            await asyncio.sleep(0.01)
        await open_periods(empty, 2001, 1)
        assert payload(await feed)["data"] == {"events": {"cursor": 1}}


async def test_streams_end_when_the_service_goes(empty: Runtime, client: AsyncClient) -> None:
    """Without `complete`, so that clients come back elsewhere."""
    async with streamed(client, "POST", json={"query": FEED}) as stream:
        empty.closing.set()
        assert [each async for each in stream.response.aiter_bytes()] == [b":\n\n"]


async def test_one_stream_carries_many_operations(empty: Runtime, client: AsyncClient) -> None:
    token = await reserved(client)
    assert (await operate(client, token, "early", HEAD)).status_code == 202
    async with streamed(client, "GET", headers={TOKEN: token}) as stream:
        early = payload(await stream.frame())
        assert early["id"] == "early"
        assert early["payload"]["data"] == {"ledger": {"position": 0}}
        complete = await stream.frame()
        assert (complete["event"], complete["data"]) == ("complete", '{"id":"early"}')
        for identity in ("one", "two"):
            assert (await operate(client, token, identity, {"query": FEED})).status_code == 202
        await open_periods(empty, 2001, 1)
        frames = [payload(await stream.frame()) for _ in range(2)]
        assert {each["id"] for each in frames} == {"one", "two"}
        stopped = await client.delete("", params={"operationId": "one"}, headers={TOKEN: token})
        assert stopped.status_code == 200
        await open_periods(empty, 2002, 1)
        assert payload(await stream.frame())["id"] == "two"


async def test_what_cannot_be_started_is_refused_over_http(client: AsyncClient) -> None:
    token = await reserved(client)
    refused = {
        "NO_OPERATION_ID": await client.post("", json=HEAD, headers={TOKEN: token}),
        "NO_STREAM": await operate(client, "nobody", "one", HEAD),
        "METHOD_NOT_ALLOWED": await client.get(
            "", params={"query": "mutation { __typename }", "token": token}
        ),
    }
    await operate(client, token, "one", {"query": FEED})
    refused["OPERATION_EXISTS"] = await operate(client, token, "one", HEAD)
    for number in range(OPERATIONS_MAX - 1):
        await operate(client, token, str(number), {"query": FEED})
    refused["TOO_MANY_OPERATIONS"] = await operate(client, token, "more", HEAD)
    for code, response in refused.items():
        assert response.json()["errors"][0]["extensions"]["code"] == code
    assert [each.status_code for each in refused.values()] == [400, 404, 405, 409, 429]


async def test_a_refused_operation_is_an_event_under_its_id(client: AsyncClient) -> None:
    token = await reserved(client)
    asked = {"query": "query ($p: Position!) { event(position: $p) { id } }"}
    assert (await operate(client, token, "bad", asked)).status_code == 202
    async with streamed(client, "GET", headers={TOKEN: token}) as stream:
        frame = payload(await stream.frame())
        assert frame["id"] == "bad"
        assert "$p" in frame["payload"]["errors"][0]["message"]


async def test_a_reservation_is_for_one_stream(client: AsyncClient) -> None:
    token = await reserved(client)
    async with streamed(client, "GET", headers={TOKEN: token}):
        again = await client.get("", headers=EVENTS | {TOKEN: token})
        assert again.status_code == 409
    async with asyncio.timeout(10):  # the server has to notice that the client has gone
        while (await operate(client, token, "late", HEAD)).status_code != 404:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def reserved(client: AsyncClient) -> str:
    response = await client.put("")
    assert response.status_code == 201
    return response.text


async def operate(
    client: AsyncClient, token: str, identity: str, asked: dict[str, Any]
) -> Response:
    asked = {**asked, "extensions": {"operationId": identity}}
    return await client.post("", json=asked, headers={TOKEN: token})
