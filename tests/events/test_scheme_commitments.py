"""Promises of money: ceilings, caps by the day, counterpart, what may be taken back."""

from dataclasses import replace
from datetime import date

from events.dates import InvalidYear
from events.facility import FACILITY, FacilityIsClosed, UnknownFacility
from events.identity import CommitmentId, InvalidCode
from events.money import Figure, InvalidAmount, Vnd
from events.scheme import (
    SCHEME,
    ActivityNotInScheme,
    AmountAboveCost,
    BudgetExceeded,
    CapExceeded,
    Ceiling,
    CommitmentDiffers,
    CounterpartShort,
    NotABeneficiary,
    NotAGrant,
    PledgeCounterpart,
    SchemeNotApproved,
    SchemeNotProposed,
)
from events.vocabulary import Activity, FundingSource
from tests.events.test_scheme_taking_back import cancelled, reduced
from tests.spec import Spec, fold
from tests.world import (
    COMMITMENT,
    LAW,
    SCHEME_ID,
    SMITH,
    WEAVER,
    approved,
    assigned,
    commit,
    committed,
    pledged,
    proposed,
    smith,
    weaver,
    weaver_closed,
)

MILLION = 1_000_000
READY = [proposed, approved, assigned, pledged(2_000 * MILLION)]
check = Spec(
    SCHEME,
    {"facility-weaver": fold(FACILITY, [weaver]), "facility-smith": fold(FACILITY, [smith])},
)
closed = {"facility-weaver": fold(FACILITY, [weaver, weaver_closed])}


def test_support_within_every_limit_is_committed_and_names_the_cap_it_was_checked_by() -> None:
    check(given=READY, when=commit(300 * MILLION), then=[committed(300 * MILLION)])


def test_asking_twice_records_once() -> None:
    given = [*READY, committed(5 * MILLION)]
    check(given=given, when=commit(5 * MILLION), then=[])


def test_the_same_commitment_with_another_amount_is_refused() -> None:
    check(
        given=[*READY, committed(5 * MILLION)],
        when=commit(6 * MILLION),
        then=CommitmentDiffers(commitment_id=COMMITMENT),
    )


def test_support_needs_a_proposed_and_approved_scheme() -> None:
    check(given=[], when=commit(5), then=SchemeNotProposed(scheme_id=SCHEME_ID))
    check(given=[proposed], when=commit(5), then=SchemeNotApproved(scheme_id=SCHEME_ID))


def test_commitments_beyond_the_ceiling_of_a_source_and_year_are_refused() -> None:
    ceiling = Ceiling(
        source=FundingSource.NATIONAL_GRANT, budget_year=2019, amount=Vnd(250 * MILLION)
    )
    given = [
        proposed,
        replace(approved, ceilings=(ceiling,)),
        assigned,
        pledged(2_000 * MILLION),
        committed(100 * MILLION),
    ]
    check(
        given=given,
        when=commit(150 * MILLION + 1, id="c2"),
        then=BudgetExceeded(
            source=FundingSource.NATIONAL_GRANT,
            budget_year=2019,
            requested=Vnd(150 * MILLION + 1),
            headroom=Vnd(150 * MILLION),
        ),
    )
    check(
        given=given,
        when=commit(150 * MILLION, id="c2"),
        then=[committed(150 * MILLION, id="c2")],
    )
    check(
        given=[*given, reduced(40 * MILLION)],
        when=commit(190 * MILLION, id="c2"),
        then=[committed(190 * MILLION, id="c2")],
    )


def test_a_source_without_a_ceiling_has_nothing_to_commit() -> None:
    check(
        given=READY,
        when=commit(5, source=FundingSource.LOCAL_GRANT),
        then=BudgetExceeded(
            source=FundingSource.LOCAL_GRANT,
            budget_year=2019,
            requested=Vnd(5),
            headroom=Vnd(0),
        ),
    )


def test_the_cap_is_the_one_in_force_on_the_effective_date() -> None:
    """200 m until 2018-05-10, 300 m from 2018-05-11, whenever it is typed in."""
    check(
        given=READY,
        when=commit(300 * MILLION),
        on=date(2018, 5, 10),
        then=CapExceeded(
            activity=Activity.ADVANCED_MACHINERY,
            effective_on=date(2018, 5, 10),
            legal_basis="TTLT 26/2014/TTLT-BTC-BCT",
            requested=Vnd(300 * MILLION),
            allowed=Vnd(200 * MILLION),
        ),
    )
    check(
        given=READY,
        when=commit(300 * MILLION),
        on=date(2018, 5, 11),
        then=[committed(300 * MILLION)],
    )


