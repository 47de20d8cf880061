"""The catalogue as the answer to a question: what is asked of each kind of event, as JSON text.

It is no part of the fund, so no statement answers it; and the executor would complete each of its
ten thousand values with care. What is asked is looked up once, and then read from every kind.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import orjson
import strawberry
from graphql import FieldNode, GraphQLObjectType, get_named_type

from schema.planner.fields import Fields
from schema.planner.given import given
from schema.planner.rows import column_of


def told(info: strawberry.Info, got: Any) -> Any:
    """What is asked of one object or of a list; null of None."""
    if got is None:
        return None
    raw: Any = info._raw_info  # noqa: SLF001 - Strawberry keeps graphql-core's info there
    scope = info.context.caller.principal.scope
    fields = Fields(raw.schema, raw.fragments, given(raw.operation, raw.variable_values, scope))
    type_ = get_named_type(raw.return_type)
    return orjson.Fragment(orjson.dumps(_teller(type_, raw.field_nodes, fields)(got)))


def _teller(type_: Any, nodes: Sequence[FieldNode], fields: Fields) -> Callable[[Any], Any]:
    """How an object of a type is told, or a list of them; a leaf as it is."""
    if not isinstance(type_, GraphQLObjectType):
        return _leaf
    parts: list[tuple[str, str | None, Callable[[Any], Any]]] = []
    for key, below in fields.under(type_, nodes).items():
        name = below[0].name.value
        if name == "__typename":
            parts.append((key, None, _leaf))
            continue
        definition = type_.fields[name]
        fields.given.scope.admit(type_.name, name)
        inner = _teller(get_named_type(definition.type), below, fields)
        parts.append((key, column_of(definition, name), inner))

    def tell(got: Any) -> Any:
        if isinstance(got, list):
            return [tell(each) for each in got]
        return {key: step(getattr(got, name)) if name else type_.name for key, name, step in parts}

    return tell


def _leaf(got: Any) -> Any:
    if isinstance(got, list):
        return [_leaf(each) for each in got]
    return got.name if isinstance(got, Enum) else got
