"""The columns of a row: SQL types, and values on their way into the database and out of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from projections.projection import Row

FOREVER = 9223372036854775807
"""`until` of a version that still stands."""
INFINITY = date.max
"""`valid_to` of a version without an end: the driver writes it as 'infinity'."""

_SQL = {
    str: 'text COLLATE "C"',
    int: "bigint",
    bool: "boolean",
    date: "date",
    datetime: "timestamptz",
    UUID: "uuid",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column, as its annotation declares it."""

    name: str
    kind: type
    is_array: bool
    is_nullable: bool

    @property
    def is_enum(self) -> bool:
        """Whether it holds the names of an enum's members."""
        return issubclass(self.kind, Enum)

    @property
    def sql(self) -> str:
        """Its SQL type."""
        scalar = _SQL[str] if self.is_enum else _SQL[self.kind]
        return scalar.replace("text", "text[]") if self.is_array else scalar

    @property
    def array_of_keys(self) -> str:
        """The SQL type of many of its values, as a parameter."""
        return self.sql.removesuffix(' COLLATE "C"') + "[]"

    @property
    def definition(self) -> str:
        """Its line in CREATE TABLE."""
        return f"{self.name} {self.sql}{'' if self.is_nullable else ' NOT NULL'}"


@cache
def columns_of(row: type) -> tuple[Column, ...]:
    """The columns of a NamedTuple, in its order."""
    hints = get_type_hints(row)
    return tuple(_column(name, hints[name]) for name in row._fields)  # type: ignore[attr-defined]


def writer(columns: tuple[Column, ...]) -> Callable[[Row], Row]:
    """From a row to the values that the driver is handed: enums by their names."""
    enums = [n for n, each in enumerate(columns) if each.is_enum and not each.is_array]
    arrays = [n for n, each in enumerate(columns) if each.is_enum and each.is_array]
    if not enums and not arrays:
        return lambda row: row

    def written(row: Row) -> Row:
        values = list(row)
        for n in enums:
            values[n] = values[n]._name_
        for n in arrays:
            values[n] = [each.name for each in values[n]]
        return tuple(values)

    return written


def reader(row: type, columns: tuple[Column, ...]) -> Callable[[Row], Row]:
    """From the values that the driver read to a row."""
    changed = [n for n, each in enumerate(columns) if each.is_enum or each.is_array]

    def read(values: Row) -> Row:
        got = list(values)
        for n in changed:
            kind = columns[n].kind
            names = got[n] if columns[n].is_array else [got[n]]
            members = [getattr(kind, each) for each in names] if columns[n].is_enum else names
            got[n] = tuple(members) if columns[n].is_array else members[0]
        return row(*got)  # type: ignore[no-any-return]

    return read


def _column(name: str, hint: Any) -> Column:  # noqa: ANN401 - a type hint is of no one type
    is_nullable = False
    if isinstance(hint, UnionType) or NoneType in get_args(hint):
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
        is_nullable = True
    is_array = get_origin(hint) is tuple
    kind = get_args(hint)[0] if is_array else hint
    return Column(name, getattr(kind, "__supertype__", kind), is_array, is_nullable)
