"""A long history straight from facts, for benchmarks: all synthetic, the same for ever.

Facilities first; then schemes, some forty of them under way at a time, each with ten beneficiaries
that pledge, are promised, are paid ahead, are accepted, are paid, are settled. One event in fifty
is told late, one in a hundred is a payment taken back. The rules are not asked: it takes long.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from events.codec import seal
from events.envelope import Actor, Order
from events.facility.facts import FacilityRegistered
from events.geography import live
from events.identity import (
    CommitmentId,
    FacilityId,
    OrganisationId,
    PaymentId,
    PeriodCode,
    SchemeId,
    SectorRef,
)
from events.money import Vnd
from events.period import PeriodOpened
from events.scheme.facts import (
    AcceptanceRecorded,
    AdvancePaid,
    BeneficiaryAssigned,
    Ceiling,
    CounterpartPledged,
    DisbursementPaid,
    PaymentReversed,
    SchemeApproved,
    SchemeProposed,
    SettlementApproved,
    SupportCommitted,
)
from events.vocabulary import Activity, FundingSource, LegalForm, Ownership, SchemeClass

FACILITIES = 5_000
UNDER_WAY = 40
BENEFICIARIES = 10
PERIOD = PeriodCode("2018-2020")
PROVINCES = [each.ref for each in live(date(2020, 1, 1))]
SECTORS = [
    SectorRef(version="VSIC_2018", code=code) for code in ("1010", "1312", "1410", "2511", "2592")
]
GRANT: dict[str, Any] = {"source": FundingSource.NATIONAL_GRANT, "budget_year": 2018}
COPY_ROWS = 10_000
BEGUN = datetime(2018, 1, 1, tzinfo=UTC)
COLUMNS = (
    "position", "body", "event_id", "stream", "version", "type", "recorded_at", "effective_on",
    "budget_year", "command_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A fact, the stream it belongs to and the day it took effect."""

    stream: str
    fact: Any
    on: date


