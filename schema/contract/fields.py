"""The fields of an event's shape, one line each, with who reads them.

    fields_of(SchemeApproved)[1]      # Field(name="ceilings[].amount", type="đồng, in digits", …)

Names are paths as jq has them: `ceilings[].amount` is the amount in each of the ceilings.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias, get_args, get_type_hints

from events.catalogue import FACTS
from events.envelope import Actor, Authority
from events.money import Figure, Vnd
from events.notes import said
from events.rules import value
from events.shapes import event_shapes
from events.vocabulary import Role
from events.wire import camel
from schema.access.policy import Roles, readers
from schema.feed.audience import class_in

_Shape: TypeAlias = Mapping[str, Any]
_WORDS: Final[Mapping[str, str]] = {
    "string": "text",
    "integer": "integer",
    "boolean": "true or false",
    "object": "object",
    "date": "date",
    "date-time": "instant",
    "uuid": "UUID",
}

_AROUND: Final[Mapping[str, str]] = {
    "budgetYear": "integer, or null",
    "schema": "integer",
    "type": "text",
}
"""What is one value within a kind of event is another in the next."""


@value
class Field:
    """One field of a fact, or of an object inside it."""

    name: str
    type: str
    description: str
    readers: Roles


def fields_of(cls: type) -> tuple[Field, ...]:
    """The fields of a fact, those of an object below it."""
    shape = event_shapes()["$defs"][cls.__name__]["properties"]["data"]
    return tuple(_walk(cls, shape, "", frozenset(Role)))


def around() -> tuple[Field, ...]:
    """The fields that every event has: they are the same, whatever happened."""
    return tuple(_around())


def _around() -> Iterator[Field]:
    shape = event_shapes()["$defs"][next(iter(FACTS))]
    inside = {"actor": Actor, "authority": Authority}
    for name, each in shape["properties"].items():
        yield Field(
            name=name,
            type=_AROUND.get(name) or _listed(each, _kind(_opened(each)[0], None)),
            description=each["description"],
            readers=frozenset(Role),
        )
        if name in inside:
            yield from _walk(inside[name], _opened(each)[0], f"{name}.", frozenset(Role))


def _walk(cls: type, shape: _Shape, place: str, around: Roles) -> Iterator[Field]:
    hints = get_type_hints(cls)
    for each in dataclasses.fields(cls):
        name, hint = camel(each.name), hints[each.name]
        inner, below = _opened(shape["properties"][name])
        read_by = (readers(cls.__name__, name) or frozenset()) & around
        kind = _kind(inner, hint)
        yield Field(
            name=place + name,
            type=_listed(shape["properties"][name], kind),
            description=" ".join(said(cls, each.name).split()),
            readers=read_by,
        )
        if (inside := class_in(hint)) is not None:
            yield from _walk(inside, inner, f"{place}{name}{below}.", read_by)


def _opened(shape: _Shape) -> tuple[_Shape, str]:
    """What stands in a list or beside a null, and how a path says that."""
    if "anyOf" in shape:
        inner, below = _opened(shape["anyOf"][0])
        return inner, below
    if shape.get("type") == "array":
        return shape["items"], "[]"
    return shape, ""


def _kind(shape: _Shape, hint: object) -> str:
    """What a value is, in words."""
    if "enum" in shape:
        return "one of " + ", ".join(shape["enum"])
    if _is_of(hint, Vnd):
        return "đồng, in digits"
    if _is_of(hint, Figure):
        return "whole number, in digits"
    return _WORDS[shape.get("format", shape["type"])]


def _listed(shape: _Shape, kind: str) -> str:
    if "anyOf" in shape:
        return f"{_listed(shape['anyOf'][0], kind)}, or null"
    return f"list of {kind}" if shape.get("type") == "array" else kind


def _is_of(hint: object, kind: object) -> bool:
    return hint == kind or kind in get_args(hint)
