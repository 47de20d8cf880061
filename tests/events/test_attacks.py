"""Who may do what to the log against the will of the house, and what stops him or notices it.

Each attempt is made on a fresh ledger. Refused: nothing has changed afterwards, to the byte.
Noticed: the guard names what is no longer as the migrations made it. What neither holds, a signed
checkpoint has to tell.
"""

from collections.abc import AsyncIterator
from typing import NamedTuple

import asyncpg
import pytest

from events.appender import Appender
from events.guard import Drift, drift
from tests.entries import fill

REFUSED = "refused"
IN_VAIN = "in vain"
"""PostgreSQL warns, and does nothing."""
UNNOTICED = "only a checkpoint that somebody kept"
FORGED = """
    INSERT INTO ledger.event (position, body, event_id, stream, version, type,
                              recorded_at, effective_on, budget_year, command_id)
    SELECT 4, convert_to(replace(replace(convert_from(body, 'UTF8'), '"version":1', '"version":4'),
               event_id::text, '00000000-0000-7000-8000-000000000000'), 'UTF8'),
           '00000000-0000-7000-8000-000000000000', stream, 4, type,
           recorded_at, effective_on, budget_year, command_id
    FROM ledger.event WHERE position = 1
"""
BEHIND_THE_GUARD = """
    BEGIN;
    ALTER TABLE ledger.event DISABLE TRIGGER append_only;
    UPDATE ledger.event SET body = convert_to(
        replace(convert_from(body, 'UTF8'), '"x"', '"y"'), 'UTF8');
    ALTER TABLE ledger.event ENABLE ALWAYS TRIGGER append_only;
    COMMIT
"""


class Attack(NamedTuple):
    """What somebody tries, and what becomes of it."""

    actor: str
    sql: str
    fate: str = REFUSED
    """REFUSED, IN_VAIN, or the kind of thing that the guard notices, or UNNOTICED."""


LEDGER = ("event", "command", "commit", "reservation", "stream", "head")
ATTACKS = (
    # The running service: what a stolen password of its may do.
    *(Attack("service", f"INSERT INTO ledger.{each} DEFAULT VALUES") for each in LEDGER),
    *(Attack("service", f"DELETE FROM ledger.{each}") for each in LEDGER),
    Attack("service", "UPDATE ledger.event SET body = body"),
    Attack("service", "TRUNCATE ledger.event"),
    Attack("service", "UPDATE ledger.head SET position = 0"),
    Attack("service", "ALTER TABLE ledger.event DISABLE TRIGGER ALL"),
    Attack("service", "DROP TABLE ledger.event CASCADE"),
    Attack("service", "CREATE RULE r AS ON INSERT TO ledger.event DO INSTEAD NOTHING"),
    Attack("service", "CREATE TRIGGER t BEFORE INSERT ON ledger.event EXECUTE FUNCTION f()"),
    Attack("service", "CREATE TABLE ledger.mine ()"),
    Attack("service", "CREATE TABLE mine () INHERITS (ledger.event)"),
    Attack("service", "GRANT UPDATE ON ledger.event TO socai_service", IN_VAIN),
    Attack("service", "ALTER FUNCTION ledger.refuse() RENAME TO allow"),
    Attack("service", "SET ROLE socai_owner"),
    Attack("service", "SET session_replication_role = replica"),
    Attack("service", "BEGIN; LOCK TABLE ledger.head IN ACCESS EXCLUSIVE MODE"),
    Attack("service", "SELECT 1 FROM ledger.head FOR UPDATE"),
    Attack("service", "ALTER SYSTEM SET fsync = off"),
    Attack("service", "CREATE ROLE friend SUPERUSER"),
    Attack("service", "COPY ledger.event TO PROGRAM 'cat'"),
    Attack("service", "SELECT pg_read_file('postgresql.conf')"),
    # A role that somebody gave the right to write everything.
    Attack("writer", FORGED),
    Attack("writer", "UPDATE ledger.event SET body = body"),
    Attack("writer", "DELETE FROM ledger.event"),
    Attack("writer", "UPDATE ledger.head SET position = position - 1"),
    Attack("writer", "UPDATE ledger.stream SET version = 0"),
    Attack("writer", "INSERT INTO ledger.reservation VALUES ('tax:1', 1)"),
    Attack("writer", "TRUNCATE ledger.event"),
    # The owner of the tables, who migrates them.
    Attack("owner", "UPDATE ledger.event SET body = body"),
    Attack("owner", "DELETE FROM ledger.event"),
    Attack("owner", "TRUNCATE ledger.event CASCADE"),
    Attack("owner", "UPDATE ledger.head SET position = position - 1"),
    Attack("owner", "UPDATE ledger.migration SET sha256 = sha256"),
    Attack("owner", "SET session_replication_role = replica"),
    Attack("owner", "DROP OWNED BY socai_service"),
    Attack("owner", "ALTER TABLE ledger.event DISABLE TRIGGER append_only", "trigger"),
    Attack("owner", "ALTER TABLE ledger.event ENABLE TRIGGER append_only", "trigger"),
    Attack("owner", "ALTER TABLE ledger.event ENABLE REPLICA TRIGGER only_append", "trigger"),
    Attack("owner", "DROP TRIGGER append_only ON ledger.event", "trigger"),
    Attack(
        "owner",
        "CREATE TRIGGER a_first BEFORE INSERT ON ledger.event"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "trigger",
    ),
    Attack("owner", "CREATE RULE r AS ON INSERT TO ledger.event DO INSTEAD NOTHING", "rule"),
    Attack("owner", "GRANT UPDATE ON ledger.event TO socai_service", "grant"),
    Attack("owner", "GRANT SELECT (body) ON ledger.event TO PUBLIC", "grant"),
    Attack(
        "owner", "ALTER TABLE ledger.event DROP CONSTRAINT event_says_its_columns", "constraint"
    ),
    Attack("owner", "ALTER TABLE ledger.event DROP COLUMN leaf", "column"),
    Attack("owner", "ALTER TABLE ledger.event ALTER COLUMN leaf DROP EXPRESSION", "column"),
    Attack("owner", "ALTER TABLE ledger.event ALTER COLUMN body DROP NOT NULL", "column"),
    Attack("owner", "ALTER TABLE ledger.event ENABLE ROW LEVEL SECURITY", "table"),
    Attack("owner", "ALTER TABLE ledger.event SET UNLOGGED", "table"),
    Attack("owner", "CREATE TABLE ledger.mine () INHERITS (ledger.event)", "child"),
    Attack("owner", "CREATE VIEW ledger.peek AS SELECT 1", "rule"),
    Attack("owner", "ALTER FUNCTION ledger.append SECURITY INVOKER", "function"),
    Attack("owner", "ALTER FUNCTION ledger.refuse() RENAME TO allow", "function"),
    Attack(
        "owner",
        "CREATE OR REPLACE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NULL; END'",
        "function",
    ),
    Attack("owner", "DROP SCHEMA ledger CASCADE", "column"),
    Attack("owner", BEHIND_THE_GUARD, UNNOTICED),
    Attack("owner", FORGED, UNNOTICED),
    # The superuser, whom PostgreSQL does not stop.
    Attack("superuser", "UPDATE ledger.event SET body = body"),
    Attack("superuser", "SET session_replication_role = replica; DELETE FROM ledger.event"),
    Attack("superuser", FORGED),
    Attack(
        "superuser", "UPDATE pg_trigger SET tgenabled = 'D' WHERE tgname = 'append_only'", "trigger"
    ),
    Attack("superuser", "ALTER TABLE ledger.event OWNER TO postgres", "owner"),
    Attack("superuser", "ALTER FUNCTION ledger.append OWNER TO postgres", "owner"),
    Attack("superuser", "SET ROLE socai_owner;" + BEHIND_THE_GUARD, UNNOTICED),
)


