"""Places and trades that the fund supports, by the law of the day."""

from dataclasses import replace
from datetime import date

import pytest

from events import eligibility
from events.eligibility import (
    PLACES,
    TRADES,
    IneligiblePlace,
    IneligibleSector,
    checked_place,
    checked_trade,
)
from events.facility import FACILITY, FacilityPlaced, FacilityReopened
from events.facility import stream as facility_stream
from events.identity import SectorRef
from events.places import CommuneRef
from events.scheme import SCHEME, AssignBeneficiary
from events.sectors import SECTORS, VSIC_2018, VSIC_2025
from events.vocabulary import Certainty, UnitKind, UrbanClass
from service.seed import bulk, support
from tests.spec import Spec, fold
from tests.world import (
    HAI_HAU,
    SCHEME_ID,
    WEAVER,
    approved,
    assigned,
    commit,
    committed,
    pledged,
    proposed,
    weaver,
)

OLD_LAW, NEW_LAW = date(2025, 10, 14), date(2025, 10, 15)
CONVERTED = date(2015, 4, 1)
WARD = CommuneRef(code="13639", name="Phường Lộc Hòa", unit_kind=UnitKind.WARD)
OF_A_FIRST_CLASS_CITY = replace(WARD, urban_class=UrbanClass.FIRST)
BASIS = "NĐ 45/2012/NĐ-CP Đ1"
TOBACCO = SectorRef(version=VSIC_2018, code="12001")
check = Spec(SCHEME)
assign = AssignBeneficiary(scheme_id=SCHEME_ID, facility_id=WEAVER)


def placed(commune: CommuneRef) -> FacilityPlaced:
    return FacilityPlaced(facility_id=WEAVER, commune=commune, district=None)


def near(*facts: object) -> dict[str, object]:
    return {facility_stream(WEAVER): fold(FACILITY, [weaver, *facts])}


def refused(commune: CommuneRef, on: date) -> IneligiblePlace:
    return IneligiblePlace(
        facility_id=WEAVER,
        commune=commune.name,
        unit_kind=commune.unit_kind,
        effective_on=on,
        legal_basis=BASIS,
    )


def is_supported(commune: CommuneRef, on: date) -> bool:
    try:
        checked_place(WEAVER, commune, on)
    except IneligiblePlace:
        return False
    return True


@pytest.mark.parametrize(
    ("unit_kind", "urban_class", "on", "supported"),
    [
        (UnitKind.COMMUNE, None, OLD_LAW, True),
        (UnitKind.TOWNSHIP, None, date(2019, 3, 1), True),
        (UnitKind.WARD, UrbanClass.SPECIAL, OLD_LAW, False),
        (UnitKind.WARD, UrbanClass.FIRST, OLD_LAW, False),
        (UnitKind.WARD, UrbanClass.SECOND, OLD_LAW, True),
        (UnitKind.WARD, UrbanClass.FOURTH, OLD_LAW, True),
        (UnitKind.WARD, UrbanClass.SPECIAL, NEW_LAW, True),
        (UnitKind.SPECIAL_ZONE, None, OLD_LAW, True),
        (UnitKind.SPECIAL_ZONE, None, NEW_LAW, True),
        (UnitKind.TOWNSHIP, None, NEW_LAW, True),
        (UnitKind.WARD, UrbanClass.SPECIAL, date(2010, 1, 1), True),
    ],
)
def test_a_kind_of_place_is_supported_by_the_law_of_the_day(
    unit_kind: UnitKind, urban_class: UrbanClass | None, on: date, *, supported: bool
) -> None:
    commune = replace(WARD, unit_kind=unit_kind, urban_class=urban_class)
    assert is_supported(commune, on) is supported


def test_a_ward_that_was_a_commune_is_supported_for_five_years_more() -> None:
    ward = replace(OF_A_FIRST_CLASS_CITY, converted_on=CONVERTED)
    assert is_supported(ward, date(2020, 3, 31))
    assert not is_supported(ward, date(2020, 4, 1))
    assert is_supported(ward, NEW_LAW)


def test_where_the_ledger_does_not_know_nothing_is_refused() -> None:
    checked_place(WEAVER, None, OLD_LAW)
    assert is_supported(WARD, OLD_LAW)
    checked_trade(WEAVER, SectorRef(version="VSIC_2007", code="12"), OLD_LAW)


def test_a_facility_is_not_chosen_where_the_law_of_the_day_does_not_support() -> None:
    day = date(2020, 4, 1)
    neighbours = near(placed(OF_A_FIRST_CLASS_CITY))
    no = refused(OF_A_FIRST_CLASS_CITY, day)
    check(given=[proposed], when=assign, on=day, neighbours=neighbours, then=no)
    assert BASIS in no.message_vi
    assert "phường" in no.message_vi
    for there in (near(), near(placed(HAI_HAU))):
        check(given=[proposed], when=assign, on=day, neighbours=there, then=[assigned])


def test_nothing_is_promised_to_a_facility_that_has_come_to_lie_in_such_a_place() -> None:
    """As it is known when it is promised; what was promised before stays."""
    day, given = date(2020, 4, 1), [proposed, approved, assigned, pledged(50)]
    neighbours = near(placed(OF_A_FIRST_CLASS_CITY))
    no = refused(OF_A_FIRST_CLASS_CITY, day)
    check(given=given, when=commit(50), on=day, neighbours=neighbours, then=no)
    again = [*given, committed(50)]
    check(given=again, when=commit(50), on=day, neighbours=neighbours, then=[])
    check(given=given, when=commit(50), on=day, neighbours=near(), then=[committed(50)])


def test_a_trade_that_the_law_does_not_support_is_not_chosen() -> None:
    tobacco = {facility_stream(WEAVER): fold(FACILITY, [replace(weaver, sector=TOBACCO)])}
    day = date(2020, 4, 1)
    no = IneligibleSector(
        facility_id=WEAVER, version=VSIC_2018, sector_code="12001", effective_on=day
    )
    check(given=[proposed], when=assign, on=day, neighbours=tobacco, then=no)
    given = [proposed, approved, assigned, pledged(50)]
    check(given=given, when=commit(50), on=day, neighbours=tobacco, then=no)
    with pytest.raises(IneligibleSector):
        checked_trade(WEAVER, SectorRef(version=VSIC_2025, code="12"), date(2026, 1, 1))


def test_a_facility_that_works_again_is_supported_where_it_lay() -> None:
    again = FacilityReopened(facility_id=WEAVER, reason="Có đơn hàng")
    neighbours = near(placed(HAI_HAU), again)
    check(given=[proposed], when=assign, neighbours=neighbours, then=[assigned])


def test_every_trade_that_the_demonstration_tells_of_is_supported() -> None:
    told = {*bulk.SECTORS, *(each for trade in support.TRADES for each in trade.sectors)}
    for sector in told:
        checked_trade(WEAVER, sector, date(2018, 1, 1))
        checked_trade(WEAVER, sector, date(2026, 1, 1))


def test_every_line_of_the_rules_names_its_instrument_and_how_sure_we_are() -> None:
    for each in (*PLACES, *TRADES):
        assert each.legal_basis.startswith("NĐ ")
        assert each.certainty in Certainty
        assert each.valid_to is None or each.valid_from < each.valid_to
    known = {(each.ref.version, each.ref.code) for each in SECTORS}
    assert {(each.ref.version, each.ref.code) for each in eligibility.TRADES} <= known
