"""Subscriptions: answered once for all who ask the same, and told how far they are."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from typing import Any

import orjson
import pytest
from gql import Client, GraphQLRequest
from gql.transport.websockets import WebsocketsTransport
from httpx2 import AsyncClient

from schema import stream
from schema.context import Context
from service.runtime import Runtime
from tests.schema.callers import Known
from tests.schema.served import served
from tests.schema.test_sse import payload, streamed
from tests.schema.test_stream import open_periods

SHARED = """subscription ($n: Position!, $with: Boolean!) {
    events(after: $n, batchSize: 4) { cursor events { position leaf @include(if: $with) } } }"""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every time that the database is asked for a planned field of a subscription."""
    found: list[object] = []
    splice = Context.splice

    async def counted(self: Context, info: Any, source: object) -> orjson.Fragment:
        found.append(source)
        return await splice(self, info, source)

    monkeypatch.setattr(Context, "splice", counted)
    return found


async def test_equal_questions_at_the_same_place_are_answered_once(
    empty: Runtime, asked: list[object]
) -> None:
    await open_periods(empty, 2001, 12)
    async with served(empty) as address, AsyncExitStack() as stack:
        feeds = [
            await _subscribed(stack, address, {"n": n, "with": is_with})
            for n in (0, 0, 4, 8)
            for is_with in (True, False)
        ]
        await asyncio.gather(*(_until(feed, 12) for feed in feeds))
        asked.clear()
        await open_periods(empty, 2101, 1)
        told = await asyncio.gather(*(_until(feed, 13) for feed in feeds))
    assert len(asked) == 2, "once for who wants the leaf, once for who does not"
    assert [set(batch["events"][0]) for batch in told] == [{"position", "leaf"}, {"position"}] * 4


@pytest.mark.parametrize("error", [TimeoutError(), OSError(), RuntimeError("a bug")])
async def test_a_failure_is_of_its_moment_alone(
    empty: Runtime, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Nobody who comes later to the same place is told of it; of a late answer not even he."""
    answer, is_broken = Context.answer, True

    async def sometimes(self: Context, plan: Any, variables: Any) -> Any:
        nonlocal is_broken
        if is_broken:
            is_broken = False
            raise error
        return await answer(self, plan, variables)

    monkeypatch.setattr(Context, "answer", sometimes)
    await open_periods(empty, 2001, 1)
    document = {"query": "subscription { events { events { position } } }"}
    async with served(empty) as address:
        told = [await _first(address, document, "lan") for _ in range(3)]
    first = told[0] if isinstance(error, RuntimeError) else told.pop(0)
    assert ("errors" in first) is isinstance(error, RuntimeError)
    assert not is_broken
    for each in told[1:]:
        assert each["data"] == {"events": {"events": [{"position": 1}]}}


async def test_who_sees_less_shares_nothing_with_who_sees_more(empty: Runtime) -> None:
    """The same question, at the same place, of callers with different rights."""
    runtime = replace(empty, door=Known())
    await open_periods(empty, 2001, 1)
    document = {"query": "subscription { events { events { body } } }"}
    async with served(runtime) as address:
        shown = [await _first(address, document, who) for who in ("auditor", "", "auditor")]
    bodies = [shown[n]["data"]["events"]["events"][0]["body"] for n in (0, 2)]
    assert bodies[0] == bodies[1]
    assert bodies[0].startswith('{"actor"')
    assert shown[1]["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_filtered_follower_goes_on_although_nothing_is_for_him(
    empty: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """He is told when he has caught up, and then now and then."""
    await open_periods(empty, 2001, 3)
    document = """subscription { events(filter: {types: [FacilityRegistered]}) {
        cursor head events { position } } }""".replace("[F", '["F').replace("d]", 'd"]')
    async with served(empty) as address, AsyncExitStack() as stack:
        feed = await _subscribed(stack, address, {}, document)
        batch: dict[str, Any] = {"cursor": 0}
        while batch["cursor"] < 3:
            batch = (await asyncio.wait_for(anext(feed), 10))["events"]
        assert batch == {"cursor": 3, "head": 3, "events": []}
        monkeypatch.setattr(stream, "ADVANCE_SECONDS", 0.0)
        await open_periods(empty, 2004, 1)
        batch = (await asyncio.wait_for(anext(feed), 10))["events"]
        assert batch == {"cursor": 4, "head": 4, "events": []}


async def test_a_client_is_told_when_to_ask_again(empty: Runtime) -> None:
    document = "subscription { ledger { position } }"
    async with served(empty) as address, AsyncExitStack() as stack:
        feed = await _subscribed(stack, address, {}, document)
        assert await asyncio.wait_for(anext(feed), 10) == {"ledger": {"position": 0}}
        for n in (1, 2):
            await open_periods(empty, 2000 + n, 1)
            told = await asyncio.wait_for(anext(feed), 10)
            assert told == {"ledger": {"position": n}}
            assert empty.projector.position >= n


async def test_a_client_is_told_of_what_concerns_him_alone(empty: Runtime) -> None:
    document = """subscription { ledger(filter: {streams: ["period-2003"]}) { position } }"""
    async with served(empty) as address, AsyncExitStack() as stack:
        feed = await _subscribed(stack, address, {}, document)
        assert await asyncio.wait_for(anext(feed), 10) == {"ledger": {"position": 0}}
        await open_periods(empty, 2001, 4)
        told = await asyncio.wait_for(anext(feed), 10)
        assert told["ledger"]["position"] >= 3


async def _subscribed(
    stack: AsyncExitStack, address: str, variables: dict[str, Any], document: str = SHARED
) -> AsyncIterator[dict[str, Any]]:
    transport = WebsocketsTransport(url=f"ws://{address}/graphql")
    session = await stack.enter_async_context(Client(transport=transport))
    request = GraphQLRequest(document, variable_values=variables)
    return await stack.enter_async_context(aclosing(session.subscribe(request)))


async def _first(address: str, document: dict[str, str], who: str) -> dict[str, Any]:
    """The first answer to a caller."""
    headers = {"authorization": f"Bearer {who}"} if who else {}
    async with (
        AsyncClient(base_url=f"http://{address}/graphql", headers=headers) as http,
        streamed(http, "POST", json=document) as feed,
    ):
        return payload(await feed.frame())


async def _until(feed: AsyncIterator[dict[str, Any]], cursor: int) -> dict[str, Any]:
    async for message in feed:
        batch: dict[str, Any] = message["events"]
        if batch["events"] and batch["cursor"] >= cursor:
            return batch
    raise AssertionError
