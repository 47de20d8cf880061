"""Time stamps (RFC 3161) for checkpoints: one a day, and one at each closing of a period.

    stamper = Stamper(connection, anchors.tsa_url, anchors.roots(), hours=24.0)
    await stamper.stamp()      # one, if one is due

A token is believed before it is kept. An authority that does not answer is asked again later.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Final, LiteralString
from urllib.parse import urlsplit

import asyncpg
from cryptography import x509

from events.seal.stamp import QUERY_TYPE, Asked, NotStampedError
from service.fetch import FetchError, posted

SECONDS_MAX: Final = 15.0
AGAIN_SECONDS: Final = 300.0

CLOSED: Final[LiteralString] = """
    SELECT checkpoint.size, checkpoint.note
    FROM seal.checkpoint
    JOIN ledger.event ON event.position = checkpoint.size
    WHERE event.type = 'PeriodClosed'
      AND checkpoint.size NOT IN (SELECT size FROM seal.timestamp WHERE authority = $1)
    ORDER BY checkpoint.size DESC
    LIMIT 1
"""
REGULAR: Final[LiteralString] = """
    SELECT checkpoint.size, checkpoint.note
    FROM seal.checkpoint
    WHERE checkpoint.size > coalesce(
              (SELECT max(size) FROM seal.timestamp WHERE authority = $1), 0
          )
      AND NOT EXISTS (
          SELECT FROM seal.timestamp
          WHERE authority = $1 AND received_at > clock_timestamp() - $2::interval
      )
    ORDER BY checkpoint.size DESC
    LIMIT 1
"""
STAMPED: Final[LiteralString] = """
    INSERT INTO seal.timestamp (size, authority, token)
    VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
"""

_log = logging.getLogger("socai.seal")


class Stamper:
    """Asks one authority, through one connection."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        url: str,
        roots: Sequence[x509.Certificate],
        *,
        hours: float,
    ) -> None:
        self._connection, self._url, self._roots = connection, url, roots
        self._every = timedelta(hours=hours)
        self._not_before = 0.0

    async def stamp(self) -> None:
        """Have a checkpoint stamped, if one is due: a closed period's first."""
        now = asyncio.get_running_loop().time()
        if now < self._not_before:
            return
        row = await self._connection.fetchrow(CLOSED, self._url)
        if row is None:
            row = await self._connection.fetchrow(REGULAR, self._url, self._every)
        if row is None:
            return
        try:
            token = await self._token(row["note"])
        except (FetchError, NotStampedError) as error:
            self._not_before = now + AGAIN_SECONDS
            _log.warning("%s events have no time stamp: %s", row["size"], error)
            return
        await self._connection.execute(STAMPED, row["size"], self._url, token)
        _log.info("%s events have a time stamp", row["size"])

    async def _token(self, note: str) -> bytes:
        asked = Asked.of(note)
        answer = await posted(urlsplit(self._url), asked.request, QUERY_TYPE, SECONDS_MAX)
        if answer.status != HTTPStatus.OK:
            raise NotStampedError(f"{self._url} answers {answer.status}")
        return asked.token(answer.body, self._roots)
