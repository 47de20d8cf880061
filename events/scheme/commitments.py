"""Promises of money (cam kết): pledge, commit, reduce, cancel."""

from collections.abc import Sequence
from datetime import date

from events.caps import Cap, cap_on
from events.dates import checked_year
from events.facility import Facility, operating, supportable
from events.facility import stream as facility_stream
from events.identity import CommitmentId, FacilityId, ProvinceRef, checked_code
from events.mergers import atlas_in
from events.money import Vnd, checked_amount
from events.plan import BudgetExceeded
from events.policy import SUPPORT_CAPS, Policy, caps_in
from events.rules import Occasion
from events.scheme.commands import (
    CancelCommitment,
    CommitSupport,
    PledgeCounterpart,
    ReduceCommitment,
)
from events.scheme.facts import (
    CommitmentCancelled,
    CommitmentReduced,
    CounterpartPledged,
    SchemeEvent,
    SupportCommitted,
)
from events.scheme.funding import checked_single
from events.scheme.halting import check_goes_on, check_takes_money
from events.scheme.money_refusals import (
    ActivityNotInScheme,
    AmountAboveCost,
    CapExceeded,
    CommitmentDiffers,
    CommitmentEnded,
    CommitmentExceeded,
    CounterpartShort,
    NotABeneficiary,
    NotAGrant,
    ReductionLeavesNothing,
    UnknownCommitment,
)
from events.scheme.refusals import SchemeNotApproved
from events.scheme.state import Commitment, Scheme
from events.text import required
from events.vocabulary import FundingSource


