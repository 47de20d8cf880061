"""One cost item, two schemes: the append itself finds out, whoever was first."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from events.appender import Appender
from events.catalogue import Command
from events.entry import Placed
from events.envelope import Order
from events.facility import RegisterFacility
from events.ledger import Ledger
from events.log import Log
from events.scheme import CancelCommitment, CommitSupport, DoubleFunding, SupportCommitted
from events.scheme.funding import key_of
from events.together import NotTogetherError
from service.seed.actors import actor_of
from service.seed.sample.cast import Cast, fresh
from service.seed.sample.story import orders
from tests.entries import entry

TODAY = date(2026, 11, 5)
ITEM = "lò sấy nông sản"


@pytest.fixture
async def ledgers(database_url: str, pool: asyncpg.Pool) -> AsyncIterator[list[Ledger]]:
    """Two processes, as it were: each with its own memory and its own way to the log."""
    async with Appender(database_url) as one, Appender(database_url) as other:
        yield [Ledger(Log(pool), each, today=lambda: TODAY) for each in (one, other)]


def to_a_promise(cast: Cast, to: Cast, item: str = ITEM) -> Sequence[Order[Command]]:
    """A scheme of one cast that promises money to the facility of another."""
    told: list[Order[Command]] = []
    for _, order in orders(SupportCommitted, cast):
        command: Any = order.command
        if isinstance(command, RegisterFacility) and cast is not to:
            continue
        if hasattr(command, "facility_id"):
            command = replace(command, facility_id=to.facility_id)
        if isinstance(command, CommitSupport):
            command = replace(command, cost_item=item)
        told.append(replace(order, command=command))
    return told


def cancelled(cast: Cast) -> Order[Command]:
    command = CancelCommitment(
        scheme_id=cast.scheme_id, commitment_id=cast.commitment_id, reason="Thôi đầu tư"
    )
    return Order(command=command, command_id=uuid4(), effective_on=TODAY, actor=actor_of(command))


def again(promise: Order[Command], commitment_id: str) -> Order[Command]:
    command: Any = promise.command
    other = replace(command, commitment_id=commitment_id)
    return replace(promise, command=other, command_id=uuid4())


def refused(cast: Cast) -> DoubleFunding:
    return DoubleFunding(facility_id=cast.facility_id, cost_item="lo say nong san")


async def told(ledger: Ledger, asked: Sequence[Order[Command]]) -> None:
    for order in asked:
        await ledger.handle(order)


async def test_two_schemes_race_for_one_cost_item_and_one_of_them_gets_it(
    ledgers: list[Ledger], pool: asyncpg.Pool
) -> None:
    first, second = fresh(TODAY), fresh(TODAY)
    *before, promise = to_a_promise(first, first)
    *beside, rival = to_a_promise(second, first)
    await told(ledgers[0], before)
    await told(ledgers[1], beside)
    answers = await asyncio.gather(
        ledgers[0].handle(promise), ledgers[1].handle(rival), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in answers) == ["DoubleFunding", "Receipt"]
    assert refused(first) in answers
    said = refused(first)
    assert said.code == "DOUBLE_FUNDING"
    assert first.facility_id in said.message
    assert "lo say nong san" in said.message_vi
    kinds = await pool.fetch("SELECT type FROM ledger.event WHERE type = 'SupportCommitted'")
    assert len(kinds) == 1


async def test_another_spelling_is_the_same_item_and_another_item_is_not(
    ledgers: list[Ledger],
) -> None:
    first, second, third = fresh(TODAY), fresh(TODAY), fresh(TODAY)
    await told(ledgers[0], to_a_promise(first, first))
    *before, rival = to_a_promise(second, first, " LÒ  sấy nông sản ")
    await told(ledgers[0], before)
    for ask in (ledgers[0].preview, ledgers[0].handle):
        with pytest.raises(DoubleFunding) as said:
            await ask(rival)
        assert said.value == refused(first)
    await told(ledgers[0], to_a_promise(third, first, "lò hơi"))


async def test_what_is_cancelled_may_be_supported_by_another_scheme(
    ledgers: list[Ledger],
) -> None:
    first, second = fresh(TODAY), fresh(TODAY)
    own = to_a_promise(first, first)
    await told(ledgers[0], own)
    *before, rival = to_a_promise(second, first)
    await told(ledgers[1], before)
    with pytest.raises(DoubleFunding):
        await ledgers[1].handle(rival)
    await ledgers[0].handle(cancelled(first))
    assert (await ledgers[1].handle(rival)).facts
    with pytest.raises(DoubleFunding):
        await ledgers[0].handle(again(own[-1], "another"))


async def test_two_promises_of_one_scheme_hold_the_item_until_both_are_cancelled(
    ledgers: list[Ledger],
) -> None:
    first, second = fresh(TODAY), fresh(TODAY)
    *own, whole = to_a_promise(first, first)
    command: Any = whole.command
    half = replace(command, amount=command.amount // 2, total_cost=command.total_cost // 2)
    promise = replace(whole, command=half)
    await told(ledgers[0], [*own, promise, again(promise, f"{first.tag}-2")])
    *before, rival = to_a_promise(second, first)
    await told(ledgers[0], before)
    await ledgers[0].handle(cancelled(first))
    with pytest.raises(DoubleFunding):
        await ledgers[0].handle(rival)
    last: Any = cancelled(first)
    await ledgers[0].handle(
        replace(last, command=replace(last.command, commitment_id=f"{first.tag}-2"))
    )
    assert (await ledgers[0].handle(rival)).facts


async def test_an_item_changes_hands_within_one_request(ledgers: list[Ledger]) -> None:
    first, second = fresh(TODAY), fresh(TODAY)
    await told(ledgers[0], to_a_promise(first, first))
    *before, rival = to_a_promise(second, first)
    await told(ledgers[0], before)
    with pytest.raises(NotTogetherError) as early:
        await ledgers[0].handle_together([rival, cancelled(first)])
    assert (early.value.nth, early.value.refusal) == (0, refused(first))
    foreseen = await ledgers[0].preview_together([cancelled(first), rival])
    assert not any(isinstance(each, DoubleFunding) for each in foreseen)
    receipts = await ledgers[0].handle_together([cancelled(first), rival])
    assert [each.facts[0].type for each in receipts] == ["CommitmentCancelled", "SupportCommitted"]


async def test_a_key_is_given_back_by_the_stream_that_took_it_and_by_no_other(
    database_url: str, pool: asyncpg.Pool
) -> None:
    key = key_of(fresh(TODAY).facility_id, ITEM)
    async with Appender(database_url) as appender:
        await appender.append(replace(entry("period-a"), keys=[key]))
        await appender.append(replace(entry("period-b"), freed=[key]))
        with pytest.raises(DoubleFunding):
            await appender.append(replace(entry("period-c"), keys=[key]))
        await appender.append(replace(entry("period-a", 1), freed=[key]))
        assert isinstance(await appender.append(replace(entry("period-c"), keys=[key])), Placed)
    rows = await pool.fetch("SELECT position, released_position FROM ledger.reservation")
    assert sorted(tuple(row) for row in rows) == [(1, 3), (4, None)]
