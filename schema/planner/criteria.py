"""GraphQL inputs for lists, made from what a type declares: its filter and its order.

`filter_of(Facility)` is `FacilityFilter`: a condition for every column, a filter for every
relation, and `and`, `or`, `not`. `order_of(Facility)` is `FacilityOrder`: a field, a direction, the
place of nulls. Nobody writes them: a new field can be filtered and ordered by at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass
from datetime import date, datetime
from enum import Enum
from types import new_class
from typing import Any
from uuid import UUID

import strawberry
from strawberry import UNSET
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.base import (
    StrawberryList,
    StrawberryObjectDefinition,
    StrawberryOptional,
    get_object_definition,
)
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType
from strawberry.utils.str_converters import to_camel_case

from events.money import Figure, Vnd
from schema.planner.given import Structural
from schema.planner.source import SOURCE, Column, Expression, Many, One, Source, Summed

_NAMES: Mapping[object, str] = {
    str: "String",
    int: "Int",
    bool: "Boolean",
    date: "Date",
    datetime: "DateTime",
    UUID: "UUID",
    Vnd: "VND",
    Figure: "Figure",
}
_ORDER_WORDS = ("eq", "in", "gt", "gte", "lt", "lte", "between")
_SAME_WORDS = ("eq", "in")
_SAYS: Mapping[str, str] = {
    "eq": "Equal.",
    "in": "One of these; none of an empty list.",
    "gt": "Greater or later; of names, after it in Vietnamese alphabetical order.",
    "gte": "Equal, or as `gt`.",
    "lt": "Less or earlier; of names, before it in Vietnamese alphabetical order.",
    "lte": "Equal, or as `lt`.",
    "between": "From one value to another, both included.",
    "like": "SQL's pattern: `%` for any text, `_` for any character, `\\\\` before a literal one.",
    "search": "Every word occurs, whatever its case and diacritics: `det may` finds `Dệt may`.",
    "isNull": "Whether there is no value.",
    "has": "Holds this one.",
    "and": "All of these.",
    "or": "At least one of these; an empty list is never true.",
    "not": "Not this.",
    "some": "At least one of them.",
    "none": "None of them.",
    "every": "All of them; true where there are none.",
}


class Direction(Structural):
    """Which end comes first."""

    ASC = "smallest, earliest or alphabetically first"
    DESC = "greatest, latest or alphabetically last"


class Nulls(Structural):
    """Where rows without a value stand."""

    FIRST = "before all others"
    LAST = "after all others"


@dataclass(frozen=True, slots=True)
class Kind:
    """A field's type without its wrappings."""

    core: Any
    is_list: bool
    is_nullable: bool

    @property
    def definition(self) -> StrawberryObjectDefinition | None:
        """Of an object type; None for a leaf."""
        return get_object_definition(self.core)

    @property
    def node(self) -> type | None:
        """The type of a connection's nodes; None if it is no connection."""
        nodes = self.definition.get_field("nodes") if self.definition else None
        return kind_of(nodes.type).core if nodes else None


def kind_of(of: Any) -> Kind:
    """Unwrap a type that Strawberry resolved."""
    is_list = is_nullable = False
    while True:
        match of:
            case StrawberryOptional():
                is_nullable, of = is_nullable or not is_list, of.of_type
            case StrawberryList():
                is_list, of = True, of.of_type
            case LazyType():
                of = of.resolve_type()
            case StrawberryEnumDefinition():
                of = of.wrapped_cls
            case _:
                return Kind(of, is_list, is_nullable)


def declared(of: type) -> Iterator[tuple[str, StrawberryField, Source]]:
    """The fields of a type that say where they come from, by their GraphQL names."""
    definition = get_object_definition(of, strict=True)
    for field in definition.fields:
        source = field.metadata.get(SOURCE)
        if source is not None:
            yield field.graphql_name or to_camel_case(str(field.python_name)), field, source


_made: dict[str, Any] = {}
"""Every input that was made, by its name: filters name each other, and themselves."""


def filter_of(of: type) -> Any:
    """The filter of a type."""
    name = f"{get_object_definition(of, strict=True).name}Filter"
    if name not in _made:
        made = _made[name] = _input(name, "Conditions; all that are given must hold.")
        _add(made, "and", list[made])
        _add(made, "or", list[made])
        _add(made, "not", made)
        for field, strawberry_field, source in declared(of):
            condition = _condition(kind_of(strawberry_field.type), source)
            if condition is not None:
                _add(made, field, condition, strawberry_field.description)
    return _made[name]


def order_of(of: type) -> Any:
    """One key of an order."""
    name = f"{get_object_definition(of, strict=True).name}Order"
    if name not in _made:
        made = _made[name] = _input(name, "One key of an order; later keys break ties.")
        _add(made, "by", _order_field_of(of, f"{name}Field"), "What to order by.", is_required=True)
        _add(made, "direction", Direction, "Which end comes first.", default=Direction.ASC)
        _add(made, "nulls", Nulls, "Where rows without a value stand; last, if nothing is said.")
    return _made[name]


