"""Commitments (cam kết hỗ trợ): grant money promised for one cost item, and what became of it."""

from datetime import date
from enum import Enum
from typing import NamedTuple

from events.envelope import Recorded
from events.facility.facts import FacilityEvent
from events.identity import CommitmentId, FacilityId, PeriodCode, SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.money import Vnd
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
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
from events.signing import SigningEvent
from events.source import SourceEvent
from events.vocabulary import Activity, FundingSource
from projections.beneficiary import Beneficiary, beneficiary
from projections.projection import Look, Projection


class CommitmentStatus(Enum):
    """Trạng thái cam kết."""

    ACTIVE = "đang thực hiện"
    CANCELLED = "đã huỷ"
    ACCEPTED = "đã nghiệm thu"
    SETTLED = "đã quyết toán"


class Commitment(NamedTuple):
    """Stocks, in đồng.

    Promised now = committed - taken_back. Paid = advanced + disbursed - reversed.
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
    accepted_value: Vnd | None
    settled: Vnd | None
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
        accepted_value=None,
        settled=None,
        status=CommitmentStatus.ACTIVE,
        cap_basis=fact.cap_basis,
        committed_on=event.effective_on,
        province_code=to.province_code,
        province_from=to.province_from,
        sector_group=to.sector_group,
        synthetic=event.synthetic,
    )


def _reduced(row: Commitment, event: Recorded[CommitmentReduced]) -> Commitment:
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


def _accepted(row: Commitment, event: Recorded[AcceptanceRecorded]) -> Commitment:
    return row._replace(accepted_value=event.fact.accepted_value, status=CommitmentStatus.ACCEPTED)


def _settled(row: Commitment, event: Recorded[SettlementApproved]) -> Commitment:
    return row._replace(settled=event.fact.amount, status=CommitmentStatus.SETTLED)


commitment = Projection(
    row=Commitment,
    version=1,
    key=("scheme_id", "commitment_id"),
    is_fresh=True,
    opens={SupportCommitted: _promised},
    changes={
        CommitmentReduced: _reduced,
        CommitmentCancelled: _cancelled,
        AdvancePaid: _advanced,
        DisbursementPaid: _disbursed,
        PaymentReversed: _reversed,
        AcceptanceRecorded: _accepted,
        SettlementApproved: _settled,
    },
    looks={SupportCommitted: (Look(beneficiary, beneficiary.key_of_fact),)},
    ignores=(
        SchemeProposed,
        SchemeApproved,
        BeneficiaryAssigned,
        CounterpartPledged,
        CriteriaEvaluated,
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
    lookups=(("facility_id",), ("period",), ("province_code", "province_from"), ("sector_group",)),
)
