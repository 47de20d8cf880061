"""Lines of the law, each during its time in force: how one follows another (hiệu lực).

    together(recorded, shipped)             # each line ends on the first day of the next
    is_news(line, recorded, standing)       # or ValidityOverlaps, ValidityGap, EndsBeforeStart

A line is about a subject: of two lines on one subject, one is in force. What was recorded comes on
top of what the ledger ships with; a recorded line replaces the shipped one of the same day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import Field, replace
from datetime import date
from itertools import pairwise
from typing import Any, ClassVar, Protocol, TypeVar

from events.dates import EndsBeforeStart
from events.rules import Refusal, refusal


class Dated(Protocol):
    """What holds from one day to another."""

    @property
    def valid_from(self) -> date:
        """The first day on which it was in force."""

    @property
    def valid_to(self) -> date | None:
        """The first day on which it was no longer in force; None: none is set."""


class Line(Dated, Protocol):
    """What one paper says of one subject, from its first day in force on."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def subject(self) -> Any:  # noqa: ANN401 - whatever tells one subject from another, in order
        """What it is about."""

    @property
    def legal_basis(self) -> str:
        """The paper."""


L = TypeVar("L", bound=Line)


@refusal(rule="TT 28/2018/TT-BTC Đ8: one level holds for an activity at a time")
class ValidityOverlaps(Refusal):
    """{legal_basis} says another thing for {valid_from}: two levels would hold on {on}.

    {legal_basis} có hiệu lực từ {valid_from} quy định khác: ngày {on} sẽ có hai mức.
    """

    legal_basis: str
    valid_from: date
    on: date


@refusal(rule="what follows a level begins where that ends: without one, nothing would be limited")
class ValidityGap(Refusal):
    """{legal_basis} would leave {ends_on} to {starts_on} without a level.

    Từ {ends_on} đến {starts_on} sẽ không có định mức nào (căn cứ {legal_basis}).
    """

    legal_basis: str
    ends_on: date
    starts_on: date


def is_in_force(line: Dated, on: date) -> bool:
    """Whether it was in force on that day."""
    return line.valid_from <= on and (line.valid_to is None or on < line.valid_to)


def together(recorded: Iterable[L], shipped: Iterable[L]) -> tuple[L, ...]:
    """What was recorded on top of what the ledger ships with, by subject and first day."""
    lines: dict[object, L] = {}
    for each in (*shipped, *recorded):
        lines[each.subject, each.valid_from] = each
    told = sorted(lines.values(), key=lambda each: (each.subject, each.valid_from))
    return tuple(
        replace(each, valid_to=_earlier(each.valid_to, after.valid_from))
        if after is not None and after.subject == each.subject
        else each
        for each, after in pairwise((*told, None))
        if each is not None
    )


def with_line(recorded: Iterable[L], line: L) -> tuple[L, ...]:
    """What is recorded, and one line more; it comes last, in the place of that of its day."""
    return (*(each for each in recorded if not _is_same(each, line)), line)


def is_news(line: L, recorded: Sequence[L], standing: Iterable[L], *, may_lapse: bool) -> bool:
    """Whether it is not recorded yet; refused where it breaks the succession of its subject.

    `may_lapse`: whether there may be days without any line on the subject.
    """
    if line.valid_to is not None and line.valid_to <= line.valid_from:
        raise EndsBeforeStart(starts_on=line.valid_from, ends_on=line.valid_to)
    if line in recorded:
        return False
    for each in recorded:
        if _is_same(each, line):
            raise ValidityOverlaps(
                legal_basis=each.legal_basis, valid_from=each.valid_from, on=line.valid_from
            )
    others = [each for each in standing if each.subject == line.subject]
    before = max((e for e in others if e.valid_from < line.valid_from), key=_first, default=None)
    after = min((e for e in others if e.valid_from > line.valid_from), key=_first, default=None)
    if not may_lapse and before is not None:
        _check_follows(before, line.valid_from)
    if after is None or line.valid_to is None:
        return True
    if line.valid_to > after.valid_from:
        raise ValidityOverlaps(
            legal_basis=after.legal_basis, valid_from=after.valid_from, on=after.valid_from
        )
    if not may_lapse:
        _check_follows(line, after.valid_from)
    return True


def _check_follows(line: Line, starts_on: date) -> None:
    """What starts then leaves no day after this line without any."""
    if line.valid_to is not None and line.valid_to < starts_on:
        raise ValidityGap(legal_basis=line.legal_basis, ends_on=line.valid_to, starts_on=starts_on)


def _first(line: Line) -> date:
    return line.valid_from


def _is_same(one: Line, other: Line) -> bool:
    return (one.subject, one.valid_from) == (other.subject, other.valid_from)


def _earlier(first: date | None, second: date) -> date:
    return second if first is None else min(first, second)
