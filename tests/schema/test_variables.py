"""Variables are coerced with less work than graphql-core does, and to the same values."""

from datetime import date

import pytest
from graphql import OperationDefinitionNode, parse
from graphql.execution.values import VariableValues, get_variable_values

from schema.http.variables import Coercion
from schema.root import build


@pytest.mark.parametrize(
    ("declared", "sent", "read"),
    [
        ("($n: Int)", {}, {}),
        ("($n: Int)", {"n": None}, {"n": None}),
        ("($n: Int = 7)", {}, {"n": 7}),
        ("($n: Int = 7)", {"n": None}, {"n": None}),
        ("($n: Int! = 7)", {}, {"n": 7}),
        ("($n: Int! = 7)", {"n": 3}, {"n": 3}),
        ("($n: Int!, $d: Date)", {"n": 3, "d": "2020-01-31"}, {"n": 3, "d": date(2020, 1, 31)}),
        ("($n: [Int!])", {"n": 3}, {"n": [3]}),
    ],
)
def test_variables_are_read_as_graphql_core_reads_them(
    declared: str, sent: dict[str, object], read: dict[str, object]
) -> None:
    schema = build()._schema
    operation = parse(f"query {declared} {{ __typename }}").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    theirs = get_variable_values(schema, operation.variable_definitions or (), sent)
    assert isinstance(theirs, VariableValues)
    assert Coercion(schema, operation, hide_suggestions=False)(sent) == theirs.coerced == read
