"""Days and budget years (niên độ): what the rules ask of them. No clock is read here."""

from datetime import date, timedelta, timezone

from events.rules import Occasion, Refusal, refusal

VIETNAM = timezone(timedelta(hours=7))
"""Where a day begins and ends for the fund. No summer time since 1979."""
YEAR_MIN, YEAR_MAX = 2000, 2100
"""Budget years of the fund: khuyến công began in 2004; a year beyond 2100 is a slip of the hand."""


@refusal(rule="domain: a payment, an acceptance, a settlement is reported after it happened")
class FutureEffectiveDate(Refusal):
    """It cannot take effect on {effective_on}: today is {today}.

    Nghiệp vụ này không thể có hiệu lực ngày {effective_on}: hôm nay là {today}.
    """

    effective_on: date
    today: date


@refusal(rule="a span of time ends after it begins")
class EndsBeforeStart(Refusal):
    """It would end on {ends_on}, before it starts on {starts_on}.

    Ngày kết thúc {ends_on} trước ngày bắt đầu {starts_on}.
    """

    starts_on: date
    ends_on: date


@refusal(rule="a year of the fund's books lies between 2000 and 2100")
class InvalidYear(Refusal):
    """{field} {year} is no year of the fund's books.

    {field} {year} không phải là năm hợp lệ của sổ sách.
    """

    field: str
    year: int


@refusal(rule="what is said anew holds from the day of what was said before")
class NotThatDay(Refusal):
    """It takes effect on {wanted}, the day of what it is about, not on {effective_on}.

    Nghiệp vụ này có hiệu lực ngày {wanted} như nội dung liên quan, không phải ngày {effective_on}.
    """

    effective_on: date
    wanted: date
    """The day on which it takes effect (ngày hiệu lực đúng)."""


def happened(occasion: Occasion) -> None:
    """Refuse what is said to have happened tomorrow."""
    if occasion.effective_on > occasion.today:
        raise FutureEffectiveDate(effective_on=occasion.effective_on, today=occasion.today)


def checked_span(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise EndsBeforeStart(starts_on=starts_on, ends_on=ends_on)


def checked_year(field: str, year: int) -> None:
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise InvalidYear(field=field, year=year)


def years_after(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 1 March, and no day is after the last."""
    year = day.year + years
    if year > date.max.year:
        return date.max
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
