"""After a correction every rule of money is asked again, of every event that follows."""

from dataclasses import replace

import pytest

from events.money import Vnd
from events.rules import Refusal
from events.scheme import (
    AmountAboveCost,
    BudgetExceeded,
    CapExceeded,
    CommitmentCancelled,
    CommitmentEnded,
    CommitmentExceeded,
    CounterpartShort,
    NotAccepted,
    ProposeStep,
    ReductionLeavesNothing,
    SettlementApproved,
)
from events.vocabulary import Activity, FundingSource
from tests.events.test_scheme_corrections import (
    GRANT,
    MILLION,
    NEXT,
    ON_IT,
    PLEDGE,
    PROMISE,
    READY,
    check,
    correct,
    proposed_step,
    reduced,
)
from tests.events.test_scheme_payments import accepted, advanced, disbursed, reversed_
from tests.spec import ON
from tests.world import (
    COMMITMENT,
    LAW,
    WEAVER,
    approved,
    assigned,
    committed,
    pledged,
    proposed,
)

cancelled = CommitmentCancelled(amount=Vnd(100 * MILLION), reason="Thôi", **ON_IT, **GRANT)
settled = SettlementApproved(amount=Vnd(60), **ON_IT, **GRANT)


def exceeded(requested: int, available: int) -> CommitmentExceeded:
    return CommitmentExceeded(
        commitment_id=COMMITMENT, requested=Vnd(requested), available=Vnd(available)
    )


def cap(requested: int, allowed: int) -> CapExceeded:
    return CapExceeded(
        activity=Activity.ADVANCED_MACHINERY,
        effective_on=ON,
        legal_basis=LAW,
        requested=Vnd(requested),
        allowed=Vnd(allowed),
    )


@pytest.mark.parametrize(
    ("more", "when", "then"),
    [
        ([], correct(PROMISE, amount=101 * MILLION), cap(101 * MILLION, 100 * MILLION)),
        (
            [],
            correct(PROMISE, amount=201 * MILLION),
            AmountAboveCost(amount=Vnd(201 * MILLION), total_cost=Vnd(200 * MILLION)),
        ),
        (
            [],
            correct(PLEDGE, amount=99 * MILLION),
            CounterpartShort(
                facility_id=WEAVER, funded=Vnd(199 * MILLION), total_cost=Vnd(200 * MILLION)
            ),
        ),
        ([disbursed(60)], correct(PROMISE, amount=50, totalCost=100), exceeded(60, 50)),
        (
            [disbursed(60)],
            correct(NEXT, amount=101 * MILLION),
            exceeded(101 * MILLION, 100 * MILLION),
        ),
        ([advanced(60), reversed_(50)], correct(NEXT, amount=40), exceeded(50, 40)),
        ([advanced(60), reversed_(50)], correct(NEXT + 1, amount=70), exceeded(70, 60)),
        (
            [reduced],
            correct(NEXT, amount=100 * MILLION),
            ReductionLeavesNothing(commitment_id=COMMITMENT, amount=Vnd(100 * MILLION)),
        ),
        (
            [cancelled],
            correct(PROMISE, amount=90 * MILLION, totalCost=180 * MILLION),
            CommitmentEnded(commitment_id=COMMITMENT),
        ),
        (
            [accepted, settled],
            correct(NEXT, acceptedValue=50),
            NotAccepted(commitment_id=COMMITMENT, requested=Vnd(60)),
        ),
        ([accepted, settled], correct(PROMISE, amount=50, totalCost=100), exceeded(60, 50)),
    ],
)
def test_every_rule_holds_after_every_later_event(
    more: list[object], when: ProposeStep, then: Refusal
) -> None:
    check(given=[*READY, *more], when=when, then=then)


def test_a_ceiling_holds_on_the_corrected_fold() -> None:
    """Two promises of one source and year: the first is corrected, the second has no room then."""
    ceiling = replace(approved.ceilings[0], amount=Vnd(150 * MILLION))
    given = [
        proposed,
        replace(approved, ceilings=(ceiling,)),
        assigned,
        pledged(200 * MILLION),
        committed(50 * MILLION),
        committed(90 * MILLION, id="c2"),
    ]
    check(
        given=given,
        when=correct(PROMISE, amount=70 * MILLION, totalCost=140 * MILLION),
        then=BudgetExceeded(
            source=FundingSource.NATIONAL_GRANT,
            budget_year=2019,
            requested=Vnd(90 * MILLION),
            headroom=Vnd(80 * MILLION),
        ),
    )


def test_what_was_wrong_before_does_not_stand_in_the_way_of_a_word() -> None:
    """History is never refused: rules that came later are not asked of what stays as it was."""
    asked = correct(NEXT, voucher="UNC 10")
    given = [*READY, advanced(600 * MILLION)]
    check(given=given, when=asked, then=[proposed_step(asked)])
