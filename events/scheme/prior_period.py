"""Prior-period adjustment (điều chỉnh niên độ trước): a closed year put right in an open one.

The closed year keeps what it said. The line stands in the open year, names the year and the payment
that it adjusts, and moves what is still paid: down, as money that was paid wrongly; or up again,
as money that was taken back wrongly. What was never paid is a payment of an open year.
"""

from typing import TypeAlias

from events.books import BudgetYearIsClosed
from events.identity import CommitmentId, PaymentId, SchemeId
from events.money import Vnd
from events.rules import Refusal, command, fact, refusal
from events.vocabulary import Adjustment, FundingSource


@fact
class PriorPeriodAdjusted:
    """A payment of a closed budget year was adjusted in an open one (điều chỉnh niên độ trước)."""

    scheme_id: SchemeId
    commitment_id: CommitmentId
    payment_id: PaymentId
    """The payment of the closed year that is adjusted (khoản chi được điều chỉnh)."""
    adjustment: Adjustment
    amount: Vnd
    reason: str
    source: FundingSource
    adjusted_year: int
    budget_year: int
    """The open year in which the line stands (niên độ ghi sổ)."""

    @property
    def moved(self) -> Vnd:
        """What is paid more by it, in đồng; less than nothing where it takes back."""
        return Vnd(self.amount if self.adjustment is Adjustment.INCREASE else -self.amount)


@command
class AdjustPriorPeriod:
    """Adjust a payment of a closed budget year in an open one (điều chỉnh niên độ trước)."""

    scheme_id: SchemeId
    payment_id: PaymentId
    """The payment of the closed year that is adjusted (khoản chi được điều chỉnh)."""
    adjustment: Adjustment
    amount: Vnd
    reason: str
    budget_year: int
    """The open year in which the line is to stand (niên độ ghi sổ)."""


@refusal(rule="only what stands in closed books is adjusted in a later year; else take it back")
class BudgetYearIsOpen(Refusal):
    """The books of {budget_year} are open: reverse the payment there.

    Sổ niên độ {budget_year} còn mở: hãy huỷ, hoàn bút toán ngay trong niên độ đó.
    """

    budget_year: int


@refusal(rule="an adjustment of a prior period stands in a later year")
class AdjustedInEarlierYear(Refusal):
    """A payment of {adjusted_year} is not adjusted in the books of {budget_year}.

    Không thể ghi điều chỉnh khoản chi niên độ {adjusted_year} vào sổ niên độ {budget_year}.
    """

    adjusted_year: int
    budget_year: int


PriorPeriodEvent: TypeAlias = PriorPeriodAdjusted
PriorPeriodCommand: TypeAlias = AdjustPriorPeriod
PriorPeriodRefusal: TypeAlias = BudgetYearIsOpen | AdjustedInEarlierYear | BudgetYearIsClosed
