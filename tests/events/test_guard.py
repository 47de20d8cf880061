"""The guard: what the migrations made is known, and whatever differs from it is named."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from events.guard import FILE, Drift, drift, made, state, written

POWERS = ("CREATE ROLE friend BYPASSRLS", "CREATE ROLE friend SUPERUSER")
MEMBERS = ("socai_owner", "socai_vault", "pg_execute_server_program", "pg_write_all_data")


@pytest.fixture
async def root(superuser_url: str) -> AsyncIterator[asyncpg.Connection]:
    connected = await asyncpg.connect(superuser_url)
    try:
        yield connected
    finally:
        await connected.execute("DROP ROLE IF EXISTS friend")
        await connected.close()


async def seen(connection: asyncpg.Connection) -> list[Drift]:
    """Without what is off on the server of the tests."""
    return [each for each in await drift(connection) if each.kind != "setting"]


async def test_the_file_says_what_the_migrations_make(pool: asyncpg.Pool) -> None:
    """If this fails after a new migration: `make guard`."""
    found = await state(pool)
    assert {**found, **{key: "true" for key in found if key[0] == "setting"}} == made()
    assert written(made()) == FILE.read_text(encoding="utf-8")


async def test_a_server_that_may_lose_commits_is_named(pool: asyncpg.Pool) -> None:
    """The server of the tests writes nothing through to the disk."""
    named = [str(each) for each in await drift(pool)]
    assert named == [
        "setting fsync is false, not true",
        "setting full_page_writes is false, not true",
    ]


async def test_a_right_that_nobody_has_is_no_drift(root: asyncpg.Connection) -> None:
    """Where one role does everything, nobody else has any."""
    await root.execute(
        "SET event_triggers = off; REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM socai_service"
    )
    assert await seen(root) == []


@pytest.mark.parametrize("power", POWERS)
async def test_a_role_that_nothing_stops_is_named(root: asyncpg.Connection, power: str) -> None:
    await root.execute(power)
    (found,) = await seen(root)
    assert (found.kind, found.subject, found.expected) == ("power", "friend", None)


@pytest.mark.parametrize("role", MEMBERS)
async def test_a_member_of_a_role_that_writes_is_named(root: asyncpg.Connection, role: str) -> None:
    await root.execute(f"CREATE ROLE friend; GRANT {role} TO friend")
    assert [str(each) for each in await seen(root)] == [f"member friend of {role} is new: "]


async def test_a_server_that_skips_event_triggers_is_named(root: asyncpg.Connection) -> None:
    await root.execute("SET event_triggers = off")
    assert "setting event_triggers is false, not true" in map(str, await drift(root))


async def test_what_is_gone_is_named(root: asyncpg.Connection) -> None:
    await root.execute("DROP EVENT TRIGGER in_a_window; DROP TRIGGER append_only ON ledger.event")
    assert [str(each) for each in await seen(root)] == [
        "event trigger in_a_window is gone",
        "trigger event.append_only is gone",
    ]
