"""Errors about personal input say where the fault is, and not what stands there.

graphql-core repeats a value that it does not like, and the whole object around it. An error is
shown, kept by whoever asked, and may be logged on its way there.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    VariableDefinitionNode,
    get_named_type,
    type_from_ast,
)
from graphql.pyutils import print_path_list
from graphql.utilities import validate_input_value

MARK = "Personal"
"""The scalar of personal values."""
_FOUND = re.compile(r"(Expected value of type '\W*(\w+)\W*'.*?)[,.?] [Ff]ound: .*", re.DOTALL)


def of_variables(
    schema: GraphQLSchema, errors: Iterable[GraphQLError], sent: Mapping[str, Any]
) -> list[GraphQLError]:
    """The errors of variables, those of personal ones without values."""
    said: dict[str, GraphQLError] = {}
    for error in errors:
        for each in _withheld(schema, error, sent) or [error]:
            said.setdefault(each.message, each)
    return list(said.values())


def of_document(schema: GraphQLSchema, errors: Iterable[GraphQLError]) -> list[GraphQLError]:
    """The errors of a document, without what it says in the place of personal input."""
    return [_cut(schema, error) for error in errors]


def holds_personal(of: Any) -> bool:
    """Whether a personal value may stand somewhere within a type of input.

    Each type is looked at once: filters hold one another, and their paths cannot be counted.
    """
    ahead, seen = [get_named_type(of)], set[str]()
    while ahead:
        named = ahead.pop()
        if named is None or named.name in seen:
            continue
        if named.name == MARK:
            return True
        seen.add(named.name)
        if isinstance(named, GraphQLInputObjectType):
            ahead.extend(get_named_type(each.type) for each in named.fields.values())
    return False


def _withheld(
    schema: GraphQLSchema, error: GraphQLError, sent: Mapping[str, Any]
) -> list[GraphQLError]:
    """What is said instead; nothing if the error may be shown."""
    for node in error.nodes or ():
        if isinstance(node, VariableDefinitionNode):
            of, name = type_from_ast(schema, node.type), node.variable.name.value
            if name in sent and holds_personal(of):
                return _places(node, of, sent[name])
    return []


def _places(node: VariableDefinitionNode, of: Any, value: object) -> list[GraphQLError]:
    places: list[str] = []
    validate_input_value(value, of, lambda _, path: places.append(print_path_list(path)))
    return [
        GraphQLError(
            f"Variable '${node.variable.name.value}' of type '{of}' has an invalid value{place}."
            " Personal data is not repeated.",
            node,
        )
        for place in places
    ]


def _cut(schema: GraphQLSchema, error: GraphQLError) -> GraphQLError:
    told = _FOUND.fullmatch(error.message)
    if told is None or not holds_personal(schema.type_map.get(told[2])):
        return error
    said = f"{told[1]}. Personal data is not repeated."
    return GraphQLError(said, error.nodes, error.source, error.positions)
