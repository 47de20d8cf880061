"""Where a facility lies below the province: communes, and districts while there were any."""

from dataclasses import replace
from datetime import date

import pytest

from events.facility import (
    FACILITY,
    FacilityIsClosed,
    FacilityPlaced,
    FacilityRelocated,
    PlaceFacility,
    UnknownFacility,
)
from events.places import (
    CommuneRef,
    DistrictAbolished,
    DistrictRef,
    InvalidUnitCode,
    UnknownUnitKindAtDate,
)
from events.text import InvalidText
from events.vocabulary import UnitKind
from tests.spec import Spec, fold
from tests.world import HAI_HAU, MERGED, WEAVER, YEN_BAI, weaver, weaver_closed

LAST_DAY = date(2025, 6, 30)
DISTRICT = DistrictRef(code="366", name="Huyện Hải Hậu")
check = Spec(FACILITY)
place = PlaceFacility(facility_id=WEAVER, commune=HAI_HAU, district=DISTRICT)
placed = FacilityPlaced(facility_id=WEAVER, commune=HAI_HAU, district=DISTRICT)


def test_a_place_is_recorded_each_time_it_is_said() -> None:
    """The same place from an earlier day on is news."""
    check(given=[weaver], when=place, then=[placed])
    check(given=[weaver, placed], when=place, then=[placed])
    untidy = replace(place, commune=replace(HAI_HAU, name=f" {HAI_HAU.name} "))
    check(given=[weaver], when=untidy, then=[placed])


def test_a_district_is_named_until_there_are_none() -> None:
    check(given=[weaver], when=place, on=LAST_DAY, today=MERGED, then=[placed])
    gone = DistrictAbolished(district_code="366", on=MERGED)
    check(given=[weaver], when=place, on=MERGED, today=MERGED, then=gone)
    without = replace(place, district=None)
    there = replace(placed, district=None)
    check(given=[weaver], when=without, on=MERGED, today=MERGED, then=[there])


@pytest.mark.parametrize(
    ("unit_kind", "on"), [(UnitKind.TOWNSHIP, MERGED), (UnitKind.SPECIAL_ZONE, LAST_DAY)]
)
def test_a_kind_of_place_is_one_of_its_day(unit_kind: UnitKind, on: date) -> None:
    ask = replace(place, commune=replace(HAI_HAU, unit_kind=unit_kind), district=None)
    unknown = UnknownUnitKindAtDate(unit_kind=unit_kind, on=on)
    check(given=[weaver], when=ask, on=on, today=MERGED, then=unknown)
    assert unit_kind.value in unknown.message_vi


@pytest.mark.parametrize("code", ["", "366", "3660a", "٣٦٦٠٠", "366000"])
def test_a_commune_has_five_digits(code: str) -> None:
    ask = replace(place, commune=replace(HAI_HAU, code=code))
    check(given=[weaver], when=ask, then=InvalidUnitCode(field="commune", text=code))


def test_a_district_has_three_digits_and_both_have_names() -> None:
    ask = replace(place, district=replace(DISTRICT, code="36"))
    check(given=[weaver], when=ask, then=InvalidUnitCode(field="district", text="36"))
    for nameless in (
        replace(place, commune=CommuneRef(code="14215", name=" ", unit_kind=UnitKind.COMMUNE)),
        replace(place, district=DistrictRef(code="366", name=" ")),
    ):
        with pytest.raises(InvalidText):
            check(given=[weaver], when=nameless, then=[])


def test_of_a_facility_that_moved_the_commune_is_not_known_until_it_is_said_again() -> None:
    moved = FacilityRelocated(facility_id=WEAVER, province=YEN_BAI, address=None)
    assert fold(FACILITY, [weaver, placed]).place == placed
    assert fold(FACILITY, [weaver, placed, moved]).place is None


def test_only_a_facility_that_works_is_placed() -> None:
    check(given=[], when=place, then=UnknownFacility(facility_id=WEAVER))
    check(given=[weaver, weaver_closed], when=place, then=FacilityIsClosed(facility_id=WEAVER))
