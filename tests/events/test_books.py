"""Books of a budget year close after 31 January of the next; then a year is adjusted from a later.

Every money command of a closed year is refused, whatever rule answers it.
"""

from dataclasses import replace
from datetime import date

import asyncpg
import pytest

from events.books import (
    BOOKS,
    STREAM,
    Books,
    BooksStillOpen,
    BudgetYearClosed,
    BudgetYearIsClosed,
    CloseBudgetYear,
)
from events.dates import FutureEffectiveDate, InvalidYear
from events.facility import FACILITY, RegisterFacility
from events.identity import PaymentId, RecoveryId
from events.ledger import Ledger
from events.log import Log
from events.money import Figure, InvalidAmount, Vnd
from events.rules import Occasion
from events.scheme import (
    SCHEME,
    AcceptanceRecorded,
    AdvancePaid,
    ApproveSettlement,
    AssignBeneficiary,
    CancelCommitment,
    CommitmentExceeded,
    PayAdvance,
    PayDisbursement,
    PaymentReversed,
    PledgeCounterpart,
    ReduceCommitment,
    ReversePayment,
    SchemeCommand,
    UnknownPayment,
)
from events.scheme.prior_period import (
    AdjustedInEarlierYear,
    AdjustPriorPeriod,
    BudgetYearIsOpen,
    PriorPeriodAdjusted,
)
from events.scheme.recovery import RecoveryExceeded, RecoveryOrdered, RecoveryReceived
from events.text import InvalidText
from events.vocabulary import Adjustment, FundingSource, RecoveryBasis
from tests.events.test_plan import begun, ledgers, raced
from tests.spec import Spec, fold
from tests.world import (
    COMMITMENT,
    PAYMENT,
    SCHEME_ID,
    WEAVER,
    approved,
    assigned,
    commit,
    committed,
    pledged,
    proposed,
    weaver,
)

__all__ = ["ledgers"]

CLOSED_ON = date(2020, 3, 1)
NATIONAL = FundingSource.NATIONAL_GRANT
check = Spec(BOOKS)
close = CloseBudgetYear(budget_year=2019, decision="9/QĐ-BTC")
closed = BudgetYearClosed(budget_year=2019, decision="9/QĐ-BTC")
of_weaver = {"facility-weaver": fold(FACILITY, [weaver])}
open_books = Spec(SCHEME, of_weaver)
closed_books = Spec(SCHEME, {**of_weaver, STREAM: Books(closed=frozenset({2019}))})

accepted = AcceptanceRecorded(
    scheme_id=SCHEME_ID, commitment_id=COMMITMENT, accepted_value=Vnd(200), council="Hội đồng"
)
advanced = AdvancePaid(
    scheme_id=SCHEME_ID,
    commitment_id=COMMITMENT,
    payment_id=PAYMENT,
    amount=Vnd(60),
    voucher="UNC 1",
    source=NATIONAL,
    budget_year=2019,
)
STORY = [proposed, approved, assigned, pledged(300), committed(100), accepted, advanced]
pay = PayDisbursement(
    scheme_id=SCHEME_ID,
    commitment_id=COMMITMENT,
    facility_id=WEAVER,
    payment_id=PaymentId("p2"),
    amount=Vnd(5),
    voucher="UNC 2",
    budget_year=2019,
)
advance = PayAdvance(
    scheme_id=SCHEME_ID,
    commitment_id=COMMITMENT,
    facility_id=WEAVER,
    payment_id=PaymentId("p3"),
    amount=Vnd(5),
    voucher="UNC 3",
    budget_year=2019,
)
adjust = AdjustPriorPeriod(
    scheme_id=SCHEME_ID,
    payment_id=PAYMENT,
    adjustment=Adjustment.DECREASE,
    amount=Vnd(20),
    reason="Kết luận kiểm toán",
    budget_year=2020,
)
adjusted = PriorPeriodAdjusted(
    scheme_id=SCHEME_ID,
    commitment_id=COMMITMENT,
    payment_id=PAYMENT,
    adjustment=Adjustment.DECREASE,
    amount=Vnd(20),
    reason="Kết luận kiểm toán",
    source=NATIONAL,
    adjusted_year=2019,
    budget_year=2020,
)
ENTRIES: tuple[SchemeCommand, ...] = (
    PledgeCounterpart(scheme_id=SCHEME_ID, facility_id=WEAVER, amount=Vnd(10), budget_year=2019),
    commit(10, id="c2"),
    ReduceCommitment(
        scheme_id=SCHEME_ID, commitment_id=COMMITMENT, amount=Vnd(10), reason="Điều chỉnh"
    ),
    advance,
    pay,
    ReversePayment(scheme_id=SCHEME_ID, payment_id=PAYMENT, amount=Vnd(10), reason="Chi nhầm"),
    ApproveSettlement(scheme_id=SCHEME_ID, commitment_id=COMMITMENT, amount=Vnd(90)),
)


