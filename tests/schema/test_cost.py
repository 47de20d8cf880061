"""Cost: what a question is said to cost before it is asked, and what is refused for it."""

import pytest

from schema.planner.cost import COST_MAX, MANY, SUM, TALLIED
from schema.planner.source import PAGE_DEFAULT
from tests.schema.answers import answered, refused
from tests.schema.conftest import Ask
from tests.schema.plans import plan_of

KNOWN: dict[str, int] = {
    '{ period(code: "x") { code name } }': 1,
    '{ a: period(code: "x") { code } b: period(code: "x") { code } }': 2,
    "{ facilities(first: 7) { nodes { code } } }": 1 + 7,
    "{ facilities { nodes { code } } }": 1 + PAGE_DEFAULT,
    "{ facilities(last: 7) { nodes { code } edges { node { code } } } }": 1 + 7 * 2,
    "{ facilities(first: 7) { nodes { province { name } sector { name } } } }": 1 + 7 * 3,
    '{ facilities(first: 7, after: "WzEsIiIsImEiLCJiIl0=") { nodes { code } } }': 1 + 7,
    "{ facilities(first: 7) { totalCount } }": 1,
    "{ schemes(first: 3) { nodes { commitments(first: 5) { nodes { code } } } } }": 1
    + 3 * (1 + 1 + 5),
    '{ facility(code: "x") { equipment { name } } }': 1 + MANY,
    '{ period(code: "x") { totals { total } } }': 1 + TALLIED + 1,
    "{ facilities(first: 7) { nodes { totals { total } } } }": 1 + 7 * (1 + SUM + 1),
    "{ totals(groupBy: [SECTOR], first: 4) { total } }": TALLIED + 4,
    "{ totals(groupBy: [SECTOR]) { total sector { name } } }": TALLIED + 100 * 2,
    "{ series(interval: YEAR) { flow { grant } stock { grant } } }": SUM + MANY * 3,
    '{ nodes(ids: ["a", "b"]) { id } }': 2 * 15,
    "{ asOf(position: 3) { facilities(first: 7) { nodes { code } } } }": 2 + 7,
}


@pytest.mark.parametrize("question", KNOWN)
def test_a_question_costs_the_objects_that_its_answer_may_hold(question: str) -> None:
    assert plan_of(question).bind({}).cost == KNOWN[question]


def test_what_a_variable_decides_is_worked_out_for_each_request() -> None:
    query = """query ($a: Int!, $b: Int) { schemes(first: $a) {
        nodes { code commitments(first: $b) { nodes { code } } } } }"""
    plan = plan_of(query, {"a": 1, "b": 1})
    for a, b in ((1, 1), (3, 5), (100, 7)):
        assert plan.bind({"a": a, "b": b}).cost == 1 + a * (1 + 1 + b)
    assert plan_of(query, {"a": 3}).bind({"a": 3}).cost == 1 + 3 * (1 + 1 + PAGE_DEFAULT)
    ids = plan_of("query ($i: [ID!]!) { nodes(ids: $i) { id } }")
    assert (ids.bind({"i": []}).cost, ids.bind({"i": ["a"] * 3}).cost) == (0, 45)


def test_a_field_that_is_switched_off_costs_nothing() -> None:
    query = """query ($on: Boolean!) { ledger { position }
        facilities @include(if: $on) { nodes { code } } }"""
    assert plan_of(query, {"on": False}).bind({}).cost == 1
    assert plan_of(query, {"on": True}).bind({}).cost == 2 + PAGE_DEFAULT


async def test_what_costs_too_much_is_refused_before_the_database_hears_of_it(ask: Ask) -> None:
    query = """query ($n: Int!) { facilities(first: $n) { nodes {
        commitments(first: 18) { nodes { code } } } } }"""
    assert answered(await ask(query, n=999))
    body = refused(await ask(query, n=1000))
    assert body["code"] == "COST_TOO_HIGH"
    assert (body["limit"], body["value"]) == (COST_MAX, 20_001)


async def test_a_wrong_page_is_named_before_its_price(ask: Ask) -> None:
    query = "query ($n: Int!) { facilities(first: $n) { nodes { province { name } } } }"
    assert refused(await ask(query, n=10**9))["code"] == "PAGE_SIZE"
