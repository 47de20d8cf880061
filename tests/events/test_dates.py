"""Spans, years and the day of today."""

from datetime import date

import pytest

from events.dates import YEAR_MAX, YEAR_MIN, InvalidYear, checked_year, years_after


def test_two_years_after_a_day_is_the_same_day_two_years_later() -> None:
    assert years_after(date(2018, 1, 1), 2) == date(2020, 1, 1)


def test_two_years_after_a_leap_day_is_the_first_of_march() -> None:
    assert years_after(date(2020, 2, 29), 2) == date(2022, 3, 1)
    assert years_after(date(2020, 2, 29), 4) == date(2024, 2, 29)


def test_years_of_the_books_lie_between_2000_and_2100() -> None:
    checked_year("budget_year", YEAR_MIN)
    checked_year("budget_year", YEAR_MAX)
    for year in (YEAR_MIN - 1, YEAR_MAX + 1):
        with pytest.raises(InvalidYear):
            checked_year("budget_year", year)
