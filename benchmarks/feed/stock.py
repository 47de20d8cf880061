"""The same feed as stock Strawberry has it: resolvers over dataclasses, each subscriber by itself.

`uvicorn benchmarks.feed.stock:app`. The log is followed by the same follower; what is measured is
what Strawberry does with an event for each of its subscribers.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import aclosing

import asyncpg
import strawberry
from starlette.applications import Starlette
from starlette.routing import Mount
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL

from events.follower import Follower, Listener
from events.log import Log, Stored

URL = "STOCK_DATABASE_URL"
_running: dict[str, Follower] = {}


@strawberry.type
class Event:
    """Eight fields, as those of the question that ours is asked."""

    position: int
    event_id: str
    type: str
    stream: str
    version: int
    recorded_at: str
    effective_on: str
    leaf: str


@strawberry.type
class Batch:
    """One message."""

    cursor: int
    events: list[Event]


@strawberry.type
class Query:
    """A schema has one."""

    one: int = 1


@strawberry.type
class Subscription:
    """The feed."""

    @strawberry.subscription
    async def events(self, after: int = 0) -> AsyncGenerator[Batch, None]:
        """Follow the log."""
        async with aclosing((await _follower()).follow(after, 100)) as pages:
            async for page in pages:
                yield Batch(cursor=page[-1].position, events=[_event(each) for each in page])


def _event(stored: Stored) -> Event:
    event = stored.recorded
    return Event(
        position=event.position,
        event_id=str(event.id),
        type=event.type,
        stream=event.stream,
        version=event.version,
        recorded_at=event.recorded_at.isoformat(),
        effective_on=event.effective_on.isoformat(),
        leaf=stored.leaf.hex(),
    )


async def _follower() -> Follower:
    if not _running:
        url = os.environ[URL]
        listener = await Listener(url).__aenter__()
        _running["one"] = Follower(Log(await asyncpg.create_pool(url)), listener)
    return _running["one"]


SCHEMA = strawberry.Schema(Query, subscription=Subscription)
app = Starlette(
    routes=[Mount("/graphql", GraphQL(SCHEMA, subscription_protocols=[GRAPHQL_SSE_PROTOCOL]))]
)
