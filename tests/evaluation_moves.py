"""Moves of a random history that are about what the money brought, and how it was judged."""

from datetime import date
from random import Random

from events.catalogue import Command
from events.evaluation import (
    Evaluation,
    RecordAuditFinding,
    RecordConference,
    RecordNarrativeClaim,
    ResolveAuditFinding,
)
from events.geography import live
from events.identity import ClaimId, EvaluationId, FindingId, OutcomeId
from events.money import Figure
from events.scheme import (
    EvaluateCriteria,
    RecordActivity,
    RecordOutcome,
    RecordTraining,
    ReviseOutcome,
)
from events.scheme.delivering import UNITS
from events.source import RecordReportedFigure
from events.vocabulary import (
    ClaimTopic,
    Criterion,
    DeliveryKind,
    Indicator,
    Measure,
    Verdict,
)
from tests.stage import FACILITIES, MILLION, NAMES, PERIOD, SCHEMES, SOURCE, Cast, amount_of, any_of

EVALUATION = EvaluationId("e1")
QUOTE = "năng suất tăng lên"


def evaluate(random: Random, cast: Cast) -> Command:
    scheme_id, _ = cast.scheme(random)
    return EvaluateCriteria(
        scheme_id=scheme_id,
        criterion=random.choice(list(Criterion)),
        verdict=random.choice(list(Verdict)),
        rule_version="TT 17/2018/TT-BCT",
        evidence="Biên bản hội nghị",
        source=SOURCE,
    )


def report(random: Random, _cast: Cast) -> Command:
    measure = random.choice(list(Measure))
    value = Figure(random.randrange(200_000 * MILLION))
    return RecordReportedFigure(
        source_id=SOURCE, period=PERIOD, measure=measure, value=value, quote="như đã nêu"
    )


def deliver(random: Random, cast: Cast) -> Command:
    scheme_id, scheme = cast.scheme(random)
    found = any_of(random, scheme.beneficiaries if scheme else None)
    facility_id = random.choice((None, found[0] if found else random.choice(FACILITIES)))
    if random.random() < 0.5:
        return RecordActivity(
            scheme_id=scheme_id,
            facility_id=facility_id,
            delivery=random.choice(list(DeliveryKind)),
            what=random.choice(NAMES),
            persons=random.choice((None, 12)),
        )
    persons = random.choice((None, random.randint(1, 40)))
    return RecordTraining(
        scheme_id=scheme_id,
        facility_id=facility_id,
        occupation="May công nghiệp",
        persons=persons,
        women=random.randint(0, persons) if persons else None,
        months=random.choice((None, 3)),
        quote=QUOTE if persons is None else None,
        source_id=SOURCE if persons is None else None,
    )


def measure(random: Random, cast: Cast) -> Command:
    scheme_id, scheme = cast.scheme(random)
    known = any_of(random, scheme.outcomes if scheme else None)
    value = random.choice((None, Figure(amount_of(random, 900))))
    told = (None, None) if value is not None else (QUOTE, SOURCE)
    if known and random.random() < 0.5:
        return ReviseOutcome(
            scheme_id=scheme_id,
            outcome_id=known[0],
            value=value,
            method="Điều tra lại",
            quote=told[0],
            source_id=told[1],
            reason="Sửa số liệu",
        )
    indicator = random.choice(list(Indicator))
    found = any_of(random, scheme.beneficiaries if scheme else None)
    facility_id = found[0] if found and random.random() < 0.5 else None
    return RecordOutcome(
        scheme_id=scheme_id,
        outcome_id=OutcomeId(f"o{random.randrange(4)}"),
        facility_id=facility_id,
        province=None if facility_id else random.choice((None, live(date(2018, 1, 1))[0].ref)),
        indicator=indicator,
        baseline=random.choice((None, Figure(1_000))),
        value=value,
        unit=random.choice(sorted(UNITS[indicator], key=str)),
        method="Báo cáo của cơ sở",
        quote=told[0],
        source_id=told[1],
    )


def judge(random: Random, cast: Cast) -> Command:
    """A conference, a claim, a finding, or what became of one."""
    state = cast.states.get(f"evaluation-{EVALUATION}")
    known = state if isinstance(state, Evaluation) else None
    choice = random.random()
    if known is None or choice < 0.2:
        return RecordConference(
            evaluation_id=EVALUATION,
            period=PERIOD,
            held_on=date(2020, 11, 5),
            convenor="Trung tâm Khuyến công 1",
            place=random.choice((None, "Nam Định")),
            quote=QUOTE,
            source_id=SOURCE,
        )
    if choice < 0.5:
        return RecordNarrativeClaim(
            evaluation_id=EVALUATION,
            claim_id=ClaimId(str(random.randrange(9))),
            topic=random.choice(list(ClaimTopic)),
            subject="Các trung tâm",
            quote=QUOTE,
            source_id=SOURCE,
        )
    finding = any_of(random, known.findings)
    if finding and choice < 0.75:
        return ResolveAuditFinding(
            evaluation_id=EVALUATION,
            finding_id=finding[0],
            action="Đã nộp ngân sách",
            source_id=SOURCE,
        )
    return RecordAuditFinding(
        evaluation_id=EVALUATION,
        period=PERIOD,
        finding_id=FindingId(f"kl-{random.randrange(5)}"),
        scheme_id=random.choice((None, *SCHEMES)),
        findings="Chi sai nội dung",
        amount=random.choice((None, amount_of(random, 90))),
        action="Thu hồi",
        source_id=SOURCE,
    )
