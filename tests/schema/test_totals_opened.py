"""Sums opened: behind each group stand its entries and their events, and filters reach through."""

from collections.abc import Mapping
from typing import Any

from tests.schema.answers import answered
from tests.schema.conftest import Ask
from tests.schema.test_totals import SUMS, entries, sums, totals

Row = dict[str, Any]
LENGTH = 310
"""More than there are entries, so that a group is opened whole."""
OPENED = f"""{SUMS}
    entries(first: {LENGTH}) {{ totalCount nodes {{ position }} }}
    events(first: {LENGTH}) {{ totalCount nodes {{ position }} }}"""
QUESTIONS = (
    "groupBy: []",
    "groupBy: [PROVINCE, SOURCE]",
    "groupBy: [CENTRE, MONTH]",
    "groupBy: [PROVINCE], geography: TODAY",
    'groupBy: [PROVINCE], geographyOn: "1990-01-01"',
    "groupBy: [SECTOR, BUDGET_YEAR], rollUp: true",
    "groupBy: [PROVINCE, LEVEL], rollUp: true, geography: TODAY",
    "groupBy: [SCHEME], filter: {kind: {in: [ADVANCE, REVERSAL]}}",
    'groupBy: [FACILITY], having: {grant: {gt: "300000000"}}',
)
MOMENTS = (
    "position: 333",
    'effectiveOn: "2019-06-30"',
    'position: 400, effectiveOn: "2018-12-31"',
)


def opens(group: Row, known: Mapping[int, Row]) -> bool:
    """Whether the entries behind a group make its sums, and its events those entries."""
    positions = [each["position"] for each in group["entries"]["nodes"]]
    assert sums(known[each] for each in positions) == {name: group[name] for name in SUMS.split()}
    assert len(positions) == group["entries"]["totalCount"] == group["events"]["totalCount"]
    assert positions == [each["position"] for each in group["events"]["nodes"]]
    return bool(positions)


async def test_every_group_opens_to_the_entries_and_events_that_make_it(ask: Ask) -> None:
    known = {row["position"]: row for row in await entries(ask)}
    assert len(known) < LENGTH
    for question in QUESTIONS:
        groups = await totals(ask, f"{question}, first: 30", OPENED)
        assert groups, question
        assert all(opens(each, known) for each in groups), question


async def test_a_group_opens_at_its_own_moment(ask: Ask) -> None:
    """On both axes: as recorded by a position, and as in force on a day."""
    known = {row["position"]: row for row in await entries(ask)}
    asked = f"totals(groupBy: [SECTOR, SOURCE], rollUp: true, first: 30) {{ {OPENED} }}"
    for moment in MOMENTS:
        groups = answered(await ask(f"{{ asOf({moment}) {{ {asked} }} }}"))["asOf"]["totals"]
        assert all(opens(each, known) for each in groups), moment
        assert len(known) > groups[-1]["entryCount"] > groups[0]["entryCount"], moment


async def test_entries_behind_a_group_are_filtered_ordered_and_paged(ask: Ask) -> None:
    behind = """groupBy: [SECTOR], first: 1"""
    fields = """disbursed entries(first: 3, filter: {kind: {eq: DISBURSEMENT}},
        orderBy: {by: AMOUNT, direction: DESC}) { totalCount nodes { kind amount }
        pageInfo { hasNextPage endCursor } }"""
    (group,) = await totals(ask, behind, fields)
    amounts = [int(each["amount"]) for each in group["entries"]["nodes"]]
    assert amounts == sorted(amounts, reverse=True)
    assert {each["kind"] for each in group["entries"]["nodes"]} == {"DISBURSEMENT"}
    more = fields.replace(
        "first: 3", f'first: 3, after: "{group["entries"]["pageInfo"]["endCursor"]}"'
    )
    (again,) = await totals(ask, behind, more)
    assert again["entries"]["totalCount"] == group["entries"]["totalCount"] > 6
    assert int(again["entries"]["nodes"][0]["amount"]) <= amounts[-1]


async def test_a_filter_reaches_through_the_relations_of_an_entry(ask: Ask) -> None:
    """Facilities of one name, schemes of one class, provinces as they are today."""
    rows = await entries(ask)
    weavers = 'filter: {facility: {name: {search: "det may"}}}'
    (got,) = await totals(ask, weavers, SUMS)
    assert got == sums(row for row in rows if row["sector"]["code"] == "TEXTILES")
    today = 'filter: {province: {today: {name: {eq: "Lào Cai"}}}, budgetYear: {eq: 2019}}'
    (got,) = await totals(ask, today, SUMS)
    assert got == sums(
        row
        for row in rows
        if row["province"]["today"]["id"] == "province-15-2025-07-01" and row["budgetYear"] == 2019
    )


async def test_sums_of_a_thing_are_filtered_as_well(ask: Ask) -> None:
    query = """{ period(code: "2018-2020") {
        totals(filter: {source: {eq: LOCAL_GRANT}}) { total entries { totalCount } } } }"""
    got = answered(await ask(query))["period"]["totals"]
    assert got == {"total": "105000000", "entries": {"totalCount": got["entries"]["totalCount"]}}
    rows = [row for row in await entries(ask) if row["source"] == "LOCAL_GRANT"]
    assert got["entries"]["totalCount"] == len(rows) > 0


async def test_groups_add_up_at_every_pair_of_moments(ask: Ask) -> None:
    query = """query ($p: Position!, $d: Date!) { asOf(position: $p, effectiveOn: $d) {
        whole: totals { total disbursed facilities }
        map: totals(groupBy: [PROVINCE], geography: TODAY) { total disbursed }
        centre: totals(groupBy: [CENTRE, SOURCE]) { total disbursed }
        month: totals(groupBy: [MONTH, LEVEL]) { total disbursed } } }"""
    for position in (72, 250, 333, 564):
        for day in ("2018-04-30", "2019-12-31", "2020-12-31"):
            data = answered(await ask(query, p=position, d=day))["asOf"]
            (whole,) = data.pop("whole")
            for name in ("total", "disbursed"):
                parts = {sum(int(each[name]) for each in groups) for groups in data.values()}
                assert parts == {int(whole[name])}, (position, day)


async def test_deprecated_fields_answer_as_before(ask: Ask) -> None:
    """Until they go: `bySector` and `byProvince` are what `totals` answers for the period."""
    query = """{ period(code: "2018-2020") {
          bySector { sector { code } total }
          byProvince(geography: TODAY) { province { id } total } }
        sectors: totals(groupBy: [SECTOR]) { sector { code } total }
        provinces: totals(groupBy: [PROVINCE], geography: TODAY) { province { id } total } }"""
    data = answered(await ask(query))
    assert data["period"] == {"bySector": data["sectors"], "byProvince": data["provinces"]}
