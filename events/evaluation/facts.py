"""What is said of a period (đánh giá): by conferences, by documents, by auditors."""

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
from events.rules import fact
from events.vocabulary import ClaimTopic


@fact
class EvaluationConferenceHeld:
    """A conference judged a period, as one source tells it (hội nghị đánh giá)."""

    evaluation_id: EvaluationId
    period: PeriodCode
    held_on: date
    convenor: str
    place: str | None
    quote: str
    source_id: SourceId


@fact
class NarrativeClaimRecorded:
    """What a source claims without a number was recorded (ghi nhận định)."""

    evaluation_id: EvaluationId
    claim_id: ClaimId
    topic: ClaimTopic
    subject: str
    quote: str
    source_id: SourceId


@fact
class AuditFindingRecorded:
    """Auditors found something to put right (kết luận kiểm toán)."""

    evaluation_id: EvaluationId
    period: PeriodCode
    finding_id: FindingId
    scheme_id: SchemeId | None
    """The scheme it concerns; null: none alone (đề án)."""
    findings: str
    amount: Vnd | None
    """The amount it concerns, in đồng; null: none is named (số tiền). No entry of the account."""
    action: str
    source_id: SourceId


@fact
class AuditFindingResolved:
    """Auditors saw that a finding was put right (khắc phục kết luận kiểm toán)."""

    evaluation_id: EvaluationId
    finding_id: FindingId
    action: str
    source_id: SourceId


EvaluationEvent: TypeAlias = (
    EvaluationConferenceHeld | NarrativeClaimRecorded | AuditFindingRecorded | AuditFindingResolved
)
