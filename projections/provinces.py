"""Provinces through time (địa giới hành chính), and what each has become from which day on."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from events.mergers import GEOGRAPHY, Geography, evolve
from events.text import fold, sort_key
from projections.columns import INFINITY
from projections.listing import Event, Listing


class Province(NamedTuple):
    """A province during one span of its life."""

    code: str
    valid_from: date
    name: str
    name_sort: str
    name_fold: str
    name_en: str
    region: str
    unit_type: str
    valid_to: date
    successor_code: str | None
    successor_from: date | None


class ProvinceAt(NamedTuple):
    """Which unit a province is from one day to another. Before its beginning it is itself."""

    code: str
    valid_from: date
    at_from: date
    at_to: date
    at_code: str
    at_valid_from: date


def _provinces(known: Geography) -> Iterator[Province]:
    for each in known.atlas.provinces:
        yield Province(
            code=each.ref.code,
            valid_from=each.ref.valid_from,
            name=each.name,
            name_sort=sort_key(each.name),
            name_fold=fold(each.name),
            name_en=each.name_en,
            region=each.region,
            unit_type=each.unit_type,
            valid_to=each.valid_to or INFINITY,
            successor_code=each.successor.code if each.successor else None,
            successor_from=each.successor.valid_from if each.successor else None,
        )


def _provinces_at(known: Geography) -> Iterator[ProvinceAt]:
    for each in known.atlas.provinces:
        steps = known.atlas.destiny(each.ref)
        ends = [start for start, _ in steps[1:]] + [INFINITY]
        for (start, became), end in zip(steps, ends, strict=True):
            yield ProvinceAt(
                code=each.ref.code,
                valid_from=each.ref.valid_from,
                at_from=start,
                at_to=end,
                at_code=became.code,
                at_valid_from=became.valid_from,
            )


def _changed(known: Geography, event: Event) -> Geography:
    return evolve(known, event.fact)


LISTINGS: tuple[Listing[Any], ...] = (
    Listing(
        "province",
        Province,
        "code, valid_from",
        Geography(),
        _provinces,
        stream=GEOGRAPHY,
        evolve=_changed,
    ),
    Listing(
        "province_at",
        ProvinceAt,
        "code, valid_from, at_from, at_to",
        Geography(),
        _provinces_at,
        stream=GEOGRAPHY,
        evolve=_changed,
    ),
)
