"""The chart of accounts (hệ thống tài khoản), and what every fact of money posts to it.

    moves(fact)        # (Move(debit=COMMITTED, credit=CEILING, amount=…, source=…, budget_year=…),)

Double entry over a budget (kế toán dự toán, encumbrance accounting): what may be spent passes from
account to account, from the plan to what was settled. Every move debits one account and credits
another with the same amount, source and budget year, so that no sum of all accounts is ever
anything but 0, whatever is left out: a source, a year, what was not yet known, not yet true.

A fact that tells of money and is neither posted nor in `STATED` turns a test red.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import NamedTuple, TypeAlias

from events.evaluation.facts import AuditFindingRecorded
from events.facility.facts import EquipmentInstalled
from events.identity import SchemeId
from events.money import Vnd
from events.plan.facts import (
    Allocation,
    PlanBudgetApproved,
    PlanBudgetRevised,
    PlanTrancheAssigned,
)
from events.policy import SupportCapSet
from events.scheme.adjustment import SchemeAdjusted, SchemeSupplemented
from events.scheme.balance import BalanceCarriedOver, BalanceEvent, UnspentBalanceReturned, moved
from events.scheme.contract import ImplementationContractAmended, ImplementationContractSigned
from events.scheme.correction import EntryCorrected, difference
from events.scheme.facts import (
    AcceptanceRecorded,
    AdvancePaid,
    Ceiling,
    CommitmentCancelled,
    CommitmentReduced,
    CounterpartPledged,
    DisbursementPaid,
    PaymentReversed,
    SchemeApproved,
    SettlementApproved,
    SupportCommitted,
)
from events.scheme.investment import CounterpartInvested
from events.scheme.prior_period import PriorPeriodAdjusted
from events.scheme.reallocation import CommitmentReallocated, ReallocationReceived
from events.scheme.recovery import RecoveryOrdered, RecoveryReceived, RecoveryWrittenOff
from events.scheme.settlement import AcceptanceRefused, SettlementSubmitted
from events.vocabulary import FundingSource


class Account(Enum):
    """Tài khoản."""

    BUDGET = "nguồn dự toán"
    PLAN = "dự toán năm chưa giao"
    ASSIGNED = "dự toán đã giao chưa phê duyệt"
    CEILING = "dự toán được duyệt còn được cam kết"
    COMMITTED = "cam kết hỗ trợ chưa chi"
    ADVANCED = "tạm ứng"
    DISBURSED = "đã thanh toán"
    SETTLED = "đã quyết toán"
    SETTLEMENT = "đối ứng quyết toán"
    RECOVERABLE = "phải thu hồi"
    RECOVERED = "đã thu hồi"
    WRITTEN_OFF = "đã xoá nợ thu hồi"
    RECOVERY = "đối ứng thu hồi"
    PLEDGED = "vốn đối ứng cam kết chưa chi"
    INVESTED = "vốn đối ứng đã chi"
    COUNTERPART = "nguồn vốn đối ứng"


_NOTHING = Vnd(0)


class Move(NamedTuple):
    """An amount that passes from the account that is credited to the one that is debited."""

    debit: Account
    credit: Account
    amount: Vnd
    source: FundingSource
    budget_year: int
    scheme_id: SchemeId | None = None


OfCommitment: TypeAlias = (
    SupportCommitted
    | CommitmentReduced
    | CommitmentCancelled
    | AdvancePaid
    | DisbursementPaid
    | PaymentReversed
    | SettlementApproved
    | CommitmentReallocated
    | ReallocationReceived
    | RecoveryOrdered
    | RecoveryReceived
    | RecoveryWrittenOff
    | PriorPeriodAdjusted
)
Posted: TypeAlias = (
    PlanBudgetApproved
    | PlanBudgetRevised
    | PlanTrancheAssigned
    | SchemeApproved
    | SchemeAdjusted
    | SchemeSupplemented
    | CounterpartPledged
    | CounterpartInvested
    | BalanceEvent
    | OfCommitment
)
"""Every fact that moves money."""

STATED: Mapping[type, str] = {
    AcceptanceRecorded: "what the work is worth, not what is paid for it",
    AuditFindingRecorded: "what an auditor says is wrong, until it is claimed back",
    AcceptanceRefused: "what is missing of the work, not what is paid for it",
    SettlementSubmitted: "what is asked for, until it is approved",
    SupportCapSet: "the most that the law lets anybody be promised",
    ImplementationContractSigned: "what a contract is worth, not what is promised under it",
    ImplementationContractAmended: "what a contract is worth from now on",
    EquipmentInstalled: "what machines are worth to the facility that owns them",
}
"""Facts that tell an amount and move none, and what it is."""


def moves(
    fact: Posted, *, paid: Account = Account.DISBURSED, change: Vnd = _NOTHING
) -> Sequence[Move]:
    """What a fact posts, in whole đồng; as many moves whatever it is told besides.

    `paid`: where the payment stands that a reversal takes back. `change`: what a revision adds to
    the budget that stood when it was recorded, or takes from it, below 0.
    """
    match fact:
        case PlanBudgetApproved():
            pair, amount = (Account.PLAN, Account.BUDGET), fact.amount
        case PlanBudgetRevised():
            more, less = (Account.PLAN, Account.BUDGET), (Account.BUDGET, Account.PLAN)
            pair, amount = (less if change < 0 else more), Vnd(abs(change))
        case PlanTrancheAssigned():
            return tuple(_assigned(fact, each) for each in fact.allocations)
        case SchemeApproved() | SchemeSupplemented():
            return tuple(_approved(fact.scheme_id, each) for each in fact.ceilings)
        case SchemeAdjusted():
            return tuple(_adjusted(fact))
        case CounterpartPledged():
            pair, own = (Account.PLEDGED, Account.COUNTERPART), FundingSource.COUNTERPART
            return (Move(*pair, fact.amount, own, fact.budget_year, fact.scheme_id),)
        case CounterpartInvested():
            pair, own = (Account.INVESTED, Account.PLEDGED), FundingSource.COUNTERPART
            return (Move(*pair, fact.amount, own, fact.budget_year, fact.scheme_id),)
        case UnspentBalanceReturned() | BalanceCarriedOver():
            return tuple(_balanced(fact, year, amount) for year, amount in moved(fact))
        case _:
            pair, amount = _of_commitment(fact, paid), fact.amount
    return (Move(*pair, amount, fact.source, fact.budget_year, getattr(fact, "scheme_id", None)),)


def _balanced(fact: BalanceEvent, year: int, amount: Vnd) -> Move:
    """Out of the ceiling of one year, or into that of the next; each year balances by itself."""
    of = Account.ASSIGNED if fact.source is FundingSource.NATIONAL_GRANT else Account.BUDGET
    pair = (of, Account.CEILING) if amount < 0 else (Account.CEILING, of)
    return Move(*pair, Vnd(abs(amount)), fact.source, year, fact.scheme_id)


def _assigned(fact: PlanTrancheAssigned, to: Allocation) -> Move:
    pair = Account.ASSIGNED, Account.PLAN
    return Move(*pair, to.amount, fact.source, fact.budget_year, to.scheme_id)


def _approved(scheme_id: SchemeId, ceiling: Ceiling) -> Move:
    """National money out of what the plan assigned; other money comes from its own budget."""
    is_planned = ceiling.source is FundingSource.NATIONAL_GRANT
    of = Account.ASSIGNED if is_planned else Account.BUDGET
    year = ceiling.budget_year
    return Move(Account.CEILING, of, ceiling.amount, ceiling.source, year, scheme_id)


def _adjusted(fact: SchemeAdjusted) -> Iterator[Move]:
    """What an increase or a decrease changes; no other adjustment is about money."""
    for was, now in zip(fact.before.ceilings, fact.after.ceilings, strict=True):
        more = Vnd(now.amount - was.amount)
        move = _approved(fact.scheme_id, replace(now, amount=Vnd(abs(more))))
        yield move if more > 0 else move._replace(debit=move.credit, credit=move.debit)


def _of_commitment(fact: OfCommitment, paid: Account) -> tuple[Account, Account]:
    match fact:
        case SupportCommitted() | ReallocationReceived():
            return Account.COMMITTED, Account.CEILING
        case CommitmentReduced() | CommitmentCancelled() | CommitmentReallocated():
            return Account.CEILING, Account.COMMITTED
        case AdvancePaid():
            return Account.ADVANCED, Account.COMMITTED
        case DisbursementPaid():
            return Account.DISBURSED, Account.COMMITTED
        case PaymentReversed():
            return Account.COMMITTED, paid
        case PriorPeriodAdjusted():
            return (Account.COMMITTED, paid) if fact.moved < 0 else (paid, Account.COMMITTED)
        case SettlementApproved():
            return Account.SETTLED, Account.SETTLEMENT
        case RecoveryOrdered():
            return Account.RECOVERABLE, Account.RECOVERY
        case RecoveryReceived():
            return Account.RECOVERED, Account.RECOVERABLE
        case RecoveryWrittenOff():
            return Account.WRITTEN_OFF, Account.RECOVERABLE


_CORRECTED: Mapping[str, tuple[Account, Account]] = {
    "CounterpartPledged": (Account.PLEDGED, Account.COUNTERPART),
    "SupportCommitted": (Account.COMMITTED, Account.CEILING),
    "CommitmentReduced": (Account.CEILING, Account.COMMITTED),
    "AdvancePaid": (Account.ADVANCED, Account.COMMITTED),
    "DisbursementPaid": (Account.DISBURSED, Account.COMMITTED),
    "SettlementApproved": (Account.SETTLED, Account.SETTLEMENT),
}


def moved_by(fact: EntryCorrected, paid: Account = Account.DISBURSED) -> Sequence[Move]:
    """What a correction posts: the difference, on the other side where it is less than was said."""
    kind = fact.corrects_type
    pair = (Account.COMMITTED, paid) if kind == "PaymentReversed" else _CORRECTED.get(kind)
    more = difference(fact, kind)
    if pair is None or not more or fact.source is None or fact.budget_year is None:
        return ()
    debit, credit = pair if more > 0 else pair[::-1]
    amount = Vnd(abs(more))
    return (Move(debit, credit, amount, fact.source, fact.budget_year, fact.scheme_id),)
