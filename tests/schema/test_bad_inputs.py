"""Ten thousand requests that are wrong: each gets a typed refusal, and none leaves a trace.

Every argument and input field of the contract is given what does not fit it (`spoiled/`); bodies
are cut and scrambled, cursors mangled, sockets told nonsense. The same seed asks the same.
Nothing but a response of 200 to 499 is heard; every error is ours, with its code and in two
languages, or says in graphql-core's words where the document is wrong; no answer holds a word of
the machine's inside. The ledger's head has moved by what was answered `Recorded`, and no further.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from itertools import chain, islice
from random import Random
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema
from starlette.types import ASGIApp

from schema.http.app import graphql_app
from schema.root import sdl
from service.runtime import Runtime
from tests.schema.answers import INSIDE, typed
from tests.schema.conftest import asker
from tests.schema.spoiled import bodies
from tests.schema.spoiled.places import RIGHT, Place, commands, feeds, questions
from tests.schema.spoiled.sending import JSON, Heard, Sent, send, talk
from tests.schema.spoiled.values import JSON_VALUES, WRONG_EVERYWHERE

SEED = 20_261_125
IN_A_QUESTION, IN_A_COMMAND = 5, 5
"""Values that each place is given; with the rest it comes to more than ten thousand."""
PAGES = """{ schemes(first: 2) { edges { cursor } } events(first: 2) { edges { cursor } }
    facilities(first: 2, orderBy: [{by: NAME}]) { edges { cursor } } }"""
CLOSES = frozenset({None, 1009, 4400, 4401, 4408, 4409, 4429})


@pytest.fixture(scope="module")
def contract() -> GraphQLSchema:
    return build_schema(sdl())


@pytest.fixture
async def door(fund: Runtime) -> AsyncIterator[ASGIApp]:
    """The evaluation, to be asked; it stands afterwards where it stood, and answers."""
    app = graphql_app(fund)
    before = await head(fund)
    yield app
    assert await head(fund) == before
    heard = await send(app, Sent(bodies.SHORT))
    assert json.loads(heard.body)["data"]["ledger"]["position"] == before


async def head(runtime: Runtime) -> int:
    return (await runtime.log.head()).position


def errors_of(heard: Heard, sent: object) -> list[Any]:
    """The errors of a response that is as it should be."""
    assert 200 <= heard.status < 500, (sent, heard)
    if heard.headers.get(b"content-type", b"").startswith(b"text/event-stream"):
        return typed(
            [
                json.loads(line[6:])
                for line in heard.body.split(b"\n")
                if line[:5] == b"data:" and line[6:]
            ],
            sent,
        )
    if heard.status in {201, 202, 304}:
        return []
    assert heard.headers[b"content-type"].endswith(b"json; charset=utf-8"), (sent, heard)
    return typed([json.loads(heard.body)], sent)


def spoil(places: Iterator[Place], each: int, random: Random) -> Iterator[tuple[Place, str, Sent]]:
    """Some values for every place."""
    number = 0
    for place in places:
        for value in random.sample(JSON_VALUES, each):
            number += 1
            command = f"0190bbbb-0000-7000-8000-{number:012x}".encode()
            body = place.body(value).replace(str(RIGHT["UUID"]).encode(), command)
            yield place, value, Sent(body)


async def test_no_value_in_a_question_is_more_than_refused(
    door: ASGIApp, contract: GraphQLSchema
) -> None:
    asked = 0
    for place, value, sent in spoil(questions(contract), IN_A_QUESTION, Random(SEED)):
        found = errors_of(await send(door, sent), (place, value))
        assert found or value not in WRONG_EVERYWHERE, (place, value)
        asked += 1
    assert asked > 10_000


async def test_no_value_in_a_subscription_is_more_than_refused(
    door: ASGIApp, contract: GraphQLSchema
) -> None:
    """Over an event stream, which its client leaves at once."""
    headers = (*JSON, (b"accept", b"text/event-stream"))
    refused = 0
    for place, value, sent in spoil(feeds(contract), len(JSON_VALUES), Random(SEED)):
        heard = await send(door, sent._replace(headers=headers))
        refused += bool(errors_of(heard, (place, value)))
    assert refused > 100


async def test_no_value_in_a_command_is_more_than_refused_or_recorded(
    empty: Runtime, contract: GraphQLSchema
) -> None:
    """Odd but right text may be recorded. Whatever is not answered `Recorded` is not there."""
    app, recorded, kinds = graphql_app(empty), 0, Counter[str]()
    for place, value, sent in spoil(commands(contract), IN_A_COMMAND, Random(SEED)):
        heard = await send(app, sent)
        found = errors_of(heard, (place, value))
        assert found or value not in WRONG_EVERYWHERE, (place, value)
        for outcome in (json.loads(heard.body).get("data") or {}).values():
            kinds[outcome["__typename"]] += 1
            assert not INSIDE.search(json.dumps(outcome)), (place, value, outcome)
            recorded += len(outcome.get("events", ()))
    assert await head(empty) == recorded
    assert len(kinds) >= 10, kinds
    await every_event_is_readable(empty, recorded)


async def every_event_is_readable(runtime: Runtime, recorded: int) -> None:
    """Nothing odd that was recorded stops the read models or the answers."""
    await runtime.projector.wait_for(recorded, 60)
    ask = asker(runtime)
    said = "{ ledger { position } events(last: 1000) { totalCount nodes { fact { __typename } } } }"
    body = await ask(said)
    assert "errors" not in body, body
    assert body["data"]["events"]["totalCount"] == recorded
    assert int(body["data"]["ledger"]["position"]) == recorded


async def test_no_body_is_more_than_refused(door: ASGIApp, contract: GraphQLSchema) -> None:
    random = Random(SEED)
    whole = chain(
        bodies.cut(),
        bodies.huge(),
        islice(bodies.scrambled(random), 700),
        islice(bodies.dressed(random), 600),
        islice(bodies.by_address(random), 300),
        islice(bodies.written(contract, random), 500),
    )
    refused, statuses = 0, Counter[int]()
    for sent in whole:
        heard = await send(door, sent)
        statuses[heard.status] += 1
        if sent.method != "HEAD":
            refused += bool(errors_of(heard, sent))
    assert refused > 2_000
    assert statuses[413] == 3
    assert {405, 406, 415} <= statuses.keys()


async def test_no_cursor_that_was_mangled_is_more_than_refused(door: ASGIApp) -> None:
    random = Random(SEED)
    heard = await send(door, Sent(json.dumps({"query": PAGES}).encode()))
    ways = {
        name: [each["cursor"] for each in page["edges"]]
        for name, page in json.loads(heard.body)["data"].items()
    }
    refused = 0
    for name, cursors in ways.items():
        order = ", orderBy: [{by: NAME}]" if name == "facilities" else ""
        for end in ("after", "before"):
            query = f"query ($x: String) {{ {name}(first: 2, {end}: $x{order}) {{ totalCount }} }}"
            for cursor in islice(bodies.mangled(random.choice(cursors), random), 60):
                body = json.dumps({"query": query, "variables": {"x": cursor}}).encode()
                refused += bool(errors_of(await send(door, Sent(body)), cursor))
    assert refused > 250


async def test_nothing_said_over_a_socket_is_more_than_refused(door: ASGIApp) -> None:
    closed = Counter[int | None]()
    for said in islice(bodies.messages(Random(SEED)), 400):
        heard, code = await talk(door, said)
        closed[code] += 1
        assert code in CLOSES, (said, heard, code)
        for each in heard:
            if each["type"] == "error":
                assert typed([{"errors": each["payload"]}], said)
            elif each["type"] == "next":
                typed([each["payload"]], said)
    assert closed[None] > 10
    assert closed[4400] > 100
