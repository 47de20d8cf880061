"""Suspended, stopped, completed: what a scheme takes then, and what it still lets through."""

from dataclasses import replace
from datetime import date

import pytest

from events.dates import EndsBeforeStart
from events.identity import OrganisationId
from events.money import Vnd
from events.organisation import ORGANISATION, OrganisationRegistered, UnknownOrganisation
from events.period import PERIOD, PeriodClosed, PeriodIsClosed
from events.rules import Refusal
from events.scheme import SCHEME, NotABeneficiary, PledgeCounterpart, SchemeNotApproved
from events.scheme.authority import WrongApprover
from events.scheme.halt import (
    CompleteScheme,
    FocalBeneficiaries,
    MoneyIsOpen,
    ResumeScheme,
    SchemeCompleted,
    SchemeIsCompleted,
    SchemeIsStopped,
    SchemeNotSuspended,
    SchemeResumed,
    SchemeStopped,
    SchemeSuspended,
    StopScheme,
    SuspendScheme,
)
from events.scheme.release import BeneficiaryHasMoney, BeneficiaryReleased, ReleaseBeneficiary
from events.vocabulary import OrganisationKind, SchemeClass
from tests.events.test_scheme_approval import NEIGHBOURS, assign
from tests.events.test_scheme_payments import (
    accept,
    accepted,
    advance,
    advanced,
    disburse,
    disbursed,
    reverse,
    reversed_,
    settle,
    settled,
)
from tests.spec import Spec, fold
from tests.world import (
    COMMITMENT,
    PERIOD_CODE,
    SCHEME_ID,
    SMITH,
    WEAVER,
    approved,
    assigned,
    commit,
    committed,
    opened,
    pledged,
    proposed,
)

MOIT, CUC = OrganisationId("bo-cong-thuong"), OrganisationId("cuc")
BODIES = {
    f"organisation-{code}": fold(
        ORGANISATION, [OrganisationRegistered(organisation_id=code, name=str(code), kind=kind)]
    )
    for code, kind in ((MOIT, OrganisationKind.MINISTRY), (CUC, OrganisationKind.DEPARTMENT))
}
check = Spec(SCHEME, {**NEIGHBOURS, **BODIES})
FREEZE = date(2019, 6, 1)
suspend = SuspendScheme(scheme_id=SCHEME_ID, reason="Chờ mặt bằng", freeze_date=FREEZE)
resume = ResumeScheme(scheme_id=SCHEME_ID, reason="Đã có mặt bằng", resumes_on=date(2019, 9, 1))
stop = StopScheme(scheme_id=SCHEME_ID, approver=MOIT, reason="Thôi làm", freeze_date=FREEZE)
complete = CompleteScheme(scheme_id=SCHEME_ID)
pledge = PledgeCounterpart(scheme_id=SCHEME_ID, facility_id=WEAVER, amount=Vnd(5), budget_year=2019)
release = ReleaseBeneficiary(scheme_id=SCHEME_ID, facility_id=WEAVER, reason="Xin rút")
suspended = SchemeSuspended(scheme_id=SCHEME_ID, reason="Chờ mặt bằng", freeze_date=FREEZE)
resumed = SchemeResumed(scheme_id=SCHEME_ID, reason="Đã có mặt bằng", resumes_on=date(2019, 9, 1))
stopped = SchemeStopped(scheme_id=SCHEME_ID, approver=MOIT, reason="Thôi làm", freeze_date=FREEZE)
completed = SchemeCompleted(scheme_id=SCHEME_ID)
released = BeneficiaryReleased(scheme_id=SCHEME_ID, facility_id=WEAVER, reason="Xin rút")
RUNNING = [proposed, approved, assigned, pledged(100), committed(50)]
SUSPENDED = SchemeIsStopped(scheme_id=SCHEME_ID, freeze_date=FREEZE, reason="Chờ mặt bằng")
STOPPED = SchemeIsStopped(scheme_id=SCHEME_ID, freeze_date=FREEZE, reason="Thôi làm")
COMPLETED = SchemeIsCompleted(scheme_id=SCHEME_ID)


def test_a_scheme_is_suspended_resumed_and_stopped() -> None:
    check(given=[proposed], when=suspend, then=SchemeNotApproved(scheme_id=SCHEME_ID))
    check(given=RUNNING, when=suspend, then=[suspended])
    check(given=[*RUNNING, suspended], when=suspend, then=[])
    check(given=[*RUNNING, suspended], when=replace(suspend, reason="Lũ"), then=SUSPENDED)
    check(given=[*RUNNING, suspended], when=resume, then=[resumed])
    check(given=RUNNING, when=resume, then=SchemeNotSuspended(scheme_id=SCHEME_ID))
    check(given=[*RUNNING, suspended], when=stop, then=[stopped])
    check(given=[*RUNNING, stopped], when=stop, then=[])
    check(given=[*RUNNING, stopped], when=resume, then=STOPPED)
    check(given=[*RUNNING, stopped], when=suspend, then=STOPPED)
    check(given=[proposed], when=stop, then=SchemeNotApproved(scheme_id=SCHEME_ID))


def test_a_scheme_does_not_go_on_before_it_stood_still() -> None:
    early = replace(resume, resumes_on=date(2019, 5, 31))
    backwards = EndsBeforeStart(starts_on=FREEZE, ends_on=date(2019, 5, 31))
    check(given=[*RUNNING, suspended], when=early, then=backwards)


