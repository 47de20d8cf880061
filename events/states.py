"""Streams as far as they were read: their states, remembered from command to command.

    states = States(log)
    seen = await states.of(["scheme-D1", "facility-F1"], anew=False)
    states.remember("scheme-D1", following(seen["scheme-D1"], event))

A remembered state may be behind, for other processes append too: the append itself finds out.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from events.catalogue import Fact, aggregate_of_stream
from events.duties import NOBODY, Hands, joined
from events.envelope import Recorded
from events.log import Log
from events.rules import value

STATES_MAX = 2_048
"""Remembered streams. A scheme with ten beneficiaries takes some 33 kB."""


@value
class Seen:
    """A stream as far as it was read."""

    version: int
    state: object | None
    hands: Hands = NOBODY
    """Who took which step of it."""


UNSEEN = Seen(version=0, state=None)


class States:
    """What is remembered of streams, and the way to the log for the rest."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._kept: OrderedDict[str, Seen] = OrderedDict()

    def knows_none(self, streams: Iterable[str]) -> bool:
        """Whether nothing is remembered of any of these."""
        return self._kept.keys().isdisjoint(streams)

    async def of(self, streams: Iterable[str], *, anew: bool) -> dict[str, Seen]:
        """These streams as remembered, or as they stand."""
        names = tuple(streams)
        unseen = [name for name in names if anew or name not in self._kept]
        read = await self._refresh(unseen) if unseen else {}
        return {name: read.get(name) or self._remembered(name) for name in names}

    def remember(self, stream: str, seen: Seen) -> None:
        """Keep it for the next command."""
        # What does not exist is not remembered: asking for it must not displace what does.
        if self._remembered(stream).version < seen.version:
            self._kept[stream] = seen
            if len(self._kept) > STATES_MAX:
                self._kept.popitem(last=False)

    async def _refresh(self, streams: Iterable[str]) -> dict[str, Seen]:
        """These streams as they stand, reading only what is not remembered."""
        seen = {name: self._remembered(name) for name in streams}
        for event in await self._log.streams({name: each.version for name, each in seen.items()}):
            seen[event.stream] = following(seen[event.stream], event)
        for name, each in seen.items():
            self.remember(name, each)
        return seen

    def _remembered(self, stream: str) -> Seen:
        if stream not in self._kept:
            return UNSEEN
        self._kept.move_to_end(stream)
        return self._kept[stream]


def following(seen: Seen, event: Recorded[Fact]) -> Seen:
    """A stream one event later."""
    evolve: Any = aggregate_of_stream(event.stream).evolve
    return Seen(
        version=event.version,
        state=evolve(seen.state, event.fact),
        hands=joined(seen.hands, event),
    )
