"""What is recorded stays as it was recorded, whoever asks, and whoever tries."""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import orjson
import pytest
import rfc8785

from events.appender import Appender
from events.log import Head, Log
from tests.entries import entry, fill

Connection = asyncpg.Connection
Pool = asyncpg.Pool

TABLES = {
    "event": "position",
    "command": "id",
    "commit": "last_position",
    "reservation": "key",
    "migration": "name",
}
FORGED: dict[str, object] = {
    "id": "00000000-0000-7000-8000-000000000000",
    "stream": "period-other",
    "version": 9,
    "type": "PeriodClosed",
    "recordedAt": "2020-01-01T00:00:00.000000Z",
    "effectiveDate": "2020-01-01",
    "budgetYear": 2020,
    "command": "00000000-0000-4000-8000-000000000000",
}
COPY = """
    INSERT INTO ledger.event (
        position, body, event_id, stream, version, type,
        recorded_at, effective_on, budget_year, command_id
    )
    SELECT
        2, $1, event_id, stream, version, type,
        recorded_at, effective_on, budget_year, command_id
    FROM ledger.event
"""


@pytest.fixture
async def appender(database_url: str) -> AsyncIterator[Appender]:
    async with Appender(database_url) as opened:
        yield opened


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[Connection]:
    connected = await asyncpg.connect(owner_url)
    try:
        yield connected
    finally:
        await connected.close()


@pytest.fixture
async def writer(superuser_url: str) -> AsyncIterator[Connection]:
    """Whom the tables let in: the role that `append` runs as, which only a superuser becomes."""
    connected = await asyncpg.connect(superuser_url)
    try:
        await connected.execute("SET ROLE socai_appender")
        yield connected
    finally:
        await connected.close()


async def test_an_empty_log_has_no_events_and_no_time(pool: Pool) -> None:
    log = Log(pool)
    assert await log.head() == Head(position=0, recorded_at=None)
    assert await log.read(0, 10) == []
    assert await log.stream("period-x") == []


async def test_the_log_is_read_by_position_in_pages(pool: Pool, appender: Appender) -> None:
    await fill(appender, 5)
    log = Log(pool)
    assert [each.position for each in await log.read(0, 3)] == [1, 2, 3]
    assert [each.position for each in await log.read(3, 3)] == [4, 5]
    assert [position for position, _ in await log.raw(3, 3)] == [4, 5]
    assert (await log.head()).position == 5


async def test_a_stream_is_read_after_a_version(pool: Pool, appender: Appender) -> None:
    await fill(appender, 3, "period-a")
    await fill(appender, 2, "period-b")
    log = Log(pool)
    assert [each.version for each in await log.stream("period-a", 1)] == [2, 3]
    both = await log.streams({"period-a": 2, "period-b": 0, "period-c": 0})
    assert [(each.stream, each.version) for each in both] == [
        ("period-a", 3),
        ("period-b", 1),
        ("period-b", 2),
    ]


async def test_an_instant_leads_to_the_last_position_recorded_by_then(
    pool: Pool, appender: Appender
) -> None:
    first, second, _ = await fill(appender, 3)
    log, tick = Log(pool), timedelta(microseconds=1)
    assert await log.position_at(first.recorded_at - tick) == 0
    assert await log.position_at(first.recorded_at) == 1
    assert await log.position_at(second.recorded_at - tick) == 1
    assert await log.position_at(second.recorded_at + timedelta(days=9)) == 3


async def test_the_body_is_canonical_and_the_leaf_is_its_hash(
    pool: Pool, appender: Appender
) -> None:
    placed = await appender.append(entry("period-x", says="Đệ nhất – “một”"))
    row = await pool.fetchrow("SELECT body, leaf FROM ledger.event")
    assert row is not None
    assert row["body"] == rfc8785.dumps(orjson.loads(row["body"]))
    assert row["leaf"] == hashlib.sha256(b"\0" + row["body"]).digest()
    recorded = placed.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert orjson.loads(row["body"])["recordedAt"] == recorded


async def test_nobody_changes_or_deletes_what_is_recorded(owner: Connection, pool: Pool) -> None:
    """Not even where there is nothing to change: the attempt itself is refused."""
    for table, column in TABLES.items():
        for attempt in (
            f"UPDATE ledger.{table} SET {column} = {column}",
            f"DELETE FROM ledger.{table}",
            f"TRUNCATE ledger.{table}",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append"):
                await owner.execute(attempt)
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
                await pool.execute(attempt)


async def test_nobody_makes_the_log_forget_its_streams_or_its_head(
    owner: Connection, pool: Pool
) -> None:
    for table in ("stream", "head"):
        for attempt in (f"DELETE FROM ledger.{table}", f"TRUNCATE ledger.{table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="is append-only"):
                await owner.execute(attempt)
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
                await pool.execute(attempt)


async def test_triggers_fire_for_a_superuser_who_plays_replica(
    superuser_url: str, appender: Appender
) -> None:
    await fill(appender, 1)
    root = await asyncpg.connect(superuser_url)
    try:
        await root.execute("SET session_replication_role = replica")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="the log is append-only"):
            await root.execute("DELETE FROM ledger.event")
    finally:
        await root.close()


async def test_the_service_writes_no_table_directly(pool: Pool) -> None:
    for table in (*TABLES, "stream", "head"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
            await pool.execute(f"INSERT INTO ledger.{table} DEFAULT VALUES")
    for table in ("stream", "head"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
            await pool.execute(f"UPDATE ledger.{table} SET position = 0")


async def test_the_head_cannot_be_moved_away_from_the_end(
    writer: Connection, appender: Appender
) -> None:
    await fill(appender, 2)
    for position in (1, 2, 3):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="the head follows the log"):
            await writer.execute(
                "UPDATE ledger.head SET position = $1, recorded_at = clock_timestamp()", position
            )


async def test_the_log_has_one_head(owner: Connection) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match=r"INSERT on ledger\.head"):
        await owner.execute("INSERT INTO ledger.head (is_head, position) VALUES (true, 9)")


async def test_a_column_that_says_other_than_the_body_is_refused(
    writer: Connection, appender: Appender
) -> None:
    """Whoever may write the table still cannot let a column lie about the bytes."""
    await fill(appender, 1)
    said = orjson.loads(await writer.fetchval("SELECT body FROM ledger.event"))
    with pytest.raises(asyncpg.UniqueViolationError):
        await writer.execute(COPY, orjson.dumps(said, option=orjson.OPT_SORT_KEYS))
    for key, forged in FORGED.items():
        assert key in said
        body = orjson.dumps({**said, key: forged}, option=orjson.OPT_SORT_KEYS)
        with pytest.raises(asyncpg.CheckViolationError, match="event_says_its_columns"):
            await writer.execute(COPY, body)


async def test_a_body_that_is_too_long_for_the_tree_is_refused(
    writer: Connection, appender: Appender
) -> None:
    await fill(appender, 1)
    with pytest.raises(asyncpg.CheckViolationError, match="event_body_is_short"):
        await writer.execute(COPY, b'{"data":"' + b"x" * 65_536 + b'"}')


async def test_the_leaf_cannot_be_given(owner: Connection) -> None:
    with pytest.raises(asyncpg.GeneratedAlwaysError):
        await owner.execute("INSERT INTO ledger.event (leaf) VALUES ('')")
