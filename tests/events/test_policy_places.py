"""Places that the fund supports are recorded: who is chosen or promised asks for those of a day."""

from dataclasses import replace
from datetime import date

import pytest

from events.dates import EndsBeforeStart, years_after
from events.eligibility import PLACES, IneligiblePlace, checked_place
from events.facility import FACILITY, FacilityPlaced
from events.places import CommuneRef
from events.policy import (
    ELIGIBLE_PLACES,
    POLICY,
    EligiblePlaceSet,
    SetEligiblePlace,
    ValidityOverlaps,
    WardsAlone,
    YearsOutOfRange,
    places_in,
)
from events.scheme import SCHEME, AssignBeneficiary
from events.text import InvalidText
from events.vocabulary import UnitKind, UrbanClass
from tests.spec import Spec, fold
from tests.world import (
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

OLD, SHIPPED = "NĐ 45/2012/NĐ-CP Đ1", "NĐ 235/2025/NĐ-CP Đ1"
IN_FORCE, NEW = date(2025, 10, 15), date(2030, 1, 1)
check = Spec(POLICY)
special = SetEligiblePlace(
    unit_kind=UnitKind.WARD,
    urban_class=UrbanClass.SPECIAL,
    valid_to=IN_FORCE,
    legal_basis="NĐ 9/2018/NĐ-CP Đ1",
)
wards = SetEligiblePlace(unit_kind=UnitKind.WARD, legal_basis=SHIPPED)
WARD = CommuneRef(
    code="13639", name="Phường Lộc Hòa", unit_kind=UnitKind.WARD, urban_class=UrbanClass.SPECIAL
)


def told(command: SetEligiblePlace, on: date) -> EligiblePlaceSet:
    return EligiblePlaceSet(
        unit_kind=command.unit_kind,
        urban_class=command.urban_class,
        years_since_commune=command.years_since_commune,
        valid_from=on,
        valid_to=command.valid_to,
        legal_basis=command.legal_basis,
        certainty=command.certainty,
    )


def is_supported(commune: CommuneRef, on: date, *recorded: EligiblePlaceSet) -> bool:
    try:
        checked_place(WEAVER, commune, on, places_in(fold(POLICY, recorded)))
    except IneligiblePlace:
        return False
    return True


def test_a_kind_of_place_is_supported_from_the_day_of_its_paper_on() -> None:
    on = date(2019, 1, 1)
    check(given=[], when=special, on=on, then=[told(special, on)])
    assert not is_supported(WARD, on)
    assert is_supported(WARD, on, told(special, on))
    assert not is_supported(WARD, date(2018, 12, 31), told(special, on))


def test_what_the_ledger_ships_with_may_be_recorded_and_changes_nothing() -> None:
    given: list[EligiblePlaceSet] = []
    for place in PLACES:
        command = SetEligiblePlace(
            unit_kind=place.unit_kind,
            urban_class=place.urban_class,
            years_since_commune=place.years_since_commune,
            valid_to=place.valid_to,
            legal_basis=place.legal_basis,
            certainty=place.certainty,
        )
        on = place.valid_from
        check(given=given, when=command, on=on, then=[told(command, on)])
        given.append(told(command, on))
        check(given=given, when=command, on=on, then=[])
    assert set(places_in(fold(POLICY, given))) == set(PLACES)


def test_a_kind_of_place_ceases_to_be_supported_by_its_line_with_an_end() -> None:
    """Shipped or recorded; and after some years it may be supported again."""
    recorded, ended = told(wards, IN_FORCE), replace(wards, valid_to=NEW)
    check(given=[], when=ended, on=IN_FORCE, then=[told(ended, IN_FORCE)])
    check(given=[recorded], when=ended, on=IN_FORCE, then=[told(ended, IN_FORCE)])
    given = [recorded, told(ended, IN_FORCE)]
    assert is_supported(WARD, date(2029, 12, 31), *given)
    assert not is_supported(WARD, NEW, *given)
    again = date(2035, 1, 1)
    check(given=given, when=wards, on=again, then=[told(wards, again)])
    assert is_supported(WARD, again, *given, told(wards, again))
    once_more = replace(wards, valid_to=date(2031, 1, 1))
    check(
        given=given,
        when=once_more,
        on=IN_FORCE,
        then=ValidityOverlaps(legal_basis=SHIPPED, valid_from=IN_FORCE, on=IN_FORCE),
    )


def test_two_lines_on_one_kind_never_hold_on_one_day() -> None:
    other = replace(special, years_since_commune=3, legal_basis="NĐ 10/2018/NĐ-CP")
    on = date(2019, 1, 1)
    check(
        given=[told(special, on)],
        when=other,
        on=on,
        then=ValidityOverlaps(legal_basis=special.legal_basis, valid_from=on, on=on),
    )
    reaching = replace(special, valid_to=date(2020, 1, 1))
    later = told(special, on)
    check(
        given=[later],
        when=reaching,
        on=date(2018, 1, 1),
        then=ValidityOverlaps(legal_basis=special.legal_basis, valid_from=on, on=on),
    )
    check(
        given=[],
        when=replace(special, valid_to=on),
        on=on,
        then=EndsBeforeStart(starts_on=on, ends_on=on),
    )


def test_wards_are_supported_by_the_class_of_their_city_or_whatever_the_class() -> None:
    """A line on one class would say nothing while every ward is supported."""
    endless = replace(special, valid_to=None)
    check(
        given=[],
        when=endless,
        on=NEW,
        then=ValidityOverlaps(legal_basis=SHIPPED, valid_from=IN_FORCE, on=NEW),
    )
    ended = told(replace(wards, valid_to=NEW), IN_FORCE)
    check(given=[ended], when=endless, on=NEW, then=[told(endless, NEW)])
    every = replace(wards, valid_to=date(2013, 1, 1))
    check(
        given=[],
        when=every,
        on=date(2012, 1, 1),
        then=ValidityOverlaps(legal_basis=OLD, valid_from=date(2012, 7, 5), on=date(2012, 7, 5)),
    )


def test_a_class_of_cities_and_years_since_a_commune_tell_wards_apart_and_nothing_else() -> None:
    for wrong in (
        SetEligiblePlace(unit_kind=UnitKind.COMMUNE, years_since_commune=5, legal_basis=OLD),
        replace(special, unit_kind=UnitKind.COMMUNE),
    ):
        check(given=[], when=wrong, then=WardsAlone(unit_kind=UnitKind.COMMUNE))


@pytest.mark.parametrize("years", [0, -1, 101])
def test_years_since_a_commune_are_one_to_a_hundred(years: int) -> None:
    wrong = replace(special, years_since_commune=years)
    check(given=[], when=wrong, then=YearsOutOfRange(years=years))


def test_wards_of_any_city_may_be_supported_for_some_years_alone() -> None:
    ended = told(replace(wards, valid_to=NEW), IN_FORCE)
    for_ten = told(replace(wards, years_since_commune=10), NEW)
    young, old = (replace(WARD, converted_on=date(year, 5, 1)) for year in (2024, 2015))
    assert is_supported(young, NEW, ended, for_ten)
    assert not is_supported(old, NEW, ended, for_ten)
    assert not is_supported(WARD, NEW, ended, for_ten)


def test_a_ward_that_claims_the_end_of_days_is_no_accident() -> None:
    assert years_after(date(9999, 12, 31), 100) == date.max


def test_a_kind_of_place_names_its_paper() -> None:
    check(given=[], when=replace(special, legal_basis=" "), then=InvalidText(field="legal_basis"))


def test_who_is_chosen_and_promised_lies_where_the_recorded_law_of_the_day_supports() -> None:
    on, before = date(2019, 3, 1), date(2019, 2, 28)
    placed = FacilityPlaced(facility_id=WEAVER, commune=WARD, district=None)
    neighbours = {
        "facility-weaver": fold(FACILITY, [weaver, placed]),
        ELIGIBLE_PLACES: fold(POLICY, [told(special, on)]),
    }
    schemes = Spec(SCHEME, neighbours)
    no = IneligiblePlace(
        facility_id=WEAVER,
        commune=WARD.name,
        unit_kind=UnitKind.WARD,
        effective_on=before,
        legal_basis=OLD,
    )
    assign = AssignBeneficiary(scheme_id=SCHEME_ID, facility_id=WEAVER)
    schemes(given=[proposed], when=assign, on=before, then=no)
    schemes(given=[proposed], when=assign, on=on, then=[assigned])
    ready = [proposed, approved, assigned, pledged(50)]
    schemes(given=ready, when=commit(50), on=before, then=no)
    schemes(given=ready, when=commit(50), on=on, then=[committed(50)])
