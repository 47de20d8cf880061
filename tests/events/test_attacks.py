"""Who may do what to the log against the will of the house, and what stops him or notices it.

Each attempt is made on a fresh ledger. Refused: nothing has changed afterwards, to the byte.
Noticed: the guard names what is no longer as the migrations made it. What neither holds, a signed
checkpoint tells: the last test, and tests/service/test_tampering.py.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest

from events.appender import Appender
from events.guard import Drift, drift
from events.seal.audit import Kind, Trust, audited
from events.seal.memory import Memory
from events.seal.signer import Signer
from events.wall import put_up
from tests.entries import fill

REFUSED = "refused"
UNNOTICED = "only a checkpoint that somebody kept"
WITHOUT_AN_EVENT = "no window, for the log knows of none"
FORGED = """
    INSERT INTO ledger.event (position, body, event_id, stream, version, type,
                              recorded_at, effective_on, budget_year, command_id)
    SELECT 4, convert_to(replace(replace(convert_from(body, 'UTF8'), '"version":1', '"version":4'),
               event_id::text, '00000000-0000-7000-8000-000000000000'), 'UTF8'),
           '00000000-0000-7000-8000-000000000000', stream, 4, type,
           recorded_at, effective_on, budget_year, command_id
    FROM ledger.event WHERE position = 1
"""
FORGED_IN_A_BLOCK = f"DO $x$ BEGIN /* PL/pgSQL function ledger.append() */ {FORGED}; END $x$"
OFF = "SET event_triggers = off;"
"""Since PostgreSQL 17; before, he disables the event trigger and enables it again."""
BEHIND_THE_GUARD = """
    BEGIN;
    ALTER TABLE ledger.event DISABLE TRIGGER USER;
    UPDATE ledger.event SET body = convert_to(
        replace(convert_from(body, 'UTF8'), '"x"', '"y"'), 'UTF8');
    ALTER TABLE ledger.event ENABLE ALWAYS TRIGGER append_only;
    ALTER TABLE ledger.event ENABLE ALWAYS TRIGGER only_append;
    ALTER TABLE ledger.event ENABLE ALWAYS TRIGGER erase_what_is_erased;
    COMMIT
