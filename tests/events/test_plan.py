"""An annual plan: budgets replace, tranches add and stay within, ceilings stay within tranches."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from uuid import uuid4

import asyncpg
import pytest

from events.appender import Appender
from events.catalogue import Command
from events.dates import InvalidYear
from events.envelope import Order
from events.identity import SchemeId
from events.ledger import Ledger
from events.log import Log
from events.money import Figure, InvalidAmount, Vnd
from events.organisation import RegisterOrganisation
from events.period import OpenPeriod
from events.plan import (
    PLAN,
    Allocation,
    AllocationMissing,
    AllocationRepeated,
    ApprovePlanBudget,
    AssignTranche,
    BudgetExceeded,
    PlanBudgetApproved,
    PlanBudgetRevised,
    PlanDiffers,
    PlanTrancheAssigned,
    RevisePlanBudget,
    TrancheDiffers,
    TrancheOutOfOrder,
    UnknownPlan,
    UnknownScheme,
)
from events.rules import Refusal
from events.scheme import SCHEME, ApproveScheme, Ceiling, ProposeScheme, Scheme, SchemeApproved
from events.text import InvalidText
from events.vocabulary import Activity, FundingSource, OrganisationKind, SchemeClass
from tests.actors import actor_of
from tests.spec import Spec, fold
from tests.world import CENTRE, PERIOD_CODE, SCHEME_ID, approved, opened, proposed

NATIONAL = FundingSource.NATIONAL_GRANT
OTHER = SchemeId("mechanics")

approve = ApprovePlanBudget(budget_year=2019, amount=Vnd(1_000), decision="1/QĐ-BCT")
budgeted = PlanBudgetApproved(
    budget_year=2019, amount=Vnd(1_000), decision="1/QĐ-BCT", source=NATIONAL
)
revise = RevisePlanBudget(budget_year=2019, amount=Vnd(800), decision="2/QĐ-BCT")
revised = PlanBudgetRevised(budget_year=2019, amount=Vnd(800), decision="2/QĐ-BCT", source=NATIONAL)
check = Spec(PLAN, {f"scheme-{each}": Scheme(proposal=proposed) for each in (SCHEME_ID, OTHER)})


def assign(amount: int, *, tranche: int = 1, scheme_id: SchemeId = SCHEME_ID) -> AssignTranche:
    return AssignTranche(
        budget_year=2019,
        tranche=tranche,
        allocations=(Allocation(scheme_id=scheme_id, amount=Vnd(amount)),),
        decision=f"{tranche}/QĐ-CTĐP",
    )


def tranche(amount: int, *, tranche: int = 1) -> PlanTrancheAssigned:
    asked = assign(amount, tranche=tranche)
    return PlanTrancheAssigned(
        budget_year=2019,
        tranche=tranche,
        allocations=asked.allocations,
        decision=asked.decision,
        source=NATIONAL,
    )


def over(requested: int, headroom: int) -> BudgetExceeded:
    return BudgetExceeded(
        source=NATIONAL, budget_year=2019, requested=Vnd(requested), headroom=Vnd(headroom)
    )


def test_a_budget_is_approved_once() -> None:
    check(given=[], when=approve, then=[budgeted])
    check(given=[budgeted], when=approve, then=[])
    other = replace(approve, amount=Vnd(2_000))
    check(given=[budgeted], when=other, then=PlanDiffers(budget_year=2019))


def test_a_revision_replaces_the_budget_and_is_never_added_to_it() -> None:
    check(given=[budgeted], when=revise, then=[revised])
    check(given=[budgeted, revised], when=revise, then=[])
    check(given=[budgeted, revised], when=assign(801), then=over(801, 800))
    check(given=[budgeted, revised], when=assign(800), then=[tranche(800)])


def test_a_revision_leaves_what_is_assigned() -> None:
    check(given=[budgeted, tranche(900)], when=revise, then=over(900, 800))
    check(given=[budgeted, tranche(800)], when=revise, then=[revised])


def test_tranches_together_stay_within_the_budget() -> None:
    check(given=[budgeted, tranche(600)], when=assign(401, tranche=2), then=over(401, 400))
    second = tranche(400, tranche=2)
    check(given=[budgeted, tranche(600)], when=assign(400, tranche=2), then=[second])


def test_tranches_follow_one_another_from_the_first() -> None:
    check(
        given=[budgeted],
        when=assign(10, tranche=2),
        then=TrancheOutOfOrder(budget_year=2019, tranche=2, following=1),
    )
    check(
        given=[budgeted, tranche(10)],
        when=assign(10, tranche=0),
        then=TrancheOutOfOrder(budget_year=2019, tranche=0, following=2),
    )


def test_a_tranche_is_assigned_once() -> None:
    check(given=[budgeted, tranche(10)], when=assign(10), then=[])
    differs = TrancheDiffers(budget_year=2019, tranche=1)
    check(given=[budgeted, tranche(10)], when=assign(11), then=differs)


def test_a_tranche_names_schemes_that_were_proposed_each_once() -> None:
    nobodys = replace(assign(10), allocations=())
    missing = AllocationMissing(budget_year=2019, tranche=1)
    check(given=[budgeted], when=nobodys, then=missing)
    unknown = SchemeId("unknown")
    refused = UnknownScheme(scheme_id=unknown)
    check(given=[budgeted], when=assign(10, scheme_id=unknown), then=refused)
    (once,) = assign(10).allocations
    twice = replace(assign(10), allocations=(once, once))
    check(given=[budgeted], when=twice, then=AllocationRepeated(scheme_id=SCHEME_ID))


def test_without_a_budget_nothing_is_revised_or_assigned() -> None:
    for asked in (revise, assign(10)):
        check(given=[], when=asked, then=UnknownPlan(budget_year=2019))


def test_a_budget_is_an_amount_of_a_year_by_a_decision() -> None:
    slip = replace(approve, budget_year=20019)
    check(given=[], when=slip, then=InvalidYear(field="budget_year", year=20019))
    nothing = InvalidAmount(field="amount", amount=Figure(0))
    check(given=[], when=replace(approve, amount=Vnd(0)), then=nothing)
    check(given=[budgeted], when=replace(revise, amount=Vnd(0)), then=nothing)
    none = InvalidAmount(field="allocation", amount=Figure(0))
    check(given=[budgeted], when=assign(0), then=none)
    unnamed = InvalidText(field="decision")
    check(given=[], when=replace(approve, decision=" "), then=unnamed)
    check(given=[budgeted], when=replace(revise, decision=" "), then=unnamed)
    check(given=[budgeted], when=replace(assign(10), decision=" "), then=unnamed)


def ceilings(amount: int, source: FundingSource = NATIONAL) -> ApproveScheme:
    return ApproveScheme(
        scheme_id=SCHEME_ID,
        ceilings=(Ceiling(source=source, budget_year=2019, amount=Vnd(amount)),),
        legal_regime=approved.legal_regime,
    )


def approval(asked: ApproveScheme) -> SchemeApproved:
    return SchemeApproved(
        scheme_id=SCHEME_ID, ceilings=asked.ceilings, legal_regime=approved.legal_regime
    )


def test_ceilings_of_the_national_grant_stay_within_what_the_plan_assigns() -> None:
    plan = fold(PLAN, [budgeted, tranche(300), tranche(200, tranche=2)])
    of_scheme = Spec(SCHEME, {"plan-2019": plan})
    of_scheme(given=[proposed], when=ceilings(501), then=over(501, 500))
    of_scheme(given=[proposed], when=ceilings(500), then=[approval(ceilings(500))])
    local = ceilings(501, FundingSource.LOCAL_GRANT)
    of_scheme(given=[proposed], when=local, then=[approval(local)])


def test_a_scheme_that_no_tranche_names_has_nothing_of_a_year_with_a_plan() -> None:
    of_scheme = Spec(SCHEME, {"plan-2019": fold(PLAN, [budgeted])})
    of_scheme(given=[proposed], when=ceilings(1), then=over(1, 0))


def test_a_year_without_a_plan_binds_nobody() -> None:
    Spec(SCHEME)(given=[proposed], when=ceilings(10**9), then=[approval(ceilings(10**9))])


@pytest.fixture
async def ledgers(
    pool: "asyncpg.Pool[asyncpg.Record]", database_url: str
) -> AsyncIterator[tuple[Ledger, Ledger]]:
    """Two processes of the service over one log, each with a memory of its own."""
    async with Appender(database_url) as one, Appender(database_url) as other:
        yield Ledger(Log(pool), one), Ledger(Log(pool), other)


def order(command: Command, on: date = date(2019, 1, 15)) -> Order[Command]:
    return Order(
        command=command,
        command_id=uuid4(),
        effective_on=on,
        actor=actor_of(type(command)),
    )


async def begun(ledger: Ledger, *commands: Command) -> None:
    """A period, a centre and two proposed schemes, and what else is told."""
    propose = ProposeScheme(
        scheme_id=SCHEME_ID,
        period=PERIOD_CODE,
        title=proposed.title,
        scheme_class=SchemeClass.NORMAL,
        contents=(Activity.CONSULTANCY,),
        starts_on=proposed.starts_on,
        ends_on=proposed.ends_on,
        implementer=CENTRE,
    )
    for each in (
        OpenPeriod(code=PERIOD_CODE, name="GĐ", starts_on=opened.starts_on, ends_on=opened.ends_on),
        RegisterOrganisation(
            organisation_id=CENTRE, name="Trung tâm", kind=OrganisationKind.CENTRE
        ),
        propose,
        replace(propose, scheme_id=OTHER),
        approve,
        *commands,
    ):
        await ledger.handle(order(each))


async def raced(*asked: tuple[Ledger, Command], on: date = date(2019, 1, 15)) -> list[object]:
    """What each was answered: the names of its facts, or its refusal."""
    orders = (ledger.handle(order(command, on)) for ledger, command in asked)
    answers = await asyncio.gather(*orders, return_exceptions=True)
    return [
        each if isinstance(each, BaseException) else [fact.type for fact in each.facts]
        for each in answers
    ]


async def test_two_tranches_that_race_for_one_plan_do_not_both_get_it(
    ledgers: tuple[Ledger, Ledger],
) -> None:
    one, other = ledgers
    await begun(one)
    answers = await raced((one, assign(700)), (other, assign(700, scheme_id=OTHER)))
    told = [each for each in answers if not isinstance(each, Refusal)]
    assert told == [["PlanTrancheAssigned"]]
    assert [each for each in answers if isinstance(each, TrancheDiffers)]
    again = await raced((one, assign(700, tranche=2)), (other, assign(300, tranche=2)))
    assert again.count(["PlanTrancheAssigned"]) <= 1
    assert over(700, 300) in again or TrancheDiffers(budget_year=2019, tranche=2) in again


async def test_an_approval_that_races_with_a_revision_sees_the_one_that_came_first(
    ledgers: tuple[Ledger, Ledger], pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    """Whoever wins: the ceiling stays within the tranche, and the tranche within the budget."""
    one, other = ledgers
    await begun(one, assign(800))
    answers = await raced((one, ceilings(800)), (other, revise), (other, assign(100, tranche=2)))
    assert answers[:2] == [["SchemeApproved"], ["PlanBudgetRevised"]] or over(900, 800) in answers
    plan = fold(PLAN, [each.fact for each in await Log(pool).stream("plan-2019")])
    assert plan.left >= 0
    assert plan.assigned[SCHEME_ID] == 800


async def test_a_first_plan_that_races_with_an_approval_is_not_overlooked(
    ledgers: tuple[Ledger, Ledger], pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    """A scheme is approved before its year has a plan, or within what that plan assigns."""
    one, other = ledgers
    await begun(one)
    of_2018 = replace(approve, budget_year=2018)
    early = replace(
        ceilings(5), ceilings=(Ceiling(source=NATIONAL, budget_year=2018, amount=Vnd(5)),)
    )
    answers = await raced((one, early), (other, of_2018))
    (planned,) = await Log(pool).stream("plan-2018")
    stood = [each for each in await Log(pool).stream(f"scheme-{SCHEME_ID}") if each.version == 2]
    refused = BudgetExceeded(source=NATIONAL, budget_year=2018, requested=Vnd(5), headroom=Vnd(0))
    assert refused in answers or stood[0].position < planned.position
