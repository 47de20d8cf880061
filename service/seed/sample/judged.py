"""What a sample's scheme brought, and how it was judged (kết quả, đánh giá)."""

from events.catalogue import Command
from events.evaluation import (
    RecordAuditFinding,
    RecordConference,
    RecordNarrativeClaim,
    ResolveAuditFinding,
)
from events.identity import ClaimId, EvaluationId, FindingId, OutcomeId
from events.money import Figure, Vnd
from events.scheme import RecordActivity, RecordOutcome, RecordTraining, ReviseOutcome
from events.vocabulary import ClaimTopic, DeliveryKind, Indicator, IndicatorUnit
from service.seed.sample.cast import Cast

OUTCOME, CLAIM, FINDING = OutcomeId("doanh-thu"), ClaimId("1"), FindingId("kl-1")
METHOD = "đối chiếu báo cáo, minh họa"


def deliver(cast: Cast) -> Command:
    return RecordActivity(
        scheme_id=cast.scheme_id,
        facility_id=cast.facility_id,
        delivery=DeliveryKind.CONSULTING,
        what="tư vấn tổ chức sản xuất, minh họa",
        persons=12,
    )


def train(cast: Cast) -> Command:
    return RecordTraining(
        scheme_id=cast.scheme_id,
        facility_id=cast.facility_id,
        occupation="sấy nông sản, minh họa",
        persons=20,
        women=11,
        months=3,
    )


def measure(cast: Cast) -> Command:
    return RecordOutcome(
        scheme_id=cast.scheme_id,
        outcome_id=OUTCOME,
        facility_id=cast.facility_id,
        indicator=Indicator.REVENUE,
        baseline=Figure(2_000_000_000),
        value=Figure(2_400_000_000),
        unit=IndicatorUnit.VND_PER_YEAR,
        method=METHOD,
    )


def revise(cast: Cast) -> Command:
    return ReviseOutcome(
        scheme_id=cast.scheme_id,
        outcome_id=OUTCOME,
        baseline=Figure(2_000_000_000),
        value=Figure(2_350_000_000),
        method=METHOD,
        reason="quyết toán thuế, minh họa",
    )


def confer(cast: Cast) -> Command:
    return RecordConference(
        evaluation_id=_evaluation(cast),
        period=cast.period,
        held_on=cast.today,
        convenor="Cục minh họa",
        quote="hội nghị đánh giá (minh họa)",
        source_id=cast.source_id,
    )


def claim(cast: Cast) -> Command:
    return RecordNarrativeClaim(
        evaluation_id=_evaluation(cast),
        claim_id=CLAIM,
        topic=ClaimTopic.COORDINATION,
        subject="Trung tâm minh họa",
        quote="phối hợp chặt chẽ hơn (minh họa)",
        source_id=cast.source_id,
    )


def find(cast: Cast) -> Command:
    return RecordAuditFinding(
        evaluation_id=_evaluation(cast),
        period=cast.period,
        finding_id=FINDING,
        scheme_id=cast.scheme_id,
        findings="chứng từ thiếu chữ ký, minh họa",
        amount=Vnd(5_000_000),
        action="bổ sung chứng từ, minh họa",
        source_id=cast.source_id,
    )


def resolve(cast: Cast) -> Command:
    return ResolveAuditFinding(
        evaluation_id=_evaluation(cast),
        finding_id=FINDING,
        action="đã bổ sung, minh họa",
        source_id=cast.source_id,
    )


def _evaluation(cast: Cast) -> EvaluationId:
    return EvaluationId(cast.tag)
