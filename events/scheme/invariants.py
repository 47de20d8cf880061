"""What must hold of a scheme after every event: the rules of money, asked of states.

    checked(before, fact, after, law)     # raises the refusal of the rule that is broken

The rules refuse a command before this could be broken. A correction says anew what was decided on
long ago, so whatever follows it is asked again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from events.advances import AdvanceRule, advance_limit_on
from events.caps import Cap, cap_on
from events.geography import Atlas
from events.money import Vnd
from events.plan import BudgetExceeded
from events.rules import Refusal, value
from events.scheme import evolving
from events.scheme.commitments import check_budget, check_cap, check_counterpart
from events.scheme.facts import AdvancePaid, SchemeEvent, SupportCommitted
from events.scheme.money_refusals import (
    AmountAboveCost,
    CommitmentEnded,
    CommitmentExceeded,
    NotAccepted,
    ReductionLeavesNothing,
)
from events.scheme.payments import check_advance
from events.scheme.recovery import RecoveryExceeded
from events.scheme.settlement import SettlementAboveSubmission
from events.scheme.state import Commitment, Payment, Scheme


@value
class Law:
    """What limits a step on its day."""

    on: date
    caps: Sequence[Cap]
    limits: Sequence[AdvanceRule]
    atlas: Atlas


def verdicts(
    facts: Sequence[SchemeEvent], days: Sequence[date], first: int, law: Law
) -> Iterator[Refusal | None]:
    """Of each event from the `first` on (1 is the first of the stream): what it breaks, or None."""
    scheme: Scheme | None = None
    for version, (fact, on) in enumerate(zip(facts, days, strict=True), 1):
        before, scheme = scheme, evolving.evolve(scheme, fact)
        if version >= first:
            yield _broken(before, fact, scheme, replace(law, on=on))


def checked(before: Scheme | None, fact: SchemeEvent, after: Scheme, law: Law) -> None:
    """Refuse a state that the rules would not have let come about."""
    if before is not None:
        _check_step(fact, before, law)
    for code, commitment in after.commitments.items():
        _check_commitment(commitment)
        received, paid = after.recoveries.received(code), commitment.net_paid
        if received > max(paid, 0):
            raise RecoveryExceeded(commitment_id=code, requested=received, available=paid)
    for payment in after.payments.values():
        _check_payment(payment)
    for promise in (each.promise for each in after.commitments.values()):
        headroom = after.headroom(promise.source, promise.budget_year)
        if headroom < 0:
            raise BudgetExceeded(
                source=promise.source,
                budget_year=promise.budget_year,
                requested=Vnd(-headroom),
                headroom=Vnd(0),
            )


def _broken(before: Scheme | None, fact: SchemeEvent, after: Scheme, law: Law) -> Refusal | None:
    try:
        checked(before, fact, after, law)
    except Refusal as refusal:
        return refusal
    return None


def _check_step(fact: SchemeEvent, before: Scheme, law: Law) -> None:
    """What is asked of one step, by the law of its own day, and may be otherwise later."""
    match fact:
        case SupportCommitted():
            _check_promise(fact, before, law)
        case AdvancePaid():
            commitment = before.commitments[fact.commitment_id]
            rule = advance_limit_on(commitment.promise.activity, law.on, law.limits)
            check_advance(fact.amount, commitment, rule)
        case _:
            pass


def _check_promise(promise: SupportCommitted, scheme: Scheme, law: Law) -> None:
    if promise.amount > promise.total_cost:
        raise AmountAboveCost(amount=promise.amount, total_cost=promise.total_cost)
    chosen = scheme.beneficiaries[promise.facility_id]
    province = law.atlas.at(chosen.province, law.on)
    cap = cap_on(promise.activity, law.on, law.caps, promise.source, province)
    if cap is not None:
        check_cap(promise, cap, scheme, law.on)
    check_budget(promise, scheme)
    check_counterpart(promise, scheme)


def _check_commitment(commitment: Commitment) -> None:
    code, left = commitment.promise.commitment_id, commitment.left
    if commitment.cancellation is not None:
        if left != 0:  # all that was left was taken back: no more, no less
            raise CommitmentEnded(commitment_id=code)
    elif left <= 0:
        raise ReductionLeavesNothing(commitment_id=code, amount=commitment.taken_back)
    if commitment.net_paid > left:
        raise CommitmentExceeded(commitment_id=code, requested=commitment.net_paid, available=left)
    settled, accepted = commitment.settlement, commitment.acceptance
    if settled is None:
        return
    if accepted is None or settled.amount > accepted.accepted_value:
        raise NotAccepted(commitment_id=code, requested=settled.amount)
    submission = commitment.submission
    if submission is not None and settled.amount > submission.eligible:
        raise SettlementAboveSubmission(
            commitment_id=code, requested=settled.amount, submitted=submission.eligible
        )
    if settled.amount > left:
        raise CommitmentExceeded(commitment_id=code, requested=settled.amount, available=left)


def _check_payment(payment: Payment) -> None:
    if payment.left < 0:
        raise CommitmentExceeded(
            commitment_id=payment.made.commitment_id,
            requested=payment.reversed,
            available=payment.made.amount,
        )
