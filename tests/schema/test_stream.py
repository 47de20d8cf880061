"""The feed over graphql-transport-ws, with a client that nobody here wrote."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

from events.envelope import Actor, Order
from events.identity import PeriodCode
from events.period import OpenPeriod
from schema import context
from schema.planner.run import Plan
from service.runtime import Runtime
from tests.schema.served import served

FEED = """subscription ($after: Position!, $batch: Int!) {
      events(after: $after, batchSize: $batch) {
        cursor head events { position type fact { ... on PeriodOpened { code } } } } }"""


@pytest.fixture
async def url(empty: Runtime) -> AsyncIterator[str]:
    """A real server over the fresh ledger."""
    async with served(empty) as address:
        yield f"ws://{address}/graphql"


async def open_periods(runtime: Runtime, first: int, count: int) -> None:
    """Record `count` periods, one a year."""
    for year in range(first, first + count):
        command = OpenPeriod(
            code=PeriodCode(str(year)),
            name="Năm",
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
        )
        actor = Actor(id="a", role="r", organisation="o")
        await runtime.ledger.handle(
            Order(command=command, command_id=uuid4(), effective_on=date(2020, 1, 1), actor=actor)
        )


async def follow(url: str, after: int, until: int, batch: int = 7) -> list[dict[str, object]]:
    """Every event after a position, up to another, as the client received them."""
    got: list[dict[str, object]] = []
    transport = WebsocketsTransport(url=url)
    async with Client(transport=transport) as session:
        request = GraphQLRequest(FEED, variable_values={"after": after, "batch": batch})
        async with aclosing(session.subscribe(request)) as feed:
            async for message in feed:
                sent = message["events"]
                got += sent["events"]
                assert sent["cursor"] == got[-1]["position"]
                assert sent["head"] >= sent["cursor"]
                if sent["cursor"] >= until:
                    break
    return got


async def test_a_feed_is_planned_once(
    empty: Runtime, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its batches differ in their ends alone, which are parameters."""
    planned: list[object] = []
    plan_fields = context.plan_fields

    def counted(*args: Any, **kwargs: Any) -> Plan:
        planned.append(args)
        return plan_fields(*args, **kwargs)

    monkeypatch.setattr(context, "plan_fields", counted)
    await open_periods(empty, 2001, 20)
    got = await follow(url, 0, 20, batch=3)
    assert [each["position"] for each in got] == list(range(1, 21))
    assert len(planned) == 1


async def test_what_was_recorded_and_what_comes_arrive_once_in_order(
    empty: Runtime, url: str
) -> None:
    """Catch up, then live, without a seam."""
    await open_periods(empty, 2001, 20)
    feed = asyncio.create_task(follow(url, 0, 40))
    await asyncio.sleep(0.1)
    await open_periods(empty, 2021, 20)
    events = await asyncio.wait_for(feed, 20)
    assert [each["position"] for each in events] == list(range(1, 41))
    assert events[0]["fact"] == {"code": "2001"}


async def test_a_reader_resumes_at_its_cursor(empty: Runtime, url: str) -> None:
    await open_periods(empty, 2001, 20)
    first = await asyncio.wait_for(follow(url, 0, 7), 20)
    rest = await asyncio.wait_for(follow(url, int(str(first[-1]["position"])), 20), 20)
    assert [each["position"] for each in first + rest] == list(range(1, 21))


async def test_a_batch_has_1_to_500_events(url: str) -> None:
    with pytest.raises(TransportQueryError, match="batchSize"):
        await asyncio.wait_for(follow(url, 0, 1, batch=501), 20)
