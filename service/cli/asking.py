"""A GraphQL question put inside the process, without HTTP: what a command asks, anybody can ask.

    answer = await asked(pool, "query ($a: Position!) { event(position: $a) { type } }", {"a": 1})

Whoever may run commands on the database sees all of it: no scope is put on the rows.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import asyncpg
import orjson

from schema.planner.document import Documents
from schema.root import build


async def asked(pool: asyncpg.Pool, source: str, variables: Mapping[str, object]) -> dict[str, Any]:
    """The data of a question that is ours and so is valid. Variables: values as Python has them.

    A refusal by the planner (of a position that is ahead, of the cost) is raised as it is.
    """
    documents = _documents()
    prepared = documents.prepare(source)
    operation = prepared.operation(None)
    assert operation is not None, prepared.errors  # noqa: S101 - it is one of our own
    plan = documents.plan(prepared, operation, variables)
    assert plan is not None  # noqa: S101 - as above
    async with pool.acquire() as connection:
        answer = await plan.run(connection, plan.bind(variables).values)
    data: dict[str, Any] = orjson.loads(answer.json)
    return data


@cache
def _documents() -> Documents:
    return Documents(build()._schema)  # noqa: SLF001 - Strawberry keeps graphql-core's there
