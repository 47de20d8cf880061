"""The model once more, shorter, on the real ledger: it accepts and refuses what memory does.

What it recorded is folded into the real read models, and the identities hold there too, at pairs of
a day and a position by chance.
"""

from random import Random

from events.catalogue import Command
from events.envelope import Order
from events.ledger import Ledger
from events.rules import LedgerError, Refusal
from projections.identities import identities
from projections.pairs import pairs
from service.runtime import Runtime
from tests.projections.model import Walk

SEED, STEPS, CHANCES = 5, 260, 12


class Recorded(Walk):
    """A walk that remembers every order, and whether it was accepted."""

    def __init__(self, seed: int) -> None:
        self.told: list[tuple[Order[Command], bool]] = []
        super().__init__(seed)

    def asked(self, order: Order[Command]) -> bool:
        is_accepted = super().asked(order)
        self.told.append((order, is_accepted))
        return is_accepted


async def is_recorded(ledger: Ledger, order: Order[Command]) -> bool:
    try:
        await ledger.handle(order)
    except (Refusal, LedgerError):
        return False
    return True


async def test_the_real_ledger_does_what_memory_does_and_its_sums_hold(empty: Runtime) -> None:
    walk = Recorded(SEED)
    for step in range(STEPS):
        walk.step(step)
    walk.finish()
    for order, is_accepted in walk.told:
        assert await is_recorded(empty.ledger, order) == is_accepted, order
    head = (await empty.log.head()).position
    assert head == len(walk.memory.recorded) > 60
    await empty.projector.wait_for(head, 30)
    tried = await pairs(empty.pool, Random(SEED), CHANCES)
    assert await identities(empty.pool, tried) == []
    balances = await empty.pool.fetch(
        "SELECT account, sum(debit - credit)::bigint AS balance FROM model.posting GROUP BY 1"
    )
    assert {row["account"]: row["balance"] for row in balances if row["balance"]} == {
        name: amount for name, amount in walk.sheet.balances().items() if amount
    }
