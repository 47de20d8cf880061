"""The rules of the annual plan: tranches stay within the budget, ceilings within the tranches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import assert_never

from events.dates import checked_year
from events.identity import SchemeId, stream_of
from events.money import Vnd, checked_amount
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
    TrancheDiffers,
    TrancheOutOfOrder,
    UnknownPlan,
    UnknownScheme,
)
from events.rules import Aggregate, HistoryBrokenError, Occasion, value
from events.text import required
from events.vocabulary import FundingSource

SOURCE = FundingSource.NATIONAL_GRANT
"""What an annual plan is made of (kinh phí khuyến công quốc gia)."""


@value
class Plan:
    """The plan of one year as the rules see it."""

    approval: PlanBudgetApproved
    revision: PlanBudgetRevised | None = None
    tranches: tuple[PlanTrancheAssigned, ...] = ()
    assigned: Mapping[SchemeId, Vnd] = field(default_factory=dict)
    """What the tranches assign to each scheme, in đồng (đã giao)."""

    @property
    def budget(self) -> Vnd:
        """The amount that stands: of the last revision, if there is one."""
        return (self.revision or self.approval).amount

    @property
    def left(self) -> Vnd:
        """What no tranche has assigned."""
        return Vnd(self.budget - sum(self.assigned.values()))


def stream(budget_year: int) -> str:
    """The stream of a year's plan."""
    return stream_of("plan", str(budget_year))


def checked_room(scheme_id: SchemeId, budget_year: int, ceiling: Vnd, occasion: Occasion) -> None:
    """Refuse a ceiling of the national grant above what the year's tranches assign to the scheme.

    Binds where a plan of that year stands in the ledger: of years before it nothing was assigned.
    The rule that calls this names `stream(budget_year)` among what it reads.
    """
    room = room_for(scheme_id, budget_year, occasion)
    if room is not None and ceiling > room:
        raise BudgetExceeded(
            source=SOURCE, budget_year=budget_year, requested=ceiling, headroom=room
        )


def room_for(scheme_id: SchemeId, budget_year: int, occasion: Occasion) -> Vnd | None:
    """What the tranches of a year assign to a scheme, in đồng; None where no plan stands."""
    plan = occasion.neighbour(stream(budget_year), Plan)
    return None if plan is None else plan.assigned.get(scheme_id, Vnd(0))


def reads(command: PlanCommand) -> Iterable[str]:
    """The schemes that a tranche names: whether they were proposed."""
    if isinstance(command, AssignTranche):
        return tuple(_scheme(each) for each in command.allocations)
    return ()


def decide(command: PlanCommand, plan: Plan | None, occasion: Occasion) -> Sequence[PlanEvent]:
    """Answer a command with the facts it causes; none if already so."""
    match command:
        case ApprovePlanBudget():
            return _approve(command, plan)
        case RevisePlanBudget():
            return _revise(command, _approved(command, plan))
        case AssignTranche():
            return _assign(command, _approved(command, plan), occasion)
        case _:
            assert_never(command)


def evolve(plan: Plan | None, event: PlanEvent) -> Plan:
    """Apply one recorded fact. Total: history is never refused."""
    match event:
        case PlanBudgetApproved():
            return Plan(approval=event)
        case PlanBudgetRevised():
            return replace(_begun(plan), revision=event)
        case PlanTrancheAssigned():
            return _with_tranche(_begun(plan), event)
        case _:
            assert_never(event)


def _approve(command: ApprovePlanBudget, plan: Plan | None) -> Sequence[PlanEvent]:
    checked_year("budget_year", command.budget_year)
    checked_amount("amount", command.amount)
    approval = PlanBudgetApproved(
        budget_year=command.budget_year,
        amount=command.amount,
        decision=required("decision", command.decision),
        source=SOURCE,
    )
    if plan is None:
        return (approval,)
    if plan.approval == approval:
        return ()
    raise PlanDiffers(budget_year=command.budget_year)


def _revise(command: RevisePlanBudget, plan: Plan) -> Sequence[PlanEvent]:
    """Never below what is assigned: the schemes already have it."""
    checked_amount("amount", command.amount)
    revision = PlanBudgetRevised(
        budget_year=command.budget_year,
        amount=command.amount,
        decision=required("decision", command.decision),
        source=SOURCE,
    )
    if plan.revision == revision:
        return ()
    assigned = Vnd(plan.budget - plan.left)
    if command.amount < assigned:
        raise BudgetExceeded(
            source=SOURCE,
            budget_year=command.budget_year,
            requested=assigned,
            headroom=command.amount,
        )
    return (revision,)


def _assign(command: AssignTranche, plan: Plan, occasion: Occasion) -> Sequence[PlanEvent]:
    tranche = PlanTrancheAssigned(
        budget_year=command.budget_year,
        tranche=command.tranche,
        allocations=command.allocations,
        decision=required("decision", command.decision),
        source=SOURCE,
    )
    following = len(plan.tranches) + 1
    if 0 < command.tranche < following:
        if plan.tranches[command.tranche - 1] == tranche:
            return ()
        raise TrancheDiffers(budget_year=command.budget_year, tranche=command.tranche)
    if command.tranche != following:
        raise TrancheOutOfOrder(
            budget_year=command.budget_year, tranche=command.tranche, following=following
        )
    _check_allocations(command, occasion)
    amount = Vnd(sum(each.amount for each in command.allocations))
    if amount > plan.left:
        raise BudgetExceeded(
            source=SOURCE, budget_year=command.budget_year, requested=amount, headroom=plan.left
        )
    return (tranche,)


def _check_allocations(command: AssignTranche, occasion: Occasion) -> None:
    if not command.allocations:
        raise AllocationMissing(budget_year=command.budget_year, tranche=command.tranche)
    seen = set()
    for each in command.allocations:
        checked_amount("allocation", each.amount)
        if each.scheme_id in seen:
            raise AllocationRepeated(scheme_id=each.scheme_id)
        if occasion.neighbour(_scheme(each), object) is None:
            raise UnknownScheme(scheme_id=each.scheme_id)
        seen.add(each.scheme_id)


def _scheme(allocation: Allocation) -> str:
    """The stream of the scheme; its own module is built on this one."""
    return stream_of("scheme", allocation.scheme_id)


def _with_tranche(plan: Plan, event: PlanTrancheAssigned) -> Plan:
    assigned = dict(plan.assigned)
    for each in event.allocations:
        assigned[each.scheme_id] = Vnd(assigned.get(each.scheme_id, 0) + each.amount)
    return replace(plan, tranches=(*plan.tranches, event), assigned=assigned)


def _approved(command: RevisePlanBudget | AssignTranche, plan: Plan | None) -> Plan:
    if plan is None:
        raise UnknownPlan(budget_year=command.budget_year)
    return plan


def _begun(plan: Plan | None) -> Plan:
    if plan is None:
        raise HistoryBrokenError("a plan begins with the approval of its budget")
    return plan


PLAN: Aggregate[PlanCommand, Plan, PlanEvent] = Aggregate(
    name="plan",
    stream=lambda command: stream(command.budget_year),
    decide=decide,
    evolve=evolve,
    reads=reads,
)
