"""Reads: one statement each, one moment each, the same on both paths."""

from base64 import urlsafe_b64encode
from typing import Any

import orjson
import pytest

from events.text import sort_key
from schema.planner.document import Documents
from schema.root import build
from service.runtime import Runtime
from tests.schema.conftest import Ask
from tests.schema.doors import context_of

PAGE = """query ($first: Int!, $after: String) {
  facilities(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor node { code name province { name } } }
  }
}"""
DOCUMENTS = (
    "{ ledger { position } }",
    "{ __typename schemes(first: 2) { __typename nodes { id code class contents } } }",
    """{ period(code: "2018-2020") { ...P } other: period(code: "2018-2020") { to } }
       fragment P on Period { code from schemes { totalCount edges { cursor node { title } } } }""",
    """{ node(id: "period-2018-2020") { id __typename ... on Period { name }
         ... on Scheme { title } }
         none: node(id: "scheme-none") { id } }""",
    """{ events(first: 3) { nodes { position type actor { id role } authority { instrument }
         leaf synthetic fact { __typename ... on PeriodOpened { code startsOn }
         ... on OrganisationRegistered { name kind } } } } }""",
    """{ asOf(position: 40) { ledger { position } facilities(first: 2) { nodes { name } } }
         now: ledger { position } }""",
    """{ asOf(effectiveOn: "2019-06-30") {
         period(code: "2018-2020") { totals { total disbursed } } } }""",
    """{ commitments(first: 5) { nodes { code amount acceptedValue settled
         payments { kind amount } facility { name sector { name } } scheme { code } } } }""",
    """{ provinces(at: "2020-11-05") { code name validFrom today { code name } } }""",
)


@pytest.mark.parametrize("document", DOCUMENTS)
async def test_the_planner_and_the_executor_answer_alike(fund: Runtime, document: str) -> None:
    """Byte for byte: the executor splices what the planner writes, root field by root field."""
    schema = build()
    documents = Documents(schema._schema)
    prepared = documents.prepare(document)
    assert prepared.errors == ()
    operation = prepared.operation(None)
    assert operation is not None
    plan = documents.plan(prepared, operation, {})
    assert plan is not None
    async with fund.pool.acquire() as connection:
        planned = await plan.run(connection, plan.bind({}).values)
    context = context_of(fund)
    executed = await schema.execute(document, context_value=context)
    assert executed.errors is None
    assert orjson.dumps(executed.data) == planned.json.encode()


@pytest.mark.parametrize("document", DOCUMENTS)
async def test_a_read_is_one_statement(fund: Runtime, document: str) -> None:
    """However deep: no statement for a relation, none for a second root field."""
    schema = build()
    documents = Documents(schema._schema)
    prepared = documents.prepare(document)
    operation = prepared.operation(None)
    assert operation is not None
    plan = documents.plan(prepared, operation, {})
    assert plan is not None
    asked: list[str] = []
    async with fund.pool.acquire() as connection:
        connection.add_query_logger(lambda record: asked.append(record.query))
        await plan.run(connection, plan.bind({}).values)
    assert len(asked) == 1


async def test_paging_meets_every_facility_once_in_vietnamese_order(ask: Ask) -> None:
    names: list[str] = []
    codes: list[str] = []
    page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        body = await ask(PAGE, first=20, after=page["endCursor"])
        found = body["data"]["facilities"]
        assert found["totalCount"] == 63
        assert found["pageInfo"]["hasPreviousPage"] is bool(codes)
        codes += [edge["node"]["code"] for edge in found["edges"]]
        names += [edge["node"]["name"] for edge in found["edges"]]
        page = found["pageInfo"]
    assert len(codes) == len(set(codes)) == 63
    assert names == sorted(names, key=sort_key)


async def test_an_answer_says_its_position(ask: Ask, fund: Runtime) -> None:
    body = await ask("{ ledger { position } }")
    assert body["extensions"]["ledger"]["position"] == (await fund.log.head()).position
    assert body["data"]["ledger"]["position"] == body["extensions"]["ledger"]["position"]


