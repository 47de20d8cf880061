"""Money that moves (khoản chi): advance, disburse, reverse, accept, settle."""

from collections.abc import Sequence

from events.dates import checked_year, happened
from events.facility import Facility, operating
from events.facility import stream as facility_stream
from events.identity import checked_code
from events.money import Vnd, checked_amount
from events.rules import Occasion
from events.scheme.commands import (
    ApproveSettlement,
    PayAdvance,
    PayDisbursement,
    RecordAcceptance,
    ReversePayment,
)
from events.scheme.commitments import known_commitment, open_commitment
from events.scheme.facts import (
    AcceptanceRecorded,
    AdvancePaid,
    DisbursementPaid,
    PaymentReversed,
    SchemeEvent,
    SettlementApproved,
)
from events.scheme.money_refusals import (
    AcceptanceDiffers,
    CommitmentExceeded,
    NotABeneficiary,
    NotAccepted,
    PaymentDiffers,
    UnknownPayment,
)
from events.scheme.state import Commitment, PaymentFact, Scheme
from events.text import required


def advance(command: PayAdvance, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    commitment = known_commitment(command.commitment_id, scheme)
    payment = AdvancePaid(
        scheme_id=command.scheme_id,
        commitment_id=command.commitment_id,
        payment_id=command.payment_id,
        amount=command.amount,
        voucher=required("voucher", command.voucher),
        source=commitment.promise.source,
        budget_year=command.budget_year,
    )
    return _paid(command, payment, scheme, occasion)


def disburse(command: PayDisbursement, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    commitment = known_commitment(command.commitment_id, scheme)
    payment = DisbursementPaid(
        scheme_id=command.scheme_id,
        commitment_id=command.commitment_id,
        payment_id=command.payment_id,
        amount=command.amount,
        voucher=required("voucher", command.voucher),
        final=command.final,
        source=commitment.promise.source,
        budget_year=command.budget_year,
    )
    paid = _paid(command, payment, scheme, occasion)
    if paid and command.final and commitment.acceptance is None:
        raise NotAccepted(commitment_id=command.commitment_id, requested=command.amount)
    return paid


def reverse(command: ReversePayment, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    """Stays possible on closed facilities and ended commitments: a mistake can always be undone.

    Recorded each time it is asked for: two equal reversals are two reversals.
    """
    happened(occasion)
    checked_amount("amount", command.amount)
    payment = scheme.payments.get(command.payment_id)
    if payment is None:
        raise UnknownPayment(payment_id=command.payment_id)
    if command.amount > payment.left:
        raise CommitmentExceeded(
            commitment_id=payment.made.commitment_id,
            requested=command.amount,
            available=payment.left,
        )
    return (
        PaymentReversed(
            scheme_id=command.scheme_id,
            commitment_id=payment.made.commitment_id,
            payment_id=command.payment_id,
            amount=command.amount,
            reason=required("reason", command.reason),
            source=payment.made.source,
            budget_year=payment.made.budget_year,
        ),
    )


def accept(command: RecordAcceptance, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    happened(occasion)
    checked_amount("accepted_value", command.accepted_value)
    acceptance = AcceptanceRecorded(
        scheme_id=command.scheme_id,
        commitment_id=command.commitment_id,
        accepted_value=command.accepted_value,
        council=required("council", command.council),
    )
    known = known_commitment(command.commitment_id, scheme).acceptance
    if known is not None:
        if known == acceptance:
            return ()
        raise AcceptanceDiffers(commitment_id=command.commitment_id)
    open_commitment(command.commitment_id, scheme)
    return (acceptance,)


def settle(command: ApproveSettlement, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    """A settlement below what was paid is legal: the difference is to be recovered."""
    happened(occasion)
    checked_amount("amount", command.amount)
    commitment = known_commitment(command.commitment_id, scheme)
    settlement = SettlementApproved(
        scheme_id=command.scheme_id,
        commitment_id=command.commitment_id,
        amount=command.amount,
        source=commitment.promise.source,
        budget_year=commitment.promise.budget_year,
    )
    if commitment.settlement == settlement:
        return ()
    open_commitment(command.commitment_id, scheme)
    acceptance = commitment.acceptance
    if acceptance is None or command.amount > acceptance.accepted_value:
        raise NotAccepted(commitment_id=command.commitment_id, requested=command.amount)
    _check_within(command.amount, commitment.left, commitment)
    return (settlement,)


def _paid(
    command: PayAdvance | PayDisbursement,
    payment: PaymentFact,
    scheme: Scheme,
    occasion: Occasion,
) -> Sequence[PaymentFact]:
    """What advances and disbursements have in common."""
    happened(occasion)
    checked_code("payment_id", command.payment_id)
    checked_amount("amount", command.amount)
    checked_year("budget_year", command.budget_year)
    known = scheme.payments.get(command.payment_id)
    if known is not None:
        if known.made == payment:
            return ()
        raise PaymentDiffers(payment_id=command.payment_id)
    commitment = open_commitment(command.commitment_id, scheme)
    if command.facility_id != commitment.promise.facility_id:
        raise NotABeneficiary(facility_id=command.facility_id)
    neighbour = occasion.neighbour(facility_stream(command.facility_id), Facility)
    operating(command.facility_id, neighbour)
    _check_within(command.amount, Vnd(commitment.left - commitment.net_paid), commitment)
    return (payment,)


def _check_within(requested: Vnd, available: Vnd, commitment: Commitment) -> None:
    if requested > available:
        raise CommitmentExceeded(
            commitment_id=commitment.promise.commitment_id,
            requested=requested,
            available=available,
        )
