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

    def at(moment: Moment) -> str:
        related = compiler.related(node, source, replace(rows, moment=moment), arguments)
        if also is not None:
            related = related.where_also(also(related.rows))
        wanted = arguments.given_input("filter")
        if wanted is not None:
            related = related.where_also(condition(compiler, node, related.rows, wanted))
        order = order_of(compiler, node, keys, related.rows, arguments)
        return _Page(compiler, node, related, order, arguments).answer(of, nodes)

    carried = _carried(compiler, keys, node, arguments)
    return at(rows.moment) if carried is None else _continued(compiler, rows.moment, carried, at)


def _carried(
    compiler: Compiles, keys: tuple[str, ...], node: GraphQLObjectType, arguments: Arguments
) -> str | None:
    """The position that the cursor carries, where the rows depend on it."""
    name = next((each for each in ("after", "before") if not arguments.is_null(each)), None)
    if name is None or table_of(node).time is not Time.VERSIONS or _is_log(keys, arguments):
        return None
    return position_of(arguments.getter(name), compiler.parameters)


def _continued(compiler: Compiles, here: Moment, carried: str, at: Callable[[Moment], str]) -> str:
    """A page at the moment of its cursor; never later than the one the question is put at.

    Mostly nothing was recorded since the page before. Then the cursor stands at the head, whose
    rows have indexes of their own: a quarter to a third of the database's time.
    """
    least = f"least({carried}, {here.at})"
    if here.is_of_row:
        return at(Moment(least, here.effective, is_of_row=True))
    then = Moment(compiler.named(f"SELECT {least} AS position"), here.effective)
    if here.position is not None:
        return at(then)
    compiler.parameters.reads_head = True
    written = at(here)
    with compiler.once_more():
        return f"CASE WHEN {then.at} = {here.at} THEN {written} ELSE {at(then)} END"


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
        self.told: dict[str, str] = {}
        """What is told of the rows of the page: their texts, their ends, their number."""

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
        with self.compiler.cost.inside(self.length):
            written = self._object(of, nodes, parts)
        if not self.told:
            return written
        told = ", ".join(f"{sql} AS {name}" for name, sql in self.told.items())
        return f"(SELECT {written} FROM (SELECT {told} FROM ({self._rows()}) AS row) AS page)"

    def _bound(self, name: str, order: Order, arguments: Arguments) -> str | None:
        """The condition that a row lies beyond a cursor."""
        if arguments.is_null(name):
            return None
        return order.follows(self.cursors.values(arguments.getter(name), arguments.parameters))

    def _rows(self) -> str:
        """One page of rows, in order."""
        keys = [f"{key.sql} AS key_{n}" for n, key in enumerate(self.order.keys)]
        bounds = [bound for bound in (self.after, self.before) if bound]
        page = (
            f"SELECT {', '.join([*self.chosen, *keys])} {self.related.where(*bounds)}"
            f" ORDER BY {self._onward.by} LIMIT {self.asked}"
        )
        if not self.is_backward:
            return page
        again = ", ".join(key.at(f"key_{n}").term for n, key in enumerate(self.order.keys))
        return f"SELECT * FROM ({page}) AS back ORDER BY {again}"

    @property
    def _onward(self) -> Order:
        """The order that the page is counted in, from its own end."""
        return self.order.reversed() if self.is_backward else self.order

    def _object(self, of: GraphQLObjectType, nodes: list[FieldNode], parts: Parts) -> str:
        keyed = self.compiler.fields.under(of, nodes)
        return written_object(of.name, keyed, lambda inner: parts[inner[0].name.value](inner)).sql()

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
            "startCursor": lambda _: self._edge("first"),
            "endCursor": lambda _: self._edge("last"),
        }
        return self._object(info, nodes, parts)

    def _more(self) -> str:
        """Whether there is a row beyond the page: only a full page has to look for one."""
        end = self._keys("first" if self.is_backward else "last")
        bound = self.after if self.is_backward else self.before
        beyond = self.related.where(self._onward.follows(end), *([bound] if bound else []))
        # In order, so that an index leads to it: EXISTS would look for any row, from the beginning.
        found = f"coalesce((SELECT true {beyond} ORDER BY {self._onward.by} LIMIT 1), false)"
        return f"({self._count()} = {self.asked} AND {found})::text"

    def _beyond(self, bound: str | None) -> str:
        """Whether there are rows on the other side of a cursor."""
        if bound is None:
            return "'false'"
        return f"(EXISTS (SELECT 1 {self.related.where(f'({bound}) IS NOT TRUE')}))::text"

    def _list(self, written: str) -> str:
        """The texts of the page; its rows come in order."""
        told = self._tell(f"list_{len(self.told)}", f"string_agg({written}, ',')")
        return f"concat('[', {told}, ']')"

    def _edge(self, end: str) -> str:
        """The cursor of the first or the last row; null where there are no rows."""
        cursor = self._cursor(self._keys(end))
        return f"CASE WHEN {self._count()} > 0 THEN '\"' || {cursor} || '\"' ELSE 'null' END"

    def _count(self) -> str:
        return self._tell("count", "count(*)")

    def _keys(self, end: str) -> list[str]:
        """The keys of the first or the last row."""
        place = "1" if end == "first" else "count(*)"
        return [
            self._tell(f"{end}_{n}", f"(array_agg(row.key_{n}))[{place}]")
            for n in range(len(self.order.keys))
        ]

    def _tell(self, name: str, sql: str) -> str:
        """What the rows are told by, as the page has it."""
        self.told[name] = sql
        return f"page.{name}"

    def _cursor(self, keys: list[str]) -> str:
        return self.cursors.written(keys, self.related.rows.moment.at)
