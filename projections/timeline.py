"""The versions of one row that still stand, on the axis of effective dates.

A fact recorded at position p and effective from day e changes what is known of every day from e on;
the days before e stay as they are. Nearly every fact comes later than the last one did (`append`);
one that comes late, or ends a row, goes through `rewrite`.
"""

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from projections.columns import FOREVER, INFINITY
from projections.projection import Row

Fold: TypeAlias = Callable[[Row | None], Row | None]


class Version:
    """A state of a row for the days from `valid_from` to `valid_to`, known since a position."""

    __slots__ = ("is_stored", "row", "since", "valid_from", "valid_to")

    def __init__(
        self, row: Row, since: int, valid_from: date, valid_to: date, *, is_stored: bool = False
    ) -> None:
        self.row = row
        self.since = since
        self.valid_from = valid_from
        self.valid_to = valid_to
        self.is_stored = is_stored


Timeline: TypeAlias = list[Version]
"""Versions of one key, by day, without overlap; the last one usually has no end."""


def current(timeline: Timeline) -> Row | None:
    """What is known of today and of every day to come."""
    last = timeline[-1] if timeline else None
    return last.row if last is not None and last.valid_to is INFINITY else None


def append(timeline: Timeline, row: Row, position: int, effective: date) -> Version:
    """The row is another from a day on, not before the last change. Returns what this ended."""
    last = timeline[-1]
    if effective == last.valid_from:
        timeline[-1] = Version(row, position, effective, INFINITY)
    else:
        timeline[-1] = Version(last.row, position, last.valid_from, effective)
        timeline.append(Version(row, position, effective, INFINITY))
    return last


def rewrite(timeline: Timeline, fold: Fold, position: int, effective: date) -> list[Version]:
    """Fold every state from a day on, each for itself. Returns the versions that this ended."""
    ended: list[Version] = []
    kept: Timeline = []
    reached = effective
    for version in list(timeline):
        if version.valid_to <= effective:
            kept.append(version)
            continue
        if reached < version.valid_from:
            _put(kept, fold(None), position, reached, version.valid_from)
        start = max(effective, version.valid_from)
        row = fold(version.row)
        if row == version.row:
            kept.append(version)
        else:
            ended.append(version)
            _put(kept, version.row, position, version.valid_from, start)
            _put(kept, row, position, start, version.valid_to)
        reached = version.valid_to
    if reached != INFINITY:
        _put(kept, fold(None), position, reached, INFINITY)
    timeline[:] = kept
    return ended


def _put(kept: Timeline, row: Row | None, position: int, since: date, to: date) -> None:
    if row is not None and since < to:
        kept.append(Version(row, position, since, to))


def values(version: Version, until: int = FOREVER) -> Row:
    """Where a version stands on both axes, as its last four columns say it."""
    return (version.since, until, version.valid_from, version.valid_to)
