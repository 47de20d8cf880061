"""Anything by its global identity (Relay: Global Object Identification)."""

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    get_named_type,
)

from schema.planner.arguments import Arguments
from schema.planner.given import Variables
from schema.planner.inputs import Getter
from schema.planner.render import quoted
from schema.planner.rows import (
    Compiles,
    NotPlannedError,
    Related,
    Rows,
    node_condition,
    node_prefix,
    table_of,
)


def node_by_id(
    compiler: Compiles,
    wanted: str,
    definition: GraphQLField,
    nodes: list[FieldNode],
    rows: Rows,
) -> str:
    """One sub-select for each type of Node; the prefix of the identity lets one of them run."""
    node = get_named_type(definition.type)
    if not isinstance(node, GraphQLInterfaceType):
        raise NotPlannedError(node.name)
    found = []
    for type_ in compiler.schema.get_possible_types(node):
        table, other = table_of(type_), Rows(compiler.alias(), rows.moment)
        filling = other.filling(compiler.arguments(None, definition), other.alias, wanted)
        item = f"{filling.fill(table.rows)} AS {other.alias}"
        kept = filling.kept(other.alias, table.rows, table.time)
        related = Related(other, item, f"{filling.fill(node_condition(type_))} AND {kept}")
        written = compiler.object(type_, nodes, other)
        is_one = f"starts_with({wanted}, {quoted(f'{node_prefix(type_)}-')})"
        found.append(f"(SELECT {written} {related.where(is_one)})")
    return f"coalesce({', '.join(found)}, 'null')"


def nodes_by_ids(
    compiler: Compiles,
    definition: GraphQLField,
    nodes: list[FieldNode],
    rows: Rows,
    arguments: Arguments,
) -> str:
    """One for each identity, in their order; null where there is none."""
    read = arguments.getter("ids")
    ids = arguments.parameters.add(read, "text[]")
    wanted = compiler.alias()
    with compiler.cost.inside(_length(read)):
        written = node_by_id(compiler, f"{wanted}.id", definition, nodes, rows)
    return (
        f"(SELECT concat('[', string_agg({written}, ',' ORDER BY {wanted}.n), ']')"
        f" FROM unnest({ids}) WITH ORDINALITY AS {wanted}(id, n))"
    )


def _length(read: Getter) -> Getter:
    def length(variables: Variables) -> int:
        ids = read(variables)
        return len(ids) if isinstance(ids, list) else 0

    return length
