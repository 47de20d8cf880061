"""What every door of the feed follows: pages of the log, and now and then a sign of life.

    async for page in feed.follow(after=cursor):
        for item in await feed.shown(page, wanted, audience):
            send(cloud(item, audience))
        cursor = page.last

A page covers its positions without a gap, whoever looks at it: n is followed by n + 1. Who is shown
a part of the events goes on from the page's end all the same. A page without events is a heartbeat:
the end of the log, a new checkpoint.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Hashable, Mapping, Sequence
from contextlib import aclosing
from typing import NamedTuple

from asyncpg import Pool

from events.follower import PAGE_EVENTS, Follower
from events.log import Log, Stored, is_outage
from events.seal.newest import Newest, Sealed
from projections.projector import Projector
from schema.feed.audience import Audience
from schema.feed.filters import EVERYTHING, Filter
from schema.feed.item import Item, Reach, item_of
from schema.feed.reach import reached, readable
from schema.planner.refusals import QueryRefusedError

SHOWN_PAGES_MAX = 16
"""Of which it is remembered what was shown of them, to whom: those that many look at just now."""
QUIET_SECONDS = 15.0
"""After so long without a page whoever follows is told where the log stands."""
AGAIN_SECONDS = 0.5


class Page(NamedTuple):
    """A piece of the log."""

    first: int
    last: int
    """The cursor to go on from; one less than `first` if there is no event."""
    items: Sequence[Item]
    head: int
    """Where the log ends, at least."""
    sealed: Sealed
    """The newest checkpoint."""


class Feed:
    """The feed of one process."""

    def __init__(
        self,
        follower: Follower,
        log: Log,
        pool: Pool,
        newest: Newest,
        projector: Projector | None = None,
    ) -> None:
        """`projector`: who keeps the read models, if that is this process."""
        self._follower, self._log, self._pool, self._newest = follower, log, pool, newest
        self._projector = projector
        self.quiet_s = QUIET_SECONDS
        self._source = ""
        self._shown: OrderedDict[Hashable, Sequence[Item]] = OrderedDict()
        self._asking: dict[tuple[int, int], asyncio.Task[Mapping[int, Reach]]] = {}

    async def follow(
        self, after: int, limit: int = PAGE_EVENTS, *, owes: Callable[[], bool] = lambda: False
    ) -> AsyncGenerator[Page, None]:
        """Pages after a position, for ever. An outage delays them, no more.

        `owes`: whether whoever follows still has to tell how far he is; then the first look in vain
        is a page, too.
        """
        told, size = time.monotonic(), self._newest.sealed.size
        async with aclosing(self._follower.follow(after, limit, idle=True)) as pages:
            async for stored in pages:
                now = time.monotonic()
                sealed = self._newest.sealed
                is_quiet = sealed.size == size and now - told < self.quiet_s
                if not stored and is_quiet and not owes():
                    continue
                page = self._page(after, await self._items(stored))
                after, told, size = page.last, now, sealed.size
                yield page

    async def read(self, after: int, limit: int) -> Page:
        """What is there now, at once: up to so many events."""
        return self._page(after, await self._items(await self._log.stored(after, limit)))

    async def shown(self, page: Page, wanted: Filter, audience: Audience) -> Sequence[Item]:
        """What of a page somebody wants and may see."""
        is_whole = audience.sees_all
        if not page.items or (is_whole and wanted == EVERYTHING):
            return page.items
        key = (page.first, page.last, wanted, audience)
        known = self._shown.get(key)
        if known is not None:
            return known
        if wanted.needs_reach or not is_whole:
            await self._reach(page.items)
        shown = [each for each in page.items if wanted.takes(each) and audience.sees(each)]
        self._shown[key] = shown
        if len(self._shown) > SHOWN_PAGES_MAX:
            self._shown.popitem(last=False)
        return shown

    def _page(self, after: int, items: Sequence[Item]) -> Page:
        last = items[-1].position if items else after
        head = max(self._follower.head, last) if items else self._follower.head
        return Page(after + 1, last, items, head, self._newest.sealed)

    async def _items(self, stored: Sequence[Stored]) -> Sequence[Item]:
        if not stored:
            return ()
        if not self._source:
            await self._learn()
        return [item_of(each, self._source) for each in stored]

    async def _reach(self, items: Sequence[Item]) -> None:
        """Learn whose the events are. Of those who wait for the same ones, one asks for all.

        Who is behind has items of his own: the same events, and nothing known of them yet.
        """
        while unknown := [each for each in items if each.reach is None]:
            key = unknown[0].position, unknown[-1].position
            asking = self._asking.get(key)
            if asking is None:
                asking = self._asking[key] = asyncio.create_task(self._ask(key, unknown))
            told = await asyncio.shield(asking)
            for each in unknown:
                each.reach = told.get(each.position)

    async def _ask(self, key: tuple[int, int], items: Sequence[Item]) -> Mapping[int, Reach]:
        """An outage delays the answer; so does a database that is busy."""
        try:
            await readable(self._pool, items[-1].position, self._projector)
            await reached(self._pool, items)
        except Exception as error:
            if not is_outage(error) and not isinstance(error, QueryRefusedError):
                raise
            await asyncio.sleep(AGAIN_SECONDS)
        finally:
            # Not once the task is done: whoever found it then would wait for nothing, again and
            # again, and nobody else would ever run.
            del self._asking[key]
        return {each.position: each.reach for each in items if each.reach is not None}

    async def _learn(self) -> None:
        """A ledger is known by its first event."""
        while not self._source:
            try:
                (first,) = await self._log.stored(0, 1)
            except Exception as error:
                if not is_outage(error):
                    raise
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                self._source = f"urn:uuid:{first.recorded.id}"
