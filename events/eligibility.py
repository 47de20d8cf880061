"""Who may be supported (đối tượng được hưởng chính sách khuyến công), as the law stood on a day.

    checked_place(FacilityId("f"), commune, date(2020, 1, 1))    # or IneligiblePlace
    checked_trade(FacilityId("f"), sector, date(2020, 1, 1))     # or IneligibleSector

The rules are lines of data, each with its instrument and how sure we are of it. Nothing is refused
where the ledger does not know: no commune was recorded, the class of a ward's city is not known, or
no line was in force for that day or that version of VSIC.
"""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from events.dates import years_after
from events.identity import FacilityId, SectorRef
from events.places import CommuneRef
from events.rules import Refusal, refusal, value
from events.validity import is_in_force
from events.vocabulary import Certainty, UnitKind, UrbanClass

_DATA = Path(__file__).parent / "data"


@value
class EligiblePlace:
    """One kind of place that the fund supports, during one span of time."""

    unit_kind: UnitKind
    urban_class: UrbanClass | None
    """Only wards of cities of this class; None: whatever the class."""
    years_since_commune: int | None
    """Only for so many years after a commune became the ward; None: for ever."""
    valid_from: date
    valid_to: date | None
    legal_basis: str
    certainty: Certainty

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about: of two lines on one kind of place, one is in force."""
        return self.unit_kind.name, self.urban_class.name if self.urban_class else ""


@value
class EligibleSector:
    """One class of VSIC, and all below it, that the fund supports during one span of time."""

    ref: SectorRef
    valid_from: date
    valid_to: date | None
    legal_basis: str
    certainty: Certainty


@refusal(rule="NĐ 45/2012/NĐ-CP Đ1; from 2025-10-15 NĐ 235/2025/NĐ-CP Đ1")
class IneligiblePlace(Refusal):
    """{commune}, a {unit_kind}, was no place to support {facility_id} in on {effective_on}.

    Cơ sở {facility_id} đặt tại {commune}, là {unit_kind} không thuộc địa bàn được hưởng chính sách
    khuyến công ngày {effective_on} ({legal_basis}).
    """

    facility_id: FacilityId
    commune: str
    unit_kind: UnitKind
    effective_on: date
    legal_basis: str


@refusal(rule="NĐ 45/2012/NĐ-CP Đ5; TT 46/2012/TT-BCT Đ6")
class IneligibleSector(Refusal):
    """{version} {sector_code} was no trade to support {facility_id} in on {effective_on}.

    Cơ sở {facility_id} thuộc ngành {sector_code} ({version}), không thuộc ngành nghề được hưởng
    chính sách khuyến công ngày {effective_on}.
    """

    facility_id: FacilityId
    version: str
    sector_code: str
    effective_on: date


def checked_place(
    facility_id: FacilityId,
    commune: CommuneRef | None,
    on: date,
    places: Sequence[EligiblePlace] | None = None,
) -> None:
    """Refuse a facility in a place that the law of that day does not support.

    `places` None: what the ledger ships with.
    """
    rules = [each for each in (PLACES if places is None else places) if is_in_force(each, on)]
    if commune is None or not rules or any(_admits(each, commune, on) for each in rules):
        return
    of_kind = (each for each in rules if each.unit_kind is commune.unit_kind)
    raise IneligiblePlace(
        facility_id=facility_id,
        commune=commune.name,
        unit_kind=commune.unit_kind,
        effective_on=on,
        legal_basis=next(of_kind, rules[0]).legal_basis,
    )


def checked_trade(facility_id: FacilityId, sector: SectorRef, on: date) -> None:
    """Refuse a facility of a trade that the law of that day does not support."""
    rules = [
        each for each in TRADES if is_in_force(each, on) and each.ref.version == sector.version
    ]
    if not rules or any(sector.code.startswith(each.ref.code) for each in rules):
        return
    raise IneligibleSector(
        facility_id=facility_id, version=sector.version, sector_code=sector.code, effective_on=on
    )


def _admits(rule: EligiblePlace, commune: CommuneRef, on: date) -> bool:
    if rule.unit_kind is not commune.unit_kind:
        return False
    if rule.urban_class is not None and commune.urban_class is None:
        return True  # nobody knows the class
    if rule.urban_class is not None and rule.urban_class is not commune.urban_class:
        return False
    if rule.years_since_commune is None:
        return True
    converted = commune.converted_on
    return converted is not None and on < years_after(converted, rule.years_since_commune)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _place(row: dict[str, str]) -> EligiblePlace:
    years = row["years_since_commune"]
    return EligiblePlace(
        unit_kind=UnitKind[row["unit_kind"]],
        urban_class=UrbanClass[row["urban_class"]] if row["urban_class"] else None,
        years_since_commune=int(years) if years else None,
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        legal_basis=row["legal_basis"],
        certainty=Certainty[row["certainty"].upper()],
    )


def _trade(row: dict[str, str]) -> EligibleSector:
    return EligibleSector(
        ref=SectorRef(version=row["version"], code=row["code"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        legal_basis=row["legal_basis"],
        certainty=Certainty[row["certainty"].upper()],
    )


PLACES: tuple[EligiblePlace, ...] = tuple(_place(row) for row in _rows("eligible_places.csv"))
"""Every kind of place that the ledger ships with, in the order of the file."""

TRADES: tuple[EligibleSector, ...] = tuple(_trade(row) for row in _rows("eligible_sectors.csv"))
"""Every class that is or was supported, in the order of the file."""
