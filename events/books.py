"""The books of the budget years (sổ sách niên độ): which years are closed to further entries.

    books-national      one event for each year that was closed

Books of a year stay open to 31 January of the next, for what is settled then. Once they are closed
no money moves in that year: whatever turns out later is an adjustment in a year that is open.
One stream holds all years, so that a rule can read it before it knows which year it is asked of.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias

from events.dates import FutureEffectiveDate, InvalidYear, checked_year, happened
from events.identity import stream_of
from events.rules import Aggregate, Occasion, Refusal, command, fact, refusal, value
from events.text import InvalidText, required

OPEN_UNTIL_MONTH, OPEN_UNTIL_DAY = 1, 31
"""Of the next year (chỉnh lý quyết toán): the last day on which a year's books must be open."""


@fact
class BudgetYearClosed:
    """The books of a budget year were closed (khoá sổ niên độ ngân sách)."""

    budget_year: int
    decision: str


@command
class CloseBudgetYear:
    """Close the books of a budget year, after its settlement (khoá sổ niên độ ngân sách)."""

    budget_year: int
    decision: str


@refusal(rule="the state budget's books of a year are open to 31 January of the next")
class BooksStillOpen(Refusal):
    """The books of {budget_year} stay open until {open_until}: they cannot close on {effective_on}.

    Sổ niên độ {budget_year} mở đến hết ngày {open_until}: không thể khoá vào ngày {effective_on}.
    """

    budget_year: int
    open_until: date
    """Last day of the books (ngày cuối chỉnh lý quyết toán)."""
    effective_on: date


# The fact BudgetYearClosed has the name that the code would come from.
@refusal(
    rule="after its settlement a year's books take no entry: adjust in an open year (niên độ)",
    code="BUDGET_YEAR_CLOSED",
)
class BudgetYearIsClosed(Refusal):
    """The books of {budget_year} are closed: record an adjustment in an open year.

    Sổ niên độ {budget_year} đã khoá: hãy ghi điều chỉnh niên độ trước vào một niên độ còn mở.
    """

    budget_year: int


BooksEvent: TypeAlias = BudgetYearClosed
BooksCommand: TypeAlias = CloseBudgetYear
BooksRefusal: TypeAlias = (
    BooksStillOpen | BudgetYearIsClosed | InvalidYear | FutureEffectiveDate | InvalidText
)


@value
class Books:
    """The years whose books are closed."""

    closed: frozenset[int]


STREAM = stream_of("books", "national")
"""The one stream of them. A rule that calls `checked_open_year` names it among what it reads."""


def checked_open_year(occasion: Occasion, budget_year: int) -> None:
    """Refuse an entry in a year whose books are closed; years that were never closed are open."""
    if is_closed(occasion, budget_year):
        raise BudgetYearIsClosed(budget_year=budget_year)


def is_closed(occasion: Occasion, budget_year: int) -> bool:
    """Whether the books of a year are closed, as the rule that reads `STREAM` sees them."""
    books = occasion.neighbour(STREAM, Books)
    return books is not None and budget_year in books.closed


def decide(command: BooksCommand, books: Books | None, occasion: Occasion) -> Sequence[BooksEvent]:
    """Answer a command with the facts it causes; none if already so."""
    checked_year("budget_year", command.budget_year)
    decision = required("decision", command.decision)
    if books is not None and command.budget_year in books.closed:
        return ()
    happened(occasion)
    open_until = date(command.budget_year + 1, OPEN_UNTIL_MONTH, OPEN_UNTIL_DAY)
    if occasion.effective_on <= open_until:
        raise BooksStillOpen(
            budget_year=command.budget_year,
            open_until=open_until,
            effective_on=occasion.effective_on,
        )
    return (BudgetYearClosed(budget_year=command.budget_year, decision=decision),)


def evolve(books: Books | None, event: BooksEvent) -> Books:
    """Apply one recorded fact. Total: history is never refused."""
    closed: Iterable[int] = books.closed if books else ()
    return Books(closed=frozenset({*closed, event.budget_year}))


BOOKS: Aggregate[BooksCommand, Books, BooksEvent] = Aggregate(
    name="books",
    stream=lambda _: STREAM,
    decide=decide,
    evolve=evolve,
)
