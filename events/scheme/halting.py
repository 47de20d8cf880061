"""Suspend, resume, stop and complete a scheme (tạm dừng, tiếp tục, ngừng, hoàn thành)."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from events.dates import EndsBeforeStart, happened
from events.period import Period, PeriodIsClosed
from events.period import stream as period_stream
from events.rules import Occasion
from events.scheme.authority import check_approver
from events.scheme.halt import (
    CompleteScheme,
    FocalBeneficiaries,
    HaltCommand,
    HaltEvent,
    MoneyIsOpen,
    ResumeScheme,
    SchemeCompleted,
    SchemeIsCompleted,
    SchemeIsStopped,
    SchemeNotSuspended,
    SchemeResumed,
    SchemeStopped,
    SchemeSuspended,
    StopScheme,
    SuspendScheme,
)
from events.scheme.refusals import SchemeNotApproved
from events.scheme.state import Scheme
from events.text import required
from events.vocabulary import OrganisationKind, SchemeClass

FOCAL_BENEFICIARIES_MIN = 2


def halt(command: HaltCommand, scheme: Scheme, occasion: Occasion) -> Sequence[HaltEvent]:
    """Answer a command on whether an approved scheme goes on."""
    match command:
        case SuspendScheme():
            return _suspend(command, scheme)
        case ResumeScheme():
            return _resume(command, scheme)
        case StopScheme():
            return _stop(command, scheme, occasion)
        case CompleteScheme():
            return _complete(command, scheme, occasion)
        case _:
            assert_never(command)


def check_goes_on(scheme: Scheme, day: date) -> None:
    """Refuse new money on a day on which the scheme stands still, or after its completion.

    The day is the one on which the command takes effect: what was promised before the freeze and is
    entered after it, was promised before it.
    """
    if scheme.halt.completion is not None:
        raise SchemeIsCompleted(scheme_id=scheme.proposal.scheme_id)
    for each in scheme.halt.freezes:
        if each.covers(day):
            raise SchemeIsStopped(
                scheme_id=scheme.proposal.scheme_id, freeze_date=each.since, reason=each.reason
            )


def check_takes_money(scheme: Scheme, occasion: Occasion) -> None:
    """As `check_goes_on`; nor does a scheme of a closed period promise or pay anything new."""
    check_goes_on(scheme, occasion.effective_on)
    code = scheme.proposal.period
    period = occasion.neighbour(period_stream(code), Period)
    if period is not None and period.is_closed:
        raise PeriodIsClosed(period=code)


def check_not_ended(scheme: Scheme) -> None:
    """Refuse to change a scheme that was stopped or completed; a suspended one may be mended."""
    if scheme.halt.completion is not None:
        raise SchemeIsCompleted(scheme_id=scheme.proposal.scheme_id)
    if (stop := scheme.halt.stop) is not None:
        raise SchemeIsStopped(
            scheme_id=stop.scheme_id, freeze_date=stop.freeze_date, reason=stop.reason
        )


def check_settled(scheme: Scheme) -> None:
    """Refuse while any commitment is neither settled nor cancelled."""
    for key, each in scheme.commitments.items():
        if not each.is_ended:
            raise MoneyIsOpen(scheme_id=scheme.proposal.scheme_id, commitment_id=key)


def _suspend(command: SuspendScheme, scheme: Scheme) -> Sequence[HaltEvent]:
    suspension = SchemeSuspended(
        scheme_id=command.scheme_id,
        reason=required("reason", command.reason),
        freeze_date=command.freeze_date,
    )
    if scheme.halt.suspension is not None:
        if scheme.halt.suspension == suspension:
            return ()
        standing = scheme.halt.suspension
        raise SchemeIsStopped(
            scheme_id=standing.scheme_id, freeze_date=standing.freeze_date, reason=standing.reason
        )
    _check_approved(scheme)
    check_not_ended(scheme)
    return (suspension,)


def _resume(command: ResumeScheme, scheme: Scheme) -> Sequence[HaltEvent]:
    reason = required("reason", command.reason)
    check_not_ended(scheme)
    suspension = scheme.halt.suspension
    if suspension is None:
        raise SchemeNotSuspended(scheme_id=command.scheme_id)
    if command.resumes_on < suspension.freeze_date:
        raise EndsBeforeStart(starts_on=suspension.freeze_date, ends_on=command.resumes_on)
    return (
        SchemeResumed(scheme_id=command.scheme_id, reason=reason, resumes_on=command.resumes_on),
    )


def _stop(command: StopScheme, scheme: Scheme, occasion: Occasion) -> Sequence[HaltEvent]:
    """For the Ministry alone to approve (TT 36/2013/TT-BCT Đ11)."""
    stop = SchemeStopped(
        scheme_id=command.scheme_id,
        approver=command.approver,
        reason=required("reason", command.reason),
        freeze_date=command.freeze_date,
    )
    if scheme.halt.stop == stop:
        return ()
    _check_approved(scheme)
    check_not_ended(scheme)
    check_approver(command.scheme_id, command.approver, OrganisationKind.MINISTRY, occasion)
    return (stop,)


def _complete(command: CompleteScheme, scheme: Scheme, occasion: Occasion) -> Sequence[HaltEvent]:
    """A stopped scheme is never completed; what was owed under it is settled all the same."""
    happened(occasion)
    if scheme.halt.completion is not None:
        return ()
    _check_approved(scheme)
    check_not_ended(scheme)
    check_settled(scheme)
    beneficiaries = len(scheme.beneficiaries)
    is_focal = scheme.proposal.scheme_class is SchemeClass.FOCAL
    if is_focal and beneficiaries < FOCAL_BENEFICIARIES_MIN:
        raise FocalBeneficiaries(scheme_id=command.scheme_id, beneficiaries=beneficiaries)
    return (SchemeCompleted(scheme_id=command.scheme_id),)


def _check_approved(scheme: Scheme) -> None:
    if scheme.approval is None:
        raise SchemeNotApproved(scheme_id=scheme.proposal.scheme_id)
