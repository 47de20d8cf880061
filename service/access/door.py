"""From a credential to whoever shows it: what it proves, and what the ledger says he may.

A key or token says who; the mandates in the ledger say what. Both are looked at again after a
second, so that whatever is revoked stops to count within that time.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, LiteralString, NamedTuple

import asyncpg

from events.identity import OrganisationId, ProvinceRef
from events.mandate import PrincipalId
from events.vocabulary import Role
from schema.access.door import UNAUTHENTICATED, Attempt, NotedAttempt, unauthenticated
from schema.access.principal import PUBLIC, SCOPES, Mandate, Principal
from schema.http.refusals import RefusedError, refusal
from service.access.keys import PREFIX, digest, key_id
from service.access.tokens import BadTokenError, Reason, Tokens

LOOK_SECONDS = 1.0
"""How long what was found out about a credential is believed."""
USE_SECONDS = 60.0
"""How often it is noted that a key was used."""
SEEN_MAX = 10_000
ACQUIRE_SECONDS_MAX = 1.0
OURS = "socai:"
"""What our scopes begin with in a token: `socai:read`. A token without any is for all three."""

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


class _Proof(NamedTuple):
    """What a credential proves."""

    principal: PrincipalId
    scopes: frozenset[str]
    expires: float


class FrontDoor:
    """The door of one process."""

    stranger = PUBLIC

    def __init__(self, pool: asyncpg.Pool, tokens: Tokens) -> None:
        self._pool, self._tokens = pool, tokens
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
                await self.note(_stranger(credential))
        if seen.principal is None:
            raise unauthenticated(seen.reason)
        if seen.principal.expires is not None and seen.principal.expires <= time.time():
            raise unauthenticated("expired")
        return seen.principal

    async def known(self, id: PrincipalId) -> Principal:
        """Who somebody is today who shows nothing, but has asked to be told: by his mandates."""
        async with self._pool.acquire(timeout=ACQUIRE_SECONDS_MAX) as connection:
            return Principal(id=id, mandates=await self._mandates(connection, id))

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
        proof = await (self._key if credential.startswith(PREFIX) else self._token)(credential)
        now = time.monotonic()
        if isinstance(proof, str):
            return _Seen(None, proof, now)
        async with self._pool.acquire(timeout=ACQUIRE_SECONDS_MAX) as connection:
            mandates = await self._mandates(connection, proof.principal)
        principal = Principal(
            id=proof.principal, mandates=mandates, scopes=proof.scopes, expires=proof.expires
        )
        return _Seen(principal, "", now)

    async def _key(self, credential: str) -> "_Proof | str":
        """Whose key it is, or why it is none."""
        kept, now = digest(credential), time.monotonic()
        if kept is None:
            return "malformed"
        async with self._pool.acquire(timeout=ACQUIRE_SECONDS_MAX) as connection:
            row = await connection.fetchrow(KEY, kept)
            if row is None:
                return "unknown, expired or revoked"
            await self._note_use(connection, row["id"], now)
        scopes = frozenset(row["scopes"])
        return _Proof(PrincipalId(row["principal"]), scopes, row["expires"])

    async def _token(self, credential: str) -> "_Proof | str":
        """Whose token it is, or why it is refused."""
        try:
            verified = await self._tokens.verify(credential)
        except BadTokenError as error:
            if error.reason is Reason.KEYS_UNAVAILABLE:
                raise _unavailable("the issuer of the token does not answer") from None
            return error.reason.value
        named = frozenset(f"{OURS}{each}" for each in SCOPES) & verified.scopes
        scopes = frozenset(each.removeprefix(OURS) for each in named) or SCOPES
        return _Proof(principal_of(verified.issuer, verified.subject), scopes, verified.expires)

    async def _mandates(
        self, connection: asyncpg.pool.PoolConnectionProxy, principal: str
    ) -> tuple[Mandate, ...]:
        rows = await connection.fetch(MANDATES, principal)
        if any(row["stopped"] for row in rows):
            raise _unavailable("the read model of mandates has stopped")
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


def _stranger(credential: str) -> Attempt:
    """Somebody whose credential is not accepted; of a key, its id says which."""
    name = key_id(credential)
    who = f"key {name}" if name else ""
    return Attempt(principal=who, roles=(), asked="sign in", code=UNAUTHENTICATED)


def _mandate(row: asyncpg.Record) -> Mandate:
    code, centre = row["province_code"], row["centre"]
    return Mandate(
        role=Role[row["role"]],
        organisation=OrganisationId(row["organisation"]),
        province=ProvinceRef(code=code, valid_from=row["province_from"]) if code else None,
        centre=OrganisationId(centre) if centre else None,
    )


def principal_of(issuer: str, subject: str) -> PrincipalId:
    """Whom a token's subject is in the ledger: a subject is somebody at one issuer alone.

    Opaque, so that no name of a person or an office comes into the log with it.
    """
    both = f"{issuer}\n{subject}"
    return PrincipalId(f"o-{hashlib.sha256(both.encode()).hexdigest()[:32]}")


def _unavailable(why: str) -> RefusedError:
    """Nobody knows who may what: nobody may, but the public."""
    return refusal(
        "SIGN_IN_UNAVAILABLE",
        f"Nobody but the public is served just now: {why}.",
        "Hiện chỉ phục vụ công chúng: tạm thời chưa xác thực được người dùng.",
        status=503,
    )
