"""From a credential to whoever shows it: what it proves, and what the ledger says he may.

A key or token says who; the mandates in the ledger say what. Both are looked at again after a
second, so that whatever is revoked stops to count within that time.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, LiteralString

import asyncpg

from events.identity import OrganisationId, ProvinceRef
from events.mandate import PrincipalId
from events.vocabulary import Role
from schema.access.door import Attempt, NotedAttempt, unauthenticated
from schema.access.principal import PUBLIC, Mandate, Principal
from schema.planner.refusals import QueryRefusedError
from service.access.keys import digest

LOOK_SECONDS = 1.0
"""How long what was found out about a credential is believed."""
USE_SECONDS = 60.0
"""How often it is noted that a key was used."""
SEEN_MAX = 10_000
ACQUIRE_SECONDS_MAX = 1.0

KEY: Final[LiteralString] = """
    SELECT id, principal, scopes, extract(epoch FROM expires_at)::double precision AS expires
    FROM access.key
    WHERE sha256 = $1 AND revoked_at IS NULL AND expires_at > clock_timestamp()
"""
USED: Final[LiteralString] = """
    UPDATE access.key
    SET last_used_at = clock_timestamp()
    WHERE id = $1
"""
MANDATES: Final[LiteralString] = """
    WITH today AS (SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day)
    SELECT m.role, m.organisation, m.province_code, m.province_from, m.centre,
           'mandate' = ANY (moment.stopped) AS stopped
    FROM model.moment
    CROSS JOIN today
    LEFT JOIN model.mandate AS m
      ON m.principal = $1 AND m.until = 9223372036854775807 AND m.status = 'CONFIRMED'
      AND m.valid_from <= today.day AND m.valid_to > today.day
      AND (m.last_day IS NULL OR m.last_day >= today.day)
"""
NOTE: Final[LiteralString] = """
    INSERT INTO access.attempt (principal, roles, asked, code)
    VALUES (left($1, 100), $2, left($3, 200), $4)
"""
NOTED: Final[LiteralString] = """
    SELECT id, at, principal, roles, asked, code
    FROM access.attempt
    WHERE id < coalesce($1, 9223372036854775807)
    ORDER BY id DESC
    LIMIT $2
"""


@dataclass(slots=True)
class _Seen:
    """What was found out about a credential, and when."""

    principal: Principal | None
    reason: str
    at: float


class KeyDoor:
    """The door of one process."""

    stranger = PUBLIC

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._seen: OrderedDict[bytes, _Seen] = OrderedDict()
        self._used: OrderedDict[str, float] = OrderedDict()

    async def principal(self, credential: str) -> Principal:
        """Who shows this."""
        name = hashlib.sha256(credential.encode()).digest()  # the secret itself is not kept
        seen = self._seen.get(name)
        if seen is None or seen.at + LOOK_SECONDS < time.monotonic():
            seen = await self._look(credential)
            self._seen[name] = seen
            self._seen.move_to_end(name)
            if len(self._seen) > SEEN_MAX:
                self._seen.popitem(last=False)
        if seen.principal is None:
            raise unauthenticated(seen.reason)
        if seen.principal.expires is not None and seen.principal.expires <= time.time():
            raise unauthenticated("expired")
        return seen.principal

    async def note(self, attempt: Attempt) -> None:
        """Write down who was turned away, and from what."""
        roles = list(attempt.roles)
        async with self._pool.acquire(timeout=ACQUIRE_SECONDS_MAX) as connection:
            await connection.execute(NOTE, attempt.principal, roles, attempt.asked, attempt.code)

    async def noted(self, before: int | None, limit: int) -> Sequence[NotedAttempt]:
        """What was written down, the last first."""
        async with self._pool.acquire(timeout=ACQUIRE_SECONDS_MAX) as connection:
            rows = await connection.fetch(NOTED, before, limit)
        return [
            NotedAttempt(
                id=row["id"],
                at=row["at"],
                attempt=Attempt(
                    principal=row["principal"],
                    roles=tuple(row["roles"]),
                    asked=row["asked"],
                    code=row["code"],
                ),
            )
            for row in rows
        ]

    async def _look(self, credential: str) -> _Seen:
        now = time.monotonic()
        kept = digest(credential)
        if kept is None:
            return _Seen(None, "malformed", now)
        async with self._pool.acquire(timeout=ACQUIRE_SECONDS_MAX) as connection:
            key = await connection.fetchrow(KEY, kept)
            if key is None:
                return _Seen(None, "unknown, expired or revoked", now)
            mandates = await self._mandates(connection, key["principal"])
            await self._note_use(connection, key["id"], now)
        principal = Principal(
            id=PrincipalId(key["principal"]),
            mandates=mandates,
            scopes=frozenset(key["scopes"]),
            expires=key["expires"],
        )
        return _Seen(principal, "", now)

    async def _mandates(
        self, connection: asyncpg.pool.PoolConnectionProxy, principal: str
    ) -> tuple[Mandate, ...]:
        rows = await connection.fetch(MANDATES, principal)
        if any(row["stopped"] for row in rows):
            raise _stopped()
        return tuple(_mandate(row) for row in rows if row["role"] is not None)

    async def _note_use(
        self, connection: asyncpg.pool.PoolConnectionProxy, id: str, now: float
    ) -> None:
        if now - self._used.get(id, -USE_SECONDS) < USE_SECONDS:
            return
        self._used[id] = now
        self._used.move_to_end(id)
        if len(self._used) > SEEN_MAX:
            self._used.popitem(last=False)
        await connection.execute(USED, id)


def _mandate(row: asyncpg.Record) -> Mandate:
    code, centre = row["province_code"], row["centre"]
    return Mandate(
        role=Role[row["role"]],
        organisation=OrganisationId(row["organisation"]),
        province=ProvinceRef(code=code, valid_from=row["province_from"]) if code else None,
        centre=OrganisationId(centre) if centre else None,
    )


def _stopped() -> QueryRefusedError:
    """Nobody knows who may what: nobody may."""
    return QueryRefusedError(
        "MANDATES_STOPPED",
        "The read model of mandates has stopped; nobody but the public is served until it goes on.",
        "Bảng phân quyền đang dừng; tạm thời chỉ phục vụ công chúng.",
    )
