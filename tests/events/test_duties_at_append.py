"""Whose work it is, is decided on what the log says at the append, whichever process wrote it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from events import states as states_module
from events.appender import Appender
from events.catalogue import Command
from events.duties import WrongAuthority
from events.envelope import Actor, Order
from events.ledger import Ledger
from events.log import Log
from events.money import Vnd
from events.scheme import ApproveScheme, AssignBeneficiary, PayAdvance, ReduceCommitment
from service.seed import bulk
from service.seed.actors import ACCOUNTANT, APPROVER, CLERK
from tests.histories import TODAY

PROPOSED, APPROVED, COMMITTED, PAID = 1, 2, 5, 6
"""How many orders of the scheme have been carried out then."""
NEWCOMER = Actor(id="minh-hoa-moi", role="CENTRE_MANAGER", organisation="trung-tam-minh-hoa")


@pytest.fixture
async def ledgers(database_url: str, pool: asyncpg.Pool) -> AsyncIterator[list[Ledger]]:
    """Two processes, as it were, with what a scheme needs recorded."""
    async with Appender(database_url) as one, Appender(database_url) as other:
        both = [Ledger(Log(pool), each, today=lambda: TODAY) for each in (one, other)]
        for order in (*bulk.frame(), bulk.facility(1, 0)[0]):
            await both[0].handle(order)
        yield both


def scheme() -> bulk.Chain:
    """Proposed, approved, assigned, pledged, committed, advanced, accepted, paid, settled."""
    return bulk.scheme(1, 0, 1)[:9]


async def told(ledger: Ledger, orders: int) -> None:
    for order in scheme()[:orders]:
        await ledger.handle(order)


def anew(order: Order[Command], actor: Actor, id: UUID | None = None) -> Order[Command]:
    return replace(order, actor=actor, command_id=id or uuid4())


def reduction(actor: Actor) -> Order[Command]:
    paying = scheme()[PAID - 1]
    assert isinstance(paying.command, PayAdvance)
    command = ReduceCommitment(
        scheme_id=paying.command.scheme_id,
        commitment_id=paying.command.commitment_id,
        amount=Vnd(1),
        reason="Điều chỉnh",
    )
    return replace(paying, command=command, actor=actor, command_id=uuid4())


async def test_a_proposer_does_not_approve_and_the_refusal_is_not_recorded(
    ledgers: list[Ledger], pool: asyncpg.Pool
) -> None:
    await told(ledgers[0], PROPOSED)
    before = await Log(pool).head()
    for ledger in ledgers:
        with pytest.raises(WrongAuthority) as refused:
            await ledger.handle(anew(scheme()[APPROVED - 1], CLERK))
        stream = "scheme-tai-1-00000"
        assert refused.value == WrongAuthority(
            step="SchemeApproved",
            item=stream,
            earlier="SchemeProposed",
            stream=stream,
            earlier_version=1,
        )
    assert await Log(pool).head() == before


async def test_a_step_that_another_process_recorded_bars_as_well(ledgers: list[Ledger]) -> None:
    """The first process remembers the commitment as it was before its newcomer changed it."""
    one, other = ledgers
    await told(one, COMMITTED)
    await other.handle(reduction(NEWCOMER))
    with pytest.raises(WrongAuthority) as refused:
        await one.handle(anew(scheme()[PAID - 1], NEWCOMER))
    assert refused.value.earlier == "CommitmentReduced"


async def test_of_two_steps_at_once_that_bar_each_other_one_is_recorded(
    ledgers: list[Ledger],
) -> None:
    """One person changes a commitment in one process and pays on it in another."""
    for ledger in ledgers:
        await told(ledger, COMMITTED)
    asked = (reduction(NEWCOMER), anew(scheme()[PAID - 1], NEWCOMER))
    answers = await asyncio.gather(
        *(ledger.handle(order) for ledger, order in zip(ledgers, asked, strict=True)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in answers) == ["Receipt", "WrongAuthority"]


async def test_what_is_no_longer_remembered_still_bars(
    ledgers: list[Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states_module, "STATES_MAX", 1)
    await told(ledgers[0], COMMITTED)
    for order in bulk.frame():
        await ledgers[0].handle(replace(order, command_id=uuid4()))
    assert not any(name.startswith("scheme-") for name in ledgers[0]._states._kept)
    with pytest.raises(WrongAuthority):
        await ledgers[0].handle(anew(scheme()[PAID - 1], CLERK))


async def test_the_same_command_again_is_answered_whatever_its_actor_did_since(
    ledgers: list[Ledger],
) -> None:
    """The approver has chosen a beneficiary meanwhile: to approve now would be refused."""
    await told(ledgers[0], PROPOSED)
    approval = scheme()[APPROVED - 1]
    first = await ledgers[0].handle(approval)
    choice = scheme()[APPROVED]
    assert isinstance(choice.command, AssignBeneficiary)
    await ledgers[0].handle(anew(choice, APPROVER))
    for ledger in ledgers:
        assert await ledger.handle(approval) == replace(first, repeated=True)


async def test_what_is_already_so_is_no_step_of_anybody(ledgers: list[Ledger]) -> None:
    await told(ledgers[0], APPROVED)
    asked = scheme()[APPROVED - 1]
    assert isinstance(asked.command, ApproveScheme)
    for ledger in ledgers:
        receipt = await ledger.handle(anew(asked, CLERK))
        assert receipt.facts == ()


async def test_a_whole_scheme_is_recorded_where_everyone_does_his_own_part(
    ledgers: list[Ledger],
) -> None:
    orders = scheme()
    for nth, order in enumerate(orders):
        assert (await ledgers[nth % 2].handle(order)).version == nth + 1
    assert {order.actor for order in orders} > {CLERK, APPROVER, ACCOUNTANT}
