"""How values look in an answer, and the schema without a resolver that could say otherwise."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_enum_type,
    is_introspection_type,
    is_list_type,
    is_object_type,
    is_scalar_type,
    is_specified_scalar_type,
    is_union_type,
)

from schema.root import build
from tests.schema.oracle.rows import Row

MILLIONTHS = 10**6


@cache
def naive() -> GraphQLSchema:
    """The schema as it is printed: types, fields and arguments, and no code."""
    schema = build.__wrapped__()._schema  # one of its own, to take the code away from
    for type_ in schema.type_map.values():
        named: Any = type_
        if is_introspection_type(named):
            continue
        if is_object_type(named):
            named.is_type_of = None
            for each in named.fields.values():
                each.resolve = None
        elif is_abstract_type(named):
            named.resolve_type = None
        elif is_enum_type(named) or (is_scalar_type(named) and not is_specified_scalar_type(named)):
            leaf: Any = named
            leaf.coerce_output_value = _as_it_is
    return schema


def wire(of: GraphQLOutputType, value: Any) -> Any:
    """A value as JSON has it."""
    if value is None:
        return None
    if is_list_type(get_nullable_type(of)):
        return list(value)
    match get_named_type(of).name, value:
        case "VND" | "Figure" | "UUID", _:
            return str(value)
        case "Ratio", Fraction() | int():
            return _ratio(Fraction(value))
        case _, datetime():
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
        case _, date():
            return value.isoformat()
        case _:
            return value


def recorded(definition: GraphQLField, row: Row, name: str) -> Any:
    """A part of the event's JSON; the fact says which type it is of."""
    part = row.values["document"].get(name)
    if is_union_type(get_named_type(definition.type)):
        return {**part, "__typename": row.values["type"]}
    return part


def type_name(value: Row | Mapping[str, Any], *_: object) -> str:
    """The type of a value of an abstract type."""
    return value.type if isinstance(value, Row) else str(value["__typename"])


def _ratio(ratio: Fraction) -> str:
    """Rounded to six places, halves away from zero, without zeros at the end."""
    millionths = int(abs(ratio) * MILLIONTHS + Fraction(1, 2))
    sign = "-" if ratio < 0 < millionths else ""
    whole, part = divmod(millionths, MILLIONTHS)
    return f"{sign}{whole}.{part:06}".rstrip("0").rstrip(".")


def _as_it_is(value: Any) -> Any:
    return value
