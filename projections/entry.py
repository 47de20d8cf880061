"""The account (bút toán): one line for every posting of money, so that totals are sums of lines.

A line is never changed. What takes money back is negative. Place and sector are as when chosen.
"""

from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple, TypeAlias, get_args
from uuid import UUID

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
from events.scheme.correction import EntryCorrected, difference
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
from events.scheme.progress import ProgressEvent
from events.scheme.reallocation import CommitmentReallocated, ReallocationReceived
from events.scheme.recovery import RecoveryOrdered, RecoveryReceived, RecoveryWrittenOff
from events.scheme.settlement import SettlingEvent
from events.scheme.steps import StepEvent
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
    REALLOCATION_OUT = "điều chuyển đi"
    REALLOCATION_IN = "điều chuyển đến"
    RECOVERY = "thu hồi"
    INVESTMENT = "đã chi vốn đối ứng"


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
    | CommitmentReallocated
    | ReallocationReceived
    | RecoveryReceived
    | PriorPeriodAdjusted
)


def _pledge(event: Recorded[CounterpartPledged], by: Beneficiary) -> Entry:
    return _counterpart(EntryKind.PLEDGE, event, by)


def _investment(event: Recorded[CounterpartInvested], by: Beneficiary) -> Entry:
    return _counterpart(EntryKind.INVESTMENT, event, by)


def _counterpart(
    kind: EntryKind,
    event: Recorded[CounterpartPledged] | Recorded[CounterpartInvested],
    by: Beneficiary,
) -> Entry:
    fact = event.fact
    return Entry(
        position=event.position,
        kind=kind,
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


def _posted(event: Recorded[Posting], on: Commitment, of: Scheme) -> Entry:
    kind, sign = _LINES[event.type]
    return _line(kind, event, on, of, sign=sign)


def _adjusted(event: Recorded[PriorPeriodAdjusted], on: Commitment, of: Scheme) -> Entry:
    return _line(EntryKind.REVERSAL, event, on, of, sign=-1 if event.fact.moved < 0 else 1)


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


def _correction(event: Recorded[EntryCorrected], by: Beneficiary | None) -> tuple[Entry, ...]:
    """The difference, as another line of the kind that the corrected one is."""
    fact = event.fact
    line = _LINES.get(fact.corrects_type)
    if line is None or by is None or fact.source is None or fact.budget_year is None:
        return ()
    kind, sign = line
    moved = difference(fact, fact.corrects_type)
    if not moved:
        return ()
    return (
        Entry(
            position=event.position,
            kind=kind,
            scheme_id=fact.scheme_id,
            period=by.period,
            scheme_class=by.scheme_class,
            facility_id=by.facility_id,
            commitment_id=fact.commitment_id,
            amount=Vnd(sign * moved),
            source=fact.source,
            budget_year=fact.budget_year,
            effective_on=event.effective_on,
            recorded_at=event.recorded_at,
            event_id=event.id,
            province_code=by.province_code,
            province_from=by.province_from,
            sector_group=by.sector_group,
            synthetic=event.synthetic,
        ),
    )


def _by_position(event: Recorded[Any]) -> tuple[Key]:
    return ((event.position,),)


def _if_money(event: Recorded[EntryCorrected]) -> tuple[Key, ...]:
    moved = event.fact.corrects_type in _LINES and difference(event.fact, event.fact.corrects_type)
    return ((event.position,),) if moved else ()


def _beneficiary_of(fact: EntryCorrected) -> Key | None:
    return None if fact.facility_id is None else (fact.scheme_id, fact.facility_id)


_LINES = {
    "CounterpartPledged": (EntryKind.PLEDGE, 1),
    "SupportCommitted": (EntryKind.COMMITMENT, 1),
    "CommitmentReduced": (EntryKind.REDUCTION, -1),
    "AdvancePaid": (EntryKind.ADVANCE, 1),
    "DisbursementPaid": (EntryKind.DISBURSEMENT, 1),
    "PaymentReversed": (EntryKind.REVERSAL, -1),
    "SettlementApproved": (EntryKind.SETTLEMENT, 1),
    "CommitmentCancelled": (EntryKind.CANCELLATION, -1),
    "CommitmentReallocated": (EntryKind.REALLOCATION_OUT, -1),
    "ReallocationReceived": (EntryKind.REALLOCATION_IN, 1),
    "RecoveryReceived": (EntryKind.RECOVERY, -1),
}
"""Kind of event -> the line it is, and its sign; a correction of one is another such line."""


_MONEY: tuple[type, ...] = get_args(Posting)
_COUNTERPART = {CounterpartPledged: _pledge, CounterpartInvested: _investment}
_ON_COMMITMENT = (Look(commitment, commitment.key_of_fact), Look(scheme, scheme.key_of_fact))
_BY_BENEFICIARY = (Look(beneficiary, beneficiary.key_of_fact),)

entry = Projection(
    row=Entry,
    version=2,
    key=("position",),
    is_fresh=True,
    opens={**_COUNTERPART, **dict.fromkeys(_MONEY, _posted), PriorPeriodAdjusted: _adjusted},
    spreads={EntryCorrected: _correction},
    keys={
        **dict.fromkeys((*_COUNTERPART, *_MONEY), _by_position),
        EntryCorrected: _if_money,
    },
    looks={
        **dict.fromkeys(_COUNTERPART, _BY_BENEFICIARY),
        EntryCorrected: (Look(beneficiary, _beneficiary_of),),
        **dict.fromkeys(_MONEY, _ON_COMMITMENT),
    },
    ignores=(
        CourseEvent,
        SchemeProposed,
        SchemeApproved,
        BeneficiaryAssigned,
        AcceptanceRecorded,
        CriteriaEvaluated,
        DeliveryEvent,
        ProgressEvent,
        SettlingEvent,
        RecoveryOrdered,
        RecoveryWrittenOff,
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
    lookups=(
        ("scheme_id", "commitment_id"),
        ("facility_id",),
        ("period",),
        ("province_code", "province_from"),
        ("sector_group",),
        ("budget_year", "source"),
    ),
)
