"""What happens to a scheme (đề án khuyến công) and to all of its money.

Every amount is whole đồng, positive, and says its funding source and its budget year.
"""

from datetime import date
from typing import TypeAlias

from events.identity import (
    CommitmentId,
    FacilityId,
    OrganisationId,
    PaymentId,
    PeriodCode,
    ProvinceRef,
    SchemeId,
    SectorRef,
    SourceId,
)
from events.money import Vnd
from events.rules import fact, value
from events.vocabulary import Activity, Criterion, FundingSource, SchemeClass, Verdict


@value
class Ceiling:
    """The most that may be committed from one source in one budget year (dự toán được duyệt)."""

    source: FundingSource
    budget_year: int
    amount: Vnd
    """At most so much may be committed, in đồng (mức kinh phí được duyệt). A stock."""


@fact
class SchemeProposed:
    """A scheme was registered and proposed (đăng ký đề án)."""

    scheme_id: SchemeId
    period: PeriodCode
    title: str
    scheme_class: SchemeClass
    contents: tuple[Activity, ...]
    starts_on: date
    ends_on: date
    implementer: OrganisationId


@fact
class SchemeApproved:
    """A scheme was approved with its ceilings and the law then in force (phê duyệt)."""

    scheme_id: SchemeId
    ceilings: tuple[Ceiling, ...]
    legal_regime: tuple[str, ...]


@fact
class BeneficiaryAssigned:
    """A rural industrial facility was chosen as beneficiary (chọn đơn vị thụ hưởng).

    Name, place and sector are kept as they were on that day.
    """

    scheme_id: SchemeId
    facility_id: FacilityId
    name: str
    province: ProvinceRef
    sector: SectorRef


@fact
class CounterpartPledged:
    """A beneficiary bound itself to invest its own money (cam kết vốn đối ứng)."""

    scheme_id: SchemeId
    facility_id: FacilityId
    amount: Vnd
    budget_year: int


@fact
class SupportCommitted:
    """Grant money was promised to a beneficiary for one cost item (cam kết hỗ trợ)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    facility_id: FacilityId
    activity: Activity
    cost_item: str
    total_cost: Vnd
    amount: Vnd
    source: FundingSource
    budget_year: int
    cap_basis: str | None
    """The instrument whose cap was checked; null where none is set (căn cứ định mức)."""


@fact
class CommitmentReduced:
    """Part of a commitment was taken back (giảm cam kết)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    amount: Vnd
    reason: str
    source: FundingSource
    budget_year: int


@fact
class CommitmentCancelled:
    """All that was left of a commitment was taken back (huỷ cam kết)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    amount: Vnd
    reason: str
    source: FundingSource
    budget_year: int


@fact
class AdvancePaid:
    """Money was paid ahead of acceptance (tạm ứng)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    payment_id: PaymentId
    amount: Vnd
    voucher: str
    source: FundingSource
    budget_year: int


@fact
class DisbursementPaid:
    """Money was paid for work done (thanh toán); a final one needs acceptance."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    payment_id: PaymentId
    amount: Vnd
    voucher: str
    final: bool
    source: FundingSource
    budget_year: int


@fact
class PaymentReversed:
    """A payment was taken back, wholly or in part, by a compensating entry (hoàn bút toán)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    payment_id: PaymentId
    """The payment that is reversed (khoản chi bị thu hồi)."""
    amount: Vnd
    reason: str
    source: FundingSource
    budget_year: int


@fact
class AcceptanceRecorded:
    """The supported work was accepted on site (nghiệm thu cơ sở)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    accepted_value: Vnd
    council: str


@fact
class SettlementApproved:
    """The final account of a commitment was approved (duyệt quyết toán)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    amount: Vnd
    source: FundingSource
    budget_year: int


@fact
class CriteriaEvaluated:
    """A scheme was judged against one criterion of focal schemes (đánh giá tiêu chí)."""

    scheme_id: SchemeId
    criterion: Criterion
    verdict: Verdict
    rule_version: str
    evidence: str
    source: SourceId
    """The published source that says so (nguồn công bố)."""


SchemeEvent: TypeAlias = (
    SchemeProposed
    | SchemeApproved
    | BeneficiaryAssigned
    | CounterpartPledged
    | SupportCommitted
    | CommitmentReduced
    | CommitmentCancelled
    | AdvancePaid
    | DisbursementPaid
    | PaymentReversed
    | AcceptanceRecorded
    | SettlementApproved
    | CriteriaEvaluated
)
