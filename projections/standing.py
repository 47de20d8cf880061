"""The timelines of one read model that are at hand, and what is to be written of them.

Timelines are forgotten by age, in two generations, so that memory does not grow with the log.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from projections.projection import Key, Row
from projections.tables import Table
from projections.timeline import Timeline, Version, current, values

KEYS_MAX = 8_000
"""Rows of one read model in one generation: what a few pages touch, some 15 MB."""


class Rows(Protocol):
    """Where a look at a read model is answered."""

    def row(self, key: Key, position: int) -> Row | None:
        """The current row, as it was just after the event at a position."""


@dataclass(slots=True)
class Standing:
    """One read model while pages are folded into it."""

    table: Table
    is_whole: bool = False
    """Whether every row that there is is at hand, so that one that is not need not be sought."""
    is_looked_at: bool = False
    """Whether another read model that is folded now looks at it."""
    young: dict[Key, Timeline] = field(default_factory=dict)
    old: dict[Key, Timeline] = field(default_factory=dict)
    touched: dict[Key, Timeline] = field(default_factory=dict)
    """Timelines with versions that are not stored yet."""
    opened: list[Row] = field(default_factory=list)
    """New versions, as the driver is handed them."""
    closed: list[Row] = field(default_factory=list)
    """(*key, since, valid_from, until) of stored versions that stand no longer."""

    def find(self, key: Key) -> Timeline | None:
        """The timeline of a key, if it is at hand."""
        found = self.young.get(key)
        if found is None:
            found = self.old.pop(key, None)
            if found is not None:
                self.young[key] = found
        return found

    def row(self, key: Key, position: int) -> Row | None:  # noqa: ARG002 - no later event was folded
        """The current row."""
        found = self.find(key)
        return None if found is None else current(found)

    def lacks(self, key: Key) -> bool:
        """Whether the database must be asked for this key."""
        return not self.is_whole and key not in self.young and key not in self.old

    def end(self, key: Key, version: Version, position: int) -> None:
        """A version stands no longer, from a position on."""
        if version.is_stored:
            last = (version.since, version.valid_from, position)
            self.closed.append(self.table.key_written(key) + last)
        else:
            self.opened.append(self.table.written(version.row) + values(version, position))

    def flush(self, keys: Iterable[Key] | None = None) -> None:
        """Hand out what stands and is not stored yet: of these keys, or of all."""
        written = self.table.written
        for key in list(self.touched) if keys is None else keys:
            for version in self.touched.pop(key, ()):
                if not version.is_stored:
                    self.opened.append(written(version.row) + values(version))
                    version.is_stored = True

    def age(self) -> None:
        """When there is too much, forget what was not asked for since the last time."""
        if len(self.young) < KEYS_MAX:
            return
        if self.old:
            self.flush(self.old)
            self.is_whole = False
        self.old = self.young
        self.young = dict[Key, Timeline]()

    def take(self) -> tuple[list[Row], list[Row]]:
        """What is to be written now: new versions, and the ends of stored ones."""
        taken = self.opened, self.closed
        self.opened, self.closed = list[Row](), list[Row]()
        return taken
