"""An evaluation is what its sources say of it; they may disagree, and none is put right."""

from dataclasses import replace
from datetime import date

import pytest

from events.dates import FutureEffectiveDate
from events.evaluation import (
    EVALUATION,
    AuditFindingRecorded,
    AuditFindingResolved,
    ClaimDiffers,
    ConferenceDiffers,
    EvaluationConferenceHeld,
    EvaluationDiffers,
    FindingDiffers,
    FindingIsResolved,
    NarrativeClaimRecorded,
    RecordAuditFinding,
    RecordConference,
    RecordNarrativeClaim,
    ResolveAuditFinding,
    UnknownEvaluation,
    UnknownFinding,
)
from events.identity import ClaimId, EvaluationId, FindingId, PeriodCode, SourceId
from events.money import Figure, InvalidAmount, Vnd
from events.period import PERIOD, UnknownPeriod
from events.scheme import SCHEME, SchemeNotProposed
from events.source import SOURCE, UnknownSource
from events.text import InvalidText
from events.vocabulary import ClaimTopic
from tests.spec import TODAY, Spec, fold
from tests.world import ARTICLE, PERIOD_CODE, SCHEME_ID, article, opened, proposed

OTHER = SourceId("other")
NEIGHBOURS = {
    "source-article": fold(SOURCE, [article]),
    "source-other": fold(SOURCE, [replace(article, source_id=OTHER)]),
    "period-2018-2020": fold(PERIOD, [opened]),
    "scheme-textiles": fold(SCHEME, [proposed]),
}
check = Spec(EVALUATION, NEIGHBOURS)
ID, CLAIM, FINDING = EvaluationId("e1"), ClaimId("16"), FindingId("kl-1")

confer = RecordConference(
    evaluation_id=ID,
    period=PERIOD_CODE,
    held_on=date(2020, 11, 5),
    convenor="Trung tâm Khuyến công 1",
    quote="Trung tâm 1 tổ chức hội nghị",
    source_id=ARTICLE,
)
held = EvaluationConferenceHeld(
    evaluation_id=ID,
    period=PERIOD_CODE,
    held_on=date(2020, 11, 5),
    convenor="Trung tâm Khuyến công 1",
    place=None,
    quote="Trung tâm 1 tổ chức hội nghị",
    source_id=ARTICLE,
)
claim = RecordNarrativeClaim(
    evaluation_id=ID,
    claim_id=CLAIM,
    topic=ClaimTopic.CAPACITY,
    subject="Các trung tâm",
    quote="chia sẻ kinh nghiệm",
    source_id=ARTICLE,
)
claimed = NarrativeClaimRecorded(
    evaluation_id=ID,
    claim_id=CLAIM,
    topic=ClaimTopic.CAPACITY,
    subject="Các trung tâm",
    quote="chia sẻ kinh nghiệm",
    source_id=ARTICLE,
)
find = RecordAuditFinding(
    evaluation_id=ID,
    period=PERIOD_CODE,
    finding_id=FINDING,
    scheme_id=SCHEME_ID,
    findings="Chi vượt định mức",
    amount=Vnd(5_000_000),
    action="Thu hồi",
    source_id=ARTICLE,
)
found = AuditFindingRecorded(
    evaluation_id=ID,
    period=PERIOD_CODE,
    finding_id=FINDING,
    scheme_id=SCHEME_ID,
    findings="Chi vượt định mức",
    amount=Vnd(5_000_000),
    action="Thu hồi",
    source_id=ARTICLE,
)
resolve = ResolveAuditFinding(
    evaluation_id=ID, finding_id=FINDING, action="Đã nộp ngân sách", source_id=ARTICLE
)
resolved = AuditFindingResolved(
    evaluation_id=ID, finding_id=FINDING, action="Đã nộp ngân sách", source_id=ARTICLE
)


