"""One step of a seeded story: a command, its circumstances, and an id that follows from its name.

A ledger carries out the same command id once, so a story told twice is recorded once.
"""

from datetime import date
from uuid import UUID, uuid5

from events.catalogue import Command
from events.envelope import Authority, Order
from events.identity import nfc
from service.seed.actors import actor_of

NAMES = UUID("6f5f2a2e-55c9-5f0c-9a39-0d6f3a7f5c11")
"""The name space of seeded command ids. Never changes: it is what makes seeding repeatable."""


def step(
    name: str,
    command: Command,
    effective_on: date,
    *,
    synthetic: bool,
    authority: Authority | None = None,
) -> Order[Command]:
    """Order `command` under an id that is the same whenever `name` is."""
    return Order(
        command=command,
        command_id=uuid5(NAMES, nfc(name)),
        effective_on=effective_on,
        actor=actor_of(command),
        authority=authority,
        synthetic=synthetic,
    )
