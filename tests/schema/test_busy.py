"""When all connections are at work: told so within a second, and answered again afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from httpx2 import AsyncClient, Response

from schema.http.settings import Settings
from service.runtime import Runtime
from tests.schema.served import served

HEAD = {"query": "{ ledger { position } }"}
MIXED = {"query": "{ ledger { position } __schema { queryType { name } } }"}
COMMAND = {
    "query": """mutation { openPeriod(
        commandId: "0190aaaa-0000-7000-8000-000000000001"
        circumstances: { effectiveOn: "2019-01-01"
            actor: { id: "lan", role: "CLERK", organisation: "tt1" } }
        input: { code: "p" name: "n" startsOn: "2018-01-01" endsOn: "2020-12-31" }
    ) { __typename } }"""
}
SOON_SECONDS = 2.0
"""One to wait, one for a slow machine."""


@asynccontextmanager
async def held(pool: "asyncpg.Pool[asyncpg.Record]") -> AsyncIterator[None]:
    """All connections of a pool are busy with slow statements."""
    taken = [await pool.acquire() for _ in range(pool.get_max_size())]
    slow = [asyncio.create_task(each.execute("SELECT pg_sleep(60)")) for each in taken]
    await asyncio.sleep(0.1)
    try:
        yield
    finally:
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        for each in taken:
            await pool.release(each)


@pytest.fixture
async def client(empty: Runtime) -> AsyncIterator[AsyncClient]:
    async with (
        served(empty, Settings(cache_bytes=0)) as address,
        AsyncClient(base_url=f"http://{address}/graphql", timeout=30) as http,
    ):
        yield http


async def timed(client: AsyncClient, sent: dict[str, Any]) -> tuple[Response, float]:
    start = asyncio.get_running_loop().time()
    response = await client.post("", json=sent)
    return response, asyncio.get_running_loop().time() - start


@pytest.mark.parametrize("sent", [HEAD, MIXED], ids=["planned", "executed"])
async def test_a_question_that_finds_no_connection_is_refused_within_a_second(
    empty: Runtime, client: AsyncClient, sent: dict[str, Any]
) -> None:
    async with held(empty.reads):
        answers = await asyncio.gather(*(timed(client, sent) for _ in range(5)))
    for response, seconds in answers:
        assert response.status_code == 503, response.text
        assert response.json()["errors"][0]["extensions"]["code"] == "BUSY"
        assert response.headers["retry-after"] == "1"
        assert seconds < SOON_SECONDS
    response, _ = await timed(client, sent)
    assert response.status_code == 200
    assert "errors" not in response.json()


async def test_a_command_that_finds_no_connection_is_refused_and_can_be_sent_again(
    empty: Runtime, client: AsyncClient
) -> None:
    async with held(empty.pool):
        response, seconds = await timed(client, COMMAND)
    assert response.status_code == 503, response.text
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert seconds < SOON_SECONDS
    response, _ = await timed(client, COMMAND)
    assert response.json()["data"] == {"openPeriod": {"__typename": "Recorded"}}
