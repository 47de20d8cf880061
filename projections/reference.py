"""Reference data (danh mục) as rows: what the ledger ships with, and what was recorded since.

Caps, limits, provinces through time, sectors and their groups. A row is known from position `since`
to `until`: 0 and for ever, of what ships with the ledger and nothing has changed. These tables know
no effective dates of their own; the law says in their columns from which day it holds.

They are no read models: whenever an event changes reference data, the rows as the rules now see it
are compared with those that stood (`follow`), in the transaction of the page. What ships is part of
the shape, so that a corrected name is a reason to build anew.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from events.log import Log
from events.mergers import GEOGRAPHY, GeographyEvent
from events.policy import (
    ADVANCE_LIMITS,
    ELIGIBLE_PLACES,
    SECTOR_CODES,
    SUPPORT_CAPS,
    PolicyEvent,
)
from projections import advances, caps, eligible, provinces, sectors
from projections.columns import FOREVER, columns_of, writer
from projections.database import Connection
from projections.listing import Event, Listing
from projections.projection import Row, flat

REFERENCES: tuple[Listing[Any], ...] = (
    *provinces.LISTINGS,
    *sectors.LISTINGS,
    *caps.LISTINGS,
    *advances.LISTINGS,
    *eligible.LISTINGS,
)
FOLLOWED = (SUPPORT_CAPS, ADVANCE_LIMITS, ELIGIBLE_PLACES, SECTOR_CODES, GEOGRAPHY)
"""The streams that change reference data."""
CHANGING: frozenset[type] = frozenset(flat((PolicyEvent, GeographyEvent)))
"""The facts that do."""
STANDS_WITH = "territory"
"""The read model with which they are compared when everything is built anew."""


async def fill(connection: Connection, schema: str) -> None:
    """Make the tables, with what the ledger ships with."""
    for each in REFERENCES:
        await connection.execute(each.create(schema))
        await _open(connection, schema, each, each.rows(each.start), 0)


async def changes(log: Log, events: Iterable[Event]) -> Sequence[Event]:
    """All that ever changed reference data, if one of these events does."""
    if CHANGING.isdisjoint(type(each.fact) for each in events):
        return ()
    return await recorded(log)


async def recorded(log: Log) -> Sequence[Event]:
    """All that ever changed reference data, in its order."""
    found = await log.streams(dict.fromkeys(FOLLOWED, 0))
    return sorted(found, key=lambda each: each.position)


async def follow(
    connection: Connection, schema: str, told: Sequence[Event], after: int, to: int
) -> None:
    """What the events after one position and up to another changed."""
    for each in REFERENCES:
        state, stood = each.start, None
        for event in told:
            if event.stream != each.stream or event.position > to:
                continue
            if event.position > after and stood is None:
                stood = set(each.rows(state))
            state = each.evolve(state, event)
            if stood is None:
                continue
            now = set(each.rows(state))
            await _close(connection, schema, each, stood - now, event.position)
            await _open(connection, schema, each, now - stood, event.position)
            stood = now


def fingerprint() -> str:
    """Of everything that stands in the reference tables before anything is recorded."""
    shipped = [(each.create("model"), tuple(each.rows(each.start))) for each in REFERENCES]
    return sha256(repr(shipped).encode()).hexdigest()[:16]


async def _close(
    connection: Connection, schema: str, of: Listing[Any], rows: Iterable[Row], position: int
) -> None:
    names = of.key.split(", ")
    keys = [(position, *(getattr(row, name) for name in names)) for row in rows]
    if keys:
        await connection.executemany(of.close(schema), keys)


async def _open(
    connection: Connection, schema: str, of: Listing[Any], rows: Iterable[Row], position: int
) -> None:
    written = writer(columns_of(of.row))
    records = [(*written(row), position, FOREVER) for row in rows]
    await connection.copy_records_to_table(of.name, schema_name=schema, records=records)
