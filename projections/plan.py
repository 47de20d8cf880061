"""Annual plans (kế hoạch năm): budgets as they stand, how they came to, and what is assigned."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.money import Vnd
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanBudgetApproved, PlanBudgetRevised, PlanTrancheAssigned
from events.policy import PolicyEvent
from events.scheme.facts import SchemeEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.vocabulary import FundingSource
from projections.projection import Key, Projection


class Plan(NamedTuple):
    """The plan of one year as it stands. Stocks, in đồng."""

    budget_year: int
    source: FundingSource
    original: Vnd
    amount: Vnd
    change: Vnd
    """What the last decision added to the budget; below 0, what it took."""
    assigned: Vnd
    approved_on: date
    synthetic: bool


class Budget(NamedTuple):
    """What was said of the budget of a year, once: the approval, or a revision."""

    budget_year: int
    position: int
    amount: Vnd
    decision: str
    decided_on: date
    synthetic: bool


class Tranche(NamedTuple):
    """One tranche of a year's plan."""

    budget_year: int
    tranche: int
    amount: Vnd
    decision: str
    assigned_on: date
    synthetic: bool


class Allocation(NamedTuple):
    """What one tranche assigns to one scheme."""

    budget_year: int
    tranche: int
    scheme_id: SchemeId
    amount: Vnd
    synthetic: bool


def _approved(event: Recorded[PlanBudgetApproved]) -> Plan:
    fact = event.fact
    return Plan(
        budget_year=fact.budget_year,
        source=fact.source,
        original=fact.amount,
        amount=fact.amount,
        change=fact.amount,
        assigned=Vnd(0),
        approved_on=event.effective_on,
        synthetic=event.synthetic,
    )


def _revised(row: Plan, event: Recorded[PlanBudgetRevised]) -> Plan:
    amount = event.fact.amount
    return row._replace(amount=amount, change=Vnd(amount - row.amount))


def _assigned(row: Plan, event: Recorded[PlanTrancheAssigned]) -> Plan:
    return row._replace(assigned=Vnd(row.assigned + _sum(event.fact)))


def _budget(event: Recorded[PlanBudgetApproved] | Recorded[PlanBudgetRevised]) -> Budget:
    fact = event.fact
    return Budget(
        budget_year=fact.budget_year,
        position=event.position,
        amount=fact.amount,
        decision=fact.decision,
        decided_on=event.effective_on,
        synthetic=event.synthetic,
    )


def _tranche(event: Recorded[PlanTrancheAssigned]) -> Tranche:
    fact = event.fact
    return Tranche(
        budget_year=fact.budget_year,
        tranche=fact.tranche,
        amount=_sum(fact),
        decision=fact.decision,
        assigned_on=event.effective_on,
        synthetic=event.synthetic,
    )


def _allocations(event: Recorded[PlanTrancheAssigned]) -> tuple[Allocation, ...]:
    return tuple(
        Allocation(
            budget_year=event.fact.budget_year,
            tranche=event.fact.tranche,
            scheme_id=each.scheme_id,
            amount=each.amount,
            synthetic=event.synthetic,
        )
        for each in event.fact.allocations
    )


def _each_allocation(event: Recorded[PlanTrancheAssigned]) -> Iterator[Key]:
    for each in event.fact.allocations:
        yield event.fact.budget_year, event.fact.tranche, each.scheme_id


def _by_position(
    event: Recorded[PlanBudgetApproved] | Recorded[PlanBudgetRevised],
) -> tuple[Key]:
    return ((event.fact.budget_year, event.position),)


def _sum(fact: PlanTrancheAssigned) -> Vnd:
    return Vnd(sum(each.amount for each in fact.allocations))


_OTHERS = (
    PeriodEvent,
    OrganisationEvent,
    FacilityEvent,
    SchemeEvent,
    SourceEvent,
    EvaluationEvent,
    MandateEvent,
    MaintenanceEvent,
    SigningEvent,
    BooksEvent,
    PolicyEvent,
    GeographyEvent,
)

plan = Projection(
    row=Plan,
    version=1,
    key=("budget_year",),
    is_fresh=True,
    opens={PlanBudgetApproved: _approved},
    changes={PlanBudgetRevised: _revised, PlanTrancheAssigned: _assigned},
    ignores=_OTHERS,
)

budget = Projection(
    row=Budget,
    version=1,
    key=("budget_year", "position"),
    is_fresh=True,
    opens={PlanBudgetApproved: _budget, PlanBudgetRevised: _budget},
    keys=dict.fromkeys((PlanBudgetApproved, PlanBudgetRevised), _by_position),
    ignores=(PlanTrancheAssigned, *_OTHERS),
)

tranche = Projection(
    row=Tranche,
    version=1,
    key=("budget_year", "tranche"),
    is_fresh=True,
    opens={PlanTrancheAssigned: _tranche},
    ignores=(PlanBudgetApproved, PlanBudgetRevised, *_OTHERS),
)

allocation = Projection(
    row=Allocation,
    version=1,
    key=("budget_year", "tranche", "scheme_id"),
    is_fresh=True,
    spreads={PlanTrancheAssigned: _allocations},
    keys={PlanTrancheAssigned: _each_allocation},
    ignores=(PlanBudgetApproved, PlanBudgetRevised, *_OTHERS),
    lookups=(("scheme_id",),),
)
