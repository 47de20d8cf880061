"""The wall: the database refuses every change of its shape outside a recorded maintenance window.

    await put_up(superuser)                 # after the migrations; twice is once
    await open_window(superuser, position)  # of the MaintenanceOpened that the log holds
    await close_window(superuser)           # waits for whoever is still changing something

An event trigger that fires always stops the owner and a superuser alike. What stands in the row of
`maintenance.opening` is only a position: until when the window is open is what the log says there,
so that no window opens without its event, and none without a superuser.

The running service is let through for the tables of its read models, which it builds and swaps. It
owns nothing in `ledger` and may create nothing there, so that this opens nothing; and the commands
are listed, so that functions, triggers, rules and grants stay out of its hands as well.

`append` runs as `socai_appender`, a role that nobody is and nobody may become. So the owner of the
tables, who migrates them, still writes nothing into them. Event triggers do not see roles,
databases, ALTER SYSTEM and event triggers themselves: the guard looks at those.
"""

from datetime import datetime
from typing import Final, LiteralString, TypeAlias

import asyncpg

from events.rules import LedgerError, value

Asked: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.Pool[asyncpg.Record]"

LIMIT: Final[LiteralString] = """
    DO $$
    DECLARE
        missing record;
    BEGIN
        FOR missing IN
            SELECT wanted.role, wanted.name, wanted.told
            FROM (VALUES
                -- Comparing the read models of a million events takes a minute; a rebuild and a
                -- question set their own.
                ('socai_service', 'statement_timeout', '15min'),
                -- The appender gives up after 10 s by itself.
                ('socai_service', 'lock_timeout', '30s'),
                ('socai_service', 'idle_in_transaction_session_timeout', '1min'),
                ('socai_service', 'transaction_timeout', '30min'),
                -- An index over a long log.
                ('socai_owner', 'statement_timeout', '1h'),
                -- While a migration waits for a table, everybody waits behind it.
                ('socai_owner', 'lock_timeout', '10s'),
                ('socai_owner', 'idle_in_transaction_session_timeout', '1min'),
                ('socai_owner', 'transaction_timeout', '2h')
            ) AS wanted (role, name, told)
            JOIN pg_roles AS known ON known.rolname = wanted.role
            JOIN pg_settings AS setting ON setting.name = wanted.name  -- 16 has not all of them
            WHERE NOT EXISTS (
                SELECT
                FROM pg_db_role_setting AS given
                WHERE given.setrole = known.oid AND given.setdatabase = 0
                  AND given.setconfig @> ARRAY[wanted.name || '=' || wanted.told]
            )
        LOOP
            EXECUTE format('ALTER ROLE %I SET %I = %L', missing.role, missing.name, missing.told);
        END LOOP;
    END
    $$
"""
SEAL: Final[LiteralString] = """
    DO $$
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'socai_appender') THEN
            CREATE ROLE socai_appender NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- somebody was faster
    END
    $$;
    GRANT USAGE ON SCHEMA ledger TO socai_appender;
    GRANT SELECT, INSERT ON ledger.event, ledger.command, ledger.commit, ledger.reservation
        TO socai_appender;
    GRANT UPDATE (released_position) ON ledger.reservation TO socai_appender;
    GRANT SELECT, INSERT, UPDATE ON ledger.stream TO socai_appender;
    GRANT SELECT, UPDATE ON ledger.head TO socai_appender;
    GRANT EXECUTE ON FUNCTION ledger.instant, ledger.says TO socai_appender;
    ALTER FUNCTION ledger.append OWNER TO socai_appender
"""
BUILD: Final[LiteralString] = """
    CREATE SCHEMA maintenance;
    CREATE TABLE maintenance.opening (
        is_only  boolean PRIMARY KEY DEFAULT true CHECK (is_only),
        position bigint  NOT NULL
    );

    CREATE FUNCTION maintenance.is_open() RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        -- Shared by whoever changes something, to the end of his transaction: closing waits for
        -- him, and whoever still sees the row of a window that was closed is refused.
        PERFORM
        FROM maintenance.opening
        JOIN ledger.event ON event.position = opening.position
        WHERE event.type = 'MaintenanceOpened'
          AND clock_timestamp() < event.recorded_at + make_interval(
              mins => (convert_from(event.body, 'UTF8')::jsonb #>> '{data,minutes}')::integer)
        FOR SHARE OF opening;
        RETURN FOUND;
    END
    $$;

    CREATE FUNCTION maintenance.refuse_change() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF session_user = 'socai_service' AND tg_tag IN (
            'CREATE SCHEMA', 'ALTER SCHEMA', 'DROP SCHEMA',
            'CREATE TABLE', 'ALTER TABLE', 'CREATE INDEX'
        ) THEN
            RETURN;
        END IF;
        IF NOT maintenance.is_open() THEN
            RAISE EXCEPTION 'no maintenance window is open: % is refused', tg_tag
                USING ERRCODE = 'insufficient_privilege',
                HINT = 'socai maintenance open --reason ...';
        END IF;
    END
    $$;

    CREATE FUNCTION maintenance.refuse_migration() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF NOT maintenance.is_open() THEN
            RAISE EXCEPTION 'no maintenance window is open: a migration is refused'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;
    END
    $$;

    -- Whoever is given the right to write every table still opens no window.
    CREATE FUNCTION maintenance.only_superuser() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
            RAISE EXCEPTION 'a maintenance window is opened and closed by a superuser'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;
    END
    $$;

    REVOKE ALL ON ALL FUNCTIONS IN SCHEMA maintenance FROM PUBLIC;
    GRANT USAGE ON SCHEMA maintenance TO PUBLIC;
    GRANT SELECT ON maintenance.opening TO PUBLIC;

    CREATE TRIGGER only_superuser BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE
    ON maintenance.opening
    FOR EACH STATEMENT EXECUTE FUNCTION maintenance.only_superuser();
    ALTER TABLE maintenance.opening ENABLE ALWAYS TRIGGER only_superuser;

    CREATE TRIGGER in_a_window BEFORE INSERT ON ledger.migration
    FOR EACH STATEMENT EXECUTE FUNCTION maintenance.refuse_migration();
    ALTER TABLE ledger.migration ENABLE ALWAYS TRIGGER in_a_window;

    CREATE EVENT TRIGGER in_a_window ON ddl_command_start
    EXECUTE FUNCTION maintenance.refuse_change();
    ALTER EVENT TRIGGER in_a_window ENABLE ALWAYS
"""
STANDS: Final[LiteralString] = """
    SELECT to_regnamespace('maintenance') IS NOT NULL
        OR EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'in_a_window')
"""
HAS_TABLE: Final[LiteralString] = """
    SELECT to_regclass('maintenance.opening') IS NOT NULL
       AND to_regclass('ledger.event') IS NOT NULL
"""
SPLIT: Final[LiteralString] = """
    SELECT count(*) = 2
    FROM pg_roles
    WHERE rolname IN ('socai_owner', 'socai_service')
"""
OPEN: Final[LiteralString] = """
    INSERT INTO maintenance.opening (position)
    VALUES ($1)
"""
CLOSE: Final[LiteralString] = """
    DELETE FROM maintenance.opening
"""
WINDOW: Final[LiteralString] = """
    WITH found AS (
        SELECT event.position, event.recorded_at,
               convert_from(event.body, 'UTF8')::jsonb -> 'data' AS fact
        FROM maintenance.opening
        JOIN ledger.event ON event.position = opening.position
        WHERE event.type = 'MaintenanceOpened'
    ), lasting AS (
        SELECT *, recorded_at + make_interval(mins => (fact ->> 'minutes')::integer) AS until
        FROM found
    )
    SELECT position, fact ->> 'reason' AS reason, until, clock_timestamp() < until AS is_open
    FROM lasting
"""


