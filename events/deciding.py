"""What the rules say to a command: look at what they need, decide, and put it into an entry.

look = await deciding.look(order, anew=False)
decided = deciding.decide(order, look)          # facts, or a refusal
entry = deciding.entry(order, look, decided)    # as the log takes it, guarded by what was seen
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeAlias
from uuid import UUID

from events.catalogue import AnyAggregate, Command, Fact, aggregate_of
from events.codec import fingerprint, seal
from events.duties import checked_hands
from events.entry import Entry, Guard, Line
from events.envelope import Order
from events.jurisdiction import checked_within, looks
from events.log import VersionConflict
from events.rules import Occasion, Refusal, value
from events.states import Seen

AnyOrder: TypeAlias = Order[Command]


class Reads(Protocol):
    """Where the states of streams come from."""

    async def of(self, streams: Iterable[str], *, anew: bool) -> dict[str, Seen]:
        """These streams as remembered, or as they stand."""
        ...


@value
class Look:
    """All that the rules of one command look at; each is guarded by the version seen here."""

    aggregate: AnyAggregate
    stream: str
    seen: Mapping[str, Seen]
    occasion: Occasion

    @property
    def own(self) -> Seen:
        """The stream that the command writes to."""
        return self.seen[self.stream]

    @property
    def others(self) -> Iterable[tuple[str, Seen]]:
        """The streams that it only looks at."""
        return ((name, each) for name, each in self.seen.items() if name != self.stream)


class Deciding:
    """The rules, with what they look at."""

    def __init__(self, states: Reads, today: Callable[[], date]) -> None:
        self._states, self._today = states, today

    async def look(self, order: AnyOrder, *, anew: bool) -> Look:
        """What the rules see."""
        aggregate = aggregate_of(order.command)
        stream = aggregate.stream(order.command)
        seen = await self._states.of((stream, *aggregate.reads(order.command)), anew=anew)
        if order.within is not None:
            seen |= await self._states.of((*looks(order.command, seen[stream].state),), anew=anew)
        occasion = Occasion(
            effective_on=order.effective_on,
            today=self._today(),
            neighbours={name: each.state for name, each in seen.items() if name != stream},
        )
        return Look(aggregate=aggregate, stream=stream, seen=seen, occasion=occasion)

    @staticmethod
    def decide(order: AnyOrder, look: Look) -> Sequence[Fact] | Refusal:
        """The facts to record, none if it is so already; or the refusal."""
        expected, own = order.expected_version, look.own
        try:
            checked_within(order.within, order.command, own.state, look.occasion)
            if expected is not None and expected != own.version:
                return VersionConflict(stream=look.stream, expected=expected, actual=own.version)
            facts: Sequence[Fact] = look.aggregate.decide(order.command, own.state, look.occasion)
            checked_hands(facts, look.stream, own.hands, order.actor)
        except Refusal as refusal:
            return refusal
        return facts

    @staticmethod
    def entry(order: AnyOrder, look: Look, facts: Sequence[Fact]) -> Entry:
        """These facts as the log takes them."""
        version = look.own.version
        return Entry(
            command_id=order.command_id,
            fingerprint=fingerprint(order),
            stream=look.stream,
            version=version,
            lines=[
                _line(fact, look.stream, nth, order) for nth, fact in enumerate(facts, version + 1)
            ],
            guards=[Guard(stream=name, version=each.version) for name, each in look.others],
            keys=[key for fact in facts for key in look.aggregate.reserves(fact)],
        )


def uuid7() -> UUID:
    """An id that sorts by the time it was made (RFC 9562)."""
    random = int.from_bytes(os.urandom(10), "big")
    high = (time.time_ns() // 1_000_000 << 16) | 0x7000 | (random >> 62 & 0x0FFF)
    return UUID(int=high << 64 | 0x8000_0000_0000_0000 | (random & 0x3FFF_FFFF_FFFF_FFFF))


def _line(fact: Fact, stream: str, version: int, order: AnyOrder) -> Line:
    id = uuid7()  # noqa: A001 - the envelope's own word
    sealed = seal(fact, id=id, stream=stream, version=version, order=order)
    return Line(
        id=id,
        type=type(fact).__name__,
        effective_on=order.effective_on,
        budget_year=getattr(fact, "budget_year", None),
        before=sealed.before,
        after=sealed.after,
    )
