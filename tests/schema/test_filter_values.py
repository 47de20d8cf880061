"""Filters whose values come in variables, in part or whole; and what a filter may not be."""

import pytest

from schema.planner.document import Documents
from schema.planner.filter import CONDITIONS_MAX
from schema.planner.limits import Limits
from schema.planner.refusals import QueryRefusedError
from schema.planner.run import Plan
from schema.root import build
from tests.schema.answers import answered, refused
from tests.schema.conftest import Ask

WHOLE = "query ($f: FacilityFilter) { facilities(filter: $f) { totalCount } }"
INSIDE = """query ($n: String, $p: ProvinceFilter) {
    facilities(filter: {name: {search: $n}, province: $p}) { totalCount } }"""
NAM_DINH = {"name": {"eq": "Nam Định"}}
NULLS = (
    ("{name: {eq: null}}", "eq"),
    ("{name: null}", "name"),
    ("{and: null}", "and"),
    ("{or: null}", "or"),
    ("{not: null}", "not"),
    ("{commitments: {some: null}}", "some"),
    ("{taxCode: {isNull: null}}", "isNull"),
    ("{registeredOn: {between: null}}", "between"),
    ("{totals: {grant: {in: null}}}", "in"),
    ("{province: null}", "province"),
)
NO_RATIOS = ("1e999999", "-1e999999", "1e-999999", "0e999999", "1" * 41, "NaN", "Infinity", "x", "")
RATIOS = ("0", "-1.5", "0.000001", "1e-7", "1" * 40, 7, 0.25)


async def count(ask: Ask, query: str, **variables: object) -> int:
    return answered(await ask(query, **variables))["facilities"]["totalCount"]


def planned(query: str, variables: dict[str, object]) -> Plan:
    documents = Documents(build()._schema)
    prepared = documents.prepare(query)
    operation = prepared.operation(None)
    assert operation, prepared.errors
    plan = documents.plan(prepared, operation, variables)
    assert plan
    return plan


async def test_a_whole_filter_comes_in_a_variable(ask: Ask) -> None:
    assert await count(ask, WHOLE, f={"province": NAM_DINH}) == 10
    assert await count(ask, WHOLE, f={"not": {"province": NAM_DINH}}) == 53
    assert await count(ask, WHOLE, f={"or": [{"province": NAM_DINH}, {"code": {"in": []}}]}) == 10
    assert await count(ask, WHOLE, f={}) == 63


async def test_no_filter_at_all_keeps_everything(ask: Ask) -> None:
    """Absent or null: the argument is nullable, and null is no condition."""
    assert await count(ask, WHOLE) == await count(ask, WHOLE, f=None) == 63


async def test_variables_stand_anywhere_in_a_literal(ask: Ask) -> None:
    assert await count(ask, INSIDE, n="det may", p=NAM_DINH) == 4
    query = """query ($a: String!, $b: String!) {
        facilities(filter: {or: [{code: {in: [$a, "cs-02"]}}, {code: {eq: $b}}]}) { totalCount }
    }"""
    assert await count(ask, query, a="cs-01", b="cs-03") == 3


async def test_a_variable_that_was_not_sent_leaves_its_condition_out(ask: Ask) -> None:
    """One document with every condition serves a whole form."""
    assert await count(ask, INSIDE) == 63
    assert await count(ask, INSIDE, p=NAM_DINH) == 10
    assert await count(ask, INSIDE, n="det may") == 21


async def test_a_variable_may_have_a_default(ask: Ask) -> None:
    query = """query ($n: String = "det may") {
        facilities(filter: {name: {search: $n}}) { totalCount } }"""
    assert await count(ask, query) == 21
    assert await count(ask, query, n="co khi") == 21
    assert refused(await ask(query, n=None))["code"] == "NULL_IN_FILTER"


async def test_null_is_no_condition_and_is_refused(ask: Ask) -> None:
    """It might mean "whatever" or "none"; `isNull` and leaving it out say which."""
    for written, field in NULLS:
        body = refused(await ask(f"{{ facilities(filter: {written}) {{ totalCount }} }}"))
        assert (body["code"], body["field"]) == ("NULL_IN_FILTER", field), written


