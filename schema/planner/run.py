"""A plan: one statement, how to fill its parameters, and how to run it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)

from schema.planner.arguments import Parameters
from schema.planner.compile import Compiler
from schema.planner.cost import Cost, within
from schema.planner.fields import Fields
from schema.planner.given import Given, Variables
from schema.planner.moment import Moment
from schema.planner.refusals import QueryRefusedError
from schema.planner.rows import NotPlannedError, Rows
from schema.planner.template import TODAY

_MODEL = re.compile(r"\bmodel\.([a-z_]+)")


class Connection(Protocol):
    """What a plan needs of a database connection."""

    async def fetchrow(self, query: str, *args: object) -> Any:
        """One row."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON text of an answer, and the position it was computed at."""

    json: str
    position: int


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """One SQL statement that answers a document, or one root field of it.

    A request is `values` (checked, and the key of its answer beside the plan itself), then `run`.
    """

    statement: str
    parameters: Parameters
    terms: Cost
    models: frozenset[str]
    """The read models behind it."""
    is_fixed: bool
    """Whether the answer depends on the positions asked for alone: it never changes."""
    is_daily: bool
    """Whether the answer depends on which day it is in Vietnam."""

    def cost(self, variables: Variables) -> int:
        """What this request costs, in points."""
        return self.terms.of(variables)

    def awaits(self, variables: Variables) -> int | None:
        """The position that the read models must have reached before this request is run."""
        asked = [read(variables) for read in self.parameters.awaited]
        return max((each for each in asked if isinstance(each, int)), default=None)

    def values(self, variables: Variables) -> list[object]:
        """The parameters of this request, checked."""
        for check in self.parameters.checks:
            check(variables)
        within(self.cost(variables))
        return [read(variables) for read in self.parameters.getters]

    async def run(
        self, connection: Connection, values: Sequence[object], variables: Variables
    ) -> Answer:
        """Ask the database."""
        row = await connection.fetchrow(self.statement, *values)
        answer, position, stopped = row
        if stopped and not self.models.isdisjoint(stopped):
            raise _stopped(sorted(self.models.intersection(stopped)))
        for read in self.parameters.asked:
            _within(read(variables), position)
        return Answer(answer, position)


def _head(_: Parameters) -> Rows:
    """The one row of the moment: what `Query` stands on."""
    return Rows("moment", Moment())


def plan_operation(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    given: Given,
) -> Plan | None:
    """The plan of a whole query, or None where a part of it is the executor's business."""
    query = schema.query_type
    assert query is not None  # noqa: S101 - a schema has a query type
    fields = Fields(schema, fragments, given)
    try:
        return plan_fields(query, fields.of(query, [operation.selection_set]), fields)
    except NotPlannedError:
        return None


def plan_fields(
    type_: GraphQLObjectType,
    keyed: dict[str, list[FieldNode]],
    fields: Fields,
    over: Callable[[Parameters], Rows] = _head,
) -> Plan:
    """The plan of these fields of a root type, over the rows that it stands on."""
    compiler = Compiler(fields.schema, fields)
    rows = over(compiler.parameters)
    written = compiler.root(type_, keyed, rows)
    moments = "".join(f", {each}" for each in compiler.moments)
    question = f"FROM moment {' '.join(rows.joins)}"
    statement = (
        "WITH moment AS MATERIALIZED (SELECT position, stopped FROM model.moment)"
        f"{moments} SELECT {written} AS answer, moment.position, moment.stopped {question}"
    )
    return Plan(
        statement=compiler.parameters.settled(statement),
        parameters=compiler.parameters,
        terms=compiler.cost,
        models=frozenset(_MODEL.findall(statement)),
        is_fixed=not compiler.parameters.reads_head,
        is_daily=TODAY in statement,
    )


def _stopped(names: Sequence[str]) -> QueryRefusedError:
    told = ", ".join(names)
    return QueryRefusedError(
        "READ_MODEL_STOPPED",
        f"These read models have stopped and cannot answer: {told}.",
        f"Các bảng tổng hợp sau đang dừng, chưa trả lời được: {told}.",
        stopped=list(names),
    )


def _within(asked: object, head: int) -> None:
    """A position that the read models have not reached has no answer yet."""
    if isinstance(asked, int) and asked > head:
        raise QueryRefusedError(
            "POSITION_AHEAD",
            f"Position {asked} was asked for; the ledger's read models stand at {head}.",
            f"Vị trí {asked} chưa có; sổ cái đang ở vị trí {head}.",
            asked=asked,
            head=head,
        )
