"""Random histories in which everything happens to the money that may happen to it.

eventful().recorded      # every fact of `HAPPENS` is among it
"""

from collections.abc import Mapping
from functools import cache
from itertools import count
from random import Random

from events.scheme.adjustment import SchemeAdjusted, SchemeSupplemented
from events.scheme.balance import BalanceCarriedOver, UnspentBalanceReturned
from events.scheme.contract import (
    ImplementationContractAmended,
    ImplementationContractLiquidated,
    ImplementationContractSigned,
)
from events.scheme.correction import EntryCorrected
from events.scheme.facts import (
    AcceptanceRecorded,
    AdvancePaid,
    CommitmentCancelled,
    CommitmentReduced,
    DisbursementPaid,
    PaymentReversed,
    SettlementApproved,
)
from events.scheme.investment import CounterpartInvested
from events.scheme.prior_period import PriorPeriodAdjusted
from events.scheme.reallocation import CommitmentReallocated, ReallocationReceived
from events.scheme.recovery import RecoveryReceived, RecoveryWrittenOff
from events.scheme.release import BeneficiaryReleased
from tests import course_moves, money_moves, moves
from tests.histories import History, Moves, tell

HAPPENS = frozenset(
    {
        AcceptanceRecorded,
        AdvancePaid,
        BalanceCarriedOver,
        BeneficiaryReleased,
        CommitmentCancelled,
        CommitmentReallocated,
        CommitmentReduced,
        CounterpartInvested,
        DisbursementPaid,
        EntryCorrected,
        ImplementationContractAmended,
        ImplementationContractLiquidated,
        ImplementationContractSigned,
        PaymentReversed,
        PriorPeriodAdjusted,
        ReallocationReceived,
        RecoveryReceived,
        RecoveryWrittenOff,
        SchemeAdjusted,
        SchemeSupplemented,
        SettlementApproved,
        UnspentBalanceReturned,
    }
)
STEPS = 1_000
_OFTEN: Mapping[str, int] = {
    **dict.fromkeys(money_moves.AFTERWARDS, 3),
    "approve": 3,
    "accept": 3,
    "adjust": 2,
    "amend": 8,
    "balance": 2,
    "cancel": 2,
    "liquidate": 20,
    "pay": 2,
    "reduce": 2,
    "release": 15,
    "reverse": 2,
    "settle": 3,
    "sign": 4,
    "supplement": 20,
}
"""How many times as often as in other histories."""
_NEVER = {"reject", "shut", "stop", "suspend"}
"""What ends a scheme, or keeps it waiting."""
MOVES: Moves = {
    "adjust_scheme": (course_moves.adjust, 60),
    **{
        name: (move, weight * _OFTEN.get(name, 1))
        for name, (move, weight) in moves.MOVES.items()
        if name not in _NEVER
    },
}


@cache
def eventful() -> History:
    """The first of these histories in which everything happens."""
    told = (tell(Random(seed), STEPS, MOVES) for seed in count())
    return next(each for each in told if {type(event.fact) for event in each.recorded} >= HAPPENS)
