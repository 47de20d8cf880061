"""The seal as the database keeps it: checkpoints, full subtrees, and whether writing is halted.

    latest = await kept.latest()
    path = await kept.inclusion(position, latest.size)

Nothing of it is to be believed: a checkpoint is checked by its signature, a proof by the root.
"""

from datetime import datetime
from typing import Final, LiteralString

import asyncpg

from events.log import Log
from events.rules import Refusal, refusal, value
from events.seal.tiles import ENTRIES, Tile, bundle

HALTED: Final = "SL001"
"""The SQLSTATE of an append while writing is halted."""

LATEST: Final[LiteralString] = """
    SELECT size, root, note, signed_at
    FROM seal.checkpoint
    ORDER BY size DESC
    LIMIT 1
"""
COVERING: Final[LiteralString] = """
    SELECT size, root, note, signed_at
    FROM seal.checkpoint
    WHERE size >= $1
    ORDER BY size
    LIMIT 1
"""
CHECKPOINTS: Final[LiteralString] = """
    SELECT size, root, note, signed_at
    FROM seal.checkpoint
    WHERE size > $1
    ORDER BY size
    LIMIT $2
"""
INCLUSION: Final[LiteralString] = """
    SELECT seal.inclusion($1, $2)
"""
CONSISTENCY: Final[LiteralString] = """
    SELECT seal.consistency($1, $2)
"""
LEAVES: Final[LiteralString] = """
    SELECT leaf
    FROM ledger.event
    WHERE position > $1 AND position <= $2
    ORDER BY position
"""
BODIES: Final[LiteralString] = """
    SELECT body
    FROM ledger.event
    WHERE position > $1 AND position <= $2
    ORDER BY position
"""
SUBTREES: Final[LiteralString] = """
    SELECT hash
    FROM seal.subtree
    WHERE level = $1 AND index >= $2 AND index < $3
    ORDER BY index
"""
COSIGNATURES: Final[LiteralString] = """
    SELECT line
    FROM seal.cosignature
    WHERE size = $1
    ORDER BY witness
"""
TIMESTAMPS: Final[LiteralString] = """
    SELECT size, authority, token, received_at
    FROM seal.timestamp
    WHERE size <= $1
    ORDER BY size, authority
"""
HALT: Final[LiteralString] = """
    SELECT at, reason, stored_size, signed_size
    FROM seal.halt
    WHERE lifted_at IS NULL
"""
LOOKED: Final[LiteralString] = """
    SELECT signed_size, extract(epoch FROM clock_timestamp() - looked_at)::float8 AS seconds_ago
    FROM seal.signer
"""

WITNESSES: Final[LiteralString] = """
    SELECT name, size, refusal, is_alarm,
           extract(epoch FROM clock_timestamp() - cosigned_at)::float8 AS seconds_ago
    FROM seal.witness
    ORDER BY name
"""


@refusal(rule="nothing is recorded on a log that is not the one that was signed")
class LedgerHalted(Refusal):
    """Recording is halted: {reason}.

    Việc ghi sổ đang bị dừng: {reason}.
    """

    reason: str


@value
class Kept:
    """A checkpoint that was published."""

    size: int
    root: bytes
    note: str
    """The signed note, to the byte."""
    signed_at: datetime


@value
class Halt:
    """Why nothing is recorded."""

    at: datetime
    reason: str
    stored_size: int
    signed_size: int


@value
class Witnessed:
    """What a witness did last."""

    name: str
    """The name and the ID of its key."""
    size: int
    """The largest tree that it cosigned."""
    seconds_ago: float | None
    """When it cosigned last; None: it never did."""
    refusal: str | None
    """Why it did not, when it was asked last; None: it did."""
    is_alarm: bool
    """It holds another tree against us: somebody was shown another log."""


class Seal:
    """Reads the seal through the log's pool."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def latest(self) -> Kept | None:
        """The newest checkpoint; None: nothing was signed yet."""
        return _kept(await self._log.fetch(LATEST))

    async def covering(self, position: int) -> Kept | None:
        """The first checkpoint that an event is under; None: it is under none yet."""
        return _kept(await self._log.fetch(COVERING, position))

    async def checkpoints(self, after: int, limit: int) -> list[Kept]:
        """Checkpoints of sizes greater than `after`, ascending."""
        return [Kept(**dict(row)) for row in await self._log.fetch(CHECKPOINTS, after, limit)]

    async def inclusion(self, position: int, size: int) -> list[bytes] | None:
        """The audit path of an event in the tree of `size` events; None: it is not in it."""
        (row,) = await self._log.fetch(INCLUSION, position, size)
        return row[0]

    async def consistency(self, old: int, new: int) -> list[bytes] | None:
        """The proof that the larger tree begins with the smaller one; None: it is no smaller."""
        (row,) = await self._log.fetch(CONSISTENCY, old, new)
        return row[0]

    async def tile(self, tile: Tile) -> bytes | None:
        """The bytes of a tile; None: the tree has not grown so far."""
        start, stop = tile.start, tile.start + tile.width
        if tile.level == ENTRIES:
            found = await self._log.fetch(BODIES, start, stop)
        elif tile.level == 0:
            found = await self._log.fetch(LEAVES, start, stop)
        else:
            found = await self._log.fetch(SUBTREES, tile.level, start, stop)
        if len(found) < tile.width:
            return None
        told = [row[0] for row in found]
        return bundle(told) if tile.level == ENTRIES else b"".join(told)

    async def cosignatures(self, size: int) -> list[str]:
        """The lines that witnesses put under the checkpoint of a size."""
        return [row[0] for row in await self._log.fetch(COSIGNATURES, size)]

    async def witnesses(self) -> list[Witnessed]:
        """Every witness that was ever asked."""
        return [Witnessed(**dict(row)) for row in await self._log.fetch(WITNESSES)]

    async def timestamps(self, size: int) -> list[asyncpg.Record]:
        """The tokens (RFC 3161) of time-stamping authorities, of checkpoints up to a size."""
        return await self._log.fetch(TIMESTAMPS, size)

    async def halt(self) -> Halt | None:
        """Why nothing is recorded; None: it is."""
        rows = await self._log.fetch(HALT)
        return Halt(**dict(rows[0])) if rows else None

    async def looked(self) -> tuple[int, float] | None:
        """What the signer has signed, and how many seconds ago it looked; None: it never did."""
        rows = await self._log.fetch(LOOKED)
        return (rows[0][0], rows[0][1]) if rows else None


def _kept(rows: list[asyncpg.Record]) -> Kept | None:
    return Kept(**dict(rows[0])) if rows else None
