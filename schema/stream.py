"""The subscription: every event after a position, once, in order, for ever.

Where there are no events for a while there are batches without any: at each new checkpoint, and as
a sign of life. Whoever follows keeps the checkpoints, and is a witness by doing so.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

import strawberry

from events.envelope import Recorded
from events.log import is_outage
from events.seal.newest import Newest
from schema.context import Context
from schema.event import Event
from schema.planner.declare import many, one
from schema.planner.refusals import QueryRefusedError
from schema.scalars import Position
from schema.seal import NEWEST, Checkpoint

BATCH_MAX = 500
START = Position(0)
QUIET_SECONDS_MAX = 30.0
"""After so long without an event or a checkpoint a follower is told where the ledger stands."""


@strawberry.type(description="Events that follow one another without a gap.")
class EventBatch:
    """One message of the feed; continue after `cursor`. Without events: a heartbeat."""

    first: strawberry.Private[int]
    last: strawberry.Private[int]
    cursor: Position = strawberry.field(
        description="Position of the last event in this batch; of one without any, where you stand."
    )
    head: Position = strawberry.field(description="Position of the last event in the ledger.")
    checkpoint: Checkpoint | None = one(
        "true",
        "The newest checkpoint: keep it, and you are a witness (điểm niêm phong); null if none.",
        rows=NEWEST,
    )
    events: list[Event] = many(
        "{other}.position BETWEEN {self}.first AND {self}.last",
        "The events, oldest first; none where there is only a new checkpoint or nothing new.",
    )


@strawberry.type(description="Follow the fund: every change, once, in order.")
class Subscription:
    """The feed."""

    @strawberry.subscription(
        description="Every event after a position, first the recorded, then what comes (theo dõi)."
    )
    async def events(
        self,
        info: strawberry.Info,
        after: Annotated[
            Position,
            strawberry.argument(description="Start after this position; 0: from the start."),
        ] = START,
        batch_size: Annotated[
            int, strawberry.argument(description=f"Events in one message, 1 to {BATCH_MAX}.")
        ] = 100,
    ) -> AsyncIterator[EventBatch]:
        """Follow the log; no connection is held while a client thinks."""
        if not 1 <= batch_size <= BATCH_MAX:
            code = "BATCH_SIZE"
            raise QueryRefusedError(
                code,
                f"`batchSize` must be between 1 and {BATCH_MAX}; {batch_size} was asked for.",
                f"`batchSize` phải từ 1 đến {BATCH_MAX}; yêu cầu là {batch_size}.",
            )
        context: Context = info.context
        await context.follows("events")
        # A reader who comes back says where he was, whatever his question says.
        last = max(after, context.cursor)
        pages = context.follower.follow(last, batch_size)
        async with aclosing(_with_heartbeats(pages, context.newest)) as beats:
            async for page in beats:
                head = await _head(context)
                if not page and head is None:
                    continue
                first, last = last + 1, page[-1].position if page else last
                context.cursor, context.batch = last, last if page else context.batch or 0
                context.reached(head if head is not None else last)
                yield EventBatch(
                    first=first,
                    last=last,
                    cursor=Position(last),
                    head=Position(last if head is None else head),
                )


async def _head(context: Context) -> int | None:
    """Where the log ends; None: it cannot be read just now, which ends no feed."""
    try:
        return (await context.log.head()).position
    except Exception as error:
        if not is_outage(error):
            raise
        return None


async def _with_heartbeats(
    pages: AsyncGenerator[list[Recorded[Any]], None], newest: Newest
) -> AsyncGenerator[list[Recorded[Any]], None]:
    """The pages; an empty one at each new checkpoint, and when nothing has come for long."""
    coming: asyncio.Future[list[Recorded[Any]]] | None = None
    sealed = asyncio.ensure_future(newest.beyond(newest.sealed.size))
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(pages))
            await asyncio.wait(
                {coming, sealed}, timeout=QUIET_SECONDS_MAX, return_when=asyncio.FIRST_COMPLETED
            )
            if sealed.done():
                sealed = asyncio.ensure_future(newest.beyond(newest.sealed.size))
            page: list[Recorded[Any]] = []
            if coming.done():
                page, coming = coming.result(), None
            yield page
    finally:
        left = [each for each in (coming, sealed) if each is not None]
        for each in left:
            each.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await pages.aclose()
