"""Where the fields of a GraphQL type come from; `declare.py` has the words to say it with."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, LiteralString, TypeAlias

SOURCE = "socai.source"
PAGE_DEFAULT = 20
PAGE_MAX = 1_000


class Time(Enum):
    """How the rows of a table are kept to one moment."""

    VERSIONS = "since, until, valid_from, valid_to"
    LOG = "position, effective_on: the log, which may be ahead of the read models"
    LINES = "position, effective_on: lines that are added, in step with the read models"
    NONE = "always the same, or kept by the sub-select itself"


ENTRIES: LiteralString = "model.entry"
"""The account: the one read model of which nothing ever ends, so that it is read as a log."""
EVENTS: LiteralString = "ledger.event"
"""The log itself."""


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
    sort: LiteralString | None = None
    """A column with the key of its Vietnamese alphabetical order, made by the projection."""
    fold: LiteralString | None = None
    """A column with its text in small letters and without diacritics, made by the projection."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An SQL expression over the row, rendered by the field's GraphQL type."""

    sql: LiteralString
    weight: int = 0
    """What it costs, in points, on top of its row. Nobody filters or orders by what has any."""


@dataclass(frozen=True, slots=True)
class One:
    """A related row, or null. `rows`: a sub-select over `{self}` instead of the target's table."""

    on: LiteralString
    rows: LiteralString | None = None
    asks: tuple[str, ...] = ()
    """Arguments that are positions of the ledger: beyond its head there is no answer."""
    weight: int = 0
    """As of an expression."""
    rising: tuple[str, ...] = ()
    """Arguments of which none may be less than the one before it."""


@dataclass(frozen=True, slots=True)
class Many:
    """Related rows: a list, or a Relay connection if the field's type is one."""

    on: LiteralString
    rows: LiteralString | None = None
    order: tuple[LiteralString, ...] = ()
    """Columns with types, ending in a unique one; empty: the target's key."""


@dataclass(frozen=True, slots=True)
class Part:
    """An object over the same row."""


@dataclass(frozen=True, slots=True)
class Document:
    """A part of the event's recorded JSON; no path: named as the field."""

    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AsOf:
    """The fund at another moment: the one that the arguments name, or that the row does."""

    at: LiteralString | None = None
    """A position, over `{self}`."""


@dataclass(frozen=True, slots=True)
class ByNodeId:
    """The row of whatever type, found by its global identity."""

    id: LiteralString
    """The identity, as SQL."""
    at: LiteralString | None = None
    """A position, over `{self}`, to look for it at."""


@dataclass(frozen=True, slots=True)
class ByNodeIds:
    """Rows of whatever types, one for each identity of the argument `ids`, in its order."""


@dataclass(frozen=True, slots=True)
class Summed:
    """Sums of entries: one row of them, or one for each group if the field is a list."""

    of: Any
    """The type of entries, which may be named before it is there."""
    on: LiteralString
    """Which entries: a condition over `{other}`, an entry."""
    by: tuple[str, ...] = ()
    """Dimensions to group by where no argument says it."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What a row of sums is made of: entries, or the events that made them."""

    on: LiteralString | None
    """How the answer's row `{other}` belongs to an entry `{self}`; None: it is the entry."""


@dataclass(frozen=True, slots=True)
class Series:
    """Sums of entries by intervals of the calendar."""

    of: Any
    """The type of entries, which may be named before it is there."""
    on: LiteralString
    """Which entries: a condition over `{other}`, an entry."""


Source: TypeAlias = (
    Column
    | Expression
    | One
    | Many
    | Part
    | Document
    | AsOf
    | ByNodeId
    | ByNodeIds
    | Summed
    | Behind
    | Series
)
