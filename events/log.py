"""The log as it is read: by position, by stream, as it stood at an instant.

Positions are gapless and in the order of commits, so a reader that has seen P has seen everything
up to P, and `position > P` is all there is to going on. `Log` holds no state: make as many as you
like. Who writes is in `appender.py`; who waits for more is in `follower.py`.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import asyncpg

from events.codec import unseal
from events.envelope import Recorded
from events.rules import LedgerError, Refusal, refusal, value

ACQUIRE_SECONDS_MAX = 1.0
"""A pool without a connection to give is an outage; waiting would hide it."""


READ_SECONDS_MAX = 10.0
"""A page is read in milliseconds. A wire that is dead says nothing, and who follows would wait."""


class LogBusyError(LedgerError):
    """All connections to the log are at work. Nothing was read, and nothing recorded."""


_OUTAGES: tuple[type[Exception], ...] = (
    LogBusyError,
    OSError,  # TimeoutError is one
    EOFError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.IdleSessionTimeoutError,
    asyncpg.InvalidAuthorizationSpecificationError,  # its password is just being changed
    asyncpg.QueryCanceledError,
    asyncpg.ReadOnlySQLTransactionError,  # this server has been replaced by another
    asyncpg.TooManyConnectionsError,
)

HEAD: Final[LiteralString] = """
    SELECT position, recorded_at
    FROM ledger.head
"""
READ: Final[LiteralString] = """
    SELECT position, body
    FROM ledger.event
    WHERE position > $1
    ORDER BY position
    LIMIT $2
"""
STORED: Final[LiteralString] = """
    SELECT position, body, leaf
    FROM ledger.event
    WHERE position > $1
    ORDER BY position
    LIMIT $2
"""
STREAMS: Final[LiteralString] = """
    SELECT event.position, event.body
    FROM unnest($1::text[], $2::integer[]) AS seen (stream, version)
    JOIN ledger.event ON event.stream = seen.stream AND event.version > seen.version
    ORDER BY event.position
"""
STREAM: Final[LiteralString] = """
    SELECT position, body
    FROM ledger.event
    WHERE stream = $1 AND version > $2
    ORDER BY version
"""
AT: Final[LiteralString] = """
    SELECT last_position
    FROM ledger.commit
    WHERE recorded_at <= $1
    ORDER BY recorded_at DESC
    LIMIT 1
"""
COMMAND: Final[LiteralString] = """
    SELECT fingerprint, first_position, last_position
    FROM ledger.command
    WHERE id = $1
"""
RESERVED: Final[LiteralString] = """
    SELECT key
    FROM ledger.reservation
    WHERE key = ANY ($1::text[])
    ORDER BY key
"""


@refusal(rule="a caller who says what he has seen is told when it has changed")
class VersionConflict(Refusal):
    """{stream} stands at version {actual}, not at {expected}: read it again.

    {stream} đang ở phiên bản {actual}, không phải {expected}: hãy đọc lại.
    """

    stream: str
    expected: int
    actual: int


@refusal(rule="one command id, one command, for ever")
class IdempotencyMismatch(Refusal):
    """Command {command_id} was recorded before, with other content.

    Lệnh {command_id} đã được ghi nhận trước đây với nội dung khác.
    """

    command_id: UUID


@value
class Head:
    """How far the log goes. Position 0 is the empty log."""

    position: int
    recorded_at: datetime | None


@value
class Known:
    """A command that was carried out, and the positions of what it caused."""

    fingerprint: bytes
    first: int
    last: int


class Stored:
    """An event as it stands in the log. Many look at it: what one makes of it the others have."""

    __slots__ = ("_recorded", "body", "item", "leaf", "position")

    def __init__(self, position: int, body: bytes, leaf: bytes) -> None:
        self.position = position
        self.body = body
        """The very bytes that were recorded."""
        self.leaf = leaf
        """SHA-256 of 0x00 and the bytes (RFC 6962 §2.1)."""
        self.item: object = None
        """What a feed knows of it, once one has looked."""
        self._recorded: Recorded[Any] | None = None

    @property
    def recorded(self) -> Recorded[Any]:
        """The fact in its circumstances; decoded when it is first asked for."""
        if self._recorded is None:
            self._recorded = unseal(self.position, self.body)
        return self._recorded


def is_outage(error: Exception) -> bool:
    """Whether the server or the way to it is gone, in any of the ways asyncpg says so.

    Whether the statement was carried out is then unknown, and the connection is of no more use.
    """
    return isinstance(error, _OUTAGES)


class Log:
    """Reads the log through a pool; every method takes one connection for one statement."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def head(self) -> Head:
        """The last position, and when it was recorded."""
        (row,) = await self.fetch(HEAD)
        return Head(position=row["position"], recorded_at=row["recorded_at"])

    async def read(self, after: int, limit: int) -> list[Recorded[Any]]:
        """Events with positions greater than `after`, ascending, without a gap."""
        return [unseal(position, body) for position, body in await self.raw(after, limit)]

    async def raw(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """As `read`: positions and the very bytes that were recorded."""
        return [(row[0], row[1]) for row in await self.fetch(READ, after, limit)]

    async def stored(self, after: int, limit: int) -> list[Stored]:
        """As `read`, not decoded yet, and with the leaves of the hash tree."""
        return [Stored(*row) for row in await self.fetch(STORED, after, limit)]

    async def stream(self, name: str, after_version: int = 0) -> list[Recorded[Any]]:
        """The events of one stream, oldest first."""
        rows = await self.fetch(STREAM, name, after_version)
        return [unseal(row[0], row[1]) for row in rows]

    async def streams(self, seen: Mapping[str, int]) -> list[Recorded[Any]]:
        """The events of several streams after the versions already seen, all of one moment."""
        rows = await self.fetch(STREAMS, list(seen), list(seen.values()))
        return [unseal(row[0], row[1]) for row in rows]

    async def position_at(self, recorded_at: datetime) -> int:
        """The last position recorded at that instant or before it; 0 if there is none."""
        rows = await self.fetch(AT, recorded_at)
        return int(rows[0][0]) if rows else 0

    async def command(self, id: UUID) -> Known | None:
        """What became of a command, or None if it was never carried out."""
        rows = await self.fetch(COMMAND, id)
        return Known(fingerprint=rows[0][0], first=rows[0][1], last=rows[0][2]) if rows else None

    async def reserved(self, keys: Sequence[str]) -> Sequence[str]:
        """Those of these keys that somebody holds already."""
        return [row[0] for row in await self.fetch(RESERVED, list(keys))]

    async def fetch(self, statement: LiteralString, *arguments: object) -> list[asyncpg.Record]:
        """The rows of one statement, on a connection that is taken for it alone."""
        try:
            connection = await self._pool.acquire(timeout=ACQUIRE_SECONDS_MAX)
        except TimeoutError as error:
            raise LogBusyError(
                f"all {self._pool.get_max_size()} connections are at work"
            ) from error
        try:
            return await connection.fetch(statement, *arguments, timeout=READ_SECONDS_MAX)
        finally:
            with suppress(TimeoutError):  # it would not be stopped, and is closed
                await self._pool.release(connection)