async def test_two_moments_in_one_request(ask: Ask) -> None:
    """The empty ledger beside the whole one; totals of nothing are a true 0, not null."""
    body = await ask(
        """{ before: asOf(position: 0) { period(code: "2018-2020") { code } periods { totalCount } }
             after: period(code: "2018-2020") { totals { total } } }"""
    )
    assert body["data"]["before"] == {"period": None, "periods": {"totalCount": 0}}
    assert body["data"]["after"]["totals"]["total"] == "181946900000"


async def test_as_of_each_position_shows_exactly_the_entries_before_it(ask: Ask) -> None:
    body = await ask("{ entries(first: 100) { nodes { position } } ledger { position } }")
    positions = [node["position"] for node in body["data"]["entries"]["nodes"]]
    for position in (positions[0] - 1, positions[0], positions[7]):
        past = await ask(
            "query ($p: Position!) { asOf(position: $p) { entries { totalCount } } }", p=position
        )
        expected = sum(each <= position for each in positions)
        assert past["data"]["asOf"]["entries"]["totalCount"] == expected


async def test_a_position_beyond_the_head_is_refused_not_guessed(ask: Ask) -> None:
    body = await ask("{ asOf(position: 99999999) { ledger { position } } }")
    assert body["errors"][0]["extensions"]["code"] == "POSITION_AHEAD"
    assert "messageVi" in body["errors"][0]["extensions"]


async def test_position_and_time_together_are_refused(ask: Ask) -> None:
    body = await ask(
        '{ asOf(position: 1, recordedAt: "2020-01-01T00:00:00Z") { ledger { position } } }'
    )
    assert body["errors"][0]["extensions"]["code"] == "AS_OF_AMBIGUOUS"


async def test_the_log_as_of_a_position_ends_there(ask: Ask) -> None:
    body = await ask(
        """{ asOf(position: 10) { events(after: "7") { totalCount nodes { position } }
             event(position: 11) { type } } }"""
    )
    past = body["data"]["asOf"]
    assert past["events"]["totalCount"] == 10
    assert [node["position"] for node in past["events"]["nodes"]] == [8, 9, 10]
    assert past["event"] is None


async def test_before_anything_was_recorded_there_is_nothing(ask: Ask) -> None:
    body = await ask(
        """{ asOf(recordedAt: "2000-01-01T00:00:00Z") {
             ledger { position } facilities { totalCount } } }"""
    )
    assert body["data"]["asOf"] == {"ledger": {"position": 0}, "facilities": {"totalCount": 0}}


@pytest.mark.parametrize("first", [0, -1, 1001])
async def test_a_page_has_1_to_1000_items(ask: Ask, first: int) -> None:
    body = await ask(PAGE, first=first)
    assert body["errors"][0]["extensions"]["code"] == "PAGE_SIZE"


