"""The rules of recovery (thu hồi): order, receive, write off.

All of them stay possible on closed facilities, ended commitments and stopped schemes: that is when
money comes back.
"""

from collections.abc import Sequence
from typing import assert_never

from events.dates import checked_year, happened
from events.identity import CommitmentId, RecoveryId, checked_code
from events.money import Vnd, checked_amount
from events.rules import Occasion
from events.scheme.commitments import known_commitment
from events.scheme.recovery import (
    OrderRecovery,
    ReceiveRecovery,
    Recovery,
    RecoveryCommand,
    RecoveryDiffers,
    RecoveryEvent,
    RecoveryExceeded,
    RecoveryOrdered,
    RecoveryReceived,
    RecoveryWrittenOff,
    UnknownRecovery,
    WriteOffRecovery,
)
from events.scheme.state import Scheme
from events.text import required
from events.vocabulary import RecoveryBasis


def recover(
    command: RecoveryCommand, scheme: Scheme, occasion: Occasion
) -> Sequence[RecoveryEvent]:
    """Answer a command about money that has to come back."""
    happened(occasion)
    checked_amount("amount", command.amount)
    match command:
        case OrderRecovery():
            return _order(command, scheme)
        case ReceiveRecovery():
            return _receive(command, scheme)
        case WriteOffRecovery():
            return _write_off(command, scheme)
        case _:
            assert_never(command)


def _order(command: OrderRecovery, scheme: Scheme) -> Sequence[RecoveryEvent]:
    """What was paid may be claimed back once; after a settlement, what it leaves uncovered."""
    checked_code("recovery_id", command.recovery_id)
    commitment = known_commitment(command.commitment_id, scheme)
    order = RecoveryOrdered(
        scheme_id=command.scheme_id,
        commitment_id=command.commitment_id,
        recovery_id=command.recovery_id,
        amount=command.amount,
        basis=command.basis,
        reason=required("reason", command.reason),
        source=commitment.promise.source,
        budget_year=commitment.promise.budget_year,
    )
    known = scheme.recoveries.orders.get(command.recovery_id)
    if known is not None:
        if known.order == order:
            return ()
        raise RecoveryDiffers(recovery_id=command.recovery_id)
    paid = commitment.net_paid
    if command.basis is RecoveryBasis.SETTLEMENT:
        settled = commitment.settlement.amount if commitment.settlement else paid
        paid = Vnd(paid - settled)
    available = paid - scheme.recoveries.claimed(command.commitment_id)
    _check_within(command.amount, available, command.commitment_id)
    return (order,)


def _receive(command: ReceiveRecovery, scheme: Scheme) -> Sequence[RecoveryEvent]:
    """Recorded each time it is asked for: two equal receipts are two receipts."""
    checked_year("budget_year", command.budget_year)
    known = _known(command.recovery_id, scheme)
    of = known.order.commitment_id
    # A payment may have been reversed since: what never stood cannot come back.
    left = scheme.commitments[of].net_paid - scheme.recoveries.received(of)
    _check_within(command.amount, min(known.outstanding, left), of)
    return (
        RecoveryReceived(
            scheme_id=command.scheme_id,
            commitment_id=of,
            recovery_id=command.recovery_id,
            amount=command.amount,
            voucher=required("voucher", command.voucher),
            source=known.order.source,
            budget_year=command.budget_year,
        ),
    )


def _write_off(command: WriteOffRecovery, scheme: Scheme) -> Sequence[RecoveryEvent]:
    """Recorded each time it is asked for: two equal parts are two parts."""
    known = _known(command.recovery_id, scheme)
    of = known.order.commitment_id
    _check_within(command.amount, known.outstanding, of)
    return (
        RecoveryWrittenOff(
            scheme_id=command.scheme_id,
            commitment_id=of,
            recovery_id=command.recovery_id,
            amount=command.amount,
            reason=required("reason", command.reason),
            source=known.order.source,
            budget_year=known.order.budget_year,
        ),
    )


def _known(recovery_id: RecoveryId, scheme: Scheme) -> Recovery:
    known = scheme.recoveries.orders.get(recovery_id)
    if known is None:
        raise UnknownRecovery(recovery_id=recovery_id)
    return known


def _check_within(requested: Vnd, available: int, commitment_id: CommitmentId) -> None:
    if requested > available:
        raise RecoveryExceeded(
            commitment_id=commitment_id, requested=requested, available=Vnd(max(available, 0))
        )
