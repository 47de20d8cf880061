"""A large ledger through the front door: many callers, real commands, one event each.

`plan` says how many facilities and schemes make `events` events; `record` hands them to the ledger.
What is recorded follows from the seed alone (`bulk.py`); the order of positions among streams does
not, because the callers run side by side.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator

from events.ledger import Ledger
from events.rules import value
from service.seed.bulk import EVENTS_PER_SCHEME, Chain, facility, frame, scheme

EVENTS_MAX = 1_000_000
CALLERS = 128
FACILITIES_MIN = 5_000
EVENTS_PER_FACILITY = 50


@value
class Plan:
    """How much of what."""

    events: int
    facilities: int
    seed: int


def plan(events: int, seed: int) -> Plan:
    """At least 5,000 facilities where there is room for them, one for each 50 events beyond."""
    wanted = max(FACILITIES_MIN, events // EVENTS_PER_FACILITY)
    return Plan(events=events, facilities=min(max(1, events // 4), wanted), seed=seed)


async def record(
    ledger: Ledger, planned: Plan, told: Callable[[int], None], callers: int = CALLERS
) -> int:
    """Hand the plan to the ledger with many callers at once; how many orders it carried out."""
    done = 0

    async def follow(chains: Iterator[Chain]) -> None:
        nonlocal done
        # One iterator for all callers: whoever is free takes the next chain.
        for orders in chains:
            for order in orders:
                await ledger.handle(order)
                done += 1
                told(done)

    for stage in stages(planned):
        chains = iter(_cut(stage, planned.events - done))
        async with asyncio.TaskGroup() as group:
            for _ in range(callers):
                group.create_task(follow(chains))
    return done


def stages(planned: Plan) -> Iterator[Iterable[Chain]]:
    """Frame, facilities, schemes: each needs the whole of the one before."""
    seed, facilities = planned.seed, planned.facilities
    yield ([order] for order in frame())
    yield (facility(seed, number) for number in range(facilities))
    schemes = planned.events // EVENTS_PER_SCHEME + 1
    yield (scheme(seed, number, facilities) for number in range(schemes))


def _cut(stage: Iterable[Chain], events: int) -> Iterator[Chain]:
    """As many orders as are still wanted, and not one more."""
    for orders in stage:
        if events <= 0:
            return
        yield orders[:events]
        events -= len(orders)
