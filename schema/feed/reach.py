"""Whose events are, as things stood when they were recorded: one statement for a piece of the log.

The read models answer that, so a piece waits until they have reached its end. Until then nobody who
sees only a part of the fund is told of it; it is late for him, and never wrong.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, LiteralString

from asyncpg import Pool

from events.log import READ_SECONDS_MAX
from projections.projector import NotYetProjected, Projector
from schema.busy import connection
from schema.feed.item import Item, Reach

LOOK_SECONDS: Final = 0.02
LOOK_SECONDS_MAX: Final = 1.0
REACH: Final[LiteralString] = """
    SELECT s.published, s.province_code, s.province_from, s.centre,
           coalesce(f.province_code, c.province_code) AS concerned_code,
           coalesce(f.province_from, c.province_from) AS concerned_from,
           CASE WHEN NOT s.published THEN ARRAY(
               SELECT t.province_code || '@' || t.province_from
               FROM model.territory AS t
               WHERE t.organisation_id = s.centre
                 AND t.since <= e.position AND t.until > e.position AND t.valid_to = 'infinity'
           ) END AS served
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[])
        WITH ORDINALITY AS e (position, stream, facility, scheme, commitment, n)
    LEFT JOIN model.subject AS s
      ON s.stream = e.stream
      AND s.since <= e.position AND s.until > e.position AND s.valid_to = 'infinity'
    LEFT JOIN model.subject AS f
      ON f.stream = e.facility
      AND f.since <= e.position AND f.until > e.position AND f.valid_to = 'infinity'
    LEFT JOIN model.commitment AS c
      ON c.scheme_id = e.scheme AND c.commitment_id = e.commitment
      AND c.since <= e.position AND c.until > e.position AND c.valid_to = 'infinity'
    ORDER BY e.n
"""
SHOWN: Final[LiteralString] = """
    SELECT position
    FROM model.moment
"""


async def reached(pool: Pool, items: Sequence[Item]) -> None:
    """Say of each event whose it is; the read models have got so far."""
    asked = list(zip(*map(_asked, items), strict=True))
    async with connection(pool) as taken:
        rows = await taken.fetch(REACH, *asked, timeout=READ_SECONDS_MAX)
    for item, row in zip(items, rows, strict=True):
        item.reach = Reach(
            is_published=bool(row[0]),
            province=_ref(row[1], row[2]),
            concerned=_ref(row[4], row[5]),
            centre=row[3],
            served=frozenset(row[6] or ()),
        )


async def readable(pool: Pool, position: int, projector: Projector | None) -> None:
    """Return when the read models can tell of a position: by who keeps them here, else by looks."""
    if projector is not None:
        with suppress(NotYetProjected):
            return await projector.wait_for(position, LOOK_SECONDS_MAX)
    pause = LOOK_SECONDS
    while True:
        async with connection(pool) as taken:
            shown = await taken.fetchval(SHOWN, timeout=READ_SECONDS_MAX)
        if shown is not None and shown >= position:
            return None
        await asyncio.sleep(pause)
        pause = min(2 * pause, LOOK_SECONDS_MAX)


def _asked(item: Item) -> tuple[Any, ...]:
    data = item.told["data"]
    facility = data.get("facilityId")
    return (
        item.position,
        item.stream,
        f"facility-{facility}" if facility else None,
        data.get("schemeId"),
        data.get("commitmentId"),
    )


def _ref(code: str | None, since: object) -> str | None:
    return None if code is None else f"{code}@{since}"
