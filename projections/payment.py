"""Payments (khoản chi): advances and disbursements, and what of them was taken back."""

from datetime import date
from enum import Enum
from typing import NamedTuple

from events.envelope import Recorded
from events.facility.facts import FacilityEvent
from events.identity import CommitmentId, PaymentId, SchemeId
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
from events.vocabulary import FundingSource
from projections.projection import Projection


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


payment = Projection(
    row=Payment,
    version=1,
    key=("scheme_id", "payment_id"),
    is_fresh=True,
    opens={AdvancePaid: _advance, DisbursementPaid: _disbursement},
    changes={PaymentReversed: _reversed},
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
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
    lookups=(("scheme_id", "commitment_id"),),
    orders=(("paid_on", "scheme_id", "payment_id"),),
)
