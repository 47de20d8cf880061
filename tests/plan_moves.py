"""Moves of a random history that are about annual plans: budgets, revisions, tranches."""

from random import Random

from events.books import STREAM as BOOKS
from events.books import Books, CloseBudgetYear
from events.catalogue import Command
from events.plan import Allocation, ApprovePlanBudget, AssignTranche, Plan, RevisePlanBudget
from events.scheme import AdjustPriorPeriod
from events.vocabulary import Adjustment
from tests.stage import SCHEMES, YEARS, Cast, amount_of, any_of, part_of


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


def shut_books(_random: Random, _cast: Cast) -> Command:
    return CloseBudgetYear(budget_year=YEARS[0], decision="4/QĐ-BTC")


def adjust(random: Random, cast: Cast) -> Command | None:
    books = cast.states.get(BOOKS)
    scheme_id, scheme = cast.scheme(random)
    closed = books.closed if isinstance(books, Books) else ()
    payments = (
        {name: each for name, each in scheme.payments.items() if each.made.budget_year in closed}
        if scheme
        else None
    )
    if (found := any_of(random, payments)) is None:
        return None
    return AdjustPriorPeriod(
        scheme_id=scheme_id,
        payment_id=found[0],
        adjustment=random.choice(list(Adjustment)),
        amount=part_of(random, found[1].left),
        reason="Kết luận kiểm toán",
        budget_year=2021,
    )
