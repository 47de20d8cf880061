"""Diff: what lies between two positions, and everything before and after it."""

from typing import Any

from tests.schema.answers import answered, refused
from tests.schema.conftest import Ask
from tests.schema.desk import Desk

DIFF = """query ($a: Position!, $b: Position) { diff(from: $a, to: $b) {
    from to flow { total grant counterpart disbursed settled entryCount }
    events(first: 600) { totalCount nodes { position stream type } }
    changes(first: 200) { totalCount nodes { stream eventCount types
      events(first: 50) { nodes { position } } } }
    before { ledger { position } totals { total grant counterpart disbursed settled entryCount } }
    after { ledger { position } totals { total grant counterpart disbursed settled entryCount } }
  } }"""
SIDES = """query ($a: Position!, $b: Position) { diff(from: $a, to: $b) {
    changes(filter: {stream: {eq: "facility-f"}}) { nodes { types
      before { __typename id ... on Facility { name } }
      after { __typename id ... on Facility { name status } } } } } }"""


async def diff(ask: Ask, a: int, b: int | None) -> dict[str, Any]:
    return answered(await ask(DIFF, a=a, b=b))["diff"]


async def test_a_flow_is_the_difference_of_two_stocks(ask: Ask) -> None:
    for a, b in ((0, 564), (0, 71), (71, 333), (300, 330), (333, 564), (564, 564), (100, None)):
        got = await diff(ask, a, b)
        (before,), (after,) = got["before"]["totals"], got["after"]["totals"]
        for name, moved in got["flow"].items():
            assert int(moved) == int(after[name]) - int(before[name]), (a, b, name)
        assert (got["from"], got["to"]) == (a, b or 564)
        assert got["before"]["ledger"]["position"] == a
        assert got["after"]["ledger"]["position"] == got["to"]


async def test_changes_are_the_events_by_what_they_are_about(ask: Ask) -> None:
    got = await diff(ask, 300, 400)
    events = got["events"]["nodes"]
    assert [each["position"] for each in events] == list(range(301, 401))
    streams = {each["stream"] for each in events}
    assert [each["stream"] for each in got["changes"]["nodes"]] == sorted(streams)
    for change in got["changes"]["nodes"]:
        its = [each for each in events if each["stream"] == change["stream"]]
        assert change["eventCount"] == len(its)
        assert change["types"] == sorted({each["type"] for each in its})
        positions = [each["position"] for each in change["events"]["nodes"]]
        assert positions == [each["position"] for each in its][:50]


async def test_a_change_shows_the_thing_before_and_after(tell: Ask) -> None:
    desk = Desk(tell)
    await desk.facility("other", "Khác")
    await desk.facility("f", "Tên cũ")
    await desk("updateFacility", facilityId="f", name="Tên mới")
    await desk("closeFacility", facilityId="f", reason="x", on="2019-04-01")

    async def sides(a: int, b: int | None) -> Any:
        (only,) = answered(await tell(SIDES, a=a, b=b))["diff"]["changes"]["nodes"]
        return only

    born = await sides(0, 2)
    assert born["before"] is None
    assert born["after"]["name"] == "Tên cũ"
    renamed = await sides(2, 3)
    assert (renamed["before"]["name"], renamed["after"]["name"]) == ("Tên cũ", "Tên mới")
    closed = await sides(2, None)
    assert closed["types"] == ["FacilityClosed", "FacilityUpdated"]
    assert (closed["before"]["name"], closed["after"]["status"]) == ("Tên cũ", "CLOSED")


async def test_nothing_lies_between_a_position_and_itself_or_an_earlier_one(ask: Ask) -> None:
    for a, b in ((300, 300), (330, 300)):
        got = await diff(ask, a, b)
        assert (got["events"]["totalCount"], got["changes"]["totalCount"]) == (0, 0)
        assert set(got["flow"].values()) == {"0", 0}


async def test_a_diff_goes_no_further_than_the_ledger(ask: Ask) -> None:
    for a, b in ((565, None), (0, 565), (2**62 // 10**4, 1)):
        assert refused(await ask(DIFF, a=a, b=b))["code"] == "POSITION_AHEAD"


async def test_a_diff_sees_nothing_later_than_the_moment_it_is_asked_at(ask: Ask) -> None:
    """`asOf` holds for all of its tree, whatever positions a diff names inside it."""
    inside = "diff(from: %s) { from to flow { entryCount total } %s }"
    more = """before { ledger { position } } after { ledger { position } }
        events(first: 1000) { totalCount } changes(first: 1000) { totalCount nodes { stream } }"""
    query = " ".join(f"{name}: asOf(position: 300) {{ %s }}" for name in "abc")
    given = ("200, to: 500", "200, to: 300", "400, to: 500")
    data = answered(await ask(f"{{ {query} }}" % tuple(inside % (each, more) for each in given)))
    assert data["a"] == data["b"]
    assert (data["a"]["diff"]["from"], data["a"]["diff"]["to"]) == (200, 300)
    assert data["a"]["diff"]["events"]["totalCount"] == 100
    assert (data["c"]["diff"]["from"], data["c"]["diff"]["to"]) == (300, 300)
    assert data["c"]["diff"]["changes"]["totalCount"] == 0


async def test_changes_are_filtered_ordered_and_paged(ask: Ask) -> None:
    query = """query ($after: String) { diff(from: 0) { changes(first: 2, after: $after,
        orderBy: [{by: EVENT_COUNT, direction: DESC}], filter: {eventCount: {gt: 1}}) {
          totalCount nodes { stream eventCount } pageInfo { endCursor hasNextPage } } } }"""
    one = answered(await ask(query))["diff"]["changes"]
    assert one["nodes"][0]["stream"].startswith("scheme-")
    two = answered(await ask(query, after=one["pageInfo"]["endCursor"]))["diff"]["changes"]
    counts = [each["eventCount"] for each in (*one["nodes"], *two["nodes"])]
    assert counts == sorted(counts, reverse=True)
    assert len({each["stream"] for each in (*one["nodes"], *two["nodes"])}) == 4
    assert one["totalCount"] == two["totalCount"] > 4


async def test_changes_can_be_found_by_what_happened(ask: Ask) -> None:
    query = """{ diff(from: 0) {
        reversed: changes(filter: {types: {has: "PaymentReversed"}}) { nodes { stream } }
        some: changes(filter: {events: {some: {type: {eq: "PaymentReversed"}}}}) {
          nodes { stream } } } }"""
    got = answered(await ask(query))["diff"]
    assert got["reversed"] == got["some"]
    assert got["some"]["nodes"]


async def test_two_diffs_stand_side_by_side(ask: Ask) -> None:
    query = """{ a: diff(from: 0, to: 300) { flow { total } } b: diff(from: 300) { flow { total } }
        totals { total } }"""
    data = answered(await ask(query))
    parts = sum(int(data[each]["flow"]["total"]) for each in "ab")
    assert parts == int(data["totals"][0]["total"])
