"""Filters: each word of each kind of value, relations, logic, and what is refused.

Expected answers are computed here, from all rows, without the planner.
"""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from events.text import sort_key
from tests.schema.answers import answered
from tests.schema.conftest import Ask

Row = dict[str, Any]
ENTRIES = """{ entries(first: 1000) { nodes { position kind amount source budgetYear effectiveOn
    recordedAt synthetic facility { code } scheme { code } commitment { code acceptedValue }
    event { eventId } } } }"""
FACILITIES = """{ facilities(first: 100) { nodes { code name taxCode province { name }
    equipment { name } commitments(first: 100) { nodes { amount acceptedValue status } } } } }"""
ON_ENTRIES: dict[str, Callable[[Row], object]] = {
    "{kind: {eq: PLEDGE}}": lambda row: row["kind"] == "PLEDGE",
    "{kind: {in: [PLEDGE, ADVANCE]}}": lambda row: row["kind"] in {"PLEDGE", "ADVANCE"},
    "{kind: {in: PLEDGE}}": lambda row: row["kind"] == "PLEDGE",
    "{kind: {in: []}}": lambda _: False,
    '{amount: {eq: "100000000"}}': lambda row: int(row["amount"]) == 100_000_000,
    '{amount: {in: ["100000000", "200000000"]}}': lambda row: (
        int(row["amount"]) in {100_000_000, 200_000_000}
    ),
    '{amount: {gt: "200000000"}}': lambda row: int(row["amount"]) > 200_000_000,
    '{amount: {gte: "200000000"}}': lambda row: int(row["amount"]) >= 200_000_000,
    '{amount: {lt: "0"}}': lambda row: int(row["amount"]) < 0,
    "{amount: {lte: 100000000}}": lambda row: int(row["amount"]) <= 100_000_000,
    '{amount: {between: {from: "100000000", to: "200000000"}}}': lambda row: (
        100_000_000 <= int(row["amount"]) <= 200_000_000
    ),
    '{amount: {gt: "1", lt: "200000000"}}': lambda row: 1 < int(row["amount"]) < 200_000_000,
    "{budgetYear: {eq: 2019}}": lambda row: row["budgetYear"] == 2019,
    "{budgetYear: {in: [2018, 2020]}}": lambda row: row["budgetYear"] in {2018, 2020},
    '{effectiveOn: {gte: "2019-07-01", lte: "2019-12-31"}}': lambda row: (
        "2019-07-01" <= row["effectiveOn"] <= "2019-12-31"
    ),
    '{effectiveOn: {between: {from: "2018-01-01", to: "2018-12-31"}}}': lambda row: row[
        "effectiveOn"
    ].startswith("2018"),
    "{position: {between: {from: 100, to: 200}}}": lambda row: 100 <= row["position"] <= 200,
    '{recordedAt: {gt: "2000-01-01T00:00:00Z"}}': lambda _: True,
    '{recordedAt: {lt: "2000-01-01T00:00:00+07:00"}}': lambda _: False,
    "{synthetic: {eq: false}}": lambda _: False,
    '{scheme: {code: {eq: "kcqg-2018-det-may"}}}': lambda row: (
        row["scheme"]["code"] == "kcqg-2018-det-may"
    ),
    "{commitment: {acceptedValue: {isNull: true}}}": lambda row: (
        row["commitment"] is not None and row["commitment"]["acceptedValue"] is None
    ),
    "{commitment: {}}": lambda row: row["commitment"] is not None,
    "{not: {commitment: {}}}": lambda row: row["commitment"] is None,
    '{not: {amount: {gt: "0"}}}': lambda row: int(row["amount"]) <= 0,
    "{or: [{kind: {eq: REVERSAL}}, {budgetYear: {eq: 2018}, kind: {eq: ADVANCE}}]}": lambda row: (
        row["kind"] == "REVERSAL" or (row["budgetYear"] == 2018 and row["kind"] == "ADVANCE")
    ),
    "{and: [{kind: {eq: PLEDGE}}, {not: {budgetYear: {eq: 2018}}}]}": lambda row: (
        row["kind"] == "PLEDGE" and row["budgetYear"] != 2018
    ),
    "{or: []}": lambda _: False,
    "{and: []}": lambda _: True,
    "{}": lambda _: True,
}
ON_FACILITIES: dict[str, Callable[[Row], object]] = {
    '{commitments: {some: {amount: {gt: "250000000"}}}}': lambda row: any(
        int(each["amount"]) > 250_000_000 for each in row["commitments"]["nodes"]
    ),
    "{commitments: {none: {acceptedValue: {isNull: true}}}}": lambda row: all(
        each["acceptedValue"] is not None for each in row["commitments"]["nodes"]
    ),
    "{commitments: {every: {acceptedValue: {isNull: false}}}}": lambda row: all(
        each["acceptedValue"] is not None for each in row["commitments"]["nodes"]
    ),
    '{commitments: {every: {acceptedValue: {gt: "0"}}}}': lambda row: all(
        each["acceptedValue"] is not None for each in row["commitments"]["nodes"]
    ),
    "{commitments: {some: {}, none: {status: {eq: CANCELLED}}}}": lambda row: all(
        each["status"] != "CANCELLED" for each in row["commitments"]["nodes"]
    ),
    "{equipment: {every: {quantity: {lt: 0}}}}": lambda row: not row["equipment"],
    '{name: {gt: "Công ty minh họa dệt may"}}': lambda row: (
        sort_key(row["name"]) > sort_key("Công ty minh họa dệt may")
    ),
    '{name: {lte: "Công ty minh họa cơ khí Đ"}}': lambda row: (
        sort_key(row["name"]) <= sort_key("Công ty minh họa cơ khí Đ")
    ),
    '{name: {between: {from: "Công ty minh họa d", to: "Công ty minh họa đ"}}}': lambda row: (
        sort_key("Công ty minh họa d") <= sort_key(row["name"]) <= sort_key("Công ty minh họa đ")
    ),
    '{name: {like: "%dệt may Hà%"}}': lambda row: "dệt may Hà" in row["name"],
    '{name: {like: "công ty%"}}': lambda _: False,
    '{code: {like: "cs-0_"}}': lambda row: row["code"].startswith("cs-0"),
    r'{code: {like: "cs-0\\_"}}': lambda _: False,
    '{code: {in: ["cs-01", "cs-02", "none"]}}': lambda row: row["code"] in {"cs-01", "cs-02"},
    "{taxCode: {isNull: true}}": lambda row: row["taxCode"] is None,
    "{taxCode: {isNull: false}}": lambda row: row["taxCode"] is not None,
    '{not: {taxCode: {eq: "1"}}}': lambda _: True,
    '{not: {taxCode: {gt: "1"}}}': lambda _: True,
    '{taxCode: {gt: "1"}}': lambda _: False,
    '{not: {not: {taxCode: {eq: "1"}}}}': lambda _: False,
    '{province: {name: {eq: "Nam Định"}}}': lambda row: row["province"]["name"] == "Nam Định",
    '{province: {today: {name: {eq: "Lào Cai"}}}}': lambda row: (
        row["province"]["name"] in {"Yên Bái", "Lào Cai"}
    ),
    '{name: {search: "DET may"}}': lambda row: "dệt may" in row["name"],
    '{name: {search: "nam dinh"}}': lambda row: "Nam Định" in row["name"],
    '{name: {search: "định NAM"}}': lambda row: "Nam Định" in row["name"],
    '{name: {search: ""}}': lambda _: True,
    '{name: {search: "%"}}': lambda _: False,
    '{name: {search: "_"}}': lambda _: False,
}