class RolesMissingError(LedgerError):
    """Where one role does everything there is nobody to let through, and nobody to stop."""


@value
class Window:
    """A maintenance window that was not closed."""

    position: int
    """Of the event that opened it."""
    reason: str
    until: datetime
    is_open: bool
    """False: it has ended, and only has to be closed."""


async def stands(asked: Asked) -> bool:
    """Whether there is a wall. Whether it is whole is for the guard to say."""
    return bool(await asked.fetchval(STANDS))


async def put_up(superuser: asyncpg.Connection) -> bool:
    """Build it where there is none, and limit the roles; whether it was built just now."""
    if not await superuser.fetchval(SPLIT):
        raise RolesMissingError("the roles socai_owner and socai_service do not both exist")
    await superuser.execute(LIMIT)
    if await stands(superuser):
        return False
    async with superuser.transaction():
        await superuser.execute(SEAL)
        await superuser.execute(BUILD)
    return True


async def seal(superuser: asyncpg.Connection) -> None:
    """Take `append` out of the owner's hands again, after migrations that made it anew."""
    await superuser.execute(SEAL)


async def open_window(superuser: asyncpg.Connection, position: int) -> None:
    """Let the database be changed, by the event at this position."""
    await superuser.execute(OPEN, position)


async def close_window(superuser: asyncpg.Connection) -> None:
    """Let it be changed no longer."""
    await superuser.execute(CLOSE)


async def window(asked: Asked) -> Window | None:
    """The window that was not closed, if there is one."""
    if not await asked.fetchval(HAS_TABLE):
        return None
    row = await asked.fetchrow(WINDOW)
    if row is None:
        return None
    return Window(
        position=row["position"], reason=row["reason"], until=row["until"], is_open=row["is_open"]
    )
