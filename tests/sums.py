"""A model of the fund that knows sums and nothing else: what an officer would keep on one sheet.

    sheet = Sheet()
    sheet.add(command, [("scheme-x", 7)])   # the ledger accepted it, and recorded something there

It is told commands, never facts, and it shares no line with the rules, the folds or the accounts.
What it adds up must be what the ledger says, and must be possible: nobody is paid more than was
promised, nobody is promised more than was approved, nobody gives back more than was paid.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from events.catalogue import Command
from events.plan import ApprovePlanBudget, AssignTranche, RevisePlanBudget
from events.scheme import (
    ApproveScheme,
    ApproveSettlement,
    ApproveStep,
    CancelCommitment,
    CommitSupport,
    CorrectEntry,
    InvestCounterpart,
    OrderRecovery,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    ProposeStep,
    ReallocateSupport,
    ReceiveRecovery,
    ReduceCommitment,
    ReversePayment,
    Step,
    SubmitSettlement,
    WriteOffRecovery,
)
from events.scheme.adjustment import AdjustScheme, SupplementScheme
from events.scheme.balance import CarryOverBalance, ReturnUnspentBalance
from events.scheme.prior_period import AdjustPriorPeriod
from events.vocabulary import Adjustment

Promise = tuple[str, str]
"""Scheme and commitment."""
Place = tuple[str, int]
"""A stream, and a version of it."""
Room = tuple[str, str, int]
"""Scheme, source and budget year."""


@dataclass(slots=True)
class Sheet:
    """Sums of money, in whole đồng."""

    plan: Counter[int] = field(default_factory=Counter)
    assigned: Counter[tuple[int, str]] = field(default_factory=Counter)
    ceiling: Counter[Room] = field(default_factory=Counter)
    left_over: Counter[Room] = field(default_factory=Counter)
    """Below 0: given back, or carried into the next year; above: carried into this one."""
    pledged: Counter[tuple[str, str]] = field(default_factory=Counter)
    invested: Counter[tuple[str, str]] = field(default_factory=Counter)
    committed: Counter[Promise] = field(default_factory=Counter)
    advanced: Counter[Promise] = field(default_factory=Counter)
    disbursed: Counter[Promise] = field(default_factory=Counter)
    submitted: Counter[Promise] = field(default_factory=Counter)
    settled: Counter[Promise] = field(default_factory=Counter)
    claimed: Counter[Promise] = field(default_factory=Counter)
    recovered: Counter[Promise] = field(default_factory=Counter)
    written_off: Counter[Promise] = field(default_factory=Counter)
    claim: dict[Promise, Promise] = field(default_factory=dict)
    """Scheme and recovery, to its commitment."""
    room: dict[Promise, Room] = field(default_factory=dict)
    payment: dict[Promise, tuple[Promise, Counter[Promise]]] = field(default_factory=dict)
    """Scheme and payment, to its commitment and the sum that it stands in."""
    told: dict[Place, Command] = field(default_factory=dict)
    steps: dict[tuple[str, str], Step] = field(default_factory=dict)
    made: Counter[Promise] = field(default_factory=Counter)
    left: Counter[Promise] = field(default_factory=Counter)
    """Of a payment, what was not taken back."""

    def add(self, command: Command, recorded: Sequence[Place]) -> bool:
        """Add up what a command does, recorded at these places; whether it is about money."""
        self.told |= dict.fromkeys(recorded, command)
        match command:
            case ProposeStep():
                self.steps[command.scheme_id, command.step_id] = command.step
                return False
            case ApproveStep():
                correction = self.steps[command.scheme_id, command.step_id].correct_entry
                is_new = len(recorded) > 1  # what is so already is approved, and causes nothing
                return is_new and correction is not None and self._correct(correction)
            case ApprovePlanBudget() | RevisePlanBudget():
                self.plan[command.budget_year] = command.amount
            case AssignTranche():
                for to in command.allocations:
                    self.assigned[command.budget_year, to.scheme_id] += to.amount
            case ApproveScheme() | AdjustScheme() | SupplementScheme():
                for each in command.ceilings:
                    room = (command.scheme_id, each.source.name, each.budget_year)
                    self.ceiling[room] = each.amount
                return bool(command.ceilings)
            case ReturnUnspentBalance() | CarryOverBalance():
                self._leave_over(command)
            case PledgeCounterpart():
                self.pledged[command.scheme_id, command.facility_id] += command.amount
            case InvestCounterpart():
                self.invested[command.scheme_id, command.facility_id] += command.amount
            case _:
                return self._of_commitment(command) or self._of_recovery(command)
        return True

    def _leave_over(self, command: ReturnUnspentBalance | CarryOverBalance) -> None:
        scheme, source, year = command.scheme_id, command.source.name, command.budget_year
        self.left_over[scheme, source, year] -= command.amount
        if isinstance(command, CarryOverBalance):
            self.left_over[scheme, source, year + 1] += command.amount

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
            case ReallocateSupport():
                for each in command.taken:
                    self.committed[command.scheme_id, each.commitment_id] -= each.amount
                for each in command.given:
                    self.committed[command.scheme_id, each.commitment_id] += each.amount
            case PayAdvance():
                self._pay(command, self.advanced)
            case PayDisbursement():
                self._pay(command, self.disbursed)
            case ReversePayment():
                self._take_back((command.scheme_id, command.payment_id), command.amount)
            case AdjustPriorPeriod():
                is_less = command.adjustment is Adjustment.DECREASE
                less = command.amount if is_less else -command.amount
                self._take_back((command.scheme_id, command.payment_id), less)
            case SubmitSettlement():
                self.submitted[command.scheme_id, command.commitment_id] = command.eligible
                return False
            case ApproveSettlement():
                self.settled[command.scheme_id, command.commitment_id] = command.amount
            case _:
                return False
        return True

    def _of_recovery(self, command: Command) -> bool:
        match command:
            case OrderRecovery():
                promise = command.scheme_id, command.commitment_id
                self.claim[command.scheme_id, command.recovery_id] = promise
                self.claimed[promise] += command.amount
            case ReceiveRecovery():
                self.recovered[self.claim[command.scheme_id, command.recovery_id]] += command.amount
            case WriteOffRecovery():
                of = self.claim[command.scheme_id, command.recovery_id]
                self.written_off[of] += command.amount
            case _:
                return False
        return True

    def _correct(self, command: CorrectEntry) -> bool:
        """What was told there was of another amount; whether that is more or less."""
        place = f"scheme-{command.scheme_id}", command.corrects_version
        was: Any = self.told[place]
        said = [each.after for each in command.changes if each.field == "amount"]
        if not said:
            return False
        more = int(said[0]) - was.amount
        match was:
            case PledgeCounterpart():
                self.pledged[was.scheme_id, was.facility_id] += more
            case CommitSupport():
                self.committed[was.scheme_id, was.commitment_id] += more
            case ReduceCommitment():
                self.committed[was.scheme_id, was.commitment_id] -= more
            case ApproveSettlement():
                self.settled[was.scheme_id, was.commitment_id] += more
            case ReversePayment():
                self._take_back((was.scheme_id, was.payment_id), more)
            case PayAdvance() | PayDisbursement():
                payment = was.scheme_id, was.payment_id
                self.made[payment] += more
                self._take_back(payment, -more)
            case _:
                raise AssertionError(f"the sheet cannot correct {was}")
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
        allowed = self.allowed()
        for room in {*promised, *allowed}:
            if promised[room] > allowed[room]:
                yield f"{room} is promised {promised[room]} of {allowed[room]}"
        for payment, amount in self.left.items():
            if not 0 <= amount <= self.made[payment]:
                yield f"of payment {payment} {amount} stands of {self.made[payment]}"
        for promise, amount in self.claimed.items():
            back = self.recovered[promise]
            if back > self.paid(promise) or back + self.written_off[promise] > amount:
                yield f"{promise} gave back {back}, paid {self.paid(promise)}, claimed {amount}"
        for year, amount in self.plan.items():
            given = sum(each for (of, _), each in self.assigned.items() if of == year)
            if given > amount:
                yield f"of {year} {given} was assigned of {amount}"

    def allowed(self) -> Counter[Room]:
        """What may be promised: the ceilings, and what years left over."""
        allowed = Counter(self.ceiling)
        allowed.update(self.left_over)
        return allowed

    def balances(self) -> dict[str, int]:
        """What the accounts come to."""
        promised, paid = self.committed.total(), self.advanced.total() + self.disbursed.total()
        allowed = self.allowed()
        planned = sum(each for (_, of, _), each in allowed.items() if of == "NATIONAL_GRANT")
        local = allowed.total() - planned
        recovered, given_up = self.recovered.total(), self.written_off.total()
        return {
            "BUDGET": -self.plan.total() - local,
            "PLAN": self.plan.total() - self.assigned.total(),
            "ASSIGNED": self.assigned.total() - planned,
            "CEILING": allowed.total() - promised,
            "COMMITTED": promised - paid,
            "ADVANCED": self.advanced.total(),
            "DISBURSED": self.disbursed.total(),
            "SETTLED": self.settled.total(),
            "SETTLEMENT": -self.settled.total(),
            "RECOVERABLE": self.claimed.total() - recovered - given_up,
            "RECOVERED": recovered,
            "WRITTEN_OFF": given_up,
            "RECOVERY": -self.claimed.total(),
            "PLEDGED": self.pledged.total() - self.invested.total(),
            "INVESTED": self.invested.total(),
            "COUNTERPART": -self.pledged.total(),
        }

    def _pay(self, command: PayAdvance | PayDisbursement, into: Counter[Promise]) -> None:
        promise = command.scheme_id, command.commitment_id
        into[promise] += command.amount
        payment = command.scheme_id, command.payment_id
        self.payment[payment] = (promise, into)
        self.left[payment] = self.made[payment] = command.amount

    def _take_back(self, payment: Promise, amount: int) -> None:
        """Out of the sum that it stands in; below 0: put there."""
        promise, paid = self.payment[payment]
        paid[promise] -= amount
        self.left[payment] -= amount
