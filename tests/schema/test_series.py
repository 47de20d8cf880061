"""Series: every interval between the ends, flows that add up to stocks, and their bounds."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Any

from schema.planner.series import YEARS_MAX
from tests.schema.answers import answered, refused
from tests.schema.conftest import Ask

FLOWS = "total grant counterpart disbursed settled entryCount"
STEPS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
Point = dict[str, Any]


async def series(ask: Ask, arguments: str, fields: str = "from to") -> list[Point]:
    both = f"{fields} flow {{ {FLOWS} }} stock {{ {FLOWS} }}"
    return answered(await ask(f"{{ series({arguments}) {{ {both} }} }}"))["series"]


def starts(day: str, months: int) -> str:
    """First day of the interval that a day lies in."""
    on = date.fromisoformat(day)
    return on.replace(month=(on.month - 1) // months * months + 1, day=1).isoformat()


async def test_intervals_follow_one_another_without_a_gap(ask: Ask) -> None:
    for interval, months in STEPS.items():
        points = await series(ask, f"interval: {interval}")
        assert [each["from"] for each in points] == [starts(e["from"], months) for e in points]
        for one, two in pairwise(points):
            after = date.fromisoformat(one["to"]) + timedelta(days=1)
            assert after.isoformat() == two["from"]
    default = await series(ask, "from: null")
    assert default == await series(ask, "interval: MONTH")


async def test_flows_are_the_entries_of_the_interval_and_stocks_their_sums(ask: Ask) -> None:
    query = "{ entries(first: 1000) { nodes { effectiveOn kind amount } } }"
    entries = answered(await ask(query))["entries"]["nodes"]
    for interval, months in STEPS.items():
        points = await series(ask, f"interval: {interval}")
        paid: dict[str, int] = defaultdict(int)
        count: dict[str, int] = defaultdict(int)
        for entry in entries:
            start = starts(entry["effectiveOn"], months)
            count[start] += 1
            if entry["kind"] in {"ADVANCE", "DISBURSEMENT", "REVERSAL"}:
                paid[start] += int(entry["amount"])
        assert [int(each["flow"]["disbursed"]) for each in points] == [
            paid[each["from"]] for each in points
        ]
        assert [each["flow"]["entryCount"] for each in points] == [
            count[each["from"]] for each in points
        ]
        assert sum(count.values()) == len(entries)


async def test_a_stock_is_all_flows_so_far_and_the_last_one_is_the_total(ask: Ask) -> None:
    points = await series(ask, "interval: MONTH")
    for name in FLOWS.split():
        flows = [int(each["flow"][name]) for each in points]
        assert [int(each["stock"][name]) for each in points] == list(accumulate(flows))
    (whole,) = answered(await ask(f"{{ totals {{ {FLOWS} }} }}"))["totals"]
    assert points[-1]["stock"] == whole


async def test_a_stock_at_the_end_of_a_year_is_the_total_in_force_on_its_last_day(ask: Ask) -> None:
    for point in await series(ask, "interval: YEAR"):
        query = f'{{ asOf(effectiveOn: "{point["to"]}") {{ totals {{ {FLOWS} }} }} }}'
        assert answered(await ask(query))["asOf"]["totals"] == [point["stock"]]


async def test_ends_narrow_and_widen_a_series_and_stocks_stay(ask: Ask) -> None:
    """Stocks count what came before the first interval that is shown."""
    every = {each["from"]: each for each in await series(ask, "interval: QUARTER")}
    few = await series(ask, 'interval: QUARTER, from: "2019-05-15", to: "2019-11-01"')
    assert few == [every[day] for day in ("2019-04-01", "2019-07-01", "2019-10-01")]
    wide = await series(ask, 'interval: QUARTER, from: "2017-12-31", to: "2021-01-01"')
    assert (wide[0]["from"], wide[-1]["from"]) == ("2017-10-01", "2021-01-01")
    assert (wide[0]["stock"]["total"], wide[-1]["flow"]["total"]) == ("0", "0")
    assert wide[-1]["stock"] == every["2020-10-01"]["stock"]


async def test_a_series_is_filtered_and_belongs_to_a_thing(ask: Ask) -> None:
    query = """{
        whole: series(interval: YEAR) { flow { grant } }
        period(code: "2018-2020") { series(interval: YEAR) { flow { grant } } }
        local: series(interval: YEAR, filter: {source: {eq: LOCAL_GRANT}}) { flow { grant } }
        nothing: series(filter: {or: []}) { from } }"""
    data = answered(await ask(query))
    assert data["period"]["series"] == data["whole"]
    assert sum(int(each["flow"]["grant"]) for each in data["local"]) == 105_000_000
    assert data["nothing"] == []


async def test_nothing_to_show_is_shown_where_both_ends_are_given(ask: Ask) -> None:
    asked = 'interval: YEAR, from: "2019-01-01", to: "2020-01-01", filter: {or: []}'
    points = await series(ask, asked)
    assert [each["from"] for each in points] == ["2019-01-01", "2020-01-01"]
    assert {each["stock"]["total"] for each in points} == {"0"}


async def test_a_series_lies_within_50_years_of_2020(ask: Ask) -> None:
    for day in ("1969-12-31", "2071-01-01", "0001-01-01", "9999-12-31"):
        for end in ("from", "to"):
            body = refused(await ask(f'{{ series({end}: "{day}") {{ from }} }}'))
            assert (body["code"], body["limit"], body["value"]) == ("SERIES_TOO_LONG", 50, day)
    most = await series(ask, f'interval: YEAR, from: "1970-01-01", to: "{2020 + YEARS_MAX}-12-31"')
    assert len(most) == 2 * YEARS_MAX + 1
