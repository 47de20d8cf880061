"""Enums of the contract: each value says the official Vietnamese term."""

from enum import Enum
from typing import TypeVar

from events import vocabulary
from events.scheme import room
from projections import (
    accounts,
    commitment,
    contact,
    contract,
    decision,
    entry,
    facility,
    mandate,
    payment,
    progress,
    scheme,
    step,
)
from schema.planner.criteria import Direction, Nulls, described
from schema.planner.given import Structural

E = TypeVar("E", bound=Enum)


def _named(enum: type[E]) -> type[E]:
    """Publish an enum; each value says the official Vietnamese term."""
    described(enum, " ".join((enum.__doc__ or "").split()))
    return enum


FundingSource = _named(vocabulary.FundingSource)
SchemeClass = _named(vocabulary.SchemeClass)
Activity = _named(vocabulary.Activity)
Criterion = _named(vocabulary.Criterion)
TargetIndicator = _named(vocabulary.TargetIndicator)
Adjustment = _named(vocabulary.Adjustment)
Verdict = _named(vocabulary.Verdict)
Measure = _named(vocabulary.Measure)
NoCorrection = _named(vocabulary.NoCorrection)
OrganisationKind = _named(vocabulary.OrganisationKind)
UnitKind = _named(vocabulary.UnitKind)
UrbanClass = _named(vocabulary.UrbanClass)
LegalForm = _named(vocabulary.LegalForm)
Ownership = _named(vocabulary.Ownership)
RecoveryBasis = _named(vocabulary.RecoveryBasis)
Role = _named(vocabulary.Role)


@_named
class Geography(Structural):
    """Which map places are counted on (địa giới hành chính)."""

    AT_EVENT = "đơn vị hành chính tại thời điểm ghi nhận"
    TODAY = "đơn vị hành chính hiện nay"


@_named
class TotalsDimension(Structural):
    """What sums can be grouped by (tiêu chí tổng hợp)."""

    PERIOD = "giai đoạn"
    SCHEME_CLASS = "loại đề án"
    SCHEME = "đề án"
    FACILITY = "cơ sở thụ hưởng"
    PROVINCE = "tỉnh, thành phố"
    SECTOR = "nhóm ngành"
    CENTRE = "trung tâm thực hiện"
    SOURCE = "nguồn vốn"
    LEVEL = "cấp nguồn vốn"
    BUDGET_YEAR = "niên độ ngân sách"
    MONTH = "tháng có hiệu lực"


@_named
class FundingLevel(Enum):
    """Whose money it is (cấp nguồn vốn)."""

    NATIONAL = "quốc gia"
    LOCAL = "địa phương"
    FACILITY = "cơ sở thụ hưởng"


@_named
class Interval(Structural):
    """How long an interval of a series is (kỳ)."""

    MONTH = "tháng"
    QUARTER = "quý"
    YEAR = "năm"


@_named
class BatchMode(Enum):
    """Whether the commands of a request stand or fall together (cách ghi sổ)."""

    TOGETHER = "tất cả hoặc không lệnh nào"
    EACH = "từng lệnh một"


@_named
class TrialDimension(Structural):
    """What the trial balance can be grouped by (chiều bảng cân đối)."""

    ACCOUNT = "tài khoản"
    SOURCE = "nguồn vốn"
    BUDGET_YEAR = "niên độ ngân sách"


@_named
class FundMeasure(Enum):
    """A figure of the fund that two positions are compared by (chỉ tiêu so sánh)."""

    COUNTERPART = "vốn đối ứng"
    COMMITTED = "cam kết hỗ trợ"
    TAKEN_BACK = "giảm, huỷ cam kết"
    GRANT = "kinh phí khuyến công"
    ADVANCED = "tạm ứng"
    DISBURSED = "thanh toán"
    REVERSED = "huỷ, hoàn bút toán"
    PAID = "đã giải ngân"
    SETTLED = "đã quyết toán"
    FACILITIES = "số cơ sở"
    SCHEMES = "số đề án"
    BENEFICIARIES = "số đơn vị thụ hưởng"
    COMMITMENTS = "số cam kết"
    PAYMENTS = "số khoản chi"


described(Direction, "Which end comes first.")
described(Nulls, "Where rows without a value stand.")
SchemeStatus = _named(scheme.SchemeStatus)
AppraisalLevel = _named(vocabulary.AppraisalLevel)
AdjustmentKind = _named(vocabulary.AdjustmentKind)
ContractStatus = _named(contract.ContractStatus)
DecisionKind = _named(decision.DecisionKind)
CommitmentStatus = _named(commitment.CommitmentStatus)
FacilityStatus = _named(facility.FacilityStatus)
ContactStatus = _named(contact.ContactStatus)
ErasureGround = _named(vocabulary.ErasureGround)
CapUnit = _named(vocabulary.CapUnit)
ProvinceKind = _named(vocabulary.ProvinceKind)
Certainty = _named(vocabulary.Certainty)
PaymentKind = _named(payment.PaymentKind)
ProgressKind = _named(progress.ProgressKind)
StepStatus = _named(step.StepStatus)
DeliveryKind = _named(vocabulary.DeliveryKind)
Indicator = _named(vocabulary.Indicator)
IndicatorUnit = _named(vocabulary.IndicatorUnit)
ClaimTopic = _named(vocabulary.ClaimTopic)
EntryKind = _named(entry.EntryKind)
Account = _named(accounts.Account)
RoomKind = _named(room.RoomKind)
MandateStatus = _named(mandate.MandateStatus)
