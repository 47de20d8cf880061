"""Webhooks as they stand in the database, and what is kept of their deliveries and changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, LiteralString, TypeAlias

import asyncpg
import orjson

from schema.webhooks.desk import Act, Changed, Contents, Delivered, Endpoint, State, Wanted
from service.consumers.cursors import WEBHOOK, Asked

Transaction: TypeAlias = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
"""A connection in a transaction."""

ENDPOINTS: Final[LiteralString] = """
    SELECT e.id, e.principal, e.url, e.filter, e.proofs, e.description, e.generation,
           e.granted_at, e.rate, e.created_at, e.removed_at,
           c.position, c.state, c.failures, c.error, c.retry_at, head.position AS head,
           (
               SELECT greatest(0, extract(epoch FROM clock_timestamp() - n.recorded_at))::float8
               FROM ledger.event AS n
               WHERE n.position = c.position + 1
           ) AS late
    FROM feed.endpoint AS e
    JOIN feed.consumer AS c ON c.name = e.consumer
    CROSS JOIN ledger.head
    WHERE (e.principal = $1 OR $1 IS NULL) AND (e.id = $2 OR $2 IS NULL)
      AND (e.id > $3 OR $3 IS NULL) AND (e.removed_at IS NULL OR $4)
    ORDER BY e.id
    LIMIT $5
"""
ALONE: Final[LiteralString] = """
    LOCK TABLE feed.endpoint IN SHARE ROW EXCLUSIVE MODE
"""
COUNT: Final[LiteralString] = """
    SELECT count(*)
    FROM feed.endpoint
    WHERE principal = $1 AND removed_at IS NULL
"""
HEAD: Final[LiteralString] = """
    SELECT position
    FROM ledger.head
"""
REGISTER: Final[LiteralString] = """
    INSERT INTO feed.endpoint (id, principal, url, filter, proofs, description)
    VALUES ($1, $2, $3, $4::text::jsonb, $5, $6)
"""
UPDATE: Final[LiteralString] = """
    UPDATE feed.endpoint
    SET url = $2, filter = $3::text::jsonb, proofs = $4, description = $5
    WHERE id = $1
"""
UNGRANT: Final[LiteralString] = """
    UPDATE feed.endpoint
    SET granted_at = NULL, rate = NULL
    WHERE id = $1
"""
ROTATE: Final[LiteralString] = """
    UPDATE feed.endpoint
    SET generation = generation + 1, rotated_at = clock_timestamp()
    WHERE id = $1
"""
REMOVE: Final[LiteralString] = """
    UPDATE feed.endpoint
    SET removed_at = clock_timestamp()
    WHERE id = $1
"""
LOCK: Final[LiteralString] = """
    SELECT true
    FROM feed.endpoint AS e
    JOIN feed.consumer AS c ON c.name = e.consumer
    WHERE e.id = $1 AND e.principal = $2
    FOR UPDATE
"""
DELIVERIES: Final[LiteralString] = """
    SELECT d.*
    FROM unnest($1::text[]) AS asked (id)
    CROSS JOIN LATERAL (
        SELECT *
        FROM feed.delivery AS d
        WHERE d.endpoint = asked.id AND d.id < coalesce($2, 9223372036854775807)
        ORDER BY d.id DESC
        LIMIT $3
    ) AS d
"""
CHANGES: Final[LiteralString] = """
    SELECT ch.*
    FROM unnest($1::text[]) AS asked (consumer)
    CROSS JOIN LATERAL (
        SELECT *
        FROM feed.change AS ch
        WHERE ch.consumer = asked.consumer AND ch.id < coalesce($2, 9223372036854775807)
        ORDER BY ch.id DESC
        LIMIT $3
    ) AS ch
"""
CHANGED: Final[LiteralString] = """
    INSERT INTO feed.change (consumer, asked_by, act, position)
    VALUES ($1, left($2, 100), $3, $4)
"""
WAITING: Final[LiteralString] = """
    SELECT count(*)
    FROM feed.redelivery
    WHERE endpoint = $1 AND done_at IS NULL
"""
ONCE_MORE: Final[LiteralString] = """
    INSERT INTO feed.redelivery (endpoint, position, asked_by)
    SELECT $1, wanted.position, left($4, 100)
    FROM generate_series($2::bigint, $3::bigint) AS wanted (position)
    WHERE NOT EXISTS (
        SELECT FROM feed.redelivery AS r
        WHERE r.endpoint = $1 AND r.position = wanted.position AND r.done_at IS NULL
    )
    ORDER BY wanted.position
    RETURNING true
