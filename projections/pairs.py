"""The moments at which the identities are tried: pairs of a position and an effective day.

    tried = await pairs(pool, Random(7), 60)     # ((412, date(2019, 12, 31)), …), each once

What is wrong is most likely wrong where the axes of time cross: at the head and at the ends of
years, just before and just after an entry that came late or took something back, on its day and on
the day before. The rest is chance: nobody arranges books for moments that nobody knows.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final, LiteralString

from projections.columns import INFINITY
from projections.database import PATIENCE_SECONDS, Pool
from projections.identities import HEAD, moments

CROSSING: Final[LiteralString] = """
    SELECT position, effective_on
    FROM (
        SELECT position, effective_on, kind, max(effective_on) OVER (ORDER BY position) AS latest
        FROM model.entry
    ) AS line
    WHERE effective_on < latest OR kind IN ('REVERSAL', 'REDUCTION', 'CANCELLATION')
    ORDER BY position
"""
"""Entries that are effective before one that was recorded before them, and those that take back."""
SPAN: Final[LiteralString] = """
    SELECT min(effective_on) AS first, max(effective_on) AS last
    FROM model.entry
"""
_DAY = timedelta(days=1)


async def pairs(pool: Pool, random: Random, count: int) -> Sequence[tuple[int, date]]:
    """Head and ends of years; around some entries where the axes cross; and `count` by chance."""
    found = dict.fromkeys(await moments(pool, 1))
    crossing = await pool.fetch(CROSSING, timeout=PATIENCE_SECONDS)
    for line in random.sample(crossing, min(count, len(crossing))):
        found |= dict.fromkeys(_around(line["position"], line["effective_on"]))
    span = await pool.fetchrow(SPAN, timeout=PATIENCE_SECONDS)
    head = await pool.fetchval(HEAD) or 0
    if span is not None and span["first"] is not None:
        days = (span["last"] - span["first"]).days
        for _ in range(count):
            day = span["first"] + timedelta(days=random.randint(0, days))
            found[random.randint(1, head), day] = None
    return list(found)


def _around(position: int, day: date) -> Iterator[tuple[int, date]]:
    for at in (position - 1, position):
        yield at, day
        yield at, INFINITY
    yield position, day - _DAY
