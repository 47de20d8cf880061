"""Closed budget years (niên độ đã khoá): nothing is entered in them, and how they are adjusted."""

from collections.abc import Sequence

from events.books import checked_open_year, is_closed
from events.dates import checked_year, happened
from events.money import Vnd, checked_amount
from events.rules import Occasion
from events.scheme.facts import SchemeEvent
from events.scheme.money_refusals import CommitmentExceeded, UnknownPayment
from events.scheme.payments import check_stays_paid
from events.scheme.prior_period import (
    AdjustedInEarlierYear,
    AdjustPriorPeriod,
    BudgetYearIsOpen,
    PriorPeriodAdjusted,
)
from events.scheme.state import Payment, Scheme
from events.text import required
from events.vocabulary import Adjustment


def entered(facts: Sequence[SchemeEvent], occasion: Occasion) -> Sequence[SchemeEvent]:
    """The facts, if none of them is an entry of a closed year; whatever rule they come from."""
    for each in facts:
        year = getattr(each, "budget_year", None)
        if year is not None:
            checked_open_year(occasion, year)
    return facts


def adjust(command: AdjustPriorPeriod, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    """Stays possible on closed facilities and ended commitments, as a reversal does.

    As there, what has come back was paid: no adjustment says that it never was.
    Recorded each time it is asked for: two equal adjustments are two adjustments.
    """
    happened(occasion)
    checked_amount("amount", command.amount)
    checked_year("budget_year", command.budget_year)
    payment = scheme.payments.get(command.payment_id)
    if payment is None:
        raise UnknownPayment(payment_id=command.payment_id)
    year = payment.made.budget_year
    if not is_closed(occasion, year):
        raise BudgetYearIsOpen(budget_year=year)
    if command.budget_year <= year:
        raise AdjustedInEarlierYear(adjusted_year=year, budget_year=command.budget_year)
    _check_available(command, payment, scheme)
    return (
        PriorPeriodAdjusted(
            scheme_id=command.scheme_id,
            commitment_id=payment.made.commitment_id,
            payment_id=command.payment_id,
            adjustment=command.adjustment,
            amount=command.amount,
            reason=required("reason", command.reason),
            source=payment.made.source,
            adjusted_year=year,
            budget_year=command.budget_year,
        ),
    )


def _check_available(command: AdjustPriorPeriod, payment: Payment, scheme: Scheme) -> None:
    """No more is taken back than was paid, and no more put back than was taken."""
    commitment_id = payment.made.commitment_id
    commitment = scheme.commitments[commitment_id]
    is_down = command.adjustment is Adjustment.DECREASE
    unpaid = commitment.left - commitment.net_paid
    available = payment.left if is_down else Vnd(min(payment.reversed, unpaid))
    if command.amount > available:
        raise CommitmentExceeded(
            commitment_id=commitment_id, requested=command.amount, available=available
        )
    if is_down:
        check_stays_paid(command.amount, commitment_id, scheme)
