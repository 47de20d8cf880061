"""Every relation leads back: from wherever a client stands, it can go on."""

from collections.abc import Iterator, Mapping

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
)

from schema.root import sdl
from tests.schema.answers import answered
from tests.schema.conftest import Ask

Relation = tuple[str, str]
PARTS = {"CriterionEvaluation", "Equipment", "ReportedFigure", "SchemeCeiling"}
"""What has no identity of its own, but belongs to something and says to what."""
ONE_WAY: Mapping[Relation, str] = {
    ("Equipment", "Event"): "an event says in `fact` what was installed, and leads to the facility",
}
"""From type, to type: why nobody needs the way back."""


def target(field: GraphQLField) -> str | None:
    """The type that a field leads to: of a connection, that of its nodes."""
    named = get_named_type(field.type)
    if isinstance(named, GraphQLObjectType) and "pageInfo" in named.fields:
        named = get_named_type(named.fields["nodes"].type)
    return named.name if isinstance(named, GraphQLObjectType | GraphQLInterfaceType) else None


def relations(contract: GraphQLSchema) -> Iterator[Relation]:
    """From each type of thing to each that a field of it leads to.

    An event's subject is whatever has a stream, and so a `history`.
    """
    node = contract.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    names = {each.name for each in contract.get_implementations(node).objects} | PARTS
    types = [contract.type_map[name] for name in sorted(names)]
    fields = {each.name: each.fields for each in types if isinstance(each, GraphQLObjectType)}
    assert fields.keys() == names
    for name, its in fields.items():
        for field in its.values():
            to = target(field)
            if to == "Node":
                yield from ((name, each) for each in names if "history" in fields[each])
            elif to in names:
                yield name, str(to)


def one_way(contract: GraphQLSchema) -> set[Relation]:
    """Relations that lead somewhere and not back."""
    found = set(relations(contract))
    return {(a, b) for a, b in found if (b, a) not in found and a != b}


def test_every_relation_has_a_way_back() -> None:
    contract = build_schema(sdl())
    assert len(set(relations(contract))) > 60
    assert one_way(contract) == set(ONE_WAY)


def test_a_relation_without_a_way_back_is_caught() -> None:
    without = sdl().replace("  commitment: Commitment\n", "  commitment: Int\n")
    assert ("Commitment", "Payment") in one_way(build_schema(without))


async def test_a_way_there_and_back_ends_where_it_began(ask: Ask) -> None:
    """From a payment up to its period and down again, in one question."""
    query = """{ payments(first: 3) { nodes { id
        commitment { payments { id } entries { nodes { event { entry { commitment { id } } } } }
          beneficiary { commitments { nodes { id } } facility { schemes { nodes { id } } } } id }
        scheme { payments(first: 200) { nodes { id } } implementer { schemes { nodes { id } } }
          period { schemes { nodes { id } } } id } } } }"""
    for payment in answered(await ask(query))["payments"]["nodes"]:
        commitment, scheme = payment["commitment"], payment["scheme"]
        assert {"id": payment["id"]} in commitment["payments"]
        assert {"id": payment["id"]} in scheme["payments"]["nodes"]
        assert {"id": commitment["id"]} in commitment["beneficiary"]["commitments"]["nodes"]
        assert {"id": scheme["id"]} in scheme["implementer"]["schemes"]["nodes"]
        assert {"id": scheme["id"]} in scheme["period"]["schemes"]["nodes"]
        for entry in commitment["entries"]["nodes"]:
            assert entry["event"]["entry"]["commitment"] == {"id": commitment["id"]}
