"""Moments: what waits, what nests, and which answers never change."""

import asyncio
from typing import Any

import pytest

from schema import context
from service.runtime import Runtime
from tests.schema.answers import answered, refused
from tests.schema.conftest import Ask
from tests.schema.desk import Desk
from tests.schema.plans import plan_of

FIXED = (
    "{ asOf(position: 100) { facilities { nodes { name commitments { totalCount } } } } }",
    "{ asOf(position: 100) { ledger { position } totals { total events { totalCount } } } }",
    '{ asOf(position: 100) { asOf(effectiveOn: "2019-01-01") { schemes { nodes { code } } } } }',
    "{ asOf(position: 9) { event(position: 3) { leaf } } }",
    "{ a: asOf(position: 9) { entries { totalCount } } b: asOf(position: 3) { totals { total } } }",
    "{ asOf(position: 100) { diff(from: 50) { flow { total } before { totals { total } } } } }",
)
MOVING = (
    "{ sectors { code name } }",  # reference tables are corrected by a release
    "{ facilities { totalCount } }",
    "{ ledger { position } }",
    '{ asOf(effectiveOn: "2019-01-01") { facilities { totalCount } } }',
    '{ asOf(recordedAt: "2020-01-01T00:00:00Z") { facilities { totalCount } } }',
    "{ a: asOf(position: 9) { entries { totalCount } } facilities { totalCount } }",
    "{ event(position: 3) { leaf } }",
    "{ totals { total } }",
    "{ diff(from: 3) { to } }",
    '{ facilities(after: "x") { nodes { code } } }',
    "{ asOf(minPosition: 3) { facilities { totalCount } } }",
)
DAILY = (
    "{ asOf(position: 9) { provinces { name } } }",
    '{ provinces(at: "2020-01-01") { today { name } } }',
    "{ totals(groupBy: [PROVINCE], geography: TODAY) { total } }",
    '{ period(code: "x") { coverage(geography: TODAY) { of } } }',
    '{ facilities(filter: {province: {today: {name: {eq: "x"}}}}) { totalCount } }',
)


def test_an_answer_at_named_positions_never_changes() -> None:
    assert [each for each in FIXED if not plan_of(each).is_fixed] == []


def test_an_answer_that_reads_the_head_may_change() -> None:
    assert [each for each in MOVING if plan_of(each).is_fixed] == []


def test_an_answer_that_asks_for_today_is_of_its_day() -> None:
    assert [each for each in DAILY if not plan_of(each).is_daily] == []
    assert [each for each in (*FIXED, *MOVING) if plan_of(each).is_daily] == []
    named = '{ totals(groupBy: [PROVINCE], geographyOn: "2020-01-01") { total } }'
    assert not plan_of(named).is_daily


def test_a_null_position_is_the_head() -> None:
    """What a variable leaves open belongs to the plan, which knows that it may change."""
    query = "query ($p: Position) { asOf(position: $p) { facilities { totalCount } } }"
    assert plan_of(query, {"p": 5}).is_fixed
    assert not plan_of(query, {"p": None}).is_fixed
    assert not plan_of(query).is_fixed


async def test_a_fixed_answer_is_the_same_after_more_was_recorded(tell: Ask) -> None:
    desk = Desk(tell)
    await desk.facility("a", "An")
    query = """{ asOf(position: 1) { ledger { position } events { totalCount }
        facilities { totalCount nodes { name history { totalCount } } } } }"""
    first = answered(await tell(query))
    await desk("updateFacility", facilityId="a", name="Ba")
    assert answered(await tell(query)) == first
    assert first["asOf"]["facilities"]["nodes"] == [{"name": "An", "history": {"totalCount": 1}}]


async def test_a_read_waits_until_a_position_can_be_read(tell: Ask, empty: Runtime) -> None:
    """It is put before the event is there, and answered after it."""
    query = """query ($p: Position!) {
        asOf(minPosition: $p) { ledger { position } facilities { totalCount } } }"""
    waiting = asyncio.ensure_future(tell(query, p=2))
    desk = Desk(tell)
    await desk.facility("a", "An")
    assert not waiting.done()
    await desk.facility("b", "Ba")
    data = answered(await waiting)["asOf"]
    assert data == {"ledger": {"position": 2}, "facilities": {"totalCount": 2}}
    assert answered(await tell(query, p=1))["asOf"]["ledger"]["position"] == 2


async def test_a_read_waits_no_longer_than_it_says(
    tell: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "READABLE_WITHIN_S", 0.05)
    body = refused(await tell("{ asOf(minPosition: 7) { ledger { position } } }"))
    assert (body["code"], body["asked"], body["head"]) == ("NOT_YET_READABLE", 7, 0)


async def test_the_latest_of_two_positions_is_waited_for(ask: Ask) -> None:
    query = """{ a: asOf(minPosition: 10) { ledger { position } }
        b: asOf(minPosition: 564) { asOf(position: 20) { ledger { position } } } }"""
    data = answered(await ask(query))
    assert data["a"]["ledger"]["position"] == 564
    assert data["b"]["asOf"]["ledger"]["position"] == 20


async def test_what_an_inner_moment_leaves_open_stays_as_it_is_outside(ask: Ask) -> None:
    query = """{ asOf(position: 300, effectiveOn: "2019-06-30") { ...Sums
          same: asOf { ...Sums } later: asOf(position: 400) { ...Sums }
          day: asOf(effectiveOn: "2018-12-31") { ...Sums asOf(position: 400) { ...Sums } } }
        a: asOf(position: 400, effectiveOn: "2019-06-30") { ...Sums }
        b: asOf(position: 300, effectiveOn: "2018-12-31") { ...Sums }
        c: asOf(position: 400, effectiveOn: "2018-12-31") { ...Sums } }
        fragment Sums on Query { ledger { position } totals { total disbursed entryCount } }"""
    data: dict[str, Any] = answered(await ask(query))
    outer = data["asOf"]
    inner = outer["day"].pop("asOf")
    assert outer["same"] == {key: outer[key] for key in ("ledger", "totals")}
    assert (outer["later"], outer["day"], inner) == (data["a"], data["b"], data["c"])
    counts = [each["totals"][0]["entryCount"] for each in (outer, *list(data.values())[1:])]
    assert len(set(counts)) > 2


async def test_a_position_and_a_day_each_take_away(ask: Ask) -> None:
    """Both axes at once: recorded by then, and in force by then."""
    query = """{ entries(first: 1000) { nodes { position effectiveOn } }
        asOf(position: 333, effectiveOn: "2019-06-30") { entries(first: 1000) {
          nodes { position effectiveOn } } } }"""
    data = answered(await ask(query))
    every = data["entries"]["nodes"]
    both = [e for e in every if e["position"] <= 333 and e["effectiveOn"] <= "2019-06-30"]
    assert data["asOf"]["entries"]["nodes"] == both
    assert len(both) < sum(each["position"] <= 333 for each in every)
