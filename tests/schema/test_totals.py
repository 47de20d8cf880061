"""Sums by group: whatever is grouped by adds up to the whole, and each group is its entries.

Expected sums are computed here, from all entries, without the planner.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from tests.schema.answers import answered, refused
from tests.schema.conftest import Ask
from tests.schema.oracle.derived import GRANTED

Row = dict[str, Any]
ENTRIES = """{ entries(first: 1000) { nodes { position kind amount source budgetYear effectiveOn
    schemeClass period { code } scheme { code implementer { code } } facility { code }
    commitment { id } province { id today { id } } sector { code } } } }"""
SUMS = "total grant counterpart disbursed settled entryCount facilities schemes commitments"
GROUPS = """period { code } schemeClass scheme { code } facility { code } province { id }
    sector { code } centre { code } source level budgetYear month"""
LEVELS = {"NATIONAL_GRANT": "NATIONAL", "LOCAL_GRANT": "LOCAL", "COUNTERPART": "FACILITY"}
OF_ENTRY: Mapping[str, Callable[[Row], object]] = {
    "PERIOD": lambda row: row["period"]["code"],
    "SCHEME_CLASS": lambda row: row["schemeClass"],
    "SCHEME": lambda row: row["scheme"]["code"],
    "FACILITY": lambda row: row["facility"]["code"],
    "PROVINCE": lambda row: row["province"]["id"],
    "SECTOR": lambda row: row["sector"]["code"],
    "CENTRE": lambda row: row["scheme"]["implementer"]["code"],
    "SOURCE": lambda row: row["source"],
    "LEVEL": lambda row: LEVELS[row["source"]],
    "BUDGET_YEAR": lambda row: row["budgetYear"],
    "MONTH": lambda row: row["effectiveOn"][:8] + "01",
}
FIELDS = {
    "PERIOD": "period", "SCHEME_CLASS": "schemeClass", "SCHEME": "scheme", "FACILITY": "facility",
    "PROVINCE": "province", "SECTOR": "sector", "CENTRE": "centre", "SOURCE": "source",
    "LEVEL": "level", "BUDGET_YEAR": "budgetYear", "MONTH": "month",
}  # fmt: skip
PAIRS = [*((each,) for each in OF_ENTRY), *pairwise(OF_ENTRY), ("PROVINCE", "SOURCE", "MONTH"), ()]
BY = "query ($by: [TotalsDimension!]!) {{ totals(groupBy: $by, first: 1000) {{ grouped {} }} }}"


async def entries(ask: Ask) -> list[Row]:
    return answered(await ask(ENTRIES))["entries"]["nodes"]


async def totals(ask: Ask, arguments: str, fields: str) -> list[Row]:
    return answered(await ask(f"{{ totals({arguments}) {{ {fields} }} }}"))["totals"]


def sums(rows: Iterable[Row]) -> Row:
    """What `SUMS` asks for, of some entries."""
    rows = list(rows)

    def money(*kinds: str) -> str:
        return str(sum(int(row["amount"]) for row in rows if row["kind"] in kinds))

    return {
        "total": money("PLEDGE", *GRANTED),
        "grant": money(*GRANTED),
        "counterpart": money("PLEDGE"),
        "disbursed": money("ADVANCE", "DISBURSEMENT", "REVERSAL"),
        "settled": money("SETTLEMENT"),
        "entryCount": len(rows),
        "facilities": len({row["facility"]["code"] for row in rows}),
        "schemes": len({row["scheme"]["code"] for row in rows}),
        "commitments": len({row["commitment"]["id"] for row in rows if row["commitment"]}),
    }


def grouped(rows: Iterable[Row], by: Iterable[str]) -> dict[tuple[object, ...], Row]:
    """Sums of entries by what they have in common."""
    found: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(OF_ENTRY[each](row) for each in by)].append(row)
    return {key: sums(each) for key, each in found.items()}


def key(group: Row, by: Iterable[str]) -> tuple[object, ...]:
    """What a group answers for the dimensions that it was grouped by."""
    said = [group[FIELDS[each]] for each in by]
    return tuple(next(iter(each.values())) if isinstance(each, dict) else each for each in said)


async def test_every_dimension_adds_up_to_what_its_entries_do(ask: Ask) -> None:
    """Each alone, each with its neighbour, three at once, and none: one group."""
    rows = await entries(ask)
    for by in PAIRS:
        body = await ask(BY.format(f"{GROUPS} {SUMS}"), by=by)
        got = {
            key(group, by): {name: group[name] for name in SUMS.split()}
            for group in answered(body)["totals"]
        }
        assert got == grouped(rows, by), by
        for group in answered(body)["totals"]:
            others = [field for each, field in FIELDS.items() if each not in by]
            assert [group[each] for each in others] == [None] * len(others)
            assert group["grouped"] == list(by)


async def test_no_entries_make_no_group_and_one_whole_of_nothing(ask: Ask) -> None:
    """Sums of nothing are 0, a true statement; a quotient of nothing is null."""
    nothing = "filter: {or: []}"
    assert await totals(ask, f"groupBy: [PROVINCE], {nothing}", "total") == []
    (whole,) = await totals(ask, nothing, f"{SUMS} leverage disbursementRate shareOfTotal")
    assert {whole[name] for name in SUMS.split()} == {"0", 0}
    assert whole["leverage"] is whole["disbursementRate"] is whole["shareOfTotal"] is None


async def test_a_roll_up_has_every_level_up_to_the_whole(ask: Ask) -> None:
    rows = await entries(ask)
    groups = await totals(
        ask, "groupBy: [PROVINCE, SECTOR], rollUp: true, first: 100", f"grouped {GROUPS} {SUMS}"
    )
    for level in ((), ("PROVINCE",), ("PROVINCE", "SECTOR")):
        of_level = [group for group in groups if group["grouped"] == list(level)]
        got = {key(group, level): {n: group[n] for n in SUMS.split()} for group in of_level}
        assert got == grouped(rows, level), level
        assert all(group["sector"] is None or "SECTOR" in level for group in of_level)
    assert groups[-1]["grouped"] == []


async def test_shares_add_up_to_one_and_are_parts_of_the_whole(ask: Ask) -> None:
    """Also where groups are left out: a share is of all groups, not of those on the page."""
    fields = "total grant shareOfTotal shareOfGrant"
    (whole,) = await totals(ask, "groupBy: []", "total grant")
    every = await totals(ask, "groupBy: [PROVINCE, SECTOR]", fields)
    for share, of in (("shareOfTotal", "total"), ("shareOfGrant", "grant")):
        assert abs(sum(Decimal(each[share]) for each in every) - 1) < Decimal("0.0001")
        for each in every:
            exact = Decimal(each[of]) / Decimal(whole[of])
            assert abs(Decimal(each[share]) - exact) <= Decimal("0.0000005")
    few = await totals(
        ask, 'groupBy: [PROVINCE, SECTOR], first: 3, having: {grant: {gt: "1000000000"}}', fields
    )
    assert few == [each for each in every if int(each["grant"]) > 1_000_000_000][:3] != []
    rolled = await totals(ask, "groupBy: [SECTOR], rollUp: true", f"grouped {fields}")
    assert rolled[-1]["shareOfTotal"] == rolled[-1]["shareOfGrant"] == "1"


async def test_a_share_may_be_more_than_the_whole_where_money_was_taken_back(ask: Ask) -> None:
    kept = "filter: {or: [{kind: {eq: REDUCTION}}, {position: {eq: 72}}]}"
    (whole,) = await totals(ask, kept, "total")
    groups = await totals(ask, f"groupBy: [MONTH], {kept}", "total shareOfTotal")
    for each in groups:
        exact = Decimal(each["total"]) / Decimal(whole["total"])
        assert abs(Decimal(each["shareOfTotal"]) - exact) <= Decimal("0.0000005")
    assert sorted(Decimal(each["shareOfTotal"]) > 1 for each in groups) == [False, True]


async def test_leverage_and_disbursement_rate_are_null_without_a_grant(ask: Ask) -> None:
    """A division by nothing has no answer; 0 would be one."""
    fields = "grant counterpart disbursed leverage disbursementRate undisbursed"
    seen = set()
    for by in ("SOURCE", "SECTOR", "MONTH"):
        for each in await totals(ask, f"groupBy: [{by}]", fields):
            grant = Decimal(each["grant"])
            assert int(each["undisbursed"]) == int(each["grant"]) - int(each["disbursed"])
            for name, of in (("leverage", "counterpart"), ("disbursementRate", "disbursed")):
                assert (each[name] is None) is (grant == 0)
                if grant:
                    assert abs(Decimal(each[name]) - Decimal(each[of]) / grant) < Decimal("1e-6")
            seen.add(grant == 0)
    assert seen == {True, False}


async def test_the_map_decides_where_money_is_counted(ask: Ask) -> None:
    """Yên Bái had code 15 that Lào Cai has today: a province is a code since a day."""
    rows = await entries(ask)
    fields = "province { id code name } total"
    then = await totals(ask, "groupBy: [PROVINCE]", fields)
    today = await totals(ask, "groupBy: [PROVINCE], geography: TODAY", fields)
    in_2019 = await totals(ask, 'groupBy: [PROVINCE], geographyOn: "2019-01-01"', fields)
    assert (len(then), len(today), in_2019) == (9, 6, then)
    named = {each["province"]["name"]: each for each in then}
    now = {each["province"]["name"]: each for each in today}
    assert named["Yên Bái"]["province"]["code"] == now["Lào Cai"]["province"]["code"] == "15"
    assert int(now["Lào Cai"]["total"]) == sum(
        int(named[name]["total"]) for name in ("Lào Cai", "Yên Bái")
    )
    merged: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["kind"] in {"PLEDGE", *GRANTED}:
            merged[row["province"]["today"]["id"]] += int(row["amount"])
    assert {each["province"]["id"]: int(each["total"]) for each in today} == merged


async def test_no_map_loses_money(ask: Ask) -> None:
    """A province that was not there yet on the day stands for itself."""
    for day in ("0001-01-01", "1990-01-01", "2025-06-30", "2025-07-01", "9999-12-31"):
        groups = await totals(ask, f'groupBy: [PROVINCE], geographyOn: "{day}"', "total")
        assert sum(int(each["total"]) for each in groups) == 181_946_900_000, day
        assert len(groups) == (9 if day < "2025-07-01" else 6), day


async def test_the_last_day_of_the_calendar_is_a_day(ask: Ask) -> None:
    """Not the end of all time, when nothing is in force any more."""
    query = """{ asOf(effectiveOn: "9999-12-31") { facilities { totalCount } totals { total } } }"""
    data = answered(await ask(query))["asOf"]
    assert data == {"facilities": {"totalCount": 63}, "totals": [{"total": "181946900000"}]}


async def test_two_maps_at_once_are_refused(ask: Ask) -> None:
    query = '{ totals(groupBy: [PROVINCE], geography: TODAY, geographyOn: "2019-01-01") { total } }'
    assert refused(await ask(query))["code"] == "GEOGRAPHY_AMBIGUOUS"


async def test_groups_stand_in_the_order_that_is_asked_for(ask: Ask) -> None:
    fields = "facility { name } grant leverage"
    ordered = "groupBy: [FACILITY], orderBy: [{by: GRANT, direction: DESC}, {by: FACILITY}]"
    every = await totals(ask, f"{ordered}, first: 100", fields)
    assert len(every) == 63
    assert [int(each["grant"]) for each in every] == sorted(
        (int(each["grant"]) for each in every), reverse=True
    )
    assert await totals(ask, f"{ordered}, first: 5", fields) == every[:5]
    nulls = "groupBy: [SOURCE], orderBy: {by: LEVERAGE, nulls: FIRST}"
    assert (await totals(ask, nulls, "leverage"))[0]["leverage"] is None


async def test_having_keeps_the_groups_that_it_says(ask: Ask) -> None:
    rows = grouped(await entries(ask), ["PROVINCE"])
    groups = await totals(
        ask,
        'groupBy: [PROVINCE], having: {grant: {gt: "2500000000"}, facilities: {gte: 7}}',
        "grant",
    )
    kept = [
        each["grant"]
        for each in rows.values()
        if int(each["grant"]) > 2_500_000_000 and each["facilities"] >= 7
    ]
    assert sorted(each["grant"] for each in groups) == sorted(kept) != []
    top = "groupBy: [PROVINCE, SECTOR], rollUp: true, having: {grouped: {has: SECTOR}}"
    assert {len(each["grouped"]) for each in await totals(ask, top, "grouped")} == {2}


async def test_1_to_1000_groups(ask: Ask) -> None:
    for first in (0, 1001):
        body = await ask(f"{{ totals(groupBy: [FACILITY], first: {first}) {{ total }} }}")
        assert refused(body)["code"] == "PAGE_SIZE"
