"""The trial balance (bảng cân đối tài khoản): what every account comes to, and from which lines.

Every line of the journal has its other half, of the same source and year: all balances together are
0 at every moment, and within every source and every year.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry
from strawberry.types.lazy_type import LazyType

from events.money import Vnd
from events.vocabulary import FundingSource
from schema.enums import Account, TrialDimension
from schema.planner.declare import argument, behind, column, expression, planned
from schema.planner.groups import Dimension
from schema.planner.source import POSTINGS, Summed, Table, Time
from schema.planner.sums import Measure
from schema.relay import Connection

if TYPE_CHECKING:
    from schema.posting import Posting


@strawberry.type(
    description="One line of the trial balance (bảng cân đối tài khoản); stocks, in đồng."
)
class TrialBalance:
    """What it is not grouped by is null; in a roll-up, `grouped` says what it is grouped by."""

    table: ClassVar = Table(rows=POSTINGS, key=(), time=Time.LINES)
    measures: ClassVar[Mapping[str, Measure]] = {
        "debit": Measure(entries="coalesce(sum({self}.debit), 0)"),
        "credit": Measure(entries="coalesce(sum({self}.credit), 0)"),
        "entry_count": Measure(entries="count(*)"),
    }
    dimensions: ClassVar[Mapping[str, Dimension]] = {
        "ACCOUNT": Dimension(columns={"account::text": "{self}.account"}),
        "SOURCE": Dimension(columns={"source::text": "{self}.source"}),
        "BUDGET_YEAR": Dimension(columns={"budget_year::bigint": "{self}.budget_year"}),
    }

    grouped: list[TrialDimension] = column(
        "What it is grouped by, in order; in a roll-up fewer than asked for (chiều tổng hợp)."
    )
    account: Account | None = column("The account (tài khoản).")
    source: FundingSource | None = column("Where the money comes from (nguồn vốn).")
    budget_year: int | None = column("The budget year (niên độ ngân sách).")
    debit: Vnd = column("All that was debited (phát sinh nợ luỹ kế). A stock.")
    credit: Vnd = column("All that was credited (phát sinh có luỹ kế). A stock.")
    balance: Vnd = expression(
        "({self}.debit - {self}.credit)",
        "Debits less credits (số dư): below 0 where the account stands in credit. A stock.",
    )
    posting_count: int = column("How many lines it is made of (số dòng).", "entry_count")
    postings: Connection[Annotated["Posting", strawberry.lazy("schema.posting")]] = behind(
        "The lines of the journal that it is made of, in order of recording (định khoản)."
    )


TRIAL_ARGUMENTS = (
    argument(
        "groupBy",
        list[TrialDimension],
        "What to group by, any together; nothing: one line of everything.",
        list(TrialDimension),
    ),
    argument(
        "rollUp",
        bool,
        "Sums of groups of groups too, up to the whole (tổng hợp nhiều cấp).",
        default=False,
    ),
    argument("first", int | None, "How many lines: 1 to 1,000; 100 if nothing is said."),
)


def trial_balance(description: str) -> list[TrialBalance]:
    """The balances of all accounts."""
    source = Summed(LazyType("Posting", "schema.posting"), "true")
    balances: list[TrialBalance] = planned(source, description, arguments=TRIAL_ARGUMENTS)
    return balances