async def test_a_filter_keeps_the_entries_that_its_words_say(ask: Ask) -> None:
    everything = answered(await ask(ENTRIES))["entries"]["nodes"]
    for written, keeps in ON_ENTRIES.items():
        body = await ask(
            f"{{ entries(first: 1000, filter: {written}) {{ nodes {{ position }} }} }}"
        )
        found = [row["position"] for row in answered(body)["entries"]["nodes"]]
        assert found == [row["position"] for row in everything if keeps(row)], written


async def test_a_filter_keeps_the_facilities_that_its_words_say(ask: Ask) -> None:
    everything = answered(await ask(FACILITIES))["facilities"]["nodes"]
    for written, keeps in ON_FACILITIES.items():
        body = await ask(
            f"{{ facilities(first: 100, filter: {written}) {{ totalCount nodes {{ code }} }} }}"
        )
        found = answered(body)["facilities"]
        codes = [row["code"] for row in found["nodes"]]
        assert codes == [row["code"] for row in everything if keeps(row)], written
        assert found["totalCount"] == len(codes), written


@pytest.mark.parametrize("written", ['{commitments: {some: {settled: {gt: "1"}}}}', "{or: []}"])
async def test_what_a_filter_drops_its_not_keeps(ask: Ask, written: str) -> None:
    """Nothing falls between, whatever is null."""
    body = await ask(
        f"{{ yes: facilities(filter: {written}) {{ totalCount }}"
        f" no: facilities(filter: {{not: {written}}}) {{ totalCount }} }}"
    )
    assert sum(each["totalCount"] for each in answered(body).values()) == 63


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_text_is_found_however_its_diacritics_are_composed(ask: Ask, form: str) -> None:
    name = unicodedata.normalize(form, "Nam Định")  # type: ignore[bad-argument-type]
    body = await ask(
        """query ($n: String!) {
             search: facilities(filter: {name: {search: $n}}) { totalCount }
             eq: facilities(filter: {province: {name: {eq: $n}}}) { totalCount }
             in: facilities(filter: {province: {name: {in: [$n]}}}) { totalCount }
             gte: facilities(filter: {province: {name: {gte: $n, lte: $n}}}) { totalCount } }""",
        n=name,
    )
    assert {each["totalCount"] for each in answered(body).values()} == {10}


async def test_a_list_of_enums_is_asked_for_what_it_holds(ask: Ask) -> None:
    body = await ask(
        """{ machines: schemes(filter: {contents: {has: ADVANCED_MACHINERY}}) { totalCount }
             training: schemes(filter: {contents: {has: VOCATIONAL_TRAINING}}) { totalCount } }"""
    )
    assert [each["totalCount"] for each in answered(body).values()] == [3, 0]


async def test_sums_are_conditions_as_well(ask: Ask) -> None:
    body = await ask(
        """{ schemes { nodes { code totals { grant } } }
             some: schemes(filter: {totals: {grant: {gt: "7000000000"}}}) { nodes { code } } }"""
    )
    data = answered(body)
    large = [
        node["code"]
        for node in data["schemes"]["nodes"]
        if int(node["totals"]["grant"]) > 7_000_000_000
    ]
    assert [node["code"] for node in data["some"]["nodes"]] == large != []
