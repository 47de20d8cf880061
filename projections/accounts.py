"""The chart of accounts (hệ thống tài khoản), and what every fact of money posts to it.

    moves(fact)        # (Move(debit=COMMITTED, credit=CEILING, amount=…, source=…, budget_year=…),)

Double entry over a budget (kế toán dự toán, encumbrance accounting): what may be spent passes from
account to account, from the plan to what was settled. Every move debits one account and credits
another with the same amount, source and budget year, so that no sum of all accounts is ever
anything but 0, whatever is left out: a source, a year, what was not yet known, not yet true.

A fact that tells of money and is neither posted nor in `STATED` turns a test red.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple, TypeAlias

from events.facility.facts import EquipmentInstalled
from events.money import Vnd
from events.plan.facts import PlanBudgetApproved, PlanBudgetRevised, PlanTrancheAssigned
from events.policy import SupportCapSet
from events.scheme.facts import (
    AcceptanceRecorded,
    AdvancePaid,
    CommitmentCancelled,
    CommitmentReduced,
    CounterpartPledged,
    DisbursementPaid,
    PaymentReversed,
    SchemeApproved,
    SettlementApproved,
    SupportCommitted,
)
from events.scheme.prior_period import PriorPeriodAdjusted
from events.vocabulary import FundingSource


class Account(Enum):
    """Tài khoản."""

    BUDGET = "nguồn dự toán"
    CEILING = "dự toán được duyệt còn được cam kết"
    COMMITTED = "cam kết hỗ trợ chưa chi"
    ADVANCED = "tạm ứng"
    DISBURSED = "đã thanh toán"
    SETTLED = "đã quyết toán"
    SETTLEMENT = "đối ứng quyết toán"
    PLEDGED = "vốn đối ứng cam kết"
    COUNTERPART = "nguồn vốn đối ứng"


class Move(NamedTuple):
    """An amount that passes from the account that is credited to the one that is debited."""

    debit: Account
    credit: Account
    amount: Vnd
    source: FundingSource
    budget_year: int


Posted: TypeAlias = (
    SchemeApproved
    | CounterpartPledged
    | SupportCommitted
    | CommitmentReduced
    | CommitmentCancelled
    | AdvancePaid
    | DisbursementPaid
    | PaymentReversed
    | SettlementApproved
    | PriorPeriodAdjusted
)
"""Every fact that moves money."""

STATED: Mapping[type, str] = {
    AcceptanceRecorded: "what the work is worth, not what is paid for it",
    SupportCapSet: "the most that the law lets anybody be promised",
    PlanBudgetApproved: "what a year has before any scheme gets it",
    PlanBudgetRevised: "what a year has before any scheme gets it",
    PlanTrancheAssigned: "how far ceilings may go; they post what a scheme gets",
    EquipmentInstalled: "what machines are worth to the facility that owns them",
}
"""Facts that tell an amount and move none, and what it is."""


def moves(fact: Posted, paid: Account = Account.DISBURSED) -> Sequence[Move]:
    """What a fact posts. `paid`: where the payment stands that it takes back, if it does."""
    match fact:
        case SchemeApproved():
            return tuple(
                Move(Account.CEILING, Account.BUDGET, each.amount, each.source, each.budget_year)
                for each in fact.ceilings
            )
        case CounterpartPledged():
            own = FundingSource.COUNTERPART
            year = fact.budget_year
            return (Move(Account.PLEDGED, Account.COUNTERPART, fact.amount, own, year),)
        case SupportCommitted():
            pair = Account.COMMITTED, Account.CEILING
        case CommitmentReduced() | CommitmentCancelled():
            pair = Account.CEILING, Account.COMMITTED
        case AdvancePaid():
            pair = Account.ADVANCED, Account.COMMITTED
        case DisbursementPaid():
            pair = Account.DISBURSED, Account.COMMITTED
        case PaymentReversed():
            pair = Account.COMMITTED, paid
        case PriorPeriodAdjusted():
            pair = (Account.COMMITTED, paid) if fact.moved < 0 else (paid, Account.COMMITTED)
        case SettlementApproved():
            pair = Account.SETTLED, Account.SETTLEMENT
    return (Move(*pair, fact.amount, fact.source, fact.budget_year),)
