"""Scopes: a condition on a table stands in every read of it, and what it hides is nowhere."""

import re
from typing import Any

import orjson
import pytest

from schema.planner.scope import Scope, figure
from service.runtime import Runtime
from tests.schema.plans import plan_of

TABLES = ("facility", "commitment", "entry", "scheme", "beneficiary")
SCOPES = {f"model.{table}": Scope({f"model.{table}": "{self}.synthetic"}) for table in TABLES}
QUESTIONS = (
    '{ facility(code: "x") { name } commitment(scheme: "x", code: "y") { code } }',
    "{ facilities { totalCount nodes { name } pageInfo { hasNextPage hasPreviousPage } } }",
    "{ schemes { nodes { commitments { totalCount nodes { facility { name } } } } } }",
    "{ entries { nodes { facility { name } commitment { code } scheme { code } } } }",
    '{ facilities(filter: {commitments: {some: {scheme: {code: {eq: "x"}}}}}) { totalCount } }',
    '{ facilities(filter: {commitments: {every: {amount: {gt: "1"}}}}) { nodes { code } } }',
    '{ schemes(filter: {totals: {grant: {gt: "1"}}}) { totalCount } }',
    "{ commitments(orderBy: [{by: FACILITY}, {by: SCHEME}]) { nodes { code } } }",
    "{ totals { total entries { totalCount } events { totalCount } } }",
    "{ totals(groupBy: [CENTRE, FACILITY]) { facility { name } entries { totalCount } } }",
    "{ totals(groupBy: [CENTRE, SCHEME], rollUp: true) { total events { totalCount } } }",
    '{ totals(filter: {facility: {name: {search: "x"}}}) { facilities } }',
    "{ facilities { nodes { totals { total leverage } schemes { totalCount } } } }",
    '{ period(code: "x") { schemeCount facilityCount coverage { of } totals { grant } } }',
    '{ period(code: "x") { criteria { schemes } reportedFigures { derived } } }',
    "{ series(interval: YEAR) { flow { grant } stock { grant } } }",
    "{ diff(from: 1) { flow { total } after { facilities { totalCount } } } }",
    "{ diff(from: 1) { changes { nodes { before { id } after { id } } } } }",
    '{ node(id: "facility-x") { id } nodes(ids: ["entry-1"]) { id } }',
    '{ asOf(position: 3, effectiveOn: "2019-01-01") { facilities { nodes { name } } } }',
    "{ organisations { nodes { totals { total } schemes { totalCount } } } }",
    "{ provinces { facilities { totalCount } commitments { totalCount } totals { total } } }",
    "{ events { nodes { subject { id } entry { amount facility { name } } } } }",
)
HANOI = Scope(
    {
        "model.facility": "{self}.province_code = {scope:province::text}",
        "model.entry": "{self}.province_code = {scope:province::text}",
        "model.commitment": "{self}.province_code = {scope:province::text}",
    }
)
"""Whoever may see one province, whichever the request says it is."""


@pytest.mark.parametrize("table", SCOPES)
def test_a_condition_stands_beside_every_read_of_its_table(table: str) -> None:
    """Under whatever alias the statement reads it."""
    seen = 0
    for question in QUESTIONS:
        statement = plan_of(question, scope=SCOPES[table]).statement
        aliases = re.findall(rf"{re.escape(table)} AS (\w+)", statement)
        assert len(aliases) == len(re.findall(rf"{re.escape(table)}\b", statement))
        for alias in aliases:
            assert statement.count(f"{alias}.synthetic") >= aliases.count(alias), question
        seen += len(aliases)
    assert seen > 5


def test_a_table_that_a_scope_does_not_name_is_shown_whole() -> None:
    for question in QUESTIONS:
        scoped = plan_of(question, scope=Scope({"model.payment": "1 = 2"})).statement
        assert ("1 = 2" in scoped) is ("model.payment" in scoped)


async def answer(fund: Runtime, query: str, scope: Scope, **figures: object) -> Any:
    plan = plan_of(query, scope=scope)
    async with fund.pool.acquire() as connection:
        got = await plan.run(connection, plan.bind(figures).values)
    return orjson.loads(got.json)


async def test_what_is_hidden_is_in_no_answer(fund: Runtime) -> None:
    """Not in lists, counts, sums, groups or series, and not by its identity."""
    nam_dinh = {figure("province"): "36"}
    query = """{
        facilities(first: 100) { totalCount nodes { code province { name } } }
        commitments(first: 1) { totalCount }
        none: facilities(filter: {province: {name: {eq: "Hà Nam"}}}) { totalCount }
        totals { total facilities entries(first: 1) { totalCount } }
        groups: totals(groupBy: [PROVINCE]) { province { name } total shareOfTotal }
        series(interval: YEAR) { stock { total } }
        period(code: "2018-2020") { totals { total } }
        schemes { nodes { totals { facilities } commitments { totalCount } } }
        hidden: node(id: "facility-cs-28") { id }
        entries(first: 1) { totalCount }
        diff(from: 0) { flow { total } } }"""
    data = await answer(fund, query, HANOI, **nam_dinh)
    assert data["facilities"]["totalCount"] == len(data["facilities"]["nodes"]) == 10
    assert {each["province"]["name"] for each in data["facilities"]["nodes"]} == {"Nam Định"}
    assert data["none"]["totalCount"] == 0
    assert data["hidden"] is None
    (whole,) = data["totals"]
    assert (whole["total"], whole["facilities"]) == ("29018100000", 10)
    assert whole["entries"] == data["entries"]
    (group,) = data["groups"]
    told = {"province": {"name": "Nam Định"}, "total": whole["total"], "shareOfTotal": "1"}
    assert group == told
    assert data["series"][-1]["stock"]["total"] == whole["total"]
    assert data["period"]["totals"]["total"] == data["diff"]["flow"]["total"] == whole["total"]
    assert sum(each["totals"]["facilities"] for each in data["schemes"]["nodes"]) == 10
    assert (
        sum(each["commitments"]["totalCount"] for each in data["schemes"]["nodes"])
        == (data["commitments"]["totalCount"])
    )


async def test_one_plan_serves_every_caller_of_a_role(fund: Runtime) -> None:
    """The figure is a parameter: the plan's text does not name the province."""
    query = "{ facilities { totalCount } }"
    statement = plan_of(query, scope=HANOI).statement
    assert statement == plan_of(query, scope=HANOI).statement
    counts = [
        (await answer(fund, query, HANOI, **{figure("province"): code}))["facilities"]["totalCount"]
        for code in ("36", "35", "01")
    ]
    assert counts == [10, 7, 0]


async def test_a_scope_holds_at_every_moment(fund: Runtime) -> None:
    query = """{ asOf(position: 120, effectiveOn: "2018-12-31") {
        facilities { totalCount } totals { facilities } } }"""
    data = await answer(fund, query, HANOI, **{figure("province"): "36"})
    assert data["asOf"]["facilities"]["totalCount"] == 10
    every = await answer(fund, query, Scope())
    assert data["asOf"]["totals"][0]["facilities"] < every["asOf"]["totals"][0]["facilities"]
