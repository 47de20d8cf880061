"""Double entry: every fact of money posts lines that balance, and none is forgotten."""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.catalogue import FACTS
from events.money import Vnd
from events.plan.facts import (
    Allocation,
    PlanBudgetApproved,
    PlanBudgetRevised,
    PlanTrancheAssigned,
)
from events.scheme import EntryCorrected
from events.scheme.facts import Ceiling
from events.vocabulary import FundingSource
from projections.accounts import STATED, Account, Posted
from projections.columns import INFINITY
from projections.commitment import commitment
from projections.posting import Posting, posting
from projections.replay import Replay
from tests.histories import History, histories
from tests.projections.facts import (
    ACCEPTED,
    ADVANCED,
    APPROVED,
    BEFORE,
    CANCELLED,
    COMMITTED,
    DISBURSED,
    PLEDGED,
    PROPOSED,
    REDUCED,
    REVERSED,
    SCHEME,
    SETTLED,
    played,
)


def postings(replay: Replay) -> list[Posting]:
    return list(replay.table(posting).values())


def balances(lines: Sequence[Posting]) -> Counter[Account]:
    found: Counter[Account] = Counter()
    for each in lines:
        found[each.account] += each.debit - each.credit
    return found


@pytest.mark.parametrize(
    ("before", "fact", "debit", "credit", "amount"),
    [
        ((), PLEDGED, Account.PLEDGED, Account.COUNTERPART, 700),
        ((), COMMITTED, Account.COMMITTED, Account.CEILING, 300),
        ((COMMITTED,), REDUCED, Account.CEILING, Account.COMMITTED, 20),
        ((COMMITTED,), CANCELLED, Account.CEILING, Account.COMMITTED, 280),
        ((COMMITTED,), ADVANCED, Account.ADVANCED, Account.COMMITTED, 100),
        ((COMMITTED,), DISBURSED, Account.DISBURSED, Account.COMMITTED, 150),
        ((COMMITTED, ADVANCED), REVERSED, Account.COMMITTED, Account.ADVANCED, 40),
        ((COMMITTED,), SETTLED, Account.SETTLED, Account.SETTLEMENT, 210),
    ],
)
def test_each_fact_debits_one_account_and_credits_another(
    before: tuple[Any, ...], fact: Any, debit: Account, credit: Account, amount: int
) -> None:
    replay = played(*BEFORE, *before, fact)
    first, second = (each for each in postings(replay) if each.position == replay.position)
    assert (first.line, first.account, first.debit, first.credit) == (1, debit, amount, 0)
    assert (second.line, second.account, second.debit, second.credit) == (2, credit, 0, amount)


def test_a_scheme_is_approved_with_a_pair_of_lines_for_every_ceiling() -> None:
    lines = postings(played(PROPOSED, APPROVED))
    assert [each.line for each in lines] == [1, 2, 3, 4]
    assert [each.budget_year for each in lines] == [2019, 2019, 2020, 2020]
    assert balances(lines) == {Account.CEILING: 1700, Account.ASSIGNED: -1700}


def test_a_plan_passes_from_the_budget_to_schemes() -> None:
    year = {"budget_year": 2019, "source": FundingSource.NATIONAL_GRANT}
    given = PlanBudgetApproved(amount=Vnd(5000), decision="QĐ 1", **year)
    less = PlanBudgetRevised(amount=Vnd(4000), decision="QĐ 2", **year)
    more = PlanBudgetRevised(amount=Vnd(4500), decision="QĐ 3", **year)
    to = (Allocation(scheme_id=SCHEME, amount=Vnd(900)),)
    assigned = PlanTrancheAssigned(tranche=1, allocations=to, decision="QĐ 4", **year)
    lines = postings(played(given, less, more, assigned, PROPOSED, APPROVED))
    assert [(e.account, e.debit, e.credit) for e in lines if e.position in {2, 3}] == [
        (Account.BUDGET, 1000, 0),
        (Account.PLAN, 0, 1000),
        (Account.PLAN, 500, 0),
        (Account.BUDGET, 0, 500),
    ]
    assert {each.scheme_id for each in lines if each.position in {1, 2, 3}} == {None}
    assert {each.scheme_id for each in lines if each.position == 4} == {SCHEME}
    of_year = balances([each for each in lines if each.budget_year == 2019])
    assert of_year == {
        Account.BUDGET: -4500,
        Account.PLAN: 3600,
        Account.ASSIGNED: 0,
        Account.CEILING: 900,
    }


def test_local_money_comes_from_its_own_budget() -> None:
    local = Ceiling(source=FundingSource.LOCAL_GRANT, budget_year=2019, amount=Vnd(70))
    lines = postings(played(PROPOSED, replace(APPROVED, ceilings=(local,))))
    assert balances(lines) == {Account.CEILING: 70, Account.BUDGET: -70}


def test_what_is_only_stated_is_not_posted() -> None:
    replay = played(*BEFORE, COMMITTED, ACCEPTED)
    assert replay.position not in {each.position for each in postings(replay)}


def test_every_fact_that_tells_of_money_is_posted_or_says_why_not() -> None:
    """Whoever adds a fact with an amount gives it its accounts, or a word in `STATED`."""
    telling = {each for each in FACTS.values() if _tells_money(each)}
    posted = set(get_args(Posted))
    assert telling - posted - STATED.keys() == set()
    assert not posted & STATED.keys()
    assert posted | {EntryCorrected} == set(posting.arms)
    assert posted | STATED.keys() <= telling


@given(
    history=histories(),
    cut=st.integers(0, 10_000),
    day=st.one_of(st.just(INFINITY), st.dates(date(2018, 1, 1), date(2026, 10, 1))),
)
@settings(max_examples=40, deadline=None)
def test_every_event_balances_so_that_all_balances_do_at_every_moment(
    history: History, cut: int, day: date
) -> None:
    replay = Replay(effective=day)
    replay.play(history.recorded[: cut % (len(history.recorded) + 1)])
    lines = postings(replay)
    for debit, credit in zip(lines[::2], lines[1::2], strict=True):
        assert (debit.position, debit.line + 1) == (credit.position, credit.line)
        assert (debit.source, debit.budget_year) == (credit.source, credit.budget_year)
        assert (debit.debit, debit.credit) == (credit.credit, credit.debit)
        assert debit.account is not credit.account
    assert balances(lines).total() == 0
    for row in replay.table(commitment).values():
        own = [each for each in lines if _of(each, row)]
        found = balances(own)
        paid = row.advanced + row.disbursed - row.reversed
        assert found[Account.ADVANCED] + found[Account.DISBURSED] == paid
        assert found[Account.COMMITTED] == row.committed - row.taken_back - paid


def _of(line: Posting, row: Any) -> bool:
    return (line.scheme_id, line.commitment_id) == (row.scheme_id, row.commitment_id)


def _tells_money(of: Any) -> bool:
    return any(each is Vnd for each in _types(of))


def _types(of: Any) -> Iterator[Any]:
    """Every type that the fields of a fact are made of."""
    if dataclasses.is_dataclass(of):
        for each in get_type_hints(of).values():
            yield from _types(each)
    elif get_args(of):
        for each in get_args(of):
            yield from _types(each)
    else:
        yield of
