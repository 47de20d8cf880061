"""Payments (khoản chi): advances and disbursements, and what of them was taken back."""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import CommitmentId, PaymentId, SchemeId
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
from events.scheme.progress import ProgressEvent
from events.scheme.reallocation import ReallocationEvent
from events.scheme.recovery import RecoveryEvent
from events.scheme.settlement import SettlingEvent
from events.scheme.steps import StepEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.vocabulary import FundingSource
from projections.projection import Key, Projection


class PaymentKind(Enum):
    """Loại khoản chi."""

    ADVANCE = "tạm ứng"
    DISBURSEMENT = "thanh toán"


class Payment(NamedTuple):
    """A payment, once made, stays; what was taken back of it stands beside."""

    scheme_id: SchemeId
    payment_id: PaymentId
    commitment_id: CommitmentId
    kind: PaymentKind
    amount: Vnd
    reversed: Vnd
    source: FundingSource
    budget_year: int
    voucher: str
    final: bool
    paid_on: date
    synthetic: bool


def _advance(event: Recorded[AdvancePaid]) -> Payment:
    return _payment(event, PaymentKind.ADVANCE, final=False)


def _disbursement(event: Recorded[DisbursementPaid]) -> Payment:
    return _payment(event, PaymentKind.DISBURSEMENT, final=event.fact.final)


def _payment(
    event: Recorded[AdvancePaid] | Recorded[DisbursementPaid], kind: PaymentKind, *, final: bool
) -> Payment:
    fact = event.fact
    return Payment(
        scheme_id=fact.scheme_id,
        payment_id=fact.payment_id,
        commitment_id=fact.commitment_id,
        kind=kind,
        amount=fact.amount,
        reversed=Vnd(0),
        source=fact.source,
        budget_year=fact.budget_year,
        voucher=fact.voucher,
        final=final,
        paid_on=event.effective_on,
        synthetic=event.synthetic,
    )


def _reversed(row: Payment, event: Recorded[PaymentReversed]) -> Payment:
    return row._replace(reversed=Vnd(row.reversed + event.fact.amount))


def _adjusted(row: Payment, event: Recorded[PriorPeriodAdjusted]) -> Payment:
    return row._replace(reversed=Vnd(row.reversed - event.fact.moved))


def _corrected(row: Payment, event: Recorded[EntryCorrected]) -> Payment:
    said, amount, voucher = event.fact, row.amount, row.voucher
    for kind in ("AdvancePaid", "DisbursementPaid"):
        amount = Vnd(amount + difference(said, kind))
        voucher = instead(said, kind, "voucher", voucher)
    taken_back = Vnd(row.reversed + difference(said, "PaymentReversed"))
    return row._replace(amount=amount, voucher=voucher, reversed=taken_back)


def _of(event: Recorded[EntryCorrected]) -> Iterator[Key]:
    fact = event.fact
    if fact.payment_id is not None:
        yield fact.scheme_id, fact.payment_id


payment = Projection(
    row=Payment,
    version=2,
    key=("scheme_id", "payment_id"),
    is_fresh=True,
    opens={AdvancePaid: _advance, DisbursementPaid: _disbursement},
    changes={
        PaymentReversed: _reversed,
        PriorPeriodAdjusted: _adjusted,
        EntryCorrected: _corrected,
    },
    keys={EntryCorrected: _of},
    ignores=(
        SchemeProposed,
        SchemeApproved,
        BeneficiaryAssigned,
        CounterpartPledged,
        SupportCommitted,
        CommitmentReduced,
        CommitmentCancelled,
        AcceptanceRecorded,
        SettlementApproved,
        CriteriaEvaluated,
        DeliveryEvent,
        ProgressEvent,
        SettlingEvent,
        RecoveryEvent,
        ReallocationEvent,
        CounterpartInvested,
        CourseEvent,
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
    orders=(("paid_on", "scheme_id", "payment_id"),),
)
