"""A plan: one statement, how to fill its parameters, and how to run it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)

from schema.planner.arguments import Given, Parameters, Variables
from schema.planner.compile import Compiler
from schema.planner.fields import Fields
from schema.planner.moment import Moment
from schema.planner.refusals import QueryRefusedError
from schema.planner.rows import NotPlannedError, Rows

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


@dataclass(frozen=True, slots=True)
class Plan:
    """One SQL statement that answers a document, or one root field of it."""

    statement: str
    parameters: Parameters

    async def run(self, connection: Connection, variables: Variables) -> Answer:
        """Check, fill in, ask."""
        for check in self.parameters.checks:
            check(variables)
        values = [read(variables) for read in self.parameters.getters]
        row = await connection.fetchrow(self.statement, *values)
        self._within(row["position"], variables)
        return Answer(_whole(row), row["position"])

    def _within(self, head: int, variables: Variables) -> None:
        """A position that the read models have not reached has no answer yet."""
        for read in self.parameters.asked:
            asked = read(variables)
            if isinstance(asked, int) and asked > head:
                code = "POSITION_AHEAD"
                raise QueryRefusedError(
                    code,
                    f"Position {asked} was asked for; the ledger's read models stand at {head}.",
                    f"Vị trí {asked} chưa có; sổ cái đang ở vị trí {head}.",
                    asked=asked,
                    head=head,
                )


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
    question = f"{written} AS answer FROM moment {' '.join(rows.joins)}"
    asked = f"SELECT moment.position, ({_stopped(question)}) AS stopped, {question}"
    before = ["moment AS MATERIALIZED (SELECT position FROM model.moment)", *compiler.moments]
    unread = compiler.parameters.unread(" ".join((*before, asked)))
    if unread:
        before.append(f"unread AS (SELECT {', '.join(unread)})")
    statement = f"WITH {', '.join(before)} {asked}"
    return Plan(statement, compiler.parameters)


def _stopped(question: str) -> str:
    """Which of the read models behind this question have stopped."""
    names = ", ".join(f"'{name}'" for name in sorted(set(_MODEL.findall(question)))) or "''"
    return (
        "SELECT array_agg(p.name::text ORDER BY p.name) FROM model.projection AS p"
        f" WHERE p.state <> 'LIVE' AND p.name IN ({names})"
    )


def _whole(row: Mapping[str, Any]) -> str:
    """The answer, unless a read model behind it has stopped."""
    if row["stopped"]:
        code = "READ_MODEL_STOPPED"
        names = ", ".join(row["stopped"])
        raise QueryRefusedError(
            code,
            f"These read models have stopped and cannot answer: {names}.",
            f"Các bảng tổng hợp sau đang dừng, chưa trả lời được: {names}.",
            stopped=list(row["stopped"]),
        )
    return row["answer"]
