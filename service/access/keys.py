"""API keys: 256 random bits, a prefix that scanners find, a checksum that typists need.

    socai_demo_k3v9x0ab_4fQ…43 characters…_1x7Kd2
    socai      what it is a key of
    demo       of which deployment
    k3v9x0ab   its id: may be shown, logged, written down
    …          the secret: only its SHA-256 is kept, and it is shown once
    1x7Kd2     CRC-32 of all that, so that a mistyped key never reaches the database

A principal has at most two live keys: the one in use and the one that replaces it.
"""

import hashlib
import re
import secrets
import string
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, LiteralString, NamedTuple

import asyncpg

from events.identity import checked_code
from events.mandate import PrincipalId
from events.rules import Refusal, refusal, value
from schema.access.principal import SCOPES

LIVE_MAX = 2
DAYS_DEFAULT, DAYS_MAX = 90, 366
OVERLAP_DAYS_DEFAULT = 7
"""How long the old key goes on after a rotation."""
PREFIX = "socai_"
_DIGITS = string.digits + string.ascii_letters
_FORM = re.compile(r"socai_([a-z0-9]{1,16})_([a-z0-9]{8})_([0-9A-Za-z]{43})_([0-9A-Za-z]{6})")
_ID_ALPHABET = string.ascii_lowercase + string.digits

CREATE: Final[LiteralString] = """
    INSERT INTO access.key (id, sha256, principal, scopes, created_by, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)
"""
LOCK: Final[LiteralString] = """
    LOCK TABLE access.key IN SHARE ROW EXCLUSIVE MODE
"""
LIVE: Final[LiteralString] = """
    SELECT id
    FROM access.key
    WHERE principal = $1 AND revoked_at IS NULL AND expires_at > clock_timestamp()
    ORDER BY created_at
"""
SHORTEN: Final[LiteralString] = """
    UPDATE access.key
    SET expires_at = least(expires_at, $2)
    WHERE id = $1
"""
REVOKE: Final[LiteralString] = """
    UPDATE access.key
    SET revoked_at = clock_timestamp(), revoked_by = $2
    WHERE id = $1 AND revoked_at IS NULL
    RETURNING id
"""
KNOWN: Final[LiteralString] = """
    SELECT id, principal, scopes, created_at, created_by, expires_at, last_used_at,
           revoked_at, revoked_by
    FROM access.key
    WHERE id = $1 OR $1 IS NULL
    ORDER BY created_at, id
"""


@refusal(rule="two live keys are enough to replace one by the other")
class TooManyKeys(Refusal):
    """{principal} has {live} live keys already: revoke one first.

    {principal} đã có {live} khoá đang hiệu lực: hãy thu hồi một khoá trước.
    """

    principal: str
    live: int


@refusal(rule="a key is named by the eight characters of its id")
class UnknownKey(Refusal):
    """There is no live key {key}.

    Không có khoá {key} đang hiệu lực.
    """

    key: str


@refusal(rule="a key is made for read, write, follow, for at most 366 days")
class BadKeyTerms(Refusal):
    """A key has scopes among {scopes} and lives 1 to {days} days.

    Khoá có phạm vi trong {scopes} và thời hạn từ 1 đến {days} ngày.
    """

    scopes: str
    days: int


class Known(NamedTuple):
    """A key as it is listed: everything but the secret, which nobody has."""

    id: str
    principal: str
    scopes: list[str]
    created_at: datetime
    created_by: str
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None

    def is_live(self, now: datetime) -> bool:
        """Whether it opens the door."""
        return self.revoked_at is None and self.expires_at > now


@value
class Terms:
    """What a new key is made for."""

    principal: PrincipalId
    by: str
    environment: str = "live"
    scopes: frozenset[str] = SCOPES
    days: float = DAYS_DEFAULT


def digest(key: str) -> bytes | None:
    """What is kept of a key; None where the text is no key: its form or its checksum is wrong."""
    found = _FORM.fullmatch(key)
    if found is None or _checksum(key[: found.start(4) - 1]) != found.group(4):
        return None
    return hashlib.sha256(key.encode()).digest()


def key_id(key: str) -> str:
    """The part of a key that may be shown; empty where the text is no key."""
    found = _FORM.fullmatch(key)
    return found.group(2) if found else ""


async def create(owner: asyncpg.Connection, terms: Terms) -> str:
    """A new key, which is never shown again. As the owner of the log."""
    _check(terms)
    async with owner.transaction():
        await owner.execute(LOCK)
        live = await _live(owner, terms.principal)
        if len(live) >= LIVE_MAX:
            raise TooManyKeys(principal=terms.principal, live=len(live))
        return await _create(owner, terms)


async def rotate(
    owner: asyncpg.Connection, id: str, by: str, overlap_days: float = OVERLAP_DAYS_DEFAULT
) -> str:
    """A new key of the same terms; the old one goes on for some days."""
    async with owner.transaction():
        await owner.execute(LOCK)
        old = await _known_live(owner, id)
        live = await _live(owner, old.principal)
        if len(live) >= LIVE_MAX:
            raise TooManyKeys(principal=old.principal, live=len(live))
        lived = (old.expires_at - old.created_at) / timedelta(days=1)
        terms = Terms(
            principal=PrincipalId(old.principal),
            by=by,
            scopes=frozenset(old.scopes),
            days=min(max(lived, 1), DAYS_MAX),
        )
        key = await _create(owner, terms)
        await owner.execute(SHORTEN, id, datetime.now(UTC) + timedelta(days=overlap_days))
        return key


async def revoke(owner: asyncpg.Connection, id: str, by: str) -> None:
    """The key opens nothing any more, within a second."""
    if await owner.fetchval(REVOKE, id, by) is None:
        raise UnknownKey(key=id)


async def known(asked: asyncpg.Connection) -> list[Known]:
    """Every key there ever was, the oldest first."""
    return [_row(each) for each in await asked.fetch(KNOWN, None)]


async def _known_live(owner: asyncpg.Connection, id: str) -> Known:
    for each in await owner.fetch(KNOWN, id):
        found = _row(each)
        if found.is_live(datetime.now(UTC)):
            return found
    raise UnknownKey(key=id)


async def _live(owner: asyncpg.Connection, principal: str) -> Sequence[str]:
    return [each["id"] for each in await owner.fetch(LIVE, principal)]


async def _create(owner: asyncpg.Connection, terms: Terms) -> str:
    key = _made(terms.environment)
    expires = datetime.now(UTC) + timedelta(days=terms.days)
    scopes = sorted(terms.scopes)
    await owner.execute(
        CREATE, key_id(key), digest(key), terms.principal, scopes, terms.by, expires
    )
    return key


def _check(terms: Terms) -> None:
    checked_code("principal", terms.principal)
    if not terms.scopes or not terms.scopes <= SCOPES or not 0 < terms.days <= DAYS_MAX:
        raise BadKeyTerms(scopes=", ".join(sorted(SCOPES)), days=DAYS_MAX)


def _made(environment: str) -> str:
    id = "".join(secrets.choice(_ID_ALPHABET) for _ in range(8))  # noqa: A001 - the key's own word
    text = f"socai_{environment}_{id}_{_spelled(secrets.randbits(256), 43)}"
    return f"{text}_{_checksum(text)}"


def _checksum(text: str) -> str:
    return _spelled(zlib.crc32(text.encode()), 6)


def _spelled(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def _row(row: asyncpg.Record) -> Known:
    return Known(*row)
