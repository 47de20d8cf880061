"""Promised money moves between facilities: balanced, and lawful in what it leads to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from events.facility import FACILITY, FacilityIsClosed
from events.identity import CommitmentId, FacilityId, OrganisationId
from events.money import Vnd
from events.organisation import ORGANISATION, OrganisationRegistered, UnknownOrganisation
from events.scheme import (
    SCHEME,
    AmountAboveCost,
    BudgetExceeded,
    CapExceeded,
    Ceiling,
    CommitmentEnded,
    CommitmentExceeded,
    CommitmentReallocated,
    CounterpartShort,
    NotABeneficiary,
    ReallocateSupport,
    ReallocationPart,
    ReallocationReceived,
    ReallocationUnbalanced,
    ReductionLeavesNothing,
    SupportCommitted,
    UnknownCommitment,
)
from events.vocabulary import Activity, FundingSource, OrganisationKind
from tests.events.test_scheme_payments import accepted, disbursed, settled
from tests.spec import Spec, fold
from tests.world import (
    SCHEME_ID,
    SMITH,
    WEAVER,
    approved,
    assigned,
    committed,
    pledged,
    proposed,
    smith,
    weaver,
    weaver_closed,
)

MINISTRY, DEPARTMENT = OrganisationId("moit"), OrganisationId("cuc")
LAW = "TT 28/2018/TT-BTC Đ8k4"
M = 1_000_000


def body(code: OrganisationId, kind: OrganisationKind) -> object:
    registered = OrganisationRegistered(organisation_id=code, name="Bộ Công Thương", kind=kind)
    return fold(ORGANISATION, [registered])


NEIGHBOURS: Mapping[str, object] = {
    "facility-weaver": fold(FACILITY, [weaver]),
    "facility-smith": fold(FACILITY, [smith]),
    "organisation-moit": body(MINISTRY, OrganisationKind.MINISTRY),
    "organisation-cuc": body(DEPARTMENT, OrganisationKind.DEPARTMENT),
}
check = Spec(SCHEME, NEIGHBOURS)
ONE = committed(100 * M, 300 * M, id="c1")
TWO = replace(committed(100 * M, 400 * M, id="c2"), facility_id=SMITH)
GIVEN = [
    proposed,
    approved,
    assigned,
    replace(assigned, facility_id=SMITH),
    pledged(250 * M),
    pledged(350 * M, SMITH),
    ONE,
    TWO,
]


def part(id: str, millions: int, facility_id: FacilityId) -> ReallocationPart:
    return ReallocationPart(
        commitment_id=CommitmentId(id), facility_id=facility_id, amount=Vnd(millions * M)
    )


def move(
    millions: int, given: int | None = None, approver: OrganisationId | None = None
) -> ReallocateSupport:
    return ReallocateSupport(
        scheme_id=SCHEME_ID,
        taken=(part("c1", millions, WEAVER),),
        given=(part("c2", millions if given is None else given, SMITH),),
        reason="Điều chuyển theo tiến độ",
        approver=approver,
    )


def moved(
    millions: int, into: SupportCommitted = TWO, approver: OrganisationId | None = None
) -> list[CommitmentReallocated | ReallocationReceived]:
    told = {"scheme_id": SCHEME_ID, "amount": Vnd(millions * M), "approver": approver}
    reason = "Điều chuyển theo tiến độ"
    return [
        CommitmentReallocated(
            **told,
            commitment_id=ONE.commitment_id,
            reason=reason,
            source=ONE.source,
            budget_year=ONE.budget_year,
        ),
        ReallocationReceived(
            **told,
            commitment_id=into.commitment_id,
            reason=reason,
            source=into.source,
            budget_year=into.budget_year,
        ),
    ]


def unbalanced(taken: int, given: int, year: int = 2019) -> ReallocationUnbalanced:
    return ReallocationUnbalanced(
        source=FundingSource.NATIONAL_GRANT,
        budget_year=year,
        taken=Vnd(taken * M),
        given=Vnd(given * M),
    )


def test_money_moves_from_one_facility_to_another_in_one_step() -> None:
    check(given=GIVEN, when=move(50), then=moved(50))
    scheme = fold(SCHEME, [*GIVEN, *moved(50)])
    assert [each.left for each in scheme.commitments.values()] == [50 * M, 150 * M]


def test_what_leaves_comes_in_to_the_dong() -> None:
    check(given=GIVEN, when=move(50, 49), then=unbalanced(50, 49))
    check(given=GIVEN, when=move(49, 50), then=unbalanced(49, 50))
    nobody = replace(move(50), given=())
    check(given=GIVEN, when=nobody, then=unbalanced(50, 0))
    nothing = replace(move(50), taken=(), given=())
    check(given=GIVEN, when=nothing, then=[])


def test_only_the_ministry_moves_money_across_years_and_sources() -> None:
    later = replace(TWO, budget_year=2020)
    ceilings = (
        *approved.ceilings,
        Ceiling(source=FundingSource.NATIONAL_GRANT, budget_year=2020, amount=Vnd(140 * M)),
    )
    given = [
        proposed,
        replace(approved, ceilings=ceilings),
        *GIVEN[2:-1],
        later,
    ]
    check(given=given, when=move(40), then=unbalanced(40, 0))
    check(given=given, when=move(40, approver=DEPARTMENT), then=unbalanced(40, 0))
    across = moved(40, later, MINISTRY)
    check(given=given, when=move(40, approver=MINISTRY), then=across)
    check(given=given, when=move(40, 39, approver=MINISTRY), then=unbalanced(40, 0))
    ceiling = BudgetExceeded(
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2020,
        requested=Vnd(41 * M),
        headroom=Vnd(40 * M),
    )
    check(given=given, when=move(41, approver=MINISTRY), then=ceiling)
    stranger = OrganisationId("nobody")
    unknown = UnknownOrganisation(organisation_id=stranger)
    check(given=given, when=move(40, approver=stranger), then=unknown)


def test_who_gives_keeps_what_was_paid_and_something_at_all() -> None:
    paid = [*GIVEN, replace(disbursed(1), amount=Vnd(60 * M))]
    short = CommitmentExceeded(
        commitment_id=ONE.commitment_id, requested=Vnd(41 * M), available=Vnd(40 * M)
    )
    check(given=paid, when=move(41), then=short)
    check(given=paid, when=move(40), then=moved(40))
    whole = [*GIVEN[:-2], pledged(100 * M), *GIVEN[-2:]]
    nothing = ReductionLeavesNothing(commitment_id=ONE.commitment_id, amount=Vnd(100 * M))
    check(given=whole, when=move(100), then=nothing)


def test_the_counterpart_still_covers_what_the_grant_no_longer_does() -> None:
    short = CounterpartShort(facility_id=WEAVER, funded=Vnd(299 * M), total_cost=Vnd(300 * M))
    check(given=GIVEN, when=move(51), then=short)


def test_the_cap_of_the_day_binds_what_a_commitment_grows_to() -> None:
    given = [*GIVEN[:-2], pledged(200 * M), ONE, replace(TWO, total_cost=Vnd(300 * M))]
    over = CapExceeded(
        activity=Activity.ADVANCED_MACHINERY,
        effective_on=date(2019, 3, 1),
        legal_basis=LAW,
        requested=Vnd(151 * M),
        allowed=Vnd(150 * M),
    )
    check(given=given, when=move(51), then=over)
    check(given=given, when=move(50), then=moved(50))
    whole = [*GIVEN[:-2], pledged(200 * M), ONE, replace(TWO, total_cost=Vnd(120 * M))]
    above = AmountAboveCost(amount=Vnd(121 * M), total_cost=Vnd(120 * M))
    check(given=whole, when=move(21), then=above)


def test_both_sides_are_open_commitments_of_those_they_are_said_to_be_of() -> None:
    ended = [*GIVEN, accepted, settled(1)]
    check(given=ended, when=move(1), then=CommitmentEnded(commitment_id=ONE.commitment_id))
    stray = replace(move(1), given=(part("c9", 1, SMITH),))
    unknown = UnknownCommitment(commitment_id=CommitmentId("c9"))
    check(given=GIVEN, when=stray, then=unknown)
    other = replace(move(1), given=(part("c2", 1, WEAVER),))
    check(given=GIVEN, when=other, then=NotABeneficiary(facility_id=WEAVER))


def test_nothing_goes_to_a_closed_facility_but_it_may_come_from_one() -> None:
    closed = {**NEIGHBOURS, "facility-weaver": fold(FACILITY, [weaver, weaver_closed])}
    check(given=GIVEN, when=move(50), then=moved(50), neighbours=closed)
    back = replace(move(1), taken=(part("c2", 1, SMITH),), given=(part("c1", 1, WEAVER),))
    check(given=GIVEN, when=back, then=FacilityIsClosed(facility_id=WEAVER), neighbours=closed)
