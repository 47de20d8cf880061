"""A model of the fund that knows sums and nothing else: what an officer would keep on one sheet.

    sheet = Sheet()
    sheet.add(command, 7)     # a command that the ledger accepted, and recorded at this version

It is told commands, never facts, and it shares no line with the rules, the folds or the accounts.
What it adds up must be what the ledger says, and must be possible: nobody is paid more than was
promised, nobody is promised more than was approved.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from events.catalogue import Command
from events.plan import ApprovePlanBudget, AssignTranche, RevisePlanBudget
from events.scheme import (
    ApproveScheme,
    ApproveSettlement,
    ApproveStep,
    CancelCommitment,
    CommitSupport,
    CorrectEntry,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    ProposeStep,
    ReduceCommitment,
    ReversePayment,
)

Promise = tuple[str, str]
"""Scheme and commitment."""
Room = tuple[str, str, int]
"""Scheme, source and budget year."""


@dataclass(slots=True)
class Sheet:
    """Sums of money, in whole đồng."""

    plan: Counter[int] = field(default_factory=Counter)
    assigned: Counter[tuple[int, str]] = field(default_factory=Counter)
    ceiling: Counter[Room] = field(default_factory=Counter)
    pledged: Counter[tuple[str, str]] = field(default_factory=Counter)
    committed: Counter[Promise] = field(default_factory=Counter)
    advanced: Counter[Promise] = field(default_factory=Counter)
    disbursed: Counter[Promise] = field(default_factory=Counter)
    settled: Counter[Promise] = field(default_factory=Counter)
    room: dict[Promise, Room] = field(default_factory=dict)
    payment: dict[Promise, tuple[Promise, Counter[Promise]]] = field(default_factory=dict)
    """Scheme and payment, to its commitment and the sum that it stands in."""
    left: Counter[Promise] = field(default_factory=Counter)
    """Of a payment, what was not taken back."""
    said: dict[tuple[str, int], Command] = field(default_factory=dict)
    """Scheme and version of its stream, to the command that was carried out there."""
    asked: dict[tuple[str, str], CorrectEntry] = field(default_factory=dict)
    """Scheme and proposal, to the correction that is proposed."""

    def add(self, command: Command, version: int) -> bool:
        """Add up what a command does at a version of its stream; whether it is about money."""
        self.said[getattr(command, "scheme_id", ""), version] = command
        match command:
            case ProposeStep():
                if command.step.correct_entry is not None:
                    self.asked[command.scheme_id, command.step_id] = command.step.correct_entry
                return False
            case ApproveStep():
                return self._correct(self.asked[command.scheme_id, command.step_id])
            case ApprovePlanBudget() | RevisePlanBudget():
                self.plan[command.budget_year] = command.amount
            case AssignTranche():
                for to in command.allocations:
                    self.assigned[command.budget_year, to.scheme_id] += to.amount
            case ApproveScheme():
                for each in command.ceilings:
                    room = (command.scheme_id, each.source.name, each.budget_year)
                    self.ceiling[room] = each.amount
            case PledgeCounterpart():
                self.pledged[command.scheme_id, command.facility_id] += command.amount
            case _:
                return self._of_commitment(command)
        return True

    def _of_commitment(self, command: Command) -> bool:
        match command:
            case CommitSupport():
                promise = (command.scheme_id, command.commitment_id)
                self.room[promise] = (command.scheme_id, command.source.name, command.budget_year)
                self.committed[promise] = command.amount
            case ReduceCommitment():
                self.committed[command.scheme_id, command.commitment_id] -= command.amount
            case CancelCommitment():
                self.committed[command.scheme_id, command.commitment_id] = 0
            case PayAdvance():
                self._pay(command, self.advanced)
            case PayDisbursement():
                self._pay(command, self.disbursed)
            case ReversePayment():
                payment = command.scheme_id, command.payment_id
                promise, paid = self.payment[payment]
                paid[promise] -= command.amount
                self.left[payment] -= command.amount
            case ApproveSettlement():
                self.settled[command.scheme_id, command.commitment_id] = command.amount
            case _:
                return False
        return True

    def _correct(self, asked: CorrectEntry) -> bool:
        """By how much a sum is another; whether it is."""
        wrong = self.said[asked.scheme_id, asked.corrects_version]
        was = int(getattr(wrong, "amount", 0))
        now = next((int(each.after) for each in asked.changes if each.field == "amount"), was)
        more = now - was
        match wrong:
            case PledgeCounterpart():
                self.pledged[wrong.scheme_id, wrong.facility_id] += more
            case CommitSupport():
                self.committed[wrong.scheme_id, wrong.commitment_id] += more
            case ReduceCommitment():
                self.committed[wrong.scheme_id, wrong.commitment_id] -= more
            case PayAdvance() | PayDisbursement():
                promise, paid = self.payment[wrong.scheme_id, wrong.payment_id]
                paid[promise] += more
                self.left[wrong.scheme_id, wrong.payment_id] += more
            case ReversePayment():
                promise, paid = self.payment[wrong.scheme_id, wrong.payment_id]
                paid[promise] -= more
                self.left[wrong.scheme_id, wrong.payment_id] -= more
            case ApproveSettlement():
                self.settled[wrong.scheme_id, wrong.commitment_id] += more
            case _:
                return False
        return more != 0

    def paid(self, promise: Promise) -> int:
        """What a commitment was paid, less what was taken back."""
        return self.advanced[promise] + self.disbursed[promise]

    def flaws(self) -> Iterator[str]:
        """What cannot be, whatever the ledger accepted."""
        promised: Counter[Room] = Counter()
        for promise, amount in self.committed.items():
            promised[self.room[promise]] += amount
            if not 0 <= self.paid(promise) <= amount:
                yield f"{promise} is paid {self.paid(promise)} of {amount}"
        for room, amount in promised.items():
            if amount > self.ceiling[room]:
                yield f"{room} is promised {amount} of {self.ceiling[room]}"
        for payment, amount in self.left.items():
            if amount < 0:
                yield f"of payment {payment} more was taken back than paid"
        for year, amount in self.plan.items():
            given = sum(each for (of, _), each in self.assigned.items() if of == year)
            if given > amount:
                yield f"of {year} {given} was assigned of {amount}"

    def balances(self) -> dict[str, int]:
        """What the accounts come to."""
        promised, paid = self.committed.total(), self.advanced.total() + self.disbursed.total()
        planned = sum(each for (_, of, _), each in self.ceiling.items() if of == "NATIONAL_GRANT")
        local = self.ceiling.total() - planned
        return {
            "BUDGET": -self.plan.total() - local,
            "PLAN": self.plan.total() - self.assigned.total(),
            "ASSIGNED": self.assigned.total() - planned,
            "CEILING": self.ceiling.total() - promised,
            "COMMITTED": promised - paid,
            "ADVANCED": self.advanced.total(),
            "DISBURSED": self.disbursed.total(),
            "SETTLED": self.settled.total(),
            "SETTLEMENT": -self.settled.total(),
            "PLEDGED": self.pledged.total(),
            "COUNTERPART": -self.pledged.total(),
        }

    def _pay(self, command: PayAdvance | PayDisbursement, into: Counter[Promise]) -> None:
        promise = command.scheme_id, command.commitment_id
        into[promise] += command.amount
        payment = command.scheme_id, command.payment_id
        self.payment[payment] = (promise, into)
        self.left[payment] = command.amount
