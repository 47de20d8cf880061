"""Plans, made without a server: what a test of the planner's own rules looks at."""

from schema.planner.document import Documents
from schema.planner.given import given
from schema.planner.run import Plan, plan_operation
from schema.planner.scope import EVERYTHING, Scope
from schema.root import build

DOCUMENTS = Documents(build()._schema)


def plan_of(
    source: str, variables: dict[str, object] | None = None, scope: Scope = EVERYTHING
) -> Plan:
    """The plan of a document without fragments for these variables."""
    prepared = DOCUMENTS.prepare(source)
    operation = prepared.operation(None)
    assert operation, prepared.errors
    told = given(operation, variables or {}, scope)
    plan = plan_operation(DOCUMENTS.schema, operation, {}, told)
    assert plan, source
    return plan
