"""The rules of what follows delivery: accept or refuse the work, hand in its account, settle it."""

from collections.abc import Sequence

from events.dates import happened
from events.money import Vnd, checked_amount
from events.rules import Occasion
from events.scheme.commands import ApproveSettlement, RecordAcceptance
from events.scheme.commitments import known_commitment, open_commitment
from events.scheme.facts import AcceptanceRecorded, SchemeEvent, SettlementApproved
from events.scheme.money_refusals import AcceptanceDiffers, NotAccepted
from events.scheme.payments import check_within
from events.scheme.settlement import (
    AcceptanceRefused,
    RefuseAcceptance,
    SettlementAboveSubmission,
    SettlementSubmitted,
    SubmitSettlement,
)
from events.scheme.state import Commitment, Scheme
from events.text import required


def accept(command: RecordAcceptance, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    happened(occasion)
    checked_amount("accepted_value", command.accepted_value)
    acceptance = AcceptanceRecorded(
        scheme_id=command.scheme_id,
        commitment_id=command.commitment_id,
        accepted_value=command.accepted_value,
        council=required("council", command.council),
    )
    known = known_commitment(command.commitment_id, scheme).acceptance
    if known is not None:
        if known == acceptance:
            return ()
        raise AcceptanceDiffers(commitment_id=command.commitment_id)
    open_commitment(command.commitment_id, scheme)
    return (acceptance,)


def settle(command: ApproveSettlement, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    """Below what was paid or handed in is legal: the difference is recovered, or not paid.

    Where nothing was handed in, as before accounts were, the approval stands alone.
    """
    happened(occasion)
    checked_amount("amount", command.amount)
    commitment = known_commitment(command.commitment_id, scheme)
    settlement = SettlementApproved(
        scheme_id=command.scheme_id,
        commitment_id=command.commitment_id,
        amount=command.amount,
        source=commitment.promise.source,
        budget_year=commitment.promise.budget_year,
    )
    if commitment.settlement == settlement:
        return ()
    open_commitment(command.commitment_id, scheme)
    _check_accepted(command.amount, commitment)
    check_within(command.amount, commitment.left, commitment)
    submission = commitment.submission
    if submission is not None and command.amount > submission.eligible:
        raise SettlementAboveSubmission(
            commitment_id=command.commitment_id,
            requested=command.amount,
            submitted=submission.eligible,
        )
    return (settlement,)


def refuse(command: RefuseAcceptance, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    """Recorded each time: work is mended and shown again until it is accepted."""
    happened(occasion)
    checked_amount("shortfall", command.shortfall)
    commitment = open_commitment(command.commitment_id, scheme)
    if commitment.acceptance is not None:
        raise AcceptanceDiffers(commitment_id=command.commitment_id)
    return (
        AcceptanceRefused(
            scheme_id=command.scheme_id,
            commitment_id=command.commitment_id,
            shortfall=command.shortfall,
            reason=required("reason", command.reason),
            council=required("council", command.council),
        ),
    )


def submit(command: SubmitSettlement, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    """What was paid stands beside it; handed in again, the last account counts."""
    happened(occasion)
    checked_amount("eligible", command.eligible)
    commitment = open_commitment(command.commitment_id, scheme)
    _check_accepted(command.eligible, commitment)
    check_within(command.eligible, commitment.left, commitment)
    paid = commitment.net_paid - scheme.recoveries.received(command.commitment_id)
    submission = SettlementSubmitted(
        scheme_id=command.scheme_id,
        commitment_id=command.commitment_id,
        eligible=command.eligible,
        paid=Vnd(paid),
        payable=Vnd(max(command.eligible - paid, 0)),
        recoverable=Vnd(max(paid - command.eligible, 0)),
        source=commitment.promise.source,
        budget_year=commitment.promise.budget_year,
    )
    return () if commitment.submission == submission else (submission,)


def _check_accepted(requested: Vnd, commitment: Commitment) -> None:
    acceptance = commitment.acceptance
    if acceptance is None or requested > acceptance.accepted_value:
        raise NotAccepted(commitment_id=commitment.promise.commitment_id, requested=requested)
