"""Moves of a random history that are about annual plans: budgets, revisions, tranches."""

from random import Random

from events.catalogue import Command
from events.plan import Allocation, ApprovePlanBudget, AssignTranche, Plan, RevisePlanBudget
from tests.stage import SCHEMES, YEARS, Cast, amount_of


def budget(random: Random, _cast: Cast) -> Command:
    return ApprovePlanBudget(
        budget_year=random.choice(YEARS), amount=amount_of(random, 5_000), decision="1/QĐ-BCT"
    )


def rebudget(random: Random, _cast: Cast) -> Command:
    return RevisePlanBudget(
        budget_year=random.choice(YEARS), amount=amount_of(random, 5_000), decision="2/QĐ-BCT"
    )


def tranche(random: Random, cast: Cast) -> Command:
    year = random.choice(YEARS)
    plan = cast.states.get(f"plan-{year}")
    chosen = random.sample(SCHEMES, random.randint(1, len(SCHEMES)))
    return AssignTranche(
        budget_year=year,
        tranche=len(plan.tranches) + 1 if isinstance(plan, Plan) else 1,
        allocations=tuple(
            Allocation(scheme_id=each, amount=amount_of(random, 400)) for each in chosen
        ),
        decision="3/QĐ-CTĐP",
    )
