"""How a GraphQL type says where its fields come from: one declaration a field.

    title: str = column("The scheme's title (tên đề án).")
    period: Period | None = one("{other}.code = {self}.period", "…")
    commitments: Connection[Commitment] = connection("{other}.scheme_id = {self}.scheme_id", "…")

A type names its table in the class variable `table`. SQL fragments are templates (`template.py`):
`{self}` is the row at hand, `{other}` the related row.
"""

from collections.abc import Sequence
from typing import Any, LiteralString

from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.types.unset import UNSET

from schema.planner.criteria import Kind, filter_of, kind_of, order_of
from schema.planner.source import (
    PAGE_DEFAULT,
    PAGE_MAX,
    SOURCE,
    Behind,
    Column,
    Document,
    Expression,
    Many,
    One,
    Part,
    Series,
    Source,
    Summed,
)


class PlannedField(StrawberryField):
    """A field that the planner answers. Reached by the executor, it compiles its own selection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # No Python object ever holds its value.
        self.init = self.repr = self.compare = False

    @property
    def arguments(self) -> list[StrawberryArgument]:
        """Its own, and those that follow from what it lists; read when the schema is built."""
        return [*(self._arguments or ()), *_implied(self.metadata[SOURCE], self.type)]

    @arguments.setter
    def arguments(self, value: list[StrawberryArgument]) -> None:
        self._arguments = value

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
    deprecated: str | None = None,
) -> Any:
    """Declare a field by its source. `Any`, because the attribute's annotation is its type."""
    field = PlannedField(
        graphql_name=name,
        description=description,
        metadata={SOURCE: source},
        deprecation_reason=deprecated,
    )
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


_PAGE = (
    argument(
        "first",
        int | None,
        f"How many, from the start: 1 to {PAGE_MAX:,}; {PAGE_DEFAULT} if neither end is said.",
    ),
    argument(
        "after",
        str | None,
        "Only what comes after this cursor; of events and entries in order it is a position.",
    ),
    argument("last", int | None, f"How many, from the end: 1 to {PAGE_MAX:,}."),
    argument("before", str | None, "Only what comes before this cursor."),
)
_FILTER = "Only those that meet these conditions."
_ENTRIES = "Only entries that meet these conditions."


def _implied(source: Source, of: Any) -> Sequence[StrawberryArgument]:
    """The arguments that a field has because of what it answers."""
    kind = kind_of(of)
    match source:
        case Many() | Behind() if kind.node is not None:
            return (
                *_PAGE,
                argument("filter", filter_of(kind.node) | None, _FILTER),
                argument("orderBy", _list(order_of(kind.node)), "By what, first key first."),
            )
        case Summed(by=()) | Series():
            entries = argument("filter", filter_of(kind_of(source.of).core) | None, _ENTRIES)
            return (entries, *_of_groups(kind)) if isinstance(source, Summed) else (entries,)
        case _:
            return ()


def _list(of: Any) -> Any:
    """A list that may be left out."""
    return list[of] | None


def _of_groups(kind: Kind) -> Sequence[StrawberryArgument]:
    """What may be asked of groups: which of them, in which order."""
    if not kind.is_list:
        return ()
    return (
        argument("having", filter_of(kind.core) | None, "Only groups that meet these conditions."),
        argument("orderBy", _list(order_of(kind.core)), "By what, first key first."),
    )


def column(
    description: str,
    column_name: LiteralString | None = None,
    name: str | None = None,
    *,
    sort: LiteralString | None = None,
    fold: LiteralString | None = None,
) -> Any:
    """A column of the row, under the field's own name unless said otherwise.

    `sort` and `fold` name the columns beside it with its alphabetical key and its text for search.
    """
    return planned(Column(column_name, sort, fold), description, name=name)


def expression(
    sql: LiteralString,
    description: str,
    *,
    weight: int = 0,
    arguments: Sequence[StrawberryArgument] = (),
) -> Any:
    """A value computed by SQL from the row. `weight`: points, of what takes long to compute."""
    return planned(Expression(sql, weight), description, arguments=arguments)


def part(description: str) -> Any:
    """An object over the same row."""
    return planned(Part(), description)


def one(
    on: LiteralString,
    description: str,
    *,
    rows: LiteralString | None = None,
    asks: tuple[str, ...] = (),
    weight: int = 0,
    rising: tuple[str, ...] = (),
    arguments: Sequence[StrawberryArgument] = (),
) -> Any:
    """A related row, or null. `asks`: arguments that are positions of the ledger.

    `weight`: points, of a row that takes long to find; `rising`: arguments that are in order.
    """
    return planned(One(on, rows, asks, weight, rising), description, arguments=arguments)


def many(
    on: LiteralString,
    description: str,
    *,
    rows: LiteralString | None = None,
    order: tuple[LiteralString, ...] = (),
    arguments: Sequence[StrawberryArgument] = (),
) -> Any:
    """Related rows: a list that is short by nature, or a Relay connection, as the field's type is.

    A connection is paged from both ends, filtered and ordered; its arguments follow from its type.
    """
    return planned(Many(on, rows, order), description, arguments=arguments)


def document(description: str, *path: str) -> Any:
    """A part of the event's recorded JSON."""
    return planned(Document(path), description)


def behind(description: str) -> Any:
    """The entries that a row of sums is made of."""
    return planned(Behind(None), description)


def behind_events(description: str) -> Any:
    """The events that made the entries of a row of sums."""
    return planned(Behind("{other}.position = {self}.position"), description)
