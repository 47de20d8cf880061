"""What of an approved scheme may be changed, by whom, and what rests on it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from events.geography import UnknownUnitAtDate
from events.identity import OrganisationId, ProvinceRef
from events.money import Figure, InvalidAmount, Vnd
from events.organisation import ORGANISATION, OrganisationRegistered, UnknownOrganisation
from events.scheme import (
    SCHEME,
    ActivityNotInScheme,
    AssignBeneficiary,
    BudgetExceeded,
    Ceiling,
    CeilingRepeated,
    FocalRule,
    NotABeneficiary,
    PeriodNotCovering,
    SchemeNotApproved,
    SchemeProposed,
)
from events.scheme.adjustment import (
    AdjustmentDiffers,
    AdjustScheme,
    ContentCommitted,
    PlaceNotInScheme,
    SchemeAdjusted,
    Terms,
)
from events.scheme.authority import WrongApprover
from events.scheme.release import BeneficiaryHasMoney, BeneficiaryReleased
from events.scheme.terms import NO_TERMS
from events.vocabulary import (
    Activity,
    AdjustmentKind,
    FundingSource,
    OrganisationKind,
    SchemeClass,
)
from tests.events.test_scheme_halt import (
    BODIES,
    COMPLETED,
    CUC,
    MOIT,
    NEIGHBOURS,
    RUNNING,
    STOPPED,
    completed,
    suspended,
)
from tests.events.test_scheme_halt import stopped as stopped_scheme
from tests.spec import Spec, fold
from tests.world import (
    CENTRE,
    MERGED,
    NAM_DINH,
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
)

OTHER = OrganisationId("centre-2")
REGISTERED = OrganisationRegistered(
    organisation_id=OTHER, name="Trung tâm 2", kind=OrganisationKind.CENTRE
)
check = Spec(
    SCHEME, {**NEIGHBOURS, **BODIES, "organisation-centre-2": fold(ORGANISATION, [REGISTERED])}
)
GRANT, LOCAL = FundingSource.NATIONAL_GRANT, FundingSource.LOCAL_GRANT
BILLION = 1_000_000_000
NORMAL: list[Any] = [replace(proposed, scheme_class=SchemeClass.NORMAL), *RUNNING[1:]]


def ceiling(amount: int, *, source: FundingSource = GRANT, year: int = 2019) -> Ceiling:
    return Ceiling(source=source, budget_year=year, amount=Vnd(amount))


def adjust(kind: AdjustmentKind, approver: OrganisationId, **changes: Any) -> AdjustScheme:
    return AdjustScheme(
        scheme_id=SCHEME_ID, adjustment=kind, approver=approver, reason="Tờ trình 12", **changes
    )


def adjusted(kind: AdjustmentKind, approver: OrganisationId, before: Terms, after: Terms) -> Any:
    return SchemeAdjusted(
        scheme_id=SCHEME_ID,
        adjustment=kind,
        approver=approver,
        reason="Tờ trình 12",
        before=before,
        after=after,
    )


def terms(**told: Any) -> Terms:
    return replace(NO_TERMS, **told)


handed_over: Any = adjusted(
    AdjustmentKind.PARTNER, CUC, terms(implementer=CENTRE), terms(implementer=OTHER)
)
CONTENTS = (Activity.ADVANCED_MACHINERY, Activity.TRADEMARK)
CHANGES: list[tuple[AdjustmentKind, OrganisationId, dict[str, Any], dict[str, Any]]] = [
    (
        AdjustmentKind.INCREASE,
        MOIT,
        {"ceilings": (ceiling(BILLION),)},
        {"ceilings": (ceiling(2 * BILLION),)},
    ),
    (
        AdjustmentKind.DECREASE,
        CUC,
        {"ceilings": (ceiling(BILLION),)},
        {"ceilings": (ceiling(50),)},
    ),
    (AdjustmentKind.CONTENT, MOIT, {"contents": proposed.contents}, {"contents": CONTENTS}),
    (
        AdjustmentKind.DATES,
        CUC,
        {"starts_on": proposed.starts_on, "ends_on": proposed.ends_on},
        {"starts_on": date(2018, 3, 1), "ends_on": date(2020, 11, 30)},
    ),
    (AdjustmentKind.PLACE, CUC, {}, {"provinces": (NAM_DINH, YEN_BAI)}),
    (AdjustmentKind.PARTNER, CUC, {"implementer": CENTRE}, {"implementer": OTHER}),
]


@pytest.mark.parametrize(("kind", "approver", "before", "after"), CHANGES)
def test_an_adjustment_says_what_was_and_what_is(
    kind: AdjustmentKind,
    approver: OrganisationId,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    ask = adjust(kind, approver, **after)
    fact = adjusted(kind, approver, terms(**before), terms(**after))
    check(given=RUNNING, when=ask, then=[fact])
    check(given=[*RUNNING, fact], when=ask, then=[])
    check(given=[*RUNNING, suspended], when=ask, then=[fact])
    check(given=[*RUNNING, stopped_scheme], when=ask, then=STOPPED)
    check(given=[*RUNNING, completed], when=ask, then=COMPLETED)
    check(given=[proposed], when=ask, then=SchemeNotApproved(scheme_id=SCHEME_ID))


@pytest.mark.parametrize(("kind", "approver", "_before", "after"), CHANGES)
def test_an_adjustment_of_the_other_bodys_class_is_refused(
    kind: AdjustmentKind,
    approver: OrganisationId,
    _before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    kinds = {MOIT: OrganisationKind.MINISTRY, CUC: OrganisationKind.DEPARTMENT}
    other = CUC if approver == MOIT else MOIT
    wrong = WrongApprover(
        scheme_id=SCHEME_ID, approver=other, kind=kinds[other], needed=kinds[approver]
    )
    check(given=RUNNING, when=adjust(kind, other, **after), then=wrong)
    unknown = UnknownOrganisation(organisation_id=OrganisationId("nobody"))
    check(given=RUNNING, when=adjust(kind, OrganisationId("nobody"), **after), then=unknown)


@pytest.mark.parametrize(("kind", "approver", "_before", "after"), CHANGES)
def test_an_adjustment_changes_what_its_kind_says_and_nothing_else(
    kind: AdjustmentKind,
    approver: OrganisationId,
    _before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    differs = AdjustmentDiffers(adjustment=kind)
    check(given=RUNNING, when=adjust(kind, approver), then=differs)
    check(given=RUNNING, when=adjust(kind, approver, **after, released=WEAVER), then=differs)
    more = {"implementer": OTHER, "provinces": (NAM_DINH,), **after}
    check(given=RUNNING, when=adjust(kind, approver, **more), then=differs)


def test_an_increase_is_more_of_a_ceiling_that_is_there_and_opens_room() -> None:
    kind = AdjustmentKind.INCREASE
    differs = AdjustmentDiffers(adjustment=kind)
    for wrong in (ceiling(BILLION - 1), ceiling(5, year=2020), ceiling(5, source=LOCAL)):
        check(given=RUNNING, when=adjust(kind, MOIT, ceilings=(wrong,)), then=differs)
    small = [*RUNNING[:1], replace(approved, ceilings=(ceiling(60),)), *RUNNING[2:], pledged(100)]
    full = BudgetExceeded(source=GRANT, budget_year=2019, requested=Vnd(20), headroom=Vnd(10))
    check(given=small, when=commit(20, id="c2"), then=full)
    fact = adjusted(kind, MOIT, terms(ceilings=(ceiling(60),)), terms(ceilings=(ceiling(70),)))
    check(given=[*small, fact], when=commit(20, id="c2"), then=[committed(20, id="c2")])


def test_a_decrease_leaves_what_is_committed() -> None:
    kind = AdjustmentKind.DECREASE
    short = BudgetExceeded(
        source=GRANT, budget_year=2019, requested=Vnd(BILLION - 49), headroom=Vnd(BILLION - 50)
    )
    check(given=RUNNING, when=adjust(kind, CUC, ceilings=(ceiling(49),)), then=short)
    more = adjust(kind, CUC, ceilings=(ceiling(BILLION + 1),))
    check(given=RUNNING, when=more, then=AdjustmentDiffers(adjustment=kind))
    zero = InvalidAmount(field="ceiling", amount=Figure(0))
    check(given=RUNNING, when=adjust(kind, CUC, ceilings=(ceiling(0),)), then=zero)
    twice = adjust(kind, CUC, ceilings=(ceiling(60), ceiling(70)))
    repeated = CeilingRepeated(source=GRANT, budget_year=2019)
    check(given=RUNNING, when=twice, then=repeated)


def test_content_that_money_is_promised_for_stays() -> None:
    ask = adjust(AdjustmentKind.CONTENT, MOIT, contents=(Activity.CONSULTANCY, Activity.TRADEMARK))
    kept = ContentCommitted(scheme_id=SCHEME_ID, activity=Activity.ADVANCED_MACHINERY)
    check(given=RUNNING, when=ask, then=kept)
    fact = adjusted(
        AdjustmentKind.CONTENT,
        MOIT,
        terms(contents=proposed.contents),
        terms(contents=(Activity.CONSULTANCY, Activity.TRADEMARK)),
    )
    check(given=RUNNING[:4], when=ask, then=[fact])
    gone = ActivityNotInScheme(activity=Activity.ADVANCED_MACHINERY)
    check(given=[*RUNNING[:4], fact], when=commit(50), then=gone)


def test_a_focal_scheme_stays_focal() -> None:
    one = adjust(AdjustmentKind.CONTENT, MOIT, contents=(Activity.ADVANCED_MACHINERY,))
    refused = FocalRule(contents=1, starts_on=date(2018, 1, 1), ends_on=date(2020, 12, 31))
    check(given=RUNNING, when=one, then=refused)


def test_an_extension_goes_into_another_year_of_the_period() -> None:
    kind = AdjustmentKind.EXTEND_YEAR
    short: list[SchemeProposed | Any] = [replace(NORMAL[0], ends_on=date(2019, 6, 30)), approved]
    ask = adjust(kind, MOIT, ends_on=date(2020, 6, 30))
    fact = adjusted(kind, MOIT, terms(ends_on=date(2019, 6, 30)), terms(ends_on=date(2020, 6, 30)))
    check(given=short, when=ask, then=[fact])
    within = adjust(kind, MOIT, ends_on=date(2019, 12, 31))
    check(given=short, when=within, then=AdjustmentDiffers(adjustment=kind))
    beyond = PeriodNotCovering(
        period=PERIOD_CODE, starts_on=date(2018, 1, 1), ends_on=date(2020, 12, 31)
    )
    check(given=short, when=adjust(kind, MOIT, ends_on=date(2021, 1, 1)), then=beyond)


def test_days_move_within_their_years() -> None:
    kind = AdjustmentKind.DATES
    for wrong in ({"ends_on": date(2019, 12, 31)}, {"starts_on": date(2019, 1, 1)}):
        check(
            given=NORMAL, when=adjust(kind, CUC, **wrong), then=AdjustmentDiffers(adjustment=kind)
        )


def test_a_scheme_of_some_provinces_takes_no_beneficiary_from_others() -> None:
    kind = AdjustmentKind.PLACE
    ask = adjust(kind, CUC, provinces=(YEN_BAI,))
    outside = PlaceNotInScheme(scheme_id=SCHEME_ID, facility_id=WEAVER)
    check(given=RUNNING, when=ask, then=outside)
    fact = adjusted(kind, CUC, terms(), terms(provinces=(YEN_BAI,)))
    check(given=RUNNING[:2], when=ask, then=[fact])
    check(given=[*RUNNING[:2], fact], when=_assign(WEAVER), then=outside)
    there = replace(
        assigned, facility_id=SMITH, name=smith.name, province=YEN_BAI, sector=smith.sector
    )
    check(given=[*RUNNING[:2], fact], when=_assign(SMITH), then=[there])
    nowhere = ProvinceRef(code="99", valid_from=MERGED)
    unknown = UnknownUnitAtDate(province_code="99", valid_from=MERGED, on=date(2019, 3, 1))
    check(given=RUNNING, when=adjust(kind, CUC, provinces=(nowhere,)), then=unknown)


def _assign(facility_id: Any) -> Any:
    return AssignBeneficiary(scheme_id=SCHEME_ID, facility_id=facility_id)


def test_one_beneficiary_gives_its_place_to_another() -> None:
    kind = AdjustmentKind.BENEFICIARY
    ask = adjust(kind, CUC, released=WEAVER, chosen=SMITH)
    there = replace(
        assigned, facility_id=SMITH, name=smith.name, province=YEN_BAI, sector=smith.sector
    )
    facts = [
        adjusted(kind, CUC, terms(beneficiary=WEAVER), terms(beneficiary=SMITH)),
        BeneficiaryReleased(scheme_id=SCHEME_ID, facility_id=WEAVER, reason="Tờ trình 12"),
        there,
    ]
    check(given=RUNNING[:3], when=ask, then=facts)
    bound = BeneficiaryHasMoney(scheme_id=SCHEME_ID, facility_id=WEAVER, amount=Vnd(150))
    check(given=RUNNING, when=ask, then=bound)
    check(given=RUNNING[:2], when=ask, then=NotABeneficiary(facility_id=WEAVER))
    already = AdjustmentDiffers(adjustment=kind)
    check(given=[*RUNNING[:3], there], when=ask, then=already)
    check(given=RUNNING[:3], when=adjust(kind, CUC, chosen=SMITH), then=already)