def pledge(command: PledgeCounterpart, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    """Recorded each time it is asked for: two equal pledges are two pledges."""
    checked_amount("amount", command.amount)
    checked_year("budget_year", command.budget_year)
    check_goes_on(scheme, occasion.effective_on)
    _check_beneficiary(command.facility_id, scheme, occasion)
    return (
        CounterpartPledged(
            scheme_id=command.scheme_id,
            facility_id=command.facility_id,
            amount=command.amount,
            budget_year=command.budget_year,
        ),
    )


def commit(command: CommitSupport, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    if scheme.approval is None:
        raise SchemeNotApproved(scheme_id=command.scheme_id)
    cap = cap_of(command, occasion)
    promise = _promise(command, cap)
    known = scheme.commitments.get(command.commitment_id)
    if known is not None:
        if known.promise == promise:
            return ()
        raise CommitmentDiffers(commitment_id=command.commitment_id)
    check_takes_money(scheme, occasion)
    _check_beneficiary(command.facility_id, scheme, occasion)
    facility = occasion.neighbour(facility_stream(command.facility_id), Facility)
    supportable(command.facility_id, facility, occasion)
    if command.activity not in scheme.terms.contents:
        raise ActivityNotInScheme(activity=command.activity)
    if cap is not None:
        check_cap(promise, cap, scheme, occasion.effective_on)
    checked_single(promise.facility_id, promise.cost_item, promise.source, scheme)
    check_budget(promise, scheme)
    check_counterpart(promise, scheme)
    return (promise,)


def reduce(command: ReduceCommitment, scheme: Scheme) -> Sequence[SchemeEvent]:
    """Recorded each time it is asked for: two equal reductions are two reductions."""
    checked_amount("amount", command.amount)
    commitment = open_commitment(command.commitment_id, scheme)
    available = Vnd(commitment.left - commitment.net_paid)
    if command.amount > available:
        raise CommitmentExceeded(
            commitment_id=command.commitment_id, requested=command.amount, available=available
        )
    if command.amount == commitment.left:
        raise ReductionLeavesNothing(commitment_id=command.commitment_id, amount=command.amount)
    return (
        CommitmentReduced(
            scheme_id=command.scheme_id,
            commitment_id=command.commitment_id,
            amount=command.amount,
            reason=required("reason", command.reason),
            source=commitment.promise.source,
            budget_year=commitment.promise.budget_year,
        ),
    )


def cancel(command: CancelCommitment, scheme: Scheme) -> Sequence[SchemeEvent]:
    reason = required("reason", command.reason)
    commitment = known_commitment(command.commitment_id, scheme)
    if commitment.cancellation is not None and commitment.cancellation.reason == reason:
        return ()
    commitment = open_commitment(command.commitment_id, scheme)
    if commitment.net_paid:
        raise CommitmentExceeded(
            commitment_id=command.commitment_id,
            requested=commitment.left,
            available=Vnd(commitment.left - commitment.net_paid),
        )
    return (
        CommitmentCancelled(
            scheme_id=command.scheme_id,
            commitment_id=command.commitment_id,
            amount=commitment.left,
            reason=reason,
            source=commitment.promise.source,
            budget_year=commitment.promise.budget_year,
        ),
    )


def known_commitment(commitment_id: CommitmentId, scheme: Scheme) -> Commitment:
    commitment = scheme.commitments.get(commitment_id)
    if commitment is None:
        raise UnknownCommitment(commitment_id=commitment_id)
    return commitment


def open_commitment(commitment_id: CommitmentId, scheme: Scheme) -> Commitment:
    """The commitment, if it may still take an entry."""
    commitment = known_commitment(commitment_id, scheme)
    if commitment.is_ended:
        raise CommitmentEnded(commitment_id=commitment_id)
    return commitment


def _promise(command: CommitSupport, cap: Cap | None) -> SupportCommitted:
    checked_code("commitment_id", command.commitment_id)
    checked_amount("amount", command.amount)
    checked_amount("total_cost", command.total_cost)
    checked_year("budget_year", command.budget_year)
    if command.source is FundingSource.COUNTERPART:
        raise NotAGrant(source=command.source)
    if command.amount > command.total_cost:
        raise AmountAboveCost(amount=command.amount, total_cost=command.total_cost)
    return SupportCommitted(
        scheme_id=command.scheme_id,
        commitment_id=command.commitment_id,
        facility_id=command.facility_id,
        activity=command.activity,
        cost_item=required("cost_item", command.cost_item),
        total_cost=command.total_cost,
        amount=command.amount,
        source=command.source,
        budget_year=command.budget_year,
        cap_basis=cap.legal_basis if cap else None,
    )


def cap_of(promise: CommitSupport | SupportCommitted, occasion: Occasion) -> Cap | None:
    """The law of the effective date, as far as it was recorded or shipped."""
    facility = occasion.neighbour(facility_stream(promise.facility_id), Facility)
    return cap_on(
        promise.activity,
        occasion.effective_on,
        caps_in(occasion.neighbour(SUPPORT_CAPS, Policy)),
        promise.source,
        _place(facility.province, occasion) if facility is not None else None,
    )


def _place(province: ProvinceRef, occasion: Occasion) -> ProvinceRef:
    return atlas_in(occasion).at(province, occasion.effective_on)


def _check_beneficiary(facility_id: FacilityId, scheme: Scheme, occasion: Occasion) -> None:
    operating(facility_id, occasion.neighbour(facility_stream(facility_id), Facility))
    if facility_id not in scheme.beneficiaries:
        raise NotABeneficiary(facility_id=facility_id)


def check_cap(promise: SupportCommitted, cap: Cap, scheme: Scheme, on: date) -> None:
    """Refuse more than the cap in force on that day leaves."""
    limits = []
    if cap.amount is not None:
        standing = scheme.standing(promise.facility_id) if cap.is_per_facility else ()
        held = sum(each.left for each in standing if each.promise.activity is promise.activity)
        limits.append(max(cap.amount - held, 0))
    if cap.share_pct is not None:
        limits.append(promise.total_cost * cap.share_pct // 100)
    if limits and promise.amount > min(limits):
        raise CapExceeded(
            activity=promise.activity,
            effective_on=on,
            legal_basis=cap.legal_basis,
            requested=promise.amount,
            allowed=Vnd(min(limits)),
        )


def check_budget(promise: SupportCommitted, scheme: Scheme) -> None:
    """Refuse more than the ceiling of its source and year leaves."""
    headroom = scheme.headroom(promise.source, promise.budget_year)
    if promise.amount > headroom:
        raise BudgetExceeded(
            source=promise.source,
            budget_year=promise.budget_year,
            requested=promise.amount,
            headroom=headroom,
        )


def check_counterpart(promise: SupportCommitted, scheme: Scheme) -> None:
    """Refuse a promise whose cost is not paid for by grants and pledges."""
    standing = scheme.standing(promise.facility_id)
    granted = promise.amount + sum(each.left for each in standing)
    funded = granted + scheme.pledged.get(promise.facility_id, 0)
    total_cost = promise.total_cost + sum(each.promise.total_cost for each in standing)
    if funded < total_cost:
        raise CounterpartShort(
            facility_id=promise.facility_id, funded=Vnd(funded), total_cost=Vnd(total_cost)
        )
