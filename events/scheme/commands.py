"""What may be asked of a scheme (đề án khuyến công): the mirror image of its facts.

A command carries what a person says; the fact also carries what the rule found.
"""

from datetime import date
from typing import TypeAlias

from events.identity import (
    CommitmentId,
    FacilityId,
    OrganisationId,
    PaymentId,
    PeriodCode,
    SchemeId,
    SourceId,
)
from events.money import Vnd
from events.rules import command
from events.scheme.facts import Ceiling
from events.vocabulary import Activity, Criterion, FundingSource, SchemeClass, Verdict


@command
class ProposeScheme:
    """Register and propose a scheme (đăng ký đề án). Both days belong to it."""

    scheme_id: SchemeId
    period: PeriodCode
    title: str
    scheme_class: SchemeClass
    contents: tuple[Activity, ...]
    starts_on: date
    ends_on: date
    implementer: OrganisationId


@command
class ApproveScheme:
    """Approve a scheme with its ceilings by source and budget year (phê duyệt)."""

    scheme_id: SchemeId
    ceilings: tuple[Ceiling, ...]
    legal_regime: tuple[str, ...]
    """In force on the day of approval; the scheme stays under them (văn bản áp dụng)."""


@command
class AssignBeneficiary:
    """Choose a facility as beneficiary of a scheme (chọn đơn vị thụ hưởng)."""

    scheme_id: SchemeId
    facility_id: FacilityId


@command
class PledgeCounterpart:
    """Record money of its own that a beneficiary binds itself to invest (cam kết vốn đối ứng)."""

    scheme_id: SchemeId
    facility_id: FacilityId
    amount: Vnd
    budget_year: int


@command
class CommitSupport:
    """Promise grant money to a beneficiary for one cost item (cam kết hỗ trợ)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    facility_id: FacilityId
    activity: Activity
    cost_item: str
    total_cost: Vnd
    amount: Vnd
    source: FundingSource
    budget_year: int


@command
class ReduceCommitment:
    """Take back part of a commitment (giảm cam kết)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    amount: Vnd
    reason: str


@command
class CancelCommitment:
    """Take back all that is left of a commitment of which nothing is paid (huỷ cam kết)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    reason: str


@command
class PayAdvance:
    """Pay money ahead of acceptance (tạm ứng)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    facility_id: FacilityId
    """The payee that the voucher names; the commitment's own (đơn vị thụ hưởng)."""
    payment_id: PaymentId
    amount: Vnd
    voucher: str
    budget_year: int


@command
class PayDisbursement:
    """Pay money for work done (thanh toán); a final payment needs acceptance."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    facility_id: FacilityId
    """The payee that the voucher names; the commitment's own (đơn vị thụ hưởng)."""
    payment_id: PaymentId
    amount: Vnd
    voucher: str
    final: bool = False
    budget_year: int


@command
class ReversePayment:
    """Take back a payment, in whole or in part, by a compensating entry (huỷ, hoàn bút toán)."""

    scheme_id: SchemeId
    payment_id: PaymentId
    """The payment that is reversed (khoản chi bị thu hồi)."""
    amount: Vnd
    reason: str


@command
class RecordAcceptance:
    """Record that the supported work was accepted on site (nghiệm thu cơ sở)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    accepted_value: Vnd
    council: str


@command
class ApproveSettlement:
    """Approve the final account of a commitment (duyệt quyết toán)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    amount: Vnd


@command
class EvaluateCriteria:
    """Judge a scheme against one criterion of focal schemes (đánh giá tiêu chí)."""

    scheme_id: SchemeId
    criterion: Criterion
    verdict: Verdict
    rule_version: str
    evidence: str
    source: SourceId
    """The published source that says so (nguồn công bố)."""


SchemeCommand: TypeAlias = (
    ProposeScheme
    | ApproveScheme
    | AssignBeneficiary
    | PledgeCounterpart
    | CommitSupport
    | ReduceCommitment
    | CancelCommitment
    | PayAdvance
    | PayDisbursement
    | ReversePayment
    | RecordAcceptance
    | ApproveSettlement
    | EvaluateCriteria
)
