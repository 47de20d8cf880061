"""Lines of the law as rows: what is recorded of one kind, and which event set which line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from events.validity import Line
from projections.listing import Event


@dataclass(frozen=True, slots=True)
class Told:
    """The lines as the rules have them, and where each was recorded."""

    lines: Any = None
    """The state of the stream; None: nothing was recorded."""
    positions: Mapping[tuple[Any, date], int] = field(default_factory=dict)

    def position(self, line: Line) -> int | None:
        """Of the event that set a line; None: it ships with the ledger."""
        return self.positions.get((line.subject, line.valid_from))


def telling(evolve: Callable[[Any, Any], Any]) -> Callable[[Told, Event], Told]:
    """How one event more is told: the line that it sets is the last recorded one."""

    def told(before: Told, event: Event) -> Told:
        lines = evolve(before.lines, event.fact)
        last = lines.recorded[-1]
        at = {**before.positions, (last.subject, last.valid_from): event.position}
        return Told(lines, at)

    return told
