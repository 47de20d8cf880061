"""Money that moves (khoản chi): advance, disburse, reverse."""

from collections.abc import Sequence

from events.advances import PROGRESS_PCT_MIN, AdvanceRule
from events.dates import checked_year, happened
from events.facility import Facility, operating
from events.facility import stream as facility_stream
from events.identity import CommitmentId, checked_code
from events.money import Vnd, checked_amount
from events.policy import advance_limit_of
from events.rules import Occasion
from events.scheme.commands import PayAdvance, PayDisbursement, ReversePayment
from events.scheme.commitments import known_commitment, open_commitment
from events.scheme.facts import AdvancePaid, DisbursementPaid, PaymentReversed, SchemeEvent
from events.scheme.halting import check_takes_money
from events.scheme.money_refusals import (
    AdvanceLimit,
    CommitmentExceeded,
    NotABeneficiary,
    NotAccepted,
    PaymentDiffers,
    UnknownPayment,
)
from events.scheme.recovery import RecoveryExceeded
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
    paid = _paid(command, payment, scheme, occasion)
    if paid:
        rule = advance_limit_of(commitment.promise.activity, occasion)
        check_advance(command.amount, commitment, rule)
    return paid


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
    check_stays_paid(command.amount, payment.made.commitment_id, scheme)
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
    check_takes_money(scheme, occasion)
    commitment = open_commitment(command.commitment_id, scheme)
    if command.facility_id != commitment.promise.facility_id:
        raise NotABeneficiary(facility_id=command.facility_id)
    neighbour = occasion.neighbour(facility_stream(command.facility_id), Facility)
    operating(command.facility_id, neighbour)
    check_within(command.amount, Vnd(commitment.left - commitment.net_paid), commitment)
    return (payment,)


def advance_share(commitment: Commitment, rule: AdvanceRule) -> int:
    """The share of what is promised that may be paid ahead now, in hundredths."""
    is_early = rule.needs_progress and commitment.progress <= PROGRESS_PCT_MIN
    return 0 if is_early else rule.share_pct


def check_advance(requested: Vnd, commitment: Commitment, rule: AdvanceRule | None) -> None:
    """Asked when money goes out: a later reduction does not undo a lawful advance."""
    promise = commitment.promise
    if rule is None:
        return
    share_pct = advance_share(commitment, rule)
    available = max(commitment.left * share_pct // 100 - commitment.advanced, 0)
    if requested > available:
        raise AdvanceLimit(
            commitment_id=promise.commitment_id,
            activity=promise.activity,
            legal_basis=rule.legal_basis,
            share_pct=share_pct,
            progress=commitment.progress,
            requested=requested,
            available=Vnd(available),
        )


def check_stays_paid(taken_back: Vnd, of: CommitmentId, scheme: Scheme) -> None:
    """What has come back was paid: of a payment that never was, nothing could have."""
    available = Vnd(scheme.commitments[of].net_paid - scheme.recoveries.received(of))
    if taken_back > available:
        raise RecoveryExceeded(commitment_id=of, requested=taken_back, available=available)


def check_within(requested: Vnd, available: Vnd, commitment: Commitment) -> None:
    """Refuse more than a commitment still has for this."""
    if requested > available:
        raise CommitmentExceeded(
            commitment_id=commitment.promise.commitment_id,
            requested=requested,
            available=available,
        )
