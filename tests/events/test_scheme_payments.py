"""Money that moves: never more than was promised, the last of it only after acceptance."""

from dataclasses import replace
from datetime import date

from events.dates import FutureEffectiveDate, InvalidYear
from events.facility import FACILITY, FacilityIsClosed, UnknownFacility
from events.identity import InvalidCode, PaymentId
from events.money import Figure, InvalidAmount, Vnd
from events.scheme import (
    SCHEME,
    AcceptanceRecorded,
    AdvancePaid,
    ApproveSettlement,
    CommitmentCancelled,
    CommitmentEnded,
    CommitmentExceeded,
    DisbursementPaid,
    NotABeneficiary,
    NotAccepted,
    PayAdvance,
    PayDisbursement,
    PaymentDiffers,
    PaymentReversed,
    RecordAcceptance,
    ReversePayment,
    SettlementApproved,
    UnknownCommitment,
    UnknownPayment,
)
from events.text import InvalidText
from events.vocabulary import FundingSource
from tests.spec import TODAY, Spec, fold
from tests.world import (
    COMMITMENT,
    PAYMENT,
    SCHEME_ID,
    SMITH,
    WEAVER,
    approved,
    assigned,
    committed,
    pledged,
    proposed,
    weaver,
    weaver_closed,
)

READY = [proposed, approved, assigned, pledged(100), committed(50)]
TOMORROW = date(2020, 11, 6)
check = Spec(SCHEME, {"facility-weaver": fold(FACILITY, [weaver])})
closed = {"facility-weaver": fold(FACILITY, [weaver, weaver_closed])}


def advance(amount: int, *, id: str = PAYMENT) -> PayAdvance:
    return PayAdvance(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        facility_id=WEAVER,
        payment_id=PaymentId(id),
        amount=Vnd(amount),
        voucher="UNC 01",
        budget_year=2020,
    )


def advanced(amount: int, *, id: str = PAYMENT) -> AdvancePaid:
    return AdvancePaid(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        payment_id=PaymentId(id),
        amount=Vnd(amount),
        voucher="UNC 01",
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2020,
    )


def disburse(amount: int, *, id: str = "p2", final: bool = False) -> PayDisbursement:
    return PayDisbursement(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        facility_id=WEAVER,
        payment_id=PaymentId(id),
        amount=Vnd(amount),
        voucher="UNC 02",
        final=final,
        budget_year=2020,
    )


def disbursed(amount: int, *, id: str = "p2", final: bool = False) -> DisbursementPaid:
    return DisbursementPaid(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        payment_id=PaymentId(id),
        amount=Vnd(amount),
        voucher="UNC 02",
        final=final,
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2020,
    )


def reverse(amount: int) -> ReversePayment:
    return ReversePayment(
        scheme_id=SCHEME_ID, payment_id=PAYMENT, amount=Vnd(amount), reason="Chi nhầm"
    )


def reversed_(amount: int) -> PaymentReversed:
    return PaymentReversed(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        payment_id=PAYMENT,
        amount=Vnd(amount),
        reason="Chi nhầm",
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2020,
    )


accept = RecordAcceptance(
    scheme_id=SCHEME_ID,
    commitment_id=COMMITMENT,
    accepted_value=Vnd(100),
    council="Biên bản nghiệm thu số 5",
)
accepted = AcceptanceRecorded(
    scheme_id=SCHEME_ID,
    commitment_id=COMMITMENT,
    accepted_value=Vnd(100),
    council="Biên bản nghiệm thu số 5",
)


def settle(amount: int) -> ApproveSettlement:
    return ApproveSettlement(scheme_id=SCHEME_ID, commitment_id=COMMITMENT, amount=Vnd(amount))


def settled(amount: int) -> SettlementApproved:
    return SettlementApproved(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        amount=Vnd(amount),
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2019,
    )


def test_a_payment_takes_its_source_from_the_commitment_and_says_its_own_year() -> None:
    check(given=READY, when=advance(30), then=[advanced(30)])
    check(given=[*READY, advanced(30)], when=disburse(20), then=[disbursed(20)])


def test_local_money_stays_local_all_its_way() -> None:
    local = FundingSource.LOCAL_GRANT
    given = [*READY[:-1], replace(committed(50), source=local)]
    paid = replace(advanced(30), source=local)
    check(given=given, when=advance(30), then=[paid])
    check(given=[*given, paid], when=reverse(5), then=[replace(reversed_(5), source=local)])
    check(given=[*given, accepted], when=settle(9), then=[replace(settled(9), source=local)])


