"""The annual plan: its budget, what its tranches assign, and what became of the money."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, LiteralString

import strawberry

from events.money import Vnd
from events.vocabulary import FundingSource
from schema.planner.declare import column, expression, many, one
from schema.planner.source import Table
from schema.relay import Connection, Node
from schema.scalars import Ratio

if TYPE_CHECKING:
    from schema.event import Event
    from schema.scheme import Scheme

_LINES: LiteralString = """(
    SELECT coalesce(sum(e.amount), 0)::bigint
    FROM model.entry AS e
    WHERE e.budget_year = {self}.budget_year AND e.source = {self}.source AND {at:e}
      AND e.kind IN """
COMMITTED: LiteralString = _LINES + "('COMMITMENT', 'REDUCTION', 'CANCELLATION'))"
PAID: LiteralString = _LINES + "('ADVANCE', 'DISBURSEMENT', 'REVERSAL'))"
APPROVED: LiteralString = """(
    SELECT coalesce(sum(c.amount), 0)::bigint
    FROM model.ceiling AS c
    WHERE c.budget_year = {self}.budget_year AND c.source = {self}.source AND {at:c}
)"""


@strawberry.type(description="What was decided of a plan's budget (dự toán): whole, not a change.")
class PlanBudget:
    """The approval or a revision; each replaces the one before."""

    table: ClassVar = Table(rows="model.budget", key=("budget_year::bigint", "position::bigint"))

    amount: Vnd = column("The whole budget that was decided (tổng dự toán). A stock.")
    decision: str = column("Number of the decision (số quyết định).")
    decided_on: date = column("Day from which it holds (ngày có hiệu lực).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    plan: Annotated["Plan", strawberry.lazy("schema.plan")] | None = one(
        "{other}.budget_year = {self}.budget_year", "Its plan (kế hoạch năm)."
    )


@strawberry.type(description="What a tranche assigns to a scheme (mức giao cho đề án).")
class PlanAllocation:
    """One line of a tranche."""

    table: ClassVar = Table(
        rows="model.allocation",
        key=("budget_year::bigint", "tranche::bigint", "scheme_id::text"),
    )

    budget_year: int = column("Budget year of the plan (niên độ ngân sách).")
    tranche: int = column("Number of the tranche (đợt).")
    amount: Vnd = column("Assigned by this tranche (số tiền giao). A flow.")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "To which scheme (đề án)."
    )
    of_tranche: Annotated["PlanTranche", strawberry.lazy("schema.plan")] | None = one(
        "{other}.budget_year = {self}.budget_year AND {other}.tranche = {self}.tranche",
        "The tranche that it is a line of (đợt giao kế hoạch).",
    )
    plan: Annotated["Plan", strawberry.lazy("schema.plan")] | None = one(
        "{other}.budget_year = {self}.budget_year", "Its plan (kế hoạch năm)."
    )


@strawberry.type(description="A balance that moved (số dư dự toán): given back or carried over.")
class SchemeBalance:
    """What one event adds to, or takes from, what may be committed in one year."""

    table: ClassVar = Table(
        rows="model.balance",
        key=("scheme_id::text", "position::bigint", "budget_year::bigint"),
    )

    budget_year: int = column("The year in which it counts (niên độ ngân sách).")
    source: FundingSource = column("Where the money comes from (nguồn vốn).")
    amount: Vnd = column("Added to the ceiling of that year; below 0: taken (số dư). A flow.")
    effective_on: date = column("Day from which it holds (ngày có hiệu lực).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Its scheme (đề án)."
    )
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = one(
        "{other}.position = {self}.position", "The event that moved it (sự kiện)."
    )


@strawberry.type(description="A tranche of a year's plan (đợt giao kế hoạch).")
class PlanTranche:
    """Numbered from 1; a later one adds to the ones before."""

    table: ClassVar = Table(rows="model.tranche", key=("budget_year::bigint", "tranche::bigint"))

    number: int = column("Its number in the year, from 1 (đợt).", "tranche")
    amount: Vnd = column("Sum of what it assigns (tổng số giao). A flow.")
    decision: str = column("Number of the decision (số quyết định).")
    assigned_on: date = column("Day from which it holds (ngày giao).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    allocations: list[PlanAllocation] = many(
        "{other}.budget_year = {self}.budget_year AND {other}.tranche = {self}.tranche",
        "To which scheme how much (mức giao cho từng đề án).",
    )
    plan: Annotated["Plan", strawberry.lazy("schema.plan")] | None = one(
        "{other}.budget_year = {self}.budget_year", "Its plan (kế hoạch năm)."
    )


@strawberry.type(
    description="The plan of a year (kế hoạch khuyến công quốc gia năm): national grant money."
)
class Plan(Node):
    """From the budget down to what was paid; each figure is a stock, in đồng."""

    table: ClassVar = Table(rows="model.plan", key=("budget_year::bigint",))
    by_id: ClassVar = "{other}.budget_year = substring({id} FROM '^plan-([0-9]{1,4})$')::bigint"

    id: strawberry.ID = expression(
        "'plan-' || {self}.budget_year", "Global identity (mã toàn cục)."
    )
    budget_year: int = column("Its year (năm kế hoạch, niên độ ngân sách).", name="year")
    source: FundingSource = column("Whose money it is (nguồn vốn).")
    original: Vnd = column("The budget as it was first approved (dự toán ban đầu). A stock.")
    amount: Vnd = column("The budget that stands, after revisions (dự toán). A stock.")
    assigned: Vnd = column("Assigned by its tranches (đã giao). A stock.")
    unassigned: Vnd = expression(
        "({self}.amount - {self}.assigned)", "Of the budget, not assigned yet (chưa giao). A stock."
    )
    approved: Vnd = expression(
        APPROVED, "Ceilings of schemes from this money (dự toán các đề án được duyệt). A stock."
    )
    committed: Vnd = expression(COMMITTED, "Promised of it, net (đã cam kết hỗ trợ). A stock.")
    paid: Vnd = expression(PAID, "Paid of it, net of reversals (đã giải ngân). A stock.")
    disbursement_rate: Ratio | None = expression(
        "round(" + PAID + "::numeric / nullif({self}.assigned, 0), 6)",
        "Paid of what is assigned (tỷ lệ giải ngân so với kế hoạch giao); × 100 is the percentage"
        " of reports. Null where nothing is assigned.",
    )
    approved_on: date = column("When its budget was approved (ngày phê duyệt).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    revisions: list[PlanBudget] = many(
        "{other}.budget_year = {self}.budget_year",
        "The budget as it was approved and each time said anew, in order (dự toán qua các lần).",
    )
    tranches: list[PlanTranche] = many(
        "{other}.budget_year = {self}.budget_year", "Its tranches, in order (các đợt giao)."
    )
    allocations: Connection[PlanAllocation] = many(
        "{other}.budget_year = {self}.budget_year",
        "Which tranche assigns how much to which scheme (mức giao cho từng đề án).",
    )
    history: Connection[Annotated["Event", strawberry.lazy("schema.event")]] = many(
        "{other}.stream = 'plan-' || {self}.budget_year",
        "Everything recorded of it, oldest first (lịch sử).",
    )