def test_a_stop_is_for_the_ministry_to_approve() -> None:
    wrong = WrongApprover(
        scheme_id=SCHEME_ID,
        approver=CUC,
        kind=OrganisationKind.DEPARTMENT,
        needed=OrganisationKind.MINISTRY,
    )
    assert wrong.code == "WRONG_AUTHORITY"
    check(given=RUNNING, when=replace(stop, approver=CUC), then=wrong)
    unknown = UnknownOrganisation(organisation_id=MOIT)
    check(given=RUNNING, when=stop, then=unknown, neighbours=NEIGHBOURS)


NEW_MONEY = [
    (commit(50, 100, id="c2"), committed(50, 100, id="c2")),
    (disburse(10), disbursed(10)),
    (advance(10), advanced(10)),
    (pledge, pledged(5)),
]


@pytest.mark.parametrize(("ask", "taken"), NEW_MONEY)
@pytest.mark.parametrize(("halt", "refused"), [(suspended, SUSPENDED), (stopped, STOPPED)])
def test_a_scheme_that_stands_still_takes_no_new_money(
    ask: object, taken: object, halt: object, refused: Refusal
) -> None:
    given = [*RUNNING, pledged(100)]
    check(given=given, when=ask, then=[taken], on=FREEZE)
    check(given=[*given, halt], when=ask, then=refused, on=FREEZE)
    other = replace(assign, facility_id=SMITH)
    check(given=[*given, halt], when=other, then=refused, on=FREEZE)


def test_money_of_before_the_freeze_is_entered_after_it_and_none_of_while_it_lasted() -> None:
    given = [*RUNNING, suspended, resumed]
    paid = disburse(10)
    check(given=given, when=paid, then=SUSPENDED, on=date(2019, 8, 31))
    check(given=given, when=paid, then=[disbursed(10)], on=date(2019, 5, 31))
    check(given=given, when=paid, then=[disbursed(10)], on=date(2019, 9, 1))


def test_what_was_done_is_put_in_order_after_a_stop() -> None:
    given = [*RUNNING, advanced(10), stopped]
    check(given=given, when=accept, then=[accepted], on=FREEZE)
    state = [*RUNNING, advanced(10), accepted, stopped]
    check(given=state, when=settle(50), then=[settled(50)], on=FREEZE)
    check(given=given, when=reverse(10), then=[reversed_(10)], on=FREEZE)


def test_a_closed_period_takes_no_new_money_and_lets_the_old_be_settled() -> None:
    closed = {
        **NEIGHBOURS,
        "period-2018-2020": fold(PERIOD, [opened, PeriodClosed(code=PERIOD_CODE)]),
    }
    shut = PeriodIsClosed(period=PERIOD_CODE)
    for ask, _ in NEW_MONEY[:3]:
        check(given=[*RUNNING, pledged(100)], when=ask, then=shut, neighbours=closed)
    check(given=[*RUNNING, accepted], when=settle(50), then=[settled(50)], neighbours=closed)


def test_a_scheme_is_completed_when_its_money_is_settled() -> None:
    normal = replace(proposed, scheme_class=SchemeClass.NORMAL)
    check(given=[normal], when=complete, then=SchemeNotApproved(scheme_id=SCHEME_ID))
    given = [normal, *RUNNING[1:]]
    open_ = MoneyIsOpen(scheme_id=SCHEME_ID, commitment_id=COMMITMENT)
    check(given=given, when=complete, then=open_)
    done = [*given, accepted, settled(50)]
    check(given=done, when=complete, then=[completed])
    check(given=[*done, completed], when=complete, then=[])
    for ask in (commit(50, id="c2"), suspend, stop, resume, release):
        check(given=[*done, completed], when=ask, then=COMPLETED)
    check(given=[*done, stopped], when=complete, then=STOPPED)


def test_a_focal_scheme_ends_with_two_beneficiaries() -> None:
    one = FocalBeneficiaries(scheme_id=SCHEME_ID, beneficiaries=1)
    assert one.code == "FOCAL_RULE"
    done = [*RUNNING, accepted, settled(50)]
    check(given=done, when=complete, then=one)
    second = replace(assigned, facility_id=SMITH)
    check(given=[*done, second], when=complete, then=[completed])
    left = replace(released, facility_id=SMITH)
    check(given=[*done, second, left], when=complete, then=one)


def test_a_group_scheme_is_approved_without_beneficiaries_and_promises_to_none() -> None:
    group = replace(proposed, scheme_class=SchemeClass.GROUP)
    given = [group, approved]
    check(given=given, when=commit(50), then=NotABeneficiary(facility_id=WEAVER))
    check(given=given, when=assign, then=[assigned])


def test_a_beneficiary_without_money_is_released_and_may_come_back() -> None:
    given = [proposed, approved, assigned]
    check(given=given, when=release, then=[released])
    gone = NotABeneficiary(facility_id=WEAVER)
    check(given=[*given, released], when=release, then=gone)
    check(given=[*given, released], when=assign, then=[assigned])


def test_a_beneficiary_with_money_in_the_scheme_is_not_released() -> None:
    both = BeneficiaryHasMoney(scheme_id=SCHEME_ID, facility_id=WEAVER, amount=Vnd(150))
    check(given=RUNNING, when=release, then=both)
    own = BeneficiaryHasMoney(scheme_id=SCHEME_ID, facility_id=WEAVER, amount=Vnd(100))
    check(given=RUNNING[:4], when=release, then=own)
