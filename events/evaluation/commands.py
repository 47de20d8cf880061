"""What may be asked of an evaluation (đánh giá): the mirror image of its facts."""

from datetime import date
from typing import TypeAlias

from events.identity import (
    ClaimId,
    EvaluationId,
    FindingId,
    PeriodCode,
    SchemeId,
    SourceId,
)
from events.money import Vnd
from events.rules import command
from events.vocabulary import ClaimTopic


@command
class RecordConference:
    """Record a conference that judged a period, as one source tells it (hội nghị đánh giá)."""

    evaluation_id: EvaluationId
    period: PeriodCode
    held_on: date
    convenor: str
    place: str | None = None
    quote: str
    source_id: SourceId


@command
class RecordNarrativeClaim:
    """Record what a source claims without a number (ghi nhận định)."""

    evaluation_id: EvaluationId
    claim_id: ClaimId
    topic: ClaimTopic
    subject: str
    quote: str
    source_id: SourceId


@command
class RecordAuditFinding:
    """Record what auditors found to put right (kết luận kiểm toán)."""

    evaluation_id: EvaluationId
    period: PeriodCode
    finding_id: FindingId
    scheme_id: SchemeId | None = None
    """The scheme it concerns; null: none alone (đề án)."""
    findings: str
    amount: Vnd | None = None
    """The amount it concerns, in đồng; null: none is named (số tiền). No entry of the account."""
    action: str
    source_id: SourceId


@command
class ResolveAuditFinding:
    """Record that a finding was put right (khắc phục kết luận kiểm toán)."""

    evaluation_id: EvaluationId
    finding_id: FindingId
    action: str
    source_id: SourceId


EvaluationCommand: TypeAlias = (
    RecordConference | RecordNarrativeClaim | RecordAuditFinding | ResolveAuditFinding
)
