"""How far each consumer is whose cursor we keep, and whether it goes on.

    cursor = await opened(pool, "nats/socai", 0)
    if not await advanced(pool, cursor.name, cursor.position, 181):
        cursor = await opened(pool, cursor.name)      # somebody has rewound it meanwhile

A cursor is moved only from where it was thought to stand, so that whoever rewinds one is obeyed.
"""

from datetime import datetime
from typing import Any, Final, LiteralString, TypeAlias

import asyncpg

from events.rules import value
from schema.webhooks.desk import State

WEBHOOK, NATS = "webhook/", "nats/"
"""How names begin, by what the consumer is."""
ERROR_CHARACTERS_MAX: Final = 500

Asked: TypeAlias = asyncpg.Pool | asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
"""Whatever a statement may be given to."""

_COLUMNS: Final[LiteralString] = """
    c.name, c.position, c.state, c.failures, c.retry_at, c.error, c.moved_at,
    head.position AS head,
    (
        SELECT greatest(0, extract(epoch FROM clock_timestamp() - e.recorded_at))::float8
        FROM ledger.event AS e
        WHERE e.position = c.position + 1
    ) AS late
"""
CONSUMERS: Final[LiteralString] = (
    "SELECT"
    + _COLUMNS
    + """
    FROM feed.consumer AS c
    CROSS JOIN ledger.head
    WHERE starts_with(c.name, $1) AND NOT EXISTS (
        SELECT FROM feed.endpoint AS e
        WHERE e.consumer = c.name AND e.removed_at IS NOT NULL
    )
    ORDER BY c.name
"""
)
OPENED: Final[LiteralString] = """
    INSERT INTO feed.consumer (name, position, state)
    VALUES ($1, $2, $3)
    ON CONFLICT (name) DO NOTHING
"""
ADVANCED: Final[LiteralString] = """
    UPDATE feed.consumer
    SET position = $3, failures = 0, retry_at = NULL, error = NULL, moved_at = clock_timestamp()
    WHERE name = $1 AND position = $2
    RETURNING true
"""
FAILED: Final[LiteralString] = """
    UPDATE feed.consumer
    SET failures = failures + 1, error = left($3, 500), state = $4,
        retry_at = clock_timestamp() + make_interval(secs => $5)
    WHERE name = $1 AND position = $2 AND state IN ('PENDING', 'LIVE')
"""
TURNED: Final[LiteralString] = """
    UPDATE feed.consumer
    SET state = $2, position = coalesce($3, position), failures = 0, retry_at = NULL, error = NULL
    WHERE name = $1
    RETURNING true
"""
MOVED: Final[LiteralString] = """
    UPDATE feed.consumer
    SET position = $2, failures = 0, retry_at = NULL, moved_at = clock_timestamp(),
        error = CASE WHEN state IN ('PARKED', 'GONE') THEN error END
    WHERE name = $1
"""


@value
class Cursor:
    """A consumer, and how far it is."""

    name: str
    position: int
    """The last event that it has, or that is not for it."""
    state: State
    failures: int
    """In a row, since it last moved."""
    retry_at: datetime | None
    """Not before; None: at once."""
    error: str | None
    moved_at: datetime
    head: int
    """Where the log ends."""
    late: float | None
    """Seconds since the first event that it lacks was recorded; None: it lacks none."""

    @property
    def lag(self) -> int:
        """Events that it lacks."""
        return self.head - self.position


async def cursors(asked: Asked, prefix: str = "") -> list[Cursor]:
    """Every consumer whose name begins so, but for webhooks that were removed."""
    rows = await asked.fetch(CONSUMERS, prefix)
    return [_cursor(dict(row)) for row in rows]


async def opened(asked: Asked, name: str, position: int = 0, state: State = State.LIVE) -> Cursor:
    """The consumer of this name; made at this position if there is none."""
    await asked.execute(OPENED, name, position, state.name)
    (found,) = [each for each in await cursors(asked, name) if each.name == name]
    return found


async def advanced(asked: Asked, name: str, before: int, after: int) -> bool:
    """Move a cursor, all being well; False: it no longer stands where it was thought to."""
    return bool(await asked.fetchval(ADVANCED, name, before, after))


async def failed(
    asked: Asked,
    cursor: Cursor,
    error: str,
    again_s: float,
    state: State = State.LIVE,
) -> None:
    """It did not take what comes next; try again after so many seconds, or not, by the state.

    Whoever was stopped meanwhile stays so.
    """
    await asked.execute(
        FAILED, cursor.name, cursor.position, error[:ERROR_CHARACTERS_MAX], state.name, again_s
    )


async def turned(asked: Asked, name: str, state: State, position: int | None = None) -> bool:
    """Pause it, let it go on, or put its cursor elsewhere; False: there is none."""
    return bool(await asked.fetchval(TURNED, name, state.name, position))


async def moved(asked: Asked, name: str, position: int) -> None:
    """Put a cursor elsewhere, and leave it as it is otherwise: what is parked stays parked."""
    await asked.execute(MOVED, name, position)


def _cursor(row: dict[str, Any]) -> Cursor:
    row["state"] = State[row["state"]]
    return Cursor(**row)
