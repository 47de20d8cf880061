"""Why the ledger says no to an evaluation (đánh giá). Each docstring is the message."""

from typing import TypeAlias

from events.dates import FutureEffectiveDate
from events.identity import (
    ClaimId,
    EvaluationId,
    FindingId,
    InvalidCode,
    PeriodCode,
    SourceId,
)
from events.money import InvalidAmount
from events.period import UnknownPeriod
from events.rules import Refusal, refusal
from events.scheme import SchemeNotProposed
from events.source import UnknownSource
from events.text import InvalidText


@refusal(rule="a claim belongs to an evaluation that a source tells of")
class UnknownEvaluation(Refusal):
    """No conference of evaluation {evaluation_id} was recorded.

    Chưa ghi nhận hội nghị của đợt đánh giá {evaluation_id}.
    """

    evaluation_id: EvaluationId


@refusal(rule="an evaluation judges one period")
class EvaluationDiffers(Refusal):
    """Evaluation {evaluation_id} is of period {period}.

    Đợt đánh giá {evaluation_id} là của giai đoạn {period}.
    """

    evaluation_id: EvaluationId
    period: PeriodCode


@refusal(rule="one source tells of a conference once; what another tells stands beside it")
class ConferenceDiffers(Refusal):
    """Document {source_id} was already recorded as telling of this conference otherwise.

    Tài liệu {source_id} đã được ghi nhận với thông tin khác về hội nghị này.
    """

    source_id: SourceId


@refusal(rule="a claim is recorded once, in the words of its source")
class ClaimDiffers(Refusal):
    """Claim {claim_id} was recorded already, with other content.

    Nhận định {claim_id} đã được ghi nhận với nội dung khác.
    """

    claim_id: ClaimId


@refusal(rule="Luật Kiểm toán nhà nước 2015: a finding is recorded once, as the auditors wrote it")
class FindingDiffers(Refusal):
    """Finding {finding_id} was recorded already, with other content.

    Kết luận kiểm toán {finding_id} đã được ghi nhận với nội dung khác.
    """

    finding_id: FindingId


@refusal(rule="Luật Kiểm toán nhà nước 2015: what is put right was found before")
class UnknownFinding(Refusal):
    """No finding {finding_id} was recorded in this evaluation.

    Đợt đánh giá này chưa có kết luận kiểm toán {finding_id}.
    """

    finding_id: FindingId


@refusal(rule="Luật Kiểm toán nhà nước 2015: a finding is put right once")
class FindingIsResolved(Refusal):
    """Finding {finding_id} was resolved already, in another way.

    Kết luận kiểm toán {finding_id} đã được khắc phục theo cách khác.
    """

    finding_id: FindingId


EvaluationRefusal: TypeAlias = (
    UnknownEvaluation
    | EvaluationDiffers
    | ConferenceDiffers
    | ClaimDiffers
    | FindingDiffers
    | UnknownFinding
    | FindingIsResolved
    | UnknownSource
    | UnknownPeriod
    | SchemeNotProposed
    | FutureEffectiveDate
    | InvalidAmount
    | InvalidText
    | InvalidCode
)
