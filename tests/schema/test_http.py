"""The endpoint: whatever is sent, the answer is typed JSON, never a stack trace."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from httpx2 import ASGITransport, AsyncClient

from schema.http import BODY_BYTES_MAX, graphql_app
from schema.planner.run import Plan
from service.runtime import Runtime

JSON = {"content-type": "application/json"}


@pytest.fixture
async def client(fund: Runtime) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(app=graphql_app(fund), raise_app_exceptions=True)
    async with AsyncClient(transport=transport, base_url="http://socai") as http:
        yield http


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BAD_JSON"),
        (b"{", "BAD_JSON"),
        (b"\xff\xfe", "BAD_JSON"),
        (b"[]", "BAD_REQUEST"),
        (b'{"query": 1}', "BAD_REQUEST"),
        (b'{"query": "{ledger{position}}", "variables": []}', "BAD_REQUEST"),
        (b'{"query": "{ledger{position}}", "operationName": 7}', "BAD_REQUEST"),
        (b'{"query": "{ledger{position}}", "operationName": "No"}', "NO_OPERATION"),
        (b'{"query": "query A {ledger{position}} query B {__typename}"}', "NO_OPERATION"),
        (b'{"query": "subscription {events{cursor}}"}', "USE_WEBSOCKET"),
    ],
)
async def test_a_bad_body_is_refused_by_name(client: AsyncClient, body: bytes, code: str) -> None:
    response = await client.post("/graphql", content=body, headers=JSON)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize(
    "query", ["{", "{ nope }", "{ schemes { nodes } }", "query ($x: Nope) { __typename }", ""]
)
async def test_a_bad_document_is_refused_with_its_place(client: AsyncClient, query: str) -> None:
    response = await client.post("/graphql", json={"query": query})
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"]
    assert "data" not in response.json()


async def test_a_bad_variable_is_refused(client: AsyncClient) -> None:
    query = "query ($p: Position!) { event(position: $p) { id } }"
    bad: list[dict[str, object]] = [{}, *({"p": each} for each in (None, -1, "x", 1.5, 10**30))]
    for sent in bad:
        response = await client.post("/graphql", json={"query": query, "variables": sent})
        assert response.status_code == 400, sent
        assert "errors" in response.json()


async def test_a_body_beyond_the_limit_is_refused_while_it_is_read(client: AsyncClient) -> None:
    response = await client.post("/graphql", content=b" " * (BODY_BYTES_MAX + 1), headers=JSON)
    assert response.status_code == 413


async def test_only_json_is_read(client: AsyncClient) -> None:
    """A form of a foreign page cannot speak to the ledger."""
    response = await client.post(
        "/graphql", content=b"query=1", headers={"content-type": "text/plain"}
    )
    assert response.status_code == 415


async def test_only_post_asks(client: AsyncClient) -> None:
    response = await client.get("/graphql", params={"query": "{__typename}"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


async def test_the_media_type_is_the_one_asked_for(client: AsyncClient) -> None:
    media = "application/graphql-response+json"
    response = await client.post(
        "/graphql", json={"query": "{__typename}"}, headers={"accept": media}
    )
    assert response.headers["content-type"].startswith(media)


async def test_introspection_and_data_can_be_asked_together(client: AsyncClient) -> None:
    query = "{ __schema { queryType { name } } ledger { position } }"
    body = (await client.post("/graphql", json={"query": query})).json()
    assert body["data"]["__schema"]["queryType"]["name"] == "Query"
    assert body["data"]["ledger"]["position"] > 0
    assert body["extensions"]["ledger"]["position"] == body["data"]["ledger"]["position"]


async def test_an_endless_document_is_refused_while_it_is_read(client: AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{" + " it" * 3000 + "}"})
    assert response.status_code == 400
    assert "tokens" in response.json()["errors"][0]["message"]


async def test_an_outage_is_said_as_one(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 and when to come back, not a bug's number."""

    async def gone(*_: object) -> None:
        raise asyncpg.ConnectionDoesNotExistError

    monkeypatch.setattr(Plan, "run", gone)
    response = await client.post("/graphql", json={"query": "{ ledger { position } }"})
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"


async def test_a_bug_is_an_incident_without_its_text(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(Plan, "run", broken)
    response = await client.post("/graphql", json={"query": "{ ledger { position } }"})
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in response.text
