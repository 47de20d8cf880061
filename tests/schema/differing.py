"""A document put to the endpoint and to the oracle, and what differs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import orjson
from graphql import parse
from httpx2 import ASGITransport, AsyncClient

from schema.http.app import graphql_app
from schema.http.settings import Settings
from service.pools import SESSION
from service.runtime import Runtime
from tests.schema.oracle.execute import Oracle
from tests.schema.oracle.refusals import NOT_COVERED
from tests.schema.oracle.rows import World, load

_SHOWN = 150
_DRIVERS = ("typeinfo_tree", "current_setting('jit')")
"""What the driver asks of its own, once a connection, about an array type it has not met."""
_worlds: dict[str, World] = {}
"""By database: the ledgers of these tests stand still."""


@dataclass(frozen=True, slots=True)
class Differs:
    """Tells where the two executors differ over one ledger."""

    client: AsyncClient
    oracle: Oracle
    statements: list[str]
    """What the endpoint asked the database, since this was emptied."""

    @classmethod
    @asynccontextmanager
    async def over(cls, runtime: Runtime, url: str) -> AsyncIterator["Differs"]:
        """Both, over a running service whose ledger stands still."""
        statements: list[str] = []

        def heard(record: Any) -> None:
            if not any(word in record.query for word in _DRIVERS):
                statements.append(record.query)

        async def listen(connection: "asyncpg.Connection[Any]") -> None:
            connection.add_query_logger(heard)

        async with asyncpg.create_pool(
            url, min_size=1, max_size=1, init=listen, reset=_as_it_is, server_settings=SESSION
        ) as pool:
            if url not in _worlds:
                async with pool.acquire() as connection:
                    _worlds[url] = await load(connection)  # type: ignore[bad-argument-type]
            unkept = Settings(cache_bytes=0)
            app = ASGITransport(app=graphql_app(replace(runtime, reads=pool), unkept))
            async with AsyncClient(transport=app, base_url="http://socai") as client:
                yield cls(client, Oracle(_worlds[url]), statements)

    async def on(self, document: str, variables: Mapping[str, Any], name: str = "") -> str:
        """Ask both, and raise where they differ. The code that both refuse with, or nothing."""
        what = f"{name}\n{document}\n{orjson.dumps(variables).decode()}\n"
        self.statements.clear()
        sent = {"query": document, "variables": variables}
        body = (await self.client.post("/graphql", json=sent)).content
        await asyncio.sleep(0)  # the driver tells of a statement a moment later
        code = _refusal(body)
        if code in NOT_COVERED:
            return code
        told = self.oracle.answer(parse(document), variables)
        if told.data is None:
            assert code in told.refusals, f"{what}oracle: {set(told.refusals)}\n{body.decode()}"
            return code
        expected = b'{"data":%b,"extensions":' % told.data
        assert body.startswith(expected), what + _first_difference(expected, body)
        assert len(self.statements) == 1, f"{what}{len(self.statements)} statements"
        return ""


async def _as_it_is(_connection: object) -> None:
    """Nothing to undo: it only read."""


def _refusal(body: bytes) -> str:
    errors = orjson.loads(body).get("errors")
    return str(errors[0].get("extensions", {}).get("code", errors[0]["message"])) if errors else ""


def _first_difference(expected: bytes, body: bytes) -> str:
    """Both answers from a little before the first byte that differs."""
    pairs = zip(expected, body, strict=False)
    at = next((n for n, (one, other) in enumerate(pairs) if one != other), len(expected))
    shown = (
        each[max(0, at - _SHOWN) : at + _SHOWN].decode(errors="replace")
        for each in (expected, body)
    )
    return "oracle:  {}\nplanner: {}".format(*shown)
