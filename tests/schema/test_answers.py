"""Answers that are kept: exact, told apart by position, asked for once, bounded in bytes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from projections.projector import NotYetProjected
from schema.http.app import graphql_app
from schema.http.counts import Counts
from schema.http.settings import Settings
from schema.planner.run import Answer, Connection, Plan
from service.runtime import Runtime
from tests.schema.test_stream import open_periods

HEAD = "{ ledger { position } }"
PERIODS = "query ($n: Int) { periods(first: $n) { edges { node { code } } } }"
NOW_OR_THEN = "query ($p: Position) { asOf(position: $p) { ledger { position } } }"
THEN = "query ($p: Position!) { asOf(position: $p) { periods { edges { node { code } } } } }"


class Asker:
    """A client of one endpoint, and what the endpoint counted."""

    def __init__(self, runtime: Runtime, settings: Settings | None = None) -> None:
        self.counts = Counts()
        transport = ASGITransport(app=graphql_app(runtime, settings, self.counts))
        self.http = AsyncClient(transport=transport, base_url="http://socai/graphql")

    async def get(self, query: str, variables: str = "{}", etag: str | None = None) -> Response:
        headers = {} if etag is None else {"if-none-match": etag}
        return await self.http.get(
            "", params={"query": query, "variables": variables}, headers=headers
        )


@pytest.fixture
async def asker(empty: Runtime) -> AsyncIterator[Asker]:
    asker = Asker(empty)
    async with asker.http:
        yield asker


async def recorded(runtime: Runtime, year: int) -> None:
    """One more period, and this process knows of it."""
    await open_periods(runtime, year, 1)
    await runtime.projector.wait_for((await runtime.log.head()).position, 10)


async def test_the_etag_is_the_position_until_something_is_recorded(
    empty: Runtime, asker: Asker
) -> None:
    first = await asker.get(HEAD)
    etag = first.headers["etag"]
    assert etag.startswith('"0.0-')
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "Accept, Authorization"
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        again = await asker.get(HEAD, etag=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert asker.counts.planned == 1  # the database was asked no more
    await recorded(empty, 2001)
    changed = await asker.get(HEAD, etag=etag)
    assert changed.json()["data"] == {"ledger": {"position": 1}}
    assert changed.headers["etag"].startswith('"1.0-')


async def test_an_etag_is_of_one_question_and_its_variables(asker: Asker) -> None:
    """Also where a variable shapes the plan, and where a text is another's beginning."""
    named = "query A { ledger { position } } query B { ledger { position } }"
    asked = [
        (HEAD, "{}"),
        (HEAD + " ", "{}"),
        (NOW_OR_THEN, "{}"),
        (NOW_OR_THEN, '{"p": 0}'),
        (PERIODS, '{"n": 1}'),
        (PERIODS, '{"n": 2}'),
    ]
    tags = {(await asker.get(*each)).headers["etag"] for each in asked}
    for name in ("A", "B"):
        sent = {"query": named, "operationName": name}
        tags.add((await asker.http.get("", params=sent)).headers["etag"])
    assert len(tags) == len(asked) + 2


async def test_the_past_is_immutable_and_its_answer_outlives_what_is_recorded(
    empty: Runtime, asker: Asker
) -> None:
    await recorded(empty, 2001)
    then = await asker.get(THEN, '{"p": 1}')
    assert then.headers["cache-control"] == "public, max-age=31536000, immutable"
    await recorded(empty, 2002)
    again = await asker.get(THEN, '{"p": 1}')
    assert again.content == then.content
    assert (await asker.get(THEN, '{"p": 1}', then.headers["etag"])).status_code == 304
    assert asker.counts.planned == 1


@pytest.mark.parametrize(
    "query",
    [
        "{ asOf(position: 0) { ledger { position } } ledger { position } }",
        '{ asOf(effectiveOn: "2020-01-01") { periods { edges { node { code } } } } }',
        "query ($p: Position) { asOf(position: $p) { periods { edges { node { code } } } } }",
        "{ asOf(position: null) { ledger { position } } }",
        '{ asOf(recordedAt: "2020-01-01T00:00:00Z") { ledger { position } } }',
    ],
)
async def test_what_may_still_change_is_not_called_immutable(asker: Asker, query: str) -> None:
    response = await asker.get(query)
    assert "data" in response.json()
    assert response.headers["cache-control"] == "private, no-cache"
    assert not response.headers["etag"].startswith('"asof')


