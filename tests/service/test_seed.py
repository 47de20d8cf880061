"""The seeded stories, decided in memory: every command is admitted, and the sums are exact."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from events.catalogue import Command
from events.codec import fingerprint
from events.envelope import Order
from events.facility import FacilityRegistered, RegisterFacility
from events.ledger import Ledger
from events.log import IdempotencyMismatch
from events.organisation import CentreTerritorySet
from events.scheme import (
    AdvancePaid,
    BeneficiaryAssigned,
    CommitmentReduced,
    CounterpartPledged,
    DisbursementPaid,
    PaymentReversed,
    SchemeApproved,
    SchemeProposed,
    SettlementApproved,
    SupportCommitted,
)
from events.source import ReportedFigureRecorded
from events.vocabulary import Measure, SchemeClass
from service.seed import bulk, evaluation, load
from service.seed.actors import SEEDER
from service.seed.fund import Fund
from tests.histories import Memory

TODAY = date(2026, 11, 24)
STATED = {
    "OpenPeriod",
    "RegisterOrganisation",
    "SetCentreTerritory",
    "RecordReportedFigure",
}


def decided(orders: Iterable[Order[Command]]) -> list[object]:
    """The facts that follow, each command meeting what was recorded before it and by whom."""
    memory = Memory()
    facts: list[object] = []
    for order in orders:
        (caused,) = memory.ask(order, TODAY)
        facts.append(caused.fact)
    return facts


def test_the_evaluation_adds_up_to_the_reported_total_to_the_dong() -> None:
    facts = decided(evaluation.orders())
    plus = sum(each.amount for each in facts if isinstance(each, CounterpartPledged))
    plus += sum(each.amount for each in facts if isinstance(each, SupportCommitted))
    minus = sum(each.amount for each in facts if isinstance(each, CommitmentReduced))
    assert plus - minus == 181_946_900_000
    assert [each.value for each in facts if isinstance(each, ReportedFigureRecorded)] == [
        181_946_900_000, 3, 63, 9, 28,
    ]  # fmt: skip


def test_the_evaluation_has_its_63_facilities_in_9_of_28_provinces_and_3_schemes() -> None:
    facts = decided(evaluation.orders())
    assigned = [each for each in facts if isinstance(each, BeneficiaryAssigned)]
    assert len({each.facility_id for each in assigned}) == len(assigned) == 63
    assert len({each.province for each in assigned}) == 9
    assert sum(isinstance(each, SchemeApproved) for each in facts) == 3
    (territory,) = (each for each in facts if isinstance(each, CentreTerritorySet))
    assert len(territory.provinces) == 28
    assert {each.province for each in assigned} < set(territory.provinces)


def test_one_payment_of_the_evaluation_was_reversed_and_one_commitment_reduced() -> None:
    facts = decided(evaluation.orders())
    assert sum(isinstance(each, PaymentReversed) for each in facts) == 1
    assert sum(isinstance(each, CommitmentReduced) for each in facts) == 1


def test_what_the_article_does_not_state_is_marked_synthetic() -> None:
    for order in evaluation.orders():
        assert order.synthetic is (type(order.command).__name__ not in STATED)


def test_every_effective_date_lies_in_the_period() -> None:
    for order in evaluation.orders():
        assert date(2018, 1, 1) <= order.effective_on <= date(2020, 12, 31)


def test_the_evaluation_is_the_same_story_every_time() -> None:
    first, second = list(evaluation.orders()), list(evaluation.orders())
    assert first == second
    assert len({order.command_id for order in first}) == len(first)


class Told:
    """A ledger in which an earlier release told the story, when one actor did everything."""

    def __init__(self) -> None:
        old = (replace(order, actor=SEEDER) for order in evaluation.orders())
        self.known = {order.command_id: fingerprint(order) for order in old}

    async def handle(self, order: Order[Command]) -> Any:
        if self.known[order.command_id] != fingerprint(order):
            raise IdempotencyMismatch(command_id=order.command_id)
        return SimpleNamespace(repeated=True)


async def test_an_evaluation_that_an_earlier_release_recorded_is_not_told_again() -> None:
    assert await evaluation.record(cast("Ledger", Told())) == 0


def test_everyone_in_the_evaluation_does_his_own_part() -> None:
    invented = {order.actor.id for order in evaluation.orders() if order.synthetic}
    assert len(invented - {SEEDER.id}) == 5
    assert {order.actor for order in evaluation.orders() if not order.synthetic} == {SEEDER}


def test_the_reported_figures_stand_in_the_excerpt_that_is_hashed() -> None:
    excerpt = evaluation.CLAIMS.read_text(encoding="utf-8")
    for measure, _, quote in evaluation.FIGURES:
        assert quote in excerpt, measure
    assert {measure for measure, _, _ in evaluation.FIGURES} == set(Measure)


def test_every_order_of_a_large_ledger_causes_one_event() -> None:
    planned = load.plan(8_000, seed=7)
    facts = decided(islice(chain.from_iterable(chains(planned)), 8_000))
    assert len(facts) == 8_000


def test_a_large_ledger_reaches_all_63_provinces_and_has_5000_facilities() -> None:
    for events in (100_000, load.EVENTS_MAX):
        assert load.plan(events, seed=1).facilities >= 5_000
    registered = [bulk.facility(1, number)[0].command for number in range(63)]
    places = {each.province for each in registered if isinstance(each, RegisterFacility)}
    assert len(places) == 63


def test_a_large_ledger_follows_from_its_seed_alone() -> None:
    def some(seed: int) -> list[Order[Command]]:
        return list(islice(chain.from_iterable(chains(load.plan(3_000, seed))), 3_000))

    assert some(1) == some(1)
    assert {order.command_id for order in some(1)[3:]}.isdisjoint(
        order.command_id for order in some(2)[3:]
    )


def test_there_are_always_enough_orders_for_the_events_that_were_asked_for() -> None:
    for events in (1, 3, 10, 500, 5_000):
        whole = chain.from_iterable(chains(load.plan(events, seed=1)))
        assert len(list(islice(whole, events))) == events


FUND = Fund(facilities=60, schemes=9, commitments=500, seed=3)


def test_a_fund_has_the_shape_it_was_told_and_every_order_causes_one_event() -> None:
    facts = decided(chain.from_iterable(chains(FUND)))
    assert len(facts) == FUND.events
    counted = Counter(type(fact) for fact in facts)
    assert counted[FacilityRegistered] == 60
    assert counted[SchemeProposed] == counted[SchemeApproved] == 9
    assert counted[SupportCommitted] == counted[AdvancePaid] == 500
    assert counted[AdvancePaid] + counted[DisbursementPaid] == 3 * 500


def test_a_fund_has_something_to_filter_by_and_to_group() -> None:
    facts = decided(chain.from_iterable(chains(FUND)))
    promised = [fact for fact in facts if isinstance(fact, SupportCommitted)]
    assert len({fact.source for fact in promised}) == 2
    assert len({fact.budget_year for fact in promised}) > 3
    assert len({fact.activity for fact in promised}) == 5
    classes = {fact.scheme_class for fact in facts if isinstance(fact, SchemeProposed)}
    assert classes == set(SchemeClass)
    settled = sum(isinstance(fact, SettlementApproved) for fact in facts)
    assert 0 < settled < len(promised)


def test_a_fund_follows_from_its_seed_alone_and_grows_by_its_parameters() -> None:
    assert list(chains(FUND)) == list(chains(FUND))
    tenfold = Fund(facilities=600, schemes=90, commitments=5_000, seed=3)
    assert sum(map(len, chains(tenfold))) == tenfold.events > 9 * FUND.events


class Faltering:
    """A ledger that is out of reach every third time; it carries an order out once."""

    def __init__(self) -> None:
        self.asked = 0
        self.recorded: list[UUID] = []

    async def handle(self, order: Order[Command]) -> None:
        self.asked += 1
        if self.asked % 3 == 0:
            raise TimeoutError
        self.recorded.append(order.command_id)


async def test_a_large_ledger_is_recorded_past_a_moment_of_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(load, "PAUSES_SECONDS", (0.0, 0.0))
    faltering, planned = Faltering(), load.plan(200, seed=1)
    done = await load.record(cast("Ledger", faltering), planned, lambda _: None, callers=2)
    assert done == len(set(faltering.recorded)) == len(faltering.recorded) == 200
    assert faltering.asked > 200


def chains(planned: load.Planned) -> Iterable[bulk.Chain]:
    """Every chain of a plan, one after the other."""
    return chain.from_iterable(planned.stages())
