"""A ledger with late facts in it, recorded once a session, to be exported at any moment."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import asyncpg
import pytest

from events.envelope import Recorded
from service.postgres import Postgres
from service.runtime import running
from tests import histories
from tests.conftest import create
from tests.export.planted import planted
from tests.histories import History
from tests.projections.recording import record

LATE, PLANTED, SEALED = "socai_export", "socai_planted", "socai_sealed"
NOTE = "socai.example/ledger\n{}\n{}\n\n— socai.example/ledger AAAA\n"
ROOT = "Wm1Qq0n5ZzZ8w1n0dGhpcyBpcyBub3QgYSByb290IQ0="
TABLE = """
    CREATE SCHEMA IF NOT EXISTS seal;
    CREATE TABLE IF NOT EXISTS seal.checkpoint (
        size bigint, root bytea, note text, signed_at timestamptz);
    GRANT USAGE ON SCHEMA seal TO socai_service;
    GRANT SELECT ON seal.checkpoint TO socai_service;
"""
SEAL = "INSERT INTO seal.checkpoint VALUES ($1, '', $2, now())"
STEPS = 250
PIECE = 40


@pytest.fixture(scope="session")
def history() -> History:
    """What was recorded: reversals, cancellations and mergers of provinces among it."""
    return histories.tell(Random(1), STEPS)


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
    told = tuple(planted())
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, _recorded(cluster, template, PLANTED, told)).result()


@pytest.fixture(scope="session")
def sealed_url(cluster: Postgres, template: str) -> str:
    """The same, with checkpoints of 10 and of 20 events."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, _sealed(cluster, template)).result()


async def _sealed(cluster: Postgres, template: str) -> str:
    url = await _recorded(cluster, template, SEALED, tuple(planted()))
    root = await asyncpg.connect(cluster.url("postgres", SEALED))
    await root.execute("SET event_triggers = off")
    await root.execute(TABLE)
    for size in (10, 20):
        await root.execute(SEAL, size, NOTE.format(size, ROOT))
    await root.close()
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
