"""The evaluation with its callers, in a ledger of its own for every test of deliveries."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from service.postgres import Postgres
from service.runtime import Runtime, running
from service.seed import callers, evaluation
from tests.conftest import create
from tests.seals import seal
from tests.service.courier.receiver import Receiver, receiving

TOLD = "socai_courier"
SEALED = 500
"""Its last events are under no checkpoint."""


@pytest.fixture(autouse=True)
def flawless(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What is tried again after a bug of ours would look as if all were well."""
    yield
    said = [each.getMessage() for each in caplog.get_records("call")]
    assert not [each for each in said if "a bug of Socai" in each]


@pytest.fixture(scope="session")
def told(cluster: Postgres, template: str) -> str:
    """A database with the evaluation and one mandate of each role, made once."""
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, _told(cluster, template)).result()
    return TOLD


@pytest.fixture
def told_url(cluster: Postgres, told: str) -> str:
    """That database itself. For reading only."""
    return cluster.url("socai_service", told)


@pytest.fixture
async def fund_url(cluster: Postgres, told: str) -> str:
    """A copy of it, as the running service sees it."""
    name = f"test_{uuid4().hex}"
    await create(cluster, name, told)
    return cluster.url("socai_service", name)


@pytest.fixture
async def fund(fund_url: str) -> AsyncIterator[Runtime]:
    """The running service over that copy."""
    async with running(fund_url) as runtime:
        yield runtime


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Whoever is sent something."""
    async with receiving() as receiver:
        yield receiver


async def _told(cluster: Postgres, template: str) -> None:
    await create(cluster, TOLD, template)
    async with running(cluster.url("socai_service", TOLD)) as runtime:
        await evaluation.record(runtime.ledger)
        await callers.record(runtime.ledger)
        await seal(cluster.url("socai_signer", TOLD), (1, SEALED))
        await runtime.projector.wait_for((await runtime.log.head()).position, 60)
