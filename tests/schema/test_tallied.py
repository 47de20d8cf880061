"""Sums over running totals are those over entries, byte for byte, and are taken when they can be.

Each question is planned twice: as it is, and with the running totals out of reach.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any
from unittest.mock import Mock

import asyncpg
import pytest
from graphql import OperationDefinitionNode

from events.log import Log
from projections import tally
from projections.projector import Projector
from schema.planner import sums
from schema.planner.document import Documents
from schema.planner.given import given
from schema.planner.refusals import QueryRefusedError
from schema.planner.run import Plan, plan_operation
from schema.planner.scope import EVERYTHING, Scope
from schema.root import build
from service.postgres import Postgres
from tests.conftest import create
from tests.histories import tell
from tests.projections.poison import HISTORY as POISONED
from tests.projections.poison import poisoned
from tests.projections.recording import record

SCHEMA = build()._schema
HISTORY = tell(Random(7), 1_500)
HEAD = len(HISTORY.recorded)
CARRY = 50
"""So that a reader of the past comes upon many carries in a short history."""

MOMENTS = ("", *(f"position: {at}" for at in (0, 1, 49, 50, 51, HEAD // 2, HEAD - 1, HEAD)),
           'recordedAt: "2030-01-01T00:00:00Z"')  # fmt: skip
MEASURES = (
    "total",
    "grant counterpart disbursed undisbursed settled entryCount leverage disbursementRate",
    "shareOfTotal shareOfGrant grouped",
    "__typename",
)
GROUPS = (
    "",
    "groupBy: [PROVINCE]",
    "groupBy: [PROVINCE], geography: TODAY",
    'groupBy: [PROVINCE], geographyOn: "2025-08-01"',
    "groupBy: [SECTOR]",
    "groupBy: [PERIOD]",
    "groupBy: [SECTOR, PERIOD, PROVINCE], rollUp: true",
    "groupBy: [PROVINCE], orderBy: [{by: GRANT, direction: DESC}], first: 3",
    "groupBy: [PROVINCE], having: {entryCount: {gt: 3}, grant: {gt: 1}}",
)
FILTERS = (
    "",
    'filter: {province: {code: {in: ["01", "06", "11", "22"]}}}',
    'filter: {sector: {code: {like: "%O%"}}, period: {code: {eq: "2018-2020"}}}',
    'filter: {not: {sector: {code: {eq: "PAPER_PRINT"}}}}',
    'filter: {or: [{province: {code: {gt: "20"}}}, {and: [{sector: {code: {eq: "X"}}}]}]}',
    'filter: {period: {name: {like: "%2018%"}}}',
    "filter: {or: []}",
)
DIMENSIONS = "province { code name } sector { code } period { code }"
WHOLES = (
    'period(code: "2018-2020") { totals { total disbursed leverage } }',
    'period(code: "2018-2020") { totals { __typename } }',
    'period(code: "2018-2020") { byProvince { total province { code } } bySector { grant } }',
    'period(code: "2018-2020") { totals { total entries(first: 3) { nodes { amount } } } }',
    "provinces { code totals { total settled } }",
    "sectors { code totals { grant entryCount } }",
    "totals(groupBy: [SECTOR]) { total entries(first: 2) { nodes { position } } }",
)  # fmt: skip
FROM_ENTRIES = (
    "totals(groupBy: [PROVINCE]) { total facilities }",
    "totals(groupBy: [PROVINCE]) { schemes }",
    "totals(groupBy: [PROVINCE], having: {commitments: {gt: 1}}) { total }",
    "totals(groupBy: [PROVINCE], orderBy: [{by: FACILITIES}]) { total }",
    "totals(groupBy: [PROVINCE, SOURCE]) { total }",
    "totals(groupBy: [MONTH]) { total }",
    "totals(groupBy: [CENTRE]) { total }",
    "totals(filter: {source: {eq: COUNTERPART}}) { total }",
    'totals(filter: {or: [{amount: {gt: 5}}, {sector: {code: {eq: "X"}}}]}) { total }',
    'totals(filter: {and: [{not: {effectiveOn: {gt: "2019-01-01"}}}]}) { total }',
    'totals(filter: {province: {code: {eq: "01"}}, facility: {name: {like: "%a%"}}}) { total }',
    'asOf(effectiveOn: "2100-01-01") { totals(groupBy: [PROVINCE]) { total } }',
    'period(code: "2018-2020") { totals { total commitments } }',
    "schemes { nodes { totals { total } } }",
    "series { flow { total } }",
)  # fmt: skip


@pytest.fixture(autouse=True)
def carry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "CARRY", CARRY)


@pytest.fixture(scope="module")
def told_url(cluster: Postgres, template: str) -> Iterator[str]:
    """A database with a random history, projected live; shared by tests that only read."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as elsewhere:
        patch.setattr(tally, "CARRY", CARRY)
        yield elsewhere.submit(asyncio.run, _told(cluster, template)).result()


@pytest.fixture
async def told(told_url: str) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    async with asyncpg.create_pool(told_url, min_size=1, max_size=2) as pool:
        yield pool


async def _told(cluster: Postgres, template: str) -> str:
    name = "socai_tallied"
    await create(cluster, name, template)
    await record(cluster.url("postgres", name), HISTORY.recorded)
    url = cluster.url("socai_service", name)
    async with asyncpg.create_pool(url, min_size=1, max_size=4) as pool:
        projector = Projector(pool, Log(pool))
        await projector.prepare()
        assert await projector.advance() == HEAD
    return url


