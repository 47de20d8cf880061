"""Foreign pages (CORS), and what every answer of the endpoint says in its head."""

from collections.abc import AsyncIterator

import pytest
from httpx2 import AsyncClient, Response

from schema.http.settings import Settings
from service.runtime import Runtime
from tests.schema.served import served

APP = "https://app.example.vn"
EXPOSED = "ETag, Link, Retry-After, RateLimit, RateLimit-Policy, Socai-Cursor, Socai-Head"
EVIL = "https://evil.example"
HEAD = {"query": "{ ledger { position } }"}
FEED = {"query": "subscription { events { cursor } }"}
SAFE = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "x"}


@pytest.fixture
async def client(fund: Runtime) -> AsyncIterator[AsyncClient]:
    known = Settings(origins=frozenset({APP, "https://b.example.vn"}))
    async with (
        served(fund, known) as address,
        AsyncClient(base_url=f"http://{address}/graphql") as http,
    ):
        yield http


def cors(response: Response) -> dict[str, str]:
    return {
        name: text for name, text in response.headers.items() if name.startswith("access-control")
    }


async def test_a_known_page_may_read_the_answer_and_what_stands_in_its_head(
    client: AsyncClient,
) -> None:
    for response in (
        await client.post("", json=HEAD, headers={"origin": APP}),
        await client.get("", params=HEAD, headers={"origin": APP}),
        await client.post("", json={"query": "{"}, headers={"origin": APP}),
        await client.put("", headers={"origin": APP}),
    ):
        assert cors(response) == {
            "access-control-allow-origin": APP,
            "access-control-expose-headers": EXPOSED,
        }
        assert "Origin" in response.headers["vary"]


async def test_a_known_page_may_read_an_event_stream(client: AsyncClient) -> None:
    sent = {"origin": APP, "accept": "text/event-stream"}
    async with client.stream("POST", "", json=FEED, headers=sent) as response:
        assert response.headers["access-control-allow-origin"] == APP
        assert SAFE.items() <= dict(response.headers).items()


async def test_a_preflight_is_answered_exactly(client: AsyncClient) -> None:
    response = await client.options("", headers={"origin": APP, **PREFLIGHT})
    assert (response.status_code, response.content) == (200, b"")
    assert cors(response) == {
        "access-control-allow-origin": APP,
        "access-control-allow-methods": "GET, POST, PUT, DELETE",
        "access-control-allow-headers": "Authorization, Content-Type, If-None-Match,"
        " Last-Event-ID, X-GraphQL-Event-Stream-Token",
        "access-control-max-age": "7200",
        "access-control-expose-headers": EXPOSED,
    }


@pytest.mark.parametrize(
    "origin", [EVIL, "null", "*", f"{APP}.evil.example", "http://app.example.vn"]
)
async def test_a_foreign_page_is_told_nothing(client: AsyncClient, origin: str) -> None:
    for response in (
        await client.post("", json=HEAD, headers={"origin": origin}),
        await client.options("", headers={"origin": origin, **PREFLIGHT}),
    ):
        assert cors(response) == {}
        assert "Origin" in response.headers["vary"]
    assert response.status_code == 405


async def test_no_page_is_ever_let_in_with_cookies_or_by_a_star(client: AsyncClient) -> None:
    for origin in (APP, EVIL):
        response = await client.options("", headers={"origin": origin, **PREFLIGHT})
        assert "*" not in cors(response).values()
        assert "access-control-allow-credentials" not in cors(response)


async def test_a_cache_knows_that_the_page_makes_a_difference_also_when_there_is_none(
    client: AsyncClient,
) -> None:
    assert "Origin" in (await client.get("", params=HEAD)).headers["vary"]


async def test_every_answer_is_safe_to_open(client: AsyncClient) -> None:
    for response in (
        await client.post("", json=HEAD),
        await client.get("", params=HEAD),
        await client.post("", content=b"{"),
        await client.request("PATCH", ""),
    ):
        assert SAFE.items() <= dict(response.headers).items()
        assert "strict-transport-security" not in response.headers


async def test_who_is_reached_by_https_alone_says_so(fund: Runtime) -> None:
    async with (
        served(fund, Settings(https=True)) as address,
        AsyncClient(base_url=f"http://{address}/graphql") as http,
    ):
        response = await http.post("", json=HEAD)
    assert response.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