def exceeded(requested: int, available: int) -> CommitmentExceeded:
    return CommitmentExceeded(
        commitment_id=COMMITMENT, requested=Vnd(requested), available=Vnd(available)
    )


def test_books_close_once_and_from_the_first_of_february_on() -> None:
    check(given=[], when=close, then=[closed], on=date(2020, 2, 1))
    check(given=[closed], when=close, then=[], on=date(2020, 2, 1))
    last = date(2020, 1, 31)
    still = BooksStillOpen(budget_year=2019, open_until=last, effective_on=last)
    check(given=[], when=close, then=still, on=last)


def test_books_are_not_closed_tomorrow_nor_of_no_year_nor_by_nobody() -> None:
    later = date(2020, 12, 1)
    refused = FutureEffectiveDate(effective_on=later, today=date(2020, 11, 5))
    check(given=[], when=close, then=refused, on=later)
    slip = InvalidYear(field="budget_year", year=1999)
    check(given=[], when=replace(close, budget_year=1999), then=slip, on=CLOSED_ON)
    unnamed = InvalidText(field="decision")
    check(given=[], when=replace(close, decision=" "), then=unnamed, on=CLOSED_ON)


@pytest.mark.parametrize("asked", ENTRIES, ids=lambda each: type(each).__name__)
def test_no_money_moves_in_a_year_whose_books_are_closed(asked: SchemeCommand) -> None:
    state = fold(SCHEME, STORY)
    assert SCHEME.decide(asked, state, _occasion(is_closed=False)), "in open books it moves"
    closed_books(given=STORY, when=asked, then=BudgetYearIsClosed(budget_year=2019))


def test_a_commitment_of_a_closed_year_is_not_cancelled() -> None:
    unpaid = STORY[:-2]
    cancel = CancelCommitment(scheme_id=SCHEME_ID, commitment_id=COMMITMENT, reason="Thôi")
    closed_books(given=unpaid, when=cancel, then=BudgetYearIsClosed(budget_year=2019))


def test_a_commitment_of_a_closed_year_is_paid_in_an_open_one() -> None:
    state = fold(SCHEME, STORY)
    later = replace(pay, budget_year=2020)
    assert SCHEME.decide(later, state, _occasion(is_closed=True))


def test_what_was_so_already_is_still_so_when_its_year_is_closed() -> None:
    again = replace(advance, payment_id=PAYMENT, amount=Vnd(60), voucher="UNC 1")
    closed_books(given=STORY, when=again, then=[])


def test_a_payment_of_a_closed_year_is_adjusted_in_an_open_one() -> None:
    closed_books(given=STORY, when=adjust, then=[adjusted])
    rest = replace(adjust, amount=Vnd(41))
    closed_books(given=[*STORY, adjusted], when=rest, then=exceeded(41, 40))


def test_what_has_come_back_of_a_payment_of_a_closed_year_stays_paid() -> None:
    of = {"scheme_id": SCHEME_ID, "commitment_id": COMMITMENT, "recovery_id": RecoveryId("r1")}
    money = {"amount": Vnd(50), "source": NATIONAL, "budget_year": 2020}
    ordered = RecoveryOrdered(**of, **money, basis=RecoveryBasis.AUDIT, reason="Kết luận")
    came = [*STORY, ordered, RecoveryReceived(**of, **money, voucher="GNT 1")]
    too_much = RecoveryExceeded(commitment_id=COMMITMENT, requested=Vnd(20), available=Vnd(10))
    closed_books(given=came, when=adjust, then=too_much)
    rest, told = replace(adjust, amount=Vnd(10)), replace(adjusted, amount=Vnd(10))
    closed_books(given=came, when=rest, then=[told])


