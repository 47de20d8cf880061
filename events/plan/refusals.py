"""Why the ledger says no to an annual plan (kế hoạch năm), and to whoever asks beyond a budget."""

from typing import TypeAlias

from events.dates import InvalidYear
from events.identity import InvalidCode, SchemeId
from events.money import InvalidAmount, Vnd
from events.rules import Refusal, refusal
from events.text import InvalidText
from events.vocabulary import FundingSource


@refusal(rule="TT 36/2013/TT-BCT: tranches within the plan, ceilings in them, commitments in these")
class BudgetExceeded(Refusal):
    """Only {headroom} đồng of {source} {budget_year} is still free; {requested} đồng was asked for.

    Nguồn {source} năm {budget_year} chỉ còn {headroom} đồng; đề nghị {requested} đồng.
    """

    source: FundingSource
    budget_year: int
    requested: Vnd
    headroom: Vnd


@refusal(rule="TT 36/2013/TT-BCT: a budget is approved before it is revised or assigned")
class UnknownPlan(Refusal):
    """No budget of {budget_year} was approved.

    Chưa phê duyệt dự toán kế hoạch năm {budget_year}.
    """

    budget_year: int


@refusal(rule="the budget of a year is approved once; a change is a revision")
class PlanDiffers(Refusal):
    """The budget of {budget_year} was approved already, with another amount or decision.

    Dự toán kế hoạch năm {budget_year} đã được phê duyệt với số tiền hoặc quyết định khác.
    """

    budget_year: int


@refusal(rule="tranches of a plan are numbered in their order, from 1 (đợt 1, đợt 2 …)")
class TrancheOutOfOrder(Refusal):
    """Tranche {tranche} of {budget_year} cannot be assigned: the next one is {following}.

    Không thể giao đợt {tranche} năm {budget_year}: đợt tiếp theo là đợt {following}.
    """

    budget_year: int
    tranche: int
    following: int
    """The number that the next tranche has (đợt tiếp theo)."""


@refusal(rule="a tranche is assigned once; more money is another tranche")
class TrancheDiffers(Refusal):
    """Tranche {tranche} of {budget_year} was assigned already, with other content.

    Đợt {tranche} năm {budget_year} đã được giao với nội dung khác.
    """

    budget_year: int
    tranche: int


@refusal(rule="TT 36/2013/TT-BCT: a tranche says which schemes get how much")
class AllocationMissing(Refusal):
    """Tranche {tranche} of {budget_year} names no scheme.

    Đợt {tranche} năm {budget_year} chưa nêu đề án nào.
    """

    budget_year: int
    tranche: int


@refusal(rule="a tranche names each scheme once")
class AllocationRepeated(Refusal):
    """The tranche names scheme {scheme_id} more than once.

    Đợt giao kế hoạch nêu đề án {scheme_id} nhiều hơn một lần.
    """

    scheme_id: SchemeId


@refusal(rule="TT 36/2013/TT-BCT: a plan assigns money to schemes that were registered")
class UnknownScheme(Refusal):
    """No scheme {scheme_id} was proposed: nothing can be assigned to it.

    Chưa đăng ký đề án {scheme_id} nên không thể giao kinh phí.
    """

    scheme_id: SchemeId


PlanRefusal: TypeAlias = (
    UnknownPlan
    | PlanDiffers
    | BudgetExceeded
    | TrancheOutOfOrder
    | TrancheDiffers
    | AllocationMissing
    | AllocationRepeated
    | UnknownScheme
    | InvalidYear
    | InvalidAmount
    | InvalidText
    | InvalidCode
)
