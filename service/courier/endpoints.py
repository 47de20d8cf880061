"""Webhooks as whoever delivers sees them: where each is sent, how far it is, what was tried.

    for endpoint in await endpoints(pool): ...
    await noted(pool, Attempt(endpoint="kho-bac", position=181, attempt=1, ms=12, status=204))

Every attempt is written down for its owner: the last thousand of each endpoint, for thirty days.
"""

from datetime import datetime
from typing import Any, Final, LiteralString

import asyncpg

from events.rules import value
from service.consumers.cursors import ERROR_CHARACTERS_MAX, State

ATTEMPTS_MAX: Final = 1_000
"""That are kept of one endpoint."""
ATTEMPT_DAYS_MAX: Final = 30

ENDPOINTS: Final[LiteralString] = """
    SELECT e.id, e.consumer AS name, e.principal, e.url, e.filter::text, e.proofs, e.generation,
           e.rotated_at, e.granted_at IS NOT NULL AS is_granted, e.rate, c.state, c.position,
           c.failures,
           greatest(0, extract(epoch FROM c.retry_at - clock_timestamp()))::float8 AS wait_s,
           EXISTS (
               SELECT FROM feed.redelivery AS r
               WHERE r.endpoint = e.id AND r.done_at IS NULL
           ) AS is_asked_again
    FROM feed.endpoint AS e
    JOIN feed.consumer AS c
      ON c.name = e.consumer
    WHERE e.removed_at IS NULL AND c.state IN ('PENDING', 'LIVE', 'PARKED')
    ORDER BY e.id
"""
GRANTED: Final[LiteralString] = """
    WITH granted AS (
        UPDATE feed.endpoint
        SET granted_at = clock_timestamp(), rate = $3
        WHERE id = $1 AND url = $2 AND removed_at IS NULL
        RETURNING consumer
    )
    UPDATE feed.consumer AS c
    SET state = 'LIVE', failures = 0, retry_at = NULL, error = NULL
    FROM granted
    WHERE c.name = granted.consumer AND c.state IN ('PENDING', 'LIVE')
"""
NOTED: Final[LiteralString] = """
    INSERT INTO feed.delivery (endpoint, position, attempt, is_redelivery, ms, status, error)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
FORGOTTEN: Final[LiteralString] = """
    DELETE FROM feed.delivery
    WHERE endpoint = $1 AND (
        at < clock_timestamp() - make_interval(days => $3)
        OR id <= (
            SELECT d.id
            FROM feed.delivery AS d
            WHERE d.endpoint = $1
            ORDER BY d.id DESC
            OFFSET $2
            LIMIT 1
        )
    )
"""
NAMES: Final[LiteralString] = """
    SELECT id
    FROM feed.endpoint
    ORDER BY id
"""
ASKED_AGAIN: Final[LiteralString] = """
    SELECT id, position
    FROM feed.redelivery
    WHERE endpoint = $1 AND done_at IS NULL
    ORDER BY id
    LIMIT 100
"""
DONE: Final[LiteralString] = """
    UPDATE feed.redelivery
    SET done_at = clock_timestamp()
    WHERE id = $1 AND done_at IS NULL
"""


@value
class Endpoint:
    """A webhook (điểm nhận) that something may be sent to."""

    id: str
    name: str
    """Of its cursor."""
    principal: str
    """On whose behalf: it is shown what he may see."""
    url: str
    filter: str
    """In JSON; see `schema/feed/filters.py`."""
    proofs: bool
    """Whether each event comes with the proof that it is under a signed root."""
    generation: int
    """Of its secret."""
    rotated_at: datetime | None
    is_granted: bool
    """Whether the receiver has agreed."""
    rate: int | None
    """Requests a minute that it agreed to; None: any."""
    state: State
    position: int
    """The last event that it has, or that is not for it."""
    failures: int
    """In a row, since its cursor last moved."""
    wait_s: float | None
    """Not before so many seconds have passed; None: at once."""
    is_asked_again: bool
    """Somebody wants an event to be sent once more."""

    @property
    def is_due(self) -> bool:
        """Whether it is to be sent what comes next."""
        return self.state in {State.PENDING, State.LIVE} and not self.wait_s

    @property
    def is_repeatable(self) -> bool:
        """Whether single events may be sent once more."""
        return self.is_asked_again and self.is_granted and self.state is not State.PENDING

    @property
    def terms(self) -> tuple[object, ...]:
        """Whatever a person may have changed, but for the cursor."""
        return (
            self.state, self.principal, self.url, self.filter, self.proofs, self.generation,
            self.rotated_at, self.is_granted, self.rate,
        )  # fmt: skip


@value
class Attempt:
    """One attempt to send one event (lần gửi)."""

    endpoint: str
    position: int
    attempt: int
    """1: the first."""
    ms: int
    status: int | None = None
    """Of HTTP; None: there was no answer."""
    error: str | None = None
    is_redelivery: bool = False


async def endpoints(pool: asyncpg.Pool) -> list[Endpoint]:
    """All that something may be sent to, in the order of their ids."""
    return [_endpoint(dict(row)) for row in await pool.fetch(ENDPOINTS)]


async def granted(pool: asyncpg.Pool, endpoint: Endpoint, rate: int | None) -> None:
    """The receiver agrees to be sent events, so many a minute; unless it lies elsewhere by now."""
    await pool.execute(GRANTED, endpoint.id, endpoint.url, rate)


async def noted(pool: asyncpg.Pool, attempt: Attempt) -> None:
    """Write an attempt down."""
    error = None if attempt.error is None else attempt.error[:ERROR_CHARACTERS_MAX]
    await pool.execute(
        NOTED,
        attempt.endpoint,
        attempt.position,
        attempt.attempt,
        attempt.is_redelivery,
        attempt.ms,
        attempt.status,
        error,
    )


async def forgotten(pool: asyncpg.Pool, endpoint: str, most: int = ATTEMPTS_MAX) -> None:
    """Drop the attempts of one endpoint that are too many or too old."""
    await pool.execute(FORGOTTEN, endpoint, most, ATTEMPT_DAYS_MAX)


async def names(pool: asyncpg.Pool) -> list[str]:
    """The ids of all endpoints that there ever were."""
    return [row["id"] for row in await pool.fetch(NAMES)]


async def asked_again(pool: asyncpg.Pool, endpoint: str) -> list[tuple[int, int]]:
    """What is to be sent once more: the wish's id and the position, the oldest wish first."""
    return [(row["id"], row["position"]) for row in await pool.fetch(ASKED_AGAIN, endpoint)]


async def done(pool: asyncpg.Pool, wish: int) -> None:
    """It was sent, whatever came of it."""
    await pool.execute(DONE, wish)


def _endpoint(row: dict[str, Any]) -> Endpoint:
    row["state"] = State[row["state"]]
    return Endpoint(**row)
