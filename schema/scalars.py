"""Scalars of the contract: what a value looks like on the wire."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import NewType, NoReturn
from uuid import UUID

import strawberry
from graphql import GraphQLError, ValueNode
from strawberry.types.scalar import ScalarDefinition

from events.money import Figure, Vnd
from events.personal import Personal

Position = NewType("Position", int)
"""A place in the ledger: 1 is the first event; 0 is before everything."""

_RATIO_DIGITS_MAX = 40
"""Before and after the point; 1e999999 is short to write and more than the database holds."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Python reads more, 20190630 and 2019-W26-7, and a client would learn to rely on it."""
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")

Ratio = NewType("Ratio", Decimal)
"""A part of a whole: 1 is all of it."""


def _whole(got: object) -> int:
    """A decimal string or an integer; never a float, never a guess."""
    if isinstance(got, bool) or not isinstance(got, int | str) or not _WHOLE.fullmatch(str(got)):
        msg = f"not a whole number in decimal digits: {got!r}"
        raise ValueError(msg)
    return int(got)


def _ratio(got: object) -> Decimal:
    try:
        ratio = Decimal(str(got))
    except InvalidOperation:
        ratio = Decimal("NaN")
    if isinstance(got, bool) or not ratio.is_finite() or not _is_short(ratio):
        raise ValueError(f"not a ratio in decimal digits: {got!r}")
    return ratio


def _is_short(ratio: Decimal) -> bool:
    _, digits, exponent = ratio.as_tuple()
    first, last = len(digits) + int(exponent), -int(exponent)
    return max(len(digits), first, last) <= _RATIO_DIGITS_MAX


def _position(got: object) -> int:
    position = _whole(got)
    if position < 0:
        msg = "a position is not negative"
        raise ValueError(msg)
    return position


def _day(got: object) -> date:
    """A ValueError: Strawberry's own scalar has an error that names no place in the document."""
    if not isinstance(got, str) or not _DAY.fullmatch(got):
        msg = f"not a day as in 2020-01-31: {got!r}"
        raise ValueError(msg)
    return date.fromisoformat(got)


def _instant(got: object) -> datetime:
    """A moment that is one, wherever the reader is: with its offset, and within the calendar."""
    if not isinstance(got, str):
        msg = f"not an instant as text: {got!r}"
        raise TypeError(msg)
    read = datetime.fromisoformat(got)
    if read.tzinfo is None:
        msg = f"an instant has an offset from UTC, as in 2020-01-01T00:00:00Z: {got!r}"
        raise ValueError(msg)
    try:
        return read.astimezone(UTC)
    except OverflowError:
        msg = f"not within the years 1 to 9999 of UTC: {got!r}"
        raise ValueError(msg) from None


def _personal(got: object) -> Personal:
    """Of what cannot be read, nothing is said: an error is shown, kept and counted."""
    if not isinstance(got, str):
        msg = "personal data is a text"
        raise TypeError(msg)
    return Personal(got)


def _no_literal(node: ValueNode, _: object = None) -> NoReturn:
    """The text of a question is remembered; what stands in its variables is not."""
    msg = "Personal data is sent in variables, never in the text of the document."
    raise GraphQLError(msg, node)


SCALARS: Mapping[object, ScalarDefinition] = {
    Vnd: strawberry.scalar(
        name="VND",
        description="Whole đồng as a decimal string: exact above 2^31 and in every client.",
        serialize=str,
        parse_value=_whole,
    ),
    Figure: strawberry.scalar(
        name="Figure",
        description="A whole number of any size, as a decimal string.",
        serialize=str,
        parse_value=_whole,
    ),
    Position: strawberry.scalar(
        name="Position",
        description="A place in the ledger, a number: n is followed by n + 1 with no gap.",
        serialize=int,
        parse_value=_position,
    ),
    Ratio: strawberry.scalar(
        name="Ratio",
        description="A ratio as a decimal string, rounded to six places; 1 is the whole.",
        serialize=str,
        parse_value=_ratio,
    ),
    Personal: strawberry.scalar(
        name="Personal",
        description="Text that says something of a person (dữ liệu cá nhân). It is sent in"
        " variables alone, kept outside of the log, and erased on request.",
        serialize=Personal.reveal,
        parse_value=_personal,
        parse_literal=_no_literal,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day: year, month and day (RFC 3339).",
        serialize=date.isoformat,
        parse_value=_day,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant: date, time and offset from UTC (RFC 3339).",
        serialize=datetime.isoformat,
        parse_value=_instant,
    ),
    UUID: strawberry.scalar(
        name="UUID",
        description="An identity of 128 bits, in hexadecimal with hyphens (RFC 9562).",
        serialize=str,
        parse_value=lambda got: UUID(str(got)),
    ),
}
