"""The vault: values beside the log, shown against a signature, and gone when they are erased."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import pytest

from events.appender import Appender, NotRecordedError
from events.codec import fingerprint
from events.envelope import Actor, Order
from events.facility import (
    ContactErased,
    ContactIsErased,
    ContactIsRecorded,
    ContactRecorded,
    EraseContact,
    RecordContact,
    UnknownContact,
)
from events.identity import FacilityId, PersonId
from events.ledger import Ledger, Receipt
from events.log import IdempotencyMismatch, Log
from events.personal import Personal, imprint_of
from events.text import InvalidText
from events.vault import Vault, freshly_salted
from events.vocabulary import ErasureGround
from tests.events.test_ledger import DAY, LAN, facility, order

FACILITY = FacilityId("cs-1")
NAME, PHONE = "Nguyễn Thị Lan", "0912345678"
ALL = "SELECT count(*) FROM vault.value"
GIVEN = "SELECT field, salt, value, imprint FROM vault.value ORDER BY field"


@pytest.fixture
async def log(pool: asyncpg.Pool) -> Log:
    return Log(pool)


@pytest.fixture
def vault(log: Log) -> Vault:
    return Vault(log)


@pytest.fixture
async def ledger(database_url: str, log: Log) -> AsyncIterator[Ledger]:
    async with Appender(database_url) as appender:
        ledger = Ledger(log, appender, today=lambda: date(2026, 11, 5))
        await ledger.handle(order(facility()))
        yield ledger


@pytest.fixture
async def root(superuser_url: str) -> AsyncIterator[asyncpg.Connection]:
    connected = await asyncpg.connect(superuser_url)
    yield connected
    await connected.close()


def contact(person: str | None = None, name: str = NAME) -> RecordContact:
    return RecordContact(
        facility_id=FACILITY,
        person_id=PersonId(person or str(uuid4())),
        name=Personal(name),
        phone=Personal(PHONE),
    )


def erasing(person_id: PersonId) -> EraseContact:
    return EraseContact(facility_id=FACILITY, person_id=person_id, ground=ErasureGround.REQUEST)


def told(receipt: Receipt) -> dict[str, str]:
    """The imprints that were recorded."""
    (fact,) = (each.fact for each in receipt.facts)
    assert isinstance(fact, ContactRecorded)
    return {each.field: each.hmac for each in fact.imprints}


async def bodies(log: Log) -> list[bytes]:
    return [body for _, body in await log.raw(0, 100)]


async def test_the_log_holds_imprints_and_the_vault_what_they_are_of(
    ledger: Ledger, log: Log, root: asyncpg.Connection
) -> None:
    receipt = await ledger.handle(order(contact()))
    rows = await root.fetch(GIVEN)
    assert [(row["field"], row["value"]) for row in rows] == [("name", NAME), ("phone", PHONE)]
    proven = {row["field"]: imprint_of(row["salt"], row["value"]) for row in rows}
    assert told(receipt) == proven
    written = b"".join(await bodies(log))
    assert NAME.encode() not in written
    assert PHONE.encode() not in written


async def test_erasing_leaves_every_byte_and_every_leaf_as_it_was(
    ledger: Ledger, log: Log, root: asyncpg.Connection
) -> None:
    asked = contact()
    await ledger.handle(order(asked))
    before, leaves = await bodies(log), await root.fetch("SELECT leaf FROM ledger.event")
    receipt = await ledger.handle(order(erasing(asked.person_id)))
    assert isinstance(receipt.facts[0].fact, ContactErased)
    after = await bodies(log)
    assert after[: len(before)] == before
    assert (await root.fetch("SELECT leaf FROM ledger.event"))[: len(leaves)] == leaves
    assert leaves[-1][0] == hashlib.sha256(b"\0" + before[-1]).digest()
    assert await root.fetchval(ALL) == 0


async def test_values_and_their_erasure_are_one_transaction(
    ledger: Ledger, root: asyncpg.Connection
) -> None:
    """An erasure that is not recorded erases nothing: the append fails after it erased."""
    asked = contact()
    await ledger.handle(order(asked))
    await root.execute("""
        SET event_triggers = off;
        CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'no commit today'; END $$;
        CREATE TRIGGER fail BEFORE INSERT ON ledger.commit EXECUTE FUNCTION public.fail()
    """)
    with pytest.raises(NotRecordedError):
        await ledger.handle(order(erasing(asked.person_id)))
    assert await root.fetchval(ALL) == 2


async def test_what_a_new_contact_replaces_is_erased(
    ledger: Ledger, vault: Vault, root: asyncpg.Connection
) -> None:
    first, second = contact(), contact(name="Trần Văn Minh")
    await ledger.handle(order(first))
    await ledger.handle(order(second))
    values = {row["value"] for row in await root.fetch(GIVEN)}
    assert values == {"Trần Văn Minh", PHONE}
    with pytest.raises(ContactIsErased):
        await vault.reveal(FACILITY, first.person_id, LAN, "gọi điện")


async def test_a_refused_command_leaves_nothing_in_the_vault(
    ledger: Ledger, root: asyncpg.Connection
) -> None:
    asked = contact()
    await ledger.handle(order(asked))
    with pytest.raises(ContactIsRecorded):
        await ledger.handle(order(asked))
    assert await root.fetchval(ALL) == 2


async def test_a_second_attempt_records_the_imprints_that_the_vault_keeps(
    ledger: Ledger, vault: Vault, root: asyncpg.Connection
) -> None:
    """The first attempt died between the vault and the log; its client sends the command again."""
    asked = order(contact())
    await vault.keep(freshly_salted(asked))
    kept = await root.fetch(GIVEN)
    receipt = await ledger.handle(asked)
    assert told(receipt) == {row["field"]: row["imprint"] for row in kept}
    assert await root.fetch(GIVEN) == kept
    assert all(imprint_of(row["salt"], row["value"]) == row["imprint"] for row in kept)


async def test_a_repetition_is_recognised_before_and_after_erasure(
    ledger: Ledger, root: asyncpg.Connection
) -> None:
    asked = order(contact())
    once = await ledger.handle(asked)
    again = await ledger.handle(asked)
    assert (again.repeated, again.position) == (True, once.position)
    await ledger.handle(order(erasing(asked.command.person_id)))  # type: ignore[missing-attribute]
    last = await ledger.handle(asked)
    assert (last.repeated, last.position) == (True, once.position)
    assert await root.fetchval(ALL) == 0


async def test_another_process_that_missed_the_erasure_brings_nothing_back(
    ledger: Ledger, database_url: str, log: Log, root: asyncpg.Connection
) -> None:
    """It remembers the facility as it was before, and so admits the repetition."""
    async with Appender(database_url) as appender:
        other = Ledger(log, appender, today=lambda: date(2026, 11, 5))
        await other.handle(order(facility()))
        asked = order(contact())
        await ledger.handle(asked)
        await ledger.handle(order(erasing(asked.command.person_id)))  # type: ignore[missing-attribute]
        assert (await other.handle(asked)).repeated
    assert await root.fetchval(ALL) == 0


async def test_the_same_id_with_other_values_is_refused(ledger: Ledger, vault: Vault) -> None:
    once, person = uuid4(), str(uuid4())
    await ledger.handle(order(contact(person), id=once))
    with pytest.raises(IdempotencyMismatch):
        await ledger.handle(order(contact(person, name="Trần Văn Minh"), id=once))
    other = str(uuid4())
    kept = order(contact(other, name="Lê Văn Tám"))
    await vault.keep(freshly_salted(kept))
    with pytest.raises(IdempotencyMismatch):
        await ledger.handle(replace(kept, command=contact(other, name="Lê Văn Chín")))


async def test_a_command_sent_twice_at_once_is_recorded_with_what_is_kept(
    ledger: Ledger, database_url: str, log: Log, root: asyncpg.Connection
) -> None:
    asked = order(contact())
    async with Appender(database_url) as appender:
        other = Ledger(log, appender, today=lambda: date(2026, 11, 5))
        receipts = await asyncio.gather(ledger.handle(asked), other.handle(asked))
    assert {each.position for each in receipts} == {2}
    kept = {row["field"]: row["imprint"] for row in await root.fetch(GIVEN)}
    assert told(receipts[0]) == told(receipts[1]) == kept


async def test_what_was_never_carried_out_is_swept_after_an_hour(
    ledger: Ledger, vault: Vault, root: asyncpg.Connection
) -> None:
    await ledger.handle(order(contact()))
    left = order(contact())
    await vault.keep(freshly_salted(left))
    assert await vault.sweep() == 0
    await root.execute("UPDATE vault.value SET kept_at = kept_at - interval '61 minutes'")
    assert await vault.sweep() == 2
    assert await root.fetchval(ALL) == 2


async def test_whoever_looks_is_written_down(ledger: Ledger, vault: Vault) -> None:
    asked = contact()
    await ledger.handle(order(asked))
    shown = await vault.reveal(FACILITY, asked.person_id, LAN, "mời nghiệm thu")
    assert [(each.imprint.field, each.text.reveal()) for each in shown] == [
        ("name", NAME),
        ("phone", PHONE),
    ]
    assert all(imprint_of(each.salt, each.text.reveal()) == each.imprint.hmac for each in shown)
    (access,) = await vault.accesses(10)
    assert (access.person_id, access.actor, access.purpose) == (
        asked.person_id,
        LAN,
        "mời nghiệm thu",
    )
    assert access.fields == ("name", "phone")


async def test_nothing_is_shown_without_a_purpose_or_of_a_stranger(
    ledger: Ledger, vault: Vault
) -> None:
    asked = contact()
    await ledger.handle(order(asked))
    with pytest.raises(InvalidText):
        await vault.reveal(FACILITY, asked.person_id, LAN, "  ")
    with pytest.raises(UnknownContact):
        await vault.reveal(FACILITY, PersonId(str(uuid4())), LAN, "gọi điện")
    assert await vault.accesses(10) == []


def test_the_fingerprint_is_the_same_for_every_attempt() -> None:
    asked: Order[RecordContact] = Order(
        command=contact(),
        command_id=UUID(int=1),
        effective_on=DAY,
        actor=Actor(id="a", role="b", organisation="c"),
    )
    fresh = freshly_salted(asked)
    assert fingerprint(asked) == fingerprint(fresh)
