"""Progress (tiến độ) of supported work: every report and every inspection, as it was told."""

from datetime import date
from enum import Enum
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import CommitmentId, SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
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
from events.scheme.progress import InspectionHeld, ProgressReported
from events.scheme.reallocation import ReallocationEvent
from events.scheme.recovery import RecoveryEvent
from events.scheme.settlement import SettlingEvent
from events.scheme.steps import StepEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from projections.projection import Key, Projection


class ProgressKind(Enum):
    """Cách ghi nhận tiến độ."""

    REPORT = "báo cáo tiến độ"
    INSPECTION = "kiểm tra"


class Progress(NamedTuple):
    """One report or inspection. None of them replaces another."""

    scheme_id: SchemeId
    position: int
    commitment_id: CommitmentId
    kind: ProgressKind
    percent: int | None
    findings: str
    inspector: str | None
    seen_on: date
    synthetic: bool


def _reported(event: Recorded[ProgressReported]) -> Progress:
    return _told(event, ProgressKind.REPORT, None)


def _inspected(event: Recorded[InspectionHeld]) -> Progress:
    return _told(event, ProgressKind.INSPECTION, event.fact.inspector)


def _told(
    event: Recorded[ProgressReported] | Recorded[InspectionHeld],
    kind: ProgressKind,
    inspector: str | None,
) -> Progress:
    fact = event.fact
    return Progress(
        scheme_id=fact.scheme_id,
        position=event.position,
        commitment_id=fact.commitment_id,
        kind=kind,
        percent=fact.percent,
        findings=fact.findings,
        inspector=inspector,
        seen_on=event.effective_on,
        synthetic=event.synthetic,
    )


def _by_event(event: Recorded[ProgressReported] | Recorded[InspectionHeld]) -> tuple[Key]:
    return ((event.fact.scheme_id, event.position),)


progress = Projection(
    row=Progress,
    version=1,
    key=("scheme_id", "position"),
    is_fresh=True,
    opens={ProgressReported: _reported, InspectionHeld: _inspected},
    keys=dict.fromkeys((ProgressReported, InspectionHeld), _by_event),
    ignores=(
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
        EntryCorrected,
        AcceptanceRecorded,
        SettlementApproved,
        CriteriaEvaluated,
        SettlingEvent,
        RecoveryEvent,
        ReallocationEvent,
        CounterpartInvested,
        CourseEvent,
        PriorPeriodEvent,
        DeliveryEvent,
        EvaluationEvent,
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
        BalanceEvent,
        BooksEvent,
        StepEvent,
        PlanEvent,
        PolicyEvent,
        GeographyEvent,
    ),
    lookups=(("scheme_id", "commitment_id"),),
)
