"""How a proposal is appraised, sent back, proposed again or turned down (thẩm định)."""

from collections.abc import Sequence
from typing import assert_never

from events.dates import happened
from events.period import Period
from events.period import stream as period_stream
from events.rules import Occasion
from events.scheme.appraisal import (
    AppraisalCommand,
    AppraisalEvent,
    AppraisalMissing,
    AppraiseSchemeAtGrassroots,
    AppraiseSchemeAtMinistry,
    RejectScheme,
    ResubmitScheme,
    ReturnScheme,
    SchemeGrassrootsAppraised,
    SchemeIsApproved,
    SchemeIsRejected,
    SchemeIsReturned,
    SchemeMinistryAppraised,
    SchemeNotReturned,
    SchemeRejected,
    SchemeResubmitted,
    SchemeReturned,
)
from events.scheme.bounds import check_content, check_period
from events.scheme.state import Scheme
from events.text import optional, required
from events.vocabulary import AppraisalLevel, Verdict


def appraise(
    command: AppraisalCommand, scheme: Scheme, occasion: Occasion
) -> Sequence[AppraisalEvent]:
    """Answer a command on a proposal; once approved, a scheme is adjusted instead."""
    match command:
        case AppraiseSchemeAtGrassroots():
            return _at_grassroots(command, scheme, occasion)
        case AppraiseSchemeAtMinistry():
            return _at_ministry(command, scheme, occasion)
        case ReturnScheme():
            return _return(command, scheme)
        case ResubmitScheme():
            return _resubmit(command, scheme, occasion)
        case RejectScheme():
            return _reject(command, scheme)
        case _:
            assert_never(command)


def check_approvable(scheme: Scheme) -> None:
    """Refuse to approve what is returned, rejected, or appraised in part.

    Both verdicts are asked for where the ledger holds one: schemes from before it kept appraisals,
    and those of published articles, have none.
    """
    _check_stands(scheme)
    if scheme.appraisal.has_begun:
        _check_met(scheme, AppraisalLevel.GRASSROOTS, scheme.appraisal.grassroots)
        _check_met(scheme, AppraisalLevel.MINISTRY, scheme.appraisal.ministry)


def _at_grassroots(
    command: AppraiseSchemeAtGrassroots, scheme: Scheme, occasion: Occasion
) -> Sequence[AppraisalEvent]:
    """May be given again, otherwise: what the ministry said of the first no longer counts."""
    happened(occasion)
    appraisal = SchemeGrassrootsAppraised(
        scheme_id=command.scheme_id,
        verdict=command.verdict,
        council=required("council", command.council),
        remarks=optional("remarks", command.remarks),
    )
    if scheme.appraisal.grassroots == appraisal:
        return ()
    _check_open(scheme)
    return (appraisal,)


def _at_ministry(
    command: AppraiseSchemeAtMinistry, scheme: Scheme, occasion: Occasion
) -> Sequence[AppraisalEvent]:
    happened(occasion)
    appraisal = SchemeMinistryAppraised(
        scheme_id=command.scheme_id,
        verdict=command.verdict,
        council=required("council", command.council),
        remarks=optional("remarks", command.remarks),
    )
    if scheme.appraisal.ministry == appraisal:
        return ()
    _check_open(scheme)
    _check_met(scheme, AppraisalLevel.GRASSROOTS, scheme.appraisal.grassroots)
    return (appraisal,)


def _return(command: ReturnScheme, scheme: Scheme) -> Sequence[AppraisalEvent]:
    returned = SchemeReturned(
        scheme_id=command.scheme_id, reason=required("reason", command.reason)
    )
    if scheme.appraisal.returned == returned:
        return ()
    _check_open(scheme)
    return (returned,)


def _resubmit(
    command: ResubmitScheme, scheme: Scheme, occasion: Occasion
) -> Sequence[AppraisalEvent]:
    """Period, class and implementer stay: with others it would be another scheme."""
    resubmitted = SchemeResubmitted(
        scheme_id=command.scheme_id,
        title=required("title", command.title),
        contents=command.contents,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
    )
    if scheme.appraisal.returned is None:
        if scheme.appraisal.resubmitted == resubmitted:
            return ()
        raise SchemeNotReturned(scheme_id=command.scheme_id)
    _check_unapproved(scheme)
    check_content(command.scheme_id, command.contents, command.starts_on, command.ends_on)
    code = scheme.proposal.period
    period = occasion.neighbour(period_stream(code), Period)
    check_period(code, command.starts_on, command.ends_on, period)
    return (resubmitted,)


def _reject(command: RejectScheme, scheme: Scheme) -> Sequence[AppraisalEvent]:
    """A scheme that was sent back may be turned down as well, for one that is never completed."""
    rejected = SchemeRejected(
        scheme_id=command.scheme_id, reason=required("reason", command.reason)
    )
    if scheme.appraisal.rejected == rejected:
        return ()
    _check_unapproved(scheme)
    return (rejected,)


def _check_open(scheme: Scheme) -> None:
    _check_unapproved(scheme)
    _check_stands(scheme)


def _check_unapproved(scheme: Scheme) -> None:
    if scheme.approval is not None:
        raise SchemeIsApproved(scheme_id=scheme.proposal.scheme_id)
    if (rejected := scheme.appraisal.rejected) is not None:
        raise SchemeIsRejected(scheme_id=rejected.scheme_id, reason=rejected.reason)


def _check_stands(scheme: Scheme) -> None:
    if (rejected := scheme.appraisal.rejected) is not None:
        raise SchemeIsRejected(scheme_id=rejected.scheme_id, reason=rejected.reason)
    if (returned := scheme.appraisal.returned) is not None:
        raise SchemeIsReturned(scheme_id=returned.scheme_id, reason=returned.reason)


def _check_met(
    scheme: Scheme,
    level: AppraisalLevel,
    appraisal: SchemeGrassrootsAppraised | SchemeMinistryAppraised | None,
) -> None:
    if appraisal is None or appraisal.verdict is not Verdict.MET:
        raise AppraisalMissing(
            scheme_id=scheme.proposal.scheme_id, level=level, verdict=Verdict.MET
        )
