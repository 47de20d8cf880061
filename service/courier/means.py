"""What every delivery of one process shares, and what one of them comes to.

    means = Means(pool=pool, feed=feed, door=door, key=key, settings=settings, sender=sender)
    outcome = await means.sent(endpoint, item, await means.audience(endpoint))

An endpoint shows no credential: it is sent what whoever registered it may see today.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import random
from typing import Final

import asyncpg

from events.mandate import PrincipalId
from events.rules import value
from events.seal.kept import Seal
from schema.feed.audience import Audience
from schema.feed.cloud import cloud
from schema.feed.feed import Feed
from schema.feed.item import Item
from service.access.door import FrontDoor
from service.courier.endpoints import Attempt, Endpoint, forgotten, noted
from service.courier.proving import proved
from service.courier.sending import SECONDS_MAX, Message, Outcome, Sender
from service.webhooks import signing

SENT_AT_ONCE_MAX: Final = 200
"""Requests under way, of all endpoints: a slow receiver has one of them for ten seconds."""
PAUSE_SECONDS_MAX: Final = 3600.0
FAILURES_MAX: Final = 90
"""In a row, then it is parked: about three days."""
FORGET_EVERY: Final = 200
"""Attempts after which the oldest of the endpoint are dropped."""
WAKE_SECONDS: Final = 1.0
"""How often what was changed is looked for; that long a principal is believed."""


def pause(failures: int) -> float:
    """Seconds until the next attempt: 1, doubling to an hour, a quarter of it left to chance."""
    return min(PAUSE_SECONDS_MAX, 2.0 ** min(failures - 1, 30)) * (1 - random() / 4)  # noqa: S311


@value
class Tempo:
    """How fast it goes on."""

    wake_s: float = WAKE_SECONDS
    answer_s: float = SECONDS_MAX
    """For one request."""
    pause: Callable[[int], float] = pause
    """Seconds after so many failures in a row, at least 1."""
    failures_max: int = FAILURES_MAX
    bug_s: float = 60.0
    """Before an endpoint is tried again that we ourselves failed."""


class Pace:
    """No more requests a minute than the receiver of one endpoint agreed to."""

    def __init__(self) -> None:
        self._next = 0.0

    async def turn(self, rate: int | None) -> None:
        """Wait for one's turn."""
        now = time.monotonic()
        at = max(now, self._next)
        if rate is not None:
            self._next = at + 60 / rate
        await asyncio.sleep(at - now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What they share."""

    pool: asyncpg.Pool
    feed: Feed
    door: FrontDoor
    key: bytes
    sender: Sender
    tempo: Tempo
    seal: Seal
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SENT_AT_ONCE_MAX))
    paces: dict[str, Pace] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    """Attempts of each endpoint since the oldest were dropped."""

    async def audience(self, endpoint: Endpoint) -> Audience:
        """What it may be shown today."""
        return Audience.of(await self.door.known(PrincipalId(endpoint.principal)))

    async def sent(self, endpoint: Endpoint, item: Item, audience: Audience) -> Outcome:
        """Send one event once, when it is its turn."""
        proof = await proved(self.seal, item.position) if endpoint.proofs else None
        message = Message(id=item.event_id, body=cloud(item, audience, proof))
        await self.paces.setdefault(endpoint.id, Pace()).turn(endpoint.rate)
        now = datetime.now(UTC)
        secrets = signing(self.key, endpoint.id, endpoint.generation, endpoint.rotated_at, now)
        async with self.gate:
            return await self.sender.post(endpoint.url, message, secrets)

    async def note(
        self,
        endpoint: Endpoint,
        position: int,
        outcome: Outcome,
        *,
        attempt: int = 1,
        is_redelivery: bool = False,
    ) -> None:
        """Write down what was tried; now and then drop what is old."""
        await noted(
            self.pool,
            Attempt(
                endpoint=endpoint.id,
                position=position,
                attempt=attempt,
                ms=outcome.ms,
                status=outcome.status,
                error=outcome.error,
                is_redelivery=is_redelivery,
            ),
        )
        self.counts[endpoint.id] = self.counts.get(endpoint.id, 0) + 1
        if self.counts[endpoint.id] >= FORGET_EVERY:
            self.counts[endpoint.id] = 0
            await forgotten(self.pool, endpoint.id)
