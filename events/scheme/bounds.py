"""What a scheme keeps to, however it comes about or is changed: period, contents, ceilings."""

from datetime import date

from events.dates import checked_span, checked_year, years_after
from events.identity import PeriodCode, SchemeId
from events.money import checked_amount
from events.period import Period, PeriodIsClosed, UnknownPeriod
from events.scheme.facts import Ceiling
from events.scheme.refusals import CeilingRepeated, ContentMissing, FocalRule, PeriodNotCovering
from events.vocabulary import Activity

FOCAL_CONTENTS_MIN = 2
FOCAL_YEARS_MIN, FOCAL_YEARS_MAX = 2, 3


def check_content(
    scheme_id: SchemeId, contents: tuple[Activity, ...], starts_on: date, ends_on: date
) -> None:
    """A scheme lasts some days and names what it supports."""
    checked_span(starts_on, ends_on)
    if not contents:
        raise ContentMissing(scheme_id=scheme_id)


def check_period(code: PeriodCode, starts_on: date, ends_on: date, period: Period | None) -> None:
    """A scheme lies within a period that is open."""
    if period is None:
        raise UnknownPeriod(period=code)
    if period.is_closed:
        raise PeriodIsClosed(period=code)
    opened = period.opening
    if starts_on < opened.starts_on or ends_on > opened.ends_on:
        raise PeriodNotCovering(period=code, starts_on=opened.starts_on, ends_on=opened.ends_on)


def check_ceilings(ceilings: tuple[Ceiling, ...]) -> None:
    """Each is a positive amount, and the only one of its source and year."""
    seen = set()
    for each in ceilings:
        checked_amount("ceiling", each.amount)
        checked_year("budget_year", each.budget_year)
        if (each.source, each.budget_year) in seen:
            raise CeilingRepeated(source=each.source, budget_year=each.budget_year)
        seen.add((each.source, each.budget_year))


def check_focal(contents: tuple[Activity, ...], starts_on: date, ends_on: date) -> None:
    """TT 17/2018/TT-BCT Đ1k1: two contents, two to three years."""
    different = len(set(contents))
    # Both days belong to the scheme: 2018-01-01 to 2019-12-31 is two years.
    shortest = years_after(starts_on, FOCAL_YEARS_MIN).toordinal() - 1
    longest = years_after(starts_on, FOCAL_YEARS_MAX).toordinal() - 1
    if different < FOCAL_CONTENTS_MIN or not shortest <= ends_on.toordinal() <= longest:
        raise FocalRule(contents=different, starts_on=starts_on, ends_on=ends_on)