"""


async def endpoints(asked: Asked, wanted: Wanted) -> list[Endpoint]:
    """The webhooks that are wanted, by their ids."""
    rows = await asked.fetch(
        ENDPOINTS, wanted.whose, wanted.id, wanted.after, wanted.removed, wanted.limit
    )
    return [_endpoint(row) for row in rows]


async def endpoint(asked: Asked, id: str) -> Endpoint | None:
    """One webhook, also if it was removed; None: there never was one of this id."""
    found = await endpoints(asked, Wanted(id=id, removed=True))
    return found[0] if found else None


async def alone(connection: Transaction) -> None:
    """Let nobody else register till the transaction ends."""
    await connection.execute(ALONE)


async def count(asked: Asked, who: str) -> int:
    """How many webhooks somebody has."""
    return int(await asked.fetchval(COUNT, who))


async def head(asked: Asked) -> int:
    """Where the log ends."""
    return int(await asked.fetchval(HEAD))


async def register(asked: Asked, id: str, who: str, contents: Contents) -> None:
    """Write a webhook down; its consumer is there."""
    await asked.execute(REGISTER, id, who, *_told(contents))


async def update(asked: Asked, id: str, contents: Contents) -> None:
    """Write down what it is now."""
    await asked.execute(UPDATE, id, *_told(contents))


async def ungrant(asked: Asked, id: str) -> None:
    """Its receiver has to agree anew."""
    await asked.execute(UNGRANT, id)


async def rotate(asked: Asked, id: str) -> None:
    """It is signed with another secret from now on."""
    await asked.execute(ROTATE, id)


async def remove(asked: Asked, id: str) -> None:
    """Mark it as given up."""
    await asked.execute(REMOVE, id)


async def locked(connection: Transaction, id: str, who: str) -> bool:
    """Let nobody else change a webhook of his till the transaction ends; False: he has none."""
    return bool(await connection.fetchval(LOCK, id, who))


async def deliveries(
    asked: Asked, ids: Sequence[str], before: int | None, limit: int
) -> Mapping[str, Sequence[Delivered]]:
    """Of each webhook the last attempts before an id, the last first."""
    found: dict[str, list[Delivered]] = defaultdict(list)
    for row in await asked.fetch(DELIVERIES, list(ids), before, limit):
        told = dict(row)
        found[told.pop("endpoint")].append(Delivered(**told))
    return found


async def changes(
    asked: Asked, ids: Sequence[str], before: int | None, limit: int
) -> Mapping[str, Sequence[Changed]]:
    """Of each webhook the last changes before an id, the last first."""
    names = [f"{WEBHOOK}{each}" for each in ids]
    found: dict[str, list[Changed]] = defaultdict(list)
    for row in await asked.fetch(CHANGES, names, before, limit):
        found[row["consumer"].removeprefix(WEBHOOK)].append(_changed(row))
    return found


async def changes_of(asked: Asked, consumer: str, limit: int) -> Sequence[Changed]:
    """Of any consumer the last changes, the last first."""
    return [_changed(row) for row in await asked.fetch(CHANGES, [consumer], None, limit)]


async def changed(
    asked: Asked, consumer: str, by: str, act: Act, position: int | None = None
) -> None:
    """Write down who did what."""
    await asked.execute(CHANGED, consumer, by, act.name, position)


async def waiting(asked: Asked, id: str) -> int:
    """How many events wait to be sent once more."""
    return int(await asked.fetchval(WAITING, id))


async def once_more(asked: Asked, id: str, first: int, last: int, by: str) -> int:
    """Have these positions sent once more, both ends included; how many were not waiting yet."""
    return len(await asked.fetch(ONCE_MORE, id, first, last, by))


def _endpoint(row: asyncpg.Record) -> Endpoint:
    return Endpoint(
        id=row["id"],
        principal=row["principal"],
        contents=Contents(
            url=row["url"],
            filter=orjson.loads(row["filter"]),
            proofs=row["proofs"],
            description=row["description"],
        ),
        state=State[row["state"]],
        cursor=row["position"],
        head=row["head"],
        late=row["late"],
        failures=row["failures"],
        error=row["error"],
        retry_at=row["retry_at"],
        granted_at=row["granted_at"],
        rate=row["rate"],
        generation=row["generation"],
        created_at=row["created_at"],
        removed_at=row["removed_at"],
    )


def _changed(row: asyncpg.Record) -> Changed:
    return Changed(
        id=row["id"],
        at=row["at"],
        asked_by=row["asked_by"],
        act=Act[row["act"]],
        position=row["position"],
    )


def _told(contents: Contents) -> tuple[str, str, bool, str]:
    filter_ = orjson.dumps(contents.filter).decode()
    return contents.url, filter_, contents.proofs, contents.description
