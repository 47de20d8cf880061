"""Advances stay within the share of the day; for works, only once more than half is done."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from events.advances import ADVANCE_RULES, advance_limit_on
from events.dates import FutureEffectiveDate
from events.facility import FACILITY
from events.identity import CommitmentId
from events.money import Vnd
from events.scheme import (
    SCHEME,
    AdvanceLimit,
    HoldInspection,
    InspectionHeld,
    InvalidPercent,
    ProgressReported,
    ReportProgress,
    SupportCommitted,
    UnknownCommitment,
)
from events.text import InvalidText
from events.vocabulary import Activity, Certainty
from tests.events.test_scheme_payments import (
    READY,
    TOMORROW,
    advance,
    advanced,
    disbursed,
    reversed_,
)
from tests.spec import TODAY, Spec, fold
from tests.world import COMMITMENT, SCHEME_ID, approved, assigned, pledged, proposed, weaver
from tests.world import committed as machine

check = Spec(SCHEME, {"facility-weaver": fold(FACILITY, [weaver])})
LAW = "TT 36/2013/TT-BCT"


def works(amount: int = 100) -> SupportCommitted:
    return replace(machine(amount), activity=Activity.CLUSTER_INFRASTRUCTURE)


WORKS = [proposed, approved, assigned, pledged(100), works()]


def report(percent: int) -> ReportProgress:
    return ReportProgress(
        scheme_id=SCHEME_ID, commitment_id=COMMITMENT, percent=percent, findings="Xong móng"
    )


def reported(percent: int) -> ProgressReported:
    return ProgressReported(
        scheme_id=SCHEME_ID, commitment_id=COMMITMENT, percent=percent, findings="Xong móng"
    )


def inspected(percent: int | None) -> InspectionHeld:
    return InspectionHeld(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        inspector="Đoàn kiểm tra Sở",
        percent=percent,
        findings="Đúng hồ sơ",
    )


def inspect(percent: int | None) -> HoldInspection:
    return HoldInspection(
        scheme_id=SCHEME_ID,
        commitment_id=COMMITMENT,
        inspector=" Đoàn kiểm tra Sở ",
        percent=percent,
        findings="Đúng hồ sơ",
    )


def above(
    requested: int,
    available: int,
    *,
    share: int = 70,
    progress: int = 0,
    activity: Activity = Activity.ADVANCED_MACHINERY,
) -> AdvanceLimit:
    return AdvanceLimit(
        commitment_id=COMMITMENT,
        activity=activity,
        legal_basis=LAW,
        share_pct=share,
        progress=progress,
        requested=Vnd(requested),
        available=Vnd(available),
    )


def test_seventy_per_cent_of_a_commitment_may_be_advanced_and_not_a_dong_more() -> None:
    check(given=READY, when=advance(35), then=[advanced(35)])
    check(given=READY, when=advance(36), then=above(36, 35))


def test_advances_add_up_and_what_was_reversed_may_be_advanced_again() -> None:
    paid = [*READY, advanced(30)]
    check(given=paid, when=advance(6, id="p9"), then=above(6, 5))
    again = [*paid, reversed_(10)]
    check(given=again, when=advance(15, id="p9"), then=[advanced(15, id="p9")])
    check(given=again, when=advance(16, id="p9"), then=above(16, 15))


def test_what_was_disbursed_for_work_done_takes_nothing_of_the_share() -> None:
    given = [*READY, disbursed(10, id="p8")]
    check(given=given, when=advance(35), then=[advanced(35)])


def test_an_advance_that_was_recorded_is_recorded_once_whatever_the_limit_is_now() -> None:
    check(given=[*READY, advanced(35)], when=advance(35), then=[])


def test_works_are_advanced_only_when_more_than_half_is_done() -> None:
    cluster = Activity.CLUSTER_INFRASTRUCTURE
    early = above(1, 0, share=0, activity=cluster)
    check(given=WORKS, when=advance(1), then=early)
    half = [*WORKS, reported(50)]
    check(given=half, when=advance(1), then=above(1, 0, share=0, progress=50, activity=cluster))
    past = [*WORKS, reported(51)]
    check(given=past, when=advance(30), then=[advanced(30)])
    refused = above(31, 30, share=30, progress=51, activity=cluster)
    check(given=past, when=advance(31), then=refused)


def test_the_last_word_on_progress_counts_and_who_measured_nothing_has_none() -> None:
    cluster = Activity.CLUSTER_INFRASTRUCTURE
    seen = [*WORKS, reported(80), inspected(40)]
    check(given=seen, when=advance(1), then=above(1, 0, share=0, progress=40, activity=cluster))
    check(given=[*WORKS, reported(80), inspected(None)], when=advance(1), then=[advanced(1)])


def test_before_the_circular_there_was_no_limit() -> None:
    check(given=READY, when=advance(50), then=[advanced(50)], on=date(2014, 2, 9))
    check(given=READY, when=advance(50), then=above(50, 35), on=date(2014, 2, 10))


def test_progress_is_reported_and_inspected_as_often_as_it_is_told() -> None:
    check(given=READY, when=report(40), then=[reported(40)])
    check(given=[*READY, reported(40)], when=report(40), then=[reported(40)])
    check(given=READY, when=inspect(None), then=[inspected(None)])
    check(given=READY, when=inspect(100), then=[inspected(100)])


@pytest.mark.parametrize("percent", [-1, 101])
def test_progress_is_between_nought_and_a_hundred(percent: int) -> None:
    check(given=READY, when=report(percent), then=InvalidPercent(percent=percent))
    check(given=READY, when=inspect(percent), then=InvalidPercent(percent=percent))


def test_progress_is_of_a_commitment_that_there_is_and_of_a_day_that_has_come() -> None:
    unknown = UnknownCommitment(commitment_id=CommitmentId("c9"))
    stray = replace(report(40), commitment_id=CommitmentId("c9"))
    check(given=READY, when=stray, then=unknown)
    future = FutureEffectiveDate(effective_on=TOMORROW, today=TODAY)
    check(given=READY, when=report(40), then=future, on=TOMORROW)
    check(given=READY, when=inspect(40), then=future, on=TOMORROW)
    silent = replace(report(40), findings=" ")
    check(given=READY, when=silent, then=InvalidText(field="findings"))
    nobody = replace(inspect(40), inspector="")
    check(given=READY, when=nobody, then=InvalidText(field="inspector"))


@pytest.mark.parametrize("activity", Activity)
def test_every_content_has_one_limit_on_a_day_and_it_says_how_sure_it_is(
    activity: Activity,
) -> None:
    rules = sorted(
        (rule for rule in ADVANCE_RULES if rule.activity is activity),
        key=lambda rule: rule.valid_from,
    )
    for before, after in pairwise(rules):
        assert (before.valid_to or date.max) <= after.valid_from
    found = advance_limit_on(activity, date(2020, 1, 1))
    assert found is not None
    assert (found.share_pct, found.needs_progress) in {(70, False), (30, True)}
    assert found.certainty in Certainty
    assert found.legal_basis == LAW


def test_the_share_for_machines_is_marked_as_uncertain() -> None:
    found = advance_limit_on(Activity.ADVANCED_MACHINERY, date(2020, 1, 1))
    assert found is not None
    assert found.certainty is Certainty.UNCERTAIN
