"""The account (bút toán): one line for every posting of money, so that totals are sums of lines.

A line is never changed. What takes money back is negative. Place and sector are the beneficiary's
when the scheme chose it.
"""

from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

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
from events.vocabulary import FundingSource, SchemeClass
from projections.beneficiary import Beneficiary, beneficiary
from projections.commitment import Commitment, commitment
from projections.projection import Key, Look, Projection
from projections.scheme import Scheme, scheme


class EntryKind(Enum):
    """Loại bút toán."""

    PLEDGE = "cam kết vốn đối ứng"
    COMMITMENT = "cam kết hỗ trợ"
    REDUCTION = "giảm cam kết"
    CANCELLATION = "huỷ cam kết"
    ADVANCE = "tạm ứng"
    DISBURSEMENT = "thanh toán"
    REVERSAL = "huỷ, hoàn bút toán"
    SETTLEMENT = "duyệt quyết toán"


class Entry(NamedTuple):
    """One line, on all three axes of time: position, effective date, budget year."""

    position: int
    kind: EntryKind
    scheme_id: SchemeId
    period: PeriodCode
    scheme_class: SchemeClass
    facility_id: FacilityId
    commitment_id: CommitmentId | None
    amount: Vnd
    source: FundingSource
    budget_year: int
    effective_on: date
    recorded_at: datetime
    event_id: UUID
    province_code: str
    province_from: date
    sector_group: str
    synthetic: bool


Posting: TypeAlias = (
    SupportCommitted
    | CommitmentReduced
    | CommitmentCancelled
    | AdvancePaid
    | DisbursementPaid
    | PaymentReversed
    | SettlementApproved
)


def _pledge(event: Recorded[CounterpartPledged], by: Beneficiary) -> Entry:
    fact = event.fact
    return Entry(
        position=event.position,
        kind=EntryKind.PLEDGE,
        scheme_id=fact.scheme_id,
        period=by.period,
        scheme_class=by.scheme_class,
        facility_id=fact.facility_id,
        commitment_id=None,
        amount=fact.amount,
        source=FundingSource.COUNTERPART,
        budget_year=fact.budget_year,
        effective_on=event.effective_on,
        recorded_at=event.recorded_at,
        event_id=event.id,
        province_code=by.province_code,
        province_from=by.province_from,
        sector_group=by.sector_group,
        synthetic=event.synthetic,
    )


def _commitment(event: Recorded[SupportCommitted], on: Commitment, of: Scheme) -> Entry:
    return _line(EntryKind.COMMITMENT, event, on, of)


def _reduction(event: Recorded[CommitmentReduced], on: Commitment, of: Scheme) -> Entry:
    return _line(EntryKind.REDUCTION, event, on, of, sign=-1)


def _cancellation(event: Recorded[CommitmentCancelled], on: Commitment, of: Scheme) -> Entry:
    return _line(EntryKind.CANCELLATION, event, on, of, sign=-1)


def _advance(event: Recorded[AdvancePaid], on: Commitment, of: Scheme) -> Entry:
    return _line(EntryKind.ADVANCE, event, on, of)


def _disbursement(event: Recorded[DisbursementPaid], on: Commitment, of: Scheme) -> Entry:
    return _line(EntryKind.DISBURSEMENT, event, on, of)


def _reversal(event: Recorded[PaymentReversed], on: Commitment, of: Scheme) -> Entry:
    return _line(EntryKind.REVERSAL, event, on, of, sign=-1)


def _settlement(event: Recorded[SettlementApproved], on: Commitment, of: Scheme) -> Entry:
    return _line(EntryKind.SETTLEMENT, event, on, of)


def _line(
    kind: EntryKind, event: Recorded[Posting], on: Commitment, of: Scheme, *, sign: int = 1
) -> Entry:
    fact = event.fact
    return Entry(
        position=event.position,
        kind=kind,
        scheme_id=fact.scheme_id,
        period=on.period,
        scheme_class=of.scheme_class,
        facility_id=on.facility_id,
        commitment_id=fact.commitment_id,
        amount=Vnd(sign * fact.amount),
        source=fact.source,
        budget_year=fact.budget_year,
        effective_on=event.effective_on,
        recorded_at=event.recorded_at,
        event_id=event.id,
        province_code=on.province_code,
        province_from=on.province_from,
        sector_group=on.sector_group,
        synthetic=event.synthetic,
    )


def _by_position(event: Recorded[Any]) -> tuple[Key]:
    return ((event.position,),)


_MONEY = {
    SupportCommitted: _commitment,
    CommitmentReduced: _reduction,
    CommitmentCancelled: _cancellation,
    AdvancePaid: _advance,
    DisbursementPaid: _disbursement,
    PaymentReversed: _reversal,
    SettlementApproved: _settlement,
}
_ON_COMMITMENT = (Look(commitment, commitment.key_of_fact), Look(scheme, scheme.key_of_fact))
_BY_BENEFICIARY = (Look(beneficiary, beneficiary.key_of_fact),)

entry = Projection(
    row=Entry,
    version=1,
    key=("position",),
    is_fresh=True,
    opens={CounterpartPledged: _pledge, **_MONEY},
    keys={CounterpartPledged: _by_position, **dict.fromkeys(_MONEY, _by_position)},
    looks={CounterpartPledged: _BY_BENEFICIARY, **dict.fromkeys(_MONEY, _ON_COMMITMENT)},
    ignores=(
        SchemeProposed,
        SchemeApproved,
        BeneficiaryAssigned,
        AcceptanceRecorded,
        CriteriaEvaluated,
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
    lookups=(
        ("scheme_id", "commitment_id"),
        ("facility_id",),
        ("period",),
        ("province_code", "province_from"),
        ("sector_group",),
    ),
)