def planned(question: str, scope: Scope = EVERYTHING) -> Plan:
    prepared = Documents(SCHEMA).prepare(f"{{ {question} }}")
    assert prepared.errors == (), question
    operation = prepared.operation(None)
    assert isinstance(operation, OperationDefinitionNode)
    plan = plan_operation(SCHEMA, operation, {}, given(operation, {}, scope))
    assert plan is not None
    return plan


def over_entries(question: str) -> Plan:
    """The same question, with the running totals out of reach."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sums, "by_cell", Mock(return_value=False))
        plan = planned(question)
    assert "model.tally" not in plan.statement
    return plan


async def answered(pool: Any, plan: Plan) -> str:
    async with pool.acquire() as connection:
        return (await plan.run(connection, plan.bind({}).values)).json


async def alike(pool: Any, question: str, at: str) -> None:
    """It is answered from the running totals, and as the entries would answer it."""
    asked = f"asOf({at}) {{ {question} }}" if at else question
    plan = planned(asked)
    assert "model.tally" in plan.statement, asked
    assert await answered(pool, plan) == await answered(pool, over_entries(asked)), asked


@pytest.mark.parametrize("groups", GROUPS)
async def test_groups_are_the_same_at_every_moment(told: Any, groups: str) -> None:
    """Whatever they are grouped and filtered by, whatever is read of them."""
    for filtered, measures, at in product(FILTERS, MEASURES, MOMENTS):
        if measures == MEASURES[0] or Random(repr((filtered, measures, at))).random() < 0.3:
            arguments = ", ".join(each for each in (groups, filtered) if each)
            called = f"totals({arguments})" if arguments else "totals"
            await alike(told, f"{called} {{ {measures} {DIMENSIONS} }}", at)


@pytest.mark.parametrize("question", WHOLES)
async def test_sums_of_one_thing_are_the_same_at_every_moment(told: Any, question: str) -> None:
    for at in MOMENTS:
        await alike(told, question, at)


@pytest.mark.parametrize("at", ["", f"position: {HEAD // 2}"])
async def test_sums_of_which_nothing_is_read_are_one_row_all_the_same(told: Any, at: str) -> None:
    def within(question: str) -> Plan:
        return planned(f"asOf({at}) {{ {question} }}" if at else question)

    each = await answered(told, within("periods { nodes { totals { __typename } } }"))
    periods = await answered(told, within("periods { nodes { code } }"))
    assert each.count('"Totals"') == periods.count('"code"')


async def test_a_filter_by_sums_is_the_same(told: Any) -> None:
    """Whether a province is kept by what was granted there: the totals stand inside a filter."""
    question = "entries(first: 9, filter: {period: {totals: {grant: {gt: 5}}}}) { totalCount }"
    for at in MOMENTS:
        await alike(told, question, at)
    counted = question.replace("grant:", "facilities:")
    assert "model.tally" not in planned(counted).statement


@pytest.mark.parametrize("question", FROM_ENTRIES)
async def test_what_the_running_totals_do_not_know_is_summed_from_entries(
    told: Any, question: str
) -> None:
    plan = planned(question)
    assert "model.tally" not in plan.statement
    assert await answered(told, plan)


async def test_a_position_ahead_of_the_read_models_is_refused_not_answered_with_nothing(
    told: Any,
) -> None:
    """Even where a carry lies in between."""
    with pytest.raises(QueryRefusedError) as refused:
        await answered(told, planned(f"asOf(position: {HEAD + CARRY}) {{ totals {{ total }} }}"))
    assert refused.value.code == "POSITION_AHEAD"


async def test_a_piece_of_the_log_ahead_of_the_read_models_finds_what_there_is(
    told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As over entries: it is not for the totals to say that there is nothing."""
    question = f"asOf(position: {HEAD + CARRY}) {{ totals {{ total entryCount }} }}"
    plans = planned(question), over_entries(question)
    unasked = [
        replace(each, getters=each.getters[: each.parameters], is_fixed=False) for each in plans
    ]
    ours, theirs = [await answered(told, each) for each in unasked]
    assert ours == theirs != '{"asOf":{"totals":[{"total":"0","entryCount":0}]}}'


@pytest.mark.parametrize("at", ["", "asOf(position: 100)"])
def test_who_may_not_see_every_entry_is_not_told_its_totals(at: str) -> None:
    """A caller's scope is over entries; the totals are of all of them."""
    scope = Scope({"model.entry": "{self}.synthetic"})
    question = "totals(groupBy: [PROVINCE]) { total }"
    plan = planned(f"{at} {{ {question} }}" if at else question, scope)
    assert "model.tally" not in plan.statement
    assert ".synthetic" in plan.statement


async def test_while_the_account_stands_still_they_are_refused_as_its_entries_are(
    pool: "asyncpg.Pool[asyncpg.Record]", superuser_url: str
) -> None:
    projector = Projector(pool, Log(pool), poisoned())
    await projector.prepare()
    await record(superuser_url, POISONED.recorded)
    await projector.advance()
    plan = planned("totals(groupBy: [PROVINCE]) { total }")
    assert "model.entry" not in plan.statement
    with pytest.raises(QueryRefusedError) as refused:
        await answered(pool, plan)
    assert refused.value.code == "READ_MODEL_STOPPED"


@pytest.mark.parametrize("question", ["totals { total }", "sectors { totals { total } }"])
def test_an_answer_depends_on_the_head_unless_a_position_is_asked_for(question: str) -> None:
    """What may be kept for ever is known from the plan."""
    assert not planned(question).is_fixed
    assert planned(f"asOf(position: 9) {{ {question} }}").is_fixed


def test_they_cost_less_than_sums_over_entries() -> None:
    def cost(measure: str) -> int:
        return planned(f"totals(groupBy: [PROVINCE]) {{ {measure} }}").bind({}).cost

    assert cost("total") < cost("facilities")
