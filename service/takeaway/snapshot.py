"""The log and its seal at one moment, read in streams: all of a bundle is of one transaction.

async with opened(url, at=None) as snapshot:
    async for bodies in snapshot.bodies():
        ...
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import asyncpg

from events.codec import unseal
from events.rules import LedgerError, value
from events.seal.note import VerifierKey
from events.signing import SigningKeyIntroduced, stream
from service.database import connected
from service.export.fund import PATIENCE

PAGE_EVENTS: Final = 2_048
PAGE_CHECKPOINTS: Final = 200
LATEST: Final[LiteralString] = """
    SELECT size, note
    FROM seal.checkpoint
    ORDER BY size DESC
    LIMIT 1
"""
COVERING: Final[LiteralString] = """
    SELECT size, note
    FROM seal.checkpoint
    WHERE size >= $1
    ORDER BY size
    LIMIT 1
"""
BODIES: Final[LiteralString] = """
    SELECT body
    FROM ledger.event
    WHERE position <= $1
    ORDER BY position
"""
CHECKPOINTS: Final[LiteralString] = """
    SELECT size, note, ARRAY(
        SELECT line
        FROM seal.cosignature
        WHERE cosignature.size = checkpoint.size
        ORDER BY witness) AS cosignatures
    FROM seal.checkpoint
    WHERE size <= $1
    ORDER BY size
"""
TIMESTAMPS: Final[LiteralString] = """
    SELECT size, authority, token, (
        SELECT note
        FROM seal.checkpoint
        WHERE checkpoint.size = timestamp.size) AS note
    FROM seal.timestamp
    WHERE size <= $1
    ORDER BY size, authority
"""
SIGNING: Final[LiteralString] = """
    SELECT position, body
    FROM ledger.event
    WHERE stream = $1 AND position <= $2
    ORDER BY version
"""


class NotSealedError(LedgerError):
    """No checkpoint speaks of what is asked for."""


@value
class Published:
    """A checkpoint as it stands in the log's own tables, not yet believed."""

    size: int
    note: str
    cosignatures: Sequence[str]
    """The lines that witnesses put under it."""


@value
class Stamped:
    """A time stamp (RFC 3161) of a checkpoint, not yet believed."""

    size: int
    note: str
    authority: str
    """The URL that was asked."""
    token: bytes
    """DER of a TimeStampToken over the note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that stands under one checkpoint, on a connection of its own."""

    size: int
    """How many events the checkpoint speaks of: the position of the last one."""
    note: str
    """The checkpoint, to the byte."""
    keys: Sequence[VerifierKey]
    """Those that were announced under the checkpoint, the oldest first."""
    connection: "asyncpg.Connection[asyncpg.Record]"

    async def bodies(self) -> AsyncIterator[list[bytes]]:
        """The very bytes of every event, by position, a page at a time."""
        async for page in self._pages(BODIES, PAGE_EVENTS):
            yield [row[0] for row in page]

    async def checkpoints(self) -> AsyncIterator[Published]:
        """Every checkpoint up to this one and with it, the smallest first."""
        async for page in self._pages(CHECKPOINTS, PAGE_CHECKPOINTS):
            for row in page:
                yield Published(**dict(row))

    async def timestamps(self) -> AsyncIterator[Stamped]:
        """Every time stamp of a checkpoint up to this one."""
        async for page in self._pages(TIMESTAMPS, PAGE_CHECKPOINTS):
            for row in page:
                yield Stamped(**dict(row))

    async def _pages(
        self, statement: LiteralString, rows: int
    ) -> AsyncIterator[list["asyncpg.Record"]]:
        cursor = await self.connection.cursor(statement, self.size)
        while page := await cursor.fetch(rows):
            yield page


@asynccontextmanager
async def opened(url: str, at: int | None) -> AsyncIterator[Snapshot]:
    """What stands under the latest checkpoint, or under the first one that covers a position."""
    async with (
        connected(url) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await connection.execute(PATIENCE)
        row = await _checkpoint(connection, at)
        yield Snapshot(
            size=row["size"],
            note=row["note"],
            keys=[key async for key in _announced(connection, row["size"])],
            connection=connection,
        )


async def _checkpoint(connection: asyncpg.Connection, at: int | None) -> asyncpg.Record:
    latest = await connection.fetchrow(LATEST)
    if latest is None:
        raise NotSealedError("nothing is signed yet")
    if at is None:
        return latest
    row = await connection.fetchrow(COVERING, at)
    if row is None:
        raise NotSealedError(f"only {latest['size']} events are signed yet, not {at}")
    return row


async def _announced(connection: asyncpg.Connection, size: int) -> AsyncIterator[VerifierKey]:
    for position, body in await connection.fetch(SIGNING, stream(), size):
        fact: Any = unseal(position, body).fact
        if isinstance(fact, SigningKeyIntroduced):
            yield VerifierKey.read(fact.vkey)
