"""A Relay connection: keyset paging in both directions, one pass over one page.

https://relay.dev/graphql/connections.htm. The pages after the first are read at the position that
their cursor carries.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from graphql import FieldNode, GraphQLField, GraphQLObjectType

from schema.planner.arguments import Arguments
from schema.planner.cursor import Cursors, position_of
from schema.planner.filter import condition
from schema.planner.moment import Moment
from schema.planner.order import Order, order_of
from schema.planner.paging import both_ends, length_of
from schema.planner.render import written_object
from schema.planner.rows import Compiles, Related, Rows, object_type, table_of
from schema.planner.source import PAGE_DEFAULT, Many, Time

Parts = Mapping[str, Callable[[list[FieldNode]], str]]


def page(
    compiler: Compiles,
    source: Many,
    definition: GraphQLField,
    nodes: list[FieldNode],
    rows: Rows,
    arguments: Arguments,
    also: Callable[[Rows], str] | None = None,
) -> str:
    """The JSON text of a connection. `also`: one more condition on its rows."""
    of = object_type(definition.type)
    node = object_type(of.fields["nodes"].type)
    keys = source.order or table_of(node).key
    moved = replace(rows, moment=_moment(compiler, keys, node, rows.moment, arguments))
    related = compiler.related(node, source, moved, arguments)
    if also is not None:
        related = related.where_also(also(related.rows))
    wanted = arguments.given_input("filter")
    if wanted is not None:
        related = related.where_also(condition(compiler, node, related.rows, wanted))
    order = order_of(compiler, node, keys, related.rows, arguments)
    return _Page(compiler, node, related, order, arguments).answer(of, nodes)


def _moment(
    compiler: Compiles,
    keys: tuple[str, ...],
    node: GraphQLObjectType,
    here: Moment,
    arguments: Arguments,
) -> Moment:
    """The moment that the cursor carries; never later than the one the question is put at."""
    name = next((each for each in ("after", "before") if not arguments.is_null(each)), None)
    if name is None or table_of(node).time is not Time.VERSIONS or _is_log(keys, arguments):
        return here
    carried = position_of(arguments.getter(name), compiler.parameters)
    return Moment(compiler.named(f"SELECT least({carried}, {here.at}) AS position"), here.effective)


def _is_log(keys: tuple[str, ...], arguments: Arguments) -> bool:
    return keys == ("position::bigint",) and not arguments.input("orderBy").items


class _Page:
    """The parts of one connection's answer, over the columns of one page of rows."""

    def __init__(
        self,
        compiler: Compiles,
        node: GraphQLObjectType,
        related: Related,
        order: Order,
        arguments: Arguments,
    ) -> None:
        self.compiler, self.node, self.related, self.order = compiler, node, related, order
        self.is_backward = not arguments.is_null("last")
        if self.is_backward and not arguments.is_null("first"):
            raise both_ends()
        self.length, self.asked = length_of(
            "last" if self.is_backward else "first", arguments, PAGE_DEFAULT
        )
        self.cursors = Cursors(order)
        self.after = self._bound("after", order, arguments)
        self.before = self._bound("before", order.reversed(), arguments)
        self.chosen: list[str] = []
        self.is_more_asked = self.is_read = False

    def answer(self, of: GraphQLObjectType, nodes: list[FieldNode]) -> str:
        """The object of the connection: edges, nodes, pageInfo, totalCount."""
        parts: Parts = {
            "edges": lambda inner: self._edges(object_type(of.fields["edges"].type), inner),
            "nodes": self._nodes,
            "pageInfo": lambda inner: self._page_info(
                object_type(of.fields["pageInfo"].type), inner
            ),
            "totalCount": lambda _: f"(SELECT count(*) {self.related.where()})::text",
        }
        self.compiler.cost.add()
        self.is_more_asked = self._asks_for_more(of, nodes)
        with self.compiler.cost.inside(self.length):
            written = self._object(of, nodes, parts)
        if not self.is_read:
            return written
        return f"(SELECT {written} FROM ({self._rows()}) AS row)"

    def _bound(self, name: str, order: Order, arguments: Arguments) -> str | None:
        """The condition that a row lies beyond a cursor."""
        if arguments.is_null(name):
            return None
        return order.follows(self.cursors.values(arguments.getter(name), arguments.parameters))

    def _rows(self) -> str:
        """One page of rows in order, and one row beyond it if somebody asks for that."""
        order = self.order.reversed() if self.is_backward else self.order
        keys = [f"{key.sql} AS key_{n}" for n, key in enumerate(self.order.keys)]
        bounds = [bound for bound in (self.after, self.before) if bound]
        page = (
            f"SELECT {', '.join([*self.chosen, *keys])} {self.related.where(*bounds)}"
            f" ORDER BY {order.by} LIMIT {self.asked}{' + 1' if self.is_more_asked else ''}"
        )
        if not self.is_backward:
            return page
        again = ", ".join(key.at(f"key_{n}").term for n, key in enumerate(self.order.keys))
        return f"SELECT * FROM ({page}) AS back ORDER BY {again}"

    def _object(self, of: GraphQLObjectType, nodes: list[FieldNode], parts: Parts) -> str:
        keyed = self.compiler.fields.of(of, [node.selection_set for node in nodes])
        return written_object(of.name, keyed, lambda inner: parts[inner[0].name.value](inner))

    def _column(self, nodes: list[FieldNode]) -> str:
        written = self.compiler.object(self.node, nodes, self.related.rows)
        self.chosen.append(f"{written} AS node_{len(self.chosen)}")
        return f"row.node_{len(self.chosen) - 1}"

    def _nodes(self, nodes: list[FieldNode]) -> str:
        return self._list(self._column(nodes))

    def _edges(self, edge: GraphQLObjectType, nodes: list[FieldNode]) -> str:
        keys = [f"row.key_{n}" for n in range(len(self.order.keys))]
        parts: Parts = {
            "node": self._column,
            "cursor": lambda _: f"'\"' || {self._cursor(keys)} || '\"'",
        }
        return self._list(self._object(edge, nodes, parts))

    def _page_info(self, info: GraphQLObjectType, nodes: list[FieldNode]) -> str:
        forward = not self.is_backward
        parts: Parts = {
            "hasNextPage": lambda _: self._more() if forward else self._beyond(self.before),
            "hasPreviousPage": lambda _: self._beyond(self.after) if forward else self._more(),
            "startCursor": lambda _: self._edge(self._first),
            "endCursor": lambda _: self._edge(self._last),
        }
        return self._object(info, nodes, parts)

    def _more(self) -> str:
        """Whether there is a row beyond the page."""
        self.is_read = True
        return f"(count(*) > {self.asked})::text"

    def _beyond(self, bound: str | None) -> str:
        """Whether there are rows on the other side of a cursor."""
        if bound is None:
            return "'false'"
        return f"(EXISTS (SELECT 1 {self.related.where(f'({bound}) IS NOT TRUE')}))::text"

    def _list(self, written: str) -> str:
        """The texts of the page, without the row beyond it; they come in order."""
        self.is_read = True
        if not self.is_more_asked:
            return f"concat('[', string_agg({written}, ','), ']')"
        page = f"(array_agg({written}))[{self._first}:{self._last}]"
        return f"concat('[', array_to_string({page}, ','), ']')"

    def _edge(self, place: str) -> str:
        """The cursor of the first or the last row; null where there are no rows."""
        self.is_read = True
        keys = [f"(array_agg(row.key_{n}))[{place}]" for n in range(len(self.order.keys))]
        return f"CASE WHEN count(*) > 0 THEN '\"' || {self._cursor(keys)} || '\"' ELSE 'null' END"

    @property
    def _first(self) -> str:
        beyond = self.is_backward and self.is_more_asked
        return f"greatest(count(*) - {self.asked}, 0) + 1" if beyond else "1"

    @property
    def _last(self) -> str:
        beyond = not self.is_backward and self.is_more_asked
        return f"least(count(*), {self.asked})" if beyond else "count(*)"

    def _cursor(self, keys: list[str]) -> str:
        return self.cursors.written(keys, self.related.rows.moment.at)

    def _asks_for_more(self, of: GraphQLObjectType, nodes: list[FieldNode]) -> bool:
        """Whether the selection holds the one field that needs the row beyond the page."""
        name = "hasPreviousPage" if self.is_backward else "hasNextPage"
        info = object_type(of.fields["pageInfo"].type)
        for asked in self.compiler.fields.of(of, [node.selection_set for node in nodes]).values():
            if asked[0].name.value == "pageInfo":
                inside = self.compiler.fields.of(info, [node.selection_set for node in asked])
                if any(each[0].name.value == name for each in inside.values()):
                    return True
        return False
