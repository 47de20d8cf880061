"""What becomes of a proposal before its approval: two appraisals, return, rejection."""

from dataclasses import replace
from datetime import date

import pytest

from events.dates import FutureEffectiveDate
from events.period import PERIOD, PeriodClosed, PeriodIsClosed
from events.scheme import SCHEME, ContentMissing, PeriodNotCovering, SchemeNotProposed
from events.scheme.appraisal import (
    AppraisalMissing,
    AppraiseSchemeAtGrassroots,
    AppraiseSchemeAtMinistry,
    RejectScheme,
    ResubmitScheme,
    ReturnScheme,
    SchemeGrassrootsAppraised,
    SchemeIsApproved,
    SchemeIsRejected,
    SchemeIsReturned,
    SchemeMinistryAppraised,
    SchemeNotReturned,
    SchemeRejected,
    SchemeResubmitted,
    SchemeReturned,
)
from events.vocabulary import Activity, AppraisalLevel, Verdict
from tests.events.test_scheme_approval import NEIGHBOURS, approve
from tests.spec import TODAY, Spec, fold
from tests.world import PERIOD_CODE, SCHEME_ID, approved, opened, proposed

check = Spec(SCHEME, NEIGHBOURS)
at_grassroots = AppraiseSchemeAtGrassroots(
    scheme_id=SCHEME_ID, verdict=Verdict.MET, council="Sở Công Thương", remarks="Đủ hồ sơ"
)
at_ministry = AppraiseSchemeAtMinistry(
    scheme_id=SCHEME_ID, verdict=Verdict.MET, council="Hội đồng cấp Bộ"
)
send_back = ReturnScheme(scheme_id=SCHEME_ID, reason="Thiếu báo giá")
resubmit = ResubmitScheme(
    scheme_id=SCHEME_ID,
    title="Hỗ trợ máy móc ngành may",
    contents=(Activity.ADVANCED_MACHINERY, Activity.CONSULTANCY),
    starts_on=date(2018, 1, 1),
    ends_on=date(2019, 12, 31),
)
reject = RejectScheme(scheme_id=SCHEME_ID, reason="Ngoài ngành ưu tiên")
grassroots = SchemeGrassrootsAppraised(
    scheme_id=SCHEME_ID, verdict=Verdict.MET, council="Sở Công Thương", remarks="Đủ hồ sơ"
)
ministry = SchemeMinistryAppraised(
    scheme_id=SCHEME_ID, verdict=Verdict.MET, council="Hội đồng cấp Bộ", remarks=None
)
returned = SchemeReturned(scheme_id=SCHEME_ID, reason="Thiếu báo giá")
resubmitted = SchemeResubmitted(
    scheme_id=SCHEME_ID,
    title="Hỗ trợ máy móc ngành may",
    contents=(Activity.ADVANCED_MACHINERY, Activity.CONSULTANCY),
    starts_on=date(2018, 1, 1),
    ends_on=date(2019, 12, 31),
)
rejected = SchemeRejected(scheme_id=SCHEME_ID, reason="Ngoài ngành ưu tiên")
REJECTED = SchemeIsRejected(scheme_id=SCHEME_ID, reason="Ngoài ngành ưu tiên")
RETURNED = SchemeIsReturned(scheme_id=SCHEME_ID, reason="Thiếu báo giá")


def missing(level: AppraisalLevel) -> AppraisalMissing:
    return AppraisalMissing(scheme_id=SCHEME_ID, level=level, verdict=Verdict.MET)


def test_a_proposal_is_appraised_at_the_grassroots_and_then_by_the_ministry() -> None:
    check(given=[], when=at_grassroots, then=SchemeNotProposed(scheme_id=SCHEME_ID))
    check(given=[proposed], when=at_ministry, then=missing(AppraisalLevel.GRASSROOTS))
    check(given=[proposed], when=at_grassroots, then=[grassroots])
    check(given=[proposed, grassroots], when=at_grassroots, then=[])
    check(given=[proposed, grassroots], when=at_ministry, then=[ministry])
    check(given=[proposed, grassroots, ministry], when=at_ministry, then=[])


