"""Nothing is edited: what an event should have said stands beside it, and every rule holds."""

from datetime import date

import pytest

from events.dates import NotThatDay
from events.facility import FACILITY
from events.identity import PaymentId
from events.money import Figure, InvalidAmount, Vnd
from events.scheme import (
    SCHEME,
    AlreadyCorrected,
    ApproveStep,
    CommitmentReduced,
    CorrectEntry,
    Correction,
    EditForbidden,
    EntryCorrected,
    EventId,
    FieldCorrection,
    NothingToCorrect,
    ProposeStep,
    SchemeNotProposed,
    Step,
    StepApproved,
    StepId,
    StepProposed,
)
from events.text import InvalidText
from events.vocabulary import FundingSource, NoCorrection
from tests.events.test_scheme_payments import advanced
from tests.spec import ON, Spec, fold
from tests.world import (
    COMMITMENT,
    SCHEME_ID,
    WEAVER,
    approved,
    assigned,
    committed,
    pledged,
    proposed,
    weaver,
)

GRANT = {"source": FundingSource.NATIONAL_GRANT, "budget_year": 2019}
ON_IT = {"scheme_id": SCHEME_ID, "commitment_id": COMMITMENT}
MILLION = 1_000_000
READY = [proposed, approved, assigned, pledged(100 * MILLION), committed(100 * MILLION)]
PLEDGE, PROMISE, NEXT = 4, 5, 6
"""Versions of the stream."""
reduced = CommitmentReduced(amount=Vnd(10 * MILLION), reason="Tiết kiệm", **ON_IT, **GRANT)
STEP = StepId("dc-1")
check = Spec(SCHEME, {"facility-weaver": fold(FACILITY, [weaver])})


def correct(version: int, reason: str = "Nhập nhầm", **after: object) -> ProposeStep:
    """A correction is proposed; the rules are asked at once, and again at its approval."""
    changes = tuple(FieldCorrection(field=name, after=str(text)) for name, text in after.items())
    return propose(
        CorrectEntry(scheme_id=SCHEME_ID, corrects_version=version, changes=changes, reason=reason)
    )


def propose(correction: CorrectEntry) -> ProposeStep:
    return ProposeStep(scheme_id=SCHEME_ID, step_id=STEP, step=Step(correct_entry=correction))


def proposed_step(asked: ProposeStep, step_version: int = 1) -> StepProposed:
    return StepProposed(
        scheme_id=SCHEME_ID,
        step_id=asked.step_id,
        step_version=step_version,
        step=asked.step,
        takes_effect_on=ON,
    )


def approve(step_version: int = 1) -> ApproveStep:
    return ApproveStep(scheme_id=SCHEME_ID, step_id=STEP, step_version=step_version)


approved_step = StepApproved(scheme_id=SCHEME_ID, step_id=STEP, step_version=1)


def corrected(version: int, kind: str, *changes: tuple[str, object, object]) -> EntryCorrected:
    """A correction of money that was promised to the weaver."""
    is_payment = kind in {"AdvancePaid", "PaymentReversed"}
    return EntryCorrected(
        scheme_id=SCHEME_ID,
        corrects_event=EventId(f"00000000-0000-0000-0000-{version:012}"),
        corrects_version=version,
        corrects_type=kind,
        changes=tuple(
            Correction(field=field, before=str(before), after=str(after))
            for field, before, after in changes
        ),
        reason="Nhập nhầm",
        commitment_id=COMMITMENT,
        payment_id=PaymentId("p1") if is_payment else None,
        facility_id=WEAVER,
        source=FundingSource.NATIONAL_GRANT,
        budget_year=2020 if is_payment else 2019,
    )


def test_a_payment_typed_wrong_is_said_anew_and_the_first_entry_stays() -> None:
    said = corrected(NEXT, "AdvancePaid", ("amount", 60, 40), ("voucher", "UNC 01", "UNC 10"))
    asked = correct(NEXT, voucher="UNC 10", amount=40)
    given = [*READY, advanced(60)]
    check(given=given, when=asked, then=[proposed_step(asked)])
    check(given=[*given, proposed_step(asked)], when=approve(), then=[approved_step, said])
    scheme = fold(SCHEME, [*READY, advanced(60), said])
    assert scheme.commitments[COMMITMENT].net_paid == 40
    assert scheme == fold(
        SCHEME, [*READY, fold(SCHEME, [*READY, advanced(60), said]).payments["p1"].made]
    )


