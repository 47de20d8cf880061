"""The variables of one operation, coerced (GraphQL §6.1.2) with what can be known before.

graphql-core looks up the type of each variable at each request. Here that is done once for a
document; what is not as it should be is given to graphql-core, whose words the errors are.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from graphql import (
    GraphQLBoolean,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    is_leaf_type,
    is_non_null_type,
    is_scalar_type,
    type_from_ast,
    value_from_ast,
)
from graphql.execution.values import get_variable_values

from schema.http.refusals import RefusedError
from schema.http.withheld import of_variables

ERRORS_MAX = 20


class _Leaf(NamedTuple):
    name: str
    read: Callable[[Any], Any]
    """The scalar's or enum's own coercion."""
    is_required: bool
    default: object
    is_plain: bool
    """Never null, and neither an enum nor a switch."""


class Coercion:
    """How to read the variables of an operation."""

    __slots__ = ("_hide", "_leaves", "_operation", "_schema", "is_plain")

    def __init__(
        self, schema: GraphQLSchema, operation: OperationDefinitionNode, *, hide_suggestions: bool
    ) -> None:
        self._schema, self._operation, self._hide = schema, operation, hide_suggestions
        leaves = [_leaf(schema, each) for each in operation.variable_definitions or ()]
        self._leaves = None if None in leaves else [each for each in leaves if each]
        self.is_plain = all(each is not None and each.is_plain for each in leaves)
        """Every variable has a value, and none that could shape a statement."""

    def __call__(self, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values, or a refusal that names each variable at fault."""
        if self._leaves is None:
            return self._whole(sent)
        coerced: dict[str, Any] = {}
        for name, read, is_required, default, _ in self._leaves:
            value = sent.get(name, Undefined)
            if value is Undefined and default is not Undefined:
                coerced[name] = default
                continue
            if value is None or value is Undefined:
                if is_required:
                    return self._whole(sent)
                if value is None:
                    coerced[name] = None
                continue
            try:
                value = read(value)
            except Exception:  # noqa: BLE001 - graphql-core says what is wrong with it
                return self._whole(sent)
            if value is Undefined:
                return self._whole(sent)
            coerced[name] = value
        return coerced

    def _whole(self, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        definitions = self._operation.variable_definitions or ()
        found = get_variable_values(self._schema, definitions, dict(sent), ERRORS_MAX, self._hide)
        if isinstance(found, list):
            raise RefusedError(of_variables(self._schema, found, sent))
        return found.coerced


def _leaf(schema: GraphQLSchema, definition: VariableDefinitionNode) -> _Leaf | None:
    """How to read one variable, if it is a scalar or an enum."""
    of: Any = type_from_ast(schema, definition.type)
    inner = of.of_type if is_non_null_type(of) else of
    if not is_leaf_type(inner):
        return None
    written, default = definition.default_value, Undefined
    if written is not None:
        default = value_from_ast(written, of)
        if default is Undefined:
            return None
    is_required = is_non_null_type(of)
    is_plain = is_required and is_scalar_type(inner) and inner is not GraphQLBoolean
    name = definition.variable.name.value
    return _Leaf(name, inner.coerce_input_value, is_required, default, is_plain)
