"""Orders, cursors and the pages of a connection."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cmp_to_key
from typing import Any
from uuid import UUID
from zlib import crc32

from graphql import GraphQLObjectType, is_non_null_type

from events.text import sort_key
from schema.planner.source import PAGE_DEFAULT, Column, One
from tests.schema.oracle.declared import KEY_TYPES, column_of, keys_of, node_of, source_of
from tests.schema.oracle.filters import Filter, Reads
from tests.schema.oracle.rows import Moment, Row
from tests.schema.oracle.wire import MILLIONTHS


class BadCursorError(Exception):
    """A text that is no cursor of this connection in this order."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an order. `name` says which two keys are the same."""

    name: str
    type: str
    read: Callable[[Row], Any]
    descending: bool = False
    nulls_first: bool = False
    is_nullable: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """Keys that tell every two rows apart, and what the client called for."""

    keys: tuple[Key, ...]
    named: str

    def of(self, row: Row) -> list[Any]:
        """Where a row stands."""
        return [key.read(row) for key in self.keys]

    def compare(self, one: Sequence[Any], other: Sequence[Any]) -> int:
        """Negative: the one comes first. A null stands where its key says."""
        for key, a, b in zip(self.keys, one, other, strict=True):
            if a == b:
                continue
            if a is None or b is None:
                return -1 if (a is None) == key.nulls_first else 1
            return -1 if (a < b) != key.descending else 1
        return 0

    def sorted(self, rows: Sequence[Row]) -> list[Row]:
        """Rows in this order."""
        by: Any = cmp_to_key(self.compare)
        return sorted(rows, key=lambda row: by(self.of(row)))

    @property
    def is_log(self) -> bool:
        """Whether this is the order of the log, where a cursor is a position."""
        return not self.named and [key.name for key in self.keys] == ["position"]


def order_of(
    reads: Reads,
    type_: GraphQLObjectType,
    default: Sequence[str],
    asked: Sequence[Mapping[str, Any]] | None,
) -> Order:
    """What the client asked for, then the default order."""
    keys: dict[str, Key] = {}
    names = []
    for number, each in enumerate(asked or ()):
        key = _key(reads, type_, each, number)
        keys.setdefault(key.name, key)
        names.append(f"{each['by'].value} {key.descending} {key.nulls_first}")
    for each in default:
        column, _, kind = each.partition("::")
        keys.setdefault(column, Key(column, kind, _column(column)))
    return Order(tuple(keys.values()), ",".join(names))


def _key(reads: Reads, type_: GraphQLObjectType, asked: Mapping[str, Any], number: int) -> Key:
    field = asked["by"].value
    definition = type_.fields[field]
    descending = asked["direction"].name == "DESC"
    nulls_first = getattr(asked.get("nulls"), "name", "LAST") == "FIRST"
    nullable = not is_non_null_type(definition.type)
    source = source_of(definition)
    named: Any = getattr(definition.type, "of_type", definition.type)
    kind = KEY_TYPES.get(named.name, "text")
    if isinstance(source, Column):
        column = column_of(definition, source.name)
        name, read = source.sort or column, _column(source.sort or column)
        if source.sort:
            read = _alphabetical(column)
    elif isinstance(source, One):
        column, _, kind = keys_of(node_of(definition.type))[0].partition("::")
        name, read, nullable = f"{number} {field}", _first(reads, type_, field, column), True
    else:
        name, read = f"{field}()", _computed(reads, type_, field)
    return Key(name, kind, read, descending, nulls_first, nullable)


def _computed(reads: Reads, type_: GraphQLObjectType, field: str) -> Callable[[Row], Any]:
    return lambda row: reads.value(type_, field, row, {})


def _column(name: str) -> Callable[[Row], Any]:
    return lambda row: row.values[name]


def _alphabetical(name: str) -> Callable[[Row], Any]:
    return lambda row: sort_key(row.values[name])


def _first(reads: Reads, type_: GraphQLObjectType, field: str, column: str) -> Callable[[Row], Any]:
    def read(row: Row) -> Any:
        found = reads.related(type_, field, row, {})
        return found[0].values[column] if found else None

    return read


