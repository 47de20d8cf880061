"""The fund at any moment, folded from nothing in memory: the auditor's independent count.

The same pure arms as the read models, and nothing else of them: no tables, no versions, no pages.
The state on day D is the fold of the facts that took effect by D, in the order of recording.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from events.log import Log
from projections.catalogue import PROJECTIONS
from projections.columns import INFINITY
from projections.loading import without_search_for_cycles
from projections.projection import Arm, Key, MissingRowError, Projection, Row
from projections.steps import Event

PAGE_EVENTS = 5_000


@dataclass(slots=True)
class Replay:
    """Rows of every read model, by key, as a sequence of events leaves them."""

    effective: date = INFINITY
    """Only what was true on this day; without one, whatever is recorded."""
    projections: Sequence[Projection] = PROJECTIONS
    position: int = 0
    rows: dict[Projection, dict[Key, Row]] = field(default_factory=dict)
    _known: dict[Projection, dict[Key, Row]] = field(default_factory=dict)
    """The rows that arms look at: as last known, whatever day is asked for."""

    def __post_init__(self) -> None:
        self._known = {each: {} for each in self.projections}
        same = self.effective == INFINITY
        self.rows = self._known if same else {each: {} for each in self.projections}

    def play(self, events: Iterable[Event]) -> None:
        """Go on with these events."""
        for event in events:
            for projection in self.projections:
                arm = projection.arms.get(type(event.fact))
                if arm is None:
                    projection.admit(event)
                else:
                    self._apply(projection, arm, event)
            self.position = event.position

    def table(self, projection: Projection) -> Mapping[Key, Any]:
        """The rows of one read model."""
        return self.rows[projection]

    def _apply(self, projection: Projection, arm: Arm, event: Event) -> None:
        looked = [self._looked(look.at, look.key(event.fact)) for look in arm.looks]
        tables = [self._known[projection]]
        if self.rows is not self._known and event.effective_on <= self.effective:
            tables.append(self.rows[projection])
        for key in projection.touches(event):
            for table in tables:
                row = projection.evolve(table.get(key), event, key, *looked)
                if row is None:
                    table.pop(key, None)
                else:
                    table[key] = row

    def _looked(self, at: Projection, key: Key) -> Row:
        row = self._known[at].get(key)
        if row is None:
            raise MissingRowError(f"{at.name} {key} is not there")
        return row


async def replay(
    log: Log,
    position: int | None = None,
    effective: date | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> Replay:
    """The fund as the log knew it at a position, and as it was true on a day."""
    replayed = Replay(effective=effective or INFINITY)
    with without_search_for_cycles():
        async for events in _pages(log, position):
            replayed.play(events)
            told(replayed.position)
    return replayed


async def _pages(log: Log, position: int | None) -> AsyncIterator[list[Event]]:
    reached = 0
    while position is None or reached < position:
        limit = PAGE_EVENTS if position is None else min(PAGE_EVENTS, position - reached)
        events = await log.read(reached, limit)
        if not events:
            return
        yield events
        reached = events[-1].position
