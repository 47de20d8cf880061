"""A ledger with late facts in it, recorded once a session, to be exported at any moment."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from events.envelope import Recorded
from events.seal.memory import Memory
from events.seal.signer import Signer
from service.postgres import Postgres
from service.runtime import running
from tests.conftest import create
from tests.export.eventful import eventful
from tests.export.planted import planted
from tests.export.told import demonstration
from tests.histories import History
from tests.projections.recording import record

LATE, PLANTED, SEALED = "socai_export", "socai_planted", "socai_sealed"
DEMO = "socai_standards"
TOLD = tuple(planted())
SIZES = (10, 14)
PIECE = 40


@pytest.fixture(scope="session")
def history() -> History:
    """What was recorded: everything that may happen to money among it."""
    return eventful()


@pytest.fixture(scope="session")
def url(cluster: Postgres, template: str, history: History) -> str:
    """The database that it was recorded in, in pieces; only to be read."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(
            asyncio.run, _recorded(cluster, template, LATE, history.recorded)
        ).result()


@pytest.fixture(scope="session")
def planted_url(cluster: Postgres, template: str) -> str:
    """A small ledger with planted texts in it; only to be read."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, _recorded(cluster, template, PLANTED, TOLD)).result()


@pytest.fixture(scope="session")
def demo_url(cluster: Postgres, template: str) -> str:
    """The 2018–2020 evaluation; only to be read."""
    told = demonstration()
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, _recorded(cluster, template, DEMO, told)).result()


@pytest.fixture(scope="session")
def sealed_url(cluster: Postgres, template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same, with checkpoints of `SIZES` events."""
    folder = tmp_path_factory.mktemp("signer")
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, _sealed(cluster, template, folder)).result()


async def _sealed(cluster: Postgres, template: str, folder: Path) -> str:
    """In two steps, each sealed by the signer itself."""
    url = await _recorded(cluster, template, SEALED, TOLD[: SIZES[0]])
    memory = Memory(folder / "seal")
    memory.begin("ledger.example/socai")
    connection = await asyncpg.connect(cluster.url("socai_signer", SEALED))
    signer = Signer(connection, memory)
    await signer.look()
    await record(cluster.url("postgres", SEALED), TOLD[SIZES[0] : SIZES[1]])
    await signer.look()
    await connection.close()
    await record(cluster.url("postgres", SEALED), TOLD[SIZES[1] :])
    async with running(url) as runtime:
        await runtime.projector.wait_for(len(TOLD), 60)
    return url


async def _recorded(
    cluster: Postgres, template: str, name: str, told: Sequence[Recorded[Any]]
) -> str:
    await create(cluster, name, template)
    for start in range(0, len(told), PIECE):
        await record(cluster.url("postgres", name), told[start : start + PIECE])
    url = cluster.url("socai_service", name)
    async with running(url) as runtime:
        await runtime.projector.wait_for((await runtime.log.head()).position, 60)
    return url
