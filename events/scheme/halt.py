"""How a scheme ends or pauses (tạm dừng, ngừng, hoàn thành): no new money from then on.

Recovery, correction, settlement and reversal stay allowed: what was done is always put in order.
"""

from dataclasses import replace
from datetime import date
from typing import TypeAlias, assert_never

from events.identity import CommitmentId, OrganisationId, SchemeId
from events.rules import Refusal, command, fact, refusal, value


@fact
class SchemeSuspended:
    """A scheme was suspended for a time (tạm dừng thực hiện đề án)."""

    scheme_id: SchemeId
    reason: str
    freeze_date: date


@fact
class SchemeResumed:
    """A suspended scheme goes on (tiếp tục thực hiện đề án)."""

    scheme_id: SchemeId
    reason: str
    resumes_on: date


@fact
class SchemeStopped:
    """A scheme was stopped for good (ngừng thực hiện đề án)."""

    scheme_id: SchemeId
    approver: OrganisationId
    reason: str
    freeze_date: date


@fact
class SchemeCompleted:
    """A scheme was completed: all of its commitments are settled or cancelled (hoàn thành)."""

    scheme_id: SchemeId


@command
class SuspendScheme:
    """Suspend a scheme from a day on (tạm dừng thực hiện đề án)."""

    scheme_id: SchemeId
    reason: str
    freeze_date: date


@command
class ResumeScheme:
    """Let a suspended scheme go on from a day on (tiếp tục thực hiện đề án)."""

    scheme_id: SchemeId
    reason: str
    resumes_on: date


@command
class StopScheme:
    """Stop a scheme for good from a day on (ngừng thực hiện đề án)."""

    scheme_id: SchemeId
    approver: OrganisationId
    reason: str
    freeze_date: date


@command
class CompleteScheme:
    """Complete a scheme, once all of its money is settled (hoàn thành đề án)."""

    scheme_id: SchemeId


HaltEvent: TypeAlias = SchemeSuspended | SchemeResumed | SchemeStopped | SchemeCompleted
HaltCommand: TypeAlias = SuspendScheme | ResumeScheme | StopScheme | CompleteScheme


# The fact SchemeStopped has the name that the code would come from; so has SchemeCompleted.
@refusal(
    rule="TT 36/2013/TT-BCT Đ11: a stopped or suspended scheme takes no new money",
    code="SCHEME_STOPPED",
)
class SchemeIsStopped(Refusal):
    """Scheme {scheme_id} takes nothing new since {freeze_date}: {reason}.

    Đề án {scheme_id} không nhận thêm cam kết, khoản chi từ ngày {freeze_date}: {reason}.
    """

    scheme_id: SchemeId
    freeze_date: date
    reason: str


@refusal(rule="a completed scheme takes no new money", code="SCHEME_COMPLETED")
class SchemeIsCompleted(Refusal):
    """Scheme {scheme_id} is completed: it takes nothing new.

    Đề án {scheme_id} đã hoàn thành: không nhận thêm cam kết, khoản chi hay thay đổi.
    """

    scheme_id: SchemeId


@refusal(rule="only a suspended scheme is resumed")
class SchemeNotSuspended(Refusal):
    """Scheme {scheme_id} is not suspended.

    Đề án {scheme_id} không bị tạm dừng.
    """

    scheme_id: SchemeId


@refusal(rule="a scheme is completed when all of its money is settled")
class MoneyIsOpen(Refusal):
    """Commitment {commitment_id} of scheme {scheme_id} is neither settled nor cancelled.

    Cam kết {commitment_id} của đề án {scheme_id} chưa quyết toán và chưa huỷ.
    """

    scheme_id: SchemeId
    commitment_id: CommitmentId


# Two beneficiaries are asked for when the scheme ends: FOCAL_RULE tells of both halves of the rule.
@refusal(rule="TT 36/2013/TT-BCT Đ2k3, as amended by TT 17/2018/TT-BCT Đ1k1", code="FOCAL_RULE")
class FocalBeneficiaries(Refusal):
    """A focal scheme ends with 2 beneficiaries or more; {scheme_id} has {beneficiaries}.

    Đề án điểm phải có từ 2 đơn vị thụ hưởng trở lên; {scheme_id} có {beneficiaries}.
    """

    scheme_id: SchemeId
    beneficiaries: int


HaltRefusal: TypeAlias = (
    SchemeIsStopped | SchemeIsCompleted | SchemeNotSuspended | MoneyIsOpen | FocalBeneficiaries
)


@value
class Freeze:
    """A time in which a scheme takes no new money."""

    since: date
    reason: str
    until: date | None = None
    """The first day on which it went on; None: it has not."""

    def covers(self, day: date) -> bool:
        """Whether the scheme stands still on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@value
class Halt:
    """Whether a scheme goes on, as the rules see it."""

    freezes: tuple[Freeze, ...] = ()
    suspension: SchemeSuspended | None = None
    """The one that lasts."""
    stop: SchemeStopped | None = None
    completion: SchemeCompleted | None = None


def halted(halt: Halt, event: HaltEvent) -> Halt:
    """Apply one recorded fact."""
    match event:
        case SchemeSuspended():
            begun = Freeze(since=event.freeze_date, reason=event.reason)
            return replace(halt, freezes=(*halt.freezes, begun), suspension=event)
        case SchemeResumed():
            *before, last = halt.freezes
            ended = replace(last, until=event.resumes_on)
            return replace(halt, freezes=(*before, ended), suspension=None)
        case SchemeStopped():
            begun = Freeze(since=event.freeze_date, reason=event.reason)
            return replace(halt, freezes=(*halt.freezes, begun), stop=event)
        case SchemeCompleted():
            return replace(halt, completion=event)
        case _:
            assert_never(event)
