"""One endpoint's line: every event that is for it, in order, the next only when it has the last.

    line = Line(means, endpoint)
    await line.run()          # until something happens; then it is begun anew from its cursor

First the receiver is asked whether it wants any (CloudEvents HTTP 1.1 Web Hooks, §4): nobody is
made to send to somebody who did not agree. The cursor is kept in the database and moved only from
where it was thought to stand; so whoever rewinds it is obeyed, and a line that was cut off sends at
most its last event twice. No connection is held while a receiver is waited for.
"""

import logging
import time
from contextlib import aclosing
from typing import Final

import orjson

from schema.feed.audience import Audience
from schema.feed.feed import Page
from schema.feed.filters import Filter
from schema.feed.item import Item
from schema.planner.refusals import QueryRefusedError
from service.consumers.cursors import State, advanced, failed, opened
from service.courier.endpoints import Endpoint, granted
from service.courier.means import Means
from service.courier.sending import Outcome

RATE_WANTED: Final = 6_000
"""Requests a minute: as many as one after another come to, at their best."""
ORIGIN_HEADER, RATE_HEADER = "webhook-allowed-origin", "webhook-allowed-rate"

_log = logging.getLogger("socai.webhooks")


class Line:
    """What is being sent to one endpoint."""

    def __init__(self, means: Means, endpoint: Endpoint) -> None:
        self._means, self.endpoint = means, endpoint
        self.written = endpoint.position
        """Where the cursor stands in the database, unless somebody else has moved it."""
        self.steps = 0
        """How often it was begun and ended to be moved by us: odd while it is just being moved."""
        self._written_at = time.monotonic()
        self._position = endpoint.position
        self._failures = endpoint.failures
        self._audience: Audience | None = None
        self._looked_at = 0.0

    async def run(self) -> None:
        """Deliver until something has changed, or is refused. What remains is in the database."""
        if not self.endpoint.is_granted:
            await self._ask()
            return
        try:
            wanted = Filter.read(orjson.loads(self.endpoint.filter))
        except QueryRefusedError as error:
            await self._fail(Outcome(ms=0, error=error.message), State.PARKED)
            return
        follow = self._means.feed.follow(self._position, owes=self._owes)
        async with aclosing(follow) as pages:
            async for page in pages:
                if not await self._sent(page, wanted):
                    return

    async def _sent(self, page: Page, wanted: Filter) -> bool:
        """Send what is for it of a page; False: begin anew."""
        audience = await self._shown_to()
        for item in await self._means.feed.shown(page, wanted, audience):
            if self.endpoint.proofs and item.position > page.sealed.size:
                await self._keep(item.position - 1)
                return False
            if await self._shown_to() != audience or not await self._deliver(item, audience):
                return False
        self._position = page.last
        is_late = time.monotonic() - self._written_at >= self._means.tempo.wake_s
        return await self._keep(page.last) if is_late or not page.items else True

    def _owes(self) -> bool:
        """Whether it has passed over something and not written that down."""
        return self._position != self.written

    async def _shown_to(self) -> Audience:
        """What it may be shown, as of a moment ago."""
        now = time.monotonic()
        if self._audience is None or now - self._looked_at >= self._means.tempo.wake_s:
            self._audience = await self._means.audience(self.endpoint)
            self._looked_at = now
        return self._audience

    async def _deliver(self, item: Item, audience: Audience) -> bool:
        outcome = await self._means.sent(self.endpoint, item, audience)
        attempt = self._failures + 1
        if outcome.is_taken:
            self._failures = 0
            is_kept = await self._keep(item.position)
        else:
            is_kept = False
            if await self._keep(item.position - 1):
                await self._fail(outcome)
        await self._means.note(self.endpoint, item.position, outcome, attempt=attempt)
        return is_kept

    async def _keep(self, position: int) -> bool:
        """Write down how far it is; False: somebody else has moved it meanwhile."""
        if position == self.written:
            return True
        self.steps += 1
        if not await advanced(self._means.pool, self.endpoint.name, self.written, position):
            return False
        self.steps += 1
        self.written, self._written_at = position, time.monotonic()
        return True

    async def _ask(self) -> None:
        """Ask the receiver whether it wants any."""
        origin = self._means.sender.origin
        headers = [
            ("WebHook-Request-Origin", origin),
            ("WebHook-Request-Rate", str(RATE_WANTED)),
        ]
        async with self._means.gate:
            outcome = await self._means.sender.ask("OPTIONS", self.endpoint.url, headers)
        if not outcome.is_taken:
            await self._fail(outcome, State.PENDING)
        elif outcome.headers.get(ORIGIN_HEADER, "").strip().lower() not in {origin, "*"}:
            error = f"it does not agree: no WebHook-Allowed-Origin: {origin}"
            await self._fail(Outcome(ms=outcome.ms, error=error), State.PENDING)
        else:
            await granted(self._means.pool, self.endpoint, allowed(outcome))

    async def _fail(self, outcome: Outcome, state: State = State.LIVE) -> None:
        """Try again later, or not any more."""
        failures = self._failures + 1
        if outcome.is_gone:
            state = State.GONE
        elif failures >= self._means.tempo.failures_max:
            state = State.PARKED
        cursor = await opened(self._means.pool, self.endpoint.name)
        if cursor.position != self.written:
            return
        error = outcome.error or ""
        again_s = max(outcome.later_s, self._means.tempo.pause(failures))
        await failed(self._means.pool, cursor, error, again_s, state)
        if state in {State.GONE, State.PARKED}:
            _log.warning("webhook %s is %s: %s", self.endpoint.id, state.name, error)


def allowed(outcome: Outcome) -> int | None:
    """The requests a minute that a receiver agreed to; None: any. Unsaid: as many as we asked."""
    told = outcome.headers.get(RATE_HEADER, "").strip()
    if told == "*":
        return None
    is_number = told.isascii() and told.isdigit() and len(told) <= len(str(RATE_WANTED))
    rate = int(told) if is_number else RATE_WANTED
    return min(rate, RATE_WANTED) or RATE_WANTED
