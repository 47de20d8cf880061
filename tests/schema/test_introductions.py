"""How a caller says who he is, on every transport, and how long that holds."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient
from websockets.asyncio.client import ClientConnection, connect

from events.vocabulary import Role
from schema.access.principal import READ, Principal
from schema.http.app import graphql_app
from schema.http.settings import Settings
from service.runtime import Runtime
from tests.schema.callers import Known, caller
from tests.schema.fundings import begun
from tests.schema.served import served
from tests.schema.test_access import register
from tests.schema.test_socket import PROTOCOL, code, said, say

ME = "{ me { principal } }"
FACILITIES = "{ facilities { totalCount } }"
FEED = "subscription { events { events { type stream } } }"


@asynccontextmanager
async def asking(runtime: Runtime, door: Known) -> AsyncIterator[AsyncClient]:
    app = graphql_app(replace(runtime, door=door))
    async with AsyncClient(
        transport=ASGITransport(app=app), base_url="http://socai/graphql"
    ) as http:
        yield http


def bearer(who: str) -> dict[str, str]:
    return {"authorization": f"Bearer {who}"}


async def test_whoever_shows_nothing_is_the_public(fund: Runtime) -> None:
    async with asking(fund, Known()) as http:
        nobody = await http.post("", json={"query": ME})
        somebody = await http.post("", json={"query": ME}, headers=bearer("auditor"))
    assert nobody.json()["data"] == {"me": None}
    assert somebody.json()["data"] == {"me": {"principal": "auditor"}}


@pytest.mark.parametrize("shown", ["Bearer nobody", "Bearer", "Basic bGFuOng=", "auditor", ""])
async def test_a_bad_credential_is_no_stranger(fund: Runtime, shown: str) -> None:
    async with asking(fund, Known()) as http:
        refused = await http.post("", json={"query": ME}, headers={"authorization": shown})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer ")
    (error,) = refused.json()["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert "data" not in refused.json()


async def test_a_credential_made_to_read_neither_writes_nor_follows(fund: Runtime) -> None:
    reader = Principal(
        id=caller(Role.ADMIN).id,
        mandates=caller(Role.ADMIN).mandates,
        scopes=frozenset({READ}),
    )
    door = Known({"reader": reader})
    command = """mutation { revokeMandate(commandId: "018f0000-0000-7000-8000-000000000001",
        input: {principal: "x", mandateId: "1", reason: "x"},
        circumstances: {effectiveOn: "2026-01-01"}) { __typename } }"""
    async with asking(fund, door) as http:
        assert (await http.post("", json={"query": ME}, headers=bearer("reader"))).is_success
        refused = await http.post("", json={"query": command}, headers=bearer("reader"))
        asked = {**bearer("reader"), "accept": "text/event-stream"}
        followed = await http.post("", json={"query": FEED}, headers=asked)
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["extensions"]["asked"] == "scope write"
    assert '"asked":"scope follow"' in followed.text
    assert [each.asked for each in door.book] == ["scope write", "scope follow"]


async def test_a_cache_keeps_the_answers_of_callers_apart(fund: Runtime) -> None:
    """By Vary, by privacy, and by a tag that is another for each who is somebody."""
    asked = {"query": "{ asOf(position: 5) { facilities { totalCount } } }"}
    async with asking(fund, Known()) as http:
        public = await http.get("", params=asked)
        auditor = await http.get("", params=asked, headers=bearer("auditor"))
        tags = {public.headers["etag"], auditor.headers["etag"]}
        again = {**bearer("neighbour"), "if-none-match": ", ".join(tags)}
        other = await http.get("", params=asked, headers=again)
    assert public.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert auditor.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert len(tags) == 2
    assert other.status_code == 200
    assert "authorization" in other.headers["vary"].lower()


async def test_two_callers_of_a_kind_are_not_answered_from_one_anothers_memory(
    empty: Runtime,
) -> None:
    """One plan, two provinces: what one was answered is not kept for the other."""
    await begun(empty)
    await register(empty)
    async with asking(empty, Known()) as http:
        counts = [
            (await http.post("", json={"query": FACILITIES}, headers=bearer(who))).json()["data"]
            for who in ("operator", "neighbour", "operator", "neighbour")
        ]
    assert [each["facilities"]["totalCount"] for each in counts] == [2, 1, 2, 1]


@asynccontextmanager
async def socket(
    runtime: Runtime, door: Known, settings: Settings | None = None
) -> AsyncIterator[ClientConnection]:
    async with (
        served(replace(runtime, door=door), settings) as address,
        connect(f"ws://{address}/graphql", subprotocols=[PROTOCOL]) as connected,
    ):
        yield connected


async def introduced(connected: ClientConnection, who: str) -> Any:
    await say(connected, type="connection_init", payload={"authorization": f"Bearer {who}"})
    return await said(connected)


async def test_a_socket_is_introduced_in_its_first_message(fund: Runtime) -> None:
    async with socket(fund, Known()) as connected:
        assert await introduced(connected, "auditor") == {"type": "connection_ack"}
        await say(connected, type="subscribe", id="1", payload={"query": ME})
        answer = await said(connected)
    assert answer["payload"]["data"] == {"me": {"principal": "auditor"}}


async def test_a_socket_with_a_bad_credential_is_closed(fund: Runtime) -> None:
    async with socket(fund, Known()) as connected:
        await say(connected, type="connection_init", payload={"authorization": "Bearer nobody"})
        assert await code(connected) == (4403, "Forbidden")


async def test_a_socket_ends_with_its_credential(fund: Runtime) -> None:
    brief = replace(caller(Role.AUDITOR), expires=time.time() + 1)

    class Brief(Known):
        async def principal(self, credential: str) -> Principal:
            if time.time() > (brief.expires or 0):
                return await super().principal("nobody")
            return brief if credential == "brief" else await super().principal(credential)

    quick = Settings(init_seconds=0.6, ping_seconds=30)
    async with socket(fund, Brief(), quick) as connected:
        assert (await introduced(connected, "brief"))["type"] == "connection_ack"
        assert await code(connected) == (4401, "Credential no longer accepted")


async def test_a_feed_ends_when_its_reader_is_no_longer_let_in(empty: Runtime) -> None:
    await begun(empty)
    door = Known()
    async with socket(empty, door) as connected:
        await introduced(connected, "auditor")
        await say(connected, type="subscribe", id="1", payload={"query": FEED})
        assert (await said(connected))["type"] == "next"
        del door.callers["auditor"]
        await register(empty)
        ended = await said(connected)
    assert ended["type"] == "error"
    assert ended["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def streams(runtime: Runtime, who: str, events: int) -> list[str]:
    """What the feed tells somebody of so many events, in pieces of one."""
    query = f"subscription {{ events(batchSize: {events}) {{ cursor events {{ stream type }} }} }}"
    async with socket(runtime, Known()) as connected:
        if who == "public":
            await say(connected, type="connection_init")
            await said(connected)
        else:
            await introduced(connected, who)
        await say(connected, type="subscribe", id="1", payload={"query": query})
        seen: list[str] = []
        head = (await runtime.log.head()).position
        while True:
            batch = (await asyncio.wait_for(said(connected), 10))["payload"]["data"]["events"]
            seen += [f"{each['stream']} {each['type']}" for each in batch["events"]]
            if batch["cursor"] == head:
                return seen


async def test_a_feed_tells_each_what_was_his_to_know_when_it_happened(empty: Runtime) -> None:
    """The same in pieces of any size: it is decided by the event's own position."""
    await begun(empty)
    await register(empty)
    told = {
        (who, size): await streams(empty, who, size)
        for who in ("public", "neighbour", "operator", "auditor")
        for size in (1, 3, 500)
    }
    for who in ("public", "neighbour", "operator", "auditor"):
        assert told[who, 1] == told[who, 3] == told[who, 500]
    assert told["public", 1] == told["neighbour", 1]
    assert "facility-hidden FacilityRegistered" in told["operator", 1]
    assert "facility-hidden FacilityRegistered" not in told["neighbour", 1]
    assert "scheme-textiles SchemeProposed" not in told["operator", 1]
    assert "scheme-textiles SchemeApproved" in told["public", 1]
    assert len(told["auditor", 1]) == (await empty.log.head()).position
