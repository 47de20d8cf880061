"""One cost item of a facility has state money from one source, and a scheme holds what it has."""

from dataclasses import replace

from events.facility import FACILITY
from events.money import Vnd
from events.scheme import SCHEME, Ceiling, CommitSupport, DoubleFunding, SupportCommitted
from events.scheme.funding import key_of
from events.vocabulary import FundingSource
from tests.events.test_scheme_taking_back import cancelled
from tests.spec import Spec, fold
from tests.world import WEAVER, approved, assigned, commit, committed, pledged, proposed, weaver

CEILINGS = (
    *approved.ceilings,
    Ceiling(source=FundingSource.LOCAL_GRANT, budget_year=2019, amount=Vnd(1_000)),
)
READY = [proposed, replace(approved, ceilings=CEILINGS), assigned, pledged(1_000)]
check = Spec(SCHEME, {"facility-weaver": fold(FACILITY, [weaver])})
OTHER = commit(50, id="c2", source=FundingSource.LOCAL_GRANT)


def promised(of: CommitSupport) -> SupportCommitted:
    return replace(
        committed(of.amount, id=of.commitment_id), cost_item=of.cost_item, source=of.source
    )


def test_a_cost_item_has_state_money_from_one_source() -> None:
    given = [*READY, committed(50)]
    double = DoubleFunding(facility_id=WEAVER, cost_item="Máy dệt kim")
    check(given=given, when=OTHER, then=double)
    assert "TT 28/2018/TT-BTC" in double.rule
    spelled = replace(OTHER, cost_item="máy  DỆT kim")
    shown = DoubleFunding(facility_id=WEAVER, cost_item="máy  DỆT kim")
    check(given=given, when=spelled, then=shown)


def test_another_item_the_same_source_and_what_was_cancelled_are_no_double_funding() -> None:
    given = [*READY, committed(50)]
    another = replace(OTHER, cost_item="Máy may")
    check(given=given, when=another, then=[promised(another)])
    more = commit(50, id="c2")
    check(given=given, when=more, then=[promised(more)])
    check(given=[*given, cancelled(50)], when=OTHER, then=[promised(OTHER)])


def test_a_scheme_holds_what_it_supports_until_it_is_cancelled() -> None:
    assert set(SCHEME.holds(None)) == set()
    supported = fold(SCHEME, [*READY, committed(50)])
    assert set(SCHEME.holds(supported)) == {"cost-item:weaver:may det kim"}
    assert set(SCHEME.holds(fold(SCHEME, [*READY, committed(50), cancelled(50)]))) == set()


def test_a_long_item_has_a_short_key_of_its_own() -> None:
    long = key_of(WEAVER, "máy " * 900)
    assert len(long) < 300
    assert long != key_of(WEAVER, "máy " * 901)
