"""Migrating in the open: a window around it, closed whatever becomes of it; the wall afterwards."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from events import migrate as steps
from events.guard import drift
from events.log import Log
from events.maintenance import MaintenanceClosed, MaintenanceOpened
from events.wall import stands, window
from service.cli.exits import Exit
from service.config import Config
from service.database import Database
from service.database import database as database_of
from service.maintenance import SuperuserWantedError, migrated, open_window
from service.postgres import Postgres
from tests.service.command_line import socai

MORE = "ALTER TABLE ledger.event ADD COLUMN more text"


@pytest.fixture
def found(database_url: str, owner_url: str, superuser_url: str) -> Database:
    """A database that refuses to be changed, and all that is needed to change it."""
    return Database(service_url=database_url, owner_url=owner_url, superuser_url=superuser_url)


@pytest.fixture
async def empty(cluster: Postgres) -> AsyncIterator[str]:
    """The name of a database in which nothing was ever migrated."""
    name = f"empty_{uuid4().hex}"
    root = await asyncpg.connect(cluster.url("postgres", "postgres"))
    try:
        await root.execute(f"CREATE DATABASE {name} OWNER socai_owner")
        yield name
        await root.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await root.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations, with room for one more."""
    copy = tmp_path / "migrations"
    shutil.copytree(steps.FOLDER, copy)
    for each in (steps.migrate, steps.pending):
        monkeypatch.setattr(each, "__defaults__", (copy,))
    return copy


async def told(pool: asyncpg.Pool) -> list[object]:
    return [each.fact for each in await Log(pool).read(0, 10)]


async def test_a_migration_opens_a_window_and_says_what_it_applied(
    found: Database, pool: asyncpg.Pool, folder: Path
) -> None:
    (folder / "9001_more.sql").write_text(MORE)
    assert await migrated(found) == ["9001_more"]
    assert await told(pool) == [
        MaintenanceOpened(reason="migrations: 9001_more", minutes=60),
        MaintenanceClosed(applied=("9001_more",)),
    ]
    assert await window(pool) is None
    assert await migrated(found) == []


async def test_a_migration_that_fails_closes_its_window(
    found: Database, pool: asyncpg.Pool, folder: Path
) -> None:
    (folder / "9001_more.sql").write_text(f"{MORE}; SELECT 1 / 0")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrated(found)
    assert (await told(pool))[-1] == MaintenanceClosed(applied=())
    assert await window(pool) is None


async def test_an_open_window_serves_and_stays(
    found: Database, pool: asyncpg.Pool, folder: Path, superuser_url: str
) -> None:
    (folder / "9001_more.sql").write_text(MORE)
    await open_window(superuser_url, "by hand", 5)
    assert await migrated(found) == ["9001_more"]
    assert len(await told(pool)) == 1
    assert await window(pool) is not None


async def test_append_made_anew_is_taken_out_of_the_owners_hands(
    found: Database, pool: asyncpg.Pool, folder: Path
) -> None:
    text = (folder / "0011_release.sql").read_text()
    anew = text[text.index("DROP FUNCTION ledger.append;") :]
    (folder / "9001_append.sql").write_text(anew)
    await migrated(found)
    assert [each for each in await drift(pool) if each.kind != "setting"] == []


async def test_without_a_superuser_nothing_is_changed(
    found: Database, pool: asyncpg.Pool, folder: Path
) -> None:
    (folder / "9001_more.sql").write_text(MORE)
    without = Database(service_url=found.service_url, owner_url=found.owner_url)
    with pytest.raises(SuperuserWantedError):
        await migrated(without)
    assert await told(pool) == []


async def test_the_wall_comes_with_the_superuser(cluster: Postgres, empty: str) -> None:
    owner, superuser = cluster.url("socai_owner", empty), cluster.url("postgres", empty)
    assert await migrated(Database(service_url="", owner_url=owner))
    connection = await asyncpg.connect(owner)
    try:
        assert not await stands(connection)
        assert "event trigger in_a_window is gone" in map(str, await drift(connection))
        assert (
            await migrated(Database(service_url="", owner_url=owner, superuser_url=superuser)) == []
        )
        assert await stands(connection)
        assert [each for each in await drift(connection) if each.kind != "setting"] == []
    finally:
        await connection.close()


def test_the_command_line_says_who_opens_a_window(database_url: str, superuser_url: str) -> None:
    asked = ("maintenance", "open", "--reason", "thử")
    ran = socai(*asked, SOCAI_DATABASE_URL=database_url)
    assert ran.returncode == Exit.NOT_AUTHORISED
    assert "SOCAI_SUPERUSER_URL" in ran.stderr
    told = {"SOCAI_DATABASE_URL": database_url}
    assert socai("maintenance", "status", anew=True, **told).returncode == Exit.OK
    urls = {"SOCAI_DATABASE_URL": database_url, "SOCAI_SUPERUSER_URL": superuser_url}
    assert socai(*asked, "--minutes", "481", **urls).returncode == Exit.REFUSED
    assert socai(*asked, **urls).returncode == Exit.OK
    status = socai("maintenance", "status", "-o", "plain", SOCAI_DATABASE_URL=database_url)
    assert status.returncode == Exit.NEGATIVE
    assert status.stdout.startswith("1\topen\t")
    doctor = socai("doctor", "-o", "plain", SOCAI_DATABASE_URL=database_url)
    assert "wall\tbad\ta maintenance window is open until" in doctor.stdout
    assert "guard\tbad" in doctor.stdout, "of the server of the tests"
    assert socai(*asked, **urls).returncode == Exit.REFUSED
    assert socai("maintenance", "close", **urls).returncode == Exit.OK
    assert socai("maintenance", "close", **urls).returncode == Exit.REFUSED


def test_a_folder_from_before_the_wall_gets_it_at_the_next_start(tmp_path: Path) -> None:
    """As it was left by the version before: migrated by the owner, and no more."""
    config = Config.from_env({"SOCAI_DATA": str(tmp_path / "old")})

    async def before() -> None:
        async with database_of(config) as found:
            owner = await asyncpg.connect(found.owner_url)
            await steps.migrate(owner)
            await owner.close()

    async def after() -> bool:
        async with database_of(config) as found:
            await migrated(found)
            owner = await asyncpg.connect(found.owner_url)
            try:
                return await drift(owner) == []
            finally:
                await owner.close()

    asyncio.run(before())
    assert asyncio.run(after())
