"""How one value of each type stands in canonical JSON, derived from the types of dataclasses.

    str, int, bool       as they are; integers stay below 2^53
    Vnd, Figure          decimal strings, so that no reader can round them
    date, datetime       ISO 8601; instants in UTC with six decimals and Z
    Enum                 its name
    Personal             that it is there; facts hold none, fingerprints must not hold it
    a dataclass          an object with camelCase keys, sorted
    tuple                an array;  None is null

Types are resolved once, at import; what remains per event is a few calls per field.
"""

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

import orjson

from events.money import Figure, Vnd
from events.personal import Personal

Write: TypeAlias = Callable[[Any], Any]
Read: TypeAlias = Callable[[Any], Any]
_Kind: TypeAlias = Any
"""A class, a NewType, a union, or a value of one: Python has no type that says so."""


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """Both directions of one type. None: the value and its JSON are the same."""

    write: Write | None
    read: Read | None


def canonical(tree: dict[str, Any]) -> bytes:
    """The bytes of an object whose keys stand in their order already: equal to RFC 8785."""
    return orjson.dumps(tree, option=orjson.OPT_STRICT_INTEGER)


def camel(name: str) -> str:
    """`facility_id` as `facilityId`."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def shape_of(kind: _Kind) -> Shape:
    """How values of this type are written and read."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _optional(kind)
    if origin is tuple:
        return _tuple(shape_of(get_args(kind)[0]))
    if hasattr(kind, "__supertype__"):
        return shape_of(kind.__supertype__)
    if dataclasses.is_dataclass(kind):
        return Shape(*object_of(kind))
    if issubclass(kind, Enum):
        return Shape(write=attrgetter("name"), read=dict(kind.__members__).__getitem__)
    raise TypeError(f"{kind} has no canonical form")


def _optional(kind: _Kind) -> Shape:
    (inner,) = (shape_of(each) for each in get_args(kind) if each is not NoneType)
    return Shape(write=_unless_none(inner.write), read=_unless_none(inner.read))


def _unless_none(step: Write | None) -> Write | None:
    return step and (lambda got: None if got is None else step(got))


def _tuple(inner: Shape) -> Shape:
    write, read = inner.write, inner.read
    return Shape(
        write=(lambda got: [write(each) for each in got]) if write else list,
        read=(lambda got: tuple([read(each) for each in got])) if read else tuple,
    )


def object_of(cls: type) -> tuple[Write, Read]:
    """How instances of this dataclass are written as an object, and read."""
    hints = get_type_hints(cls)
    parts = [(each.name, shape_of(hints[each.name])) for each in dataclasses.fields(cls)]
    sorted_parts = sorted(parts, key=lambda part: camel(part[0]))
    writes = [(camel(name), attrgetter(name), shape.write) for name, shape in sorted_parts]
    slots = [(slot(cls, name), camel(name), shape.read) for name, shape in parts]
    plain = [(put, key) for put, key, step in slots if step is None]
    stepped = [(put, key, step) for put, key, step in slots if step is not None]
    new = object.__new__

    def write(got: _Kind) -> dict[str, Any]:
        return {key: step(field(got)) if step else field(got) for key, field, step in writes}

    def read(got: _Kind) -> _Kind:
        made = new(cls)
        for put, key in plain:
            put(made, got[key])
        for put, key, step in stepped:
            put(made, step(got[key]))
        return made

    return write, read


def slot(cls: type, name: str) -> Callable[[Any, Any], None]:
    """How reading fills a frozen dataclass: its own `__init__` takes twice the time (measured)."""
    return getattr(cls, name).__set__


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


_DECIMAL = Shape(write=str, read=int)
_PLAIN: dict[Any, Shape] = {
    str: Shape(write=None, read=None),
    int: Shape(write=None, read=None),
    bool: Shape(write=None, read=None),
    Vnd: _DECIMAL,
    Figure: _DECIMAL,
    Personal: Shape(write=lambda _: True, read=None),
    date: Shape(write=date.isoformat, read=date.fromisoformat),
    datetime: Shape(write=_instant, read=datetime.fromisoformat),
}
