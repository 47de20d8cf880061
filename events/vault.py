"""The vault beside the log: what is known of persons, until it is erased (kho dữ liệu cá nhân).

    kept = await vault.keep(order)      # its imprints, before it is recorded
    shown = await vault.reveal(facility_id, person_id, actor, purpose)  # written down first

The functions of the database behind these are in `migrations/0007_vault.sql`. Erasing is not among
them: a recorded erasure erases, in the transaction that records it.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, LiteralString, TypeVar

from events import facility
from events.clock import today
from events.envelope import Actor, Jurisdiction, Order
from events.identity import FacilityId, PersonId, nfc
from events.jurisdiction import checked_to_stand
from events.log import IdempotencyMismatch, Log
from events.personal import SALT_BYTES, Imprint, Personal, imprinted, marked, salted
from events.rules import value
from events.text import required

C = TypeVar("C")

KEEP: Final[LiteralString] = """
    SELECT field, imprint, is_same
    FROM vault.keep($1, $2, $3, $4, $5, $6)
"""
DIFFERS: Final[LiteralString] = """
    SELECT vault.differs($1, $2, $3)
"""
ASK: Final[LiteralString] = """
    SELECT vault.ask($1, $2, $3, $4, $5)
"""
REVEAL: Final[LiteralString] = """
    SELECT field, value, salt, imprint
    FROM vault.reveal($1)
"""
ACCESSES: Final[LiteralString] = """
    SELECT at, person_id, fields, by_id, role, organisation, purpose
    FROM vault.access
    WHERE $1::text IS NULL OR person_id = $1
    ORDER BY ticket DESC
    LIMIT $2
"""
SWEEP: Final[LiteralString] = """
    SELECT vault.sweep()
"""


@value
class Shown:
    """One value of a person, with what proves that the log speaks of it."""

    text: Personal
    salt: bytes
    imprint: Imprint


@value
class Access:
    """Somebody asked to see what is known of a person (truy cập dữ liệu cá nhân)."""

    at: datetime
    person_id: PersonId
    fields: tuple[str, ...]
    """What there was to see; empty: it had been erased."""
    actor: Actor
    purpose: str


class Vault:
    """Keeps, compares and shows personal values, on the connections that the log is read by."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def keep(self, order: Order[C]) -> Order[C]:
        """Keep what an order says of a person; the order with the imprints that are kept.

        Its own, unless it was kept before, by an attempt whose outcome nobody learned.
        """
        told = marked(order.command)
        if not told:
            return order
        rows = await self._log.fetch(
            KEEP,
            order.command_id,
            getattr(order.command, "person_id", None),
            list(told),
            [each.reveal() for each in told.values()],
            [each.salt for each in told.values()],
            [each.imprint for each in told.values()],
        )
        if not all(row["is_same"] for row in rows):
            raise IdempotencyMismatch(command_id=order.command_id)
        kept = {row["field"]: row["imprint"] for row in rows}
        if all(kept.get(name, each.imprint) == each.imprint for name, each in told.items()):
            return order
        return replace(order, command=imprinted(order.command, kept))

    async def compare(self, order: Order[Any]) -> None:
        """Refuse a repetition that says something else of the person, as long as one can tell."""
        told = marked(order.command)
        if not told:
            return
        texts = [each.reveal() for each in told.values()]
        if (await self._log.fetch(DIFFERS, order.command_id, list(told), texts))[0][0]:
            raise IdempotencyMismatch(command_id=order.command_id)

    async def reveal(
        self,
        facility_id: FacilityId,
        person_id: PersonId,
        actor: Actor,
        purpose: str,
        within: Jurisdiction | None = None,
    ) -> Sequence[Shown]:
        """What is known of a contact person; that it was asked for is written down first.

        Refused, as a command would be, to whoever does not reach so far.
        """
        state = None
        for event in await self._log.stream(facility.stream(facility_id)):
            state = facility.evolve(state, event.fact)
        checked_to_stand(within, state, today())
        facility.known(facility_id, state).contacts.known(facility_id, person_id)
        why = required("purpose", purpose)
        who = [required("actor", each) for each in (actor.id, actor.role, actor.organisation)]
        ((ticket,),) = await self._log.fetch(ASK, person_id, *who, why)
        rows = await self._log.fetch(REVEAL, ticket)
        if not rows:
            raise facility.ContactIsErased(person_id=person_id)
        return [
            Shown(
                text=Personal(row["value"]),
                salt=row["salt"],
                imprint=Imprint(field=row["field"], hmac=row["imprint"]),
            )
            for row in rows
        ]

    async def accesses(self, limit: int, person_id: str | None = None) -> Sequence[Access]:
        """Who asked to see values, the latest first."""
        return [
            Access(
                at=row["at"],
                person_id=PersonId(row["person_id"]),
                fields=tuple(row["fields"]),
                actor=Actor(id=row["by_id"], role=row["role"], organisation=row["organisation"]),
                purpose=row["purpose"],
            )
            for row in await self._log.fetch(ACCESSES, person_id and nfc(person_id), limit)
        ]

    async def sweep(self) -> int:
        """Drop what was kept for commands that were never carried out; how many values."""
        return int((await self._log.fetch(SWEEP))[0][0])


def freshly_salted(order: Order[C]) -> Order[C]:
    """The order with a new salt for each personal value; most have none, and are as they were."""
    salts = {name: os.urandom(SALT_BYTES) for name in marked(order.command)}
    return replace(order, command=salted(order.command, salts)) if salts else order
