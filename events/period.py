"""The funding period (giai đoạn chương trình khuyến công quốc gia)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from datetime import date
from typing import TypeAlias, assert_never

from events.dates import EndsBeforeStart, checked_span
from events.identity import InvalidCode, PeriodCode, stream_of
from events.rules import (
    Aggregate,
    AlreadyReserved,
    HistoryBrokenError,
    Occasion,
    Refusal,
    command,
    fact,
    refusal,
    value,
)
from events.targets import (
    ReviseTarget,
    SetTarget,
    TargetCommand,
    TargetEvent,
    TargetRefusal,
    TargetRevised,
    Targets,
    TargetSet,
    revise_target,
    set_target,
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


PeriodEvent: TypeAlias = PeriodOpened | PeriodClosed | TargetEvent
PeriodCommand: TypeAlias = OpenPeriod | ClosePeriod | TargetCommand
PeriodRefusal: TypeAlias = (
    PeriodDiffers
    | UnknownPeriod
    | PeriodIsClosed
    | TargetRefusal
    | AlreadyReserved
    | EndsBeforeStart
    | InvalidText
    | InvalidCode
)


_PROGRAMME = re.compile(r"[0-9]{4}-[0-9]{4}")
"""The code of a period of the national programme: its first and its last year."""


@value
class Period:
    """A period as the rules see it."""

    opening: PeriodOpened
    is_closed: bool = False
    targets: Targets = field(default_factory=dict)


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
        case SetTarget() | ReviseTarget():
            return _aim(command, period)
        case _:
            assert_never(command)


def evolve(period: Period | None, event: PeriodEvent) -> Period:
    """Apply one recorded fact. Total: history is never refused."""
    match event:
        case PeriodOpened():
            return Period(opening=event)
        case PeriodClosed():
            return replace(_begun(period), is_closed=True)
        case TargetSet() | TargetRevised():
            begun = _begun(period)
            said = (*begun.targets.get(event.indicator, ()), event)
            return replace(begun, targets={**begun.targets, event.indicator: said})
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


def _aim(command: SetTarget | ReviseTarget, period: Period | None) -> Sequence[PeriodEvent]:
    if period is None:
        raise UnknownPeriod(period=command.code)
    if period.is_closed:
        raise PeriodIsClosed(period=command.code)
    starts_on = period.opening.starts_on
    if isinstance(command, SetTarget):
        return set_target(command, period.targets, starts_on)
    return revise_target(command, period.targets, starts_on)


def _begun(period: Period | None) -> Period:
    if period is None:
        raise HistoryBrokenError("a period begins with its opening")
    return period


def reserves(event: PeriodEvent) -> Iterable[str]:
    """The years of a period that bears its years as its code: no other such period has them.

    A period under another code, such as a sample's, is none of the programme's.
    """
    if isinstance(event, PeriodOpened) and _PROGRAMME.fullmatch(event.code):
        for year in range(event.starts_on.year, event.ends_on.year + 1):
            yield f"period:{year}"


PERIOD: Aggregate[PeriodCommand, Period, PeriodEvent] = Aggregate(
    name="period",
    stream=lambda command: stream(command.code),
    decide=decide,
    evolve=evolve,
    reserves=reserves,
)
