"""Which fields of annual plans everybody reads: beside the one table of access, as `facts.py`."""

from collections.abc import Mapping

PLANNED: Mapping[str, str] = {
    "Plan": (
        "id year source original amount assigned unassigned approved committed paid "
        "disbursementRate approvedOn synthetic revisions tranches allocations history"
    ),
    "PlanAllocation": "budgetYear tranche amount synthetic scheme ofTranche plan",
    "PlanBudget": "amount decision decidedOn synthetic plan",
    "PlanTranche": "number amount decision assignedOn synthetic allocations plan",
}
"""Type to its fields; what a plan assigns is published with it."""
