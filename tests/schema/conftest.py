"""The evaluation, recorded once a session, and a client that asks over the real endpoint."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient

from schema.http.app import graphql_app
from schema.http.settings import Settings
from service.consumers.desk import WebhookDesk
from service.postgres import Postgres
from service.runtime import Runtime, running
from service.seed import evaluation
from tests import histories
from tests.conftest import create, served
from tests.projections.recording import record
from tests.schema.callers import Known
from tests.schema.doors import opened
from tests.schema.errands import KEY, WHO, Tell, telling
from tests.schema.fundings import begun
from tests.seals import seal
from tests.whole import whole

Ask = Callable[..., Awaitable[dict[str, Any]]]
SEALED = (1, 255, 256, 300, 511, 540)
"""Sizes that the evaluation's checkpoints have; its last events are not sealed."""


@pytest.fixture(scope="session")
def template(cluster: Postgres, template: str) -> str:
    """A ledger that was served before."""
    return served(cluster, template)


@pytest.fixture(scope="session")
def evaluation_url(cluster: Postgres, template: str) -> str:
    """A database with the evaluation in it, shared by tests that only read."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, _seeded(cluster, template)).result()


@pytest.fixture
async def fund(evaluation_url: str) -> AsyncIterator[Runtime]:
    """The running service over the evaluation. For reading only."""
    async with opened(evaluation_url) as runtime:
        yield runtime


@pytest.fixture(scope="session")
def late_url(cluster: Postgres, template: str) -> str:
    """A database with a random history in it, in which facts come late; only to be read."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, _told(cluster, template)).result()


@pytest.fixture
async def late(late_url: str) -> AsyncIterator[Runtime]:
    """The running service over that history. For reading only."""
    async with opened(late_url) as runtime:
        yield runtime


@pytest.fixture
async def empty(database_url: str) -> AsyncIterator[Runtime]:
    """The running service over a fresh ledger of its own."""
    async with opened(database_url) as runtime:
        yield runtime
        await whole(runtime)


@pytest.fixture
def ask(fund: Runtime) -> Ask:
    """Ask the evaluation; the whole response body."""
    return asker(fund)


@pytest.fixture
def tell(empty: Runtime) -> Ask:
    """Ask and tell the fresh ledger; the whole response body."""
    return asker(empty)


@pytest.fixture
async def hooks(empty: Runtime) -> AsyncIterator[Tell]:
    """Give errands to a desk that has a key, over a ledger with some events."""
    await begun(empty)
    desk = WebhookDesk(empty.pool, KEY)
    async with telling(replace(empty, door=Known(WHO), desk=desk)) as told:
        yield told


def asker(runtime: Runtime, settings: Settings | None = None) -> Ask:
    """A client of one running service."""
    app = graphql_app(runtime, settings)

    async def asked(query: str, **variables: object) -> dict[str, Any]:
        async with AsyncClient(transport=ASGITransport(app=app), base_url="http://socai") as client:
            sent = {"query": query, "variables": variables}
            response = await client.post("/graphql", json=sent, headers=_shown(variables))
        return response.json()

    return asked


def _shown(variables: dict[str, Any]) -> dict[str, str]:
    """Whoever is said to act shows who he is."""
    actor = variables.get("c", {}).get("actor") if isinstance(variables.get("c"), dict) else None
    return {"authorization": f"Bearer {actor['id']}"} if actor else {}


async def _seeded(cluster: Postgres, template: str) -> str:
    url = await _copied(cluster, template, "socai_evaluation")
    async with running(url) as runtime:
        await evaluation.record(runtime.ledger)
        await seal(cluster.url("socai_signer", "socai_evaluation"), SEALED)
        await runtime.projector.wait_for((await runtime.log.head()).position, 60)
    return url


async def _told(cluster: Postgres, template: str) -> str:
    """In pieces, so that the ledger learned of it at several moments."""
    url = await _copied(cluster, template, "socai_late")
    recorded = histories.tell(Random(75), 600).recorded
    for start in range(0, len(recorded), 40):
        await record(cluster.url("postgres", "socai_late"), recorded[start : start + 40])
    await seal(cluster.url("socai_signer", "socai_late"), (1, 100))
    async with running(url) as runtime:
        await runtime.projector.wait_for((await runtime.log.head()).position, 60)
    return url


async def _copied(cluster: Postgres, template: str, name: str) -> str:
    """A new ledger under a name, as the running service sees it."""
    await create(cluster, name, template)
    return cluster.url("socai_service", name)
