"""How recorded facts make a scheme what it is; the types are in `state`."""

from dataclasses import replace
from typing import assert_never

from events.money import Vnd
from events.rules import HistoryBrokenError
from events.scheme.adjustment import SchemeSupplemented
from events.scheme.appraisal import AppraisalEvent, SchemeResubmitted, appraised
from events.scheme.balance import BalanceCarriedOver, BalanceEvent, UnspentBalanceReturned, moved
from events.scheme.contract import ContractEvent, contracted
from events.scheme.correction import EntryCorrected
from events.scheme.course import CourseEvent
from events.scheme.delivery import (
    ActivityDelivered,
    DeliveryEvent,
    OutcomeMeasured,
    OutcomeRevised,
    WorkersTrained,
    told,
)
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
from events.scheme.halt import HaltEvent, halted
from events.scheme.investment import CounterpartInvested
from events.scheme.prior_period import PriorPeriodAdjusted
from events.scheme.progress import InspectionHeld, ProgressEvent, ProgressReported
from events.scheme.reallocation import CommitmentReallocated, ReallocationReceived
from events.scheme.recovery import (
    RecoveryEvent,
    RecoveryOrdered,
    RecoveryReceived,
    RecoveryWrittenOff,
)
from events.scheme.release import BeneficiaryReleased
from events.scheme.settlement import AcceptanceRefused, SettlementSubmitted
from events.scheme.state import Commitment, Payment, PaymentFact, Scheme
from events.scheme.steps import (
    Proposed,
    StepApproved,
    StepDeclined,
    StepEvent,
    StepProposed,
    StepWithdrawn,
)
from events.scheme.terms import changed, proposed, reworded


def evolve(scheme: Scheme | None, event: SchemeEvent) -> Scheme:
    """Apply one fact as it stands. Total: history is never refused. See `folding`."""
    if isinstance(event, CourseEvent):
        return _steered(_begun(scheme), event)
    match event:
        case SchemeProposed():
            return Scheme(proposal=event, terms=proposed(event))
        case SchemeApproved():
            begun = _begun(scheme)
            terms = replace(begun.terms, ceilings=event.ceilings)
            return replace(begun, approval=event, terms=terms)
        case BeneficiaryAssigned() | CounterpartPledged():
            return _with_beneficiary(_begun(scheme), event)
        case SupportCommitted():
            return _with_commitment(_begun(scheme), Commitment(promise=event))
        case AdvancePaid() | DisbursementPaid() | PaymentReversed() | PriorPeriodAdjusted():
            return _with_payment(_begun(scheme), event)
        case (
            CommitmentReduced()
            | CommitmentCancelled()
            | AcceptanceRecorded()
            | SettlementSubmitted()
            | SettlementApproved()
            | CommitmentReallocated()
            | ReallocationReceived()
        ):
            begun = _begun(scheme)
            return _with_commitment(begun, _moved(begun.commitments[event.commitment_id], event))
        case ProgressReported() | InspectionHeld():
            return _progressed(_begun(scheme), event)
        case _:
            return _followed(_begun(scheme), event)


def _followed(
    scheme: Scheme,
    event: RecoveryEvent
    | AcceptanceRefused
    | CounterpartInvested
    | BalanceEvent
    | DeliveryEvent
    | CriteriaEvaluated
    | StepEvent
    | EntryCorrected,
) -> Scheme:
    """What does not move promised and paid money."""
    match event:
        case RecoveryOrdered() | RecoveryReceived() | RecoveryWrittenOff():
            return replace(scheme, recoveries=scheme.recoveries.after(event))
        case ActivityDelivered() | WorkersTrained() | OutcomeMeasured() | OutcomeRevised():
            return replace(scheme, outcomes=told(scheme.outcomes, event))
        case CriteriaEvaluated(criterion=criterion):
            return replace(scheme, verdicts={**scheme.verdicts, criterion: event})
        case StepProposed() | StepApproved() | StepDeclined() | StepWithdrawn():
            return replace(scheme, steps={**scheme.steps, event.step_id: _stepped(scheme, event)})
        case UnspentBalanceReturned() | BalanceCarriedOver():
            return _balanced(scheme, event)
        case AcceptanceRefused() | CounterpartInvested():
            return scheme
        case EntryCorrected():  # `folding` has said it already, where it belongs
            return scheme
        case _:
            assert_never(event)


