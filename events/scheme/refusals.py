"""Why the ledger says no to a scheme (đề án khuyến công) or to its money.

Each docstring is the message: English, then Vietnamese, with the figures of the case.
"""

from datetime import date
from typing import TypeAlias

from events.dates import EndsBeforeStart, FutureEffectiveDate, InvalidYear
from events.facility import FacilityIsClosed, UnknownFacility
from events.identity import InvalidCode, PeriodCode, SchemeId
from events.money import InvalidAmount
from events.organisation import UnknownOrganisation
from events.period import PeriodIsClosed, UnknownPeriod
from events.rules import Refusal, refusal
from events.scheme.money_refusals import (
    AcceptanceDiffers,
    ActivityNotInScheme,
    AmountAboveCost,
    BudgetExceeded,
    CapExceeded,
    CommitmentDiffers,
    CommitmentEnded,
    CommitmentExceeded,
    CounterpartShort,
    NotABeneficiary,
    NotAccepted,
    NotAGrant,
    PaymentDiffers,
    ReductionLeavesNothing,
    UnknownCommitment,
    UnknownPayment,
)
from events.source import UnknownSource
from events.text import InvalidText
from events.vocabulary import FundingSource


@refusal(rule="TT 36/2013/TT-BCT: a scheme is proposed before anything else")
class SchemeNotProposed(Refusal):
    """No scheme {scheme_id} was proposed.

    Chưa đăng ký đề án {scheme_id}.
    """

    scheme_id: SchemeId


@refusal(rule="TT 36/2013/TT-BCT: support is committed under an approved scheme")
class SchemeNotApproved(Refusal):
    """Scheme {scheme_id} is not approved yet.

    Đề án {scheme_id} chưa được phê duyệt.
    """

    scheme_id: SchemeId


@refusal(rule="a scheme is proposed once")
class SchemeDiffers(Refusal):
    """Scheme {scheme_id} was proposed already, with other content.

    Đề án {scheme_id} đã được đăng ký với nội dung khác.
    """

    scheme_id: SchemeId


@refusal(rule="a scheme is approved once; a change is an adjustment (TT 36/2013/TT-BCT Đ11)")
class ApprovalDiffers(Refusal):
    """Scheme {scheme_id} was approved already, with other ceilings or under other law.

    Đề án {scheme_id} đã được phê duyệt với dự toán hoặc căn cứ khác.
    """

    scheme_id: SchemeId


@refusal(rule="a scheme runs within its period")
class PeriodNotCovering(Refusal):
    """Period {period} lasts from {starts_on} to {ends_on} and does not cover the whole scheme.

    Giai đoạn {period} từ {starts_on} đến {ends_on} không bao trùm toàn bộ thời gian của đề án.
    """

    period: PeriodCode
    starts_on: date
    ends_on: date


@refusal(rule="NĐ 45/2012/NĐ-CP: a scheme carries out activities of khuyến công")
class ContentMissing(Refusal):
    """Scheme {scheme_id} names no activity.

    Đề án {scheme_id} chưa nêu nội dung hoạt động nào.
    """

    scheme_id: SchemeId


@refusal(rule="TT 36/2013/TT-BCT Đ2k3, as amended by TT 17/2018/TT-BCT Đ1k1")
class FocalRule(Refusal):
    """A focal scheme needs 2 contents and 2 to 3 years; it has {contents}, {starts_on} – {ends_on}.

    Đề án điểm phải có từ 2 nội dung trở lên và kéo dài 2 đến 3 năm; đề án này có {contents} nội
    dung, từ {starts_on} đến {ends_on}.
    """

    contents: int
    starts_on: date
    ends_on: date


@refusal(rule="one ceiling for each source and budget year")
class CeilingRepeated(Refusal):
    """Source {source} has more than one ceiling for {budget_year}.

    Nguồn {source} có nhiều hơn một mức dự toán cho năm {budget_year}.
    """

    source: FundingSource
    budget_year: int


SchemeRefusal: TypeAlias = (
    SchemeNotProposed
    | SchemeNotApproved
    | SchemeDiffers
    | ApprovalDiffers
    | UnknownPeriod
    | PeriodIsClosed
    | PeriodNotCovering
    | UnknownOrganisation
    | ContentMissing
    | FocalRule
    | CeilingRepeated
    | UnknownFacility
    | FacilityIsClosed
    | NotABeneficiary
    | ActivityNotInScheme
    | NotAGrant
    | AmountAboveCost
    | BudgetExceeded
    | CapExceeded
    | CounterpartShort
    | CommitmentDiffers
    | UnknownCommitment
    | CommitmentEnded
    | ReductionLeavesNothing
    | CommitmentExceeded
    | PaymentDiffers
    | UnknownPayment
    | NotAccepted
    | AcceptanceDiffers
    | UnknownSource
    | EndsBeforeStart
    | FutureEffectiveDate
    | InvalidYear
    | InvalidAmount
    | InvalidText
    | InvalidCode
)