@pytest.mark.parametrize("cursor", ["", "x", "W10", "bm90IGpzb24=", "🙂"])
async def test_a_foreign_cursor_is_refused(ask: Ask, cursor: str) -> None:
    body = await ask(PAGE, first=1, after=cursor)
    assert body["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


@pytest.mark.parametrize("cursor", ["-1", "1.0", "9" * 19, "１"])
async def test_a_cursor_that_is_no_position_is_refused(ask: Ask, cursor: str) -> None:
    body = await ask("query ($c: String) { events(after: $c) { totalCount } }", c=cursor)
    assert body["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


async def test_a_cursor_may_not_smuggle_text_that_the_database_cannot_hold(ask: Ask) -> None:
    forged = urlsafe_b64encode(orjson.dumps([1, "", "\x00", "x"])).decode()
    body = await ask(PAGE, first=1, after=forged)
    assert body["errors"][0]["extensions"]["code"] == "BAD_TEXT"


async def test_code_15_is_yen_bai_then_and_lao_cai_today(ask: Ask) -> None:
    """Joining provinces by code alone would mix the two."""
    body = await ask(
        """{ then: provinces(at: "2020-11-05") { code name today { code name } }
             now: provinces(at: "2025-07-01") { code name } }"""
    )
    then = {each["code"]: each for each in body["data"]["then"]}
    now = {each["code"]: each["name"] for each in body["data"]["now"]}
    assert (len(body["data"]["then"]), len(body["data"]["now"])) == (63, 34)
    assert then["15"]["name"] == "Yên Bái"
    assert then["15"]["today"] == {"code": "15", "name": "Lào Cai"}
    assert then["10"]["today"] == {"code": "15", "name": "Lào Cai"}
    assert now["15"] == "Lào Cai"


async def test_switches_decide_what_is_answered(ask: Ask) -> None:
    query = """query ($on: Boolean!) { period(code: "2018-2020") {
        code @skip(if: $on) name @include(if: $on) } }"""
    assert list((await ask(query, on=True))["data"]["period"]) == ["name"]
    assert list((await ask(query, on=False))["data"]["period"]) == ["code"]


async def test_every_entry_opens_to_the_event_that_made_it(ask: Ask) -> None:
    body = await ask(
        "{ entries(first: 100) { nodes { position kind event { position type stream } } } }"
    )
    for node in body["data"]["entries"]["nodes"]:
        assert node["event"]["position"] == node["position"]
        assert node["event"]["stream"].startswith("scheme-")


async def test_text_that_the_database_cannot_hold_is_refused(ask: Ask) -> None:
    body = await ask("query ($c: String!) { scheme(code: $c) { code } }", c="D\x001")
    assert body["errors"][0]["extensions"]["code"] == "BAD_TEXT"


async def test_fields_asked_twice_are_answered_once_and_whole(ask: Ask) -> None:
    """GraphQL merges them; also inside connections and through fragments."""
    body = await ask(
        """{ schemes(first: 1) { nodes { code } } schemes(first: 1) { nodes { title } ...C }
             period(code: "2018-2020") { totals { grant } } ...Q }
           fragment C on SchemeConnection { totalCount nodes { totals { total } } }
           fragment Q on Query { period(code: "2018-2020") { totals { disbursed } code } }"""
    )
    (scheme,) = body["data"]["schemes"]["nodes"]
    assert list(scheme) == ["code", "title", "totals"]
    assert body["data"]["schemes"]["totalCount"] == 3
    assert list(body["data"]["period"]) == ["totals", "code"]
    assert list(body["data"]["period"]["totals"]) == ["grant", "disbursed"]


async def test_a_null_variable_leaves_the_moment_as_it_is(ask: Ask) -> None:
    query = """query ($p: Position, $d: Date) { asOf(position: $p, effectiveOn: $d) {
        ledger { position } period(code: "2018-2020") { totals { total } } } }"""
    head = await ask(query)
    assert head["data"] == (await ask(query, p=None, d=None))["data"]
    assert head["data"]["asOf"]["period"]["totals"]["total"] == "181946900000"
    assert (await ask(query, d="2018-01-01"))["data"]["asOf"]["period"]["totals"]["total"] == "0"


async def test_moments_nest(ask: Ask) -> None:
    """An effective date inside a position keeps the position."""
    query = """query ($p: Position!) { asOf(position: $p) { asOf(effectiveOn: "2019-06-30") {
        ledger { position } entries { totalCount } } } }"""
    body = await ask(query, p=300)
    inner = body["data"]["asOf"]["asOf"]
    assert inner["ledger"]["position"] == 300
    assert inner["entries"]["totalCount"] > 0


async def test_sums_agree_at_every_pair_of_moments(ask: Ask) -> None:
    """By province, by sector and by scheme: one total, whatever is known and in force."""
    query = """query ($p: Position!, $d: Date!) { asOf(position: $p, effectiveOn: $d) {
        period(code: "2018-2020") { totals { total disbursed }
          bySector { total disbursed } byProvince { total disbursed }
          today: byProvince(geography: TODAY) { total disbursed }
          schemes { nodes { totals { total disbursed } } } } } }"""
    for position in (120, 250, 333, 480, 564):
        for day in ("2018-06-30", "2019-12-31", "2020-12-31"):
            period = (await ask(query, p=position, d=day))["data"]["asOf"]["period"]
            for column in ("total", "disbursed"):
                whole = int(period["totals"][column])
                parts = [
                    period["bySector"],
                    period["byProvince"],
                    period["today"],
                    [node["totals"] for node in period["schemes"]["nodes"]],
                ]
                assert [sum(int(row[column]) for row in part) for part in parts] == [whole] * 4
