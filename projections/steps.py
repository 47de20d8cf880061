"""What one fact does to one read model's rows, made ready once and run for every event."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from events.envelope import Recorded
from projections.columns import INFINITY
from projections.projection import Arm, Key, Look, MissingRowError, Projection, Row
from projections.standing import Rows, Standing
from projections.timeline import Fold, Version, append, rewrite, values

Event: TypeAlias = Recorded[Any]
Step: TypeAlias = Callable[[Event], None]


def step(standing: Standing, arm: Arm, others: Mapping[Projection, Rows]) -> Step:
    """The step that an arm stands for."""
    looked = _looked(arm.looks, others)
    if arm.changes is not None:
        return _changing(standing, arm, looked)
    only_grows = standing.table.projection.only_grows and not standing.is_looked_at
    if arm.opens is not None and only_grows:
        return _growing(standing, arm.opens, looked)
    if arm.opens is not None:
        return _opening(standing, arm, looked)
    return _spreading(standing, arm, looked)


def _looked(
    looks: tuple[Look, ...], others: Mapping[Projection, Rows]
) -> Callable[[Event], list[Row | None]]:
    """How the rows are found that an arm is handed beside the event."""
    found = [(look.at, look.key, others[look.at]) for look in looks]

    def looked(event: Event) -> list[Row | None]:
        rows: list[Row | None] = []
        for at, key_of, other in found:
            key = key_of(event.fact)
            if key is None:
                rows.append(None)
                continue
            row = other.row(key, event.position)
            if row is None:
                raise MissingRowError(f"{event.type} speaks of {at.name} {key}, which is not there")
            rows.append(row)
        return rows

    return looked


def _changing(standing: Standing, arm: Arm, looked: Callable[[Event], list[Row | None]]) -> Step:
    change = arm.changes
    assert change is not None  # noqa: S101 - told apart in `step`
    if arm.looks:
        change = _shown(change, looked)
    keys_of, find = standing.table.projection.keys_of_event(arm), standing.find
    touched, end = standing.touched, standing.end
    name = standing.table.projection.name

    def run(event: Event) -> None:
        for key in keys_of(event):
            one(key, event)

    def one(key: Key, event: Event) -> None:
        timeline = find(key)
        if not timeline or (last := timeline[-1]).valid_to is not INFINITY:
            raise MissingRowError(f"{event.type} speaks of {name} {key}, which is not there")
        effective = event.effective_on
        if effective < last.valid_from:
            _late(standing, key, event, lambda row: None if row is None else change(row, event))
            return
        row = change(last.row, event)
        if row != last.row:
            touched[key] = timeline
            end(key, append(timeline, row, event.position, effective), event.position)

    return run


def _shown(
    change: Callable[..., Row], looked: Callable[[Event], list[Row | None]]
) -> Callable[[Row, Event], Row]:
    """An arm with what it looks at; those that look at nothing are spared the search."""
    return lambda row, event: change(row, event, *looked(event))


def _growing(
    standing: Standing, opens: Callable[..., Row], looked: Callable[[Event], list[Row | None]]
) -> Step:
    written = standing.table.written

    def run(event: Event) -> None:
        row = opens(event, *looked(event))
        version = Version(row, event.position, event.effective_on, INFINITY)
        standing.opened.append(written(row) + values(version))

    return run


def _opening(standing: Standing, arm: Arm, looked: Callable[[Event], list[Row | None]]) -> Step:
    opens = arm.opens
    assert opens is not None  # noqa: S101 - told apart in `step`
    key_of = standing.table.projection.key_of_event(arm)

    def run(event: Event) -> None:
        row = opens(event, *looked(event))
        _say(standing, key_of(event), event, row)

    return run


def _spreading(standing: Standing, arm: Arm, looked: Callable[[Event], list[Row | None]]) -> Step:
    projection = standing.table.projection

    def run(event: Event) -> None:
        assert arm.spreads is not None  # noqa: S101 - told apart in `step`
        rows = arm.spreads(event, *looked(event))
        said = {projection.key_of_row(row): row for row in rows}
        keys = projection.touches(event)
        for key in keys:
            _say(standing, key, event, said.get(key))

    return run


def _say(standing: Standing, key: Key, event: Event, row: Row | None) -> None:
    """From its effective date on, this is the row; or there is none."""
    timeline = standing.find(key)
    if timeline is not None:
        _late(standing, key, event, lambda _: row)
    elif row is not None:
        timeline = [Version(row, event.position, event.effective_on, INFINITY)]
        standing.young[key] = standing.touched[key] = timeline


def _late(standing: Standing, key: Key, event: Event, fold: Fold) -> None:
    timeline = standing.young[key]
    ended = rewrite(timeline, fold, event.position, event.effective_on)
    standing.touched[key] = timeline
    for version in ended:
        standing.end(key, version, event.position)
