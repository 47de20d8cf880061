"""Moves of a random history that are about annual plans: budgets, revisions, tranches."""

from datetime import date
from random import Random

from events.books import STREAM as BOOKS
from events.books import Books, CloseBudgetYear
from events.catalogue import Command
from events.identity import PaymentId, SchemeId
from events.money import Figure, Vnd
from events.plan import Allocation, ApprovePlanBudget, AssignTranche, Plan, RevisePlanBudget
from events.scheme import Scheme
from events.scheme.balance import CarryOverBalance, ReturnUnspentBalance
from events.scheme.prior_period import AdjustPriorPeriod
from events.scheme.state import Payment
from events.targets import ReviseTarget, SetTarget
from events.vocabulary import Adjustment, FundingSource, TargetIndicator
from tests.stage import PERIOD, SCHEMES, YEARS, Cast, amount_of, any_of, part_of


def aim(random: Random, _cast: Cast) -> Command:
    return SetTarget(
        code=PERIOD,
        indicator=random.choice(list(TargetIndicator)),
        unit="đơn vị",
        value=Figure(random.randint(1, 30)),
        due=date(2020, 12, 31),
    )


def aim_again(random: Random, _cast: Cast) -> Command:
    return ReviseTarget(
        code=PERIOD,
        indicator=random.choice(list(TargetIndicator)),
        unit="đơn vị",
        value=Figure(random.randint(1, 30)),
        due=date(2020, 12, 31),
        reason="Điều chỉnh",
    )


def budget(random: Random, _cast: Cast) -> Command:
    return ApprovePlanBudget(
        budget_year=random.choice(YEARS), amount=amount_of(random, 5_000), decision="1/QĐ-BCT"
    )


def rebudget(random: Random, cast: Cast) -> Command | None:
    if not (planned := _planned(cast)):
        return None
    return RevisePlanBudget(
        budget_year=random.choice(planned), amount=amount_of(random, 5_000), decision="2/QĐ-BCT"
    )


def tranche(random: Random, cast: Cast) -> Command:
    year = random.choice(_planned(cast) or YEARS)
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


def _planned(cast: Cast) -> list[int]:
    return [year for year in YEARS if f"plan-{year}" in cast.states]


def shut_books(random: Random, cast: Cast) -> Command | None:
    """Of a year in which something was paid: else there is little to adjust."""
    if (found := any_of(random, _payments(cast))) is None:
        return None
    return CloseBudgetYear(budget_year=found[1].made.budget_year, decision="4/QĐ-BTC")


def adjust(random: Random, cast: Cast) -> Command | None:
    books = cast.states.get(BOOKS)
    closed = books.closed if isinstance(books, Books) else ()
    of_closed = {
        name: each for name, each in _payments(cast).items() if each.made.budget_year in closed
    }
    if (found := any_of(random, of_closed)) is None:
        return None
    (scheme_id, payment_id), payment = found
    return AdjustPriorPeriod(
        scheme_id=scheme_id,
        payment_id=payment_id,
        adjustment=random.choice(list(Adjustment)),
        amount=part_of(random, payment.left),
        reason="Kết luận kiểm toán",
        budget_year=2022,
    )


def balance(random: Random, cast: Cast) -> Command | None:
    scheme_id, scheme = cast.scheme(random)
    source, year = random.choice(list(FundingSource)), random.choice(YEARS)
    if scheme is None or (free := scheme.headroom(source, year)) <= 0:
        return None
    amount = Vnd(max(1, free // random.randint(2, 20)))
    if random.random() < 0.5:
        return ReturnUnspentBalance(
            scheme_id=scheme_id, source=source, budget_year=year, amount=amount, reason="Dư"
        )
    return CarryOverBalance(
        scheme_id=scheme_id, source=source, budget_year=year, amount=amount, decision="5/QĐ"
    )


def _payments(cast: Cast) -> dict[tuple[SchemeId, PaymentId], Payment]:
    return {
        (scheme_id, name): payment
        for scheme_id in SCHEMES
        if isinstance(scheme := cast.states.get(f"scheme-{scheme_id}"), Scheme)
        for name, payment in scheme.payments.items()
    }