def test_what_follows_a_correction_is_decided_on_the_corrected_fold() -> None:
    said = corrected(PROMISE, "SupportCommitted", ("amount", 100 * MILLION, 50 * MILLION))
    scheme = fold(SCHEME, [*READY, said, reduced])
    assert scheme.commitments[COMMITMENT].left == 40 * MILLION
    assert scheme.headroom(FundingSource.NATIONAL_GRANT, 2019) == 960 * MILLION


def test_the_same_correction_again_is_so_already() -> None:
    said = corrected(NEXT, "AdvancePaid", ("amount", 60, 40))
    check(given=[*READY, advanced(60), said], when=correct(NEXT, amount=40), then=[])


def test_an_event_is_corrected_once() -> None:
    said = corrected(NEXT, "AdvancePaid", ("amount", 60, 40))
    check(
        given=[*READY, advanced(60), said],
        when=correct(NEXT, amount=30),
        then=AlreadyCorrected(corrects_version=NEXT, by_version=NEXT + 1),
    )


def test_only_what_was_recorded_is_corrected() -> None:
    for version in (0, NEXT):
        check(
            given=READY,
            when=correct(version, amount=40),
            then=EditForbidden(corrects_version=version, field="", why=NoCorrection.NO_SUCH_EVENT),
        )


def test_a_correction_is_not_corrected() -> None:
    said = corrected(NEXT, "AdvancePaid", ("amount", 60, 40))
    check(
        given=[*READY, advanced(60), said],
        when=correct(NEXT + 1, amount=30),
        then=EditForbidden(corrects_version=NEXT + 1, field="", why=NoCorrection.A_CORRECTION),
    )


@pytest.mark.parametrize("field", ["facilityId", "source", "budgetYear", "commitmentId", "nothing"])
def test_who_whose_and_which_is_taken_back_and_never_corrected(field: str) -> None:
    check(
        given=READY,
        when=correct(PROMISE, **{field: "1"}),
        then=EditForbidden(corrects_version=PROMISE, field=field, why=NoCorrection.TAKE_IT_BACK),
    )


def test_a_beneficiary_is_not_corrected_into_another() -> None:
    check(
        given=READY,
        when=correct(3),
        then=EditForbidden(corrects_version=3, field="", why=NoCorrection.TAKE_IT_BACK),
    )


def test_a_field_is_said_once() -> None:
    twice = (FieldCorrection(field="amount", after="1"), FieldCorrection(field="amount", after="2"))
    check(
        given=READY,
        when=propose(
            CorrectEntry(
                scheme_id=SCHEME_ID, corrects_version=PROMISE, changes=twice, reason="Nhập nhầm"
            )
        ),
        then=EditForbidden(
            corrects_version=PROMISE, field="amount", why=NoCorrection.FIELD_REPEATED
        ),
    )


def test_a_correction_says_something_else() -> None:
    check(
        given=READY,
        when=correct(PROMISE, amount=100 * MILLION, costItem=" Máy dệt kim "),
        then=NothingToCorrect(corrects_version=PROMISE),
    )


def test_a_correction_takes_effect_on_the_day_of_what_it_corrects() -> None:
    later = date(2020, 3, 1)
    check(
        given=READY,
        when=correct(PROMISE, amount=40),
        on=later,
        then=NotThatDay(effective_on=later, wanted=ON),
    )


@pytest.mark.parametrize("after", ["", "0", "-5", "1.000", "một"])
def test_money_is_corrected_to_whole_dong(after: str) -> None:
    check(
        given=READY,
        when=correct(PROMISE, amount=after),
        then=InvalidAmount(field="amount", amount=Figure(0)),
    )


def test_words_and_reasons_are_words() -> None:
    check(given=READY, when=correct(PROMISE, costItem=" "), then=InvalidText(field="costItem"))
    check(
        given=READY, when=correct(PROMISE, amount=1, reason=" "), then=InvalidText(field="reason")
    )


def test_nothing_is_corrected_in_a_scheme_that_is_not_there() -> None:
    check(given=[], when=correct(1, title="Khác"), then=SchemeNotProposed(scheme_id=SCHEME_ID))
