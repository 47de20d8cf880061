"""The two axes of time differ exactly by what was restated: line by line, to the last đồng.

A random history in which facts come late is asked what was true on a day, as it was known at a
position and as it is known now.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from service.runtime import Runtime
from tests.schema.answers import answered
from tests.schema.conftest import Ask, asker

Row = dict[str, Any]
DAYS = ("2018-06-30", "2019-12-31", "2020-11-05", "2025-12-31")
AXES = """query ($then: Position!, $day: Date!, $now: Position) {
    known: asOf(position: $then, effectiveOn: $day) { ...Fund }
    now: asOf(position: $now, effectiveOn: $day) {
        ...Fund
        diff(from: $then) {
            restatements(first: 1000) { nodes { account source budgetYear change } } } } }
    fragment Fund on Query {
        trialBalance(first: 1000) { account source budgetYear balance }
        totals { grant counterpart disbursed settled } }"""
LINES = """query ($then: Position!, $day: Date!) { asOf(effectiveOn: $day) { diff(from: $then) {
    restatements(first: 100) { totalCount nodes {
        account source budgetYear before after change scheme { code } commitment { scheme { code } }
        postings(first: 40) { nodes {
            position account source budgetYear debit credit scheme { code } } }
        events(first: 40) { nodes { position isLate effectiveOn } } } }
    recorded(first: 1000) { nodes { position } } } } }"""
RESTATED = "restatements(first: 1000) { nodes { change account } }"


def key(row: Row) -> tuple[Any, ...]:
    return row["account"], row["source"], row["budgetYear"]


def balances(fund: Row) -> Counter[tuple[Any, ...]]:
    return Counter({key(row): int(row["balance"]) for row in fund["trialBalance"]})


@pytest.fixture
def told(late: Runtime) -> Ask:
    return asker(late)


@pytest.fixture
async def head(told: Ask) -> int:
    return answered(await told("{ ledger { position } }"))["ledger"]["position"]


async def test_the_lines_add_up_to_the_difference_of_what_was_known_and_what_is(
    told: Ask, head: int
) -> None:
    restated = 0
    for then in (0, head // 4, head // 2, head - 20, head):
        for day in DAYS:
            got = answered(await told(AXES, then=then, day=day))
            lines = got["now"]["diff"]["restatements"]["nodes"]
            moved: Counter[tuple[Any, ...]] = Counter()
            for each in lines:
                moved[key(each)] += int(each["change"])
            known, now = balances(got["known"]), balances(got["now"])
            keys = known.keys() | now.keys() | moved.keys()
            assert all(now[each] - known[each] == moved[each] for each in keys), (then, day)
            assert moved.total() == 0
            check_figures(got, moved)
            restated += len(lines)
    assert restated > 100


def check_figures(got: Row, moved: Counter[tuple[Any, ...]]) -> None:
    """The totals that everybody asks for differ by the same lines."""

    def change(*accounts: str) -> int:
        return sum(amount for (account, *_), amount in moved.items() if account in accounts)

    (before,), (after,) = got["known"]["totals"], got["now"]["totals"]
    difference = {name: int(after[name]) - int(before[name]) for name in before}
    assert difference == {
        "grant": change("COMMITTED", "ADVANCED", "DISBURSED"),
        "counterpart": change("PLEDGED", "INVESTED"),
        "disbursed": change("ADVANCED", "DISBURSED"),
        "settled": change("SETTLED"),
    }


async def test_each_line_is_its_postings_recorded_since_and_in_force_on_the_day(
    told: Ask, head: int
) -> None:
    then, day = head // 2, "2019-12-31"
    got = answered(await told(LINES, then=then, day=day))["asOf"]["diff"]
    recorded = {each["position"] for each in got["recorded"]["nodes"]}
    assert got["restatements"]["nodes"]
    for line in got["restatements"]["nodes"]:
        postings, events = line["postings"]["nodes"], line["events"]["nodes"]
        change = sum(int(each["debit"]) - int(each["credit"]) for each in postings)
        assert change == int(line["change"]) == int(line["after"]) - int(line["before"]) != 0
        assert {key(each) for each in postings} == {key(line)}
        assert all(each["scheme"] == line["scheme"] for each in postings)
        assert line["commitment"] is None or line["commitment"]["scheme"] == line["scheme"]
        assert {each["position"] for each in postings} == {each["position"] for each in events}
        assert {each["position"] for each in events} <= recorded
        assert all(each["position"] > then and each["effectiveOn"] <= day for each in events)
        assert all(each["isLate"] for each in events), "its day was over when it was recorded"


async def test_the_earlier_moment_may_be_a_time(told: Ask, head: int) -> None:
    at = head // 80 * 40  # the end of a batch
    query = "query ($at: Position!) { event(position: $at) { recordedAt } }"
    instant = answered(await told(query, at=at))["event"]["recordedAt"]
    since = f"""query ($from: Position!, $after: DateTime) {{
        diff(from: $from, recordedAfter: $after) {{ from {RESTATED} }} }}"""
    by_time = answered(await told(since, **{"from": 0, "after": instant}))["diff"]
    assert 0 < by_time["from"] == at < head
    same = answered(await told(since, **{"from": by_time["from"]}))["diff"]
    assert by_time == same
    assert by_time["restatements"]["nodes"]
    both = answered(await told(since, **{"from": head, "after": instant}))["diff"]
    assert (both["from"], both["restatements"]["nodes"]) == (head, [])
    before = (datetime.fromisoformat(instant) - timedelta(days=36_500)).isoformat()
    assert answered(await told(since, **{"from": 0, "after": before}))["diff"]["from"] == 0


async def test_of_two_positions_that_are_one_nothing_is_restated(told: Ask, head: int) -> None:
    query = f"{{ diff(from: {head}) {{ {RESTATED} }} }}"
    assert answered(await told(query))["diff"]["restatements"]["nodes"] == []
