"""A Relay connection: keyset paging, one pass over one page (Relay Cursor Connections)."""

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from contextlib import suppress

import orjson
from graphql import FieldNode, GraphQLField, GraphQLObjectType

from schema.planner.arguments import Arguments, Getter, Variables
from schema.planner.refusals import QueryRefusedError
from schema.planner.render import written_object
from schema.planner.rows import Compiles, Rows, columns, object_type, table_of
from schema.planner.source import PAGE_MAX, Many


def page(
    compiler: Compiles,
    source: Many,
    definition: GraphQLField,
    nodes: list[FieldNode],
    rows: Rows,
    arguments: Arguments,
) -> str:
    """The JSON text of a connection."""
    of = object_type(definition.type)
    node_type = object_type(of.fields["nodes"].type)
    other, item, condition = compiler.related(node_type, source, rows, arguments)
    keys = source.order or table_of(node_type).key
    built = _Page(compiler, of, node_type, other, preceded=not arguments.is_null("after"))
    answer = built.answer(nodes, f"(SELECT count(*) FROM {item} WHERE {condition})::text")
    limit = _limit(arguments)
    after = _after(arguments, other.alias, keys)
    order = ", ".join(f"{other.alias}.{key}" for key in columns(keys))
    cursor = f"{_cursor(other.alias, columns(keys))} AS cursor"
    number = f"row_number() OVER (ORDER BY {order}) AS n"
    chosen = ", ".join([*built.chosen, cursor, number])
    asked = f"SELECT {limit} AS asked"
    return (
        f"(SELECT {answer} FROM ({asked}) AS page LEFT JOIN LATERAL ("
        f"SELECT {chosen} FROM {item} {' '.join(other.joins)} WHERE {condition}{after}"
        f" ORDER BY {order} LIMIT page.asked + 1) AS row ON true HAVING true)"
    )


class _Page:
    """The parts of one connection's answer, over the columns of one page of rows."""

    def __init__(
        self,
        compiler: Compiles,
        of: GraphQLObjectType,
        node_type: GraphQLObjectType,
        other: Rows,
        *,
        preceded: bool,
    ) -> None:
        self.compiler, self.of, self.node_type, self.other = compiler, of, node_type, other
        self.preceded = preceded
        self.chosen: list[str] = []

    def answer(self, nodes: list[FieldNode], total: str) -> str:
        """The object of the connection: edges, nodes, pageInfo, totalCount."""
        parts: dict[str, Callable[[list[FieldNode]], str]] = {
            "edges": self._edges,
            "nodes": self._nodes,
            "pageInfo": self._page_info,
            "totalCount": lambda _: total,
        }
        return self._object(self.of, nodes, parts)

    def _object(
        self,
        type_: GraphQLObjectType,
        nodes: list[FieldNode],
        parts: dict[str, Callable[[list[FieldNode]], str]],
    ) -> str:
        keyed = self.compiler.fields.of(type_, [node.selection_set for node in nodes])
        return written_object(type_.name, keyed, lambda inner: parts[inner[0].name.value](inner))

    def _column(self, nodes: list[FieldNode]) -> str:
        written = self.compiler.object(self.node_type, nodes, self.other)
        self.chosen.append(f"{written} AS node_{len(self.chosen)}")
        return f"row.node_{len(self.chosen) - 1}"

    def _nodes(self, nodes: list[FieldNode]) -> str:
        return _list(self._column(nodes))

    def _edges(self, nodes: list[FieldNode]) -> str:
        edge = object_type(self.of.fields["edges"].type)
        parts: dict[str, Callable[[list[FieldNode]], str]] = {
            "node": self._column,
            "cursor": lambda _: "'\"' || row.cursor || '\"'",
        }
        return _list(self._object(edge, nodes, parts))

    def _page_info(self, nodes: list[FieldNode]) -> str:
        info = object_type(self.of.fields["pageInfo"].type)
        after = "(count(row.n) > max(page.asked))::text"
        parts: dict[str, Callable[[list[FieldNode]], str]] = {
            "hasNextPage": lambda _: after,
            "hasPreviousPage": lambda _: f"'{str(self.preceded).lower()}'",
            "startCursor": lambda _: _edge("ASC"),
            "endCursor": lambda _: _edge("DESC"),
        }
        return self._object(info, nodes, parts)


_POSITION = ["position"]
"""The key whose cursor is the position, so that a reader can see that nothing is missing."""
_DIGITS = re.compile(r"[0-9]{1,18}")
_ON_PAGE = "FILTER (WHERE row.n <= page.asked)"


def _list(written: str) -> str:
    return f"concat('[', string_agg({written}, ',' ORDER BY row.n) {_ON_PAGE}, ']')"


def _edge(direction: str) -> str:
    cursor = f"(array_agg(row.cursor ORDER BY row.n {direction}) {_ON_PAGE})[1]"
    return f"coalesce('\"' || {cursor} || '\"', 'null')"


def _cursor(alias: str, keys: list[str]) -> str:
    """The position itself, or the keys of a row as JSON in URL-safe base64 (RFC 4648 §5)."""
    if keys == _POSITION:
        return f"{alias}.position::text"
    texts = ", ".join(f"{alias}.{key}::text" for key in keys)
    encoded = f"encode(convert_to(json_build_array({texts})::text, 'UTF8'), 'base64')"
    return f"translate({encoded}, E'+/\\n', '-_')"


def _limit(arguments: Arguments) -> str:
    read = arguments.getter("first")

    def check(variables: Variables) -> None:
        first = read(variables)
        if not isinstance(first, int) or not 1 <= first <= PAGE_MAX:
            code = "PAGE_SIZE"
            raise QueryRefusedError(
                code,
                f"`first` must be between 1 and {PAGE_MAX}; {first} was asked for.",
                f"`first` phải từ 1 đến {PAGE_MAX}; yêu cầu là {first}.",
                limit=PAGE_MAX,
                value=first,
            )

    arguments.parameters.checks.append(check)
    return arguments.parameter("first", "bigint")


def _after(arguments: Arguments, alias: str, keys: tuple[str, ...]) -> str:
    """The keyset condition of `after`, one parameter for each key."""
    if arguments.is_null("after"):
        return ""
    read = arguments.getter("after")
    names = ", ".join(f"{alias}.{key}" for key in columns(keys))
    values = [
        arguments.parameters.add(_key(read, number, columns(keys)), "text")
        + f"::{key.partition('::')[2]}"
        for number, key in enumerate(keys)
    ]
    return f" AND ({names}) > ({', '.join(values)})"


def _key(read: Getter, number: int, names: list[str]) -> Getter:
    return lambda variables: _decoded(str(read(variables)), names)[number]


def _decoded(cursor: str, names: list[str]) -> list[str]:
    keys: object = None
    if names == _POSITION:
        keys = [cursor] if _DIGITS.fullmatch(cursor) else None
    else:
        with suppress(binascii.Error, ValueError):
            keys = orjson.loads(urlsafe_b64decode(cursor))
    if not isinstance(keys, list) or len(keys) != len(names):
        code = "BAD_CURSOR"
        raise QueryRefusedError(
            code, "This cursor is not one of this connection's.", "Con trỏ trang không hợp lệ."
        )
    return [str(key) for key in keys]
