"""Delivers every webhook, each along a line of its own, for one process: one at a time does.

    await Deliverer(pool, feed, door, key, settings).run()

Once a second it looks at what there is: who was registered, paused, resumed, rewound, removed. A
line that comes to an end, by whatever cause, is begun anew from its cursor; all that is to be known
of an endpoint stands in the database. An outage delays the deliveries, no more.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final

import asyncpg

from events.log import Log, is_outage
from events.seal.kept import Seal
from schema.feed.feed import Feed
from schema.http.refusals import RefusedError
from schema.planner.refusals import QueryRefusedError
from service.access.door import FrontDoor
from service.courier.endpoints import Endpoint, endpoints, forgotten, names
from service.courier.lines import Line
from service.courier.means import Means, Tempo
from service.courier.repeating import repeated
from service.courier.sending import Sender
from service.webhooks import Webhooks

FORGET_SECONDS: Final = 3600.0
"""Between two looks at the attempts of all endpoints."""

_log = logging.getLogger("socai.webhooks")


@dataclass(frozen=True, slots=True)
class _Running:
    line: Line
    task: asyncio.Task[None]


class Deliverer:
    """Whoever sends webhooks."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        feed: Feed,
        door: FrontDoor,
        key: bytes,
        settings: Webhooks,
        *,
        tempo: Tempo = Tempo(),  # noqa: B008 - it is frozen
    ) -> None:
        self._means = Means(
            pool=pool,
            feed=feed,
            door=door,
            key=key,
            sender=Sender(settings, seconds=tempo.answer_s),
            tempo=tempo,
            seal=Seal(Log(pool)),
        )
        self._lines: dict[str, _Running] = {}
        self._repeats: dict[str, asyncio.Task[None]] = {}
        self._forgot_at = time.monotonic()

    async def run(self) -> None:
        """Deliver, for ever."""
        try:
            while True:
                await self._guarded(self._look(), "all")
                await asyncio.sleep(self._means.tempo.wake_s)
        finally:
            running = [*(each.task for each in self._lines.values()), *self._repeats.values()]
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _look(self) -> None:
        """Once."""
        thought = {name: each.line.steps for name, each in self._lines.items()}
        found = {each.id: each for each in await endpoints(self._means.pool)}
        for name, running in list(self._lines.items()):
            if running.task.done() or self._is_other(running.line, found.get(name), thought[name]):
                del self._lines[name]
                await _ended(running.task)
        for name, task in list(self._repeats.items()):
            if task.done():
                del self._repeats[name]
        for each in found.values():
            if each.is_due and each.id not in self._lines:
                self._begin(each)
            if each.is_repeatable and each.id not in self._repeats:
                doing = self._guarded(repeated(self._means, each), each.id)
                self._repeats[each.id] = asyncio.create_task(doing, name=f"repeat {each.id}")
        if time.monotonic() - self._forgot_at >= FORGET_SECONDS:
            self._forgot_at = time.monotonic()
            for name in await names(self._means.pool):
                await forgotten(self._means.pool, name)

    def _begin(self, endpoint: Endpoint) -> None:
        line = Line(self._means, endpoint)
        task = asyncio.create_task(self._guarded(line.run(), endpoint.id), name=endpoint.id)
        self._lines[endpoint.id] = _Running(line, task)

    def _is_other(self, line: Line, found: Endpoint | None, thought: int) -> bool:
        """Whether a line is no longer what is wanted.

        One that stepped while we looked sees for itself whether somebody else has moved it.
        """
        if found is None or found.terms != line.endpoint.terms:
            return True
        has_rested = line.steps == thought and thought % 2 == 0
        return has_rested and line.written != found.position

    async def _guarded(self, doing: Awaitable[None], what: str) -> None:
        """Whatever ends it is logged, and the others go on."""
        try:
            await doing
        except Exception as error:  # noqa: BLE001 - a bug in one line must not end the others
            if is_outage(error) or isinstance(error, RefusedError | QueryRefusedError):
                _log.warning("webhooks (%s) wait for the database: %r", what, error)
                await asyncio.sleep(self._means.tempo.wake_s)
            else:
                _log.exception("webhooks (%s): a bug of Socai; trying again later", what)
                await asyncio.sleep(self._means.tempo.bug_s)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
