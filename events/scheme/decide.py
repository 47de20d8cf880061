"""The rules of a scheme (đề án khuyến công): which command causes which facts.

The leaves are in `approval`, `commitments` and `payments`.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias, assert_never

from events.books import STREAM as BOOKS
from events.facility import stream as facility_stream
from events.identity import SchemeId, stream_of
from events.mergers import GEOGRAPHY
from events.organisation import stream as organisation_stream
from events.period import stream as period_stream
from events.plan import SOURCE
from events.plan import stream as plan_stream
from events.policy import ADVANCE_LIMITS, ELIGIBLE_PLACES, SUPPORT_CAPS
from events.rules import Aggregate, Occasion
from events.scheme.adjustment import AdjustScheme, SupplementScheme
from events.scheme.appraisal import ResubmitScheme
from events.scheme.approval import approve, assign, evaluate, propose
from events.scheme.balance import BalanceCommand, CarryOverBalance, ReturnUnspentBalance
from events.scheme.balancing import balance
from events.scheme.closed_years import adjust, entered
from events.scheme.commands import (
    ApproveScheme,
    ApproveSettlement,
    AssignBeneficiary,
    CancelCommitment,
    CommitSupport,
    EvaluateCriteria,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    ProposeScheme,
    RecordAcceptance,
    ReduceCommitment,
    ReversePayment,
    SchemeCommand,
)
from events.scheme.commitments import cancel, commit, pledge, reduce
from events.scheme.contract import SignContract
from events.scheme.correcting import correct
from events.scheme.correction import CorrectEntry
from events.scheme.course import CourseCommand
from events.scheme.delivering import deliver
from events.scheme.delivery import (
    DeliveryCommand,
    RecordActivity,
    RecordOutcome,
    RecordTraining,
    ReviseOutcome,
)
from events.scheme.facts import SchemeEvent
from events.scheme.folding import evolve
from events.scheme.funding import holding
from events.scheme.halt import StopScheme
from events.scheme.investing import invest
from events.scheme.investment import InvestCounterpart
from events.scheme.payments import advance, disburse, reverse
from events.scheme.prior_period import AdjustPriorPeriod, PriorPeriodCommand
from events.scheme.progress import HoldInspection, ProgressCommand, ReportProgress
from events.scheme.reallocating import looked_at, reallocate
from events.scheme.reallocation import ReallocateSupport
from events.scheme.recovering import recover
from events.scheme.recovery import OrderRecovery, ReceiveRecovery, RecoveryCommand, WriteOffRecovery
from events.scheme.refusals import SchemeNotProposed
from events.scheme.reporting import report
from events.scheme.settlement import RefuseAcceptance, SettlingCommand, SubmitSettlement
from events.scheme.settling import accept, refuse, settle, submit
from events.scheme.state import Scheme
from events.scheme.steering import steer
from events.scheme.stepping import step
from events.scheme.steps import (
    ApproveStep,
    DeclineStep,
    ProposeStep,
    SecondPersonNeeded,
    SteppedCommand,
    WithdrawStep,
    asked_by,
)
from events.source import stream as source_stream

OfPeriod: TypeAlias = ResubmitScheme | CommitSupport | PayAdvance | PayDisbursement | AdjustScheme
"""What a closed period takes no more of, or what is to lie within it."""


Recalling: TypeAlias = ProposeStep | ApproveStep | AdjustScheme | SupplementScheme
"""What is decided on the days of what was recorded, too."""


def stream(scheme_id: SchemeId) -> str:
    """The stream of a scheme."""
    return stream_of("scheme", scheme_id)


def reads(command: SchemeCommand) -> Iterable[str]:
    """The other streams that the rules of this command look at."""
    match command:
        case ProposeScheme():
            return (period_stream(command.period), organisation_stream(command.implementer))
        case ApproveScheme():
            years = (c.budget_year for c in command.ceilings if c.source is SOURCE)
            return tuple(plan_stream(year) for year in years)
        case PledgeCounterpart() | PayDisbursement():
            return (facility_stream(command.facility_id),)
        case PayAdvance():
            return (facility_stream(command.facility_id), ADVANCE_LIMITS)
        case ReallocateSupport():
            return (*looked_at(command), SUPPORT_CAPS)
        case AssignBeneficiary():
            return (facility_stream(command.facility_id), ELIGIBLE_PLACES, GEOGRAPHY)
        case CommitSupport():
            facility = facility_stream(command.facility_id)
            return (facility, SUPPORT_CAPS, ELIGIBLE_PLACES, GEOGRAPHY)
        case CorrectEntry():
            return (SUPPORT_CAPS, ADVANCE_LIMITS, GEOGRAPHY)
        case ProposeStep():
            asked = asked_by(command.step)
            return reads(asked) if asked else ()
        case EvaluateCriteria():
            return (source_stream(command.source),)
        case StopScheme() | AdjustScheme() | SupplementScheme():
            return _approved_by(command)
        case SignContract():
            return (organisation_stream(command.client),)
        case RecordActivity() | RecordTraining() | RecordOutcome() | ReviseOutcome():
            return _told_of(command)
        case _:
            return ()


def further(command: SchemeCommand, scheme: Scheme | None) -> Iterable[str]:
    """What is looked at that somebody else proposed; and the period, where no command names it."""
    if scheme and isinstance(command, OfPeriod):
        return (period_stream(scheme.proposal.period),)
    if isinstance(command, ApproveStep) and scheme and command.step_id in scheme.steps:
        asked = asked_by(scheme.steps[command.step_id].proposal.step)
        return (*reads(asked), *further(asked, scheme)) if asked else ()
    return ()


def decide(
    command: SchemeCommand, scheme: Scheme | None, occasion: Occasion
) -> Sequence[SchemeEvent]:
    """Answer a command with the facts it causes; none if already so."""
    if isinstance(command, SteppedCommand):
        raise SecondPersonNeeded(step=type(command).__name__)
    return _decided(command, scheme, occasion)


def _decided(
    command: SchemeCommand, scheme: Scheme | None, occasion: Occasion
) -> Sequence[SchemeEvent]:
    if isinstance(command, CourseCommand):
        return steer(command, _proposed(command, scheme), occasion)
    match command:
        case ProposeScheme():
            return propose(command, scheme, occasion)
        case ApproveScheme():
            return approve(command, _proposed(command, scheme), occasion)
        case AssignBeneficiary():
            return assign(command, _proposed(command, scheme), occasion)
        case PledgeCounterpart():
            return pledge(command, _proposed(command, scheme), occasion)
        case CommitSupport():
            return commit(command, _proposed(command, scheme), occasion)
        case ReduceCommitment():
            return reduce(command, _proposed(command, scheme))
        case CancelCommitment():
            return cancel(command, _proposed(command, scheme))
        case PayAdvance():
            return advance(command, _proposed(command, scheme), occasion)
        case PayDisbursement():
            return disburse(command, _proposed(command, scheme), occasion)
        case ReversePayment():
            return reverse(command, _proposed(command, scheme), occasion)
        case RecordAcceptance():
            return accept(command, _proposed(command, scheme), occasion)
        case ApproveSettlement():
            return settle(command, _proposed(command, scheme), occasion)
        case EvaluateCriteria():
            return evaluate(command, _proposed(command, scheme), occasion)
        case ProposeStep() | ApproveStep() | DeclineStep() | WithdrawStep():
            return step(command, _proposed(command, scheme), occasion, _decided)
        case _:
            return _follow(command, _proposed(command, scheme), occasion)


def _follow(
    command: CorrectEntry
    | ProgressCommand
    | PriorPeriodCommand
    | DeliveryCommand
    | BalanceCommand
    | SettlingCommand
    | RecoveryCommand
    | ReallocateSupport
    | InvestCounterpart,
    scheme: Scheme,
    occasion: Occasion,
) -> Sequence[SchemeEvent]:
    """What becomes of promised and paid money, and of what it was paid for."""
    match command:
        case CorrectEntry():
            return correct(command, scheme, occasion)
        case ReportProgress() | HoldInspection():
            return report(command, scheme, occasion)
        case RefuseAcceptance():
            return refuse(command, scheme, occasion)
        case SubmitSettlement():
            return submit(command, scheme, occasion)
        case OrderRecovery() | ReceiveRecovery() | WriteOffRecovery():
            return recover(command, scheme, occasion)
        case ReallocateSupport():
            return reallocate(command, scheme, occasion)
        case InvestCounterpart():
            return invest(command, scheme, occasion)
        case AdjustPriorPeriod():
            return adjust(command, scheme, occasion)
        case ReturnUnspentBalance() | CarryOverBalance():
            return balance(command, scheme, occasion)
        case RecordActivity() | RecordTraining() | RecordOutcome() | ReviseOutcome():
            return deliver(command, scheme, occasion)
        case _:
            assert_never(command)


def _approved_by(command: StopScheme | AdjustScheme | SupplementScheme) -> Iterable[str]:
    """The body that approves, and whatever the change makes the scheme rest on."""
    yield organisation_stream(command.approver)
    if isinstance(command, StopScheme):
        return
    for each in command.ceilings:
        if each.source is SOURCE:
            yield plan_stream(each.budget_year)
    if isinstance(command, AdjustScheme):
        yield GEOGRAPHY
        if command.implementer is not None:
            yield organisation_stream(command.implementer)
        if command.chosen is not None:
            yield facility_stream(command.chosen)
            yield ELIGIBLE_PLACES


def _told_of(command: DeliveryCommand) -> Iterable[str]:
    if not isinstance(command, ReviseOutcome) and command.facility_id is not None:
        yield facility_stream(command.facility_id)
    if isinstance(command, RecordOutcome):
        yield GEOGRAPHY
    if command.source_id is not None:
        yield source_stream(command.source_id)


def _proposed(command: SchemeCommand, scheme: Scheme | None) -> Scheme:
    if scheme is None:
        raise SchemeNotProposed(scheme_id=command.scheme_id)
    return scheme


SCHEME: Aggregate[SchemeCommand, Scheme, SchemeEvent] = Aggregate(
    name="scheme",
    stream=lambda command: stream(command.scheme_id),
    # An entry of a closed year is refused whatever rule it comes from.
    decide=lambda command, scheme, occasion: entered(decide(command, scheme, occasion), occasion),
    evolve=evolve,
    reads=lambda command: (*reads(command), BOOKS),
    holds=holding,
    further=further,
    recalls=lambda command: isinstance(command, Recalling),
)
