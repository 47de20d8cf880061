"""How far each consumer is whose cursor we keep, and whether it goes on.

    cursor = await opened(pool, "nats/socai", 0)
    if not await advanced(pool, cursor.name, cursor.position, 181):
        cursor = await opened(pool, cursor.name)      # somebody has rewound it meanwhile

A cursor is moved only from where it was thought to stand, so that whoever rewinds one is obeyed.
"""

from datetime import datetime
from enum import Enum
from typing import Any, Final, LiteralString

import asyncpg

from events.rules import value

WEBHOOK, NATS = "webhook/", "nats/"
"""How names begin, by what the consumer is."""
ERROR_CHARACTERS_MAX: Final = 500

_COLUMNS: Final[LiteralString] = """
    c.name, c.position, c.state, c.failures, c.retry_at, c.error, c.moved_at,
    head.position AS head,
    greatest(0, extract(epoch FROM clock_timestamp() - (
        SELECT e.recorded_at
        FROM ledger.event AS e
        WHERE e.position = c.position + 1
    )))::float8 AS late
"""
CONSUMERS: Final[LiteralString] = (
    "SELECT"
    + _COLUMNS
    + """
    FROM feed.consumer AS c
    CROSS JOIN ledger.head
    WHERE starts_with(c.name, $1)
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
    WHERE name = $1 AND position = $2
"""
TURNED: Final[LiteralString] = """
    UPDATE feed.consumer
    SET state = $2, position = coalesce($3, position), failures = 0, retry_at = NULL, error = NULL
    WHERE name = $1
    RETURNING true
"""


class State(Enum):
    """Trạng thái của bên nhận."""

    PENDING = "chờ bên nhận đồng ý"
    LIVE = "đang gửi"
    PAUSED = "tạm dừng"
    PARKED = "dừng sau nhiều lần gửi lỗi"
    GONE = "bên nhận đã đóng"


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


async def cursors(pool: asyncpg.Pool, prefix: str = "") -> list[Cursor]:
    """Every consumer whose name begins so."""
    rows = await pool.fetch(CONSUMERS, prefix)
    return [_cursor(dict(row)) for row in rows]


async def opened(
    pool: asyncpg.Pool, name: str, position: int = 0, state: State = State.LIVE
) -> Cursor:
    """The consumer of this name; made at this position if there is none."""
    await pool.execute(OPENED, name, position, state.name)
    (found,) = [each for each in await cursors(pool, name) if each.name == name]
    return found


async def advanced(pool: asyncpg.Pool, name: str, before: int, after: int) -> bool:
    """Move a cursor, all being well; False: it no longer stands where it was thought to."""
    return bool(await pool.fetchval(ADVANCED, name, before, after))


async def failed(
    pool: asyncpg.Pool,
    cursor: Cursor,
    error: str,
    again_s: float,
    state: State = State.LIVE,
) -> None:
    """It did not take what comes next; try again after so many seconds, or not, by the state."""
    await pool.execute(
        FAILED, cursor.name, cursor.position, error[:ERROR_CHARACTERS_MAX], state.name, again_s
    )


async def turned(pool: asyncpg.Pool, name: str, state: State, position: int | None = None) -> bool:
    """Pause it, let it go on, or put its cursor elsewhere; False: there is none."""
    return bool(await pool.fetchval(TURNED, name, state.name, position))


def _cursor(row: dict[str, Any]) -> Cursor:
    row["state"] = State[row["state"]]
    return Cursor(**row)
