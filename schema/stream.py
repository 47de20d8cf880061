"""The subscription: every event after a position, once, in order, for ever."""

from collections.abc import AsyncIterator
from typing import Annotated

import strawberry

from schema.event import Event
from schema.planner.declare import many
from schema.planner.refusals import QueryRefusedError
from schema.scalars import Position

BATCH_MAX = 500
START = Position(0)


@strawberry.type(description="Events that follow one another without a gap.")
class EventBatch:
    """One message of the feed; continue after `cursor`."""

    first: strawberry.Private[int]
    last: strawberry.Private[int]
    cursor: Position = strawberry.field(description="Position of the last event in this batch.")
    head: Position = strawberry.field(description="Position of the last event in the ledger.")
    events: list[Event] = many(
        "{other}.position BETWEEN {self}.first AND {self}.last", "The events, oldest first."
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
        context = info.context
        await context.follows("events")
        # A reader who comes back says where he was, whatever his question says.
        async for batch in context.follower.follow(max(after, context.cursor), batch_size):
            first, last = batch[0].position, batch[-1].position
            context.cursor = context.batch = last
            yield EventBatch(
                first=first,
                last=last,
                cursor=Position(last),
                head=Position((await context.log.head()).position),
            )