def test_what_was_taken_back_wrongly_is_put_back_and_no_more() -> None:
    back = replace(adjust, adjustment=Adjustment.INCREASE)
    told = replace(adjusted, adjustment=Adjustment.INCREASE)
    closed_books(given=[*STORY, adjusted], when=back, then=[told])
    closed_books(given=STORY, when=back, then=exceeded(20, 0))
    closed_books(given=[*STORY, adjusted, told], when=back, then=exceeded(20, 0))


def test_an_increase_leaves_the_payments_within_the_commitment() -> None:
    reversed_ = PaymentReversed(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        payment_id=PAYMENT,
        amount=Vnd(60),
        reason="Chi nhầm",
        source=NATIONAL,
        budget_year=2019,
    )
    paid = replace(advanced, payment_id=PaymentId("p9"), amount=Vnd(90), budget_year=2020)
    back = replace(adjust, adjustment=Adjustment.INCREASE)
    closed_books(given=[*STORY, reversed_, paid], when=back, then=exceeded(20, 10))


def test_a_payment_of_an_open_year_is_reversed_not_adjusted() -> None:
    open_books(given=STORY, when=adjust, then=BudgetYearIsOpen(budget_year=2019))


def test_an_adjustment_stands_in_a_later_year_that_is_open() -> None:
    same = AdjustedInEarlierYear(adjusted_year=2019, budget_year=2019)
    closed_books(given=STORY, when=replace(adjust, budget_year=2019), then=same)
    both = Spec(SCHEME, {STREAM: Books(closed=frozenset({2019, 2020}))})
    both(given=STORY, when=adjust, then=BudgetYearIsClosed(budget_year=2020))


def test_an_adjustment_is_of_a_payment_by_an_amount_for_a_reason() -> None:
    unknown = PaymentId("unknown")
    refused = UnknownPayment(payment_id=unknown)
    closed_books(given=STORY, when=replace(adjust, payment_id=unknown), then=refused)
    nothing = InvalidAmount(field="amount", amount=Figure(0))
    closed_books(given=STORY, when=replace(adjust, amount=Vnd(0)), then=nothing)
    slip = InvalidYear(field="budget_year", year=20200)
    closed_books(given=STORY, when=replace(adjust, budget_year=20200), then=slip)
    why = InvalidText(field="reason")
    closed_books(given=STORY, when=replace(adjust, reason=" "), then=why)


def _occasion(*, is_closed: bool) -> Occasion:
    books = Books(closed=frozenset({2019})) if is_closed else None
    return Occasion(
        effective_on=date(2020, 3, 1),
        today=date(2020, 11, 5),
        neighbours={**of_weaver, STREAM: books},
    )


async def test_an_entry_that_races_with_the_closing_comes_first_or_not_at_all(
    ledgers: tuple[Ledger, Ledger], pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    one, other = ledgers
    await begun(
        one,
        RegisterFacility(
            facility_id=WEAVER,
            name=weaver.name,
            legal_form=weaver.legal_form,
            ownership=weaver.ownership,
            province=weaver.province,
            sector=weaver.sector,
        ),
        AssignBeneficiary(scheme_id=SCHEME_ID, facility_id=WEAVER),
    )
    answers = await raced((one, ENTRIES[0]), (other, close), on=CLOSED_ON)
    assert answers[1] == ["BudgetYearClosed"]
    (ending,) = await Log(pool).stream(STREAM)
    told = [each.position for each in await Log(pool).stream(f"scheme-{SCHEME_ID}")]
    is_refused = answers[0] == BudgetYearIsClosed(budget_year=2019)
    assert is_refused or max(told) < ending.position
    assert (await raced((one, ENTRIES[0]))) == [BudgetYearIsClosed(budget_year=2019)]