def test_asking_twice_pays_once() -> None:
    check(given=[*READY, advanced(30)], when=advance(30), then=[])
    check(given=[*READY, disbursed(30)], when=disburse(30), then=[])


def test_the_same_payment_with_another_amount_is_refused() -> None:
    differs = PaymentDiffers(payment_id=PAYMENT)
    check(given=[*READY, advanced(30)], when=advance(31), then=differs)
    check(given=[*READY, advanced(30)], when=disburse(30, id="p1"), then=differs)


def test_net_payments_stay_within_the_commitment() -> None:
    exceeded = CommitmentExceeded(commitment_id=COMMITMENT, requested=Vnd(21), available=Vnd(20))
    given = [*READY, advanced(30)]
    check(given=given, when=advance(21, id="p9"), then=exceeded)
    check(given=given, when=disburse(21), then=exceeded)
    check(given=[*given, reversed_(1)], when=disburse(21), then=[disbursed(21)])


def test_a_final_payment_needs_acceptance() -> None:
    refused = NotAccepted(commitment_id=COMMITMENT, requested=Vnd(50))
    check(given=READY, when=disburse(50, final=True), then=refused)
    given = [*READY, accepted]
    check(given=given, when=disburse(50, final=True), then=[disbursed(50, final=True)])


def test_a_payment_goes_to_the_operating_facility_of_the_commitment() -> None:
    check(
        given=READY,
        when=replace(advance(5), facility_id=SMITH),
        then=NotABeneficiary(facility_id=SMITH),
    )
    for pay in (advance(5), disburse(5)):
        check(given=READY, when=pay, then=FacilityIsClosed(facility_id=WEAVER), neighbours=closed)
        check(given=READY, when=pay, then=UnknownFacility(facility_id=WEAVER), neighbours={})


def test_nothing_is_paid_reversed_accepted_or_settled_tomorrow() -> None:
    future = FutureEffectiveDate(effective_on=TOMORROW, today=TODAY)
    given = [*READY, advanced(30), accepted]
    for ask in (advance(5, id="p3"), disburse(5), reverse(5), accept, settle(50)):
        check(given=given, when=ask, then=future, on=TOMORROW)


def test_an_entry_of_today_or_of_the_past_is_welcome() -> None:
    check(given=READY, when=advance(5), then=[advanced(5)], on=TODAY)
    check(given=READY, when=advance(5), then=[advanced(5)], on=date(2018, 6, 1))


def test_the_particulars_of_a_payment_are_checked() -> None:
    check(
        given=READY,
        when=advance(-5),
        then=InvalidAmount(field="amount", amount=Figure(-5)),
    )
    check(
        given=READY,
        when=replace(advance(5), voucher="  "),
        then=InvalidText(field="voucher"),
    )
    check(
        given=READY,
        when=replace(advance(5), budget_year=1999),
        then=InvalidYear(field="budget_year", year=1999),
    )
    check(given=READY, when=advance(5, id="p 1"), then=InvalidCode(field="payment_id", text="p 1"))


def test_a_reversal_names_a_payment_and_takes_back_at_most_what_stands_of_it() -> None:
    check(given=READY, when=reverse(5), then=UnknownPayment(payment_id=PAYMENT))
    given = [*READY, advanced(30), reversed_(10)]
    check(given=given, when=reverse(20), then=[reversed_(20)])
    check(
        given=given,
        when=reverse(21),
        then=CommitmentExceeded(commitment_id=COMMITMENT, requested=Vnd(21), available=Vnd(20)),
    )


def test_a_mistake_can_be_undone_after_settlement_and_closure() -> None:
    given = [*READY, advanced(30), accepted, settled(25)]
    check(given=given, when=reverse(5), then=[reversed_(5)], neighbours=closed)


def test_a_cancelled_commitment_is_neither_paid_accepted_nor_settled() -> None:
    cancelled = CommitmentCancelled(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        amount=Vnd(50),
        reason="Thôi đầu tư",
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2019,
    )
    for ask in (advance(5), disburse(5), accept, settle(5)):
        check(
            given=[*READY, cancelled],
            when=ask,
            then=CommitmentEnded(commitment_id=COMMITMENT),
        )


def test_money_moves_under_a_commitment_only() -> None:
    given = [proposed, approved, assigned]
    for ask in (advance(5), disburse(5), accept, settle(5)):
        check(given=given, when=ask, then=UnknownCommitment(commitment_id=COMMITMENT))
