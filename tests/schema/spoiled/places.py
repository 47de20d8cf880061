"""Every place of the contract where a value may stand: arguments, and the fields of their inputs.

    Place("Query.period(code:)", "query ($x: String!) { period(code: $x) { … } }", '{"x": "☠"}')

The way to a field is the shortest; whatever else it requires is filled in with what may be right,
so that nothing but the value in the hole is wrong.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from graphql import (
    GraphQLField,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

HOLE = "☠"
RIGHT = {
    "Boolean": True,
    "Date": "2019-01-01",
    "DateTime": "2020-01-01T00:00:00Z",
    "Int": 1,
    "Position": 0,
    "Ratio": "0.5",
    "UUID": "0190aaaa-0000-7000-8000-000000000001",
    "VND": "1000",
    "Year": 2019,
}
"""What a scalar takes; text, where nothing stands here."""
OUTCOME = (
    """{ __typename ... on Recorded { events { position } } ... on Refusal { code messageVi } }"""
)


class Place(NamedTuple):
    """A document with variables, and a hole among the values of these."""

    coordinate: str
    document: str
    variables: str

    def body(self, json_value: str) -> bytes:
        """The body of a POST with this in the hole."""
        told = self.variables.replace(json.dumps(HOLE, ensure_ascii=False), json_value)
        query = json.dumps(self.document)
        return f'{{"query":{query},"variables":{told}}}'.encode(errors="surrogatepass")


def questions(schema: GraphQLSchema) -> Iterator[Place]:
    """The places of every field that can be reached from Query."""
    inputs: set[str] = set()
    ways: deque[tuple[Any, str, str]] = deque([(schema.query_type, "", "")])
    reached = {"Query"}
    while ways:
        type_, opening, closing = ways.popleft()
        for name, field in type_.fields.items():
            inside: Any = get_named_type(field.type)
            yield from _of_field(type_.name, name, field, (opening, closing), inputs)
            for each in schema.get_possible_types(inside) if is_abstract_type(inside) else [inside]:
                if is_leaf_type(each) or each.name in reached:
                    continue
                reached.add(each.name)
                cast = f"... on {each.name} {{ " if is_abstract_type(inside) else ""
                way = f"{opening}{name}{_required(field)} {{ {cast}"
                ways.append((each, way, " }" + (" }" if cast else "") + closing))


def feeds(schema: GraphQLSchema) -> Iterator[Place]:
    """The places of every subscription."""
    assert schema.subscription_type
    for name, field in schema.subscription_type.fields.items():
        for each in _of_field("Subscription", name, field, ("", ""), set()):
            yield each._replace(document=each.document.replace("query", "subscription", 1))


def commands(schema: GraphQLSchema) -> Iterator[Place]:
    """The places of every mutation: each argument, and each field of what it takes."""
    assert schema.mutation_type
    for name, field in schema.mutation_type.fields.items():
        declared = ", ".join(f"${arg}: {each.type}" for arg, each in field.args.items())
        given = ", ".join(f"{arg}: ${arg}" for arg in field.args)
        document = f"mutation ({declared}) {{ {name}({given}) {OUTCOME} }}"
        whole = {arg: right(each.type) for arg, each in field.args.items()}
        whole["expectedVersion"] = None
        for arg, each in field.args.items():
            for coordinate, value in _holes(f"Mutation.{name}({arg}:)", each.type, set()):
                told = json.dumps(whole | {arg: value}, ensure_ascii=False)
                yield Place(coordinate, document, told)


def right(type_: Any) -> Any:
    """A value that a type takes."""
    bare: Any = get_nullable_type(type_)
    if is_list_type(bare):
        return [right(bare.of_type)]
    if is_enum_type(bare):
        return next(iter(bare.values))
    if is_input_object_type(bare):
        needed = {name: each for name, each in bare.fields.items() if is_required_input_field(each)}
        if bare.is_one_of:
            needed = dict([next(iter(bare.fields.items()))])
        return {name: right(each.type) for name, each in needed.items()}
    return RIGHT.get(bare.name, "x")


def _of_field(
    type_: str, name: str, field: GraphQLField, way: tuple[str, str], inputs: set[str]
) -> Iterator[Place]:
    opening, closing = way
    inside = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    for arg, each in field.args.items():
        rest = _required(field, instead={arg: "$x"})
        document = f"query ($x: {each.type}) {{ {opening}{name}{rest}{inside}{closing} }}"
        for coordinate, value in _holes(f"{type_}.{name}({arg}:)", each.type, inputs):
            yield Place(coordinate, document, json.dumps({"x": value}, ensure_ascii=False))


def _holes(coordinate: str, type_: Any, seen: set[str]) -> Iterator[tuple[str, Any]]:
    """The value with a hole, as a whole and in each of its fields; a type is entered once."""
    ways: deque[tuple[str, Any, Callable[[Any], Any]]] = deque([(coordinate, type_, _as_it_is)])
    while ways:
        named, each, around = ways.popleft()
        yield named, around(HOLE)
        bare: Any = get_named_type(each)
        if is_list_type(get_nullable_type(each)):
            around = _within(around, lambda value: [value])
            yield named, around(HOLE)
        if is_input_object_type(bare) and bare.name not in seen:
            seen.add(bare.name)
            for name, field in bare.fields.items():
                rest: dict[str, Any] = {} if bare.is_one_of else right(bare)
                put = _within(around, lambda value, name=name, rest=rest: rest | {name: value})
                ways.append((f"{bare.name}.{name}", field.type, put))


def _as_it_is(value: Any) -> Any:
    return value


def _within(outer: Callable[[Any], Any], inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: outer(inner(value))


def _required(field: GraphQLField, instead: dict[str, str] | None = None) -> str:
    """The arguments that a field cannot do without, and those that are given."""
    given = {
        name: _literal(right(each.type), each.type)
        for name, each in field.args.items()
        if is_required_argument(each)
    } | (instead or {})
    return f"({', '.join(f'{name}: {value}' for name, value in given.items())})" if given else ""


def _literal(value: Any, type_: Any) -> str:
    bare: Any = type_.of_type if is_non_null_type(type_) else type_
    if is_list_type(bare):
        return f"[{', '.join(_literal(each, bare.of_type) for each in value)}]"
    if is_input_object_type(bare):
        fields = (f"{n}: {_literal(each, bare.fields[n].type)}" for n, each in value.items())
        return f"{{{', '.join(fields)}}}"
    return value if is_enum_type(bare) else json.dumps(value)
