"""Sums of entries: by group, on the map of any day, rolled up; and by intervals of the calendar."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from tests.schema.oracle.derived import flows, sums
from tests.schema.oracle.rows import Moment, Values, World, today

Place = tuple[Any, ...]
_LEVELS = {"NATIONAL_GRANT": "NATIONAL", "LOCAL_GRANT": "LOCAL"}
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "PERIOD": ("period_code",),
    "SCHEME_CLASS": ("scheme_class",),
    "SCHEME": ("scheme_id",),
    "FACILITY": ("facility_id",),
    "PROVINCE": ("province_code", "province_from"),
    "SECTOR": ("sector_group",),
    "CENTRE": ("implementer",),
    "SOURCE": ("source",),
    "LEVEL": ("level",),
    "BUDGET_YEAR": ("budget_year",),
    "MONTH": ("month",),
    "ACCOUNT": ("account",),
}
"""What a group's row says of each dimension; null where it is not grouped by."""
MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


@dataclass(frozen=True, slots=True)
class Group:
    """One group: what its row says, and its entries."""

    values: Values
    entries: tuple[Values, ...]


def groups(
    world: World, moment: Moment, entries: Sequence[Values], names: Sequence[str], args: Values
) -> list[Group]:
    """All groups of entries, and with `rollUp` the groups of groups."""
    names = tuple(dict.fromkeys(names))
    reads = {name: _reader(world, moment, name, args) for name in names}
    depths = range(len(names) + 1) if args.get("rollUp") else (len(names),)
    whole = flows(entries)
    found = []
    for depth in depths:
        told: dict[tuple[Place, ...], list[Values]] = {} if depth else {(): []}
        for each in entries:
            place = tuple(reads[name](each) for name in names[:depth])
            told.setdefault(place, []).append(each)
        for place, own in told.items():
            row = {column: None for columns in COLUMNS.values() for column in columns}
            for name, at in zip(names, place, strict=False):
                row.update(zip(COLUMNS[name], at, strict=True))
            row |= {"grouped": list(names[:depth]), **sums(world, moment, own)}
            row |= {"whole_total": whole["total"], "whole_grant": whole["grant"]}
            found.append(Group(row, tuple(own)))
    return found


def trial(postings: Sequence[Values], names: Sequence[str], args: Values) -> list[Group]:
    """The trial balance: debits and credits of every group of lines."""
    names = tuple(dict.fromkeys(names))
    depths = range(len(names) + 1) if args.get("rollUp") else (len(names),)
    found = []
    for depth in depths:
        told: dict[Place, list[Values]] = {} if depth else {(): []}
        for each in postings:
            told.setdefault(tuple(each[name.lower()] for name in names[:depth]), []).append(each)
        for place, own in told.items():
            row: dict[str, Any] = dict.fromkeys(("account", "source", "budget_year"))
            row |= dict(zip((name.lower() for name in names), place, strict=False))
            row |= {side: sum(each[side] for each in own) for side in ("debit", "credit")}
            row |= {"grouped": list(names[:depth]), "entry_count": len(own)}
            found.append(Group(row, tuple(own)))
    return found


def _reader(world: World, moment: Moment, name: str, args: Values) -> Callable[[Values], Place]:
    """What an entry says of a dimension."""
    match name:
        case "PROVINCE":
            day = args.get("geographyOn")
            if getattr(args.get("geography"), "name", "") == "TODAY":
                day = today()
            return lambda entry: _identity(world.became(entry, day, moment))
        case "PERIOD":
            return lambda entry: (entry["period"],)
        case "LEVEL":
            return lambda entry: (_LEVELS.get(entry["source"], "FACILITY"),)
        case "MONTH":
            return lambda entry: (entry["effective_on"].replace(day=1),)
        case "CENTRE":
            return lambda entry: (_centre(world, moment, entry),)
        case _:
            return lambda entry: tuple(entry[column] for column in COLUMNS[name])


def _identity(province: Values | None) -> Place:
    assert province, "every province has become something"
    return province["code"], province["valid_from"]


def _centre(world: World, moment: Moment, entry: Values) -> str | None:
    found = world.find("model.scheme", moment, {"scheme_id": entry["scheme_id"]})
    return found[0]["implementer"] if found else None


def series(entries: Sequence[Values], args: Values) -> list[dict[str, Any]]:
    """Every interval from the first to the last, whether anything moved in it or not."""
    unit, first, last = args["interval"].name, args.get("from"), args.get("to")
    starts = [_start(unit, each["effective_on"]) for each in entries]
    begins = min([*starts, *([first] if first else [])], default=None)
    ends = max([*starts, *([last] if last else [])], default=None)
    points = []
    for start, end in _intervals(unit, begins, ends):
        moved = [e for e, at in zip(entries, starts, strict=True) if at == start]
        stood = [e for e, at in zip(entries, starts, strict=True) if at <= start]
        point: dict[str, Any] = {"starts_on": start, "ends_on": end}
        point |= {f"flow_{name}": value for name, value in flows(moved).items()}
        point |= {f"stock_{name}": value for name, value in flows(stood).items()}
        points.append(point)
    return [
        each
        for each in points
        if (not first or each["ends_on"] >= first) and (not last or each["starts_on"] <= last)
    ]


def _start(unit: str, day: date) -> date:
    months = MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _intervals(unit: str, begins: date | None, ends: date | None) -> Iterator[tuple[date, date]]:
    if begins is None or ends is None:
        return
    start = _start(unit, begins)
    for number in count(start.year * 12 + start.month - 1, MONTHS[unit]):
        day = date(number // 12, number % 12 + 1, 1)
        if day > ends:
            return
        after = number + MONTHS[unit]
        yield day, date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
