r"""The proofs of many events by one statement, each as a file (C2SP tlog-proof).

    found = await proofs(pool, [180, 181])
    found[181]       # b"c2sp.org/tlog-proof@v1\nindex 180\n…"

Of the first checkpoint after each event, so a proof stays the same for ever; only cosignatures may
come under it later.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from typing import Final, LiteralString

from asyncpg import Pool

from events.log import is_outage
from events.seal.newest import Newest
from events.seal.proof import noted, proof_file
from schema.busy import connection
from schema.feed.feed import Feed, Page
from schema.feed.item import Item

PIECE: Final = 100
"""Events proven by one statement: a tenth of a second of the database's time at most."""
AGAIN_SECONDS: Final = 0.5
PROOFS: Final[LiteralString] = """
    SELECT e.position, c.note,
           ARRAY(
               SELECT s.line
               FROM seal.cosignature AS s
               WHERE s.size = c.size
               ORDER BY s.witness
           ) AS lines,
           seal.inclusion(e.position, c.size) AS path
    FROM unnest($1::bigint[]) AS e (position)
    CROSS JOIN LATERAL (
        SELECT size, note
        FROM seal.checkpoint
        WHERE size >= e.position
        ORDER BY size
        LIMIT 1
    ) AS c
"""


async def proofs(pool: Pool, items: Sequence[Item]) -> Mapping[int, bytes]:
    """The proof of each event by its position; not there of what no checkpoint covers."""
    found: dict[int, bytes] = {}
    positions = [each.position for each in items]
    for start in range(0, len(positions), PIECE):
        async with connection(pool) as taken:
            rows = await taken.fetch(PROOFS, positions[start : start + PIECE])
        for position, note, lines, path in rows:
            found[position] = proof_file(position - 1, path, noted(note, lines))
    return found


async def proven(feed: Feed, newest: Newest, after: int, limit: int) -> AsyncGenerator[Page, None]:
    """Pages of what is under a checkpoint, for ever; without events where nothing is, for long."""
    while True:
        size = newest.sealed.size
        if size <= after:
            with suppress(TimeoutError):
                async with asyncio.timeout(feed.quiet_s):
                    await newest.beyond(after)
            if newest.sealed.size <= after:
                yield Page(after + 1, after, (), after, newest.sealed)
            continue
        page = await _read(feed, after, min(limit, size - after))
        if page is None or not page.items:
            await asyncio.sleep(AGAIN_SECONDS)
            continue
        after = page.last
        yield page


async def _read(feed: Feed, after: int, limit: int) -> Page | None:
    """What is there; None during an outage."""
    try:
        return await feed.read(after, limit)
    except Exception as error:
        if not is_outage(error):
            raise
        return None