@pytest.fixture
async def root(superuser_url: str) -> AsyncIterator[asyncpg.Connection]:
    connected = await asyncpg.connect(superuser_url)
    await connected.execute(
        "CREATE ROLE writer; GRANT pg_write_all_data, pg_read_all_data TO writer"
    )
    try:
        yield connected
    finally:
        await connected.execute("RESET ROLE; RESET SESSION AUTHORIZATION")
        await connected.execute("DROP OWNED BY writer; DROP ROLE writer")
        await connected.close()


async def seen(connection: asyncpg.Connection) -> list[Drift]:
    """What the guard says of the ledger, apart from the cluster of tests and its writer."""
    found = await drift(connection)
    return [each for each in found if each.kind not in {"setting", "member"}]


async def whole(connection: asyncpg.Connection) -> object:
    """Everything that is in the log's tables."""
    tables = (*LEDGER, "migration")
    return [await connection.fetch(f"TABLE ledger.{each} ORDER BY 1") for each in tables]


@pytest.mark.parametrize(
    "attack", ATTACKS, ids=lambda each: f"{each.actor}: {each.sql.strip()[:60]}"
)
async def test_the_attempt_is_refused_or_noticed(
    attack: Attack, root: asyncpg.Connection, database_url: str, owner_url: str, superuser_url: str
) -> None:
    async with Appender(database_url) as appender:
        await fill(appender, 3)
    before = await whole(root)
    urls = {"service": database_url, "owner": owner_url}
    actor = await asyncpg.connect(urls.get(attack.actor, superuser_url))
    try:
        if attack.actor == "writer":
            await actor.execute("SET SESSION AUTHORIZATION writer")
        if attack.fate == REFUSED:
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.PostgresSyntaxError)):
                await actor.execute(attack.sql)
        else:
            await actor.execute(attack.sql)
    finally:
        await actor.close()
    found = await seen(root)
    if attack.fate in {REFUSED, IN_VAIN, UNNOTICED}:
        assert found == []
        assert (await whole(root) == before) is (attack.fate != UNNOTICED)
    else:
        assert attack.fate in {each.kind for each in found}, found