"""


class Attack(NamedTuple):
    """What somebody tries, and what becomes of it."""

    actor: str
    sql: str
    fate: str = REFUSED
    """REFUSED, or the kind of thing that the guard notices, or UNNOTICED."""


LEDGER = ("event", "command", "commit", "reservation", "stream", "head")
AROUND = (
    "ALTER EVENT TRIGGER in_a_window DISABLE",
    "ALTER EVENT TRIGGER in_a_window OWNER TO CURRENT_USER",
    "DROP EVENT TRIGGER in_a_window",
    "DROP SCHEMA maintenance CASCADE",
    "CREATE OR REPLACE FUNCTION maintenance.is_open() RETURNS boolean RETURN true",
    "INSERT INTO maintenance.opening (position) VALUES (1)",
    "SELECT maintenance.is_open()",
    "SET event_triggers = off",
    "SET session_replication_role = replica",
    "SET ROLE socai_appender",
    "SET ROLE postgres",
    "GRANT socai_appender TO CURRENT_USER",
    "ALTER ROLE socai_appender LOGIN",
    "CREATE FUNCTION pg_temp.f() RETURNS int SECURITY DEFINER RETURN 1",
    "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION maintenance.refuse_change()",
    "CREATE EXTENSION hstore",
    "ALTER SYSTEM SET event_triggers = off",
    "INSERT INTO ledger.migration (name, sha256) VALUES ('9999', sha256('x'))",
    "COPY ledger.event TO PROGRAM 'cat'",
)
"""Ways around the wall, for whoever is no superuser."""
ATTACKS = (
    # The running service: what a stolen password of its may do.
    *(Attack("service", f"INSERT INTO ledger.{each} DEFAULT VALUES") for each in LEDGER),
    *(Attack("service", f"DELETE FROM ledger.{each}") for each in LEDGER),
    *(Attack("service", each) for each in AROUND),
    Attack("service", "UPDATE ledger.event SET body = body"),
    Attack("service", "TRUNCATE ledger.event"),
    Attack("service", "UPDATE ledger.head SET position = 0"),
    Attack("service", "ALTER TABLE ledger.event DISABLE TRIGGER ALL"),
    Attack("service", "DROP TABLE ledger.event CASCADE"),
    Attack("service", "CREATE RULE r AS ON INSERT TO ledger.event DO INSTEAD NOTHING"),
    Attack(
        "service",
        "CREATE TRIGGER t BEFORE INSERT ON ledger.event EXECUTE FUNCTION"
        " suppress_redundant_updates_trigger()",
    ),
    Attack("service", "CREATE TABLE ledger.mine ()"),
    Attack("service", "CREATE TABLE maintenance.mine ()"),
    Attack("service", "CREATE TABLE public.mine ()"),
    Attack("service", "CREATE SCHEMA mine; CREATE TABLE mine.heir () INHERITS (ledger.event)"),
    Attack("service", "ALTER SCHEMA ledger RENAME TO mine"),
    Attack("service", "DROP SCHEMA ledger CASCADE"),
    Attack("service", "GRANT UPDATE ON ledger.event TO socai_service"),
    Attack("service", "ALTER FUNCTION ledger.refuse() RENAME TO allow"),
    Attack("service", "SET ROLE socai_owner"),
    Attack("service", "BEGIN; LOCK TABLE ledger.head IN ACCESS EXCLUSIVE MODE"),
    Attack("service", "SELECT 1 FROM ledger.head FOR UPDATE"),
    Attack("service", "ALTER SYSTEM SET fsync = off"),
    Attack("service", "CREATE ROLE friend SUPERUSER"),
    Attack("service", "SELECT pg_read_file('postgresql.conf')"),
    # A role that somebody gave the right to write everything.
    *(Attack("writer", each) for each in AROUND),
    Attack("writer", FORGED),
    Attack("writer", "UPDATE ledger.event SET body = body"),
    Attack("writer", "DELETE FROM ledger.event"),
    Attack("writer", "UPDATE ledger.head SET position = position - 1"),
    Attack("writer", "UPDATE ledger.stream SET version = 0"),
    Attack("writer", "INSERT INTO ledger.reservation VALUES ('tax:1', 1)"),
    Attack("writer", "TRUNCATE ledger.event"),
    Attack("writer", "TRUNCATE maintenance.opening"),
    # The owner of the tables, who migrates them. He keeps his rights, and has no window.
    *(Attack("owner", each) for each in AROUND),
    Attack("owner", FORGED),
    Attack("owner", FORGED_IN_A_BLOCK),
    Attack("owner", BEHIND_THE_GUARD),
    Attack("owner", "UPDATE ledger.event SET body = body"),
    Attack("owner", "DELETE FROM ledger.event"),
    Attack("owner", "TRUNCATE ledger.event CASCADE"),
    Attack("owner", "UPDATE ledger.head SET position = position - 1"),
    Attack("owner", "UPDATE ledger.stream SET version = 0"),
    Attack("owner", "UPDATE ledger.reservation SET released_position = position + 1"),
    Attack("owner", "UPDATE ledger.migration SET sha256 = sha256"),
    Attack("owner", "DROP OWNED BY socai_service"),
    Attack("owner", "REASSIGN OWNED BY socai_owner TO socai_service"),
    Attack("owner", "ALTER TABLE ledger.event DISABLE TRIGGER append_only"),
    Attack("owner", "ALTER TABLE ledger.event ENABLE TRIGGER append_only"),
    Attack("owner", "ALTER TABLE ledger.event ENABLE REPLICA TRIGGER only_append"),
    Attack("owner", "ALTER TABLE ledger.migration DISABLE TRIGGER in_a_window"),
    Attack("owner", "DROP TRIGGER append_only ON ledger.event"),
    Attack(
        "owner",
        "CREATE TRIGGER a_first BEFORE INSERT ON ledger.event"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ),
    Attack("owner", "CREATE RULE r AS ON INSERT TO ledger.event DO INSTEAD NOTHING"),
    Attack("owner", "GRANT UPDATE ON ledger.event TO socai_service"),
    Attack("owner", "GRANT SELECT (body) ON ledger.event TO PUBLIC"),
    Attack("owner", "REVOKE ALL ON ledger.event FROM socai_appender"),
    Attack("owner", "ALTER DEFAULT PRIVILEGES IN SCHEMA ledger GRANT ALL ON TABLES TO PUBLIC"),
    Attack("owner", "COMMENT ON TABLE ledger.event IS 'mine'"),
    Attack("owner", "ALTER TABLE ledger.event DROP CONSTRAINT event_says_its_columns"),
    Attack("owner", "ALTER TABLE ledger.event DROP COLUMN leaf"),
    Attack("owner", "ALTER TABLE ledger.event ALTER COLUMN leaf DROP EXPRESSION"),
    Attack("owner", "ALTER TABLE ledger.event ALTER COLUMN body DROP NOT NULL"),
    Attack("owner", "ALTER TABLE ledger.event ENABLE ROW LEVEL SECURITY"),
    Attack("owner", "ALTER TABLE ledger.event SET UNLOGGED"),
    Attack("owner", "CREATE TABLE ledger.mine () INHERITS (ledger.event)"),
    Attack("owner", "CREATE TABLE public.mine ()"),
    Attack("owner", "CREATE TEMPORARY TABLE mine ()"),
    Attack("owner", "SELECT 1 AS a INTO TEMPORARY mine"),
    Attack("owner", "CREATE VIEW ledger.peek AS SELECT 1"),
    Attack("owner", "CREATE SCHEMA mine"),
    Attack("owner", "CREATE PUBLICATION mine"),
    Attack("owner", "ALTER FUNCTION ledger.append SECURITY INVOKER"),
    Attack("owner", "ALTER FUNCTION ledger.append OWNER TO socai_owner"),
    Attack("owner", "DROP FUNCTION ledger.append"),
    Attack("owner", "ALTER FUNCTION ledger.refuse() RENAME TO allow"),
    Attack(
        "owner",
        "CREATE OR REPLACE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NULL; END'",
    ),
    Attack("owner", "DROP SCHEMA ledger CASCADE"),
    Attack("owner", "DO $$ BEGIN EXECUTE 'DROP SCHEMA ledger CASCADE'; END $$"),
    Attack("owner", "ALTER DATABASE {database} SET check_function_bodies = off", "limit"),
    Attack("owner", "ALTER ROLE socai_owner SET work_mem = '1MB'", "limit"),
    # The superuser, whom PostgreSQL does not stop: he takes the wall away first, and is seen.
    Attack("superuser", FORGED),
    Attack("superuser", BEHIND_THE_GUARD),
    Attack("superuser", "UPDATE ledger.event SET body = body"),
    Attack("superuser", "SET session_replication_role = replica; DELETE FROM ledger.event"),
    Attack("superuser", "ALTER TABLE ledger.event OWNER TO postgres"),
    Attack("superuser", "ALTER FUNCTION ledger.append OWNER TO postgres"),
    Attack("superuser", "SET ROLE socai_owner;" + BEHIND_THE_GUARD),
    Attack("superuser", "DROP SCHEMA ledger CASCADE"),
    Attack("superuser", "ALTER EVENT TRIGGER in_a_window DISABLE", "event trigger"),
    Attack("superuser", "ALTER EVENT TRIGGER in_a_window ENABLE", "event trigger"),
    Attack("superuser", "ALTER EVENT TRIGGER in_a_window RENAME TO asleep", "event trigger"),
    Attack("superuser", "DROP EVENT TRIGGER in_a_window", "event trigger"),
    Attack(
        "superuser",
        "CREATE EVENT TRIGGER mine ON sql_drop EXECUTE FUNCTION maintenance.refuse_change()",
        "event trigger",
    ),
    Attack("superuser", "UPDATE pg_event_trigger SET evtenabled = 'D'", "event trigger"),
    Attack(
        "superuser", "UPDATE pg_trigger SET tgenabled = 'D' WHERE tgname = 'append_only'", "trigger"
    ),
    Attack(
        "superuser", "UPDATE pg_proc SET prosrc = 'BEGIN END' WHERE proname = 'refuse'", "function"
    ),
    Attack("superuser", OFF + "ALTER FUNCTION ledger.append OWNER TO socai_owner", "owner"),
    Attack("superuser", OFF + "ALTER SCHEMA maintenance OWNER TO socai_owner", "owner"),
    Attack("superuser", OFF + "ALTER TABLE maintenance.opening OWNER TO socai_owner", "owner"),
    Attack("superuser", OFF + "ALTER TABLE maintenance.opening ADD why text", "column"),
    Attack("superuser", OFF + "GRANT INSERT ON maintenance.opening TO socai_owner", "grant"),
    Attack("superuser", OFF + "DROP SCHEMA maintenance CASCADE", "table"),
    Attack("superuser", OFF + "DROP SCHEMA ledger CASCADE", "table"),
    Attack("superuser", "ALTER ROLE socai_service SET statement_timeout = 0", "limit"),
    Attack("superuser", "ALTER DATABASE {database} SET event_triggers = off", "limit"),
    Attack("superuser", "INSERT INTO maintenance.opening (position) VALUES (1)", WITHOUT_AN_EVENT),
    Attack("superuser", OFF + BEHIND_THE_GUARD, UNNOTICED),
    Attack("superuser", "SET ROLE socai_appender;" + FORGED, UNNOTICED),
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
        await connected.execute("ALTER ROLE socai_owner RESET work_mem")  # of the whole cluster
        await put_up(connected)
        await connected.execute("DROP ROLE writer")
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
    attack: Attack,
    root: asyncpg.Connection,
    database: str,
    database_url: str,
    owner_url: str,
    superuser_url: str,
) -> None:
    async with Appender(database_url) as appender:
        await fill(appender, 3)
    sql = attack.sql.replace("{database}", database)
    before = await whole(root)
    urls = {"service": database_url, "owner": owner_url}
    actor = await asyncpg.connect(urls.get(attack.actor, superuser_url))
    try:
        if attack.actor == "writer":
            await actor.execute("SET SESSION AUTHORIZATION writer")
        if attack.fate == REFUSED:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await actor.execute(sql)
        else:
            await actor.execute(sql)
    finally:
        await actor.close()
    found = await seen(root)
    if attack.fate in {REFUSED, WITHOUT_AN_EVENT, UNNOTICED}:
        assert found == []
        assert (await whole(root) == before) is (attack.fate != UNNOTICED)
    else:
        assert attack.fate in {each.kind for each in found}, found


@pytest.mark.parametrize(
    ("sql", "flaw"),
    [
        (BEHIND_THE_GUARD, (Kind.ROOT, 3)),
        ("SET ROLE socai_appender;" + FORGED, (Kind.HEAD, 4)),
    ],
)
async def test_what_the_guard_cannot_notice_verification_finds(
    sql: str, flaw: tuple[Kind, int], root: asyncpg.Connection,
    database_url: str, signer_url: str, tmp_path: Path,
) -> None:  # fmt: skip
    assert [each for each in ATTACKS if each.fate == UNNOTICED and each.sql.endswith(sql)]
    key = (memory := Memory(tmp_path / "seal")).begin("ledger.example/socai").verifier
    async with Appender(database_url) as appender:
        await fill(appender, 3)
    signer = await asyncpg.connect(signer_url)
    (note,) = await Signer(signer, memory).look()
    await signer.close()
    await root.execute(OFF + sql + "; RESET ROLE")
    found = await audited(root, Trust(pinned=[key], notes=[note]), lambda _: None)
    assert flaw in {(each.kind, each.position) for each in found.flaws}
