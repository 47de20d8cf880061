"""Commitments (cam kết hỗ trợ): grant money promised for one cost item, and what became of it."""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import CommitmentId, FacilityId, PeriodCode, SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.money import Vnd
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
from events.scheme.balance import BalanceEvent
from events.scheme.correction import EntryCorrected, difference, instead
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
from events.scheme.prior_period import PriorPeriodAdjusted
from events.scheme.progress import InspectionHeld, ProgressReported
from events.scheme.reallocation import CommitmentReallocated, ReallocationReceived
from events.scheme.recovery import RecoveryOrdered, RecoveryReceived, RecoveryWrittenOff
from events.scheme.settlement import AcceptanceRefused, SettlementSubmitted
from events.scheme.steps import StepEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.vocabulary import Activity, FundingSource
from projections.beneficiary import Beneficiary, beneficiary
from projections.projection import Key, Look, Projection


class CommitmentStatus(Enum):
    """Trạng thái cam kết."""

    ACTIVE = "đang thực hiện"
    CANCELLED = "đã huỷ"
    NOT_ACCEPTED = "nghiệm thu không đạt"
    ACCEPTED = "đã nghiệm thu"
    SETTLED = "đã quyết toán"


class Commitment(NamedTuple):
    """Stocks, in đồng.

    Promised now = committed - taken_back, both with what was re-allocated. Paid = advanced +
    disbursed - reversed; what was recovered of it stands beside.
    """

    scheme_id: SchemeId
    commitment_id: CommitmentId
    facility_id: FacilityId
    period: PeriodCode
    activity: Activity
    cost_item: str
    total_cost: Vnd
    source: FundingSource
    budget_year: int
    committed: Vnd
    taken_back: Vnd
    advanced: Vnd
    disbursed: Vnd
    reversed: Vnd
    shortfall: Vnd | None
    accepted_value: Vnd | None
    progress: int | None
    submitted: Vnd | None
    settled: Vnd | None
    claimed: Vnd
    recovered: Vnd
    written_off: Vnd
    status: CommitmentStatus
    cap_basis: str | None
    committed_on: date
    province_code: str
    province_from: date
    sector_group: str
    synthetic: bool


def _promised(event: Recorded[SupportCommitted], to: Beneficiary) -> Commitment:
    fact = event.fact
    return Commitment(
        scheme_id=fact.scheme_id,
        commitment_id=fact.commitment_id,
        facility_id=fact.facility_id,
        period=to.period,
        activity=fact.activity,
        cost_item=fact.cost_item,
        total_cost=fact.total_cost,
        source=fact.source,
        budget_year=fact.budget_year,
        committed=fact.amount,
        taken_back=Vnd(0),
        advanced=Vnd(0),
        disbursed=Vnd(0),
        reversed=Vnd(0),
        shortfall=None,
        accepted_value=None,
        progress=None,
        submitted=None,
        settled=None,
        claimed=Vnd(0),
        recovered=Vnd(0),
        written_off=Vnd(0),
        status=CommitmentStatus.ACTIVE,
        cap_basis=fact.cap_basis,
        committed_on=event.effective_on,
        province_code=to.province_code,
        province_from=to.province_from,
        sector_group=to.sector_group,
        synthetic=event.synthetic,
    )


def _reduced(
    row: Commitment, event: Recorded[CommitmentReduced] | Recorded[CommitmentReallocated]
) -> Commitment:
    return row._replace(taken_back=Vnd(row.taken_back + event.fact.amount))


def _cancelled(row: Commitment, event: Recorded[CommitmentCancelled]) -> Commitment:
    taken_back = Vnd(row.taken_back + event.fact.amount)
    return row._replace(taken_back=taken_back, status=CommitmentStatus.CANCELLED)


def _advanced(row: Commitment, event: Recorded[AdvancePaid]) -> Commitment:
    return row._replace(advanced=Vnd(row.advanced + event.fact.amount))


def _disbursed(row: Commitment, event: Recorded[DisbursementPaid]) -> Commitment:
    return row._replace(disbursed=Vnd(row.disbursed + event.fact.amount))


def _reversed(row: Commitment, event: Recorded[PaymentReversed]) -> Commitment:
    return row._replace(reversed=Vnd(row.reversed + event.fact.amount))


def _adjusted(row: Commitment, event: Recorded[PriorPeriodAdjusted]) -> Commitment:
    return row._replace(reversed=Vnd(row.reversed - event.fact.moved))