async def test_null_in_a_variable_is_refused_as_well(ask: Ask) -> None:
    sent: tuple[dict[str, object], ...] = ({"n": None}, {"p": None}, {"p": {"name": None}})
    for variables in sent:
        assert refused(await ask(INSIDE, **variables))["code"] == "NULL_IN_FILTER"


async def test_the_filters_of_a_question_state_50_conditions_in_all(ask: Ask) -> None:
    def some(number: int) -> dict[str, object]:
        return {"or": [{"code": {"eq": f"cs-{n:02}"}} for n in range(number)]}

    assert await count(ask, WHOLE, f=some(CONDITIONS_MAX)) == CONDITIONS_MAX - 1
    body = refused(await ask(WHOLE, f=some(CONDITIONS_MAX + 1)))
    assert (body["code"], body["limit"], body["value"]) == ("FILTER_TOO_LARGE", 50, 51)
    twice = """query ($f: FacilityFilter) { facilities(filter: $f) { totalCount }
        b: facilities(filter: $f) { totalCount } }"""
    assert refused(await ask(twice, f=some(26)))["code"] == "FILTER_TOO_LARGE"
    relation = {"commitments": {"some": some(CONDITIONS_MAX)}}
    assert refused(await ask(WHOLE, f=relation))["code"] == "FILTER_TOO_LARGE"


def test_conditions_count_once_however_many_forms_of_a_page_there_are() -> None:
    """After a cursor a page is compiled for the head, and for the moment the cursor carries."""
    some = {"or": [{"code": {"eq": f"cs-{n:02}"}} for n in range(CONDITIONS_MAX)]}
    query = "query ($f: FacilityFilter) { facilities(filter: $f, after: %s) { totalCount } }"
    assert planned(query % '"x"', {"f": some})
    with pytest.raises(QueryRefusedError, match="50"):
        planned(query % '"x"', {"f": {"or": [*some["or"], {"code": {"eq": "cs-50"}}]}})


async def test_a_list_of_a_document_or_of_its_variables_has_100_values(ask: Ask) -> None:
    most = Limits().items.most
    assert await count(ask, WHOLE, f={"code": {"in": ["cs-01"] * most}}) == 1
    body = refused(await ask(WHOLE, f={"code": {"in": ["cs-01"] * (most + 1)}}))
    assert (body["code"], body["limit"], body["value"]) == ("LIST_TOO_LONG", 100, 101)


async def test_a_ratio_that_no_database_holds_is_refused_as_no_ratio(ask: Ask) -> None:
    query = """query ($r: Ratio!) {
        totals(groupBy: [SCHEME], having: {leverage: {gt: $r}}) { total } }"""
    for ratio in NO_RATIOS:
        (error,) = (await ask(query, r=ratio))["errors"]
        assert error["message"].startswith("Variable '$r' has invalid value"), error


async def test_a_ratio_is_text_or_a_number(ask: Ask) -> None:
    query = """query ($r: Ratio!) {
        totals(groupBy: [SCHEME], having: {leverage: {gte: $r}}) { leverage } }"""
    every = answered(await ask(query, r=0))["totals"]
    assert len(every) == 3
    for ratio in RATIOS:
        above = [each for each in every if float(each["leverage"]) >= float(ratio)]
        assert answered(await ask(query, r=ratio))["totals"] == above


def test_equal_structures_share_a_plan_and_others_do_not() -> None:
    """Values are parameters; what shapes the statement is the plan's key."""
    documents = Documents(build()._schema)
    prepared = documents.prepare(WHOLE)
    operation = prepared.operation(None)
    assert operation
    plans = [
        documents.plan(prepared, operation, {"f": each})
        for each in (
            {"code": {"eq": "a"}},
            {"code": {"eq": "b"}},
            {"code": {"in": ["a"]}},
            {"code": {"in": ["a", "b"]}},
            {"not": {"code": {"eq": "a"}}},
        )
    ]
    assert plans[0] is plans[1]
    assert plans[2] is plans[3]
    assert len(set(plans)) == 3
