"""Orders: the Vietnamese alphabet, nulls, several keys, keys of related rows, and their limits."""

from typing import Any

from graphql import GraphQLEnumType

from events.text import sort_key
from schema.planner.document import LIMITS
from schema.planner.order import KEYS_MAX
from schema.root import build
from tests.schema.answers import answered, refused
from tests.schema.conftest import Ask
from tests.schema.desk import Desk

ALPHABET = ["An", "Ăn", "Ân", "Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Cơ", "Dệt", "Đan", "Ôn", "Ơn"]
"""As a Vietnamese dictionary has them: letters first, then tones, and đ after every d."""
BY = """query ($by: [FacilityOrder!]) {
    facilities(first: 100, orderBy: $by) { nodes { code name taxCode vsic province { name } } } }"""
COMMITMENTS = """query ($by: [CommitmentOrder!]) { commitments(first: 100, orderBy: $by) {
    nodes { code budgetYear amount acceptedValue scheme { code } facility { name } } } }"""
Row = dict[str, Any]


async def facilities(ask: Ask, *by: dict[str, str]) -> list[Row]:
    return answered(await ask(BY, by=list(by)))["facilities"]["nodes"]


async def commitments(ask: Ask, *by: dict[str, str]) -> list[Row]:
    return answered(await ask(COMMITMENTS, by=list(by)))["commitments"]["nodes"]


async def test_names_stand_as_in_a_vietnamese_dictionary(tell: Ask) -> None:
    """By a key that the projection computes: PostgreSQL has no such collation."""
    desk = Desk(tell)
    for number, name in enumerate(sorted(ALPHABET)):
        await desk.facility(f"f{number}", name)
    rising = [row["name"] for row in await facilities(tell, {"by": "NAME"})]
    falling = [row["name"] for row in await facilities(tell, {"by": "NAME", "direction": "DESC"})]
    assert rising == ALPHABET == falling[::-1]
    after = answered(
        await tell("""{ facilities(filter: {name: {gt: "Bá"}}) { nodes { name } } }""")
    )
    assert [row["name"] for row in after["facilities"]["nodes"]] == ALPHABET[
        ALPHABET.index("Bá") + 1 :
    ]


async def test_nulls_come_last_unless_they_are_asked_for_first(tell: Ask) -> None:
    """From whichever end: a direction does not move them."""
    desk = Desk(tell)
    await desk.facility("none", "An")
    await desk.facility("low", "Ba", taxCode="0100000001")
    await desk.facility("high", "Ca", taxCode="0200000002")

    async def codes(**by: str) -> list[str]:
        return [row["code"] for row in await facilities(tell, {"by": "TAX_CODE", **by})]

    assert await codes() == ["low", "high", "none"]
    assert await codes(direction="DESC") == ["high", "low", "none"]
    assert await codes(nulls="FIRST") == ["none", "low", "high"]
    assert await codes(direction="DESC", nulls="FIRST") == ["none", "high", "low"]
    assert await codes(direction="DESC", nulls="LAST") == ["high", "low", "none"]


async def test_later_keys_break_ties_and_the_default_order_breaks_the_rest(ask: Ask) -> None:
    rows = await commitments(
        ask, {"by": "BUDGET_YEAR", "direction": "DESC"}, {"by": "AMOUNT"}, {"by": "FACILITY"}
    )

    def place(row: Row) -> tuple[object, ...]:
        name = sort_key(row["facility"]["name"])
        return (-row["budgetYear"], int(row["amount"]), name, row["scheme"]["code"], row["code"])

    assert rows == sorted(rows, key=place)
    assert len({row["budgetYear"] for row in rows}) == 3
    by_year = await commitments(ask, {"by": "BUDGET_YEAR"})
    assert by_year == sorted(
        by_year, key=lambda row: (row["budgetYear"], row["scheme"]["code"], row["code"])
    )


async def test_a_related_row_orders_by_its_own_default(ask: Ask) -> None:
    """A province by its name in Vietnamese order, a scheme by its code."""
    names = [row["province"]["name"] for row in await facilities(ask, {"by": "PROVINCE"})]
    assert names == sorted(names, key=sort_key)
    assert names.index("Nam Định") < names.index("Nghệ An") < names.index("Thái Nguyên")


async def test_money_orders_as_numbers_not_as_text(ask: Ask) -> None:
    amounts = [int(row["amount"]) for row in await commitments(ask, {"by": "AMOUNT"})]
    assert amounts == sorted(amounts)
    assert [str(each) for each in amounts] != sorted(map(str, amounts))


async def test_an_expression_orders_like_a_column(ask: Ask) -> None:
    versions = [row["vsic"] for row in await facilities(ask, {"by": "VSIC", "direction": "DESC"})]
    assert versions == sorted(versions, reverse=True)
    assert len(set(versions)) > 1


async def test_a_key_named_twice_counts_once(ask: Ask) -> None:
    once = await facilities(ask, {"by": "PROVINCE"})
    again = {"by": "PROVINCE", "direction": "DESC"}
    assert await facilities(ask, {"by": "PROVINCE"}, again) == once


async def test_one_key_may_stand_without_a_list_and_an_empty_list_is_the_default(ask: Ask) -> None:
    body = await ask(
        """{ one: facilities(first: 3, orderBy: {by: VSIC}) { nodes { code } }
             list: facilities(first: 3, orderBy: [{by: VSIC}]) { nodes { code } }
             none: facilities(first: 3, orderBy: []) { nodes { code } }
             null: facilities(first: 3, orderBy: null) { nodes { code } }
             default: facilities(first: 3) { nodes { code } } }"""
    )
    data = answered(body)
    assert data["one"] == data["list"] != data["default"]
    assert data["none"] == data["null"] == data["default"]


async def test_an_order_has_8_keys(ask: Ask) -> None:
    keys = [{"by": "BUDGET_YEAR"}] * KEYS_MAX
    assert len(await commitments(ask, *keys)) > 60
    body = refused(await ask(COMMITMENTS, by=[*keys, {"by": "AMOUNT"}]))
    assert (body["code"], body["limit"], body["value"]) == ("ORDER_TOO_LONG", 8, 9)


async def test_everything_that_can_be_ordered_by_is_answered(ask: Ask) -> None:
    """Every member of every enum that ends in OrderField, on the connection that takes it."""
    contract = build()._schema
    query = contract.query_type
    assert query
    seen = 0
    for name, field in query.fields.items():
        if "pageInfo" not in getattr(contract.type_map[str(field.type).strip("![]")], "fields", {}):
            continue
        order = contract.type_map[str(field.args["orderBy"].type).strip("![]")]
        by = contract.type_map[f"{order.name}Field"]
        assert isinstance(by, GraphQLEnumType)
        sample = '(stream: "period-2018-2020", ' if name == "history" else "("
        asked = [
            f"{key.lower()}: {name}{sample}first: 2, orderBy: {{by: {key}}})"
            " { nodes { __typename } }"
            for key in by.values
        ]
        for start in range(0, len(asked), LIMITS.roots.most):
            answered(await ask(f"{{ {' '.join(asked[start : start + LIMITS.roots.most])} }}"))
        seen += len(by.values)
    assert seen > 90
