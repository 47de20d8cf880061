"""The model bites: with a rule taken out, or an account mistaken, its walks turn red."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import pytest

from events.money import Vnd
from events.rules import Refusal
from events.scheme import commitments, payments, reallocating, recovering
from events.scheme.balance import BalanceEvent
from events.scheme.investment import CounterpartInvested
from events.scheme.prior_period import PriorPeriodAdjusted
from events.scheme.recovery import Recoveries, RecoveryReceived
from events.scheme.state import Payment, Scheme
from projections import accounts, posting
from projections.accounts import Account, Move, OfCommitment, Posted
from projections.accounts import moves as posting_moves
from tests.histories import Memory
from tests.projections.model import OF_MONEY, Walk

WALKS, STEPS = 14, 800
Planted = Callable[[pytest.MonkeyPatch], None]


def nothing(*_said: object) -> None:
    """A check that lets everything pass."""


def none(*_said: object) -> int:
    """A sum that is always nothing."""
    return 0


def boundless(*_said: object) -> int:
    """A limit that nothing reaches."""
    return 10**12


def no_ceiling(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(commitments, "check_budget", nothing)


def no_limit_of_payments(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(payments, "check_within", nothing)


def more_taken_back_than_paid(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Payment, "left", property(lambda self: 2 * self.made.amount))


def an_advance_taken_back_from_disbursements(patch: pytest.MonkeyPatch) -> None:
    same = dict.fromkeys(posting._PAID, Account.DISBURSED)
    patch.setattr(posting, "_PAID", same)


def sides_exchanged(patch: pytest.MonkeyPatch) -> None:
    right = accounts._of_commitment

    def exchanged(*said: Any) -> tuple[Account, Account]:
        debit, credit = right(*said)
        return credit, debit

    patch.setattr(accounts, "_of_commitment", exchanged)


def more_recovered_than_claimed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recovering, "_check_within", nothing)


def recovered_money_that_stays_owed(patch: pytest.MonkeyPatch) -> None:
    right = accounts._of_commitment

    def owed(fact: OfCommitment, *said: Any) -> tuple[Account, Account]:
        pair = right(fact, *said)
        return (pair[0], Account.RECOVERY) if isinstance(fact, RecoveryReceived) else pair

    patch.setattr(accounts, "_of_commitment", owed)


def more_moved_than_was_promised(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reallocating, "_check_result", nothing)


def nothing_left_over_in_the_next_year(patch: pytest.MonkeyPatch) -> None:
    right = accounts.moved

    def moved(fact: BalanceEvent) -> Iterator[tuple[int, Vnd]]:
        return islice(right(fact), 1)

    patch.setattr(accounts, "moved", moved)


def more_left_over_than_was_free(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Scheme, "headroom", boundless)


def adjustments_that_only_add(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PriorPeriodAdjusted, "moved", property(lambda self: self.amount))


def what_came_back_was_never_paid(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Recoveries, "received", none)


def invested_before_it_was_pledged(patch: pytest.MonkeyPatch) -> None:
    right = posting_moves

    def other(fact: Posted, **said: Any) -> Sequence[Move]:
        posted = right(fact, **said)
        if not isinstance(fact, CounterpartInvested):
            return posted
        return [each._replace(credit=Account.COUNTERPART) for each in posted]

    patch.setattr(posting, "moves", other)


def ceilings_out_of_nothing(patch: pytest.MonkeyPatch) -> None:
    right = accounts._approved

    def approved(*said: Any) -> Move:
        return right(*said)._replace(credit=Account.BUDGET)

    patch.setattr(accounts, "_approved", approved)


def a_refusal_that_leaves_a_trace(patch: pytest.MonkeyPatch) -> None:
    right = Memory.ask

    def ask(memory: Memory, *said: Any) -> Any:
        try:
            return right(memory, *said)
        except Refusal:
            memory.versions["trace"] = 1
            raise

    patch.setattr(Memory, "ask", ask)


def walked() -> None:
    for seed in range(WALKS):
        walk = Walk(seed, OF_MONEY)
        for step in range(STEPS):
            walk.step(seed * STEPS + step)
        walk.finish()


@pytest.mark.parametrize(
    "planted",
    [
        no_ceiling,
        no_limit_of_payments,
        more_taken_back_than_paid,
        an_advance_taken_back_from_disbursements,
        sides_exchanged,
        more_recovered_than_claimed,
        recovered_money_that_stays_owed,
        more_moved_than_was_promised,
        nothing_left_over_in_the_next_year,
        more_left_over_than_was_free,
        adjustments_that_only_add,
        what_came_back_was_never_paid,
        invested_before_it_was_pledged,
        ceilings_out_of_nothing,
        a_refusal_that_leaves_a_trace,
    ],
)
def test_a_planted_fault_is_found(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch)
    with pytest.raises(AssertionError):
        walked()


def test_without_one_nothing_is() -> None:
    walked()
