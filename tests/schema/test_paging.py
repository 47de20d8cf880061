"""Pages: each row once in either direction and every order, while events arrive or not."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import orjson
from graphql import GraphQLEnumType

from schema.root import build
from tests.schema.answers import answered, refused
from tests.schema.conftest import Ask
from tests.schema.desk import Desk

PAGE = """query ($f: Int, $a: String, $l: Int, $b: String, $by: [%sOrder!], $if: %sFilter) {
  page: %s(first: $f, after: $a, last: $l, before: $b, orderBy: $by, filter: $if) {
    totalCount
    nodes { id }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
WAYS: Mapping[str, tuple[str, int]] = {
    "Facility": ("facilities", 20),
    "Commitment": ("commitments", 23),
    "Payment": ("payments", 50),
    "Event": ("events", 250),
}
"""Type to its connection and the length of a page; none divides the whole evenly."""
By = list[dict[str, str]]


def orders(type_name: str) -> Iterator[By]:
    """The default, each key in each direction with nulls at each end, and two keys together."""
    enum = build()._schema.type_map[f"{type_name}OrderField"]
    assert isinstance(enum, GraphQLEnumType)
    yield []
    for by, direction, nulls in product(enum.values, ("ASC", "DESC"), ("FIRST", "LAST")):
        yield [{"by": by, "direction": direction, "nulls": nulls}]
    first, second, *_ = enum.values
    yield [{"by": second, "direction": "DESC"}, {"by": first}]


def query(type_name: str) -> str:
    return PAGE % (type_name, type_name, WAYS[type_name][0])


def ids(page: Any) -> list[str]:
    return [each["id"] for each in page["nodes"]]


async def walked(ask: Ask, type_name: str, by: By, *, forward: bool) -> list[str]:
    """Every identity, page after page from one end; what each page says of itself is checked."""
    length = WAYS[type_name][1]
    found: list[str] = []
    size, bound, at, more, back = (
        ("f", "a", "endCursor", "hasNextPage", "hasPreviousPage")
        if forward
        else ("l", "b", "startCursor", "hasPreviousPage", "hasNextPage")
    )
    cursor = None
    while True:
        told = {size: length, "by": by} | ({bound: cursor} if cursor else {})
        page = answered(await ask(query(type_name), **told))["page"]
        found[:] = [*found, *ids(page)] if forward else [*ids(page), *found]
        assert [each["node"]["id"] for each in page["edges"]] == ids(page)
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        assert page["pageInfo"][back] is (cursor is not None)
        assert page["pageInfo"][more] is (len(found) < page["totalCount"])
        if not page["pageInfo"][more]:
            return found
        cursor = page["pageInfo"][at]


async def test_every_order_meets_each_row_once_in_both_directions(ask: Ask) -> None:
    for type_name in WAYS:
        for by in orders(type_name):
            whole = answered(await ask(query(type_name), f=1000, by=by))["page"]
            assert len(set(ids(whole))) == whole["totalCount"], by
            assert await walked(ask, type_name, by, forward=True) == ids(whole), by
            assert await walked(ask, type_name, by, forward=False) == ids(whole), by


async def test_a_page_between_two_cursors_holds_what_stands_between_them(ask: Ask) -> None:
    """And it says that there is more on the side it is not counted to (Relay §4.4)."""
    by = [{"by": "AMOUNT", "direction": "DESC"}]
    whole = answered(await ask(query("Commitment"), f=1000, by=by))["page"]
    cursors = [each["cursor"] for each in whole["edges"]]
    for size in ("f", "l"):
        told = {size: 50, "a": cursors[9], "b": cursors[20], "by": by}
        page = answered(await ask(query("Commitment"), **told))["page"]
        assert ids(page) == ids(whole)[10:20]
        assert page["pageInfo"]["hasNextPage"] is (size == "l")
        assert page["pageInfo"]["hasPreviousPage"] is (size == "f")


async def test_the_edges_of_a_list_say_that_they_are(ask: Ask) -> None:
    whole = answered(await ask(query("Facility"), f=63))["page"]
    info = whole["pageInfo"]
    assert (info["hasNextPage"], info["hasPreviousPage"]) == (False, False)
    beyond = answered(await ask(query("Facility"), f=5, a=info["endCursor"]))["page"]
    assert (ids(beyond), beyond["edges"], beyond["totalCount"]) == ([], [], 63)
    told = {"startCursor": None, "endCursor": None, "hasNextPage": False, "hasPreviousPage": True}
    assert beyond["pageInfo"] == told
    before = answered(await ask(query("Facility"), l=5, b=info["startCursor"]))["page"]
    told = {"startCursor": None, "endCursor": None, "hasNextPage": True, "hasPreviousPage": False}
    assert (ids(before), before["pageInfo"]) == ([], told)
    nothing = answered(await ask(query("Facility"), f=5, **{"if": {"or": []}}))["page"]
    assert (nothing["totalCount"], nothing["pageInfo"]["hasNextPage"]) == (0, False)


async def test_what_is_recorded_meanwhile_is_on_no_later_page(tell: Ask) -> None:
    """Page two is of the position that its cursor carries; page one, asked again, is of now."""
    desk = Desk(tell)
    for number in range(6):
        await desk.facility(f"f{number}", f"Xưởng {number}")
    one = answered(await tell(query("Facility"), f=3))["page"]
    assert ids(one) == ["facility-f0", "facility-f1", "facility-f2"]
    await desk.facility("new", "Xưởng 3 mới")
    await desk.facility("first", "Ao")
    await desk("updateFacility", facilityId="f5", name="Xưởng 0 đổi tên")
    await desk("updateFacility", facilityId="f0", name="Xưởng 9 đổi tên")
    two = answered(await tell(query("Facility"), f=3, a=one["pageInfo"]["endCursor"]))["page"]
    assert ids(two) == ["facility-f3", "facility-f4", "facility-f5"]
    assert (two["totalCount"], two["pageInfo"]["hasNextPage"]) == (6, False)
    back = answered(await tell(query("Facility"), l=3, b=two["pageInfo"]["startCursor"]))["page"]
    assert ids(back) == ids(one)
    now = answered(await tell(query("Facility"), f=3))["page"]
    assert (ids(now)[0], now["totalCount"]) == ("facility-first", 8)


async def test_names_of_a_page_are_those_of_its_position(tell: Ask) -> None:
    desk = Desk(tell)
    for number in range(2):
        await desk.facility(f"f{number}", f"Xưởng {number}")
    named = """query ($a: String) { facilities(first: 1, after: $a) {
        nodes { name history { totalCount } } pageInfo { endCursor } } }"""
    one = answered(await tell(named))["facilities"]
    await desk("updateFacility", facilityId="f1", name="Tên mới")
    two = answered(await tell(named, a=one["pageInfo"]["endCursor"]))["facilities"]
    assert two["nodes"] == [{"name": "Xưởng 1", "history": {"totalCount": 1}}]


async def test_a_cursor_reads_no_later_than_the_question(ask: Ask) -> None:
    """A cursor of the head under an earlier `asOf` is read at that earlier moment."""
    head = answered(await ask(query("Commitment"), f=1))["page"]["pageInfo"]["endCursor"]
    past = """query ($a: String) {
        asOf(position: 120) { commitments(first: 100, after: $a) { totalCount } } }"""
    counts = [
        answered(await ask(past, a=each))["asOf"]["commitments"]["totalCount"]
        for each in (None, head)
    ]
    assert counts[0] == counts[1] > 0


async def test_either_end_but_not_both(ask: Ask) -> None:
    assert refused(await ask(query("Facility"), f=2, l=2))["code"] == "BOTH_ENDS"
    nulls = answered(await ask(query("Facility"), f=2, l=None, a=None, b=None))["page"]
    assert len(ids(nulls)) == 2
    default = answered(await ask(query("Facility")))["page"]
    assert len(ids(default)) == 20


async def test_a_page_from_the_end_has_1_to_1000_items(ask: Ask) -> None:
    for last in (0, -1, 1001):
        body = refused(await ask(query("Facility"), l=last))
        assert (body["code"], body["limit"], body["value"]) == ("PAGE_SIZE", 1000, last)
    literal = await ask("{ facilities(last: 0) { totalCount } }")
    assert refused(literal)["code"] == "PAGE_SIZE"


async def test_a_cursor_of_another_order_is_refused(ask: Ask) -> None:
    by_name, by_day = [{"by": "NAME"}], [{"by": "REGISTERED_ON"}]
    falling = [{"by": "NAME", "direction": "DESC"}]
    cursor = answered(await ask(query("Facility"), f=1, by=by_name))["page"]["edges"][0]["cursor"]
    others: tuple[By, ...] = ([], by_day, falling, [*by_name, *by_day])
    for by in others:
        assert refused(await ask(query("Facility"), f=1, by=by, a=cursor))["code"] == "BAD_CURSOR"
    assert answered(await ask(query("Facility"), f=1, by=by_name, a=cursor))


async def test_a_forged_key_of_a_cursor_is_refused_whatever_its_type(ask: Ask) -> None:
    """Each key is read as what it is; nothing that the database would choke on reaches it."""
    typed: dict[tuple[str, str], list[Any]] = {
        ("Facility", "REGISTERED_ON"): ["x", "2020-13-01", None, 1, True, {}, "infinity"],
        ("Facility", "SYNTHETIC"): ["t", "1", True, None, ""],
        ("Commitment", "AMOUNT"): ["1.5", "9" * 30, None, 5, "", "x"],
        ("Event", "EVENT_ID"): ["x", 1, None, "0" * 33],
        ("Event", "RECORDED_AT"): [
            "x",
            1,
            None,
            "2020-01-01 00:00:00",
            "0001-01-01T00:00:00+14:00",
        ],
        ("Event", "BUDGET_YEAR"): ["x", 2019, "1e3"],
    }
    for (type_name, by), values in typed.items():
        told = {"f": 1, "by": [{"by": by}]}
        page = answered(await ask(query(type_name), **told))["page"]
        position, mark, _, *others = decoded(page["edges"][0]["cursor"])
        for value in values:
            forged = encoded([position, mark, value, *others])
            body = await ask(query(type_name), **told, a=forged)
            assert refused(body)["code"] == "BAD_CURSOR", (type_name, by, value)


async def test_a_forged_position_of_a_cursor_is_refused(ask: Ask) -> None:
    cursor = answered(await ask(query("Facility"), f=1))["page"]["edges"][0]["cursor"]
    position, *others = decoded(cursor)
    for forged in (-1, 2**63, "1", None, 1.5, True):
        body = await ask(query("Facility"), f=1, a=encoded([forged, *others]))
        assert refused(body)["code"] == "BAD_CURSOR", forged
    wrong: tuple[list[Any], ...] = ([], [position], [position, ""], [position, *others, "more"])
    for few in wrong:
        body = await ask(query("Facility"), f=1, a=encoded(few))
        assert refused(body)["code"] == "BAD_CURSOR", few
    later = await ask(query("Facility"), f=1, a=encoded([2**62, *others]))
    assert answered(later)["page"]["totalCount"] == 63


def decoded(cursor: str) -> list[Any]:
    return orjson.loads(urlsafe_b64decode(cursor))


def encoded(told: list[Any]) -> str:
    return urlsafe_b64encode(orjson.dumps(told)).decode()
