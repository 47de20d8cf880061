"""Which fields of plans and targets everybody reads, beside the table of access."""

from collections.abc import Mapping

PLANNED: Mapping[str, str] = {
    "SchemeBalance": "budgetYear source amount effectiveOn synthetic scheme event",
    "PeriodTarget": "indicator unit original planned actual due reason synthetic period",
    "Plan": (
        "id year source original amount assigned unassigned approved committed paid "
        "disbursementRate approvedOn synthetic revisions tranches allocations history"
    ),
    "PlanAllocation": "budgetYear tranche amount synthetic scheme ofTranche plan",
    "PlanBudget": "amount decision decidedOn synthetic plan",
    "PlanTranche": "number amount decision assignedOn synthetic allocations plan",
}
"""Type to its fields; what a plan assigns is published with it."""