async def test_a_refusal_is_neither_kept_nor_called_the_same(asker: Asker, empty: Runtime) -> None:
    ahead = await asker.get(THEN, '{"p": 1}')
    assert ahead.json()["errors"][0]["extensions"]["code"] == "POSITION_AHEAD"
    assert ahead.headers["cache-control"] == "no-store"
    assert "etag" not in ahead.headers
    await recorded(empty, 2001)
    assert "data" in (await asker.get(THEN, '{"p": 1}')).json()


async def test_an_answer_is_kept_until_something_is_recorded(empty: Runtime, asker: Asker) -> None:
    for _ in range(3):
        response = await asker.http.post("", json={"query": HEAD})
        assert response.json()["extensions"]["ledger"] == {"position": 0}
    assert (asker.counts.planned, asker.counts.cached) == (1, 2)
    await recorded(empty, 2001)
    assert (await asker.get(HEAD)).json()["data"] == {"ledger": {"position": 1}}


async def test_nobody_is_answered_from_before_what_this_process_has_shown(
    empty: Runtime, asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may have moved the read models without our projector knowing yet."""
    assert (await asker.get(PERIODS)).json()["extensions"]["ledger"]["position"] == 0
    await recorded(empty, 2001)
    monkeypatch.setattr(type(empty.projector), "position", 0)
    assert (await asker.get(HEAD)).json()["data"] == {"ledger": {"position": 0 + 1}}
    assert (await asker.get(PERIODS)).json()["extensions"]["ledger"]["position"] == 1


async def test_equal_questions_that_come_together_are_put_once(
    empty: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go = 0, asyncio.Event()

    async def slow(_: Plan, _c: Connection, _v: Sequence[Any]) -> Answer:
        nonlocal asked
        asked += 1
        await go.wait()
        return Answer('{"x":1}', 0)

    monkeypatch.setattr(Plan, "run", slow)
    asker = Asker(empty)
    async with asker.http, asyncio.TaskGroup() as group:
        tasks = [group.create_task(asker.get(HEAD)) for _ in range(5)]
        tasks += [group.create_task(asker.get(PERIODS, '{"n": 1}'))]
        while asked < 2:  # noqa: ASYNC110 - it is what we wait for
            await asyncio.sleep(0)
        go.set()
    assert {each.result().json()["data"]["x"] for each in tasks} == {1}
    assert asked == 2


async def test_with_no_bytes_nothing_is_kept(empty: Runtime) -> None:
    asker = Asker(empty, Settings(cache_bytes=0))
    async with asker.http:
        for _ in range(2):
            await asker.get(HEAD)
    assert (asker.counts.planned, asker.counts.cached) == (2, 0)


async def test_a_question_waits_for_the_position_it_asks_to_see(
    empty: Runtime, asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Plan, "awaits", _awaits(1))
    asking = asyncio.create_task(asker.get(HEAD))
    await asyncio.sleep(0)
    await open_periods(empty, 2001, 1)
    assert (await asking).json()["data"] == {"ledger": {"position": 1}}

    async def late(*_: object) -> None:
        raise NotYetProjected

    monkeypatch.setattr(Plan, "awaits", _awaits(7))
    monkeypatch.setattr(type(empty.projector), "wait_for", late)
    refused = await asker.get(HEAD)
    assert refused.status_code in {200, 400}  # by its media type: the question's own fault
    extensions = refused.json()["errors"][0]["extensions"]
    assert {each: extensions[each] for each in ("code", "asked", "head")} == {
        "code": "NOT_YET_READABLE",
        "asked": 7,
        "head": 1,
    }


def _awaits(position: int) -> Callable[..., int]:
    def awaits(*_: object) -> int:
        return position

    return awaits


async def test_an_answer_that_depends_on_the_date_changes_with_it(
    empty: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker, query = Asker(empty), "{ asOf(position: 0) { ledger { position } provinces { name } } }"
    async with asker.http:
        days = []
        for day in ("2026-11-25", "2026-11-25", "2026-11-26", None, None):
            monkeypatch.setattr("schema.http.answering.today", lambda day=day: day)
            days.append((await asker.get(query)).headers.get("etag"))
            assert (await asker.get(query)).headers["cache-control"] == "private, no-cache"
    assert len(set(days[:3])) == 2
    assert asker.counts.planned == 2 + 4  # near midnight nothing is kept
