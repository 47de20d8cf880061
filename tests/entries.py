"""Entries for the log's own tests: made of real facts, but of no rule."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID, uuid4

from events.appender import Appender
from events.codec import fingerprint, seal
from events.deciding import uuid7
from events.entry import Entry, Guard, Line, Placed
from events.envelope import Actor, Order
from events.identity import PeriodCode
from events.period import OpenPeriod, PeriodOpened

DAY = date(2019, 3, 4)
LAN = Actor(id="lan", role="OFFICER", organisation="ttkc-1")


def entry(
    stream: str,
    version: int = 0,
    says: str = "x",
    *,
    lines: int = 1,
    command_id: UUID | None = None,
    guards: Mapping[str, int] | None = None,
    keys: Sequence[str] = (),
) -> Entry:
    """`lines` events for a stream that stands at `version`; `says` is what stands in them."""
    code = PeriodCode(stream.removeprefix("period-"))
    asked = OpenPeriod(code=code, name=says, starts_on=DAY, ends_on=DAY)
    order = Order(command=asked, command_id=command_id or uuid4(), effective_on=DAY, actor=LAN)
    return Entry(
        command_id=order.command_id,
        fingerprint=fingerprint(order),
        stream=stream,
        version=version,
        lines=[_line(order, stream, version + nth + 1) for nth in range(lines)],
        guards=[Guard(stream=name, version=seen) for name, seen in (guards or {}).items()],
        keys=keys,
    )


async def fill(appender: Appender, events: int, stream: str = "period-full") -> list[Placed]:
    """Single events, one after another, in one stream."""
    return [await appender.append(entry(stream, version)) for version in range(events)]


async def fill_many(appender: Appender, events: int) -> list[Placed]:
    """Single events, all at once, each in a stream of its own."""
    entries = (entry(f"period-{uuid4().hex}") for _ in range(events))
    return list(await asyncio.gather(*map(appender.append, entries)))


async def in_flight(appender: Appender) -> None:
    """Until a batch has been sent and waits for the head."""
    while not appender.in_flight:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0)


def _line(order: Order[OpenPeriod], stream: str, version: int) -> Line:
    asked = order.command
    opened = PeriodOpened(
        code=asked.code, name=asked.name, starts_on=asked.starts_on, ends_on=asked.ends_on
    )
    made = uuid7()
    sealed = seal(opened, id=made, stream=stream, version=version, order=order)
    return Line(
        id=made,
        type="PeriodOpened",
        effective_on=order.effective_on,
        budget_year=None,
        before=sealed.before,
        after=sealed.after,
    )
