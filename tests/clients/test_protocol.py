"""Clients that nobody here wrote speak to the server, each in its own way."""

import pytest
from gql import Client, GraphQLRequest
from gql.transport.httpx import HTTPXAsyncTransport
from graphql import GraphQLSchema, build_schema, lexicographic_sort_schema, print_schema

from schema.root import sdl
from tests.clients.conftest import Script

AUDITS = 61
PERIOD = """
  query Period($code: String!) {
    period(code: $code) { facilityCount totals { total } } }"""
EVERYTHING = {
    "directive_is_repeatable": True,
    "input_object_one_of": True,
    "input_value_deprecation": True,
    "specified_by_url": True,
}
CODE = {"code": "2018-2020"}


def test_every_audit_of_graphql_over_http_is_ok(script: Script) -> None:
    told = script("graphql-http.mjs")
    assert list(told.failed) == []
    assert len(told.passed) == AUDITS


@pytest.mark.parametrize("client", ["graphql-ws", "graphql-sse", "apollo", "urql"])
def test_a_client_of_javascript_works_as_its_pages_say(script: Script, client: str) -> None:
    told = script(f"{client}.mjs")
    assert list(told.failed) == [], told.said
    assert told.passed, told.said


async def test_the_client_of_python_asks_over_http(url: str) -> None:
    transport = HTTPXAsyncTransport(url=url)
    async with Client(transport=transport) as session:
        answer = await session.execute(GraphQLRequest(PERIOD, variable_values=CODE))
    assert answer == {"period": {"facilityCount": 63, "totals": {"total": "181946900000"}}}


async def test_the_client_of_python_reads_the_schema_by_introspection(url: str) -> None:
    transport = HTTPXAsyncTransport(url=url)
    client = Client(
        transport=transport, fetch_schema_from_transport=True, introspection_args=EVERYTHING
    )
    async with client as session:
        seen = session.client.schema
    assert seen is not None
    assert printed(seen) == printed(build_schema(sdl()))


def printed(schema: GraphQLSchema) -> str:
    """A schema as text that does not depend on the order of its types."""
    return print_schema(lexicographic_sort_schema(schema))
