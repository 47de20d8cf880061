"""Recoveries (thu hồi): what was claimed back, and what became of each claim."""

from datetime import date
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import CommitmentId, RecoveryId, SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.money import Vnd
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
from events.scheme.balance import BalanceEvent
from events.scheme.correction import EntryCorrected
from events.scheme.course import CourseEvent
from events.scheme.delivery import DeliveryEvent
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
    SchemeProposed,
    SettlementApproved,
    SupportCommitted,
)
from events.scheme.investment import CounterpartInvested
from events.scheme.prior_period import PriorPeriodEvent
from events.scheme.progress import ProgressEvent
from events.scheme.reallocation import ReallocationEvent
from events.scheme.recovery import RecoveryOrdered, RecoveryReceived, RecoveryWrittenOff
from events.scheme.settlement import SettlingEvent
from events.scheme.steps import StepEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.vocabulary import FundingSource, RecoveryBasis
from projections.projection import Projection


class Recovery(NamedTuple):
    """Stocks, in đồng. Still to come in = amount - received - written_off."""

    scheme_id: SchemeId
    recovery_id: RecoveryId
    commitment_id: CommitmentId
    basis: RecoveryBasis
    reason: str
    amount: Vnd
    received: Vnd
    written_off: Vnd
    source: FundingSource
    budget_year: int
    ordered_on: date
    synthetic: bool


def _ordered(event: Recorded[RecoveryOrdered]) -> Recovery:
    fact = event.fact
    return Recovery(
        scheme_id=fact.scheme_id,
        recovery_id=fact.recovery_id,
        commitment_id=fact.commitment_id,
        basis=fact.basis,
        reason=fact.reason,
        amount=fact.amount,
        received=Vnd(0),
        written_off=Vnd(0),
        source=fact.source,
        budget_year=fact.budget_year,
        ordered_on=event.effective_on,
        synthetic=event.synthetic,
    )


def _received(row: Recovery, event: Recorded[RecoveryReceived]) -> Recovery:
    return row._replace(received=Vnd(row.received + event.fact.amount))


def _written_off(row: Recovery, event: Recorded[RecoveryWrittenOff]) -> Recovery:
    return row._replace(written_off=Vnd(row.written_off + event.fact.amount))


recovery = Projection(
    row=Recovery,
    version=1,
    key=("scheme_id", "recovery_id"),
    is_fresh=True,
    opens={RecoveryOrdered: _ordered},
    changes={RecoveryReceived: _received, RecoveryWrittenOff: _written_off},
    ignores=(
        BalanceEvent,
        BooksEvent,
        PriorPeriodEvent,
        SchemeProposed,
        SchemeApproved,
        BeneficiaryAssigned,
        CounterpartPledged,
        SupportCommitted,
        CommitmentReduced,
        CommitmentCancelled,
        AdvancePaid,
        DisbursementPaid,
        PaymentReversed,
        AcceptanceRecorded,
        SettlementApproved,
        CriteriaEvaluated,
        DeliveryEvent,
        EvaluationEvent,
        EntryCorrected,
        StepEvent,
        CourseEvent,
        ProgressEvent,
        SettlingEvent,
        ReallocationEvent,
        CounterpartInvested,
        PeriodEvent,
        GeographyEvent,
        PlanEvent,
        PolicyEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
    lookups=(("scheme_id", "commitment_id"),),
)
