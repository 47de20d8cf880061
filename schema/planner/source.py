"""How a GraphQL type says where its fields come from: one declaration a field.

    title: str = column("The scheme's title (tên đề án).")
    period: Period | None = one("{other}.code = {self}.period", "…")
    commitments: Connection[Commitment] = connection("{other}.scheme_id = {self}.scheme_id", "…")

A type names its table in the class variable `table`. SQL fragments are templates (`template.py`):
`{self}` is the row at hand, `{other}` the related row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, LiteralString, TypeAlias

from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.types.unset import UNSET

SOURCE = "socai.source"
PAGE_DEFAULT = 20
PAGE_MAX = 100


class Time(Enum):
    """How the rows of a table are kept to one moment."""

    VERSIONS = "since, until, valid_from, valid_to"
    LOG = "position, effective_on"
    NONE = "always the same, or kept by the sub-select itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Where the rows of a type live: a table, or a sub-select in parentheses."""

    rows: LiteralString
    key: tuple[LiteralString, ...]
    """Columns that identify a row, each `name::type`; also the default order."""
    time: Time = Time.VERSIONS


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the row; None: named as the field."""

    name: LiteralString | None = None


@dataclass(frozen=True, slots=True)
class Expression:
    """An SQL expression over the row, rendered by the field's GraphQL type."""

    sql: LiteralString


@dataclass(frozen=True, slots=True)
class One:
    """A related row, or null. `rows`: a sub-select over `{self}` instead of the target's table."""

    on: LiteralString
    rows: LiteralString | None = None


@dataclass(frozen=True, slots=True)
class Many:
    """Related rows: a list, or a Relay connection if the field's type is one."""

    on: LiteralString
    rows: LiteralString | None = None
    order: tuple[LiteralString, ...] = ()
    """Columns with types, ending in a unique one; empty: the target's key."""


@dataclass(frozen=True, slots=True)
class Document:
    """A part of the event's recorded JSON; no path: named as the field."""

    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AsOf:
    """The same type at another moment."""


@dataclass(frozen=True, slots=True)
class ByNodeId:
    """The row of whatever type, found by its global identity."""


Source: TypeAlias = Column | Expression | One | Many | Document | AsOf | ByNodeId


class PlannedField(StrawberryField):
    """A field that the planner answers. Reached by the executor, it compiles its own selection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # No Python object ever holds its value.
        self.init = self.repr = self.compare = False

    @property
    def is_basic_field(self) -> bool:
        """Not an attribute of a Python object: there is none."""
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: Any) -> Any:
        """Answer this field alone with one statement."""
        del args, kwargs
        return info.context.splice(info, source)


def planned(
    source: Source,
    description: str,
    *,
    name: str | None = None,
    arguments: Sequence[StrawberryArgument] = (),
) -> Any:
    """Declare a field by its source. `Any`, because the attribute's annotation is its type."""
    field = PlannedField(graphql_name=name, description=description, metadata={SOURCE: source})
    field.arguments = list(arguments)
    return field


def argument(
    name: str, of: object, description: str, default: object = UNSET
) -> StrawberryArgument:
    """An argument of a planned field."""
    return StrawberryArgument(
        python_name=name,
        graphql_name=None,
        type_annotation=StrawberryAnnotation(of),
        description=description,
        default=default,
    )


FIRST = argument("first", int, f"How many, from the start: 1 to {PAGE_MAX}.", PAGE_DEFAULT)
AFTER = argument(
    "after",
    str | None,
    "Only what comes after this cursor; for events and entries it is the position.",
)


def column(
    description: str, column_name: LiteralString | None = None, name: str | None = None
) -> Any:
    """A column of the row, under the field's own name unless said otherwise."""
    return planned(Column(column_name), description, name=name)


def expression(
    sql: LiteralString, description: str, *, arguments: Sequence[StrawberryArgument] = ()
) -> Any:
    """A value computed by SQL from the row."""
    return planned(Expression(sql), description, arguments=arguments)


def one(
    on: LiteralString,
    description: str,
    *,
    rows: LiteralString | None = None,
    arguments: Sequence[StrawberryArgument] = (),
) -> Any:
    """A related row, or null."""
    return planned(One(on, rows), description, arguments=arguments)


def many(
    on: LiteralString,
    description: str,
    *,
    rows: LiteralString | None = None,
    order: tuple[LiteralString, ...] = (),
    arguments: Sequence[StrawberryArgument] = (),
) -> Any:
    """Related rows as a list: only where the list is short by nature."""
    return planned(Many(on, rows, order), description, arguments=arguments)


def connection(
    on: LiteralString,
    description: str,
    *,
    order: tuple[LiteralString, ...] = (),
    arguments: Sequence[StrawberryArgument] = (),
) -> Any:
    """Related rows as a Relay connection, paged by `first` and `after`."""
    return planned(Many(on, None, order), description, arguments=(FIRST, AFTER, *arguments))


def document(description: str, *path: str) -> Any:
    """A part of the event's recorded JSON."""
    return planned(Document(path), description)


def source_of(field: object) -> Source | None:
    """What the planner knows of a Strawberry field; None: the executor's business."""
    return field.metadata.get(SOURCE) if isinstance(field, PlannedField) else None
