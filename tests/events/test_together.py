"""Many commands at once: all of them are recorded, in their order, or none is."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from events.catalogue import Command
from events.entry import waves
from events.envelope import Order
from events.facility import CloseFacility, UnknownFacility
from events.identity import FacilityId
from events.ledger import Ledger
from events.log import IdempotencyMismatch, Log, VersionConflict
from events.period import PeriodDiffers
from events.rules import AlreadyReserved, Refusal
from events.together import NotTogetherError
from tests.entries import entry
from tests.events.test_ledger import (
    document,
    facility,
    figure,
    ledger,
    ledgers,
    order,
    period,
    renamed,
)

__all__ = ["ledger", "ledgers"]


def orders(*commands: Command) -> list[Order[Command]]:
    return [order(each) for each in commands]


async def refused(ledger: Ledger, asked: list[Order[Command]]) -> tuple[int, Refusal]:
    with pytest.raises(NotTogetherError) as caught:
        await ledger.handle_together(asked)
    return caught.value.nth, caught.value.refusal


async def test_each_finds_what_those_before_it_did_and_nothing_stands_between(
    ledger: Ledger, pool: asyncpg.Pool
) -> None:
    """A figure needs its period and its document, a new name its facility."""
    asked = orders(period(), document(), figure(), facility(1), renamed("Mới", 1), facility(2))
    receipts = await ledger.handle_together(asked)
    assert [each.position for each in receipts] == [1, 2, 3, 4, 5, 6]
    assert [each.version for each in receipts] == [1, 1, 2, 1, 2, 1]
    events = await Log(pool).read(0, 100)
    assert [each.command_id for each in events] == [each.command_id for each in asked]
    assert [fact for each in receipts for fact in each.facts] == events


@pytest.mark.parametrize("at", [0, 3, 5])
async def test_is_one_refused_none_is_recorded(ledger: Ledger, pool: asyncpg.Pool, at: int) -> None:
    asked = orders(period(), facility(1), facility(2), document(), figure())
    closing = CloseFacility(facility_id=FacilityId("khong-co"), reason="x")
    asked.insert(at, order(closing))
    nth, refusal = await refused(ledger, asked)
    assert nth == at
    assert isinstance(refusal, UnknownFacility)
    assert (await Log(pool).head()).position == 0


async def test_what_was_carried_out_before_is_answered_again(ledger: Ledger) -> None:
    asked = orders(period(), facility(1), renamed("Mới", 1))
    once = await ledger.handle(asked[1])
    first = await ledger.handle_together(asked)
    again = await ledger.handle_together(asked)
    assert [each.repeated for each in first] == [False, True, False]
    assert first[1].facts == once.facts
    assert all(each.repeated for each in again)
    assert [each.facts for each in again] == [each.facts for each in first]


async def test_the_same_command_twice_is_carried_out_once(ledger: Ledger) -> None:
    one = order(facility(1))
    receipts = await ledger.handle_together([one, one])
    assert [each.repeated for each in receipts] == [False, True]
    assert receipts[0].facts == receipts[1].facts
    other = replace(one, command=facility(2))
    nth, refusal = await refused(ledger, [order(facility(3)), one, other])
    assert (nth, type(refusal)) == (2, IdempotencyMismatch)


async def test_what_is_so_already_has_a_receipt_without_facts(ledger: Ledger) -> None:
    receipts = await ledger.handle_together(orders(period(), period(), facility(1)))
    assert [len(each.facts) for each in receipts] == [1, 0, 1]
    nothing = await ledger.handle_together(orders(period()))
    assert (nothing[0].facts, nothing[0].position, nothing[0].version) == ((), 2, 1)
    assert await ledger.handle_together([]) == []


async def test_a_key_is_taken_once_among_them_and_before_them(ledger: Ledger) -> None:
    nth, refusal = await refused(
        ledger,
        orders(facility(1, "0100000001"), facility(2, "0200000002"), facility(3, "0100000001")),
    )
    assert (nth, type(refusal)) == (2, AlreadyReserved)
    await ledger.handle(order(facility(4, "0300000003")))
    nth, refusal = await refused(
        ledger, orders(facility(5), facility(6, "0300000003"), facility(7))
    )
    assert (nth, type(refusal)) == (1, AlreadyReserved)


async def test_a_promised_version_is_kept(ledger: Ledger) -> None:
    await ledger.handle(order(facility(1)))
    late = order(renamed("Mới", 1), version=7)
    nth, refusal = await refused(ledger, [order(period()), late])
    assert nth == 1
    assert isinstance(refusal, VersionConflict)
    assert (refusal.expected, refusal.actual) == (7, 1)


async def test_who_comes_between_is_seen(ledgers: list[Ledger], pool: asyncpg.Pool) -> None:
    """Two processes rename one facility at the same time, thirty times each, and open periods."""
    await ledgers[0].handle(order(facility(1)))

    async def rename(ledger: Ledger, name: str) -> None:
        for number in range(10):
            commands = [renamed(f"{name} {number} {nth}", 1) for nth in range(3)]
            await ledger.handle_together(orders(*commands))

    await asyncio.gather(rename(ledgers[0], "A"), rename(ledgers[1], "B"))
    events = (await Log(pool).stream("facility-cs-1"))[1:]
    names = [each.fact.name for each in events]
    assert len(names) == 60
    threes = [names[start : start + 3] for start in range(0, 60, 3)]
    assert all(len({name.rpartition(" ")[0] for name in three}) == 1 for three in threes)


async def test_two_races_for_one_key_have_one_winner(ledgers: list[Ledger]) -> None:
    both = await asyncio.gather(
        *(
            each.handle_together(orders(facility(nth), facility(10 + nth, "0100000001")))
            for nth, each in enumerate(ledgers)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, NotTogetherError) for each in both) == 1


async def test_a_refusal_is_the_rules_own(ledger: Ledger) -> None:
    await ledger.handle(order(period()))
    nth, refusal = await refused(ledger, orders(facility(1), period("Tên khác")))
    assert (nth, type(refusal)) == (1, PeriodDiffers)


async def test_a_thousand_of_one_stream_take_one_call(ledger: Ledger, pool: asyncpg.Pool) -> None:
    asked = orders(facility(1), *(renamed(f"Tên {nth}", 1) for nth in range(999)))
    receipts = await ledger.handle_together(asked)
    assert receipts[-1].version == 1000
    assert (await Log(pool).head()).position == 1000


def test_commands_of_one_turn_do_not_touch_each_other() -> None:
    a, b, c = f"period-{uuid4().hex}", f"period-{uuid4().hex}", f"period-{uuid4().hex}"
    assert waves([entry(a), entry(b), entry(c)]) == [1, 1, 1]
    assert waves([entry(a), entry(a, 1), entry(b)]) == [1, 2, 2]
    assert waves([entry(a), entry(b, guards={a: 1}), entry(c)]) == [1, 2, 2]
    assert waves([entry(b, guards={a: 0}), entry(a), entry(c)]) == [1, 2, 2]
