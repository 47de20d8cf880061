"""Money that a year leaves over (số dư dự toán): given back, or carried over into the next year.

Both take from what is still free under a ceiling. What is carried over is free in the next year,
beyond what that year's own plan assigns: it is money of the plan that it comes from.
"""

from collections.abc import Iterator
from typing import TypeAlias

from events.identity import SchemeId
from events.money import Vnd
from events.rules import command, fact
from events.vocabulary import FundingSource


@fact
class UnspentBalanceReturned:
    """Money that a scheme left over in a year was given back (nộp trả số dư dự toán)."""

    scheme_id: SchemeId
    amount: Vnd
    reason: str
    source: FundingSource
    budget_year: int


@fact
class BalanceCarriedOver:
    """Money that a scheme left over in a year passed into the next (chuyển nguồn sang năm sau)."""

    scheme_id: SchemeId
    amount: Vnd
    decision: str
    source: FundingSource
    budget_year: int
    into_year: int


@command
class ReturnUnspentBalance:
    """Give back what a scheme left over in a year (nộp trả số dư dự toán)."""

    scheme_id: SchemeId
    source: FundingSource
    """Where the money came from (nguồn vốn)."""
    budget_year: int
    amount: Vnd
    reason: str


@command
class CarryOverBalance:
    """Pass what a scheme left over in a year into the next (chuyển nguồn sang năm sau)."""

    scheme_id: SchemeId
    source: FundingSource
    """Where the money came from (nguồn vốn)."""
    budget_year: int
    amount: Vnd
    decision: str


BalanceEvent: TypeAlias = UnspentBalanceReturned | BalanceCarriedOver
BalanceCommand: TypeAlias = ReturnUnspentBalance | CarryOverBalance


def moved(event: BalanceEvent) -> Iterator[tuple[int, Vnd]]:
    """By how much the event changes what may be committed, in đồng, in which budget year."""
    yield event.budget_year, Vnd(-event.amount)
    if isinstance(event, BalanceCarriedOver):
        yield event.into_year, event.amount
