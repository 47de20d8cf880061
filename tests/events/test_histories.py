"""Random valid histories are valid, tell of everything, and keep the identities of the fund."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings

from events.books import BudgetYearClosed
from events.catalogue import FACTS, RETIRED, aggregate_of_stream, members
from events.evaluation import AuditFindingRecorded, EvaluationConferenceHeld
from events.facility import Facility
from events.maintenance import MaintenanceEvent
from events.mandate import MandateProposed
from events.mergers import GeographyEvent
from events.policy import PolicyEvent
from events.rules import AlreadyReserved, HistoryBrokenError
from events.scheme import Scheme
from events.signing import SigningEvent
from events.vocabulary import FundingSource
from tests.histories import TODAY, UNHURRIED, History, Memory, histories, tell


def replayed(history: History) -> dict[str, object]:
    states: dict[str, object] = {}
    for each in history.recorded:
        evolve = aggregate_of_stream(each.stream).evolve
        states[each.stream] = evolve(states.get(each.stream), each.fact)
    return states


def test_the_same_seed_tells_the_same_history() -> None:
    assert tell(Random(3), 80) == tell(Random(3), 80)


def test_histories_tell_of_every_fact() -> None:
    told = Counter(each.type for seed in range(100) for each in tell(Random(seed), 300).recorded)
    # Nobody of the fund opens a window, or makes a key.
    untold = (*members(MaintenanceEvent), *members(SigningEvent), *RETIRED)
    assert told.keys() == FACTS.keys() - {each.__name__ for each in untold}


def test_histories_record_late_entries_and_entries_after_the_mergers() -> None:
    recorded = tell(Random(1), 200).recorded
    days = [each.effective_on for each in recorded]
    assert days != sorted(days)
    assert max(days).year >= 2025
    assert max(days) <= TODAY


@settings(UNHURRIED, max_examples=30)
@given(histories())
def test_versions_and_positions_have_no_gap(history: History) -> None:
    assert [each.position for each in history.recorded] == [
        place + 1 for place in range(len(history.recorded))
    ]
    versions: Counter[str] = Counter()
    for each in history.recorded:
        versions[each.stream] += 1
        assert each.version == versions[each.stream]


@settings(UNHURRIED, max_examples=30)
@given(histories())
def test_every_scheme_keeps_its_money_identities(history: History) -> None:
    for scheme in replayed(history).values():
        if not isinstance(scheme, Scheme):
            continue
        for commitment_id, commitment in scheme.commitments.items():
            most = commitment.promise.amount + commitment.received
            assert 0 <= commitment.net_paid <= commitment.left <= most
            assert scheme.recoveries.received(commitment_id) <= commitment.net_paid
        for payment in scheme.payments.values():
            assert 0 <= payment.left <= payment.made.amount
        for source in FundingSource:
            for year in (2018, 2019, 2020):
                assert scheme.headroom(source, year) >= 0


@settings(UNHURRIED, max_examples=20)
@given(histories())
def test_asking_a_whole_history_again_finds_it_consistent(history: History) -> None:
    """Every order is accepted again, in its order, by a ledger that starts from nothing."""
    memory = Memory()
    for order in history.orders:
        memory.ask(order)
    assert [each.fact for each in memory.recorded] == [each.fact for each in history.recorded]


def test_one_tax_code_is_held_by_one_facility() -> None:
    memory = Memory()
    history = tell(Random(5), 60)
    for order in history.orders:
        memory.ask(order)
    holders = [
        each
        for each in memory.states.values()
        if isinstance(each, Facility) and each.registration.tax_code
    ]
    assert holders
    memory.states = {k: v for k, v in memory.states.items() if not k.startswith("facility-")}
    again = next(
        each
        for each in history.orders
        if getattr(each.command, "tax_code", None) == holders[0].registration.tax_code
    )
    with pytest.raises(AlreadyReserved):
        memory.ask(again)


_BEGIN_ANYWHERE = {
    each.__name__ for each in (*members(PolicyEvent), *members(GeographyEvent), BudgetYearClosed)
}
"""Reference data: the ledger ships with what they come on top of."""
_BEGIN_ANYWHERE = {
    each.__name__
    for each in (
        *members(PolicyEvent),
        *members(GeographyEvent),
        EvaluationConferenceHeld,
        AuditFindingRecorded,
        MandateProposed,
    )
}
"""Reference data, which the ledger ships with; an evaluation, which any of two begins; a role."""


@pytest.mark.parametrize("seed", range(3))
def test_a_stream_that_lost_its_beginning_is_a_broken_history(seed: int) -> None:
    for each in tell(Random(seed), 100).recorded:
        if each.version > 1 and each.type not in _BEGIN_ANYWHERE:
            with pytest.raises(HistoryBrokenError):
                aggregate_of_stream(each.stream).evolve(None, each.fact)
