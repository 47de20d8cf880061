"""What the schema declares of a field, read without the planner: columns, relations, tables."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from graphql import GraphQLField, GraphQLObjectType, get_named_type

from events.identity import nfc
from schema.event import CORRECTED, CORRECTION, FACILITY_OF, SCHEME_OF
from schema.planner.source import SOURCE, Source
from tests.schema.oracle.rows import FOREVER, Moment, Row, Values, World, today

_CONJUNCT = re.compile(r"\{other\}\.(\w+) (=|<=|>=|<|>) (.+)")
_SELF = re.compile(r"\{self\}\.(\w+)")
_ARGUMENT = re.compile(r"\{arg:(\w+)::\w+\}")
_STREAM = re.compile(r"'(\w+-)' \|\| \{self\}\.(\w+)")
_TEXT = re.compile(r"'([A-Z]+)'")
_DAY = "coalesce({arg:at::date}, {today})"
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b or a == FOREVER,
    ">=": lambda a, b: a >= b,
}
KEY_TYPES = {
    "Boolean": "boolean",
    "Date": "date",
    "DateTime": "timestamptz",
    "Figure": "bigint",
    "Int": "bigint",
    "Position": "bigint",
    "Ratio": "numeric",
    "UUID": "uuid",
    "VND": "bigint",
}


def source_of(definition: GraphQLField) -> Source:
    """How a field is declared."""
    return definition.extensions["strawberry-definition"].metadata[SOURCE]


def column_of(definition: GraphQLField, name: str | None) -> str:
    """The column that a field is."""
    return name or str(definition.extensions["strawberry-definition"].python_name)


def class_of(type_: GraphQLObjectType) -> Any:
    """The class that declares a type."""
    return type_.extensions["strawberry-definition"].origin


def table_of(type_: GraphQLObjectType) -> str:
    """Where the rows of a type live."""
    return class_of(type_).table.rows


def keys_of(type_: GraphQLObjectType) -> tuple[str, ...]:
    """Their default order, each `column::type`."""
    return class_of(type_).table.key


def node_of(of: object) -> GraphQLObjectType:
    """The type of a field's rows, whether they come as a connection or not."""
    found: Any = get_named_type(of)  # type: ignore[no-matching-overload]
    return get_named_type(found.fields["nodes"].type) if is_page(found) else found


def is_page(of: object) -> bool:
    """Whether a field answers a connection."""
    named: Any = get_named_type(of)  # type: ignore[no-matching-overload]
    return {"nodes", "pageInfo"} <= getattr(named, "fields", {}).keys()


def joined(
    world: World, table: str, at: Moment, on: str, row: Row, args: Mapping[str, Any]
) -> Sequence[Values]:
    """The rows of a table that a declared condition joins to a row."""
    if on in ABOUT:
        column, of = ABOUT[on]
        return world.find(table, at, {column: of(world, row.values)})
    same: dict[str, Any] = {}
    others: list[tuple[str, str, Any]] = []
    for conjunct in () if on == "true" else on.split(" AND "):
        matched = _CONJUNCT.fullmatch(conjunct)
        assert matched, f"the oracle cannot read {conjunct!r}"
        column, operator, term = matched.groups()
        value = _value(term, row, args)
        if operator == "=":
            same[column] = value
        else:
            others.append((column, operator, value))
    return [
        each
        for each in world.find(table, at, same)
        if all(_COMPARED[operator](each[name], value) for name, operator, value in others)
    ]


def _scheme_of(_world: World, event: Values) -> str | None:
    kind, _, code = event["stream"].partition("-")
    return code if kind == "scheme" else None


def _facility_of(world: World, event: Values) -> str | None:
    kind, _, code = event["stream"].partition("-")
    if kind != "scheme":
        return code if kind == "facility" else None
    data = orjson.loads(event["body"])["data"]
    if "facilityId" in data:
        return data["facilityId"]
    promised = world.tables["model.commitment"]
    key = (code, data.get("commitmentId"))
    found = {e["facility_id"] for e in promised if (e["scheme_id"], e["commitment_id"]) == key}
    return found.pop() if found else None


def _corrected(_world: World, event: Values) -> UUID | None:
    said = orjson.loads(event["body"])
    return UUID(said["data"]["correctsEvent"]) if said["type"] == "EntryCorrected" else None


def _correction(world: World, event: Values) -> UUID | None:
    for each in world.tables["ledger.event"]:
        if _corrected(world, each) == event["event_id"]:
            return each["event_id"]
    return None


ABOUT: Mapping[str, tuple[str, Callable[[World, Values], str | UUID | None]]] = {
    SCHEME_OF: ("scheme_id", _scheme_of),
    FACILITY_OF: ("facility_id", _facility_of),
    CORRECTED: ("event_id", _corrected),
    CORRECTION: ("event_id", _correction),
}
"""Relations whose condition is more than a column beside a column."""


def own(template: str) -> str:
    """The column that `{self}.column` names."""
    return template.removeprefix("{self}.")


def _value(term: str, row: Row, args: Mapping[str, Any]) -> object:
    """All the SQL that relations are declared in; what is written otherwise fails, loudly."""
    if matched := _SELF.fullmatch(term):
        return row.values[matched[1]]
    if matched := _ARGUMENT.fullmatch(term):
        return _composed(args.get(matched[1]))
    if matched := _TEXT.fullmatch(term):
        return matched[1]
    if matched := _STREAM.fullmatch(term):
        return f"{matched[1]}{row.values[matched[2]]}"
    assert term == _DAY, f"the oracle cannot read {term!r}"
    return args.get("at") or today()


def _composed(got: str | int | date | None) -> object:
    return nfc(got) if isinstance(got, str) else got
