"""Scalars and enums of the contract: what a value looks like on the wire."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import NewType, NoReturn, TypeVar
from uuid import UUID

import strawberry
from graphql import GraphQLError, ValueNode
from strawberry.types.scalar import ScalarDefinition

from events import vocabulary
from events.money import Figure, Vnd
from events.personal import Personal
from events.scheme import room
from projections import commitment, contact, entry, facility, mandate, payment, scheme
from schema.planner.criteria import Direction, Nulls, described
from schema.planner.given import Structural

Position = NewType("Position", int)
"""A place in the ledger: 1 is the first event; 0 is before everything."""

_RATIO_DIGITS_MAX = 40
"""Before and after the point; 1e999999 is short to write and more than the database holds."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Python reads more, 20190630 and 2019-W26-7, and a client would learn to rely on it."""
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
E = TypeVar("E", bound=Enum)

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


def _named(enum: type[E]) -> type[E]:
    """Publish an enum; each value says the official Vietnamese term."""
    described(enum, " ".join((enum.__doc__ or "").split()))
    return enum


FundingSource = _named(vocabulary.FundingSource)
SchemeClass = _named(vocabulary.SchemeClass)
Activity = _named(vocabulary.Activity)
Criterion = _named(vocabulary.Criterion)
Verdict = _named(vocabulary.Verdict)
Measure = _named(vocabulary.Measure)
OrganisationKind = _named(vocabulary.OrganisationKind)
LegalForm = _named(vocabulary.LegalForm)
Ownership = _named(vocabulary.Ownership)
Role = _named(vocabulary.Role)


@_named
class Geography(Structural):
    """Which map places are counted on (địa giới hành chính)."""

    AT_EVENT = "đơn vị hành chính tại thời điểm ghi nhận"
    TODAY = "đơn vị hành chính hiện nay"


@_named
class TotalsDimension(Structural):
    """What sums can be grouped by (tiêu chí tổng hợp)."""

    PERIOD = "giai đoạn"
    SCHEME_CLASS = "loại đề án"
    SCHEME = "đề án"
    FACILITY = "cơ sở thụ hưởng"
    PROVINCE = "tỉnh, thành phố"
    SECTOR = "nhóm ngành"
    CENTRE = "trung tâm thực hiện"
    SOURCE = "nguồn vốn"
    LEVEL = "cấp nguồn vốn"
    BUDGET_YEAR = "niên độ ngân sách"
    MONTH = "tháng có hiệu lực"


@_named
class FundingLevel(Enum):
    """Whose money it is (cấp nguồn vốn)."""

    NATIONAL = "quốc gia"
    LOCAL = "địa phương"
    FACILITY = "cơ sở thụ hưởng"


@_named
class Interval(Structural):
    """How long an interval of a series is (kỳ)."""

    MONTH = "tháng"
    QUARTER = "quý"
    YEAR = "năm"


@_named
class FundMeasure(Enum):
    """A figure of the fund that two positions are compared by (chỉ tiêu so sánh)."""

    COUNTERPART = "vốn đối ứng"
    COMMITTED = "cam kết hỗ trợ"
    TAKEN_BACK = "giảm, huỷ cam kết"
    GRANT = "kinh phí khuyến công"
    ADVANCED = "tạm ứng"
    DISBURSED = "thanh toán"
    REVERSED = "huỷ, hoàn bút toán"
    PAID = "đã giải ngân"
    SETTLED = "đã quyết toán"
    FACILITIES = "số cơ sở"
    SCHEMES = "số đề án"
    BENEFICIARIES = "số đơn vị thụ hưởng"
    COMMITMENTS = "số cam kết"
    PAYMENTS = "số khoản chi"


described(Direction, "Which end comes first.")
described(Nulls, "Where rows without a value stand.")
SchemeStatus = _named(scheme.SchemeStatus)
CommitmentStatus = _named(commitment.CommitmentStatus)
FacilityStatus = _named(facility.FacilityStatus)
ContactStatus = _named(contact.ContactStatus)
ErasureGround = _named(vocabulary.ErasureGround)
PaymentKind = _named(payment.PaymentKind)
EntryKind = _named(entry.EntryKind)
RoomKind = _named(room.RoomKind)
MandateStatus = _named(mandate.MandateStatus)
