"""What was decided on a scheme (các quyết định về đề án), one row for each, none replaced."""

from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import OrganisationId, SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
from events.scheme.adjustment import SchemeAdjusted, SchemeSupplemented
from events.scheme.appraisal import (
    SchemeGrassrootsAppraised,
    SchemeMinistryAppraised,
    SchemeRejected,
    SchemeResubmitted,
    SchemeReturned,
)
from events.scheme.balance import BalanceEvent
from events.scheme.contract import ContractEvent
from events.scheme.correction import EntryCorrected
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
from events.scheme.halt import SchemeCompleted, SchemeResumed, SchemeStopped, SchemeSuspended
from events.scheme.investment import CounterpartInvested
from events.scheme.prior_period import PriorPeriodEvent
from events.scheme.progress import ProgressEvent
from events.scheme.reallocation import ReallocationEvent
from events.scheme.recovery import RecoveryEvent
from events.scheme.release import ReleaseEvent
from events.scheme.settlement import SettlingEvent
from events.scheme.steps import StepEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.vocabulary import AdjustmentKind, Verdict
from projections.projection import Key, Projection


class DecisionKind(Enum):
    """Loại quyết định về đề án."""

    GRASSROOTS_APPRAISAL = "thẩm định cấp cơ sở"
    MINISTRY_APPRAISAL = "thẩm định cấp Bộ"
    RETURN = "yêu cầu bổ sung"
    RESUBMISSION = "đăng ký lại"
    REJECTION = "từ chối"
    APPROVAL = "phê duyệt"
    SUSPENSION = "tạm dừng"
    RESUMPTION = "tiếp tục"
    STOP = "ngừng"
    COMPLETION = "hoàn thành"
    ADJUSTMENT = "điều chỉnh"
    SUPPLEMENT = "bổ sung"


class Decision(NamedTuple):
    """One decision. What it changed in figures, the event says."""

    scheme_id: SchemeId
    position: int
    kind: DecisionKind
    adjustment: AdjustmentKind | None
    verdict: Verdict | None
    council: str | None
    remarks: str | None
    approver: OrganisationId | None
    holds_from: date | None
    decided_on: date
    synthetic: bool


_KINDS = {
    SchemeGrassrootsAppraised: DecisionKind.GRASSROOTS_APPRAISAL,
    SchemeMinistryAppraised: DecisionKind.MINISTRY_APPRAISAL,
    SchemeReturned: DecisionKind.RETURN,
    SchemeResubmitted: DecisionKind.RESUBMISSION,
    SchemeRejected: DecisionKind.REJECTION,
    SchemeApproved: DecisionKind.APPROVAL,
    SchemeSuspended: DecisionKind.SUSPENSION,
    SchemeResumed: DecisionKind.RESUMPTION,
    SchemeStopped: DecisionKind.STOP,
    SchemeCompleted: DecisionKind.COMPLETION,
    SchemeAdjusted: DecisionKind.ADJUSTMENT,
    SchemeSupplemented: DecisionKind.SUPPLEMENT,
}


def _bare(event: Recorded[Any]) -> Decision:
    return Decision(
        scheme_id=event.fact.scheme_id,
        position=event.position,
        kind=_KINDS[type(event.fact)],
        adjustment=None,
        verdict=None,
        council=None,
        remarks=None,
        approver=None,
        holds_from=None,
        decided_on=event.effective_on,
        synthetic=event.synthetic,
    )


def _appraised(
    event: Recorded[SchemeGrassrootsAppraised] | Recorded[SchemeMinistryAppraised],
) -> Decision:
    fact = event.fact
    return _bare(event)._replace(verdict=fact.verdict, council=fact.council, remarks=fact.remarks)


def _said(event: Recorded[SchemeReturned] | Recorded[SchemeRejected]) -> Decision:
    return _bare(event)._replace(remarks=event.fact.reason)


def _suspended(event: Recorded[SchemeSuspended]) -> Decision:
    fact = event.fact
    return _bare(event)._replace(remarks=fact.reason, holds_from=fact.freeze_date)


def _resumed(event: Recorded[SchemeResumed]) -> Decision:
    return _bare(event)._replace(remarks=event.fact.reason, holds_from=event.fact.resumes_on)


def _stopped(event: Recorded[SchemeStopped]) -> Decision:
    fact = event.fact
    return _bare(event)._replace(
        remarks=fact.reason, holds_from=fact.freeze_date, approver=fact.approver
    )


def _adjusted(event: Recorded[SchemeAdjusted]) -> Decision:
    fact = event.fact
    return _bare(event)._replace(
        remarks=fact.reason, approver=fact.approver, adjustment=fact.adjustment
    )


def _supplemented(event: Recorded[SchemeSupplemented]) -> Decision:
    return _bare(event)._replace(remarks=event.fact.reason, approver=event.fact.approver)


def _by_event(event: Recorded[Any]) -> tuple[Key]:
    return ((event.fact.scheme_id, event.position),)


decision = Projection(
    row=Decision,
    version=1,
    key=("scheme_id", "position"),
    is_fresh=True,
    opens={
        SchemeGrassrootsAppraised: _appraised,
        SchemeMinistryAppraised: _appraised,
        SchemeReturned: _said,
        SchemeResubmitted: _bare,
        SchemeRejected: _said,
        SchemeApproved: _bare,
        SchemeSuspended: _suspended,
        SchemeResumed: _resumed,
        SchemeStopped: _stopped,
        SchemeCompleted: _bare,
        SchemeAdjusted: _adjusted,
        SchemeSupplemented: _supplemented,
    },
    keys=dict.fromkeys(_KINDS, _by_event),
    ignores=(
        BalanceEvent,
        BooksEvent,
        PriorPeriodEvent,
        CounterpartInvested,
        ReallocationEvent,
        RecoveryEvent,
        SchemeProposed,
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
        ProgressEvent,
        StepEvent,
        SettlingEvent,
        EntryCorrected,
        ReleaseEvent,
        ContractEvent,
        PeriodEvent,
        PolicyEvent,
        PlanEvent,
        EvaluationEvent,
        DeliveryEvent,
        GeographyEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
)
