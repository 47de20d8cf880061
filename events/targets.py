"""Targets of a period (chỉ tiêu giai đoạn): what the programme is to have reached, and by when.

    period-2021-2025    COVERAGE 15 provinces by 2025-12-31, revised to 17, …

What is reached is no fact: it is derived from what happened, where anything recorded says it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from events.dates import EndsBeforeStart
from events.identity import PeriodCode
from events.money import Figure, InvalidAmount, checked_amount
from events.rules import Refusal, command, fact, refusal
from events.text import InvalidText, required
from events.vocabulary import TargetIndicator


@fact
class TargetSet:
    """A target of a period was set (giao chỉ tiêu giai đoạn)."""

    code: PeriodCode
    indicator: TargetIndicator
    """What is to be reached (chỉ tiêu)."""
    unit: str
    """What is counted (đơn vị tính)."""
    value: Figure
    due: date


@fact
class TargetRevised:
    """A target of a period was said anew (điều chỉnh chỉ tiêu giai đoạn)."""

    code: PeriodCode
    indicator: TargetIndicator
    """What is to be reached (chỉ tiêu)."""
    unit: str
    """What is counted (đơn vị tính)."""
    value: Figure
    due: date
    reason: str


@command
class SetTarget:
    """Set a target of a period (giao chỉ tiêu giai đoạn)."""

    code: PeriodCode
    indicator: TargetIndicator
    """What is to be reached (chỉ tiêu)."""
    unit: str
    """What is counted (đơn vị tính)."""
    value: Figure
    due: date


@command
class ReviseTarget:
    """Say a target of a period anew (điều chỉnh chỉ tiêu giai đoạn)."""

    code: PeriodCode
    indicator: TargetIndicator
    """What is to be reached (chỉ tiêu)."""
    unit: str
    """What is counted (đơn vị tính)."""
    value: Figure
    due: date
    reason: str


@refusal(rule="a target is set once; a change is a revision with its reason")
class TargetDiffers(Refusal):
    """A target for {indicator} of period {period} was set already, with other content.

    Chỉ tiêu "{indicator}" của giai đoạn {period} đã được giao với nội dung khác.
    """

    period: PeriodCode
    indicator: TargetIndicator
    """What is to be reached (chỉ tiêu)."""


@refusal(rule="a target is set before it is revised")
class UnknownTarget(Refusal):
    """No target for {indicator} of period {period} was set.

    Chưa giao chỉ tiêu "{indicator}" cho giai đoạn {period}.
    """

    period: PeriodCode
    indicator: TargetIndicator
    """What is to be reached (chỉ tiêu)."""


TargetEvent: TypeAlias = TargetSet | TargetRevised
TargetCommand: TypeAlias = SetTarget | ReviseTarget
TargetRefusal: TypeAlias = (
    TargetDiffers | UnknownTarget | EndsBeforeStart | InvalidAmount | InvalidText
)
Targets: TypeAlias = Mapping[TargetIndicator, tuple[TargetEvent, ...]]
"""What was said of each indicator, in order; the last of it stands."""


def set_target(command: SetTarget, targets: Targets, starts_on: date) -> Sequence[TargetEvent]:
    """Answer with the target; with nothing if it was set so."""
    target = TargetSet(
        code=command.code,
        indicator=command.indicator,
        unit=required("unit", command.unit),
        value=command.value,
        due=command.due,
    )
    _check(command, starts_on)
    said = targets.get(command.indicator, ())
    if not said:
        return (target,)
    if said[0] == target:
        return ()
    raise TargetDiffers(period=command.code, indicator=command.indicator)


def revise_target(
    command: ReviseTarget, targets: Targets, starts_on: date
) -> Sequence[TargetEvent]:
    """Answer with the revision; with nothing if it stands so."""
    revision = TargetRevised(
        code=command.code,
        indicator=command.indicator,
        unit=required("unit", command.unit),
        value=command.value,
        due=command.due,
        reason=required("reason", command.reason),
    )
    _check(command, starts_on)
    said = targets.get(command.indicator, ())
    if not said:
        raise UnknownTarget(period=command.code, indicator=command.indicator)
    return () if said[-1] == revision else (revision,)


def _check(command: SetTarget | ReviseTarget, starts_on: date) -> None:
    checked_amount("value", command.value)
    if command.due < starts_on:
        raise EndsBeforeStart(starts_on=starts_on, ends_on=command.due)