def _order_field_of(of: type, name: str) -> Any:
    """The enum of what rows of a type can be ordered by; a member's value is the field's name."""
    found = {
        field: each.description or ""
        for field, each, source in declared(of)
        if _is_order(kind_of(each.type), source) and not each.arguments
    }
    members: Any = Structural(name, {_upper(field): field for field in found})
    return described(members, "What to order by.", found)


def described(
    enum: Any, description: str, says: Mapping[str, str] | None = None, *, name: str | None = None
) -> Any:
    """An enum in the contract: each value says what `says` has for it, else its own value."""
    publish: Any = strawberry.enum
    published = publish(enum, description=description, name=name)
    for each in published.__strawberry_definition__.values:
        text = says[enum[each.name].value] if says else enum[each.name].value
        each.description = f"{text[:1].upper()}{text[1:].rstrip('.')}."
    return published


def _is_order(kind: Kind, source: Source) -> bool:
    match source:
        case Column() | Expression(weight=0):
            return not kind.is_list and kind.definition is None and kind.core is not strawberry.ID
        case One(rows=None):
            return kind.definition is not None
        case _:
            return False


def _condition(kind: Kind, source: Source) -> Any:
    """The input that a condition on a field is written in; None: there is none."""
    match source:
        case Column() | Expression(weight=0) if (
            kind.definition is None and kind.core is not strawberry.ID
        ):
            return _leaf(kind, is_searched=isinstance(source, Column) and source.fold is not None)
        case One(weight=0) if kind.definition is not None:
            return filter_of(kind.core)
        case Summed() if not kind.is_list:
            return filter_of(kind.core)
        case Many():
            return _some(kind.node or kind.core)
        case _:
            return None


def _leaf(kind: Kind, *, is_searched: bool) -> Any:
    """Conditions on a value."""
    core, enum = kind.core, issubclass(kind.core, Enum) if isinstance(kind.core, type) else False
    base = core.__name__ if enum else _NAMES.get(core, getattr(core, "__name__", ""))
    if kind.is_list:
        return _words(f"{base}ListFilter", core, ("has",), is_nullable=False)
    if enum or core in {UUID, bool}:
        words: tuple[str, ...] = ("eq",) if core is bool else _SAME_WORDS
    else:
        words = (*_ORDER_WORDS, "like") if core is str else _ORDER_WORDS
    if is_searched:
        base, words = "Text", (*words, "search")
    prefix = "Nullable" if kind.is_nullable else ""
    return _words(f"{prefix}{base}Filter", core, words, is_nullable=kind.is_nullable)


def _words(name: str, core: Any, words: tuple[str, ...], *, is_nullable: bool) -> Any:
    if name not in _made:
        made = _made[name] = _input(name, "Conditions on a value; all that are given must hold.")
        for word in words:
            _add(made, word, _operand(word, core))
        if is_nullable:
            _add(made, "isNull", bool)
    return _made[name]


def _operand(word: str, core: Any) -> Any:
    match word:
        case "in":
            return list[core]
        case "between":
            return _range(core)
        case "like" | "search":
            return str
        case _:
            return core


def _range(core: Any) -> Any:
    name = f"{_NAMES.get(core, getattr(core, '__name__', ''))}Range"
    if name not in _made:
        made = _made[name] = _input(name, "From one value to another, both included.")
        _add(made, "from", core, "The first.", is_required=True)
        _add(made, "to", core, "The last.", is_required=True)
    return _made[name]


def _some(of: type) -> Any:
    """Conditions on related rows, of which there may be many."""
    name = f"{get_object_definition(of, strict=True).name}ListFilter"
    if name not in _made:
        made = _made[name] = _input(name, "Conditions on what is related.")
        for word in ("some", "none", "every"):
            _add(made, word, filter_of(of))
    return _made[name]


def _input(name: str, description: str) -> Any:
    """An input without fields yet: filters name each other."""
    empty = new_class(name, (), {}, lambda body: body.update(__annotations__={}))
    made: Any = strawberry.input(empty, description=description)
    made.__strawberry_definition__.from_input = _as_sent
    return made


def _as_sent(of: Any, value: Any, context: Any) -> Any:
    """No object of a class: the planner reads the coerced value."""
    del of, context
    return value


def _add(
    to: Any,
    name: str,
    of: Any,
    description: str | None = None,
    *,
    default: object = UNSET,
    is_required: bool = False,
) -> None:
    """A field; one that may be left out unless it is required or has a default."""
    is_optional = default is UNSET and not is_required
    field = StrawberryField(
        python_name=name,
        graphql_name=name,
        type_annotation=StrawberryAnnotation(of | None if is_optional else of),
        description=description or _SAYS[name],
        default=MISSING if is_required else default,
    )
    to.__strawberry_definition__.fields.append(field)


def _upper(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in name)
