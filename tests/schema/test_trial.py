"""The trial balance: it is 0 whatever is asked, and opens to the journal and to the log.

Expected sums are computed here, from all lines, without the planner.
"""

from collections import defaultdict
from typing import Any

import pytest

from tests.schema.answers import answered
from tests.schema.conftest import Ask, asker

Row = dict[str, Any]
LINES = "position line account debit credit source budgetYear effectiveOn"
ROWS = "account source budgetYear debit credit balance postingCount"
MOMENTS = ("position: 300", 'effectiveOn: "2019-06-30"', 'position: 500, effectiveOn: "2018-12-31"')


async def journal(ask: Ask, arguments: str = "") -> list[Row]:
    found: list[Row] = []
    after = ""
    while True:
        paged = f"nodes {{ {LINES} }} pageInfo {{ endCursor hasNextPage }}"
        asked = f"postings(first: 1000{after}) {{ {paged} }}"
        data = answered(await ask(f"{{ asOf({arguments or 'minPosition: 1'}) {{ {asked} }} }}"))
        page = data["asOf"]["postings"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = f', after: "{page["pageInfo"]["endCursor"]}"'


async def trial(ask: Ask, moment: str = "", arguments: str = "first: 1000") -> list[Row]:
    asked = f"trialBalance({arguments}) {{ {ROWS} }}"
    data = answered(await ask(f"{{ asOf({moment or 'minPosition: 1'}) {{ {asked} }} }}"))
    return data["asOf"]["trialBalance"]


@pytest.mark.parametrize("moment", ["", *MOMENTS])
async def test_every_line_of_it_is_the_sum_of_its_postings_and_all_of_it_is_0(
    ask: Ask, moment: str
) -> None:
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for each in await journal(ask, moment):
        key = each["account"], each["source"], each["budgetYear"]
        sums[key][0] += int(each["debit"])
        sums[key][1] += int(each["credit"])
        sums[key][2] += 1
    rows = await trial(ask, moment)
    assert rows
    told = {
        (each["account"], each["source"], each["budgetYear"]): [
            int(each["debit"]),
            int(each["credit"]),
            each["postingCount"],
        ]
        for each in rows
    }
    assert told == sums
    assert all(int(r["balance"]) == int(r["debit"]) - int(r["credit"]) for r in rows)
    assert sum(int(each["balance"]) for each in rows) == 0


async def test_it_is_0_in_every_source_and_in_every_budget_year(ask: Ask) -> None:
    rows = await trial(ask, arguments="groupBy: [SOURCE, BUDGET_YEAR], rollUp: true")
    assert len(rows) > 4
    assert {each["balance"] for each in rows} == {"0"}
    assert rows[0]["debit"] != "0"


async def test_its_balances_are_the_figures_that_totals_give(ask: Ask) -> None:
    query = """{ totals { counterpart undisbursed disbursed settled }
                 trialBalance(groupBy: [ACCOUNT]) { account balance } }"""
    data = answered(await ask(query))
    (totals,) = data["totals"]
    balance = {row["account"]: int(row["balance"]) for row in data["trialBalance"]}
    assert balance["PLEDGED"] == int(totals["counterpart"])
    assert balance["COMMITTED"] == int(totals["undisbursed"])
    assert balance["ADVANCED"] + balance["DISBURSED"] == int(totals["disbursed"])
    assert balance.get("SETTLED", 0) == int(totals["settled"])
    assert balance["CEILING"] >= 0


async def test_a_line_opens_to_its_postings_each_to_its_entry_and_event(ask: Ask) -> None:
    query = """{ trialBalance(filter: {account: {eq: ADVANCED}}, first: 1) { account source
        budgetYear debit postings(first: 1000) { totalCount nodes { account source budgetYear debit
            credit position entry { position kind amount } event { position type }
            scheme { code } commitment { code } } } } }"""
    (row,) = answered(await ask(query))["trialBalance"]
    lines = row["postings"]["nodes"]
    assert row["postings"]["totalCount"] == len(lines) > 0
    assert sum(int(each["debit"]) for each in lines) == int(row["debit"])
    for each in lines:
        assert [each[name] for name in ("account", "source", "budgetYear")] == [
            row[name] for name in ("account", "source", "budgetYear")
        ]
        assert each["event"]["position"] == each["entry"]["position"] == each["position"]
        assert each["scheme"]["code"]
        assert each["commitment"]["code"]


async def test_an_approval_is_posted_though_it_is_no_entry(ask: Ask) -> None:
    query = """{ postings(filter: {account: {eq: BUDGET}}, first: 1) {
        nodes { entry { position } event { type } commitment { code } } } }"""
    (line,) = answered(await ask(query))["postings"]["nodes"]
    assert (line["entry"], line["commitment"]) == (None, None)
    assert line["event"]["type"] == "SchemeApproved"


async def test_of_one_scheme_it_is_0_as_well(ask: Ask) -> None:
    whole = "groupBy: []"
    (every,) = await trial(ask, arguments=whole)
    data = answered(await ask("{ schemes(first: 3) { nodes { code } } }"))
    debit = 0
    for scheme in data["schemes"]["nodes"]:
        kept = f'filter: {{scheme: {{code: {{eq: "{scheme["code"]}"}}}}}}'
        (own,) = await trial(ask, arguments=f"{whole}, {kept}")
        assert own["balance"] == "0"
        debit += int(own["debit"])
    assert debit == int(every["debit"])


async def test_of_an_empty_ledger_it_has_no_line(empty: Any) -> None:
    assert await trial(asker(empty), 'effectiveOn: "2019-01-01"') == []
