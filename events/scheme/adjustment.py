"""How an approved scheme is changed (điều chỉnh, bổ sung, TT 36/2013/TT-BCT Đ11).

A change says what it was before and what it is now, of that alone which it changes.
"""

from datetime import date
from typing import TypeAlias

from events.identity import FacilityId, OrganisationId, ProvinceRef, SchemeId
from events.rules import Refusal, command, fact, refusal, value
from events.scheme.ceiling import Ceiling
from events.vocabulary import Activity, AdjustmentKind


@value
class Terms:
    """What of a scheme one adjustment changes; the rest is empty or null (nội dung điều chỉnh)."""

    ceilings: tuple[Ceiling, ...]
    contents: tuple[Activity, ...]
    starts_on: date | None
    ends_on: date | None
    provinces: tuple[ProvinceRef, ...]
    """Where it is carried out (địa điểm thực hiện)."""
    implementer: OrganisationId | None
    beneficiary: FacilityId | None


@fact
class SchemeAdjusted:
    """An approved scheme was adjusted (điều chỉnh đề án)."""

    scheme_id: SchemeId
    adjustment: AdjustmentKind
    approver: OrganisationId
    reason: str
    before: Terms
    after: Terms


@fact
class SchemeSupplemented:
    """Contents, or money of another source or year, were added to a scheme (bổ sung đề án)."""

    scheme_id: SchemeId
    approver: OrganisationId
    reason: str
    contents: tuple[Activity, ...]
    ceilings: tuple[Ceiling, ...]


@command
class AdjustScheme:
    """Adjust an approved scheme (điều chỉnh đề án): say of this kind alone what it shall be.

    INCREASE and DECREASE: `ceilings`, those that change, with their new amounts. CONTENT: all
    `contents`. EXTEND_YEAR: `ends_on` in a later year. DATES: `starts_on`, `ends_on` or both,
    within their years. PLACE: all `provinces`. PARTNER: `implementer`. BENEFICIARY: `released` and
    `chosen`.
    """

    scheme_id: SchemeId
    adjustment: AdjustmentKind
    approver: OrganisationId
    reason: str
    ceilings: tuple[Ceiling, ...] = ()
    contents: tuple[Activity, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    provinces: tuple[ProvinceRef, ...] = ()
    implementer: OrganisationId | None = None
    released: FacilityId | None = None
    chosen: FacilityId | None = None


@command
class SupplementScheme:
    """Add contents, or money of another source or year (bổ sung đề án)."""

    scheme_id: SchemeId
    approver: OrganisationId
    reason: str
    contents: tuple[Activity, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()


@refusal(rule="TT 36/2013/TT-BCT Đ11: each kind of adjustment changes one thing of a scheme")
class AdjustmentDiffers(Refusal):
    """An adjustment of kind {adjustment} says what is new of that, of nothing else, and differs.

    Điều chỉnh "{adjustment}" phải nêu đúng nội dung mới của loại đó, không nêu nội dung khác, và
    phải khác hiện trạng.
    """

    adjustment: AdjustmentKind


@refusal(
    rule="TT 36/2013/TT-BCT Đ11: a supplement adds what is not there; more of it is an increase"
)
class NothingSupplemented(Refusal):
    """A supplement adds contents, sources or years that scheme {scheme_id} does not have.

    Bổ sung phải nêu nội dung, nguồn hoặc niên độ mà đề án {scheme_id} chưa có.
    """

    scheme_id: SchemeId


@refusal(rule="what money is promised for stays a content of the scheme")
class ContentCommitted(Refusal):
    """Money is committed for {activity}: it stays a content of scheme {scheme_id}.

    Đã cam kết hỗ trợ cho "{activity}": nội dung này phải giữ lại trong đề án {scheme_id}.
    """

    scheme_id: SchemeId
    activity: Activity


@refusal(rule="TT 36/2013/TT-BCT Đ11: a change of place is an adjustment")
class PlaceNotInScheme(Refusal):
    """Scheme {scheme_id} is carried out elsewhere than where facility {facility_id} stands.

    Đề án {scheme_id} không thực hiện tại địa phương của cơ sở {facility_id}.
    """

    scheme_id: SchemeId
    facility_id: FacilityId


@refusal(rule="money is added to a ceiling, or taken from it, once the ceiling holds")
class CeilingNotYet(Refusal):
    """The ceilings of scheme {scheme_id} hold from {since}: they do not change on {effective_on}.

    Dự toán của đề án {scheme_id} có hiệu lực từ {since}: không thể điều chỉnh từ {effective_on}.
    """

    scheme_id: SchemeId
    since: date
    effective_on: date


AdjustmentEvent: TypeAlias = SchemeAdjusted | SchemeSupplemented
AdjustmentCommand: TypeAlias = AdjustScheme | SupplementScheme
AdjustmentRefusal: TypeAlias = (
    AdjustmentDiffers | CeilingNotYet | NothingSupplemented | ContentCommitted | PlaceNotInScheme
)
