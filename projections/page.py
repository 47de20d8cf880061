"""A page of the log is folded, in memory, into what is to be written.

`Fold` leads every event to the read models that it concerns, in the order of the catalogue. A fact
that an arm cannot bear stops that read model before the event, and those that look at it; the
others go on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from projections.projection import Key, Projection
from projections.standing import Rows, Standing
from projections.steps import Event, Step, step


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a read model stands still: at which event, and what happened."""

    position: int
    error: str


class Fold:
    """Read models that go on together."""

    def __init__(
        self, standing: Sequence[Standing], elsewhere: Mapping[Projection, Rows] | None = None
    ) -> None:
        self.standing = {each.table.projection: each for each in standing}
        self.stopped: dict[Projection, Stop] = {}
        for each in standing:
            each.is_looked_at = any(
                each.table.projection in other.looks_at for other in self.standing
            )
        self._others: dict[Projection, Rows] = {**self.standing, **(elsewhere or {})}
        self._steps: dict[type, list[tuple[Projection, Step]]] = {}
        self._seeking: dict[type, list[tuple[Projection, Callable[[Event], Sequence[Key]]]]] = {}

    def page(self, events: Iterable[Event]) -> None:
        """Fold events in the order of the log."""
        planned = self._steps
        for event in events:
            steps = planned.get(type(event.fact))
            if steps is None:
                steps = planned[type(event.fact)] = self._plan(event)
            for projection, run in steps:
                if self.stopped and projection in self.stopped:
                    continue
                try:
                    run(event)
                except Exception as error:  # noqa: BLE001 - whatever it is, it stops this one alone
                    self._stop(projection, event, f"{type(error).__name__}: {error}")

    def reached(self, projection: Projection, to: int) -> int:
        """Where a read model stands after the events up to a position."""
        stop = self.stopped.get(projection)
        return to if stop is None else stop.position - 1

    def missing(self, events: Iterable[Event]) -> dict[Projection, set[Key]]:
        """Keys whose rows these events may need, and that are not at hand."""
        missing: dict[Projection, set[Key]] = {}
        for event in events:
            seeking = self._seeking.get(type(event.fact))
            if seeking is None:
                seeking = self._seeking[type(event.fact)] = list(self._seek(type(event.fact)))
            for projection, keys_of in seeking:
                standing = self.standing.get(projection)
                for key in keys_of(event):
                    if standing is None or standing.lacks(key):
                        missing.setdefault(projection, set()).add(key)
        return missing

    def _seek(self, fact: type) -> Iterator[tuple[Projection, Callable[[Event], Sequence[Key]]]]:
        """Where this kind of fact needs rows that may have been made before."""
        for projection in self.standing:
            arm = projection.arms.get(fact)
            if arm is None:
                continue
            if not projection.is_fresh or arm.changes is not None:
                yield projection, projection.touches
            for look in arm.looks:
                yield look.at, lambda event, key=look.key: (key(event.fact),)

    def _plan(self, event: Event) -> list[tuple[Projection, Step]]:
        """What this kind of fact does, found out once."""
        steps: list[tuple[Projection, Step]] = []
        for projection, standing in self.standing.items():
            arm = projection.arms.get(type(event.fact))
            if projection in self.stopped:
                continue
            if arm is not None:
                steps.append((projection, step(standing, arm, self._others)))
            elif type(event.fact) not in projection.ignored:
                steps.append((projection, projection.admit))
        return steps

    def _stop(self, projection: Projection, event: Event, error: str) -> None:
        self.stopped[projection] = Stop(event.position, error)
        for each in self.standing:
            if projection in each.looks_at and each not in self.stopped:
                self._stop(each, event, f"it looks at {projection.name}, which stands still")
