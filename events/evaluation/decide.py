"""The rules of an evaluation (đánh giá): whichever comes first begins it, and nothing replaces it.

evaluation-hoi-nghi-2020-11-05    a conference as each source tells it, claims, findings
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import assert_never

from events.dates import FutureEffectiveDate, happened
from events.evaluation.commands import (
    EvaluationCommand,
    RecordAuditFinding,
    RecordConference,
    RecordNarrativeClaim,
    ResolveAuditFinding,
)
from events.evaluation.facts import (
    AuditFindingRecorded,
    AuditFindingResolved,
    EvaluationConferenceHeld,
    EvaluationEvent,
    NarrativeClaimRecorded,
)
from events.evaluation.refusals import (
    ClaimDiffers,
    ConferenceDiffers,
    EvaluationDiffers,
    FindingDiffers,
    FindingIsResolved,
    UnknownEvaluation,
    UnknownFinding,
)
from events.identity import (
    ClaimId,
    EvaluationId,
    FindingId,
    PeriodCode,
    SourceId,
    checked_code,
    stream_of,
)
from events.money import checked_amount
from events.period import Period, UnknownPeriod
from events.period import stream as period_stream
from events.rules import Aggregate, HistoryBrokenError, Occasion, value
from events.scheme import Scheme, SchemeNotProposed
from events.scheme import stream as scheme_stream
from events.source import Source, UnknownSource
from events.source import stream as source_stream
from events.text import optional, required


@value
class Evaluation:
    """An evaluation as the rules see it."""

    period: PeriodCode
    conferences: Mapping[SourceId, EvaluationConferenceHeld] = field(default_factory=dict)
    claims: Mapping[ClaimId, NarrativeClaimRecorded] = field(default_factory=dict)
    findings: Mapping[FindingId, AuditFindingRecorded] = field(default_factory=dict)
    resolved: Mapping[FindingId, AuditFindingResolved] = field(default_factory=dict)


def stream(evaluation_id: EvaluationId) -> str:
    """The stream of an evaluation."""
    return stream_of("evaluation", evaluation_id)


def reads(command: EvaluationCommand) -> Iterable[str]:
    """The document that says so, and what it speaks of."""
    yield source_stream(command.source_id)
    if isinstance(command, RecordConference | RecordAuditFinding):
        yield period_stream(command.period)
    if isinstance(command, RecordAuditFinding) and command.scheme_id is not None:
        yield scheme_stream(command.scheme_id)


def decide(
    command: EvaluationCommand, evaluation: Evaluation | None, occasion: Occasion
) -> Sequence[EvaluationEvent]:
    """Answer a command with the facts it causes; none if already so."""
    happened(occasion)
    if occasion.neighbour(source_stream(command.source_id), Source) is None:
        raise UnknownSource(source_id=command.source_id)
    match command:
        case RecordConference():
            return _conference(command, evaluation, occasion)
        case RecordNarrativeClaim():
            return _claim(command, evaluation)
        case RecordAuditFinding():
            return _find(command, evaluation, occasion)
        case ResolveAuditFinding():
            return _resolve(command, evaluation)
        case _:
            assert_never(command)


def evolve(evaluation: Evaluation | None, event: EvaluationEvent) -> Evaluation:
    """Apply one recorded fact. Total: history is never refused."""
    match event:
        case EvaluationConferenceHeld(source_id=source):
            begun = evaluation or Evaluation(period=event.period)
            return replace(begun, conferences={**begun.conferences, source: event})
        case AuditFindingRecorded(finding_id=key):
            begun = evaluation or Evaluation(period=event.period)
            return replace(begun, findings={**begun.findings, key: event})
        case NarrativeClaimRecorded(claim_id=claim):
            begun = _begun(evaluation)
            return replace(begun, claims={**begun.claims, claim: event})
        case AuditFindingResolved(finding_id=key):
            begun = _begun(evaluation)
            return replace(begun, resolved={**begun.resolved, key: event})
        case _:
            assert_never(event)


def _conference(
    command: RecordConference, evaluation: Evaluation | None, occasion: Occasion
) -> Sequence[EvaluationEvent]:
    _check_period(command, evaluation, occasion)
    if command.held_on > occasion.today:
        raise FutureEffectiveDate(effective_on=command.held_on, today=occasion.today)
    held = EvaluationConferenceHeld(
        evaluation_id=command.evaluation_id,
        period=command.period,
        held_on=command.held_on,
        convenor=required("convenor", command.convenor),
        place=optional("place", command.place),
        quote=required("quote", command.quote),
        source_id=command.source_id,
    )
    known = evaluation.conferences.get(command.source_id) if evaluation else None
    if known is None:
        return (held,)
    if known == held:
        return ()
    raise ConferenceDiffers(source_id=command.source_id)


def _claim(
    command: RecordNarrativeClaim, evaluation: Evaluation | None
) -> Sequence[EvaluationEvent]:
    if evaluation is None or not evaluation.conferences:
        raise UnknownEvaluation(evaluation_id=command.evaluation_id)
    checked_code("claim_id", command.claim_id)
    claim = NarrativeClaimRecorded(
        evaluation_id=command.evaluation_id,
        claim_id=command.claim_id,
        topic=command.topic,
        subject=required("subject", command.subject),
        quote=required("quote", command.quote),
        source_id=command.source_id,
    )
    known = evaluation.claims.get(command.claim_id)
    if known is None:
        return (claim,)
    if known == claim:
        return ()
    raise ClaimDiffers(claim_id=command.claim_id)


def _find(
    command: RecordAuditFinding, evaluation: Evaluation | None, occasion: Occasion
) -> Sequence[EvaluationEvent]:
    _check_period(command, evaluation, occasion)
    checked_code("finding_id", command.finding_id)
    if command.amount is not None:
        checked_amount("amount", command.amount)
    if command.scheme_id is not None:
        scheme = occasion.neighbour(scheme_stream(command.scheme_id), Scheme)
        if scheme is None:
            raise SchemeNotProposed(scheme_id=command.scheme_id)
    finding = AuditFindingRecorded(
        evaluation_id=command.evaluation_id,
        period=command.period,
        finding_id=command.finding_id,
        scheme_id=command.scheme_id,
        findings=required("findings", command.findings),
        amount=command.amount,
        action=required("action", command.action),
        source_id=command.source_id,
    )
    known = evaluation.findings.get(command.finding_id) if evaluation else None
    if known is None:
        return (finding,)
    if known == finding:
        return ()
    raise FindingDiffers(finding_id=command.finding_id)


def _resolve(
    command: ResolveAuditFinding, evaluation: Evaluation | None
) -> Sequence[EvaluationEvent]:
    if evaluation is None or command.finding_id not in evaluation.findings:
        raise UnknownFinding(finding_id=command.finding_id)
    resolved = AuditFindingResolved(
        evaluation_id=command.evaluation_id,
        finding_id=command.finding_id,
        action=required("action", command.action),
        source_id=command.source_id,
    )
    known = evaluation.resolved.get(command.finding_id)
    if known is None:
        return (resolved,)
    if known == resolved:
        return ()
    raise FindingIsResolved(finding_id=command.finding_id)


def _check_period(
    command: RecordConference | RecordAuditFinding,
    evaluation: Evaluation | None,
    occasion: Occasion,
) -> None:
    if occasion.neighbour(period_stream(command.period), Period) is None:
        raise UnknownPeriod(period=command.period)
    if evaluation is not None and evaluation.period != command.period:
        raise EvaluationDiffers(evaluation_id=command.evaluation_id, period=evaluation.period)


def _begun(evaluation: Evaluation | None) -> Evaluation:
    if evaluation is None:
        raise HistoryBrokenError("an evaluation begins with a conference or a finding")
    return evaluation


EVALUATION: Aggregate[EvaluationCommand, Evaluation, EvaluationEvent] = Aggregate(
    name="evaluation",
    stream=lambda command: stream(command.evaluation_id),
    decide=decide,
    evolve=evolve,
    reads=reads,
)