def test_each_source_tells_of_the_conference_once_and_both_stand_where_they_disagree() -> None:
    check(given=[], when=confer, then=[held])
    check(given=[held], when=confer, then=[])
    otherwise = replace(confer, convenor="Cục Công Thương địa phương")
    check(given=[held], when=otherwise, then=ConferenceDiffers(source_id=ARTICLE))
    second = replace(otherwise, source_id=OTHER)
    told = replace(held, convenor="Cục Công Thương địa phương", source_id=OTHER)
    check(given=[held], when=second, then=[told])


def test_a_claim_belongs_to_a_conference_and_is_recorded_once() -> None:
    check(given=[held], when=claim, then=[claimed])
    check(given=[held, claimed], when=claim, then=[])
    other = replace(claim, quote="khác")
    check(given=[held, claimed], when=other, then=ClaimDiffers(claim_id=CLAIM))
    unknown = UnknownEvaluation(evaluation_id=ID)
    check(given=[], when=claim, then=unknown)
    check(given=[found], when=claim, then=unknown)


def test_a_finding_is_recorded_once_and_put_right_once() -> None:
    check(given=[], when=find, then=[found])
    check(given=[found], when=find, then=[])
    other = replace(find, amount=None)
    check(given=[found], when=other, then=FindingDiffers(finding_id=FINDING))
    check(given=[found], when=resolve, then=[resolved])
    check(given=[found, resolved], when=resolve, then=[])
    again = replace(resolve, action="Khác")
    check(given=[found, resolved], when=again, then=FindingIsResolved(finding_id=FINDING))
    unknown = UnknownFinding(finding_id=FINDING)
    check(given=[], when=resolve, then=unknown)
    check(given=[held], when=resolve, then=unknown)


@pytest.mark.parametrize("command", [confer, claim, find, resolve])
def test_whatever_is_said_has_its_document(
    command: RecordConference | RecordNarrativeClaim | RecordAuditFinding | ResolveAuditFinding,
) -> None:
    nobody = SourceId("nobody")
    ask = replace(command, source_id=nobody)
    check(given=[held, found], when=ask, then=UnknownSource(source_id=nobody))
    tomorrow = date(2020, 11, 6)
    future = FutureEffectiveDate(effective_on=tomorrow, today=TODAY)
    check(given=[held, found], when=command, then=future, on=tomorrow)


@pytest.mark.parametrize("command", [confer, find])
def test_an_evaluation_judges_one_period_that_was_opened(
    command: RecordConference | RecordAuditFinding,
) -> None:
    later = PeriodCode("2021-2025")
    ask = replace(command, period=later)
    check(given=[], when=ask, then=UnknownPeriod(period=later))
    both = {
        **NEIGHBOURS,
        "period-2021-2025": fold(PERIOD, [replace(opened, code=later)]),
    }
    differs = EvaluationDiffers(evaluation_id=ID, period=PERIOD_CODE)
    check(given=[held], when=ask, then=differs, neighbours=both)


def test_a_conference_is_told_of_after_it_was_held() -> None:
    day = date(2020, 11, 6)
    future = FutureEffectiveDate(effective_on=day, today=TODAY)
    check(given=[], when=replace(confer, held_on=day), then=future)


def test_a_finding_concerns_a_scheme_that_is_there_and_an_amount_above_nothing() -> None:
    gone = {name: each for name, each in NEIGHBOURS.items() if name != "scheme-textiles"}
    unknown = SchemeNotProposed(scheme_id=SCHEME_ID)
    check(given=[], when=find, then=unknown, neighbours=gone)
    nought = InvalidAmount(field="amount", amount=Figure(0))
    check(given=[], when=replace(find, amount=Vnd(0)), then=nought)
    check(
        given=[],
        when=replace(find, amount=None, scheme_id=None),
        then=[replace(found, amount=None, scheme_id=None)],
    )


def test_what_must_be_said_is_said() -> None:
    check(given=[], when=replace(confer, convenor=" "), then=InvalidText(field="convenor"))
    check(given=[held], when=replace(claim, subject=""), then=InvalidText(field="subject"))
    check(given=[], when=replace(find, findings=""), then=InvalidText(field="findings"))
    check(given=[found], when=replace(resolve, action=""), then=InvalidText(field="action"))
