"""A document is read and planned once; a request is then a dictionary look-up.

    documents = Documents(schema)               # one in a process
    prepared = await documents.admit(source)    # a request; may be refused COLD_DOCUMENTS_BUSY
    prepared = documents.prepare(source)        # the same at once, without the gate
    if prepared.errors: ...                     # refused: over a limit, or not valid
    documents.admit_values(variables)           # of a request, before they are coerced
    plan = documents.plan(prepared, operation, coerced)

Reading goes from the cheap to the dear: recall, length, parse, limits, validate. What is read is
kept, what is refused as well but elsewhere, so that a flood of bad documents drives out no good
one. All that is kept is bounded in number and in bytes.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoFragmentCyclesRule,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)

from schema.planner.extent import admit, admit_values
from schema.planner.gate import Gate
from schema.planner.given import Given, Variables, given, sizes_of
from schema.planner.limits import Limits
from schema.planner.recent import Recent
from schema.planner.rules import together
from schema.planner.run import Plan, plan_operation
from schema.planner.scope import EVERYTHING, Scope

DOCUMENTS_MAX = 1_000
"""Documents kept; a client with more than that pays for parsing again."""
DOCUMENT_BYTES_MAX = 256 * 1024
"""Of their sources. A parsed document takes 60 times its source, 270 times at worst (measured)."""
REFUSED_MAX = 200
REFUSED_BYTES_MAX = 128 * 1024
"""Of refused sources. Only the source and the messages are kept of them."""
PLANS_MAX = 16
"""Plans kept for one document: one for each set of null variables and switches."""
PLANS_MORE_MAX = 1_000
"""Plans kept for all documents together, beside the first of each."""
ERRORS_MAX = 5
"""Mistakes named in one answer. Looking for what may have been meant costs 5 ms each at worst."""
LIMITS = Limits()


@dataclass(slots=True)
class Prepared:
    """A document that parsed and validated, or the errors it has."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    sizes: frozenset[str] = frozenset()
    """Variables that are lengths of pages."""
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
    """The documents that were read, their plans, and the way in for new ones."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        limits: Limits = LIMITS,
        rules: Collection[type[ASTValidationRule]] = (),
        hide_suggestions: bool = False,
    ) -> None:
        """`rules` come on top of the specified ones; hints at what was meant may be hidden."""
        self.schema = schema
        self._limits = limits
        self._rules = (together((*specified_rules, *rules)),)
        self._hide = hide_suggestions
        self._gate = Gate()
        self._kept = Recent[Prepared](DOCUMENTS_MAX, DOCUMENT_BYTES_MAX)
        self._refused = Recent[Prepared](REFUSED_MAX, REFUSED_BYTES_MAX)

    async def admit(self, source: str) -> Prepared:
        """Recall, or wait for a turn to read. Raises COLD_DOCUMENTS_BUSY when too many wait."""
        known = self.recall(source)
        if known is not None:
            return known
        async with self._gate.turn():
            return self.prepare(source)

    def prepare(self, source: str) -> Prepared:
        """Recall, or read at once."""
        known = self.recall(source)
        if known is not None:
            return known
        prepared = self._read(source)
        (self._refused if prepared.errors else self._kept).keep(source, prepared)
        return prepared

    def recall(self, source: str) -> Prepared | None:
        """A document that was read before, or refused before."""
        return self._kept.recall(source) or self._refused.recall(source)

    def admit_values(self, variables: Mapping[str, object]) -> None:
        """Refuse variables beyond a limit; coercing them is recursive."""
        admit_values(variables, self._limits)

    def plan(
        self,
        prepared: Prepared,
        operation: OperationDefinitionNode,
        variables: Variables,
        scope: Scope = EVERYTHING,
    ) -> Plan | None:
        """The plan of a read, or None: the executor answers it."""
        if prepared.document is None or operation.operation is not OperationType.QUERY:
            return None
        shape = given(operation, variables, scope, prepared.sizes)
        key = (operation.name.value if operation.name else None, shape)
        if key in prepared.plans:
            prepared.plans.move_to_end(key)
            return prepared.plans[key]
        fragments = {
            each.name.value: each
            for each in prepared.document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        plan = prepared.plans[key] = plan_operation(self.schema, operation, fragments, key[1])
        if len(prepared.plans) > PLANS_MAX:
            prepared.plans.popitem(last=False)
        if len(prepared.plans) > 1:
            while sum(len(each.plans) - 1 for each in self._kept if each.plans) > PLANS_MORE_MAX:
                self._kept.forget_oldest()
        return plan

    def _read(self, source: str) -> Prepared:
        try:
            self._limits.characters.hold(len(source))
            document = self._parsed(source)
            whole = admit(document, self._limits)
        except GraphQLError as refused:
            return Prepared(None, (refused,))
        errors = () if whole else self._validated(document, (NoFragmentCyclesRule,))
        errors = errors or self._validated(document, self._rules)
        return Prepared(None, errors) if errors else Prepared(document, sizes=sizes_of(document))

    def _parsed(self, source: str) -> DocumentNode:
        most = self._limits.tokens.most
        try:
            return parse(source, max_tokens=most)
        except GraphQLSyntaxError as error:
            if f"more than {most} tokens" in error.message:
                self._limits.tokens.hold(most + 1)  # reading stopped there
            raise

    def _validated(
        self, document: DocumentNode, rules: Collection[type[ASTValidationRule]]
    ) -> tuple[GraphQLError, ...]:
        """What is wrong. The errors keep their places, but let go of the parsed document."""
        found = validate(
            self.schema,
            document,
            rules,
            max_errors=ERRORS_MAX,
            hide_suggestions=self._hide,
        )
        return tuple(
            GraphQLError(each.message, source=each.source, positions=each.positions)
            for each in found
        )
