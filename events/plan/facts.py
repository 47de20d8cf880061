"""The annual plan (kế hoạch khuyến công quốc gia năm): national grant money of a year.

    plan-2026    the budget, its revisions, and what each tranche assigns to which scheme

Every amount is whole đồng of the national grant, in the budget year of the plan. A revision says
the whole budget anew: it replaces what stood before and is never added to it. A tranche adds.
"""

from typing import TypeAlias

from events.identity import SchemeId
from events.money import Vnd
from events.rules import command, fact, value
from events.vocabulary import FundingSource


@value
class Allocation:
    """What a tranche assigns to one scheme (mức kinh phí giao cho đề án)."""

    scheme_id: SchemeId
    amount: Vnd


@fact
class PlanBudgetApproved:
    """The budget of a year's plan was approved (phê duyệt dự toán kế hoạch năm)."""

    budget_year: int
    amount: Vnd
    """The whole budget, in đồng (tổng dự toán). A stock."""
    decision: str
    source: FundingSource


@fact
class PlanBudgetRevised:
    """The budget of a year's plan was said anew (điều chỉnh dự toán kế hoạch năm).

    It replaces the amount that stood before.
    """

    budget_year: int
    amount: Vnd
    """The whole budget from now on, in đồng (tổng dự toán sau điều chỉnh). A stock."""
    decision: str
    source: FundingSource


@fact
class PlanTrancheAssigned:
    """A tranche of a year's plan was assigned to schemes (giao kế hoạch đợt n)."""

    budget_year: int
    tranche: int
    allocations: tuple[Allocation, ...]
    decision: str
    source: FundingSource


@command
class ApprovePlanBudget:
    """Approve the budget of a year's plan (phê duyệt dự toán kế hoạch năm)."""

    budget_year: int
    amount: Vnd
    """The whole budget, in đồng (tổng dự toán). A stock."""
    decision: str


@command
class RevisePlanBudget:
    """Say the budget of a year's plan anew (điều chỉnh dự toán kế hoạch năm)."""

    budget_year: int
    amount: Vnd
    """The whole budget from now on, in đồng (tổng dự toán sau điều chỉnh). A stock."""
    decision: str


@command
class AssignTranche:
    """Assign the next tranche of a year's plan to schemes (giao kế hoạch đợt n)."""

    budget_year: int
    tranche: int
    allocations: tuple[Allocation, ...]
    decision: str


PlanEvent: TypeAlias = PlanBudgetApproved | PlanBudgetRevised | PlanTrancheAssigned
PlanCommand: TypeAlias = ApprovePlanBudget | RevisePlanBudget | AssignTranche
