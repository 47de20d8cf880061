"""Organisations are registered once; a centre serves provinces that stand on the day."""

from dataclasses import replace
from datetime import date

from events.geography import UnknownUnitAtDate, live
from events.identity import ProvinceRef
from events.organisation import (
    ORGANISATION,
    CentreTerritorySet,
    NotACentre,
    OrganisationDiffers,
    RegisterOrganisation,
    SetCentreTerritory,
    UnknownOrganisation,
)
from events.vocabulary import OrganisationKind
from tests.spec import Spec
from tests.world import CENTRE, LAO_CAI_NOW, MERGED, NAM_DINH, OLD, YEN_BAI, centre

check = Spec(ORGANISATION)
register = RegisterOrganisation(
    organisation_id=CENTRE, name=centre.name, kind=OrganisationKind.CENTRE
)


def serve(*provinces: ProvinceRef) -> SetCentreTerritory:
    return SetCentreTerritory(organisation_id=CENTRE, provinces=provinces)


def served(*provinces: ProvinceRef) -> CentreTerritorySet:
    return CentreTerritorySet(organisation_id=CENTRE, provinces=provinces)


def test_an_organisation_is_registered_once() -> None:
    check(given=[], when=register, then=[centre])
    check(given=[centre], when=register, then=[])
    check(
        given=[centre],
        when=replace(register, kind=OrganisationKind.DEPARTMENT),
        then=OrganisationDiffers(organisation_id=CENTRE),
    )


def test_centre_1_serves_28_provinces() -> None:
    north = tuple(each.ref for each in live(date(2019, 3, 1)) if each.northern_28)
    check(given=[centre], when=serve(*north), then=[served(*north)])
    assert len(north) == 28


def test_a_territory_is_a_set_without_order_or_repeats() -> None:
    check(given=[centre], when=serve(NAM_DINH, YEN_BAI, NAM_DINH), then=[served(YEN_BAI, NAM_DINH)])


def test_a_territory_may_be_set_again() -> None:
    """The same provinces from an earlier day on are news, so nothing is swallowed."""
    given = [centre, served(NAM_DINH)]
    check(given=given, when=serve(NAM_DINH), then=[served(NAM_DINH)])


def test_a_province_that_does_not_stand_on_the_day_is_refused() -> None:
    check(
        given=[centre],
        when=serve(NAM_DINH),
        on=MERGED,
        then=UnknownUnitAtDate(province_code="36", valid_from=OLD, on=MERGED),
    )
    check(
        given=[centre],
        when=serve(LAO_CAI_NOW),
        then=UnknownUnitAtDate(province_code="15", valid_from=MERGED, on=date(2019, 3, 1)),
    )


def test_only_a_registered_centre_serves_a_territory() -> None:
    check(given=[], when=serve(), then=UnknownOrganisation(organisation_id=CENTRE))
    ministry = replace(centre, kind=OrganisationKind.MINISTRY)
    check(
        given=[ministry],
        when=serve(),
        then=NotACentre(organisation_id=CENTRE, kind=OrganisationKind.MINISTRY),
    )
