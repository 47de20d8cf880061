"""The rules of re-allocation (điều chuyển): balanced, and lawful in what it leads to."""

from collections import Counter
from collections.abc import Iterable, Sequence

from events.caps import cap_on
from events.facility import Facility, operating
from events.facility import stream as facility_stream
from events.geography import at
from events.money import Vnd, checked_amount
from events.organisation import Organisation, UnknownOrganisation
from events.organisation import stream as organisation_stream
from events.plan import BudgetExceeded
from events.policy import SUPPORT_CAPS, Policy, caps_in
from events.rules import Occasion
from events.scheme.commitments import open_commitment
from events.scheme.evolving import evolve
from events.scheme.money_refusals import (
    AmountAboveCost,
    CapExceeded,
    CommitmentExceeded,
    CounterpartShort,
    NotABeneficiary,
    ReductionLeavesNothing,
)
from events.scheme.reallocation import (
    CommitmentReallocated,
    ReallocateSupport,
    ReallocationEvent,
    ReallocationPart,
    ReallocationReceived,
    ReallocationUnbalanced,
)
from events.scheme.state import Commitment, Scheme
from events.text import required
from events.vocabulary import FundingSource, OrganisationKind


def looked_at(command: ReallocateSupport) -> Iterable[str]:
    """The streams that the rules look at: who gets money must operate, who approves must exist."""
    facilities = [facility_stream(each.facility_id) for each in command.given]
    approvers = [] if command.approver is None else [organisation_stream(command.approver)]
    return tuple(dict.fromkeys((*facilities, *approvers)))


def reallocate(
    command: ReallocateSupport, scheme: Scheme, occasion: Occasion
) -> Sequence[ReallocationEvent]:
    """What is taken comes first, so that no ceiling is broken in between.

    Recorded each time it is asked for: two equal moves are two moves.
    """
    reason = required("reason", command.reason)
    facts = (
        *(_fact(CommitmentReallocated, each, command, scheme, reason) for each in command.taken),
        *(_fact(ReallocationReceived, each, command, scheme, reason) for each in command.given),
    )
    for part in command.given:
        neighbour = occasion.neighbour(facility_stream(part.facility_id), Facility)
        operating(part.facility_id, neighbour)
    _check_balance(facts, may_cross=_is_ministry(command, occasion))
    after = scheme
    for fact in facts:
        after = evolve(after, fact)
    for fact in facts:
        _check_result(fact, after, occasion)
    return facts


def _fact(
    kind: type[CommitmentReallocated | ReallocationReceived],
    part: ReallocationPart,
    command: ReallocateSupport,
    scheme: Scheme,
    reason: str,
) -> ReallocationEvent:
    checked_amount("amount", part.amount)
    promise = open_commitment(part.commitment_id, scheme).promise
    if part.facility_id != promise.facility_id:
        raise NotABeneficiary(facility_id=part.facility_id)
    return kind(
        scheme_id=command.scheme_id,
        commitment_id=part.commitment_id,
        amount=part.amount,
        reason=reason,
        approver=command.approver,
        source=promise.source,
        budget_year=promise.budget_year,
    )


def _is_ministry(command: ReallocateSupport, occasion: Occasion) -> bool:
    """Whether the Ministry approved it, which alone may move money across sources and years."""
    if command.approver is None:
        return False
    found = occasion.neighbour(organisation_stream(command.approver), Organisation)
    if found is None:
        raise UnknownOrganisation(organisation_id=command.approver)
    return found.registration.kind is OrganisationKind.MINISTRY


def _check_balance(facts: Sequence[ReallocationEvent], *, may_cross: bool) -> None:
    taken: Counter[tuple[FundingSource, int]] = Counter()
    given: Counter[tuple[FundingSource, int]] = Counter()
    for each in facts:
        side = taken if isinstance(each, CommitmentReallocated) else given
        side[each.source, each.budget_year] += each.amount
    if may_cross and taken.total() == given.total():
        return
    for source, year in (*taken, *given):
        if taken[source, year] != given[source, year]:
            raise ReallocationUnbalanced(
                source=source,
                budget_year=year,
                taken=Vnd(taken[source, year]),
                given=Vnd(given[source, year]),
            )


def _check_result(fact: ReallocationEvent, after: Scheme, occasion: Occasion) -> None:
    """Everything that binds a commitment binds what is made of it."""
    commitment = after.commitments[fact.commitment_id]
    if isinstance(fact, CommitmentReallocated):
        _check_left(fact, commitment)
    else:
        _check_cap(commitment, after, occasion)
        headroom = after.headroom(fact.source, fact.budget_year)
        if headroom < 0:
            raise BudgetExceeded(
                source=fact.source,
                budget_year=fact.budget_year,
                requested=fact.amount,
                headroom=Vnd(max(fact.amount + headroom, 0)),
            )
    _check_counterpart(commitment, after)


def _check_left(fact: CommitmentReallocated, commitment: Commitment) -> None:
    if commitment.left < commitment.net_paid:
        available = fact.amount + commitment.left - commitment.net_paid
        raise CommitmentExceeded(
            commitment_id=fact.commitment_id,
            requested=fact.amount,
            available=Vnd(max(available, 0)),
        )
    if commitment.left == 0:
        raise ReductionLeavesNothing(commitment_id=fact.commitment_id, amount=fact.amount)


def _check_cap(commitment: Commitment, after: Scheme, occasion: Occasion) -> None:
    """Under the law of the day on which it is moved, as if it were promised then."""
    promise = commitment.promise
    if commitment.left > promise.total_cost:
        raise AmountAboveCost(amount=commitment.left, total_cost=promise.total_cost)
    on, facility = occasion.effective_on, facility_stream(promise.facility_id)
    place = at(operating(promise.facility_id, occasion.neighbour(facility, Facility)).province, on)
    caps = caps_in(occasion.neighbour(SUPPORT_CAPS, Policy))
    cap = cap_on(promise.activity, on, caps, promise.source, place)
    if cap is None:
        return
    limits = []
    if cap.amount is not None:
        standing = after.standing(promise.facility_id) if cap.is_per_facility else (commitment,)
        same = [each for each in standing if each.promise.activity is promise.activity]
        others = sum(each.left for each in same) - commitment.left
        limits.append(max(cap.amount - others, 0))
    if cap.share_pct is not None:
        limits.append(promise.total_cost * cap.share_pct // 100)
    if limits and commitment.left > min(limits):
        raise CapExceeded(
            activity=promise.activity,
            effective_on=on,
            legal_basis=cap.legal_basis,
            requested=commitment.left,
            allowed=Vnd(min(limits)),
        )


def _check_counterpart(commitment: Commitment, after: Scheme) -> None:
    facility_id = commitment.promise.facility_id
    standing = after.standing(facility_id)
    funded = sum(each.left for each in standing) + after.pledged.get(facility_id, 0)
    total_cost = sum(each.promise.total_cost for each in standing)
    if funded < total_cost:
        raise CounterpartShort(
            facility_id=facility_id, funded=Vnd(funded), total_cost=Vnd(total_cost)
        )
