"""Change the database in the open: a window that the log records, the change, and the window shut.

done = await migrated(found)                            # opens one by itself where it must
async with opened(superuser_url, "why", 15) as applied: # for other work
    ...
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, LiteralString

import asyncpg

from events import wall
from events.catalogue import Command
from events.clock import today
from events.deciding import uuid7
from events.envelope import Actor, Order
from events.ledger import Receipt
from events.maintenance import CloseMaintenance, OpenMaintenance
from events.migrate import migrate, pending
from events.rules import LedgerError
from service.database import Database, connected, recording
from service.postgres import VAULT

HAS_VAULT: Final[LiteralString] = """
    SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'socai_vault')
"""
SIGNER: Final[LiteralString] = """
    DO $$
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'socai_signer') THEN
            CREATE ROLE socai_signer LOGIN;
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO socai_signer', current_database());
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- somebody was faster
    END
    $$
"""
"""Without a password he comes in nowhere until he is given one."""
MIGRATION_MINUTES = 60
"""As long as the owner's longest statement may take."""


class SuperuserWantedError(LedgerError):
    """A maintenance window is opened by a superuser, and nobody said how to be one."""


async def migrated(found: Database) -> list[str]:
    """Bring the log to this version's shape, as its owner; the migrations that were applied.

    Where somebody is a superuser, the wall is put up afterwards, if there is none.
    """
    if found.superuser_url is not None:
        async with connected(found.superuser_url) as root:
            if not await root.fetchval(HAS_VAULT):
                await root.execute(VAULT)
            await root.execute(SIGNER)
    async with connected(found.owner_url) as owner:
        missing = await pending(owner)
        done = await _applied(found, owner, missing) if missing else []
    if found.superuser_url is not None:
        async with connected(found.superuser_url) as root:
            await wall.put_up(root)
    return done


async def _applied(found: Database, owner: asyncpg.Connection, missing: list[str]) -> list[str]:
    """In a window, where there is a wall: in the one that is open, or in one for this alone."""
    if not await wall.stands(owner):
        return await migrate(owner)
    before = await wall.window(owner)
    if before is not None and before.is_open:
        return await _sealed(found, owner)
    reason = f"migrations: {', '.join(missing)}"
    async with opened(superuser(found), reason, MIGRATION_MINUTES) as applied:
        applied.extend(await _sealed(found, owner))
    return applied


async def _sealed(found: Database, owner: asyncpg.Connection) -> list[str]:
    """Migrate; if that made `append` anew, it is the owner's until a superuser gives it away."""
    async with connected(superuser(found)) as root:
        done = await migrate(owner)
        await wall.seal(root)
    return done


@asynccontextmanager
async def opened(url: str, reason: str, minutes: int) -> AsyncIterator[list[str]]:
    """A window for the length of the block; what is put into the list is said at its end."""
    applied: list[str] = []
    await open_window(url, reason, minutes)
    try:
        yield applied
    finally:
        await close_window(url, applied)


async def open_window(url: str, reason: str, minutes: int) -> Receipt:
    """Record that it opens, then let the database be changed; close one that has ended first."""
    async with connected(url) as root:
        before = await wall.window(root)
        if before is not None and not before.is_open:
            await close_window(url)
        receipt = await _recorded(url, OpenMaintenance(reason=reason, minutes=minutes))
        await wall.open_window(root, receipt.position)
    return receipt


async def close_window(url: str, applied: list[str] | None = None) -> Receipt:
    """Let the database be changed no longer, then record that."""
    async with connected(url) as root:
        await wall.close_window(root)
    return await _recorded(url, CloseMaintenance(applied=tuple(applied or ())))


def superuser(found: Database) -> str:
    """Where to connect as one."""
    if found.superuser_url is None:
        raise SuperuserWantedError(
            "the database refuses to be changed outside a maintenance window, and only a superuser"
            " opens one"
        )
    return found.superuser_url


async def _recorded(url: str, command: Command) -> Receipt:
    """In the name of the superuser who connects: more is not known of whoever gave the command."""
    async with connected(url) as root, recording(url) as ledger:
        name = await root.fetchval("SELECT current_user::text")
        order = Order(
            command=command,
            command_id=uuid7(),
            effective_on=today(),
            actor=Actor(id=name, role="superuser", organisation="database"),
        )
        return await ledger.handle(order)
