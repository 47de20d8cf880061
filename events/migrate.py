"""Bring the log's tables to the shape this version expects: forward, checked, once.

    applied = await migrate(connection)   # as the owner of the log
    missing = await pending(connection)   # as anybody who may read it

Migrations exist for the log alone; read models are rebuilt. They stand in `migrations/`, numbered,
and are never edited: the database remembers the SHA-256 of each one it has applied.
"""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Final, LiteralString

import asyncpg

from events.rules import LedgerError, value

FOLDER = Path(__file__).parent / "migrations"

EXISTS: Final[LiteralString] = """
    SELECT to_regclass('ledger.migration') IS NOT NULL
"""
PREPARE: Final[LiteralString] = """
    CREATE SCHEMA IF NOT EXISTS ledger;
    CREATE TABLE IF NOT EXISTS ledger.migration (
        name       text        COLLATE "C" PRIMARY KEY,
        sha256     bytea       NOT NULL CHECK (octet_length(sha256) = 32),
        applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
"""
LOCK: Final[LiteralString] = """
    LOCK TABLE ledger.migration IN SHARE ROW EXCLUSIVE MODE
"""
APPLIED: Final[LiteralString] = """
    SELECT name, sha256
    FROM ledger.migration
    ORDER BY name
"""
REMEMBER: Final[LiteralString] = """
    INSERT INTO ledger.migration (name, sha256)
    VALUES ($1, $2)
"""


class DatabaseNewerError(LedgerError):
    """The database was migrated by a newer version of the ledger than this one."""


class MigrationChangedError(LedgerError):
    """A migration that the database has applied reads otherwise now."""


@value
class Migration:
    """One step forward: a file of SQL."""

    name: str
    text: str

    @property
    def sha256(self) -> bytes:
        """What the database remembers of it."""
        return hashlib.sha256(self.text.encode()).digest()


async def migrate(connection: asyncpg.Connection, folder: Path = FOLDER) -> list[str]:
    """Apply what is missing, all or nothing; the names of what was applied."""
    if not await connection.fetchval(EXISTS):
        # IF NOT EXISTS does not see what another one is just making.
        with suppress(asyncpg.UniqueViolationError, asyncpg.DuplicateSchemaError):
            await connection.execute(PREPARE)
        await connection.execute(PREPARE)
    async with connection.transaction():
        await connection.execute(LOCK)
        missing = _missing(_read(folder), await _applied(connection))
        for each in missing:
            await connection.execute(each.text)
            await connection.execute(REMEMBER, each.name, each.sha256)
    return [each.name for each in missing]


async def pending(connection: asyncpg.Connection, folder: Path = FOLDER) -> list[str]:
    """The names of what is missing; raises as `migrate` would."""
    applied = await _applied(connection) if await connection.fetchval(EXISTS) else {}
    return [each.name for each in _missing(_read(folder), applied)]


def _missing(known: list[Migration], applied: dict[str, bytes]) -> list[Migration]:
    newer = sorted(applied.keys() - {each.name for each in known})
    if newer:
        raise DatabaseNewerError(f"this version does not know {', '.join(newer)}")
    for each in known:
        if applied.get(each.name, each.sha256) != each.sha256:
            raise MigrationChangedError(f"{each.name} was applied with other contents")
    missing = [each for each in known if each.name not in applied]
    if missing and applied and missing[0].name < max(applied):
        raise MigrationChangedError(f"{missing[0].name} came after {max(applied)} was applied")
    return missing


async def _applied(connection: asyncpg.Connection) -> dict[str, bytes]:
    return {row["name"]: row["sha256"] for row in await connection.fetch(APPLIED)}


def _read(folder: Path) -> list[Migration]:
    return [
        Migration(name=path.stem, text=path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.sql"))
    ]
