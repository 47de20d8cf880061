"""Provinces through time (địa giới hành chính cấp tỉnh).

A province is known by its code AND the day from which it stood: code 15 was Yên Bái and is Lào Cai
now. `live` and `live_on` say what stood on a day; `at` follows mergers to what a province became.
Every change so far is a pure merger or a renaming, so `at` is exact and no amount is ever split.
"""

import csv
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from events.identity import ProvinceRef
from events.rules import Refusal, refusal, value

_DATA = Path(__file__).parent / "data"


@value
class Province:
    """A unit of the first level (đơn vị hành chính cấp tỉnh) during one span of its life."""

    ref: ProvinceRef
    name: str
    name_en: str
    region: str
    unit_type: str
    """`province` or `municipality`."""
    valid_to: date | None
    """The first day on which it no longer stood; None while it stands."""
    successor: ProvinceRef | None
    northern_28: bool
    """Whether it belongs to the territory that Centre 1 serves (28 units until 2025-06-30)."""


@refusal(rule="19/2025/QĐ-TTg; 202/2025/QH15: a place is named as it stood on that day")
class UnknownUnitAtDate(Refusal):
    """No province has code {province_code} since {valid_from} and still stands on {on}.

    Ngày {on} không có đơn vị hành chính cấp tỉnh nào mang mã {province_code} kể từ {valid_from}.
    """

    province_code: str
    valid_from: date
    on: date


def province(ref: ProvinceRef) -> Province | None:
    """What is known of a province, or None if there never was such a one."""
    return _BY_REF.get(ref)


def is_live(ref: ProvinceRef, on: date) -> bool:
    """Whether this province stood on that day."""
    known = _BY_REF.get(ref)
    return known is not None and _stands(known, on)


def checked_province(ref: ProvinceRef, on: date) -> None:
    """Refuse a province that did not stand on that day."""
    if not is_live(ref, on):
        raise UnknownUnitAtDate(province_code=ref.code, valid_from=ref.valid_from, on=on)


def live(on: date) -> tuple[Province, ...]:
    """Every province that stood on that day, by code."""
    standing = (each for each in PROVINCES if _stands(each, on))
    return tuple(sorted(standing, key=lambda each: each.ref.code))


def live_on(code: str, on: date) -> ProvinceRef | None:
    """The province that bore this code on that day."""
    spans = _BY_CODE.get(code, ())
    place = bisect_right(spans, on, key=lambda each: each.ref.valid_from)
    return spans[place - 1].ref if place and _stands(spans[place - 1], on) else None


def at(ref: ProvinceRef, on: date) -> ProvinceRef:
    """What a province had become by that day.

    Before its own beginning a province is itself: which part of a merged one it was, nobody knows.
    """
    for start, became in reversed(destiny(ref)):
        if start <= on:
            return became
    return ref


@cache
def destiny(ref: ProvinceRef) -> tuple[tuple[date, ProvinceRef], ...]:
    """From which day on a province is which unit, oldest first; the first entry is itself."""
    steps = [(ref.valid_from, ref)]
    known = _BY_REF.get(ref)
    while known is not None and known.successor is not None:
        steps.append((known.successor.valid_from, known.successor))
        known = _BY_REF[known.successor]
    return tuple(steps)


def _stands(known: Province, on: date) -> bool:
    return known.ref.valid_from <= on and (known.valid_to is None or on < known.valid_to)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _province(row: dict[str, str], extra: Mapping[tuple[str, str], dict[str, str]]) -> Province:
    more = extra[row["code"], row["valid_from"]]
    ends = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    heir = row["successor_code"]
    return Province(
        ref=ProvinceRef(code=row["code"], valid_from=date.fromisoformat(row["valid_from"])),
        name=row["name_vi"],
        name_en=row["name_en"],
        region=row["region"],
        unit_type=more["unit_type"],
        valid_to=ends,
        successor=ProvinceRef(code=heir, valid_from=ends) if heir and ends else None,
        northern_28=more["northern_28"] == "1",
    )


def _by_code() -> dict[str, list[Province]]:
    spans: dict[str, list[Province]] = {}
    for each in sorted(PROVINCES, key=lambda each: each.ref.valid_from):
        spans.setdefault(each.ref.code, []).append(each)
    return spans


_EXTRA = {(row["code"], row["valid_from"]): row for row in _rows("provinces_extra.csv")}

PROVINCES: tuple[Province, ...] = tuple(_province(row, _EXTRA) for row in _rows("provinces.csv"))
"""Every province since 2008-08-01, in the order of the file."""

_BY_REF: Mapping[ProvinceRef, Province] = {each.ref: each for each in PROVINCES}
_BY_CODE: Mapping[str, list[Province]] = _by_code()
