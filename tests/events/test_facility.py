"""The register of facilities: who is in it, where, what was installed, and when it ends."""

from dataclasses import replace
from datetime import date

import pytest

from events.dates import FutureEffectiveDate, InvalidYear
from events.facility import (
    FACILITY,
    CloseFacility,
    EquipmentInstalled,
    FacilityClosed,
    FacilityDiffers,
    FacilityIsClosed,
    FacilityRelocated,
    FacilityUpdated,
    InstallEquipment,
    InvalidTaxCode,
    RegisterFacility,
    RelocateFacility,
    UnknownFacility,
    UpdateFacility,
)
from events.geography import UnknownUnitAtDate
from events.identity import SectorRef
from events.money import Figure, InvalidAmount, Vnd
from events.sectors import VSIC_2018, UnknownSector
from events.vocabulary import LegalForm, Ownership
from tests.spec import TODAY, Spec
from tests.world import (
    APPAREL,
    LAO_CAI_NOW,
    MACHINING,
    MERGED,
    NAM_DINH,
    OLD,
    WEAVER,
    YEN_BAI,
    smith,
    weaver,
    weaver_closed,
)

TOMORROW = date(2020, 11, 6)
check = Spec(FACILITY)
register = RegisterFacility(
    facility_id=WEAVER,
    name=weaver.name,
    tax_code=weaver.tax_code,
    legal_form=LegalForm.COOPERATIVE,
    ownership=Ownership.COLLECTIVE,
    province=NAM_DINH,
    sector=APPAREL,
)
relocate = RelocateFacility(facility_id=WEAVER, province=YEN_BAI)
relocated = FacilityRelocated(facility_id=WEAVER, province=YEN_BAI, address=None)
install = InstallEquipment(facility_id=WEAVER, name="Máy dệt kim", quantity=3, value=Vnd(900))
installed = EquipmentInstalled(
    facility_id=WEAVER,
    name="Máy dệt kim",
    origin=None,
    made_in=None,
    quantity=3,
    value=Vnd(900),
)
close = CloseFacility(facility_id=WEAVER, reason="Giải thể")


def test_a_facility_is_registered_once() -> None:
    check(given=[], when=register, then=[weaver])
    check(given=[weaver], when=register, then=[])
    check(
        given=[weaver],
        when=replace(register, ownership=Ownership.PRIVATE),
        then=FacilityDiffers(facility_id=WEAVER),
    )


def test_a_tax_code_is_reserved_for_one_facility() -> None:
    assert list(FACILITY.reserves(weaver)) == ["tax-code:0600000001"]
    assert list(FACILITY.reserves(smith)) == []
    assert list(FACILITY.reserves(weaver_closed)) == []


@pytest.mark.parametrize(
    "tax_code", ["", "123", "060000000a", "٠٦٠٠٠٠٠٠٠١", "0600000001-1", " 0600000001"]
)
def test_a_tax_code_is_a_tax_code(tax_code: str) -> None:
    ask = replace(register, tax_code=tax_code)
    check(given=[], when=ask, then=InvalidTaxCode(tax_code=tax_code))


def test_a_facility_lies_in_a_province_that_stands_on_the_day() -> None:
    refused = UnknownUnitAtDate(province_code="36", valid_from=OLD, on=MERGED)
    check(given=[], when=register, on=MERGED, then=refused)
    unborn = UnknownUnitAtDate(province_code="15", valid_from=MERGED, on=date(2019, 3, 1))
    check(given=[weaver], when=replace(relocate, province=LAO_CAI_NOW), then=unborn)


def test_a_sector_is_one_of_its_version() -> None:
    unknown = SectorRef(version=VSIC_2018, code="99999")
    refused = UnknownSector(version=VSIC_2018, sector_code="99999")
    check(given=[], when=replace(register, sector=unknown), then=refused)
    update = UpdateFacility(facility_id=WEAVER, sector=unknown)
    check(given=[weaver], when=update, then=refused)


def test_an_update_says_what_changed_and_an_empty_one_says_nothing() -> None:
    update = UpdateFacility(facility_id=WEAVER, name=" Dệt may Hải Hậu ", sector=MACHINING)
    updated = FacilityUpdated(
        facility_id=WEAVER,
        name="Dệt may Hải Hậu",
        sector=MACHINING,
        capacity=None,
        ownership=None,
    )
    check(given=[weaver], when=update, then=[updated])
    check(given=[weaver], when=UpdateFacility(facility_id=WEAVER), then=[])


def test_a_repeated_update_or_move_is_recorded_for_its_own_day() -> None:
    """The same place from an earlier day on is news, so nothing is swallowed."""
    check(given=[weaver, relocated], when=relocate, then=[relocated])


def test_equal_lots_of_equipment_are_two_lots() -> None:
    check(given=[weaver, installed], when=install, then=[installed])


def test_equipment_is_counted_dated_and_valued_sensibly() -> None:
    nothing = InvalidAmount(field="quantity", amount=Figure(0))
    check(given=[weaver], when=replace(install, quantity=0), then=nothing)
    free = InvalidAmount(field="value", amount=Figure(0))
    check(given=[weaver], when=replace(install, value=Vnd(0)), then=free)
    ancient = InvalidYear(field="made_in", year=1066)
    check(given=[weaver], when=replace(install, made_in=1066), then=ancient)
    unvalued = replace(installed, value=None)
    check(given=[weaver], when=replace(install, value=None), then=[unvalued])


def test_nothing_is_installed_or_closed_tomorrow() -> None:
    future = FutureEffectiveDate(effective_on=TOMORROW, today=TODAY)
    check(given=[weaver], when=install, on=TOMORROW, then=future)
    check(given=[weaver], when=close, on=TOMORROW, then=future)


def test_a_facility_closes_once() -> None:
    closed = FacilityClosed(facility_id=WEAVER, reason="Giải thể")
    check(given=[weaver], when=close, then=[closed])
    check(given=[weaver, closed], when=close, then=[])
    otherwise = replace(close, reason="Phá sản")
    check(given=[weaver, closed], when=otherwise, then=FacilityIsClosed(facility_id=WEAVER))


def test_a_closed_facility_takes_nothing_new() -> None:
    refused = FacilityIsClosed(facility_id=WEAVER)
    update = UpdateFacility(facility_id=WEAVER, name="Tên mới")
    for ask in (install, relocate, update):
        check(given=[weaver, weaver_closed], when=ask, then=refused)


def test_an_unknown_facility_takes_nothing() -> None:
    unknown = UnknownFacility(facility_id=WEAVER)
    for ask in (install, relocate, close, UpdateFacility(facility_id=WEAVER)):
        check(given=[], when=ask, then=unknown)


def test_the_code_is_facility_closed_although_a_fact_has_that_name() -> None:
    assert FacilityIsClosed.code == "FACILITY_CLOSED"
