"""Money that comes back: never more than was paid and claimed, whatever was closed meanwhile."""

from dataclasses import replace

import pytest

from events.dates import FutureEffectiveDate
from events.facility import FACILITY
from events.identity import CommitmentId, InvalidCode, RecoveryId
from events.money import Figure, InvalidAmount, Vnd
from events.scheme import (
    SCHEME,
    OrderRecovery,
    PaymentReversed,
    ReceiveRecovery,
    RecoveryDiffers,
    RecoveryExceeded,
    RecoveryOrdered,
    RecoveryReceived,
    RecoveryWrittenOff,
    UnknownCommitment,
    UnknownRecovery,
    WriteOffRecovery,
)
from events.text import InvalidText
from events.vocabulary import FundingSource, RecoveryBasis
from tests.events.test_scheme_payments import (
    READY,
    TOMORROW,
    accepted,
    closed,
    disbursed,
    reverse,
    settled,
)
from tests.spec import TODAY, Spec, fold
from tests.world import COMMITMENT, SCHEME_ID, weaver

check = Spec(SCHEME, {"facility-weaver": fold(FACILITY, [weaver])})
CLAIM = RecoveryId("r1")
PAID = [*READY, disbursed(40, id="p1")]


def order(
    amount: int, *, id: str = CLAIM, basis: RecoveryBasis = RecoveryBasis.AUDIT
) -> OrderRecovery:
    return OrderRecovery(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        recovery_id=RecoveryId(id),
        amount=Vnd(amount),
        basis=basis,
        reason="Kết luận thanh tra",
    )


def ordered(
    amount: int, *, id: str = CLAIM, basis: RecoveryBasis = RecoveryBasis.AUDIT
) -> RecoveryOrdered:
    return RecoveryOrdered(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        recovery_id=RecoveryId(id),
        amount=Vnd(amount),
        basis=basis,
        reason="Kết luận thanh tra",
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2019,
    )


def receive(amount: int, *, id: str = CLAIM) -> ReceiveRecovery:
    return ReceiveRecovery(
        scheme_id=SCHEME_ID,
        recovery_id=RecoveryId(id),
        amount=Vnd(amount),
        voucher="GNT 05",
        budget_year=2020,
    )


def received(amount: int) -> RecoveryReceived:
    return RecoveryReceived(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        recovery_id=CLAIM,
        amount=Vnd(amount),
        voucher="GNT 05",
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2020,
    )


def write_off(amount: int, *, id: str = CLAIM) -> WriteOffRecovery:
    return WriteOffRecovery(
        scheme_id=SCHEME_ID, recovery_id=RecoveryId(id), amount=Vnd(amount), reason="Giải thể"
    )


def written_off(amount: int) -> RecoveryWrittenOff:
    return RecoveryWrittenOff(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        recovery_id=CLAIM,
        amount=Vnd(amount),
        reason="Giải thể",
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2019,
    )


def above(requested: int, available: int) -> RecoveryExceeded:
    return RecoveryExceeded(
        commitment_id=COMMITMENT, requested=Vnd(requested), available=Vnd(available)
    )


def test_no_more_is_claimed_back_than_was_paid_net_and_not_claimed_yet() -> None:
    check(given=READY, when=order(1), then=above(1, 0))
    check(given=PAID, when=order(40), then=[ordered(40)])
    check(given=PAID, when=order(41), then=above(41, 40))
    claimed = [*PAID, ordered(30)]
    check(given=claimed, when=order(10, id="r2"), then=[ordered(10, id="r2")])
    check(given=claimed, when=order(11, id="r2"), then=above(11, 10))


def test_after_a_settlement_what_it_does_not_cover_may_be_claimed() -> None:
    basis = RecoveryBasis.SETTLEMENT
    given = [*PAID, accepted, settled(25)]
    check(given=given, when=order(15, basis=basis), then=[ordered(15, basis=basis)])
    check(given=given, when=order(16, basis=basis), then=above(16, 15))
    check(given=PAID, when=order(1, basis=basis), then=above(1, 0))
    # An auditor may find more than the settlement did.
    check(given=given, when=order(40), then=[ordered(40)])


def test_a_recovery_is_ordered_once() -> None:
    given = [*PAID, ordered(30)]
    check(given=given, when=order(30), then=[])
    check(given=given, when=order(29), then=RecoveryDiffers(recovery_id=CLAIM))


def test_no_more_comes_in_than_is_outstanding() -> None:
    given = [*PAID, ordered(30)]
    check(given=given, when=receive(30), then=[received(30)])
    check(given=given, when=receive(31), then=above(31, 30))
    check(given=[*given, received(20)], when=receive(10), then=[received(10)])
    check(given=[*given, received(20)], when=receive(11), then=above(11, 10))
    check(given=[*given, written_off(25)], when=receive(6), then=above(6, 5))


def test_no_more_is_given_up_than_is_outstanding() -> None:
    given = [*PAID, ordered(30), received(10)]
    check(given=given, when=write_off(20), then=[written_off(20)])
    check(given=given, when=write_off(21), then=above(21, 20))


@pytest.mark.parametrize("command", [receive(1, id="r9"), write_off(1, id="r9")])
def test_what_nobody_claimed_neither_comes_in_nor_is_given_up(
    command: ReceiveRecovery | WriteOffRecovery,
) -> None:
    check(given=PAID, when=command, then=UnknownRecovery(recovery_id=RecoveryId("r9")))


def test_a_payment_of_which_money_came_back_is_not_reversed_below_that() -> None:
    given = [*PAID, ordered(30), received(30)]
    undo = PaymentReversed(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        payment_id=disbursed(40, id="p1").payment_id,
        amount=Vnd(10),
        reason="Chi nhầm",
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2020,
    )

    check(given=given, when=reverse(10), then=[undo])
    check(given=given, when=reverse(11), then=above(11, 10))
    # What was reversed before it came in can no longer come in.
    early = [*PAID, ordered(40), replace(undo, amount=Vnd(15))]
    check(given=early, when=receive(26), then=above(26, 25))


def test_money_comes_back_from_a_closed_facility_and_a_settled_commitment() -> None:
    given = [*PAID, accepted, settled(25)]
    check(given=given, when=order(15), then=[ordered(15)], neighbours=closed)
    check(given=[*given, ordered(15)], when=receive(5), then=[received(5)], neighbours=closed)
    check(given=[*given, ordered(15)], when=write_off(5), then=[written_off(5)], neighbours=closed)


def test_a_recovery_says_what_why_and_when() -> None:
    bad = InvalidAmount(field="amount", amount=Figure(0))
    check(given=PAID, when=order(0), then=bad)
    check(given=PAID, when=replace(order(1), reason=" "), then=InvalidText(field="reason"))
    code = InvalidCode(field="recovery_id", text="r 1")
    check(given=PAID, when=order(1, id="r 1"), then=code)
    stray = replace(order(1), commitment_id=CommitmentId("c9"))
    check(given=PAID, when=stray, then=UnknownCommitment(commitment_id=CommitmentId("c9")))
    future = FutureEffectiveDate(effective_on=TOMORROW, today=TODAY)
    claimed = [*PAID, ordered(30)]
    for command in (order(1), receive(1), write_off(1)):
        check(given=claimed, when=command, then=future, on=TOMORROW)
