"""What may be taken back of a commitment, and what then stays closed."""

from dataclasses import replace

from events.facility import FACILITY
from events.money import Vnd
from events.scheme import (
    SCHEME,
    CancelCommitment,
    CommitmentCancelled,
    CommitmentEnded,
    CommitmentExceeded,
    CommitmentReduced,
    ReduceCommitment,
    ReductionLeavesNothing,
    UnknownCommitment,
)
from events.vocabulary import FundingSource
from tests.events.test_scheme_payments import advanced
from tests.spec import Spec, fold
from tests.world import (
    COMMITMENT,
    SCHEME_ID,
    approved,
    assigned,
    committed,
    pledged,
    proposed,
    smith,
    weaver,
)

MILLION = 1_000_000
READY = [proposed, approved, assigned, pledged(2_000 * MILLION)]
check = Spec(
    SCHEME,
    {"facility-weaver": fold(FACILITY, [weaver]), "facility-smith": fold(FACILITY, [smith])},
)


def reduce(amount: int) -> ReduceCommitment:
    return ReduceCommitment(
        scheme_id=SCHEME_ID, commitment_id=COMMITMENT, amount=Vnd(amount), reason="Giảm dự toán"
    )


def reduced(amount: int) -> CommitmentReduced:
    return CommitmentReduced(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        amount=Vnd(amount),
        reason="Giảm dự toán",
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2019,
    )


cancel = CancelCommitment(scheme_id=SCHEME_ID, commitment_id=COMMITMENT, reason="Thôi đầu tư")


def cancelled(amount: int) -> CommitmentCancelled:
    return CommitmentCancelled(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        amount=Vnd(amount),
        reason="Thôi đầu tư",
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2019,
    )


def test_a_reduction_takes_its_source_and_year_from_the_commitment() -> None:
    check(given=[*READY, committed(50)], when=reduce(20), then=[reduced(20)])


def test_a_reduction_below_what_was_paid_is_refused() -> None:
    given = [*READY, committed(50), advanced(35)]
    check(
        given=given,
        when=reduce(16),
        then=CommitmentExceeded(commitment_id=COMMITMENT, requested=Vnd(16), available=Vnd(15)),
    )
    check(given=given, when=reduce(15), then=[reduced(15)])


def test_taking_back_everything_is_a_cancellation() -> None:
    check(
        given=[*READY, committed(50)],
        when=reduce(50),
        then=ReductionLeavesNothing(commitment_id=COMMITMENT, amount=Vnd(50)),
    )
    check(given=[*READY, committed(50), reduced(20)], when=cancel, then=[cancelled(30)])


def test_a_commitment_with_money_paid_cannot_be_cancelled() -> None:
    check(
        given=[*READY, committed(50), advanced(35)],
        when=cancel,
        then=CommitmentExceeded(commitment_id=COMMITMENT, requested=Vnd(50), available=Vnd(15)),
    )


def test_a_cancelled_commitment_takes_no_further_entry() -> None:
    given = [*READY, committed(50), cancelled(50)]
    ended = CommitmentEnded(commitment_id=COMMITMENT)
    check(given=given, when=cancel, then=[])
    check(given=given, when=replace(cancel, reason="Lý do khác"), then=ended)
    check(given=given, when=reduce(5), then=ended)


def test_only_a_known_commitment_is_reduced_or_cancelled() -> None:
    unknown = UnknownCommitment(commitment_id=COMMITMENT)
    check(given=READY, when=reduce(5), then=unknown)
    check(given=READY, when=cancel, then=unknown)
