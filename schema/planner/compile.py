"""A selection becomes one SQL expression whose value is the JSON text of the answer.

Real joins for to-one, scalar sub-selects for to-many, `concat` for the text: the forms that won
when measured. `Compiler.root` is the entry; `_of` is the one place where a source is chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from schema.planner.arguments import Arguments, Parameters
from schema.planner.asof import moment_of
from schema.planner.connection import page
from schema.planner.fields import Fields
from schema.planner.render import quoted, scalar, written_object
from schema.planner.rows import (
    NotPlannedError,
    Rows,
    columns,
    node_condition,
    node_prefix,
    object_type,
    table_of,
)
from schema.planner.source import (
    AsOf,
    ByNodeId,
    Column,
    Document,
    Expression,
    Many,
    One,
    Source,
    source_of,
)
from schema.planner.template import fill


@dataclass(slots=True)
class Compiler:
    """Compiles one operation, or one field of it, for one set of switches."""

    schema: GraphQLSchema
    fields: Fields
    parameters: Parameters = field(default_factory=Parameters)
    moments: list[str] = field(default_factory=list)
    """Common table expressions, one for each `asOf`."""
    aliases: int = 0

    def root(self, type_: GraphQLObjectType, keyed: dict[str, list[FieldNode]], rows: Rows) -> str:
        """The JSON object of these fields of a root type."""
        return written_object(type_.name, keyed, lambda nodes: self.field(type_, nodes, rows))

    def object(self, type_: GraphQLObjectType, nodes: Sequence[FieldNode], rows: Rows) -> str:
        """The JSON object of a row."""
        return self.root(type_, self.fields.of(type_, [n.selection_set for n in nodes]), rows)

    def field(self, type_: GraphQLObjectType, nodes: list[FieldNode], rows: Rows) -> str:
        """The JSON text of one field."""
        definition = type_.fields.get(nodes[0].name.value)
        if definition is None:
            raise NotPlannedError(nodes[0].name.value)
        strawberry = definition.extensions.get("strawberry-definition")
        source = source_of(strawberry)
        if source is None:
            raise NotPlannedError(f"{type_.name}.{nodes[0].name.value}")
        name = getattr(strawberry, "python_name", nodes[0].name.value)
        return self._of(source, name, definition, nodes, rows)

    def _of(
        self,
        source: Source,
        name: str,
        definition: GraphQLField,
        nodes: list[FieldNode],
        rows: Rows,
    ) -> str:
        arguments = Arguments.of(nodes[0], definition, self.parameters, self.fields.given)
        match source:
            case Column(name=column):
                return scalar(definition.type, f"{rows.alias}.{column or name}")
            case Expression(sql=sql):
                filled = fill(sql, here=rows.alias, moment=rows.moment, arguments=arguments)
                return scalar(definition.type, filled)
            case One():
                return self._one(source, definition, nodes, rows, arguments)
            case Many():
                return self._many(source, definition, nodes, rows, arguments)
            case Document(path=path):
                base = rows.document()
                for step in path or (nodes[0].name.value,):
                    base = f"{base}->{quoted(step)}"
                return self._document(definition.type, base, nodes, rows)
            case AsOf():
                return self._as_of(definition, nodes, rows, arguments)
            case ByNodeId():
                return self._by_node_id(definition, nodes, rows, arguments)

    def related(
        self, of: GraphQLOutputType, source: One | Many, rows: Rows, arguments: Arguments
    ) -> tuple[Rows, str, str]:
        """A fresh alias for the related rows, their FROM item and their condition."""
        table = table_of(of)
        self.aliases += 1
        other = Rows(f"t{self.aliases}", rows.moment)

        def filled(sql: str) -> str:
            return fill(
                sql,  # type: ignore[arg-type]
                here=rows.alias,
                other=other.alias,
                moment=rows.moment,
                arguments=arguments,
            )

        if source.rows is not None:
            return other, f"LATERAL {filled(source.rows)} AS {other.alias}", filled(source.on)
        kept = rows.moment.keeps(other.alias, table.time)
        return other, f"{filled(table.rows)} AS {other.alias}", f"{filled(source.on)} AND {kept}"

    def _one(
        self,
        source: One,
        definition: GraphQLField,
        nodes: list[FieldNode],
        rows: Rows,
        arguments: Arguments,
    ) -> str:
        other, item, condition = self.related(definition.type, source, rows, arguments)
        rows.joins.append(f"LEFT JOIN {item} ON {condition}")
        written = self.object(object_type(definition.type), nodes, other)
        rows.joins.extend(other.joins)
        if is_non_null_type(definition.type):
            return written
        present = f"{other.alias}.{columns(table_of(definition.type).key)[0]}"
        return f"CASE WHEN {present} IS NOT NULL THEN {written} ELSE 'null' END"

    def _many(
        self,
        source: Many,
        definition: GraphQLField,
        nodes: list[FieldNode],
        rows: Rows,
        arguments: Arguments,
    ) -> str:
        if not is_list_type(getattr(definition.type, "of_type", definition.type)):
            return page(self, source, definition, nodes, rows, arguments)
        other, item, condition = self.related(definition.type, source, rows, arguments)
        written = self.object(object_type(definition.type), nodes, other)
        keys = columns(source.order or table_of(definition.type).key)
        order = ", ".join(f"{other.alias}.{key}" for key in keys)
        return (
            f"(SELECT concat('[', string_agg({written}, ',' ORDER BY {order}), ']')"
            f" FROM {item} {' '.join(other.joins)} WHERE {condition})"
        )

    def _document(
        self, of: GraphQLOutputType, base: str, nodes: list[FieldNode], rows: Rows
    ) -> str:
        """JSON that is already recorded: its text, or the selected parts of it."""
        named = get_named_type(of)
        if is_list_type(getattr(of, "of_type", of)) and isinstance(named, GraphQLObjectType):
            self.aliases += 1
            item = f"t{self.aliases}"
            written = self._parts(named, f"{item}.value", nodes, rows)
            return (
                f"(SELECT concat('[', string_agg({written}, ',' ORDER BY {item}.n), ']') FROM"
                f" jsonb_array_elements({base}) WITH ORDINALITY AS {item}(value, n))"
            )
        if isinstance(named, GraphQLObjectType):
            written = self._parts(named, f"({base})", nodes, rows)
            return f"CASE WHEN jsonb_typeof({base}) = 'object' THEN {written} ELSE 'null' END"
        if isinstance(named, GraphQLUnionType):
            arms = " ".join(
                f"WHEN {quoted(each.name)} THEN {self._parts(each, f'({base})', nodes, rows)}"
                for each in self.schema.get_possible_types(named)
            )
            return f"CASE {rows.alias}.type {arms} END"
        return f"coalesce(({base})::text, 'null')"

    def _parts(
        self, type_: GraphQLObjectType, base: str, nodes: list[FieldNode], rows: Rows
    ) -> str:
        def part(inner: list[FieldNode]) -> str:
            name = inner[0].name.value
            return self._document(type_.fields[name].type, f"{base}->{quoted(name)}", inner, rows)

        keyed = self.fields.of(type_, [node.selection_set for node in nodes])
        return written_object(type_.name, keyed, part)

    def _as_of(
        self, definition: GraphQLField, nodes: list[FieldNode], rows: Rows, arguments: Arguments
    ) -> str:
        moved = replace(rows, moment=moment_of(self, rows.moment, arguments), joins=[])
        written = self.object(object_type(definition.type), nodes, moved)
        rows.joins.extend(moved.joins)
        return written

    def _by_node_id(
        self, definition: GraphQLField, nodes: list[FieldNode], rows: Rows, arguments: Arguments
    ) -> str:
        """One sub-select for each type of Node; the prefix of the identity lets one of them run."""
        wanted = arguments.parameter("id", "text")
        node = get_named_type(definition.type)
        if not isinstance(node, GraphQLInterfaceType):
            raise NotPlannedError(node.name)
        found = []
        for type_ in self.schema.get_possible_types(node):
            source = One(on=node_condition(type_))
            other, item, condition = self.related(type_, source, rows, arguments)
            written = self.object(type_, nodes, other)
            prefix = f"{node_prefix(type_)}-"
            found.append(
                f"(SELECT {written} FROM {item} {' '.join(other.joins)}"
                f" WHERE starts_with({wanted}, {quoted(prefix)}) AND {condition})"
            )
        return f"coalesce({', '.join(found)}, 'null')"
