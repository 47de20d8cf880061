"""A funding period is opened once, and ends after it begins."""

import unicodedata
from dataclasses import replace
from datetime import date

import pytest

from events.dates import EndsBeforeStart
from events.identity import InvalidCode, PeriodCode
from events.period import (
    PERIOD,
    ClosePeriod,
    OpenPeriod,
    PeriodClosed,
    PeriodDiffers,
    UnknownPeriod,
)
from events.text import InvalidText
from tests.spec import Spec
from tests.world import PERIOD_CODE, opened

check = Spec(PERIOD)
open_ = OpenPeriod(
    code=PERIOD_CODE,
    name="Giai đoạn 2018–2020",
    starts_on=date(2018, 1, 1),
    ends_on=date(2020, 12, 31),
)


def test_a_period_is_opened() -> None:
    check(given=[], when=open_, then=[opened])


def test_asking_twice_records_once() -> None:
    check(given=[opened], when=open_, then=[])


def test_a_name_in_another_spelling_of_unicode_is_the_same_name() -> None:
    decomposed = replace(open_, name=unicodedata.normalize("NFD", open_.name))
    check(given=[opened], when=decomposed, then=[])


def test_the_same_period_with_other_days_is_refused() -> None:
    later = replace(open_, ends_on=date(2021, 12, 31))
    check(given=[opened], when=later, then=PeriodDiffers(period=PERIOD_CODE))


def test_a_period_is_closed_once() -> None:
    closing, closed = ClosePeriod(code=PERIOD_CODE), PeriodClosed(code=PERIOD_CODE)
    check(given=[opened], when=closing, then=[closed])
    check(given=[opened, closed], when=closing, then=[])
    check(given=[opened, closed], when=open_, then=[])


def test_only_a_period_that_was_opened_is_closed() -> None:
    closing = ClosePeriod(code=PERIOD_CODE)
    check(given=[], when=closing, then=UnknownPeriod(period=PERIOD_CODE))


def test_a_period_ends_after_it_begins() -> None:
    backwards = replace(open_, ends_on=date(2017, 12, 31))
    check(
        given=[],
        when=backwards,
        then=EndsBeforeStart(starts_on=date(2018, 1, 1), ends_on=date(2017, 12, 31)),
    )


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "hai\ndòng", "x" * 4001, "\ud800"])
def test_a_name_can_be_read(name: str) -> None:
    check(given=[], when=replace(open_, name=name), then=InvalidText(field="name"))


@pytest.mark.parametrize("code", ["", "2018 2020", "giai-đoạn", "-2018", "a" * 64, "a\x00"])
def test_a_code_may_stand_in_a_streams_name(code: str) -> None:
    check(
        given=[],
        when=replace(open_, code=PeriodCode(code)),
        then=InvalidCode(field="period", text=code),
    )
