"""The limit: hand-written SQL over raw ASGI. No GraphQL, no framework; the same bytes as ours.

uvicorn benchmarks.query.raw:app      with BENCHMARK_DATABASE_URL set
"""

import os
from base64 import urlsafe_b64decode
from typing import Any

import asyncpg
import orjson
from starlette.types import Message, Receive, Scope, Send

from benchmarks.query.questions import POSITION, QUESTIONS, Question, Variables
from service.pools import POOL_CONNECTIONS_MAX, SESSION

URL = "BENCHMARK_DATABASE_URL"
WRITTEN: dict[str, tuple[Question, str]] = {each.path: (each, each.statement) for each in QUESTIONS}
START: dict[str, Any] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json")],
}
pools: list["asyncpg.Pool[asyncpg.Record]"] = []


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """POST the same body as to /graphql to the path of a question."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    if scope["path"] not in WRITTEN:
        await send({**START, "status": 404})
        await send({"type": "http.response.body"})
        return
    question, statement = WRITTEN[scope["path"]]
    values = _values(question, orjson.loads(bytes(body)).get("variables") or {})
    async with pools[0].acquire() as connection:
        row = await connection.fetchrow(statement, *values)
    assert row is not None
    answer = row["answer"].encode()
    if question.as_of:
        answer = b'{"asOf":%b}' % answer
    written = b'{"data":%b,"extensions":{"ledger":{"position":%d}}}' % (answer, row["position"])
    await send(START)
    await send({"type": "http.response.body", "body": written})


def _values(question: Question, variables: Variables) -> list[object]:
    values: list[object] = []
    for name, value in variables.items():
        if name == "after":
            values += orjson.loads(urlsafe_b64decode(value)) if value else ["", ""]
        elif name != POSITION:
            values.append(value)
    return [*values, variables[POSITION]] if question.as_of else values


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message: Message = await receive()
        if message["type"] == "lifespan.startup":
            pools.append(
                await asyncpg.create_pool(
                    os.environ[URL],
                    min_size=1,
                    max_size=POOL_CONNECTIONS_MAX,
                    reset=_as_it_is,
                    server_settings=SESSION,
                )
            )
            await send({"type": "lifespan.startup.complete"})
        else:
            await pools.pop().close()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _as_it_is(_: "asyncpg.Connection[asyncpg.Record]") -> None:
    """As in our own pool: a reset would be a round trip for nothing."""