def _accepted(row: Commitment, event: Recorded[AcceptanceRecorded]) -> Commitment:
    value = event.fact.accepted_value
    return row._replace(accepted_value=value, shortfall=None, status=CommitmentStatus.ACCEPTED)


def _not_accepted(row: Commitment, event: Recorded[AcceptanceRefused]) -> Commitment:
    return row._replace(shortfall=event.fact.shortfall, status=CommitmentStatus.NOT_ACCEPTED)


def _submitted(row: Commitment, event: Recorded[SettlementSubmitted]) -> Commitment:
    return row._replace(submitted=event.fact.eligible)


def _claimed(row: Commitment, event: Recorded[RecoveryOrdered]) -> Commitment:
    return row._replace(claimed=Vnd(row.claimed + event.fact.amount))


def _recovered(row: Commitment, event: Recorded[RecoveryReceived]) -> Commitment:
    return row._replace(recovered=Vnd(row.recovered + event.fact.amount))


def _written_off(row: Commitment, event: Recorded[RecoveryWrittenOff]) -> Commitment:
    return row._replace(written_off=Vnd(row.written_off + event.fact.amount))


def _grown(row: Commitment, event: Recorded[ReallocationReceived]) -> Commitment:
    return row._replace(committed=Vnd(row.committed + event.fact.amount))


def _seen(
    row: Commitment, event: Recorded[ProgressReported] | Recorded[InspectionHeld]
) -> Commitment:
    percent = event.fact.percent
    return row if percent is None else row._replace(progress=percent)


def _settled(row: Commitment, event: Recorded[SettlementApproved]) -> Commitment:
    return row._replace(settled=event.fact.amount, status=CommitmentStatus.SETTLED)


def _corrected(row: Commitment, event: Recorded[EntryCorrected]) -> Commitment:
    said = event.fact
    settled, accepted = row.settled, row.accepted_value
    more = difference(said, "AcceptanceRecorded", "acceptedValue")
    return row._replace(
        committed=Vnd(row.committed + difference(said, "SupportCommitted")),
        total_cost=Vnd(row.total_cost + difference(said, "SupportCommitted", "totalCost")),
        cost_item=instead(said, "SupportCommitted", "costItem", row.cost_item),
        taken_back=Vnd(row.taken_back + difference(said, "CommitmentReduced")),
        advanced=Vnd(row.advanced + difference(said, "AdvancePaid")),
        disbursed=Vnd(row.disbursed + difference(said, "DisbursementPaid")),
        reversed=Vnd(row.reversed + difference(said, "PaymentReversed")),
        accepted_value=None if accepted is None else Vnd(accepted + more),
        settled=None if settled is None else Vnd(settled + difference(said, "SettlementApproved")),
    )


def _of(event: Recorded[EntryCorrected]) -> Iterator[Key]:
    fact = event.fact
    if fact.commitment_id is not None:
        yield fact.scheme_id, fact.commitment_id


commitment = Projection(
    row=Commitment,
    version=3,
    key=("scheme_id", "commitment_id"),
    is_fresh=True,
    opens={SupportCommitted: _promised},
    changes={
        CommitmentReduced: _reduced,
        CommitmentReallocated: _reduced,
        ReallocationReceived: _grown,
        AcceptanceRefused: _not_accepted,
        SettlementSubmitted: _submitted,
        RecoveryOrdered: _claimed,
        RecoveryReceived: _recovered,
        RecoveryWrittenOff: _written_off,
        CommitmentCancelled: _cancelled,
        AdvancePaid: _advanced,
        DisbursementPaid: _disbursed,
        PaymentReversed: _reversed,
        PriorPeriodAdjusted: _adjusted,
        ProgressReported: _seen,
        InspectionHeld: _seen,
        AcceptanceRecorded: _accepted,
        SettlementApproved: _settled,
        EntryCorrected: _corrected,
    },
    keys={EntryCorrected: _of},
    looks={SupportCommitted: (Look(beneficiary, beneficiary.key_of_fact),)},
    ignores=(
        SchemeProposed,
        SchemeApproved,
        BeneficiaryAssigned,
        CounterpartPledged,
        CriteriaEvaluated,
        CounterpartInvested,
        CourseEvent,
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
    lookups=(("facility_id",), ("period",), ("province_code", "province_from"), ("sector_group",)),
)
