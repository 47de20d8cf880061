"""The log's tables are brought forward once, in order, and never along another way."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from events.migrate import DatabaseNewerError, MigrationChangedError, migrate, pending
from service.postgres import Postgres

Connection = asyncpg.Connection


@pytest.fixture
async def empty(cluster: Postgres) -> AsyncIterator[str]:
    """A database without a log; its address, as its owner."""
    name = f"test_{uuid4().hex}"
    root = await asyncpg.connect(cluster.url("postgres", "postgres"))
    try:
        await root.execute(f"CREATE DATABASE {name} OWNER socai_owner")
        yield cluster.url("socai_owner", name)
        await root.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await root.close()


@pytest.fixture
async def connection(empty: str) -> AsyncIterator[Connection]:
    connected = await asyncpg.connect(empty)
    try:
        yield connected
    finally:
        await connected.close()


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    """Two migrations of a log that is no log."""
    (tmp_path / "0001_one.sql").write_text("CREATE TABLE ledger.one (a integer)")
    (tmp_path / "0002_two.sql").write_text("ALTER TABLE ledger.one ADD COLUMN b integer")
    return tmp_path


async def test_an_empty_database_gets_everything_and_then_nothing(connection: Connection) -> None:
    missing = await pending(connection)
    assert missing[0] == "0001_log"
    assert await migrate(connection) == missing
    assert await migrate(connection) == []
    assert await pending(connection) == []


async def test_two_migrations_at_once_apply_each_step_once(empty: str) -> None:
    several = [await asyncpg.connect(empty) for _ in range(4)]
    try:
        applied = await asyncio.gather(*map(migrate, several))
        assert sorted(map(len, applied))[:3] == [0, 0, 0]
        assert await several[0].fetchval("SELECT position FROM ledger.head") == 0
    finally:
        await asyncio.gather(*(each.close() for each in several))


async def test_what_is_missing_is_applied_in_order(connection: Connection, steps: Path) -> None:
    later = (steps / "0002_two.sql").rename(steps / "later")
    assert await migrate(connection, steps) == ["0001_one"]
    later.rename(steps / "0002_two.sql")
    assert await pending(connection, steps) == ["0002_two"]
    assert await migrate(connection, steps) == ["0002_two"]


async def test_a_step_that_fails_leaves_nothing(connection: Connection, steps: Path) -> None:
    (steps / "0002_two.sql").write_text("SELECT 1 / 0")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(connection, steps)
    assert await pending(connection, steps) == ["0001_one", "0002_two"]


async def test_a_newer_database_is_left_alone(connection: Connection, steps: Path) -> None:
    await migrate(connection, steps)
    (steps / "0002_two.sql").unlink()
    with pytest.raises(DatabaseNewerError, match="0002_two"):
        await migrate(connection, steps)
    with pytest.raises(DatabaseNewerError, match="0002_two"):
        await pending(connection, steps)


async def test_an_edited_migration_is_refused(connection: Connection, steps: Path) -> None:
    await migrate(connection, steps)
    (steps / "0001_one.sql").write_text("CREATE TABLE ledger.one (a bigint)")
    with pytest.raises(MigrationChangedError, match="0001_one"):
        await migrate(connection, steps)
    with pytest.raises(MigrationChangedError, match="0001_one"):
        await pending(connection, steps)


async def test_there_is_no_way_back_to_squeeze_a_step_in(
    connection: Connection, steps: Path
) -> None:
    await migrate(connection, steps)
    (steps / "0001_zero.sql").write_text("SELECT 1")
    with pytest.raises(MigrationChangedError, match="0001_zero came after 0002_two"):
        await migrate(connection, steps)


async def test_the_service_may_look_but_not_migrate(cluster: Postgres, empty: str) -> None:
    database = empty.rpartition("/")[2]
    service = await asyncpg.connect(cluster.url("socai_service", database))
    try:
        assert await pending(service)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await migrate(service)
    finally:
        await service.close()
