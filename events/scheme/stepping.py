"""Maker and checker (người đề nghị, người duyệt): propose, approve, decline, withdraw.

That the two are different persons is looked up in `events/duties.py`, at the append.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias, assert_never

from events.dates import NotThatDay
from events.identity import checked_code
from events.rules import Occasion
from events.scheme.facts import SchemeEvent
from events.scheme.state import Scheme
from events.scheme.steps import (
    ApproveStep,
    DeclineStep,
    ProposalMoved,
    Proposed,
    ProposeStep,
    StepApproved,
    StepCommand,
    StepDecided,
    StepDeclined,
    SteppedCommand,
    StepProposed,
    StepUnclear,
    StepWithdrawn,
    UnknownStep,
    WithdrawStep,
    asked_by,
)
from events.text import required

Decide: TypeAlias = Callable[[SteppedCommand, Scheme, Occasion], Sequence[SchemeEvent]]
"""The rule of whatever command was proposed."""


def step(
    command: StepCommand, scheme: Scheme, occasion: Occasion, decide: Decide
) -> Sequence[SchemeEvent]:
    match command:
        case ProposeStep():
            return _propose(command, scheme, occasion, decide)
        case ApproveStep():
            return _approve(command, scheme, occasion, decide)
        case DeclineStep() | WithdrawStep():
            return _end(command, scheme)
        case _:
            assert_never(command)


def _propose(
    command: ProposeStep, scheme: Scheme, occasion: Occasion, decide: Decide
) -> Sequence[SchemeEvent]:
    """Decided at once as well, so that nobody is asked to approve what the rules refuse."""
    checked_code("step_id", command.step_id)
    known = scheme.steps.get(command.step_id)
    if known is not None and known.is_decided:
        raise StepDecided(step_id=command.step_id)
    asked = asked_by(command.step)
    if asked is None or asked.scheme_id != command.scheme_id:
        raise StepUnclear(step_id=command.step_id)
    if known is not None and (known.proposal.step, known.proposal.takes_effect_on) == (
        command.step,
        occasion.effective_on,
    ):
        return ()
    if not decide(asked, scheme, occasion):
        return ()
    return (
        StepProposed(
            scheme_id=command.scheme_id,
            step_id=command.step_id,
            step_version=known.proposal.step_version + 1 if known else 1,
            step=command.step,
            takes_effect_on=occasion.effective_on,
        ),
    )


def _approve(
    command: ApproveStep, scheme: Scheme, occasion: Occasion, decide: Decide
) -> Sequence[SchemeEvent]:
    """Decided on what the stream holds now: what has become impossible since is refused."""
    proposal = _waiting(command, scheme).proposal
    if proposal.step_version != command.step_version:
        raise ProposalMoved(
            step_id=command.step_id,
            step_version=command.step_version,
            standing=proposal.step_version,
        )
    if proposal.takes_effect_on != occasion.effective_on:
        raise NotThatDay(effective_on=occasion.effective_on, wanted=proposal.takes_effect_on)
    asked = asked_by(proposal.step)
    if asked is None:
        raise StepUnclear(step_id=command.step_id)
    approved = StepApproved(
        scheme_id=command.scheme_id, step_id=command.step_id, step_version=command.step_version
    )
    return (approved, *decide(asked, scheme, occasion))


def _end(command: DeclineStep | WithdrawStep, scheme: Scheme) -> Sequence[SchemeEvent]:
    _waiting(command, scheme)
    ends = StepDeclined if isinstance(command, DeclineStep) else StepWithdrawn
    return (
        ends(
            scheme_id=command.scheme_id,
            step_id=command.step_id,
            reason=required("reason", command.reason),
        ),
    )


def _waiting(command: ApproveStep | DeclineStep | WithdrawStep, scheme: Scheme) -> Proposed:
    known = scheme.steps.get(command.step_id)
    if known is None:
        raise UnknownStep(step_id=command.step_id)
    if known.is_decided:
        raise StepDecided(step_id=command.step_id)
    return known
