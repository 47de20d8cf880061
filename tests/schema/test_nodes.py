"""Global identities: each type of Node is found again by them, alone or many at once."""

from collections.abc import Sequence

from graphql import GraphQLInterfaceType, GraphQLObjectType

from schema.planner.limits import Limits
from schema.root import build
from tests.schema.answers import answered, refused
from tests.schema.conftest import Ask

LISTS = (
    "periods", "organisations", "schemes", "facilities", "commitments", "payments",
    "beneficiaries", "entries", "events", "sources", "recoveries",
)  # fmt: skip
SOME = " ".join(f"{each}(first: 2) {{ nodes {{ __typename id }} }}" for each in LISTS)
REST = 'sectors { __typename id } provinces(at: "2020-11-05") { __typename id }'
UNTOLD = {"Evaluation", "Plan", "Recovery"}
"""Of these the demonstration tells nothing."""
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


def nodes() -> Sequence[GraphQLObjectType]:
    """Every type that has a global identity."""
    contract = build()._schema
    node = contract.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    return contract.get_implementations(node).objects


async def known(ask: Ask) -> list[dict[str, str]]:
    """Some of each type."""
    found = answered(await ask(f"{{ {SOME} {REST} }}")).values()
    return [
        each for list_ in found for each in (list_ if isinstance(list_, list) else list_["nodes"])
    ]


async def test_every_type_of_node_is_found_by_its_identity(ask: Ask) -> None:
    some = await known(ask)
    assert {each["__typename"] for each in some} == {each.name for each in nodes()} - UNTOLD
    for each in some:
        assert answered(await ask(NODE, id=each["id"]))["node"] == each


async def test_many_come_in_the_order_asked_for_with_null_for_none(ask: Ask) -> None:
    some = [each for each in await known(ask) if each["__typename"] != "Province"]
    asked = [each["id"] for each in reversed(some)] + ["none", "scheme-", some[0]["id"], ""]
    found = answered(await ask(NODES, ids=asked))["nodes"]
    assert found == [*reversed(some), None, None, some[0], None]
    assert answered(await ask(NODES, ids=[]))["nodes"] == []


async def test_what_is_no_identity_is_null(ask: Ask) -> None:
    strange = [
        "scheme", "scheme-x", "Scheme-kcqg-2018-det-may", "payment-/", "payment-a/b/c", "event-0",
        "event-01", "event-99999999999999999999", "entry-1", "province-15", "province-15-x", "'--",
    ]  # fmt: skip
    assert answered(await ask(NODES, ids=strange))["nodes"] == [None] * len(strange)
    for each in strange:
        assert answered(await ask(NODE, id=each))["node"] is None


async def test_a_node_is_of_the_moment_it_is_asked_at(ask: Ask) -> None:
    query = """query ($ids: [ID!]!) { asOf(position: 60) { nodes(ids: $ids) { id } }
        now: nodes(ids: $ids) { ... on Period { name } ... on Facility { name } } }"""
    data = answered(
        await ask(query, ids=["period-2018-2020", "commitment-kcqg-2018-co-khi/cs-01-may"])
    )
    assert data["asOf"]["nodes"] == [{"id": "period-2018-2020"}, None]
    assert data["now"] == [{"name": "Giai đoạn 2018–2020"}, {}]


async def test_one_hundred_identities_at_once(ask: Ask) -> None:
    most = ["period-2018-2020"] * Limits().items.most
    assert len(answered(await ask(NODES, ids=most))["nodes"]) == 100
    body = refused(await ask(NODES, ids=[*most, "x"]))
    assert (body["code"], body["limit"], body["value"]) == ("LIST_TOO_LONG", 100, 101)


async def test_an_event_leads_to_what_it_is_about(ask: Ask) -> None:
    """And what it is about leads back to all of its events."""
    query = """{ events(first: 100) { nodes { stream subject { id
        ... on Facility { history { nodes { stream } } } } } } }"""
    events = answered(await ask(query))["events"]["nodes"]
    for node in events:
        assert node["subject"]["id"] == node["stream"]
        for event in node["subject"].get("history", {"nodes": []})["nodes"]:
            assert event["stream"] == node["stream"]
    assert len({node["stream"].partition("-")[0] for node in events}) > 3


def test_identities_of_no_two_types_begin_alike() -> None:
    """The prefix decides where an identity is looked for."""
    names = [each.name.lower() for each in nodes()]
    assert not [(a, b) for a in names for b in names if a != b and f"{a}-".startswith(f"{b}-")]
