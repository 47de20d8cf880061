"""A level that changes while something is promised: the append itself finds out."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from uuid import uuid4

import asyncpg
import pytest

from events.appender import Appender
from events.catalogue import Command
from events.eligibility import IneligiblePlace
from events.envelope import Order
from events.facility import FacilityPlaced, FacilityRegistered, RegisterFacility
from events.identity import SectorRef
from events.ledger import Ledger
from events.log import Log
from events.money import Vnd
from events.policy import (
    SECTOR_CODES,
    SUPPORT_CAPS,
    IssueSectorCodes,
    SectorLine,
    SectorLineDiffers,
    SetAdvanceLimit,
    SetEligiblePlace,
    SetSupportCap,
    ValidityOverlaps,
)
from events.scheme import (
    AdvanceLimit,
    AdvancePaid,
    BeneficiaryAssigned,
    CapExceeded,
    SupportCommitted,
)
from events.sectors import UnknownSector
from events.vocabulary import Activity, CapUnit, UnitKind
from service.seed.actors import APPROVER
from service.seed.sample.cast import fresh
from service.seed.sample.scheme import GRANT
from service.seed.sample.story import orders

TODAY = date(2026, 11, 5)
ONE = Vnd(1_000_000)


@pytest.fixture
async def ledgers(database_url: str, pool: asyncpg.Pool) -> AsyncIterator[list[Ledger]]:
    """Two processes, as it were: each with its own memory and its own way to the log."""
    async with Appender(database_url) as one, Appender(database_url) as other:
        yield [Ledger(Log(pool), each, today=lambda: TODAY) for each in (one, other)]


def to(fact: type) -> Sequence[Order[Command]]:
    """All that leads to a promise or a payment of money, and that step."""
    return [order for _, order in orders(fact, fresh(TODAY))]


def lowered(paper: str = "TT 1/2026/TT-BTC", cap: Vnd = ONE) -> Order[Command]:
    command = SetSupportCap(
        activity=Activity.ADVANCED_MACHINERY,
        cap=cap,
        unit=CapUnit.FACILITY,
        legal_basis=paper,
    )
    return Order(command=command, command_id=uuid4(), effective_on=date(2026, 1, 1), actor=APPROVER)


async def test_a_promise_is_held_to_a_cap_that_another_process_has_just_recorded(
    ledgers: list[Ledger],
) -> None:
    """The first process had looked for caps before there were any, and remembers that."""
    one, other = ledgers
    for order in to(SupportCommitted):
        await one.handle(order)
    await other.handle(lowered())
    *before, promise = to(SupportCommitted)
    for order in before:
        await one.handle(order)
    with pytest.raises(CapExceeded) as refused:
        await one.handle(promise)
    assert refused.value == CapExceeded(
        activity=Activity.ADVANCED_MACHINERY,
        effective_on=TODAY,
        legal_basis="TT 1/2026/TT-BTC",
        requested=GRANT,
        allowed=ONE,
    )


async def test_an_advance_is_held_to_a_limit_that_another_process_has_just_recorded(
    ledgers: list[Ledger],
) -> None:
    one, other = ledgers
    for order in to(AdvancePaid):
        await one.handle(order)
    command = SetAdvanceLimit(
        activity=Activity.ADVANCED_MACHINERY, share_pct=1, legal_basis="TT 1/2026/TT-BCT"
    )
    day = date(2026, 1, 1)
    await other.handle(Order(command=command, command_id=uuid4(), effective_on=day, actor=APPROVER))
    *before, payment = to(AdvancePaid)
    for order in before:
        await one.handle(order)
    with pytest.raises(AdvanceLimit) as refused:
        await one.handle(payment)
    assert (refused.value.legal_basis, refused.value.share_pct) == ("TT 1/2026/TT-BCT", 1)
    assert refused.value.available == GRANT // 100


async def test_a_facility_is_chosen_by_the_places_that_another_process_has_just_recorded(
    ledgers: list[Ledger],
) -> None:
    """It lies in a commune; communes cease to be supported while it is chosen."""
    one, other = ledgers
    *before, choice = to_a_choice()
    for order in (*to_a_choice(), *before):
        await one.handle(order)
    ended = SetEligiblePlace(
        unit_kind=UnitKind.COMMUNE, valid_to=TODAY, legal_basis="NĐ 1/2026/NĐ-CP"
    )
    day = date(2025, 10, 15)
    await other.handle(Order(command=ended, command_id=uuid4(), effective_on=day, actor=APPROVER))
    with pytest.raises(IneligiblePlace) as refused:
        await one.handle(choice)
    assert (refused.value.unit_kind, refused.value.effective_on) == (UnitKind.COMMUNE, TODAY)


def to_a_choice() -> Sequence[Order[Command]]:
    """All that leads to a beneficiary, where it lies, and that it is chosen."""
    cast = fresh(TODAY)
    told = dict(orders(BeneficiaryAssigned, cast))
    choice = told.pop(BeneficiaryAssigned)
    return [*told.values(), dict(orders(FacilityPlaced, cast))[FacilityPlaced], choice]


def issued(group: str) -> Order[Command]:
    command = IssueSectorCodes(
        version="VSIC_2026",
        name="Hệ thống ngành 2026",
        legal_basis="QĐ 1/2026/QĐ-TTg",
        lines=(SectorLine(code="1391", name="Dệt kim", name_en="Knitted", sector_group=group),),
    )
    return Order(command=command, command_id=uuid4(), effective_on=TODAY, actor=APPROVER)


async def test_a_facility_is_registered_under_a_code_that_another_process_has_just_issued(
    ledgers: list[Ledger],
) -> None:
    """The first process had looked for codes before there were any, and remembers that."""
    one, other = ledgers
    (order,) = to(FacilityRegistered)
    assert isinstance(order.command, RegisterFacility)
    knitting = SectorRef(version="VSIC_2026", code="1391")
    asked = replace(order, command=replace(order.command, sector=knitting))
    with pytest.raises(UnknownSector):
        await one.handle(asked)
    await other.handle(issued("TEXTILES"))
    (told,) = (await one.handle(asked)).facts
    assert isinstance(told.fact, FacilityRegistered)
    assert told.fact.sector == knitting


async def test_of_two_meanings_of_a_code_at_once_one_is_recorded(
    ledgers: list[Ledger], pool: asyncpg.Pool
) -> None:
    asked = issued("TEXTILES"), issued("WOOD")
    answers = await asyncio.gather(
        *(ledger.handle(order) for ledger, order in zip(ledgers, asked, strict=True)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in answers) == ["Receipt", "SectorLineDiffers"]
    assert any(isinstance(each, SectorLineDiffers) for each in answers)
    assert len(await Log(pool).streams({SECTOR_CODES: 0})) == 1


async def test_of_two_levels_for_one_day_at_once_one_is_recorded(
    ledgers: list[Ledger], pool: asyncpg.Pool
) -> None:
    asked = lowered(), lowered("TT 2/2026/TT-BTC", Vnd(2_000_000))
    answers = await asyncio.gather(
        *(ledger.handle(order) for ledger, order in zip(ledgers, asked, strict=True)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in answers) == ["Receipt", "ValidityOverlaps"]
    assert any(isinstance(each, ValidityOverlaps) for each in answers)
    assert len(await Log(pool).streams({SUPPORT_CAPS: 0})) == 1
