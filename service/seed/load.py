"""A large ledger through the front door: many callers, real commands, one event each.

`plan` says how many facilities and schemes make `events` events; a `Fund` (`fund.py`) has the shape
that it is told. `record` hands either to the ledger. What is recorded follows from the seed alone;
the order of positions among streams does not, because the callers run side by side.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from events.catalogue import Command
from events.envelope import Order
from events.ledger import Ledger
from events.log import is_outage
from events.rules import value
from service.seed.bulk import EVENTS_PER_SCHEME, Chain, facility, frame, scheme

EVENTS_MAX = 1_000_000
CALLERS = 128
FACILITIES_MIN = 5_000
EVENTS_PER_FACILITY = 50
PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Hours of work must not be lost to a database that was busy for a moment."""


class Planned(Protocol):
    """What is to be recorded."""

    @property
    def events(self) -> int:
        """How many orders, and so events."""
        ...

    def stages(self) -> Iterator[Iterable[Chain]]:
        """Chains that may run side by side; each stage needs the whole of the one before."""
        ...


@value
class Plan:
    """How much of what."""

    events: int
    facilities: int
    seed: int

    def stages(self) -> Iterator[Iterable[Chain]]:
        """Frame, facilities, schemes."""
        yield ([order] for order in frame())
        yield (facility(self.seed, number) for number in range(self.facilities))
        schemes = self.events // EVENTS_PER_SCHEME + 1
        yield (scheme(self.seed, number, self.facilities) for number in range(schemes))


def plan(events: int, seed: int) -> Plan:
    """At least 5,000 facilities where there is room for them, one for each 50 events beyond."""
    wanted = max(FACILITIES_MIN, events // EVENTS_PER_FACILITY)
    return Plan(events=events, facilities=min(max(1, events // 4), wanted), seed=seed)


async def record(
    ledger: Ledger, planned: Planned, told: Callable[[int], None], callers: int = CALLERS
) -> int:
    """Hand the plan to the ledger with many callers at once; how many orders it carried out."""
    done, wanted = 0, planned.events

    async def follow(chains: Iterator[Chain]) -> None:
        nonlocal done
        # One iterator for all callers: whoever is free takes the next chain.
        for orders in chains:
            for order in orders:
                await _carried_out(ledger, order)
                done += 1
                told(done)

    for stage in planned.stages():
        chains = iter(_cut(stage, wanted - done))
        async with asyncio.TaskGroup() as group:
            for _ in range(callers):
                group.create_task(follow(chains))
    return done


async def _carried_out(ledger: Ledger, order: Order[Command]) -> None:
    """Asked again for a while where the outcome is unknown: the same order is recorded once."""
    for pause in PAUSES_SECONDS:
        try:
            await ledger.handle(order)
        except Exception as error:
            if not is_outage(error):
                raise
            await asyncio.sleep(pause)
        else:
            return
    await ledger.handle(order)


def _cut(stage: Iterable[Chain], events: int) -> Iterator[Chain]:
    """As many orders as are still wanted, and not one more."""
    for orders in stage:
        if events <= 0:
            return
        yield orders[:events]
        events -= len(orders)