def test_the_ministry_does_not_appraise_what_the_grassroots_found_wanting() -> None:
    given = [proposed, replace(grassroots, verdict=Verdict.NOT_MET)]
    check(given=given, when=at_ministry, then=missing(AppraisalLevel.GRASSROOTS))


def test_an_appraisal_given_anew_at_the_grassroots_asks_for_the_ministry_once_more() -> None:
    given = [proposed, replace(grassroots, remarks=None), ministry, grassroots]
    check(given=given, when=approve, then=missing(AppraisalLevel.MINISTRY))


def test_an_appraisal_that_has_begun_is_brought_to_its_end_before_approval() -> None:
    check(given=[proposed], when=approve, then=[approved])
    check(given=[proposed, grassroots], when=approve, then=missing(AppraisalLevel.MINISTRY))
    check(given=[proposed, grassroots, ministry], when=approve, then=[approved])
    against = replace(ministry, verdict=Verdict.NOT_MET)
    given = [proposed, grassroots, against]
    check(given=given, when=approve, then=missing(AppraisalLevel.MINISTRY))


def test_a_returned_scheme_is_neither_appraised_nor_approved_until_it_is_completed() -> None:
    check(given=[proposed], when=send_back, then=[returned])
    check(given=[proposed, returned], when=send_back, then=[])
    for ask in (at_grassroots, at_ministry, approve, replace(send_back, reason="Thiếu ảnh")):
        check(given=[proposed, returned], when=ask, then=RETURNED)


def test_a_returned_scheme_is_proposed_again_and_appraised_anew() -> None:
    check(given=[proposed, returned], when=resubmit, then=[resubmitted])
    check(given=[proposed, returned, resubmitted], when=resubmit, then=[])
    given = [proposed, grassroots, ministry, returned, resubmitted]
    check(given=given, when=approve, then=missing(AppraisalLevel.GRASSROOTS))
    check(given=[*given, grassroots, ministry], when=approve, then=[approved])


def test_only_a_returned_scheme_is_proposed_again() -> None:
    check(given=[proposed], when=resubmit, then=SchemeNotReturned(scheme_id=SCHEME_ID))


def test_what_is_proposed_again_keeps_to_the_rules_of_a_proposal() -> None:
    given = [proposed, returned]
    check(
        given=given, when=replace(resubmit, contents=()), then=ContentMissing(scheme_id=SCHEME_ID)
    )
    late = PeriodNotCovering(
        period=PERIOD_CODE, starts_on=date(2018, 1, 1), ends_on=date(2020, 12, 31)
    )
    check(given=given, when=replace(resubmit, ends_on=date(2021, 1, 1)), then=late)
    closed = {"period-2018-2020": fold(PERIOD, [opened, PeriodClosed(code=PERIOD_CODE)])}
    shut = PeriodIsClosed(period=PERIOD_CODE)
    check(given=given, when=resubmit, then=shut, neighbours=closed)


def test_a_rejected_scheme_stays_rejected() -> None:
    check(given=[proposed], when=reject, then=[rejected])
    check(given=[proposed, returned], when=reject, then=[rejected])
    check(given=[proposed, rejected], when=reject, then=[])
    for ask in (at_grassroots, at_ministry, send_back, approve):
        check(given=[proposed, rejected], when=ask, then=REJECTED)
    check(given=[proposed, returned, rejected], when=resubmit, then=REJECTED)


@pytest.mark.parametrize("ask", [at_grassroots, send_back, reject])
def test_an_approved_scheme_is_past_its_appraisal(ask: object) -> None:
    check(given=[proposed, approved], when=ask, then=SchemeIsApproved(scheme_id=SCHEME_ID))


def test_nobody_appraises_tomorrow() -> None:
    tomorrow = date(2020, 11, 6)
    future = FutureEffectiveDate(effective_on=tomorrow, today=TODAY)
    check(given=[proposed], when=at_grassroots, then=future, on=tomorrow)
    check(given=[proposed, grassroots], when=at_ministry, then=future, on=tomorrow)
