"""The rules of a scheme (đề án khuyến công): which command causes which facts.

The leaves are in `approval`, `commitments` and `payments`.
"""

from collections.abc import Iterable, Sequence
from typing import assert_never

from events.facility import stream as facility_stream
from events.identity import SchemeId, stream_of
from events.organisation import stream as organisation_stream
from events.period import stream as period_stream
from events.rules import Aggregate, Occasion
from events.scheme.approval import approve, assign, evaluate, propose
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
from events.scheme.facts import SchemeEvent
from events.scheme.payments import accept, advance, disburse, reverse, settle
from events.scheme.refusals import SchemeNotProposed
from events.scheme.state import Scheme, evolve
from events.source import stream as source_stream


def stream(scheme_id: SchemeId) -> str:
    """The stream of a scheme."""
    return stream_of("scheme", scheme_id)


def reads(command: SchemeCommand) -> Iterable[str]:
    """The other streams that the rules of this command look at."""
    match command:
        case ProposeScheme():
            return (period_stream(command.period), organisation_stream(command.implementer))
        case (
            AssignBeneficiary()
            | PledgeCounterpart()
            | CommitSupport()
            | PayAdvance()
            | PayDisbursement()
        ):
            return (facility_stream(command.facility_id),)
        case EvaluateCriteria():
            return (source_stream(command.source),)
        case _:
            return ()


def decide(
    command: SchemeCommand, scheme: Scheme | None, occasion: Occasion
) -> Sequence[SchemeEvent]:
    """Answer a command with the facts it causes; none if already so."""
    match command:
        case ProposeScheme():
            return propose(command, scheme, occasion)
        case ApproveScheme():
            return approve(command, _proposed(command, scheme))
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
        case _:
            assert_never(command)


def _proposed(command: SchemeCommand, scheme: Scheme | None) -> Scheme:
    if scheme is None:
        raise SchemeNotProposed(scheme_id=command.scheme_id)
    return scheme


SCHEME: Aggregate[SchemeCommand, Scheme, SchemeEvent] = Aggregate(
    name="scheme",
    stream=lambda command: stream(command.scheme_id),
    decide=decide,
    evolve=evolve,
    reads=reads,
)
