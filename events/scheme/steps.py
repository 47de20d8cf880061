"""Steps that need two persons (việc cần hai người): one proposes, another approves.

    StepProposed(step_id="dc-1", step_version=1, step=Step(correct_entry=CorrectEntry(…)), …)
    StepApproved(step_id="dc-1", step_version=1)     # and, in the same entry, what the step causes

A proposal counts for nothing. It is decided when it is approved, on what the stream holds then.
"""

from dataclasses import fields
from datetime import date
from typing import NewType, TypeAlias

from events.dates import NotThatDay
from events.identity import SchemeId
from events.rules import Refusal, command, fact, refusal, value
from events.scheme.correction import CorrectEntry

StepId = NewType("StepId", str)
"""Unique within its scheme."""
SteppedCommand: TypeAlias = CorrectEntry
"""Every command that one person alone cannot give."""


@value
class Step:
    """The command that is proposed, and no other beside it (việc được đề nghị)."""

    correct_entry: CorrectEntry | None = None
    """To say what an event should have said (đính chính)."""


@fact
class StepProposed:
    """Somebody asks for what needs a second person (đề nghị, chờ người thứ hai duyệt)."""

    scheme_id: SchemeId
    step_id: StepId
    step_version: int
    step: Step
    takes_effect_on: date


@fact
class StepApproved:
    """A second person agreed; what the step causes is recorded with it (duyệt đề nghị)."""

    scheme_id: SchemeId
    step_id: StepId
    step_version: int


@fact
class StepDeclined:
    """A second person did not agree (không duyệt đề nghị)."""

    scheme_id: SchemeId
    step_id: StepId
    reason: str


@fact
class StepWithdrawn:
    """Whoever proposed it asks for it no longer (rút đề nghị)."""

    scheme_id: SchemeId
    step_id: StepId
    reason: str


@command
class ProposeStep:
    """Propose what needs a second person; once more: another version of it (đề nghị)."""

    scheme_id: SchemeId
    step_id: StepId
    step: Step


@command
class ApproveStep:
    """Agree to the version of a proposal that was seen, and have it done (duyệt đề nghị)."""

    scheme_id: SchemeId
    step_id: StepId
    step_version: int


@command
class DeclineStep:
    """Do not agree to what somebody else proposed (không duyệt đề nghị)."""

    scheme_id: SchemeId
    step_id: StepId
    reason: str


@command
class WithdrawStep:
    """Take back one's own proposal (rút đề nghị)."""

    scheme_id: SchemeId
    step_id: StepId
    reason: str


@refusal(rule="domain: some steps are proposed by one person and approved by another (bốn mắt)")
class SecondPersonNeeded(Refusal):
    """{step} is proposed by one person and approved by another: propose it.

    {step} phải do một người đề nghị và người khác duyệt: hãy lập đề nghị.
    """

    step: str


@refusal(rule="a proposal asks for one thing, of its own scheme")
class StepUnclear(Refusal):
    """Proposal {step_id} has to name one command, and of this scheme.

    Đề nghị {step_id} phải nêu đúng một việc của chính đề án này.
    """

    step_id: StepId


@refusal(rule="a proposal is made before it is decided")
class UnknownStep(Refusal):
    """Nobody proposed {step_id} in this scheme.

    Đề án không có đề nghị {step_id}.
    """

    step_id: StepId


@refusal(rule="a proposal is decided once")
class StepDecided(Refusal):
    """Proposal {step_id} was approved, declined or withdrawn already.

    Đề nghị {step_id} đã được duyệt, bị từ chối hoặc đã rút.
    """

    step_id: StepId


@refusal(rule="who approves names the very version that was seen")
class ProposalMoved(Refusal):
    """Proposal {step_id} stands at version {standing}, not at {step_version} that was seen.

    Đề nghị {step_id} đang ở phiên bản {standing}, không phải phiên bản {step_version} đã xem.
    """

    step_id: StepId
    step_version: int
    standing: int


StepEvent: TypeAlias = StepProposed | StepApproved | StepDeclined | StepWithdrawn
StepCommand: TypeAlias = ProposeStep | ApproveStep | DeclineStep | WithdrawStep
StepRefusal: TypeAlias = (
    SecondPersonNeeded | StepUnclear | UnknownStep | StepDecided | ProposalMoved | NotThatDay
)


@value
class Proposed:
    """A proposal as the rules see it."""

    proposal: StepProposed
    is_decided: bool = False


def asked_by(step: Step) -> SteppedCommand | None:
    """The one command that a step names; None: none, or more than one."""
    named = [each for each in (getattr(step, field.name) for field in fields(step)) if each]
    return named[0] if len(named) == 1 else None
