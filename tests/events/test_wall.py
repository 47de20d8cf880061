"""The wall: it opens for a window that the log knows of, until that ends or is closed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from events import wall
from events.envelope import Actor, Recorded
from events.guard import drift
from events.log import Log
from events.maintenance import MaintenanceClosed, MaintenanceOpened, NoWindowIsOpen, WindowIsOpen
from service.maintenance import close_window, open_window, opened
from tests.projections.recording import record

CHANGE = "COMMENT ON TABLE ledger.event IS 'the log'"
REFUSED = asyncpg.InsufficientPrivilegeError


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    connected = await asyncpg.connect(owner_url)
    try:
        yield connected
    finally:
        await connected.close()


@pytest.fixture
async def root(superuser_url: str) -> AsyncIterator[asyncpg.Connection]:
    connected = await asyncpg.connect(superuser_url)
    try:
        yield connected
    finally:
        await connected.close()


def opening(at: datetime, minutes: int) -> Recorded[MaintenanceOpened]:
    """The first event of a ledger, recorded at another time than now."""
    return Recorded(
        position=1,
        id=UUID(int=1),
        stream="maintenance-database",
        version=1,
        type="MaintenanceOpened",
        recorded_at=at,
        effective_on=date(2026, 11, 1),
        budget_year=None,
        actor=Actor(id="postgres", role="superuser", organisation="database"),
        authority=None,
        command_id=UUID(int=2),
        causation=None,
        correlation=None,
        synthetic=False,
        fact=MaintenanceOpened(reason="x", minutes=minutes),
    )


async def test_the_owner_changes_something_in_a_window_alone(
    owner: asyncpg.Connection, superuser_url: str, pool: asyncpg.Pool
) -> None:
    with pytest.raises(REFUSED, match="no maintenance window is open: COMMENT is refused"):
        await owner.execute(CHANGE)
    async with opened(superuser_url, "a comment", 5) as applied:
        await owner.execute(CHANGE)
        (named,) = [each for each in await drift(pool) if each.kind == "window"]
        assert "a comment" in str(named)
        applied.append("0009_more")
    with pytest.raises(REFUSED):
        await owner.execute(CHANGE)
    first, last = await Log(pool).read(0, 10)
    assert first.fact == MaintenanceOpened(reason="a comment", minutes=5)
    assert last.fact == MaintenanceClosed(applied=("0009_more",))
    assert first.actor == Actor(id="postgres", role="superuser", organisation="database")


@pytest.mark.parametrize(("ago", "is_open"), [(4, True), (6, False)])
async def test_a_window_ends_although_nobody_closed_it(
    owner: asyncpg.Connection,
    root: asyncpg.Connection,
    superuser_url: str,
    ago: int,
    *,
    is_open: bool,
) -> None:
    began = datetime.now(UTC) - timedelta(minutes=ago)
    await record(superuser_url, [opening(began, 5)])
    await wall.open_window(root, 1)
    found = await wall.window(owner)
    assert found is not None
    assert (found.is_open, found.until) == (is_open, began + timedelta(minutes=5))
    if is_open:
        await owner.execute(CHANGE)
    else:
        with pytest.raises(REFUSED):
            await owner.execute(CHANGE)
        assert [each for each in await drift(root) if each.kind == "window"] == []


async def test_whoever_still_sees_the_row_of_a_closed_window_is_refused(
    owner: asyncpg.Connection, superuser_url: str
) -> None:
    await open_window(superuser_url, "x", 5)
    transaction = owner.transaction(isolation="repeatable_read")
    await transaction.start()
    assert await owner.fetchval("SELECT count(*) FROM maintenance.opening") == 1
    await close_window(superuser_url)
    assert await owner.fetchval("SELECT count(*) FROM maintenance.opening") == 1
    with pytest.raises(asyncpg.SerializationError):
        await owner.execute(CHANGE)
    await transaction.rollback()


async def test_closing_waits_for_whoever_is_still_changing_something(
    owner: asyncpg.Connection, superuser_url: str
) -> None:
    await open_window(superuser_url, "x", 5)
    transaction = owner.transaction()
    await transaction.start()
    await owner.execute(CHANGE)
    closing = asyncio.ensure_future(close_window(superuser_url))
    done, _ = await asyncio.wait({closing}, timeout=0.5)
    assert not done
    await transaction.commit()
    await closing
    with pytest.raises(REFUSED):
        await owner.execute(CHANGE)


async def test_the_service_builds_its_tables_and_nothing_else(pool: asyncpg.Pool) -> None:
    await pool.execute(
        "CREATE SCHEMA model; CREATE TABLE model.mine (a int); DROP SCHEMA model CASCADE"
    )
    for other in (
        "CREATE FUNCTION f() RETURNS int RETURN 1",
        "CREATE SEQUENCE s",
        "CREATE DOMAIN d AS int",
    ):
        with pytest.raises(REFUSED, match="no maintenance window is open"):
            await pool.execute(f"CREATE SCHEMA mine; SET search_path = mine; {other}")


async def test_a_window_is_closed_once_and_before_the_next(superuser_url: str) -> None:
    await open_window(superuser_url, "x", 5)
    with pytest.raises(WindowIsOpen):
        await open_window(superuser_url, "y", 5)
    await close_window(superuser_url)
    with pytest.raises(NoWindowIsOpen):
        await close_window(superuser_url)


async def test_a_window_that_has_ended_gives_way_to_the_next(
    root: asyncpg.Connection, superuser_url: str, pool: asyncpg.Pool
) -> None:
    await record(superuser_url, [opening(datetime.now(UTC) - timedelta(minutes=9), 5)])
    await root.execute("SET ROLE socai_appender")
    await root.execute("INSERT INTO ledger.stream VALUES ('maintenance-database', 1, 1)")
    await root.execute("RESET ROLE")
    await wall.open_window(root, 1)
    await open_window(superuser_url, "y", 5)
    facts = [type(each.fact) for each in await Log(pool).read(0, 10)]
    assert facts == [MaintenanceOpened, MaintenanceClosed, MaintenanceOpened]


async def test_the_wall_is_put_up_once_and_limits_are_put_back(root: asyncpg.Connection) -> None:
    await root.execute("ALTER ROLE socai_service SET lock_timeout = 0")
    assert "limit" in {each.kind for each in await drift(root)}
    assert await wall.put_up(root) is False
    assert "limit" not in {each.kind for each in await drift(root)}


async def test_who_connects_is_limited(pool: asyncpg.Pool, owner: asyncpg.Connection) -> None:
    assert await pool.fetchval("SHOW statement_timeout") == "15min"
    assert await pool.fetchval("SHOW transaction_timeout") == "30min"
    assert await owner.fetchval("SHOW lock_timeout") == "10s"