def written_cursor(order: Order, row: Row, position: int) -> str:
    """The cursor of a row: its keys as PostgreSQL writes them, and the position of its page."""
    if order.is_log:
        return str(row.values["position"])
    mark = f"{crc32(order.named.encode()):08x}" if order.named else ""
    told = [position, mark, *map(_told, order.of(row))]
    return urlsafe_b64encode(json.dumps(told, ensure_ascii=False).encode()).decode()


def read_cursor(order: Order, sent: str) -> tuple[int | None, list[Any]]:
    """The position that a cursor carries, None in the log, and the keys it stands at."""
    if order.is_log:
        if not (sent.isascii() and sent.isdigit() and len(sent) <= 18):
            raise BadCursorError(sent)
        return None, [int(sent)]
    mark = f"{crc32(order.named.encode()):08x}" if order.named else ""
    try:
        position, told, *keys = json.loads(urlsafe_b64decode(sent))
        if told != mark or not isinstance(position, int) or len(keys) != len(order.keys):
            raise BadCursorError(sent)
        return position, [_heard(key, each) for key, each in zip(order.keys, keys, strict=True)]
    except (ValueError, TypeError, KeyError) as error:
        raise BadCursorError(sent) from error


def _told(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case Fraction():
            return f"{Decimal(int(value * MILLIONTHS)).scaleb(-6):f}"
        case datetime():
            utc = value.astimezone(UTC)
            parts = f"{utc:%Y-%m-%d %H:%M:%S}", f"{utc:.%f}".rstrip("0").rstrip(".")
            return f"{''.join(parts)}+00"
        case _:
            return str(value)


_READ: Mapping[str, Callable[[str], Any]] = {
    "bigint": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "numeric": Fraction,
    "timestamptz": datetime.fromisoformat,
    "uuid": UUID,
}


def _heard(key: Key, told: str | None) -> Any:
    if told is None and key.is_nullable:
        return None
    if not isinstance(told, str):
        raise BadCursorError(told)
    return _READ.get(key.type, str)(told)


def moment_of(order: Order, here: Moment, args: Filter, *, is_versioned: bool) -> Moment:
    """Pages after the first are read at the position that their cursor carries."""
    cursor = next((args[end] for end in ("after", "before") if args.get(end) is not None), None)
    if cursor is None or not is_versioned:
        return here
    carried, _ = read_cursor(order, cursor)
    return here if carried is None else Moment(min(carried, here.position), here.effective)


def page_of(order: Order, rows: Sequence[Row], here: Moment, args: Filter) -> dict[str, Any]:
    """The page that was asked for, of all these rows."""
    ordered = order.sorted(rows)
    places = {name: read_cursor(order, args[name])[1] for name in _cursors(args)}
    beyond = {
        name: [order.compare(order.of(row), at) * _AWAY[name] > 0 for row in ordered]
        for name, at in places.items()
    }
    left = [row for n, row in enumerate(ordered) if all(each[n] for each in beyond.values())]
    if args.get("last") is not None:
        page = left[-args["last"] :]
        more = {"hasPreviousPage": len(left) > len(page), "hasNextPage": _other(beyond, "before")}
    else:
        first = PAGE_DEFAULT if args.get("first") is None else args["first"]
        page = left[:first]
        more = {"hasNextPage": len(left) > len(page), "hasPreviousPage": _other(beyond, "after")}
    cursors = [written_cursor(order, row, here.position) for row in page]
    edges = [{"cursor": at, "node": row} for at, row in zip(cursors, page, strict=True)]
    ends = {"startCursor": cursors[0] if page else None, "endCursor": cursors[-1] if page else None}
    return {
        "edges": edges,
        "nodes": page,
        "pageInfo": {**more, **ends},
        "totalCount": len(ordered),
    }


_AWAY = {"after": 1, "before": -1}


def _cursors(args: Filter) -> list[str]:
    return [name for name in _AWAY if args.get(name) is not None]


def _other(beyond: Mapping[str, list[bool]], name: str) -> bool:
    """Whether there are rows on the other side of a cursor."""
    return not all(beyond.get(name, ()))
