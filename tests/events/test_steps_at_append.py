"""A correction is decided on what the log says at the append, whichever process wrote it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from events.appender import Appender
from events.catalogue import Command
from events.duties import WrongAuthority
from events.envelope import Order
from events.ledger import Ledger, Receipt
from events.log import Log
from events.money import Vnd
from events.rules import Refusal
from events.scheme import (
    AlreadyCorrected,
    ApproveStep,
    CommitmentExceeded,
    CommitSupport,
    CorrectEntry,
    FieldCorrection,
    PayAdvance,
    ProposeStep,
    Scheme,
    Step,
    StepId,
)
from events.states import States
from service.seed import bulk
from service.seed.actors import APPROVER, CLERK
from tests.histories import TODAY

COMMITTED = 5
"""Its order in the life of a scheme, and its version in the stream."""


@pytest.fixture
async def ledgers(database_url: str, pool: asyncpg.Pool) -> AsyncIterator[list[Ledger]]:
    """Two processes, as it were, with a scheme that has promised and paid nothing yet."""
    async with Appender(database_url) as one, Appender(database_url) as other:
        both = [Ledger(Log(pool), each, today=lambda: TODAY) for each in (one, other)]
        for order in (*bulk.frame(), *bulk.facility(1, 0)[:1], *scheme()[:COMMITTED]):
            await both[0].handle(order)
        yield both


def scheme() -> bulk.Chain:
    """Its life from the proposal to the settlement."""
    return bulk.scheme(1, 0, 1)[:9]


def promise() -> Order[Command]:
    return scheme()[COMMITTED - 1]


def as_(order: Order[Command], command: Command, actor: object = CLERK) -> Order[Command]:
    return replace(order, command=command, actor=actor, command_id=uuid4())  # type: ignore[arg-type]


def proposal(step_id: str, amount: int) -> Order[Command]:
    committing = promise().command
    assert isinstance(committing, CommitSupport)
    scheme_id = committing.scheme_id
    correction = CorrectEntry(
        scheme_id=scheme_id,
        corrects_version=COMMITTED,
        changes=(
            FieldCorrection(field="amount", after=str(amount)),
            FieldCorrection(field="totalCost", after=str(2 * amount)),
        ),
        reason="Nhập nhầm",
    )
    step = Step(correct_entry=correction)
    return as_(promise(), ProposeStep(scheme_id=scheme_id, step_id=StepId(step_id), step=step))


def approval(step_id: str, actor: object = APPROVER) -> Order[Command]:
    committing = promise().command
    assert isinstance(committing, CommitSupport)
    command = ApproveStep(scheme_id=committing.scheme_id, step_id=StepId(step_id), step_version=1)
    return as_(promise(), command, actor)


async def outcomes(*handled: object) -> tuple[list[Receipt], list[Refusal]]:
    found = await asyncio.gather(*handled, return_exceptions=True)  # type: ignore[call-overload]
    return (
        [each for each in found if isinstance(each, Receipt)],
        [each for each in found if isinstance(each, Refusal)],
    )


async def standing(pool: asyncpg.Pool) -> Scheme:
    """The scheme as whoever reads it from nothing finds it."""
    stream = "scheme-tai-1-00000"
    found = (await States(Log(pool)).of([stream], anew=True))[stream].state
    assert isinstance(found, Scheme)
    return found


async def test_of_two_corrections_of_one_event_one_is_recorded(
    ledgers: list[Ledger], pool: asyncpg.Pool
) -> None:
    one, other = ledgers
    await one.handle(proposal("a", 1_000_000))
    await one.handle(proposal("b", 2_000_000))
    done, refused = await outcomes(one.handle(approval("a")), other.handle(approval("b")))
    assert [type(each.fact).__name__ for each in done[0].facts] == [
        "StepApproved",
        "EntryCorrected",
    ]
    assert [type(each) for each in refused] == [AlreadyCorrected]
    (commitment,) = (await standing(pool)).commitments.values()
    assert commitment.left in {1_000_000, 2_000_000}
    assert sum(each.is_decided for each in (await standing(pool)).steps.values()) == 1


async def test_a_correction_and_a_payment_race_for_one_commitment(
    ledgers: list[Ledger], pool: asyncpg.Pool
) -> None:
    one, other = ledgers
    await one.handle(proposal("a", 1_000_000))
    paying = scheme()[COMMITTED]
    assert isinstance(paying.command, PayAdvance)
    pay = replace(paying, command=replace(paying.command, amount=Vnd(2_000_000)))
    done, refused = await outcomes(one.handle(approval("a")), other.handle(pay))
    assert len(done) == len(refused) == 1
    (commitment,) = (await standing(pool)).commitments.values()
    assert commitment.net_paid <= commitment.left
    paid = commitment.net_paid == 2_000_000
    assert isinstance(refused[0], CommitmentExceeded) or refused[0].code == "ADVANCE_LIMIT"
    assert commitment.left == (commitment.promise.amount if paid else 1_000_000)


async def test_who_proposed_it_in_one_process_does_not_approve_it_in_another(
    ledgers: list[Ledger], pool: asyncpg.Pool
) -> None:
    await ledgers[0].handle(proposal("a", 1_000_000))
    before = await Log(pool).head()
    with pytest.raises(WrongAuthority):
        await ledgers[1].handle(approval("a", CLERK))
    assert await Log(pool).head() == before


async def test_what_another_process_remembers_is_corrected_too(
    ledgers: list[Ledger], pool: asyncpg.Pool
) -> None:
    """And what is remembered is what is read from nothing."""
    await ledgers[1].handle(proposal("a", 1_000_000))
    await ledgers[0].handle(approval("a"))
    paying = scheme()[COMMITTED]
    assert isinstance(paying.command, PayAdvance)
    pay = replace(paying, command=replace(paying.command, amount=Vnd(1_000_001)))
    with pytest.raises(Refusal) as refused:
        await ledgers[1].handle(pay)
    assert refused.value.code in {"COMMITMENT_EXCEEDED", "ADVANCE_LIMIT"}
    (commitment,) = (await standing(pool)).commitments.values()
    assert commitment.left == 1_000_000
