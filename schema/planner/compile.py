"""A selection becomes one SQL expression whose value is the JSON text of the answer.

Real joins for to-one, scalar sub-selects for to-many, `concat` for the text: the forms that won
when measured. `Compiler.root` is the entry; `_of` is the one place where a source is chosen.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)

from schema.planner.arguments import Arguments, Parameters
from schema.planner.asof import moment_of
from schema.planner.connection import page
from schema.planner.cost import MANY, Cost
from schema.planner.fields import Fields
from schema.planner.groups import grouped
from schema.planner.moment import Moment
from schema.planner.node import node_by_id, nodes_by_ids
from schema.planner.recorded import recorded
from schema.planner.render import Text, scalar, written_object
from schema.planner.rows import (
    NotPlannedError,
    Related,
    Rows,
    column_of,
    columns,
    is_page,
    node_type,
    object_type,
    source_of,
    table_of,
)
from schema.planner.series import series
from schema.planner.source import (
    AsOf,
    Behind,
    ByNodeId,
    ByNodeIds,
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
from schema.planner.sums import behind, summed


@dataclass(slots=True)
class Compiler:
    """Compiles one operation, or one field of it, for one set of switches."""

    schema: GraphQLSchema
    fields: Fields
    parameters: Parameters = field(default_factory=Parameters)
    cost: Cost = field(default_factory=Cost)
    moments: list[str] = field(default_factory=list)
    """Common table expressions, one for each position that has to be found."""
    conditions: int = 0
    aliases: int = 0

    def root(self, type_: GraphQLObjectType, keyed: dict[str, list[FieldNode]], rows: Rows) -> str:
        """The JSON object of these fields of a root type."""
        return self._text(type_, keyed, rows).sql()

    def object(self, type_: GraphQLObjectType, nodes: Sequence[FieldNode], rows: Rows) -> str:
        """The JSON object of a row."""
        return self._row(type_, self.fields.under(type_, nodes), rows).sql()

    def field(self, type_: GraphQLObjectType, nodes: list[FieldNode], rows: Rows) -> str:
        """The JSON text of one field."""
        name = nodes[0].name.value
        definition = type_.fields.get(name)
        source = source_of(definition) if definition else None
        if definition is None or source is None:
            raise NotPlannedError(f"{type_.name}.{name}")
        self.fields.given.scope.admit(type_.name, name)
        return self._of(source, column_of(definition, name), definition, nodes, rows)

    def _text(
        self, type_: GraphQLObjectType, keyed: dict[str, list[FieldNode]], rows: Rows
    ) -> Text:
        return written_object(type_.name, keyed, lambda nodes: self.field(type_, nodes, rows))

    def _row(self, type_: GraphQLObjectType, keyed: dict[str, list[FieldNode]], rows: Rows) -> Text:
        self.cost.add()
        return self._text(type_, keyed, rows)

    def _of(
        self,
        source: Source,
        name: str,
        definition: GraphQLField,
        nodes: list[FieldNode],
        rows: Rows,
    ) -> str:
        arguments = self.arguments(nodes[0], definition)
        of = definition.type
        match source:
            case Column(name=column):
                return scalar(of, f"{rows.alias}.{column or name}")
            case Expression(sql=sql, weight=weight):
                self.cost.add(weight)
                return scalar(of, rows.filling(arguments).fill(sql))
            case Part():
                return self.object(object_type(of), nodes, rows)
            case Many() if is_page(of):
                return page(self, source, definition, nodes, rows, arguments)
            case Many():
                return self._list(source, definition, nodes, rows, arguments)
            case Behind():
                return behind(self, source, definition, nodes, rows, arguments)
            case Summed() if is_list_type(get_nullable_type(of)):
                return grouped(self, source, definition, nodes, rows, arguments)
            case One() | Summed():
                return self._one(source, definition, nodes, rows, arguments)
            case Series():
                return series(self, source, definition, nodes, rows, arguments)
            case Document():
                return recorded(self, source, definition, nodes, rows)
            case AsOf():
                return self._as_of(source, definition, nodes, rows, arguments)
            case ByNodeId():
                moved = self._moved(rows, source.at, arguments)
                wanted = rows.filling(arguments).fill(source.id)
                return node_by_id(self, wanted, definition, nodes, moved)
            case ByNodeIds():
                return nodes_by_ids(self, definition, nodes, rows, arguments)

    def arguments(self, node: FieldNode | None, definition: GraphQLField) -> Arguments:
        """The arguments of a field; its defaults where there is no node."""
        given = self.fields.given
        if node is None:
            return Arguments(self.parameters, given, definition.args)
        return Arguments.of(node, definition, self.parameters, given)

    def alias(self) -> str:
        """A name that no other rows of the statement have."""
        self.aliases += 1
        return f"t{self.aliases}"

    @contextmanager
    def once_more(self) -> Iterator[None]:
        """What is compiled meanwhile is another form of what was: it counts for nothing more."""
        conditions, self.conditions = self.conditions, 0
        with self.cost.inside(0):
            yield
        self.conditions = conditions

    def named(self, sql: str) -> str:
        """A position that a sub-select finds, once for the whole statement."""
        name = f"position_{len(self.moments) + 1}"
        self.moments.append(f"{name} AS MATERIALIZED ({sql})")
        return f"(SELECT position FROM {name})"

    def related(
        self, of: GraphQLOutputType, source: One | Many | Summed, rows: Rows, arguments: Arguments
    ) -> Related:
        """Other rows: a fresh alias, their FROM item and their condition."""
        if isinstance(source, Summed):
            return summed(self, of, source, rows, arguments)
        table = table_of(of)
        other = Rows(self.alias(), rows.moment)
        filling = rows.filling(arguments, other.alias)
        on = filling.fill(source.on)
        if source.rows is not None:
            return Related(other, f"LATERAL {filling.fill(source.rows)} AS {other.alias}", on)
        item = f"{filling.fill(table.rows)} AS {other.alias}"
        return Related(other, item, f"{on} AND {filling.kept(other.alias, table.rows, table.time)}")

    def _one(
        self,
        source: One | Summed,
        definition: GraphQLField,
        nodes: list[FieldNode],
        rows: Rows,
        arguments: Arguments,
    ) -> str:
        if isinstance(source, One):
            self.parameters.asked.extend(
                arguments.getter(name) for name in source.asks if not arguments.is_null(name)
            )
            self.parameters.checks.append(arguments.in_order(source.rising))
            self.cost.add(source.weight)
        other = self.related(definition.type, source, rows, arguments)
        type_ = object_type(definition.type)
        keyed = self.fields.under(type_, nodes)
        text = self._row(type_, keyed, other.rows)
        written = text.sql()
        other = other.read_by(written, *other.rows.joins)
        rows.joins.append(f"LEFT JOIN {other.item} ON {other.condition}")
        rows.joins.extend(other.rows.joins)
        if is_non_null_type(definition.type):
            return written
        if _tells_absence(type_, keyed):
            return f"coalesce({text.strict()}, 'null')"
        present = f"{other.rows.alias}.{columns(table_of(definition.type).key)[0]}"
        return f"CASE WHEN {present} IS NOT NULL THEN {written} ELSE 'null' END"

    def _list(
        self,
        source: Many,
        definition: GraphQLField,
        nodes: list[FieldNode],
        rows: Rows,
        arguments: Arguments,
    ) -> str:
        other = self.related(definition.type, source, rows, arguments)
        with self.cost.inside(MANY):
            written = self.object(node_type(definition.type), nodes, other.rows)
        keys = columns(source.order or table_of(definition.type).key)
        order = ", ".join(f"{other.rows.alias}.{key}" for key in keys)
        texts = f"string_agg({written}, ',' ORDER BY {order})"
        return f"(SELECT concat('[', {texts}, ']') {other.where()})"

    def _as_of(
        self,
        source: AsOf,
        definition: GraphQLField,
        nodes: list[FieldNode],
        rows: Rows,
        arguments: Arguments,
    ) -> str:
        if source.at is None:
            moved = replace(rows, moment=moment_of(self, rows.moment, arguments), joins=[])
        else:
            moved = self._moved(rows, source.at, arguments)
        written = self.object(object_type(definition.type), nodes, moved)
        rows.joins.extend(moved.joins)
        return written

    def _moved(self, rows: Rows, at: str | None, arguments: Arguments) -> Rows:
        """The same rows at a position that they name themselves."""
        if at is None:
            return rows
        position = rows.filling(arguments).fill(at)
        return replace(
            rows, moment=Moment(position, rows.moment.effective, is_of_row=True), joins=[]
        )


def _tells_absence(type_: GraphQLObjectType, keyed: dict[str, list[FieldNode]]) -> bool:
    """Whether these fields are columns, one of them never null unless the row is not there.

    Then the text itself says whether there is a row: a tenth less time than to ask a key for it.
    """
    found = [
        type_.fields[each[0].name.value]
        for each in keyed.values()
        if each[0].name.value != "__typename"
    ]
    return all(isinstance(source_of(each), Column) for each in found) and any(
        is_non_null_type(each.type) for each in found
    )
