"""A real PostgreSQL for every test that asks: one server for all, a fresh database for each.

`cluster` starts the ledger's own server in a temporary folder, on a thread with an event loop of
its own, so that no test shares a loop with it. `database` is a copy of one that was migrated once.
"""

import asyncio
import os
import shutil
import subprocess
import threading
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from events.log import Log
from projections.projector import Projector
from service.database import Database
from service.maintenance import migrated
from service.postgres import Postgres

TEMPLATE, SERVED = "socai_template", "socai_served"
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it, as in /tmp
ROOM_BYTES = 4 * 2**30


def pytest_configure() -> None:
    """Write into memory where it has room: a database is made of 300 files, a seventh of the time.

    Whoever says otherwise is heard: PYTEST_DEBUG_TEMPROOT is pytest's own word for the place.
    """
    if MEMORY.exists() and shutil.disk_usage(MEMORY).free >= ROOM_BYTES and _runs(MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """The ledger's own PostgreSQL, without fsync: a test does not survive a power cut anyway."""
    folder = tmp_path_factory.mktemp("socai")
    with _running(folder) as postgres:
        yield postgres
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a PostgreSQL that has stopped. Copying it is quicker than making another."""
    folder = tmp_path_factory.mktemp("stopped")
    with _running(folder):
        pass
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(stopped: Path, tmp_path: Path) -> Iterator[Path]:
    """A stopped PostgreSQL of one's own, to be started, broken and killed."""
    copy = tmp_path / "socai"
    subprocess.run(["cp", "-pR", stopped, copy], check=True)
    yield copy
    shutil.rmtree(copy, ignore_errors=True)  # a killed server may still be leaving it


@pytest.fixture(scope="session")
def template(cluster: Postgres) -> str:
    """A database that was brought up to date and refuses to be changed, made once."""
    # On another thread: asyncio.run would take away the event loop that the test is to run in.
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, _make_template(cluster)).result()
    return TEMPLATE


@pytest.fixture
async def database(cluster: Postgres, template: str) -> AsyncIterator[str]:
    """The name of a fresh, migrated database; dropped afterwards with whoever is still in it."""
    name = f"test_{uuid4().hex}"
    await create(cluster, name, template)
    yield name
    await _as_superuser(cluster, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(cluster: Postgres, database: str) -> str:
    """The fresh database, as the running service sees it."""
    return cluster.url("socai_service", database)


@pytest.fixture
def owner_url(cluster: Postgres, database: str) -> str:
    """The fresh database, as its owner: the one who migrates the log."""
    return cluster.url("socai_owner", database)


@pytest.fixture
def signer_url(cluster: Postgres, database: str) -> str:
    """The fresh database, as the signer: reads the log, keeps its seal."""
    return cluster.url("socai_signer", database)


@pytest.fixture
def superuser_url(cluster: Postgres, database: str) -> str:
    """The fresh database, as the superuser: the one whom nothing stops."""
    return cluster.url("postgres", database)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """Connections of the running service to the fresh database."""
    async with asyncpg.create_pool(database_url, min_size=1, max_size=10) as connections:
        yield connections


@contextmanager
def _running(folder: Path) -> Generator[Postgres]:
    """A server on a thread that lives as long as the block."""
    started: Future[tuple[Postgres, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def live() -> None:
        try:
            async with Postgres(folder, no_sync=True) as postgres:
                ended = asyncio.Event()
                started.set_result((postgres, asyncio.get_running_loop(), ended))
                await ended.wait()
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=lambda: asyncio.run(live()), name="cluster")
    thread.start()
    postgres, loop, ended = started.result()
    try:
        yield postgres
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()


def _runs(folder: Path) -> bool:
    """Whether programs may be run there: some tests build one."""
    return not os.statvfs(folder).f_flag & os.ST_NOEXEC


async def _make_template(cluster: Postgres) -> None:
    await create(cluster, TEMPLATE, "template1")
    owner, superuser = (cluster.url(role, TEMPLATE) for role in ("socai_owner", "postgres"))
    await migrated(Database(service_url="", owner_url=owner, superuser_url=superuser))


@cache
def served(cluster: Postgres, template: str) -> str:
    """A template in which the read models stand too: making them takes half a second."""
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, _make_served(cluster, template)).result()
    return SERVED


async def _make_served(cluster: Postgres, template: str) -> None:
    await create(cluster, SERVED, template)
    async with asyncpg.create_pool(cluster.url("socai_service", SERVED), min_size=1) as pool:
        await Projector(pool, Log(pool)).prepare()


async def create(cluster: Postgres, name: str, template: str) -> None:
    """A database that is a copy of another."""
    await _as_superuser(
        cluster,
        f"CREATE DATABASE {name} OWNER socai_owner TEMPLATE {template} STRATEGY file_copy",
        # A copy has the template's contents but not its permissions.
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {name} TO socai_service",
        f"GRANT CONNECT ON DATABASE {name} TO socai_signer",
    )


async def _as_superuser(cluster: Postgres, *statements: str) -> None:
    connection = await asyncpg.connect(cluster.url("postgres", "postgres"))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
