"""An office acts within its own reach, and learns nothing of what lies beyond it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from events.catalogue import COMMANDS, aggregate_of
from events.envelope import Jurisdiction
from events.facility import (
    FACILITY,
    CloseFacility,
    FacilityRelocated,
    InstallEquipment,
    RegisterFacility,
    RelocateFacility,
    UpdateFacility,
)
from events.identity import CommitmentId, FacilityId, OrganisationId, ProvinceRef, SchemeId
from events.jurisdiction import OutsideJurisdiction, checked_within, looks
from events.money import Vnd
from events.organisation import SetCentreTerritory
from events.period import OpenPeriod
from events.rules import Occasion
from events.scheme import (
    SCHEME,
    ApproveScheme,
    AssignBeneficiary,
    EvaluateCriteria,
    PledgeCounterpart,
    ProposeScheme,
    ReversePayment,
)
from events.vocabulary import Criterion, LegalForm, Ownership, SchemeClass, Verdict
from tests.events.test_scheme_payments import accept, advance, disburse, settle
from tests.spec import ON, fold
from tests.world import (
    APPAREL,
    ARTICLE,
    CENTRE,
    COMMITMENT,
    LAO_CAI_NOW,
    LAO_CAI_THEN,
    MERGED,
    NAM_DINH,
    OLD,
    PAYMENT,
    PERIOD_CODE,
    SCHEME_ID,
    SMITH,
    WEAVER,
    YEN_BAI,
    approved,
    assigned,
    commit,
    committed,
    pledged,
    proposed,
    smith,
    weaver,
)

BEFORE, AFTER = date(2025, 6, 30), date(2026, 11, 5)
HA_NAM = ProvinceRef(code="35", valid_from=OLD)
NINH_BINH_NOW = ProvinceRef(code="37", valid_from=MERGED)
SCHEME_FACTS = (proposed, approved, assigned, pledged(50), committed(50))
OTHER = OrganisationId("centre-2")


def within(*provinces: ProvinceRef, organisation: OrganisationId | None = None) -> Jurisdiction:
    return Jurisdiction(provinces=frozenset(provinces), organisation=organisation)


def reaches(
    jurisdiction: Jurisdiction | None,
    command: object,
    state: object = None,
    *,
    today: date = BEFORE,
    neighbours: Mapping[str, object] | None = None,
) -> bool:
    occasion = Occasion(effective_on=ON, today=today, neighbours=neighbours or {})
    try:
        checked_within(jurisdiction, command, state, occasion)
    except OutsideJurisdiction:
        return False
    return True


def register(province: ProvinceRef) -> RegisterFacility:
    return RegisterFacility(
        facility_id=WEAVER,
        name="Cơ sở",
        legal_form=LegalForm.HOUSEHOLD,
        ownership=Ownership.PRIVATE,
        province=province,
        sector=APPAREL,
    )


def propose(implementer: OrganisationId) -> ProposeScheme:
    return ProposeScheme(
        scheme_id=SCHEME_ID,
        period=PERIOD_CODE,
        title="Đề án",
        scheme_class=SchemeClass.NORMAL,
        contents=(),
        starts_on=ON,
        ends_on=ON,
        implementer=implementer,
    )


ON_FACILITY: list[Any] = [
    UpdateFacility(facility_id=WEAVER, name="Tên mới"),
    RelocateFacility(facility_id=WEAVER, province=YEN_BAI),
    InstallEquipment(facility_id=WEAVER, name="Máy", quantity=1),
    CloseFacility(facility_id=WEAVER, reason="Giải thể"),
]
ON_SCHEME: list[Any] = [
    ApproveScheme(scheme_id=SCHEME_ID, ceilings=(), legal_regime=()),
    AssignBeneficiary(scheme_id=SCHEME_ID, facility_id=WEAVER),
    PledgeCounterpart(scheme_id=SCHEME_ID, facility_id=WEAVER, amount=Vnd(1), budget_year=2019),
    commit(50),
    advance(1),
    disburse(1),
    ReversePayment(scheme_id=SCHEME_ID, payment_id=PAYMENT, amount=Vnd(1), reason="nhầm"),
    accept,
    settle(50),
    EvaluateCriteria(
        scheme_id=SCHEME_ID,
        criterion=Criterion.SCALE,
        verdict=Verdict.MET,
        rule_version="x",
        evidence="x",
        source=ARTICLE,
    ),
]
NATIONAL: list[Any] = [
    OpenPeriod(code=PERIOD_CODE, name="Giai đoạn", starts_on=ON, ends_on=ON),
    SetCentreTerritory(organisation_id=CENTRE, provinces=(NAM_DINH,)),
]
WEAVING, SMITHY = fold(FACILITY, [weaver]), fold(FACILITY, [smith])
TEXTILES = fold(SCHEME, SCHEME_FACTS)


def named(command: object) -> str:
    return type(command).__name__


@pytest.mark.parametrize("command", ON_FACILITY, ids=named)
def test_a_facility_is_dealt_with_by_the_province_where_it_stands(command: object) -> None:
    assert reaches(within(NAM_DINH), command, WEAVING)
    assert reaches(within(YEN_BAI, NAM_DINH), command, WEAVING)
    assert not reaches(within(YEN_BAI), command, WEAVING)
    assert not reaches(within(organisation=CENTRE), command, WEAVING)


@pytest.mark.parametrize("command", ON_FACILITY, ids=named)
def test_a_facility_that_moved_away_is_no_longer_ones_own(command: object) -> None:
    moved = FacilityRelocated(facility_id=WEAVER, province=YEN_BAI, address=None)
    state = fold(FACILITY, [weaver, moved])
    assert not reaches(within(NAM_DINH), command, state)
    assert reaches(within(YEN_BAI), command, state)


@pytest.mark.parametrize("command", [*ON_FACILITY, *ON_SCHEME], ids=named)
def test_what_does_not_exist_is_answered_as_what_lies_elsewhere(command: object) -> None:
    """For a caller who is limited; whoever is not, is told what the rule finds."""
    limited = within(NAM_DINH, organisation=OTHER)
    assert not reaches(limited, command, None)
    assert reaches(None, command, None)


def test_a_facility_is_registered_in_ones_own_province_and_not_over_anothers() -> None:
    assert reaches(within(NAM_DINH), register(NAM_DINH))
    assert not reaches(within(NAM_DINH), register(YEN_BAI))
    assert not reaches(within(YEN_BAI), register(YEN_BAI), WEAVING)
    assert reaches(within(NAM_DINH), register(NAM_DINH), WEAVING)


@pytest.mark.parametrize("command", ON_SCHEME, ids=named)
def test_a_scheme_is_dealt_with_by_the_centre_that_implements_it(command: object) -> None:
    assert reaches(within(organisation=CENTRE), command, TEXTILES)
    assert not reaches(within(organisation=OTHER), command, TEXTILES)
    assert not reaches(Jurisdiction(), command, TEXTILES)


def test_a_centre_proposes_its_own_schemes_only() -> None:
    assert reaches(within(organisation=CENTRE), propose(CENTRE))
    assert not reaches(within(organisation=OTHER), propose(CENTRE))
    assert not reaches(within(organisation=OTHER), propose(OTHER), TEXTILES)
    assert not reaches(Jurisdiction(), propose(CENTRE))


def test_a_province_accepts_the_work_at_its_own_facilities() -> None:
    name = "facility-weaver"
    assert list(looks(accept, TEXTILES)) == [name]
    assert reaches(within(NAM_DINH), accept, TEXTILES, neighbours={name: WEAVING})
    assert not reaches(within(YEN_BAI), accept, TEXTILES, neighbours={name: WEAVING})
    moved = fold(FACILITY, [replace(weaver, province=YEN_BAI)])
    assert not reaches(within(NAM_DINH), accept, TEXTILES, neighbours={name: moved})
    unknown = replace(accept, commitment_id=CommitmentId("c9"))
    assert list(looks(unknown, TEXTILES)) == []
    assert not reaches(within(NAM_DINH), unknown, TEXTILES, neighbours={name: WEAVING})


@pytest.mark.parametrize("command", [each for each in ON_SCHEME if each is not accept], ids=named)
def test_a_province_does_nothing_else_in_a_scheme(command: object) -> None:
    assert list(looks(command, TEXTILES)) == []
    near = {"facility-weaver": WEAVING}
    assert not reaches(within(NAM_DINH), command, TEXTILES, neighbours=near)


@pytest.mark.parametrize("command", NATIONAL, ids=named)
def test_what_is_the_nations_lies_outside_every_jurisdiction(command: object) -> None:
    assert not reaches(within(NAM_DINH, organisation=CENTRE), command)
    assert reaches(None, command)


def test_every_command_has_its_place() -> None:
    """Whatever is added to the catalogue is the nation's until it is said otherwise."""
    told = [*ON_FACILITY, *ON_SCHEME, *NATIONAL, register(NAM_DINH), propose(CENTRE)]
    reached = {named(each) for each in told}
    kinds = {name for name in COMMANDS if "Scheme" in name or "Facility" in name}
    assert kinds <= reached
    assert {aggregate_of(each).name for each in told} == {
        "facility",
        "scheme",
        "period",
        "organisation",
    }


