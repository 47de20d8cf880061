"""Checkpoints of chosen sizes, as a signer would have published them while the log grew."""

from collections.abc import Sequence
from functools import cache

import asyncpg

from events.seal.checkpoint import Checkpoint
from events.seal.note import SigningKey, signed
from events.seal.signer import KEEP, PAGE, PUBLISH
from events.seal.tiles import HEIGHT
from events.seal.tree import Frontier, leaf_of

ORIGIN = "ledger.example/socai"


@cache
def signing_key() -> SigningKey:
    """One key for all tests of a session."""
    return SigningKey.generate(ORIGIN)


async def seal(signer_url: str, sizes: Sequence[int]) -> list[str]:
    """Publish a checkpoint at each of these sizes; the notes."""
    connection = await asyncpg.connect(signer_url)
    try:
        bodies = [row["body"] for row in await connection.fetch(PAGE, 0, max(sizes))]
        assert len(bodies) == max(sizes)
        frontier = Frontier()
        notes: list[str] = []
        for place, body in enumerate(bodies):
            filled = frontier.append(leaf_of(body))
            for level in range(HEIGHT, len(filled), HEIGHT):
                row = [level // HEIGHT], [place >> level], [filled[level]]
                await connection.execute(KEEP, *row)
            if frontier.size in sizes:
                notes.append(await _publish(connection, frontier))
        return notes
    finally:
        await connection.close()


async def _publish(connection: asyncpg.Connection, frontier: Frontier) -> str:
    checkpoint = Checkpoint(origin=ORIGIN, size=frontier.size, root=frontier.root())
    note = signed(str(checkpoint), [signing_key()])
    await connection.execute(PUBLISH, checkpoint.size, checkpoint.root, note)
    return note
