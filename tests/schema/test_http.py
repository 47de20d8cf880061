"""The endpoint: whatever is sent, the answer is typed JSON, never a stack trace."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from schema.http.app import graphql_app
from schema.http.asking import BODY_BYTES_MAX
from schema.http.counts import Counts
from schema.http.settings import Settings
from schema.planner.run import Connection, Plan
from service.runtime import Runtime

JSON = {"content-type": "application/json"}
GRAPHQL_JSON = "application/graphql-response+json"
HEAD = "{ ledger { position } }"


@pytest.fixture
async def client(fund: Runtime) -> AsyncIterator[AsyncClient]:
    async with asking(fund) as http:
        yield http


def asking(runtime: Runtime, settings: Settings | None = None) -> AsyncClient:
    """A client of the endpoint, which wants the statuses of the new media type."""
    app = graphql_app(runtime, settings)
    return AsyncClient(
        transport=ASGITransport(app=app, raise_app_exceptions=True),
        base_url="http://socai/graphql",
        headers={"accept": GRAPHQL_JSON},
    )


def code_of(response: Response) -> str:
    """The name of the first refusal."""
    code: str = response.json()["errors"][0]["extensions"]["code"]
    assert response.json()["errors"][0]["extensions"]["messageVi"]
    assert "data" not in response.json()
    return code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BAD_JSON"),
        (b"{", "BAD_JSON"),
        (b"\xff\xfe", "BAD_JSON"),
        (b"[" * 100_000, "BAD_JSON"),
        (b"7", "BAD_REQUEST"),
        (b"{}", "BAD_REQUEST"),
        (b'[{"query": "{ledger{position}}"}]', "BATCH"),
        (b'{"query": 1}', "BAD_REQUEST"),
        (b'{"query": "{ledger{position}}", "variables": []}', "BAD_REQUEST"),
        (b'{"query": "{ledger{position}}", "extensions": 1}', "BAD_REQUEST"),
        (b'{"query": "{ledger{position}}", "operationName": 7}', "BAD_REQUEST"),
        (b'{"query": "{ledger{position}}", "operationName": "No"}', "NO_OPERATION"),
        (b'{"query": "query A {ledger{position}} query B {__typename}"}', "NO_OPERATION"),
        (b'{"query": "subscription {events{cursor}}"}', "USE_WEBSOCKET"),
    ],
)
async def test_a_bad_body_is_refused_by_name(client: AsyncClient, body: bytes, code: str) -> None:
    response = await client.post("", content=body, headers=JSON)
    assert response.status_code == 400
    assert code_of(response) == code


@pytest.mark.parametrize(
    "query", ["{", "{ nope }", "{ schemes { nodes } }", "query ($x: Nope) { __typename }", ""]
)
async def test_a_bad_document_is_refused_with_its_place(client: AsyncClient, query: str) -> None:
    """400 where the media type is the new one, 200 where it is the old one."""
    for media, status in ((GRAPHQL_JSON, 400), ("application/json", 200)):
        response = await client.post("", json={"query": query}, headers={"accept": media})
        assert response.status_code == status
        assert response.headers["content-type"] == f"{media}; charset=utf-8"
        assert response.json()["errors"][0]["message"]
        assert "data" not in response.json()


async def test_a_bad_variable_is_refused(client: AsyncClient) -> None:
    query = "query ($p: Position!) { event(position: $p) { id } }"
    bad: list[dict[str, object]] = [{}, *({"p": each} for each in (None, -1, "x", 1.5, 10**30))]
    for sent in bad:
        response = await client.post("", json={"query": query, "variables": sent})
        assert response.status_code == 400, sent
        assert "$p" in response.json()["errors"][0]["message"]


async def test_a_body_beyond_the_limit_is_refused_while_it_is_read(client: AsyncClient) -> None:
    """Whether its length is said beforehand or not."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(BODY_BYTES_MAX // 1_000 + 1):
            yield b" " * 1_000

    for content in (b" " * (BODY_BYTES_MAX + 1), pieces()):
        response = await client.post("", content=content, headers=JSON)
        assert (response.status_code, code_of(response)) == (413, "BODY_TOO_LARGE")


async def test_only_json_is_read(client: AsyncClient) -> None:
    """A form of a foreign page cannot speak to the ledger."""
    for said in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=x"):
        response = await client.post("", content=b"query=1", headers={"content-type": said})
        assert response.status_code == 415
        assert code_of(response) == "UNSUPPORTED_MEDIA_TYPE"


async def test_a_query_may_be_asked_over_get(client: AsyncClient) -> None:
    asked = {
        "query": "query A($c: String!) { period(code: $c) { code } } query B { __typename }",
        "variables": '{"c": "2018-2020"}',
        "operationName": "A",
    }
    response = await client.get("", params=asked)
    assert response.json()["data"] == {"period": {"code": "2018-2020"}}


async def test_a_get_changes_nothing(client: AsyncClient) -> None:
    response = await client.get("", params={"query": "mutation { __typename }"})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert code_of(response) == "METHOD_NOT_ALLOWED"


async def test_a_get_with_json_that_is_none_is_refused(client: AsyncClient) -> None:
    response = await client.get("", params={"query": HEAD, "variables": "{"})
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