@pytest.mark.parametrize("old", [HA_NAM, NAM_DINH, ProvinceRef(code="37", valid_from=OLD)])
def test_a_merged_province_answers_for_what_was_registered_before(old: ProvinceRef) -> None:
    state = fold(FACILITY, [replace(weaver, province=old)])
    close = CloseFacility(facility_id=WEAVER, reason="x")
    assert reaches(within(NINH_BINH_NOW), close, state, today=AFTER)
    assert reaches(within(HA_NAM), close, state, today=AFTER)
    assert not reaches(within(NINH_BINH_NOW), close, state, today=BEFORE)
    assert reaches(within(HA_NAM), close, state, today=BEFORE) is (old == HA_NAM)


def test_the_same_code_may_mean_another_province() -> None:
    """15 was Yên Bái and is Lào Cai, which both provinces have become; 10 was Lào Cai."""
    close = CloseFacility(facility_id=SMITH, reason="x")
    assert not reaches(within(LAO_CAI_NOW), close, SMITHY, today=BEFORE)
    assert reaches(within(LAO_CAI_NOW), close, SMITHY, today=AFTER)
    assert not reaches(within(LAO_CAI_THEN), close, SMITHY, today=BEFORE)
    assert reaches(within(LAO_CAI_THEN), close, SMITHY, today=AFTER)


def test_the_refusal_says_nothing_of_the_thing_itself() -> None:
    refused = OutsideJurisdiction()
    for code in (FacilityId("weaver"), SchemeId("textiles"), NAM_DINH.code, COMMITMENT):
        assert str(code) not in f"{refused} {refused.message_vi}"
