"""The funding period (giai đoạn chương trình khuyến công quốc gia)."""

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias, assert_never

from events.dates import EndsBeforeStart, checked_span
from events.identity import InvalidCode, PeriodCode, stream_of
from events.rules import (
    Aggregate,
    HistoryBrokenError,
    Occasion,
    Refusal,
    command,
    fact,
    refusal,
    value,
)
from events.text import InvalidText, required


@fact
class PeriodOpened:
    """A funding period was opened (mở giai đoạn). Both days belong to it."""

    code: PeriodCode
    name: str
    starts_on: date
    ends_on: date


@fact
class PeriodClosed:
    """A funding period was closed (khép giai đoạn): it takes no further scheme."""

    code: PeriodCode


@command
class OpenPeriod:
    """Open a funding period (mở giai đoạn). Both days belong to it."""

    code: PeriodCode
    name: str
    starts_on: date
    ends_on: date


@command
class ClosePeriod:
    """Close a funding period (khép giai đoạn). The ledger is sealed at this very event."""

    code: PeriodCode


@refusal(rule="a period is opened once")
class PeriodDiffers(Refusal):
    """Period {period} is open already, with another name or other days.

    Giai đoạn {period} đã được mở với tên hoặc thời gian khác.
    """

    period: PeriodCode


@refusal(rule="a scheme belongs to a period that was opened")
class UnknownPeriod(Refusal):
    """No period {period} was opened.

    Chưa mở giai đoạn {period}.
    """

    period: PeriodCode


# The fact PeriodClosed has the name that the code would come from.
@refusal(rule="a closed period takes no further scheme and no new money", code="PERIOD_CLOSED")
class PeriodIsClosed(Refusal):
    """Period {period} is closed: it takes no further scheme, commitment or payment.

    Giai đoạn {period} đã khép: không nhận thêm đề án, cam kết hay khoản chi.
    """

    period: PeriodCode


PeriodEvent: TypeAlias = PeriodOpened | PeriodClosed
PeriodCommand: TypeAlias = OpenPeriod | ClosePeriod
PeriodRefusal: TypeAlias = (
    PeriodDiffers | UnknownPeriod | EndsBeforeStart | InvalidText | InvalidCode
)


@value
class Period:
    """A period as the rules see it."""

    opening: PeriodOpened
    is_closed: bool = False


def stream(code: PeriodCode) -> str:
    """The stream of a period."""
    return stream_of("period", code)


def decide(
    command: PeriodCommand, period: Period | None, _occasion: Occasion
) -> Sequence[PeriodEvent]:
    """Answer a command with the facts it causes; none if already so."""
    match command:
        case OpenPeriod():
            return _open(command, period)
        case ClosePeriod():
            if period is None:
                raise UnknownPeriod(period=command.code)
            return () if period.is_closed else (PeriodClosed(code=command.code),)
        case _:
            assert_never(command)


def evolve(period: Period | None, event: PeriodEvent) -> Period:
    """Apply one recorded fact. Total: history is never refused."""
    match event:
        case PeriodOpened():
            return Period(opening=event)
        case PeriodClosed():
            if period is None:
                raise HistoryBrokenError("a period begins with its opening")
            return Period(opening=period.opening, is_closed=True)
        case _:
            assert_never(event)


def _open(command: OpenPeriod, period: Period | None) -> Sequence[PeriodEvent]:
    checked_span(command.starts_on, command.ends_on)
    opening = PeriodOpened(
        code=command.code,
        name=required("name", command.name),
        starts_on=command.starts_on,
        ends_on=command.ends_on,
    )
    if period is None:
        return (opening,)
    if period.opening == opening:
        return ()
    raise PeriodDiffers(period=command.code)


PERIOD: Aggregate[PeriodCommand, Period, PeriodEvent] = Aggregate(
    name="period",
    stream=lambda command: stream(command.code),
    decide=decide,
    evolve=evolve,
)
