"""What a document must be refused for, found by walking every field that it selects."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
    is_object_type,
)
from graphql.execution.collect_fields import (
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues, get_argument_values

from schema.planner.source import PAGE_MAX, Many
from tests.schema.oracle.declared import is_page, keys_of, node_of, source_of
from tests.schema.oracle.filters import Reads
from tests.schema.oracle.pages import BadCursorError, order_of, read_cursor

ORDER_MAX = 8
IDS_MAX = 100
NOT_COVERED: Mapping[str, str] = {
    "COST_TOO_HIGH": "what a question costs is the planner's own measure; asked in test_limits.py",
    "FILTER_TOO_LARGE": "likewise: it counts what it compiles",
    "NOT_YET_READABLE": "`minPosition` beyond the head waits for two seconds",
    "READ_MODEL_STOPPED": "no read model stands still here; asked in test_poison.py",
}
"""Refusals that the oracle has no opinion of; there is no answer that it has none of."""


def refusals(
    reads: Reads,
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: VariableValues,
    head: int,
) -> set[str]:
    """The codes of all that is wrong with a request; none: it has an answer."""
    return {
        code
        for type_, definition, args in _asked(schema, document, variables)
        for code in (
            {"NULL_ARGUMENT"} if args is None else _codes(reads, type_, definition, args, head)
        )
    }


def _asked(
    schema: GraphQLSchema, document: DocumentNode, variables: VariableValues
) -> Iterator[tuple[GraphQLObjectType, GraphQLField, Mapping[str, Any] | None]]:
    """Every field that is selected, with its arguments; None: one is null that must not be."""
    operation = next(
        each for each in document.definitions if isinstance(each, OperationDefinitionNode)
    )
    fragments = {
        each.name.value: FragmentDetails(each)
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    query = schema.query_type
    assert query
    collected = collect_fields(schema, fragments, variables, query, operation)
    waiting = [(query, collected.grouped_field_set)]
    while waiting:
        type_, grouped = waiting.pop()
        for details in grouped.values():
            node = details[0].node
            definition = type_.fields.get(node.name.value)
            if definition is None:
                continue  # __typename
            try:
                yield type_, definition, get_argument_values(definition, node, variables)
            except GraphQLError:
                yield type_, definition, None
            for below in _possible(schema, definition):
                found = collect_subfields(schema, fragments, variables, operation, below, details)
                waiting.append((below, found.grouped_field_set))


def _possible(schema: GraphQLSchema, definition: GraphQLField) -> Iterator[GraphQLObjectType]:
    named: Any = get_named_type(definition.type)
    if is_abstract_type(named):
        yield from schema.get_possible_types(named)
    elif is_object_type(named):
        yield named


def _codes(
    reads: Reads,
    type_: GraphQLObjectType,
    definition: GraphQLField,
    args: Mapping[str, Any],
    head: int,
) -> Iterator[str]:
    if any(_is_bad_text(each) for each in _leaves(args)):
        yield "BAD_TEXT"
    for name in ("filter", "having"):
        if None in _leaves(args.get(name) or {}):
            yield "NULL_IN_FILTER"
    if len(args.get("orderBy") or ()) > ORDER_MAX:
        yield "ORDER_TOO_LONG"
    if len(args.get("ids") or ()) > IDS_MAX:
        yield "LIST_TOO_LONG"
    for name in ("first", "last"):
        if args.get(name) is not None and not 1 <= args[name] <= PAGE_MAX:
            yield "PAGE_SIZE"
    if any(isinstance(got, str) and _ends_in_escape(got) for got in _patterns(args)):
        yield "BAD_PATTERN"
    is_span = definition.args.keys() == {"from", "to"}
    rising = getattr(source_of(definition), "rising", ()) if is_span else ()
    if rising:
        told = [args[name] for name in rising if args.get(name) is not None]
        yield from ("OUT_OF_ORDER",) if told != sorted(told) else ()
    else:
        yield from _of_moments(args, head)
    if is_page(definition.type):
        yield from _of_page(reads, definition, args)


def _of_moments(args: Mapping[str, Any], head: int) -> Iterator[str]:
    if args.get("position") is not None and args.get("recordedAt") is not None:
        yield "AS_OF_AMBIGUOUS"
    is_past = "recordedAt" in args or "minPosition" in args
    names = ("from", "to", "position") if is_past or "interval" not in args else ()
    if any(type(args.get(name)) is int and args[name] > head for name in names):
        yield "POSITION_AHEAD"
    grouped = {each.name for each in args.get("groupBy") or ()}
    map_ = getattr(args.get("geography"), "name", "")
    if "PROVINCE" in grouped and map_ == "TODAY" and args.get("geographyOn") is not None:
        yield "GEOGRAPHY_AMBIGUOUS"
    days = [args.get(name) for name in ("from", "to") if "interval" in args]
    if any(isinstance(day, date) and abs(day.year - 2020) > 50 for day in days):
        yield "SERIES_TOO_LONG"


def _of_page(reads: Reads, definition: GraphQLField, args: Mapping[str, Any]) -> Iterator[str]:
    if args.get("first") is not None and args.get("last") is not None:
        yield "BOTH_ENDS"
    node, source = node_of(definition.type), source_of(definition)
    own = source.order if isinstance(source, Many) else ()
    order = order_of(reads, node, own or keys_of(node), args.get("orderBy"))
    for name in ("after", "before"):
        if args.get(name) is not None:
            try:
                _, keys = read_cursor(order, args[name])
            except BadCursorError:
                yield "BAD_CURSOR"
            else:
                if any(_is_bad_text(each) for each in keys):
                    yield "BAD_TEXT"


def _leaves(got: Any) -> Iterator[Any]:
    match got:
        case dict():
            for each in got.values():
                yield from _leaves(each)
        case list():
            for each in got:
                yield from _leaves(each)
        case _:
            yield got


def _patterns(got: Any) -> Iterator[Any]:
    """What is given for `like`, wherever it stands."""
    match got:
        case dict():
            for name, each in got.items():
                yield from (each,) if name == "like" else _patterns(each)
        case list():
            for each in got:
                yield from _patterns(each)


def _ends_in_escape(pattern: str) -> bool:
    return (len(pattern) - len(pattern.rstrip("\\"))) % 2 == 1


def _is_bad_text(got: Any) -> bool:
    if not isinstance(got, str):
        return False
    return "\x00" in got or any("\ud800" <= letter <= "\udfff" for letter in got)
