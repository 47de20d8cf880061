"""A document is parsed, validated and planned once; a request is then a dictionary look-up."""

from collections import OrderedDict
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)

from schema.planner.arguments import Given, Variables
from schema.planner.run import Plan, plan_operation

DOCUMENTS_MAX = 1_000
"""Documents kept; a client with more than that pays for parsing again."""
PLANS_MAX = 16
"""Plans kept for one document: one for each set of null variables and switches."""
TOKENS_MAX = 2_000
"""A longer document is refused while it is read: validation is quadratic at its worst."""


@dataclass(slots=True)
class Prepared:
    """A document that parsed and validated, or the errors it has."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    plans: OrderedDict[tuple[str | None, Given], Plan | None] = field(default_factory=OrderedDict)

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation to run, or None if the name does not settle it."""
        found = [
            each
            for each in (self.document.definitions if self.document else ())
            if isinstance(each, OperationDefinitionNode)
            and (name is None or (each.name and each.name.value == name))
        ]
        return found[0] if len(found) == 1 else None


class Documents:
    """The bounded cache of prepared documents and their plans."""

    def __init__(self, schema: GraphQLSchema, *, hide_suggestions: bool = False) -> None:
        self.schema = schema
        self._hide = hide_suggestions
        self._kept: OrderedDict[str, Prepared] = OrderedDict()

    def prepare(self, source: str) -> Prepared:
        """Parse and validate, or recall."""
        known = self._kept.get(source)
        if known is not None:
            self._kept.move_to_end(source)
            return known
        prepared = self._kept[source] = self._read(source)
        if len(self._kept) > DOCUMENTS_MAX:
            self._kept.popitem(last=False)
        return prepared

    def plan(
        self, prepared: Prepared, operation: OperationDefinitionNode, variables: Variables
    ) -> Plan | None:
        """The plan of a read, or None: the executor answers it."""
        if prepared.document is None or operation.operation is not OperationType.QUERY:
            return None
        key = (operation.name.value if operation.name else None, given(operation, variables))
        if key not in prepared.plans:
            fragments = {
                each.name.value: each
                for each in prepared.document.definitions
                if isinstance(each, FragmentDefinitionNode)
            }
            prepared.plans[key] = plan_operation(self.schema, operation, fragments, key[1])
            if len(prepared.plans) > PLANS_MAX:
                prepared.plans.popitem(last=False)
        return prepared.plans[key]

    def _read(self, source: str) -> Prepared:
        try:
            document = parse(source, max_tokens=TOKENS_MAX)
        except GraphQLError as error:
            return Prepared(None, (error,))
        return Prepared(
            document, tuple(validate(self.schema, document, hide_suggestions=self._hide))
        )


def given(operation: OperationDefinitionNode, variables: Variables) -> Given:
    """What of the variables decides the shape of a plan."""
    nullable = {
        each.variable.name.value
        for each in operation.variable_definitions or ()
        if not isinstance(each.type, NonNullTypeNode)
    }
    return Given(
        null=frozenset(name for name in nullable if variables.get(name) is None),
        switches=frozenset(
            each.variable.name.value
            for each in operation.variable_definitions or ()
            if variables.get(each.variable.name.value) is True
        ),
    )
