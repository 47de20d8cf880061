"""Targets of a period are set once and revised with a reason; periods do not share a year."""

from dataclasses import replace
from datetime import date

import pytest

from events.dates import EndsBeforeStart
from events.identity import PeriodCode
from events.money import Figure, InvalidAmount
from events.period import PERIOD, PeriodClosed, PeriodIsClosed, PeriodOpened, UnknownPeriod
from events.targets import (
    ReviseTarget,
    SetTarget,
    TargetDiffers,
    TargetRevised,
    TargetSet,
    UnknownTarget,
)
from events.text import InvalidText
from events.vocabulary import TargetIndicator
from tests.spec import Spec
from tests.world import PERIOD_CODE, opened

check = Spec(PERIOD)
COVERAGE = TargetIndicator.COVERAGE
DUE = date(2020, 12, 31)
set_ = SetTarget(code=PERIOD_CODE, indicator=COVERAGE, unit="tỉnh", value=Figure(15), due=DUE)
told = TargetSet(code=PERIOD_CODE, indicator=COVERAGE, unit="tỉnh", value=Figure(15), due=DUE)
revise = ReviseTarget(
    code=PERIOD_CODE,
    indicator=COVERAGE,
    unit="tỉnh",
    value=Figure(17),
    due=DUE,
    reason="Mở rộng địa bàn",
)
revised = TargetRevised(
    code=PERIOD_CODE,
    indicator=COVERAGE,
    unit="tỉnh",
    value=Figure(17),
    due=DUE,
    reason="Mở rộng địa bàn",
)


def test_a_target_is_set_once_for_each_indicator() -> None:
    check(given=[opened], when=set_, then=[told])
    check(given=[opened, told], when=set_, then=[])
    differs = TargetDiffers(period=PERIOD_CODE, indicator=COVERAGE)
    check(given=[opened, told], when=replace(set_, value=Figure(16)), then=differs)
    other = replace(set_, indicator=TargetIndicator.SECTORS)
    check(given=[opened, told], when=other, then=[replace(told, indicator=other.indicator)])


def test_a_target_is_revised_as_often_as_there_is_a_reason() -> None:
    check(given=[opened, told], when=revise, then=[revised])
    check(given=[opened, told, revised], when=revise, then=[])
    unknown = UnknownTarget(period=PERIOD_CODE, indicator=COVERAGE)
    check(given=[opened], when=revise, then=unknown)
    why = InvalidText(field="reason")
    check(given=[opened, told], when=replace(revise, reason=" "), then=why)


def test_a_target_is_a_number_of_something_by_a_day_of_an_open_period() -> None:
    for asked in (set_, revise):
        before = [opened, told]
        nothing = InvalidAmount(field="value", amount=Figure(0))
        check(given=before, when=replace(asked, value=Figure(0)), then=nothing)
        check(given=before, when=replace(asked, unit=" "), then=InvalidText(field="unit"))
        early = date(2017, 12, 31)
        refused = EndsBeforeStart(starts_on=opened.starts_on, ends_on=early)
        check(given=before, when=replace(asked, due=early), then=refused)
        closed = PeriodClosed(code=PERIOD_CODE)
        check(given=[*before, closed], when=asked, then=PeriodIsClosed(period=PERIOD_CODE))
        check(given=[], when=asked, then=UnknownPeriod(period=PERIOD_CODE))


@pytest.mark.parametrize(
    ("code", "years"),
    [("2018-2020", (2018, 2019, 2020)), ("2021-2025", (2021, 2022, 2023, 2024, 2025))],
)
def test_a_period_of_the_programme_holds_each_of_its_years(
    code: str, years: tuple[int, ...]
) -> None:
    period = PeriodOpened(
        code=PeriodCode(code),
        name=code,
        starts_on=date(years[0], 1, 1),
        ends_on=date(years[-1], 12, 31),
    )
    assert tuple(PERIOD.reserves(period)) == tuple(f"period:{year}" for year in years)
    assert tuple(PERIOD.reserves(told)) == ()
    assert tuple(PERIOD.reserves(replace(period, code=PeriodCode(f"thu-{code}")))) == ()
