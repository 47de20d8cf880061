"""What a scheme leaves over in a year is given back or carried over, never more than is free."""

from dataclasses import replace
from datetime import date

from events.books import STREAM, Books, BudgetYearIsClosed
from events.dates import FutureEffectiveDate, InvalidYear
from events.facility import FACILITY
from events.money import Figure, InvalidAmount, Vnd
from events.plan import BudgetExceeded
from events.scheme import SCHEME, SchemeNotApproved
from events.scheme.balance import (
    BalanceCarriedOver,
    CarryOverBalance,
    ReturnUnspentBalance,
    UnspentBalanceReturned,
)
from events.text import InvalidText
from events.vocabulary import FundingSource
from tests.spec import Spec, fold
from tests.world import SCHEME_ID, approved, assigned, commit, committed, pledged, proposed, weaver

NATIONAL = FundingSource.NATIONAL_GRANT
check = Spec(SCHEME, {"facility-weaver": fold(FACILITY, [weaver])})
TOP = 1_000_000_000
give_back = ReturnUnspentBalance(
    scheme_id=SCHEME_ID, source=NATIONAL, budget_year=2019, amount=Vnd(TOP - 100), reason="Dư"
)
returned = UnspentBalanceReturned(
    scheme_id=SCHEME_ID, amount=Vnd(TOP - 100), reason="Dư", source=NATIONAL, budget_year=2019
)
carry = CarryOverBalance(
    scheme_id=SCHEME_ID, source=NATIONAL, budget_year=2019, amount=Vnd(40), decision="5/QĐ-BTC"
)
carried = BalanceCarriedOver(
    scheme_id=SCHEME_ID,
    amount=Vnd(40),
    decision="5/QĐ-BTC",
    source=NATIONAL,
    budget_year=2019,
    into_year=2020,
)
STORY = [proposed, approved, assigned, pledged(300)]


def over(requested: int, headroom: int, year: int = 2019) -> BudgetExceeded:
    return BudgetExceeded(
        source=NATIONAL, budget_year=year, requested=Vnd(requested), headroom=Vnd(headroom)
    )


def test_what_is_free_is_given_back_and_no_more() -> None:
    check(given=STORY, when=give_back, then=[returned])
    more = replace(give_back, amount=Vnd(TOP + 1))
    check(given=STORY, when=more, then=over(TOP + 1, TOP))
    check(given=[*STORY, committed(101)], when=give_back, then=over(TOP - 100, TOP - 101))


def test_what_was_given_back_is_promised_to_nobody() -> None:
    check(given=[*STORY, returned], when=commit(101, id="c2"), then=over(101, 100))
    check(given=[*STORY, returned], when=give_back, then=over(TOP - 100, 100))


def test_what_is_carried_over_is_free_in_the_next_year_alone() -> None:
    check(given=[*STORY, returned], when=carry, then=[carried])
    check(given=[*STORY, returned, carried], when=commit(61, id="c2"), then=over(61, 60))
    state = fold(SCHEME, [*STORY, returned, carried])
    assert [state.headroom(NATIONAL, year) for year in (2018, 2019, 2020, 2021)] == [0, 60, 40, 0]
    on = replace(carry, budget_year=2020)
    further = replace(carried, budget_year=2020, into_year=2021)
    check(given=[*STORY, returned, carried], when=on, then=[further])
    check(given=STORY, when=on, then=over(40, 0, 2020))


def test_a_closed_year_gives_nothing_back_and_receives_nothing() -> None:
    for closed in (2019, 2020):
        books = Spec(SCHEME, {STREAM: Books(closed=frozenset({closed}))})
        books(given=STORY, when=carry, then=BudgetYearIsClosed(budget_year=closed))
    books = Spec(SCHEME, {STREAM: Books(closed=frozenset({2019}))})
    books(given=STORY, when=give_back, then=BudgetYearIsClosed(budget_year=2019))


def test_a_balance_is_an_amount_of_a_year_that_an_approved_scheme_has_left_over() -> None:
    for asked in (give_back, carry):
        unapproved = SchemeNotApproved(scheme_id=SCHEME_ID)
        check(given=[proposed], when=asked, then=unapproved)
        nothing = InvalidAmount(field="amount", amount=Figure(0))
        check(given=STORY, when=replace(asked, amount=Vnd(0)), then=nothing)
        slip = InvalidYear(field="budget_year", year=1999)
        check(given=STORY, when=replace(asked, budget_year=1999), then=slip)
        later = date(2020, 12, 1)
        tomorrow = FutureEffectiveDate(effective_on=later, today=date(2020, 11, 5))
        check(given=STORY, when=asked, then=tomorrow, on=later)
    check(given=STORY, when=replace(give_back, reason=" "), then=InvalidText(field="reason"))
    check(given=STORY, when=replace(carry, decision=" "), then=InvalidText(field="decision"))
