"""What a client gave for an argument, written in the document, in a variable, or partly in both.

An `Input` knows its structure when the plan is made, and how to read each of its leaves from the
variables of a request.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, cast

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
    value_from_ast,
)

from schema.planner.given import LEAF, LIST, Given, Shape, Structural, Variables, shape_of

Getter: TypeAlias = Callable[[Variables], object]


@dataclass(frozen=True, slots=True)
class Input:
    """One value. Null, a leaf, an object with `fields`, or a list with `items`."""

    of: GraphQLInputType
    read: Getter
    is_null: bool = False
    said: str | None = None
    """A value that shapes the plan: a member of a structural enum, `True` or `False`."""
    is_constant: bool = False
    """Whether no request changes it."""
    fields: Mapping[str, "Input"] = field(default_factory=dict)
    items: tuple["Input", ...] = ()


def constant(of: GraphQLInputType, value: object) -> Input:
    """A value that no request changes."""
    return replace(_shaped(of, shape_of(value), lambda _: value), is_constant=True)


def variable(of: GraphQLInputType, name: str, given: Given) -> Input:
    """The value of a variable that has one."""
    return _shaped(of, given.shape(name), lambda variables: variables.get(name))


def written(of: GraphQLInputType, node: ValueNode, given: Given) -> Input:
    """A value that is written in the document, with or without variables inside."""
    match node:
        case NullValueNode():
            return Input(of, _null, is_null=True)
        case VariableNode():
            return variable(of, node.name.value, given)
        case _ if is_list_type(get_nullable_type(of)) and _has_structure(of):
            return _list(of, node, given)
        case ObjectValueNode() if is_input_object_type(get_named_type(of)):
            return _object(_object_type(of), node, given)
        case BooleanValueNode(value=value):
            return Input(of, lambda _: value, said=str(bool(value)))
        case EnumValueNode():
            return constant(of, value_from_ast(node, of))
        case _ if _has_variables(node):
            return Input(of, lambda variables: value_from_ast(node, of, dict(variables)))
        case _:
            return constant(of, value_from_ast(node, of))


def _list(of: GraphQLInputType, node: ValueNode, given: Given) -> Input:
    """A list that shapes the plan; one item may stand for a list of one (GraphQL §3.11)."""
    inner = get_nullable_type(of).of_type  # type: ignore[union-attr]
    nodes = node.values if isinstance(node, ListValueNode) else (node,)
    items = tuple(written(inner, each, given) for each in nodes)
    return Input(of, lambda variables: [each.read(variables) for each in items], items=items)


def _object(of: GraphQLInputObjectType, node: ObjectValueNode, given: Given) -> Input:
    """The fields that are there: a variable that was not sent leaves its field out."""
    found: dict[str, Input] = {}
    for each in node.fields:
        name, value = each.name.value, each.value
        if not given.is_unsent(value):
            found[name] = written(of.fields[name].type, value, given)
    for name, definition in of.fields.items():
        if name not in found and definition.default_value not in {None, Undefined}:
            found[name] = constant(definition.type, definition.default_value)

    def read(variables: Variables) -> object:
        return {name: each.read(variables) for name, each in found.items()}

    return Input(of, read, fields=found)


def _shaped(of: GraphQLInputType, shape: Shape, read: Getter) -> Input:
    """A value of which the shape is known."""
    match shape:
        case None:
            return Input(of, read, is_null=True)
        case str():
            return Input(of, read, said=None if shape == LEAF else shape)
        case (kind, *parts):
            return _items(of, parts, read) if kind == LIST else _fields(of, parts, read)
        case _:
            raise AssertionError(shape)


def _items(of: GraphQLInputType, parts: list[object], read: Getter) -> Input:
    inner = get_nullable_type(of).of_type  # type: ignore[union-attr]
    items = tuple(
        _shaped(inner, cast("Shape", part), _step(read, number))
        for number, part in enumerate(parts)
    )
    return Input(of, read, items=items)


def _fields(of: GraphQLInputType, parts: list[object], read: Getter) -> Input:
    types = _object_type(of).fields
    named = cast("list[tuple[str, Shape]]", parts)
    found = {name: _shaped(types[name].type, each, _step(read, name)) for name, each in named}
    return Input(of, read, fields=found)


def _step(read: Getter, key: str | int) -> Getter:
    return lambda variables: read(variables)[key]  # type: ignore[index]


def _object_type(of: GraphQLInputType) -> GraphQLInputObjectType:
    return cast("GraphQLInputObjectType", get_named_type(of))


def _null(_: Variables) -> None:
    return None


def _has_structure(of: GraphQLInputType) -> bool:
    """Whether the items of a list shape the plan: objects, and members of structural enums."""
    named = get_named_type(of)
    return is_input_object_type(named) or is_structural(named)


def is_structural(named: object) -> bool:
    """Whether a GraphQL enum's members shape the plan."""
    from_python = getattr(named, "extensions", {}).get("strawberry-definition")
    return issubclass(getattr(from_python, "wrapped_cls", object), Structural)


def _has_variables(node: ValueNode) -> bool:
    match node:
        case VariableNode():
            return True
        case ListValueNode():
            return any(map(_has_variables, node.values))
        case ObjectValueNode():
            return any(_has_variables(each.value) for each in node.fields)
        case _:
            return False