def test_support_beyond_its_share_of_the_cost_is_refused() -> None:
    check(
        given=READY,
        when=commit(100 * MILLION + 1, 200 * MILLION + 1),
        then=CapExceeded(
            activity=Activity.ADVANCED_MACHINERY,
            effective_on=date(2019, 3, 1),
            legal_basis=LAW,
            requested=Vnd(100 * MILLION + 1),
            allowed=Vnd(100 * MILLION),
        ),
    )


def test_one_facility_cannot_pass_the_cap_by_asking_in_parts() -> None:
    check(
        given=[*READY, committed(200 * MILLION)],
        when=commit(100 * MILLION + 1, id="c2"),
        then=CapExceeded(
            activity=Activity.ADVANCED_MACHINERY,
            effective_on=date(2019, 3, 1),
            legal_basis=LAW,
            requested=Vnd(100 * MILLION + 1),
            allowed=Vnd(100 * MILLION),
        ),
    )
    check(
        given=[*READY, committed(200 * MILLION), cancelled(200 * MILLION)],
        when=commit(300 * MILLION, id="c2"),
        then=[committed(300 * MILLION, id="c2")],
    )


def test_an_activity_without_a_cap_has_no_limit_but_its_cost_and_ceiling() -> None:
    """A missing cap is no limit, never 0."""
    training = replace(
        committed(900 * MILLION, 900 * MILLION, cap_basis=None),
        activity=Activity.VOCATIONAL_TRAINING,
    )
    ask = commit(900 * MILLION, 900 * MILLION, activity=Activity.VOCATIONAL_TRAINING)
    check(given=READY, when=ask, then=[training])


def test_a_cost_that_grant_and_pledge_do_not_cover_is_refused() -> None:
    given = [proposed, approved, assigned, pledged(499 * MILLION), committed(200 * MILLION)]
    check(
        given=given,
        when=commit(100 * MILLION, 400 * MILLION, id="c2"),
        then=CounterpartShort(
            facility_id=WEAVER, funded=Vnd(799 * MILLION), total_cost=Vnd(800 * MILLION)
        ),
    )
    check(
        given=[*given, pledged(1 * MILLION)],
        when=commit(100 * MILLION, 400 * MILLION, id="c2"),
        then=[committed(100 * MILLION, 400 * MILLION, id="c2")],
    )


def test_the_cost_of_a_cancelled_commitment_need_not_be_covered() -> None:
    given = [proposed, approved, assigned, pledged(200 * MILLION), committed(200 * MILLION)]
    given += [cancelled(200 * MILLION)]
    check(
        given=given, when=commit(200 * MILLION, id="c2"), then=[committed(200 * MILLION, id="c2")]
    )


def test_support_goes_to_operating_beneficiaries_only() -> None:
    check(given=READY, when=commit(5), then=UnknownFacility(facility_id=WEAVER), neighbours={})
    check(given=READY, when=commit(5), then=FacilityIsClosed(facility_id=WEAVER), neighbours=closed)
    ask = commit(5, facility_id=SMITH)
    check(given=READY, when=ask, then=NotABeneficiary(facility_id=SMITH))


def test_support_is_grant_money_for_a_content_of_the_scheme_and_no_more_than_its_cost() -> None:
    trademark = commit(5, activity=Activity.TRADEMARK)
    check(given=READY, when=trademark, then=ActivityNotInScheme(activity=Activity.TRADEMARK))
    own = commit(5, source=FundingSource.COUNTERPART)
    check(given=READY, when=own, then=NotAGrant(source=FundingSource.COUNTERPART))
    too_much = AmountAboveCost(amount=Vnd(6), total_cost=Vnd(5))
    check(given=READY, when=commit(6, 5), then=too_much)


def test_amounts_years_and_codes_are_checked_before_anything_else() -> None:
    check(given=READY, when=commit(0, 5), then=InvalidAmount(field="amount", amount=Figure(0)))
    check(
        given=READY,
        when=replace(commit(5), budget_year=20199),
        then=InvalidYear(field="budget_year", year=20199),
    )
    check(
        given=READY,
        when=replace(commit(5), commitment_id=CommitmentId("mã số")),
        then=InvalidCode(field="commitment_id", text="mã số"),
    )


def test_a_pledge_adds_up_and_needs_an_operating_beneficiary() -> None:
    ask = PledgeCounterpart(
        scheme_id=SCHEME_ID, facility_id=WEAVER, amount=Vnd(7), budget_year=2019
    )
    check(given=[proposed, assigned, pledged(7)], when=ask, then=[pledged(7)])
    check(given=[proposed], when=ask, then=NotABeneficiary(facility_id=WEAVER))
    check(
        given=[proposed, assigned],
        when=ask,
        then=FacilityIsClosed(facility_id=WEAVER),
        neighbours=closed,
    )