def history(events: int) -> Iterator[Told]:
    """So many facts, in the order of the log."""
    random = Random(7)  # noqa: S311 - the same for ever
    facilities = min(FACILITIES, events // 10 + 1)
    told = _told(random, facilities)
    for _ in range(events):
        yield next(told)


def _told(random: Random, facilities: int) -> Iterator[Told]:
    ends = date(2020, 12, 31)
    opened = PeriodOpened(code=PERIOD, name="Giai đoạn", starts_on=date(2018, 1, 1), ends_on=ends)
    yield Told(f"period-{PERIOD}", opened, date(2018, 1, 1))
    for number in range(facilities):
        yield _facility(number)
    number, under_way = 0, list[Iterator[Told]]()
    while True:
        while len(under_way) < UNDER_WAY:
            under_way.append(_scheme(random, number, facilities))
            number += 1
        scheme = random.choice(under_way)
        for _ in range(random.randrange(1, 6)):
            told = next(scheme, None)
            if told is None:
                under_way.remove(scheme)
                break
            yield told


def _name(number: int) -> str:
    return f"Cơ sở minh họa số {number}"


def _facility(number: int) -> Told:
    fact = FacilityRegistered(
        facility_id=FacilityId(f"cs-{number:06}"),
        name=_name(number),
        tax_code=None,
        legal_form=LegalForm.ENTERPRISE,
        ownership=Ownership.PRIVATE,
        province=PROVINCES[number % len(PROVINCES)],
        address="Xã Minh Họa",
        sector=SECTORS[number % len(SECTORS)],
        capacity=None,
    )
    return Told(f"facility-{fact.facility_id}", fact, date(2018, 1, 2))


def _scheme(random: Random, number: int, facilities: int) -> Iterator[Told]:
    scheme = SchemeId(f"da-{number:06}")
    began = date(2018, 1, 3) + timedelta(days=number % 200)
    chosen = random.sample(range(facilities), min(BENEFICIARIES, facilities))
    for day, fact in _facts(random, scheme, began, chosen):
        late = random.randrange(50) == 0
        yield Told(f"scheme-{scheme}", fact, began + timedelta(days=day - 8 * late))


def _facts(
    random: Random, scheme: SchemeId, began: date, chosen: list[int]
) -> Iterator[tuple[int, Any]]:
    """(days after its beginning, fact), in the order of recording."""
    yield 0, SchemeProposed(
        scheme_id=scheme, period=PERIOD, title=f"Đề án minh họa {scheme}",
        scheme_class=SchemeClass.FOCAL, starts_on=began, ends_on=began + timedelta(days=900),
        contents=(Activity.ADVANCED_MACHINERY, Activity.TECHNOLOGY_LINE),
        implementer=OrganisationId("trung-tam"),
    )  # fmt: skip
    ceiling = Ceiling(amount=Vnd(3_000_000_000), **GRANT)
    yield 10, SchemeApproved(scheme_id=scheme, ceilings=(ceiling,), legal_regime=("TT 28/2018",))
    for nth, number in enumerate(chosen):
        yield from _promises(scheme, nth, number)
    for nth in range(len(chosen)):
        on = {"scheme_id": scheme, "commitment_id": CommitmentId(f"ck-{nth}")}
        paid = PaymentId(f"tu-{nth}")
        yield (
            30,
            AdvancePaid(
                payment_id=paid, amount=Vnd(50_000_000), voucher=f"UNC {nth}", **on, **GRANT
            ),
        )
        if random.randrange(14) == 0:
            yield (
                40,
                PaymentReversed(
                    payment_id=paid, amount=Vnd(1_000_000), reason="nhầm", **on, **GRANT
                ),
            )
    for nth in range(len(chosen)):
        yield from _results(scheme, nth)


def _promises(scheme: SchemeId, nth: int, number: int) -> Iterator[tuple[int, Any]]:
    facility = FacilityId(f"cs-{number:06}")
    yield 12, BeneficiaryAssigned(
        scheme_id=scheme, facility_id=facility, name=_name(number),
        province=PROVINCES[number % len(PROVINCES)], sector=SECTORS[number % len(SECTORS)],
    )  # fmt: skip
    yield (
        13,
        CounterpartPledged(
            scheme_id=scheme, facility_id=facility, amount=Vnd(400_000_000), budget_year=2018
        ),
    )
    yield 14, SupportCommitted(
        scheme_id=scheme, commitment_id=CommitmentId(f"ck-{nth}"), facility_id=facility,
        activity=Activity.ADVANCED_MACHINERY, cost_item=f"Máy {nth}", amount=Vnd(200_000_000),
        total_cost=Vnd(600_000_000), cap_basis="TT 28/2018/TT-BTC Đ8k4", **GRANT,
    )  # fmt: skip


def _results(scheme: SchemeId, nth: int) -> Iterator[tuple[int, Any]]:
    on = {"scheme_id": scheme, "commitment_id": CommitmentId(f"ck-{nth}")}
    council, voucher = "Hội đồng nghiệm thu", f"UNC 2{nth}"
    yield 200, AcceptanceRecorded(accepted_value=Vnd(600_000_000), council=council, **on)
    yield 210, DisbursementPaid(
        payment_id=PaymentId(f"tt-{nth}"), amount=Vnd(140_000_000), voucher=voucher, final=True,
        **on, **GRANT,
    )  # fmt: skip
    yield 240, SettlementApproved(amount=Vnd(190_000_000), **on, **GRANT)


async def record(connection: "asyncpg.Connection[asyncpg.Record]", events: int) -> None:
    """Put a history into an empty log, as its owner."""
    rows: list[tuple[Any, ...]] = []
    for row in _rows(events):
        rows.append(row)
        if len(rows) == COPY_ROWS or row[0] == events:
            await connection.copy_records_to_table(
                "event", schema_name="ledger", columns=COLUMNS, records=rows
            )
            rows = []
    last = BEGUN + timedelta(seconds=events)
    await connection.execute("UPDATE ledger.head SET position = $1, recorded_at = $2", events, last)
    await connection.execute("ANALYZE ledger.event")


def _rows(events: int) -> Iterator[tuple[Any, ...]]:
    versions: dict[str, int] = {}
    actor = Actor(id="may-do", role="accountant", organisation="trung-tam")
    for position, told in enumerate(history(events), 1):
        version = versions[told.stream] = versions.get(told.stream, 0) + 1
        event, command = UUID(int=(7 << 76) + position), UUID(int=(1 << 127) + position)
        order: Order[Any] = Order(
            command=None, command_id=command, effective_on=told.on, actor=actor, synthetic=True
        )
        sealed = seal(told.fact, id=event, stream=told.stream, version=version, order=order)
        at = BEGUN + timedelta(seconds=position)
        written = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
        body = sealed.before + f'"{written}"'.encode() + sealed.after
        name, year = type(told.fact).__name__, getattr(told.fact, "budget_year", None)
        yield position, body, event, told.stream, version, name, at, told.on, year, command