def _steered(scheme: Scheme, event: CourseEvent) -> Scheme:
    if isinstance(event, AppraisalEvent):
        return _appraised(scheme, event)
    if isinstance(event, HaltEvent):
        return replace(scheme, halt=halted(scheme.halt, event))
    if isinstance(event, BeneficiaryReleased):
        return _without_beneficiary(scheme, event)
    if isinstance(event, ContractEvent):
        return replace(scheme, contracts=contracted(scheme.contracts, event))
    terms = changed(scheme.terms, event)
    if isinstance(event, SchemeSupplemented):
        return replace(scheme, terms=terms, supplements=(*scheme.supplements, event))
    return replace(scheme, terms=terms)


def _appraised(scheme: Scheme, event: AppraisalEvent) -> Scheme:
    judged = replace(scheme, appraisal=appraised(scheme.appraisal, event))
    if not isinstance(event, SchemeResubmitted):
        return judged
    proposal = reworded(scheme.proposal, event)
    return replace(judged, proposal=proposal, terms=proposed(proposal))


def _without_beneficiary(scheme: Scheme, event: BeneficiaryReleased) -> Scheme:
    others = {k: each for k, each in scheme.beneficiaries.items() if k != event.facility_id}
    return replace(scheme, beneficiaries=others)


def _balanced(scheme: Scheme, event: BalanceEvent) -> Scheme:
    balances = dict(scheme.balances)
    for year, amount in moved(event):
        key = (event.source, year)
        balances[key] = Vnd(balances.get(key, 0) + amount)
    return replace(scheme, balances=balances)


def _stepped(scheme: Scheme, event: StepEvent) -> Proposed:
    if isinstance(event, StepProposed):
        return Proposed(proposal=event)
    return replace(scheme.steps[event.step_id], is_decided=True)


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
    event: CommitmentReduced
    | CommitmentCancelled
    | CommitmentReallocated
    | ReallocationReceived
    | AcceptanceRecorded
    | SettlementSubmitted
    | SettlementApproved,
) -> Commitment:
    match event:
        case ReallocationReceived(amount=amount):
            return replace(commitment, received=Vnd(commitment.received + amount))
        case SettlementSubmitted():
            return replace(commitment, submission=event)
        case CommitmentReduced(amount=amount) | CommitmentReallocated(amount=amount):
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


def _progressed(scheme: Scheme, event: ProgressEvent) -> Scheme:
    if event.percent is None:
        return scheme
    commitment = scheme.commitments[event.commitment_id]
    return _with_commitment(scheme, replace(commitment, progress=event.percent))


def _with_payment(
    scheme: Scheme, event: PaymentFact | PaymentReversed | PriorPeriodAdjusted
) -> Scheme:
    match event:
        case AdvancePaid(amount=amount) | DisbursementPaid(amount=amount):
            payment, change = Payment(made=event), amount
        case PaymentReversed(amount=amount):
            known = scheme.payments[event.payment_id]
            payment, change = replace(known, reversed=Vnd(known.reversed + amount)), Vnd(-amount)
        case PriorPeriodAdjusted():
            known, change = scheme.payments[event.payment_id], event.moved
            payment = replace(known, reversed=Vnd(known.reversed - change))
        case _:
            assert_never(event)
    commitment = scheme.commitments[event.commitment_id]
    ahead = change if isinstance(payment.made, AdvancePaid) else 0
    paid = replace(
        commitment,
        net_paid=Vnd(commitment.net_paid + change),
        advanced=Vnd(commitment.advanced + ahead),
    )
    payments = {**scheme.payments, event.payment_id: payment}
    return replace(_with_commitment(scheme, paid), payments=payments)


def _begun(scheme: Scheme | None) -> Scheme:
    if scheme is None:
        raise HistoryBrokenError("a scheme begins with its proposal")
    return scheme
