"""The annual plan (kế hoạch khuyến công quốc gia năm): budget, revisions, tranches.

Read `facts`, `refusals`, then `decide`.
"""

from events.plan.decide import PLAN, SOURCE, Plan, checked_room, decide, evolve, room_for, stream
from events.plan.facts import (
    Allocation,
    ApprovePlanBudget,
    AssignTranche,
    PlanBudgetApproved,
    PlanBudgetRevised,
    PlanCommand,
    PlanEvent,
    PlanTrancheAssigned,
    RevisePlanBudget,
)
from events.plan.refusals import (
    AllocationMissing,
    AllocationRepeated,
    BudgetExceeded,
    PlanDiffers,
    PlanRefusal,
    TrancheDiffers,
    TrancheOutOfOrder,
    UnknownPlan,
    UnknownScheme,
)

__all__ = [
    "PLAN",
    "SOURCE",
    "Allocation",
    "AllocationMissing",
    "AllocationRepeated",
    "ApprovePlanBudget",
    "AssignTranche",
    "BudgetExceeded",
    "Plan",
    "PlanBudgetApproved",
    "PlanBudgetRevised",
    "PlanCommand",
    "PlanDiffers",
    "PlanEvent",
    "PlanRefusal",
    "PlanTrancheAssigned",
    "RevisePlanBudget",
    "TrancheDiffers",
    "TrancheOutOfOrder",
    "UnknownPlan",
    "UnknownScheme",
    "checked_room",
    "decide",
    "evolve",
    "room_for",
    "stream",
]
