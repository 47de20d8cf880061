"""The model bites: with a rule taken out, or an account mistaken, its walks turn red."""

from collections.abc import Callable
from typing import Any

import pytest

from events.rules import Refusal
from events.scheme import commitments, payments
from events.scheme.state import Payment
from projections import accounts, posting
from projections.accounts import Account, Move
from tests.histories import Memory
from tests.projections.model import Walk

WALKS, STEPS = 8, 250
Planted = Callable[[pytest.MonkeyPatch], None]


def nothing(*_said: object) -> None:
    """A check that lets everything pass."""


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
        walk = Walk(seed)
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
