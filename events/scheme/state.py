"""A scheme as its rules see it, and how recorded facts make it so."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TypeAlias, assert_never

from events.identity import CommitmentId, FacilityId, PaymentId
from events.money import Vnd
from events.rules import HistoryBrokenError, value
from events.scheme.facts import (
    AcceptanceRecorded,
    AdvancePaid,
    BeneficiaryAssigned,
    CommitmentCancelled,
    CommitmentReduced,
    CounterpartPledged,
    CriteriaEvaluated,
    DisbursementPaid,
    PaymentReversed,
    SchemeApproved,
    SchemeEvent,
    SchemeProposed,
    SettlementApproved,
    SupportCommitted,
)
from events.vocabulary import Criterion, FundingSource

PaymentFact: TypeAlias = AdvancePaid | DisbursementPaid


@value
class Commitment:
    """A promise of support, what was taken back of it, and what was paid on it."""

    promise: SupportCommitted
    taken_back: Vnd = Vnd(0)
    net_paid: Vnd = Vnd(0)
    """Advances and disbursements less reversals."""
    acceptance: AcceptanceRecorded | None = None
    settlement: SettlementApproved | None = None
    cancellation: CommitmentCancelled | None = None

    @property
    def left(self) -> Vnd:
        """What is still promised."""
        return Vnd(self.promise.amount - self.taken_back)

    @property
    def is_ended(self) -> bool:
        """Whether it takes no further entry."""
        return self.settlement is not None or self.cancellation is not None


@value
class Payment:
    """A payment, and how much of it was taken back."""

    made: PaymentFact
    reversed: Vnd = Vnd(0)

    @property
    def left(self) -> Vnd:
        """What of it still stands."""
        return Vnd(self.made.amount - self.reversed)


@value
class Scheme:
    """A scheme with all of its money: the consistency boundary of the fund."""

    proposal: SchemeProposed
    approval: SchemeApproved | None = None
    beneficiaries: Mapping[FacilityId, BeneficiaryAssigned] = field(default_factory=dict)
    pledged: Mapping[FacilityId, Vnd] = field(default_factory=dict)
    commitments: Mapping[CommitmentId, Commitment] = field(default_factory=dict)
    payments: Mapping[PaymentId, Payment] = field(default_factory=dict)
    verdicts: Mapping[Criterion, CriteriaEvaluated] = field(default_factory=dict)

    def headroom(self, source: FundingSource, budget_year: int) -> Vnd:
        """What is still free under the ceiling of this source and year."""
        key = (source, budget_year)
        ceilings = self.approval.ceilings if self.approval else ()
        most = sum(each.amount for each in ceilings if (each.source, each.budget_year) == key)
        return Vnd(most - self.held(source, budget_year))

    def held(self, source: FundingSource, budget_year: int) -> Vnd:
        """What is still promised out of this source and year."""
        return Vnd(
            sum(
                each.left
                for each in self.commitments.values()
                if (each.promise.source, each.promise.budget_year) == (source, budget_year)
            )
        )

    def standing(self, facility_id: FacilityId) -> tuple[Commitment, ...]:
        """The commitments to this facility that were not cancelled."""
        return tuple(
            each
            for each in self.commitments.values()
            if each.promise.facility_id == facility_id and each.cancellation is None
        )


def evolve(scheme: Scheme | None, event: SchemeEvent) -> Scheme:
    """Apply one recorded fact. Total: history is never refused."""
    match event:
        case SchemeProposed():
            return Scheme(proposal=event)
        case SchemeApproved():
            return replace(_begun(scheme), approval=event)
        case BeneficiaryAssigned() | CounterpartPledged():
            return _with_beneficiary(_begun(scheme), event)
        case SupportCommitted():
            return _with_commitment(_begun(scheme), Commitment(promise=event))
        case AdvancePaid() | DisbursementPaid() | PaymentReversed():
            return _with_payment(_begun(scheme), event)
        case (
            CommitmentReduced()
            | CommitmentCancelled()
            | AcceptanceRecorded()
            | SettlementApproved()
        ):
            begun = _begun(scheme)
            return _with_commitment(begun, _moved(begun.commitments[event.commitment_id], event))
        case CriteriaEvaluated(criterion=criterion):
            begun = _begun(scheme)
            return replace(begun, verdicts={**begun.verdicts, criterion: event})
        case _:
            assert_never(event)


def _with_beneficiary(scheme: Scheme, event: BeneficiaryAssigned | CounterpartPledged) -> Scheme:
    facility_id = event.facility_id
    match event:
        case BeneficiaryAssigned():
            return replace(scheme, beneficiaries={**scheme.beneficiaries, facility_id: event})
        case CounterpartPledged(amount=amount):
            pledged = Vnd(scheme.pledged.get(facility_id, 0) + amount)
            return replace(scheme, pledged={**scheme.pledged, facility_id: pledged})
        case _:
            assert_never(event)


def _with_commitment(scheme: Scheme, commitment: Commitment) -> Scheme:
    key = commitment.promise.commitment_id
    return replace(scheme, commitments={**scheme.commitments, key: commitment})


def _moved(
    commitment: Commitment,
    event: CommitmentReduced | CommitmentCancelled | AcceptanceRecorded | SettlementApproved,
) -> Commitment:
    match event:
        case CommitmentReduced(amount=amount):
            return replace(commitment, taken_back=Vnd(commitment.taken_back + amount))
        case CommitmentCancelled(amount=amount):
            taken_back = Vnd(commitment.taken_back + amount)
            return replace(commitment, taken_back=taken_back, cancellation=event)
        case AcceptanceRecorded():
            return replace(commitment, acceptance=event)
        case SettlementApproved():
            return replace(commitment, settlement=event)
        case _:
            assert_never(event)


def _with_payment(scheme: Scheme, event: PaymentFact | PaymentReversed) -> Scheme:
    match event:
        case AdvancePaid(amount=amount) | DisbursementPaid(amount=amount):
            payment, moved = Payment(made=event), amount
        case PaymentReversed(amount=amount):
            known = scheme.payments[event.payment_id]
            payment, moved = replace(known, reversed=Vnd(known.reversed + amount)), Vnd(-amount)
        case _:
            assert_never(event)
    commitment = scheme.commitments[event.commitment_id]
    paid = replace(commitment, net_paid=Vnd(commitment.net_paid + moved))
    payments = {**scheme.payments, event.payment_id: payment}
    return replace(_with_commitment(scheme, paid), payments=payments)


def _begun(scheme: Scheme | None) -> Scheme:
    if scheme is None:
        raise HistoryBrokenError("a scheme begins with its proposal")
    return scheme
