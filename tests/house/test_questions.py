"""Whatever is asked, no growing table is read from end to end: every example, and every field.

The questions are made from the schema: for each type, one that asks for all of its fields, at the
head and as of another moment. A relation without an index is found here before a user finds it.
Left out are the number and the sums of everything: `schemes { totalCount }`, `totals` and `series`
of Query read a whole table by their meaning.
"""

from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping

import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from schema.planner.document import Documents
from schema.root import build
from tests.house.plans import Connection, prepared, scanned
from tests.house.statements import Statement
from tests.house.tree import ROOT
from tests.schema.apart import APART

SCHEMA: GraphQLSchema = build()._schema
SAMPLES: Mapping[str, str] = {
    "String": '"x"',
    "ID": '"scheme-x"',
    "Position": "1",
    "Date": '"2020-01-01"',
}
LEFT_OUT: Mapping[int, tuple[str, ...]] = {0: ("totals", "series"), 1: ("totalCount",)}
"""Fields that read everything on purpose, by how deep they stand."""
ON_PURPOSE = {
    "facilities.graphql: model.facility": "ordered by what a facility is related to",
    "provinces-then-and-now.graphql: model.entry": "sums of everything",
    "series.graphql: model.entry": "sums of everything",
}
"""Examples that read a whole table by their meaning."""
COUNTED = frozenset({"model.beneficiary"})
"""What the figures of a diff count on both of its sides; it only grows, so that no index is of
its moments, and it is short: one row for a facility in a scheme."""
OF_DIFFS = frozenset({"Diff", "FigureChangeConnection", "FigureChangeEdge", "FigureChange"})
MOMENTS = ("", 'asOf(position: 1, effectiveOn: "2020-06-30")')


@pytest.fixture
async def connection(superuser_url: str) -> AsyncIterator[Connection]:
    async with prepared(superuser_url) as connected:
        yield connected


def called(name: str, field: GraphQLField) -> str:
    """A field with a sample for each argument that it must have."""
    needed = [
        f"{argument}: {SAMPLES[get_named_type(each.type).name]}"
        for argument, each in field.args.items()
        if is_required_argument(each)
    ]
    return f"{name}({', '.join(needed)})" if needed else name


def leaf(name: str, field: GraphQLField) -> str:
    """The shortest question for a field; of a list, its first page."""
    below = get_named_type(field.type)
    if is_leaf_type(below):
        return called(name, field)
    page = isinstance(below, GraphQLObjectType) and "pageInfo" in below.fields
    return f"{called(name, field)} {{ {'pageInfo { hasNextPage }' if page else '__typename'} }}"


def questions(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """For each type that a read can reach: all of its fields, by the shortest way to it."""
    query = schema.query_type
    assert query
    ways: deque[tuple[GraphQLObjectType, tuple[str, ...]]] = deque([(query, ())])
    seen: set[str] = {query.name}
    while ways:
        type_, way = ways.popleft()
        left_out = {"asOf", *APART, *LEFT_OUT.get(len(way), ())}
        fields = {name: each for name, each in type_.fields.items() if name not in left_out}
        asked = " ".join(leaf(name, each) for name, each in fields.items())
        yield type_.name, " { ".join((*way, asked)) + " }" * len(way)
        for name, each in fields.items():
            below: GraphQLOutputType = get_named_type(each.type)
            if isinstance(below, GraphQLObjectType) and below.name not in seen:
                seen.add(below.name)
                ways.append((below, (*way, called(name, each))))


def compiled(source: str, place: str) -> Statement:
    """The one statement that answers a document."""
    documents = Documents(SCHEMA)
    document = documents.prepare(source)
    assert document.errors == (), f"{place}: {document.errors}"
    operation = document.operation(None)
    assert operation
    plan = documents.plan(document, operation, {})
    assert plan, f"{place} is not planned"
    return Statement(place, plan.statement)


async def test_no_example_reads_a_growing_table_from_end_to_end(connection: Connection) -> None:
    examples = sorted((ROOT / "examples").glob("*.graphql"))
    texts = {each.name: each.read_text(encoding="utf-8") for each in examples}
    found = [compiled(text, name) for name, text in texts.items() if "subscription" not in text]
    assert found
    seen = await scanned(connection, found)
    assert set(seen) == set(ON_PURPOSE), "\n".join(seen)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_no_field_reads_a_growing_table_from_end_to_end(
    connection: Connection, moment: str
) -> None:
    found = [
        compiled(f"{{ {moment} {{ {asked} }} }}" if moment else f"{{ {asked} }}", name)
        for name, asked in questions(SCHEMA)
    ]
    assert len(found) > 15
    seen = await scanned(connection, found)
    assert {each.partition(": ")[2] for each in seen} <= COUNTED, "\n".join(seen)
    assert {each.partition(":")[0] for each in seen} <= OF_DIFFS, "\n".join(seen)