async def test_get_can_be_forbidden(fund: Runtime) -> None:
    async with asking(fund, Settings(get=False)) as client:
        response = await client.get("", params={"query": HEAD})
        assert response.status_code == 405
        assert response.headers["allow"] == "POST, PUT, DELETE"
        assert (await client.post("", json={"query": HEAD})).status_code == 200


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "OPTIONS", "DELETE"])
async def test_other_methods_are_told_which_there_are(client: AsyncClient, method: str) -> None:
    response = await client.request(method, "")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST, PUT, DELETE"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json", "application/json"),
        ("Application/JSON; q=0.5", "application/json"),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}, application/json;q=0.9", GRAPHQL_JSON),
        (f"application/json, {GRAPHQL_JSON}", "application/json"),
        (f"application/json;q=0.2, {GRAPHQL_JSON};q=0.3", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0, */*", "application/json"),
        (f"{GRAPHQL_JSON}, application/json, text/event-stream, multipart/mixed", GRAPHQL_JSON),
        ("text/event-stream, application/json;q=0.1", "application/json"),
    ],
)
async def test_the_media_type_is_the_one_asked_for(
    client: AsyncClient, accept: str, media: str
) -> None:
    """JSON wherever it is acceptable: urql lists the event stream in every request."""
    response = await client.post("", json={"query": HEAD}, headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*;q=0", "", "x;q=y"])
async def test_who_takes_nothing_of_ours_is_told_so(client: AsyncClient, accept: str) -> None:
    response = await client.post("", json={"query": HEAD}, headers={"accept": accept})
    assert (response.status_code, code_of(response)) == (406, "NOT_ACCEPTABLE")


async def test_introspection_can_be_closed(fund: Runtime) -> None:
    """Neither asked for nor told by the way, name by name."""
    async with asking(fund, Settings(introspection=False)) as client:
        for query in ("{ __schema { types { name } } }", '{ __type(name: "Query") { name } }'):
            assert code_of(await client.post("", json={"query": query})) == "INTROSPECTION_OFF"
        assert "data" in (await client.post("", json={"query": "{ __typename }"})).json()
        hidden = (await client.post("", json={"query": "{ schem { code } }"})).text
    async with asking(fund) as client:
        shown = (await client.post("", json={"query": "{ schem { code } }"})).text
    assert "Did you mean" in shown
    assert "Did you mean" not in hidden


async def test_introspection_and_data_can_be_asked_together(client: AsyncClient) -> None:
    query = "{ __schema { queryType { name } } ledger { position } }"
    body = (await client.post("", json={"query": query})).json()
    assert body["data"]["__schema"]["queryType"]["name"] == "Query"
    assert body["data"]["ledger"]["position"] > 0
    assert body["extensions"]["ledger"]["position"] == body["data"]["ledger"]["position"]


async def test_an_endless_document_is_refused_while_it_is_read(client: AsyncClient) -> None:
    response = await client.post("", json={"query": "{" + " it" * 3000 + "}"})
    assert response.status_code == 400
    assert "tokens" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (asyncpg.ConnectionDoesNotExistError(), 503, "UNAVAILABLE"),
        (TimeoutError(), 504, "DEADLINE"),
        (asyncpg.QueryCanceledError(), 504, "DEADLINE"),
        (RuntimeError("a secret"), 500, "INTERNAL"),
    ],
)
async def test_what_fails_is_said_by_name_and_without_its_text(
    client: AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    code: str,
) -> None:
    """Whoever may ask again is told when; a bug has a number."""

    async def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(Plan, "run", fails)
    response = await client.post("", json={"query": HEAD})
    assert (response.status_code, code_of(response)) == (status, code)
    assert response.headers.get("retry-after") == (None if status == 500 else "1")
    assert "secret" not in response.text


async def test_a_statement_that_takes_too_long_is_given_up(
    fund: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(_: Plan, connection: Connection, values: Sequence[Any]) -> None:
        await connection.fetchrow("SELECT pg_sleep(60)")

    monkeypatch.setattr(Plan, "run", slow)
    async with asking(fund, Settings(deadline_seconds=0.05)) as client:
        response = await client.post("", json={"query": HEAD})
    assert (response.status_code, code_of(response)) == (504, "DEADLINE")


async def test_a_question_may_change_nothing(fund: Runtime) -> None:
    """Whatever the planner might be talked into."""
    async with fund.reads.acquire() as connection:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await connection.execute("UPDATE model.moment SET position = position")
        assert await connection.fetchval("SHOW statement_timeout") == "10s"


async def test_answers_are_counted_by_their_way(fund: Runtime) -> None:
    counts = Counts()
    transport = ASGITransport(app=graphql_app(fund, None, counts))
    async with AsyncClient(transport=transport, base_url="http://socai/graphql") as client:
        for query in (HEAD, HEAD, "{ __schema { queryType { name } } }"):
            await client.post("", json={"query": query})
    assert (counts.planned, counts.cached, counts.executed) == (1, 1, 1)
    assert 'socai_graphql_answers_total{path="cached"} 1\n' in counts.text()


async def test_without_the_planner_the_executor_answers_the_same(fund: Runtime) -> None:
    query = "{ periods { edges { node { code schemes(first: 3) { edges { node { code } } } } } } }"
    counts = Counts()
    transport = ASGITransport(app=graphql_app(fund, Settings(planner=False), counts))
    async with AsyncClient(transport=transport, base_url="http://socai/graphql") as client:
        executed = (await client.post("", json={"query": query})).json()["data"]
    async with asking(fund) as client:
        planned = (await client.post("", json={"query": query})).json()["data"]
    assert executed == planned
    assert (counts.executed, counts.planned) == (1, 0)
