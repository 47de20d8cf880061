"""A question that was put before is known by its text: parsed, allowed, ready to be planned."""

import hashlib
from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    validate,
    visit,
)

from schema.http.refusals import RefusedError, refusal
from schema.http.settings import Settings
from schema.http.variables import Coercion
from schema.http.withheld import of_document
from schema.planner.document import DOCUMENT_BYTES_MAX, Documents, Prepared
from schema.planner.recent import Recent
from schema.planner.run import Plan
from schema.planner.scope import Scope

QUESTIONS_MAX = 1_000
TAG_BYTES = 9


class Question:
    """One operation of one document."""

    __slots__ = (
        "_digest",
        "_documents",
        "_ones",
        "_prepared",
        "coerce",
        "document",
        "inner_variables",
        "kind",
        "operation",
        "source",
    )

    def __init__(
        self,
        source: str,
        prepared: Prepared,
        operation: OperationDefinitionNode,
        documents: Documents,
        *,
        hide_suggestions: bool,
    ) -> None:
        assert prepared.document is not None  # noqa: S101 - it has no errors
        self.source = source
        self.document: DocumentNode = prepared.document
        self.operation = operation
        self.kind: OperationType = operation.operation
        self.inner_variables = _inner_variables(self.document, operation)
        """Those that an answer depends on, given what the root fields say."""
        self.coerce = Coercion(documents.schema, operation, hide_suggestions=hide_suggestions)
        self._documents, self._prepared = documents, prepared
        self._ones: dict[Scope, Plan | None] = {}
        """Where no variable can change the plan, it is looked up once for a scope."""
        name = operation.name.value if operation.name else ""
        text = f"{name}\0{source}".encode(errors="surrogatepass")
        self._digest = hashlib.blake2b(text, digest_size=TAG_BYTES)

    def plan(self, variables: Mapping[str, Any], scope: Scope) -> Plan | None:
        """The plan for these variables, or None: the executor answers."""
        if scope in self._ones:
            return self._ones[scope]
        plan = self._documents.plan(self._prepared, self.operation, variables, scope)
        if self.coerce.is_plain and not self._prepared.sizes:
            self._ones[scope] = plan
        return plan

    def tag(self, variables: Mapping[str, Any], day: str) -> bytes:
        """The same for the same question in every process: what its ETag ends with."""
        if not variables and not day:
            return self._digest.hexdigest().encode()
        digest = self._digest.copy()
        digest.update(f"{variables!r}\0{day}".encode(errors="surrogatepass"))
        return digest.hexdigest().encode()


class Questions:
    """The questions of one process, the last ones first."""

    def __init__(self, schema: GraphQLSchema, settings: Settings) -> None:
        self._is_open = settings.introspection
        self._documents = Documents(schema, hide_suggestions=not settings.introspection)
        self._known = Recent[Question](QUESTIONS_MAX, DOCUMENT_BYTES_MAX)

    def recall(self, source: str, name: str | None) -> Question | None:
        """The question, if it was put before."""
        return self._known.recall(_key(source, name))

    def admit_values(self, variables: Mapping[str, object]) -> None:
        """Refuse variables beyond a limit."""
        self._documents.admit_values(variables)

    async def admit(self, source: str, name: str | None) -> Question:
        """A question that is new, or a refusal of its document."""
        prepared = await self._documents.admit(source)
        known = self.recall(source, name)
        if known is not None:  # somebody else put it meanwhile: those who share it share answers
            return known
        if prepared.errors or prepared.document is None:
            raise RefusedError(of_document(self._documents.schema, prepared.errors))
        if not self._is_open:
            self._closed(prepared.document)
        question = self._question(source, name, prepared)
        self._known.keep(_key(source, name), question)
        return question

    def _question(self, source: str, name: str | None, prepared: Prepared) -> Question:
        operation = prepared.operation(name)
        if operation is None:
            raise _no_operation(name)
        hide = not self._is_open
        return Question(source, prepared, operation, self._documents, hide_suggestions=hide)

    def _closed(self, document: DocumentNode) -> None:
        """`__schema` and `__type` are not answered here; the SDL is published as a file."""
        schema = self._documents.schema
        if validate(schema, document, [NoSchemaIntrospectionCustomRule], max_errors=1):
            raise refusal(
                "INTROSPECTION_OFF",
                "Introspection is off here; the schema is published at /schema.graphql.",
                "Không cho phép introspection; lược đồ có tại /schema.graphql.",
            )


class _Variables(Visitor):
    """Gathers the names of the variables in a piece of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.names.add(node.name.value)


def _inner_variables(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """Of everything but the arguments of the root fields."""
    found = _Variables()
    for each in operation.selection_set.selections:
        if isinstance(each, FieldNode):
            for part in (each.selection_set, *(each.directives or ())):
                if part is not None:
                    visit(part, found)
        else:
            visit(each, found)
    for definition in document.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            visit(definition, found)
    return tuple(sorted(found.names))


def _key(source: str, name: str | None) -> str:
    return source if name is None else f"{name}\0{source}"


def _no_operation(name: str | None) -> RefusedError:
    if name is None:
        return refusal(
            "NO_OPERATION",
            "Say which operation of the document to run.",
            "Cần nêu thao tác nào trong tài liệu.",
        )
    return refusal(
        "NO_OPERATION",
        f"The document has no operation named {name!r}.",
        f"Tài liệu không có thao tác tên {name!r}.",
        operation=name,
    )
