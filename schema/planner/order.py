"""An order: the keys that a connection is sorted and paged by.

Whatever a client asks to sort by, the default order of the rows comes last, so that no two rows
ever stand at the same place and a cursor names exactly one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from graphql import GraphQLEnumType, GraphQLObjectType, get_named_type, is_non_null_type

from schema.planner.arguments import Arguments
from schema.planner.criteria import Direction, Nulls
from schema.planner.filter import sql_type
from schema.planner.inputs import Input
from schema.planner.refusals import QueryRefusedError
from schema.planner.rows import Compiles, NotPlannedError, Rows, column_of, source_of, table_of
from schema.planner.source import Column, Expression, One

KEYS_MAX = 8


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an order."""

    sql: str
    type: str
    descending: bool = False
    nullable: bool = False
    nulls_first: bool = False

    @property
    def term(self) -> str:
        """As it stands in ORDER BY."""
        nulls = f" NULLS {'FIRST' if self.nulls_first else 'LAST'}" if self.nullable else ""
        return f"{self.sql}{' DESC' if self.descending else ''}{nulls}"

    def reversed(self) -> "Key":
        """The same key from the other end."""
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)

    def at(self, sql: str) -> "Key":
        """The same key, found elsewhere."""
        return replace(self, sql=sql)

    def follows(self, than: str) -> str:
        """Whether a row stands after the value, which may be null."""
        further = f"{self.sql} {'<' if self.descending else '>'} {than}"
        if not self.nullable:
            return further
        if self.nulls_first:
            return f"CASE WHEN {than} IS NULL THEN {self.sql} IS NOT NULL ELSE {further} END"
        return f"({further} OR ({self.sql} IS NULL AND {than} IS NOT NULL))"

    def is_at(self, value: str) -> str:
        """Whether a row stands at the value."""
        return f"{self.sql} {'IS NOT DISTINCT FROM' if self.nullable else '='} {value}"


@dataclass(frozen=True, slots=True)
class Order:
    """Keys, the last of which tell every two rows apart."""

    keys: tuple[Key, ...]
    named: str = ""
    """What a client asked for; empty: the default order."""

    @property
    def by(self) -> str:
        """ORDER BY."""
        return ", ".join(key.term for key in self.keys)

    @property
    def mark(self) -> str:
        """Tells cursors of one order from those of another."""
        return f"{crc32(self.named.encode()):08x}" if self.named else ""

    def reversed(self) -> "Order":
        """From the other end."""
        return replace(self, keys=tuple(key.reversed() for key in self.keys))

    def follows(self, values: Sequence[str]) -> str:
        """Whether a row stands after the one that these values name."""
        if not any(key.descending or key.nullable for key in self.keys):
            # One comparison of rows, which an index can answer.
            names = ", ".join(key.sql for key in self.keys)
            return f"({names}) > ({', '.join(values)})"
        ways = []
        for number, key in enumerate(self.keys):
            same = [each.is_at(values[n]) for n, each in enumerate(self.keys[:number])]
            ways.append(" AND ".join((*same, key.follows(values[number]))))
        return "(" + " OR ".join(f"({way})" for way in ways) + ")"


def order_of(
    compiler: Compiles,
    type_: GraphQLObjectType,
    default: Sequence[str],
    rows: Rows,
    arguments: Arguments,
    *,
    nullable: bool = False,
) -> Order:
    """The order that the argument `orderBy` asks for, then the default one."""
    asked = arguments.given_input("orderBy")
    items = asked.items if asked else ()
    if len(items) > KEYS_MAX:
        raise _too_many(len(items))
    keys: dict[str, Key] = {}
    names = []
    for item in items:
        name = _name(item)
        key = _directed(_key(compiler, type_, name, rows), item)
        keys.setdefault(key.sql, key)
        names.append(f"{name} {key.descending} {key.nulls_first}")
    for each in default:
        key = _plain_key(rows, each, nullable=nullable)
        keys.setdefault(key.sql, key)
    return Order(tuple(keys.values()), ",".join(names))


def _plain_key(rows: Rows, column: str, *, nullable: bool) -> Key:
    name, _, of = column.partition("::")
    return Key(f"{rows.alias}.{name}", of, nullable=nullable)


def _name(item: Input) -> str:
    """The field that an item names."""
    fields = get_named_type(item.of).fields  # type: ignore[union-attr]
    named = get_named_type(fields["by"].type)
    if not isinstance(named, GraphQLEnumType):
        raise NotPlannedError(named.name)
    return str(named.values[item.fields["by"].said or ""].value)


def _directed(key: Key, item: Input) -> Key:
    """The key as the item wants it; nulls come last unless it says otherwise."""
    nulls = item.fields.get("nulls")
    return replace(
        key,
        descending=item.fields["direction"].said == Direction.DESC.name,
        nulls_first=nulls is not None and nulls.said == Nulls.FIRST.name,
    )


def _key(compiler: Compiles, type_: GraphQLObjectType, name: str, rows: Rows) -> Key:
    compiler.fields.given.scope.admit(type_.name, name)
    definition = type_.fields[name]
    nullable = not is_non_null_type(definition.type)
    match source_of(definition):
        case Column(name=column, sort=sort):
            sql = f"{rows.alias}.{sort or column or column_of(definition, name)}"
        case Expression(sql=template):
            sql = rows.filling(compiler.arguments(None, definition)).fill(template)
        case One() as source:
            other = compiler.related(
                definition.type, source, rows, compiler.arguments(None, definition)
            )
            rows.joins.append(f"LEFT JOIN {other.item} ON {other.condition}")
            column, _, of = table_of(definition.type).key[0].partition("::")
            return Key(f"{other.rows.alias}.{column}", of, nullable=True)
        case _:
            raise NotPlannedError(name)
    return Key(sql, sql_type(definition.type), nullable=nullable)


def _too_many(count: int) -> QueryRefusedError:
    return QueryRefusedError(
        "ORDER_TOO_LONG",
        f"An order may have {KEYS_MAX} keys; {count} were given.",
        f"Thứ tự chỉ được có {KEYS_MAX} khoá; đã gửi {count}.",
        limit=KEYS_MAX,
        value=count,
    )
