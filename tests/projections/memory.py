"""Tables in memory: what the engine hands out is kept as PostgreSQL would keep it."""

from dataclasses import dataclass, field
from datetime import date

from projections.catalogue import PROJECTIONS
from projections.columns import FOREVER, INFINITY
from projections.page import Fold
from projections.projection import Key, Projection, Row
from projections.standing import Standing
from projections.steps import Event
from projections.tables import Table
from projections.timeline import Version


@dataclass(slots=True)
class Tables:
    """Versions of every read model, and the engine that writes them."""

    is_lazy: bool = False
    """As when everything is loaded: what may change again soon is not written yet."""
    fold: Fold = field(init=False)
    versions: dict[Projection, dict[Row, Row]] = field(init=False)
    """(key, since, valid_from) -> the version as it is stored."""

    def __post_init__(self) -> None:
        tables = [Table("model", each) for each in PROJECTIONS]
        self.fold = Fold([Standing(each, is_whole=True) for each in tables])
        self.versions = {each: {} for each in PROJECTIONS}

    def page(self, events: list[Event]) -> None:
        """Take in a page of the log, forgetting what the engine forgets."""
        for projection, keys in self.fold.missing(events).items():
            self._bring(self.fold.standing[projection], keys)
        self.fold.page(events)
        for each in self.fold.standing.values():
            if not self.is_lazy:
                each.flush()
            each.age()
            self._store(each)

    def finish(self) -> None:
        """Everything is written."""
        for each in self.fold.standing.values():
            each.flush()
            self._store(each)

    def at(self, projection: Projection, position: int, effective: date) -> list[Row]:
        """The rows that a reader at a moment sees, each as it is stored, in no order."""
        width = len(projection.row._fields)
        return sorted(
            (
                version[:width]
                for version in self.versions[projection].values()
                if _stands(version[width:], position, effective)
            ),
            key=repr,
        )

    def _store(self, standing: Standing) -> None:
        stored = self.versions[standing.table.projection]
        opened, closed = standing.take()
        for *name, until in closed:
            since, _, start, end = stored[tuple(name)][-4:]
            stored[tuple(name)] = (*stored[tuple(name)][:-4], since, until, start, end)
        for version in opened:
            name = (*self._key(standing.table, version), version[-4], version[-2])
            assert name not in stored, "a version is written once"
            stored[name] = version

    def _bring(self, standing: Standing, keys: set[Key]) -> None:
        for key in sorted(keys, key=repr):
            wanted = standing.table.key_written(key)
            found = sorted(
                (
                    version
                    for version in self.versions[standing.table.projection].values()
                    if self._key(standing.table, version) == wanted and version[-3] == FOREVER
                ),
                key=lambda version: version[-2],
            )
            for *row, since, _, start, end in found:
                kept = Version(standing.table.read(tuple(row)), since, start, end, is_stored=True)
                standing.young.setdefault(key, []).append(kept)

    def _key(self, table: Table, version: Row) -> Row:
        names = [each.name for each in table.columns]
        return tuple(version[names.index(name)] for name in table.projection.key)


def _stands(times: Row, position: int, effective: date) -> bool:
    since, until, start, end = times
    return since <= position < until and start <= effective and (end > effective or end == INFINITY)
