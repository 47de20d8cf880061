"""What becomes of a proposal before it is approved (thẩm định): two appraisals, return, rejection.

Returned, it is proposed again with changed content, and appraised anew from the first level.
"""

from dataclasses import replace
from datetime import date
from typing import TypeAlias, assert_never

from events.identity import SchemeId
from events.rules import Refusal, command, fact, refusal, value
from events.vocabulary import Activity, AppraisalLevel, Verdict


@fact
class SchemeGrassrootsAppraised:
    """The province's department appraised a proposal (thẩm định cấp cơ sở)."""

    scheme_id: SchemeId
    verdict: Verdict
    council: str
    remarks: str | None


@fact
class SchemeMinistryAppraised:
    """The ministry's council appraised a proposal (thẩm định cấp Bộ)."""

    scheme_id: SchemeId
    verdict: Verdict
    council: str
    remarks: str | None


@fact
class SchemeReturned:
    """A proposal was sent back to be completed (yêu cầu bổ sung hồ sơ)."""

    scheme_id: SchemeId
    reason: str


@fact
class SchemeResubmitted:
    """A proposal that was sent back was proposed again, as it reads now (đăng ký lại)."""

    scheme_id: SchemeId
    title: str
    contents: tuple[Activity, ...]
    starts_on: date
    ends_on: date


@fact
class SchemeRejected:
    """A proposal was turned down for good (từ chối đề án)."""

    scheme_id: SchemeId
    reason: str


@command
class AppraiseSchemeAtGrassroots:
    """Appraise a proposal at the first level (thẩm định cấp cơ sở)."""

    scheme_id: SchemeId
    verdict: Verdict
    council: str
    remarks: str | None = None


@command
class AppraiseSchemeAtMinistry:
    """Appraise a proposal at the second level, after the first (thẩm định cấp Bộ)."""

    scheme_id: SchemeId
    verdict: Verdict
    council: str
    remarks: str | None = None


@command
class ReturnScheme:
    """Send a proposal back to be completed (yêu cầu bổ sung hồ sơ)."""

    scheme_id: SchemeId
    reason: str


@command
class ResubmitScheme:
    """Propose a scheme again that was sent back (đăng ký lại). Both days belong to it."""

    scheme_id: SchemeId
    title: str
    contents: tuple[Activity, ...]
    starts_on: date
    ends_on: date


@command
class RejectScheme:
    """Turn a proposal down for good (từ chối đề án)."""

    scheme_id: SchemeId
    reason: str


AppraisalEvent: TypeAlias = (
    SchemeGrassrootsAppraised
    | SchemeMinistryAppraised
    | SchemeReturned
    | SchemeResubmitted
    | SchemeRejected
)
AppraisalCommand: TypeAlias = (
    AppraiseSchemeAtGrassroots
    | AppraiseSchemeAtMinistry
    | ReturnScheme
    | ResubmitScheme
    | RejectScheme
)


@refusal(rule="TT 36/2013/TT-BCT: a scheme is appraised, returned or rejected before its approval")
class SchemeIsApproved(Refusal):
    """Scheme {scheme_id} is approved: what changes from now on is an adjustment.

    Đề án {scheme_id} đã được phê duyệt: từ nay mọi thay đổi là điều chỉnh.
    """

    scheme_id: SchemeId


# The facts SchemeReturned and SchemeRejected have the names that the codes would come from.
@refusal(rule="TT 36/2013/TT-BCT: a returned scheme is completed first", code="SCHEME_RETURNED")
class SchemeIsReturned(Refusal):
    """Scheme {scheme_id} was sent back and not proposed again yet: {reason}.

    Đề án {scheme_id} đang được yêu cầu bổ sung, chưa đăng ký lại: {reason}.
    """

    scheme_id: SchemeId
    reason: str


@refusal(rule="TT 36/2013/TT-BCT: a rejected scheme is not taken up again", code="SCHEME_REJECTED")
class SchemeIsRejected(Refusal):
    """Scheme {scheme_id} was rejected: {reason}.

    Đề án {scheme_id} đã bị từ chối: {reason}.
    """

    scheme_id: SchemeId
    reason: str


@refusal(rule="only what was sent back is proposed again")
class SchemeNotReturned(Refusal):
    """Scheme {scheme_id} was not sent back.

    Đề án {scheme_id} không bị yêu cầu bổ sung.
    """

    scheme_id: SchemeId


@refusal(rule="TT 36/2013/TT-BCT: the grassroots, then the ministry appraise, then it is approved")
class AppraisalMissing(Refusal):
    """Scheme {scheme_id} has no appraisal of level {level} with the verdict {verdict}.

    Đề án {scheme_id} chưa được thẩm định {level} với kết luận "{verdict}".
    """

    scheme_id: SchemeId
    level: AppraisalLevel
    verdict: Verdict


AppraisalRefusal: TypeAlias = (
    SchemeIsApproved | SchemeIsReturned | SchemeIsRejected | SchemeNotReturned | AppraisalMissing
)


@value
class Appraisal:
    """How far the appraisal of a proposal has come, as the rules see it."""

    has_begun: bool = False
    """Whether any verdict was ever recorded: from then on approval needs both."""
    grassroots: SchemeGrassrootsAppraised | None = None
    ministry: SchemeMinistryAppraised | None = None
    returned: SchemeReturned | None = None
    resubmitted: SchemeResubmitted | None = None
    rejected: SchemeRejected | None = None


def appraised(appraisal: Appraisal, event: AppraisalEvent) -> Appraisal:
    """Apply one recorded fact; what was appraised before a return no longer counts."""
    match event:
        case SchemeGrassrootsAppraised():
            return replace(appraisal, has_begun=True, grassroots=event, ministry=None)
        case SchemeMinistryAppraised():
            return replace(appraisal, has_begun=True, ministry=event)
        case SchemeReturned():
            return replace(appraisal, grassroots=None, ministry=None, returned=event)
        case SchemeResubmitted():
            return replace(
                appraisal, grassroots=None, ministry=None, returned=None, resubmitted=event
            )
        case SchemeRejected():
            return replace(appraisal, rejected=event)
        case _:
            assert_never(event)
