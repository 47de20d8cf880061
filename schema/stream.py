"""The subscriptions: every event after a position, once, in order, for ever; and that it moved.

Where there are no events for a while there are batches without any: at each new checkpoint, and as
a sign of life. Whoever follows keeps the checkpoints, and is a witness by doing so.
"""

import time
from array import array
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Annotated

import strawberry

from schema.context import Context
from schema.event import Event
from schema.feed.audience import Audience
from schema.feed.feed import Feed, Page
from schema.feed.filters import EVERYTHING, EventFeedFilter, Filter
from schema.feed.item import Item
from schema.planner.declare import many, one
from schema.planner.refusals import QueryRefusedError
from schema.scalars import Position
from schema.seal import NEWEST, Checkpoint

BATCH_MAX = 500
START = Position(0)
ADVANCE_SECONDS = 1.0
"""While nothing of what is read is wanted, a follower is told so often how far it was read; and
when all of it is."""
FILTER = strawberry.argument(description="Only these; everything, if nothing is said.")


@strawberry.type(description="Events that follow one another without a gap.")
class EventBatch:
    """One message of the feed; continue after `cursor`. Without events: a heartbeat."""

    last: strawberry.Private[int]
    positions: strawberry.Private[Sequence[int]]
    sealed: strawberry.Private[int]
    cursor: Position = strawberry.field(
        description="Go on after this position. No event up to it is missing that you may see and"
        " did not filter out."
    )
    head: Position = strawberry.field(description="Position of the last event in the ledger.")
    checkpoint: Checkpoint | None = one(
        "true",
        "The newest checkpoint: keep it, and you are a witness (điểm niêm phong); null if none.",
        rows=NEWEST,
    )
    events: list[Event] = many(
        "{other}.position = ANY({self}.positions)",
        "The events, oldest first; none where there is only a new checkpoint or nothing new.",
    )

    @property
    def key(self) -> bytes:
        """Equal for equal pieces of the log at the same checkpoint; a heartbeat tells the head."""
        head = 0 if self.positions else self.head
        return array("q", (self.last, self.sealed, head, *self.positions)).tobytes()

    @property
    def resume(self) -> int:
        """Where to go on."""
        return self.last


@strawberry.type(description="The ledger has moved (sổ cái vừa thay đổi).")
class LedgerMove:
    """Ask again what you have shown: with its ETag, if it is as it was you are told so."""

    position: Position = strawberry.field(
        description="What is asked from now on is answered at this position, or later."
    )

    @property
    def key(self) -> int:
        """The position is all there is."""
        return self.position

    @property
    def resume(self) -> int:
        """It tells where the ledger stands, not what was told before."""
        return 0


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
        filter: Annotated[EventFeedFilter | None, FILTER] = None,
        batch_size: Annotated[
            int, strawberry.argument(description=f"Events in one message, 1 to {BATCH_MAX}.")
        ] = 100,
    ) -> AsyncGenerator[EventBatch, None]:
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
        wanted = filter.read() if filter else EVERYTHING
        # A reader who comes back says where he was, whatever his question says.
        start = max(after, context.cursor)
        async with aclosing(_batches(context, start, wanted, batch_size)) as batches:
            async for batch in batches:
                context.batch = batch.last if batch.positions else context.batch or 0
                context.reached(batch.head)
                yield batch

    @strawberry.subscription(
        description="That the ledger moved, and where it stands: at once, then with every change,"
        " once what was recorded can be asked for (sổ cái thay đổi)."
    )
    async def ledger(
        self,
        info: strawberry.Info,
        filter: Annotated[EventFeedFilter | None, FILTER] = None,
    ) -> AsyncGenerator[LedgerMove, None]:
        """Changes that come together are told once."""
        context: Context = info.context
        await context.follows("ledger")
        wanted = filter.read() if filter else None
        position = context.projector.position
        yield _moved(context, position)
        async with aclosing(context.feed.follow(position)) as pages:
            async for page in pages:
                if not await _matters(context, page, wanted):
                    continue
                await context.readable(page.last)
                yield _moved(context, max(page.last, context.projector.position))


async def _batches(
    context: Context, start: int, wanted: Filter, most: int
) -> AsyncGenerator[EventBatch, None]:
    told, owes = time.monotonic(), False
    async with aclosing(context.feed.follow(start, owes=lambda: owes)) as pages:
        async for page in pages:
            shown = await _shown(context.feed, context, page, wanted)
            now = time.monotonic()
            owes = not shown and bool(page.items) and now - told < ADVANCE_SECONDS
            if owes:
                continue
            told = now
            for batch in _pieces(page, shown, most):
                yield batch


def _pieces(page: Page, shown: Sequence[Item], most: int) -> Sequence[EventBatch]:
    """A page as messages of at most so many events; the last one ends where the page does."""
    pieces = [shown[n : n + most] for n in range(0, len(shown), most)] or [()]
    ends = [*(each[-1].position for each in pieces[:-1]), page.last]
    return [
        EventBatch(
            last=last,
            positions=[each.position for each in piece],
            sealed=page.sealed.size,
            cursor=Position(last),
            head=Position(page.head),
        )
        for piece, last in zip(pieces, ends, strict=True)
    ]


async def _shown(feed: Feed, context: Context, page: Page, wanted: Filter) -> Sequence[Item]:
    return await feed.shown(page, wanted, Audience.of(context.caller.principal))


async def _matters(context: Context, page: Page, wanted: Filter | None) -> bool:
    """Whether there is something new that a client asked to be told of."""
    if wanted is None:
        return bool(page.items)
    return bool(await _shown(context.feed, context, page, wanted))


def _moved(context: Context, position: int) -> LedgerMove:
    context.reached(position)
    return LedgerMove(position=Position(position))
