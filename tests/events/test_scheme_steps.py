"""One person proposes, another approves the very version that was seen, and then it is done."""

from datetime import date

import pytest

from events.dates import NotThatDay
from events.duties import NOBODY, Hands, NotYours, WrongAuthority, checked_hands, joined
from events.identity import SchemeId
from events.scheme import (
    CorrectEntry,
    DeclineStep,
    FieldCorrection,
    ProposalMoved,
    ProposeStep,
    SchemeNotProposed,
    SecondPersonNeeded,
    Step,
    StepDecided,
    StepDeclined,
    StepUnclear,
    StepWithdrawn,
    UnknownStep,
    WithdrawStep,
)
from events.text import InvalidText
from tests.actors import HOA, MINH
from tests.events.test_scheme_corrections import (
    MILLION,
    NEXT,
    PROMISE,
    READY,
    STEP,
    approve,
    approved_step,
    check,
    correct,
    proposed_step,
)
from tests.events.test_scheme_invariants import exceeded
from tests.events.test_scheme_payments import disbursed
from tests.spec import ON, happened
from tests.world import SCHEME_ID

ASKED = correct(PROMISE, amount=90 * MILLION, totalCost=180 * MILLION)
GIVEN = [*READY, proposed_step(ASKED)]
decline = DeclineStep(scheme_id=SCHEME_ID, step_id=STEP, reason="Số liệu đã đúng")
withdraw = WithdrawStep(scheme_id=SCHEME_ID, step_id=STEP, reason="Đề nghị nhầm")
declined = StepDeclined(scheme_id=SCHEME_ID, step_id=STEP, reason="Số liệu đã đúng")
withdrawn = StepWithdrawn(scheme_id=SCHEME_ID, step_id=STEP, reason="Đề nghị nhầm")


def test_a_correction_by_one_person_alone_is_refused() -> None:
    step = ASKED.step.correct_entry
    check(given=READY, when=step, then=SecondPersonNeeded(step="CorrectEntry"))


def test_the_same_proposal_again_is_so_already() -> None:
    check(given=GIVEN, when=ASKED, then=[])


def test_a_proposal_that_is_changed_is_another_version_of_it() -> None:
    other = correct(PROMISE, amount=80 * MILLION, totalCost=160 * MILLION)
    check(given=GIVEN, when=other, then=[proposed_step(other, step_version=2)])


def test_who_approves_names_the_version_that_was_seen() -> None:
    other = correct(PROMISE, amount=80 * MILLION, totalCost=160 * MILLION)
    check(
        given=[*GIVEN, proposed_step(other, step_version=2)],
        when=approve(1),
        then=ProposalMoved(step_id=STEP, step_version=1, standing=2),
    )


def test_an_approval_takes_effect_on_the_day_that_was_proposed() -> None:
    later = date(2020, 1, 1)
    check(given=GIVEN, when=approve(), on=later, then=NotThatDay(effective_on=later, wanted=ON))


def test_what_has_become_impossible_since_is_refused_and_goes_on_waiting() -> None:
    check(
        given=[*GIVEN, disbursed(95 * MILLION)],
        when=approve(),
        then=exceeded(95 * MILLION, 90 * MILLION),
    )


def test_nobody_approves_what_nobody_proposed() -> None:
    check(given=READY, when=approve(), then=UnknownStep(step_id=STEP))
    check(given=[], when=approve(), then=SchemeNotProposed(scheme_id=SCHEME_ID))


def test_a_proposal_may_be_declined_or_withdrawn_with_a_reason() -> None:
    check(given=GIVEN, when=decline, then=[declined])
    check(given=GIVEN, when=withdraw, then=[withdrawn])
    for asked in (DeclineStep, WithdrawStep):
        check(
            given=GIVEN,
            when=asked(scheme_id=SCHEME_ID, step_id=STEP, reason=" "),
            then=InvalidText(field="reason"),
        )


@pytest.mark.parametrize("end", [approved_step, declined, withdrawn])
def test_a_proposal_is_decided_once(end: object) -> None:
    for asked in (approve(), decline, withdraw, ASKED):
        check(given=[*GIVEN, end], when=asked, then=StepDecided(step_id=STEP))


def test_a_proposal_names_one_command_and_of_its_own_scheme() -> None:
    elsewhere = CorrectEntry(
        scheme_id=SchemeId("khac"),
        corrects_version=1,
        changes=(FieldCorrection(field="title", after="Khác"),),
        reason="Nhập nhầm",
    )
    for step in (Step(), Step(correct_entry=elsewhere)):
        check(
            given=READY,
            when=ProposeStep(scheme_id=SCHEME_ID, step_id=STEP, step=step),
            then=StepUnclear(step_id=STEP),
        )


def hands() -> Hands:
    """Hoà proposed it."""
    return joined(NOBODY, happened(NEXT, proposed_step(ASKED)))


def test_who_proposed_it_does_not_decide_on_it() -> None:
    for fact in (approved_step, declined):
        with pytest.raises(WrongAuthority) as refused:
            checked_hands([fact], "given", hands(), HOA)
        assert refused.value.earlier == "StepProposed"
        assert refused.value.item == f"step {STEP}"
        checked_hands([fact], "given", hands(), MINH)


def test_nobody_else_withdraws_it() -> None:
    checked_hands([withdrawn], "given", hands(), HOA)
    with pytest.raises(NotYours) as refused:
        checked_hands([withdrawn], "given", hands(), MINH)
    assert refused.value == NotYours(
        step="StepWithdrawn", item=f"step {STEP}", earlier="StepProposed"
    )
    assert refused.value.message_vi
