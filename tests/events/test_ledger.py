"""Commands are carried out once, on what the log says and not on what a process remembers."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from events.appender import Appender
from events.catalogue import Command
from events.codec import unseal
from events.deciding import uuid7
from events.envelope import Actor, Authority, Order
from events.facility import CloseFacility, FacilityIsClosed, RegisterFacility, UpdateFacility
from events.geography import live
from events.identity import FacilityId, PeriodCode, SectorRef, SourceId
from events.ledger import Ledger, Receipt
from events.log import IdempotencyMismatch, Log, VersionConflict
from events.money import Figure
from events.period import OpenPeriod, PeriodDiffers
from events.rules import AlreadyReserved
from events.sectors import VSIC_2018
from events.source import RecordReportedFigure, RegisterSourceDocument, UnknownPeriod
from events.vocabulary import LegalForm, Measure, Ownership
from service.seed import bulk

DAY = date(2019, 3, 4)
TODAY = date(2026, 11, 5)
LAN = Actor(id="lan", role="OFFICER", organisation="ttkc-1")
PERIOD = PeriodCode("2018-2020")


@pytest.fixture
async def ledgers(database_url: str, pool: asyncpg.Pool) -> AsyncIterator[list[Ledger]]:
    """Two processes, as it were: each with its own memory and its own way to the log."""
    async with Appender(database_url) as one, Appender(database_url) as other:
        yield [Ledger(Log(pool), each, today=lambda: TODAY) for each in (one, other)]


@pytest.fixture
def ledger(ledgers: list[Ledger]) -> Ledger:
    return ledgers[0]


def order(
    command: Command, *, id: UUID | None = None, version: int | None = None
) -> Order[Command]:
    return Order(
        command=command,
        command_id=id or uuid4(),
        effective_on=DAY,
        actor=LAN,
        authority=Authority(instrument="QĐ 12", date=DAY),
        expected_version=version,
    )


def period(name: str = "Giai đoạn 2018–2020", code: str = PERIOD) -> OpenPeriod:
    return OpenPeriod(
        code=PeriodCode(code), name=name, starts_on=date(2018, 1, 1), ends_on=date(2020, 12, 31)
    )


def facility(number: int = 1, tax_code: str | None = None) -> RegisterFacility:
    return RegisterFacility(
        facility_id=FacilityId(f"cs-{number}"),
        name=f"Cơ sở {number}",
        tax_code=tax_code,
        legal_form=LegalForm.HOUSEHOLD,
        ownership=Ownership.PRIVATE,
        province=live(DAY)[0].ref,
        address=None,
        sector=SectorRef(version=VSIC_2018, code="1010"),
        capacity=None,
    )


def renamed(name: str, number: int = 1) -> UpdateFacility:
    known = facility(number)
    return UpdateFacility(facility_id=known.facility_id, name=name)


def document() -> RegisterSourceDocument:
    return RegisterSourceDocument(
        source_id=SourceId("bai-bao"),
        title="Bài báo",
        publisher="Báo",
        published_at=datetime(2020, 12, 1, tzinfo=UTC),
        sha256="0" * 64,
    )


def figure() -> RecordReportedFigure:
    return RecordReportedFigure(
        source_id=SourceId("bai-bao"),
        period=PERIOD,
        measure=Measure.SCHEMES,
        value=Figure(3),
        quote="3 đề án điểm",
    )


async def test_a_receipt_holds_the_facts_exactly_as_the_log_does(
    ledger: Ledger, pool: asyncpg.Pool
) -> None:
    asked = replace(
        order(facility()), causation=uuid4(), correlation=uuid4(), synthetic=True, authority=None
    )
    receipt = await ledger.handle(asked)
    assert (receipt.stream, receipt.version, receipt.position) == ("facility-cs-1", 1, 1)
    assert list(receipt.facts) == [unseal(*each) for each in await Log(pool).raw(0, 9)]
    (fact,) = receipt.facts
    assert (fact.causation, fact.correlation) == (asked.causation, asked.correlation)
    assert fact.synthetic
    assert fact.command_id == asked.command_id


async def test_what_is_already_so_is_not_recorded_again(ledger: Ledger) -> None:
    await ledger.handle(order(period()))
    await ledger.handle(order(facility()))
    receipt = await ledger.handle(order(period()))
    assert receipt == Receipt(
        facts=(), stream="period-2018-2020", version=1, position=2, repeated=False
    )


async def test_the_same_command_again_answers_what_was_recorded(ledgers: list[Ledger]) -> None:
    asked = order(facility())
    first = await ledgers[0].handle(asked)
    for ledger in ledgers:
        assert await ledger.handle(asked) == replace(first, repeated=True)


async def test_the_same_command_again_is_answered_although_it_would_now_be_refused(
    ledgers: list[Ledger],
) -> None:
    update = order(renamed("Tên mới"))
    await ledgers[0].handle(order(facility()))
    first = await ledgers[0].handle(update)
    await ledgers[0].handle(order(CloseFacility(facility_id=FacilityId("cs-1"), reason="hết")))
    for ledger in ledgers:
        assert await ledger.handle(update) == replace(first, repeated=True)
        with pytest.raises(FacilityIsClosed):
            await ledger.handle(order(renamed("Tên khác")))


async def test_the_same_command_again_is_answered_although_its_expected_version_is_past(
    ledgers: list[Ledger],
) -> None:
    await ledgers[0].handle(order(facility()))
    asked = order(renamed("Tên mới"), version=1)
    first = await ledgers[0].handle(asked)
    for ledger in ledgers:
        assert await ledger.handle(asked) == replace(first, repeated=True)


async def test_many_at_once_with_one_command_id_are_one(ledgers: list[Ledger]) -> None:
    asked = order(facility())
    receipts = await asyncio.gather(*(ledgers[nth % 2].handle(asked) for nth in range(20)))
    assert {each.position for each in receipts} == {1}
    assert [each.repeated for each in receipts].count(False) == 1


async def test_a_command_id_is_not_given_to_another_command(ledgers: list[Ledger]) -> None:
    """Whether the second would be admitted, refused, or is already so."""
    asked = order(facility())
    await ledgers[0].handle(asked)
    await ledgers[0].handle(order(period()))
    for ledger in ledgers:
        for other in (facility(2), period(), period(name="Tên khác")):
            with pytest.raises(IdempotencyMismatch):
                await ledger.handle(order(other, id=asked.command_id))


async def test_a_caller_who_says_what_he_has_seen_is_told_of_the_conflict(
    ledgers: list[Ledger],
) -> None:
    for ledger in ledgers:
        await ledger.handle(order(facility()))
    await ledgers[0].handle(order(renamed("Tên mới"), version=1))
    for ledger in ledgers:  # one remembers version 2, the other version 1
        with pytest.raises(VersionConflict) as refused:
            await ledger.handle(order(renamed("Tên khác"), version=1))
        assert refused.value == VersionConflict(stream="facility-cs-1", expected=1, actual=2)
    assert (await ledgers[1].handle(order(renamed("Tên khác"), version=2))).version == 3


async def test_who_says_nothing_is_tried_again_until_it_fits(ledgers: list[Ledger]) -> None:
    """Twenty renamings by two processes that do not know of each other: all are recorded."""
    await ledgers[0].handle(order(facility()))
    receipts = await asyncio.gather(
        *(ledgers[nth % 2].handle(order(renamed(f"Tên {nth}"))) for nth in range(20))
    )
    assert sorted(each.version for each in receipts) == list(range(2, 22))


async def test_a_refusal_rests_on_the_log_and_not_on_memory(ledgers: list[Ledger]) -> None:
    """The second ledger remembers no period, or another name; the first has recorded it."""
    for ledger in ledgers:
        await ledger.handle(order(document()))
        with pytest.raises(UnknownPeriod):
            await ledger.handle(order(figure()))
    await ledgers[0].handle(order(period()))
    assert (await ledgers[1].handle(order(figure()))).version == 2
    with pytest.raises(PeriodDiffers):
        await ledgers[1].handle(order(period(name="Tên khác")))


async def test_an_admission_rests_on_neighbours_as_the_log_has_them(
    ledgers: list[Ledger],
) -> None:
    """One process remembers a facility as open; another has closed it: no money goes there."""
    one, other = ledgers
    told = [*bulk.frame(), *bulk.facility(1, 0)]
    _, _, assign, pledge, *_ = scheme = bulk.scheme(1, 0, 1)
    for each in [*told, *scheme[:2], assign]:
        await one.handle(each)
    closing = CloseFacility(facility_id=bulk.facility_id(1, 0), reason="giải thể")
    await other.handle(replace(order(closing), effective_on=pledge.effective_on))
    with pytest.raises(FacilityIsClosed):
        await one.handle(pledge)


async def test_a_key_is_reserved_across_streams(ledger: Ledger) -> None:
    await ledger.handle(order(facility(1, "0100109106")))
    with pytest.raises(AlreadyReserved) as refused:
        await ledger.handle(order(facility(2, "0100109106")))
    assert refused.value.key == "tax-code:0100109106"
    assert (await ledger.handle(order(facility(3, "0100109107")))).position == 2


async def test_the_day_is_that_of_vietnam_unless_a_clock_is_given(
    database_url: str, pool: asyncpg.Pool
) -> None:
    async with Appender(database_url) as appender:
        told = Ledger(Log(pool), appender)._deciding._today()
    assert told in {(datetime.now(UTC) + timedelta(hours=hours)).date() for hours in (6.99, 7)}


def test_ids_sort_by_the_time_they_were_made() -> None:
    made = uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert abs((made.int >> 80) / 1000 - datetime.now(UTC).timestamp()) < 60
    assert len({uuid7() for _ in range(1000)}) == 1000
