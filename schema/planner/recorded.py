"""JSON that is already recorded: its text, or the selected parts of it."""

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
    get_named_type,
    is_list_type,
)

from schema.planner.render import quoted, written_object
from schema.planner.rows import Compiles, Rows
from schema.planner.source import Document


def recorded(
    compiler: Compiles,
    source: Document,
    definition: GraphQLField,
    nodes: list[FieldNode],
    rows: Rows,
) -> str:
    """A part of the event's recorded JSON."""
    base = rows.document()
    for step in source.path or (nodes[0].name.value,):
        base = f"{base}->{quoted(step)}"
    return _value(compiler, definition.type, base, nodes, rows)


def _value(
    compiler: Compiles, of: GraphQLOutputType, base: str, nodes: list[FieldNode], rows: Rows
) -> str:
    named = get_named_type(of)
    if is_list_type(getattr(of, "of_type", of)) and isinstance(named, GraphQLObjectType):
        item = compiler.alias()
        written = _parts(compiler, named, f"{item}.value", nodes, rows)
        return (
            f"(SELECT concat('[', string_agg({written}, ',' ORDER BY {item}.n), ']') FROM"
            f" jsonb_array_elements({base}) WITH ORDINALITY AS {item}(value, n))"
        )
    if is_list_type(getattr(of, "of_type", of)):
        item = compiler.alias()  # the text of the list itself would have blanks in it
        return (
            f"CASE WHEN jsonb_typeof({base}) = 'array' THEN (SELECT concat('[', string_agg("
            f"{item}.value::text, ',' ORDER BY {item}.n), ']') FROM"
            f" jsonb_array_elements({base}) WITH ORDINALITY AS {item}(value, n)) ELSE 'null' END"
        )
    if isinstance(named, GraphQLObjectType):
        written = _parts(compiler, named, f"({base})", nodes, rows)
        return f"CASE WHEN jsonb_typeof({base}) = 'object' THEN {written} ELSE 'null' END"
    if isinstance(named, GraphQLUnionType):
        arms = " ".join(
            f"WHEN {quoted(each.name)} THEN {_parts(compiler, each, f'({base})', nodes, rows)}"
            for each in compiler.schema.get_possible_types(named)
        )
        return f"CASE {rows.alias}.type {arms} END"
    return f"coalesce(({base})::text, 'null')"


def _parts(
    compiler: Compiles, type_: GraphQLObjectType, base: str, nodes: list[FieldNode], rows: Rows
) -> str:
    def part(inner: list[FieldNode]) -> str:
        name = inner[0].name.value
        compiler.fields.given.scope.admit(type_.name, name)
        of = type_.fields[name].type
        return _value(compiler, of, f"{base}->{quoted(name)}", inner, rows)

    keyed = compiler.fields.under(type_, nodes)
    return written_object(type_.name, keyed, part).sql()
