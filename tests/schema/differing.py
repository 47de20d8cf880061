"""A document put to the endpoint and to the oracle, and what differs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import parse
from httpx2 import ASGITransport, AsyncClient

from schema.http import graphql_app
from service.runtime import Runtime
from tests.schema.oracle.execute import Oracle
from tests.schema.oracle.refusals import NOT_COVERED
from tests.schema.oracle.rows import World, load

_WORLDS: dict[str, World] = {}
"""By database: the ledgers of these tests stand still."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two executors over one ledger."""

    client: AsyncClient
    oracle: Oracle

    @classmethod
    @asynccontextmanager
    async def over(cls, runtime: Runtime) -> AsyncIterator["Pair"]:
        """Both, over a running service whose ledger stands still."""
        async with runtime.pool.acquire() as connection:
            name = await connection.fetchval("SELECT current_database()")
            if name not in _WORLDS:
                _WORLDS[name] = await load(connection)
        app = ASGITransport(app=graphql_app(runtime))
        async with AsyncClient(transport=app, base_url="http://socai") as client:
            yield cls(client, Oracle(_WORLDS[name]))

    async def compare(self, document: str, variables: Mapping[str, Any]) -> str:
        """Ask both. The code of the refusal that they agree on, or nothing."""
        sent = {"query": document, "variables": variables}
        body = (await self.client.post("/graphql", json=sent)).content
        code = _refusal(body)
        if code in NOT_COVERED:
            return code
        told = self.oracle.answer(parse(document), variables)
        what = f"\n{document}\n{orjson.dumps(variables).decode()}\n"
        if told.data is None:
            assert code in told.refusals, f"{what}oracle: {set(told.refusals)}\n{body.decode()}"
            return code
        expected = b'{"data":%b,"extensions":' % told.data
        if not body.startswith(expected):
            raise AssertionError(f"{what}{_first_difference(expected, body)}")
        return ""


def _refusal(body: bytes) -> str:
    errors = orjson.loads(body).get("errors")
    return str(errors[0].get("extensions", {}).get("code", errors[0]["message"])) if errors else ""


def _first_difference(expected: bytes, body: bytes) -> str:
    """Both answers from a little before the first byte that differs."""
    pairs = zip(expected, body, strict=False)
    at = next((n for n, (one, other) in enumerate(pairs) if one != other), len(expected))
    start = max(0, at - 150)
    shown = (each[start : at + 150].decode(errors="replace") for each in (expected, body))
    return "oracle:  {}\nplanner: {}".format(*shown)
